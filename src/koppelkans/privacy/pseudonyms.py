"""Pseudonyms for people, and the replacing of words in a text with the coding offsets moved along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

_ALREADY = re.compile(
    r"(?:respondent|resp|r|p|participant|deelnemer|interview|int|casus|case|huurder|eigenaar|bewoner|id|nr|coder)?"
    r"[-_ .]?\d{1,5}[a-z]?",
    re.IGNORECASE,
)


def is_pseudonym(name: str) -> bool:
    """Tell whether a name is a number or a word for a role with a number, such as "R03" or "huurder 12"."""
    return bool(_ALREADY.fullmatch(name.strip()))


def pseudonyms(names: Iterable[str], prefix: str, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a pseudonym for every name.

    Names that are one already stay; those in `known` keep what they had; others get `prefix` and the next free number,
    in alphabetical order. No two names get the same.
    """
    wanted = sorted({name for name in names if name})
    given = {name: known[name] for name in wanted if known and name in known}
    given |= {name: name for name in wanted if name not in given and is_pseudonym(name)}
    taken = {*given.values(), *(known or {}).values()}
    number = 0
    for name in wanted:
        if name in given:
            continue
        while (candidate := f"{prefix}{(number := number + 1):02d}") in taken:
            pass
        given[name] = candidate
        taken.add(candidate)
    return given


def replaced(text: str, spans: pd.DataFrame) -> tuple[str, list[tuple[int, int, int, int]]]:
    """Replace parts of a text.

    `spans`: start, end (code points, end exclusive, apart from one another), replacement. Returns the new text and the
    edits as (old start, old end, new start, new end), in order. Raises ValueError where spans overlap.
    """
    parts, edits, at, length = [], [], 0, 0
    for start, end, new in spans.sort_values("start")[["start", "end", "replacement"]].itertuples(index=False):
        if start < at:
            raise ValueError(f"the parts to replace overlap at character {start}")
        parts += [text[at:start], new]
        length += start - at
        edits.append((int(start), int(end), length, length + len(new)))
        length += len(new)
        at = end
    return "".join([*parts, text[at:]]), edits


def moved(offset: int, edits: list[tuple[int, int, int, int]], is_end: bool) -> int:
    """Return where an offset of the old text is in the new one.

    An offset within a part that was replaced goes to that part's edge: a start to its start, an end to its end, so that
    a coding which held some of the words holds all of what stands there now.
    """
    shift = 0
    for old_start, old_end, new_start, new_end in edits:
        if offset <= old_start:
            break
        if offset < old_end:
            return new_end if is_end else new_start
        shift = new_end - old_end
    return offset + shift


def replace_in_documents(
    documents: pd.DataFrame, codings: pd.DataFrame, replacements: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace parts of texts and move the codings, or turns, along.

    `documents` (document, text, n_characters) and `codings` (document, start, end, text) as a Project has them;
    `replacements`: document, start, end, replacement. Returns both with the new texts, offsets and selected words. A
    coding of a document without text keeps its words as they are.
    """
    documents, codings = documents.copy(), codings.copy()
    for document, spans in replacements.groupby("document", sort=False):
        row = documents.index[documents["document"] == document][0]
        text, edits = replaced(str(documents.at[row, "text"]), spans)
        documents.at[row, "text"], documents.at[row, "n_characters"] = text, len(text)
        in_text = codings[(codings["document"] == document) & codings["start"].notna()]
        for at, old_start, old_end in zip(in_text.index, in_text["start"], in_text["end"], strict=True):
            start, end = moved(int(old_start), edits, is_end=False), moved(int(old_end), edits, is_end=True)
            codings.at[at, "start"], codings.at[at, "end"], codings.at[at, "text"] = start, end, text[start:end]
    return documents, codings
