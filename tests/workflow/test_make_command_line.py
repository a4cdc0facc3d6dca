"""What is typed behind `make` is text: no shell runs it, and nothing typed is no study."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="needs GNU make")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "-C", str(ROOT), *arguments, f"PYTHON={folder / 'python'}"],
        env={**os.environ, "SAID": str(folder / "said")},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a program in place of Python, which notes its arguments and what it finds in the environment."""
    (tmp_path / "python").write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "names = ('STUDY', 'SOURCE', 'NEXT')\n"
        "json.dump([sys.argv[2:], {n: os.environ.get(n) for n in names}], open(os.environ['SAID'], 'w'))\n",
        encoding="utf-8",
    )
    (tmp_path / "python").chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("goal", ["report", "check", "figures", "verify", "lab", "table-1"])
@pytest.mark.parametrize("variable", ["STUDY", "SOURCE", "NEXT"])
def test_what_is_given_runs_no_shell_and_arrives_as_it_is(folder: Path, goal: str, variable: str) -> None:
    given = f'$(shell touch {folder}/X)`touch {folder}/X`$$(touch {folder}/X)";touch {folder}/X;"\'x'
    done = make(folder, goal, f"{variable}={given}")
    assert done.returncode == 0, done.stderr
    assert not (folder / "X").exists()
    arguments, environment = json.loads((folder / "said").read_text(encoding="utf-8"))
    assert environment[variable] == given
    assert variable != "STUDY" or goal == "lab" or arguments[-1] == given


def test_the_names_of_studies_run_no_shell(folder: Path) -> None:
    given = f"een twee;touch {folder}/X $$(touch {folder}/X)"
    done = make(folder, "studies", f"STUDIES={given}")
    assert done.returncode == 0 and not (folder / "X").exists()
    assert json.loads((folder / "said").read_text(encoding="utf-8"))[0][-1] == given


@pytest.mark.parametrize("what", ["figure", "table"])
def test_the_name_of_a_figure_runs_no_shell(folder: Path, what: str) -> None:
    done = make(folder, goal := f'{what}-";touch X;"`touch X`$$X')
    assert done.returncode == 0 and not (ROOT / "X").exists()
    assert json.loads((folder / "said").read_text(encoding="utf-8"))[0][2] == goal


GOALS = [
    "report",
    "figures",
    "figure-1",
    "tables",
    "status",
    "check",
    "checksums",
    "manifest",
    "reproduce",
    "diff",
    "verify",
]


@pytest.mark.parametrize("goal", GOALS)
def test_no_study_is_no_study_for_every_command(goal: str) -> None:
    done = subprocess.run(
        ["make", "-C", str(ROOT), goal, "STUDY=", "SOURCE=x.txt"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2 and "koppelkans: STUDY=: unknown study; known: " in done.stderr
    assert "Traceback" not in done.stderr
