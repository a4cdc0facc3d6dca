"""Build a study with pytask, and say what is fresh, stale or tampered, and why."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import Interrupted, KoppelkansError, why_unreadable
from koppelkans.study import known_studies, open_study, project_root
from koppelkans.study.comparison import COMPARISON
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.jobs import STUDIES_VARIABLE, changed_files
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.one_at_a_time import one_at_a_time
from koppelkans.workflow.parameters import check_parameters

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


@contextmanager
def _studies(names: str) -> Iterator[None]:
    """Let the tasks of these studies be collected, and no others."""
    from koppelkans.workflow import jobs

    before = os.environ.get(STUDIES_VARIABLE)
    os.environ[STUDIES_VARIABLE] = names
    jobs.selected_studies.cache_clear()
    jobs.notebooks.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ[STUDIES_VARIABLE]
        else:
            os.environ[STUDIES_VARIABLE] = before


def _put_damaged_records_aside(root: Path) -> None:
    """Rename records of pytask that cannot be read, so that all is made anew instead of nothing."""
    import tomllib

    lock = root / "pytask.lock"
    if (root / ".pytask").exists() and not (root / ".pytask").is_dir():
        raise KoppelkansError(".pytask is a file, expected a folder; delete it and type make again")
    damaged = []
    if lock.exists():
        try:
            entries = tomllib.loads(lock.read_text(encoding="utf-8")).get("task", [])
            if not isinstance(entries, list) or not all(isinstance(entry, dict) and "id" in entry for entry in entries):
                damaged.append(lock)
        except (OSError, ValueError):
            damaged.append(lock)
    for path in damaged:
        path.replace(path.with_name(f"{path.name}.damaged"))
        print(f"note: {_below(path, root)} was damaged; it is put aside and all is made anew", file=sys.stderr)


def _run_pytask(root: Path, **options: Any) -> Session:
    """Run pytask on the tasks of this package, or on `tasks` collected before, without its own display."""
    import pytask
    from _pytask import state
    from pytask_parallel import execute

    # pytask.lock is the record; pytask writes all of it into a database too, row by row, a third of a small build
    state.update_states_in_database = lambda *_: None
    # it looks ever less often whether a task is done, up to a second late, and three tasks wait for each other here
    execute._Sleeper = partial(execute._Sleeper, timings=[0.01, 0.05])  # type: ignore[assignment, misc]
    _put_damaged_records_aside(root)
    for name in [name for name in sys.modules if name.startswith(f"{__package__}.task_")]:
        del sys.modules[name]  # tasks are collected while their module is imported; a second session needs that again
    quiet = pytask.console.quiet
    pytask.console.quiet = True
    try:
        return pytask.build(
            config=root / "pyproject.toml",
            paths=[Path(__file__).parent],
            task_files=("task_progress.py" if "tasks" in options else "task_*.py",),
            capture="no",
            verbose=0,
            show_traceback=False,
            database_url="sqlite://",  # in memory, and empty
            **options,
        )
    finally:
        pytask.console.quiet = quiet


def _message(error: BaseException, what: str, root: Path) -> str:
    """Say in one line what went wrong; what only a programmer understands goes into a file."""
    chain: list[BaseException] = [error]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    for cause in chain:
        if isinstance(cause, KoppelkansError):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
            return f"{what}: no space left on the disk; free some and type make again (nothing is half-written)"
        if isinstance(cause, OSError) and cause.filename:
            return f"{cause.filename}: {_why_not(cause)}"
    log = root / ".pytask" / "last-error.txt"
    log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    first = str(error).strip().splitlines() or [""]
    return f"{what}: unexpected {type(error).__name__}: {first[0]} (details in {log.relative_to(root)})"


def _why_not(error: OSError) -> str:
    """Say why a file could not be read, or written where it can be read or is not there yet."""
    refused = isinstance(error, PermissionError) or error.errno == errno.EROFS
    if refused and (not Path(error.filename).exists() or os.access(error.filename, os.R_OK)):
        return "it may not be written; give yourself the right to write in its folder and type make again"
    return why_unreadable(error)


def _errors(session: Session, root: Path) -> list[str]:
    from pytask import TaskOutcome

    from koppelkans.workflow.progress import task_title

    messages = []
    for collected in session.collection_reports:
        if collected.exc_info and collected.exc_info[1]:
            messages.append(_message(collected.exc_info[1], "reading the tasks", root))
    for report in session.execution_reports:
        if report.outcome == TaskOutcome.FAIL and report.exc_info and report.exc_info[1]:
            messages.append(_message(report.exc_info[1], task_title(report.task.name), root))
    if not messages and (session.exit_code != 0 or not session.tasks):
        messages.append(f"pytask stopped with code {int(session.exit_code)}; try `make clean` and make")
    return list(dict.fromkeys(messages))


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
    leaves: list[Any] = [*tree_leaves(task.depends_on), *tree_leaves(task.produces)]
    files = {leaf.name: _below(Path(str(leaf.path)), root) for leaf in leaves if isinstance(leaf, PPathNode)}
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


def states(study: str, expression: str = "") -> list[State]:
    """Ask pytask, without running anything, what would run and why.

    Raises KoppelkansError where the tasks cannot be read, such as for an unknown study.
    """
    root = project_root()
    return _states_of(_explained(root, study, expression), root)


def _explained(root: Path, study: str, expression: str) -> Session:
    """Collect the tasks and ask pytask what would run; raises KoppelkansError where they cannot be read."""
    with _studies(study):
        session = _run_pytask(root, expression=expression, explain=True)
    failed = _errors(session, root)
    if failed:
        raise KoppelkansError("\n".join(failed))
    return session


def _states_of(session: Session, root: Path) -> list[State]:
    recorded = _recorded(root)
    return [_state_of(report, root, recorded) for report in session.execution_reports]


def _as_collected(session: Session) -> list[PTask]:
    """Return the tasks of a session that only explained, to run them without collecting them again."""
    for task in session.tasks:
        # the mark "task" is for functions that are not collected yet; pytask 0.6 fails on a task that has it
        task.markers = [mark for mark in task.markers if mark.name not in ("task", "would_be_executed")]
    return session.tasks


@contextmanager
def _children_end_with_us() -> Iterator[list[bool]]:
    """On Ctrl-C or a request to end, stop the kernels and Pandoc at once, so that no one waits for them."""
    interrupted: list[bool] = []

    def stop(signal_number: int, frame: Any) -> None:
        import psutil

        interrupted.append(True)
        for child in psutil.Process().children(recursive=True):
            child.kill()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def build(
    study: str,
    expression: str = "",
    workers: int | None = None,
    announce: Callable[[list[State]], None] = lambda states: None,
) -> list[State]:
    """Build what is not fresh and return the states as they were before.

    `expression` selects tasks as pytask's -k does (with the tasks they need); `workers` is how many run at once;
    `announce` is told the states before anything runs. While another build is at work here, this one waits.
    Raises KoppelkansError for parameters that cannot be, before anything is made; else with one line per failed task,
    after the others have run; and Interrupted on Ctrl-C.
    """
    root = project_root()
    names = study.split() or known_studies(root)
    view = PUBLICATION if COMPARISON in names else ""  # a study with a text in paper/ has no other view
    for name in names:
        if name != COMPARISON:
            check_parameters(open_study(name, root, view=view), all_notebooks(root))
    with one_at_a_time(root):
        return _build(root, study, expression, workers, announce)


def _build(
    root: Path, study: str, expression: str, workers: int | None, announce: Callable[[list[State]], None]
) -> list[State]:
    explained = _explained(root, study, expression)
    before = _states_of(explained, root)
    announce(before)
    with _studies(study), _children_end_with_us() as interrupted:
        if any("::task_notebook[" in state.task and state.state != "fresh" for state in before):
            from koppelkans.workflow.kernels.warm_process import warm_up

            warm_up()
        session = _run_pytask(
            root,
            tasks=_as_collected(explained),
            expression=expression,
            n_workers=workers or min((os.cpu_count() or 1) + 1, 4),
            parallel_backend="threads",
        )
    if interrupted:
        raise Interrupted("interrupted; what was finished is kept, type make again to go on")
    failed = _errors(session, root)
    if failed:
        raise KoppelkansError("\n".join(failed))
    return before
