"""The state of each task, fresh, stale or tampered, and why, from a session of pytask that explained."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.workflow.jobs import changed_files

if TYPE_CHECKING:
    from pytask import PTask, Session

_REASONS = {
    "code_cells": "the code cells of the notebook changed",
    "parameters": "the parameter values changed",
    "study_tables": "the tables or the title in study.yml changed",
    "libraries": "other library versions are installed",
    "labels": "the labels of the notebook changed",
    "captions": "a caption or alt text of its figures changed",
    "markdown": "the text of a notebook changed",
    "given": "the tables that a notebook is given changed",
    "renderer": "another renderer is used",
    "quotes": "QUOTES or the copy that it reads changed",
    "title": "the title in study.yml changed",
    "names": "a raw file came or went",
    "editions": "the languages with a report changed",
}


@dataclass(frozen=True)
class State:
    """State of one task: its pytask name, `fresh`, `stale` or `tampered`, why, and its products below the root."""

    task: str
    state: str
    reasons: tuple[str, ...]
    products: tuple[str, ...]
    tampered: tuple[str, ...]

    @property
    def study(self) -> str:
        """The study that the task is of."""
        return study_of(self.products)


def files_of(task: PTask, root: Path) -> dict[str, str]:
    """Return pytask's name -> path below the root of every file that a task reads or makes."""
    from pytask import PPathNode
    from pytask.tree_util import tree_leaves

    leaves: list[Any] = [*tree_leaves(task.depends_on), *tree_leaves(task.produces)]  # type: ignore[arg-type]
    return {leaf.name: _below(Path(str(leaf.path)), root) for leaf in leaves if isinstance(leaf, PPathNode)}


def study_of(paths: Iterable[str]) -> str:
    """Return the study whose folder the first of these files lies in; "" for none."""
    found = (re.match(r"(?:build|data/processed)/([^/]+)/", path) for path in paths)
    return next((match[1] for match in found if match), "")


_FILES = ("modules", "paper", "raw", "typed")
"""Arguments of tasks that are made by `content_of_files`."""


def _reasons(change: Any, files: dict[str, str]) -> list[str]:
    """Put one of pytask's reasons into words; `files` maps pytask's short names to paths below the root."""
    from koppelkans.workflow.progress import task_title

    name = str(change.node_name)
    if change.reason == "cascade":
        return [f"{task_title(name)} has to run first"]
    argument = name.rpartition("::")[2]
    if argument in _REASONS:
        return [_REASONS[argument]]
    if argument in _FILES:
        changed = changed_files(change.details["old_hash"], change.details["new_hash"])
        return [f"{file} {what}" for file, what in changed]
    shown = files.get(name, task_title(name))
    if change.reason == "changed" and change.node_type == "product":
        return [f"{shown} was changed by hand"]
    return [f"{shown} {'is not there' if change.reason == 'missing' else 'changed'}"]


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _recorded(root: Path) -> dict[str, str]:
    """Return path below the root -> SHA-256 of every product, as pytask.lock has it."""
    import tomllib

    lock = root / "pytask.lock"
    entries = tomllib.loads(lock.read_text(encoding="utf-8")).get("task", []) if lock.exists() else []
    return {path: digest for entry in entries for path, digest in entry.get("produces", {}).items()}


def _differs(path: Path, digest: str | None) -> bool:
    return digest is not None and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != digest


def _state_of(report: Any, root: Path, recorded: dict[str, str]) -> State:
    from pytask import PPathNode, TaskOutcome
    from pytask.tree_util import tree_leaves

    task = report.task
    files = files_of(task, root)
    products = tuple(files[leaf.name] for leaf in tree_leaves(task.produces) if isinstance(leaf, PPathNode))
    if report.outcome != TaskOutcome.WOULD_BE_EXECUTED:
        return State(task.name, "fresh", (), products, ())
    # pytask does not look at the products of a task that follows a stale one, so hold them against its lock here
    tampered = tuple(path for path in products if _differs(root / path, recorded.get(path)))
    changes = task.attributes["explanation"].reasons
    known = [change for change in changes if change.reason != "not_in_db"]
    new = len(known) < len(changes) and not any(change.reason == "changed" for change in known)
    explained = ["never built"] if new else [reason for change in known for reason in _reasons(change, files)]
    reasons = tuple(dict.fromkeys([*(f"{path} was changed by hand" for path in tampered), *explained]))
    return State(task.name, "tampered" if tampered else "stale", reasons or ("never built",), products, tampered)


def states_of(session: Session, root: Path) -> list[State]:
    """Return the states of the tasks of a session that explained."""
    recorded = _recorded(root)
    return [_state_of(report, root, recorded) for report in session.execution_reports]
