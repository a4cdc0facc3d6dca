"""Themes of interviews as indented trees."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.fonts import Weight, width_of, wrapped
from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREY,
    NARROW,
    ORANGE,
    PALE,
    PURPLE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

VALENCE = {
    "positive": ("+", BLUE, {"nl": "positief", "en": "positive"}),
    "negative": ("–", ORANGE, {"nl": "negatief", "en": "negative"}),
    "mixed": ("±", PURPLE, {"nl": "gemengd", "en": "mixed"}),
    "neutral": ("·", GREY, {"nl": "neutraal", "en": "neutral"}),
}
_QUOTES = {"nl": "citaten", "en": "quotations"}
_LEVELS = ("theme", "category", "subcategory")
_INDENT = 0.24
_RADIUS = 0.068
_GUTTER = 0.22
_LONG = 12  # rows; a longer tree gets two columns


def _sign(canvas: Canvas, x: float, y: float, valence: str) -> None:
    sign, colour, _ = VALENCE[valence]
    canvas.dot(x, y, _RADIUS, face="white" if valence == "neutral" else colour, edge=colour)
    ink = colour if valence == "neutral" else "white"
    canvas.write_middle(x, y - 0.005, sign, size=SMALL, colour=ink, align="center", weight="semibold")


@in_both_widths
def theme_tree(width: float, tree: pd.DataFrame, language: str) -> Sheet:
    """Draw themes with what lies under them, indented, with a sign and colour for how they were judged.

    `tree` as `strands.interviews.theme_tree` gives it. A subcategory is indented as one even where it lies directly
    under a theme that also has categories, so that categories can be counted. A row that quotations were published
    with says how many, those under it included. A long tree is set in two columns, broken between themes,
    where there is room.
    """
    if tree.empty:
        return blank(width, lang.text("no_data", language))
    columns = _columns(tree) if width > NARROW else [tree]
    wide = (width - 2 * EDGE - _GUTTER * (len(columns) - 1)) / len(columns)
    valences = [valence for valence in VALENCE if valence in set(tree["valence"])]
    quoted = bool((tree["n_quotes"] > 0).any())
    top = 0.34 if width > NARROW or not quoted else 0.34 + line_height(SMALL)
    laid_out, height = [], 0.0
    for number, column in enumerate(columns):
        left = EDGE + number * (wide + _GUTTER)
        rows, bottom = _lay_out(column, left, wide, top, language)
        laid_out.append((left, rows))
        height = max(height, bottom)
    canvas = Canvas(height + 0.04, width)
    _legend(canvas, valences, language)
    if quoted:
        canvas.write(width - EDGE, top - 0.3, _QUOTES[language], size=SMALL, colour=GREY, align="right")
    for left, rows in laid_out:
        _draw_rows(canvas, rows, left, wide)
    return canvas.figure


@dataclass(frozen=True)
class _Row:
    """A row of a tree where it will stand: its sign at (x, y), its name in lines."""

    id: str
    parent: str
    depth: int
    valence: str
    n_quotes: int
    lines: list[str]
    x: float
    y: float

    @property
    def size(self) -> float:
        return SMALL if self.depth else BODY

    @property
    def weight(self) -> Weight:
        return "regular" if self.depth else "semibold"


def _columns(tree: pd.DataFrame) -> list[pd.DataFrame]:
    """Split a long tree between two themes so that both columns are about as long; a short one stays whole."""
    tops = [place for place, depth in enumerate(tree["depth"]) if depth == 0]
    if len(tree) <= _LONG or len(tops) < 2:
        return [tree]
    cut = min(tops[1:], key=lambda place: max(place, len(tree) - place))
    return [tree.iloc[:cut], tree.iloc[cut:]]


def _indents(tree: pd.DataFrame) -> dict[str, int]:
    """Return how far each row is indented: a step beyond its parent, and one more for each higher level beside it."""
    ranks = tree["level"].map(_LEVELS.index)
    beside = ranks.groupby(tree["parent"]).agg(set)
    steps: dict[str, int] = {}
    for node, rank in zip(rows_of(tree), ranks, strict=True):
        higher = sum(other < rank for other in beside[node["parent"]])
        steps[node["id"]] = steps[node["parent"]] + 1 + higher if node["depth"] else 0
    return steps


def _lay_out(tree: pd.DataFrame, left: float, width: float, top: float, language: str) -> tuple[list[_Row], float]:
    """Give each row its place and return them with the y below the last."""
    rows: list[_Row] = []
    indents = _indents(tree)
    y = top
    for node in rows_of(tree):
        depth, name = node["depth"], node[f"name_{language}"]
        x = left + 0.09 + indents[node["id"]] * _INDENT
        size = SMALL if depth else BODY
        weight: Weight = "regular" if depth else "semibold"
        lines = wrapped(name[:1].upper() + name[1:], left + width - x - 0.35, size, weight)
        y += 0.08 if depth == 0 and rows else 0
        middle = y + line_height(size) / 2
        quotes = int(node["n_quotes"])
        rows.append(_Row(node["id"], node["parent"], depth, node["valence"], quotes, lines, x, middle))
        y += len(lines) * line_height(size) + 0.02
    return rows, y


def _draw_rows(canvas: Canvas, rows: list[_Row], left: float, width: float) -> None:
    place = {row.id: row for row in rows}
    for row in rows:
        if row.depth == 0:
            canvas.band(left, row.y - 0.1, width, 0.2 + (len(row.lines) - 1) * line_height(BODY), PALE)
        else:
            above = place[row.parent]
            canvas.line((above.x, above.y + _RADIUS), (above.x, row.y), (row.x - _RADIUS, row.y))
        _sign(canvas, row.x, row.y, row.valence)
        y = row.y - line_height(row.size) / 2
        for line in row.lines:
            y = canvas.write(row.x + 0.13, y, line, size=row.size, weight=row.weight)
        if row.n_quotes:
            right = left + width - 0.05
            canvas.write_middle(right, row.y, str(row.n_quotes), size=row.size, weight=row.weight, align="right")


def _legend(canvas: Canvas, valences: list[str], language: str) -> None:
    x = EDGE + 0.08
    for valence in valences:
        word = VALENCE[valence][2][language]
        _sign(canvas, x, 0.13, valence)
        canvas.write_middle(x + 0.11, 0.13, word, size=SMALL, colour=GREY)
        x += 0.11 + width_of(word, SMALL) + (0.22 if canvas.width > NARROW else 0.16)


@needs_rows()
def themes(tree: pd.DataFrame) -> Chart:
    """Draw themes with what lies under them; `tree` as `strands.interviews.theme_tree` gives it."""
    from koppelkans.figures.described import themes as described

    return Chart(
        tree,
        lambda width, language: theme_tree.__wrapped__(width, tree, language),  # type: ignore[attr-defined]
        lambda language: described.tree(tree, language),
    )
