"""Combinations of traits that point at people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from koppelkans.privacy.linked import MINIMUM
from koppelkans.study.columns import require


def k_anonymity(respondents: pd.DataFrame, attributes: Sequence[str], k: int = MINIMUM) -> pd.DataFrame:
    """Count the people who share a combination of attributes: the attributes, respondents, below_k; rarest first.

    k-anonymity (Sweeney 2002): each combination that occurs is shared by k people or more. An empty attribute is a
    value of its own. `respondents`: respondent and the attributes. Raises KoppelkansError for a missing column.
    """
    require(respondents, "respondents", ("respondent", *attributes))
    names = list(attributes)
    if not names:
        raise ValueError("attributes is empty; expected at least one column")
    people = respondents.assign(**{name: respondents[name].fillna("") for name in names})
    counts = people.groupby(names)["respondent"].nunique().rename("respondents").reset_index()
    counts = counts.sort_values(["respondents", *names], ignore_index=True)
    return counts.assign(below_k=counts["respondents"] < k)


def risky_combinations(
    respondents: pd.DataFrame, attributes: Sequence[str], k: int = MINIMUM, largest: int = 3
) -> pd.DataFrame:
    """Say which attributes together point at people: one row for each set of 1 to `largest` attributes.

    Columns: attributes (" + " between them), size, combinations (that occur), smallest (people in the rarest),
    combinations_below, respondents_below (people in a combination of fewer than k). Most people below first.
    """
    rows = []
    for size in range(1, min(largest, len(attributes)) + 1):
        for names in combinations(attributes, size):
            groups = k_anonymity(respondents, names, k)
            below = groups[groups["below_k"]]
            smallest = int(groups["respondents"].min()) if len(groups) else 0
            people = int(below["respondents"].sum())
            rows.append((" + ".join(names), size, len(groups), smallest, len(below), people))
    columns = ["attributes", "size", "combinations", "smallest", "combinations_below", "respondents_below"]
    result = pd.DataFrame(rows, columns=columns)
    return result.sort_values(
        ["respondents_below", "size", "attributes"], ascending=[False, True, True], ignore_index=True
    )
