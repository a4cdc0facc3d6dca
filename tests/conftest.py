from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first: a file goes to one worker whole, and none should start last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests of a process, since Playwright cannot be started twice in one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: the browser tests are skipped")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of pseudonyms of tests go to a folder of their own."""
    folder = tmp_path_factory.mktemp("keys")
    os.environ["KOPPELKANS_KEYS"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


def notebook_file(path: Path, *cells: str, parameters: str, markdown: str = "# A small notebook") -> Path:
    """Write a notebook with a Markdown cell, a cell tagged `parameters`, and these code cells."""
    code = [{"id": "parameters", "metadata": {"tags": ["parameters"]}, "source": parameters}]
    code += [{"id": f"cell-{n}", "metadata": {}, "source": source} for n, source in enumerate(cells, start=1)]
    content = {
        "cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": markdown}]
        + [{"cell_type": "code", "execution_count": None, "outputs": [], **cell} for cell in code],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


PARAMETERS = 'study: str = "klein"\nlanguage: str = "en"\nseed: int = 1'

COUNT = """from koppelkans import figures
from koppelkans.figures.chart import Line, no_chart
from koppelkans.locale.language import number
from koppelkans.study import open_study

s = open_study(study, language=language)
items = s.table("sessions")"""
FIGURE = """#| label: fig-timeline
figures.exhibits(s)("fig-timeline", no_chart(items, Line({"en": "small", "nl": "klein"})), origin="published")"""
RESULTS = """s.write_results("01-sessions", language, {"count": number(items["session"].nunique(), language)})
None"""
LEVELS = """from koppelkans.locale.language import number
from koppelkans.study import open_study

s = open_study(study)
s.write_results("02-levels", language, {"count": number(len(s.table("levels")), language)})
None"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A compendium of two short notebooks and one page of text, with the study `klein`."""
    return write_small_compendium(tmp_path)


def write_small_compendium(tmp_path: Path) -> Path:
    raw = tmp_path / "data" / "raw" / "klein"
    raw.mkdir(parents=True)
    for name in ("sessions.csv", "levels.csv"):
        shutil.copy(ROOT / "data" / "raw" / "smitsveen" / name, raw)
    (raw / "study.yml").write_text(
        "name: klein\ntitle: {nl: Klein, en: Small}\nreport: paper\ntables:\n"
        "  sessions: {file: sessions.csv, origin: published}\n  levels: {file: levels.csv, origin: published}\n",
        encoding="utf-8",
    )
    notebook_file(tmp_path / "notebooks" / "01-sessions.ipynb", COUNT, FIGURE, RESULTS, parameters=PARAMETERS)
    notebook_file(tmp_path / "notebooks" / "02-levels.ipynb", LEVELS, parameters=PARAMETERS)
    listed = "".join(
        f"    - notebook: notebooks/{name}.ipynb\n      title: {name}\n" for name in ("01-sessions", "02-levels")
    )
    for language in ("nl", "en"):
        paper = tmp_path / "paper" / language
        paper.mkdir(parents=True)
        (paper / "_quarto.yml").write_text(
            "project:\n  type: manuscript\n  output-dir: report\nmanuscript:\n  article: index.qmd\n  notebooks:\n"
            f"{listed}lang: {language}\nnumber-sections: true\nexecute:\n  enabled: false\n"
            "format:\n  html: {toc: true}\n  typst: {toc: true}\n  docx: {toc: true}\n",
            encoding="utf-8",
        )
        (paper / "index.qmd").write_text(
            "---\ntitle: Small\n---\n\n# One\n\nThere are {{< var sessions.count >}} sessions, see @fig-timeline.\n\n"
            "{{< embed notebooks/01-sessions.ipynb#fig-timeline >}}\n\n"
            '::: {.content-visible when-format="html"}\n'
            "[Source](notebooks/01-sessions-preview.html#fig-timeline){.source-link}\n:::\n",
            encoding="utf-8",
        )
    (tmp_path / "paper" / "shared").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


Run = Callable[..., subprocess.CompletedProcess[str]]


def run_koppelkans(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `koppelkans` in a compendium, as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "koppelkans", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture
def run() -> Run:
    """Run `koppelkans` in a compendium: run(folder, "build", "klein")."""
    return run_koppelkans
