"""Saturation: does another interview still bring new codes? (Guest, Namey & Chen 2020, PLoS ONE 15(5) e0232076).

Three choices: the base (codes found in the first `base` interviews; the authors take 4, 5 or 6), the run (`run`
interviews in a row, 2 or 3, each run beginning one interview later than the one before) and the threshold (new codes in
a run / codes in the base; at most 0.05, or 0). Saturation is at the first run at or below the threshold; it is reported
as "6 + 2": six interviews, and two more that brought (almost) nothing new. With fewer codes in the base than 1 /
threshold (20 for 0.05) one new code passes the threshold, which is then in fact 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason

TOO_FEW = Reason(N_("there are fewer interviews than the base and one run together"))
EMPTY_BASE = Reason(N_("no code was used in the base"))
NOT_REACHED = Reason(N_("no run brought as little new as the threshold asks"))
_BAND = ["position", "codes", "low", "high"]


@dataclass(frozen=True)
class Saturation:
    """Where saturation lies, or why not: `interviews` (before the run that brought nothing new), `run`, `codes` found.

    `share` is new / base in that run; `reason` says why interviews and share are None.
    """

    interviews: int | None
    run: int
    codes: int
    share: float | None
    reason: Reason | None = None


def new_information(
    codings: pd.DataFrame, order: Sequence[str], base: int = 4, run: int = 2, cases: pd.Series | None = None
) -> pd.DataFrame:
    """Count the new codes interview by interview, in `order`.

    `codings`: document, code. `order`: documents as they were held; one without codings counts, with nothing new.
    `cases` (indexed by document) names another key for an interview, as when one has several documents; `order` then
    lists these. Columns: interview, position (from 1), codes (in this interview), new, total (so far), run_new (new in
    the run that ends here; empty before the first run after the base), share (run_new / codes in the base; empty where
    the base has none). Raises ValueError for a base or run below 1 and an order that names an interview twice.
    """
    incidence = _incidence(codings, order, cases)
    _checked(base, run)
    first = _first_positions(incidence, np.arange(len(order)))
    new = np.bincount(first[first < len(order)], minlength=len(order))
    table = pd.DataFrame(
        {"interview": list(order), "position": range(1, len(order) + 1), "codes": incidence.sum(axis=1)}
    )
    table["new"], table["total"] = new, new.cumsum()
    run_new = table["new"].rolling(run).sum().where(table["position"] >= base + run)
    table["run_new"] = run_new.astype("Int64")
    in_base = int(new[:base].sum())
    table["share"] = (
        (run_new / in_base).astype("Float64") if in_base else pd.array([pd.NA] * len(table), dtype="Float64")
    )
    return table


def saturation(table: pd.DataFrame, base: int = 4, run: int = 2, threshold: float = 0.05) -> Saturation:
    """Say where saturation was reached; `table` is what `new_information` gives for the same base and run.

    `threshold`: the share of new information that counts as nothing new; 0.05 and 0 are the authors' choices. Raises
    ValueError for a threshold outside 0..1.
    """
    _checked(base, run)
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold is {threshold}; expected a share between 0 and 1, such as 0.05")
    codes = int(table["total"].max()) if len(table) else 0
    if len(table) < base + run:
        return Saturation(None, run, codes, None, TOO_FEW)
    if table["share"].isna().all():
        return Saturation(None, run, codes, None, EMPTY_BASE)
    reached = table[table["share"].notna() & (table["share"] <= threshold)]
    if reached.empty:
        return Saturation(None, run, codes, None, NOT_REACHED)
    row = reached.iloc[0]
    return Saturation(int(row["position"]) - run, run, codes, float(row["share"]))


@dataclass(frozen=True)
class OrderEffects:
    """What another order of the same interviews would have shown.

    `band`: position, codes (mean found up to there), low, high (2.5th and 97.5th percentile over orders).
    `points`: interviews (where saturation would have been; empty: not reached), orders, share.
    """

    band: pd.DataFrame
    points: pd.DataFrame


def order_effects(
    codings: pd.DataFrame,
    order: Sequence[str],
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    *,
    cases: pd.Series | None = None,
    draws: int = 999,
    seed: int = 1,
) -> OrderEffects:
    """Shuffle the order of the interviews `draws` times, seeded, and say how far the result depends on it.

    Arguments as in `new_information` and `saturation`. The order of the interviews is one of many; a point
    of saturation that only some orders give says little. Without interviews both tables are empty.
    """
    incidence = _incidence(codings, order, cases)
    _checked(base, run)
    n = len(order)
    if not n or draws < 1:
        return OrderEffects(pd.DataFrame(columns=_BAND), pd.DataFrame(columns=["interviews", "orders", "share"]))
    generator = np.random.default_rng(seed)
    totals = np.zeros((draws, n), dtype=int)
    for draw in range(draws):
        first = _first_positions(incidence, generator.permutation(n))
        totals[draw] = np.bincount(first[first < n], minlength=n).cumsum()
    low, high = np.percentile(totals, [2.5, 97.5], axis=0)
    band = pd.DataFrame(dict(zip(_BAND, (range(1, n + 1), totals.mean(axis=0), low, high), strict=True)))
    points = pd.Series([_point(total, base, run, threshold) for total in totals], dtype="Int64")
    counts = points.value_counts(dropna=False).sort_index(na_position="last")
    table = pd.DataFrame({"interviews": counts.index.astype("Int64"), "orders": counts.to_numpy(dtype=int)})
    return OrderEffects(band, table.assign(share=table["orders"] / draws))


def _checked(base: int, run: int) -> None:
    if base < 1 or run < 1:
        raise ValueError(f"base is {base} and run is {run}; expected 1 interview or more for both")


def _incidence(codings: pd.DataFrame, order: Sequence[str], cases: pd.Series | None) -> NDArray[np.bool_]:
    """Say which interview (row, in order) has which code (column)."""
    if len(set(order)) < len(order):
        raise ValueError("order names an interview twice; expected each once")
    keys = codings["document"] if cases is None else codings["document"].map(cases)
    row_of = {interview: row for row, interview in enumerate(order)}
    of_cases = codings[keys.isin(row_of)]
    columns, names = pd.factorize(of_cases["code"])
    result = np.zeros((len(order), len(names)), dtype=bool)
    result[keys[keys.isin(row_of)].map(row_of).to_numpy(dtype=int), columns] = True
    return result


def _first_positions(incidence: NDArray[np.bool_], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position at which each code first occurs when the interviews come in this order."""
    shuffled = incidence[order]
    if not shuffled.size:
        return np.zeros(0, dtype=np.int64)
    return np.where(shuffled.any(axis=0), shuffled.argmax(axis=0), len(order))


def _point(total: NDArray[np.int64], base: int, run: int, threshold: float) -> int | None:
    if len(total) < base + run or total[base - 1] == 0:
        return None
    new = total[base + run - 1 :] - total[base - 1 : len(total) - run]
    reached = np.flatnonzero(new / total[base - 1] <= threshold)
    return base + int(reached[0]) if len(reached) else None
