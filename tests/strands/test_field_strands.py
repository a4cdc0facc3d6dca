"""Field data of several files: the same coder and the same code in every strand, and no names in names of documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from koppelkans.errors import InvalidTable
from koppelkans.readers.project import Project
from koppelkans.readers.refi_qda import write_project
from koppelkans.study import Study, open_study
from koppelkans.workflow.tidy import field_data, read_tables


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


def study_of(root: Path, entries: list[dict[str, Any]]) -> Study:
    of = {"origin": "collected"}
    settings = {"name": "klein", "title": {"nl": "Klein", "en": "Small"}, "field_data": [{**of, **e} for e in entries]}
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "data" / "raw" / "klein" / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return open_study("klein", root)


def interview(file: str, **more: Any) -> dict[str, Any]:
    return {"file": file, "kind": "interviews", "strand": "tenants", **more}


def test_a_second_file_of_one_coder_with_the_same_documents_is_refused_and_not_lost(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "klein"
    first = small_project("Anna", "R1", "geld")
    write_project(first, raw / "a.qdpx")
    write_project(small_project("Anna", "R1", "warmte"), raw / "b.qdpx")
    study = study_of(tmp_path, [interview("a.qdpx", coder="Anna"), interview("b.qdpx", coder="Anna")])
    with pytest.raises(InvalidTable, match="two files of the same coder hold the same documents") as refused:
        read_tables(study)
    assert "Anna" not in str(refused.value)
    write_project(replace(first, codings=first.codings.assign(start=0)), raw / "b.qdpx")
    study = study_of(tmp_path, [interview("a.qdpx"), interview("b.qdpx")])
    assert any("counts as another coder" in line for r in field_data(study).reports.values() for line in r["warnings"])


def test_documents_of_the_same_name_with_other_texts_are_other_documents(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "klein"
    for file, words in (("a.csv", "te duur"), ("b.csv", "te koud")):
        raw.mkdir(parents=True, exist_ok=True)
        (raw / file).write_text(f"Document;Code;Segment;Begin;End\ngesprek 1;geld;{words};0;7\n", encoding="utf-8")
    own = {"document": "Document", "code": "Code", "text": "Segment", "start": "Begin", "end": "End"}
    study = study_of(tmp_path, [interview(file, coder=file, columns=own) for file in ("a.csv", "b.csv")])
    assert read_tables(study)["documents"]["text"].tolist() == ["te duur", "te koud"]
    assert any("other documents" in line for r in field_data(study).reports.values() for line in r["warnings"])


def test_files_that_a_third_one_joins_are_one_group(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "klein"
    first, second = (small_project(coder, person, "geld") for coder, person in (("Anna", "R1"), ("Bert", "R2")))
    both = small_project("Cleo", "R1", "geld")
    key = "0d0f6c1e-3a5b-5b7e-8c55-7b1f0c9f2f4a"
    second.documents["document"] = second.codings["document"] = key
    both = replace(both, documents=pd.concat([both.documents, second.documents], ignore_index=True))
    for file, project in (("a.qdpx", first), ("b.qdpx", second), ("c.qdpx", both)):
        write_project(project, raw / file)
    found = read_tables(study_of(tmp_path, [interview(file) for file in ("a.qdpx", "b.qdpx", "c.qdpx")]))
    assert len(found["documents"]) == 2 and len(found["codings"]) == 3


def answers_of(root: Path, **files: str) -> Study:
    raw = root / "data" / "raw" / "klein"
    raw.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (raw / f"{name}.csv").write_text(text, encoding="utf-8")
    return study_of(root, [{"file": f"{name}.csv", "kind": "answers", "strand": name} for name in files])


def test_people_who_are_numbered_by_their_row_are_others_in_each_file(tmp_path: Path) -> None:
    table = "warm;koud\nja;nee\nnee;ja\nja;ja\nnee;nee\n"
    tables = read_tables(answers_of(tmp_path, tenants=table, homeowners=table.replace("warm", "heet")))
    assert tables["respondents"]["respondent"].nunique() == 8


def test_the_report_counts_who_is_in_interviews_and_answers_and_doubts_equal_numbers(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "klein"
    write_project(small_project("Anna", "R1", "geld"), raw / "a.qdpx")
    (raw / "b.csv").write_text("id;warm\nR01;ja\nR02;nee\nR03;ja\n", encoding="utf-8")
    answers = {"file": "b.csv", "kind": "answers", "strand": "tenants"}
    report = field_data(study_of(tmp_path, [interview("a.qdpx"), answers])).reports["respondents"]
    assert {part: count["read"] for part, count in report["counts"].items()} == {
        "in interviews": 1, "in answers": 3, "in both": 0,
    }  # fmt: skip
    assert any("written in the same way" in line for line in report["warnings"])
    table = "id;warm\n1;ja\n2;nee\n3;ja\n"
    report = field_data(answers_of(tmp_path, tenants=table, homeowners=table.replace("warm", "koud"))).reports
    assert report["respondents"]["warnings"][0].startswith("3 respondents are both tenants and homeowners")
