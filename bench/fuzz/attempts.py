"""Read a broken file as a user would, and write what was read; only a clean refusal or a whole result counts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.answers import read_answers
from koppelkans.readers.decisions import read_decisions
from koppelkans.readers.folder import write_folder
from koppelkans.readers.project import Project
from koppelkans.readers.source_text import read_source
from koppelkans.study import open_study
from koppelkans.workflow.notebooks import Notebook, read_notebook
from koppelkans.workflow.parameters import parameter_problems
from koppelkans.workflow.tidy import read_tables

READ, REFUSED = "read", "refused"
_LONGEST = 20_000  # characters of what is said


def outcome(attempt: Callable[[Path], object], path: Path) -> str:
    """Return READ or REFUSED. Raises what a reader should never raise, and AssertionError for one that says nothing."""
    try:
        attempt(path)
    except InvalidTable as error:
        assert error.problems and all(line.strip() for line in error.problems), "a refusal without words"
        return REFUSED
    except KoppelkansError as error:
        said = str(error)
        assert said.strip() and len(said) < _LONGEST, f"a refusal of {len(said)} characters"
        return REFUSED
    return READ


def interviews(path: Path) -> None:
    """Read a coded project, segments or a transcript, and write its tables without names."""
    project = read_project(path)
    _hold(project)
    write_folder(project, path.parent / "out")


def _hold(project: Project) -> None:
    """Hold a project to what `Project` promises: keys once and there, positions within the text, parents first."""
    documents, codes, codings = project.documents, project.codes, project.codings
    assert documents["document"].is_unique and codes["code"].is_unique and codings["coding"].is_unique
    assert set(codings["document"]) <= set(documents["document"]) and set(codings["code"]) <= set(codes["code"])
    before = {""}
    for code, parent in zip(codes["code"], codes["parent"], strict=True):
        assert parent in before, "a parent that does not stand before its child"
        before.add(code)
    texts = dict(zip(documents["document"], documents["text"].where(documents["has_text"]), strict=True))
    placed = codings[codings["start"].notna()]
    for document, start, end, text in zip(*(placed[c] for c in ("document", "start", "end", "text")), strict=True):
        assert 0 <= start <= end, "a position that is none"
        if isinstance(texts[document], str):
            assert end <= len(texts[document]) and texts[document][start:end] == text, "words that do not stand there"


def answers(path: Path) -> None:
    """Read answers, and write their tables."""
    write_folder(read_answers(path), path.parent / "out")


def mapped(path: Path) -> None:
    """Read a table by names of columns and questions that are broken too (in the file beside it)."""
    import yaml

    try:
        options = yaml.safe_load(path.with_name("options.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    if isinstance(options, dict) and isinstance(options.get("columns"), dict):
        interviews_of = read_project(path, columns=options["columns"])
        _hold(interviews_of)
    elif isinstance(options, dict) and isinstance(options.get("questions"), dict):
        read_answers(path, questions=options["questions"])


def decisions(path: Path) -> None:
    """Read a workbook of decisions."""
    read_decisions(path)


def source(path: Path) -> None:
    """Read a copy of a report."""
    read_source(path)


def study(path: Path) -> None:
    """Open a study, read its tables and field data, and hold its parameters against the notebooks."""
    opened = open_study(path.parent.name, path.parents[3])
    problems = parameter_problems(opened, _notebooks(opened.root / "notebooks"), lambda: None)
    if problems:
        raise InvalidTable(problems)
    read_tables(opened)


@cache
def _notebooks(folder: Path) -> list[Notebook]:
    return [read_notebook(one) for one in sorted(folder.glob("*.ipynb"))]


def emptied(folder: Path) -> None:
    """Take away what the last attempt wrote."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
