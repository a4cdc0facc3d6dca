"""`make compare`: from raw tables to a report of several studies, and the notebook of it that no single study runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import ROOT, Run

from koppelkans.study import open_study
from koppelkans.workflow.jobs import jobs_of
from koppelkans.workflow.notebooks import all_notebooks, every_notebook

pytestmark = pytest.mark.slow


@pytest.fixture
def wijken(tmp_path: Path) -> Path:
    """A compendium of two studies with a programme each, and the notebook that compares them."""
    for name, origin in (("berg", "synthetic"), ("dal", "collected")):
        raw = tmp_path / "data" / "raw" / name
        raw.mkdir(parents=True)
        shutil.copy(ROOT / "data" / "raw" / "voorbeeldwijk" / "sessions.csv", raw)
        (raw / "study.yml").write_text(
            f"name: {name}\ntitle: Wijk {name}\ntables:\n  sessions: {{file: sessions.csv, origin: {origin}}}\n",
            encoding="utf-8",
        )
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "08-neighbourhoods.ipynb", tmp_path / "notebooks")
    shutil.copytree(ROOT / "paper", tmp_path / "paper")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src").symlink_to(ROOT / "src")
    return tmp_path


def test_two_studies_are_compared_in_both_languages_and_only_once(wijken: Path, run: Run) -> None:
    done = run(wijken, "compare", "berg dal", QUARTO="no")
    assert done.returncode == 0, done.stderr
    for language, mark, title in (
        ("nl", "Herkomst: veldgegevens, synthetische gegevens", "Wat niet vergelijkbaar is"),
        ("en", "Origin: field data, synthetic data", "What is not comparable"),
    ):
        page = (wijken / "build" / "comparison" / language / "report" / "index.html").read_text("utf-8")
        assert mark in page
        assert title in page
        assert "Berg°" in page
        assert "Dal" in page
    again = run(wijken, "compare", "dal", "berg", QUARTO="no")
    assert "Everything is fresh" in again.stdout
    settings = wijken / "data" / "raw" / "dal" / "study.yml"
    settings.write_text(settings.read_text("utf-8") + "report: paper\n", "utf-8")
    working = run(wijken, "compare", "berg", "dal", QUARTO="no", VIEW="working")
    assert working.returncode == 0, working.stderr
    page = (wijken / "build" / "comparison" / "working" / "nl" / "report" / "index.html").read_text("utf-8")
    assert "NIET DELEN" in page
    alone = run(wijken, "compare", "berg", QUARTO="no")
    assert alone.returncode == 1
    assert "found 1, expected two or more studies to compare" in alone.stderr


def test_the_notebook_of_a_comparison_is_run_for_no_study_by_itself() -> None:
    assert [notebook.name for notebook in every_notebook(ROOT) if notebook.compares] == ["08-neighbourhoods"]
    files = all_notebooks(ROOT)
    assert not any(job.notebook.compares for job in jobs_of(open_study("voorbeeldwijk", ROOT), files))
