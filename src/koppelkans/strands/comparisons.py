"""Comparisons of small groups of people: exact tests, permutation, and how large a difference is, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import scipy

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate, Reason

Test = Literal["fisher", "boschloo", "barnard"]
EMPTY_GROUP = Reason(N_("one of the groups has no answers"))
ONE_KIND = Reason(N_("there is one group or one kind of answer only, so no difference to test"))
ALL_OR_NONE = Reason(N_("in both groups all or none said yes"))
_MOST_TABLES = 20_000


@dataclass(frozen=True)
class Tested:
    """A p-value, or the reason why there is none: `p`, `n`, `method`, `reason`."""

    p: float | None
    n: int
    method: str
    reason: Reason | None = None


def exact_test(yes_a: int, n_a: int, yes_b: int, n_b: int, test: Test = "boschloo") -> Tested:
    """Test whether two shares differ (two-sided), right for any n.

    "fisher": exact given both totals (conservative); "boschloo", "barnard": exact with the group sizes alone fixed, as
    they are in most studies, and more often able to show a difference (Boschloo 1970, Barnard 1945; SciPy). Raises
    ValueError for impossible counts or an unknown test.
    """
    _checked(yes_a, n_a, yes_b, n_b)
    table = [[yes_a, yes_b], [n_a - yes_a, n_b - yes_b]]
    n = n_a + n_b
    if test not in ("fisher", "boschloo", "barnard"):
        raise ValueError(f"test {test!r} is not one of fisher, boschloo, barnard")
    if not n_a or not n_b:
        return Tested(None, n, test, EMPTY_GROUP)
    if yes_a + yes_b in (0, n):
        return Tested(1.0, n, f"{test}: all answers are the same")
    if test == "fisher":
        return Tested(float(scipy.stats.fisher_exact(table).pvalue), n, "fisher")
    result = scipy.stats.boschloo_exact(table) if test == "boschloo" else scipy.stats.barnard_exact(table)
    return Tested(min(1.0, float(result.pvalue)), n, test)


def _checked(yes_a: int, n_a: int, yes_b: int, n_b: int) -> None:
    if not (0 <= yes_a <= n_a and 0 <= yes_b <= n_b):
        raise ValueError(f"found {yes_a} of {n_a} and {yes_b} of {n_b}; expected at most as many as the group has")


def risk_difference(yes_a: int, n_a: int, yes_b: int, n_b: int, level: float = 0.95) -> Estimate:
    """Estimate the difference between two shares, a - b; interval by Newcombe (1998, method 10: from Wilson's)."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    _checked(yes_a, n_a, yes_b, n_b)
    name = "risk difference, Newcombe"
    if not n_a or not n_b:
        return Estimate.not_defined(EMPTY_GROUP, n_a + n_b, name, level)
    low, high = confint_proportions_2indep(yes_a, n_a, yes_b, n_b, method="newcomb", compare="diff", alpha=1 - level)
    a, b = yes_a / n_a, yes_b / n_b
    se = math.sqrt(a * (1 - a) / n_a + b * (1 - b) / n_b)
    return Estimate(a - b, max(-1.0, float(low)), min(1.0, float(high)), se, n_a + n_b, name, level)


def odds_ratio(yes_a: int, n_a: int, yes_b: int, n_b: int, level: float = 0.95) -> Estimate:
    """Estimate the odds ratio of a against b: conditional maximum likelihood with its exact interval (SciPy).

    0 or infinite where a cell of the table is empty; the other end of the interval then still says something. `se` is
    that of the logarithm (Woolf), None with an empty cell.
    """
    _checked(yes_a, n_a, yes_b, n_b)
    name, n = "odds ratio, conditional, exact interval", n_a + n_b
    if not n_a or not n_b:
        return Estimate.not_defined(EMPTY_GROUP, n, name, level)
    if yes_a + yes_b in (0, n):
        return Estimate.not_defined(ALL_OR_NONE, n, name, level)
    cells = [[yes_a, n_a - yes_a], [yes_b, n_b - yes_b]]
    result = scipy.stats.contingency.odds_ratio(cells, kind="conditional")
    interval = result.confidence_interval(level)
    flat = [cell for row in cells for cell in row]
    se = math.sqrt(sum(1 / cell for cell in flat)) if all(flat) else None
    return Estimate(float(result.statistic), float(interval.low), float(interval.high), se, n, name, level)


def freeman_halton(table: pd.DataFrame, draws: int = 9_999, seed: int = 1) -> Tested:
    """Test whether rows and columns of a table of counts hang together (Freeman & Halton 1951: Fisher for any size).

    Exact by going through all tables with the same totals where these are few enough; else by `draws` random tables
    (Patefield 1981, seeded), p = (1 + as rare or rarer) / (1 + draws). Empty rows and columns do not count. Raises
    ValueError for counts that are not whole numbers of 0 or more.
    """
    counts = table.to_numpy(dtype=float)
    if (counts < 0).any() or not np.array_equal(counts, counts.round()):
        raise ValueError("the table holds something else than counts; expected whole numbers of 0 or more")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(int)
    n = int(counts.sum())
    if min(counts.shape, default=0) < 2:
        return Tested(None, n, "Freeman-Halton", ONE_KIND)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    observed = _log_weight(counts)
    exact = _all_tables(tuple(rows), tuple(columns))
    if exact is not None:
        weights, ways = exact
        rarer = weights <= observed + 1e-7
        p = float(ways[rarer].sum() / ways.sum())
        return Tested(min(1.0, p), n, f"Freeman-Halton, exact over {len(weights)} tables")
    drawn = scipy.stats.random_table(rows, columns, seed=np.random.default_rng(seed)).rvs(draws)
    rarer = np.array([_log_weight(one) for one in drawn]) <= observed + 1e-7
    p = float((1 + rarer.sum()) / (1 + draws))
    return Tested(p, n, f"Freeman-Halton, {draws} random tables, seed {seed}")


def _log_weight(counts: np.ndarray) -> float:
    """Return the logarithm of a table's chance given its totals, up to a constant."""
    return -float(sum(math.lgamma(cell + 1) for cell in counts.ravel()))


def _all_tables(rows: tuple[int, ...], columns: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the log weights of all tables with these totals, and their chances; None where there are too many."""
    tables = [(tuple(rows), 0.0)]
    for total in columns[:-1]:
        grown = []
        for left, weight in tables:
            for column in _fillings(left, total):
                rest = tuple(have - taken for have, taken in zip(left, column, strict=True))
                grown.append((rest, weight - sum(math.lgamma(cell + 1) for cell in column)))
                if len(grown) > _MOST_TABLES:
                    return None
        tables = grown
    weights = np.array([weight - sum(math.lgamma(cell + 1) for cell in left) for left, weight in tables])
    return weights, np.exp(weights - weights.max())


def _fillings(room: tuple[int, ...], total: int) -> list[tuple[int, ...]]:
    """List the ways to spread a total over cells that have so much room each."""
    if len(room) == 1:
        return [(total,)] if total <= room[0] else []
    rest = sum(room[1:])
    return [
        (first, *others)
        for first in range(max(0, total - rest), min(room[0], total) + 1)
        for others in _fillings(room[1:], total - first)
    ]


def mean_difference(a: pd.Series, b: pd.Series, level: float = 0.95) -> Estimate:
    """Estimate the difference between two means, a - b, with Welch's interval; missing values are left out.

    For a test that does not lean on normality see `permutation_test`. Not defined for an empty group; without interval
    where a group has one value.
    """
    first, second = a.dropna().to_numpy(dtype=float), b.dropna().to_numpy(dtype=float)
    n, name = len(first) + len(second), "difference between means, Welch"
    if not len(first) or not len(second):
        return Estimate.not_defined(EMPTY_GROUP, n, name, level)
    value = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2 or (np.ptp(first) == 0 and np.ptp(second) == 0):
        reason = Reason(N_("a group has no spread or one answer"))
        return Estimate(value, None, None, None, n, name, level, reason)
    result = scipy.stats.ttest_ind(first, second, equal_var=False).confidence_interval(level)
    se = float(np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second)))
    return Estimate(value, float(result.low), float(result.high), se, n, name, level)


def permutation_test(a: pd.Series, b: pd.Series, draws: int = 9_999, seed: int = 1) -> Tested:
    """Test whether two means differ by dealing the answers out anew over the groups (two-sided; Fisher 1935; SciPy).

    All ways where there are at most `draws`, else `draws` random ones, seeded. Missing values are left out.
    """
    first, second = a.dropna().to_numpy(dtype=float), b.dropna().to_numpy(dtype=float)
    n = len(first) + len(second)
    if not len(first) or not len(second):
        return Tested(None, n, "permutation", EMPTY_GROUP)
    if np.ptp(np.concatenate([first, second])) == 0:
        return Tested(1.0, n, "permutation: all answers are the same")

    def difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)))

    generator = np.random.default_rng(seed)
    result = scipy.stats.permutation_test(
        (first, second), difference, n_resamples=draws, vectorized=True, alternative="greater", rng=generator
    )
    ways = math.comb(n, len(first))
    how = f"all {ways} ways" if ways <= draws else f"{draws} random ways, seed {seed}"
    return Tested(float(result.pvalue), n, f"permutation of the difference between means, {how}")


def cliffs_delta(a: pd.Series, b: pd.Series, level: float = 0.95) -> Estimate:
    """Estimate Cliff's delta: P(a > b) - P(a < b), from -1 to 1, for ordered answers (Cliff 1993).

    Interval by Feng & Cliff (2004), which is not symmetric and stays within -1 and 1. Where all of one group lie above
    the other, its spread is 0 and the near end is (m - z^2) / (m + z^2), m the smaller group. Missing values are left
    out. Without interval where a group has one value.
    """
    first, second = a.dropna().to_numpy(dtype=float), b.dropna().to_numpy(dtype=float)
    n_a, n_b, name = len(first), len(second), "Cliff's delta, Feng & Cliff"
    if not n_a or not n_b:
        return Estimate.not_defined(EMPTY_GROUP, n_a + n_b, name, level)
    above = np.sign(np.subtract.outer(first, second))
    delta = float(above.mean())
    if min(n_a, n_b) < 2:
        reason = Reason(N_("a group has one answer"))
        return Estimate(delta, None, None, None, n_a + n_b, name, level, reason)
    z = float(scipy.stats.norm.ppf(1 - (1 - level) / 2))
    if abs(delta) == 1:
        near = (min(n_a, n_b) - z**2) / (min(n_a, n_b) + z**2)
        low, high = (near, 1.0) if delta > 0 else (-1.0, -near)
        return Estimate(delta, low, high, 0.0, n_a + n_b, name, level)
    of_a = ((above.mean(axis=1) - delta) ** 2).sum() / (n_a - 1)
    of_b = ((above.mean(axis=0) - delta) ** 2).sum() / (n_b - 1)
    of_cells = ((above - delta) ** 2).sum() / ((n_a - 1) * (n_b - 1))
    variance = float(max(of_a / n_a + of_b / n_b + of_cells / (n_a * n_b), (1 - delta**2) / (n_a * n_b - 1)))
    middle, scale = delta - delta**3, 1 - delta**2 + z**2 * variance
    reach = z * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    low, high = max(-1.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
    return Estimate(delta, low, high, math.sqrt(variance), n_a + n_b, name, level)
