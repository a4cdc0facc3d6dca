"""Field data of several files: the same coder and the same code in every strand, and no names in names of documents."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from koppelkans.pipeline.tidy import read_tables
from koppelkans.readers.project import Project
from koppelkans.readers.refi_qda import write_project
from koppelkans.study import open_study


def small_project(coder: str, person: str, words: str) -> Project:
    """One interview with one coding."""
    text = f"Dit gaat over {words}."
    start = text.index(words)
    return Project(
        pd.DataFrame(
            [("d1", f"Interview {person}", person, "text", text, True, len(text))],
            columns=["document", "name", "respondent", "kind", "text", "has_text", "n_characters"],
        ),
        pd.DataFrame(
            [("c1", "geld", "", "geld", "", True)],
            columns=["code", "name", "parent", "path", "description", "is_codable"],
        ),
        pd.DataFrame(
            [("k1", "d1", "c1", coder, start, start + len(words), "", words)],
            columns=["coding", "document", "code", "coder", "start", "end", "place", "text"],
        ).astype({"start": "Int64", "end": "Int64"}),
        pd.DataFrame({"respondent": [person]}),
        pd.DataFrame({"coder": [coder], "name": [coder]}),
    )


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, pd.DataFrame]:
    raw = tmp_path / "data" / "raw" / "klein"
    (tmp_path / "notebooks").mkdir()
    entries = []
    for strand, person in (("tenants", "İlker"), ("homeowners", "Ann-Marie Ann")):
        for coder in ("Anna", "Bert"):
            file = f"{strand}-{coder}.qdpx"
            write_project(small_project(coder, person, "geld"), raw / file)
            entries.append({"file": file, "kind": "interviews", "strand": strand, "origin": "collected"})
    settings = {"name": "klein", "title": {"nl": "Klein", "en": "Small"}, "tables": {}, "field_data": entries}
    (raw / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return read_tables(open_study("klein", tmp_path))


def test_a_coder_is_the_same_one_in_every_strand(tables: dict[str, pd.DataFrame]) -> None:
    coders = tables["codings"].groupby("document")["coder"].agg(set)
    assert coders.tolist() == [{"coder-01", "coder-02"}] * 2


def test_a_code_is_the_same_one_in_every_strand(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["codes"]["name"].tolist() == ["geld"]
    assert set(tables["codings"]["code"]) == set(tables["codes"]["code"])


def test_documents_and_codings_of_two_strands_stay_apart(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["documents"]["document"].nunique() == 2 and tables["codings"]["coding"].nunique() == 4


def test_names_of_documents_hold_no_names_of_people(tables: dict[str, pd.DataFrame]) -> None:
    assert sorted(tables["documents"]["name"]) == ["Interview R01", "Interview R02"]
