"""Small cells: which numbers of people may be shown, so that none that is hidden can be worked out from the others.

A count of 1 to 4 people can point at a person. Hiding it is not enough: what is left of a total, of another table or of
the other language's edition gives it back. So `Published` holds every number that a study publishes about the same
people with the ways in which they add up, and hides more of them (secondary suppression over linked tables), as few as
a linear program finds: for each secret it looks for another set of numbers with all that is shown unchanged, in which
the secret is clearly another one, changing as little as possible of what was still shown; what changes is hidden (after
Kelly, Golden & Assad 1992; de Wolf & Giessing 2009; Hundepool et al. 2012). SciPy's HiGHS solves it.

The protection that holds: to a reader who knows all that is shown, and how it adds up, a hidden count of 1 to
minimum - 1 people may be the minimum or more (or the whole group, if that is less), and is not known exactly. It may be
one less as well, unless totals that are shown forbid it (of 12 people 9 have a trait, so 3 at least in a group of 6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

Cell = tuple[Any, ...]
MINIMUM = 5
ALWAYS = ("always shown",)
"""Cell of a number that readers know anyway, such as how many people there are."""
NEVER = ("never shown",)
"""Cell of a number that is not published."""
HIDDEN, YES = "hidden", "yes"
"""Column that says of each row whether it is hidden, and what stands in it; "" where it is shown.

Why, whether since the number is small or since it would give a small one away, is said nowhere: that would tell which.
"""


class Published:
    """Numbers about the same people, how they add up, and which of them are secret.

    A cell is what is shown or hidden as one: a count, or a row of counts that go together. Numbers without a cell are
    not published, and only say how others hang together, such as who of a group gave an answer.
    """

    def __init__(self, minimum: int = MINIMUM) -> None:
        """Start without numbers. `minimum`: people in the smallest group that is shown."""
        self.minimum = minimum
        self._values: list[float] = []
        self._cells: list[Cell] = []
        self._costs: list[float] = []
        self._secrets: dict[int, tuple[float, float]] = {}
        self._small: list[int] = []
        self._rows: list[tuple[Sequence[int], Sequence[int], bool]] = []

    def number(self, value: float, cell: Cell = NEVER, cost: float = 1.0) -> int:
        """Add a number, and return what names it; `cost`: what hiding its cell costs beside others."""
        self._values.append(float(value))
        self._cells.append(cell)
        self._costs.append(cost)
        return len(self._values) - 1

    def value(self, number: int) -> float:
        """Return a number as it was counted."""
        return self._values[number]

    def adds_up(self, whole: Sequence[int], parts: Sequence[int]) -> None:
        """Say that two sums are equal, whoever is counted."""
        self._rows.append((whole, parts, True))

    def at_most(self, less: Sequence[int], more: Sequence[int]) -> None:
        """Say that a sum is never more than another."""
        self._rows.append((less, more, False))

    def secret(self, number: int, room: float = np.inf) -> None:
        """Say that a number counts people, `room` at most: a secret where it is 1 to minimum - 1."""
        value = self._values[number]
        if 0 < value < self.minimum:
            self._small.append(number)
            self._secrets[number] = (value - 1, max(value, min(self.minimum, room)))

    def vague(self, number: int) -> None:
        """Say that a number, which counts no people, must not be known exactly where its cell is hidden."""
        self._secrets[number] = (max(self._values[number] - 1, 0), self._values[number] + 1)

    def hidden(self, kept: Collection[Cell] = (), before: Collection[Cell] = ()) -> set[Cell]:
        """Return the cells to hide: those of secrets, and those that would give them back.

        `kept`: cells that were decided on before; `before`: those of them that are hidden. Where what was decided on
        does not leave a secret all the room that is wanted, it gets what there is.
        """
        decided = {ALWAYS, NEVER, *kept}
        hidden = {*before, *(self._cells[number] for number in self._small)} - {ALWAYS, NEVER}
        if not self._small and not before:
            return hidden
        constraints = self._constraints()
        moved: set[int] = set()

        def move(number: int, target: float) -> bool:
            changed = self._nearest(number, target, decided, hidden, constraints)
            moved.update(changed)
            hidden.update({self._cells[place] for place in changed} - {NEVER})
            return bool(changed)

        waiting = dict(self._secrets)
        while ready := [number for number in waiting if self._cells[number] in hidden | {NEVER}]:
            number, value = ready[0], self._values[ready[0]]
            for target in {*waiting.pop(number)} - {value}:
                steps = np.arange(target, value, np.sign(value - target))
                any(move(number, step) for step in steps)  # as far as it goes
        for number, cell in enumerate(self._cells):  # what is hidden for others' sake is not to be known exactly either
            if cell in hidden and number not in moved:
                any(move(number, self._values[number] + step) for step in (1, -1) if self._values[number] + step >= 0)
        return hidden

    def _constraints(self) -> dict[str, Any]:
        """Return what holds for any change of the numbers: equal sums stay equal, and less never passes more."""
        from scipy import sparse

        n = len(self._values)
        matrices = {}
        for equal in (True, False):
            rows = [(less, more) for less, more, is_equal in self._rows if is_equal == equal]
            matrix = sparse.lil_array((len(rows), n))
            for place, (less, more) in enumerate(rows):
                for numbers, sign in ((less, 1), (more, -1)):
                    for number in numbers:
                        matrix[place, number] += sign
            matrices[equal] = matrix.tocsr()
        slack = -(matrices[False] @ np.array(self._values))
        up_and_down = {equal: sparse.hstack([matrix, -matrix], format="csr") for equal, matrix in matrices.items()}
        return {
            **({"A_eq": up_and_down[True], "b_eq": np.zeros(len(matrices[True].indptr) - 1)}),
            **({"A_ub": up_and_down[False], "b_ub": np.maximum(slack, 0)} if len(slack) else {}),
        }

    def _nearest(
        self, number: int, target: float, decided: set[Cell], hidden: set[Cell], constraints: dict[str, Any]
    ) -> list[int]:
        """Name the numbers that differ in the nearest others that add up and give one a value; none where none do."""
        from scipy import optimize

        values, n = np.array(self._values), len(self._values)
        free = np.array([cell in hidden or cell == NEVER for cell in self._cells])
        fixed = np.array([cell in decided for cell in self._cells]) & ~free
        cost = np.array(self._costs) + values / (1e6 * max(values.max(), 1))
        price = np.where(free, 0.0, cost)
        room = np.where(fixed, 0.0, np.inf)
        bounds = np.zeros((2 * n, 2))  # a change is up - down, each 0 or more; nothing falls below 0
        bounds[:n, 1], bounds[n:, 1] = room, np.minimum(room, values)
        change = target - values[number]
        bounds[number], bounds[n + number] = (max(change, 0),) * 2, (max(-change, 0),) * 2
        for presolve in (True, False):  # which now and then takes what is possible for impossible
            options = {"presolve": presolve}
            solution = optimize.linprog(
                np.concatenate([price, price]), bounds=bounds, method="highs", options=options, **constraints
            )
            if solution.status == 0:
                return [int(place) for place in np.flatnonzero(np.abs(solution.x[:n] - solution.x[n:]) > 1e-6)]
        return []


def is_small(counts: pd.Series, minimum: int) -> pd.Series:
    """Say which counts of people are 1 to `minimum` - 1."""
    numbers = pd.to_numeric(counts).fillna(0)
    return (numbers > 0) & (numbers < minimum)


def marked(hidden: Iterable[object]) -> list[str]:
    """Return the column `hidden` for rows that are hidden or not."""
    return [YES if one else "" for one in hidden]


def emptied(table: pd.DataFrame, hidden: Iterable[object], columns: Sequence[str]) -> pd.DataFrame:
    """Return a table with the column `hidden`, and with `columns` empty where a row is hidden."""
    result = table.assign(**{HIDDEN: marked(hidden)})
    result[[*columns]] = result[[*columns]].astype("Float64").mask(result[HIDDEN] != "")
    return result


def hidden_numbers(minimum: int, *tables: pd.DataFrame) -> dict[str, int | None]:
    """Count what is hidden, for a caption: minimum, hidden, cells; None for all where nothing can be hidden."""
    if minimum < 2:
        return {"minimum": None, HIDDEN: None, "cells": None}
    hidden = sum(int((table[HIDDEN] != "").sum()) for table in tables if HIDDEN in table)
    return {"minimum": minimum, HIDDEN: hidden, "cells": sum(len(table) for table in tables)}
