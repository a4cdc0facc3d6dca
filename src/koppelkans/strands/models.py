"""Logistic and ordinal models of answers, with effects that can be read: odds ratios and average marginal effects.

`table`: one row a respondent; an outcome and predictors. Text predictors become dummies against their first category in
alphabetical order (or of a pandas Categorical); numbers stay as they are. Rows with a missing value are left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason
from koppelkans.study.columns import require

Array = NDArray[np.float64]
COLUMNS = [
    *("term", "odds_ratio", "odds_low", "odds_high", "p", "effect", "effect_low", "effect_high"),
    *("n", "method", "reason_nl", "reason_en"),
]
TOO_FEW = Reason(N_("there are no more complete answers than numbers to estimate"))
NOBODY = Reason(N_("of nobody both the answer and all predictors are known"))
ONE_OUTCOME = Reason(N_("everybody gave the same answer"))
COLLINEAR = Reason(N_("one predictor follows entirely from the others"))
SEPARATED = Reason(
    N_("the predictors separate the answers (almost) entirely; the estimate would be infinite. Compare groups exactly")
)
NOT_CONVERGED = Reason(N_("the fit did not converge"))


def logistic(table: pd.DataFrame, outcome: str, predictors: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """Fit a logistic model of a yes/no outcome (1/0 or True/False); one row a term (statsmodels Logit).

    Columns: term, odds_ratio with odds_low and odds_high (Wald), p, effect (average marginal effect: the mean change in
    the chance of yes for one step of the predictor, or for the category against the reference) with effect_low and
    effect_high, n, method, reason_nl, reason_en. Where the model is not defined (separation, one answer only, too few,
    not converged) the numbers are empty and the reason is in every row. Raises ValueError for another outcome than
    yes/no.
    """
    from statsmodels.discrete.discrete_model import Logit

    complete, design = _prepared(table, outcome, predictors)
    y = complete[outcome].astype(float)
    if not set(y) <= {0.0, 1.0}:
        raise ValueError(f"outcome {outcome!r} holds {sorted(set(y))[:3]}; expected 1 and 0")
    dummies = _is_dummy(design)
    reason = _why_not(design, y.astype(int).to_numpy(), 2)
    if reason:
        return _not_defined(design.columns, len(complete), "logistic", reason)
    x = design.assign(const=1.0)

    def change(parameters: Array, term: int) -> float:
        return _mean_change(lambda values: _expit(values @ parameters), x.to_numpy(), term, dummies[term])

    return _fitted(lambda: Logit(y, x).fit(disp=0, maxiter=200), design, change, len(complete), "logistic", level)


def ordinal(
    table: pd.DataFrame, outcome: str, predictors: Sequence[str], scale: Sequence[Any], level: float = 0.95
) -> pd.DataFrame:
    """Fit a proportional-odds model of an ordered answer; one row a term (statsmodels OrderedModel, logit).

    `scale`: the answers from low to high. odds_ratio: of a higher against a lower answer, taken to be the same at every
    step of the scale. effect: mean change in the chance of the highest answer that occurs. Columns and reasons as in
    `logistic`. Raises ValueError for an answer outside the scale.
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    complete, design = _prepared(table, outcome, predictors)
    outside = [answer for answer in complete[outcome].unique() if answer not in scale]
    if outside:
        raise ValueError(f"outcome {outcome!r} holds {outside[0]!r}; expected one of {', '.join(map(str, scale))}")
    used = [answer for answer in scale if answer in set(complete[outcome])]
    y = complete[outcome].map({answer: place for place, answer in enumerate(used)}).astype(int)
    reason = _why_not(design, y.to_numpy(), len(used))
    name = "ordinal, proportional odds"
    if reason:
        return _not_defined(design.columns, len(complete), name, reason)
    dummies, x, n_terms = _is_dummy(design), design.to_numpy(dtype=float), design.shape[1]
    model = OrderedModel(y.to_numpy(), x, distr="logit")

    def change(parameters: Array, term: int) -> float:
        last = model.transform_threshold_params(parameters)[-2]
        return _mean_change(lambda values: 1 - _expit(last - values @ parameters[:n_terms]), x, term, dummies[term])

    return _fitted(lambda: model.fit(method="bfgs", disp=0, maxiter=500), design, change, len(complete), name, level)


def _prepared(table: pd.DataFrame, outcome: str, predictors: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    require(table, "of respondents", [outcome, *predictors])
    if not predictors:
        raise ValueError("predictors is empty; expected at least one column")
    complete = table[[outcome, *predictors]].replace("", pd.NA).dropna().infer_objects()
    parts = []
    for name in predictors:
        column = complete[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            parts.append(column.astype(float).rename(name))
        else:
            kinds = column.astype("category").cat.remove_unused_categories()
            parts += [(column == kind).astype(float).rename(f"{name}: {kind}") for kind in kinds.cat.categories[1:]]
    return complete, pd.DataFrame({part.name: part for part in parts}, index=complete.index)


def _is_dummy(design: pd.DataFrame) -> list[bool]:
    return [set(design[name].unique()) <= {0.0, 1.0} for name in design.columns]


def _why_not(design: pd.DataFrame, y: NDArray[np.integer], categories: int) -> Reason | None:
    if not len(y):
        return NOBODY
    if categories < 2 or len(set(y)) < 2:
        return ONE_OUTCOME
    if design.shape[1] == 0 or np.linalg.matrix_rank(design.assign(const=1.0)) < design.shape[1] + 1:
        return COLLINEAR
    if len(y) <= design.shape[1] + categories - 1:
        return TOO_FEW
    return SEPARATED if _separates(design.to_numpy(dtype=float), y, categories) else None


def _separates(x: Array, y: NDArray[np.integer], categories: int) -> bool:
    """Say whether the likelihood keeps rising in some direction (Albert & Anderson 1984), by linear programming.

    A direction is a slope b and shifts d of the thresholds with d[k-1] <= x b <= d[k] for everybody who answered k; the
    program looks for the largest total slack. For two answers this is complete or quasi-complete separation.
    """
    n_terms, n_cuts = x.shape[1], categories - 1
    constraints = []
    for row, answer in zip(x, y, strict=True):
        if answer < categories - 1:
            constraints.append(np.concatenate([row, -np.eye(n_cuts)[answer]]))
        if answer > 0:
            constraints.append(np.concatenate([-row, np.eye(n_cuts)[answer - 1]]))
    limits = np.array(constraints)
    bounds = [(-1, 1)] * (n_terms + n_cuts)
    optimum = optimize.linprog(limits.sum(axis=0), A_ub=limits, b_ub=np.zeros(len(limits)), bounds=bounds)
    return bool(optimum.status == 0 and optimum.fun < -1e-7)


def _expit(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-values)))


def _mean_change(chance: Callable[[Array], Array], x: Array, term: int, is_dummy: bool) -> float:
    """Return the mean change in a chance: 1 against 0 for a dummy, the slope for a number."""
    step = 1.0 if is_dummy else 1e-5 * max(1.0, float(np.abs(x[:, term]).max()))
    low, high = x.copy(), x.copy()
    low[:, term] = 0.0 if is_dummy else x[:, term] - step / 2
    high[:, term] = 1.0 if is_dummy else x[:, term] + step / 2
    return float((chance(high) - chance(low)).mean() / step)


def _fitted(
    fit: Callable[[], Any],
    design: pd.DataFrame,
    change: Callable[[Array, int], float],
    n: int,
    name: str,
    level: float,
) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = fit()
            parameters = np.asarray(result.params, dtype=float)
            covariance = np.asarray(result.cov_params(), dtype=float)
        except (np.linalg.LinAlgError, ValueError):
            return _not_defined(design.columns, n, name, NOT_CONVERGED)
    spread = np.sqrt(np.maximum(np.diag(covariance), 0))
    if not result.mle_retvals["converged"] or not np.isfinite(spread).all() or (spread == 0).any():
        return _not_defined(design.columns, n, name, NOT_CONVERGED)
    z = float(stats.norm.ppf(1 - (1 - level) / 2))
    rows = []
    for term, label in enumerate(design.columns):
        slope, se = float(parameters[term]), float(spread[term])
        effect = change(parameters, term)
        gradient = optimize.approx_fprime(parameters, change, 1e-6, term)
        reach = z * float(np.sqrt(max(gradient @ covariance @ gradient, 0)))
        odds = [float(np.exp(slope + shift)) for shift in (0, -z * se, z * se)]
        p = float(2 * stats.norm.sf(abs(slope / se)))
        rows.append((label, *odds, p, effect, effect - reach, effect + reach, n, f"{name}, Wald intervals", "", ""))
    return pd.DataFrame(rows, columns=COLUMNS)


def _not_defined(terms: pd.Index, n: int, name: str, reason: Reason) -> pd.DataFrame:
    rows = [(term, *([None] * 7), n, name, reason.text("nl"), reason.text("en")) for term in terms]
    return pd.DataFrame(rows, columns=COLUMNS)
