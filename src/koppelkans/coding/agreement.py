"""How far coders agree: coefficients with an interval, for the same ratings.

`ratings`: one row a unit, one column a coder; NaN (or None) = not coded by that coder. `koppelkans.coding.units` makes
such frames from codings, and names the index level `document`, so that the interval can take into account that units
of one document hang together.

Every function returns a `koppelkans.statistics.estimate.Estimate`. What is not defined has `value` None
and a `reason`; no NaN.
Shared arguments:

categories: all categories that a coder could choose, in order. Without it those that occur, sorted. AC1, AC2 and
    Brennan-Prediger depend on how many there are, weights on their order.
interval: "analytic" (default) or "bootstrap".
    analytic: value +/- t x standard error, cut off at 1 and -1, from what each unit contributes (Gwet 2014; Cohen's
    kappa: Fleiss, Cohen & Everitt 1969, normal). Units of one document are added up first where the index has a level
    `document` with five documents or more (a cluster-robust standard error, t with documents - 1 degrees of freedom,
    the interval on the scale of log(1 - value), which a few documents with many slips do not make too narrow); with
    fewer, units count as independent, which makes the interval too narrow, and `method` says so.
    Two coders and two categories: kappa and alpha get a profile likelihood interval with a prevalence for each coder
    (`profile_likelihood`), wider where units of a document hang together. Otherwise kappa and alpha have no interval
    where fewer than five units have anything but the commonest category.
    Where all agree the standard error is 0 and says nothing; the lower end is then the exact one (Clopper & Pearson
    1934) of the share of units agreed on, corrected for the same chance.
    bootstrap: percentiles over `draws` resamples of documents (five or more), else of units; `seed` fixes them.
    Resamples without a defined value are left out and counted in `method`.
coverage: how often such intervals hold the true value, 0.95 unless asked.

Raises ValueError for unknown options, values outside `categories`, or text without `categories` where order matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from koppelkans.coding import chance_correction as formulas
from koppelkans.coding.agreement_intervals import INTERVALS, Interval, Settings, with_interval
from koppelkans.coding.chance_correction import Array, Codes, Formula
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason

Weights = Literal["linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
ONE_CODER = Reason(N_("there is one coder only"))
NO_RATINGS = Reason(N_("there is not a single rating"))


def percent_agreement(
    ratings: pd.DataFrame,
    *,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return the share of pairs of coders that agree, averaged over units with two ratings; not corrected for chance.

    Two coders and units that do not hang together: Wilson's interval.
    """
    settings = Settings(interval, coverage, draws, seed)
    return _estimate(ratings, formulas.percent_agreement, "percent agreement", settings, None)


def cohen_kappa(
    ratings: pd.DataFrame,
    weights: Weights | None = None,
    *,
    categories: Sequence[Any] | None = None,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Cohen's kappa (1960) of two coders over the units that both rated; `weights` as in Cohen (1968).

    Weights go by the position of a category: "linear" counts the steps between two, "quadratic" their square.
    Not defined for another number of coders than two.
    """
    settings = Settings(interval, coverage, draws, seed)
    if ratings.shape[1] > 2:
        coders = ratings.shape[1]
        message = N_("Cohen's kappa compares two coders and here are {coders}; take Fleiss' kappa or choose two")
        reason = Reason(message, numbers={"coders": coders})
        return Estimate.not_defined(reason, len(ratings), "Cohen's kappa", coverage)
    name = f"Cohen's kappa{f', {weights} weights' if weights else ''}"
    return _estimate(ratings, formulas.cohen_kappa, name, settings, categories, weights)


def fleiss_kappa(
    ratings: pd.DataFrame,
    weights: Weights | None = None,
    *,
    categories: Sequence[Any] | None = None,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Fleiss' kappa (1971) of two coders or more; with missing ratings or weights as Gwet (2014) extends it."""
    settings = Settings(interval, coverage, draws, seed)
    return _estimate(ratings, formulas.fleiss_kappa, "Fleiss' kappa", settings, categories, weights)


def gwet_ac1(
    ratings: pd.DataFrame,
    *,
    categories: Sequence[Any] | None = None,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Gwet's AC1 (2008), which does not collapse where one category is rare."""
    settings = Settings(interval, coverage, draws, seed)
    return _estimate(ratings, formulas.gwet_ac, "Gwet's AC1", settings, categories)


def gwet_ac2(
    ratings: pd.DataFrame,
    weights: Weights = "quadratic",
    *,
    categories: Sequence[Any] | None = None,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Gwet's AC2 (2014): AC1 for ordered categories. Weights as in `cohen_kappa`."""
    settings = Settings(interval, coverage, draws, seed)
    return _estimate(ratings, formulas.gwet_ac, f"Gwet's AC2, {weights} weights", settings, categories, weights)


def brennan_prediger(
    ratings: pd.DataFrame,
    *,
    categories: Sequence[Any] | None = None,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Brennan & Prediger's coefficient (1981): chance gives every category the same share."""
    settings = Settings(interval, coverage, draws, seed)
    return _estimate(ratings, formulas.brennan_prediger, "Brennan-Prediger", settings, categories)


def krippendorff_alpha(
    ratings: pd.DataFrame,
    level: Level = "nominal",
    *,
    interval: Interval = "analytic",
    coverage: float = 0.95,
    draws: int = 2000,
    seed: int = 1,
) -> Estimate:
    """Return Krippendorff's alpha (2011) for two coders or more, missing ratings allowed.

    `level` is the level of measurement of the categories: nominal, ordinal, interval or ratio (numbers, but for
    nominal). The analytic interval holds the differences between categories fixed.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is not one of {', '.join(LEVELS)}")
    settings = Settings(interval, coverage, draws, seed)
    name = f"Krippendorff's alpha, {level}"
    coded = _coded(ratings, None, ordered=level != "nominal")
    if isinstance(coded, Reason):
        return Estimate.not_defined(coded, len(ratings), name, coverage)
    codes, values = coded

    def formula(codes: Codes, weights: Array, times: Array | None = None) -> formulas.Coefficient | Reason:
        return formulas.krippendorff_alpha(codes, _alpha_weights(codes, values, level, times), times)

    return with_interval(formula, codes, np.eye(len(values)), ratings.index, name, settings)


def _estimate(
    ratings: pd.DataFrame,
    formula: Formula,
    name: str,
    settings: Settings,
    categories: Sequence[Any] | None,
    weights: Weights | None = None,
) -> Estimate:
    coded = _coded(ratings, categories, ordered=weights is not None)
    if isinstance(coded, Reason):
        return Estimate.not_defined(coded, len(ratings), name, settings.coverage)
    codes, values = coded
    return with_interval(formula, codes, _weights(len(values), weights), ratings.index, name, settings)


def _coded(ratings: pd.DataFrame, categories: Sequence[Any] | None, ordered: bool) -> tuple[Codes, list[Any]] | Reason:
    """Turn ratings into positions in the list of categories; -1 where a coder did not rate a unit."""
    if ratings.shape[1] < 2:
        return ONE_CODER
    if all(pd.api.types.is_numeric_dtype(kind) for kind in ratings.dtypes):
        return _numbered(ratings.to_numpy(dtype=float, na_value=np.nan), categories)
    filled = ratings.to_numpy(dtype=object)
    missing = pd.isna(filled)
    if missing.all():
        return NO_RATINGS
    used = set(filled[~missing])
    numeric = all(isinstance(value, (int, float, np.number, np.bool_)) for value in used)
    if categories is None:
        if ordered and not numeric:
            raise ValueError(f"found {sorted(map(str, used))[0]!r}; give `categories` in order, or ratings as numbers")
        categories = sorted(used) if numeric else sorted(used, key=str)
    position = {value: place for place, value in enumerate(categories)}
    outside = sorted(str(value) for value in used - set(position))
    if outside:
        raise ValueError(f"rating {outside[0]!r} is not one of the categories {', '.join(map(str, categories))}")
    codes = np.full(filled.shape, -1, dtype=np.int64)
    codes[~missing] = [position[value] for value in filled[~missing]]
    return codes, list(categories)


def _numbered(filled: Array, categories: Sequence[Any] | None) -> tuple[Codes, list[Any]] | Reason:
    """As `_coded`, for columns of numbers: no step for each cell, since there can be a unit for each character."""
    missing = np.isnan(filled)
    used = np.unique(filled[~missing])
    if not len(used):
        return NO_RATINGS
    known = list(used) if categories is None else list(categories)
    outside = [value for value in used if value not in known]
    if outside:
        raise ValueError(f"rating {outside[0]:g} is not one of the categories {', '.join(map(str, known))}")
    position = np.array([known.index(value) for value in used], dtype=np.int64)
    codes = np.full(filled.shape, -1, dtype=np.int64)
    codes[~missing] = position[np.searchsorted(used, filled[~missing])]
    return codes, known


def _weights(q: int, kind: Weights | None) -> Array:
    if kind is None:
        return np.eye(q)
    if kind not in ("linear", "quadratic"):
        raise ValueError(f"weights {kind!r} is not one of linear, quadratic (or None)")
    steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) / max(q - 1, 1)
    return 1 - (steps if kind == "linear" else steps**2)


def _alpha_weights(codes: Codes, values: list[Any], level: Level, times: Array | None) -> Array:
    """Return 1 - squared difference / largest one, with the differences of Krippendorff (2011) for a level."""
    q = len(values)
    if level == "nominal":
        return np.eye(q)
    if level == "ordinal":
        often = ((codes >= 0).sum(axis=1) >= 2) * (1.0 if times is None else times)
        used = np.array([((codes == k).sum(axis=1) * often).sum() for k in range(q)])
        middle = np.cumsum(used) - used / 2
        difference = np.subtract.outer(middle, middle)
    else:
        numbers = np.array(values, dtype=float)
        difference = np.subtract.outer(numbers, numbers)
        if level == "ratio":
            if (numbers < 0).any():
                raise ValueError(f"found {numbers.min():g}; the ratio level takes numbers of 0 and more")
            total = np.add.outer(numbers, numbers)
            difference = np.divide(difference, total, out=np.zeros_like(total), where=total != 0)
    squared = difference**2
    largest = squared.max()
    return 1 - squared / largest if largest > 0 else np.ones((q, q))


__all__ = [
    "INTERVALS",
    "brennan_prediger",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "krippendorff_alpha",
    "percent_agreement",
]
