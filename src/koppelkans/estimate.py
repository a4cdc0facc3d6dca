"""One estimate with its uncertainty, as every analysis of field data hands it on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value with an interval.

    Attributes: `value`, `low` and `high` (ends of the interval) on the scale of the measure, `se` (standard error),
    `n` (units it rests on), `method` (how the interval was made), `level` (coverage of the interval).
    """

    value: float
    low: float
    high: float
    se: float
    n: int
    method: str
    level: float = 0.95
