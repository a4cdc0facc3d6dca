"""The raw evidence of Smitsveen: what it must hold, whatever happens to the code."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from koppelkans.study import Study, open_study
from koppelkans.study.checksums import changed_raw_files
from koppelkans.study.schemas import SCHEMAS
from koppelkans.workflow.tidy import read_tables


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    return open_study("smitsveen", root)


@pytest.fixture(scope="module")
def tables(study: Study) -> dict[str, pd.DataFrame]:
    return read_tables(study)


def test_no_raw_file_differs_from_its_checksum(study: Study) -> None:
    assert (study.raw / "SHA256SUMS").exists()
    assert changed_raw_files(study.raw) == []


def test_every_table_is_there_and_published(study: Study) -> None:
    assert set(study.tables) == set(SCHEMAS)
    assert {entry["origin"] for entry in study.tables.values()} == {"published"}


def test_the_programme_has_its_sessions_and_items(tables: dict[str, pd.DataFrame]) -> None:
    items = tables["sessions"]
    assert items["session"].nunique() == 12
    assert items["kind"].value_counts().to_dict() == {"theme": 18, "work_form": 15, "outcome": 14}


def test_all_statements_are_there_with_an_anchor(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"]
    assert len(claims) == 580 and claims["id"].is_unique
    assert (claims["anchor"].str.split().str.len() >= 2).all()
    assert claims["core"].sum() == 295


def test_quantifiers_and_discrepancies_are_complete(tables: dict[str, pd.DataFrame]) -> None:
    assert sorted(tables["quantifiers"]["id"]) == [f"Q-{n:02d}" for n in range(1, 71)]
    assert {"D-01", "D-20", "D-40", "D-60", "D-84"} <= set(tables["discrepancies"]["id"])


def test_only_story_seven_is_whole(tables: dict[str, pd.DataFrame]) -> None:
    whole = tables["change_stories"].groupby("story")["in_source"].agg(lambda boxes: (boxes == "yes").all())
    assert whole.to_dict() == {5: False, 6: False, 7: True, 8: False}


def test_what_is_not_in_the_text_has_no_text(tables: dict[str, pd.DataFrame]) -> None:
    silent = tables["change_stories"].query("in_source == 'no'")
    assert len(silent) == 12 and (silent["text_nl"] == "").all() and (silent["text_en"] == "").all()


def test_photographs_are_said_not_to_be_reproducible(tables: dict[str, pd.DataFrame]) -> None:
    exhibits = tables["exhibits"].set_index("exhibit")
    assert set(exhibits.index[exhibits["reproducible"] == "no"]) == {"figure-1", "figure-4"}


def test_the_data_dictionary_describes_every_column_as_the_schemas_have_it(study: Study) -> None:
    package = json.loads((study.raw / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["name"]: resource["schema"]["fields"] for resource in package["resources"]}
    for name, schema in SCHEMAS.items():
        assert [field["name"] for field in described[name]] == list(schema.columns), name
        assert all(field.get("description") for field in described[name]), name
        for field in described[name]:
            allowed = schema.columns[field["name"]].enum
            told = field.get("constraints", {}).get("enum")
            if allowed and told:
                assert set(map(str, told)) <= set(allowed), f"{name}.{field['name']}"


@pytest.mark.parametrize("folder", ["raw", "processed"])
def test_the_data_packages_are_valid(folder: str, study: Study) -> None:
    frictionless = pytest.importorskip("frictionless")
    from koppelkans.workflow.tidy import write_tables

    write_tables(study)
    report = frictionless.validate(str(getattr(study, folder) / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:5]


def test_code_never_writes_raw_data(study: Study) -> None:
    before = {path: path.stat().st_mtime_ns for path in study.raw.iterdir()}
    read_tables(study)
    assert {path: path.stat().st_mtime_ns for path in study.raw.iterdir()} == before


def test_study_yml_reads_as_people_wrote_it(study: Study) -> None:
    settings = yaml.safe_load((study.raw / "study.yml").read_text(encoding="utf-8"))
    assert settings["name"] == "smitsveen" and set(settings["title"]) == {"nl", "en"}
