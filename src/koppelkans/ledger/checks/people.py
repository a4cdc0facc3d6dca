"""Checks on people: what a word such as "the majority" allows, and what field data say of it.

Without field data a word gives a range of counts (Result.bounds), never a point. With field data, the tables `answers`
(respondent, question, option, rank, missing) or `documents`, `codes` and `codings` (document, code), the share of
people with its Wilson interval is held against the shares that the word allows. Of a group that is a strand, only that
strand counts.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.tree import codes_named, descendants
from koppelkans.ledger.checks.lookup import fact_number, fact_row, read, row_of, rows_where, table_of
from koppelkans.ledger.checks.registry import Result, Tables, Words, check
from koppelkans.ledger.checks.wording import EMPTY, as_read, cell, opening, sentence
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.quantifiers import FORMS, feasible_counts

GROUP_SHOWN_IN = {
    "tenant-interviews": ("03-tenants", "fig-tenants-bounds"),
    "evaluation-interviews": ("01-sessions", "fig-evaluation-themes"),
    "homeowner-interviews": ("04-homeowners", "fig-homeowners-themes"),
}
STRAND_OF_GROUP = {
    "tenant-interviews": "tenants",
    "evaluation-interviews": "evaluation",
    "homeowner-interviews": "homeowners",
}
RULE_WORDS = {
    "one": N_("at least one"),
    "none": N_("not one"),
    "at-least-one": N_("at least one"),
    "plural": N_("at least two"),
    "some-not-all": N_("at least one, but not all"),
    "plural-not-all": N_("at least two, but not all"),
    "majority": N_("more than half"),
    "majority-not-all": N_("more than half, but not all"),
    "minority": N_("at least one and less than half"),
    "not-all": N_("not all of them"),
}
BASIS_WORDS = {
    "if-all-tenants": N_("only the interviews are meant, all of them with tenants"),
    "if-named-partners": N_("the partners named are meant"),
}
PREFERENCES = ("05-preferences", "fig-preference-bounds")
_LARGE = 10_000
_OPEN = ("unbounded", "no-count")


def counts_of(rule: str) -> str:
    """Write what a rule allows of n people, such as "⌊n/2⌋ + 1 to n of n"."""
    low, high = FORMS[rule]
    return f"{low} of n" if low == high else f"{low} to {high} of n"


def _shares(rule: str) -> tuple[float, float]:
    """Return the lowest and highest share that a rule allows of very many people."""
    counts = feasible_counts(rule, _LARGE)
    return round(counts[0] / _LARGE, 3), round(counts[-1] / _LARGE, 3)


def _ends(rule: str, n: int | None) -> tuple[int | None, int | None]:
    """Return the lowest and highest count of n people; of an unknown n those that hold for every larger group."""
    if n is not None:
        counts = feasible_counts(rule, n)
        return (counts[0], counts[-1]) if len(counts) else (None, None)
    small, large = feasible_counts(rule, 20), feasible_counts(rule, 40)
    low = small[0] if small[0] == large[0] else None
    high = small[-1] if small[-1] == large[-1] else None
    return low, high


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


def _from_field(tables: Tables, group: str, question: str, option: str, code: str) -> tuple[int, int] | None:
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


def _field_result(row: pd.Series, rule: str, people: int, n: int) -> Result:
    estimate = proportion(people, n)
    shares = estimate.numbers()
    verdict = verdict_of(estimate, rule)
    low, high = feasible_counts(rule, n)[:1], feasible_counts(rule, n)[-1:]
    share, share_low, share_high = (as_read(100 * one, 0, "%") for one in shares)
    meaning = {
        "supported": N_("that supports the words"),
        "contradicted": N_("that contradicts the words"),
        "undecided": N_("that decides nothing"),
    }[verdict]
    return Result(
        agrees=None,
        found=f"{people} of {n} ({100 * shares[0]:.0f}%, {100 * shares[1]:.0f}-{100 * shares[2]:.0f}%)",
        expected=counts_of(rule),
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


def _no_bound(row: pd.Series, rule: str, expected: str) -> tuple[str, Words]:
    """Say why the words of a quantifier force no count: what they would allow, and a sentence."""
    if rule == "no-count":
        return "", sentence(
            N_("“{word}” is about a degree and not about people: no count follows."), word=opening(cell(row, "word"))
        )
    if expected:
        return counts_of("unbounded"), sentence(
            N_("“{word}” forces no count; by convention it reads as {meaning}."),
            word=opening(cell(row, "word")),
            meaning=sentence(RULE_WORDS[expected]),
        )
    return counts_of("unbounded"), sentence(
        N_("“{word}” allows every count, from nobody to everybody."), word=opening(cell(row, "word"))
    )


def _range(row: pd.Series, rule: str, n: int | None, low: int | None, high: int | None) -> tuple[str, Words]:
    """Write the range that the words of a quantifier leave: as it stands in `found`, and as a sentence."""
    word, meaning = opening(cell(row, "word")), sentence(RULE_WORDS[rule])
    if n is None:
        text = sentence(N_("“{word}” means {meaning}; of how many people is not given."), word=word, meaning=meaning)
        if row["n_basis"] in BASIS_WORDS:
            size = int(row["n"])
            counts = feasible_counts(rule, size)
            condition = sentence(
                N_(" If {condition}, it is {low} to {high} of {n}."),
                condition=sentence(BASIS_WORDS[row["n_basis"]]),
                low=counts[0],
                high=counts[-1],
                n=size,
            )
            text = {language: own + condition[language] for language, own in text.items()}
        return counts_of(rule), text
    if low == high:
        return f"{low} of {n}", sentence(
            N_("“{word}” means {meaning}: {low} of {n}."), word=word, meaning=meaning, low=low, n=n
        )
    text = sentence(
        N_("“{word}” means {meaning}: {low} to {high} of {n}; how many there were is not said."),
        word=word,
        meaning=meaning,
        low=low,
        high=high,
        n=n,
    )
    return f"{low}-{high} of {n}", text


def _says_little(rule: str) -> Words:
    """Say where words exclude next to nothing: only that it was nobody, or one."""
    if rule in ("at-least-one", "one"):
        return sentence(N_(" That says little: it excludes only nobody."))
    if rule in ("plural", "not-all"):
        return sentence(
            N_(" That says little: it excludes only nobody and one.")
            if rule == "plural"
            else N_(" That says little: it excludes only everybody.")
        )
    return EMPTY


@check("quantifier")
def quantifier(tables: Tables, *, id: str, question: str = "", option: str = "", code: str = "") -> Result:
    """Give what the words of a quantifier (`id`) force on a count of people, or what field data say of it.

    Field data: answers to `question` (a data set) with the answer `option`, or interviews with the code `code` (key,
    name or path). Words that rest on a convention, count no people or allow every count give no range, and the result
    says so.
    """
    row = row_of(tables, "quantifiers", "id", id, "id")
    conventional = bool(row["reading"] == "convention")
    rule = "unbounded" if conventional else str(row["rule"])
    field = _from_field(tables, str(row["group"]), question, option, code)
    if field is not None and row["rule"] not in _OPEN:
        return _field_result(row, str(row["rule"]), *field)
    known = not pd.isna(row["n"]) and row["n_basis"] not in BASIS_WORDS
    n = int(row["n"]) if known else None
    notebook, figure = PREFERENCES if question else GROUP_SHOWN_IN.get(str(row["group"]), ("", ""))
    here = table_of(tables, "quantifiers")[table_of(tables, "quantifiers")["id"] == id]
    looked = ["rule", *(["reading"] if conventional else []), *(["n"] if n is not None and rule not in _OPEN else [])]
    reads = tuple(read("quantifiers", here, column) for column in looked)
    if rule in _OPEN:
        allowed, why = _no_bound(row, rule, str(row["rule"]) if conventional else "")
        expected = f"{counts_of(str(row['rule']))} by convention" if conventional else ""
        return Result(None, allowed, expected, why, reads, notebook=notebook, figure=figure)
    low, high = _ends(rule, n)
    counts, text = _range(row, rule, n, low, high)
    little = _says_little(rule)
    return Result(
        agrees=None,
        found=counts,
        expected="",
        evidence={language: own + little[language] for language, own in text.items()},
        reads=reads,
        bounds=True,
        low=low,
        high=high,
        n=n,
        data_set=question,
        notebook=notebook,
        figure=figure,
    )


@check("interviews_held")
def interviews_held(tables: Tables, *, strand: str, fact: str, says: int) -> Result:
    """Hold a published number of interviews against the interviews themselves (table `documents`, column strand).

    Without them, a number that differs from the facts table is found, and nothing else.
    """
    row, stated = fact_row(tables, fact), fact_number(tables, fact)
    about = opening(cell(row, "about"))
    if "documents" in tables and "strand" in tables["documents"].columns:
        interviews = int((tables["documents"]["strand"] == strand).sum())
        return Result(
            None,
            str(interviews),
            str(says),
            sentence(
                N_("{about}: the statement says {says}, there are {interviews}."),
                about=about,
                says=says,
                interviews=interviews,
            ),
            against="field",
            verdict="supported" if interviews == says else "contradicted",
            n=interviews,
        )
    return Result(
        None if stated == says else False,
        str(stated),
        str(says),
        sentence(
            N_("{about}: the statement says {says}, the single numbers {stated}; only the interviews can prove it."),
            about=about,
            says=says,
            stated=stated,
        ),
        (read("facts", row, "value"),),
    )


@check("online_sessions")
def online_sessions(tables: Tables, *, id: str, onsite_fact: str) -> Result:
    """Narrow what a quantifier (`id`) allows of the sessions by what table 1 shows.

    At least as many were online as named an online tool, and each onsite place named takes at least one session.
    """
    row = row_of(tables, "quantifiers", "id", id, "id")
    items = rows_where(tables, "sessions", [])
    n = items["session"].nunique()
    places = fact_number(tables, onsite_fact, "onsite_fact")
    shown = items[items["mode"] == "online"]
    counts = feasible_counts(str(row["rule"]), n)
    low, high = max(counts[0], shown["session"].nunique()), min(counts[-1], n - places)
    fits = low <= high
    return Result(
        agrees=None if fits else False,
        bounds=fits,
        found=f"{low}-{high} of {n}",
        expected=counts_of(str(row["rule"])),
        low=low,
        high=high,
        n=n,
        evidence=sentence(
            N_(
                "“{word}” of {n} sessions: {online} used an online board and {places} locations "
                "are named, so {low} to {high}."
            ),
            word=opening(cell(row, "word")),
            n=n,
            online=shown["session"].nunique(),
            places=places,
            low=low,
            high=high,
        ),
        reads=(
            read("sessions", items, "session"),
            read("sessions", items, "mode"),
            read("quantifiers", table_of(tables, "quantifiers")[table_of(tables, "quantifiers")["id"] == id], "rule"),
            read("facts", fact_row(tables, onsite_fact, "onsite_fact"), "value"),
        ),
        notebook="01-sessions",
        figure="fig-timeline",
    )
