"""Checks on people: what a word such as "the majority" allows, and what field data say of it.

Without field data a word gives a range of counts (Result.bounds), never a point. With field data, the tables `answers`
(respondent, question, option, rank, missing) or `documents`, `codes` and `codings` (document, code), the share of
people with its Wilson interval is held against the shares that the word allows. Of a group that is a strand, only that
strand counts.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.tree import codes_named, descendants
from koppelkans.ledger.checks.lookup import both, fact_number, fact_row, first_upper, read, row_of, rows_where, table_of
from koppelkans.ledger.checks.registry import Result, Tables, Words, check
from koppelkans.locale.language import number
from koppelkans.statistics.estimate import Estimate
from koppelkans.strands.preferences import proportion
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
    "one": both("ten minste één", "at least one"),
    "none": both("niet één", "not one"),
    "at-least-one": both("ten minste één", "at least one"),
    "plural": both("ten minste twee", "at least two"),
    "some-not-all": both("ten minste één, maar niet allemaal", "at least one, but not all"),
    "plural-not-all": both("ten minste twee, maar niet allemaal", "at least two, but not all"),
    "majority": both("meer dan de helft", "more than half"),
    "majority-not-all": both("meer dan de helft, maar niet allemaal", "more than half, but not all"),
    "minority": both("ten minste één en minder dan de helft", "at least one and less than half"),
    "not-all": both("niet allemaal", "not all of them"),
}
BASIS_WORDS = {
    "if-all-tenants": both(" als alle geïnterviewden huurders waren", " if all interviewees were tenants"),
    "if-named-partners": both(" als het om de genoemde partners gaat", " if the partners named are meant"),
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
        held = tables["codings"][tables["codings"]["code"].isin(_codes(tables, code))]
        coded = set(held["document"]) & documents
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
    text = {lang: [number(100 * share, lang, 0, "%")["text"] for share in shares] for lang in ("nl", "en")}
    meaning = {
        "supported": both("dat steunt de woorden", "that supports the words"),
        "contradicted": both("dat spreekt de woorden tegen", "that contradicts the words"),
        "undecided": both("dat beslist niets", "that decides nothing"),
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
        evidence=both(
            f"Van {n} mensen {people}: {text['nl'][0]}, interval {text['nl'][1]} tot {text['nl'][2]} (Wilson, 95%); "
            f"{meaning['nl']} “{row['word_nl']}”.",
            f"Of {n} people {people}: {text['en'][0]}, interval {text['en'][1]} to {text['en'][2]} (Wilson, 95%); "
            f"{meaning['en']} “{row['word_en']}”.",
        ),
    )


def _no_bound(row: pd.Series, rule: str, expected: str) -> tuple[str, Words]:
    """Say why the words of a quantifier force no count: what they would allow, and a sentence."""
    if rule == "no-count":
        return "", both(
            f"“{first_upper(str(row['word_nl']))}” gaat over de mate, niet over mensen: er volgt geen aantal uit.",
            f"“{first_upper(str(row['word_en']))}” is about a degree and not about people: no count follows.",
        )
    if expected:
        word = RULE_WORDS[expected]
        return counts_of("unbounded"), both(
            f"“{first_upper(str(row['word_nl']))}” dwingt geen aantal af; gebruikelijk leest men het als {word['nl']}.",
            f"“{first_upper(str(row['word_en']))}” forces no count; by convention it reads as {word['en']}.",
        )
    return counts_of("unbounded"), both(
        f"“{first_upper(str(row['word_nl']))}” laat elk aantal toe: van niemand tot iedereen.",
        f"“{first_upper(str(row['word_en']))}” allows every count, from nobody to everybody.",
    )


def _range(row: pd.Series, rule: str, n: int | None, low: int | None, high: int | None) -> tuple[str, Words]:
    """Write the range that the words of a quantifier leave: as it stands in `found`, and as a sentence."""
    nl, en, words = first_upper(str(row["word_nl"])), first_upper(str(row["word_en"])), RULE_WORDS[rule]
    if n is None and low is not None and low == high:
        return f"{low}", both(
            f"“{nl}” laat één aantal over: {low}; er is niets gepubliceerd om het aan te toetsen.",
            f"“{en}” leaves one count: {low}; nothing was published to test it with.",
        )
    if n is None:
        return counts_of(rule), both(
            f"“{nl}” betekent {words['nl']}; van hoeveel mensen staat er niet.",
            f"“{en}” means {words['en']}; of how many people is not given.",
        )
    basis = BASIS_WORDS.get(str(row["n_basis"]), both("", ""))
    if low == high:
        return f"{low} of {n}", both(
            f"“{nl}” betekent {words['nl']}: {low} van de {n}{basis['nl']}.",
            f"“{en}” means {words['en']}: {low} of {n}{basis['en']}.",
        )
    return f"{low}-{high} of {n}", both(
        f"“{nl}” betekent {words['nl']}: {low} tot {high} van de {n}{basis['nl']}; hoeveel het er waren, "
        "staat er niet.",
        f"“{en}” means {words['en']}: {low} to {high} of {n}{basis['en']}; how many there were is not said.",
    )


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
    n = None if pd.isna(row["n"]) else int(row["n"])
    notebook, figure = PREFERENCES if question else GROUP_SHOWN_IN.get(str(row["group"]), ("", ""))
    here = table_of(tables, "quantifiers")[table_of(tables, "quantifiers")["id"] == id]
    looked = ["rule", *(["reading"] if conventional else []), *(["n"] if n is not None and rule not in _OPEN else [])]
    reads = tuple(read("quantifiers", here, column) for column in looked)
    if rule in _OPEN:
        found, why = _no_bound(row, rule, str(row["rule"]) if conventional else "")
        expected = f"{counts_of(str(row['rule']))} by convention" if conventional else ""
        return Result(None, found, expected, why, reads, notebook=notebook, figure=figure)
    low, high = _ends(rule, n)
    found, text = _range(row, rule, n, low, high)
    return Result(
        agrees=None,
        found=found,
        expected="",
        evidence=text,
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
    about = both(first_upper(str(row["about_nl"])), first_upper(str(row["about_en"])))
    if "documents" in tables and "strand" in tables["documents"].columns:
        held = int((tables["documents"]["strand"] == strand).sum())
        return Result(
            None,
            str(held),
            str(says),
            both(
                f"{about['nl']}: de uitspraak zegt {says}, er zijn er {held}.",
                f"{about['en']}: the statement says {says}, there are {held}.",
            ),
            against="field",
            verdict="supported" if held == says else "contradicted",
            n=held,
        )
    return Result(
        None if stated == says else False,
        str(stated),
        str(says),
        both(
            f"{about['nl']}: de uitspraak zegt {says}, de losse getallen {stated}; alleen de interviews zelf "
            "kunnen dat "
            "bewijzen.",
            f"{about['en']}: the statement says {says}, the single numbers {stated}; only the interviews can prove it.",
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
        evidence=both(
            f"“{first_upper(str(row['word_nl']))}” van {n} sessies: {shown['session'].nunique()} gebruikten "
            "een online bord "
            f"en er zijn {places} locaties genoemd, dus {low} tot {high}.",
            f"“{first_upper(str(row['word_en']))}” of {n} sessions: {shown['session'].nunique()} used an "
            "online board and "
            f"{places} locations are named, so {low} to {high}.",
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
