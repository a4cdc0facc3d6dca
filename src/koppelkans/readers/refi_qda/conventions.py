"""Find out how a program counted offsets, from the file itself, and say on what evidence.

The specification (REFI-QDA 1.5, 10.2) wants code points with the end included; no program that could be tested does so.
So every way of counting that makes a difference in a file is tried on its selections. Evidence counts in this order:
the words of a selection, where the program wrote them down as its name or description; and then, weighed together,
where selections start and end in the text (`edges`), whether they have no length, whether one ends where another
starts, and what the program is known to do. What the text alone cannot tell stays ambiguous, and is said to be.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Any, Protocol

import numpy as np

from koppelkans.readers.refi_qda.edges import (
    EdgeCounts,
    Letters,
    Placed,
    added,
    likelihoods,
    of_abutting,
    of_no_length,
)
from koppelkans.readers.refi_qda.offsets import Convention, Integers, Text

SAMPLE, MOST_DOCUMENTS, MOST_CHARACTERS = 300, 50, 100_000
_TIMES = 3  # words that match by another way only are an accident, if there are this many times fewer of them
_CLEAR = log(10_000)  # how many times likelier a way must be than any other before it is called clear ...
_EACH = 0.2  # ... and for each selection that the two place elsewhere, so that a few slips of the mouse decide nothing
_USUAL, _KNOWN_HABIT = log(10), log(50)  # for how a program counts if nothing is known of it, and if it is known
ELLIPSES = ("…", "...")
_FEWEST_LETTERS = 3  # a name shorter than that fits anywhere

DEFAULTS: dict[str, Convention] = {
    "NVivo": Convention(unit="UTF-16 units"),
    "ATLAS.ti": Convention(line_ends="CRLF as one"),
    "QualCoder": Convention(),
    "qc": Convention(),
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


def words_fit(words: str, piece: str) -> bool:
    """Tell whether `words`, perhaps cut short with an ellipsis, are those of a piece of text; white space is alike."""
    words, piece = " ".join(words.split()), " ".join(piece.split())
    for ellipsis in ELLIPSES:
        if words.endswith(ellipsis) and len(words) > len(ellipsis):
            return piece.startswith(words[: -len(ellipsis)].rstrip())
    return words == piece


def could_be(words: str, length: int) -> bool:
    """Tell whether `words`, perhaps cut short, could be those of a selection of so many characters, and no label."""
    if words.endswith(ELLIPSES):
        return 1 < len(words) <= length + 1
    return bool(words.strip()) and abs(len(words) - length) <= max(1, length // 20)


def _documents_tried(texts: dict[int, Text]) -> list[int]:
    """Choose documents, spread over the project, that are neither many nor long together."""
    some, length = [], 0
    for number in sorted(texts)[:: max(1, len(texts) // MOST_DOCUMENTS)]:
        length += len(texts[number].tidy)
        some.append(number)
        if length > MOST_CHARACTERS:
            break
    return some


def _sample(parts: Sequence[Selections], texts: dict[int, Text]) -> list[_Sampled]:
    """Choose about SAMPLE selections of text that is there, spread over the documents, by document."""
    seen: set[_Sampled] = set()  # a place that was coded five times is evidence once
    some = _documents_tried(texts)
    for part in parts:
        rows = np.flatnonzero(np.isin(part.document, some) & (part.start >= 0) & (part.end >= 0))
        for row in rows[:: max(1, len(rows) // SAMPLE)].tolist():
            start, end = sorted((int(part.start[row]), int(part.end[row])))
            seen.add(_Sampled(int(part.document[row]), start, end, part.words[row]))
    return sorted(seen, key=lambda s: (s.document, s.start, s.end, s.words))


@dataclass
class _Trial:
    way: Convention
    words_match: list[bool] = field(default_factory=list)
    edges: list[EdgeCounts] = field(default_factory=list)  # of each document
    spans: list[Integers] = field(default_factory=list)  # start and end of each selection, by document
    whole_words: int = 0
    odds: float = 0.0  # logarithm of its likelihood, in which habits of programs count


def _trials(ways: list[Convention], sample: list[_Sampled], texts: dict[int, Text]) -> list[_Trial]:
    trials, sizes = [_Trial(way) for way in ways], list[tuple[int, int, int]]()
    for document, group in itertools.groupby(sample, key=lambda chosen: chosen.document):
        members, text = list(group), texts[document]
        letters = Letters(text.tidy)
        sizes.append((letters.characters, letters.words, letters.lines))
        start = np.array([member.start for member in members], dtype=np.int64)
        end = np.array([member.end for member in members], dtype=np.int64)
        counted: dict[Convention, Integers | None] = {}  # once for both end conventions
        for trial in trials:
            layout, inclusive = replace(trial.way, end="exclusive"), trial.way.end == "inclusive"
            if layout not in counted:
                counted[layout] = text.starts(layout)
            starts = counted[layout]
            splits = (text.splits(offsets, starts, layout.unit) for offsets in (start, end + inclusive))
            placed = Placed(*text.to_code_points(start, end, starts, inclusive), *splits)
            trial.edges.append(letters.count(placed))
            trial.spans.append(np.stack([placed.start, placed.end]))
            columns = (placed.start.tolist(), placed.end.tolist(), placed.inside.tolist())
            for member, a, z, fits in zip(members, *columns, strict=True):
                words = member.words
                named = fits and len(words) >= _FEWEST_LETTERS
                trial.words_match.append(named and words_fit(words, text.tidy[a : min(z, a + 4 * len(words))]))
    edges = [added(trial.edges) for trial in trials]
    for trial, counts, likelihood in zip(trials, edges, likelihoods(edges, sizes), strict=True):
        trial.whole_words, trial.odds = counts.between_words, float(likelihood)
    return trials


def _is_behind(best: list[bool], other: list[bool]) -> bool:
    """Tell whether the words of selections match by one way and, but for accidents, not by another."""
    for_best = sum(b and not o for b, o in zip(best, other, strict=True))
    for_other = sum(o and not b for b, o in zip(best, other, strict=True))
    return for_best > for_other and for_best >= _TIMES * for_other


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
    abutting = _weigh_ends(trials, parts, there, sample)
    for trial in trials:
        trial.odds += _habits(trial.way, default, trials, program in DEFAULTS)
    chosen, certainty, evidence = _chosen(trials, default, whose, abutting)
    recorded = _recorded(trials)
    tried = [
        {
            **_in_words(trial.way, used),
            "words_recorded": recorded,
            "words_match": sum(trial.words_match),
            "whole_words": trial.whole_words,
            "whole_words_share": round(trial.whole_words / len(sample), 3),
        }
        for trial in sorted(trials, key=lambda trial: (-sum(trial.words_match), -trial.odds))
    ]
    for entry in tried:
        del entry["makes_no_difference"]
    said = {**_in_words(chosen, used), "certainty": certainty, "evidence": evidence}
    return chosen, {**said, "tested": len(sample), "candidates": tried}


def _weigh_ends(
    trials: list[_Trial], parts: Sequence[Selections], texts: dict[int, Text], sample: list[_Sampled]
) -> int:
    """Add what the offsets themselves say of the end, whatever the text; return how many selections abut."""
    alike = np.concatenate([np.isin(part.document, _documents_tried(texts)) & (part.start >= 0) for part in parts])
    columns = [np.concatenate([getattr(p, name) for p in parts])[alike] for name in ("document", "start", "end")]
    abutting, for_exclusive = of_abutting(*columns)
    for_inclusive = of_no_length(sum(s.start == s.end for s in sample), len(sample))
    for trial in trials:
        trial.odds += for_exclusive if trial.way.end == "exclusive" else for_inclusive
    return abutting


def _habits(way: Convention, default: Convention, trials: list[_Trial], is_known: bool) -> float:
    """Return how much likelier a way is than others before looking, as a logarithm: for each part that is usual."""
    usual = _usual(default, trials)
    parts = ("unit", "end", "line_ends", "counts_mark")
    weight = _KNOWN_HABIT if is_known else _USUAL
    return sum(weight for part in parts if getattr(way, part) == getattr(usual, part))


def _usual(default: Convention, trials: list[_Trial]) -> Convention:
    """Return the way that is the default as far as the file can tell ways apart."""
    units = {trial.way.unit for trial in trials}
    line_ends = {trial.way.line_ends for trial in trials}
    unit = default.unit if default.unit in units else "code points"
    lines = default.line_ends if default.line_ends in line_ends else "CRLF as two"
    return Convention(unit, default.end, lines, default.counts_mark)


def _is_near(best: _Trial, other: _Trial) -> bool:
    """Tell whether another way is not clearly less likely."""
    pairs = zip(best.spans, other.spans, strict=True)
    elsewhere = sum(int((one != another).any(axis=0).sum()) for one, another in pairs)
    return best.odds - other.odds < _CLEAR + _EACH * elsewhere


def _recorded(trials: list[_Trial]) -> int:
    return sum(any(pair) for pair in zip(*(trial.words_match for trial in trials), strict=True))


def _chosen(trials: list[_Trial], default: Convention, whose: str, abutting: int) -> tuple[Convention, str, str]:
    recorded, tested = _recorded(trials), len(trials[0].words_match)
    most = max(trials, key=lambda trial: sum(trial.words_match))
    left = [trial for trial in trials if not _is_behind(most.words_match, trial.words_match)]
    by_words = f"{sum(most.words_match)} of {recorded} recorded wordings match" if recorded else ""
    if len(left) == 1:
        return left[0].way, "clear", by_words
    best = max(left, key=lambda trial: trial.odds)
    others = [trial for trial in left if trial is not best]
    alike = [trial for trial in others if _is_near(best, trial)]
    evidence = f"{best.whole_words / tested:.1%} of {tested} selections start and end between words"
    if abutting:
        evidence += f", {abutting} end where another starts"
    evidence = f"{by_words}; {evidence}" if by_words else evidence
    if not alike:
        runner_up = max(others, key=lambda trial: trial.odds)
        return best.way, "clear", f"{evidence}, by the next best way {runner_up.whole_words / tested:.1%}"
    evidence += f"; {len(alike) + 1} ways fit"
    if best.way == _usual(default, trials):
        return best.way, "ambiguous", f"{evidence}, {whose} is taken"
    return best.way, "ambiguous", f"{evidence}, the likeliest is taken and not {whose}"
