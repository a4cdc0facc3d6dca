"""The typeface of every figure: Source Sans Pro (Adobe; SIL Open Font License, see OFL.txt), carried along.

A figure is compared byte for byte with the committed one, so it may not depend on the fonts of a machine.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags

FAMILY = "Source Sans Pro"
Weight = Literal["regular", "semibold", "italic"]

_FILES: dict[Weight, str] = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
    "italic": "SourceSansPro-It.ttf",
}


def file_of(weight: Weight) -> Path:
    """Return the font file of a weight."""
    return Path(__file__).parent / _FILES[weight]


@cache
def register() -> None:
    """Make the typeface known to matplotlib under its name."""
    for weight in _FILES:
        fontManager.addfont(file_of(weight))


@cache
def properties(weight: Weight, size: float) -> FontProperties:
    """Return what a matplotlib Text needs for a weight at a size in points."""
    return FontProperties(fname=str(file_of(weight)), size=size)


@cache
def width_of(text: str, size: float, weight: Weight = "regular") -> float:
    """Measure a line of text in inches."""
    font = get_font(str(file_of(weight)))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / 72


_COMPOUNDS = (
    ("bewoners", "verbinding"),
    ("gedrags", "verandering"),
    ("samen", "werking"),
    ("achter", "grond"),
    ("gemeenschaps", "niveau"),
    ("gemeen", "schap"),
    ("institu", "tioneel"),
    ("inter", "persoonlijk"),
    ("intra", "persoonlijk"),
    ("commu", "nity"),
    ("institu", "tional"),
    ("inter", "personal"),
    ("intra", "personal"),
)
_BREAKS = {first + last: len(first) for first, last in _COMPOUNDS}
"""Long words of headings and where they may be broken."""


def _cut(word: str, width: float, size: float, weight: Weight) -> int:
    """Return after how many letters a word that is too long is broken: at its seam, else where the line is full."""

    def fits(end: int) -> bool:
        return width_of(word[:end] + "-", size, weight) <= width

    seam = _BREAKS.get(word.lower())
    if seam and fits(seam):
        return seam
    return next((end for end in range(len(word) - 1, 1, -1) if fits(end)), 1)


def wrapped(text: str, width: float, size: float, weight: Weight = "regular") -> list[str]:
    """Break a text into lines of at most `width` inches, at spaces; a word that is longer than a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer, size, weight) <= width:
            line = longer
            continue
        lines += [line] if line else []
        while width_of(word, size, weight) > width and len(word) > 1:
            cut = _cut(word, width, size, weight)
            lines.append(word[:cut] + "-")
            word = word[cut:]
        line = word
    return [*lines, line]
