"""How findings lead to conclusions and recommendations, what has no finding behind it, and what does not agree.

The figure of the flows has three columns: parts of the results, numbered conclusions, numbered recommendations. A line
between two boxes is as thick as there are links. The dots in a box are its statements: filled with a finding behind it,
open without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Curve

from koppelkans import language as lang
from koppelkans.figures.claims import NAMES
from koppelkans.figures.fonts import Weight, width_of
from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    RED,
    RULE,
    SMALL,
    WIDTH,
    Canvas,
    line_height,
    no_data,
    text_height,
)
from koppelkans.ledger.short_names import HEADINGS
from koppelkans.ledger.traces import DIRECT

PARTS: dict[str, tuple[dict[str, str], str]] = {
    "1": ({"nl": "§ 1.3 Gezamenlijke acties", "en": "§ 1.3 Joint actions"}, BLUE),
    "Tabel 1": ({"nl": "Tabel 1 Sessies", "en": "Table 1 Sessions"}, BLUE),
    "2.1": ({"nl": "§ 2.1 Oordeel over sessies", "en": "§ 2.1 Views on sessions"}, BLUE),
    "2.2": ({"nl": "§ 2.2 Veranderverhalen", "en": "§ 2.2 Change stories"}, GREEN),
    "2.3": ({"nl": "§ 2.3 Huurders", "en": "§ 2.3 Tenants"}, ORANGE),
    "2.4": ({"nl": "§ 2.4 Woningeigenaren", "en": "§ 2.4 Homeowners"}, PURPLE),
}
"""Parts of the study with findings, in the order of the figure: name and colour (that of the work package)."""
_WORDS: dict[str, dict[str, str]] = {
    "finding": {"nl": "Bevindingen", "en": "Findings"},
    "conclusion": {"nl": "Conclusies", "en": "Conclusions"},
    "advice": {"nl": "Aanbevelingen", "en": "Recommendations"},
    "direct": {"nl": "zonder conclusie ertussen", "en": "no conclusion between"},
    "alone": {"nl": "zonder bevinding", "en": "no finding"},
    "dot": {"nl": "uitspraak met een bevinding erachter", "en": "statement with a finding behind it"},
    "ring": {"nl": "zonder", "en": "without"},
    "whole": {"nl": "steunt", "en": "supports"},
    "partly": {"nl": "steunt ten dele", "en": "supports in part"},
    "found": {"nl": "in de gegevens gevonden", "en": "found in the data"},
    "not-found": {"nl": "niet gevonden", "en": "not found"},
    "listed": {"nl": "alleen op de lijst", "en": "only on the list"},
}
_LINK = {"nl": ("verband", "verbanden"), "en": ("link", "links")}
_WIDTHS = {"finding": 1.14, "conclusion": 1.72, "advice": 1.72}
_UNIT = 0.028  # inches of thickness for one link
_DOT = 0.042
_STEP = 0.118  # inches from one dot to the next
_GAP = 0.07
_FLOW = "#7f8c99"
_SHADES = LinearSegmentedColormap.from_list("findings", ["#e9f0f6", "#a3c3de", "#3f7cb3", "#164a7a"])


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


def trace_flows(nodes: pd.DataFrame, flows: pd.DataFrame, claims: pd.DataFrame, language: str) -> Figure:
    """Draw the flows from parts of the results over the conclusions to the recommendations.

    `nodes` as `ledger.traces.trace_graph` gives them and `flows` as `ledger.traces.flows`; `claims` for the words of a
    heading that has no short name.
    """
    if nodes.empty or flows.empty:
        return no_data(lang.text("no_data", language))
    columns = _columns(nodes, flows, claims, language)
    top = 0.08 + line_height(BODY)
    for stage, boxes in columns.items():
        for box in boxes:
            box.height = _height(box, stage, flows)
    high = max(sum(box.height + _GAP for box in boxes) - _GAP for boxes in columns.values())
    canvas = Canvas(top + high + 0.5)
    between = (WIDTH - 2 * EDGE - sum(_WIDTHS.values())) / 2
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


def _draw_box(canvas: Canvas, box: _Box, x: float, width: float) -> None:
    face = "#fbf3f0" if box.alone else PAPER
    canvas.box(x, box.y, width, box.height, face=face, edge=RED if box.alone else "#8fa1b2", dashed=box.alone)
    if box.colour != GREY:
        canvas.bar(x, box.y + 0.03, 0.05, box.height - 0.06, box.colour)
    weight: Weight = "italic" if box.key == str(DIRECT) else "semibold"
    inner = width - 0.14
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


def _legend(canvas: Canvas, y: float, language: str) -> None:
    middle = y + line_height(SMALL) / 2
    x = EDGE + _DOT
    for supported, key in ((True, "dot"), (False, "ring")):
        _dot(canvas, x, middle, supported)
        canvas.write_middle(x + 0.1, middle, _WORDS[key][language], size=SMALL)
        x += 0.1 + width_of(_WORDS[key][language], SMALL) + 0.22
    middle += line_height(SMALL) + 0.03
    x = EDGE
    for key, tone in (("whole", 0.8), ("partly", 0.35)):
        canvas.axes.add_patch(
            Rectangle((x, middle - 0.05), 0.26, 0.1, facecolor=_FLOW, alpha=tone, edgecolor="none", zorder=2)
        )
        canvas.write_middle(x + 0.34, middle, _WORDS[key][language], size=SMALL)
        x += 0.34 + width_of(_WORDS[key][language], SMALL) + 0.22


def trace_matrix(matrix: pd.DataFrame, nodes: pd.DataFrame, language: str) -> Figure:
    """Draw how many findings of each part lead to each numbered conclusion and recommendation.

    `matrix` as `ledger.traces.matrix` gives it, by part or by work package; `nodes` for the headings, so that one that
    no finding leads to has an empty column.
    """
    if matrix.empty:
        return no_data(lang.text("no_data", language))
    by = str(matrix.columns[0])
    marked = nodes[nodes["heading"]].sort_values(["stage", "number"])
    order = ["conclusion", "advice"]
    heads = [(stage, int(n)) for stage in order for n in marked.loc[marked["stage"] == stage, "number"]]
    values: dict[Any, int] = {
        (getattr(row, by), row.stage, row.number): n
        for row, n in zip(matrix.itertuples(), matrix["n_findings"].astype(int), strict=True)
    }
    known = PARTS if by == "part" else NAMES
    rows = [*(key for key in known if key in set(matrix[by])), *(k for k in matrix[by].unique() if k not in known)]
    names = [_row_name(row, language) for row in rows]
    left = EDGE + max(width_of(name, SMALL) for name in names) + 0.12
    apart = 0.14
    step = (WIDTH - EDGE - left - apart) / len(heads)
    xs = [left + place * step + (apart if stage == "advice" else 0) for place, (stage, _) in enumerate(heads)]
    top, high = 0.5, 0.29
    canvas = Canvas(top + high * len(rows) + 0.06)
    for stage in order:
        own = [x for x, (head, _) in zip(xs, heads, strict=True) if head == stage]
        if own:
            canvas.write(own[0] + 0.02, 0.02, _WORDS[stage][language], size=SMALL, weight="semibold", colour=GREY)
            canvas.line((own[0] + 0.02, 0.24), (own[-1] + step - 0.02, 0.24))
    most = max(values.values())
    for x, (stage, number) in zip(xs, heads, strict=True):
        lone = not any((row, stage, number) in values for row in rows)
        canvas.write(x + step / 2, 0.28, str(number), colour=RED if lone else INK, weight="semibold", align="center")
        if lone:
            canvas.box(
                x + 0.02,
                top + 0.02,
                step - 0.04,
                high * len(rows) - 0.04,
                face="#fbf3f0",
                edge=RED,
                dashed=True,
                radius=0.04,
            )
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        middle = top + (place + 0.5) * high
        canvas.write_middle(left - 0.1, middle, name, size=SMALL, align="right")
        for x, (stage, number) in zip(xs, heads, strict=True):
            count = values.get((row, stage, number), 0)
            if count:
                share = count / most
                canvas.bar(x + 0.02, middle - 0.125, step - 0.04, 0.25, to_hex(_SHADES(share)))
                ink = PAPER if share > 0.55 else INK
                canvas.write_middle(x + step / 2, middle, str(count), size=SMALL, colour=ink, align="center")
            else:
                canvas.write_middle(x + step / 2, middle, "–", size=SMALL, colour=RULE, align="center")
    return canvas.figure


def _row_name(key: str, language: str) -> str:
    if key in PARTS:
        return PARTS[key][0][language]
    return NAMES[key][language] if key in NAMES else f"§ {key}"


GROUPS = {
    "A": {"nl": "Aantallen en data", "en": "Counts and dates"},
    "B": {"nl": "Namen", "en": "Names"},
    "C": {"nl": "Niveau, doel en eigenaarschap", "en": "Level, goal and ownership"},
    "D": {"nl": "Resultaten en conclusies", "en": "Results and conclusions"},
}
VERDICTS = {
    "T": {"nl": "klopt niet", "en": "does not agree"},
    "S": {"nl": "geen resultaat of ruimer", "en": "no result, or wider"},
    "P": {"nl": "schuurt, kan samengaan", "en": "tension, both can hold"},
    "W": {"nl": "naam of woord", "en": "name or wording"},
    "?": {"nl": "niet uit te maken", "en": "cannot be settled"},
}
_SQUARE = 0.13


def discrepancy_grid(counts: pd.DataFrame, language: str) -> Figure:
    """Draw every discrepancy as a square, by group and verdict; filled where a check found it in the data.

    `counts` as `ledger.discrepancies.counts` gives them.
    """
    if counts.empty:
        return no_data(lang.text("no_data", language))
    left = EDGE + 1.3
    step = (WIDTH - EDGE - left) / len(VERDICTS)
    per_row = int((step - 0.1) / (_SQUARE + 0.03))
    top = 0.08 + max(text_height(names[language], step - 0.06, SMALL) for names in VERDICTS.values())
    cells = {(g, v): held for (g, v), held in counts.groupby(["group", "verdict"])}
    squares = {key: -(-int(held["n"].sum()) // per_row) for key, held in cells.items()}
    heights = [
        max([0.4, *(rows * (_SQUARE + 0.03) + 0.24 for (g, _), rows in squares.items() if g == group)])
        for group in GROUPS
    ]
    canvas = Canvas(top + sum(heights) + 0.32)
    for place, names in enumerate(VERDICTS.values()):
        lift = text_height(names[language], step - 0.06, SMALL)
        canvas.write(
            left + place * step, top - 0.04 - lift, names[language], size=SMALL, colour=GREY, width=step - 0.06
        )
    y = top
    for (group, names), height in zip(GROUPS.items(), heights, strict=True):
        canvas.line((EDGE, y), (WIDTH - EDGE, y))
        canvas.write(EDGE, y + 0.07, names[language], width=1.2)
        for place, verdict in enumerate(VERDICTS):
            held = cells.get((group, verdict))
            if held is not None:
                _squares(canvas, left + place * step, y + 0.06, held, per_row)
        y += height
    x = EDGE
    for state in ("found", "not-found", "listed"):
        if state in set(counts["outcome"]) or state != "not-found":
            _square(canvas, x, y + 0.12, state)
            canvas.write_middle(x + 0.2, y + 0.12 + _SQUARE / 2, _WORDS[state][language], size=SMALL)
            x += 0.2 + width_of(_WORDS[state][language], SMALL) + 0.25
    return canvas.figure


def _squares(canvas: Canvas, x: float, y: float, held: pd.DataFrame, per_row: int) -> None:
    canvas.write(x, y - 0.01, str(int(held["n"].sum())), size=SMALL, weight="semibold")
    states = [state for state in ("found", "not-found", "not-run", "listed") for _ in range(_of(held, state))]
    for place, state in enumerate(states):
        row, column = divmod(place, per_row)
        _square(canvas, x + column * (_SQUARE + 0.03), y + 0.17 + row * (_SQUARE + 0.03), state)


def _of(held: pd.DataFrame, state: str) -> int:
    return int(held.loc[held["outcome"] == state, "n"].sum())


def _square(canvas: Canvas, x: float, y: float, state: str) -> None:
    face = {"found": BLUE, "not-found": ORANGE}.get(state, PAPER)
    edge = BLUE if state == "found" else ORANGE if state == "not-found" else GREY
    canvas.axes.add_patch(Rectangle((x, y), _SQUARE, _SQUARE, facecolor=face, edgecolor=edge, linewidth=0.8, zorder=2))
