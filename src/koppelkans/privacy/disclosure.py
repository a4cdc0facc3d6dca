"""Small cells: which counts of people may be shown, so that none that is hidden can be worked out from the rest.

A count of 1 to 4 people can point at a person. Hiding it is not enough where totals are shown: what is left over in its
row gives it back. So more cells are hidden (secondary suppression), as few as the linear program finds: for each small
cell it looks for another table with the same shown numbers in which that cell is not small, changing as little as
possible of what was still shown; what changes is hidden (after Kelly, Golden & Assad 1992; Hundepool et al. 2012).
`feasible_ranges` does what a reader with the table could do, and is what the tests hold the result against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.study.columns import require

Totals = Literal["both", "rows", "columns", "none"]
MINIMUM = 5
TOTAL = "total"
SHOWN, SMALL, SECONDARY = "shown", "small", "secondary"
_COST_OF_TOTAL = 1_000.0
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Protected:
    """A table of counts that may be shown.

    `table`: the counts with their totals (row and column "total"), NA where hidden (Int64). `status`: shown, small or
    secondary for each cell. `totals`: which totals stand in it. `minimum`: the smallest count that is shown but for 0.
    """

    table: pd.DataFrame
    status: pd.DataFrame
    totals: Totals
    minimum: int

    def hidden(self) -> dict[str, int]:
        """Count what was hidden: small (cells below the minimum), secondary (for their sake), shown, cells."""
        flat = pd.Series(self.status.to_numpy().ravel())
        counts = {name: int((flat == name).sum()) for name in (SMALL, SECONDARY, SHOWN)}
        return {**counts, "cells": len(flat)}


def suppress(
    table: pd.DataFrame, minimum: int = MINIMUM, totals: Totals = "both", sizes: pd.Series | None = None
) -> Protected:
    """Hide counts of 1 to `minimum` - 1 people, and what would give them back. A count of 0 is shown.

    `table`: counts, one row and one column a category; rows and columns are counted as given, so leave totals out.
    `totals`: which ones the reader gets or can know: "both", "rows" (one at the end of each row), "columns", "none".
    Take "rows" where a column does not add up to people, as with codes (one person can have several). `sizes`: size of
    the group in each column, where known; then a count that leaves out only 1 to `minimum` - 1 of a group is small too.
    Raises ValueError for anything but counts, and a minimum below 2.
    """
    sizes = None if sizes is None else sizes.reindex(table.columns)
    counts = _checked(table, minimum, totals, sizes)
    values, relations = _with_totals(counts, totals)
    shape = values.shape
    room = _room(shape, sizes)
    flat = values.ravel()
    small = _is_small(flat, room, minimum)
    hidden = small.copy()
    cost = np.where(_is_total(shape, counts.shape), _COST_OF_TOTAL, 1.0) + flat / (1e6 * max(flat.max(initial=0), 1))
    for cell in np.flatnonzero(small):
        hidden |= _changed(flat, relations, hidden, cost, room, int(cell), minimum)
    status = np.where(small, SMALL, np.where(hidden, SECONDARY, SHOWN)).reshape(shape)
    index, columns = _labels(table, totals)
    shown = pd.DataFrame(values.astype(int), index=index, columns=columns).astype("Int64")
    marks = pd.DataFrame(status, index=index, columns=columns)
    return Protected(shown.mask(marks != SHOWN), marks, totals, minimum)


def feasible_ranges(protected: Protected, sizes: pd.Series | None = None) -> pd.DataFrame:
    """Work out what a reader can find out about each hidden cell: row, column, status, low, high (whole people).

    The smallest and largest count that agree with everything shown, by linear programming. A hidden cell with low equal
    to high would be no secret.
    """
    from scipy import optimize

    inner = (len(protected.table.index), len(protected.table.columns))
    shape = _inner_shape(inner, protected.totals)
    _, relations = _with_totals(np.zeros(shape), protected.totals)
    known = protected.table.to_numpy(dtype=float, na_value=np.nan).ravel()
    room = _room(inner, sizes)
    bounds = [
        (value, value) if np.isfinite(value) else (0, top if np.isfinite(top) else None)
        for value, top in zip(known, room, strict=True)
    ]
    rows = []
    for cell in np.flatnonzero(np.isnan(known)):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(known))
            goal[cell] = sign
            solution = optimize.linprog(goal, A_eq=relations, b_eq=np.zeros(len(relations)), bounds=bounds)
            ends.append(np.inf * -sign if solution.status == 3 else sign * solution.fun)
        row, column = divmod(int(cell), inner[1])
        low, high = np.ceil(ends[0] - 1e-6) + 0.0, np.floor(ends[1] + 1e-6) + 0.0
        status = protected.status.iloc[row, column]
        rows.append((protected.table.index[row], protected.table.columns[column], status, low, high))
    return pd.DataFrame(rows, columns=["row", "column", "status", "low", "high"])


def _checked(table: pd.DataFrame, minimum: int, totals: str, sizes: pd.Series | None) -> Array:
    if totals not in ("both", "rows", "columns", "none"):
        raise ValueError(f"totals {totals!r} is not one of both, rows, columns, none")
    if minimum < 2:
        raise ValueError(f"minimum is {minimum}; expected 2 or more people")
    counts = table.to_numpy(dtype=float)
    if np.isnan(counts).any() or (counts < 0).any() or not np.array_equal(counts, counts.round()):
        raise ValueError("the table holds something else than counts; expected whole numbers of 0 or more")
    if sizes is not None and not (counts <= sizes.to_numpy(dtype=float)).all():
        raise ValueError("a count is larger than its group, or a group has no size; expected at most the size")
    return counts


def _with_totals(counts: Array, totals: Totals) -> tuple[Array, Array]:
    """Put the totals behind the counts; return the table and the relations between its cells (each adds up to 0)."""
    values = counts
    if totals in ("both", "rows"):
        values = np.column_stack([values, values.sum(axis=1)])
    if totals in ("both", "columns"):
        values = np.vstack([values, values.sum(axis=0)])
    place = np.arange(values.size).reshape(values.shape)
    lines = list(place) if totals in ("both", "rows") else []
    lines += list(place.T) if totals in ("both", "columns") else []
    relations = np.zeros((len(lines), values.size))
    for relation, line in zip(relations, lines, strict=True):
        relation[line] = 1
        relation[line[-1]] = -1
    return values, relations


def _inner_shape(shape: tuple[int, int], totals: Totals) -> tuple[int, int]:
    return shape[0] - (totals in ("both", "columns")), shape[1] - (totals in ("both", "rows"))


def _is_total(shape: tuple[int, ...], inner: tuple[int, ...]) -> NDArray[np.bool_]:
    result = np.ones(shape, dtype=bool)
    result[: inner[0], : inner[1]] = False
    return result.ravel()


def _room(shape: tuple[int, ...], sizes: pd.Series | None) -> Array:
    """Return the largest count that each cell can have."""
    room = np.full(shape, np.inf)
    if sizes is not None:
        for column, size in enumerate(sizes):
            room[:, column] = size
    return room.ravel()


def _is_small(values: Array, room: Array, minimum: int) -> NDArray[np.bool_]:
    left = room - values
    return np.asarray(((values > 0) & (values < minimum)) | ((left > 0) & (left < minimum)))


def _labels(table: pd.DataFrame, totals: Totals) -> tuple[list[Any], list[Any]]:
    below, behind = [TOTAL] * (totals in ("both", "columns")), [TOTAL] * (totals in ("both", "rows"))
    return [*table.index, *below], [*table.columns, *behind]


def _changed(
    values: Array, relations: Array, hidden: NDArray[np.bool_], cost: Array, room: Array, cell: int, minimum: int
) -> NDArray[np.bool_]:
    """Say which cells differ in the nearest table with the same relations in which a small cell is not small."""
    from scipy import optimize

    own = values[cell]
    harmless = [value for value in (minimum, room[cell] - minimum) if minimum <= value <= room[cell] - minimum]
    n = len(values)
    price = np.where(hidden, 0.0, cost)
    # Where no harmless count fits (a group of six, say), a cell that could be something else is the best there is.
    for target in [*harmless, 0, own + 1, own - 1]:
        if target == own or not np.isfinite(target) or not 0 <= target <= room[cell]:
            continue
        # A change is up - down, each 0 or more; nothing falls below 0 or rises above its room.
        bounds = [(0, None if np.isinf(top) else top - value) for value, top in zip(values, room, strict=True)]
        bounds += [(0, value) for value in values]
        change = target - own
        bounds[cell] = (max(change, 0), max(change, 0))
        bounds[n + cell] = (max(-change, 0), max(-change, 0))
        solution = optimize.linprog(
            np.concatenate([price, price]),
            A_eq=np.hstack([relations, -relations]) if len(relations) else None,
            b_eq=np.zeros(len(relations)) if len(relations) else None,
            bounds=bounds,
        )
        if solution.status == 0:
            return np.asarray(np.abs(solution.x[:n] - solution.x[n:]) > 1e-6)
    return np.ones(n, dtype=bool)


def k_anonymity(respondents: pd.DataFrame, attributes: Sequence[str], k: int = MINIMUM) -> pd.DataFrame:
    """Count the people who share a combination of attributes: the attributes, respondents, below_k; rarest first.

    k-anonymity (Sweeney 2002): each combination that occurs is shared by k people or more. An empty attribute is a
    value of its own. `respondents`: respondent and the attributes. Raises KoppelkansError for a missing column.
    """
    require(respondents, "respondents", ("respondent", *attributes))
    names = list(attributes)
    if not names:
        raise ValueError("attributes is empty; expected at least one column")
    people = respondents.assign(**{name: respondents[name].fillna("") for name in names})
    counts = people.groupby(names)["respondent"].nunique().rename("respondents").reset_index()
    counts = counts.sort_values(["respondents", *names], ignore_index=True)
    return counts.assign(below_k=counts["respondents"] < k)


def risky_combinations(
    respondents: pd.DataFrame, attributes: Sequence[str], k: int = MINIMUM, largest: int = 3
) -> pd.DataFrame:
    """Say which attributes together point at people: one row for each set of 1 to `largest` attributes.

    Columns: attributes (" + " between them), size, combinations (that occur), smallest (people in the rarest),
    combinations_below, respondents_below (people in a combination of fewer than k). Most people below first.
    """
    rows = []
    for size in range(1, min(largest, len(attributes)) + 1):
        for names in combinations(attributes, size):
            groups = k_anonymity(respondents, names, k)
            below = groups[groups["below_k"]]
            smallest = int(groups["respondents"].min()) if len(groups) else 0
            people = int(below["respondents"].sum())
            rows.append((" + ".join(names), size, len(groups), smallest, len(below), people))
    columns = ["attributes", "size", "combinations", "smallest", "combinations_below", "respondents_below"]
    result = pd.DataFrame(rows, columns=columns)
    return result.sort_values(
        ["respondents_below", "size", "attributes"], ascending=[False, True, True], ignore_index=True
    )
