"""Two views of one study: what may be given to others, and what its makers work with."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, Run
from school_study import write_school

from koppelkans.errors import KoppelkansError
from koppelkans.figures import exhibits, field
from koppelkans.locale import LANGUAGES, words
from koppelkans.report import neighbourhood
from koppelkans.study import open_study
from koppelkans.study.views import VARIABLE


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A compendium with a study of collected data that hides groups of fewer than five and gives no quotes."""
    (tmp_path / "notebooks").mkdir()
    write_school(tmp_path)
    path = tmp_path / "data" / "raw" / "school" / "study.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("minimum_cell: 1", "minimum_cell: 5").replace("quotes: true", "quotes: false"), encoding="utf-8"
    )
    return tmp_path


def test_the_working_view_hides_nothing_and_stands_in_a_folder_of_its_own(
    school: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = open_study("school", school)
    monkeypatch.setenv(VARIABLE, "working")
    working = open_study("school", school)
    assert (published.minimum_cell, published.quotes_allowed) == (5, False)
    assert (working.minimum_cell, working.quotes_allowed) == (1, True)
    assert working.edition("nl") != published.edition("nl")
    assert working.edition("nl").is_relative_to(school / "build")  # which git ignores


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_image_table_and_page_of_the_working_view_is_marked(
    school: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    talks = pd.DataFrame({"talk": ["a", "b"], "strand": "ouders", "turns": 3, "words": [20, 30], "interviewer": [5, 9],
                          "respondent": [15, 21], "unknown": 0, "minutes": pd.NA, "origin": "collected"})  # fmt: skip
    mark = words(language).gettext("NOT FOR SHARING")
    numbers = {f"field_{key}": {"value": 2, "text": "2"} for key in
               ("talks", "words", "turns", "shortest", "longest", "respondents_share", "minutes")}  # fmt: skip

    def shown() -> tuple[bool, bool, bool]:
        study = open_study("school", school, language=language)
        show = exhibits(study)
        figure = show("fig-field-talks", field.talks(talks), **numbers)
        table = show("tbl-field-own", talks, caption="Talks.", alt="A table.")
        about = neighbourhood.About("school", "School", ("x",), (), "collected", 1, (), working=study.view == "working")
        pages = [
            make(about, [], language) for make in (neighbourhood.report, neighbourhood.dossier, neighbourhood.brief)
        ]
        assert figure and table
        return "origin-synthetic" in figure.svg, mark in table.caption, all(mark in page for page in pages)

    assert shown() == (False, False, False)
    monkeypatch.setenv(VARIABLE, "working")
    assert shown() == (True, True, True)


def test_another_view_and_one_of_a_publication_are_refused(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "werk")
    with pytest.raises(KoppelkansError, match="VIEW=werk: expected one of publication, working"):
        open_study("school", school)
    monkeypatch.setenv(VARIABLE, "working")
    with pytest.raises(KoppelkansError, match="smitsveen has a text in paper/"):
        open_study("smitsveen", ROOT)


def test_the_working_view_is_not_released(school: Path, run: Run) -> None:
    (school / "src").symlink_to(ROOT / "src")
    done = run(school, "release", "school", VIEW="working")
    assert done.returncode == 1 and "VIEW=working: in this view nothing is hidden" in done.stderr
