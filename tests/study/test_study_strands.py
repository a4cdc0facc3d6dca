"""A study names its own strands: what it may write, and what is said where it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.figures.strand_styles import strand_style
from koppelkans.figures.style import BLUE, GREEN, GREY, ORANGE, PURPLE
from koppelkans.study import Study, open_study, parse_yaml
from koppelkans.study.strands import ANSWERS, PRE_STUDY, SMITSVEEN, Strand
from koppelkans.study.tables import fields, validate

PUPILS = {"kind": "interviews", "name": {"nl": "leerlingen", "en": "pupils"}}


def study(root: Path, **more: Any) -> Study:
    raw = root / "data" / "raw" / "school"
    raw.mkdir(parents=True, exist_ok=True)
    (root / "notebooks").mkdir(exist_ok=True)
    for notebook in ("01-sessions", "03-tenants"):
        (root / "notebooks" / f"{notebook}.ipynb").touch()
    settings = {"name": "school", "title": {"nl": "School", "en": "School"}, **more}
    (raw / "study.yml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return open_study("school", root)


def refused(root: Path, **more: Any) -> str:
    with pytest.raises(KoppelkansError) as error:
        study(root, **more)
    return str(error.value)


def test_strands_come_in_the_order_of_the_study_with_their_names(tmp_path: Path) -> None:
    parents = {"kind": "interviews", "name": {"nl": "ouders"}}
    opened = study(tmp_path, strands={"leerlingen": PUPILS, "ouders": parents})
    assert list(opened.strands) == ["leerlingen", "ouders"]
    assert opened.strand_name("leerlingen", "en") == "pupils"
    assert opened.strand_name("ouders", "en") == "ouders", "a name in one language serves both"
    with pytest.raises(KoppelkansError, match=r"'leerling': .* expected one of leerlingen, ouders; did you mean"):
        opened.strand_name("leerling", "en")


def test_a_study_that_names_none_has_those_of_smitsveen(tmp_path: Path) -> None:
    assert study(tmp_path).strands == SMITSVEEN
    assert study(tmp_path).strand_name("tenants", "nl") == "huurders"


@pytest.mark.parametrize(
    ("strands", "expected"),
    [
        ([], "strands: found [], expected a key with kind and name"),
        ({}, "strands: found {}, expected a key with kind and name"),
        ("leerlingen", "strands: found 'leerlingen', expected a key"),
        ({"Leer lingen": PUPILS}, "strands: found 'Leer lingen' as a key, expected small letters, digits and hyphens"),
        ({2021: PUPILS}, "strands: found 2021 as a key"),
        ({"a": None}, "strands, a: found None, expected kind and name"),
        ({"a": {**PUPILS, "kind": "interview"}}, "kind 'interview', expected one of pre-study, evaluation, stories, "),
        ({"a": {**PUPILS, "kind": "interview"}}, "did you mean 'interviews'?"),
        ({"a": {**PUPILS, "kind": ["interviews"]}}, "strands, a: kind ['interviews'], expected one of"),
        ({"a": {"kind": "interviews"}}, "strands, a, name: found None, expected what readers see in en and nl"),
        ({"a": {**PUPILS, "name": {}}}, "strands, a, name: found {}"),
        ({"a": {**PUPILS, "name": {"nl": " "}}}, "strands, a, name: found {'nl': ' '}"),
        ({"a": {**PUPILS, "name": {"de": "Kinder"}}}, "strands, a, name: found {'de': 'Kinder'}"),
        ({"a": {**PUPILS, "names": {}}}, "strands, a: 'names' is not known; expected kind, name; did you mean 'name'?"),
        ({"a": PUPILS, "b": PUPILS}, "strands, b, name: 'leerlingen' is the name of a too"),
    ],
)
def test_what_is_wrong_with_strands_is_named(tmp_path: Path, strands: Any, expected: str) -> None:
    found = refused(tmp_path, strands=strands)
    assert found.startswith("data/raw/school/study.yml, ") and expected in found


def test_a_strand_that_stands_twice_is_refused_and_not_lost() -> None:
    with pytest.raises(KoppelkansError, match=r"study\.yml, line 3: found 'a' a second time, after line 2"):
        parse_yaml("strands:\n  a: {kind: answers}\n  a: {kind: interviews}\n", "study.yml")


def test_field_data_name_a_strand_of_the_study(tmp_path: Path) -> None:
    entry = {"file": "a.qdpx", "kind": "interviews", "strand": "leerling", "origin": "collected"}
    found = refused(tmp_path, strands={"leerlingen": PUPILS}, field_data=[entry])
    assert "a.qdpx: strand 'leerling', expected one of leerlingen; did you mean 'leerlingen'?" in found
    assert "a study names strands of its own under strands:" in refused(tmp_path, field_data=[entry])


def test_people_are_of_a_strand_of_the_study(tmp_path: Path) -> None:
    own = {"strands": {"leerlingen": PUPILS}}
    assert "population: strand 'tenants', expected one of leerlingen" in refused(
        tmp_path, population={"tenants": 3}, **own
    )


def test_a_cell_of_a_table_names_a_strand_of_the_study() -> None:
    table = pd.DataFrame({"respondent": ["R1", "R2"], "strand": ["pupils", "tenants"]}, index=[2, 3])
    assert list(validate(table.head(1), "respondents", strands=["pupils"])["strand"]) == ["pupils"]
    with pytest.raises(InvalidTable) as error:
        validate(table, "respondents", "respondents.csv", ["pupils", "parents"])
    assert error.value.problems == [
        "respondents.csv, row 3, column strand: found 'tenants', expected one of pupils, parents"
    ]
    enum = next(field for field in fields("respondents", ["pupils"]) if field["name"] == "strand")["constraints"][
        "enum"
    ]
    assert enum == ["pupils"]


def test_strands_keep_their_colours_and_ten_look_different() -> None:
    looks = {key: strand_style(SMITSVEEN, key) for key in SMITSVEEN}
    assert looks == {
        "pre-study": (GREY, True),
        "evaluation": (PURPLE, True),
        "change-stories": (GREEN, False),
        "tenants": (ORANGE, True),
        "homeowners": (BLUE, False),
    }
    ten = {key: Strand(key, ANSWERS, {"nl": key}) for key in "abcdefghij"}
    known = {"x": Strand("x", PRE_STUDY, {"nl": "x"}), **ten}
    assert len({strand_style(known, key) for key in known}) == 11
