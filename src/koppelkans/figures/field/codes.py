"""How often codes were used."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_number, as_percent, long_description, needs_rows
from koppelkans.figures.charts import estimates, note, rows, sheet
from koppelkans.figures.charts.shares import percent_axis
from koppelkans.figures.style import NARROW
from koppelkans.locale import words
from koppelkans.statistics.estimate import Reason

NOTHING_CODED = Reason("er is niets gecodeerd", "nothing was coded")
_COUNTS = ("codings", "documents", "cases", "characters")


@needs_rows(NOTHING_CODED)
def frequencies(codes: pd.DataFrame) -> Chart:
    """Draw the share of people with each code, with its interval, beside codings, interviews, people and characters.

    `codes` as `strands.coded.counts` gives it. On a phone the numbers stand below the name.
    """
    n = int(codes["of_cases"].iloc[0])

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        phone = width <= NARROW
        heads = (_("codings"), _("interviews"), _("people"), _("characters"))
        counts = [
            ["" if pd.isna(count) else as_number(count, language) for count in codes[column]] for column in _COUNTS
        ]
        figure, axes = sheet(width)
        names = list(codes["name"])
        if phone:
            names = [
                f"{name}\n{' · '.join(numbers)}".removesuffix("\n ·  ·  · ")
                for name, *numbers in zip(names, *counts, strict=True)
            ]
        columns = [] if phone else list(zip(heads, counts, strict=True))
        middles = rows(axes, names, 1.7, depths=list(codes["depth"]), columns=columns)
        percent_axis(axes)
        missing = [_("too few people to show")] * len(codes)
        estimates(axes, codes, middles, "share", "low", "high", filled=list(codes["depth"] == 1), missing=missing)
        said = _("Line: 95% interval (Wilson) of the share of people; n = {n} interviewees.").format(n=n)
        below = _("Below a name: {columns}.").format(columns=" · ".join(heads))
        note(figure, f"{below} {said}" if phone else said)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        return long_description(
            codes,
            language,
            "name",
            _(
                "{codings} codings, {documents} interviews, {characters} characters; {cases} of {of_cases} people "
                "({low} to {high})"
            ),
            key="code",
            formats={"low": as_percent, "high": as_percent},
            depth="depth",
            instead={"cases": _("too few people to show")},
        )

    return Chart(codes, draw, describe)
