"""Who reads all that is published, and what of it lets a hidden number be worked out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, sparse

from koppelkans.statistics.multiple_tests import holm


@dataclass(eq=False)
class Reader:
    """What a reader knows: unknown numbers of people, and sums of them that are equal to, or at most, something."""

    names: dict[Hashable, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, bool]] = field(default_factory=list)

    def sees(self, parts: Sequence[Hashable], value: float) -> None:
        """Note a sum that is shown."""
        self.rows.append((self._sum(parts), float(value), True))

    def knows(self, left: Sequence[Hashable], right: Sequence[Hashable], equal: bool = True) -> None:
        """Note that a sum is equal to another, or at most another."""
        both = self._sum(left)
        for place, sign in self._sum(right).items():
            both[place] = both.get(place, 0) - sign
        self.rows.append((both, 0.0, equal))

    def _sum(self, parts: Sequence[Hashable]) -> dict[int, float]:
        result: dict[int, float] = {}
        for part in parts:
            place = self.names.setdefault(part, len(self.names))
            result[place] = result.get(place, 0) + 1
        return result

    @cache  # noqa: B019  a reader is attacked once
    def _matrices(self, n: int) -> dict[str, Any]:
        how: dict[str, Any] = {}
        for equal, a, b in ((True, "A_eq", "b_eq"), (False, "A_ub", "b_ub")):
            rows = [(row, value) for row, value, is_equal in self.rows if is_equal == equal]
            matrix = sparse.lil_array((len(rows), n))
            for place, (row, _) in enumerate(rows):
                for column, sign in row.items():
                    matrix[place, column] = sign
            if rows:
                how |= {a: matrix.tocsr(), b: np.array([value for _, value in rows])}
        return how

    def bounds(self, parts: Sequence[Hashable]) -> tuple[float, float]:
        """Return the least and the most that a sum can be."""
        wanted = self._sum(parts)
        n = len(self.names)
        how = self._matrices(n)
        goal = np.zeros(n)
        for place, sign in wanted.items():
            goal[place] = sign
        ends = []
        for sign in (1, -1):
            for presolve in (True, False):  # which now and then takes what is possible for impossible
                options = {"presolve": presolve}
                found = optimize.linprog(sign * goal, bounds=(0, None), method="highs", options=options, **how)
                if found.status in (0, 3):
                    break
            else:
                raise AssertionError(f"what is shown contradicts itself: {found.message}")
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return round(ends[0], 6), round(ends[1], 6)


@dataclass(frozen=True)
class Attacked:
    """A hidden number: what it is, its true value, how many people it is of, and what a reader can tell of it.

    `rest`: whether the others are a secret as well: people with another answer, where it is shown how many answered.
    """

    what: str
    value: int
    room: float
    rest: bool
    low: float
    high: float
    minimum: int

    @property
    def secrets(self) -> list[tuple[float, float, float]]:
        """What of it is a secret: true value, least, most."""
        sides = [(float(self.value), self.low, self.high)]
        if self.rest:
            sides.append((self.room - self.value, self.room - self.high, self.room - self.low))
        return [side for side in sides if 0 < side[0] < self.minimum]

    @property
    def is_safe(self) -> bool:
        """Whether the reader is left with the range that is promised (`koppelkans.privacy.linked`)."""
        return all(low < high and high >= min(self.minimum, self.room) for _, low, high in self.secrets)


def tests_told(what: str, table: pd.DataFrame, tests: int, minimum: int) -> list[Attacked]:
    """Name a hidden p-value that shows in those that were corrected for it, if there is one.

    `table`: p and p_holm, empty where hidden; `tests`: how many there were. From an exact p the counts follow.
    """
    shown = table[table["p"].notna()]
    own = holm(shown["p"].astype(float), tests)
    others = shown["p_holm"].astype(float)[(shown["p_holm"].astype(float) - own).abs() > 1e-9]
    return [Attacked(f"p of a hidden test of {what}", 1, np.inf, False, p, p, minimum) for p in others.head(1)]
