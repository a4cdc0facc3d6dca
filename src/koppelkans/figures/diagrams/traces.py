"""How findings lead to conclusions and recommendations, and what has no finding behind it.

Three columns: parts of the results, numbered conclusions, numbered recommendations. A line between two boxes is as
thick as there are links. On a phone it is a list of boxes, each with what leads to it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.drawing import Block, Column, Legend, bold, drawn, fill, sheet
from koppelkans.figures.diagrams.ribbons import UNIT, WIDTHS, Place, draw_flows
from koppelkans.figures.diagrams.trace_boxes import (
    colour_of,
    legend,
    links,
    name_of_box,
    trace_box,
)
from koppelkans.figures.parts import PARTS
from koppelkans.figures.style import EDGE, GREY, NARROW, line_height
from koppelkans.ledger.short_names import heading_of
from koppelkans.ledger.traces import DIRECT
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_GAP = 0.07
Row = dict[str, Any]


@needs_rows()
def trace_flows(flows: pd.DataFrame, boxes: pd.DataFrame) -> Chart:
    """Draw the flows from parts of the results over the conclusions to the recommendations.

    `flows` and `boxes` as the functions of these names in `ledger.traces` give them.
    """
    order = {part: place for place, part in enumerate(PARTS)}
    rows = sorted(rows_of(boxes), key=lambda row: order.get(row["key"], len(order)) if row["stage"] == "finding" else 0)
    columns = {stage: [row for row in rows if row["stage"] == stage] for stage in WIDTHS}

    def draw(width: float, language: str) -> Figure:
        return (_listed if width <= NARROW else _side_by_side)(width, columns, rows_of(flows), language)

    def describe(language: str) -> list[str]:
        headed = [row for row in columns["conclusion"] + columns["advice"] if row["key"] != str(DIRECT)]
        return [_described(row, rows_of(flows), language) for row in headed]

    return Chart(flows, draw, describe)


def _head(stage: str, language: str) -> Block:
    _ = words(language).gettext
    return bold({"finding": _("Findings"), "conclusion": _("Conclusions"), "advice": _("Recommendations")}[stage], GREY)


def _side_by_side(width: float, columns: dict[str, list[Row]], flows: list[Row], language: str) -> Figure:
    heights = {
        stage: [
            max(trace_box(row, language).height(WIDTHS[stage]), max(row["n_in"], row["n_out"]) * UNIT + 0.04)
            for row in rows
        ]
        for stage, rows in columns.items()
    }
    top = EDGE + line_height(10) + 0.04
    high = max(sum(column) + _GAP * (len(column) - 1) for column in heights.values())
    key = legend(language, flows=True)
    figure, axes = sheet(width, top + high + 0.1 + key.height(width - 2 * EDGE) + EDGE)
    key.draw(axes, EDGE, top + high + 0.1, width - 2 * EDGE, 0)
    places: dict[tuple[str, str], Place] = {}
    x = EDGE
    for stage, rows in columns.items():
        _head(stage, language).draw(axes, x, EDGE, WIDTHS[stage], 0)
        gap = min((high - sum(heights[stage])) / max(len(rows) - 1, 1), 0.5)
        y = top
        for row, height in zip(rows, heights[stage], strict=True):
            trace_box(row, language).draw(axes, x, y, WIDTHS[stage], height)
            places[stage, row["key"]] = (x, y, height)
            y += height + gap
        x += WIDTHS[stage] + (width - 2 * EDGE - sum(WIDTHS.values())) / 2
    draw_flows(axes, flows, places, {(row["stage"], row["key"]): row for rows in columns.values() for row in rows})
    return figure


def _into(row: Row, flows: list[Row]) -> list[Row]:
    """Return the flows that lead to a box, the thickest first."""
    into = [flow for flow in flows if (flow["to_stage"], str(flow["to"])) == (row["stage"], row["key"])]
    return sorted(into, key=lambda flow: -flow["n"])


def _source(flow: Row, language: str) -> str:
    """Name where a flow comes from."""
    if flow["from_stage"] == "finding" or str(flow["from"]) == str(DIRECT):
        return name_of_box({"stage": flow["from_stage"], "key": str(flow["from"])}, language)
    return words(language).gettext("conclusion {n}").format(n=flow["from"])


def _listed(width: float, columns: dict[str, list[Row]], flows: list[Row], language: str) -> Figure:
    """Draw conclusions and recommendations below each other, each with the number of links from where they come."""
    blocks: list[Block] = []
    for stage in ("conclusion", "advice"):
        blocks.append(_head(stage, language))
        for row in columns[stage]:
            sources = [
                Legend(
                    [(partial(_square, flow), f"{_source(flow, language)}: {links(flow['n'], language)}")], wide=0.08
                )
                for flow in _into(row, flows)
            ]
            blocks.append(trace_box(row, language, sources))
    return drawn(width, Column([*blocks, legend(language, flows=False)], gap=_GAP))


def _square(flow: Row, axes: Axes, x: float, y: float) -> None:
    colour = colour_of({"stage": flow["from_stage"], "key": flow["from"]})
    fill(axes, x - 0.035, y - 0.035, 0.07, 0.07, colour or GREY)


def _described(row: Row, flows: list[Row], language: str) -> str:
    """Say where the links to a heading come from, and how many of its statements have a finding behind them."""
    _ = words(language).gettext
    head = {"conclusion": _("Conclusion {n}"), "advice": _("Recommendation {n}")}[row["stage"]].format(n=row["key"])
    head += f" ({heading_of(row['id'], language)})" if heading_of(row["id"], language) else ""
    direct = _("findings without a conclusion between")
    named = [
        (direct if flow["from"] == str(DIRECT) else _source(flow, language), flow["n"]) for flow in _into(row, flows)
    ]
    sources = ", ".join(f"{name} ({n})" for name, n in named)
    came = _("links from {names}").format(names=sources) if sources else _("no link drawn")
    backed = _("of {all} statements, {n} have a finding behind them")
    return f"- {head}: {came}; {backed.format(all=len(row['statements']), n=sum(row['statements']))}"
