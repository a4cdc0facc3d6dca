from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.study.origin import bounds_of_words, carries_origin, origin_of
from koppelkans.study.tables import empty_table


def rows(origin: str) -> pd.DataFrame:
    return pd.DataFrame({"code": ["a", "b", "b"], "origin": origin})


@dataclass(frozen=True)
class Pair:
    first: pd.DataFrame
    second: pd.DataFrame


@carries_origin
def counted(table: pd.DataFrame, other: pd.DataFrame | None = None) -> pd.DataFrame:
    return table.groupby("code").size().rename("n").reset_index()


@carries_origin
def paired(table: pd.DataFrame) -> Pair:
    return Pair(table.drop(columns="origin"), table.groupby("code").size().reset_index())


@bounds_of_words
def bounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(low=1)


@pytest.mark.parametrize("origin", ["published", "collected", "synthetic"])
def test_what_is_computed_from_a_table_carries_its_origin(origin: str) -> None:
    assert origin_of(counted(rows(origin))) == origin
    assert origin_of(counted(counted(rows(origin)))) == origin, "and on, where the column is gone"
    assert origin_of(paired(rows(origin))) == origin


def test_rows_of_different_origins_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="rows of origin collected and synthetic cannot be put together"):
        counted(rows("collected"), rows("synthetic"))
    with pytest.raises(ValueError, match="published and synthetic"):
        counted(pd.concat([rows("published"), rows("synthetic")]))


def test_a_table_without_rows_has_no_say() -> None:
    assert origin_of(counted(rows("collected"), rows("synthetic").head(0))) == "collected"
    assert origin_of(rows("synthetic").head(0), pd.DataFrame()) is None


def test_what_published_words_bound_is_no_published_fact() -> None:
    assert origin_of(bounded(rows("published"))) == "bounds"
    assert origin_of(bounded(rows("synthetic"))) == "synthetic", "made-up words bound made-up people"
    assert origin_of(rows("published"), bounded(rows("published"))) == "bounds"


def test_a_table_that_a_study_lacks_reads_as_one_without_rows() -> None:
    table = empty_table("codings")
    assert table.empty and {"document", "code", "coder", "start", "origin"} <= set(table.columns)
    assert str(table["start"].dtype) == "Int64"
    with pytest.raises(KoppelkansError, match=r"table 'codngs': no study has it.*did you mean 'codings'"):
        empty_table("codngs")
