"""Which data would settle which statements, who holds them, and whether they can be had."""

from __future__ import annotations

import pandas as pd

from koppelkans.ledger.statuses import OPEN
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, rows_of
from koppelkans.study.origin import carries_origin

COLUMNS = ["data_set", "what", "statements", "core", "only", "terms", "held_by"]
NOT_NAMED = "none"
"""In place of a data set, for statements that no data set which the study names can settle."""


@carries_origin
def data_needed(ledger: pd.DataFrame, data_sets: pd.DataFrame, language: str) -> pd.DataFrame:
    """Count per data set the open statements that it would settle, most first; COLUMNS.

    `ledger` as `statuses.ledger` gives it, `data_sets` the table of that name. what is the instrument; statements and
    core (statements that the argument rests on) count every statement that the data set would settle, also where
    another would do; only counts those that no other would settle. terms (raw_status) and held_by are "" for a data
    set that is not in the table. The last row, NOT_NAMED, is for open statements that name no data set.
    """
    unsettled = ledger[ledger["status"].isin(OPEN)] if len(ledger) else ledger
    if unsettled.empty:
        return pd.DataFrame(columns=COLUMNS)
    needs = unsettled["needs"].map(lambda cell: cell.split("; ") if cell else [NOT_NAMED])
    known = {row["data_set"]: row for row in rows_of(data_sets)} if len(data_sets) else {}
    rows = []
    for name in dict.fromkeys(name for names in needs for name in names):
        one = needs.map(lambda names, name=name: name in names)
        row = known.get(name, {f"instrument_{language}": "", "raw_status": "", "held_by": ""})
        only = int((one & (needs.map(len) == 1)).sum())
        counts = int(one.sum()), int(unsettled.loc[one, "core"].sum()), only
        rows.append([name, row[f"instrument_{language}"], *counts, row["raw_status"], row["held_by"]])
    made = pd.DataFrame(rows, columns=COLUMNS)
    made = made.assign(_last=made["data_set"] == NOT_NAMED)
    ordered = made.sort_values(["_last", "statements", "data_set"], ascending=[True, False, True], ignore_index=True)
    return ordered[COLUMNS]


def numbers(ledger: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return data_open, the open statements, and data_several, those of them that more than one data set would settle.

    The column only of `data_needed` and data_several add up to data_open.
    """
    unsettled = ledger[ledger["status"].isin(OPEN)] if len(ledger) else ledger
    several = int(unsettled["needs"].str.contains("; ").sum()) if len(unsettled) else 0
    return {"data_open": counted(len(unsettled), language), "data_several": counted(several, language)}
