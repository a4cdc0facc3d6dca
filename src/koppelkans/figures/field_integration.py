"""Joint displays and triangulation, drawn: what people said beside how many answered so, theme by theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from koppelkans.figures.field_axis import Axis, interval_text, mark
from koppelkans.figures.fonts import width_of
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREEN,
    GREY,
    INK,
    NARROW,
    PALE,
    PAPER,
    PURPLE,
    RED,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    in_both_widths,
    line_height,
    no_data,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of
from koppelkans.study.settings import LEVELS
from koppelkans.study.strands import SMITSVEEN, strand_name

FITS = {
    "confirm": ("=", GREEN, {"nl": "bevestigt", "en": "confirm"}),
    "expand": ("+", BLUE, {"nl": "verbreedt", "en": "expand"}),
    "discord": ("≠", RED, {"nl": "strijdig", "en": "discord"}),
    "silent": ("·", GREY, {"nl": "zwijgt", "en": "silent"}),
}
STANCES = {
    "supports": ("+", GREEN, {"nl": "ja", "en": "yes"}),
    "nuances": ("±", BLUE, {"nl": "deels", "en": "partly"}),
    "contradicts": ("–", RED, {"nl": "nee", "en": "no"}),
    "mixed": ("≈", PURPLE, {"nl": "gemengd", "en": "mixed"}),
    "silent": ("", RULE, {"nl": "zwijgt", "en": "silent"}),
}
CONVERGENCE = {
    "agreement": {"nl": "eens", "en": "agreement"},
    "partial": {"nl": "deels eens", "en": "partial"},
    "dissonance": {"nl": "strijdig", "en": "dissonance"},
    "one strand": {"nl": "één kant", "en": "one side"},
    "silence": {"nl": "stilte", "en": "silence"},
}
LEVEL_NAMES = {
    "policy": {"nl": "Beleid", "en": "Policy"},
    "community": {"nl": "Gemeenschap", "en": "Community"},
    "institutional": {"nl": "Instellingen", "en": "Institutional"},
    "interpersonal": {"nl": "Tussen mensen", "en": "Interpersonal"},
    "intrapersonal": {"nl": "De persoon zelf", "en": "Intrapersonal"},
    "": {"nl": "Zonder niveau", "en": "Without a level"},
}
_WORDS = {
    "interviews": {"nl": "gesprekken", "en": "interviews"},
    "answers": {"nl": "antwoorden", "en": "answers"},
    "shares": {"nl": "aandeel, n", "en": "share, n"},
    "no_question": {"nl": "geen vraag hierover", "en": "no question about it"},
    "hidden": {"nl": "verborgen", "en": "hidden"},
    "none": {"nl": "geen", "en": "none"},
    "of": {"nl": "{k} van {n}", "en": "{k} of {n}"},
    "no_theme": {"nl": "geen thema", "en": "no theme"},
    "together": {"nl": "samen", "en": "together"},
    "or": {"nl": " of ", "en": " or "},
}
_ROW = 0.24  # inches


def answer_words(row: dict[str, Any], options: pd.DataFrame, language: str) -> str:
    """Write a question and the answers that count, such as "Do you trust the plan? – no"."""
    if not row["question"]:
        return _WORDS["no_question"][language]
    own = options[(options["strand"] == row["strand"]) & (options["question"] == row["question"])]
    names = own.set_index("option")[f"label_{language}"].to_dict()
    said = _WORDS["or"][language].join(str(names.get(one) or one) for one in row["answers"])
    return f"{row[f'label_{language}'] or row['question']} – {said}"


@dataclass(frozen=True)
class _Places:
    """Where the parts of a row stand: bar of the interviews, their words, and the axis of the answers."""

    bar: float
    words: float
    axis: Axis


def _places(width: float) -> _Places:
    if width > NARROW:
        return _Places(1.42, 2.3, Axis(2.98, 3.76, 0.0, 1.0))
    return _Places(EDGE + 0.16, 0.95, Axis(1.6, 2.38, 0.0, 1.0))


@in_both_widths
def joint_display(
    width: float,
    table: pd.DataFrame,
    options: pd.DataFrame,
    language: str,
    common: float,
    strands: Strands = SMITSVEEN,
) -> Sheet:
    """Draw each theme with a row for each strand: interviews as a bar, answers as a dot with its interval, and the fit.

    `table` as `integration.field_joint` gives it; `common` is the share from which a theme is common, drawn as a line.
    On a phone the name of the strand and the fit stand above the two graphics.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    room, narrow, places = width - 2 * EDGE, width <= NARROW, _places(width)
    deep = _ROW + line_height(SMALL) if narrow else _ROW
    themes = [held for _, held in table.groupby("link", sort=False)]
    top = line_height(SMALL) + 0.08
    heights = [_theme_height(held, options, room, deep, language) for held in themes]
    canvas = Canvas(top + sum(heights) + 0.22, width)
    canvas.write(places.bar, 0.03, _WORDS["interviews"][language], size=SMALL, colour=GREY)
    canvas.write(places.axis.left, 0.03, _WORDS["answers"][language], size=SMALL, colour=GREY)
    canvas.write(places.axis.right + 0.08, 0.03, _WORDS["shares"][language], size=SMALL, colour=GREY)
    y = top
    for held, height in zip(themes, heights, strict=True):
        canvas.line((EDGE, y), (width - EDGE, y))
        below = canvas.write(EDGE, y + 0.05, held.iloc[0][f"name_{language}"], weight="semibold", width=room)
        for words, rows in _by_question(held, options, language):
            below = canvas.write(EDGE, below + 0.02, words, size=SMALL, colour=GREY, width=room)
            for row in rows:
                _row(canvas, places, below, row, common, language, strands)
                below += deep
        y += height
    canvas.line((EDGE, y), (width - EDGE, y))
    places.axis.numbers(canvas, (0, 1), ("0%", "100%"), y + 0.03)
    return canvas.figure


def _by_question(held: pd.DataFrame, options: pd.DataFrame, language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(held):
        grouped.setdefault(answer_words(row, options, language), []).append(row)
    return list(grouped.items())


def _theme_height(held: pd.DataFrame, options: pd.DataFrame, room: float, deep: float, language: str) -> float:
    name = text_height(str(held.iloc[0][f"name_{language}"]), room, BODY, "semibold")
    questions = _by_question(held, options, language)
    return 0.12 + name + sum(0.02 + text_height(words, room, SMALL) + len(rows) * deep for words, rows in questions)


def _row(
    canvas: Canvas,
    places: _Places,
    y: float,
    row: dict[str, Any],
    common: float,
    language: str,
    strands: Strands,
) -> None:
    narrow, width = canvas.width <= NARROW, canvas.width
    first = y + (line_height(SMALL) if narrow else _ROW) / 2
    middle = first + _ROW - 0.05 if narrow else first
    mark(canvas, EDGE + 0.05, first, row["strand"], strands)
    canvas.write_middle(EDGE + 0.16, first, strand_name(strands, row["strand"], language), size=SMALL)
    sign, colour, words = FITS[row["fit"]]
    fit = words[language]
    left = width - EDGE - width_of(fit, SMALL, "semibold")
    canvas.write_middle(width - EDGE, first, fit, size=SMALL, weight="semibold", colour=colour, align="right")
    canvas.dot(left - 0.11, first, 0.072, face=colour, edge=colour)
    canvas.write_middle(left - 0.11, first - 0.003, sign, size=SMALL, weight="semibold", colour=PAPER, align="center")
    _cases(canvas, places, middle, row, language, strand_style(strands, row["strand"])[0])
    axis = places.axis
    if not row["question"]:
        return
    axis.grid(canvas, (0, 1), middle - 0.1, middle + 0.1)
    canvas.line((axis.x(common), middle - 0.1), (axis.x(common), middle + 0.1), colour=GREY, dashed=True)
    shown = {**row, "hidden": "small" if row["hidden_answers"] else "", "reason_nl": "n = 0", "reason_en": "n = 0"}
    axis.estimate(canvas, middle, shown, strand_style(strands, row["strand"]))
    canvas.write_middle(axis.right + 0.08, middle, _share_words(row, language), size=SMALL)


def _share_words(row: dict[str, Any], language: str) -> str:
    shown = {**row, "hidden": "small" if row["hidden_answers"] else "", "reason_nl": "n = 0", "reason_en": "n = 0"}
    words = interval_text(shown, language)
    return words if row["hidden_answers"] or pd.isna(row["value"]) else f"{words}, {row['n']}"


def case_words(row: dict[str, Any], language: str) -> str:
    """Write in how many interviews a theme was, such as "8 of 12"."""
    if row["hidden_interviews"]:
        return _WORDS["hidden"][language]
    if not row["of_cases"]:
        return _WORDS["none"][language]
    return _WORDS["of"][language].format(k=int(row["cases"]), n=int(row["of_cases"]))


def _cases(canvas: Canvas, places: _Places, middle: float, row: dict[str, Any], language: str, colour: str) -> None:
    long = places.words - places.bar - 0.08
    if row["of_cases"] and not row["hidden_interviews"]:
        canvas.bar(places.bar, middle - 0.055, long, 0.11, PALE)
        filled = long * float(row["cases"]) / float(row["of_cases"])
        canvas.bar(places.bar, middle - 0.055, filled, 0.11, colour)
    canvas.write_middle(places.words, middle, case_words(row, language), size=SMALL)


@in_both_widths
def triangulation(width: float, table: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> Sheet:
    """Draw themes against the interviews and answers of each strand, by level of the social-ecological model.

    `table` as `integration.triangulated` gives it. A sign says what each side says of the theme; the last column, on a
    phone a line below the theme, how they go together. A level without a theme says so where other themes have one.
    """
    sides = [column for column in table.columns if "/" in str(column)]
    if table.empty or not sides:
        return no_data(lang.text("no_data", language))
    narrow, room = width <= NARROW, width - 2 * EDGE
    levelled = bool((table["level"] != "").any())
    levels = [*LEVELS, *([""] if (table["level"] == "").any() else [])] if levelled else [""]
    end = 0.0 if narrow else 0.85
    step = min(0.5, (room * 0.5) / len(sides))
    left = width - EDGE - end - step * len(sides)
    heads = [side_name(side, language, strands) for side in sides]
    head = max(width_of(words, SMALL) for words in heads) + 0.1
    rows: list[tuple[str, dict[str, Any] | None, float]] = []
    for level in levels:
        held = table[table["level"] == level]
        if levelled:
            rows.append((LEVEL_NAMES[level][language], None, 0.26))
        for row in rows_of(held):
            rows.append((row[f"name_{language}"], row, _matrix_height(row, left, narrow, language)))
        if levelled and held.empty:
            rows.append((_WORDS["no_theme"][language], {}, 0.2))
    canvas = Canvas(head + sum(height for _, _, height in rows) + 0.12 + _key_height(room, language), width)
    for place, words in enumerate(heads):
        canvas.write_upward(left + (place + 0.5) * step, head - 0.04, words)
    if not narrow:
        canvas.write(width - EDGE - end + 0.06, head - 0.2, _WORDS["together"][language], size=SMALL, colour=GREY)
    y = head
    for name, shown, height in rows:
        if shown is None:
            canvas.line((EDGE, y), (width - EDGE, y))
            canvas.write(EDGE, y + 0.05, name, weight="semibold")
        elif not shown:
            canvas.write(EDGE, y, name, size=SMALL, colour=GREY, weight="italic")
        else:
            below = canvas.write(EDGE, y + 0.03, name, size=SMALL, width=left - EDGE - 0.08)
            words = CONVERGENCE[shown["convergence"]][language]
            if narrow:
                canvas.write(EDGE, below, words, size=SMALL, colour=GREY, width=left - EDGE - 0.08)
            else:
                canvas.write(width - EDGE - end + 0.06, y + 0.03, words, size=SMALL)
            for place, side in enumerate(sides):
                _stance(canvas, left + (place + 0.5) * step, y + 0.03 + line_height(SMALL) / 2, shown[side])
        y += height
    canvas.line((EDGE, y), (width - EDGE, y))
    _key(canvas, y + 0.08, language)
    return canvas.figure


def side_name(side: str, language: str, strands: Strands) -> str:
    """Name one side, "strand/interviews" or "strand/answers", in a language."""
    strand, _, kind = side.partition("/")
    return f"{strand_name(strands, strand, language)}, {_WORDS[kind][language]}"


def _matrix_height(row: dict[str, Any], left: float, narrow: bool, language: str) -> float:
    name = text_height(row[f"name_{language}"], left - EDGE - 0.08, SMALL)
    return name + 0.06 + (line_height(SMALL) if narrow else 0.0)


def _stance(canvas: Canvas, x: float, y: float, stance: str) -> None:
    sign, colour, _ = STANCES[stance]
    canvas.dot(x, y, 0.075, face=colour if sign else PAPER, edge=colour)
    canvas.write_middle(x, y - 0.003, sign, size=SMALL, weight="semibold", colour=PAPER, align="center")


def _key_places(room: float, language: str) -> list[tuple[float, int]]:
    places, x, line = [], 0.0, 0
    for _, _, words in STANCES.values():
        wide = width_of(words[language], SMALL) + 0.36
        if x and x + wide > room:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += wide
    return places


def _key_height(room: float, language: str) -> float:
    return (_key_places(room, language)[-1][1] + 1) * 0.2


def _key(canvas: Canvas, y: float, language: str) -> None:
    for stance, (x, line) in zip(STANCES, _key_places(canvas.width - 2 * EDGE, language), strict=True):
        middle = y + line * 0.2 + 0.08
        _stance(canvas, EDGE + x + 0.08, middle, stance)
        canvas.write_middle(EDGE + x + 0.2, middle, STANCES[stance][2][language], size=SMALL, colour=INK)
