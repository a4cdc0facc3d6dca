"""Coefficients of agreement corrected for chance, with what each unit contributes to their variance.

Pure numbers: `codes` is an array of units x coders with the position of the category chosen, -1 where a coder did not
rate the unit; `weights` is a matrix categories x categories with 1 on the diagonal (full agreement) down to 0.

Each function gives a `Coefficient`. Its `contributions` are the linearised values of Gwet (Handbook of Inter-Rater
Reliability, 4th ed., 2014, ch. 5-6), which average to the value; for Cohen's kappa they give the large-sample variance
of Fleiss, Cohen & Everitt (1969). statsmodels has Cohen's and Fleiss' kappa; it takes no missing values and has no
variance for units that hang together within a document, so the contributions are worked out here, and the tests compare
the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason

Kind = Literal["cohen", "kappa", "steady", "share"]
Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient: its value, what each rated unit contributes, the agreement observed and expected by chance.

    `used_units` tells which units were used; `contributions` has one number for each of these. `pairable` counts the
    units that two coders rated, `full` those of them on which all agree. `kind`: Cohen's kappa, another coefficient
    with chance from the categories used (kappa), one that keeps its spread where a category is rare (steady), or a
    share that is not corrected.
    """

    kind: Kind
    value: float
    contributions: Array
    used_units: NDArray[np.bool_]
    observed: float
    expected: float
    pairable: int
    full: int


Formula = Callable[[Codes, Array], Coefficient | Reason]

NO_UNITS = Reason(N_("no unit was rated by two coders"))
ONE_CATEGORY = Reason(
    N_("the coders used one category only between them: their agreement then cannot be told from chance")
)
ONE_POSSIBLE = Reason(N_("there is one category only: name in `categories` those that nobody chose as well"))


@dataclass(frozen=True)
class _Counts:
    """Ratings as counts a unit and category, with what the formulas share."""

    counts: Array  # units x categories
    raters: Array  # coders who rated the unit
    used_units: NDArray[np.bool_]
    agreement: Array  # weighted agreement within the unit, 0 where one coder rated it
    paired: NDArray[np.bool_]

    @property
    def full(self) -> int:
        return int(np.isclose(self.agreement[self.paired], 1).sum())


def _count(codes: Codes, weights: Array, least: int = 1) -> _Counts | Reason:
    counts = np.stack([(codes == k).sum(axis=1) for k in range(len(weights))], axis=1).astype(float)
    raters = counts.sum(axis=1)
    used_units = raters >= least
    counts, raters = counts[used_units], raters[used_units]
    paired = raters >= 2
    if not paired.any():
        return NO_UNITS
    pairs = np.where(paired, raters * (raters - 1), 1)
    agreement = np.where(paired, (counts * (counts @ weights - 1)).sum(axis=1) / pairs, 0.0)
    return _Counts(counts, raters, used_units, agreement, paired)


def percent_agreement(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return the share of pairs of ratings that agree, averaged over the units with two ratings or more."""
    counted = _count(codes, weights, least=2)
    if isinstance(counted, Reason):
        return counted
    value = float(counted.agreement.mean())
    return Coefficient(
        "share", value, counted.agreement, counted.used_units, value, 0.0, int(counted.paired.sum()), counted.full
    )


def _corrected(counted: _Counts, chance: float, chance_of_unit: Array, kind: Kind) -> Coefficient:
    """Correct the observed agreement for chance; `chance_of_unit` averages to `chance` over all rated units."""
    n, paired = len(counted.raters), int(counted.paired.sum())
    observed = float(counted.agreement[counted.paired].mean())
    value = (observed - chance) / (1 - chance)
    each = (n / paired) * (counted.agreement - chance * counted.paired) / (1 - chance)
    each = each - 2 * (1 - value) * (chance_of_unit - chance) / (1 - chance)
    return Coefficient(kind, value, each, counted.used_units, observed, chance, paired, counted.full)


def gwet_ac(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return Gwet's AC1 (identity weights) or AC2 (other weights): Gwet 2008; missing ratings as in Gwet 2014."""
    q = len(weights)
    if q < 2:
        return ONE_POSSIBLE
    counted = _count(codes, weights)
    if isinstance(counted, Reason):
        return counted
    shares = counted.counts / counted.raters[:, None]
    used = shares.mean(axis=0)
    scale = weights.sum() / (q * (q - 1))
    return _corrected(counted, float(scale * (used * (1 - used)).sum()), scale * (shares @ (1 - used)), "steady")


def fleiss_kappa(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return Fleiss' kappa (1971), generalised to missing ratings and weights by Gwet (2014)."""
    counted = _count(codes, weights)
    if isinstance(counted, Reason):
        return counted
    shares = counted.counts / counted.raters[:, None]
    used = shares.mean(axis=0)
    chance = float(used @ weights @ used)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    return _corrected(counted, chance, shares @ (weights @ used + weights.T @ used) / 2, "kappa")


def brennan_prediger(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return Brennan & Prediger's coefficient (1981): every category equally likely by chance."""
    q = len(weights)
    if q < 2:
        return ONE_POSSIBLE
    counted = _count(codes, weights)
    if isinstance(counted, Reason):
        return counted
    chance = float(weights.sum() / q**2)
    return _corrected(counted, chance, np.full(len(counted.raters), chance), "steady")


def krippendorff_alpha(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return Krippendorff's alpha with weights 1 - difference / largest difference; variance by Gwet (2014).

    A unit that fewer than two coders rated is left out, as Krippendorff (2011) does. The term for unequal numbers of
    coders uses the corrected agreement, as the R package irrCAC does; for many units this makes no difference.
    """
    counted = _count(codes, weights, least=2)
    if isinstance(counted, Reason):
        return counted
    mean_raters = float(counted.raters.mean())
    used = counted.counts.mean(axis=0) / mean_raters
    chance = float(used @ weights @ used)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    small = 1 / float(counted.raters.sum())
    excess = (counted.raters - mean_raters) / mean_raters
    agreement = counted.agreement * counted.raters / mean_raters
    uncorrected = float(agreement.mean())
    observed = (1 - small) * uncorrected + small
    value = (observed - chance) / (1 - chance)
    plain = (uncorrected - chance) / (1 - chance)
    each = (agreement - observed * excess - chance) / (1 - chance)
    chance_of_unit = counted.counts @ ((weights @ used + weights.T @ used) / 2) / mean_raters - chance * excess
    each = each - 2 * (1 - plain) * (chance_of_unit - chance) / (1 - chance)
    each = each - plain + value
    return Coefficient("kappa", value, each, counted.used_units, observed, chance, len(counted.raters), counted.full)


def cohen_kappa(codes: Codes, weights: Array) -> Coefficient | Reason:
    """Return Cohen's kappa (1960; weighted: 1968) of two coders over the units that both rated."""
    rated_by_both = np.asarray((codes >= 0).all(axis=1))
    if not rated_by_both.any():
        return NO_UNITS
    first, second = codes[rated_by_both].T
    q = len(weights)
    p_first = np.bincount(first, minlength=q) / rated_by_both.sum()
    p_second = np.bincount(second, minlength=q) / rated_by_both.sum()
    agreement = weights[first, second]
    observed, chance = float(agreement.mean()), float(p_first @ weights @ p_second)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    value = (observed - chance) / (1 - chance)
    chance_of_unit = (weights @ p_second)[first] + (weights.T @ p_first)[second]
    each = (agreement - observed - (1 - value) * (chance_of_unit - 2 * chance)) / (1 - chance)
    full = int(np.isclose(agreement, 1).sum())
    return Coefficient("cohen", value, value + each, rated_by_both, observed, chance, int(rated_by_both.sum()), full)
