"""Checks on people: what a word such as "the majority" allows, and what field data say of it.

Without field data a word gives a range of counts (Result.bounds), never a point; what field data say of it is in
field_people.py.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.ledger.checks.field_people import field_result, people_in_field
from koppelkans.ledger.checks.lookup import fact_number, fact_row, read, row_of, rows_where, table_of
from koppelkans.ledger.checks.registry import Result, Tables, Words, check
from koppelkans.ledger.checks.wording import EMPTY, cell, opening, sentence
from koppelkans.locale import N_
from koppelkans.strands.quantifiers import feasible_counts, form_of

GROUP_SHOWN_IN = {
    "tenant-interviews": ("03-tenants", "fig-tenants-bounds"),
    "evaluation-interviews": ("01-sessions", "fig-evaluation-themes"),
    "homeowner-interviews": ("04-homeowners", "fig-homeowners-themes"),
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
SAYS_LITTLE = {
    **dict.fromkeys(("one", "at-least-one"), N_(" That says little: it excludes only nobody.")),
    "plural": N_(" That says little: it excludes only nobody and one."),
}
"""Said of rules that exclude next to nothing."""
PREFERENCES = ("05-preferences", "fig-preference-bounds")
_OPEN = ("unbounded", "no-count")


def _ends(rule: str, n: int | None) -> tuple[int | None, int | None]:
    """Return the lowest and highest count of n people; of an unknown n those that hold for every larger group."""
    if n is not None:
        counts = feasible_counts(rule, n)
        return (counts[0], counts[-1]) if len(counts) else (None, None)
    small, large = feasible_counts(rule, 20), feasible_counts(rule, 40)
    low = small[0] if small[0] == large[0] else None
    high = small[-1] if small[-1] == large[-1] else None
    return low, high


def _no_bound(row: pd.Series, rule: str, expected: str) -> tuple[str, Words]:
    """Say why the words of a quantifier force no count: what they would allow, and a sentence."""
    if rule == "no-count":
        return "", sentence(
            N_("“{word}” is about a degree and not about people: no count follows."), word=opening(cell(row, "word"))
        )
    if expected:
        return form_of("unbounded"), sentence(
            N_("“{word}” forces no count; by convention it reads as {meaning}."),
            word=opening(cell(row, "word")),
            meaning=sentence(RULE_WORDS[expected]),
        )
    return form_of("unbounded"), sentence(
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
        return form_of(rule), text
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
    field = people_in_field(tables, str(row["group"]), question, option, code)
    if field is not None and row["rule"] not in _OPEN:
        return field_result(row, str(row["rule"]), *field)
    known = not pd.isna(row["n"]) and row["n_basis"] not in BASIS_WORDS
    n = int(row["n"]) if known else None
    notebook, figure = PREFERENCES if question else GROUP_SHOWN_IN.get(str(row["group"]), ("", ""))
    here = table_of(tables, "quantifiers")[table_of(tables, "quantifiers")["id"] == id]
    looked = ["rule", *(["reading"] if conventional else []), *(["n"] if n is not None and rule not in _OPEN else [])]
    reads = tuple(read("quantifiers", here, column) for column in looked)
    if rule in _OPEN:
        allowed, why = _no_bound(row, rule, str(row["rule"]) if conventional else "")
        expected = f"{form_of(str(row['rule']))} by convention" if conventional else ""
        return Result(None, allowed, expected, why, reads, notebook=notebook, figure=figure)
    low, high = _ends(rule, n)
    counts, text = _range(row, rule, n, low, high)
    little = sentence(SAYS_LITTLE[rule]) if rule in SAYS_LITTLE else EMPTY
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
        expected=form_of(str(row["rule"])),
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
