"""Several tests at once."""

from __future__ import annotations

import pandas as pd


def holm(p_values: pd.Series, tests: int | None = None) -> pd.Series:
    """Return p-values corrected for how many there are (Holm 1979); empty ones stay empty and do not count.

    `tests`: how many tests there were, where some are not shown. The others are then corrected as if those had larger
    p-values, which is never too little and tells nothing of them.

    As statsmodels' `multipletests(method="holm")`, which collects garbage at each call and so takes a hundred times as
    long as the tests themselves.
    """
    known = p_values.dropna().astype(float).sort_values(kind="stable")
    most = len(known) if tests is None else tests
    steps = pd.Series(range(most, most - len(known), -1), index=known.index)
    return (known * steps).cummax().clip(upper=1.0).reindex(p_values.index)


def simultaneous_level(level: float, comparisons: int) -> float:
    """Return the level of each of several intervals at which all of them hold together with `level` (Bonferroni)."""
    return 1 - (1 - level) / max(comparisons, 1)
