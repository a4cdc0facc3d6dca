"""How often codes were used, which stand together, how new codes came in, and how two groups differ."""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.saturation import Saturation
from koppelkans.figures.field_grid import NOTHING_CODED
from koppelkans.figures.fonts import Weight, width_of, wrapped
from koppelkans.figures.style import (
    BLUE,
    BLUE_TINT,
    EDGE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PALE,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
)
from koppelkans.locale import language as lang
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded_patterns import Saturated, orders_reached
from koppelkans.strands.published import rows_of

_HEADS = {
    "nl": ("coderingen", "gesprekken", "mensen", "tekens"),
    "en": ("codings", "interviews", "people", "characters"),
}
TOO_FEW = {"nl": "te weinig mensen om te tonen", "en": "too few people to show"}


def percent_axis(canvas: Canvas, left: float, right: float, top: float, bottom: float) -> None:
    """Draw the marks of 0 to 100%; on a phone below the chart only, for lines would run through the words."""
    for tick in (0, 25, 50, 75, 100):
        x = left + (right - left) * tick / 100
        start = top if canvas.width > NARROW else bottom - 0.05
        canvas.line((x, start), (x, bottom), colour=PALE if tick and canvas.width > NARROW else RULE)
        if tick % 50 == 0:
            canvas.write(x, bottom + 0.02, f"{tick}%", size=SMALL, colour=GREY, align="center")


def interval_line(canvas: Canvas, left: float, right: float, y: float, ends: tuple[float, float], colour: str) -> None:
    """Draw an interval of shares with its ends; on a phone with a pale line from 0 to 100% behind it."""
    a, b = (left + (right - left) * end for end in ends)
    if canvas.width <= NARROW:
        canvas.line((left, y), (right, y), colour=PALE)
    canvas.line((a, y), (b, y), colour=colour, weight=1.4)
    for x in (a, b):
        canvas.line((x, y - 0.035), (x, y + 0.035), colour=colour, weight=1.4)


@in_both_widths
def code_frequencies(width: float, table: pd.DataFrame, language: str) -> Sheet:
    """Draw the share of people with each code, with its interval, beside codings, interviews, people and characters.

    `table` as `strands.coded.counts` gives it. On a phone the numbers stand below the name, the share below them.
    """
    if table.empty:
        return blank(width, NOTHING_CODED.text(language))
    phone = width <= NARROW
    n = int(table["of_cases"].iloc[0])
    columns = [width_of(head, SMALL) + 0.12 for head in _HEADS[language]]
    numbers = sum(columns)
    left = EDGE if phone else EDGE + 1.75
    chart = (EDGE + 0.12, width - 0.25) if phone else (left + numbers + 0.15, width - 0.22)
    placed, y = [], (0.06 if phone else 0.28)
    for row in rows_of(table):
        indent = 0.14 * (int(row["depth"]) - 1)
        weight: Weight = "semibold" if row["depth"] == 1 else "regular"
        room = (width - 2 * EDGE if phone else 1.68) - indent
        lines = wrapped(row["name"], room, SMALL, weight)
        high = len(lines) * line_height(SMALL) + (line_height(SMALL) + 0.2 if phone else 0.06)
        placed.append((row, lines, indent, weight, y, high))
        y += high
    note = {
        "nl": f"Lijn: 95%-interval (Wilson) van het deel van de mensen; n = {n} geïnterviewden.",
        "en": f"Line: 95% interval (Wilson) of the share of people; n = {n} interviewees.",
    }[language]
    below = wrapped(note, width - 2 * EDGE - 0.08, SMALL)
    canvas = Canvas(y + 0.28 + len(below) * line_height(SMALL), width)
    percent_axis(canvas, *chart, 0.24 if not phone else 0.04, y)
    if not phone:
        x = left
        for head, wide in zip(_HEADS[language], columns, strict=True):
            x += wide
            canvas.write(x, 0.04, head, size=SMALL, colour=GREY, align="right")
    for row, lines, indent, weight, top, high in placed:
        for number, line in enumerate(lines):
            canvas.write(EDGE + indent, top + number * line_height(SMALL), line, size=SMALL, weight=weight)
        middle = top + high - 0.12 if phone else top + line_height(SMALL) / 2
        if row["hidden"]:
            words_y = top + len(lines) * line_height(SMALL) if phone else top
            canvas.write(
                left + (indent if phone else 0.1), words_y, TOO_FEW[language], size=SMALL, colour=GREY, weight="italic"
            )
            continue
        figures = [
            lang.number(int(row[key]), language)["text"] for key in ("codings", "documents", "cases", "characters")
        ]
        if phone:
            said = "  ".join(f"{value} {head}" for value, head in zip(figures, _HEADS[language], strict=True))
            canvas.write(EDGE + indent, top + len(lines) * line_height(SMALL), said, size=SMALL, colour=GREY)
        else:
            x = left
            for value, wide in zip(figures, columns, strict=True):
                x += wide
                canvas.write(x, top, value, size=SMALL, align="right", weight=weight)
        interval_line(canvas, *chart, middle, (float(row["low"]), float(row["high"])), GREY)
        x = chart[0] + (chart[1] - chart[0]) * float(row["share"])
        canvas.dot(x, middle, 0.045, face=BLUE if row["depth"] == 1 else "white", edge=BLUE)
    y += 0.02 + line_height(SMALL)
    for line in below:
        y = canvas.write(EDGE, y + 0.02, line, size=SMALL, colour=GREY)
    return canvas.figure


@in_both_widths
def together(width: float, table: pd.DataFrame | Reason, language: str) -> Sheet:
    """Draw for pairs of codes how often they stand together, beside what chance would give.

    `table` as `strands.coded_patterns.together` gives it: a band from low to high with a line at expected, a dot at
    pairs, and p after Holm.
    """
    if isinstance(table, Reason):
        return blank(width, table.text(language))
    if table.empty:
        few = Reason("de paren hebben te weinig mensen om te tonen", "the pairs have too few people to show")
        return blank(width, few.text(language))
    phone = width <= NARROW
    left, right = (EDGE + 0.1, width - 0.75) if phone else (EDGE + 2.6, width - 0.78)
    most = max(float(table[["pairs", "high", "expected"]].to_numpy(dtype=float).max()), 1.0)
    placed, y = [], 0.28
    for row in rows_of(table):
        lines = wrapped(f"{row['name_a']} + {row['name_b']}", width - 2 * EDGE if phone else 2.5, SMALL)
        high = len(lines) * line_height(SMALL) + (0.24 if phone else 0.08)
        placed.append((row, lines, y, y + high - 0.12 if phone else y + len(lines) * line_height(SMALL) / 2))
        y += high
    first = table.iloc[0]
    words = {
        "nl": (
            f"Punt: paren van coderingen; vlak: 95% van {first['draws']} toevallige verschuivingen; streep: "
            f"gemiddelde. p na Holm voor {first['tested']} paren van codes."
        ),
        "en": (
            f"Dot: pairs of codings; band: 95% of {first['draws']} random shifts; stroke: mean. "
            f"p after Holm for {first['tested']} pairs of codes."
        ),
    }[language]
    below = wrapped(words, width - 2 * EDGE - 0.08, SMALL)
    canvas = Canvas(y + 0.3 + len(below) * line_height(SMALL), width)
    scale = (right - left) / most
    step = max(1, round(most / 5))
    for tick in range(0, int(most) + 1, step):
        start = y - 0.05 if phone else 0.26
        canvas.line((left + tick * scale, start), (left + tick * scale, y), colour=PALE if tick and not phone else RULE)
        canvas.write(left + tick * scale, y + 0.02, str(tick), size=SMALL, colour=GREY, align="center")
    canvas.write(width - EDGE, 0.04, "p (Holm)", size=SMALL, colour=GREY, align="right")
    for row, lines, top, middle in placed:
        for number, line in enumerate(lines):
            canvas.write(EDGE, top + number * line_height(SMALL), line, size=SMALL)
        low, high = left + row["low"] * scale, left + row["high"] * scale
        if phone:
            canvas.line((left, middle), (right, middle), colour=PALE)
        canvas.band(low, middle - 0.06, max(high - low, 0.01), 0.12, "#d5dade")
        expected = left + row["expected"] * scale
        canvas.line((expected, middle - 0.08), (expected, middle + 0.08), colour=GREY, weight=1.6)
        canvas.dot(left + row["pairs"] * scale, middle, 0.05, face=ORANGE)
        canvas.write_middle(width - EDGE, middle, _p(row["p_holm"], language), size=SMALL, align="right")
    y += 0.04 + line_height(SMALL)
    for line in below:
        y = canvas.write(EDGE, y + 0.02, line, size=SMALL, colour=GREY)
    return canvas.figure


def _p(value: float, language: str) -> str:
    if value < 0.001:
        return "< 0,001" if language == "nl" else "< 0.001"
    return str(lang.number(value, language, 2 if value >= 0.01 else 3)["text"])


@in_both_widths
def saturation(width: float, found: Saturated | Reason, language: str) -> Sheet:
    """Draw how many codes had been found after each interview, with the band that other orders give."""
    if isinstance(found, Reason):
        return blank(width, found.text(language))
    table, band = found.table, found.orders.band
    n, most = len(table), max(int(table["total"].max()), 1)
    left, right, top = EDGE + 0.45, width - 0.2, 0.3
    bottom = top + (2.0 if width > NARROW else 1.8)
    below = wrapped(
        saturation_words(found.reached, found.base, found.threshold, n, language), width - 2 * EDGE - 0.08, SMALL
    )
    canvas = Canvas(bottom + 0.5 + len(below) * line_height(SMALL), width)
    across, up = (right - left) / n, (bottom - top) / (most * 1.08)

    def at(position: float, value: float) -> tuple[float, float]:
        return left + (position - 0.5) * across, bottom - value * up

    canvas.write(EDGE, 0.02, {"nl": "codes gevonden", "en": "codes found"}[language], size=SMALL, colour=GREY)
    for tick in range(0, most + 1, max(1, round(most / 5))):
        y = bottom - tick * up
        canvas.line((left, y), (right, y), colour=PALE if tick else RULE)
        canvas.write_middle(left - 0.08, y, str(tick), size=SMALL, colour=GREY, align="right")
    for row in rows_of(band):
        x, y = at(row["position"], row["high"])
        canvas.band(x - across / 2, y, across, max((row["high"] - row["low"]) * up, 0.01), BLUE_TINT)
    every = max(1, round(n / (15 if width > NARROW else 8)))
    for position in range(1, n + 1, every):
        canvas.write(at(position, 0)[0], bottom + 0.04, str(position), size=SMALL, colour=GREY, align="center")
    canvas.line(*(at(row["position"], row["total"]) for row in rows_of(table)), colour=BLUE, weight=1.6)
    for row in rows_of(table):
        canvas.dot(*at(row["position"], row["total"]), 0.04, face=BLUE)
    if found.reached.interviews is not None:
        x = at(found.reached.interviews, 0)[0]
        canvas.line((x, top), (x, bottom), colour=ORANGE, weight=1.4, dashed=True)
        label = f"{found.reached.interviews} + {found.reached.run}"
        canvas.write(x + 0.05, bottom - 0.24, label, size=SMALL, colour=ORANGE, weight="semibold")
    words = {
        "nl": f"gesprekken, in de volgorde van de gegevens (n = {n})",
        "en": f"interviews, in the order of the data (n = {n})",
    }
    y = canvas.write(right, bottom + 0.2, words[language], size=SMALL, colour=GREY, align="right")
    for line in below:
        y = canvas.write(EDGE, y + 0.02, line, size=SMALL, colour=INK)
    return canvas.figure


def saturation_words(reached: Saturation, base: int, threshold: float, n: int, language: str) -> str:
    """Say in a line where saturation lies, or why it is not known, with the choices that this rests on."""
    share = lang.number(threshold * 100, language, unit="%")["text"]
    rule = {
        "nl": f"basis {base}, reeks {reached.run}, drempel {share}",
        "en": f"base {base}, run {reached.run}, threshold {share}",
    }[language]
    if reached.reason:
        return f"{ {'nl': 'Verzadiging', 'en': 'Saturation'}[language] } ({rule}): {reached.reason.text(language)}."
    return {
        "nl": f"Verzadiging na {reached.interviews} + {reached.run} van {n} gesprekken ({rule}).",
        "en": f"Saturation after {reached.interviews} + {reached.run} of {n} interviews ({rule}).",
    }[language]


def saturation_details(found: Saturated | Reason, language: str) -> dict[str, str | None]:
    """Return what caption and alt text say: saturation (in a line), orders_reached (a share); None where not known."""
    if isinstance(found, Reason):
        return {"saturation": None, "orders_reached": None}
    share = orders_reached(found)
    n = len(found.table)
    return {
        "saturation": saturation_words(found.reached, found.base, found.threshold, n, language),
        "orders_reached": None if share is None else lang.number(100 * share, language, unit="%")["text"],
    }


_RULES = {
    "overlap": {"nl": "ze delen ten minste één teken", "en": "they share at least one character"},
    "containment": {"nl": "de een ligt geheel in de ander", "en": "one lies wholly within the other"},
    "near": {"nl": "er liggen hooguit {within} tekens tussen", "en": "at most {within} characters lie between them"},
}


def rule_words(rule: str, within: int, language: str) -> str:
    """Say when two codings count as standing together."""
    return _RULES[rule][language].format(within=lang.number(within, language)["text"])
