"""What published words about a number of people allow."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import note, ranges, rows, sheet
from koppelkans.figures.charts.shares import count_axis
from koppelkans.figures.style import NARROW
from koppelkans.locale import words
from koppelkans.study.strands import Strand


@needs_rows()
def allowed(shown: pd.DataFrame, strand: Strand) -> Chart:
    """Draw, for each published quantifier, the counts of people that it allows as a range on a scale of 0 to n.

    `shown` as `ledger.bounds.columns_shown` gives it; rows without a known n or without a count say so.
    """
    n = int(shown["n"].max()) if shown["n"].notna().any() else 1

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width)
        names = [f"{said}: {about}" for said, about in zip(shown["words"], shown["about"], strict=True)]
        middles = rows(axes, names, 2.4 if width > NARROW else 1.4)
        count_axis(axes, n)
        axes.spines["left"].set_visible(False)
        ranges(axes, shown, middles, "low", "high", missing=_("number of people not published"))
        people = _("number of interviewees (of {n}), if all were {strand} and the statement is only about them")
        note(figure, people.format(n=n, strand=strand.name(language)))
        return figure

    return Chart(shown, draw)
