"""The information preference: which counts the two published words allow, for every possible number of homeowners."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import legend, panels, sheet
from koppelkans.figures.fonts import wrapped
from koppelkans.figures.style import BLUE, GREY, NARROW, ORANGE, PALE, PAPER, RULE, SMALL
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of

_ANSWERS = {  # word, colour, and the same colour faint
    "post": (N_("by post"), BLUE, "#9dbdd9"),
    "email": (N_("by e-mail"), ORANGE, "#f3cd9f"),
}
_HIGH = 1.5  # inches


@needs_rows()
def ranges(bounds: pd.DataFrame, example_n: int, published: dict[str, dict[str, str]]) -> Chart:
    """Draw the feasible counts over n: a bar from the smallest to the largest count that a word allows.

    `bounds` as `strands.preferences.preference_bounds` gives it. The bars at `example_n` are dark and their ends are
    written out; it is an example and not the study's number. `published`: language -> answer -> the published word.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width, [_HIGH])
        handles = []
        for answer, (name, colour, faint) in _ANSWERS.items():
            own = bounds[bounds["answer"] == answer]
            colours = [colour if n == example_n else faint for n in own["n"]]
            axes.bar(own["n"], own["high"] - own["low"] + 0.8, bottom=own["low"] - 0.4, width=0.74, color=colours)
            quoted = f": “{published[language][answer]}”" if answer in published[language] else ""
            example = own[own["n"] == example_n]
            ends = "".join(
                _("; at n = {n}: {low} to {high}").format(n=row["n"], low=row["low"], high=row["high"])
                for row in rows_of(example)
            )
            handles.append(Patch(facecolor=colour, label=f"{_(name)}{quoted}{ends}"))
        _whole_numbers(axes)
        across = _("n, the number interviewed (not published); dark: an example")
        axes.set_xlabel("\n".join(wrapped(across, width - 0.9, SMALL)), color=GREY, loc="right")
        up = _("number of people that the words allow")
        axes.set_ylabel("\n".join(wrapped(up, _HIGH, SMALL)), color=GREY)
        legend(axes, handles=handles)
        return figure

    return Chart(bounds, draw)


def region(pairs: pd.DataFrame, bounds: pd.DataFrame) -> Chart:
    """Draw which counts by post and by e-mail go together for an example n, and which shares do for every n.

    `pairs` as `strands.preferences.joint_counts` gives it for the example, `bounds` as `preference_bounds` does. First,
    a cell for each pair that the words allow, the darker the fewer people are left with another answer; outlined, the
    pairs that n people could make up at all. Second, the range of shares of each answer over n.
    """
    return _region(pairs if len(bounds) else pairs.head(0), bounds)


@needs_rows()
def _region(pairs: pd.DataFrame, bounds: pd.DataFrame) -> Chart:
    n = int(pairs.iloc[0][["post", "email", "other"]].sum())

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        phone = width <= NARROW
        figure, (left, right) = panels(width, [2.2, 2.2] if phone else [2.2], [[1], [1]] if phone else [[1, 1]])
        most = max(int(pairs["other"].max()), 1)
        shade = [(BLUE, 1 - 0.75 * other / most) for other in pairs["other"]]
        left.plot([-0.5, n + 0.5, -0.5, -0.5], [-0.5, -0.5, n + 0.5, -0.5], color=RULE, linewidth=0.8)
        left.bar(pairs["post"], 0.92, bottom=pairs["email"] - 0.46, width=0.92, color=shade)
        left.set(xlim=(-0.6, n + 0.6), ylim=(-0.6, n + 0.6))
        _whole_numbers(left)
        left.set_xlabel(_("number by post"), color=GREY)
        left.set_ylabel(_("number by e-mail"), color=GREY)
        left.annotate(_("post and e-mail\ntogether: n"), (0.55, 0.62), xycoords="axes fraction", color=GREY)
        left.set_title(_("Example, n = {n}: {pairs} pairs").format(n=n, pairs=len(pairs)))
        _draw_shares(right, bounds, language)
        return figure

    return Chart(pairs, draw)


def _draw_shares(axes: Axes, bounds: pd.DataFrame, language: str) -> None:
    _ = words(language).gettext
    for answer, place in (("post", 0.8), ("email", 0.2)):
        name, colour, _faint = _ANSWERS[answer]
        own = bounds[bounds["answer"] == answer]
        middle = (own["share_low"] + own["share_high"]) / 2
        height = (own["share_high"] - own["share_low"]).clip(lower=0.02)  # a single count has no height of its own
        axes.bar(own["n"], height, bottom=middle - height / 2, width=1.0, color=colour)
        text: dict[str, Any] = {"ha": "right", "va": "center", "color": PAPER, "weight": "semibold"}
        axes.annotate(_(name), (bounds["n"].max(), place), **text)
    axes.axhline(0.5, color=RULE, linestyle="--", linewidth=0.8)
    axes.set_yticks([0, 0.5, 1], ["0", _("half"), "1"])
    _number_people(axes.xaxis, *axes.get_xlim())
    axes.set_xlabel(_("n, the number interviewed"), color=GREY)
    axes.set_title(_("Share, for every n"))


def _whole_numbers(axes: Axes) -> None:
    """Number both axes in whole people, within their limits, with faint lines across."""
    _number_people(axes.xaxis, *axes.get_xlim())
    _number_people(axes.yaxis, *axes.get_ylim())
    axes.grid(axis="y", color=PALE)
    axes.set_axisbelow(True)


def _number_people(axis: Axis, low: float, high: float) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_ticks([tick for tick in MaxNLocator(8, integer=True).tick_values(low, high) if low <= tick <= high])
