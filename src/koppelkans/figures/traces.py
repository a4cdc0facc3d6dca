"""How findings lead to conclusions and recommendations, and what has no finding behind it.

The figure has three columns: parts of the results, numbered conclusions, numbered recommendations. A line
between two boxes is as thick as there are links. The dots in a box are its statements: filled with a finding behind it,
open without one. On a phone it is a list of boxes, each with what leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from koppelkans.figures.fonts import Weight, width_of
from koppelkans.figures.parts import PARTS
from koppelkans.figures.style import (
    BODY,
    EDGE,
    GREY,
    INK,
    NARROW,
    PAPER,
    RED,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
    text_height,
)
from koppelkans.ledger.short_names import HEADINGS
from koppelkans.ledger.traces import DIRECT
from koppelkans.locale import language as lang

_WORDS: dict[str, dict[str, str]] = {
    "finding": {"nl": "Bevindingen", "en": "Findings"},
    "conclusion": {"nl": "Conclusies", "en": "Conclusions"},
    "advice": {"nl": "Aanbevelingen", "en": "Recommendations"},
    "direct": {"nl": "zonder conclusie ertussen", "en": "no conclusion between"},
    "alone": {"nl": "zonder bevinding", "en": "no finding"},
    "one": {"nl": "conclusie", "en": "conclusion"},
    "dot": {"nl": "uitspraak met een bevinding erachter", "en": "statement with a finding behind it"},
    "ring": {"nl": "zonder", "en": "without"},
    "whole": {"nl": "steunt", "en": "supports"},
    "partly": {"nl": "steunt ten dele", "en": "supports in part"},
}
_LINK = {"nl": ("verband", "verbanden"), "en": ("link", "links")}
_WIDTHS = {"finding": 1.14, "conclusion": 1.72, "advice": 1.72}
_UNIT = 0.028  # inches of thickness for one link
_DOT = 0.042
_STEP = 0.118  # inches from one dot to the next
_GAP = 0.07
_FLOW = "#7f8c99"


@dataclass
class _Box:
    """A box of the figure: `key` in the flows, its words, dots (True: a finding behind it) and place in inches."""

    key: str
    words: str
    dots: list[bool]
    alone: bool
    colour: str
    note: str = ""
    y: float = 0.0
    height: float = 0.0
    used_left: float = 0.0
    used_right: float = 0.0


def _name(row: Any, claims: pd.DataFrame, language: str) -> str:
    """Return the number and short name of a numbered heading."""
    words = HEADINGS.get(row.id)
    text = words[language] if words else str(claims.loc[claims["id"] == row.id, f"statement_{language}"].iloc[0])
    return f"{row.number} {text}"


def _columns(nodes: pd.DataFrame, flows: pd.DataFrame, claims: pd.DataFrame, language: str) -> dict[str, list[_Box]]:
    out = flows[flows["from_stage"] == "finding"].groupby("from")["n"].sum()
    ordered = [*(part for part in PARTS if part in out), *(part for part in out.index if part not in PARTS)]
    left = []
    for part in ordered:
        names, colour = PARTS.get(part, ({language: f"§ {part}"}, GREY))
        left.append(_Box(part, names[language], [], False, colour, note=_links(int(out[part]), language)))
    columns = {"finding": left, "conclusion": [], "advice": []}
    marked = nodes[nodes["heading"]]
    for row in marked.sort_values("number").itertuples():
        under = nodes[(nodes["section"] == row.section) & (nodes["number"] == row.number)]
        under = under[under["stage"] != "finding"]
        alone = not row.supported
        box = _Box(str(row.number), _name(row, claims, language), list(under["supported"]), alone, GREY)
        box.note = _WORDS["alone"][language] if alone else ""
        columns[str(row.stage)].append(box)
    if str(DIRECT) in set(flows["from"]):
        columns["conclusion"].append(_Box(str(DIRECT), _WORDS["direct"][language], [], False, GREY))
    return columns


def _links(n: int, language: str) -> str:
    return f"{n} {_LINK[language][n != 1]}"


def _height(box: _Box, stage: str, flows: pd.DataFrame) -> float:
    into = flows.loc[(flows["to_stage"] == stage) & (flows["to"].astype(str) == box.key), "n"].sum()
    out = flows.loc[(flows["from_stage"] == stage) & (flows["from"] == box.key), "n"].sum()
    inner = _WIDTHS[stage] - 0.14
    words = text_height(box.words, inner, SMALL, "semibold") + (line_height(SMALL) if box.note else 0)
    per_row = int(inner / _STEP)
    dots = -(-len(box.dots) // per_row) * 0.12
    return max(words + dots + 0.09, max(into, out) * _UNIT + 0.04)


@in_both_widths
def trace_flows(width: float, nodes: pd.DataFrame, flows: pd.DataFrame, claims: pd.DataFrame, language: str) -> Sheet:
    """Draw the flows from parts of the results over the conclusions to the recommendations.

    `nodes` as `ledger.traces.trace_graph` gives them and `flows` as `ledger.traces.flows`; `claims` for the words of a
    heading that has no short name.
    """
    if nodes.empty or flows.empty:
        return blank(width, lang.text("no_data", language))
    columns = _columns(nodes, flows, claims, language)
    if width <= NARROW:
        return _listed(width, columns, flows, language)
    top = 0.08 + line_height(BODY)
    for stage, boxes in columns.items():
        for box in boxes:
            box.height = _height(box, stage, flows)
    high = max(sum(box.height + _GAP for box in boxes) - _GAP for boxes in columns.values())
    canvas = Canvas(top + high + 0.5, width)
    between = (width - 2 * EDGE - sum(_WIDTHS.values())) / 2
    x = EDGE
    lefts = {}
    for stage, boxes in columns.items():
        lefts[stage] = x
        canvas.write(x, 0.02, _WORDS[stage][language], weight="semibold", colour=GREY)
        spare = (high - sum(box.height for box in boxes)) / max(len(boxes) - 1, 1)
        y = top
        for box in boxes:
            box.y = y
            y += box.height + min(spare, 0.5)
            _draw_box(canvas, box, x, _WIDTHS[stage])
        x += _WIDTHS[stage] + between
    _draw_flows(canvas, columns, flows, lefts, between)
    _legend(canvas, top + high + 0.08, language)
    return canvas.figure


def _listed(width: float, columns: dict[str, list[_Box]], flows: pd.DataFrame, language: str) -> Sheet:
    """Draw conclusions and recommendations below each other, each with the number of links from where they come."""
    inner = width - 2 * EDGE - 0.16
    placed: list[tuple[_Box | None, str, list[tuple[str, str]], float]] = []
    y = EDGE
    names = {"finding": {box.key: (box.words, box.colour) for box in columns["finding"]}}
    names["conclusion"] = {box.key: (f"{_WORDS['one'][language]} {box.key}", GREY) for box in columns["conclusion"]}
    names["conclusion"][str(DIRECT)] = (_WORDS["direct"][language], GREY)
    for stage, before in (("conclusion", "finding"), ("advice", "conclusion")):
        placed.append((None, _WORDS[stage][language], [], y))
        y += line_height(BODY) + 0.04
        for box in columns[stage]:
            into = flows[(flows["to_stage"] == stage) & (flows["to"].astype(str) == box.key)]
            into = into[into["from_stage"] == before].sort_values("n", ascending=False)
            sources = [
                (f"{names[before][str(key)][0]}: {_links(int(n), language)}", names[before][str(key)][1])
                for key, n in zip(into["from"], into["n"], strict=True)
                if str(key) in names[before]
            ]
            per_row = int(inner / _STEP)
            box.height = 0.1 + text_height(box.words, inner, SMALL, "semibold") + -(-len(box.dots) // per_row) * 0.12
            box.height += (line_height(SMALL) if box.note else 0) + len(sources) * line_height(SMALL) + 0.04
            placed.append((box, stage, sources, y))
            y += box.height + _GAP
    canvas = Canvas(y + 0.62, width)
    for held, words, sources, top in placed:
        if held is None:
            canvas.write(EDGE, top, words, weight="semibold", colour=GREY)
            continue
        held.y, room = top, held.height
        held.height -= len(sources) * line_height(SMALL) + 0.04
        _frame(canvas, held, EDGE, width - 2 * EDGE, room)
        _write_box(canvas, held, EDGE, inner)
        below = top + held.height
        for source, colour in sources:
            canvas.bar(EDGE + 0.08, below + 0.05, 0.07, 0.07, colour)
            below = canvas.write(EDGE + 0.2, below, source, size=SMALL, colour=GREY)
    _legend(canvas, y + 0.02, language, upright=True)
    return canvas.figure


def _draw_box(canvas: Canvas, box: _Box, x: float, width: float) -> None:
    _frame(canvas, box, x, width, box.height)
    if box.colour != GREY:
        canvas.bar(x, box.y + 0.03, 0.05, box.height - 0.06, box.colour)
    _write_box(canvas, box, x, width - 0.14)


def _frame(canvas: Canvas, box: _Box, x: float, width: float, height: float) -> None:
    face = "#fbf3f0" if box.alone else PAPER
    canvas.box(x, box.y, width, height, face=face, edge=RED if box.alone else "#8fa1b2", dashed=box.alone)


def _write_box(canvas: Canvas, box: _Box, x: float, inner: float) -> None:
    weight: Weight = "italic" if box.key == str(DIRECT) else "semibold"
    per_row = int(inner / _STEP)
    rows = -(-len(box.dots) // per_row)
    words = text_height(box.words, inner, SMALL, "semibold") + (line_height(SMALL) if box.note else 0)
    y = canvas.write(
        x + 0.08,
        box.y + (box.height - words - rows * 0.12) / 2 - 0.01,
        box.words,
        size=SMALL,
        weight=weight,
        width=inner,
    )
    if box.note:
        y = canvas.write(x + 0.08, y, box.note, size=SMALL, colour=RED if box.alone else GREY)
    for place, supported in enumerate(box.dots):
        row, column = divmod(place, per_row)
        _dot(canvas, x + 0.08 + _DOT + column * _STEP, y + 0.06 + row * 0.12, supported)


def _dot(canvas: Canvas, x: float, y: float, supported: bool) -> None:
    if supported:
        canvas.dot(x, y, _DOT, face=INK, edge=INK, line=0.8)
    else:
        canvas.dot(x, y, _DOT, face=PAPER, edge=RED, line=1.1)


def _draw_flows(
    canvas: Canvas, columns: dict[str, list[_Box]], flows: pd.DataFrame, lefts: dict[str, float], between: float
) -> None:
    places = {(stage, box.key): box for stage, boxes in columns.items() for box in boxes}
    for stage, target in (("finding", "conclusion"), ("conclusion", "advice")):
        held = flows[flows["from_stage"] == stage]
        pairs = [
            (places[stage, row["from"]], places[target, str(row["to"])], int(row["n"]), int(row["n_whole"]))
            for _, row in held.iterrows()
            if (stage, row["from"]) in places and (target, str(row["to"])) in places
        ]
        pairs.sort(key=lambda pair: (pair[0].y, pair[1].y))
        start, end = lefts[stage] + _WIDTHS[stage], lefts[target]
        out = {id(a): sum(p[2] for p in pairs if p[0] is a) for a, *_ in pairs}
        into = {id(b): sum(p[2] for p in pairs if p[1] is b) for _, b, *_ in pairs}
        for a, b, n, whole in pairs:
            colour = a.colour if a.colour != GREY else _FLOW
            for count, tone in ((whole, 0.8), (n - whole, 0.35)):
                if count:
                    y_a = a.y + (a.height - out[id(a)] * _UNIT) / 2 + a.used_right
                    y_b = b.y + (b.height - into[id(b)] * _UNIT) / 2 + b.used_left
                    _ribbon(canvas, start, y_a, end, y_b, count * _UNIT, colour, tone)
                    a.used_right += count * _UNIT
                    b.used_left += count * _UNIT


def _ribbon(
    canvas: Canvas, x: float, y: float, x_end: float, y_end: float, thick: float, colour: str, tone: float
) -> None:
    """Draw a band from one edge to another that starts and ends level."""
    half = (x + x_end) / 2
    upper = [(x, y), (half, y), (half, y_end), (x_end, y_end)]
    lower = [(x_end, y_end + thick), (half, y_end + thick), (half, y + thick), (x, y + thick)]
    codes = [Curve.MOVETO, *[Curve.CURVE4] * 3, Curve.LINETO, *[Curve.CURVE4] * 3, Curve.CLOSEPOLY]
    curve = Curve([*upper, *lower, upper[0]], codes)
    canvas.axes.add_patch(PathPatch(curve, facecolor=colour, alpha=tone, edgecolor=PAPER, linewidth=0.3, zorder=1))


def _legend(canvas: Canvas, y: float, language: str, upright: bool = False) -> None:
    middle = y + line_height(SMALL) / 2
    x = EDGE + _DOT
    for supported, key in ((True, "dot"), (False, "ring")):
        _dot(canvas, x, middle, supported)
        canvas.write_middle(x + 0.1, middle, _WORDS[key][language], size=SMALL)
        if upright:
            middle += line_height(SMALL)
        else:
            x += 0.1 + width_of(_WORDS[key][language], SMALL) + 0.22
    if upright:
        return
    middle += line_height(SMALL) + 0.03
    x = EDGE
    for key, tone in (("whole", 0.8), ("partly", 0.35)):
        canvas.axes.add_patch(
            Rectangle((x, middle - 0.05), 0.26, 0.1, facecolor=_FLOW, alpha=tone, edgecolor="none", zorder=2)
        )
        canvas.write_middle(x + 0.34, middle, _WORDS[key][language], size=SMALL)
        x += 0.34 + width_of(_WORDS[key][language], SMALL) + 0.22
