"""Likert batteries: how answers spread over an ordered scale, item by item."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Estimate
from koppelkans.statistics.means import bounded_mean
from koppelkans.strands.answers import response


def distribution(answers: pd.DataFrame, items: Sequence[str], scale: Sequence[str]) -> pd.DataFrame:
    """Count the answers to each item at each point of the scale: question, option, order, respondents, n, share.

    `answers`: respondent, question, option. `items`: questions with the same scale. `scale`: its options from low to
    high; answers outside it ("no opinion") are left out and not part of n. Share is empty where n is 0.
    """
    rows = []
    for item in items:
        own = answers[(answers["question"] == item) & answers["option"].isin(list(scale))]
        counts = own.groupby("option")["respondent"].nunique()
        n = int(own["respondent"].nunique())
        for order, option in enumerate(scale, start=1):
            respondents = int(counts.get(option, 0))
            rows.append((item, option, order, respondents, n, respondents / n if n else None))
    return pd.DataFrame(rows, columns=["question", "option", "order", "respondents", "n", "share"])


def battery(
    answers: pd.DataFrame,
    items: Sequence[str],
    scale: Sequence[str],
    low: Sequence[str],
    high: Sequence[str],
    level: float = 0.95,
) -> pd.DataFrame:
    """Sum up each item: one row an item, in the order of `items`.

    `low`, `high`: the options that count as against and in favour. Columns: question, asked, off_scale (answered, but
    not on the scale), missing, median_low and median_high (the middle options; they differ where n is even and the
    middle falls between two), then the columns of an Estimate, value being net = share high - share low (-1 to 1).
    The interval of net is that of a difference between paired shares (adjusted Wald of Bonett & Price 2012), which
    holds its level for small n. Raises ValueError for an option outside the scale.
    """
    outside = [option for option in [*low, *high] if option not in scale]
    if outside:
        raise ValueError(f"option {outside[0]!r} is not on the scale {', '.join(scale)}")
    counts = distribution(answers, items, scale)
    asked = response(answers, list(items)).set_index("question")
    rows = []
    for item in items:
        own = counts[counts["question"] == item].set_index("option")["respondents"]
        n = int(counts.loc[counts["question"] == item, "n"].iloc[0])
        estimate = _net(int(own[list(high)].sum()), int(own[list(low)].sum()), n, level)
        cumulative = own[list(scale)].cumsum()
        places = (math.ceil(n / 2), n // 2 + 1)
        middle = [scale[int((cumulative < place).sum())] if n else None for place in places]
        head = {"question": item, "asked": asked["asked"][item], "off_scale": asked["answered"][item] - n}
        head |= {"missing": asked["missing"][item], "median_low": middle[0], "median_high": middle[1]}
        rows.append({**head, **estimate.cells()})
    columns = ["question", "asked", "off_scale", "missing", "median_low", "median_high", *ESTIMATE_COLUMNS]
    return pd.DataFrame(rows, columns=columns)


def _net(high: int, low: int, n: int, level: float) -> Estimate:
    sides = [1.0] * high + [-1.0] * low + [0.0] * (n - high - low)
    return bounded_mean(sides, -1, 1, level, "net")
