"""Models of answers: odds ratios and effects, usual and penalised, and the test of proportional odds."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd
from scipy import special

from bench.simulate.experiments import Array, Experiment, Kind, Rate, grid, holds, rejects
from koppelkans.strands import models

Generator = np.random.Generator
_SHARES = {"same": (0.3, 0.3, 0.3), "apart": (0.2, 0.5, 0.9), "rare": (0.05, 0.15), "nearly all": (0.5, 0.95)}
"""Chance of yes in groups a, b and c."""
_AGE, _SLOPE = 0.7, 0.8


def _people(
    generator: Generator, groups: int, group: int, shares: str, covariate: str
) -> tuple[pd.DataFrame, float, float]:
    """Draw people in groups who say yes or no; returns them, and the true odds ratio and effect of b against a."""
    chances = np.array(_SHARES[shares][:groups])
    table = pd.DataFrame({"group": np.repeat(list("abc")[:groups], group)})
    table["age"] = generator.normal(size=len(table))
    slope = _AGE * table["age"].to_numpy() * (covariate == "age")
    of_group: dict[str, Array] = dict(zip("abc", special.logit(chances), strict=False))
    table["yes"] = (generator.random(len(table)) < special.expit(table["group"].map(of_group) + slope)).astype(int)
    a, b = (special.expit(of_group[one] + slope).mean() for one in "ab")
    return table, float(np.exp(of_group["b"] - of_group["a"])), float(b - a)


def _fitted(table: pd.DataFrame) -> pd.Series:
    predictors = ["group", "age"] if "age" in table else ["group"]
    return models.logistic(table, "yes", predictors).set_index("term").loc["group: b"]


@cache
def _of_counts(yes: tuple[int, ...], group: int) -> pd.Series:
    rows = [(name, int(person < count)) for name, count in zip("abc", yes, strict=False) for person in range(group)]
    return _fitted(pd.DataFrame(rows, columns=["group", "yes"]))


def logistic(
    generator: Generator, runs: int, groups: int, group: int, shares: str, covariate: str = "none"
) -> list[Rate]:
    """Measure the intervals of the odds ratio and of the effect of group b against a; and the test, if they are alike.

    Where the groups differ the third rate is left out.
    """
    rows, truths = [], []
    for _ in range(runs):
        table, *truth = _people(generator, groups, group, shares, covariate)
        rows.append(
            _fitted(table) if covariate == "age" else _of_counts(tuple(table.groupby("group")["yes"].sum()), group)
        )
        truths.append(truth)
    odds, effects = (
        holds([_given(row, f"{name}_low", f"{name}_high") for row in rows], [truth[place] for truth in truths])
        for place, name in enumerate(("odds", "effect"))
    )
    same = _SHARES[shares][0] == _SHARES[shares][1]
    return [odds, effects, rejects(_given(row, "p")[0] for row in rows)] if same else [odds, effects]


def _given(row: pd.Series, *names: str) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(row[name]) else float(row[name]) for name in names)


def ordinal(generator: Generator, runs: int, people: int, answers: int) -> list[Rate]:
    """Measure the interval of an odds ratio, and the score test, where the odds are proportional."""
    cuts, rows = special.logit(np.arange(1, answers) / answers), []
    for _ in range(runs):
        table = pd.DataFrame({"group": generator.choice(["a", "b"], people)})
        drive = generator.logistic(size=people) + _SLOPE * (table["group"] == "b")
        table["answer"] = np.searchsorted(cuts, drive)
        rows.append(models.ordinal(table, "answer", ["group"], range(answers)).iloc[0])
    odds = holds([_given(row, "odds_low", "odds_high") for row in rows], float(np.exp(_SLOPE)))
    return [odds, rejects(_given(row, "parallel_p")[0] for row in rows)]


_SECTION = "Models of answers"
_INTERVALS = ("odds ratio", "average marginal effect")
_WITH_TEST = (*_INTERVALS, "test of an odds ratio")
_KINDS: tuple[Kind, ...] = ("interval", "interval", "test")
_USUAL = grid(groups=(2, 3), group=(20, 60, 150))


EXPERIMENTS = [
    Experiment(_SECTION, _WITH_TEST, _KINDS, partial(logistic, shares="same"), _USUAL, 400, (3,), 60),
    Experiment(
        _SECTION, tuple(f"{one}, groups that differ" for one in _INTERVALS), "interval",
        partial(logistic, shares="apart"), _USUAL, 400, (0,), 100,
    ),
    Experiment(
        _SECTION, tuple(f"{one}, with a covariate" for one in _WITH_TEST), _KINDS,
        partial(logistic, shares="same", covariate="age"), grid(groups=(3,), group=(20, 60)), 400, (), 0,
    ),
    Experiment(
        _SECTION, tuple(f"{one}, rare answers" for one in _INTERVALS), "interval", logistic,
        grid(groups=(2,), group=(6, 10, 20), shares=("rare", "nearly all")), 400, (3,), 60,
    ),
    Experiment(
        _SECTION, tuple(f"{one}, rare answers, with a covariate" for one in _INTERVALS), "interval",
        partial(logistic, covariate="age"), grid(groups=(2,), group=(20,), shares=("rare", "nearly all")), 400, (), 0,
    ),
    Experiment(
        _SECTION, ("odds ratio of an ordered answer", "score test of proportional odds"), ("interval", "test"), ordinal,
        grid(people=(30, 60, 200), answers=(3, 5)), 400, (0,), 40,
    ),
]  # fmt: skip
