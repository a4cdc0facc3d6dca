"""How likely the edges of selections are, if a file counts in a certain way: people select words, lines and letters.

Where a selection starts and ends tells how its offsets were counted, but no single edge does. So a person who codes is
described by habits, each unknown and taken as every value of a small grid in turn:

slips: the share of edges that fall anywhere, such as in the middle of a word. Where single letters were coded this is
    nearly all of them, and then edges say nothing.
lines: the share of selections that were aimed at whole lines or paragraphs; the rest at words.
takes: how often the white space behind a selection comes along: a line end, another after it, or a blank. Both
    "always" and "never" are common, so white space at an end is by itself no sign of a cut word.
leaves: how often the punctuation behind the last word is left off; seldom where a whole line was selected.

An edge of a class (see `STARTS`, `ENDS`) is then so many times likelier than an edge put anywhere in the text. The sum
over the grid is the likelihood of all edges together, which is held against that of other ways of counting.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from koppelkans.readers.refi_qda.offsets import Flags, Integers

Floats = NDArray[np.float64]

STARTS = ("split", "cut", "line", "word", "after a sign", "white space", "sign", "outside")
ENDS = (
    *("split", "cut", "line begun", "outside", "empty", "before a letter"),
    *("line", "line, sign", "text", "text, sign", "word", "word, sign"),
    *("line end", "line end, sign", "one of line ends", "one of line ends, sign", "line ends", "line ends, sign"),
    *("blank", "blank, sign", "sign of line left", "sign left"),
)
"""Classes of an end: in a character; in a word; one letter into a line; outside the text; at its own start; after a
sign and before a letter; before a line end, the end of the text or a blank (", sign": a sign is the
last); after the line end, one of several or more of them, or after a blank, that came along; before a sign (at
the end of a line, or elsewhere)."""
_OTHER, _LETTER, _BLANK, _NEWLINE = 0, 1, 2, 3
_NEVER = {"outside": 0.005, "split": 0.02}
_RARELY = {
    "white space": 0.3,
    "sign": 0.3,
    "before a letter": 0.3,
    "between signs": 0.5,
    "outside": 0.005,
    "split": 0.02,
}

_SLIPS = ((0.005, 0.03, 0.12, 0.5, 1.0), (0.25, 0.25, 0.25, 0.2, 0.05))
_LINES = ((0.01, 0.5, 0.98), (0.4, 0.3, 0.3))
_HABIT = ((0.004, 0.1, 0.5, 0.9, 0.996), (0.2,) * 5)
_AGAIN = ((0.004, 0.4, 0.996), (1 / 3,) * 3)
_SELDOM = ((0.004, 0.2, 0.996), (0.7, 0.27, 0.03))
_EMPTY = ((0.002, 0.02, 0.2), (0.9, 0.08, 0.02))  # share of selections of nothing that a program may write
_NEAR, _FARTHEST = 6, 10**9  # offsets that are looked at around an end; what lies farther is no offset in a text
_OVERLAP = 0.05  # share of selections that share one character with the next, by a slip


@cache
def _kind(point: int) -> int:
    character = chr(point)
    if character.isspace():
        return _NEWLINE if character in "\n\x0b\x0c\x85\u2028\u2029" else _BLANK
    return _LETTER if character.isalnum() or unicodedata.category(character)[0] == "M" else _OTHER


_BROKEN_STARTS = [STARTS.index(name) for name in ("split", "cut", "outside")]
_BROKEN_ENDS = [ENDS.index(name) for name in ("split", "cut", "line begun", "outside", "empty")]


@dataclass(frozen=True)
class Placed:
    """Selections in one text by one way of counting: start and end (exclusive) in code points, as columns.

    inside: whether they lie in the text; splits_start, splits_end: whether the edge lies within a character.
    """

    start: Integers
    end: Integers
    inside: Flags
    splits_start: Flags
    splits_end: Flags


@dataclass(frozen=True)
class EdgeCounts:
    """How many selections start and end in each class, those of several words from the start of a line apart.

    between_words: how many start and end between words, be it with white space or without.
    """

    starts: Integers
    ends: Integers
    ends_of_lines: Integers
    between_words: int


def added(counts: list[EdgeCounts]) -> EdgeCounts:
    """Add the counts of one text after the other; there is at least one."""
    return EdgeCounts(
        np.sum([count.starts for count in counts], axis=0),
        np.sum([count.ends for count in counts], axis=0),
        np.sum([count.ends_of_lines for count in counts], axis=0),
        sum(count.between_words for count in counts),
    )


@cache
def _ascii_kinds() -> NDArray[np.int8]:
    return np.array([_kind(point) for point in range(128)], dtype=np.int8)


class Letters:
    """What each character of a text is (letter, sign, blank, line end), and how many words and lines there are."""

    def __init__(self, text: str) -> None:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        body = _ascii_kinds()[np.minimum(points, 127)]
        beyond = np.flatnonzero(points > 127)
        if len(beyond):
            different, where = np.unique(points[beyond], return_inverse=True)
            body[beyond] = np.array([_kind(int(point)) for point in different], dtype=np.int8)[where]
        self.kinds = np.concatenate(([_NEWLINE], body, [_NEWLINE] * 2))  # outside the text stands a line end
        inside = self.kinds < _BLANK
        self.characters = len(points)
        self.words = int((inside[:-1] & ~inside[1:]).sum())
        self.lines = int((inside[1:] & (self.kinds[:-1] == _NEWLINE)).sum())
        after_letter = np.where(inside, self.kinds == _LETTER, False)
        last = np.maximum.accumulate(np.where(inside, np.arange(len(inside), dtype=np.int32), 0))
        self.word_before = after_letter[last]  # whether the last character that is no white space is a letter
        self.blanks = np.cumsum(self.kinds == _BLANK, dtype=np.int32)

    def count(self, placed: Placed) -> EdgeCounts:
        """Count the classes of the edges of selections."""
        starts, ends = self.starts(placed), self.ends(placed)
        several = self.blanks[np.maximum(placed.end - 1, placed.start)] > self.blanks[placed.start]
        lines = (starts == STARTS.index("line")) & several
        between = ~np.isin(starts, _BROKEN_STARTS) & ~np.isin(ends, _BROKEN_ENDS)
        return EdgeCounts(
            np.bincount(starts, minlength=len(STARTS)),
            np.bincount(ends[~lines], minlength=len(ENDS)),
            np.bincount(ends[lines], minlength=len(ENDS)),
            int(between.sum()),
        )

    def starts(self, placed: Placed) -> Integers:
        """Return the class of each start, as a place in STARTS."""
        before, first = self.kinds[placed.start], self.kinds[placed.start + 1]
        return np.select(
            [
                ~placed.inside,
                placed.splits_start,
                first >= _BLANK,
                before == _NEWLINE,
                before == _BLANK,
                (before == _LETTER) & (first == _LETTER),
                first == _LETTER,
            ],
            [STARTS.index(name) for name in ("outside", "split", "white space", "line", "word", "cut", "after a sign")],
            STARTS.index("sign"),
        )

    def ends(self, placed: Placed) -> Integers:
        """Return the class of each end, as a place in ENDS."""
        kinds, length, start, end = self.kinds, self.characters, placed.start, placed.end
        last, after = kinds[end], kinds[end + 1]
        then = kinds[np.minimum(end + 2, length + 1)]
        word = self.word_before[end]
        begun = (end - start > 1) & (kinds[end - 1] == _NEWLINE) & (last < _BLANK)
        cases: list[tuple[Flags, str]] = [
            (~placed.inside, "outside"),
            (placed.splits_end, "split"),
            (end <= start, "empty"),
            (begun, "line begun"),
            ((last == _NEWLINE) & (kinds[end - 1] == _NEWLINE) & word, "line ends"),
            ((last == _NEWLINE) & (kinds[end - 1] == _NEWLINE), "line ends, sign"),
            ((last == _NEWLINE) & (after == _NEWLINE) & (end < length) & word, "one of line ends"),
            ((last == _NEWLINE) & (after == _NEWLINE) & (end < length), "one of line ends, sign"),
            ((last == _NEWLINE) & word, "line end"),
            (last == _NEWLINE, "line end, sign"),
            ((last == _BLANK) & word, "blank"),
            (last == _BLANK, "blank, sign"),
            ((last == _LETTER) & (after == _LETTER), "cut"),
            ((last == _LETTER) & (end == length), "text"),
            (end == length, "text, sign"),
            ((last == _LETTER) & (after == _NEWLINE), "line"),
            (after == _NEWLINE, "line, sign"),
            ((last == _LETTER) & (after == _BLANK), "word"),
            (after == _BLANK, "word, sign"),
            (after == _LETTER, "before a letter"),
            (then == _NEWLINE, "sign of line left"),
        ]
        return np.select([held for held, _ in cases], [ENDS.index(name) for _, name in cases], ENDS.index("sign left"))


def likelihoods(counts: list[EdgeCounts], sizes: list[tuple[int, int, int]]) -> Floats:
    """Return the logarithm of the likelihood of each set of edges, against edges put anywhere in texts of these sizes.

    `sizes`: characters, words and lines of each text.
    """
    characters, words, lines_there = (max(1, sum(size)) for size in zip(*sizes, strict=True))
    per_word, per_line = characters / words, characters / lines_there
    habits = np.meshgrid(*(np.array(grid) for grid, _ in _GRIDS), indexing="ij")
    weights = np.meshgrid(*(np.array(weight) for _, weight in _GRIDS), indexing="ij")
    slips, lines, takes_line, again, takes_blank, leaves, leaves_line = (habit.ravel() for habit in habits)
    weight = np.log(np.prod([part.ravel() for part in weights], axis=0))
    at_word, at_line = (1 - lines) * per_word, lines * per_line + (1 - lines) * per_word
    aimed = {"line": at_line, "word": at_word, "after a sign": at_word / 2}
    total = np.repeat(weight[:, None], len(counts), axis=1)
    for part, classes, densities in (
        ("starts", STARTS, aimed),
        ("ends", ENDS, _aimed_ends(at_word, at_line, takes_line, again, takes_blank, leaves)),
        ("ends_of_lines", ENDS, _aimed_ends(at_word, at_line, takes_line, again, takes_blank, leaves_line)),
    ):
        columns = np.array([getattr(count, part) for count in counts]).T
        for name, column in zip(classes, columns, strict=True):
            if column.any() and name != "empty":  # what has no length is weighed apart
                total += np.log(_density(name, densities, slips))[:, None] * column
    most = total.max(axis=0)
    return np.asarray(most + np.log(np.exp(total - most).sum(axis=0)))


_GRIDS = (_SLIPS, _LINES, _HABIT, _AGAIN, _HABIT, _HABIT, _SELDOM)


def _aimed_ends(
    at_word: Floats, at_line: Floats, takes_line: Floats, again: Floats, takes_blank: Floats, leaves: Floats
) -> dict[str, Floats]:
    kept = 1 - leaves
    plain = {
        "line": at_line * (1 - takes_line),
        "text": at_line,
        "word": at_word * (1 - takes_blank),
        "line end": at_line * takes_line,
        "one of line ends": at_line * takes_line * (1 - again),
        "line ends": at_line * takes_line * again,
        "blank": at_word * takes_blank,
    }
    signed = {f"{name}, sign": density * kept for name, density in plain.items()}
    return {**plain, **signed, "sign of line left": at_line * leaves, "sign left": at_word * leaves}


def _density(name: str, aimed: dict[str, Floats], slips: Floats) -> Floats:
    """Return how likely a class is for each combination of habits."""
    if name in _NEVER:
        return np.full_like(slips, _NEVER[name])
    return np.asarray((1 - slips) * aimed.get(name, _RARELY.get(name, 0.0)) + slips)


def _log_beta(yes: float, no: float) -> float:
    return lgamma(yes + 1) + lgamma(no + 1) - lgamma(yes + no + 2)


def of_no_length(same: int, selections: int) -> float:
    """Weigh selections that start and end at one offset: of one letter if the end is included, else of nothing.

    Returns the logarithm of how many times likelier they are with the end included.
    """
    if not same:
        return 0.0
    nothing = [np.log(w) + same * np.log(p) + (selections - same) * np.log1p(-p) for p, w in zip(*_EMPTY, strict=True)]
    return _log_beta(same, selections - same) - float(np.logaddexp.reduce(nothing))


def of_abutting(document: Integers, start: Integers, end: Integers) -> tuple[int, float]:
    """Weigh selections that end at the offset where another starts: next to it, or else sharing a letter with it.

    Offsets as stored. Returns how many there are, and the logarithm of how many times likelier they are with the end
    excluded (never below 0). What chance gives is taken from offsets close by.
    """
    n = met = nearby = 0
    for number in np.unique(document):
        rows = (document == number) & (end > start) & (start >= 0) & (end < _FARTHEST)
        if not rows.any():
            continue
        first, after = np.unique(np.stack([start[rows], end[rows]]), axis=1)
        begins = np.zeros(int(after.max()) + 2 * _NEAR, dtype=bool)
        begins[first + _NEAR] = True
        for shift in range(-_NEAR, _NEAR):
            count = int((begins[after + shift + _NEAR] & (after + shift != first)).sum())
            met += count if shift == 0 else 0
            nearby += count if abs(shift) > 1 else 0  # with a blank between them, they are a step apart
        n += len(first)
    if not n:
        return 0, 0.0
    chance = _OVERLAP + nearby / (2 * _NEAR - 3) / n
    if chance >= 0.5 or met / n <= chance:
        return met, 0.0
    return met, max(0.0, _log_beta(met, n - met) - met * np.log(chance) - (n - met) * np.log1p(-chance))
