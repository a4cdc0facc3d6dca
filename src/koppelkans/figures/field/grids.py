"""Grids of counts: cases by themes, and the halves of a programme."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, long_description, needs_rows
from koppelkans.figures.charts import grid
from koppelkans.figures.field.codes import NOTHING_CODED
from koppelkans.figures.item_names import item_name
from koppelkans.locale import words
from koppelkans.statistics.estimate import Reason


def _crosses(table: pd.DataFrame, language: str) -> str:
    """Explain the cross of what is hidden, where something is."""
    return " " + words(language).gettext("× = too few people to show.") if (table["hidden"] != "").any() else ""


@needs_rows(NOTHING_CODED)
def case_matrix(cases: pd.DataFrame) -> Chart:
    """Draw how often each theme was coded in each case; `cases` as `strands.coded.case_matrix` gives it."""

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        n = cases["case"].nunique()
        below = _("Number: codings in the interview; · = none. n = {n} interviews.").format(n=n)
        return grid(width, cases, "case", "theme", "codings", below=below + _crosses(cases, language))

    def describe(language: str) -> list[str]:
        hidden = {"codings": "{theme} " + words(language).gettext("too few people to show")}
        return long_description(cases, language, "case", "{theme} {codings}", instead=hidden)

    return Chart(cases, draw, describe)


@needs_rows(Reason("er zijn geen twee sessies om te vergelijken", "there are no two sessions to compare"))
def programme_halves(halves: pd.DataFrame, sessions: int) -> Chart:
    """Draw how often each kind of theme, work form and outcome was there in both halves of the programme.

    `halves` as `strands.sessions.halves` gives it; `sessions`: how many there were.
    """

    def named(language: str) -> pd.DataFrame:
        return halves.assign(
            block=[item_name(kind, language) for kind in halves["kind"]],
            name=[item_name(category, language) for category in halves["category"]],
        )

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        heads = {"first": _("first half"), "second": _("second half")}
        cells = named(language).melt(["block", "name"], list(heads), var_name="half", value_name="n")
        cells["half"] = cells["half"].map(heads)
        first, second = sessions // 2, sessions - sessions // 2
        below = _("Number: items in the sessions; · = none. n = {first} and {second} sessions. A count, no test.")
        return grid(width, cells, "name", "half", "n", block="block", below=below.format(first=first, second=second))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        table = named(language)
        table["name"] = table["block"] + ", " + table["name"]
        return long_description(table, language, "name", _("first half {first}, second half {second}"))

    return Chart(halves, draw, describe)
