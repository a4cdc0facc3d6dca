"""Bounds: what the words force on the counts of a published number of people, and what a majority would have taken."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import legend, right_column, rows, sheet
from koppelkans.figures.style import BLUE, GREY, NARROW, ORANGE, PALE, PAPER, PURPLE, RULE
from koppelkans.locale import N_, words
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_GROUPS = {
    "evaluation-interviews": N_("Evaluation interviews"),
    "tenant-interviews": N_("Interviews with tenants"),
    "homeowner-interviews": N_("Interviews with homeowners"),
    "sessions": N_("Linkage sessions"),
    "partners": N_("Partners"),
}
_BASES = {
    "if-all-tenants": N_("if all were tenants"),
    "if-named-partners": N_("if they are the partners named"),
}


def _group(group: str, language: str) -> str:
    return words(language).gettext(_GROUPS[group]) if group in _GROUPS else group


def _ends(low: object, high: object) -> str:
    return str(low) if low == high else f"{low}–{high}"


@needs_rows()
def quantifier_counts(table: pd.DataFrame) -> Chart:
    """Draw for each kind of words the counts of people that it allows, on a scale from nobody to all.

    `table` as `ledger.bounds.by_rule` gives it. A solid bar: what the words force; a hollow one: what a convention
    would make of it. No solid bar where the words force nothing.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names: list[str] = []
        shown: list[dict[str, Any] | None] = []
        for (group, n, basis), own in table.groupby(["group", "n", "n_basis"], sort=False):
            condition = f", {_(_BASES[basis])}" if basis in _BASES else ""
            names.append(f"{_group(str(group), language)}, n = {n}{condition}")
            shown.append(None)
            names += [f"{row[f'words_{language}']} ({row['times']}×)" for row in rows_of(own)]
            shown += rows_of(own)
        figure, axes = sheet(width)
        headings = [place for place, row in enumerate(shown) if row is None]
        middles = rows(axes, names, 2.4 if width > NARROW else 1.45, headings=headings, spanning=headings, least=0.14)
        axes.set_xlim(-0.03, 1.03)
        axes.set_xticks([0, 0.5, 1], [_("none"), _("half"), _("all")])
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        for y, row in zip(middles, shown, strict=True):
            if row:
                _draw_counts(axes, row, y)
        forced = [_ends(r["low"], r["high"]) if r and r["rule"] != "unbounded" else "–" if r else "" for r in shown]
        conventional = [
            f" ({_ends(r['convention_low'], r['convention_high'])})" if r and r["convention"] else "" for r in shown
        ]
        right_column(axes, middles, "", [a + b for a, b in zip(forced, conventional, strict=True)])
        box: dict[str, Any] = {"marker": "s", "linestyle": "", "markersize": 7}
        handles = [
            Line2D([], [], color=BLUE, label=_("what the words force"), **box),
            Line2D([], [], color=ORANGE, mfc="none", label=_("what a convention makes of them (in brackets)"), **box),
        ]
        legend(axes, handles=handles, columns=1 if width <= NARROW else 2)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            parts = [_("the words settle nothing")]
            if row["rule"] != "unbounded":
                parts = [_("the words allow {low} to {high}").format(low=row["low"], high=row["high"])]
            if row["convention"]:
                low, high = row["convention_low"], row["convention_high"]
                parts.append(_("a convention {low} to {high}").format(low=low, high=high))
            head = f"{_group(row['group'], language)}, n = {row['n']}, {row[f'words_{language}']} ({row['times']}×)"
            lines.append(f"- {head}: {'; '.join(parts)}")
        return lines

    return Chart(table, draw, describe)


def _draw_counts(axes: Axes, row: dict[str, Any], y: float) -> None:
    """Draw the counts from 0 to n as dots, with a bar around those that the words allow."""
    n = int(row["n"])
    axes.plot([k / n for k in range(n + 1)], [y] * (n + 1), "o", color=RULE, markersize=2.5, zorder=2)
    if row["rule"] != "unbounded":
        low, high = int(row["low"]) / n, int(row["high"]) / n
        axes.plot([low, high], [y, y], color=BLUE, linewidth=6, solid_capstyle="round", zorder=3)
        inside = [k / n for k in range(int(row["low"]), int(row["high"]) + 1)]
        axes.plot(inside, [y] * len(inside), "o", color=PAPER, markersize=2.5, markeredgewidth=0, zorder=4)
    if row["convention"]:
        low, high = int(row["convention_low"]) / n - 0.025, int(row["convention_high"]) / n + 0.025
        axes.plot([low, high, high, low, low], [y - 0.075] * 2 + [y + 0.075] * 2 + [y - 0.075], color=ORANGE, zorder=5)


@needs_rows()
def majority_sizes(curves: pd.DataFrame, sizes: pd.DataFrame) -> Chart:
    """Draw the chance that a random sample of n shows a majority, for shares that the population might have.

    `curves` as `strands.preferences.power_curves` gives it, `sizes` as `sample_sizes`: a dot at the n from which on the
    chance is the one asked for, which is the dashed line.
    """
    power = sizes["power"].iloc[0]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext

        def percent(share: float) -> str:
            return lang.number(100 * share, language, unit="%")["text"]

        figure, axes = sheet(width, [2.1])
        end = curves["n"].max()
        axes.axhline(power, color=RULE, linestyle="--", linewidth=0.8)
        for row, colour in zip(rows_of(sizes), cycle((BLUE, ORANGE, PURPLE))):
            own = curves[curves["share"] == row["share"]]
            axes.plot(own["n"], own["power"], color=colour, linewidth=1.4)
            if row["n"] > end:
                continue
            axes.plot([row["n"]] * 2, [0, power], color=colour, linewidth=0.8, linestyle=":")
            axes.plot(row["n"], power, "o", color=colour, markersize=6)
            left = row["n"] > 0.6 * end
            axes.annotate(
                _("if {share} prefer it:\nn = {n}").format(share=percent(row["share"]), n=row["n"]), (row["n"], 0.06),
                xytext=(-6 if left else 6, 0), textcoords="offset points", ha="right" if left else "left",
                color=colour, weight="semibold", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        axes.set(xlim=(0, end + 1), ylim=(0, 1.02))
        axes.set_xticks(range(0, int(end) + 1, max(20, round(end / 8, -1))))
        ticks = sorted({0, 0.2, 0.4, 0.6, 1, power})
        axes.set_yticks(ticks, [percent(tick) for tick in ticks])
        axes.grid(axis="y", color=PALE)
        axes.set_axisbelow(True)
        axes.set_xlabel(_("n, the number of residents drawn at random"), color=GREY, loc="right")
        axes.set_ylabel(_("chance to show it (power)"), color=GREY)
        return figure

    return Chart(curves, draw)
