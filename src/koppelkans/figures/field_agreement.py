"""How far coders agree on each code, and what the units they share could have shown."""

from __future__ import annotations

import pandas as pd

from koppelkans.figures.fonts import Weight, wrapped
from koppelkans.figures.style import (
    BLUE,
    EDGE,
    GREY,
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
from koppelkans.strands.published import rows_of

UNIT_WORDS = {
    "document": {"nl": "gesprekken", "en": "interviews"},
    "segment": {"nl": "stukken tekst tussen twee grenzen", "en": "pieces of text between two edges"},
    "sentence": {"nl": "zinnen", "en": "sentences"},
    "character": {"nl": "tekens", "en": "characters"},
}
_MARKS = (("kappa", BLUE, -0.07), ("ac1", ORANGE, 0.07))
_NAMES = {"kappa": {"nl": "Cohens kappa", "en": "Cohen’s kappa"}, "ac1": {"nl": "Gwets AC1", "en": "Gwet’s AC1"}}
_UNDEFINED = {"nl": "niet bepaald", "en": "not defined"}
_HEAD = {"nl": "gebruikt", "en": "used"}


@in_both_widths
def agreement(width: float, table: pd.DataFrame | Reason, language: str) -> Sheet:
    """Draw for each code Cohen's kappa and Gwet's AC1 with intervals, and the share of units that got the code.

    `table` as `strands.coded_patterns.agreed` gives it. What is not defined says why.
    """
    if isinstance(table, Reason):
        return blank(width, table.text(language))
    phone = width <= NARROW
    left, right = (EDGE + 0.12, width - 0.75) if phone else (EDGE + 1.9, width - 0.8)
    low_end = min(0.0, float(pd.to_numeric(table.loc[table["measure"].isin(_NAMES), "low"]).min() or 0))
    start = -0.5 if low_end < -0.02 else 0.0

    def place(value: float) -> float:
        return left + (right - left) * (max(value, start) - start) / (1 - start)

    placed, y = [], 0.1 + 2 * line_height(SMALL)
    for _, held in table.groupby("code", sort=False):
        rows = {row["measure"]: row for row in rows_of(held)}
        lines = wrapped(rows["kappa"]["name"], width - 2 * EDGE if phone else 1.82, SMALL)
        high = len(lines) * line_height(SMALL) + 0.42 if phone else max(len(lines) * line_height(SMALL), 0.26) + 0.08
        placed.append((rows, lines, y, y + high - 0.2 if phone else y + high / 2))
        y += high
    below = wrapped(unit_words(table, language), width - 2 * EDGE - 0.08, SMALL)
    canvas = Canvas(y + 0.28 + len(below) * line_height(SMALL), width)
    for number, (measure, colour, _) in enumerate(_MARKS):
        key_y = 0.04 + (number + 0.5) * line_height(SMALL)
        _mark(canvas, EDGE + 0.08, key_y, measure, colour)
        canvas.write_middle(EDGE + 0.2, key_y, _NAMES[measure][language], size=SMALL)
    canvas.write(width - EDGE, 0.04 + line_height(SMALL), _HEAD[language], size=SMALL, colour=GREY, align="right")
    ticks = [tick for tick in (-0.5, 0.0, 0.5, 1.0) if tick >= start]
    for tick in ticks:
        x = place(tick)
        top_line = y - 0.05 if phone else 0.08 + 2 * line_height(SMALL)
        canvas.line((x, top_line), (x, y), colour=RULE if tick == 0 or phone else PALE)
        text = lang.number(tick, language, 1)["text"].replace("-", "−")
        canvas.write(x, y + 0.02, text, size=SMALL, colour=GREY, align="center")
    for rows, lines, top, middle in placed:
        name_top = top + 0.04 if phone else middle - len(lines) * line_height(SMALL) / 2
        for number, line in enumerate(lines):
            canvas.write(EDGE, name_top + number * line_height(SMALL), line, size=SMALL)
        if phone:
            canvas.line((left, middle), (right, middle), colour=PALE)
        for measure, colour, dy in _MARKS:
            row = rows[measure]
            if pd.isna(row["value"]):
                said = f"{_NAMES[measure][language]}: {_UNDEFINED[language]}"
                canvas.write_middle(left + 0.05, middle + dy, said, size=SMALL, colour=GREY, weight="italic")
                continue
            if not pd.isna(row["low"]):
                ends = place(row["low"]), place(row["high"])
                canvas.line((ends[0], middle + dy), (ends[1], middle + dy), colour=colour, weight=1.4)
                for x in ends:
                    canvas.line((x, middle + dy - 0.035), (x, middle + dy + 0.035), colour=colour, weight=1.4)
            _mark(canvas, place(row["value"]), middle + dy, measure, colour)
        share = lang.number(100 * rows["kappa"]["prevalence"], language, 1, "%")["text"]
        canvas.write_middle(width - EDGE, middle, share, size=SMALL, align="right")
    y += 0.02 + line_height(SMALL)
    for line in below:
        y = canvas.write(EDGE, y + 0.02, line, size=SMALL, colour=GREY)
    return canvas.figure


def _mark(canvas: Canvas, x: float, y: float, measure: str, colour: str) -> None:
    canvas.dot(x, y, 0.045, face=colour if measure == "kappa" else "white", edge=colour)


def unit_words(table: pd.DataFrame, language: str) -> str:
    """Say what the agreement rests on: coders, interviews, units, and what counts as one."""
    row = table.iloc[0]
    unit = UNIT_WORDS[row["unit"]][language]
    units, documents, coders = row["units"], row["documents"], row["coders"]
    drawn = table[table["measure"].isin(_NAMES) & table["value"].isna()]
    reasons = [f" {reason[:1].upper()}{reason[1:]}." for reason in drawn[f"reason_{language}"].unique()]
    words = {
        "nl": (
            f"n = {units} {unit} in {documents} gesprek(ken) van {coders} codeurs; wat niemand codeerde telt als "
            "overeenstemming. Lijn: 95%-interval. Gebruikt: deel van de eenheden met de code."
        ),
        "en": (
            f"n = {units} {unit} in {documents} interview(s) of {coders} coders; what nobody coded counts as "
            "agreement. Line: 95% interval. Used: share of the units with the code."
        ),
    }[language]
    return words + "".join(reasons)


@in_both_widths
def power(width: float, table: pd.DataFrame | Reason, language: str) -> Sheet:
    """Draw what interval a kappa would have had with the units there were, and with more of them.

    `table` as `strands.coded_patterns.power` gives it: one panel for each prevalence, below one another.
    """
    if isinstance(table, Reason):
        return blank(width, table.text(language))
    kappa, lowest = float(table["kappa"].iloc[0]), float(table["lowest"].iloc[0])
    heads = {
        "nl": "code op {share} van de eenheden; {needed} eenheden nodig",
        "en": "code on {share} of the units; {needed} units needed",
    }
    note = {
        "nl": (
            f"Lijn: het 95%-interval dat een kappa van {_one(kappa, language)} zou hebben (punt). Streeplijn: "
            f"{_one(lowest, language)}. Vet: de eenheden die er waren. Eenheden gelden als onafhankelijk: "
            "het beste geval."
        ),
        "en": (
            f"Line: the 95% interval that a kappa of {_one(kappa, language)} would have (dot). Dashed: "
            f"{_one(lowest, language)}. Bold: the units there were. Units count as independent: the best case."
        ),
    }[language]
    few = {"nl": "te weinig om iets te zeggen", "en": "too few to say anything"}[language]
    below = wrapped(note, width - 2 * EDGE - 0.08, SMALL)
    left, right = EDGE + 0.95, width - 0.2
    step = line_height(SMALL) + 0.04
    panels = list(table.groupby("prevalence", sort=True))
    height = sum(step + 0.12 + len(held) * step for _, held in panels) + 0.3 + len(below) * line_height(SMALL)
    canvas = Canvas(height, width)
    y = 0.04

    def place(value: float) -> float:
        return left + (right - left) * (value + 0.25) / 1.25

    for share, held in panels:
        percent = lang.number(100 * float(str(share)), language, unit="%")["text"]
        said = heads[language].format(share=percent, needed=lang.number(int(held["needed"].iloc[0]), language)["text"])
        canvas.band(EDGE, y, width - 2 * EDGE, step, PALE)
        canvas.write(EDGE + 0.04, y + 0.02, said, size=SMALL, weight="semibold")
        y += step + 0.04
        for row in rows_of(held):
            middle = y + step / 2
            weight: Weight = "semibold" if row["here"] else "regular"
            n = lang.number(int(row["units"]), language)["text"]
            canvas.write_middle(left - 0.12, middle, f"n = {n}", size=SMALL, align="right", weight=weight)
            if pd.isna(row["low"]):
                canvas.write_middle(left, middle, few, size=SMALL, colour=GREY, weight="italic")
            else:
                canvas.line((place(lowest), y), (place(lowest), y + step), colour=GREY, dashed=True)
                ends = place(max(row["low"], -0.25)), place(row["high"])
                canvas.line((ends[0], middle), (ends[1], middle), colour=BLUE, weight=1.4)
                for x in ends:
                    canvas.line((x, middle - 0.035), (x, middle + 0.035), colour=BLUE, weight=1.4)
                canvas.dot(place(kappa), middle, 0.045, face=BLUE if row["here"] else "white", edge=BLUE)
            y += step
        y += 0.08
    for tick in (0.0, 0.5, 1.0):
        canvas.write(place(tick), y - 0.04, _one(tick, language), size=SMALL, colour=GREY, align="center")
    y += line_height(SMALL)
    for line in below:
        y = canvas.write(EDGE, y, line, size=SMALL, colour=GREY)
    return canvas.figure


def _one(value: float, language: str) -> str:
    return str(lang.number(value, language, 1)["text"])
