"""How two groups of interviewees differ: shares with intervals, and the difference."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.field_coding import TOO_FEW, interval_line, percent_axis
from koppelkans.figures.fonts import wrapped
from koppelkans.figures.style import (
    BLUE,
    EDGE,
    GREY,
    NARROW,
    PALE,
    PURPLE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
)
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of

KIND_WORDS = {
    "theme": {"nl": "Thema’s", "en": "Themes"},
    "role": {"nl": "Motieven en barrières", "en": "Motives and barriers"},
    "valence": {"nl": "Oordeel", "en": "Judgement"},
    "lens": {"nl": "Gedragslenzen", "en": "Lenses on behaviour"},
    "motive": {"nl": "motief", "en": "motive"},
    "barrier": {"nl": "barrière", "en": "barrier"},
    "discouraging": {"nl": "ontmoedigend", "en": "discouraging"},
    "positive": {"nl": "positief", "en": "positive"},
    "negative": {"nl": "negatief", "en": "negative"},
    "habits": {"nl": "gewoonten en impulsen", "en": "habits and impulses"},
    "knowing": {"nl": "weten en voelen", "en": "knowing and feeling"},
    "seeing": {"nl": "zien en beseffen", "en": "seeing and realising"},
    "wanting": {"nl": "willen en kunnen", "en": "wanting and being able"},
    "doing": {"nl": "doen en blijven doen", "en": "doing and carrying on"},
}


def group_names(language: str) -> tuple[str, str]:
    """Name the two groups of the contrast."""
    return {"nl": ("woningeigenaren", "huurders"), "en": ("homeowners", "tenants")}[language]


@in_both_widths
def contrast(width: float, table: pd.DataFrame | Reason, groups: tuple[str, str], language: str) -> Sheet:
    """Draw for two groups the share of people with each theme or kind of code, with intervals and the difference.

    `table` as `strands.coded_patterns.contrast` gives it.
    """
    if isinstance(table, Reason):
        return blank(width, table.text(language))
    phone = width <= NARROW
    marks = ((BLUE, groups[0], "a"), (PURPLE, groups[1], "b"))
    room = width - 2 * EDGE if phone else 1.7
    left, right = (EDGE + 0.12, width - 1.3) if phone else (EDGE + 1.8, width - 1.55)
    placed: list[tuple[dict[str, Any], list[str], float, float]] = []
    y = 0.08 + 2 * line_height(SMALL)
    for block, held in table.groupby("block", sort=False):
        placed.append(({"heading": KIND_WORDS[str(block)][language]}, [], y, 0.0))
        y += line_height(SMALL) + 0.08
        for row in rows_of(held):
            name = KIND_WORDS[row["row"]][language] if block != "theme" else row["row"]
            lines = wrapped(name, room, SMALL)
            high = (
                len(lines) * line_height(SMALL) + 0.36 if phone else max(len(lines) * line_height(SMALL), 0.26) + 0.08
            )
            placed.append((row, lines, y, y + high - 0.2 if phone else y + high / 2))
            y += high
    note = {
        "nl": "Rechts: verschil in procentpunten, 95%-interval van Newcombe; lijnen: 95% (Wilson). Geen toets.",
        "en": "Right: difference in percentage points, 95% interval by Newcombe; lines: 95% (Wilson). No test.",
    }[language]
    below = wrapped(note, width - 2 * EDGE - 0.08, SMALL)
    canvas = Canvas(y + 0.28 + len(below) * line_height(SMALL), width)
    for number, (colour, name, which) in enumerate(marks):
        key_y = 0.04 + (number + 0.5) * line_height(SMALL)
        _mark(canvas, EDGE + 0.08, key_y, which, colour)
        canvas.write_middle(EDGE + 0.2, key_y, f"{name}: n = {table[f'of_{which}'].iloc[0]}", size=SMALL)
    percent_axis(canvas, left, right, 0.06 + 2 * line_height(SMALL), y)
    for row, lines, top, middle in placed:
        if "heading" in row:
            canvas.band(EDGE, top, width - 2 * EDGE, line_height(SMALL) + 0.04, PALE)
            canvas.write(EDGE + 0.04, top + 0.02, row["heading"], size=SMALL, weight="semibold")
            continue
        name_top = top + 0.04 if phone else middle - len(lines) * line_height(SMALL) / 2
        for number, line in enumerate(lines):
            canvas.write(EDGE, name_top + number * line_height(SMALL), line, size=SMALL)
        if row["hidden"]:
            canvas.write_middle(left + 0.06, middle, TOO_FEW[language], size=SMALL, colour=GREY, weight="italic")
            continue
        for (colour, _, which), dy in zip(marks, (-0.07, 0.07), strict=True):
            interval_line(canvas, left, right, middle + dy, (row[f"low_{which}"], row[f"high_{which}"]), colour)
            _mark(canvas, left + (right - left) * row[f"share_{which}"], middle + dy, which, colour)
        ends = [round(100 * row[key]) for key in ("difference", "difference_low", "difference_high")]
        gap = f"{ends[0]:+d} ({ends[1]:+d} … {ends[2]:+d})".replace("-", "−").replace("+0", "0")
        canvas.write_middle(width - EDGE, middle, gap, size=SMALL, align="right")
    y += 0.02 + line_height(SMALL)
    for line in below:
        y = canvas.write(EDGE, y + 0.02, line, size=SMALL, colour=GREY)
    return canvas.figure


def _mark(canvas: Canvas, x: float, y: float, which: str, colour: str) -> None:
    """Draw the mark of a group: a filled circle for a, an open one for b."""
    canvas.dot(x, y, 0.045, face=colour if which == "a" else "white", edge=colour)
