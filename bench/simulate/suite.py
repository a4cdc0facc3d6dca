"""All experiments, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from bench.simulate import (
    coders,
    constructs,
    means,
    neighbourhood,
    passages,
    regressions,
    shares,
    texts,
    verdicts,
)
from bench.simulate.experiments import Cell

EXPERIMENTS = [
    *shares.EXPERIMENTS,
    *verdicts.EXPERIMENTS,
    *means.EXPERIMENTS,
    *regressions.EXPERIMENTS,
    *constructs.EXPERIMENTS,
    *coders.EXPERIMENTS,
    *passages.EXPERIMENTS,
    *texts.EXPERIMENTS,
    *neighbourhood.EXPERIMENTS,
]
Job = Callable[[], list[Cell]]
Over = Callable[[Callable[[Job], list[Cell]], Iterable[Job]], Iterable[list[Cell]]]


def measured(over: Over = map, short: bool = False) -> list[Cell]:
    """Measure every setting, or those of a short run; `over` is `map` or that of a pool of processes."""
    jobs = [job for experiment in EXPERIMENTS for job in experiment.cells(short)]
    cells = list(chain.from_iterable(over(_measure, jobs)))
    order = {method: place for place, method in enumerate(dict.fromkeys((cell.section, cell.method) for cell in cells))}
    return sorted(cells, key=lambda cell: order[cell.section, cell.method])


def _measure(job: Job) -> list[Cell]:
    return job()
