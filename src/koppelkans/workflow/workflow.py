"""Build studies with pytask, and say what failed."""

from __future__ import annotations

import errno
import os
import signal
import traceback
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import Interrupted, KoppelkansError, why_unreadable
from koppelkans.study import known_studies, open_study, project_root
from koppelkans.study.comparison import COMPARISON
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.jobs import STUDIES_VARIABLE
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.one_at_a_time import one_at_a_time
from koppelkans.workflow.parameters import check_parameters
from koppelkans.workflow.pytask_session import as_collected, run_pytask
from koppelkans.workflow.states import State, files_of, states_of, study_of

if TYPE_CHECKING:
    from pytask import Session


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


def _failures(session: Session, root: Path) -> dict[str, list[str]]:
    """Return study -> a line for each of its tasks that failed; "" for what is not of one study."""
    from pytask import TaskOutcome

    from koppelkans.workflow.progress import task_title

    failures: dict[str, list[str]] = {}
    for collected in session.collection_reports:
        if collected.exc_info and collected.exc_info[1]:
            failures.setdefault("", []).append(_message(collected.exc_info[1], "reading the tasks", root))
    for report in session.execution_reports:
        if report.outcome == TaskOutcome.FAIL and report.exc_info and report.exc_info[1]:
            said = _message(report.exc_info[1], task_title(report.task.name), root)
            failures.setdefault(study_of(files_of(report.task, root).values()), []).append(said)
    if not failures and (session.exit_code != 0 or not session.tasks):
        failures[""] = [f"pytask stopped with code {int(session.exit_code)}; try `make clean` and make"]
    return {study: list(dict.fromkeys(lines)) for study, lines in failures.items()}


def _raise(failures: dict[str, list[str]]) -> None:
    """Raise KoppelkansError with every line, where there is one."""
    if failures:
        raise KoppelkansError("\n".join(line for lines in failures.values() for line in lines))


def states(study: str, expression: str = "") -> list[State]:
    """Ask pytask, without running anything, what would run and why.

    Raises KoppelkansError where the tasks cannot be read, such as for an unknown study.
    """
    root = project_root()
    return states_of(_explained(root, study, expression), root)


def _explained(root: Path, study: str, expression: str) -> Session:
    """Collect the tasks and ask pytask what would run; raises KoppelkansError where they cannot be read."""
    with _studies(study):
        session = run_pytask(root, expression=expression, explain=True)
    _raise(_failures(session, root))
    return session


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
        before, failures = _build(root, _explained(root, study, expression), study, expression, workers, "", announce)
    _raise(failures)
    return before


def build_studies(
    studies: Sequence[str],
    workers: int | None = None,
    scheduler: str = "",
    announce: Callable[[list[State]], None] = lambda states: None,
) -> tuple[list[State], dict[str, list[str]]]:
    """Build what is not fresh of several studies, all tasks in one graph, so that no core waits for a study to end.

    `scheduler`: address of a Dask scheduler whose workers run the tasks (see `cluster`); the rest as in `build`.
    Returns the states as they were before, and study -> a line for each thing that is wrong or failed; what is wrong
    with one leaves the others alone. Raises KoppelkansError for what is wrong with all, and Interrupted on Ctrl-C.
    """
    root = project_root()
    failures: dict[str, list[str]] = {}

    def try_each(step: Callable[[str], object]) -> None:
        for name in [name for name in studies if name not in failures]:
            try:
                step(name)
            except KoppelkansError as error:
                failures[name] = str(error).splitlines()

    notebooks = all_notebooks(root)
    try_each(lambda name: check_parameters(open_study(name, root), notebooks))
    with one_at_a_time(root):
        names = _left(studies, failures)
        try:
            explained = _explained(root, names, "") if names else None
        except KoppelkansError:  # of which study is only known by asking each
            try_each(lambda name: _explained(root, name, ""))
            names = _left(studies, failures)
            explained = _explained(root, names, "") if names else None
        if explained is None:
            return [], failures
        before, failed = _build(root, explained, names, "", workers, scheduler, announce)
    _raise({"": failed.pop("", [])} if "" in failed else {})
    return before, failures | failed


def _left(studies: Sequence[str], failures: Container[str]) -> str:
    return " ".join(name for name in studies if name not in failures)


def _build(
    root: Path,
    explained: Session,
    studies: str,
    expression: str,
    workers: int | None,
    scheduler: str,
    announce: Callable[[list[State]], None],
) -> tuple[list[State], dict[str, list[str]]]:
    """Run the tasks that were collected; return their states before, and what failed of which study."""
    before = states_of(explained, root)
    announce(before)
    with _studies(studies), _children_end_with_us() as interrupted:
        if scheduler:
            from koppelkans.workflow.cluster import TASKS_AT_ONCE, use_cluster

            use_cluster(scheduler, root)
            options: dict[str, Any] = {"n_workers": TASKS_AT_ONCE, "parallel_backend": "custom"}
        else:
            if any("::task_notebook[" in state.task and state.state != "fresh" for state in before):
                from koppelkans.workflow.kernels.warm_process import warm_up

                warm_up()
            options = {"n_workers": workers or min((os.cpu_count() or 1) + 1, 4), "parallel_backend": "threads"}
        session = run_pytask(root, tasks=as_collected(explained), expression=expression, **options)
    if interrupted:
        raise Interrupted("interrupted; what was finished is kept, type make again to go on")
    return before, _failures(session, root)
