"""Scales and non-response: reliability of items on five steps, mean scores, and shares after raking."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from bench.simulate.experiments import SEED, Array, Experiment, Rate, grid, holds
from koppelkans.statistics.means import bounded_mean
from koppelkans.statistics.proportions import weighted_proportion
from koppelkans.statistics.raking import raked
from koppelkans.statistics.reliability import COEFFICIENTS, alpha, omega, reliability

Generator = np.random.Generator
LOADINGS = (0.8, 0.7, 0.6, 0.5)
_STEPS = {"even": (-1.2, -0.4, 0.4, 1.2), "leaning": (-2.0, -1.3, -0.6, 0.4)}
"""Thresholds that cut a normal trait into five steps: a scale used evenly, and one on which most agree."""
_TRUTH_FROM = 1_000_000


def _items(generator: Generator, people: int, answers: str) -> Array:
    weights = np.array(LOADINGS)
    trait = generator.normal(size=(people, 1))
    latent = weights * trait + np.sqrt(1 - weights**2) * generator.normal(size=(people, len(weights)))
    return np.searchsorted(_STEPS[answers], latent) + 1.0


@cache
def _truth(answers: str) -> dict[str, float]:
    """Return the coefficients of everybody: of the items as answered, and of the traits behind them (ordinal alpha)."""
    covariance = np.cov(_items(np.random.default_rng(SEED), _TRUTH_FROM, answers).T)
    weights = np.array(LOADINGS)
    latent = np.outer(weights, weights) + np.diag(1 - weights**2)
    return {"omega": omega(covariance), "ordinal alpha": alpha(latent), "alpha": alpha(covariance)}


def reliable(generator: Generator, runs: int, people: int, answers: str) -> list[Rate]:
    """Measure the intervals of omega, ordinal alpha and Cronbach's alpha."""
    found = [reliability(_items(generator, people, answers)) for _ in range(runs)]
    truth = _truth(answers)
    return [holds([(one[name].low, one[name].high) for one in found], truth[name]) for name in COEFFICIENTS]


def mean_score(generator: Generator, runs: int, people: int, answers: str) -> Rate:
    """Measure the interval of the mean score: the mean of four items."""
    scores = _items(generator, runs * people, answers).mean(axis=1).reshape(runs, people)
    estimates = [bounded_mean(own.tolist(), 1, 5) for own in scores]
    return holds([(one.low, one.high) for one in estimates], _mean(answers))


@cache
def _mean(answers: str) -> float:
    return float(_items(np.random.default_rng(SEED), _TRUTH_FROM, answers).mean())


def raked_share(generator: Generator, runs: int, people: int, differ: str) -> Rate:
    """Measure the interval of a raked share, where the old answer three times as often as the young.

    "somewhat", "much": how far answers of young and old lie apart; owners and tenants answer as often, and differ by
    a little.
    """
    apart = {"somewhat": 0.1, "much": 0.3}[differ]
    sizes = {"age": {"young": 0.6, "old": 0.4}, "tenure": {"rent": 0.5, "own": 0.5}}
    ends: list[tuple[float | None, float | None]] = []
    for _ in range(runs):
        old = generator.random(people) < 0.4 * 3 / (0.4 * 3 + 0.6)
        own = generator.random(people) < 0.5
        yes = generator.random(people) < 0.4 + apart * (old - 0.4) + 0.1 * (own - 0.5)
        table = pd.DataFrame({"age": np.where(old, "old", "young"), "tenure": np.where(own, "own", "rent")})
        try:
            one = weighted_proportion(yes.tolist(), raked(table, sizes).tolist())
        except ValueError:  # none of the few who are young own, say, so that the margins cannot be met
            ends.append((None, None))
        else:
            ends.append((one.low, one.high))
    return holds(ends, 0.4)


_SECTION = "Scales and non-response"
EXPERIMENTS = [
    Experiment(
        _SECTION, COEFFICIENTS, "interval", reliable,
        grid(people=(30, 100), answers=tuple(_STEPS)), 200, (2,), 30,
    ),
    Experiment(
        _SECTION, "mean score (adjusted Wald)", "interval", mean_score,
        grid(people=(12, 30, 100), answers=tuple(_STEPS)), 2000, (2,),
    ),
    Experiment(
        _SECTION, "share after raking (Wilson, Kish)", "interval", raked_share,
        grid(people=(40, 100, 400), differ=("somewhat", "much")), 400, (2,), 60,
    ),
]  # fmt: skip
