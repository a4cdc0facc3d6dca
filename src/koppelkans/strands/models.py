"""Logistic and ordinal models of answers, with effects that can be read: odds ratios and average marginal effects.

`table`: one row a respondent; an outcome and predictors. The categories of a text predictor are compared with its
first category in alphabetical order (or of a pandas Categorical), the reference; numbers stay as they are. Rows with a
missing value are left out and counted; a predictor in which all are alike is left out with the reason.

Usual maximum likelihood (statsmodels) where it has a top. Where predictors tell the answers apart it has none, and the
likelihood is penalised (`koppelkans.statistics.penalised`); so it is where the usual fit ends nowhere, and `method`
says which of the two. Numbers are fitted in units of their spread, so that years or days give the same model.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from koppelkans.locale import LANGUAGES, N_
from koppelkans.statistics import penalised
from koppelkans.statistics.estimate import Reason
from koppelkans.study.columns import require

Array = NDArray[np.float64]
Places = NDArray[np.int64]
EFFECTS = ("odds_ratio", "odds_low", "odds_high", "p", "effect", "effect_low", "effect_high")
COLUMNS = ["term", "reference", *EFFECTS, "n", "left_out", "parallel_p", "method", "reason_nl", "reason_en"]
TOO_FEW = Reason(N_("there are no more complete answers than numbers to estimate"))
NOBODY = Reason(N_("of nobody both the answer and all predictors are known"))
ONE_OUTCOME = Reason(N_("everybody gave the same answer"))
COLLINEAR = Reason(N_("one predictor follows entirely from the others"))
NOT_CONVERGED = Reason(N_("the fit did not converge"))
SEPARATED, NOT_USUAL = "; predictors tell the answers apart", "; the usual fit did not converge"
"""At the end of `method` of a penalised fit: why it is one."""
_NO_ROWS: list[tuple[float, ...]] = []
ALIKE = Reason(N_("all people in the model are alike in this; it is left out"))
UNKNOWN = Reason(N_("it is known of nobody in the model; it is left out"))


@dataclass(frozen=True)
class _Design:
    """The predictors as columns: `x` (one column a term), of each term the columns of its predictor and its reference.

    `scale`: what one step of a column is in the units of its predictor (1 for a category; numbers are centred and
    divided by their standard deviation). `unused`: predictors that are left out, with the reason. `left_out`: people
    without all predictors.
    """

    x: pd.DataFrame
    scale: list[float]
    blocks: list[list[int]]
    references: list[str]
    unused: dict[str, Reason]
    left_out: int


def logistic(table: pd.DataFrame, outcome: str, predictors: Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """Fit a logistic model of a yes/no outcome (1/0 or True/False); one row a term.

    Columns: term, reference (the category it is compared with; "" for a number), odds_ratio with odds_low and
    odds_high, p, effect with effect_low and effect_high, n, left_out (people whose answer is known and a predictor is
    not), parallel_p (empty here), method, reason_nl, reason_en.

    effect: average marginal effect by g-computation: the mean change in the chance of yes if all people had the
    category instead of the reference; for a number, the mean slope. Intervals by Wald and the delta method; those of a
    penalised fit by profile penalised likelihood. Where the model is not defined (one answer only, too few people, not
    converged) the numbers are empty and the reason is in every row.
    Raises ValueError for another outcome than yes/no.
    """
    from statsmodels.discrete.discrete_model import Logit

    complete, design = _prepared(table, outcome, predictors)
    y = complete[outcome].astype(float)
    if not set(y) <= {0.0, 1.0}:
        raise ValueError(f"outcome {outcome!r} holds {sorted(set(y))[:3]}; expected 1 and 0")

    def likelihood() -> _Likelihood:
        result = Logit(y, design.x.assign(const=1.0)).fit(disp=0, maxiter=200)
        return _Likelihood(result, lambda values: (values[:-1], -values[-1:]))

    return _fitted(design, y.to_numpy().astype(np.int64), 2, "logistic", likelihood, level)


def ordinal(
    table: pd.DataFrame, outcome: str, predictors: Sequence[str], scale: Sequence[Any], level: float = 0.95
) -> pd.DataFrame:
    """Fit a proportional-odds model of an ordered answer; one row a term.

    `scale`: the answers from low to high. odds_ratio: of a higher against a lower answer, taken to be the same at every
    step of the scale; parallel_p tests that (`penalised.parallel_lines`). effect: mean change in the chance of the
    highest answer that occurs. Columns and reasons as in `logistic`. Raises ValueError for an answer outside the scale.
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    complete, design = _prepared(table, outcome, predictors)
    outside = [answer for answer in complete[outcome].unique() if answer not in scale]
    if outside:
        raise ValueError(f"outcome {outcome!r} holds {outside[0]!r}; expected one of {', '.join(map(str, scale))}")
    used = [answer for answer in scale if answer in set(complete[outcome])]
    y = complete[outcome].map({answer: place for place, answer in enumerate(used)}).to_numpy(dtype=np.int64)

    def likelihood() -> _Likelihood:
        model = OrderedModel(y, design.x.to_numpy(dtype=float), distr="logit")
        terms = design.x.shape[1]
        result = model.fit(method="bfgs", disp=0, maxiter=500)
        return _Likelihood(result, lambda values: (values[:terms], model.transform_threshold_params(values)[1:-1]))

    return _fitted(design, y, len(used), "ordinal, proportional odds", likelihood, level)


def _prepared(table: pd.DataFrame, outcome: str, predictors: Sequence[str]) -> tuple[pd.DataFrame, _Design]:
    require(table, "of respondents", [outcome, *predictors])
    if not predictors:
        raise ValueError("predictors is empty; expected at least one column")
    answered = table[[outcome, *predictors]].replace("", pd.NA).dropna(subset=[outcome])
    varied = [name for name in predictors if answered[name].nunique() > 1]
    complete = answered.dropna(subset=varied).infer_objects()
    columns: dict[str, pd.Series] = {}
    blocks: list[list[int]] = []
    references: list[str] = []
    varied = [name for name in varied if complete[name].nunique() > 1]
    for name in varied:
        column = complete[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            own, reference = {name: column.astype(float)}, ""
        else:
            first, *others = column.astype("category").cat.remove_unused_categories().cat.categories
            own, reference = {f"{name}: {kind}": (column == kind).astype(float) for kind in others}, str(first)
        blocks += [list(range(len(columns), len(columns) + len(own)))] * len(own)
        references += [reference] * len(own)
        columns |= own
    unused = {name: ALIKE if answered[name].notna().any() else UNKNOWN for name in predictors if name not in varied}
    x = pd.DataFrame(columns, index=complete.index)
    numbers = pd.Series(references, x.columns, dtype=object).eq("") & ~x.isin([0.0, 1.0]).all()
    scale = x.std(ddof=0).where(numbers, 1.0)
    x = (x - x.mean().where(numbers, 0.0)) / scale
    return complete, _Design(x, list(scale), blocks, references, unused, len(answered) - len(complete))


def _why_not(design: _Design, y: Places, categories: int) -> Reason | None:
    if not len(y):
        return NOBODY
    if categories < 2 or len(set(y)) < 2:
        return ONE_OUTCOME
    x = design.x.to_numpy(dtype=float)
    if x.shape[1] == 0:
        return next(iter(design.unused.values()))
    if np.linalg.matrix_rank(np.column_stack([x, np.ones(len(x))])) < x.shape[1] + 1:
        return COLLINEAR
    return TOO_FEW if len(y) <= x.shape[1] + categories - 1 else None


def _effect(slopes: Array, thresholds: Array, x: Array, term: int, block: Sequence[int]) -> float:
    """Return the mean change in the chance of the highest answer: the category against the reference, or the slope.

    For a category all columns of its predictor are set, so that nobody is in two categories at once.
    """
    is_category = set(np.unique(x[:, term])) <= {0.0, 1.0}
    step = 1.0 if is_category else 1e-5
    low, high = x.copy(), x.copy()
    if is_category:
        low[:, block] = high[:, block] = 0.0
        high[:, term] = 1.0
    else:
        low[:, term] -= step / 2
        high[:, term] += step / 2
    chances = (scipy.special.expit(data @ slopes - thresholds[-1]) for data in (low, high))
    before, after = (float(chance.mean()) for chance in chances)
    return (after - before) / step


def _fitted(
    design: _Design, y: Places, categories: int, name: str, likelihood: Callable[[], _Likelihood], level: float
) -> pd.DataFrame:
    """Fit by likelihood, or by penalised likelihood where that has no top; one row a term, then what is left out."""
    x = design.x.to_numpy(dtype=float)
    method, parallel, rows, parameters = name, None, _NO_ROWS, np.zeros(0)
    reason = _why_not(design, y, categories)
    if reason is None:
        try:
            separated = penalised.separates(x, y)
            if not separated:
                rows, parameters = _likelihood_rows(design, likelihood, level)
                method = f"{name}, Wald intervals"
            if not rows:
                rows, parameters = _penalised_rows(design, y, level)
                why = SEPARATED if separated else NOT_USUAL
                method = f"{name}, penalised likelihood (Firth), profile intervals{why}"
            rows = [_in_units(row, scale) for row, scale in zip(rows, design.scale, strict=True)]
            parallel = penalised.parallel_lines(x, y, parameters) if categories > 2 else None
        except (np.linalg.LinAlgError, ValueError, OverflowError):
            method, rows, reason = name, _NO_ROWS, NOT_CONVERGED
    cells: list[dict[str, Any]] = []
    for place, (term, of) in enumerate(zip(design.x, design.references, strict=True)):
        numbers = dict(zip(EFFECTS, rows[place] if rows else [None] * len(EFFECTS), strict=True))
        cells.append({"term": term, "reference": of, **numbers, **_why(reason)})
    for predictor, unused in design.unused.items():
        cells.append({"term": predictor, "reference": "", **_why(unused if rows else reason)})
    same = {"n": len(y), "left_out": design.left_out, "parallel_p": parallel, "method": method}
    return pd.DataFrame([row | same for row in cells], columns=COLUMNS)


def _in_units(row: Sequence[float], scale: float) -> tuple[float, ...]:
    """Return a row of EFFECTS for one step in the units of the predictor instead of one column of the design."""
    *odds, p, effect, low, high = row
    return *(one ** (1 / scale) for one in odds), p, *(one / scale for one in (effect, low, high))


def _why(reason: Reason | None) -> dict[str, str]:
    return {f"reason_{language}": reason.text(language) if reason else "" for language in LANGUAGES}


@dataclass(frozen=True)
class _Likelihood:
    """A fit of statsmodels; `natural` turns its parameters into slopes and thresholds."""

    result: Any
    natural: Callable[[Array], tuple[Array, Array]]


def _likelihood_rows(
    design: _Design, likelihood: Callable[[], _Likelihood], level: float
) -> tuple[list[tuple[float, ...]], Array]:
    """Return a row for each term and the parameters; no rows where the fit did not reach a top."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = likelihood()
            parameters = np.asarray(fit.result.params, dtype=float)
            covariance = np.asarray(fit.result.cov_params(), dtype=float)
        except (np.linalg.LinAlgError, ValueError):
            return _NO_ROWS, np.zeros(0)
    spread = np.sqrt(np.maximum(np.diag(covariance), 0))
    z = float(scipy.stats.norm.ppf(1 - (1 - level) / 2))
    steep = np.abs(parameters) + z * spread
    if not fit.result.mle_retvals["converged"] or not (steep[: design.x.shape[1]] < 50).all() or (spread == 0).any():
        return _NO_ROWS, np.zeros(0)
    rows = []
    for term, (value, reach) in enumerate(_effects(design, parameters, covariance, fit.natural, z)):
        slope, se = float(parameters[term]), float(spread[term])
        odds = (math.exp(slope + shift) for shift in (0, -z * se, z * se))
        rows.append((*odds, float(2 * scipy.stats.norm.sf(abs(slope / se))), value, value - reach, value + reach))
    return rows, np.concatenate(fit.natural(parameters))


def _penalised_rows(design: _Design, y: Places, level: float) -> tuple[list[tuple[float, ...]], Array]:
    """Return a row for each term and the parameters.

    The interval of an effect is that of the delta method (of a category as Fisher's z, so that it stays between -1 and
    1), and at least from the effect at one end of the slope's interval to that at the other.
    """
    x = design.x.to_numpy(dtype=float)
    fit, terms = penalised.fit(x, y), x.shape[1]

    def natural(values: Array) -> tuple[Array, Array]:
        return values[:terms], values[terms:]

    rows = []
    effects = _effects(design, fit.parameters, fit.spread(), natural, float(scipy.stats.norm.ppf(1 - (1 - level) / 2)))
    for term, (value, reach) in enumerate(effects):
        ends = fit.ends(term, level)
        if design.references[term]:
            reach /= 1 - value**2
            reached = [math.tanh(math.atanh(value) + shift) for shift in (-reach, reach)]
        else:
            reached = [value - reach, value + reach]
        reached += [_effect(*natural(end.parameters), x, term, design.blocks[term]) for end in ends]
        odds = (math.exp(one.parameters[term]) for one in (fit, *ends))
        rows.append((*odds, fit.p_value(term), value, min(reached), max(reached)))
    return rows, fit.parameters


def _effects(
    design: _Design,
    parameters: Array,
    covariance: Array,
    natural: Callable[[Array], tuple[Array, Array]],
    z: float,
) -> list[tuple[float, float]]:
    """Return of each term the average marginal effect and how far its interval reaches (delta method)."""
    x, effects = design.x.to_numpy(dtype=float), []
    for term, block in enumerate(design.blocks):

        def change(values: Array, term: int = term, block: Sequence[int] = block) -> float:
            return _effect(*natural(values), x, term, block)

        gradient = scipy.optimize.approx_fprime(parameters, change, 1e-6)
        effects.append((change(parameters), z * math.sqrt(max(gradient @ covariance @ gradient, 0))))
    return effects
