"""Where the study does not agree with itself: a square for every place, by subject and nature."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREY,
    NARROW,
    ORANGE,
    PAPER,
    SMALL,
    Align,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
    text_height,
)
from koppelkans.locale import language as lang

_WORDS: dict[str, dict[str, str]] = {
    "found": {"nl": "in de gegevens gevonden", "en": "found in the data"},
    "not-found": {"nl": "niet gevonden", "en": "not found"},
    "listed": {"nl": "alleen op de lijst", "en": "only on the list"},
}
STATES = ("found", "not-found", "listed")
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


@in_both_widths
def discrepancy_grid(width: float, counts: pd.DataFrame, language: str) -> Sheet:
    """Draw every discrepancy as a square, by group and verdict; filled where a check found it in the data.

    `counts` as `ledger.discrepancies.counts` gives them. On a phone the verdicts of a group stand below each other.
    """
    if counts.empty:
        return blank(width, lang.text("no_data", language))
    cells = {(g, v): held for (g, v), held in counts.groupby(["group", "verdict"])}
    states = [state for state in STATES if state in set(counts["outcome"]) or state != "not-found"]
    if width <= NARROW:
        return _listed(width, cells, states, language)
    left = EDGE + 1.3
    step = (width - EDGE - left) / len(VERDICTS)
    per_row = int((step - 0.1) / (_SQUARE + 0.03))
    top = 0.08 + max(text_height(names[language], step - 0.06, SMALL) for names in VERDICTS.values())
    squares = {key: -(-int(held["n"].sum()) // per_row) for key, held in cells.items()}
    heights = [
        max([0.4, *(rows * (_SQUARE + 0.03) + 0.24 for (g, _), rows in squares.items() if g == group)])
        for group in GROUPS
    ]
    canvas = Canvas(top + sum(heights) + 0.32, width)
    for place, names in enumerate(VERDICTS.values()):
        lift = text_height(names[language], step - 0.06, SMALL)
        canvas.write(
            left + place * step, top - 0.04 - lift, names[language], size=SMALL, colour=GREY, width=step - 0.06
        )
    y = top
    for (group, names), height in zip(GROUPS.items(), heights, strict=True):
        canvas.line((EDGE, y), (width - EDGE, y))
        canvas.write(EDGE, y + 0.07, names[language], width=1.2)
        for place, verdict in enumerate(VERDICTS):
            held = cells.get((group, verdict))
            if held is not None:
                _write_count(canvas, left + place * step, y + 0.05, held)
                _squares(canvas, left + place * step, y + 0.23, held, per_row)
        y += height
    x = EDGE
    for state in states:
        _square(canvas, x, y + 0.12, state)
        canvas.write_middle(x + 0.2, y + 0.12 + _SQUARE / 2, _WORDS[state][language], size=SMALL)
        x += 0.2 + width_of(_WORDS[state][language], SMALL) + 0.25
    return canvas.figure


def _listed(width: float, cells: dict[Any, pd.DataFrame], states: list[str], language: str) -> Sheet:
    left = EDGE + max(width_of(names[language], SMALL) for names in VERDICTS.values()) + 0.4
    per_row = int((width - EDGE - left) / (_SQUARE + 0.03))
    placed: list[tuple[str, pd.DataFrame | None, float]] = []
    y = EDGE
    for group, names in GROUPS.items():
        placed.append((names[language], None, y))
        y += line_height(BODY) + 0.06
        for verdict, words in VERDICTS.items():
            if (group, verdict) in cells:
                held = cells[group, verdict]
                placed.append((words[language], held, y))
                y += max(line_height(SMALL), -(-int(held["n"].sum()) // per_row) * (_SQUARE + 0.03)) + 0.05
        y += 0.06
    canvas = Canvas(y + len(states) * 0.2 + 0.06, width)
    for label, counted, top in placed:
        if counted is None:
            canvas.line((EDGE, top), (width - EDGE, top))
            canvas.write(EDGE, top + 0.04, label, weight="semibold")
        else:
            canvas.write(EDGE, top, label, size=SMALL)
            _write_count(canvas, left - 0.1, top, counted, "right")
            _squares(canvas, left, top + 0.01, counted, per_row)
    for place, state in enumerate(states):
        _square(canvas, EDGE, y + 0.2 * place, state)
        canvas.write_middle(EDGE + 0.2, y + 0.2 * place + _SQUARE / 2, _WORDS[state][language], size=SMALL)
    return canvas.figure


def _write_count(canvas: Canvas, x: float, y: float, held: pd.DataFrame, align: Align = "left") -> None:
    canvas.write(x, y, str(int(held["n"].sum())), size=SMALL, weight="semibold", align=align)


def _squares(canvas: Canvas, x: float, y: float, held: pd.DataFrame, per_row: int) -> None:
    states = [state for state in ("found", "not-found", "not-run", "listed") for _ in range(_of(held, state))]
    for place, state in enumerate(states):
        row, column = divmod(place, per_row)
        _square(canvas, x + column * (_SQUARE + 0.03), y + row * (_SQUARE + 0.03), state)


def _of(held: pd.DataFrame, state: str) -> int:
    return int(held.loc[held["outcome"] == state, "n"].sum())


def _square(canvas: Canvas, x: float, y: float, state: str) -> None:
    face = {"found": BLUE, "not-found": ORANGE}.get(state, PAPER)
    edge = BLUE if state == "found" else ORANGE if state == "not-found" else GREY
    canvas.axes.add_patch(Rectangle((x, y), _SQUARE, _SQUARE, facecolor=face, edgecolor=edge, linewidth=0.8, zorder=2))
