"""How well the items of a scale measure one thing: omega, ordinal alpha and Cronbach's alpha, each with an interval.

omega (McDonald 1999): the share of the variance of the sum score that is due to the one factor behind the items,
    (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances); factor analysis by maximum likelihood
    (statsmodels). It asks that one factor is behind the items, not that all weigh the same.
ordinal alpha (Zumbo, Gadermann & Zeisser 2007): alpha of the polychoric correlations. It is about the traits behind the
    items, not about the sum of the steps that were seen, and so usually higher.
Cronbach's alpha (1951): k / (k - 1) (1 - sum of variances / variance of the sum). Too low where items weigh unequally.

Intervals: how much each person moves the coefficient (influence; without an assumption on how items spread, as
Maydeu-Olivares, Coffman & Hartmann 2007 for alpha), Student's t, on the logarithm of 1 - value.

`items`: persons x items as numbers, none missing, all in one direction.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import scipy

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason
from koppelkans.statistics.polychoric import Array, polychoric

COEFFICIENTS = ("omega", "ordinal alpha", "alpha")
FEWEST_PEOPLE = 10
"""How many more people than items it takes."""
TOO_FEW_ITEMS = Reason(N_("a factor needs three items or more"))
ONE_ITEM = Reason(N_("it takes two items or more"))
TOO_FEW = Reason(N_("fewer people answered all items than there are items and ten more"))
ALIKE = Reason(N_("all people gave the same answer to an item"))
NO_FACTOR = Reason(N_("no one factor fits: the analysis did not end, or one item would be without error"))
IN_STEP = Reason(N_("two items go together without a gap, so that their correlation has no estimate"))
NOT_ONE_WAY = Reason(N_("the items do not go together at all"))
_STEP = 1e-3
_LEAST_UNIQUE = 1e-3


def reliability(items: Array, level: float = 0.95) -> dict[str, Estimate]:
    """Estimate the COEFFICIENTS of a scale, by name; where one is not defined, with the reason."""
    n, k = items.shape
    reason = (
        ONE_ITEM
        if k < 2
        else TOO_FEW
        if n < FEWEST_PEOPLE + k
        else ALIKE
        if (np.ptp(items, axis=0) == 0).any()
        else None
    )
    if reason:
        return {name: Estimate.not_defined(reason, n, name, level) for name in COEFFICIENTS}
    found = {"omega": _omega(items, level), "ordinal alpha": _ordinal(items, level)}
    influence, covariance = _of_covariance(items)
    if np.isclose(covariance.sum(), 0, atol=1e-9 * np.trace(covariance)):  # the sum of all items is the same for all
        return found | {"alpha": Estimate.not_defined(NOT_ONE_WAY, n, "alpha", level)}
    return found | {"alpha": _estimate("alpha", alpha(covariance), _moved(alpha, covariance, influence), k, level)}


def alpha(covariance: Array) -> float:
    """Return Cronbach's alpha of a covariance matrix; of a correlation matrix the standardised one."""
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def omega(covariance: Array) -> float:
    """Return McDonald's omega of a covariance matrix. NaN where no one factor fits."""
    from statsmodels.multivariate.factor import Factor

    spread = np.sqrt(np.diag(covariance))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            fit = Factor(corr=covariance / np.outer(spread, spread), n_factor=1, method="ml").fit()
        except (Warning, np.linalg.LinAlgError, ValueError):
            return float("nan")
    if fit.uniqueness.min() < _LEAST_UNIQUE:
        return float("nan")
    common = float((fit.loadings[:, 0] @ spread) ** 2)
    return common / (common + float(fit.uniqueness @ spread**2))


def _omega(items: Array, level: float) -> Estimate:
    n = len(items)
    if items.shape[1] < 3:
        return Estimate.not_defined(TOO_FEW_ITEMS, n, "omega", level)
    influence, covariance = _of_covariance(items)
    value = omega(covariance)
    moved = _moved(omega, covariance, influence) if np.isfinite(value) else influence[:, 0, 0]
    if not (np.isfinite(value) and np.isfinite(moved).all()):
        return Estimate.not_defined(NO_FACTOR, n, "omega", level)
    return _estimate("omega", value, moved, items.shape[1], level)


def _ordinal(items: Array, level: float) -> Estimate:
    found = polychoric(items)
    if found.at_the_edge:
        return Estimate.not_defined(IN_STEP, len(items), "ordinal alpha", level)
    moved = _moved(alpha, found.correlations, found.influence)
    return _estimate("ordinal alpha", alpha(found.correlations), moved, items.shape[1], level)


def _of_covariance(items: Array) -> tuple[Array, Array]:
    """Return how much each person moves each covariance, and the covariances."""
    apart = items - items.mean(axis=0)
    each = apart[:, :, None] * apart[:, None, :]
    covariance = each.sum(axis=0) / (len(items) - 1)
    return each - covariance, covariance


def _moved(coefficient: Callable[[Array], float], matrix: Array, influence: Array) -> Array:
    """Return how much each person moves a coefficient of a symmetric matrix (chain rule)."""
    k, moved, here = len(matrix), np.zeros(len(influence)), coefficient(matrix)
    for a in range(k):
        for b in range(a, k):
            step = np.zeros((k, k))
            step[a, b] = step[b, a] = _STEP * np.sqrt(matrix[a, a] * matrix[b, b])
            moved += (coefficient(matrix + step) - here) / step[a, b] * influence[:, a, b]
    return moved


def _estimate(name: str, value: float, moved: Array, items: int, level: float) -> Estimate:
    """Give a coefficient its interval, on the logarithm of 1 - value; the items' means cost degrees of freedom."""
    n, rest = len(moved), 1 - value
    se = float(np.sqrt((moved - moved.mean()) @ (moved - moved.mean()) / (n * (n - 1 - items))))
    if rest <= 0 or value < -1:
        return Estimate(value, None, None, None, n, name, level, NOT_ONE_WAY)
    reach = float(scipy.stats.t.ppf((1 + level) / 2, n - 1 - items)) * se / rest
    low, high = 1 - rest * np.exp(reach), 1 - rest * np.exp(-reach)
    return Estimate(value, float(max(-1.0, low)), float(high), se, n, f"{name}, influence, log(1 - value)", level)
