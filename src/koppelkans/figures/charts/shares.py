"""Estimates with their intervals, and curves with a band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator

from koppelkans.figures.style import BLUE, BLUE_TINT, GREY, PALE, PAPER, RULE, SMALL


def estimates(
    axes: Axes,
    table: pd.DataFrame,
    middles: Sequence[float],
    value: str,
    low: str = "",
    high: str = "",
    *,
    colour: str = BLUE,
    filled: Sequence[bool] | bool = True,
    missing: Sequence[str] = (),
    label: str = "",
    shift: float = 0.0,
) -> None:
    """Draw a point with its interval in each row (matplotlib's errorbar): a forest plot.

    `middles` is the y of each row, as `rows` gives it. A row without a value gets its text of `missing`; one without
    `low` gets a point alone. `filled` says which points are filled. To set two groups beside each other, call it twice
    with a `shift` (inches) and another colour.
    """
    marks = [filled] * len(table) if isinstance(filled, bool) else list(filled)
    y = pd.Series([middle + shift for middle in middles], index=table.index)
    known = table[value].notna()
    for full in (True, False):
        chosen = known & pd.Series([mark == full for mark in marks], index=table.index)
        if not chosen.any():
            continue
        part = table[chosen].astype({column: float for column in (value, low, high) if column})
        whiskers = [part[value] - part[low], part[high] - part[value]] if low else None
        style: dict[str, Any] = {
            "markersize": 6,
            "markeredgewidth": 1,
            "elinewidth": 1.4,
            "capsize": 2.5,
            "capthick": 1.4,
            "clip_on": False,
        }
        axes.errorbar(
            part[value],
            y[chosen],
            xerr=whiskers,
            fmt="o",
            color=colour,
            mfc=colour if full else PAPER,
            label=label,
            **style,
        )
    for position, (middle, there) in enumerate(zip(y, known, strict=True)):
        if not there and len(missing):
            axes.annotate(
                missing[position], (axes.get_xlim()[0], middle), xytext=(6, 0), textcoords="offset points",
                va="center", color=GREY, style="italic",
            )  # fmt: skip


def percent_axis(axes: Axes) -> None:
    """Let the x axis go from 0 to 100%."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "", "50%", "", "100%"])
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.spines["left"].set_color(RULE)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0)


def number_axis(axes: Axes, low: float, high: float, ticks: Sequence[float], text: Callable[[float], str]) -> None:
    """Let the x axis go from low to high, with ticks that `text` writes."""
    axes.set_xlim(low, high)
    axes.set_xticks(list(ticks), [text(tick) for tick in ticks])
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", length=0)


def count_axis(axes: Axes, most: float) -> None:
    """Let the x axis count from 0 to the most, in whole numbers."""
    axes.set_xlim(0, max(most, 1) * 1.02)
    whole_ticks(axes.xaxis, 6)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.spines["left"].set_color(RULE)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0)


def whole_ticks(axis: Axis, most: int) -> None:
    """Set ticks at whole numbers within the limits of an axis, about as many as `most`."""
    low, high = axis.get_view_interval()
    ticks = MaxNLocator(most, integer=True).tick_values(low, high)
    axis.set_ticks([tick for tick in ticks if low <= tick <= high])


def curve(
    axes: Axes,
    table: pd.DataFrame,
    x: str,
    y: str,
    low: str = "",
    high: str = "",
    *,
    colour: str = BLUE,
    band: str = BLUE_TINT,
    label: str = "",
) -> None:
    """Draw y along x (seaborn's lineplot) with a point for each row, and a band from low to high behind it."""
    import seaborn as sns

    if low:
        axes.fill_between(table[x].astype(float), table[low].astype(float), table[high].astype(float), color=band, lw=0)
    sns.lineplot(table, x=x, y=y, ax=axes, color=colour, marker="o", markeredgewidth=0, markersize=5, errorbar=None)
    if label:
        last = table.iloc[-1]
        axes.annotate(
            label, (last[x], last[y]), xytext=(5, 0), textcoords="offset points", va="center", color=colour, size=SMALL
        )
