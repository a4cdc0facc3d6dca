"""One person is taken out of a study, whatever the file, and what could not be reached is listed."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.answers import read_answers
from koppelkans.review.forgetting import forget
from koppelkans.review.taking_out import CHANGES
from koppelkans.study import Study, open_study

WHO = "huurder-0003"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Voorbeeldwijk as raw files, with a build and something that forgetting does not reach."""
    raw = shutil.copytree(ROOT / "data" / "raw" / "voorbeeldwijk", tmp_path / "data" / "raw" / "voorbeeldwijk")
    (tmp_path / "notebooks").mkdir()
    for folder in ("build/voorbeeldwijk/en/results", "data/processed/voorbeeldwijk"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.json").write_text(WHO, encoding="utf-8")
    (raw / "notes.txt").write_text(f"gesproken met {WHO}", encoding="utf-8")
    return open_study("voorbeeldwijk", tmp_path)


def test_a_person_is_taken_out_and_the_others_stay(study: Study) -> None:
    project, answers = study.raw / "interviews" / "huurders-coder-a.qdpx", study.raw / "answers" / "huurders.xlsx"
    before, people = read_project(project), list(read_answers(answers).respondents["respondent"])
    done = forget(study, WHO)
    after = read_project(project)
    assert set(before.documents["respondent"]) - set(after.documents["respondent"]) == {WHO}
    gone = set(before.documents.loc[before.documents["respondent"] == WHO, "document"])
    kept = before.codings[~before.codings["document"].isin(gone)]
    assert after.codings["text"].tolist() == kept["text"].tolist() and len(kept) < len(before.codings)
    assert [one for one in people if one != WHO] == list(read_answers(answers).respondents["respondent"])
    assert not study.processed.exists() and not (study.root / "build" / "voorbeeldwijk").exists()
    raw = [path for path in study.raw.rglob("*") if path.is_file()]
    holding = {path.relative_to(study.root).as_posix() for path in raw if WHO.encode() in path.read_bytes()}
    assert {f"{name}: still names the person" for name in holding} <= set(done.left)
    assert "data/raw/voorbeeldwijk/notes.txt" in holding and any("backups" in line for line in done.left)


def test_who_is_not_there_is_named(study: Study) -> None:
    with pytest.raises(KoppelkansError, match="voorbeeldwijk: no respondent 'huurder-9999' in its field data"):
        forget(study, "huurder-9999")


def test_rows_leave_an_spss_file_whose_questions_and_labels_stay(tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "data" / "raw" / "voorbeeldwijk" / "answers" / "woningeigenaren.sav", tmp_path))
    before = read_answers(path)
    *others, who = list(before.respondents["respondent"])
    assert CHANGES[".sav"](path, {who}, [*others, who])
    after = read_answers(path)
    assert list(after.respondents["respondent"]) == others and [*tmp_path.iterdir()] == [path]
    for name in ("questions", "options"):
        pd.testing.assert_frame_equal(getattr(after, name), getattr(before, name))
    kept = before.answers[before.answers["respondent"] != who].reset_index(drop=True)
    pd.testing.assert_frame_equal(after.answers.reset_index(drop=True), kept)


def test_sources_leave_a_project_that_was_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(ROOT / "data" / "raw" / "voorbeeldwijk" / "interviews" / "huurders-coder-a.qdpx") as archive:
        archive.extractall(tmp_path)
    path = next(tmp_path.glob("*.qde"))
    before = read_project(path).documents
    files = len([*tmp_path.rglob("*.*")])
    assert CHANGES[".qde"](path, {WHO}, list(before["respondent"]))
    assert set(before["respondent"]) - set(read_project(path).documents["respondent"]) == {WHO}
    assert len([*tmp_path.rglob("*.*")]) < files and WHO.encode() not in path.read_bytes()


def test_nobody_is_not_everybody_without_a_name(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw" / "wijk"
    raw.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (raw / "study.yml").write_text(
        "name: wijk\ntitle: W\norigin: collected\nstrands:\n  buren: {kind: interviews, name: {nl: buren, en: buren}}\n"
        "field_data:\n  - {file: a.csv, kind: interviews, strand: buren, origin: collected}\n",
        encoding="utf-8",
    )
    (raw / "a.csv").write_text("document;code;text\ngesprek 1;kou;het is koud\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match="no respondent given"):
        forget(open_study("wijk", tmp_path), "")
    assert (raw / "a.csv").exists()
