"""Say of each notebook, figure and report whether it is fresh, stale or tampered, and why."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath

from koppelkans.workflow.states import State

_PLACES = re.compile(r"::(?P<function>task_\w+)(\[(?P<id>.+)\])?$")
_WORST = ("tampered", "stale", "fresh")
_STYLE = {"fresh": "green", "stale": "yellow", "tampered": "bold red"}


@dataclass(frozen=True)
class Row:
    """One thing that is built: its `kind` (tables, notebook, figure, report, ...), `name`, `state` and `why`."""

    kind: str
    name: str
    state: str
    why: str


def _label_of(path: str) -> str:
    return PurePosixPath(path).name.partition(".")[0]


def _figure_rows(identity: str, state: State) -> list[Row]:
    """One row for each figure or table of a notebook; only those whose own files were changed are tampered."""
    rows = []
    edition = identity.rsplit("-", 2)[0].rpartition("-")[2]
    for label in dict.fromkeys(_label_of(product) for product in state.products):
        own = [path for path in state.tampered if _label_of(path) == label]
        if own:
            rows.append(Row("figure", f"{label} ({edition})", "tampered", f"{own[0]} was changed by hand"))
        elif state.tampered:
            rows.append(Row("figure", f"{label} ({edition})", "fresh", ""))
        else:
            rows.append(Row("figure", f"{label} ({edition})", state.state, "; ".join(state.reasons)))
    return rows


def status_rows(states: list[State]) -> list[Row]:
    """Turn the states of tasks into rows for people, in the order in which they are made."""
    kinds = {
        "task_tables": "tables",
        "task_ledger": "ledger",
        "task_notebook": "notebook",
        "task_evidence": "evidence",
        "task_stage": "sources",
        "task_report": "report",
        "task_own_report": "report",
        "task_front_page": "front page",
    }
    rows = []
    for state in states:
        match = _PLACES.search(state.task)
        function, identity = (match["function"], match["id"] or "") if match else ("", state.task)
        if function == "task_figures":
            rows += _figure_rows(identity, state)
        else:
            rows.append(Row(kinds.get(function, function), identity, state.state, "; ".join(state.reasons)))
    order = ["tables", "ledger", "notebook", "figure", "evidence", "sources", "report", "front page"]
    return sorted(rows, key=lambda row: (order.index(row.kind) if row.kind in order else len(order), row.name))


def status_table(rows: list[Row]) -> None:
    """Print the rows as a table, with a count of each state below it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("what", "name", "state", "why"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.kind, row.name, f"[{_STYLE[row.state]}]{row.state}[/]", row.why)
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    counts = {state: sum(row.state == state for row in rows) for state in reversed(_WORST)}
    console.print(", ".join(f"{count} {state}" for state, count in counts.items()))
