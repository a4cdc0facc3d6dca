"""Find out how a program counted offsets, from the file itself, and say on what evidence.

The specification (REFI-QDA 1.5, 10.2) wants code points with the end included; no program that could be tested does so.
So every way of counting that makes a difference in a file is tried on a sample of its selections. Two kinds of evidence
count, in this order: the words of a selection, where the program wrote them down as its name or description; and
whether it starts and ends with a whole word. The second is weighed in pairs: how many selections one way puts on whole
words and the other does not.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from koppelkans.readers.refi_qda.offsets import Convention, Integers, Text

SAMPLE, MOST_DOCUMENTS = 500, 25
_LESS, _CLEARLY_LESS, _TIMES = 2, 3, 3  # one wrong word edge is an accident, three against none are not
_ONE_WORDING = 1  # a wording that matches to the letter is no accident
_ELLIPSES = ("…", "...")
_FEWEST_LETTERS = 3  # a name shorter than that fits anywhere

DEFAULTS: dict[str, Convention] = {
    "NVivo": Convention(unit="UTF-16 units"),
    "ATLAS.ti": Convention(line_ends="CRLF as one"),
}
"""How a program counts where its file does not tell; for all others `Convention()`: code points, end exclusive."""

KNOWN = "Koppelkans"
"""Files of our own say how they count: as `Convention()`."""


class Selections(Protocol):
    """Text selections of a project: document (index into texts), start and end as stored, words as stored (or "")."""

    document: Integers
    start: Integers
    end: Integers
    words: Sequence[str]


@dataclass(frozen=True)
class _Sampled:
    document: int
    start: int
    end: int
    words: str


def candidates(texts: list[Text]) -> list[Convention]:
    """Return the ways of counting that differ on these texts; the likelier first."""
    units = ["code points"]
    if any(text.has_astral for text in texts):
        units.append("UTF-16 units")
    if not all(text.is_ascii for text in texts):
        units.append("UTF-8 bytes")
    line_ends = ["CRLF as two"]
    if any(text.has_crlf for text in texts):
        line_ends.append("CRLF as one")
    if any(not text.has_crlf and "\n" in text.tidy for text in texts):
        line_ends.append("every line end as two")
    marks = [False, True] if any(text.has_mark for text in texts) else [False]
    ways = itertools.product(units, line_ends, marks, ("exclusive", "inclusive"))
    return [Convention(unit, end, lines, mark) for unit, lines, mark, end in ways]  # type: ignore[arg-type]


def _is_letter(character: str) -> bool:
    return character.isalnum() or (not character.isascii() and unicodedata.category(character)[0] == "M")


def holds_whole_words(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] starts and ends with a whole word (or a sign), and not with white space."""
    if start >= end or text[start].isspace() or text[end - 1].isspace():
        return False
    if start and _is_letter(text[start]) and _is_letter(text[start - 1]):
        return False
    return end == len(text) or not (_is_letter(text[end]) and _is_letter(text[end - 1]))


def words_fit(words: str, piece: str) -> bool:
    """Tell whether `words`, perhaps cut short with an ellipsis, are those of a piece of text; white space is alike."""
    words, piece = " ".join(words.split()), " ".join(piece.split())
    for ellipsis in _ELLIPSES:
        if words.endswith(ellipsis) and len(words) > len(ellipsis):
            return piece.startswith(words[: -len(ellipsis)].rstrip())
    return words == piece


def _sample(parts: Sequence[Selections], texts: dict[int, Text]) -> list[_Sampled]:
    """Choose about SAMPLE selections of text that is there, spread over the documents, by document."""
    seen: set[_Sampled] = set()  # a place that was coded five times is evidence once
    some = sorted(texts)[:: max(1, len(texts) // MOST_DOCUMENTS)]
    for part in parts:
        rows = np.flatnonzero(np.isin(part.document, some) & (part.start >= 0) & (part.end >= 0))
        for row in rows[:: max(1, len(rows) // SAMPLE)].tolist():
            start, end = sorted((int(part.start[row]), int(part.end[row])))
            seen.add(_Sampled(int(part.document[row]), start, end, part.words[row]))
    return sorted(seen, key=lambda s: (s.document, s.start, s.end, s.words))


@dataclass
class _Trial:
    way: Convention
    named: list[bool]
    whole: list[bool]


def _trials(ways: list[Convention], sample: list[_Sampled], texts: dict[int, Text]) -> list[_Trial]:
    trials = [_Trial(way, [], []) for way in ways]
    for document, group in itertools.groupby(sample, key=lambda chosen: chosen.document):
        members, text = list(group), texts[document]
        start = np.array([member.start for member in members], dtype=np.int64)
        end = np.array([member.end for member in members], dtype=np.int64)
        counted: dict[Convention, Integers | None] = {}  # once for both end conventions
        for trial in trials:
            layout = replace(trial.way, end="exclusive")
            if layout not in counted:
                counted = {layout: text.starts(layout)}
            found = text.to_code_points(start, end, counted[layout], trial.way.end == "inclusive")
            for member, a, z, fits in zip(members, *(column.tolist() for column in found), strict=True):
                words = member.words
                named = fits and len(words) >= _FEWEST_LETTERS
                trial.named.append(named and words_fit(words, text.tidy[a : min(z, a + 4 * len(words))]))
                trial.whole.append(fits and holds_whole_words(text.tidy, a, z))
    return trials


def _behind(best: list[bool], other: list[bool], least: int) -> int:
    """Return by how many selections `other` is behind, 0 where that is fewer than `least` or not by far."""
    for_best = sum(b and not o for b, o in zip(best, other, strict=True))
    for_other = sum(o and not b for b, o in zip(best, other, strict=True))
    ahead = for_best - for_other
    return ahead if ahead >= least and for_best >= _TIMES * for_other else 0


def _in_words(way: Convention, texts: list[Text]) -> dict[str, Any]:
    """Describe a way of counting, and say of each part whether it makes a difference in this file."""
    matters = {
        "unit": len({c.unit for c in candidates(texts)}) > 1,
        "line_ends": len({c.line_ends for c in candidates(texts)}) > 1,
        "byte_order_mark": any(text.has_mark for text in texts),
    }
    mark = "counted" if way.counts_mark else "not counted"
    said = {"unit": way.unit, "end": way.end, "line_ends": way.line_ends, "byte_order_mark": mark}
    return {**said, "makes_no_difference": [part for part, differs in matters.items() if not differs]}


def detect(parts: Sequence[Selections], texts: dict[int, Text], program: str) -> tuple[Convention, dict[str, Any]]:
    """Choose the way of counting that fits best.

    `texts` by document index, for documents whose text is there. Returns the convention, and for the report: unit, end,
    line_ends, byte_order_mark, certainty (clear, ambiguous, untestable), evidence (a line), tested (selections tried),
    candidates (each way tried, with how many selections have their recorded words and hold whole words).
    """
    default = DEFAULTS.get(program, Convention())
    there = {
        document: texts[document]
        for part in parts
        for document in np.unique(part.document).tolist()
        if document in texts
    }
    used, sample = list(there.values()), _sample(parts, there)
    whose = f"the default for {program}" if program in DEFAULTS else "the default"
    if not sample:
        said = {**_in_words(default, used), "certainty": "untestable", "tested": 0, "candidates": []}
        return default, {**said, "evidence": f"no selection of text that is there; {whose} is taken"}
    if program == KNOWN:
        said = {**_in_words(default, used), "certainty": "clear", "tested": 0, "candidates": []}
        return default, {**said, "evidence": "written by Koppelkans, which counts this way"}
    trials = _trials(candidates(used), sample, there)
    chosen, certainty, evidence = _chosen(trials, default, whose)
    tried = [
        {
            **_in_words(trial.way, used),
            "words_recorded": sum(any(pair) for pair in zip(*(t.named for t in trials), strict=True)),
            "words_match": sum(trial.named),
            "whole_words": sum(trial.whole),
            "whole_words_share": round(sum(trial.whole) / len(sample), 3),
        }
        for trial in trials
    ]
    for entry in tried:
        del entry["makes_no_difference"]
    tried.sort(key=lambda entry: (-entry["words_match"], -entry["whole_words"]))
    said = {**_in_words(chosen, used), "certainty": certainty, "evidence": evidence}
    return chosen, {**said, "tested": len(sample), "candidates": tried}


def _same_here(way: Convention, default: Convention, trials: list[_Trial]) -> bool:
    """Tell whether a way is the default as far as the file can tell them apart."""
    units = {trial.way.unit for trial in trials}
    line_ends = {trial.way.line_ends for trial in trials}
    unit = default.unit if default.unit in units else "code points"
    ends = default.line_ends if default.line_ends in line_ends else "CRLF as two"
    return way == Convention(unit, default.end, ends, default.counts_mark)


def _chosen(trials: list[_Trial], default: Convention, whose: str) -> tuple[Convention, str, str]:
    tested = len(trials[0].whole)
    recorded = sum(any(pair) for pair in zip(*(trial.named for trial in trials), strict=True))
    best = max(trials, key=lambda trial: sum(trial.named))
    most = sum(best.named)
    left = [trial for trial in trials if not _behind(best.named, trial.named, _ONE_WORDING)]
    by_words = f"{most} of {recorded} recorded wordings match" if recorded else ""
    if len(left) == 1:
        return left[0].way, "clear", by_words
    best = max(left, key=lambda trial: (sum(trial.whole), _same_here(trial.way, default, trials)))
    share = sum(best.whole) / tested
    gaps = {id(trial): _behind(best.whole, trial.whole, _LESS) for trial in left if trial is not best}
    by_edges = f"{share:.1%} of {tested} selections hold whole words"
    evidence = f"{by_words}; {by_edges}" if by_words else by_edges
    if all(gap >= _CLEARLY_LESS for gap in gaps.values()) and share >= 0.5:
        runner_up = max(sum(trial.whole) for trial in left if trial is not best) / tested
        return best.way, "clear", f"{evidence}, by the next best way {runner_up:.1%}"
    open_ways = [best, *(trial for trial in left if trial is not best and not gaps[id(trial)])]
    if len(open_ways) == 1:
        return best.way, "ambiguous", f"{evidence}; too few selections to be sure"
    for trial in open_ways:
        if _same_here(trial.way, default, trials):
            return trial.way, "ambiguous", f"{evidence}; {len(open_ways)} ways fit alike, {whose} is taken"
    return best.way, "ambiguous", f"{evidence}; {len(open_ways)} ways fit alike, {whose} is not among them"
