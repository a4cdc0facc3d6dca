"""Ranges that words leave open, diverging scales, and events in time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import MonthLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter

from koppelkans.figures.charts.layout import PAD, is_phone, set_height
from koppelkans.figures.fonts import wrapped
from koppelkans.figures.style import BLUE, GREY, INK, PALE, PAPER, RED, SMALL, line_height, luminance


def ranges(
    axes: Axes,
    table: pd.DataFrame,
    middles: Sequence[float],
    low: str,
    high: str,
    *,
    colour: str = BLUE,
    missing: str = "",
    shift: float = 0.0,
) -> None:
    """Draw a range from low to high in each row, its ends as numbers; a row without one gets the text `missing`."""
    for (_, row), middle in zip(table.iterrows(), middles, strict=True):
        y = middle + shift
        if pd.isna(row[low]):
            axes.annotate(
                missing, (axes.get_xlim()[0], y), xytext=(6, 0), textcoords="offset points", va="center",
                color=GREY, style="italic",
            )  # fmt: skip
            continue
        ends = float(row[low]), float(row[high])
        axes.plot(ends, (y, y), color=colour, linewidth=2.5, marker="|", markersize=9, markeredgewidth=2.5)
        for end, align, away in ((ends[0], "right", -6), (ends[1], "left", 6)):
            axes.annotate(
                f"{end:g}", (end, y), xytext=(away, 0), textcoords="offset points", va="center", ha=align,
                color=colour, weight="semibold", annotation_clip=False,
            )  # fmt: skip


def diverging(
    axes: Axes,
    shares: pd.DataFrame,
    middles: Sequence[float],
    colours: Sequence[str],
    neutral: str = "",
    *,
    height: float = 0.2,
) -> None:
    """Draw answers on a scale as bars around zero (matplotlib's barh): one row a question, one column an answer.

    `shares` are from 0 to 1, the columns from one end of the scale to the other; the column `neutral` lies half on
    either side. A share is written in its part where there is room.
    """
    names = list(shares.columns)
    middle = names.index(neutral) if neutral in names else None
    left_of = names[:middle] if middle is not None else names[: len(names) // 2]
    start = -shares[left_of].sum(axis=1) - (shares[neutral] / 2 if middle is not None else 0)
    for name, colour in zip(names, colours, strict=True):
        part = axes.barh(list(middles), shares[name], left=start, height=height, color=colour, label=str(name), lw=0)
        words = [f"{100 * share:.0f}" if share >= 0.08 else "" for share in shares[name]]
        axes.bar_label(part, labels=words, label_type="center", color=PAPER if luminance(colour) < 0.3 else INK)
        start = start + shares[name]
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlim(-1, 1)


def events(
    axes: Axes,
    table: pd.DataFrame,
    when: str,
    number: str,
    text: str,
    *,
    notes: str = "",
    open_marks: str = "",
    until: pd.Timestamp | None = None,
) -> list[float]:
    """Draw events in order of time, a row each: a numbered mark at its month and its text beside it; return their y.

    `when` holds the first day of a month, `text` and `notes` lines of text (notes are set in red, below), `open_marks`
    whether a mark is open and red. The text stands right of a mark in the left half of the axes, else left of it.
    `until` stretches the axis to a later month.
    """
    dates = [date2num(day) for day in table[when]]
    first, last = min(dates), max([*dates, *([date2num(until)] if until is not None else [])])
    figure = axes.get_figure(root=True)
    assert figure is not None
    width = figure.get_figwidth() - 2 * PAD
    inset = 0.12 * max(last - first, 30) / width
    axes.set_xlim(first - max(inset, 16), last + max(inset, 16))
    low, high = axes.get_xlim()
    y, middles = 0.08, []
    for (_, row), day in zip(table.iterrows(), dates, strict=True):
        x = (day - low) / (high - low) * width
        right = x < width / 2
        room = (width - x if right else x) - 0.2
        lines = [line for part in row[text] for line in wrapped(part, room, SMALL)] or [""]
        small = [line for part in (row[notes] if notes else ()) for line in wrapped(part, room, SMALL)]
        colour, face = (RED, PAPER) if open_marks and row[open_marks] else (BLUE, BLUE)
        middle = y + line_height(SMALL) / 2
        axes.plot(
            day, middle, "o", markersize=12.5, color=colour, mfc=face, markeredgewidth=1.2, zorder=3, clip_on=False
        )
        axes.annotate(
            str(row[number]), (day, middle), ha="center", va="center_baseline", weight="semibold",
            color=colour if face == PAPER else PAPER, zorder=4,
        )  # fmt: skip
        for place, line in enumerate([*lines, *small]):
            axes.annotate(
                line, (day, middle + place * line_height(SMALL)), xytext=(10 if right else -10, 0),
                textcoords="offset points", ha="left" if right else "right", va="center_baseline",
                color=INK if place < len(lines) else RED, in_layout=False,
            )  # fmt: skip
        middles.append(middle)
        y += (len(lines) + len(small)) * line_height(SMALL) + PAD
    axes.set_ylim(y, 0)
    set_height(axes, y)
    _month_axis(axes)
    return middles


def _month_axis(axes: Axes) -> None:
    """Number the months below axes (on a phone those that begin a quarter), with the year below its first."""
    months = MonthLocator(bymonth=(1, 4, 7, 10)) if is_phone(axes) else MonthLocator()
    low, high = axes.get_xlim()
    shown = [tick for tick in months.tick_values(num2date(low), num2date(high)) if low <= tick <= high]
    years = {num2date(tick).year: tick for tick in reversed(shown)}

    def text(tick: float, _: int | None = None) -> str:
        day = num2date(tick)
        return f"{day.month}\n{day.year}" if years.get(day.year) == tick else str(day.month)

    axes.set_xticks(shown)
    axes.xaxis.set_major_formatter(FuncFormatter(text))
    axes.set_xlim(low, high)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(INK)
