"""Themes with what was found under them, as an indented tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.drawing import Block, Column, Legend, Row, Text, dot, drawn, fill
from koppelkans.figures.fonts import Weight
from koppelkans.figures.style import BLUE, BODY, GREY, NARROW, ORANGE, PALE, PAPER, PURPLE, RULE, SMALL, line_height
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_SIGNS = {"positive": ("+", BLUE), "negative": ("–", ORANGE), "mixed": ("±", PURPLE), "neutral": ("·", GREY)}
_LEVELS = ("theme", "category", "subcategory")
_RADIUS = 0.068
_STEP, _BETWEEN = 0.18, 0.18
"""Inches that a level is indented, and between two columns."""
_HIGH = 2.0
"""Inches of a tree in columns; a higher one gets two of them where there is room."""


@needs_rows()
def theme_tree(tree: pd.DataFrame) -> Chart:
    """Draw themes with what was found under them, indented, with a sign and colour for how it was judged.

    `tree` as `strands.interviews.theme_tree` gives it. A row says its finding, one that groups others its name, and
    one that does both says both; a study without findings has the names. A subcategory is indented as one even where
    it lies directly under a theme that also has categories, so that categories can be counted. A row that quotations
    were published with says how many, those under it included.
    """
    quoted = bool((tree["n_quotes"] > 0).any())
    rows = rows_of(tree)

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        entries = [
            (_Sign(valence), valence_word(valence, language)) for valence in _SIGNS if valence in set(tree["valence"])
        ]
        head: list[Block] = [Legend(entries, wide=2 * _RADIUS)]
        if quoted:
            head.append(Text(_("quotations"), colour=GREY, align="right"))
        phone = width <= NARROW
        top = Column(head) if phone else Row(head, widths=[0, 0.8][: len(head)])
        branches = [_branch(row, rows, language) for row in rows if row["depth"] == 0]
        columns = [branches] if phone else _columns(branches, (width - _BETWEEN) / 2)
        return drawn(width, Column([top, Row([Column(column, 0.06) for column in columns], _BETWEEN)], gap=0.1))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows:
            judged = valence_word(row["valence"], language)
            judged += _("; quotations: {n}").format(n=row["n_quotes"]) if row["n_quotes"] else ""
            lines.append(f"{'  ' * int(row['depth'])}- {': '.join(filter(None, _says(row, language)))} ({judged})")
        return lines

    return Chart(tree, draw, describe)


def valence_word(valence: str, language: str) -> str:
    """Name a judgement."""
    _ = words(language).gettext
    names = {"positive": _("positive"), "negative": _("negative"), "mixed": _("mixed"), "neutral": _("neutral")}
    return names[valence]


@dataclass(frozen=True)
class _Sign:
    """The mark of a judgement: a coloured dot with a plus, a minus or another sign in it."""

    valence: str

    def __call__(self, axes: Axes, x: float, y: float) -> None:
        sign, colour = _SIGNS[self.valence]
        face, ink = (PAPER, colour) if self.valence == "neutral" else (colour, PAPER)
        dot(axes, x, y, _RADIUS, face, colour)
        middle = y - line_height(SMALL) / 2
        Text(sign, weight="semibold", colour=ink, align="center").draw(axes, x - 0.1, middle, 0.2, 0)


@dataclass(frozen=True)
class _Branch:
    """A theme with its sign and quotations, and what lies under it, each so many steps to the right."""

    name: str
    finding: str
    valence: str
    quotes: int
    below: list[tuple[int, _Branch]]
    top: bool

    @property
    def _type(self) -> tuple[float, Weight]:
        return (BODY, "semibold") if self.top else (SMALL, "regular")

    def _words(self) -> Column:
        """Set the name above the finding; below the top one of the two stands alone or both in one line."""
        if self.top:
            return Column([Text(self.name, *self._type), *([Text(self.finding)] if self.finding else [])])
        return Column([Text(": ".join(filter(None, (self.name, self.finding))), *self._type)])

    def _room(self, width: float) -> float:
        return width - (0.44 if self.quotes else 0.32)

    def _own(self, width: float) -> float:
        return self._words().height(self._room(width)) + 0.02

    def height(self, width: float) -> float:
        return self._own(width) + sum(branch.height(width - steps * _STEP) for steps, branch in self.below)

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:
        middle = y + line_height(self._type[0]) / 2
        if self.top:
            fill(axes, x, y - 0.02, width, self._own(width) + 0.02, PALE)
        _Sign(self.valence)(axes, x + 0.09, middle)
        self._words().draw(axes, x + 0.22, y, self._room(width), 0)
        if self.quotes:
            Text(str(self.quotes), *self._type, align="right").draw(axes, x, y, width - 0.05, 0)
        start, y = middle + _RADIUS, y + self._own(width)
        for steps, branch in self.below:
            across, down = x + steps * _STEP, y + line_height(SMALL) / 2
            corner = [x + 0.09, x + 0.09, across + 0.09 - _RADIUS], [start, down, down]
            axes.plot(*corner, color=RULE, linewidth=0.8, zorder=3.5)
            branch.draw(axes, across, y, width - steps * _STEP, 0)
            y += branch.height(width - steps * _STEP)


def _branch(row: dict[str, Any], rows: list[dict[str, Any]], language: str) -> _Branch:
    children = [other for other in rows if other["parent"] == row["id"]]
    levels = [_LEVELS.index(child["level"]) for child in children]
    below = [
        (1 + len({other for other in levels if other < level}), _branch(child, rows, language))
        for child, level in zip(children, levels, strict=True)
    ]
    return _Branch(*_says(row, language), row["valence"], int(row["n_quotes"]), below, row["depth"] == 0)


def _says(row: dict[str, Any], language: str) -> tuple[str, str]:
    """Return the name of a row, "" where its finding says it all, and its finding."""
    name, finding = row[f"name_{language}"], row[f"finding_{language}"]
    return name[:1].upper() + name[1:] if row["depth"] == 0 or row["n_children"] or not finding else "", finding


def _columns(branches: list[_Branch], width: float) -> list[list[_Branch]]:
    """Split a long tree between two themes so that both columns are about as high; a low one stays whole."""
    heights = [branch.height(width) for branch in branches]
    if sum(heights) <= _HIGH or len(branches) < 2:
        return [branches]
    cut = min(range(1, len(branches)), key=lambda place: max(sum(heights[:place]), sum(heights[place:])))
    return [branches[:cut], branches[cut:]]
