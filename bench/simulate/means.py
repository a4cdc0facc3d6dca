"""Means of numbers and of answers on a scale, ranks, strengths, and comparisons of ordered answers."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd

from bench.simulate.experiments import Array, Experiment, Rate, grid, holds, rejects
from koppelkans.statistics.means import bounded_mean, mean
from koppelkans.strands.comparisons import cliffs_delta, mean_difference, permutation_test
from koppelkans.strands.rankings import mean_ranks, plackett_luce

Generator = np.random.Generator
SHAPES: dict[str, tuple[float, ...]] = {
    "yes or no, half": (0.5, 0.5),
    "yes or no, one in ten": (0.9, 0.1),
    "against, neutral, in favour": (0.3, 0.3, 0.4),
    "5 points, even": (0.2,) * 5,
    "5 points, leaning": (0.1, 0.15, 0.25, 0.3, 0.2),
    "5 points, both ends": (0.4, 0.08, 0.04, 0.08, 0.4),
    "5 points, nearly all agree": (0.02, 0.03, 0.1, 0.25, 0.6),
    "7 points, middle": (0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05),
}
"""How answers spread over the points of a scale."""
STRENGTHS = {"equal": (1.0, 1.0, 1.0, 1.0), "unequal": (4.0, 2.0, 1.0, 1.0)}


def on_scale(generator: Generator, runs: int, n: int, answers: str) -> Rate:
    """Measure the interval of a mean on a scale."""
    chances = np.array(SHAPES[answers])
    points = np.arange(1, len(chances) + 1)
    known: dict[tuple[int, ...], tuple[float, float]] = {}
    ends = []
    for counts in generator.multinomial(n, chances, size=runs):
        key = tuple(int(count) for count in counts)
        if key not in known:
            known[key] = bounded_mean(np.repeat(points, counts).tolist(), 1, len(chances)).numbers()[1:]
        ends.append(known[key])
    return holds(ends, float(points @ chances))


def of_numbers(generator: Generator, runs: int, n: int, numbers: str) -> Rate:
    """Measure the interval of a mean of numbers without ends, from a normal or a skewed distribution (incomes)."""
    drawn = generator.normal(size=(runs, n)) if numbers == "normal" else generator.lognormal(0, 0.8, size=(runs, n))
    estimates = [mean(one.tolist()) for one in drawn]
    return holds([(one.low, one.high) for one in estimates], 0.0 if numbers == "normal" else float(np.exp(0.32)))


def _draw(generator: Generator, runs: int, n: int, answers: str) -> Array:
    return generator.choice(np.arange(1.0, len(SHAPES[answers]) + 1), size=(runs, n), p=SHAPES[answers])


def between_means(generator: Generator, runs: int, group: int, first: str, second: str) -> Rate:
    """Measure Welch's interval of the difference between two means."""
    truth = [float(np.arange(1, len(SHAPES[one]) + 1) @ SHAPES[one]) for one in (first, second)]
    pairs = zip(*(_draw(generator, runs, group, one) for one in (first, second)), strict=True)
    estimates = [mean_difference(pd.Series(a), pd.Series(b)) for a, b in pairs]
    return holds([(one.low, one.high) for one in estimates], truth[0] - truth[1])


def delta(generator: Generator, runs: int, group: int, first: str, second: str) -> Rate:
    """Measure the interval of Cliff's delta."""
    a, b = (np.array(SHAPES[one]) for one in (first, second))
    above = np.sign(np.subtract.outer(np.arange(len(a)), np.arange(len(b))))
    pairs = zip(*(_draw(generator, runs, group, one) for one in (first, second)), strict=True)
    estimates = [cliffs_delta(pd.Series(x), pd.Series(y)) for x, y in pairs]
    return holds([(one.low, one.high) for one in estimates], float(a @ above @ b))


def dealt_out(generator: Generator, runs: int, group: int, answers: str) -> Rate:
    """Measure the permutation test of two means, with 999 draws."""
    pairs = (_draw(generator, runs, group, answers) for _ in range(2))
    return rejects(permutation_test(pd.Series(a), pd.Series(b), 999).p for a, b in zip(*pairs, strict=True))


def _rankings(generator: Generator, n: int, strengths: tuple[float, ...]) -> pd.DataFrame:
    """Draw rankings of all options by the Plackett-Luce model: who has the smallest of exponential times is first."""
    times = generator.exponential(size=(n, len(strengths))) / np.array(strengths)
    order = times.argsort(axis=1)
    people, options = np.repeat(np.arange(n), len(strengths)), np.tile(np.arange(1, len(strengths) + 1), n)
    return pd.DataFrame({"respondent": people, "option": np.array(list("abcd"))[order.ravel()], "rank": options})


def _mean_rank(strengths: tuple[float, ...]) -> float:
    """Return the expected rank of the first option."""
    expected = 0.0
    for order in permutations(range(len(strengths))):
        left, chance = sum(strengths), 1.0
        for option in order:
            chance, left = chance * strengths[option] / left, left - strengths[option]
        expected += chance * (order.index(0) + 1)
    return expected


def ranks(generator: Generator, runs: int, n: int, strengths: str) -> Rate:
    """Measure the interval of the mean rank of the first of four options."""
    ends = []
    for _ in range(runs):
        row = mean_ranks(_rankings(generator, n, STRENGTHS[strengths])).set_index("option").loc["a"]
        ends.append((row["low"], row["high"]))
    return holds(ends, _mean_rank(STRENGTHS[strengths]))


def strengths(generator: Generator, runs: int, n: int, strengths: str) -> Rate:
    """Measure the interval of the strength of the first of four options (Plackett-Luce)."""
    ends = []
    for _ in range(runs):
        row = plackett_luce(_rankings(generator, n, STRENGTHS[strengths])).set_index("option").loc["a"]
        ends.append((row["low"], row["high"]) if pd.notna(row["low"]) else (None, None))
    return holds(ends, STRENGTHS[strengths][0] / sum(STRENGTHS[strengths]))


_SECTION, _ORDERED = "Means and ranks", "Ordered answers in two groups"
_COMPARED = tuple(
    {"group": group, "first": first, "second": second}
    for group in (8, 20, 50)
    for first, second in (
        ("5 points, even", "5 points, even"),
        ("5 points, leaning", "5 points, nearly all agree"),
        ("5 points, nearly all agree", "5 points, nearly all agree"),
    )
)
_RANKED = grid(n=(8, 20, 50), strengths=tuple(STRENGTHS))

EXPERIMENTS = [
    Experiment(
        _SECTION, "adjusted Wald", "interval", on_scale, grid(n=(5, 12, 50, 200), answers=tuple(SHAPES)), 2000,
        (11, 20),
    ),
    Experiment(
        _SECTION, "Student's t", "interval", of_numbers, grid(n=(5, 12, 50, 200), numbers=("normal", "skewed")), 2000,
        (2,),
    ),
    Experiment(_SECTION, "adjusted Wald, mean rank", "interval", ranks, _RANKED, 1000, (2,)),
    Experiment(_SECTION, "Plackett-Luce", "interval", strengths, _RANKED, 400, (2,), 100),
    Experiment(_ORDERED, "Welch", "interval", between_means, _COMPARED, 1000, (3,)),
    Experiment(_ORDERED, "Cliff's delta (Feng & Cliff)", "interval", delta, _COMPARED, 1000, (3,)),
    Experiment(
        _ORDERED, "permutation test", "test", dealt_out,
        grid(group=(6, 20), answers=("5 points, even", "5 points, nearly all agree")), 500, (0,), 100,
    ),
]  # fmt: skip
