"""A text as a program stored it and as the tables hold it, and the way from offsets in one to offsets in the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

Unit = Literal["code points", "UTF-16 units", "UTF-8 bytes"]
End = Literal["exclusive", "inclusive"]
LineEnds = Literal["CRLF as one", "CRLF as two", "every line end as two"]
Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_MARK = "\ufeff"


@dataclass(frozen=True)
class Convention:
    """How a program counts: in which unit, with the end or not, how line ends, and whether the byte order mark."""

    unit: Unit = "code points"
    end: End = "exclusive"
    line_ends: LineEnds = "CRLF as two"
    counts_mark: bool = False


def _widths(points: np.ndarray[tuple[int], np.dtype[np.uint32]], unit: Unit) -> Integers:
    """Return how many units each code point takes."""
    width = np.ones(len(points), dtype=np.int64)
    if unit == "UTF-16 units":
        width += points > 0xFFFF
    elif unit == "UTF-8 bytes":
        width += (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
    return width


class Text:
    """A text with line ends \\n and no byte order mark (`tidy`), and what was there before.

    `stored` is the text as the file holds it; of `PlainTextContent`, a parser has already made each line end \\n.
    """

    def __init__(self, stored: str) -> None:
        self.has_mark = stored.startswith(_MARK)
        if self.has_mark:
            stored = stored[1:]
        self.tidy = stored.replace("\r\n", "\n").replace("\r", "\n") if "\r" in stored else stored
        self.has_crlf = len(self.tidy) != len(stored)
        self.is_ascii = self.tidy.isascii()
        self.has_astral = not self.is_ascii and _ASTRAL.search(self.tidy) is not None
        self._stored = stored if self.has_crlf else self.tidy

    def _is_plain(self, convention: Convention) -> bool:
        """Tell whether offsets count the code points of the tidy text already."""
        unit_is_plain = {"code points": True, "UTF-16 units": not self.has_astral, "UTF-8 bytes": self.is_ascii}
        line_ends_are_plain = {
            "CRLF as one": True,
            "CRLF as two": not self.has_crlf,
            "every line end as two": "\n" not in self.tidy,
        }
        return (
            unit_is_plain[convention.unit]
            and line_ends_are_plain[convention.line_ends]
            and not (convention.counts_mark and self.has_mark)
        )

    def starts(self, convention: Convention) -> Integers | None:
        """Return where each code point of the tidy text starts, as the program counts, and where the last one ends.

        None where offsets count the code points of the tidy text already. The end convention makes no difference.
        """
        return None if self._is_plain(convention) else self._counted(convention)

    def splits(self, offsets: Integers, starts: Integers | None, unit: Unit) -> Flags:
        """Tell which offsets (of a start or an exclusive end) lie within a character, or between a \\r and its \\n.

        `starts` as `starts` gives them for this unit. No program lets people select half a character.
        """
        if starts is None:
            return np.zeros(len(offsets), dtype=bool)
        width = _widths(np.frombuffer(self.tidy.encode("utf-32-le", "surrogatepass"), dtype="<u4"), unit)
        between = np.append(starts[:1], starts[:-1] + width)
        return ~np.isin(offsets, between)

    def _counted(self, convention: Convention) -> Integers:
        points = np.frombuffer(self._stored.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        width = _widths(points, convention.unit)
        kept = np.ones(len(points), dtype=bool)
        if self.has_crlf:
            kept[:-1] = ~((points[:-1] == 13) & (points[1:] == 10))
            if convention.line_ends == "CRLF as one":
                width[~kept] = 0
        starts = np.concatenate(([0], np.cumsum(width)))
        if convention.line_ends == "every line end as two":
            alone = ((points == 10) | (points == 13)) & kept
            alone[1:] &= kept[:-1]
            starts[:-1] += np.cumsum(alone)  # the \r that is not there stands before its \n
            starts[-1] += alone.sum()
        if convention.counts_mark and self.has_mark:
            starts += {"code points": 1, "UTF-16 units": 1, "UTF-8 bytes": 3}[convention.unit]
        return starts[np.append(kept, True)]

    def to_code_points(
        self, start: Integers, end: Integers, starts: Integers | None, inclusive: bool
    ) -> tuple[Integers, Integers, Flags]:
        """Turn offsets as a program counts them (see `starts`) into code points of the tidy text, end exclusive.

        Offsets outside the text are clipped. The last value tells which selections lay inside the text.
        """
        length = len(self.tidy)
        last = length if starts is None else int(starts[-1])
        inside = (start >= 0) & (end + inclusive <= last) & (start <= last)
        if starts is None:
            first, after = start, end + inclusive
        else:
            first = np.searchsorted(starts, start, side="left")
            after = np.searchsorted(starts, end, side="right" if inclusive else "left")
        return np.clip(first, 0, length), np.clip(after, 0, length), inside
