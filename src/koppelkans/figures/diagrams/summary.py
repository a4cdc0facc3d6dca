"""The visual summary: what each work package asked and whom, what it found and leaves open."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.design import ON_BLUE
from koppelkans.figures.diagrams.drawing import Block, Box, Column, Row, Text, bold, drawn, in_columns
from koppelkans.figures.style import BLUE, GREY, NARROW, PACKAGE_COLOURS, PAPER, SMALL
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_GAP = 0.1


@needs_rows()
def summary(lines: pd.DataFrame) -> Chart:
    """Draw the study in short; `lines` as `ledger.overview.overview` gives them."""

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        question, packages = (rows_of(lines[lines["part"] == part]) for part in ("question", "package"))
        blocks: list[Block] = [
            Box(Column([Text(_("Central question"), colour=ON_BLUE), bold(row["name"], PAPER)]), BLUE, BLUE)
            for row in question
        ]
        if packages:
            cards = [_package(row, language) for row in packages]
            blocks.append(in_columns(cards, 2 if width > NARROW else 1, _GAP))
        return drawn(width, Column(blocks, _GAP))

    def describe(language: str) -> list[str]:
        return [_described(row, language) for row in rows_of(lines)]

    return Chart(lines, draw, describe)


def _package(row: dict[str, Any], language: str) -> Block:
    colour = PACKAGE_COLOURS.get(row["work_package"], GREY)
    parts: list[Block] = [
        Column([bold(f"{row['number']}  {row['name']}", colour), *([Text(row["asks"])] if row["asks"] else [])])
    ]
    for label, key in _labels(language):
        if row[key]:
            items = Column([Text(text) for text in row[key].splitlines()], 0.02)
            parts.append(Row([bold(label, GREY, SMALL), items], gap=0.04, widths=[0.6, 0]))
    return Box(Column(parts, 0.06), strip=colour)


def _described(row: dict[str, Any], language: str) -> str:
    _ = words(language).gettext
    heads = {"question": _("Central question: {name}"), "package": _("Work package {n}, {name}")}
    lines = [(label, "; ".join(row[key].splitlines())) for label, key in _labels(language)]
    said = [row["asks"], *(f"{label}: {line}" for label, line in lines if line)]
    head = heads[row["part"]].format(n=row["number"], name=row["name"])
    return "- " + " ".join(f"{part.rstrip('.')}." if part[-1:] != "?" else part for part in (head, *said) if part)


def _labels(language: str) -> list[tuple[str, str]]:
    """Return the names of what is said of a package, with the column that says it."""
    _ = words(language).gettext
    return [(_("Asked"), "done"), (_("Found"), "finds"), (_("Unknown"), "unknown")]
