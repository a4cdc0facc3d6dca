"""Notebooks run with a real kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PARAMETERS, notebook_file

from koppelkans.errors import KoppelkansError
from koppelkans.pipeline.execution import as_text, canonical, check_parameters, run_notebook
from koppelkans.pipeline.notebooks import read_notebook

TYPED = 'study: str = "klein"\nshare: float = 0.5\nwords: list[str] = []\nlanguage: Literal["nl", "en"] = "nl"\nn: int'
GIVEN = {"study": "klein", "n": 3}


@pytest.fixture
def typed(tmp_path: Path):
    return read_notebook(notebook_file(tmp_path / "01-a.ipynb", parameters=TYPED))


def test_fitting_parameters_pass(typed) -> None:
    check_parameters(typed, {**GIVEN, "share": 0.25, "words": ["a"], "language": "en"})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({**GIVEN, "m": 1}, "unknown parameter 'm'; it takes study (str), share (float)"),
        ({"study": "klein"}, "parameter 'n' is missing"),
        ({"study": "klein", "n": "3"}, "parameter 'n' is '3' (str), expected int"),
        ({"study": "klein", "n": True}, "parameter 'n' is True (bool), expected int"),
        ({**GIVEN, "language": "de"}, "parameter 'language' is 'de' (str), expected Literal['nl', 'en']"),
        ({**GIVEN, "words": "a"}, "parameter 'words' is 'a' (str), expected list[str]"),
    ],
)
def test_other_parameters_are_refused_before_a_kernel_starts(typed, given, expected: str, tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError) as caught:
        run_notebook(typed, tmp_path / "out" / "01-a.ipynb", given)
    assert expected in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_two_runs_give_the_same_bytes_and_the_values_given(tmp_path: Path) -> None:
    cells = ("import sys\nprint(study, seed)\nprint('b', file=sys.stderr)", "{'a': 1}")
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", *cells, parameters=PARAMETERS))
    runs = [run_notebook(notebook, tmp_path / name / "01-a.ipynb", {"study": "x", "seed": 5}) for name in "ab"]
    assert runs[0].read_bytes() == runs[1].read_bytes()
    text = runs[0].read_text(encoding="utf-8")
    assert '"text": "x 5\\n"' in text
    assert "papermill" not in text and str(tmp_path) not in text and "start_time" not in text


def test_a_failed_notebook_is_kept_and_named_and_no_result_is_left(tmp_path: Path) -> None:
    path = notebook_file(tmp_path / "01-a.ipynb", "#| label: fig-x\n1 / 0", parameters=PARAMETERS)
    output = tmp_path / "out" / "01-a.ipynb"
    with pytest.raises(KoppelkansError) as caught:
        run_notebook(read_notebook(path), output, {})
    assert "notebook 01-a: code cell 2 (fig-x) failed: ZeroDivisionError: division by zero" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [p.name for p in output.parent.iterdir()] == ["01-a.failed.ipynb"]


def test_a_success_takes_the_failed_notebook_away(tmp_path: Path) -> None:
    output = tmp_path / "out" / "01-a.ipynb"
    output.parent.mkdir()
    (output.parent / "01-a.failed.ipynb").write_text("{}")
    run_notebook(read_notebook(notebook_file(tmp_path / "01-a.ipynb", "1", parameters=PARAMETERS)), output, {})
    assert [p.name for p in output.parent.iterdir()] == ["01-a.ipynb"]


def test_what_differs_between_equal_runs_is_taken_out() -> None:
    def executed(when: str, pieces: list[str]) -> dict:
        outputs = [{"output_type": "stream", "name": "stdout", "text": piece} for piece in pieces]
        cell = {
            "cell_type": "code", "id": "a", "execution_count": 7, "source": ["1\n", "2"], "outputs": outputs,
            "metadata": {"papermill": {"start_time": when}, "execution": {"iopub.status.idle": when}},
        }  # fmt: skip
        return {"cells": [cell], "metadata": {"papermill": {"duration": when}, "language_info": {"version": when}}}

    first, second = canonical(executed("1", ["a\n", "b\n"])), canonical(executed("2", ["a\nb\n"]))
    assert as_text(first) == as_text(second)
    assert json.loads(as_text(first))["cells"][0]["source"] == "1\n2"
