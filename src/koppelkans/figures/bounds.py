"""Bounds: what the words force on the counts of a published number of people, and what a majority would have taken."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import (
    BLUE,
    BLUE_TINT,
    EDGE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PALE,
    PAPER,
    RULE,
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
from koppelkans.strands.published import rows_of

GROUPS = {
    "evaluation-interviews": {"nl": "Evaluatie-interviews", "en": "Evaluation interviews"},
    "tenant-interviews": {"nl": "Interviews met huurders", "en": "Interviews with tenants"},
    "homeowner-interviews": {"nl": "Interviews met eigenaren", "en": "Interviews with homeowners"},
    "sessions": {"nl": "Koppelkansensessies", "en": "Linkage sessions"},
    "partners": {"nl": "Partners", "en": "Partners"},
}
_BASES = {
    "if-all-tenants": {"nl": "als allen huurder waren", "en": "if all were tenants"},
    "if-named-partners": {"nl": "als het de genoemde partners zijn", "en": "if they are the partners named"},
}
_WORDS = {
    "nobody": {"nl": "geen", "en": "none"},
    "half": {"nl": "helft", "en": "half"},
    "all": {"nl": "allen", "en": "all"},
    "forced": {"nl": "woorden", "en": "words"},
    "convention": {"nl": "conventie", "en": "convention"},
    "times": {"nl": "{n}×", "en": "{n}×"},
    "sample": {"nl": "n, het aantal willekeurig gekozen bewoners", "en": "n, the number of residents drawn at random"},
    "needed": {"nl": "aandeel in de steekproef", "en": "share of the sample"},
    "shows": {"nl": "toont een meerderheid in de wijk", "en": "shows a majority in the neighbourhood"},
    "shows_not": {"nl": "toont geen meerderheid", "en": "does not show a majority"},
    "from": {"nl": "{share}: vanaf n = {n}", "en": "{share}: from n = {n}"},
}
_GAP = 0.05


@in_both_widths
def quantifier_counts(width: float, rows: pd.DataFrame, language: str) -> Sheet:
    """Draw for each kind of words the counts of people that it allows, as dots on a scale from nobody to all.

    `rows` as `ledger.bounds.by_rule` gives it. A solid bar: what the words force; a hollow one: what a convention would
    make of it. No solid bar where the words force nothing. On a phone the words stand above their scale.
    """
    if rows.empty:
        return blank(width, lang.text("no_data", language))
    above = width <= NARROW
    left, right, forced_x, convention_x = 2.6, 3.98, 4.78, width - EDGE
    if above:
        left, right, forced_x = 0.55, 1.95, 2.75
    placed, y = _placed(rows, language, width - 2 * EDGE + 0.23 if above else left - 0.22 - EDGE, above)
    canvas = Canvas(y + 0.06, width)
    for x, key in ((left, "nobody"), ((left + right) / 2, "half"), (right, "all")):
        canvas.write(x, 0.04, _WORDS[key][language], size=SMALL, colour=GREY, align="center")
        if not above:
            canvas.line((x, 0.24), (x, y), colour=PALE, weight=1.0)
    canvas.write(forced_x, 0.04, _WORDS["forced"][language], size=SMALL, colour=BLUE, align="right", weight="semibold")
    words = _WORDS["convention"][language]
    canvas.write(convention_x, 0.04, words, size=SMALL, colour=ORANGE, align="right", weight="semibold")
    for row, label, top, height in placed:
        if row is None:
            canvas.write(EDGE, top, label, size=SMALL, weight="semibold", width=width - 2 * EDGE)
            continue
        middle = top + height - 0.1 if above else top + height / 2
        times = _WORDS["times"][language].format(n=row["times"])
        canvas.write_middle(left - 0.16, middle, times, size=SMALL, colour=GREY, align="right")
        if above:
            canvas.write(EDGE + 0.1, top, label, size=SMALL, width=width - 2 * EDGE - 0.1)
        else:
            canvas.write_middle(EDGE + 0.1, middle, label, size=SMALL, width=left - 0.55 - EDGE)
        _ranges(canvas, row, left, right, middle)
        if row["rule"] != "unbounded":
            text = _ends(row["low"], row["high"])
            canvas.write_middle(forced_x, middle, text, size=SMALL, colour=BLUE, align="right", weight="semibold")
        else:
            canvas.write_middle(forced_x, middle, "–", size=SMALL, colour=GREY, align="right")
        if row["convention"]:
            text = _ends(row["convention_low"], row["convention_high"])
            canvas.write_middle(convention_x, middle, text, size=SMALL, colour=ORANGE, align="right", weight="semibold")
    return canvas.figure


def _placed(
    rows: pd.DataFrame, language: str, width: float, above: bool
) -> tuple[list[tuple[dict[str, Any] | None, str, float, float]], float]:
    """Give headings (no row) and rows their place: row, label, top, height; and the y below the last."""
    placed: list[tuple[dict[str, Any] | None, str, float, float]] = []
    y = 0.28
    for (group, n, basis), said in rows.groupby(["group", "n", "n_basis"], sort=False):
        name = GROUPS[group][language] if group in GROUPS else str(group)
        condition = f", {_BASES[basis][language]}" if basis in _BASES else ""
        heading = f"{name}, n = {n}{condition}"
        high = text_height(heading, width, SMALL, "semibold") if above else line_height(SMALL)
        placed.append((None, heading, y, high))
        y += high + _GAP
        for row in rows_of(said):
            label = row[f"words_{language}"]
            height = max(text_height(label, width - 0.33, SMALL), 0.17) + (0.2 if above else 0)
            placed.append((row, label, y, height))
            y += height + _GAP
        y += _GAP
    return placed, y


def _ranges(canvas: Canvas, row: dict[str, Any], left: float, right: float, y: float) -> None:
    n = int(row["n"])
    step = (right - left) / n
    if row["rule"] != "unbounded":
        low, high = (left + int(row[end]) * step for end in ("low", "high"))
        canvas.bar(low - 0.045, y - 0.045, high - low + 0.09, 0.09, BLUE)
    if row["convention"]:
        low, high = (left + int(row[f"convention_{end}"]) * step for end in ("low", "high"))
        canvas.box(low - 0.075, y - 0.075, high - low + 0.15, 0.15, face="none", edge=ORANGE, line=1.4, radius=0.05)
    for k in range(n + 1):
        inside = row["rule"] != "unbounded" and row["low"] <= k <= row["high"]
        canvas.dot(left + k * step, y, 0.02, face=PAPER if inside else RULE)


def _ends(low: object, high: object) -> str:
    return str(low) if low == high else f"{low}–{high}"


@in_both_widths
def majority_sizes(width: float, critical: pd.DataFrame, sizes: pd.DataFrame, language: str) -> Sheet:
    """Draw which share of a random sample of n would show a majority in the population, for every n.

    `critical` as `strands.preferences.critical_counts` gives it, `sizes` as `sample_sizes`: a line at each of its
    shares, with the n from which on it is enough.
    """
    if critical.empty:
        return blank(width, lang.text("no_data", language))
    n_max, height, top = int(critical["n"].max()), 2.0, 0.3
    left, right, base = EDGE + 0.42, width - EDGE - 0.05, 0.3 + 2.0
    step = (right - left) / n_max

    def up(share: float) -> float:
        return base - (share - 0.4) / 0.6 * height

    canvas = Canvas(base + 0.44, width)
    canvas.write(EDGE, 0.03, _WORDS["needed"][language], size=SMALL, colour=GREY)
    for row in rows_of(critical.dropna(subset=["needed"])):
        x, y = left + (row["n"] - 1) * step, up(row["share"])
        canvas.band(x, top, step, y - top, BLUE_TINT)
        canvas.line((x, y), (x + step, y), colour=BLUE, weight=2.0)
    for tenth in (4, 5, 6, 7, 8, 9, 10):
        share = lang.number(10 * tenth, language, unit="%")["text"]
        canvas.write_middle(left - 0.06, up(tenth / 10), share, size=SMALL, colour=GREY, align="right")
    canvas.line((left, up(0.5)), (right, up(0.5)), colour=RULE, dashed=True)
    for row in rows_of(sizes):
        x = left + (row["n"] - 0.5) * step
        share = lang.number(100 * row["share"], language, unit="%")["text"]
        label = _WORDS["from"][language].format(share=share, n=row["n"])
        canvas.line((left, up(row["share"])), (x, up(row["share"])), colour=ORANGE, weight=1.4)
        canvas.line((x, up(row["share"])), (x, base), colour=ORANGE, weight=1.4)
        canvas.dot(x, up(row["share"]), 0.045, face=ORANGE)
        fits = x + 0.1 + width_of(label, SMALL, "semibold") < right
        align: Align = "left" if fits else "right"
        canvas.write_middle(x + (0.1 if fits else -0.1), up(0.55), label, size=SMALL, weight="semibold", align=align)
    canvas.write_middle(right - 0.1, up(0.93), _WORDS["shows"][language], colour=BLUE, weight="semibold", align="right")
    between = (sizes["n"].min() + sizes["n"].max()) / 2 if len(sizes) > 1 else n_max / 2
    canvas.write_middle(
        left + between * step, up(0.45), _WORDS["shows_not"][language], colour=GREY, align="center", weight="semibold"
    )
    canvas.line((left, base), (right, base), colour=INK)
    for n in sorted({1, *range(10, n_max + 1, 10)}):
        canvas.write(left + (n - 0.5) * step, base + 0.04, str(n), size=SMALL, colour=GREY, align="center")
    canvas.write(right, base + 0.22, _WORDS["sample"][language], size=SMALL, colour=GREY, align="right")
    return canvas.figure
