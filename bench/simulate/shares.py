"""Shares, differences between shares, and exact tests: rates over all outcomes wherever there are few enough."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from bench.simulate.experiments import ALPHA, LEVEL, Array, Experiment, Rate, grid, holds, rejects
from koppelkans.integration.linked_cases import cross_tables
from koppelkans.statistics.multiple_tests import holm, simultaneous_level
from koppelkans.statistics.proportions import METHODS, Method, proportion, weighted_proportion
from koppelkans.strands.comparisons import Test, exact_test, freeman_halton, odds_ratio, risk_difference
from koppelkans.strands.preferences import majority_p_value

Generator = np.random.Generator
EVERY_SHARE = "every"
SHARES = np.linspace(0.01, 0.99, 99)
_LEAST_CHANCE = 1e-7


@cache
def _share(successes: int, n: int, method: Method, population: int | None = None) -> tuple[float, float]:
    return proportion(successes, n, method, population=population).numbers()[1:]


def _held(ends: Array, share: float) -> Array:
    return np.asarray((ends[:, 0] <= share + 1e-9) & (share <= ends[:, 1] + 1e-9), dtype=float)


def share(method: Method, n: int, share: float | str) -> Rate:
    """Measure the interval of a share, also averaged over shares from 1 to 99%."""
    counts = np.arange(n + 1)
    ends = np.array([_share(int(count), n, method) for count in counts])
    shares = SHARES if share == EVERY_SHARE else [float(share)]
    return Rate(float(np.mean([_held(ends, p) @ stats.binom.pmf(counts, n, p) for p in shares])))


def share_of_population(method: Method, n: int, population: int, share: float) -> Rate:
    """Measure the interval of a share of a population of which a large part answered."""
    yes, counts = round(share * population), np.arange(n + 1)
    chance = stats.hypergeom.pmf(counts, population, yes, n)
    counts, chance = counts[chance > 0], chance[chance > 0]
    ends = np.array([_share(int(count), n, method, population) for count in counts])
    return Rate(float(_held(ends, yes / population) @ chance))


def weighted_share(generator: Generator, runs: int, n: int, share: float, weights: str) -> Rate:
    """Measure the interval of a weighted share; three in ten people weigh three times as much as the others.

    "as others": they answer as others do; "otherwise": they say yes 1.4 times as often as all people together.
    """
    heavy_part, times = 0.9 / 1.6, 1.4 if weights == "otherwise" else 1.0
    chances = np.array([share * (1 - times * heavy_part) / (1 - heavy_part), share * times])
    estimates = []
    for _ in range(runs):
        heavy = generator.random(n) < 0.3
        yes = generator.random(n) < chances[heavy.astype(int)]
        estimates.append(weighted_proportion(yes, np.where(heavy, 3.0, 1.0)))
    return holds([(one.low, one.high) for one in estimates], share)


@cache
def _likely(n: int, share: float) -> tuple[tuple[int, float], ...]:
    chances = stats.binom.pmf(np.arange(n + 1), n, share)
    return tuple((count, float(chance)) for count, chance in enumerate(chances) if chance > _LEAST_CHANCE)


def over_two(hit: Callable[[int, int], bool | None], first: tuple[int, float], second: tuple[int, float]) -> Rate:
    """Add the chances of all outcomes of two groups up in which `hit` is true; None: not defined."""
    held, without, total = 0.0, 0.0, 0.0
    for (a, chance_a), (b, chance_b) in product(_likely(*first), _likely(*second)):
        outcome = hit(a, b)
        total += chance_a * chance_b
        without += chance_a * chance_b * (outcome is None)
        held += chance_a * chance_b * bool(outcome)
    return Rate(held / (total - without), without=without / total)


@cache
def _difference(a: int, n_a: int, b: int, n_b: int, level: float = LEVEL) -> tuple[float, float]:
    return risk_difference(a, n_a, b, n_b, level).numbers()[1:]


def difference(groups: tuple[int, int], shares: tuple[float, float]) -> Rate:
    """Measure Newcombe's interval of a difference between two shares."""
    truth = shares[0] - shares[1]

    def hit(a: int, b: int) -> bool:
        low, high = _difference(a, groups[0], b, groups[1])
        return low - 1e-9 <= truth <= high + 1e-9

    return over_two(hit, (groups[0], shares[0]), (groups[1], shares[1]))


def ratio(groups: tuple[int, int], shares: tuple[float, float]) -> Rate:
    """Measure the exact interval of an odds ratio."""
    truth = shares[0] * (1 - shares[1]) / (shares[1] * (1 - shares[0]))

    def hit(a: int, b: int) -> bool | None:
        one = odds_ratio(a, groups[0], b, groups[1])
        return None if one.low is None or one.high is None else one.low - 1e-9 <= truth <= one.high + 1e-9

    return over_two(hit, (groups[0], shares[0]), (groups[1], shares[1]))


@cache
def _p(a: int, n_a: int, b: int, n_b: int, test: Test) -> float | None:
    return exact_test(a, n_a, b, n_b, test).p


def two_groups(test: Test, groups: tuple[int, int], share: float) -> Rate:
    """Measure how often an exact test rejects where both groups have the same share."""

    def hit(a: int, b: int) -> bool:
        p = _p(a, groups[0], b, groups[1], test)
        return p is not None and p <= ALPHA + 1e-9

    return over_two(hit, (groups[0], share), (groups[1], share))


def _answers(generator: Generator, runs: int, people: int, options: int) -> Array:
    """Draw studies x groups x options: how many of each group choose each of several options, as often in both."""
    drawn = [generator.binomial(people, 0.4, size=(runs, options)) for _ in range(2)]
    return np.stack(drawn, axis=1)


def differences_together(generator: Generator, runs: int, group: int, options: int) -> Rate:
    """Measure how often all corrected intervals (Bonferroni) of a question of several choices hold."""
    level = simultaneous_level(LEVEL, options)
    held = []
    for a, b in _answers(generator, runs, group, options):
        ends = np.array([_difference(int(x), group, int(y), group, level) for x, y in zip(a, b, strict=True)])
        held.append(((ends[:, 0] <= 1e-9) & (ends[:, 1] >= -1e-9)).all())
    return Rate(float(np.mean(held)), runs)


def tests_together(generator: Generator, runs: int, group: int, options: int, test: Test) -> Rate:
    """Measure how often the smallest corrected p (Holm) of a question of several choices is 5% or less."""
    rows = _answers(generator, runs, group, options)
    return rejects(
        float(holm(pd.Series([_p(int(x), group, int(y), group, test) for x, y in zip(a, b, strict=True)])).min())
        for a, b in rows
    )


def themes_together(generator: Generator, runs: int, people: int, themes: int) -> Rate:
    """Measure how often the smallest corrected p of all pairs of themes is 5% or less, for independent themes."""
    smallest = []
    for _ in range(runs):
        having = generator.random((themes, people)) < 0.4
        p = [
            _p(int((a & b).sum()), int(a.sum()), int((~a & b).sum()), int((~a).sum()), "fisher")
            for place, a in enumerate(having)
            for b in having[place + 1 :]
        ]
        smallest.append(float(holm(pd.Series(p, dtype=float)).min()))
    return rejects(smallest)


def more_groups(generator: Generator, runs: int, groups: int, group: int, share: float) -> Rate:
    """Measure Freeman & Halton's test of a yes or no in several groups with the same share."""
    known: dict[tuple[int, ...], float | None] = {}
    p_values = []
    for yes in generator.binomial(group, share, size=(runs, groups)):
        key = tuple(sorted(int(count) for count in yes))
        if key not in known:
            known[key] = freeman_halton(pd.DataFrame({"yes": key, "no": [group - count for count in key]})).p
        p_values.append(known[key])
    return rejects(p_values)


@cache
def _linked(people: int) -> dict[tuple[int, int], float]:
    """Return p for every number of people who say it in the interview only and in the answer only."""
    pairs = [(one, other) for one in range(people + 1) for other in range(people + 1 - one)]
    rows = [
        (f"{one} {other}", place < one, one <= place < one + other)
        for one, other in pairs
        for place in range(max(one + other, 1))
    ]
    both = pd.DataFrame(rows, columns=["link", "interview", "answer"])
    head = dict.fromkeys(("name_nl", "name_en", "strand", "question", "label_nl", "label_en", "answers"), "")
    tables = cross_tables(both.assign(**head))
    assert isinstance(tables, pd.DataFrame)
    return dict(zip(pairs, tables["p"].astype(float), strict=True))


def linked_cases(people: int, differ: float) -> Rate:
    """Measure McNemar's test where both sides have the theme as often; `differ`: the chance that they differ."""
    rejected, p_of = 0.0, _linked(people)
    for apart, chance in _likely(people, differ):
        for one, of_one in _likely(apart, 0.5):
            rejected += chance * of_one * (p_of[one, apart - one] <= ALPHA + 1e-9)
    return Rate(rejected)


def majority(people: int) -> Rate:
    """Measure the test of a majority where exactly half would say yes."""
    return Rate(sum(chance for yes, chance in _likely(people, 0.5) if majority_p_value(yes, people) <= ALPHA + 1e-9))


_GROUPS = ((6, 9), (12, 12), (12, 60), (30, 30))
_TESTED = tuple({"groups": groups, "share": share} for groups in _GROUPS for share in (0.05, 0.1, 0.3, 0.5))
_APART = tuple(
    {"groups": groups, "shares": shares}
    for groups in (*_GROUPS, (100, 100))
    for shares in ((0.05, 0.05), (0.3, 0.3), (0.5, 0.5), (0.05, 0.3), (0.3, 0.6))
)
_NAMES = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson", "jeffreys": "Jeffreys"}
_OF_SECTION, _DIFFERENCES, _TESTS = "Shares", "Differences between two groups", "Exact tests"
_OF_SHARES = grid(n=(5, 12, 30, 100, 400), share=(0.05, 0.1, 0.3, 0.5, EVERY_SHARE))
_OF_PEOPLE = grid(n=(12, 30), population=(40, 100), share=(0.1, 0.3, 0.5))
_WEIGHTED = grid(n=(20, 50, 200), share=(0.1, 0.3, 0.5), weights=("as others", "otherwise"))

EXPERIMENTS = [
    *(
        Experiment(_OF_SECTION, _NAMES[method], "interval", partial(share, method), _OF_SHARES, 0, (7, 8, 14, 19))
        for method in METHODS
    ),
    *(
        Experiment(
            _OF_SECTION, f"{_NAMES[method]}, finite population", "interval", partial(share_of_population, method),
            _OF_PEOPLE, quick=(4,),
        )
        for method in METHODS
    ),
    Experiment(
        _OF_SECTION, "Wilson, weighted (Kish)", "interval",
        weighted_share, _WEIGHTED, 2000, (8,),
    ),
    Experiment(_DIFFERENCES, "Newcombe", "interval", difference, _APART, quick=(1, 7, 14)),
    Experiment(_DIFFERENCES, "odds ratio, exact", "interval", ratio, _APART[:10], quick=(1,)),
    Experiment(
        _DIFFERENCES, "Newcombe, all options of a question at once (Bonferroni)", "interval", differences_together,
        grid(group=(12, 30, 100), options=(3, 6)), 2000, (0,),
    ),
    Experiment(_TESTS, "Fisher", "test", partial(two_groups, "fisher"), _TESTED, quick=(2, 7)),
    Experiment(_TESTS, "Boschloo", "test", partial(two_groups, "boschloo"), _TESTED, quick=(2, 7)),
    Experiment(_TESTS, "Barnard", "test", partial(two_groups, "barnard"), _TESTED[:8], quick=(2,)),
    Experiment(
        _TESTS, "Fisher, all options of a question at once (Holm)", "test",
        partial(tests_together, test="fisher"),
        grid(group=(12, 30, 100), options=(3, 6)), 2000,
    ),
    Experiment(
        _TESTS, "Boschloo, all options of a question at once (Holm)", "test",
        partial(tests_together, test="boschloo"),
        grid(group=(12, 30), options=(3, 6)), 2000,
    ),
    Experiment(
        _TESTS, "Fisher, all pairs of themes in the same people (Holm)", "test", themes_together,
        grid(people=(12, 30), themes=(3, 6)), 1000,
    ),
    Experiment(
        _TESTS, "Freeman-Halton", "test", more_groups, grid(groups=(3, 4), group=(6, 15), share=(0.1, 0.3, 0.5)), 500,
        (4,),
    ),
    Experiment(_TESTS, "McNemar", "test", linked_cases, grid(people=(8, 12, 30, 60), differ=(0.2, 0.5)), quick=(3, 5)),
    Experiment(_TESTS, "binomial, a majority", "test", majority, grid(people=(5, 12, 30, 169)), quick=(0, 1, 2, 3)),
]  # fmt: skip
