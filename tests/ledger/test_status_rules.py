"""Which status a statement gets, case by case: the reference, from which the table in docs/ledger.md is made.

A case is a statement (its kind, its kind of evidence, the data that could test it), what its check found, what an
agreement is worth by what it was held against, and the status that follows. Add a case here, run this test, and take
over the table that it prints.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from koppelkans.ledger import statuses
from koppelkans.ledger.checks import Result


class Statement(NamedTuple):
    kind: str
    evidence_kind: str
    testable_with: str


class Case(NamedTuple):
    statement: Statement
    check: str
    worth: str
    status: str


def result(
    agrees: bool | None = None, bounds: bool = False, against: str = "report", verdict: str = "", data_set: str = ""
) -> Result:
    """What a check found; sentences and numbers do not decide over the status."""
    words = {"nl": "", "en": ""}
    return Result(agrees, "", "", words, bounds=bounds, against=against, verdict=verdict, data_set=data_set)  # type: ignore[arg-type]


CHECKS: dict[str, Result | None] = {
    "none": None,
    "agrees with other published data": result(agrees=True),
    "differs from other published data": result(agrees=False),
    "leaves a range": result(bounds=True),
    "agrees with another public page": result(agrees=True, against="companion"),
    "differs from another public page": result(agrees=False, against="companion"),
    "field data support it": result(against="field", verdict="supported"),
    "field data contradict it": result(against="field", verdict="contradicted"),
    "field data leave it open": result(against="field", verdict="undecided"),
    "there are no field data yet": result(against="field"),
    "cannot tell": result(),
    "cannot tell without the flyer response": result(data_set="flyer-response"),
}

CASES = [
    # a check decided
    Case(Statement("method", "count", "table1"), "agrees with other published data", "recomputed", "recomputed"),
    Case(Statement("method", "count", "none"), "agrees with other published data", "repeated", "repeated"),
    Case(
        Statement("method", "count", "none"),
        "agrees with other published data",
        "transcription-checked",
        "transcription-checked",
    ),
    Case(
        Statement("finding", "count", "tenant-interviews; table1"),
        "agrees with other published data",
        "transcription-checked",
        "transcription-checked",
    ),
    Case(
        Statement("finding", "count", "tenant-interviews"),
        "agrees with other published data",
        "transcription-checked",
        "needs-data",
    ),
    Case(
        Statement("advice", "normative", "none"),
        "agrees with other published data",
        "transcription-checked",
        "not-empirical",
    ),
    Case(Statement("method", "count", "table1"), "differs from other published data", "", "discrepant"),
    Case(Statement("method", "date", "none"), "agrees with another public page", "", "companion"),
    Case(Statement("method", "date", "none"), "differs from another public page", "", "companion"),
    Case(Statement("finding", "count", "tenant-interviews"), "field data support it", "", "supported"),
    Case(Statement("finding", "count", "tenant-interviews"), "field data contradict it", "", "contradicted"),
    Case(Statement("finding", "count", "none"), "field data leave it open", "", "undecided"),
    # a check left a range
    Case(Statement("finding", "count", "none"), "leaves a range", "", "bounded"),
    Case(Statement("finding", "count", "tenant-interviews"), "leaves a range", "", "bounded"),
    # no check decided
    Case(Statement("advice", "normative", "tenant-interviews"), "none", "", "not-empirical"),
    Case(Statement("background", "relation", "none"), "none", "", "not-empirical"),
    Case(Statement("background", "relation", "tenant-interviews"), "none", "", "needs-data"),
    Case(Statement("finding", "theme", "tenant-interviews; table1"), "none", "", "needs-data"),
    Case(Statement("finding", "count", "tenant-interviews"), "cannot tell", "", "needs-data"),
    Case(Statement("finding", "count", "tenant-interviews"), "there are no field data yet", "", "needs-data"),
    Case(Statement("finding", "count", "none"), "cannot tell without the flyer response", "", "needs-data"),
    Case(Statement("method", "descriptive", "none"), "none", "", "transcribed"),
    Case(Statement("finding", "count", "table1"), "cannot tell", "", "transcribed"),
]
HEAD = [
    "| statement | evidence | testable with | its check | what agreement is worth | status |",
    "|---|---|---|---|---|---|",
]


def table(cases: list[Case]) -> str:
    """The cases as they stand in docs/ledger.md."""
    rows = [
        f"| {case.statement.kind} | {case.statement.evidence_kind} | {case.statement.testable_with} | {case.check} "
        f"| {case.worth or '-'} | `{case.status}` |"
        for case in cases
    ]
    return "\n".join([*HEAD, *rows])


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.statement.kind}-{case.check}-{case.worth}-{case.status}"
)
def test_a_status_follows_from_the_statement_its_check_and_other_pages(case: Case) -> None:
    assert statuses.status_of(case.statement, CHECKS[case.check], case.worth) == case.status


def test_every_status_and_every_outcome_of_a_check_has_a_case() -> None:
    assert {case.status for case in CASES} == set(statuses.STATUSES)
    assert {case.check for case in CASES} == set(CHECKS)


def test_the_page_shows_these_cases(root: Path) -> None:
    page = (root / "docs/ledger.md").read_text(encoding="utf-8")
    assert table(CASES) in page, f"docs/ledger.md: expected this table under 'Case by case':\n{table(CASES)}"
