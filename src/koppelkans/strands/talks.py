"""The talks before anybody coded them: how long they are, who spoke, which words come up, in which order to read them.

`documents` and `turns` are tidy tables (koppelkans.study.field_schemas). A talk without turns counts as one turn of
somebody unknown. Words are what stands between white space.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pandas as pd

from koppelkans.locale import N_
from koppelkans.locale.language import Number
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded import NO_PERMISSION
from koppelkans.strands.published import counted
from koppelkans.study.origin import carries_origin

ROLES = ("interviewer", "respondent", "unknown")
NO_WORDS_NAMED = Reason(N_("no words to look up are named; name them under words: in study.yml"))
NOT_FOUND = Reason(N_("none of the words that study.yml names comes up"))
_BESIDE = 60  # characters on each side of a word that is looked up
SHARE_READ_TWICE = 0.2
"""Of the talks, the part that a second coder reads as well, at least two."""


@carries_origin
def spoken(documents: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Return every turn: document, talk (its name), strand, role (ROLES), words (count), begins, ends (s), text.

    Talks of one name, such as number 1 of each group, have their strand behind it, and a number where that is the same.
    """
    columns = ["document", "talk", "strand", "role", "words", "begins", "ends", "text"]
    if documents.empty:
        return pd.DataFrame(columns=columns)
    named = documents[documents["text"] != ""]
    named = named.assign(talk=_names_apart(named))
    whole = named[~named["document"].isin(set(turns["document"]))]
    alone = whole[["document", "text"]].assign(role="unknown")
    every = pd.concat([turns[["document", "role", "begins", "ends", "text"]], alone], ignore_index=True)
    every = every.merge(named[["document", "talk", "strand"]], on="document")
    return every.assign(words=[len(str(text).split()) for text in every["text"]])[columns]


def _names_apart(documents: pd.DataFrame) -> pd.Series:
    names = documents["name"]
    names = names.mask(names.duplicated(keep=False), names + " (" + documents["strand"] + ")")
    number = names.groupby(names).cumcount() + 1
    return names.mask(names.duplicated(keep=False), names + " " + number.astype(str))


@carries_origin
def by_talk(said: pd.DataFrame) -> pd.DataFrame:
    """Count by talk, in the order of the data; `said` as `spoken` gives it.

    Columns: talk, strand, turns, words, one column of words for each of ROLES, minutes (from the first time to the
    last; NA without times).
    """
    columns = ["talk", "strand", "turns", "words", *ROLES, "minutes"]
    if said.empty:
        return pd.DataFrame(columns=columns)
    talks = said.groupby("document", sort=False)
    table = talks.agg(
        talk=("talk", "first"), strand=("strand", "first"), turns=("role", "size"), words=("words", "sum")
    )
    roles = said.pivot_table(index="document", columns="role", values="words", aggfunc="sum", fill_value=0)
    table = table.join(roles.reindex(columns=list(ROLES), fill_value=0))
    begins = pd.to_numeric(said["begins"]).groupby(said["document"]).min()
    ends = pd.to_numeric(said["ends"].fillna(said["begins"])).groupby(said["document"]).max()
    table["minutes"] = ((ends - begins) / 60).round(1).astype("Float64")
    return table.reset_index(drop=True)[columns]


@carries_origin
def word_counts(said: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame | Reason:
    """Count the words to look up, each once: word, times, talks, of_talks; a word counts in a longer one it begins too.

    What an interviewer says is left out, here and in `concordance`.
    """
    if not words:
        return NO_WORDS_NAMED
    places = _places(said, words)
    counts = places.groupby("word").agg(times=("talk", "size"), talks=("document", "nunique"))
    counts = counts.reindex(list(dict.fromkeys(words)), fill_value=0)
    return counts.reset_index(names="word").assign(of_talks=said["document"].nunique())


@carries_origin
def concordance(said: pd.DataFrame, words: Sequence[str], allowed: bool) -> pd.DataFrame | Reason:
    """Show each place of the words to look up: word, talk, before, found, after; or say why it is not shown."""
    if not words:
        return NO_WORDS_NAMED
    if not allowed:
        return NO_PERMISSION
    places = _places(said, words)
    return places[["word", "talk", "before", "found", "after"]] if len(places) else NOT_FOUND


def _places(said: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    residents, rows = said[said["role"] != "interviewer"], []
    for word in dict.fromkeys(words):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}\w*", re.IGNORECASE)
        for document, talk, text in residents[["document", "talk", "text"]].itertuples(index=False):
            line = " ".join(str(text).split())
            for match in pattern.finditer(line):
                before, after = line[: match.start()][-_BESIDE:], line[match.end() :][:_BESIDE]
                rows.append((word, document, talk, before.strip(), match[0], after.strip()))
    return pd.DataFrame(rows, columns=["word", "document", "talk", "before", "found", "after"])


@carries_origin
def reading_order(talks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Propose in which order to read and code the talks, and which a second coder reads too.

    By lot, since who reads from the first talk to the last learns on the first people alone; strand by strand in turn.
    Columns: place, talk, strand, words, second (yes for the first fifth, at least two; else ""). `talks` as `by_talk`.
    """
    columns = ["place", "talk", "strand", "words", "second"]
    if talks.empty:
        return pd.DataFrame(columns=columns)
    drawn = talks.sample(frac=1, random_state=seed)
    drawn = drawn.assign(turn=drawn.groupby("strand").cumcount()).sort_values(["turn", "strand"], kind="stable")
    twice = min(len(drawn), max(2, math.ceil(SHARE_READ_TWICE * len(drawn)))) if len(drawn) > 1 else 0
    drawn = drawn.reset_index(drop=True)
    return drawn.assign(place=drawn.index + 1, second=["yes" if n < twice else "" for n in range(len(drawn))])[columns]


def numbers(talks: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return how much was said, under the keys that the report uses; a dash for what is not known."""

    def count(value: float | None) -> Number:
        return counted(value, language)

    known = talks["minutes"].dropna() if len(talks) else talks["minutes"]
    with_speakers = talks[talks["unknown"] < talks["words"]] if len(talks) else talks
    words = int(with_speakers["words"].sum()) if len(with_speakers) else 0
    share = 100 * float(with_speakers["respondent"].sum()) / words if words else None
    return {
        "field_talks": count(len(talks) or None),
        "field_words": count(int(talks["words"].sum()) if len(talks) else None),
        "field_turns": count(int(with_speakers["turns"].sum()) if len(with_speakers) else None),
        "field_shortest": count(int(talks["words"].min()) if len(talks) else None),
        "field_longest": count(int(talks["words"].max()) if len(talks) else None),
        "field_minutes": count(float(known.sum()) if len(known) else None),
        "field_respondents_share": counted(share, language, 0, "%"),
    }
