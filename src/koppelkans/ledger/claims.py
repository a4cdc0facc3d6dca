"""The published statements: how many of which kind, and what it would take to check them.

`claims` is the table claims: id, kind, section, work_package, level, evidence_kind, testable_with ("; " between data
sets; "none"), core ("0" or "1"), anchor.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.locale.language import Number
from koppelkans.strands.published import counted
from koppelkans.study.origin import carries_origin

KINDS = ("background", "method", "finding", "limitation", "conclusion", "advice")
TEXT_SOURCES = ("table1", "arithmetic on the text")
FIELD_SOURCES = ("evaluation-interviews", "change-stories", "tenant-interviews", "homeowner-interviews")
CLASSES = ("text", "text-and-field", "field", "none")


@carries_origin
def with_part(claims: pd.DataFrame) -> pd.DataFrame:
    """Add `part`, the part of the report that `section` belongs to: "2.1.3" gives "2.1", "3.1" gives "3".

    Chapter 2 is split, since it reports one work package a section; "Voorwoord" and "Tabel 1" stay as they are.
    """
    if claims.empty:
        return claims
    numbers = claims["section"].str.extract(r"^(2\.\d|\d)", expand=False)
    return claims.assign(part=numbers.fillna(claims["section"]))


@carries_origin
def coverage(claims: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Count statements by one or more columns: the columns of `by`, n, n_core (statements that the argument rests on).

    Raises KeyError where a column is not there. Only combinations that occur are listed, in order of first occurrence.
    """
    if claims.empty:
        return pd.DataFrame(columns=[*by, "n", "n_core"])
    core = claims["core"].astype(str).isin(["1", "True"])
    return claims.assign(_core=core).groupby(by, sort=False)["_core"].agg(n="size", n_core="sum").reset_index()


def _sources(claims: pd.DataFrame) -> pd.Series:
    return claims["testable_with"].str.split(";").map(lambda parts: {part.strip() for part in parts} - {"", "none"})


def testability(claims: pd.DataFrame) -> pd.DataFrame:
    """Say of each statement what it can be checked with.

    Columns: id, kind, class (text: the published text is enough; text-and-field: the text goes part of the way; field:
    only field data; none: not an empirical statement), needs (field data sets, "; " between them).
    """
    if claims.empty:
        return pd.DataFrame(columns=["id", "kind", "class", "needs"])
    sources = _sources(claims)
    in_text = sources.map(lambda found: not found.isdisjoint(TEXT_SOURCES))
    in_field = sources.map(lambda found: bool(found - set(TEXT_SOURCES)))
    result = claims[["id", "kind"]].copy()
    result["class"] = "none"
    result.loc[in_text, "class"] = "text"
    result.loc[in_field, "class"] = "field"
    result.loc[in_text & in_field, "class"] = "text-and-field"
    result["needs"] = sources.map(lambda found: "; ".join(sorted(found - set(TEXT_SOURCES))))
    return result


@carries_origin
def testability_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Count statements by kind and by what they can be checked with: kind, n, n_core and a column for each class."""
    if claims.empty:
        return pd.DataFrame(columns=["kind", "n", "n_core", *CLASSES])
    classes = testability(claims)
    counts = pd.crosstab(classes["kind"], classes["class"]).reindex(columns=list(CLASSES), fill_value=0)
    result = coverage(claims, ["kind"]).merge(counts.reset_index(), on="kind")
    order = {kind: place for place, kind in enumerate(KINDS)}
    return result.sort_values("kind", key=lambda kinds: kinds.map(order), ignore_index=True)


def numbers(claims: pd.DataFrame, discrepancies: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return the numbers of the ledger under the keys that the report uses; a dash where there is no such table.

    testable_from_text counts class "text"; needs_field_data counts "field" and "text-and-field".
    """
    classes = testability(claims)["class"].value_counts()
    kinds = claims["kind"].value_counts() if not claims.empty else pd.Series(dtype=int)

    def count(value: int | None) -> Number:
        return counted(None if claims.empty else value, language)

    stated = 0 if claims.empty else int((claims["level_basis"] == "stated").sum())
    return {
        "total": count(len(claims)),
        "level_stated": count(stated),
        "core": count(0 if claims.empty else int(coverage(claims, ["kind"])["n_core"].sum())),
        "findings": count(int(kinds.get("finding", 0))),
        "methods": count(int(kinds.get("method", 0))),
        "background": count(int(kinds.get("background", 0))),
        "limitations": count(int(kinds.get("limitation", 0))),
        "conclusions": count(int(kinds.get("conclusion", 0))),
        "advice": count(int(kinds.get("advice", 0))),
        "anchored": count(0 if claims.empty else int((claims["anchor"] != "").sum())),
        "testable_from_text": count(int(classes.get("text", 0))),
        "needs_field_data": count(int(classes.get("field", 0) + classes.get("text-and-field", 0))),
        "discrepancies": counted(None if discrepancies.empty else len(discrepancies), language),
    }
