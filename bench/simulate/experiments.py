"""What is measured: a method in a number of settings, each with the rate at which it holds or rejects.

Where all outcomes can be gone through, the rate is exact. Else studies are drawn: `runs` of them, with a seed that
depends on the experiment and the setting alone, so that one more setting changes no other.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SEED = 20231
ALPHA, LEVEL = 0.05, 0.95
LEAST, MOST, MOST_REJECTED = 0.92, 0.98, 0.07
"""Between which an interval of 95% has to hold, and how often a test at 5% may reject what is true."""
SLACK = 3
"""Standard errors by which the limits are widened for a short run."""
Array = NDArray[np.float64]
Settings = Mapping[str, object]
Kind = Literal["interval", "test", "rate"]
"""What a rate has to keep to; a plain "rate" is told and has no limits."""


@dataclass(frozen=True)
class Rate:
    """A rate, out of how many `runs` (None: exact), and the share of studies `without` an interval or p."""

    value: float
    runs: int | None = None
    without: float = 0.0

    @property
    def error(self) -> float:
        """The Monte Carlo standard error; 0 where the rate is exact."""
        value = min(max(self.value, 0.02), 0.98)
        return math.sqrt(value * (1 - value) / self.runs) if self.runs else 0.0


@dataclass(frozen=True)
class Experiment:
    """Methods and the settings in which they are measured, all on the same studies.

    `rates` takes a setting as keywords and gives a rate for each of `methods` (or one). Where it takes studies that are
    drawn (`runs` > 0), a generator and `runs` come first. `quick`: the places of the settings that a short run takes,
    with at most `quick_runs` studies.
    """

    section: str
    methods: str | tuple[str, ...]
    kinds: Kind | tuple[Kind, ...]
    rates: Callable[..., Rate | Sequence[Rate]]
    grid: tuple[Settings, ...]
    runs: int = 0
    quick: tuple[int, ...] = (0,)
    quick_runs: int = 150

    def cells(self, short: bool = False) -> list[Callable[[], list[Cell]]]:
        """Return what measures each setting."""
        grid = [self.grid[place] for place in self.quick] if short else self.grid
        runs = min(self.runs, self.quick_runs) if short else self.runs
        return [partial(self._measured, settings, runs) for settings in grid]

    def _measured(self, settings: Settings, runs: int) -> list[Cell]:
        methods = (self.methods,) if isinstance(self.methods, str) else self.methods
        kinds = (self.kinds,) * len(methods) if isinstance(self.kinds, str) else self.kinds
        seed = [SEED, zlib.crc32(f"{self.section}/{methods}/{words(settings)}".encode())]
        rates = self.rates(np.random.default_rng(seed), runs, **settings) if runs else self.rates(**settings)
        rates = [rates] if isinstance(rates, Rate) else rates
        named = zip(methods, kinds, rates, strict=True)
        return [Cell(self.section, method, kind, settings, rate) for method, kind, rate in named]


@dataclass(frozen=True)
class Cell:
    """What came out for one method in one setting."""

    section: str
    method: str
    kind: Kind
    settings: Settings
    rate: Rate

    def within(self, slack: float = 0) -> bool:
        """Say whether the rate lies within the limits, widened by `slack` standard errors."""
        reach = slack * self.rate.error + 5e-4  # as it is printed
        if self.kind == "rate":
            return True
        if self.kind == "test":
            return self.rate.value <= MOST_REJECTED + reach
        return LEAST - reach <= self.rate.value <= MOST + reach

    @property
    def name(self) -> str:
        """The method and the setting in words."""
        return f"{self.section}: {self.method} ({words(self.settings)})"


def words(settings: Settings) -> str:
    """Write a setting down."""
    return ", ".join(f"{name} {value}" for name, value in settings.items())


def grid(**values: Iterable[object]) -> tuple[Settings, ...]:
    """Return every combination of values."""
    settings: list[dict[str, object]] = [{}]
    for name, of_name in values.items():
        settings = [{**one, name: value} for one in settings for value in of_name]
    return tuple(settings)


def holds(ends: Iterable[tuple[float | None, float | None]], truths: Iterable[float] | float) -> Rate:
    """Count how many intervals hold the true value; those without ends are counted apart."""
    pairs = list(ends)
    given = np.array([low is not None and high is not None for low, high in pairs])
    if not given.any():
        return Rate(math.nan, len(pairs), 1.0)
    low, high = np.array([pair for pair, there in zip(pairs, given, strict=True) if there], dtype=float).T
    truth = np.broadcast_to(np.asarray(truths, dtype=float), len(pairs))[given]
    inside = (low <= truth + 1e-9) & (truth <= high + 1e-9)
    return Rate(float(inside.mean()), int(given.sum()), float(1 - given.mean()))


def rejects(p_values: Iterable[float | None]) -> Rate:
    """Count how many p-values are 5% or less; a study without one rejects nothing."""
    given = list(p_values)
    missing = sum(p is None for p in given)
    rejected = sum(p is not None and p <= ALPHA + 1e-9 for p in given)
    return Rate(rejected / len(given), len(given), missing / len(given))
