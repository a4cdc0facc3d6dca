from __future__ import annotations

from pathlib import Path

import qda_files
from conftest import Run
from qda_files import NVIVO, PHRASES, phrases
from test_refi_qda_round_trip import TABLES, after_xml, assert_same

from koppelkans.readers import read_project


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
