"""Coefficients of agreement corrected for chance, with what each unit contributes to their variance.

Pure numbers: `codes` is an array of units x coders with the position of the category chosen, -1 where a coder did not
rate the unit; `weights` is a matrix categories x categories with 1 on the diagonal (full agreement) down to 0; `times`
says how often each row of codes stands, where equal units are counted together (once unless it is given).

Each function gives a `Coefficient`. Its `contributions` are the linearised values of Gwet (Handbook of Inter-Rater
Reliability, 4th ed., 2014, ch. 5-6), which average to the value; for Cohen's kappa they give the large-sample variance
of Fleiss, Cohen & Everitt (1969). statsmodels has Cohen's and Fleiss' kappa; it takes no missing values and has no
variance for units that hang together within a document, so the contributions are worked out here, and the tests compare
the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

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


class Formula(Protocol):
    """What turns codes, weights and times into a coefficient, or says why there is none."""

    def __call__(self, codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
        """Return the coefficient; see the functions below."""
        ...


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
    times: Array | None

    def mean(self, values: Array) -> Array:
        """The mean over units of what each row has."""
        return np.average(values, axis=0, weights=self.times)

    def number(self, rows: NDArray[np.bool_] | None = None) -> int:
        """How many units these rows stand for; all of them unless they are named."""
        chosen = np.ones(len(self.raters), dtype=bool) if rows is None else rows
        return int(chosen.sum() if self.times is None else self.times[chosen].sum())

    @property
    def full(self) -> int:
        return self.number(self.paired & np.isclose(self.agreement, 1))


def _count(codes: Codes, weights: Array, times: Array | None, least: int = 1) -> _Counts | Reason:
    counts = np.stack([(codes == k).sum(axis=1) for k in range(len(weights))], axis=1).astype(float)
    raters = counts.sum(axis=1)
    used_units = (raters >= least) if times is None else (raters >= least) & (times > 0)
    counts, raters = counts[used_units], raters[used_units]
    paired = raters >= 2
    if not paired.any():
        return NO_UNITS
    pairs = np.where(paired, raters * (raters - 1), 1)
    agreement = np.where(paired, (counts * (counts @ weights - 1)).sum(axis=1) / pairs, 0.0)
    return _Counts(counts, raters, used_units, agreement, paired, None if times is None else times[used_units])


def percent_agreement(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return the share of pairs of ratings that agree, averaged over the units with two ratings or more."""
    counted = _count(codes, weights, times, least=2)
    if isinstance(counted, Reason):
        return counted
    value = float(counted.mean(counted.agreement))
    return Coefficient(
        "share", value, counted.agreement, counted.used_units, value, 0.0, counted.number(), counted.full
    )


def _corrected(counted: _Counts, chance: float, chance_of_unit: Array, kind: Kind) -> Coefficient:
    """Correct the observed agreement for chance; `chance_of_unit` averages to `chance` over all rated units."""
    n, paired = counted.number(), counted.number(counted.paired)
    of_paired = None if counted.times is None else counted.times[counted.paired]
    observed = float(np.average(counted.agreement[counted.paired], weights=of_paired))
    value = (observed - chance) / (1 - chance)
    each = (n / paired) * (counted.agreement - chance * counted.paired) / (1 - chance)
    each = each - 2 * (1 - value) * (chance_of_unit - chance) / (1 - chance)
    return Coefficient(kind, value, each, counted.used_units, observed, chance, paired, counted.full)


def gwet_ac(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return Gwet's AC1 (identity weights) or AC2 (other weights): Gwet 2008; missing ratings as in Gwet 2014."""
    q = len(weights)
    if q < 2:
        return ONE_POSSIBLE
    counted = _count(codes, weights, times)
    if isinstance(counted, Reason):
        return counted
    shares = counted.counts / counted.raters[:, None]
    used = counted.mean(shares)
    scale = weights.sum() / (q * (q - 1))
    return _corrected(counted, float(scale * (used * (1 - used)).sum()), scale * (shares @ (1 - used)), "steady")


def fleiss_kappa(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return Fleiss' kappa (1971), generalised to missing ratings and weights by Gwet (2014)."""
    counted = _count(codes, weights, times)
    if isinstance(counted, Reason):
        return counted
    shares = counted.counts / counted.raters[:, None]
    used = counted.mean(shares)
    chance = float(used @ weights @ used)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    return _corrected(counted, chance, shares @ (weights @ used + weights.T @ used) / 2, "kappa")


def brennan_prediger(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return Brennan & Prediger's coefficient (1981): every category equally likely by chance."""
    q = len(weights)
    if q < 2:
        return ONE_POSSIBLE
    counted = _count(codes, weights, times)
    if isinstance(counted, Reason):
        return counted
    chance = float(weights.sum() / q**2)
    return _corrected(counted, chance, np.full(len(counted.raters), chance), "steady")


def krippendorff_alpha(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return Krippendorff's alpha with weights 1 - difference / largest difference; variance by Gwet (2014).

    A unit that fewer than two coders rated is left out, as Krippendorff (2011) does. The term for unequal numbers of
    coders uses the corrected agreement, as the R package irrCAC does; for many units this makes no difference.
    """
    counted = _count(codes, weights, times, least=2)
    if isinstance(counted, Reason):
        return counted
    mean_raters = float(counted.mean(counted.raters))
    used = counted.mean(counted.counts) / mean_raters
    chance = float(used @ weights @ used)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    small = 1 / (mean_raters * counted.number())
    excess = (counted.raters - mean_raters) / mean_raters
    agreement = counted.agreement * counted.raters / mean_raters
    uncorrected = float(counted.mean(agreement))
    observed = (1 - small) * uncorrected + small
    value = (observed - chance) / (1 - chance)
    plain = (uncorrected - chance) / (1 - chance)
    each = (agreement - observed * excess - chance) / (1 - chance)
    chance_of_unit = counted.counts @ ((weights @ used + weights.T @ used) / 2) / mean_raters - chance * excess
    each = each - 2 * (1 - plain) * (chance_of_unit - chance) / (1 - chance)
    each = each - plain + value
    return Coefficient("kappa", value, each, counted.used_units, observed, chance, counted.number(), counted.full)


def cohen_kappa(codes: Codes, weights: Array, times: Array | None = None) -> Coefficient | Reason:
    """Return Cohen's kappa (1960; weighted: 1968) of two coders over the units that both rated."""
    rated_by_both = np.asarray((codes >= 0).all(axis=1)) & (True if times is None else times > 0)
    if not rated_by_both.any():
        return NO_UNITS
    first, second = codes[rated_by_both].T
    q, often = len(weights), None if times is None else times[rated_by_both]
    n = int(rated_by_both.sum() if often is None else often.sum())
    p_first = np.bincount(first, often, minlength=q) / n
    p_second = np.bincount(second, often, minlength=q) / n
    agreement = weights[first, second]
    observed, chance = float(np.average(agreement, weights=often)), float(p_first @ weights @ p_second)
    if np.isclose(chance, 1):
        return ONE_CATEGORY
    value = (observed - chance) / (1 - chance)
    chance_of_unit = (weights @ p_second)[first] + (weights.T @ p_first)[second]
    each = (agreement - observed - (1 - value) * (chance_of_unit - 2 * chance)) / (1 - chance)
    whole = np.isclose(agreement, 1)
    full = int(whole.sum() if often is None else often[whole].sum())
    return Coefficient("cohen", value, value + each, rated_by_both, observed, chance, n, full)
