"""One estimate with its uncertainty, as every analysis of field data hands it on.

What is not defined is said, never NaN: `value` is then None and `reason` says why, in both languages. Where a value is
defined and its interval is not (one unit, say), `low`, `high` and `se` are None and `reason` is about the interval.
Tables of estimates use the columns of `cells`: an empty cell always stands beside a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from koppelkans.locale import words
from koppelkans.locale.language import number

ESTIMATE_COLUMNS = ("value", "low", "high", "se", "n", "method", "reason_nl", "reason_en")


@dataclass(frozen=True)
class Reason:
    """Why something is not defined, as the end of "not defined, because ...".

    `message` is the English text, marked with `N_`; the catalogs translate it. `numbers` fills its {placeholders}:
    whole numbers as they are, others with one decimal.
    """

    message: str
    numbers: Mapping[str, float] = field(default_factory=dict, kw_only=True)

    def text(self, language: str, of_interval: bool = False) -> str:
        """Return the whole line in the language of an edition; `of_interval` where there is a value and no interval."""
        _ = words(language).gettext
        line = _("no interval, because {reason}") if of_interval else _("not defined, because {reason}")
        shown = {
            name: number(value, language, 0 if isinstance(value, int) else 1)["text"]
            for name, value in self.numbers.items()
        }
        return line.format(reason=_(self.message).format(**shown))


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
