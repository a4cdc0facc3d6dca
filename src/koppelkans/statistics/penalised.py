"""Cumulative logit models (logistic with two answers) by penalised likelihood, for data too sparse for the usual fit.

The likelihood is multiplied by the root of the determinant of the information (Jeffreys' prior). With two answers that
is Firth's correction (1993), which Heinze & Schemper (2002) showed to end separation: estimates stay finite where a
predictor tells all yes from all no. statsmodels fits both models, not their penalised form.

`x`: one row a person, one column a term. `y`: the place of the answer, 0 (lowest) to K - 1. The parameters are the
slopes of the terms, then the K - 1 thresholds c: P(answer <= k) = 1 / (1 + exp(x slopes - c[k])).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.int64]


class NotConvergedError(ValueError):
    """The likelihood was not brought to its top."""


def separates(x: Array, y: Places) -> bool:
    """Say whether the likelihood keeps rising in some direction (Albert & Anderson 1984), by linear programming.

    A direction is a slope b and shifts d of the thresholds with d[k-1] <= x b <= d[k] for everybody who answered k; the
    program looks for the largest total slack. For two answers this is complete or quasi-complete separation.
    """
    n_terms, n_cuts = x.shape[1], int(y.max())
    constraints = []
    for row, answer in zip(x, y, strict=True):
        if answer < n_cuts:
            constraints.append(np.concatenate([row, -np.eye(n_cuts)[answer]]))
        if answer > 0:
            constraints.append(np.concatenate([-row, np.eye(n_cuts)[answer - 1]]))
    limits = np.array(constraints)
    bounds = [(-1, 1)] * (n_terms + n_cuts)
    optimum = scipy.optimize.linprog(limits.sum(axis=0), A_ub=limits, b_ub=np.zeros(len(limits)), bounds=bounds)
    return bool(optimum.status == 0 and optimum.fun < -1e-7)


@dataclass(frozen=True)
class Parts:
    """What a model says at some parameters: log likelihood, its first derivatives, expected information."""

    log_likelihood: float
    score: Array
    information: Array

    @property
    def penalised(self) -> float:
        """The log likelihood with half the logarithm of the determinant of the information."""
        sign, value = np.linalg.slogdet(self.information)
        return self.log_likelihood + 0.5 * value if sign > 0 else -np.inf


def lines(x: Array, cuts: int, slopes_of_their_own: bool = False) -> Array:
    """Return persons x thresholds x parameters: what each parameter adds to threshold - x slopes.

    With `slopes_of_their_own` each threshold has its slopes: those of the first, then how those of the others differ.
    """
    thresholds = np.broadcast_to(np.eye(cuts), (len(x), cuts, cuts))
    slopes = np.repeat(-x[:, None, :], cuts, axis=1)
    if not slopes_of_their_own:
        return np.concatenate([slopes, thresholds], axis=2)
    others = [slopes * (np.arange(cuts) == cut)[None, :, None] for cut in range(1, cuts)]
    return np.concatenate([slopes, thresholds, *others], axis=2)


def _chances(thresholds: Array) -> tuple[Array, Array]:
    """Return the chances of the answers, and how a small rise of each threshold moves them."""
    people, cuts = thresholds.shape
    none, all_of_it = np.zeros((people, 1)), np.ones((people, 1))
    below, above = scipy.special.expit(thresholds), scipy.special.expit(-thresholds)
    from_below = np.diff(np.concatenate([none, below, all_of_it], axis=1), axis=1)
    from_above = -np.diff(np.concatenate([all_of_it, above, none], axis=1), axis=1)
    is_above = np.concatenate([none, thresholds], axis=1) > 0  # where `below` is all but 1 its differences vanish
    moved, at = np.zeros((people, cuts + 1, cuts)), np.arange(cuts)
    moved[:, at, at], moved[:, at + 1, at] = below * above, -below * above
    return np.where(is_above, from_above, from_below), moved


def _weights(thresholds: Array) -> Array:
    """Return of each person the information on the thresholds."""
    chance, moved = _chances(thresholds)
    return np.swapaxes(moved, 1, 2) @ (moved / np.maximum(chance, 1e-300)[:, :, None])


def parts(z: Array, y: Places, parameters: Array) -> Parts:
    """Work out a cumulative logit model; `z` as `lines` gives it."""
    chance, moved = _chances(z @ parameters)
    given = np.arange(len(y)), y
    if (chance <= 0).any():
        return Parts(-np.inf, np.zeros(z.shape[2]), np.zeros((z.shape[2], z.shape[2])))
    score = np.einsum("ic,icp->p", moved[given] / chance[given][:, None], z)
    information = np.einsum("icp,icq->pq", z, _weights(z @ parameters) @ z)
    return Parts(float(np.log(chance[given]).sum()), score, information)


def _slope_of_penalty(z: Array, parameters: Array, information: Array) -> Array:
    """Return the derivatives of half the logarithm of the determinant of the information."""
    leverage = z @ np.linalg.inv(information) @ np.swapaxes(z, 1, 2)
    thresholds, slope, small = z @ parameters, np.zeros(z.shape[2]), 1e-4
    for cut in range(z.shape[1]):
        shift = small * (np.arange(z.shape[1]) == cut)
        change = (_weights(thresholds + shift) - _weights(thresholds - shift)) / (2 * small)
        slope += (leverage * change).sum(axis=(1, 2)) @ z[:, cut] / 2
    return slope


@dataclass(frozen=True)
class Fit:
    """A penalised fit: `parameters` (slopes, then thresholds) and the penalised log `likelihood` at them."""

    z: Array
    y: Places
    parameters: Array
    likelihood: float

    def spread(self) -> Array:
        """Return the covariance of the parameters."""
        return np.asarray(np.linalg.inv(parts(self.z, self.y, self.parameters).information))

    def fixed(self, term: int, value: float, start: Array) -> Fit:
        """Fit the other parameters, from `start` on, where that of a term is fixed at a value."""
        begin = start.copy()
        begin[term] = value
        return _climb(self.z, self.y, begin, np.arange(len(begin)) != term)

    def p_value(self, term: int) -> float:
        """Test a slope by the ratio of penalised likelihoods."""
        ratio = 2 * (self.likelihood - self.fixed(term, 0.0, self.parameters).likelihood)
        return float(scipy.stats.chi2.sf(max(ratio, 0), 1))

    def ends(self, term: int, level: float = 0.95) -> tuple[Fit, Fit]:
        """Return the fits at both ends of the interval of a slope by profile penalised likelihood.

        Raises NotConvergedError.
        """
        return self._end(term, level, -1), self._end(term, level, 1)

    def _end(self, term: int, level: float, side: int) -> Fit:
        drop, value = scipy.stats.chi2.ppf(level, 1) / 2, float(self.parameters[term])
        unit = float(np.sqrt(self.spread()[term, term])) * side
        last = self

        def surplus(steps: float) -> float:
            nonlocal last
            last = self.fixed(term, value + steps * unit, last.parameters)
            return last.likelihood - self.likelihood + float(drop)

        far = next((steps for steps in range(1, 50) if surplus(steps) <= 0), None)
        if far is None:
            raise NotConvergedError
        scipy.optimize.brentq(surplus, far - 1, far, xtol=1e-4)
        return last


def fit(x: Array, y: Places) -> Fit:
    """Fit the model. Raises NotConvergedError."""
    counts = np.bincount(y) + 0.5
    shares = counts.cumsum()[:-1] / counts.sum()
    start = np.concatenate([np.zeros(x.shape[1]), np.log(shares / (1 - shares))])
    return _climb(lines(x, len(shares)), y, start, np.full(len(start), True))


def _climb(z: Array, y: Places, start: Array, free: NDArray[np.bool_]) -> Fit:
    """Climb to the top of the penalised likelihood (SciPy's BFGS), in units of the spread at the start."""
    units = np.linalg.inv(np.linalg.cholesky(parts(z, y, start).information[np.ix_(free, free)]))

    def moved(step: Array) -> Array:
        parameters = start.copy()
        parameters[free] += units.T @ step
        return parameters

    def descent(step: Array) -> tuple[float, Array]:
        here = parts(z, y, moved(step))
        if not np.isfinite(here.penalised):
            return 1e10, np.zeros(len(step))
        slope = here.score + _slope_of_penalty(z, moved(step), here.information)
        return -here.penalised, -units @ slope[free]

    top = scipy.optimize.minimize(descent, np.zeros(int(free.sum())), jac=True, method="BFGS", options={"gtol": 1e-5})
    if np.abs(top.jac).max() > 1e-3:
        raise NotConvergedError
    return Fit(z, y, moved(top.x), -float(top.fun))


def parallel_lines(x: Array, y: Places, parameters: Array) -> float:
    """Test whether the slopes are the same at every threshold; returns the p-value.

    Score test of proportional odds (Peterson & Harrell 1990) at the `parameters` of the proportional-odds fit.
    """
    z = lines(x, int(y.max()), slopes_of_their_own=True)
    more = z.shape[2] - len(parameters)
    here = parts(z, y, np.concatenate([parameters, np.zeros(more)]))
    statistic = float(here.score @ np.linalg.solve(here.information, here.score))
    return float(scipy.stats.chi2.sf(statistic, more))
