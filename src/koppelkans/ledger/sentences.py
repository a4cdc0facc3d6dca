"""The sentences of the ledger that no check writes: what a claim without a check rests on, what data it needs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.checks import Result
from koppelkans.ledger.checks.registry import Words
from koppelkans.ledger.checks.wording import EMPTY, in_each, joined, sentence
from koppelkans.ledger.claims import TEXT_SOURCES
from koppelkans.locale import N_, words

TERMS = {
    "on-request": N_("on request"),
    "not-offered": N_("not offered"),
    "not-published": N_("not published"),
    "public": N_("public"),
}
HOLDERS = {
    "student (portfolio)": N_(": the portfolio of the student"),
    "student (thesis)": N_(": the thesis of the student"),
    "municipality of Soest": N_(": the municipality of Soest"),
    "Statistics Netherlands (CBS)": N_(": Statistics Netherlands (CBS)"),
}
DATA_SETS = {
    "evaluation-interviews": N_("the evaluation interviews"),
    "change-stories": N_("the change stories"),
    "tenant-interviews": N_("the tenant interviews"),
    "homeowner-interviews": N_("the homeowner interviews"),
    "information-preference": N_("the answers on how to be informed"),
    "flyer-response": N_("the response to the flyer"),
}
NEXT_CHECKS = {
    "preference": N_("the share of each answer with an interval, held against the words (check quantifier)"),
    "people": N_(
        "the share of interviews with this code and an interval, held against the words (check quantifier with code)"
    ),
    "interviews": N_("counting them (check interviews_held)"),
    "coded": N_("counting in how many interviews or stories this was coded (check quantifier with code)"),
    "numbers": N_("comparing the numbers (check difference)"),
}
_NO_DATA_SET = N_("No data set that the study names can settle this.")
_SECTIONS = {"Voorwoord": N_("the foreword"), "Tabel 1": N_("table 1")}


def data_sets_of(testable_with: str) -> list[str]:
    """Return the field data sets of the cell testable_with: those between ";" that are not the published text."""
    parts = [part.strip() for part in testable_with.split(";")]
    return [part for part in parts if part and part != "none" and part not in TEXT_SOURCES]


def settled_by(claim: Any, result: Result | None) -> list[str]:
    """Name the data sets of which any would settle a claim: the one that its check asks for, else what it lists."""
    return [result.data_set] if result is not None and result.data_set else data_sets_of(claim.testable_with)


def _data_set(name: str) -> Words:
    return sentence(DATA_SETS[name]) if name in DATA_SETS else in_each(lambda _: name)


def _holder(holder: str) -> Words:
    if holder == "not stated":
        return EMPTY
    return sentence(HOLDERS[holder]) if holder in HOLDERS else in_each(lambda _: f": {holder}")


def described(data_sets: pd.DataFrame) -> dict[str, Words]:
    """Say of every row of the table data_sets what it is, and who has it on which terms: data set -> sentence."""
    return {
        row["data_set"]: sentence(
            "{data_set} ({terms}{holder})",
            data_set=_data_set(row["data_set"]),
            terms=sentence(TERMS[row["raw_status"]]),
            holder=_holder(row["held_by"]),
        )
        for row in data_sets.astype(str).to_dict("records")
    }


def needs(data_sets: dict[str, Words], claim: Any, result: Result | None) -> Words:
    """Say which data set would settle a claim, who has it (as `described` says), and which check would run then."""
    names = settled_by(claim, result)
    if not names:
        unsettled = result is not None and not result.bounds and result.against == "report"
        return sentence(_NO_DATA_SET) if unsettled else EMPTY
    if "question=" in claim.check_args:
        step = "preference"
    elif claim.check == "interviews_held":
        step = "interviews"
    elif result is not None and result.data_set:
        step = "numbers"
    else:
        step = "people" if claim.check == "quantifier" else "coded"
    listed = joined([data_sets.get(name) or _data_set(name) for name in names], N_(" or "))
    return sentence(N_("Needed: {data_sets}. Then: {check}."), data_sets=listed, check=sentence(NEXT_CHECKS[step]))


def _statements(language: str, count: int) -> str:
    if not count:
        return words(language).gettext("no other statement")
    return words(language).ngettext("{count} other statement", "{count} other statements", count).format(count=count)


def _section(section: str) -> Words:
    known = section in _SECTIONS
    return sentence(_SECTIONS[section]) if known else sentence(N_("section {section}"), section=section)


def without_check(claim: Any, status: str, support: int) -> Words:
    """Write the evidence of a claim without a check; `support` is how many statements lead to it in the traces."""
    rests = in_each(lambda language: _statements(language, support))
    if status == "needs-data":
        return sentence(
            N_("Only {data_sets} can bear this out; the text gives the outcome and not the data."),
            data_sets=joined([_data_set(name) for name in data_sets_of(claim.testable_with)], N_(" and ")),
        )
    if status == "not-empirical" and claim.evidence_kind == "normative":
        return sentence(
            N_(
                "This says what ought to be or is good, not what was measured; in our reading it rests on {statements}."
            ),
            statements=rests,
        )
    if status == "not-empirical":
        return sentence(N_("This is an argument from theory or literature; the study itself has no data on it."))
    if claim.kind == "conclusion":
        return sentence(
            N_(
                "An inference in {section}; in our reading it rests on {statements}, and nothing else that was "
                "published tests it."
            ),
            section=_section(claim.section),
            statements=rests,
        )
    return sentence(
        N_("Taken over from {section}; nothing else that was published can confirm or refute it."),
        section=_section(claim.section),
    )
