"""Notebooks run with a real kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PARAMETERS, notebook_file

from koppelkans.errors import KoppelkansError
from koppelkans.workflow.execution import LONGEST_TEXT, as_text, canonical, run_notebook
from koppelkans.workflow.notebooks import read_notebook
from koppelkans.workflow.parameters import declared_problems

TYPED = 'study: str = "klein"\nshare: float = 0.5\nwords: list[str] = []\nlanguage: Literal["nl", "en"] = "nl"\nn: int'
GIVEN = {"study": "klein", "n": 3}


@pytest.fixture
def typed(tmp_path: Path):
    return read_notebook(notebook_file(tmp_path / "01-a.ipynb", parameters=TYPED))


def test_fitting_parameters_pass(typed) -> None:
    assert not list(declared_problems(typed, {**GIVEN, "share": 0.25, "words": ["a"], "language": "en"}))


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
    assert (
        "notebook 01-a: code cell 2 (fig-x) failed: ZeroDivisionError: division by zero, in line 2: 1 / 0; what was run"
    ) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [p.name for p in output.parent.iterdir()] == ["01-a.failed.ipynb"]


def test_a_success_takes_the_failed_notebook_away(tmp_path: Path) -> None:
    output = tmp_path / "out" / "01-a.ipynb"
    output.parent.mkdir()
    (output.parent / "01-a.failed.ipynb").write_text("{}")
    run_notebook(read_notebook(notebook_file(tmp_path / "01-a.ipynb", "1", parameters=PARAMETERS)), output, {})
    assert [p.name for p in output.parent.iterdir()] == ["01-a.ipynb"]


def test_a_failure_below_names_the_line_of_the_notebook_in_short(tmp_path: Path) -> None:
    cell = f"\nimport json\njson.loads('{'x' * 100}')"
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", cell, parameters=PARAMETERS))
    with pytest.raises(KoppelkansError) as caught:
        run_notebook(notebook, tmp_path / "out" / "01-a.ipynb", {})
    assert f", in line 2: json.loads('{'x' * 65}...; what was run is kept" in str(caught.value)


def test_a_kernel_that_ends_is_told_in_one_line(tmp_path: Path) -> None:
    path = notebook_file(tmp_path / "01-a.ipynb", "import os\nos._exit(9)", parameters=PARAMETERS)
    with pytest.raises(KoppelkansError) as caught:
        run_notebook(read_notebook(path), tmp_path / "out" / "01-a.ipynb", {})
    assert str(caught.value) == "notebook 01-a: the kernel ended before the notebook did; is there enough memory?"
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("written", [False, True])
def test_a_notebook_has_to_write_its_numbers_anew(tmp_path: Path, written: bool) -> None:
    results = tmp_path / "results" / "01-a.json"
    results.parent.mkdir()
    results.write_text("old")
    cell = f"from pathlib import Path\nPath({str(results)!r}).write_text('new')" if written else "1"
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", cell, parameters=PARAMETERS))
    output = tmp_path / "out" / "01-a.ipynb"
    if written:
        assert run_notebook(notebook, output, {}, results).exists() and results.read_text() == "new"
        return
    with pytest.raises(KoppelkansError) as caught:
        run_notebook(notebook, output, {}, results)
    assert str(caught.value) == (
        "notebook 01-a wrote no results/01-a.json; expected its last cell to call study.write_results(...)"
    )
    assert not results.exists() and not output.exists()


def test_what_may_not_be_shown_becomes_no_notebook_and_the_old_numbers_stay(tmp_path: Path) -> None:
    def refuse(executed: dict) -> None:
        raise KoppelkansError("a telephone")

    (tmp_path / "01-a.json").write_text("old")
    notebook = read_notebook(notebook_file(tmp_path / "01-a.ipynb", "1", parameters=PARAMETERS))
    with pytest.raises(KoppelkansError, match="a telephone"):
        run_notebook(notebook, tmp_path / "out" / "01-a.ipynb", {}, tmp_path / "01-a.json", refuse)
    assert (tmp_path / "01-a.json").read_text() == "old" and not [*(tmp_path / "out").glob("*.ipynb")]


def test_refused_parameters_leave_the_numbers_that_there_were(typed, tmp_path: Path) -> None:
    (tmp_path / "01-a.json").write_text("old")
    with pytest.raises(KoppelkansError, match="unknown parameter"):
        run_notebook(typed, tmp_path / "out" / "01-a.ipynb", {**GIVEN, "m": 1}, tmp_path / "01-a.json")
    assert (tmp_path / "01-a.json").read_text() == "old"


def test_very_long_text_is_cut_and_says_so() -> None:
    def executed(text: str) -> dict:
        stream = {"output_type": "stream", "name": "stdout", "text": text}
        result = {"output_type": "execute_result", "data": {"text/plain": text}, "execution_count": 1, "metadata": {}}
        cell = {"cell_type": "code", "id": "a", "source": "", "outputs": [stream, result]}
        return {"cells": [cell]}

    stream, result = canonical(executed("x" * 10_000_000))["cells"][0]["outputs"]
    for text in (stream["text"], result["data"]["text/plain"]):
        assert len(text) <= LONGEST_TEXT
        assert text.endswith("x\n[9,900,100 more characters are left out here]\n")
        assert canonical(executed(text))["cells"][0]["outputs"][0]["text"] == text
    stream, result = canonical(executed("x" * LONGEST_TEXT))["cells"][0]["outputs"]
    assert stream["text"] == result["data"]["text/plain"] == "x" * LONGEST_TEXT


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
