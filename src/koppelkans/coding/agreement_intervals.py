"""Intervals around coefficients of agreement: from what each unit contributes, or by resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from koppelkans.coding.chance_correction import Array, Codes, Coefficient, Formula
from koppelkans.coding.profile_likelihood import cohen, profile_interval, scott
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason
from koppelkans.statistics.proportions import proportion

Interval = Literal["analytic", "bootstrap"]
INTERVALS: tuple[Interval, ...] = ("analytic", "bootstrap")
DOCUMENT = "document"
RARE = 5
"""Of how few units with anything but the commonest category the spread of kappa and alpha says too little."""
RARELY = Reason(
    N_("in fewer than 5 units did anybody choose anything but the commonest category: the spread then says nothing")
)
LEAST_DOCUMENTS = 5
"""From how many documents on their number can carry an interval; below it t has so few degrees of freedom that every
interval runs from -1 to 1."""
ONE_UNIT = Reason(N_("one unit says nothing about the spread"))
SAME_EVERYWHERE = Reason(N_("the coders disagree equally in every unit: the spread is 0"))
NO_DRAWS = Reason(N_("fewer than half of the resamples have a value"))


@dataclass(frozen=True)
class Settings:
    """How an interval is made; see `koppelkans.coding.agreement`. Raises ValueError for what cannot be."""

    interval: Interval
    coverage: float
    draws: int
    seed: int

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.interval not in INTERVALS:
            raise ValueError(f"interval {self.interval!r} is not one of {', '.join(INTERVALS)}")
        if not 0 < self.coverage < 1:
            raise ValueError(f"coverage is {self.coverage}; expected a share between 0 and 1, such as 0.95")
        if self.draws < 1:
            raise ValueError(f"draws is {self.draws}; expected 1 or more, such as 2000")


def with_interval(
    formula: Formula, codes: Codes, weights: Array, index: pd.Index, name: str, settings: Settings
) -> Estimate:
    """Work out a coefficient of `codes` (units x coders) and its interval; `index` is that of the ratings."""
    coefficient = formula(codes, weights)
    if isinstance(coefficient, Reason):
        return Estimate.not_defined(coefficient, len(codes), name, settings.coverage)
    documents = _documents(index)
    if coefficient.pairable < 2:
        return Estimate(coefficient.value, None, None, None, coefficient.pairable, name, settings.coverage, ONE_UNIT)
    if settings.interval == "bootstrap":
        return _bootstrap(formula, codes, weights, documents, coefficient, name, settings)
    return _analytic(codes[coefficient.used_units], documents, coefficient, name, settings)


@dataclass(frozen=True)
class _Spread:
    """The standard error, how many times larger its square is than for independent units, and what it rests on."""

    se: float
    design_effect: float
    df: int
    how: str
    independent: bool


def _documents(index: pd.Index) -> NDArray[np.int64] | None:
    """Return a number for the document of each unit; None where the ratings do not say or the documents are too few."""
    if DOCUMENT not in index.names:
        return None
    numbers, labels = pd.factorize(index.get_level_values(DOCUMENT))
    return numbers if len(labels) >= LEAST_DOCUMENTS else None


def _spread(coefficient: Coefficient, documents: NDArray[np.int64] | None) -> _Spread:
    n = len(coefficient.contributions)
    spread = coefficient.contributions - coefficient.contributions.mean()
    # Fleiss, Cohen & Everitt divide by n x n, Gwet by n (n - 1).
    alone = float(np.sqrt((spread**2).sum() / (n * (n if coefficient.kind == "cohen" else n - 1))))
    if documents is not None:
        groups = documents[coefficient.used_units]
        sums = np.bincount(groups, weights=spread)[np.unique(groups)]
        g = len(sums)
        if g >= LEAST_DOCUMENTS and not np.allclose(sums, 0):
            se = float(np.sqrt((sums**2).sum() * g / (g - 1)) / n)
            return _Spread(se, (se / alone) ** 2, g - 1, f"units within {g} documents", False)
    return _Spread(alone, 1.0, n - 1, f"{n} units as if independent", True)


def _analytic(
    codes: Codes,
    documents: NDArray[np.int64] | None,
    coefficient: Coefficient,
    name: str,
    settings: Settings,
) -> Estimate:
    """Give the interval from what each unit contributes; of two coders and a yes or no, by the likelihood."""
    spread, n, level = _spread(coefficient, documents), coefficient.pairable, settings.coverage
    yes_or_no = codes.shape[1] == 2 and (codes >= 0).all() and len(np.unique(codes)) == 2
    if coefficient.kind in ("cohen", "kappa") and yes_or_no and coefficient.full < n:
        low, high = _by_likelihood(codes, coefficient, spread, level)
        method = f"{name}; profile likelihood, two prevalences, {spread.how}"
        return Estimate(coefficient.value, low, high, spread.se, n, method, level)
    if coefficient.kind in ("cohen", "kappa") and not yes_or_no:
        common = np.bincount(codes[codes >= 0]).argmax()
        if ((codes >= 0) & (codes != common)).any(axis=1).sum() < RARE:
            return Estimate(coefficient.value, None, None, None, n, name, level, RARELY)
    if np.isclose(spread.se, 0, atol=1e-12):
        return _without_spread(coefficient, name, settings)
    if coefficient.kind == "share" and codes.shape[1] == 2 and spread.independent:
        wilson = proportion(coefficient.full, n, "wilson", level)
        return Estimate(
            coefficient.value, wilson.low, wilson.high, spread.se, n, f"{name}; Wilson, {spread.how}", level
        )
    normal = coefficient.kind == "cohen" and spread.independent
    quantile = scipy.stats.norm.ppf((1 + level) / 2) if normal else scipy.stats.t.ppf((1 + level) / 2, spread.df)
    reach, rest = float(quantile) * spread.se, 1 - coefficient.value
    low, high, how = coefficient.value - reach, coefficient.value + reach, "analytic"
    if not spread.independent and rest > 0:  # documents differ most where coders slip: the spread grows with `rest`
        low, high, how = (
            1 - rest * np.exp(reach / rest),
            1 - rest * np.exp(-reach / rest),
            "analytic, on log(1 - value)",
        )
    low, high = max(0.0 if coefficient.kind == "share" else -1.0, float(low)), min(1.0, float(high))
    return Estimate(coefficient.value, low, high, spread.se, n, f"{name}; {how}, {spread.how}", level)


def _by_likelihood(codes: Codes, coefficient: Coefficient, spread: _Spread, level: float) -> tuple[float, float]:
    """Return the profile likelihood interval; t in place of the normal, since a few units or documents carry it.

    A design effect below 1 is chance, and counts as 1.
    """
    first, second = codes.max() == codes.T  # which of the two is "yes" makes no difference
    counts = [(first & second).sum(), (first & ~second).sum(), (~first & second).sum(), (~first & ~second).sum()]
    limit = float(scipy.stats.t.ppf((1 + level) / 2, spread.df)) ** 2 * max(1.0, spread.design_effect)
    both, one, other, none = (int(count) for count in counts)
    measure = cohen if coefficient.kind == "cohen" else scott
    low, high = profile_interval((both, one, other, none), measure, limit)
    # alpha is corrected for few units, Scott's pi is not
    return min(low, coefficient.value), max(high, coefficient.value)


def _without_spread(coefficient: Coefficient, name: str, settings: Settings) -> Estimate:
    """Give an exact end where all units agree (or none does), since a standard error of 0 says nothing."""
    n = coefficient.pairable
    all_agree, none_agree = np.isclose(coefficient.observed, 1), np.isclose(coefficient.observed, 0)
    if not (all_agree or none_agree):
        return Estimate(coefficient.value, None, None, None, n, name, settings.coverage, SAME_EVERYWHERE)
    exact = proportion(n if all_agree else 0, n, "clopper-pearson", settings.coverage)
    assert exact.low is not None and exact.high is not None

    def corrected(share: float) -> float:
        return (share - coefficient.expected) / (1 - coefficient.expected)

    low = max(-1.0, corrected(exact.low)) if all_agree else coefficient.value
    high = coefficient.value if all_agree else min(1.0, corrected(exact.high))
    which = "all units agree" if all_agree else "no unit agrees"
    method = f"{name}; {which}: exact (Clopper-Pearson) for {n} units as if independent, corrected for the same chance"
    return Estimate(coefficient.value, low, high, 0.0, n, method, settings.coverage)


def _bootstrap(
    formula: Formula,
    codes: Codes,
    weights: Array,
    documents: NDArray[np.int64] | None,
    coefficient: Coefficient,
    name: str,
    settings: Settings,
) -> Estimate:
    generator = np.random.default_rng(settings.seed)
    # equal units are counted together: what a draw changes is how often each pattern of ratings stands in it
    patterns, pattern = np.unique(codes, axis=0, return_inverse=True)
    if documents is None:
        groups, in_group = len(codes), None
        share = np.bincount(pattern.ravel()) / groups
    else:
        groups = int(documents.max()) + 1
        in_group = np.zeros((groups, len(patterns)))
        np.add.at(in_group, (documents, pattern.ravel()), 1)
        share = np.full(groups, 1 / groups)
    values = []
    for _ in range(settings.draws):
        times = generator.multinomial(groups, share).astype(float)
        drawn = formula(patterns, weights, times if in_group is None else times @ in_group)
        if not isinstance(drawn, Reason):
            values.append(drawn.value)
    what = f"{groups} {'units' if documents is None else 'documents'}"
    method = f"{name}; bootstrap of {what}, seed {settings.seed}, {len(values)} of {settings.draws} draws defined"
    if len(values) < settings.draws / 2:
        return Estimate(coefficient.value, None, None, None, coefficient.pairable, method, settings.coverage, NO_DRAWS)
    if np.ptp(values) == 0:
        return _without_spread(coefficient, name, settings)
    tail = 100 * (1 - settings.coverage) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    se = float(np.std(values, ddof=1))
    return Estimate(coefficient.value, float(low), float(high), se, coefficient.pairable, method, settings.coverage)
