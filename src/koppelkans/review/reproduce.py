"""Reproduce a report: build it in a clean copy, compare it with figures.yml, and say in one table what holds."""

from __future__ import annotations

import platform
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.review.clean_copy import build_in, clean_copy
from koppelkans.review.comparison import DIFFERS, MISSING, NEW, SAME, Verdict, changed_inputs, compare
from koppelkans.review.manifest import MANIFEST, read_manifest
from koppelkans.study import Study, write_atomically
from koppelkans.workflow import versions

_STYLE = {SAME: "green", DIFFERS: "bold red", MISSING: "bold red", NEW: "yellow"}
SHORT = 10


@dataclass(frozen=True)
class Reproduction:
    """What came out of it.

    Attributes: `study` (name), `commit` ("" without git), `verdicts`, `notes` (what was built, and where the build
    stopped), `inputs` (raw files that are not those of the manifest), `versions` (libraries that are not those of
    requirements.lock), `environment` (Python, system, libraries), `seconds`.
    """

    study: str
    commit: str
    verdicts: list[Verdict]
    notes: list[str]
    inputs: list[str]
    versions: list[str]
    environment: str
    seconds: float

    @property
    def wrong(self) -> list[Verdict]:
        """What differs or is missing."""
        return [verdict for verdict in self.verdicts if verdict.verdict in (DIFFERS, MISSING)]

    @property
    def holds(self) -> bool:
        """Tell whether everything that the manifest names was made, and is the same."""
        return not self.wrong

    @property
    def verdict(self) -> str:
        """The verdict in one line."""
        counts, total = Counter(verdict.verdict for verdict in self.verdicts), len(self.verdicts)
        beyond = f"; {counts[NEW]} new, not in {MANIFEST}" if counts[NEW] else ""
        expected = total - counts[NEW]
        if self.holds:
            return f"Reproduced: all {expected} files of {self.study} are the same as in {MANIFEST}{beyond}"
        drawn = sum(verdict.is_drawing for verdict in self.wrong)
        told = [f"{counts[DIFFERS]} of {expected} files of {self.study} differ"]
        if drawn == len(self.wrong):
            told.append("in the drawing or layout only; every number and all data are the same")
        elif drawn:
            told.append(f"{drawn} of them in the drawing or layout only")
        missing = f"; {counts[MISSING]} missing" if counts[MISSING] else ""
        return f"Not reproduced: {', '.join(told)}{missing}{beyond}"

    @property
    def groups(self) -> list[list[Verdict]]:
        """What is not the same, together where the same is said of several files; what is only drawn comes last."""
        found: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in sorted(self.verdicts, key=lambda verdict: verdict.is_drawing):
            if verdict.verdict != SAME:
                found.setdefault((verdict.verdict, verdict.detail), []).append(verdict)
        return list(found.values())

    @property
    def causes(self) -> list[str]:
        """What probably explains the differences; empty where there are none."""
        if self.holds:
            return []
        told = [f"{path} is not the file that {MANIFEST} was made from" for path in self.inputs]
        if self.versions:
            told.append(f"other library versions are installed: {'; '.join(self.versions)}")
        return told


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
        found = Reproduction(
            study=study.name,
            commit=copy.commit,
            verdicts=verdicts,
            notes=[*copy.notes, *(f"the build stopped: {line}" for line in stopped)],
            inputs=changed_inputs(manifest, copy.root),
            versions=versions.other_versions(copy.root / "requirements.lock"),
            environment=f"Python {platform.python_version()}, {platform.platform()}; {versions.libraries()}",
            seconds=time.perf_counter() - started,
        )
    from koppelkans.review.reproduce_page import page

    write_atomically(page_path(study), page(found))
    return found


def page_path(study: Study) -> Path:
    """Where the verdicts are written as a page."""
    return study.root / "build" / study.name / "reproduce.html"


def print_verdicts(found: Reproduction) -> None:
    """Print the table of verdicts, what differs and why, and the verdict in one line."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("kind", "id", "edition", "expected", "found", "verdict"):
        table.add_column(column, overflow="fold")
    for row in found.verdicts:
        shown = (row.kind, escape(row.id), row.edition, row.expected[:SHORT] or "-", row.found[:SHORT] or "-")
        table.add_row(*shown, f"[{_STYLE[row.verdict]}]{row.verdict}[/]")
    console = Console(soft_wrap=False, highlight=False)
    console.print(table)
    for group in found.groups:
        names = ", ".join(row.path for row in group)
        console.print(f"{group[0].verdict}: {names}: {group[0].detail}", markup=False, soft_wrap=True)
    for line in found.notes:
        console.print(f"note: {line}", markup=False, soft_wrap=True)
    for line in found.causes:
        console.print(f"likely cause: {line}", markup=False, soft_wrap=True)
    console.print(f"{found.verdict} ({found.seconds:.0f} s).", markup=False, soft_wrap=True)
