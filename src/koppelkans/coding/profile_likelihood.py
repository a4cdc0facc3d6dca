"""Profile likelihood intervals for agreement of two coders on one code, each with a prevalence of their own.

Two coders and two categories give four cells: both yes, only the first, only the second, both no. With three free
chances every coefficient of agreement is a function of them, and no prevalence need be shared: a coder who uses a code
ten times as often as the other is no harm. The interval runs from the least to the largest coefficient among the tables
whose deviance (twice the loss in log-likelihood) lies within a limit. This is the likelihood ratio interval with the
prevalences profiled out; where units hang together the limit is widened by the design effect (Rao & Scott 1984).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from koppelkans.coding.chance_correction import Array

Table = tuple[int, int, int, int]
_HALVINGS = 40


def _directions(n: int = 1500) -> Array:
    """Return directions spread evenly over the three ways in which four shares can change."""
    height = 1 - 2 * (np.arange(n) + 0.5) / n
    turn = np.pi * (1 + np.sqrt(5)) * (np.arange(n) + 0.5)
    round_ = np.sqrt(1 - height**2)
    basis = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / 2
    return np.asarray(np.stack([round_ * np.cos(turn), round_ * np.sin(turn), height], axis=1) @ basis)


_DIRECTIONS = _directions()


@lru_cache(maxsize=4096)
def _edge(table: Table, limit: float) -> Array:
    """Return tables of chances (rows) on the edge of the region whose deviance from `table` is at most `limit`."""
    counts = np.array(table, dtype=float)
    seen = counts / counts.sum()
    scale = np.sqrt((counts + 0.5) / (counts.sum() + 2))
    ways = _DIRECTIONS * scale
    ways = ways - ways.sum(axis=1, keepdims=True) * scale**2 / (scale**2).sum()
    # a cell without units can only gain: ways in which it would lose become ways in which it stays empty, which lead to
    # the edge where the ends of the interval often lie
    empty = counts == 0
    ways[:, empty] = np.maximum(ways[:, empty], 0)
    ways[:, ~empty] -= ways.sum(axis=1, keepdims=True) * scale[~empty] ** 2 / (scale[~empty] ** 2).sum()
    ways = ways[(np.abs(ways) > 1e-12).any(axis=1)]
    inside = np.zeros(len(ways))
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = np.where(ways < 0, -seen / ways, np.inf).min(axis=1)
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            chances = seen + middle[:, None] * ways
            ratio = np.where(counts > 0, seen, 1) / np.where(counts > 0, chances, 1)
            far = 2 * (counts * np.log(ratio)).sum(axis=1) > limit
            inside, outside = np.where(far, inside, middle), np.where(far, middle, outside)
    return np.vstack([seen, seen + inside[:, None] * ways])


def cohen(chances: Array) -> Array:
    """Return Cohen's kappa of tables of chances (last axis: both, only the first, only the second, none)."""
    both, first, second, none = np.moveaxis(chances, -1, 0)
    a, b = both + first, both + second
    return _corrected(both + none, a * b + (1 - a) * (1 - b))


def scott(chances: Array) -> Array:
    """Return Scott's pi of tables of chances: what Fleiss' kappa and Krippendorff's alpha are for two coders."""
    both, first, second, none = np.moveaxis(chances, -1, 0)
    a = both + (first + second) / 2
    return _corrected(both + none, a**2 + (1 - a) ** 2)


def _corrected(observed: Array, chance: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((observed - chance) / (1 - chance))


def profile_interval(table: Table, coefficient: Callable[[Array], Array], limit: float) -> tuple[float, float]:
    """Return the ends of the profile likelihood interval of `coefficient` (`cohen`, `scott`).

    `table`: units that both coders, only the first, only the second, and none coded. `limit`: the largest deviance,
    such as 3.84 for 95% of many independent units.
    """
    values = coefficient(_edge(table, round(limit, 9)))
    return float(np.nanmin(values)), float(np.nanmax(values))
