from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import qda_files
from conftest import Run
from pandas.testing import assert_frame_equal
from qda_files import NVIVO, PHRASES, phrases
from test_refi_qda_round_trip import TABLES, after_xml, assert_same, case_xml

from koppelkans.readers import read_project
from koppelkans.readers.project_tables import project_from_tables
from koppelkans.study import open_study
from koppelkans.workflow.exporting import export
from koppelkans.workflow.tidy import write_tables

pytestmark = pytest.mark.slow


def study_with_interviews(small: Path) -> Path:
    """Give the study `klein` a coded project, and the tables that were made of it."""
    raw, processed = small / "data" / "raw" / "klein", small / "data" / "processed" / "klein"
    processed.mkdir(parents=True)
    qda_files.write(raw / "gesprekken.qdpx", NVIVO, [phrases(), phrases()], after=after_xml(NVIVO))
    with (raw / "study.yml").open("a", encoding="utf-8") as study:
        study.write("field_data:\n  - {file: gesprekken.qdpx, kind: interviews, strand: tenants, origin: collected}\n")
    project = read_project(raw / "gesprekken.qdpx")
    for table in TABLES:
        getattr(project, table).to_csv(processed / f"{table}.csv", index=False, lineterminator="\n")
    return raw / "gesprekken.qdpx"


def test_the_interviews_of_a_study_go_back_to_other_programs(small: Path, run: Run) -> None:
    raw = study_with_interviews(small)
    done = run(small, "export", "klein", "--to", "uit/klein.qdpx")
    assert done.returncode == 0, done.stderr
    assert f"2 documents, 7 codes, {2 * len(PHRASES)} codings" in done.stdout
    assert "1 notes, 1 links, 1 sets, 1 graphs" in done.stdout
    back = read_project(small / "uit" / "klein.qdpx")
    assert_same(back, read_project(raw))
    assert back.report["kept"] == {"notes": 1, "links": 1, "sets": 1, "graphs": 1}
    done = run(small, "export", "klein", "--to", "klein.qdc")
    assert done.returncode == 0 and "7 codes" in done.stdout
    assert len(read_project(small / "klein.qdc").codes) == 7


def test_a_study_without_interviews_is_told_what_to_do(small: Path, run: Run) -> None:
    done = run(small, "export", "klein", "--to", "klein.qdpx")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "no documents.csv" in done.stderr and not (small / "klein.qdpx").exists()


def test_after_make_tables_the_export_reads_back_as_the_same_interviews(small: Path) -> None:
    raw = small / "data" / "raw" / "klein"
    qda_files.write(raw / "gesprekken.qdpx", NVIVO, [phrases(), phrases()], before=case_xml(NVIVO))
    (raw / "enquete.csv").write_text("respondent;leeftijd;warm\nR01;34;ja\nR77;50;nee\n", encoding="utf-8")
    with (raw / "study.yml").open("a", encoding="utf-8") as settings:
        settings.write(
            "field_data:\n  - {file: gesprekken.qdpx, kind: interviews, strand: tenants, origin: collected}\n"
            "  - {file: enquete.csv, kind: answers, strand: tenants, origin: collected, attributes: [leeftijd]}\n"
        )
    study = open_study("klein", small)
    write_tables(study)
    lines = export(study, small / "klein.qdpx")
    there, back = project_from_tables(study.processed), read_project(small / "klein.qdpx")
    named = dict(zip(back.coders["coder"], back.coders["name"], strict=True))
    back = replace(back, codings=back.codings.assign(coder=back.codings["coder"].map(named)))
    for table in ("documents", "codes", "codings"):
        assert len(getattr(back, table)), table
        assert_frame_equal(getattr(back, table), getattr(there, table), check_dtype=False)
    assert "R77" not in set(back.respondents["respondent"]), "who only gave answers is no case"
    wide = back.respondents.set_index("respondent")
    long = study.table("attributes").set_index(["respondent", "attribute"])["value"]
    assert {(who, name) for who, name in long.index if who != "R77"} and "strand" not in wide
    for who, name in long.index:
        assert who == "R77" or wide.loc[who, name] == long[who, name]
    assert f"{len(wide)} respondents" in lines[0]


def test_nothing_is_exported_among_the_raw_files(small: Path, run: Run) -> None:
    raw = study_with_interviews(small)
    before = raw.read_bytes()
    done = run(small, "export", "klein", "--to", str(raw))
    assert done.returncode == 1 and "raw files, which are never changed" in done.stderr and raw.read_bytes() == before
