"""What a user may get wrong in the list `field_data:` of study.yml: one line each, and never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from qda_files import NVIVO, phrases, write

from koppelkans.commands.field import check_field_data
from koppelkans.errors import KoppelkansError
from koppelkans.study import Study, open_study
from koppelkans.workflow.tidy import read_tables

INTERVIEWS = {"file": "a.qdpx", "kind": "interviews", "strand": "tenants", "origin": "collected"}
ANSWERS = {"file": "a.csv", "kind": "answers", "strand": "tenants", "origin": "collected"}
SEGMENTS = {"file": "s.csv", "kind": "interviews", "strand": "tenants", "origin": "collected"}
NO_NAMES: list[Any] = [None, [], ["id"], {}, True, " "]


def study(root: Path, entries: Any, **more: Any) -> Study:
    raw = root / "data" / "raw" / "klein"
    raw.mkdir(parents=True, exist_ok=True)
    (root / "notebooks").mkdir(exist_ok=True)
    write(raw / "a.qdpx", NVIVO, [phrases()])
    (raw / "a.csv").write_text("id;leeftijd;q\n1;34;a\n2;50;b\n3;51;a\n", encoding="utf-8")
    (raw / "s.csv").write_text("Bron;Thema;Fragment\nA;geld;te duur\n", encoding="utf-8")
    settings = {"name": "klein", "title": {"nl": "Klein", "en": "Small"}, "field_data": entries, **more}
    (raw / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return open_study("klein", root)


@pytest.mark.parametrize("key", ["file", "kind", "strand", "origin"])
@pytest.mark.parametrize("value", [None, 5, [], {}, ["a"], True, "/etc/passwd", "a\0b", "../x"])
def test_a_value_that_cannot_be_one_is_named(tmp_path: Path, key: str, value: Any) -> None:
    with pytest.raises(KoppelkansError, match=key) as refused:
        study(tmp_path, [{**INTERVIEWS, key: value}])
    assert "study.yml" in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "key", "values"),
    [
        (SEGMENTS, "coder", NO_NAMES),
        (SEGMENTS, "preset", NO_NAMES),
        (SEGMENTS, "columns", [5, "Thema", ["Thema"], {}, {"code": "Thema", "separator": 5}, {"hierarchy": [">"]}]),
        (ANSWERS, "respondent", NO_NAMES),
        (ANSWERS, "sheet", NO_NAMES),
        (ANSWERS, "attributes", [5, None, True, "leeftijd", [None], [["q"]], ["q", "q"], {"respondent": "q"}]),
        (ANSWERS, "questions", [5, None, "q", ["q"], []]),
        (ANSWERS, "structure", [5, None, [], "../../../../etc/passwd", "/etc/passwd"]),
        (ANSWERS, "coder", ["Anna"]),
        (ANSWERS, "columns", [{"code": "q"}]),
        (INTERVIEWS, "questions", [{"q": {"columns": ["q"]}}]),
    ],
)
def test_an_option_that_cannot_be_one_is_named(tmp_path: Path, entry: dict[str, Any], key: str, values: Any) -> None:
    for value in values:
        with pytest.raises(KoppelkansError, match=key) as refused:
            study(tmp_path, [{**entry, key: value}])
        assert "root:" not in str(refused.value), "nothing of another file is shown"


def test_a_number_names_a_column(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="no column '2021'; expected one of id"):
        read_tables(study(tmp_path, [{**ANSWERS, "respondent": 2021}]))


def test_a_key_of_the_study_with_a_slip_of_the_pen_is_named(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="field_dta: is not known; did you mean 'field_data'"):
        study(tmp_path, None, field_dta=[])


def test_a_file_that_comes_twice_is_refused_by_name_and_by_content(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match=r"a\.qdpx: found the file in entry 1 too"):
        study(tmp_path, [INTERVIEWS, {**INTERVIEWS, "strand": "homeowners"}])
    found = study(tmp_path, [INTERVIEWS, {**INTERVIEWS, "file": "kopie.qdpx", "coder": "Bert"}])
    shutil.copy(found.raw / "a.qdpx", found.raw / "kopie.qdpx")
    with pytest.raises(KoppelkansError, match=r"kopie\.qdpx: holds exactly what a\.qdpx holds"):
        read_tables(found)


def test_a_problem_names_the_file_from_the_study_on_and_no_folder_of_a_computer(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError) as refused:
        read_tables(study(tmp_path, [{**ANSWERS, "file": "weg.csv"}]))
    assert str(refused.value).startswith("data/raw/klein/weg.csv: no such file") and str(tmp_path) not in str(
        refused.value
    )


def test_transcripts_without_a_code_are_a_study_and_what_was_decided_of_their_encoding_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = study(tmp_path, [{**INTERVIEWS, "file": "R1.txt"}])
    (made.raw / "R1.txt").write_bytes("I: Hoe is het?\nR: Naïef, één coöperatie.\n".encode("cp850"))
    tables = check_field_data(made)
    assert "Naïef, één coöperatie." in tables["documents"]["text"].iloc[0] and tables["codes"].empty
    assert "R1.txt: the text is not UTF-8: read as DOS 850" in capsys.readouterr().err
