"""Tables that are about to be shown: counts of too few people hidden, and with them every number made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from koppelkans.privacy.disclosure import SHOWN, SMALL, Totals, suppress
from koppelkans.study.columns import require

HIDDEN = "hidden"
"""Column that says of each row why it is hidden: "" (shown), small or secondary."""


def protect(
    table: pd.DataFrame,
    apart: Sequence[str],
    row: str,
    column: str,
    minimum: int,
    *,
    totals: Totals = "none",
    sizes: str = "",
    made_from: Sequence[str] = (),
) -> pd.DataFrame:
    """Hide the counts in `respondents` that are too small, table by table, and empty what was made from them.

    Rows with the same values in the columns `apart` are one table of counts, with `row` and `column` as its sides and
    `totals` as `disclosure.suppress` takes them. `sizes`: column with the size of the group that a count is part of;
    a group of 1 to `minimum` - 1 people is then hidden whole. `made_from`: columns that would give a count back. Adds
    the column `hidden`. A `minimum` of 1 hides nothing. Raises KoppelkansError for a missing column.
    """
    require(table, "to be shown", (*apart, row, column, "respondents", *([sizes] if sizes else [])))
    result = table.assign(**{HIDDEN: ""})
    if minimum < 2 or table.empty:
        return result
    groups = table.groupby(list(apart), sort=False) if apart else [((), table)]
    for _, group in groups:
        marks = _marks(group, row, column, minimum, totals, sizes)
        result.loc[group.index, HIDDEN] = [
            marks.get((one, other), "") for one, other in zip(group[row], group[column], strict=True)
        ]
    if sizes:
        few = (table[sizes] > 0) & (table[sizes] < minimum)
        result.loc[few, HIDDEN] = SMALL
    emptied = ["respondents", *made_from]
    result[emptied] = result[emptied].astype("Float64").mask(result[HIDDEN] != "")
    if sizes:
        result[sizes] = result[sizes].astype("Int64").mask((table[sizes] > 0) & (table[sizes] < minimum))
    return result


def _marks(
    group: pd.DataFrame, row: str, column: str, minimum: int, totals: Totals, sizes: str
) -> Mapping[tuple[object, object], str]:
    counts = group.pivot_table(index=row, columns=column, values="respondents", aggfunc="sum", sort=False).fillna(0)
    room = group.groupby(column, sort=False)[sizes].max() if sizes and totals == "none" else None
    status = suppress(counts, minimum, totals, room).status
    return {
        (one, other): str(status.loc[one, other])
        for one in counts.index
        for other in counts.columns
        if status.loc[one, other] != SHOWN
    }


def hidden_numbers(minimum: int, *tables: pd.DataFrame) -> dict[str, int | None]:
    """Count what `protect` hid, for a caption: minimum, hidden, cells; None for all where nothing can be hidden."""
    if minimum < 2:
        return {"minimum": None, HIDDEN: None, "cells": None}
    hidden = sum(int((table[HIDDEN] != "").sum()) for table in tables if HIDDEN in table)
    return {"minimum": minimum, HIDDEN: hidden, "cells": sum(len(table) for table in tables)}
