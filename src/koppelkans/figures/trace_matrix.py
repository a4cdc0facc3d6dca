"""How many findings of each part of the study arrive at each numbered conclusion and recommendation."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from koppelkans.figures.fonts import width_of
from koppelkans.figures.parts import PARTS
from koppelkans.figures.style import (
    EDGE,
    GREY,
    INK,
    NARROW,
    PAPER,
    RED,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
)
from koppelkans.ledger.names import NAMES
from koppelkans.locale import language as lang

_WORDS: dict[str, dict[str, str]] = {
    "conclusion": {"nl": "Conclusies", "en": "Conclusions"},
    "advice": {"nl": "Aanbevelingen", "en": "Recommendations"},
}
_SHADES = LinearSegmentedColormap.from_list("findings", ["#e9f0f6", "#a3c3de", "#3f7cb3", "#164a7a"])
_TOP = 0.5  # inches above the first row of a grid
_ROW = 0.29
_APART = 0.14  # inches between conclusions and recommendations


@in_both_widths
def trace_matrix(width: float, matrix: pd.DataFrame, nodes: pd.DataFrame, language: str) -> Sheet:
    """Draw how many findings of each part lead to each numbered conclusion and recommendation.

    `matrix` as `ledger.traces.matrix` gives it, by part or by work package; `nodes` for the headings, so that one that
    no finding leads to has an empty column.
    """
    if matrix.empty:
        return blank(width, lang.text("no_data", language))
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
    panels = [heads] if width > NARROW else [[head for head in heads if head[0] == stage] for stage in order]
    panels = [panel for panel in panels if panel]
    step = (width - EDGE - left - _APART) / max(map(len, panels))
    deep = _TOP + _ROW * len(rows) + 0.06
    canvas = Canvas(deep * len(panels) + 0.12 * (len(panels) - 1), width)
    for number, panel in enumerate(panels):
        _panel(canvas, number * (deep + 0.12), left, step, panel, list(zip(rows, names, strict=True)), values, language)
    return canvas.figure


def _panel(
    canvas: Canvas,
    y: float,
    left: float,
    step: float,
    heads: list[tuple[str, int]],
    rows: list[tuple[Any, str]],
    values: dict[Any, int],
    language: str,
) -> None:
    """Draw a grid of the rows (key, name) against some heads (stage, number), with its top at y."""
    first = heads[0][0]
    xs = [left + place * step + (_APART if stage != first else 0) for place, (stage, _) in enumerate(heads)]
    top = y + _TOP
    for stage in dict.fromkeys(stage for stage, _ in heads):
        own = [x for x, (head, _) in zip(xs, heads, strict=True) if head == stage]
        canvas.write(own[0] + 0.02, y + 0.02, _WORDS[stage][language], size=SMALL, weight="semibold", colour=GREY)
        canvas.line((own[0] + 0.02, y + 0.24), (own[-1] + step - 0.02, y + 0.24))
    most = max(values.values())
    for x, (stage, number) in zip(xs, heads, strict=True):
        lone = not any((row, stage, number) in values for row, _ in rows)
        colour = RED if lone else INK
        canvas.write(x + step / 2, y + 0.28, str(number), colour=colour, weight="semibold", align="center")
        if lone:
            high = _ROW * len(rows) - 0.04
            face = "#fbf3f0"
            canvas.box(x + 0.02, top + 0.02, step - 0.04, high, face=face, edge=RED, dashed=True, radius=0.04)
    for place, (row, name) in enumerate(rows):
        middle = top + (place + 0.5) * _ROW
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


def _row_name(key: str, language: str) -> str:
    if key in PARTS:
        return PARTS[key][0][language]
    return NAMES[key][language] if key in NAMES else f"§ {key}"
