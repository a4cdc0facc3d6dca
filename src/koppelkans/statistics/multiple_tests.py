"""Several tests at once."""

from __future__ import annotations

import pandas as pd


def holm(p_values: pd.Series) -> pd.Series:
    """Return p-values corrected for how many there are (Holm 1979); empty ones stay empty and do not count.

    As statsmodels' `multipletests(method="holm")`, which collects garbage at each call and so takes a hundred times as
    long as the tests themselves.
    """
    known = p_values.dropna().astype(float).sort_values(kind="stable")
    steps = pd.Series(range(len(known), 0, -1), index=known.index)
    return (known * steps).cummax().clip(upper=1.0).reindex(p_values.index)


def simultaneous_level(level: float, comparisons: int) -> float:
    """Return the level of each of several intervals at which all of them hold together with `level` (Bonferroni)."""
    return 1 - (1 - level) / max(comparisons, 1)
