"""Reproduce a report: build it in a clean copy, compare it with docs/figures.yml, and say in one table what holds."""

from __future__ import annotations

import platform
import time
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.review.clean_copy import build_in, clean_copy
from koppelkans.review.comparison import DIFFERS, MISSING, NEW, SAME, changed_inputs, compare
from koppelkans.review.manifest import MANIFEST, read_manifest
from koppelkans.review.reproduce_page import page
from koppelkans.review.reproduction import SHORT, Reproduction
from koppelkans.study import Study, write_atomically
from koppelkans.workflow import versions

_STYLE = {SAME: "green", DIFFERS: "bold red", MISSING: "bold red", NEW: "yellow"}


def reproduce(study: Study) -> Reproduction:
    """Build a study in a clean copy and compare every table, number and figure with the manifest in that copy.

    Writes build/<study>/reproduce.html; the copy is removed. Lines of progress go to standard error.
    Raises KoppelkansError where there is no manifest or nothing could be built, Interrupted on Ctrl-C.
    """
    started = time.perf_counter()
    with clean_copy(study.root) as copy:
        if copy.commit and (study.root / MANIFEST).is_file() and not (copy.root / MANIFEST).is_file():
            raise KoppelkansError(
                f"{MANIFEST}: is not committed, and a clean copy has what is committed; commit it first"
            )
        manifest = read_manifest(copy.root / MANIFEST, study.name)
        stopped = build_in(copy, study.name)
        verdicts = compare(manifest, copy.root, study.root)
        if stopped and all(verdict.verdict == MISSING for verdict in verdicts):
            raise KoppelkansError("the clean copy could not be built, for the reason above; nothing was compared")
        reproduction = Reproduction(
            study=study.name,
            commit=copy.commit,
            verdicts=verdicts,
            notes=[*copy.notes, *(f"the build stopped: {line}" for line in stopped)],
            inputs=changed_inputs(manifest, copy.root),
            versions=versions.other_versions(copy.root / "requirements.lock"),
            environment=f"Python {platform.python_version()}, {platform.platform()}; {versions.libraries()}",
            seconds=time.perf_counter() - started,
        )
    write_atomically(page_path(study), page(reproduction))
    return reproduction


def page_path(study: Study) -> Path:
    """Where the verdicts are written as a page."""
    return study.root / "build" / study.name / "reproduce.html"


def print_verdicts(reproduction: Reproduction) -> None:
    """Print the table of verdicts, what differs and why, and the verdict in one line."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("kind", "id", "edition", "expected", "found", "verdict"):
        table.add_column(column, overflow="fold")
    for row in reproduction.verdicts:
        shown = (row.kind, escape(row.id), row.edition, row.expected[:SHORT] or "-", row.found[:SHORT] or "-")
        table.add_row(*shown, f"[{_STYLE[row.verdict]}]{row.verdict}[/]")
    console = Console(soft_wrap=False, highlight=False)
    console.print(table)
    for group in reproduction.groups:
        names = ", ".join(row.path for row in group)
        console.print(f"{group[0].verdict}: {names}: {group[0].detail}", markup=False, soft_wrap=True)
    for line in reproduction.notes:
        console.print(f"note: {line}", markup=False, soft_wrap=True)
    for line in reproduction.causes:
        console.print(f"likely cause: {line}", markup=False, soft_wrap=True)
    console.print(f"{reproduction.verdict} ({reproduction.seconds:.0f} s).", markup=False, soft_wrap=True)
