"""How new codes came in, interview by interview."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_percent, decimals, long_description, needs_rows
from koppelkans.figures.charts import curve, note, sheet
from koppelkans.figures.charts.layout import is_phone
from koppelkans.figures.charts.shares import whole_ticks
from koppelkans.figures.style import GREY, ORANGE, PALE, SMALL
from koppelkans.locale import language as lang
from koppelkans.locale import words
from koppelkans.strands.coded_patterns import Saturated, orders_reached, table_of


@needs_rows()
def saturation(saturated: Saturated) -> Chart:
    """Draw how many codes had been found after each interview, with the band that other orders give.

    `saturated` as `strands.coded_patterns.saturated` gives it.
    """
    table, reached = table_of(saturated), saturated.reached

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width, [1.9])
        curve(axes, table, "position", "total", "low", "high")
        axes.set_ylim(0, max(table["total"].max(), 1) * 1.08)
        axes.set_xlim(0.5, len(table) + 0.5)
        for axis, ticks in ((axes.xaxis, 8 if is_phone(figure) else 15), (axes.yaxis, 6)):
            whole_ticks(axis, ticks)
        axes.grid(axis="y", color=PALE)
        axes.set_xlabel(_("interviews (n = {n})").format(n=len(table)), loc="right")
        axes.set_ylabel("")
        axes.set_title(_("codes found"), color=GREY, fontweight="regular", fontsize=SMALL)
        if reached.interviews is not None:
            axes.axvline(reached.interviews, color=ORANGE, linestyle="--", linewidth=1.4)
            axes.annotate(
                f"{reached.interviews} + {reached.run}",
                (reached.interviews, 0),
                xytext=(4, 6),
                textcoords="offset points",
                color=ORANGE,
                weight="semibold",
            )
        note(figure, _reached(saturated, language))
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        whole = decimals(0)
        return long_description(
            table,
            language,
            "position",
            _("{new} new codes, {total} in all; in other orders {low} to {high}"),
            before=_("interview {name}"),
            formats={"low": whole, "high": whole},
        )

    def numbers(language: str) -> dict[str, Any]:
        share = orders_reached(saturated)
        below_one = 0 < saturated.threshold * saturated.base_codes < 1
        return {
            "saturation": _reached(saturated, language),
            "order": _order(saturated, language),
            "draws": int(saturated.orders.points["orders"].sum()) or None,
            **{
                "base": saturated.base,
                "run": reached.run,
                "threshold": lang.percent(saturated.threshold, language)["text"],
            },
            "base_codes": saturated.base_codes if below_one else None,
            "orders_reached": None if share is None else as_percent(share, language),
        }

    return Chart(table, draw, describe, numbers)


def _order(saturated: Saturated, language: str) -> str:
    """Name what the interviews are in order of."""
    _ = words(language).gettext
    return {"": _("the data"), "name": _("the names of the documents")}.get(
        saturated.order_by, f"‘{saturated.order_by}’"
    )


def _reached(saturated: Saturated, language: str) -> str:
    """Say in a line where saturation lies, or why it is not known, with the choices that this rests on."""
    _ = words(language).gettext
    reached = saturated.reached
    rule = _("base {base}, run {run}, threshold {threshold}").format(
        base=saturated.base, run=reached.run, threshold=lang.percent(saturated.threshold, language)["text"]
    )
    said = _("Saturation after {interviews} + {run} of {n} interviews ({rule}).")
    if reached.reason:
        said = _("Saturation ({rule}): {reason}.")
    if saturated.left_out:
        said += " " + words(language).ngettext(
            "Left out is {left_out} interview in which nothing was coded.",
            "Left out are {left_out} interviews in which nothing was coded.",
            saturated.left_out,
        )
    return said.format(
        **{"interviews": reached.interviews, "run": reached.run, "n": len(saturated.table), "rule": rule},
        reason=reached.reason.text(language) if reached.reason else "",
        left_out=saturated.left_out,
    )
