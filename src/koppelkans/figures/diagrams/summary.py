"""The visual summary: what the study asked, did, found, concluded and advised, and how far each part is borne out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.design import ON_BLUE
from koppelkans.figures.diagrams.drawing import Block, Box, Column, Legend, Text, bold, drawn, fill, in_columns
from koppelkans.figures.style import BLUE, GREY, INK, NARROW, PACKAGE_COLOURS, PALE, PAPER, RED, RULE
from koppelkans.ledger import overview
from koppelkans.ledger.names import name_of
from koppelkans.ledger.statuses import STATUSES
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_FACES = {
    "recomputed": "#164a7a",
    "repeated": "#2f659a",
    "transcription-checked": "#b9c6d2",
    "supported": "#164a7a",
    "discrepant": RED,
    "contradicted": RED,
    "bounded": "#4d88ba",
    "companion": "#93b7d5",
    "undecided": "#93b7d5",
    "transcribed": RULE,
    "needs-data": PAPER,
    "not-empirical": "#e6dcec",
}
_SWATCH, _GAP = 0.09, 0.1


@needs_rows()
def visual_summary(lines: pd.DataFrame) -> Chart:
    """Draw the study on one page; `lines` as `ledger.overview.overview` gives them.

    Each bar is all statements of its part, divided by what checking them gave; the labels below it stand in the order
    of the bar.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        parts = {str(part): rows_of(rows) for part, rows in lines.groupby("part")}
        blocks: list[Block] = [
            Box(Column([Text(_("Central question"), colour=ON_BLUE), bold(row["name"], PAPER)]), BLUE, BLUE)
            for row in parts.get("question", [])
        ]
        columns = 2 if width > NARROW else 1
        if packages := [_package(row, language) for row in parts.get("package", [])]:
            blocks.append(in_columns(packages, columns, _GAP))
        conclusions = [bold(_("Conclusions")), *_numbered(parts.get("conclusion", []))]
        advice = [bold(_("Recommendations")), *_numbered(parts.get("recommendation", []))]
        ends = [
            _card(conclusions, parts["conclusions"][0], _("{n} concluding statements assessed:"), language),
            _card(advice, parts["advice"][0], _("{n} pieces of advice assessed:"), language),
        ]
        head, total = bold(_("All statements of the study")), parts["whole"][0]
        whole = _card([head], total, _("{n} statements assessed:"), language, face=PALE)
        return drawn(width, Column([*blocks, in_columns(ends, columns, _GAP), whole], _GAP))

    def describe(language: str) -> list[str]:
        return [_described(row, language) for row in rows_of(lines)]

    return Chart(lines, draw, describe, partial(overview.numbers, lines))


def _package(row: dict[str, Any], language: str) -> Block:
    colour = PACKAGE_COLOURS.get(row["work_package"], GREY)
    texts = [bold(f"{row['number']}  {row['name']}", colour)]
    texts += [Text(text, colour=ink) for text, ink in ((row["done"], GREY), (row["says"], INK)) if text]
    return _card(texts, row, words(language).gettext("{n} findings assessed:"), language, strip=colour)


def _numbered(rows: list[dict[str, Any]]) -> list[Text]:
    return [Text(f"{row['number']}  {row['name']}") for row in rows]


def _card(
    texts: list[Text], row: dict[str, Any], assessed: str, language: str, face: str = PAPER, strip: str = ""
) -> Block:
    """Set texts above the bar of a line, which has how many statements it is about above it, and its labels below."""
    counts = _counts(row)
    bar: list[Block] = [Text(assessed.format(n=row["statements"]), colour=GREY)]
    if counts:
        labels = [
            (partial(_swatch, _FACES[status]), f"{name_of(status, language)} {n}") for status, n in counts.items()
        ]
        bar += [_Shares(counts), Legend(labels, wide=_SWATCH, colour=INK)]
    return Box(Column([Column(texts), Column(bar, 0.035)], 0.06, last_at_bottom=True), face, strip=strip)


@dataclass(frozen=True)
class _Shares:
    """A bar divided by status."""

    counts: dict[str, int]

    def height(self, width: float) -> float:
        return 0.13

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:
        for status, n in self.counts.items():
            share = width * n / sum(self.counts.values())
            fill(axes, x, y, share, height, _FACES[status], GREY)
            x += share


def _counts(row: dict[str, Any]) -> dict[str, int]:
    """Return how many statements have which status; nothing for a line without statements of its own."""
    return {} if pd.isna(row["statements"]) else {status: int(row[status]) for status in STATUSES if row[status]}


def _swatch(face: str, axes: Axes, x: float, y: float) -> None:
    fill(axes, x - _SWATCH / 2, y - _SWATCH / 2, _SWATCH, _SWATCH, face, GREY)


def _described(row: dict[str, Any], language: str) -> str:
    _ = words(language).gettext
    heads = {
        "question": _("Central question: {name}"),
        "package": _("Work package {n}, {name}"),
        "conclusions": _("All concluding statements"),
        "conclusion": _("Conclusion {n}: {name}"),
        "advice": _("All pieces of advice"),
        "recommendation": _("Recommendation {n}: {name}"),
        "whole": _("All statements of the study"),
    }
    head = heads[row["part"]].format(n=row["number"], name=row["name"])
    counts = ", ".join(f"{name_of(status, language)} {n}" for status, n in _counts(row).items())
    return "- " + ". ".join(part.rstrip(".") for part in (head, row["done"], row["says"], counts) if part)
