"""Polychoric correlations: how two traits hang together of which only the step on a scale is seen (Olsson 1979).

Behind each item a normal trait is thought, which thresholds cut into the steps of its scale. Thresholds come from the
shares of each item, the correlation from the table of two items (two-step maximum likelihood). Neither statsmodels nor
scipy has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST = 0.99
"""The largest correlation that is looked for: where items tell each other apart the likelihood has no top."""
_FAR = 12.0
"""Where a normal trait ends."""
_SMALL = 1e-4
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


@dataclass(frozen=True)
class Polychoric:
    """The correlations of items (k x k), and how much each person moves each of them (n x k x k): their influence.

    The covariance of the correlations is that of the influences divided by n.
    """

    correlations: Array
    influence: Array

    @property
    def at_the_edge(self) -> bool:
        """Whether two items go so nearly together that their correlation has no largest likelihood."""
        off = self.correlations[~np.eye(len(self.correlations), dtype=bool)]
        return bool((np.abs(off) > MOST - 1e-3).any())


def polychoric(items: Array) -> Polychoric:
    """Estimate the polychoric correlations of `items` (persons x items, none missing, each with two steps or more)."""
    n, k = items.shape
    steps = [np.unique(column, return_inverse=True)[1] for column in items.T]
    correlations, influence = np.eye(k), np.zeros((n, k, k))
    for a, b in combinations(range(k), 2):
        shares = np.zeros((steps[a].max() + 1, steps[b].max() + 1))
        np.add.at(shares, (steps[a], steps[b]), 1 / n)
        correlation, moved = _of_table(shares)
        correlations[a, b] = correlations[b, a] = correlation
        influence[:, a, b] = influence[:, b, a] = moved[steps[a], steps[b]]
    return Polychoric(correlations, influence)


def _of_table(shares: Array) -> tuple[float, Array]:
    """Return the correlation of a table of shares, and how much a person in each of its cells moves it.

    A person counts in the cell, and in the thresholds of both items, on which the slope of the likelihood depends too.
    """
    margins = shares.sum(axis=1), shares.sum(axis=0)
    rows, columns = (_thresholds(margin) for margin in margins)
    filled = shares > 0

    def misfit(correlation: float) -> float:
        chances = _cells(_both_below, rows, columns, correlation)
        return -float(shares[filled] @ np.log(np.maximum(chances[filled], 1e-300)))

    found = scipy.optimize.minimize_scalar(misfit, bounds=(-MOST, MOST), method="bounded", options={"xatol": 1e-7})
    correlation = float(found.x)

    def slope(rows: Array, columns: Array, correlation: float) -> Array:
        chances = np.maximum(_cells(_both_below, rows, columns, correlation), 1e-300)
        return np.asarray(_cells(_density, rows, columns, correlation) / chances)

    def total(rows: Array, columns: Array, correlation: float) -> float:
        return float((shares * slope(rows, columns, correlation)).sum())

    pull = slope(rows, columns, correlation)
    for axis, (margin, ends) in enumerate(zip(margins, (rows, columns), strict=True)):
        for cut in range(1, len(ends) - 1):
            step = _SMALL * (np.arange(len(ends)) == cut)
            if axis == 0:
                above, under = (total(rows + way, columns, correlation) for way in (step, -step))
            else:
                above, under = (total(rows, columns + way, correlation) for way in (step, -step))
            change = (above - under) / (2 * _SMALL)
            below = margin[:cut].sum()
            of_person = ((np.arange(len(margin)) < cut) - below) / (np.exp(-(ends[cut] ** 2) / 2) / np.sqrt(2 * np.pi))
            pull = pull + change * (of_person[:, None] if axis == 0 else of_person[None, :])
    above, under = (total(rows, columns, correlation + way) for way in (_SMALL, -_SMALL))
    return correlation, -pull / ((above - under) / (2 * _SMALL))


def _thresholds(margin: Array) -> Array:
    """Return the thresholds of an item, with the ends of the scale."""
    return np.clip(np.concatenate([[-_FAR], scipy.special.ndtri(margin.cumsum()[:-1]), [_FAR]]), -_FAR, _FAR)


def _cells(of_corner: object, rows: Array, columns: Array, correlation: float) -> Array:
    """Return what `of_corner` gives the four corners of each cell, summed to the cell."""
    assert callable(of_corner)
    corners = of_corner(rows[:, None], columns[None, :], correlation)
    return np.asarray(np.diff(np.diff(corners, axis=0), axis=1))


def _both_below(x: Array, y: Array, correlation: float) -> Array:
    """Return the chance that two normal traits lie below x and y.

    The density is what the chance gains with the correlation (Plackett 1954); it is summed from independence on, by the
    angle whose sine is the correlation (Drezner & Wesolowsky 1990).
    """
    half = np.arcsin(correlation) / 2
    angles = half * (1 + _NODES)
    inner = [_density(x, y, np.sin(angle)) * np.cos(angle) for angle in angles]
    gained = half * sum(weight * part for weight, part in zip(_WEIGHTS, inner, strict=True))
    return np.asarray(scipy.special.ndtr(x) * scipy.special.ndtr(y) + gained)


def _density(x: Array, y: Array, correlation: float) -> Array:
    rest = 1 - correlation**2
    return np.asarray(np.exp(-(x**2 - 2 * correlation * x * y + y**2) / (2 * rest)) / (2 * np.pi * np.sqrt(rest)))
