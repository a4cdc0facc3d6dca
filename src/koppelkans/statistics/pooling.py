"""Shares of several groups that learn from each other: partial pooling with a beta-binomial model.

The shares of the groups are draws from one beta distribution, whose mean and spread are found from the groups together
(Gelman et al. 2013, Bayesian Data Analysis, 5.3). A group with few people is drawn towards the mean, one with many
hardly; how far depends on how much the groups differ. The spread is not known either, so what is shown is averaged over
all that fit, by the weight of each (a grid), which intervals from one best spread would leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason

if TYPE_CHECKING:
    import pandas as pd

LEAST_GROUPS = 3
FEW_GROUPS = Reason(N_("fewer than three to pool"))
_METHOD = "beta-binomial, averaged over mean and spread"
_STEPS = 32
"""Means, and spreads, on the grid."""
_NEGLIGIBLE = 1e-3
"""Weight, as a part of the largest, below which a mean with a spread is left out."""


@dataclass(frozen=True)
class Pooled:
    """Shares after pooling.

    groups: value, low, high of each group, in the order given. mean: of all groups that there might be. between: the
    shares between which so many of such groups lie as the level says. expected: mean of the two parameters of the beta
    distribution.
    """

    groups: pd.DataFrame
    mean: Estimate
    between: tuple[float, float]
    expected: tuple[float, float]


def partially_pooled(successes: Sequence[int], people: Sequence[int], level: float = 0.95) -> Pooled | Reason:
    """Pool shares partially: `successes` of `people` in each group; the reason where there are too few groups.

    The mean is uniform between 0 and 1 beforehand, and so is (a + b)^-1/2 of the beta distribution, so that a prior
    sample is at least one person. Raises ValueError for counts that cannot be.
    """
    import pandas as pd

    y, n = np.asarray(successes, dtype=float), np.asarray(people, dtype=float)
    if len(y) != len(n) or (y < 0).any() or (y > n).any() or (n < 1).any():
        raise ValueError(f"successes {list(successes)} of people {list(people)}; expected at most that many, of 1 up")
    if len(y) < LEAST_GROUPS:
        return FEW_GROUPS
    a, b, weight = _parameters(y, n)
    tails = ((1 - level) / 2, (1 + level) / 2)
    rows = [
        (float(weight @ ((a + k) / (a + b + of))), *(_quantile(a + k, b + of - k, weight, tail) for tail in tails))
        for k, of in zip(y, n, strict=True)
    ]
    means = a / (a + b)
    order = np.argsort(means, kind="stable")
    low, high = (float(np.interp(tail, np.cumsum(weight[order]), means[order])) for tail in tails)
    value = float(weight @ means)
    se = float(np.sqrt(weight @ (means - value) ** 2))
    between = (_quantile(a, b, weight, tails[0]), _quantile(a, b, weight, tails[1]))
    return Pooled(
        pd.DataFrame(rows, columns=["value", "low", "high"]),
        Estimate(value, low, high, se, int(n.sum()), _METHOD, level),
        between,
        (float(weight @ a), float(weight @ b)),
    )


def _parameters(y: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Return pairs of parameters of the beta distribution and the weight of each, given what was counted."""
    from scipy.special import betaln

    means, spreads = (0.0, 1.0), (0.0, 1.0)
    for _ in range(3):  # each time finer, where there is weight
        steps = [(high - low) / _STEPS for low, high in (means, spreads)]
        middles = [
            low + step * (np.arange(_STEPS) + 0.5) for (low, _), step in zip((means, spreads), steps, strict=True)
        ]
        mean, spread = (values.ravel() for values in np.meshgrid(*middles))
        a, b = mean * spread**-2, (1 - mean) * spread**-2
        log_weight = -len(y) * betaln(a, b)
        for k, of in zip(y, n, strict=True):
            log_weight += betaln(a + k, b + of - k)
        weight = np.exp(log_weight - log_weight.max())
        chosen = weight > _NEGLIGIBLE
        means, spreads = (
            (max(values[chosen].min() - step, 0.0), min(values[chosen].max() + step, 1.0))
            for values, step in zip((mean, spread), steps, strict=True)
        )
    return a[chosen], b[chosen], weight[chosen] / weight[chosen].sum()


def _quantile(a: NDArray[np.float64], b: NDArray[np.float64], weight: NDArray[np.float64], part: float) -> float:
    """Return the share below which a part of a mixture of beta distributions lies."""
    from scipy.optimize import brentq
    from scipy.special import betainc

    return float(brentq(lambda share: weight @ betainc(a, b, share) - part, 0.0, 1.0, xtol=1e-4))
