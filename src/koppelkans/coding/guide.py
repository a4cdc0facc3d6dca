"""Which section of the interview guide a unit of text stands in, from the guide's own lines or from position."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from koppelkans.readers.turns import INTERVIEWER, PERSON, Line, find_turns

FEWEST_WORDS = 3
"""Words in a line that can be a heading or a question: a shorter one ("Ja.") comes back by itself."""
LEAST_UNITS = 6
"""Units in a section; a shorter one goes with the next, since order within it can hardly vary."""


def sections(documents: pd.DataFrame, units: pd.DataFrame, parts: int = 8) -> pd.DataFrame:
    """Give every unit a section of its document: document, unit, section (from 0), known_from (guide, position, none).

    `documents`: document, text; `units` as `coding.units.units` makes them. guide: a line that comes back in at least
    half of the documents (two or more), of at least three words and not said by a respondent, is a heading or question
    of the guide, and begins a section. position: where a document has fewer than two of these, it is cut into `parts`
    sections of as many units, or fewer where one would have less than six. none: quotations without a position have no
    order, and stand in one section. Lines of the guide and whatever an interviewer says are no units here, and are left
    out. Raises ValueError for fewer parts than one.
    """
    if parts < 1:
        raise ValueError(f"parts is {parts}; expected 1 or more, such as 8")
    texts = dict(zip(documents["document"], documents["text"].fillna(""), strict=True))
    spoken = {document: _lines(text) for document, text in texts.items() if text}
    times = Counter(words for lines in spoken.values() for words in {words for _, _, words, _ in lines})
    enough = max(2, len(spoken) / 2)
    rows = []
    for document, own in units.groupby("document", sort=False):
        lines = spoken.get(document, [])
        of_guide = [
            (start, end)
            for start, end, words, role in lines
            if role != PERSON and times[words] >= enough and len(words.split()) >= FEWEST_WORDS
        ]
        of_guide = of_guide if len(of_guide) > 1 else []
        asked = of_guide + [(start, end) for start, end, _, role in lines if role == INTERVIEWER]
        loose = own["quotation"].notna().any()
        said = own[[not any(a <= start < z for a, z in asked) for start in own["start"]]]
        known_from = "none" if loose else "guide" if of_guide else "position"
        if known_from == "guide":
            numbers = _joined([sum(begin <= start for begin, _ in of_guide) for start in said["start"]])
        else:
            cuts = 1 if loose else max(1, min(parts, len(said) // LEAST_UNITS))
            numbers = [place * cuts // len(said) for place in range(len(said))]
        rows += [(document, unit, n, known_from) for unit, n in zip(said["unit"], numbers, strict=True)]
    return pd.DataFrame(rows, columns=["document", "unit", "section", "known_from"])


def _lines(text: str) -> list[tuple[int, int, str, str]]:
    """Return the lines of a text: start, end, the words in small letters, the role of who says them ("" unknown)."""
    lines, start = [], 0
    for words in text.split("\n"):
        lines.append(Line(start, words))
        start += len(words) + 1
    turns = [turn for turn in find_turns(text, lines)[0] if turn.role in (INTERVIEWER, PERSON)]
    result, at, role = [], 0, ""
    for line in lines:
        end = line.start + len(line.text)
        while at < len(turns) and turns[at].start <= end:
            role, at = turns[at].role, at + 1
        result.append((line.start, end, " ".join(line.text.casefold().split()), role))
    return result


def _joined(numbers: list[int]) -> list[int]:
    """Join a section of too few units with the next, the last with the one before."""
    sizes, result = Counter(numbers), {}
    section, size = 0, 0
    for number in sorted(sizes):
        result[number], size = section, size + sizes[number]
        if size >= LEAST_UNITS:
            section, size = section + 1, 0
    last = max(section - 1, 0) if size else section
    return [min(result[number], last) for number in numbers]
