"""Shares of people with an interval that holds for small numbers; also of a finite population and weighted answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason

Method = Literal["wilson", "clopper-pearson", "jeffreys"]
_STATSMODELS_NAMES = {"wilson": "wilson", "clopper-pearson": "beta", "jeffreys": "jeffreys"}
NOBODY = Reason(N_("nobody answered (n = 0)"))
NO_WEIGHT = Reason(N_("all weights are 0"))
METHODS: tuple[Method, ...] = ("wilson", "clopper-pearson", "jeffreys")


def proportion(
    successes: int, n: int, method: Method = "wilson", level: float = 0.95, population: int | None = None
) -> Estimate:
    """Estimate a share with an interval that holds for small numbers.

    The interval treats the people as a random sample, which interviewees rarely are. Not defined for n = 0.

    Parameters
    ----------
    successes, n
        How many people, of how many.
    method
        "wilson" (Wilson 1927), "clopper-pearson" (exact; Clopper & Pearson 1934) or "jeffreys" (equal tails of the
        posterior for a Beta(1/2, 1/2) prior; Brown, Cai & DasGupta 2001: with 0 successes it begins at 0, with n of n
        it ends at 1).
    level
        Level of the interval, between 0 and 1.
    population
        How many people there are in all, where that is known and not many times n. Wilson and Jeffreys then use
        n (N - 1) / (N - n) for n (a finite-population correction); Clopper-Pearson inverts the hypergeometric test
        and gives shares that whole numbers of people can have. If everybody answered, the interval is the share itself.

    Returns
    -------
    Estimate
        The share, with `se` the Wald standard error sqrt(p(1-p)/n).

    Raises
    ------
    ValueError
        A negative n, successes outside 0..n, a population below n, an unknown method or a level outside (0, 1).
    """
    if n < 0 or not 0 <= successes <= n:
        raise ValueError(f"successes is {successes} of n {n}; expected a number of people and at most that many")
    _checked_method(method, level)
    if n == 0:
        return Estimate.not_defined(NOBODY, n, method, level)
    share = successes / n
    if population is None:
        low, high = _interval(successes, n, method, level)
        return Estimate(share, low, high, math.sqrt(share * (1 - share) / n), n, method, level)
    if population < n:
        raise ValueError(f"population is {population}; expected at least the number that answered ({n})")
    left = (population - n) / (population - 1) if population > 1 else 0.0
    se = math.sqrt(share * (1 - share) / n * left)
    description = f"{method}, {n} of a population of {population}"
    if population == n:
        return Estimate(share, share, share, 0.0, n, description, level)
    if method == "clopper-pearson":
        low, high = _hypergeometric(successes, n, population, level)
    else:
        low, high = _interval(successes / left, n / left, method, level)
        # Those who answered are part of the population: their answers are certain.
        low, high = max(low, successes / population), min(high, 1 - (n - successes) / population)
    return Estimate(share, low, high, se, n, description, level)


def weighted_proportion(
    chosen: Sequence[bool], weights: Sequence[float], method: Method = "wilson", level: float = 0.95
) -> Estimate:
    """Estimate a weighted share; the interval rests on Kish's effective n, (sum of weights)^2 / sum of squares (1965).

    Not defined for nobody or weights of 0 only.

    Parameters
    ----------
    chosen, weights
        For each person whether it was chosen, and the weight (0 or more).
    method, level
        As in `proportion`.

    Returns
    -------
    Estimate
        `n` is the number of people; the effective n stands in `method`.

    Raises
    ------
    ValueError
        Negative weights, or lists of unequal length.
    """
    _checked_method(method, level)
    weight = np.asarray(weights, dtype=float)
    yes = np.asarray(chosen, dtype=bool)
    if len(weight) != len(yes):
        raise ValueError(f"{len(yes)} answers and {len(weight)} weights; expected a weight for each answer")
    if (weight < 0).any() or not np.isfinite(weight).all():
        raise ValueError("a weight is negative or missing; expected numbers of 0 and more")
    if not len(yes) or weight.sum() == 0:
        return Estimate.not_defined(NO_WEIGHT if len(yes) else NOBODY, len(yes), method, level)
    share = float(weight[yes].sum() / weight.sum())
    effective = effective_n(weight.tolist())
    low, high = _interval(share * effective, effective, method, level)
    description = f"{method}, effective n {effective:.1f} (Kish)"
    return Estimate(share, low, high, math.sqrt(share * (1 - share) / effective), len(yes), description, level)


def effective_n(weights: Sequence[float]) -> float:
    """Return how many people drawn at random would tell as much as people with these weights (Kish 1965)."""
    weight = np.asarray(weights, dtype=float)
    return float(weight.sum() ** 2 / (weight**2).sum())


def _checked_method(method: str, level: float) -> None:
    if method not in _STATSMODELS_NAMES:
        raise ValueError(f"method {method!r} is not one of {', '.join(_STATSMODELS_NAMES)}")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; expected a share between 0 and 1, such as 0.95")


def _interval(successes: float, n: float, method: Method, level: float) -> tuple[float, float]:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1 - level, method=_STATSMODELS_NAMES[method])
    # At the ends the limits are 0 and 1: exactly for Wilson and Clopper-Pearson, by convention for Jeffreys.
    low = 0.0 if math.isclose(successes, 0, abs_tol=1e-12) else float(low)
    high = 1.0 if math.isclose(successes, n) else float(high)
    return low, high


def _hypergeometric(successes: int, n: int, population: int, level: float) -> tuple[float, float]:
    """Return the exact limits: the smallest and largest number in the population that the answers do not rule out."""
    from scipy.stats import hypergeom

    tail = (1 - level) / 2
    possible = np.arange(successes, population - n + successes + 1)
    at_least = hypergeom.sf(successes - 1, population, possible, n)
    at_most = hypergeom.cdf(successes, population, possible, n)
    not_ruled_out = possible[(at_least > tail) & (at_most > tail)]
    return float(not_ruled_out.min() / population), float(not_ruled_out.max() / population)
