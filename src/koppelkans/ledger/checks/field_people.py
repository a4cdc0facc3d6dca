"""What field data say of a word such as "the majority": the share of people, held against the shares the word allows.

The tables are `answers` (respondent, question, option, rank, missing) or `documents`, `codes` and `codings` (document,
code). Of a group that is a strand, only that strand counts.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.tree import codes_named, descendants
from koppelkans.ledger.checks.registry import Result, Tables
from koppelkans.ledger.checks.wording import as_read, cell, sentence
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.quantifiers import feasible_counts, form_of

STRAND_OF_GROUP = {
    "tenant-interviews": "tenants",
    "evaluation-interviews": "evaluation",
    "homeowner-interviews": "homeowners",
}


_LARGE = 10_000


def _shares(rule: str) -> tuple[float, float]:
    """Return the lowest and highest share that a rule allows of very many people."""
    counts = feasible_counts(rule, _LARGE)
    return round(counts[0] / _LARGE, 3), round(counts[-1] / _LARGE, 3)


def verdict_of(estimate: Estimate, rule: str) -> str:
    """Hold a share of people against what a rule allows: supported, contradicted or undecided.

    Supported where the count is one that the words allow and the interval lies inside the shares that they allow of
    many people; contradicted where the interval lies outside; undecided otherwise.
    """
    if not estimate.has_interval:
        return "undecided"
    low, high = _shares(rule)
    share, share_low, share_high = estimate.numbers()
    if share_high < low or share_low > high:
        return "contradicted"
    counted = round(share * estimate.n) in feasible_counts(rule, estimate.n)
    return "supported" if counted and share_low >= low and share_high <= high else "undecided"


def _of_strand(table: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the rows of the strand that a group of people is; all where the table or the group has none."""
    strand = STRAND_OF_GROUP.get(group, "")
    if "strand" not in table.columns or not strand:
        return table
    return table[table["strand"] == strand]


def people_in_field(tables: Tables, group: str, question: str, option: str, code: str) -> tuple[int, int] | None:
    """Count people with an answer or a code: (those with it, all who answered); None where there are no such data."""
    if question and "answers" in tables:
        given = _of_strand(tables["answers"], group)
        given = given[given["question"] == question]
        if "missing" in given.columns:
            given = given[given["missing"].fillna("") == ""]
        first = given[given["rank"].isna() | (given["rank"] == 1)]
        chosen = first.loc[first["option"] == option, "respondent"].nunique()
        return (int(chosen), int(given["respondent"].nunique())) if len(given) else None
    if code and "codings" in tables and "documents" in tables:
        documents = set(_of_strand(tables["documents"], group)["document"])
        segments = tables["codings"][tables["codings"]["code"].isin(_codes(tables, code))]
        coded = set(segments["document"]) & documents
        return (len(coded), len(documents)) if documents else None
    return None


def _codes(tables: Tables, named: str) -> set[str]:
    """Return the keys of a code named by its key, name or path, and of the codes below it."""
    if "codes" not in tables:
        return {named}
    below = descendants(tables["codes"])
    return set(below.loc[below["ancestor"].isin(codes_named(tables["codes"], named)), "code"])


def field_result(row: pd.Series, rule: str, people: int, n: int) -> Result:
    """Hold `people` of `n` against the words of a quantifier (`row`), read by `rule`, with the interval."""
    estimate = proportion(people, n)
    shares = estimate.numbers()
    verdict = verdict_of(estimate, rule)
    low, high = feasible_counts(rule, n)[:1], feasible_counts(rule, n)[-1:]
    share, share_low, share_high = (as_read(100 * one, 0, "%") for one in shares)
    meaning = {
        "supported": N_("that supports the words"),
        "contradicted": N_("that contradicts the words"),
        "undecided": N_("that decides nothing on"),
    }[verdict]
    return Result(
        agrees=None,
        found=f"{people} of {n} ({100 * shares[0]:.0f}%, {100 * shares[1]:.0f}-{100 * shares[2]:.0f}%)",
        expected=form_of(rule),
        low=low[0] if len(low) else None,
        high=high[0] if len(high) else None,
        n=n,
        against="field",
        verdict=verdict,
        evidence=sentence(
            N_("Of {n} people {people}: {share}, interval {low} to {high} (Wilson, 95%); {meaning} “{word}”."),
            n=n,
            people=people,
            share=share,
            low=share_low,
            high=share_high,
            meaning=sentence(meaning),
            word=cell(row, "word"),
        ),
    )
