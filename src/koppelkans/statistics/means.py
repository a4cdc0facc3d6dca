"""Means with an interval: of numbers, and of answers on a scale, where it stays on the scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason
from koppelkans.statistics.proportions import NOBODY

ONE_ANSWER = Reason(N_("one answer says nothing about the spread"))
ONE_NUMBER = Reason(N_("everybody gave the same number, which says nothing about the spread"))


def mean(values: Sequence[float], level: float = 0.95) -> Estimate:
    """Estimate the mean of numbers without known ends, with the interval of Student's t.

    Without interval for one number, and where all are equal: that of t would then have no width.
    """
    given = np.asarray(values, dtype=float)
    if not len(given):
        return Estimate.not_defined(NOBODY, 0, "mean", level)
    value = float(given.mean())
    if len(given) < 2 or np.ptp(given) == 0:
        return Estimate(
            value, None, None, None, len(given), "mean", level, ONE_ANSWER if len(given) < 2 else ONE_NUMBER
        )
    interval = scipy.stats.ttest_1samp(given, 0).confidence_interval(level)
    se = float(scipy.stats.sem(given))
    return Estimate(value, float(interval.low), float(interval.high), se, len(given), "mean, t", level)


def bounded_mean(
    values: Sequence[float], lowest: float, highest: float, level: float = 0.95, name: str = "mean"
) -> Estimate:
    """Estimate the mean of answers on a scale from `lowest` to `highest`; the interval never leaves the scale.

    Adjusted Wald: the interval of the mean after one answer more at either end, cut off at the ends. On a scale of -1,
    0 and 1 that is the interval of Bonett & Price (2012) for a difference between paired shares. It has width where all
    answers are equal. Without interval for one answer. Raises ValueError for an answer outside the scale.
    """
    given = np.asarray(values, dtype=float)
    if not len(given):
        return Estimate.not_defined(NOBODY, 0, name, level)
    if given.min() < lowest or given.max() > highest:
        raise ValueError(f"found {given.min():g} to {given.max():g}; expected answers from {lowest:g} to {highest:g}")
    value, n = float(given.mean()), len(given)
    if n < 2:
        return Estimate(value, None, None, None, n, name, level, ONE_ANSWER)
    more = np.append(given, [lowest, highest])
    se = float(more.std()) / math.sqrt(n + 2)
    reach = float(scipy.stats.norm.ppf(1 - (1 - level) / 2)) * se
    low, high = max(lowest, min(value, more.mean() - reach)), min(highest, max(value, more.mean() + reach))
    return Estimate(value, float(low), float(high), se, n, f"{name}, adjusted Wald", level)
