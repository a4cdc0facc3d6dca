"""What of several studies cannot be set side by side, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from koppelkans.integration.neighbourhoods import HIDDEN, NAMED, Neighbourhood
from koppelkans.locale import N_

WHY = {
    "no-interviews": N_("no coded interviews of these people"),
    "no-answers": N_("no answers to a survey"),
    "own-strand": N_("a strand that no other study has"),
    "one-study": N_("looked for in one study alone, or under another name"),
    "own-question": N_("asked of these people in one study alone"),
    "kind": N_("the same name, another kind of question"),
    "wording": N_("the same name, asked in other words"),
    "options": N_("the same question, other answers to choose from"),
    "published": N_("printed in words: which themes, and what the words allow, but no counts; what is not printed may "
                    "still have been said"),
    "synthetic": N_("made up by software: says nothing of people, and is never pooled with the others"),
    "minimum": N_("groups of few people are hidden; the smallest that is shown differs between studies"),
    "hidden": N_("numbers of few people are hidden, so these answers and themes are not pooled"),
    "weighted": N_("weighted, or counted on another base, in its own report; here not weighted, of who answered"),
    "one-coder": N_("agreement needs two coders who read the same interviews"),
    "few": N_("fewer than three studies of this origin: nothing to pool"),
}  # fmt: skip
_WEIGHING = ("weight", "base")


def not_comparable(studies: Sequence[Neighbourhood], themes: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Say what is not comparable: what (a key of a kind: strand:..., question:..., study, themes:...), studies, why.

    `themes` as `compared_themes.side_by_side` gives it, `questions` as `compared_answers.asked`. `studies` is a list of
    keys, `why` a key of WHY, `n` how many themes or questions a line stands for.
    """
    rows = [
        *_of_studies(studies),
        *_of_strands(studies),
        *_of_themes(themes),
        *_of_questions(questions),
    ]
    return pd.DataFrame(rows, columns=["what", "studies", "why", "n"])


def _of_studies(studies: Sequence[Neighbourhood]) -> Iterator[tuple[str, list[str], str, int]]:
    by_origin = {origin: [one.key for one in studies if one.origin == origin] for origin in ("published", "synthetic")}
    if by_origin["published"]:
        yield "study", by_origin["published"], "published", 1
    if by_origin["synthetic"] and len(by_origin["synthetic"]) < len(studies):
        yield "study", by_origin["synthetic"], "synthetic", 1
    for origin in ("collected", "synthetic"):
        own = [one.key for one in studies if one.origin == origin]
        if 0 < len(own) < 3:
            yield "pooling", own, "few", 1
    minima = {one.minimum for one in studies if one.origin != "published"}
    if len(minima) > 1:
        yield "study", [one.key for one in studies if one.minimum > 1], "minimum", 1
    hiding = [
        one.key for one in studies if (one.themes["state"] == HIDDEN).any() or (one.choices["hidden"] != "").any()
    ]
    if hiding:
        yield "pooling", hiding, "hidden", 1
    weighing = [one.key for one in studies if any(one.settings.get(key) for key in _WEIGHING) and len(one.choices)]
    if weighing:
        yield "answers", weighing, "weighted", 1
    alone = [one.key for one in studies if one.interviewed and one.agreement.empty]
    if alone:
        yield "agreement", alone, "one-coder", 1


def _of_strands(studies: Sequence[Neighbourhood]) -> Iterator[tuple[str, list[str], str, int]]:
    having = {
        one.key: {*one.themes["strand"], *one.choices["strand"]} for one in studies
    }  # a strand that is only named in study.yml is none
    for strand in dict.fromkeys(key for own in having.values() for key in sorted(own)):
        who = [key for key, own in having.items() if strand in own]
        if len(who) == 1:
            yield f"strand:{strand}", who, "own-strand", 1
            continue
        without = [one.key for one in studies if strand not in set(one.themes["strand"])]
        if without and len(without) < len(studies):
            yield f"strand:{strand}", without, "no-interviews", 1
    without = [one.key for one in studies if one.choices.empty]
    if 0 < len(without) < len(studies):
        yield "answers", without, "no-answers", 1


def _of_themes(themes: pd.DataFrame) -> Iterator[tuple[str, list[str], str, int]]:
    looked_for = themes[themes["state"].isin(("present", HIDDEN, "absent", NAMED))]
    per_theme = looked_for.groupby(["strand", "theme"], sort=False)["study"].agg(list)
    alone = per_theme[per_theme.map(len) == 1].map(lambda studies: studies[0])
    shared = looked_for.groupby("strand")["study"].nunique()
    for strand, own in alone.groupby("strand", sort=False):
        if shared[strand] > 1:
            yield f"themes:{strand}", list(dict.fromkeys(own)), "one-study", len(own)


def _of_questions(questions: pd.DataFrame) -> Iterator[tuple[str, list[str], str, int]]:
    alone = questions[(questions["studies"] == 1)]
    differing = alone[alone["same"] != ""]
    for (question, same), own in differing.groupby(["question", "same"], sort=False):
        yield f"question:{question}", list(dict.fromkeys(own["study"])), str(same), 1
    own = alone[alone["same"] == ""]
    if len(own):
        yield "questions", list(dict.fromkeys(own["study"])), "own-question", len(own)
