"""The visual summary: what the study asked and whom, what it found and leaves open, concluded and advised."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.design import ON_BLUE
from koppelkans.figures.diagrams.drawing import Block, Box, Column, Row, Text, bold, drawn, in_columns
from koppelkans.figures.style import BLUE, GREY, NARROW, PACKAGE_COLOURS, PALE, PAPER, SMALL
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_GAP = 0.1


@needs_rows()
def summary(lines: pd.DataFrame) -> Chart:
    """Draw the study on one page; `lines` as `ledger.overview.overview` gives them."""

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
        ends = [
            Box(Column([bold(title), *_numbered(parts[part])]), PALE)
            for part, title in (("conclusion", _("Conclusions")), ("recommendation", _("Recommendations")))
            if part in parts
        ]
        if ends:
            blocks.append(in_columns(ends, columns, _GAP))
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
            items = Column([Text(text) for text in row[key].split("; ")], 0.02)
            parts.append(Row([bold(label, GREY, SMALL), items], gap=0.04, widths=[0.66, 0]))
    return Box(Column(parts, 0.06), strip=colour)


def _numbered(rows: list[dict[str, Any]]) -> list[Text]:
    return [Text(f"{row['number']}  {row['name']}") for row in rows]


def _described(row: dict[str, Any], language: str) -> str:
    _ = words(language).gettext
    heads = {
        "question": _("Central question: {name}"),
        "package": _("Work package {n}, {name}"),
        "conclusion": _("Conclusion {n}: {name}"),
        "recommendation": _("Recommendation {n}: {name}"),
    }
    said = [row["asks"], *(f"{label}: {row[key]}" for label, key in _labels(language) if row[key])]
    head = heads[row["part"]].format(n=row["number"], name=row["name"])
    return "- " + " ".join(f"{part.rstrip('.')}." if part[-1:] != "?" else part for part in (head, *said) if part)


def _labels(language: str) -> list[tuple[str, str]]:
    """Return the names of what is said of a package, with the column that says it."""
    _ = words(language).gettext
    return [(_("Asked"), "done"), (_("Found"), "finds"), (_("Unknown"), "unknown")]
