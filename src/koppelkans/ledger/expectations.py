"""What somebody expected, and what another study said, held against the field data of a study.

Each is decided by a check of the ledger; the outcome is supported, contradicted or undecided, and never typed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from koppelkans.errors import InvalidTable, nearest
from koppelkans.ledger.checks import Result, WrongArgument, read_arguments, run_check, wrong_check
from koppelkans.ledger.checks.registry import CHECKS
from koppelkans.ledger.checks.shares import PEOPLE
from koppelkans.ledger.checks.wording import Words, sentence
from koppelkans.locale import N_, words
from koppelkans.locale.language import Number, number
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin, origin_of, with_origin
from koppelkans.study.sealing import BEFORE, CHANGED, NOT_SEALED, REMOVED, WITH_DATA

VERDICTS = ("supported", "contradicted", "undecided")
NOT_NAMED, NO_COUNT, OWN, NORM, NO_CHECK = "not-named", "no-count", "own", "norm", "no-check"
"""Why a statement of another study is not held against data here: nobody said which code or answer shows it; its words
force no count; it is about that study's own programme or text; it says what ought to be; no check can decide it."""
_OPEN = ("unbounded", "no-count")


def _outcome(result: Result | None) -> tuple[str, Words]:
    """Return verdict and evidence of a check; of one that compares, agreeing supports and differing contradicts."""
    if result is None:
        return "undecided", sentence(N_("No check was named, so it has to be weighed by reading."))
    verdict = result.verdict if result.verdict in VERDICTS else ""
    by_agreement = {True: "supported", False: "contradicted", None: "undecided"}
    return verdict or by_agreement[result.agrees], result.evidence


def _run(
    tables: Mapping[str, pd.DataFrame], strands: Collection[str], name: str, arguments: str, place: str
) -> Result | None:
    """Run a check, or none where none is named. Raises InvalidTable, with the place, for one that cannot run."""
    if not name:
        return None
    try:
        if name not in CHECKS:
            raise WrongArgument("check", name, f"one of {', '.join(sorted(CHECKS))}")
        values, _ = read_arguments(name, arguments)
        for key in ("strand", "than"):
            if key in values and values[key] not in strands:
                expected = f"one of {', '.join(strands)}{nearest(values[key], strands)}"
                raise WrongArgument(key, values[key], expected)
        return run_check(dict(tables), name, arguments)
    except WrongArgument as error:
        raise InvalidTable([f"{place}: {error.name}: found {error.found}, expected {error.expected}"]) from None


def problems(expectations: pd.DataFrame, strands: Collection[str], file: str) -> list[str]:
    """Return what is wrong with the checks of expectations, one line each (file, row, column).

    `expectations` is indexed by row number in the file; `strands`: keys of the study.
    """
    found = []
    for row in expectations.itertuples():
        wrong = list(wrong_check(row, None))
        values = {} if wrong or not row.check else read_arguments(str(row.check), str(row.check_args))[0]
        for key in ("strand", "than"):
            if key in values and values[key] not in strands:
                expected = f"one of {', '.join(strands)}{nearest(values[key], strands)}"
                wrong.append(("check_args", f"{key}={values[key]}", expected))
        found += [f"{file}, row {row.Index}, column {column}: found {was}, expected {expected}"
                  for column, was, expected in wrong]  # fmt: skip
    return found


@carries_origin
def judged(
    expectations: pd.DataFrame,
    people: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    strands: Collection[str],
) -> pd.DataFrame:
    """Hold each expectation against the data: id, date, text_nl, text_en, verdict, evidence_nl, evidence_en, sealed,
    sealed_on; those that were taken out after sealing have no verdict.

    `people` as `integration.people_shown` gives it; `tables`: others that checks may look at; `strands`: keys of the
    study. Raises InvalidTable for a check that cannot run, naming the expectation.
    """
    rows: list[dict[str, Any]] = []
    for row in rows_of(expectations):
        verdict, evidence = "", dict.fromkeys(("nl", "en"), "")
        if row["sealed"] != REMOVED:
            place, named = f"expectation {row['id']}", (row["check"], row["check_args"])
            verdict, evidence = _outcome(_run({**tables, PEOPLE: people}, strands, *named, place))
        expectation = {key: row[key] for key in ("id", "date", "text_nl", "text_en", "sealed", "sealed_on")}
        rows.append({**expectation, "verdict": verdict, **{f"evidence_{key}": one for key, one in evidence.items()}})
    columns = ["id", "date", "text_nl", "text_en", "verdict", "evidence_nl", "evidence_en", "sealed", "sealed_on"]
    return pd.DataFrame(rows, columns=columns)


def elsewhere(claims: pd.DataFrame, quantifiers: pd.DataFrame, shown_by: Mapping[str, str]) -> pd.DataFrame:
    """Say of each statement of a published study whether data from elsewhere can test it: the table published_claims.

    Testable are statements on how many people say something, by their words. `shown_by`: claim id -> where the data
    show it, as arguments of the check `people` (strand, and code or question and option). Raises InvalidTable for an id
    that is none, one that cannot be tested so, and for arguments that are none.
    """
    rules = dict(zip(quantifiers["id"], quantifiers["rule"], strict=True))
    rows, problems = [], []
    for claim in rows_of(claims):
        rule = rules.get(_quantifier_of(claim), "")
        reason = _why_not(claim, rule)
        arguments = str(shown_by.get(claim["id"], ""))
        if arguments and reason:
            problems.append(f"smitsveen, {claim['id']}: no data from elsewhere can test this statement ({reason})")
        elif arguments:
            arguments = f"{arguments}; words={rule}"
            problems += [
                f"smitsveen, {claim['id']}: found {found}, expected {expected}"
                for found, expected in read_arguments(PEOPLE, arguments)[1]
            ]
        statement = {key: claim[key] for key in ("id", "statement_nl", "statement_en")}
        rows.append({**statement, "reason": reason or ("" if arguments else NOT_NAMED), "check_args": arguments})
    known = set(claims["id"])
    problems += [f"smitsveen, {key}: is not the id of a statement" for key in shown_by if key not in known]
    if problems:
        raise InvalidTable(problems)
    return pd.DataFrame(rows)


def _quantifier_of(claim: Mapping[str, Any]) -> str:
    if claim["check"] != "quantifier":
        return ""
    return str(read_arguments("quantifier", claim["check_args"])[0].get("id", ""))


def _why_not(claim: Mapping[str, Any], rule: str) -> str:
    if claim["check"] == "quantifier":
        return NO_COUNT if rule in _OPEN else ""
    if claim["check"]:
        return OWN
    return NORM if claim["evidence_kind"] == "normative" else NO_CHECK


def held_here(published: pd.DataFrame, people: pd.DataFrame, strands: Collection[str]) -> pd.DataFrame:
    """Hold the statements that the study named data for against these: id, statement_nl, statement_en, verdict,
    evidence_nl, evidence_en, in the order of the published study. Raises InvalidTable as `judged`.
    """
    rows = []
    for row in rows_of(published[published["check_args"] != ""]) if len(published) else []:
        result = _run({PEOPLE: people}, strands, PEOPLE, row["check_args"], f"study.yml, smitsveen, {row['id']}")
        verdict, evidence = _outcome(result)
        statement = {key: row[key] for key in ("id", "statement_nl", "statement_en")}
        rows.append({**statement, "verdict": verdict, **{f"evidence_{key}": one for key, one in evidence.items()}})
    columns = ["id", "statement_nl", "statement_en", "verdict", "evidence_nl", "evidence_en"]
    return with_origin(pd.DataFrame(rows, columns=columns), origin_of(people))


@carries_origin
def not_held_here(published: pd.DataFrame) -> pd.DataFrame:
    """Count the statements that were not held against data here, by reason: reason, n; most telling reason first."""
    counts: Any = published.loc[published["reason"] != "", "reason"].value_counts() if len(published) else {}
    order = [reason for reason in (NOT_NAMED, NO_COUNT, OWN, NORM, NO_CHECK) if reason in counts]
    return pd.DataFrame({"reason": order, "n": [int(counts[reason]) for reason in order]})


@carries_origin
def open_here(published: pd.DataFrame, language: str) -> pd.DataFrame:
    """List the statements that could be held against data here, once the study says which: id, said."""
    rows = published[published["reason"] == NOT_NAMED].rename(columns={f"statement_{language}": "said"})
    return rows[["id", "said"]]


def sealed_text(row: Mapping[str, Any], language: str) -> str:
    """Say how an expectation stands to its seals, in a few words."""
    _ = words(language).gettext
    said = {
        BEFORE: _("sealed on {day}, before there were data; not changed"),
        WITH_DATA: _("sealed on {day}, when there were data already"),
        CHANGED: _("changed after it was sealed on {day}"),
        REMOVED: _("sealed on {day}, and taken out since"),
        NOT_SEALED: _("not sealed"),
    }[row["sealed"]]
    return said.format(day=_day(row["sealed_on"], language)) if row["sealed_on"] else said


def _day(value: str, language: str) -> str:
    from babel.dates import format_date

    return format_date(pd.Timestamp(value), "medium", locale=language)


@carries_origin
def as_read(judged: pd.DataFrame, language: str, text: str = "text") -> pd.DataFrame:
    """Lay what was judged out to be read: id, said, verdict (as a code), evidence and, for expectations, sealed."""
    columns = {"id": "id", f"{text}_{language}": "said", "verdict": "verdict", f"evidence_{language}": "evidence"}
    table = judged.rename(columns=columns)[list(columns.values())]
    if "sealed" in judged:
        table = table.assign(seal=[sealed_text(row, language) for row in rows_of(judged)])
    return table


def numbers(judged: pd.DataFrame, published: pd.DataFrame, language: str) -> dict[str, Number]:
    """Count the expectations and the published statements by verdict, and the expectations that are as sealed."""
    counts = {
        **{f"field_expected_{one}": (judged["verdict"] == one).sum() for one in VERDICTS},
        **{f"field_held_{one}": (published["verdict"] == one).sum() for one in VERDICTS},
        "field_expected": (judged["sealed"] != REMOVED).sum(),
        "field_as_sealed": (judged["sealed"] == BEFORE).sum(),
        "field_held": len(published),
    }
    return {key: number(int(count), language) for key, count in counts.items()}
