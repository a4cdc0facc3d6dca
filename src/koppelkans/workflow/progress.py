"""Say what is running and what is done, while pytask works."""

from __future__ import annotations

import re
import sys
import time
from typing import Any

from pytask import ExecutionReport, PTask, Session, TaskOutcome, hookimpl

_NAMES = {
    "task_tables": "tables",
    "task_notebook": "notebook",
    "task_figures": "figures",
    "task_stage": "sources",
    "task_ledger": "ledger",
    "task_evidence": "evidence page",
    "task_report": "report",
    "task_own_report": "report",
    "task_front_page": "front page of",
    "task_comparison_report": "report",
}
_TASK = re.compile(r"::(?P<function>\w+)(\[(?P<id>.+)\])?$")


def task_title(name: str) -> str:
    """Name a task as people know it: "notebook smitsveen-nl-01-sessions"."""
    match = _TASK.search(name)
    return f"{_NAMES.get(match['function'], match['function'])} {match['id'] or ''}".strip() if match else name


class Progress:
    """Prints one line for each finished task; on a terminal also which tasks run, while they run."""

    def __init__(self) -> None:
        self.started: dict[str, float] = {}
        self.done = 0

    def _show_running(self) -> None:
        if sys.stderr.isatty():
            running = ", ".join(task_title(name) for name in self.started) or " "
            sys.stderr.write(f"\r\x1b[K  ... {running[:100]}" if self.started else "\r\x1b[K")
            sys.stderr.flush()

    @hookimpl(tryfirst=True)
    def pytask_execute_task(self, session: Session, task: PTask) -> Any:
        """Note that a task starts; returns None so that pytask goes on to run it."""
        if not session.config["explain"] and not session.config["dry_run"]:
            self.started[task.name] = time.perf_counter()
            self._show_running()

    @hookimpl
    def pytask_execute_task_log_end(self, session: Session, report: ExecutionReport) -> None:
        """Print a line for a task that ran."""
        started = self.started.pop(report.task.name, None)
        if started is None:
            return
        self.done += 1
        state = "done" if report.outcome == TaskOutcome.SUCCESS else "FAILED"
        self_clear = "\r\x1b[K" if sys.stderr.isatty() else ""
        seconds = time.perf_counter() - started
        print(
            f"{self_clear}  {self.done:3d}  {task_title(report.task.name):44} {state} in {seconds:.1f} s",
            file=sys.stderr,
        )
        self._show_running()
