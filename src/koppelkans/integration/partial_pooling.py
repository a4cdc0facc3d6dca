"""Shares of neighbourhoods that learn from each other, group by group, and never across origins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.pooling import FEW_GROUPS, LEAST_GROUPS, Pooled, partially_pooled

SOME_HIDDEN = Reason(N_("numbers of some are hidden, which are the small ones: what is left would lean to many"))
SHRUNK = ["shrunk", "shrunk_low", "shrunk_high"]
SUMMARY = ["mean", "mean_low", "mean_high", "between_low", "between_high", "reason_nl", "reason_en"]


def pooled(
    table: pd.DataFrame, keys: Sequence[str], successes: str, people: str, hidden: str, level: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pool the shares of the studies in each group of rows that are alike in `keys` and in origin.

    `table`: study, origin, `keys`, and counts that are empty where `hidden` (true or false) says so; other rows without
    counts are left aside. A group with a hidden count is not pooled. Returns the table with SHRUNK (the share drawn
    towards the mean of its group, with its interval), and one row a group: keys, origin, studies, those of SUMMARY
    (between: where 95% of such neighbourhoods lie, at that level).
    """
    result = table.reset_index(drop=True)
    for column in SHRUNK:
        result[column] = pd.Series(pd.NA, index=result.index, dtype="Float64")
    rows = []
    for group, own in result.groupby([*keys, "origin"], sort=False):
        counted = own[own[successes].notna() & own[people].notna() & (own[people].astype("Float64") > 0)]
        row: dict[str, Any] = dict(zip([*keys, "origin"], group, strict=True)) | {"studies": own["study"].nunique()}
        answer = _of_group(counted, bool(own[hidden].any()), successes, people, level)
        if isinstance(answer, Reason):
            row |= {f"reason_{language}": answer.text(language) for language in ("nl", "en")}
        else:
            result.loc[counted.index, SHRUNK] = answer.groups.to_numpy()
            value, low, high = answer.mean.numbers()
            row |= {"mean": value, "mean_low": low, "mean_high": high, "reason_nl": "", "reason_en": ""}
            row |= {"between_low": answer.between[0], "between_high": answer.between[1]}
        rows.append(row)
    return result, pd.DataFrame(rows, columns=[*keys, "origin", "studies", *SUMMARY])


def _of_group(own: pd.DataFrame, some_hidden: bool, successes: str, people: str, level: float) -> Pooled | Reason:
    if len(own) < LEAST_GROUPS and not some_hidden:
        return FEW_GROUPS
    if some_hidden:
        return SOME_HIDDEN
    return partially_pooled(own[successes].astype(int).tolist(), own[people].astype(int).tolist(), level)
