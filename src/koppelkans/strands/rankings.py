"""Rankings: mean rank, first choices, and strengths of preference by the Plackett-Luce model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from koppelkans.errors import KoppelkansError
from koppelkans.locale import N_
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Estimate, Reason
from koppelkans.statistics.means import bounded_mean
from koppelkans.statistics.proportions import Method, proportion

Array = NDArray[np.float64]
NO_RANKING = Reason(N_("nobody ranked this option"))
NOT_CONNECTED = Reason(
    N_("the options fall into groups of which one always stands above the other, or they were never compared")
)
TOO_FEW = Reason(N_("no ranking has two options"))


def rankings(answers: pd.DataFrame, question: str) -> pd.DataFrame:
    """Return the rankings of a question: respondent, option, rank (whole number, 1 = first), sorted.

    `answers`: respondent, question, option, rank. Raises KoppelkansError where somebody gives two options one place.
    """
    ranked = answers[(answers["question"] == question) & pd.to_numeric(answers["rank"], errors="coerce").notna()]
    ranked = ranked.assign(rank=pd.to_numeric(ranked["rank"]).astype(int))[["respondent", "option", "rank"]]
    twice = ranked[ranked.duplicated(["respondent", "rank"])]
    if len(twice):
        row = twice.iloc[0]
        raise KoppelkansError(
            f"table answers, respondent {row['respondent']!r}, question {question!r}: two options with rank "
            f"{row['rank']}; expected a place of its own for each"
        )
    return ranked.sort_values(["respondent", "rank"], ignore_index=True)


def mean_ranks(ranked: pd.DataFrame, level: float = 0.95, options: int | None = None) -> pd.DataFrame:
    """Estimate the mean rank of each option over those who ranked it, best first.

    `ranked` as `rankings` gives it; `options`: how many options there were to rank (else how many were ranked), which
    is the last place there is. Columns: option, and those of an Estimate (n: who ranked it; interval by
    `means.bounded_mean`, from the first to the last place). Where people ranked some options only, mean ranks of
    options with different n do not compare well; `plackett_luce` uses what was compared.
    """
    last = max([options or 0, ranked["option"].nunique(), *ranked["rank"]])
    rows = [
        {"option": option, **bounded_mean(ranks["rank"].tolist(), 1, last, level, "mean rank").cells()}
        for option, ranks in ranked.groupby("option")
    ]
    result = pd.DataFrame(rows, columns=["option", *ESTIMATE_COLUMNS])
    return result.sort_values(["value", "option"], ignore_index=True)


def first_choices(ranked: pd.DataFrame, method: Method = "wilson", level: float = 0.95) -> pd.DataFrame:
    """Estimate which share of those with a ranking puts each option first: option, respondents, Estimate columns."""
    n = ranked["respondent"].nunique()
    first = ranked[ranked["rank"] == ranked.groupby("respondent")["rank"].transform("min")]
    counts = first.groupby("option").size().reindex(sorted(ranked["option"].unique()), fill_value=0)
    rows = [
        {"option": option, "respondents": int(count), **proportion(int(count), n, method, level).cells()}
        for option, count in counts.sort_index().sort_values(ascending=False, kind="stable").items()
    ]
    return pd.DataFrame(rows, columns=["option", "respondents", *ESTIMATE_COLUMNS])


def plackett_luce(ranked: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Estimate the strength of each option: the chance that it is put first when all options are there.

    The Plackett-Luce model (Plackett 1975; with two options a ranking it is Bradley & Terry's, 1952), fitted by the MM
    algorithm of Hunter (2004); no library at hand has it. Partial rankings use what they compare. Columns: option, and
    those of an Estimate; value is the strength (all add up to 1), its interval from the observed information by the
    delta method on the log odds. n: rankings with the option. Strongest first. Not defined where the options fall apart
    into groups that are never, or always in one direction, compared (Ford 1957).
    """
    options = sorted(ranked["option"].unique())
    place = {option: number for number, option in enumerate(options)}
    orders = [
        np.array([place[option] for option in ranks.sort_values("rank")["option"]])
        for _, ranks in ranked.groupby("respondent")
        if len(ranks) > 1
    ]
    n_of = {option: sum(place[option] in order for order in orders) for option in options}
    reason = _not_estimable(orders, len(options))
    name = "Plackett-Luce"
    if reason:
        estimates = [Estimate.not_defined(reason, n_of[option], name, level) for option in options]
    else:
        strength = _fit(orders, len(options))
        covariance = np.asarray(np.linalg.pinv(_information(orders, strength)), dtype=np.float64)
        method = f"{name}, {len(orders)} rankings"
        estimates = []
        for number, option in enumerate(options):
            value, low, high, se = _share_of_strength(strength, covariance, number, level)
            estimates.append(Estimate(value, low, high, se, n_of[option], method, level))
    rows = [{"option": option, **estimate.cells()} for option, estimate in zip(options, estimates, strict=True)]
    result = pd.DataFrame(rows, columns=["option", *ESTIMATE_COLUMNS])
    return result.sort_values(["value", "option"], ascending=[False, True], ignore_index=True)


def _not_estimable(orders: list[NDArray[np.int64]], n_options: int) -> Reason | None:
    if n_options < 2 or not orders:
        return TOO_FEW
    beats = np.zeros((n_options, n_options))
    for order in orders:
        for better, option in enumerate(order[:-1]):
            beats[option, order[better + 1 :]] = 1
    parts, _ = scipy.sparse.csgraph.connected_components(
        scipy.sparse.csr_matrix(beats), directed=True, connection="strong"
    )
    return NOT_CONNECTED if parts > 1 else None


def _fit(orders: list[NDArray[np.int64]], n_options: int) -> Array:
    """Return the strengths; each step of the MM algorithm raises the likelihood (Hunter 2004, eq. 30)."""
    wins = np.bincount(np.concatenate([order[:-1] for order in orders]), minlength=n_options).astype(float)
    strength = np.full(n_options, 1 / n_options)
    for _ in range(10_000):
        denominator = np.zeros(n_options)
        for order in orders:
            left = np.cumsum(strength[order][::-1])[::-1][:-1]
            seen = np.cumsum(1 / left)
            denominator[order] += np.append(seen, seen[-1])
        new = wins / denominator
        new /= new.sum()
        if np.abs(np.log(new) - np.log(strength)).max() < 1e-10:
            return new
        strength = new
    return strength


def _information(orders: list[NDArray[np.int64]], strength: Array) -> Array:
    """Return the observed information of the logarithms of strength."""
    total = np.zeros((len(strength), len(strength)))
    for order in orders:
        for stage in range(len(order) - 1):
            left = order[stage:]
            chance = strength[left] / strength[left].sum()
            total[np.ix_(left, left)] += np.diag(chance) - np.outer(chance, chance)
    return total


def _share_of_strength(
    strength: Array, covariance: Array, number: int, level: float
) -> tuple[float, float, float, float]:
    """Return strength, low, high and standard error of one option."""
    value = float(strength[number])
    gradient = -strength / (1 - value)
    gradient[number] = 1.0
    spread = float(np.sqrt(gradient @ covariance @ gradient))
    factor = float(np.exp(scipy.stats.norm.ppf(1 - (1 - level) / 2) * spread))
    odds = value / (1 - value)
    low, high = (bound / (1 + bound) for bound in (odds / factor, odds * factor))
    return value, low, high, value * (1 - value) * spread
