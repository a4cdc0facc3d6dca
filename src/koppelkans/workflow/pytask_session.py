"""A session of pytask on the tasks of this package: without its display, and without what slows it down."""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError

if TYPE_CHECKING:
    from pytask import PTask, Session

_HERE = Path(__file__).parent


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
        print(f"note: {path.name} was damaged; it is put aside and all is made anew", file=sys.stderr)


@cache
def _make_quicker() -> None:
    """Leave out what pytask does beside its work; each of these is of pytask 0.6 and pytask-parallel 0.5."""
    from _pytask import lockfile, state
    from pytask_parallel import execute

    # pytask.lock is the record; pytask writes all of it into a database too, row by row, a third of a small build
    state.update_states_in_database = lambda *_: None
    # it looks ever less often whether a task is done, up to a second late, and three tasks wait for each other here
    execute._Sleeper = partial(execute._Sleeper, timings=[0.01, 0.05])  # type: ignore[assignment, misc]
    # after each task it copies the files of all tasks, so that many studies cost ever more; it needs those of one

    def index_tasks(self: lockfile.LockfileState) -> None:
        self._task_index = {entry.id: entry for entry in self.lockfile.task}

    def node_state(self: lockfile.LockfileState, task_id: str, node_id: str) -> str | None:
        entry = self._task_index.get(task_id)
        return (entry.produces.get(node_id) or entry.depends_on.get(node_id)) if entry else None

    lockfile.LockfileState._rebuild_indexes = index_tasks  # type: ignore[method-assign]
    lockfile.LockfileState.get_node_state = node_state  # type: ignore[method-assign]


def run_pytask(root: Path, **options: Any) -> Session:
    """Run pytask on the tasks of this package, or on `tasks` collected before, without its own display."""
    import pytask

    _make_quicker()
    _put_damaged_records_aside(root)
    for name in [name for name in sys.modules if name.startswith(f"{__package__}.task_")]:
        del sys.modules[name]  # tasks are collected while their module is imported; a second session needs that again
    quiet = pytask.console.quiet
    pytask.console.quiet = True
    try:
        return pytask.build(
            config=root / "pyproject.toml",
            paths=[_HERE],
            task_files=("task_progress.py" if "tasks" in options else "task_*.py",),
            capture="no",
            verbose=0,
            show_traceback=False,
            database_url="sqlite://",  # in memory, and empty
            **options,
        )
    finally:
        pytask.console.quiet = quiet


def as_collected(session: Session) -> list[PTask]:
    """Return the tasks of a session that only explained, to run them without collecting them again."""
    for task in session.tasks:
        # the mark "task" is for functions that are not collected yet; pytask 0.6 fails on a task that has it
        task.markers = [mark for mark in task.markers if mark.name not in ("task", "would_be_executed")]
    return session.tasks
