"""The workbook in which coders decide: what is typed in it comes back."""

from __future__ import annotations

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.readers.decisions import read_decisions, write_decisions

TABLE = pd.DataFrame(
    [
        ("d1:0-12:", "gesprek 1", 0, 12, "=1+1 is twee", "kou", "-", "", ""),
        ("d1:13-20:", "gesprek 1", 13, 20, "Eén\x0b dag", "-", "geld > huur", "coder-1", "besproken"),
    ],
    columns=["place", "document", "start", "end", "words", "coder-1", "coder-2", "decision", "remark"],
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "verschillen.xlsx"
    path.write_bytes(write_decisions(TABLE, ["coder-1", "coder-2", "both", "-"]))
    return path


def changed(path: Path, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book.active[cell] = value
    book.save(path)


def test_what_was_written_comes_back_and_words_are_no_formula(file: Path) -> None:
    back = read_decisions(file)
    assert back.drop(columns="words").equals(TABLE.drop(columns="words"))
    assert back["words"].tolist() == ["=1+1 is twee", "Eén dag"]


def test_a_decision_that_was_typed_comes_back(file: Path) -> None:
    changed(file, "H2", " both ")
    assert read_decisions(file)["decision"].tolist() == ["both", "coder-1"]


def test_rows_in_another_order_or_taken_out_do_no_harm(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book.active.delete_rows(2)
    book.save(file)
    assert read_decisions(file)["place"].tolist() == ["d1:13-20:"]


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("A3", "d1:0-12:", "row 3: found the same passage a second time"),
        ("A3", None, "row 3: found a decision without a place"),
        ("H1", "besluit", "no column 'decision'"),
    ],
)
def test_what_was_broken_is_named(file: Path, cell: str, value: object, words: str) -> None:
    changed(file, cell, value)
    with pytest.raises(KoppelkansError, match=words):
        read_decisions(file)


def test_another_workbook_or_file_is_refused(file: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "ander.xlsx")
    with pytest.raises(KoppelkansError, match="no sheet 'passages'"):
        read_decisions(tmp_path / "ander.xlsx")
    (tmp_path / "tekst.xlsx").write_text("geen werkmap", encoding="utf-8")
    with pytest.raises(KoppelkansError, match=r"tekst\.xlsx"):
        read_decisions(tmp_path / "tekst.xlsx")
