"""Agreement between coders: rare codes, coders who use a code unequally often, documents as clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import numpy as np
import pandas as pd

from bench.simulate.experiments import Array, Experiment, Rate, Settings, grid, holds
from koppelkans.coding import agreement
from koppelkans.statistics.estimate import Estimate

Generator = np.random.Generator
_YES_NO = (0.0, 1.0)
_PER_DOCUMENT = 30
PERCENT, KAPPA, AC1 = "percent agreement", "Cohen's kappa", "Gwet's AC1"
FLEISS, ALPHA = "Fleiss' kappa", "Krippendorff's alpha"
MEASURES: dict[str, Callable[..., Estimate]] = {
    PERCENT: agreement.percent_agreement,
    KAPPA: partial(agreement.cohen_kappa, categories=_YES_NO),
    AC1: partial(agreement.gwet_ac1, categories=_YES_NO),
    FLEISS: partial(agreement.fleiss_kappa, categories=_YES_NO),
    ALPHA: agreement.krippendorff_alpha,
}


def chances(first: float, second: float, kappa: float) -> Array:
    """Return the chances of both, the first only, the second only, neither, for coders with these prevalences."""
    both = first * second + kappa * (first * (1 - second) + second * (1 - first)) / 2
    return np.array([both, first - both, second - both, 1 - first - second + both])


def truth(measure: str, of: Array) -> float:
    """Return what a coefficient is in a population with these chances."""
    both, one, other, neither = of
    a, b, observed = both + one, both + other, both + neither
    middle = (a + b) / 2
    expected = {
        PERCENT: 0.0,
        KAPPA: a * b + (1 - a) * (1 - b),
        AC1: 2 * middle * (1 - middle),
        FLEISS: middle**2 + (1 - middle) ** 2,
        ALPHA: middle**2 + (1 - middle) ** 2,
    }[measure]
    return float((observed - expected) / (1 - expected))


Ends = tuple[float | None, float | None]


def _ends(measures: Sequence[str], ratings: pd.DataFrame, **how: object) -> list[Ends]:
    estimates = [MEASURES[measure](ratings, **how) for measure in measures]
    return [(one.low, one.high) for one in estimates]


@cache
def _of_table(table: tuple[int, int, int, int]) -> list[Ends]:
    cells = [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    return _ends(list(MEASURES), pd.DataFrame(np.repeat(cells, table, axis=0)))


def _rates(measures: Sequence[str], ends: Sequence[list[Ends]], of: Array) -> list[Rate]:
    """Measure each coefficient on the same studies; `of`: the chances in the population."""
    return [holds(own, truth(measure, of)) for measure, own in zip(measures, zip(*ends, strict=True), strict=True)]


def alone(generator: Generator, runs: int, units: int, first: float, second: float, kappa: float) -> list[Rate]:
    """Measure the intervals of two coders over units that do not hang together."""
    of = chances(first, second, kappa)
    tables = generator.multinomial(units, of, size=runs)
    return _rates(list(MEASURES), [_of_table(tuple(int(count) for count in table)) for table in tables], of)


def _coded(generator: Generator, documents: int, prevalence: float, coders: int, slips: float) -> pd.DataFrame:
    """Draw ratings: documents differ in how often a code is in them, and in how often coders slip."""
    often = generator.beta(4 * prevalence, 4 * (1 - prevalence), size=documents)
    slipping = generator.beta(2, 2 / slips - 2, size=documents)
    shape = (documents, _PER_DOCUMENT)
    there = generator.random(shape) < often[:, None]
    given = [there ^ (generator.random(shape) < slipping[:, None]) for _ in range(coders)]
    index = pd.MultiIndex.from_product([range(documents), range(_PER_DOCUMENT)], names=["document", "unit"])
    return pd.DataFrame({str(n): one.ravel().astype(float) for n, one in enumerate(given)}, index=index)


def in_documents(
    measures: Sequence[str], generator: Generator, runs: int, documents: int, prevalence: float, slips: float,
    coders: int = 2, interval: agreement.Interval = "analytic",
) -> list[Rate]:  # fmt: skip
    """Measure the intervals over sentences of documents that differ; the truth is that of all documents there are."""
    a, b = 2.0, 2 / slips - 2
    twice = slips * (a + 1) / (a + b + 1)  # that two coders slip at one sentence
    ends = [
        _ends(measures, _coded(generator, documents, prevalence, coders, slips), interval=interval, draws=200)
        for _ in range(runs)
    ]
    return _rates(measures, ends, _slipped(prevalence, slips, twice))


def several(generator: Generator, runs: int, units: int, prevalence: float, slips: float) -> list[Rate]:
    """Measure the intervals of three coders over units that do not hang together."""
    ends = []
    for _ in range(runs):
        there = generator.random((units, 1)) < prevalence
        given = there ^ (generator.random((units, 3)) < slips)
        ends.append(_ends(_FOR_MORE, pd.DataFrame(given.astype(float))))
    return _rates(_FOR_MORE, ends, _slipped(prevalence, slips, slips**2))


def _slipped(prevalence: float, slips: float, twice: float) -> Array:
    """Return the chances of two coders who slip at a sentence, and both with the chance `twice`."""
    both = prevalence * (1 - 2 * slips + twice) + (1 - prevalence) * twice
    apart = slips - twice
    return np.array([both, apart, apart, 1 - both - 2 * apart])


_PAIRS = ((0.05, 0.05, 0.6), (0.05, 0.5, 0.06), (0.2, 0.2, 0.6), (0.5, 0.5, 0.0), (0.5, 0.5, 0.6), (0.5, 0.5, 0.9))
_TWO: tuple[Settings, ...] = tuple(
    {"units": units, "first": first, "second": second, "kappa": kappa}
    for units in (50, 200)
    for first, second, kappa in _PAIRS
)
_CLUSTERS = grid(documents=(3, 5, 10, 20), prevalence=(0.05, 0.2, 0.5), slips=(0.05,))
_SECTION, _IN_DOCUMENTS = "Agreement over independent units", "Agreement over sentences of documents"
_FOR_MORE = (PERCENT, AC1, FLEISS, ALPHA)

EXPERIMENTS = [
    Experiment(_SECTION, tuple(MEASURES), "interval", alone, _TWO, 1000, (4, 7), 100),
    Experiment(
        _SECTION, tuple(f"{name}, three coders" for name in _FOR_MORE), "interval", several,
        grid(units=(50, 200), prevalence=(0.05, 0.2, 0.5), slips=(0.05,)), 1000, (5,), 100,
    ),
    Experiment(
        _IN_DOCUMENTS, tuple(MEASURES), "interval", partial(in_documents, list(MEASURES)), _CLUSTERS, 400, (7,), 60,
    ),
    Experiment(
        _IN_DOCUMENTS, tuple(f"{name}, three coders" for name in _FOR_MORE), "interval",
        partial(in_documents, _FOR_MORE, coders=3), _CLUSTERS, 400, (7,), 60,
    ),
    Experiment(
        _IN_DOCUMENTS, f"{KAPPA}, bootstrap of documents", "interval",
        partial(in_documents, [KAPPA], interval="bootstrap"), _CLUSTERS[6:9:2], 400, (), 0,
    ),
]  # fmt: skip
