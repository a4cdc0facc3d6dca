"""One estimate with its uncertainty, as every analysis of field data hands it on.

What is not defined is said, never NaN: `value` is then None and `reason` says why, in both languages. Where a value is
defined and its interval is not (one unit, say), `low`, `high` and `se` are None and `reason` is about the interval.
Tables of estimates use the columns of `cells`: an empty cell always stands beside a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ESTIMATE_COLUMNS = ("value", "low", "high", "se", "n", "method", "reason_nl", "reason_en")


@dataclass(frozen=True)
class Reason:
    """Why something is not defined, as the end of "not defined, because ..." in Dutch and in English."""

    nl: str
    en: str

    def text(self, language: str, of_interval: bool = False) -> str:
        """Return the whole line in a language ("nl" or "en"); `of_interval` where there is a value and no interval."""
        if language == "nl":
            return f"{'geen interval' if of_interval else 'niet bepaald'}, want {self.nl}"
        return f"{'no interval' if of_interval else 'not defined'}, because {self.en}"


@dataclass(frozen=True)
class Estimate:
    """A value with an interval, or the reason why there is none.

    Attributes: `value`, `low` and `high` (ends of the interval) on the scale of the measure, `se` (standard error),
    `n` (units it rests on), `method` (how the interval was made), `level` (coverage of the interval), `reason` (None
    where value and interval are defined).
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    n: int
    method: str
    level: float = 0.95
    reason: Reason | None = None

    @classmethod
    def not_defined(cls, reason: Reason, n: int, method: str, level: float = 0.95) -> Estimate:
        """Return an estimate without a value, with the reason."""
        return cls(None, None, None, None, n, method, level, reason)

    @property
    def is_defined(self) -> bool:
        """Whether there is a value (its interval may still be missing)."""
        return self.value is not None

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return self.low is not None and self.high is not None

    def numbers(self) -> tuple[float, float, float]:
        """Return value, low and high where all three are there. Raises ValueError with the reason where not."""
        if self.value is None or self.low is None or self.high is None:
            raise ValueError(self.why("en"))
        return self.value, self.low, self.high

    def why(self, language: str) -> str:
        """Return why there is no value or no interval, in a language; "" where both are there."""
        return self.reason.text(language, of_interval=self.is_defined) if self.reason else ""

    def cells(self) -> dict[str, Any]:
        """Return the cells of a table row: those of ESTIMATE_COLUMNS; reasons are "" where there is none."""
        numbers = {name: getattr(self, name) for name in ("value", "low", "high", "se", "n", "method")}
        return {**numbers, "reason_nl": self.why("nl"), "reason_en": self.why("en")}
