"""Discrepancies: places where the published study does not agree with itself, found from the data where they can be.

The list (table discrepancies) says what was read; a named check looks whether the data show it.
Where a check comes out otherwise than the list, the table says so. A discrepancy without a check is listed with its
places, since it lies in words that no table holds.
"""

from __future__ import annotations

import difflib
import re
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.ledger import discrepancy_checks, discrepancy_results, discrepancy_words
from koppelkans.ledger.discrepancy_evidence import CHECKS, CannotRun, Evidence, Tables
from koppelkans.locale import N_, words
from koppelkans.locale import language as lang
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted
from koppelkans.study.origin import carries_origin, origin_of, with_origin

MODULES = (discrepancy_checks, discrepancy_results, discrepancy_words)
"""The modules whose checks are known; importing them fills CHECKS."""
VERDICTS = ("T", "S", "P", "W", "?")
GROUPS = ("A", "B", "C", "D")
TABLES = (
    *("claims", "traces", "discrepancies", "facts", "sessions", "themes", "change_stories", "quantifiers", "levels"),
    *("work_packages", "package_levels", "research_questions", "exhibits", "data_sets", "companion_sources"),
)
"""The tables that the ledger reads; a study need not have all of them."""
COLUMNS = [
    *("id", "verdict", "group", "what_nl", "what_en", "claims", "anchors", "note_en", "check"),
    *("computable", "detected", "found", "found_nl", "found_en", "means_nl", "means_en"),
]
_MONTH = re.compile(r"\d{4}-\d{2}")
_NOT_RUN = N_("Cannot be computed: no {missing}.")


def checked(tables: Tables) -> pd.DataFrame:
    """Run the check of every discrepancy; one row each, in the order of the list.

    `tables` are processed tables by name, among them discrepancies. Columns: those of the list, and computable (whether
    it has a check), detected (boolean; NA without a check, or where a table or fact is missing), found (what was
    computed, as name=value; "" without a check), found_nl and found_en (the same as a sentence), means_nl and means_en
    (what it means for the conclusion).
    Raises KoppelkansError for a check of another name than those in CHECKS.
    """
    listed = tables.get("discrepancies")
    if listed is None or listed.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for cells in listed.to_dict("records"):
        row = {str(column): cell for column, cell in cells.items()}
        rows.append({**dict.fromkeys(COLUMNS, ""), **row, **_checked(row, tables)})
    table = pd.DataFrame(rows)[COLUMNS].astype({"computable": bool, "detected": "boolean"})
    return with_origin(table, origin_of(listed))


def _checked(row: dict[str, Any], tables: Tables) -> dict[str, Any]:
    """Run the check of one discrepancy and say what came out."""
    name = row.get("check", "")
    if not name:
        return {"computable": False, "detected": pd.NA}
    if name not in CHECKS:
        near = difflib.get_close_matches(name, CHECKS, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        known = ", ".join(sorted(CHECKS))
        raise KoppelkansError(f"discrepancies, {row['id']}, column check: {name!r} is unknown{hint}; known: {known}")
    check = CHECKS[name]
    try:
        detected, values = check.run(Evidence(tables, tuple(filter(None, row["claims"].split(";")))))
    except CannotRun as missing:
        sentences = {f"found_{key}": words(key).gettext(_NOT_RUN).format(missing=missing) for key in ("nl", "en")}
        return {"computable": True, "detected": pd.NA, "found": f"missing={missing}", **sentences}
    return {
        "computable": True,
        "detected": bool(detected),
        "found": "; ".join(f"{key}={_code(value)}" for key, value in values.items() if not key.endswith("_nl")),
        "found_nl": _sentence(check.text, values, "nl"),
        "found_en": _sentence(check.text, values, "en"),
    }


def _sentence(text: str, values: dict[str, Any], language: str) -> str:
    """Fill in what a check found; of a value in both languages (x_nl, x_en) {x} is that of the language."""
    other = "_nl" if language == "en" else "_en"
    own = {key.removesuffix(f"_{language}"): value for key, value in values.items() if not key.endswith(other)}
    return words(language).gettext(text).format(**{key: _read(value, language) for key, value in own.items()})


def _code(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_GROUP_NAMES = {
    "evaluation-interviews": N_("the interviewees on the sessions"),
    "tenant-interviews": N_("the tenants interviewed"),
    "homeowner-interviews": N_("the homeowners interviewed"),
    "homeowners": N_("homeowners"),
    "residents": N_("residents"),
    "partners": N_("partners"),
}


def _read(value: Any, language: str) -> str:
    """Write a value of a check as it is read: months and groups in words, "–" for an empty list."""
    if isinstance(value, list):
        return ", ".join(_read(item, language) for item in value) or "–"
    text = str(value)
    if _MONTH.fullmatch(text):
        return lang.month(text, language)
    return words(language).gettext(_GROUP_NAMES[text]) if text in _GROUP_NAMES else text


def outcome(checked: pd.DataFrame) -> pd.Series:
    """Say of each row of `found` how it stands: found, not-found, not-run (data missing) or listed (no check)."""
    result = pd.Series("listed", index=checked.index)
    run = checked["computable"].astype(bool)
    result[run] = "not-run"
    result[run & checked["detected"].fillna(False).astype(bool)] = "found"
    result[run & ~checked["detected"].fillna(True).astype(bool)] = "not-found"
    return result


@carries_origin
def counts(checked: pd.DataFrame) -> pd.DataFrame:
    """Count discrepancies by group, verdict and outcome: group, verdict, outcome, n; only those that occur."""
    if checked.empty:
        return pd.DataFrame(columns=["group", "verdict", "outcome", "n"])
    keys = ["group", "verdict", "outcome"]
    return checked.assign(outcome=outcome(checked)).groupby(keys).size().rename("n").reset_index()


@carries_origin
def report_table(checked: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick what the report shows, in a language: id, verdict, what, found, means.

    `found` is the sentence of the check, or the code listed; a check that did not find it has the code not-found in
    front. `means` is left out where the list does not say what a discrepancy means.
    """
    if checked.empty:
        return pd.DataFrame()
    result = checked[["id", "verdict"]].copy()
    result["what"] = checked[f"what_{language}"]
    missed = words(language).gettext("Not found.") + " "
    how = outcome(checked)
    result["found"] = [
        "listed" if state == "listed" else (missed if state == "not-found" else "") + sentence
        for state, sentence in zip(how, checked[f"found_{language}"], strict=True)
    ]
    means = checked[f"means_{language}"]
    return result.assign(means=means) if (means != "").any() else result


@carries_origin
def touching_conclusions(checked: pd.DataFrame) -> pd.DataFrame:
    """Pick the discrepancies that touch a conclusion: something is wrong, or no result is behind it (verdicts T, S)."""
    if checked.empty:
        return checked
    names_one = checked["claims"].str.contains(r"(?:^|;)C-")
    return checked[names_one & checked["verdict"].isin(["T", "S"])].reset_index(drop=True)


@carries_origin
def short_table(checked: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick what a reader of conclusions needs of discrepancies, in a language: id, what, means."""
    if checked.empty:
        return pd.DataFrame()
    texts = {f"{column}_{language}": column for column in ("what", "means")}
    return checked.rename(columns=texts)[["id", *texts.values()]]


def numbers(checked: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return the numbers of the discrepancies under the keys that the report uses; a dash where there is no list."""
    there = not checked.empty
    how = outcome(checked) if there else pd.Series(dtype=str)

    def count(value: int) -> Number:
        return counted(value if there else None, language)

    keys = {"T": "true", "S": "scope", "P": "tension", "W": "naming", "?": "undecided"}
    by_verdict = {f"discrepancies_{name}": count(int((checked["verdict"] == key).sum())) for key, name in keys.items()}
    return {
        "discrepancies_computed": count(int(checked["computable"].sum())),
        "discrepancies_touching": count(len(touching_conclusions(checked))),
        "discrepancies_detected": count(int((how == "found").sum())),
        "discrepancies_not_found": count(int((how == "not-found").sum())),
        "discrepancies_listed": count(int((how == "listed").sum())),
        **by_verdict,
    }
