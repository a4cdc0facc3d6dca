"""Intervals around coefficients of agreement: from what each unit contributes, or by resampling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from koppelkans.coding.chance_correction import Array, Codes, Coefficient, Formula
from koppelkans.coding.kappa_likelihood import profile_interval
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason
from koppelkans.statistics.proportions import proportion

Interval = Literal["analytic", "bootstrap"]
INTERVALS: tuple[Interval, ...] = ("analytic", "bootstrap")
DOCUMENT = "document"
RARE = 5
"""Of how few units of a kind the spread of kappa and alpha says too little: units that both coders put in one category,
or in the other, or one in each; or units with anything but the commonest category."""
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
    if coefficient.kind in ("cohen", "kappa") and settings.interval == "analytic":
        rare = _for_rare_codes(codes[coefficient.used_units], coefficient, name, settings)
        if rare is not None:
            return rare
    if settings.interval == "bootstrap":
        return _bootstrap(formula, codes, weights, documents, coefficient, name, settings)
    return _analytic(codes, documents, coefficient, name, settings)


def _for_rare_codes(codes: Codes, coefficient: Coefficient, name: str, settings: Settings) -> Estimate | None:
    """Give the likelihood interval where a kind of unit is rare, or no interval; None where the usual one will do."""
    common = np.bincount(codes[codes >= 0]).argmax()
    others = int(((codes >= 0) & (codes != common)).any(axis=1).sum())
    if codes.shape[1] == 2 and (codes >= 0).all() and len(np.unique(codes)) == 2:
        with_common = (codes == common).sum(axis=1)
        both, one, none = (int((with_common == count).sum()) for count in (2, 1, 0))
        if min(both, one, none) >= RARE:
            return None
        low, high = profile_interval(both, one, none, settings.coverage)
        low, high = min(low, coefficient.value), max(high, coefficient.value)
        n = coefficient.pairable
        method = f"{name}; likelihood since a kind of unit is rare ({both}, {one}, {none}), {n} units as if independent"
        se = float(coefficient.contributions.std() / np.sqrt(n))
        return Estimate(coefficient.value, low, high, se, n, method, settings.coverage)
    if others < RARE:
        return Estimate(coefficient.value, None, None, None, coefficient.pairable, name, settings.coverage, RARELY)
    return None


def _documents(index: pd.Index) -> NDArray[np.int64] | None:
    """Return a number for the document of each unit; None where the ratings do not say or the documents are too few."""
    if DOCUMENT not in index.names:
        return None
    numbers, labels = pd.factorize(index.get_level_values(DOCUMENT))
    return numbers if len(labels) >= LEAST_DOCUMENTS else None


def _analytic(
    codes: Codes,
    documents: NDArray[np.int64] | None,
    coefficient: Coefficient,
    name: str,
    settings: Settings,
) -> Estimate:
    n = len(coefficient.contributions)
    groups = None if documents is None else documents[coefficient.used_units]
    spread = coefficient.contributions - coefficient.contributions.mean()
    sums = None if groups is None else np.bincount(groups, weights=spread)[np.unique(groups)]
    independent = sums is None or len(sums) < LEAST_DOCUMENTS or np.allclose(sums, 0)
    if sums is None or independent:
        # Fleiss, Cohen & Everitt divide by n x n and use the normal, Gwet by n (n - 1) and uses t.
        is_cohen = coefficient.kind == "cohen"
        se = float(np.sqrt((spread**2).sum() / (n * (n if is_cohen else n - 1))))
        quantile = _quantile(settings.coverage, None if is_cohen else n - 1)
        how = f"analytic, {n} units as if independent"
    else:
        g = len(sums)
        se = float(np.sqrt((sums**2).sum() * g / (g - 1)) / n)
        quantile = _quantile(settings.coverage, g - 1)
        how = f"analytic, units within {g} documents"
    n_units = coefficient.pairable
    if np.isclose(se, 0, atol=1e-12):
        return _without_spread(coefficient, name, settings)
    if coefficient.kind == "share" and codes.shape[1] == 2 and independent:
        wilson = proportion(coefficient.full, n_units, "wilson", settings.coverage)
        method = f"{name}; Wilson, {n} units as if independent"
        return Estimate(coefficient.value, wilson.low, wilson.high, se, n_units, method, settings.coverage)
    floor = 0.0 if coefficient.kind == "share" else -1.0
    low, high = max(floor, coefficient.value - quantile * se), min(1.0, coefficient.value + quantile * se)
    return Estimate(coefficient.value, low, high, se, n_units, f"{name}; {how}", settings.coverage)


def _quantile(coverage: float, df: int | None) -> float:
    upper = 1 - (1 - coverage) / 2
    return float(stats.norm.ppf(upper) if df is None else stats.t.ppf(upper, df))


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
    groups = np.arange(len(codes)) if documents is None else documents
    rows_of = [np.flatnonzero(groups == group) for group in range(groups.max() + 1)]
    values = []
    for _ in range(settings.draws):
        chosen = generator.integers(len(rows_of), size=len(rows_of))
        drawn = formula(codes[np.concatenate([rows_of[group] for group in chosen])], weights)
        if not isinstance(drawn, Reason):
            values.append(drawn.value)
    what = f"{len(rows_of)} {'units' if documents is None else 'documents'}"
    method = f"{name}; bootstrap of {what}, seed {settings.seed}, {len(values)} of {settings.draws} draws defined"
    if len(values) < settings.draws / 2:
        return Estimate(coefficient.value, None, None, None, coefficient.pairable, method, settings.coverage, NO_DRAWS)
    if np.ptp(values) == 0:
        return _without_spread(coefficient, name, settings)
    tail = 100 * (1 - settings.coverage) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    se = float(np.std(values, ddof=1))
    return Estimate(coefficient.value, float(low), float(high), se, coefficient.pairable, method, settings.coverage)
