from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.privacy import disclosure

TABLE = pd.DataFrame([[20, 3, 8], [9, 12, 7], [30, 14, 22]], index=list("abc"), columns=list("xyz"))
PEOPLE = pd.DataFrame(
    {
        "respondent": [f"r{number}" for number in range(12)],
        "tenure": ["rent"] * 6 + ["own"] * 6,
        "age": ["old"] * 5 + ["young"] * 7,
    }
)


def test_a_small_cell_is_hidden_with_what_would_give_it_back() -> None:
    protected = disclosure.suppress(TABLE)
    assert pd.isna(protected.table.loc["a", "y"]) and protected.status.loc["a", "y"] == "small"
    assert protected.hidden() == {"small": 1, "secondary": 3, "shown": 12, "cells": 16}
    # what is shown is what was counted
    shown = protected.table.loc[list("abc"), list("xyz")]
    assert (shown.fillna(TABLE) == TABLE).all(axis=None)
    assert protected.table.loc["total", "total"] == TABLE.to_numpy().sum()


def test_a_table_without_small_cells_stays_whole_and_zero_is_no_person() -> None:
    whole = disclosure.suppress(pd.DataFrame([[0, 7], [9, 0]]))
    assert whole.hidden()["small"] == whole.hidden()["secondary"] == 0
    assert whole.table.to_numpy().tolist() == [[0, 7, 7], [9, 0, 9], [9, 7, 16]]


@pytest.mark.parametrize("totals", ["both", "rows", "columns", "none"])
def test_no_hidden_cell_can_be_worked_out_and_no_small_one_is_known_to_be_small(totals: disclosure.Totals) -> None:
    generator = np.random.default_rng(8)
    for _ in range(8):
        rows, columns = generator.integers(1, 5, 2)
        table = pd.DataFrame(generator.poisson(generator.choice([2, 5, 15]), (rows, columns)))
        protected = disclosure.suppress(table, totals=totals)
        ranges = disclosure.feasible_ranges(protected)
        assert (ranges["low"] < ranges["high"]).all(), table
        small = ranges[ranges["status"] == "small"]
        assert (small["high"] >= protected.minimum).all() and (small["low"] < protected.minimum).all(), table
        assert len(ranges) == protected.hidden()["small"] + protected.hidden()["secondary"]


def test_the_check_would_see_a_cell_that_was_hidden_alone() -> None:
    protected = disclosure.suppress(TABLE)
    careless = protected.table.copy()
    values, _ = disclosure._with_totals(TABLE.to_numpy(dtype=float), "both")
    careless.iloc[:, :] = values.astype(int)
    careless.loc["a", "y"] = pd.NA
    status = protected.status.where(careless.isna(), "shown")
    ranges = disclosure.feasible_ranges(disclosure.Protected(careless, status, "both", 5))
    assert ranges[["low", "high"]].to_numpy().tolist() == [[3, 3]]


def test_leaving_out_a_few_of_a_group_is_as_telling_as_a_few() -> None:
    table = pd.DataFrame([[18, 2, 9], [10, 8, 10]], columns=list("xyz"))
    sizes = pd.Series({"x": 20, "y": 20, "z": 20})
    protected = disclosure.suppress(table, totals="rows", sizes=sizes)
    assert protected.status.loc[0, "x"] == "small" and protected.status.loc[0, "y"] == "small"
    ranges = disclosure.feasible_ranges(protected, sizes).set_index(["row", "column"])
    assert ranges.loc[(0, "x"), "low"] <= 15 and ranges.loc[(0, "y"), "high"] >= 5
    with pytest.raises(ValueError, match="larger than its group"):
        disclosure.suppress(table, sizes=pd.Series({"x": 5, "y": 20, "z": 20}))


def test_a_table_of_one_small_number_shows_nothing() -> None:
    alone = disclosure.suppress(pd.DataFrame([[3]]))
    assert alone.table.isna().all(axis=None)
    assert disclosure.suppress(pd.DataFrame()).table.empty or disclosure.suppress(pd.DataFrame()).hidden()["small"] == 0


@pytest.mark.parametrize("table", [pd.DataFrame([[1.5]]), pd.DataFrame([[-1]]), pd.DataFrame([[None]])])
def test_only_counts_can_be_protected(table: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        disclosure.suppress(table)
    with pytest.raises(ValueError, match="2 or more"):
        disclosure.suppress(TABLE, minimum=1)


def test_combinations_of_traits_that_few_share_are_named() -> None:
    table = disclosure.k_anonymity(PEOPLE, ["tenure", "age"])
    assert table[["tenure", "age", "respondents", "below_k"]].to_numpy().tolist() == [
        ["rent", "young", 1, True],
        ["rent", "old", 5, False],
        ["own", "young", 6, False],
    ]
    risky = disclosure.risky_combinations(PEOPLE, ["tenure", "age"])
    assert risky.loc[0, ["attributes", "smallest", "respondents_below"]].tolist() == ["tenure + age", 1, 1]
    assert risky.loc[1:, "respondents_below"].tolist() == [0, 0]
    assert disclosure.k_anonymity(PEOPLE.iloc[:0], ["age"]).empty
    with pytest.raises(KoppelkansError, match="no column 'income'"):
        disclosure.k_anonymity(PEOPLE, ["income"])
