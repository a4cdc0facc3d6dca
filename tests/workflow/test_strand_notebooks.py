"""The notebooks of a study with strands of its own: which there are, and that they say what the study says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from school_study import STRANDS, write_school

from koppelkans.errors import KoppelkansError
from koppelkans.figures import showing
from koppelkans.figures.exhibit import Exhibit
from koppelkans.study import Study, open_study
from koppelkans.workflow.jobs import NotebookJob, jobs_of
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.strand_notebooks import content_of
from koppelkans.workflow.tidy import write_tables

pytestmark = pytest.mark.slow

OF_SMITSVEEN = re.compile("huurders|tenants|woningeigenaren|homeowners", re.IGNORECASE)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("school")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    write_school(root)
    study = open_study("school", root)
    write_tables(study)
    return study


def changed(study: Study, root: Path, **settings: Any) -> Study:
    """Return the study with other settings, in another folder."""
    shutil.copytree(study.root / "notebooks", root / "notebooks")
    shutil.copytree(study.raw, root / "data" / "raw" / study.name)
    path = root / "data" / "raw" / study.name / "study.yml"
    path.write_text(yaml.safe_dump(study.settings | settings, sort_keys=False), encoding="utf-8")
    return open_study(study.name, root)


def runs(study: Study, language: str = "nl") -> dict[str, NotebookJob]:
    jobs = jobs_of(study, all_notebooks(study.root))
    return {job.notebook.name: job for job in jobs if job.language == language}


def test_every_strand_with_interviews_has_a_notebook_of_its_name(school: Study) -> None:
    jobs = runs(school)
    assert [name for name in jobs if name[:2] in ("03", "04")] == ["03-leerlingen", "03-mentoren-1", "04-ouders"]
    shown = {job.notebook.strand for job in jobs.values() if job.notebook.strand in STRANDS}
    assert shown == set(STRANDS) - {"docenten"}, "answers of all strands stand in notebook 05"
    assert "fig-field-mentoren-1-codes" in jobs["03-mentoren-1"].labels
    assert "fig-field-ouders-contrast" in jobs["04-ouders"].labels
    labels = [label for job in jobs.values() for label in job.labels]
    assert len(labels) == len(set(labels))


def test_smitsveen_has_its_notebooks_as_they_stand() -> None:
    study = open_study("smitsveen", ROOT)
    files = all_notebooks(ROOT)
    assert [job.notebook for job in jobs_of(study, files) if job.language == "nl"] == files[
        1:-2
    ]  # without field data there are no talks, and nothing to hold expectations against


def test_a_notebook_is_headed_by_the_name_of_the_strand(school: Study) -> None:
    for language, heading in (("nl", "# 3. Mentoren"), ("en", "# 3. Mentors")):
        assert runs(school, language)["03-mentoren-1"].notebook.markdown[0] == heading
    assert runs(school, "en")["04-ouders"].notebook.markdown[0] == "# 4. Ouders"


def test_settings_choose_the_strand_and_go_to_the_run_of_that_name(school: Study, tmp_path: Path) -> None:
    chosen = {"03-tenants": {"strand": "mentoren-1", "base": 3}, "03-ouders": {"base": 2}}
    jobs = runs(changed(school, tmp_path, parameters=chosen))
    assert [name for name in jobs if name[:2] in ("03", "04")] == ["03-mentoren-1", "03-ouders", "04-leerlingen"]
    assert jobs["03-mentoren-1"].parameters["base"] == 3
    assert jobs["03-mentoren-1"].parameters["strand"] == "mentoren-1"
    assert jobs["03-ouders"].parameters["base"] == 2
    assert "strand" not in jobs["03-ouders"].parameters


def test_a_key_that_makes_two_figures_of_one_name_is_refused(school: Study, tmp_path: Path) -> None:
    strands = {"effects": {"kind": "interviews", "name": {"nl": "gevolgen"}}}
    with pytest.raises(KoppelkansError, match="strands, effects: its figures would have the names of those of 02"):
        runs(changed(school, tmp_path, strands=strands, field_data=[], links=[]))


def test_no_figure_caption_or_number_has_the_words_of_another_study(
    school: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(school.root / "notebooks")
    monkeypatch.setattr(showing, "svg_of", lambda figure: "")  # laid out, but not written: that takes three quarters
    monkeypatch.setattr(showing, "png_of", lambda *_: b"")
    captions = {}
    for name, job in runs(school).items():
        cells = [cell for cell in content_of(job.notebook)["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
        text = "\n".join([*sources, *job.notebook.markdown])
        assert not OF_SMITSVEEN.search(text), f"{name}: {OF_SMITSVEEN.search(text)}"
        names: dict[str, Any] = {"display": lambda shown: None}
        for number, source in enumerate(sources):
            if number == 1:
                names |= job.parameters
            shown = executed(source, names)
            if isinstance(shown, Exhibit):
                captions[shown.label] = shown.caption
                for part in ("caption", "alt", "data", "long", "markdown"):
                    assert not OF_SMITSVEEN.search(getattr(shown, part)), f"{shown.label}, {part}"
    assert captions["fig-field-mentoren-1-codes"].startswith("Mentoren. ")
    assert "ouders naast leerlingen" in captions["fig-field-ouders-contrast"]
    results = sorted((school.edition("nl") / "results").glob("*.json"))
    assert [path.stem for path in results] == sorted(runs(school))
    assert not any(OF_SMITSVEEN.search(path.read_text(encoding="utf-8")) for path in results)


def executed(source: str, names: dict[str, Any]) -> Any:
    """Run a cell and return what its last line gives."""
    import ast

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None
