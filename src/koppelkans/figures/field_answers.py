"""Answers to questions with options, drawn with their uncertainty: shares, and rankings in three measures."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from koppelkans.figures.field_axis import (
    MARK_ROW,
    Axis,
    heading,
    heading_height,
    interval_text,
    missing_text,
    n_text,
    widest,
)
from koppelkans.figures.fonts import width_of
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import (
    EDGE,
    GREY,
    NARROW,
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
from koppelkans.study.strands import SMITSVEEN, strand_name

_WORDS = {
    "answered": {"nl": "aandeel van wie antwoordde", "en": "share of those who answered"},
    "asked": {"nl": "aandeel van wie de vraag kreeg", "en": "share of those who were asked"},
    "several": {"nl": "meer antwoorden mogelijk", "en": "several answers possible"},
    "half": {"nl": "het andere antwoord is de rest", "en": "the other answer is the rest"},
    "mean": {"nl": "gemiddelde plaats (1 is eerst)", "en": "mean rank (1 is first)"},
    "first": {"nl": "aandeel dat dit eerst zet", "en": "share that puts this first"},
    "worth": {"nl": "kans op de eerste plaats (Plackett-Luce)", "en": "chance of first place (Plackett-Luce)"},
}
_GAP = 0.16  # inches between questions
_SHARE_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass
class _Block:
    """A question as it is drawn: its title, a line for each strand, and options with a row for each strand."""

    title: str
    lines: list[tuple[str, str]]
    options: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    def head(self, width: float) -> float:
        return heading_height(self.title, [words for _, words in self.lines], width)


@in_both_widths
def shares(
    width: float, table: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands = SMITSVEEN
) -> Sheet:
    """Draw the share of each option as a dot with its interval, question by question, strands beneath one another.

    `table` as `strands.survey.choices` gives it, `response` as `strands.survey.response` does, both as
    `privacy.shown.protect` leaves them. Below each question stand n and why others did not answer; a question with two
    options shows the first. On a phone an option stands above its dots.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    blocks = [_block(held, response, language, strands) for _, held in table.groupby("question", sort=False)]
    return _dots(width, blocks, language, strands)


def _block(held: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands) -> _Block:
    about = held.iloc[0]
    options = list(dict.fromkeys(held.sort_values("order", kind="stable")["option"]))
    several = about["kind"] == "multiple"
    halved = len(options) == 2 and not several
    note = f"{_WORDS['several'][language]}; {_WORDS[about['base']][language]}" if several else ""
    note = _WORDS["half"][language] if halved else note
    lines = [("", note)] if note else []
    for strand, own in held.groupby("strand", sort=False):
        row = rows_of(own)[0]
        missing = missing_text(response, str(about["question"]), str(strand), language)
        words = f"{strand_name(strands, str(strand), language)}, {n_text(row, language)}"
        lines.append((str(strand), f"{words}; {missing}" if missing else words))
    shown = [
        (str(rows.iloc[0][f"option_{language}"]), rows_of(rows))
        for option in (options[:1] if halved else options)
        for rows in [held[held["option"] == option]]
    ]
    return _Block(str(about[f"label_{language}"] or about["question"]), lines, shown)


def _dots(width: float, blocks: list[_Block], language: str, strands: Strands) -> Sheet:
    narrow, room = width <= NARROW, width - 2 * EDGE
    labels = [name for block in blocks for name, _ in block.options]
    told = [_told(row, language) for block in blocks for _, rows in block.options for row in rows]
    label_room = 0.0 if narrow else widest(labels, 1.9) + 0.14
    axis = Axis(EDGE + label_room + 0.08, width - EDGE - widest(told, 1.5) - 0.14, 0.0, 1.0)
    heights = [
        block.head(room) + sum(_option_height(name, rows, label_room, room) for name, rows in block.options)
        for block in blocks
    ]
    canvas = Canvas(0.02 + sum(heights) + _GAP * (len(blocks) - 1) + 0.24, width)
    y = 0.02
    for block, height in zip(blocks, heights, strict=True):
        top = heading(canvas, y, block.title, block.lines, room, strands)
        axis.grid(canvas, _SHARE_TICKS, top - 0.02, y + height)
        place = top
        for name, rows in block.options:
            tall = _option_height(name, rows, label_room, room)
            above = text_height(name, room, SMALL) if narrow else 0.0
            middle = place + tall / 2
            if narrow:
                canvas.band(EDGE, place + 0.01, room, above, "white")
                canvas.write(EDGE, place, name, size=SMALL, width=room)
            else:
                canvas.write_middle(EDGE, middle, name, size=SMALL, width=label_room - 0.06)
            first = middle + above / 2 - (len(rows) - 1) * MARK_ROW / 2
            for number, row in enumerate(rows):
                axis.estimate(canvas, first + number * MARK_ROW, row, strand_style(strands, row["strand"]))
                words = _told(row, language)
                canvas.write_middle(width - EDGE, first + number * MARK_ROW, words, size=SMALL, align="right")
            place += tall
        y += height + _GAP
    axis.numbers(canvas, (0, 0.5, 1), ("0%", "50%", "100%"), y - _GAP + 0.04)
    return canvas.figure


def _told(row: dict[str, Any], language: str) -> str:
    words = interval_text(row, language)
    return words if width_of(words, SMALL) < 1.5 else "–"


def _option_height(name: str, rows: list[dict[str, Any]], label_room: float, room: float) -> float:
    """Return the height of an option; its name stands above its marks where there is no room beside them."""
    marks = len(rows) * MARK_ROW + 0.1
    if not label_room:
        return text_height(name, room, SMALL) + marks
    return max(marks, text_height(name, label_room - 0.06, SMALL) + 0.06)


@in_both_widths
def rankings(
    width: float, table: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands = SMITSVEEN
) -> Sheet:
    """Draw each ranking in three measures: mean rank, share of first places, and strength, each with its interval.

    `table` as `strands.survey.rankings` gives it, `response` as in `shares`. The measures stand beside one another, on
    a phone below one another. What is not defined says why.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    plans = [
        _ranking_plan(width, held, response, language, strands) for _, held in table.groupby("question", sort=False)
    ]
    canvas = Canvas(0.02 + sum(height for height, _ in plans) + _GAP * (len(plans) - 1), width)
    y = 0.02
    for height, plan in plans:
        _draw_ranking(canvas, y, plan, language, strands)
        y += height + _GAP
    return canvas.figure


@dataclass(frozen=True)
class _Ranking:
    block: _Block
    measures: list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]
    reasons: list[str]
    label_room: float
    row: float


def _ranking_plan(
    width: float, held: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands
) -> tuple[float, _Ranking]:
    about = held.iloc[0]
    order = list(dict.fromkeys(held.sort_values("order", kind="stable")["option"]))
    lines, reasons = [], []
    for strand, own in held.groupby("strand", sort=False):
        missing = missing_text(response, str(about["question"]), str(strand), language)
        first = own[own["measure"] == "first"]["n"]
        n = n_text({"n": first.max() if first.notna().any() else pd.NA}, language)
        who = strand_name(strands, str(strand), language)
        lines.append((str(strand), f"{who}, {n}{f'; {missing}' if missing else ''}"))
        for measure, rows in own.groupby("measure", sort=False):
            why = [str(words) for words in dict.fromkeys(rows[f"reason_{language}"].fillna("")) if words]
            shown = rows["hidden"] == "" if "hidden" in rows else rows["n"].notna()
            why = why if shown.any() else []
            name = _WORDS[str(measure)][language].partition(" (")[0]
            reasons += [f"{who}, {name}: {words}" for words in why]
    names = {option: str(held.loc[held["option"] == option, f"option_{language}"].iloc[0]) for option in order}
    measures = [
        (
            str(measure),
            [(names[option], rows_of(own[own["option"] == option])) for option in order],
        )
        for measure, own in held.groupby("measure", sort=False)
    ]
    block = _Block(str(about[f"label_{language}"] or about["question"]), lines)
    narrow = width <= NARROW
    row = MARK_ROW * held["strand"].nunique() + (0.08 + line_height(SMALL) if not narrow else 0.08)
    label_room = widest(list(names.values()), 1.35) + 0.1
    row = max(row, *(text_height(name, label_room - 0.06, SMALL) + 0.06 for name in names.values()))
    panel = line_height(SMALL) * 2 + 0.06 + row * len(order) + 0.2
    panels = len(measures) * (panel + 0.06) if narrow else panel
    room = width - 2 * EDGE
    notes = sum(text_height(words, room, SMALL) for words in reasons)
    return block.head(room) + panels + notes + 0.04, _Ranking(block, measures, reasons, label_room, row)


def _draw_ranking(canvas: Canvas, y: float, plan: _Ranking, language: str, strands: Strands) -> None:
    room, narrow = canvas.width - 2 * EDGE, canvas.width <= NARROW
    top = heading(canvas, y, plan.block.title, plan.block.lines, room, strands)
    left = EDGE + plan.label_room
    step = (canvas.width - EDGE - left) / (1 if narrow else len(plan.measures))
    for number, (measure, options) in enumerate(plan.measures):
        start = left if narrow else left + number * step
        x, wide = (EDGE, room) if narrow else (start + 0.06, step - 0.1)
        head = canvas.write(x, top, _WORDS[measure][language], size=SMALL, colour=GREY, width=wide)
        begin = top + line_height(SMALL) * (1 if narrow else 2) + 0.06
        begin = max(begin, head + 0.04)
        end = begin + plan.row * len(options)
        most = max(len(options), 2) if measure == "mean" else 1
        end_room = 0.98 if narrow else 0.26
        axis = Axis(start + 0.1, start + step - end_room, 1.0 if measure == "mean" else 0.0, float(most))
        ticks = list(range(1, most + 1)) if measure == "mean" else [0, 0.5, 1]
        axis.grid(canvas, ticks, begin, end)
        labels = [str(tick) for tick in ticks] if measure == "mean" else ["0%", "50%", "100%"]
        step_of = math.ceil(len(ticks) / 6)
        axis.numbers(canvas, ticks[::step_of], labels[::step_of], end + 0.02)
        for place, (name, rows) in enumerate(options):
            middle = begin + (place + 0.5) * plan.row
            if narrow or number == 0:
                canvas.write_middle(EDGE, middle, name, size=SMALL, width=plan.label_room - 0.06)
            _ranked_rows(canvas, axis, middle, rows, measure, language, strands)
        top = end + line_height(SMALL) + 0.08 if narrow else top
    below = top if narrow else top + line_height(SMALL) * 2 + 0.06 + plan.row * len(plan.measures[0][1]) + 0.2
    for words in plan.reasons:
        below = canvas.write(EDGE, below, words, size=SMALL, colour=GREY, width=room)


def _ranked_rows(
    canvas: Canvas,
    axis: Axis,
    middle: float,
    rows: list[dict[str, Any]],
    measure: str,
    language: str,
    strands: Strands,
) -> None:
    """Draw the strands of one option; on a phone with the numbers at the end of the line, else below the marks."""
    narrow = canvas.width <= NARROW
    shift = 0.0 if narrow else -line_height(SMALL) / 2
    first = middle + shift - (len(rows) - 1) * MARK_ROW / 2
    texts = []
    for number, row in enumerate(rows):
        axis.estimate(canvas, first + number * MARK_ROW, row, strand_style(strands, row["strand"]))
        defined = pd.notna(row["value"]) or row.get("hidden")
        words = interval_text(row, language, 1 if measure == "mean" else 0, measure != "mean") if defined else "–"
        texts.append(words.partition(" (")[0])
        if narrow:
            canvas.write_middle(canvas.width - EDGE, first + number * MARK_ROW, words, size=SMALL, align="right")
    if not narrow:
        under = first + (len(rows) - 1) * MARK_ROW + 0.07
        canvas.write((axis.left + axis.right) / 2, under, " · ".join(texts), size=SMALL, colour=GREY, align="center")
