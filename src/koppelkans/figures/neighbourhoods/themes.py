"""Which themes came up in which study."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_percent, long_description, needs_rows
from koppelkans.figures.charts import grid
from koppelkans.figures.field.largest import shortened
from koppelkans.figures.neighbourhoods.signs import marked_name, signs_text
from koppelkans.integration.neighbourhoods import ABSENT, HIDDEN, NAMED, NO_DATA, NOT_LOOKED_FOR, PRESENT, Names
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of

_STATES = {
    HIDDEN: ("×", N_("× raised by too few people to show, or hidden for their sake")),
    ABSENT: ("0", N_("0 looked for, raised by nobody")),
    NAMED: ("•", N_("• named in print")),
    NOT_LOOKED_FOR: (" ", N_("empty: not looked for under this name, or not printed")),
}
MOST_THEMES = 16
"""Themes of a strand that are drawn."""


@needs_rows(Reason(N_("no two studies hold themes of the same people")))
def themes(table: pd.DataFrame, names: Names) -> Chart:
    """Draw which themes were raised in which study, strand by strand.

    `table` as `compared_themes.side_by_side` gives it. Drawn are strands of two or more studies, of them the themes at
    the top, most seen first, and beside them the studies that have interviews or printed themes of these people.
    """
    held = table[table["state"] != NO_DATA]
    with_data = held.groupby("strand")["study"].nunique()
    top = table[table["depth"] == 1][["strand", "theme"]].drop_duplicates()
    drawn = held[held["strand"].isin(with_data.index[with_data > 1])].merge(top, on=["strand", "theme"])
    order = drawn.drop_duplicates(["strand", "theme"]).groupby("strand", sort=False).head(MOST_THEMES)
    shown = drawn.merge(order[["strand", "theme"]], on=["strand", "theme"])
    left = drawn.groupby("strand", sort=False)["theme"].nunique().sum() - len(order)

    def named(language: str) -> pd.DataFrame:
        return shown.assign(
            name=shown["name"].map(shortened(shown["name"])),
            column=[marked_name(key, names) for key in shown["study"]],
            block=[names.strand(key, language) for key in shown["strand"]],
        )

    def cell(row: pd.Series) -> str:
        return f"{100 * row['share']:.0f}" if row["state"] == PRESENT else _STATES[row["state"]][0]

    def legend(language: str) -> str:
        _ = words(language).gettext
        there = [_(said) for state, (_sign, said) in _STATES.items() if (shown["state"] == state).any()]
        said = _("Number: % of the people interviewed who raised it")
        rest = words(language).ngettext("{n} theme is not drawn.", "{n} themes are not drawn.", left).format(n=left)
        return f"{'; '.join([said, *there])}. {signs_text(shown, names, language)}.{f' {rest}' if left else ''}"

    def draw(width: float, language: str) -> Figure:
        cells = named(language).assign(of=1.0)
        below = legend(language)
        return grid(
            *(width, cells, "name", "column", "share"),
            of="of", block="block", text=cell, below=below, own_columns=True,
        )  # fmt: skip

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        states = {state: said.partition(" ")[2] if state != NOT_LOOKED_FOR else said.partition(": ")[2]
                  for state, (_sign, said) in {k: (s, _(t)) for k, (s, t) in _STATES.items()}.items()}  # fmt: skip
        said = named(language)
        said["what"] = [
            as_percent(row["share"], language) if row["state"] == PRESENT else states[row["state"]]
            for row in rows_of(said)
        ]
        said["whose"] = said["block"] + ", " + said["name"]
        return long_description(said, language, "whose", "{column} {what}", key="whose")

    return Chart(shown, draw, describe, lambda language: {"themes": len(order), "studies": shown["study"].nunique()})
