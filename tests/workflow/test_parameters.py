"""What study.yml sets for notebooks: every fault is listed, before anything is made."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import PARAMETERS, ROOT, Run, notebook_file
from school_study import write_school

from koppelkans.errors import KoppelkansError
from koppelkans.study import Study, injected, open_study
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.parameters import parameter_problems
from koppelkans.workflow.tidy import read_tables

AT = "data/raw/school/study.yml, parameters, "


@cache
def school_tables(root: Path) -> Mapping[str, pd.DataFrame]:
    return read_tables(open_study("school", root))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("school")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    write_school(root)
    return open_study("school", root)


def problems(study: Study, parameters: dict[str, Any]) -> list[str]:
    changed = dataclasses.replace(study, parameters=parameters)
    return parameter_problems(changed, all_notebooks(ROOT), lambda: school_tables(study.root))


@pytest.mark.parametrize(
    ("notebook", "name", "value", "expected"),
    [
        ("05-preferences", "group_bye", "a", ": unknown parameter 'group_bye'; it takes study (str),"),
        ("05-preferences", "group_bye", "a", "did you mean 'group_by'?"),
        ("05-preferences", "alpha", "veel", ": parameter 'alpha' is 'veel' (str), expected float"),
        ("05-preferences", "language", "nl", ": 'language' cannot be set here, it is what is being built; take it out"),
        ("05-preferences", "level", 95, ", level: found 95, expected a share between 0 and 1"),
        (
            "05-preferences",
            "base",
            "ask",
            ", base: found 'ask', expected one of answered, asked; did you mean 'asked'?",
        ),
        ("05-preferences", "test", "chi", ", test: found 'chi', expected one of fisher, boschloo, barnard"),
        ("05-preferences", "group_by", "leeftij", "expected an attribute of respondents: leeftijd; did you mean"),
        ("05-preferences", "weight", "gewicht", ", weight: found 'gewicht', expected an attribute of respondents"),
        ("05-preferences", "predictors", ["leeftijd", "x"], ", predictors: found 'x', expected an attribute"),
        ("05-preferences", "outcome", "vertrouw", ", outcome: found 'vertrouw', expected a question with options: "),
        ("05-preferences", "outcome", "vertrouwt: wel", ", outcome: found 'wel', expected an option of vertrouwt: "),
        ("05-preferences", "shown", ["weg", "stellin"], ", shown: found 'stellin', expected a question: "),
        ("05-preferences", "post_words", "Q-1", "an id of the table quantifiers: which this study does not have"),
        ("05-preferences", "relations", "Q-1 is Q-2", ", relations: relation 'Q-1 is Q-2': expected two ids with same"),
        ("03-leerlingen", "base", 0, ", base: found 0, expected 1 or more"),
        ("03-tenants", "rule", "overlapp", ", rule: found 'overlapp', expected one of overlap, near;"),
        ("03-tenants", "rule", "containment", ", rule: found 'containment', expected one of overlap, near"),
        ("03-tenants", "strand", "leerling", ", strand: found 'leerling', expected one of nagesprek, leerlingen,"),
        (
            "04-homeowners",
            "kinds",
            [["gelt", "motive"]],
            ", kinds: found 'gelt', expected the name or path of a code: ",
        ),
        ("04-homeowners", "kinds", [["geld", "motief"]], ", kinds: geld: found 'motief', expected one of motive,"),
        ("04-homeowners", "kinds", [["geld"]], ", kinds: found ['geld'], expected [name of a code, one of motive,"),
        ("03-leerling", "base", 4, ": this study has no such notebook; it has 00-"),
        ("03-leerling", "base", 4, "did you mean '03-leerlingen'?"),
    ],
)
def test_what_cannot_be_is_one_line_with_its_place(
    school: Study, notebook: str, name: str, value: Any, expected: str
) -> None:
    (line,) = problems(school, {notebook: {name: value}})
    assert line.startswith(AT + notebook) and expected in line and "\n" not in line


def test_values_that_fit_pass_and_names_are_looked_up_only_where_they_are_set(school: Study) -> None:
    fitting = {
        "03-leerlingen": {"rule": "overlap", "within": 0, "threshold": 0, "attribute": ""},
        "04-homeowners": {"kinds": [["geld", "motive"], ["sfeer", "positive"]]},
        "05-preferences": {"group_by": "leeftijd", "outcome": "vertrouwt: ja", "predictors": ["leeftijd"]},
    }
    assert problems(school, fitting) == []
    unread = dataclasses.replace(school, parameters={"03-leerlingen": {"base": 3}})
    assert parameter_problems(unread, all_notebooks(ROOT), lambda: pytest.fail("the data are read")) == []  # type: ignore[arg-type]


def test_all_faults_of_a_study_are_listed_at_once(school: Study) -> None:
    wrong = {
        "03-tenants": {"strand": "x", "base": 0},
        "05-preferences": {"a": 1, "level": 2.0, "outcome": "x"},
        "9": {},
    }
    assert len(problems(school, wrong)) == sum(max(len(values), 1) for values in wrong.values())


def test_a_build_stops_before_the_tables_and_check_says_the_same(small: Path, run: Run) -> None:
    notebook_file(small / "notebooks" / "02-levels.ipynb", "1", parameters=f"{PARAMETERS}\nn: int\nm: int = 1")
    path = small / "data" / "raw" / "klein" / "study.yml"
    settings = path.read_text(encoding="utf-8")
    path.write_text(f"{settings}parameters: {{02-levels: {{mm: 2}}, 03-x: {{m: 1}}}}\n", encoding="utf-8")
    said = [run(small, command, "klein") for command in ("build", "figures", "tables", "check")]
    for done in said:
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert all(part in done.stderr for part in ("unknown parameter 'mm'", "'n' is missing", "03-x: this study has"))
    assert not (small / "data" / "processed").exists()


def test_a_misspelt_parameter_of_papermill_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = ["", 'study: str = "smitsveen"\nn: int = 1', "# Parameters\nstudy = 'x'\n"]
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(user_ns={"In": cells}))
    injected.check_injected()
    cells[2] += "studdy = 'x'\n"
    with pytest.raises(KoppelkansError, match=r"'studdy': this notebook has none .* study, n; did you mean 'study'"):
        open_study("smitsveen", ROOT)
