"""`koppelkans disagreements`: what it writes, keeps, counts and refuses."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest

from koppelkans.commands import coders
from koppelkans.errors import KoppelkansError
from koppelkans.strands import coded


@pytest.fixture
def two_coders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A study of one interview of three sentences, on the second of which two coders differ."""
    text = "Het is koud. De huur is hoog. Dat was het."
    documents = pd.DataFrame([("d1", "tenants", "", "gesprek", text, len(text), "synthetic")])
    documents.columns = pd.Index(["document", "strand", "respondent", "name", "text", "n_characters", "origin"])
    rows = [(0, "a", "A", 0, 12), (1, "a", "B", 0, 12), (2, "b", "A", 13, 29), (3, "a", "B", 13, 29)]
    codings = pd.DataFrame(rows, columns=["coding", "code", "coder", "start", "end"])
    codings = codings.assign(document="d1", text="", origin="synthetic")
    codes = pd.DataFrame({"code": ["a", "b"], "name": ["kou", "huur"], "parent": "", "path": ["kou", "huur"]})
    codes = codes.assign(description="", origin="synthetic")
    held = coded.of_strand(documents, codes, codings, pd.DataFrame(), "tenants", 1)
    monkeypatch.setattr(coded, "by_strand", lambda study: {"tenants": held})
    monkeypatch.setattr(coders, "open_study", lambda name: SimpleNamespace(name=name))


@pytest.mark.usefixtures("two_coders")
def test_decisions_are_kept_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "verschillen.xlsx"
    coders.disagreements("klein", file)
    assert "Decided: 0; still to decide: 1." in capsys.readouterr().out
    book = openpyxl.load_workbook(file)
    head = [cell.value for cell in book.active[1]]
    assert head == ["place", "document", "start", "end", "words", "A", "B", "decision", "remark"]
    assert [cell.value for cell in book.active[2]][4:7] == ["De huur is hoog.", "huur", "kou"]
    book.active["H2"] = "A"
    book.save(file)
    coders.disagreements("klein", file)
    said = capsys.readouterr().out
    assert "Decided: 1 (A 1); still to decide: 0." in said and "to 1.00" in said
    assert openpyxl.load_workbook(file).active["H2"].value == "A"


@pytest.mark.usefixtures("two_coders")
def test_a_decision_about_what_is_not_there_any_more_is_named_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "verschillen.xlsx"
    coders.disagreements("klein", file)
    book = openpyxl.load_workbook(file)
    book.active["A2"], book.active["B2"], book.active["H2"] = "gesprek 9:13-29:De huur is hoog.", "gesprek 9", "A"
    book.save(file)
    capsys.readouterr()
    coders.disagreements("klein", file)
    said = capsys.readouterr()
    assert "Decided: 0; still to decide: 1." in said.out
    assert "decision 'A' is not taken over: gesprek 9 has no passage 'De huur is hoog.'" in said.err
    assert [row[7] for row in openpyxl.load_workbook(file).active.values] == ["decision", None, "A"]


@pytest.mark.usefixtures("two_coders")
def test_a_decision_that_is_none_leaves_the_workbook_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "verschillen.xlsx"
    coders.disagreements("klein", file)
    book = openpyxl.load_workbook(file)
    book.active["H2"] = "huurr"
    book.save(file)
    before = file.read_bytes()
    with pytest.raises(KoppelkansError, match=r"decision 'huurr'.*did you mean 'huur'"):
        coders.disagreements("klein", file)
    assert file.read_bytes() == before


@pytest.mark.usefixtures("two_coders")
@pytest.mark.parametrize(("to", "words"), [("x.csv", "expected a workbook"), ("data/raw/klein/x.xlsx", "raw files")])
def test_another_kind_of_file_and_the_raw_folder_are_refused(tmp_path: Path, to: str, words: str) -> None:
    with pytest.raises(KoppelkansError, match=words):
        coders.disagreements("klein", tmp_path / to)
