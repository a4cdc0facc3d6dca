"""The ledger: for every published statement one status, computed from its check and its kind, with the evidence.

A status is never typed. The rule, in this order:

1. the check of the claim decided: with field data `supported`, `contradicted` or `undecided`; against another public
   page `companion`; against published data `discrepant` where it does not agree, and where it does, what it was held
   against says what that is worth (AGREEMENTS);
2. the check left a range: `bounded`;
3. no check decided: a normative or conceptual statement is `not-empirical`; one that field data could test is
   `needs-data`; every other one is `transcribed`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.checks import CHECKS, Read, Result, WrongArgument, require_sound, run_check
from koppelkans.ledger.checks.wording import EMPTY
from koppelkans.ledger.claims import KINDS, TEXT_SOURCES
from koppelkans.ledger.sentences import data_sets_of, described, needs, settled_by, without_check
from koppelkans.locale.language import Number, number
from koppelkans.study.origin import carries_origin, origin_of, with_origin

AGREEMENTS = ("recomputed", "repeated", "transcription-checked")
"""What an agreement is worth: it follows from other published data by counting or calculating; another place of the
study says the same; or one place was typed twice alike, which finds slips and bears nothing out."""
STATUSES = (
    *(*AGREEMENTS, "discrepant", "bounded", "transcribed", "companion", "needs-data", "not-empirical"),
    *("supported", "contradicted", "undecided"),
)
OPEN = ("needs-data", "bounded", "transcribed", "companion")
"""Statuses that more data could move."""
COLUMNS = [
    *("id", "kind", "section", "work_package", "level", "core", "statement_nl", "statement_en", "quantity", "anchor"),
    *("evidence_kind", "testable_with", "status", "check", "check_args", "found", "expected", "low", "high", "n"),
    *("checkable", "against", "outcome", "checked_nl", "checked_en"),
    *("evidence_nl", "evidence_en", "needs", "needs_nl", "needs_en", "notebook", "figure"),
    *("from_claims", "to_claims", "discrepancies", "companions"),
]
AGAINST = {
    "recomputed": "other-data",
    "repeated": "another-place",
    "transcription-checked": "own-typing",
    "bounded": "own-words",
    "companion": "another-page",
    "needs-data": "field-data",
    "supported": "field-data",
    "contradicted": "field-data",
    "undecided": "field-data",
}
"""Against what a statement of a status was held, or would be; nothing for the others."""
STATED_OVER_AND_OVER = {"work_packages", "claims"}
"""Tables whose rows are no data of the study but what its sections say."""
PART_SHOWN_IN = {
    "2.1": ("01-sessions", "fig-evaluation-themes"),
    "2.2": ("02-effects", "fig-effects-themes"),
    "2.3": ("03-tenants", "fig-tenants-themes"),
    "2.4": ("04-homeowners", "fig-homeowners-themes"),
}


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples())


def is_conceptual(claim: Any) -> bool:
    """Tell whether a statement is normative, or background that argues from theory and that no data bear on."""
    if claim.evidence_kind == "normative":
        return True
    return claim.kind == "background" and claim.evidence_kind == "relation" and claim.testable_with == "none"


def agreement_of(claim: Any, result: Result, tables: dict[str, pd.DataFrame]) -> str:
    """Tell what it is worth that a check of a claim (section, check) agrees: one of AGREEMENTS.

    Rows of the claim's own section are our typing of the very place; of more than one table they are two places there.
    """
    looked: dict[str, set[str]] = {read.table: set() for read in result.reads if read.table != "facts"}
    for read in result.reads:
        if read.table in looked and "section" in tables[read.table].columns:
            looked[read.table] |= set(tables[read.table].loc[list(read.rows), "section"])
    if len(looked) == 1 and set().union(*looked.values()) == {claim.section}:
        return "transcription-checked"
    repeats = CHECKS[claim.check].compares == "places" or (bool(looked) and set(looked) <= STATED_OVER_AND_OVER)
    return "repeated" if repeats else "recomputed"


def _beyond_the_text(claim: Any) -> bool:
    """Tell whether right typing leaves a statement as open as it was: a norm, or one that only field data can test."""
    sources = {part.strip() for part in claim.testable_with.split(";")}
    return is_conceptual(claim) or bool(data_sets_of(claim.testable_with) and not sources & set(TEXT_SOURCES))


def status_of(claim: Any, result: Result | None, agreement: str = "") -> str:
    """Compute the status of one claim (kind, evidence_kind, testable_with) from what its check found.

    `agreement` is what it is worth where the check agrees, as `agreement_of` tells.
    """
    if result is not None:
        if result.against == "field" and result.verdict:
            return result.verdict
        if result.against == "companion":
            return "companion"
        if result.agrees is not None and not (agreement == "transcription-checked" and _beyond_the_text(claim)):
            return agreement if result.agrees else "discrepant"
        if result.bounds:
            return "bounded"
    if is_conceptual(claim):
        return "not-empirical"
    if data_sets_of(claim.testable_with) or (result is not None and result.data_set):
        return "needs-data"
    return "transcribed"


def _answers(claim: Any, status: str, result: Result | None) -> dict[str, str]:
    """Answer what a reader asks of a statement: can it be checked, against what, and did it hold?

    checkable: yes, in-part (only a range), with-data, no. against: a value of AGAINST, other-data or another-place for
    what differs, or "". outcome: agrees, differs, in-part, adds, range, open, or "".
    """
    against = AGAINST.get(status, "")
    outcome = {"bounded": "range", "needs-data": "open", "undecided": "open"}.get(status, "")
    if status in AGREEMENTS or status == "supported":
        outcome = "agrees"
    if status in ("discrepant", "contradicted"):
        outcome = "differs"
    if status == "discrepant":
        against = "another-place" if CHECKS[claim.check].compares == "places" else "other-data"
    if status == "companion" and result is not None:
        outcome = result.verdict
    checkable = {"bounded": "in-part", "needs-data": "with-data"}.get(status, "yes" if against else "no")
    return {"checkable": checkable, "against": against, "outcome": outcome}


def _links(table: pd.DataFrame | None, key: str, value: str) -> dict[str, list[str]]:
    """Map the ids in a column (with ";" between them) to the values of another column."""
    by_key: dict[str, list[str]] = {}
    if table is None or table.empty:
        return by_key
    for cell, linked in zip(table[key], table[value], strict=True):
        for one in filter(None, (part.strip() for part in str(cell).split(";"))):
            by_key.setdefault(one, []).append(str(linked))
    return by_key


def results(tables: dict[str, pd.DataFrame]) -> dict[str, Result]:
    """Run the check of every claim that has one: claim id -> Result.

    Raises InvalidTable with one line for each claim whose check, arguments, id or anchor is wrong.
    """
    claims = tables["claims"]
    require_sound(claims)
    try:
        return {row.id: run_check(tables, row.check, row.check_args) for row in _rows(claims) if row.check}
    except WrongArgument:
        require_sound(claims, tables)  # says it with file, row and column
        raise


def rests_on(tables: dict[str, pd.DataFrame]) -> dict[str, tuple[Read, ...]]:
    """Return what each check looked at: claim id -> the cells and rows that its result rests on."""
    return {claim: result.reads for claim, result in results(tables).items()}


def ledger(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the ledger, one row a claim in the order of the table claims.

    Parameters
    ----------
    tables
        Name -> processed table; without claims there are no rows, the others as far as checks look at them (field data:
        documents, codings, answers).

    Returns
    -------
    DataFrame
        Columns: COLUMNS. needs names the data sets of which any would settle the statement; low, high and n are Int64
        (people or rows, where there is a range), core is bool, every other column text with "" for empty.

    Raises
    ------
    InvalidTable
        As `results` does.
    """
    claims = tables.get("claims", pd.DataFrame())
    if claims.empty:
        return pd.DataFrame(columns=COLUMNS)
    outcomes = results(tables)
    companions = _links(tables.get("companion_sources"), "claims", "id")
    discrepancies = _links(tables.get("discrepancies"), "claims", "id")
    before = _links(tables.get("traces"), "to_claim", "from_claim")
    after = _links(tables.get("traces"), "from_claim", "to_claim")
    data_sets = described(tables.get("data_sets", pd.DataFrame()))
    rows: list[dict[str, Any]] = []
    for claim in _rows(claims):
        result = outcomes.get(claim.id)
        status = status_of(claim, result, agreement_of(claim, result, tables) if result and result.agrees else "")
        evidence = result.evidence if result is not None else None
        if evidence is None:
            evidence = without_check(claim, status, len(before.get(claim.id, [])))
        needed = needs(data_sets, claim, result) if status in OPEN else EMPTY
        part = PART_SHOWN_IN.get(str(claim.section)[:3], ("", ""))
        notebook, figure = (result.notebook, result.figure) if result is not None and result.notebook else part
        rows.append(
            {
                **{column: getattr(claim, column) for column in COLUMNS[:12]},
                "core": bool(claim.core) if not isinstance(claim.core, str) else claim.core == "1",
                "status": status,
                "check": claim.check,
                "check_args": claim.check_args,
                "found": result.found if result is not None else "",
                "expected": result.expected if result is not None else "",
                "low": result.low if result is not None else None,
                "high": result.high if result is not None else None,
                "n": result.n if result is not None else None,
                **_answers(claim, status, result),
                **{name: getattr(claim, name, "") for name in ("checked_nl", "checked_en")},
                "evidence_nl": evidence["nl"],
                "evidence_en": evidence["en"],
                "needs": "; ".join(settled_by(claim, result)) if status in OPEN else "",
                "needs_nl": needed["nl"],
                "needs_en": needed["en"],
                "notebook": notebook,
                "figure": figure,
                "from_claims": ";".join(before.get(claim.id, [])),
                "to_claims": ";".join(after.get(claim.id, [])),
                "discrepancies": ";".join(discrepancies.get(claim.id, [])),
                "companions": ";".join(companions.get(claim.id, [])),
            }
        )
    made = pd.DataFrame(rows, columns=COLUMNS)
    made = made.astype({"low": "Int64", "high": "Int64", "n": "Int64", "core": bool})
    return with_origin(made, origin_of(claims))


@carries_origin
def by_kind(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger in the order of the kinds of statements."""
    return ledger.iloc[pd.Categorical(ledger["kind"], KINDS).argsort(kind="stable")]


def numbers(ledger: pd.DataFrame, language: str) -> dict[str, Number]:
    """Count the statements of each status, under status_<name>."""
    counts = ledger["status"].value_counts()
    return {f"status_{name.replace('-', '_')}": number(int(counts.get(name, 0)), language) for name in STATUSES}


@carries_origin
def summary(ledger: pd.DataFrame, by: list[str] | None = None) -> pd.DataFrame:
    """Count the statements by status, and by other columns of the ledger: one row a combination of `by`.

    Columns: those of `by`, one for each status that occurs (in the order of STATUSES), total. Without `by` one row.
    Raises KeyError for a column that the ledger does not have.
    """
    missing = [column for column in by or [] if column not in ledger.columns]
    if missing:
        raise KeyError(f"the ledger has no column {missing[0]!r}; it has {', '.join(ledger.columns)}")
    if ledger.empty:
        return pd.DataFrame()
    used = [status for status in STATUSES if (ledger["status"] == status).any()]
    if not by:
        counts = {status: [int((ledger["status"] == status).sum())] for status in used}
        return pd.DataFrame({**counts, "total": [len(ledger)]})
    grouped = ledger.groupby([*by, "status"], sort=False).size().unstack("status", fill_value=0)
    grouped = grouped.reindex(columns=used, fill_value=0)
    grouped["total"] = grouped.sum(axis=1)
    order = ledger.drop_duplicates(by).set_index(by).index
    return grouped.reindex(order).reset_index().rename_axis(columns=None)
