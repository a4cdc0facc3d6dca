"""The ledger: for every published statement one status, computed from its check and its kind, with the evidence.

A status is never typed. The rule, in this order:

1. the check of the claim decided: with field data `supported`, `contradicted` or `undecided`; against another public
   page `companion`; against other published data `recomputed` (agrees) or `discrepant` (does not);
2. the check left a range: `bounded`;
3. no check decided: a normative or conceptual statement is `not-empirical`; one that field data could test is
   `needs-data`; one that a companion page speaks of is `companion`; every other one is `transcribed`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.checks import Read, Result, WrongArgument, require_sound, run_check
from koppelkans.ledger.checks.lookup import both
from koppelkans.ledger.claims import KINDS, TEXT_SOURCES
from koppelkans.locale.language import Number, number
from koppelkans.study.origin import carries_origin, origin_of, with_origin

STATUSES = (
    *("recomputed", "discrepant", "bounded", "transcribed", "companion", "needs-data", "not-empirical"),
    *("supported", "contradicted", "undecided"),
)
OPEN = ("needs-data", "bounded", "transcribed", "companion")
"""Statuses that more data could move."""
COLUMNS = [
    *("id", "kind", "section", "work_package", "level", "core", "statement_nl", "statement_en", "quantity", "anchor"),
    *("evidence_kind", "testable_with", "status", "check", "check_args", "found", "expected", "low", "high", "n"),
    *("evidence_nl", "evidence_en", "needs", "needs_nl", "needs_en", "notebook", "figure"),
    *("from_claims", "to_claims", "discrepancies", "companions"),
]
PART_SHOWN_IN = {
    "2.1": ("01-sessions", "fig-evaluation-themes"),
    "2.2": ("02-effects", "fig-effects-themes"),
    "2.3": ("03-tenants", "fig-tenants-themes"),
    "2.4": ("04-homeowners", "fig-homeowners-themes"),
}
HELD = {
    "on-request": both("op aanvraag", "on request"),
    "not-offered": both("niet aangeboden", "not offered"),
    "not-published": both("niet gepubliceerd", "not published"),
    "public": both("openbaar", "public"),
}
HOLDERS = {
    "not stated": both("", ""),
    "student (portfolio)": both(": de portfolio van de student", ": the portfolio of the student"),
    "student (thesis)": both(": de scriptie van de student", ": the thesis of the student"),
    "municipality of Soest": both(": de gemeente Soest", ": the municipality of Soest"),
    "Statistics Netherlands (CBS)": both(": het CBS", ": Statistics Netherlands (CBS)"),
}
DATA_SET_WORDS = {
    "evaluation-interviews": both("de evaluatie-interviews", "the evaluation interviews"),
    "change-stories": both("de veranderverhalen", "the change stories"),
    "tenant-interviews": both("de interviews met huurders", "the tenant interviews"),
    "homeowner-interviews": both("de interviews met woningeigenaren", "the homeowner interviews"),
    "information-preference": both("de antwoorden op de vraag naar informatie", "the answers on how to be informed"),
    "flyer-response": both("de respons op de flyer", "the response to the flyer"),
}
NEXT_CHECK = {
    "preference": both(
        "het aandeel per antwoord met een interval, tegen de woorden gehouden (check quantifier)",
        "the share of each answer with an interval, held against the words (check quantifier)",
    ),
    "people": both(
        "het aandeel interviews met deze code en een interval, tegen de woorden gehouden (check quantifier met code)",
        "the share of interviews with this code and an interval, held against the words (check quantifier with code)",
    ),
    "interviews": both("het tellen van de interviews (check interviews_held)", "counting them (check interviews_held)"),
    "coded": both(
        "tellen in hoeveel interviews of verhalen dit is gecodeerd (check quantifier met code)",
        "counting in how many interviews or stories this was coded (check quantifier with code)",
    ),
    "numbers": both("de aantallen zelf vergelijken (check difference)", "comparing the numbers (check difference)"),
}
NO_DATA_SET = both(
    "Geen enkele genoemde gegevensverzameling kan dit beslissen.", "No data set that the study names can settle this."
)


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples())


def data_sets_of(testable_with: str) -> list[str]:
    """Return the field data sets of the cell testable_with: those between ";" that are not the published text."""
    parts = [part.strip() for part in testable_with.split(";")]
    return [part for part in parts if part and part != "none" and part not in TEXT_SOURCES]


def is_conceptual(claim: Any) -> bool:
    """Tell whether a statement is normative, or background that argues from theory and that no data bear on."""
    if claim.evidence_kind == "normative":
        return True
    return claim.kind == "background" and claim.evidence_kind == "relation" and claim.testable_with == "none"


def status_of(claim: Any, result: Result | None, companions: list[str]) -> str:
    """Compute the status of one claim (kind, evidence_kind, testable_with) from what its check found.

    `companions` are the ids of companion sources that bear on it.
    """
    if result is not None:
        if result.against == "field" and result.verdict:
            return result.verdict
        if result.against == "companion":
            return "companion"
        if result.agrees is not None:
            return "recomputed" if result.agrees else "discrepant"
        if result.bounds:
            return "bounded"
    if is_conceptual(claim):
        return "not-empirical"
    if data_sets_of(claim.testable_with) or (result is not None and result.data_set):
        return "needs-data"
    return "companion" if companions else "transcribed"


def _links(table: pd.DataFrame | None, key: str, value: str) -> dict[str, list[str]]:
    """Map the ids in a column (with ";" between them) to the values of another column."""
    by_key: dict[str, list[str]] = {}
    if table is None or table.empty:
        return by_key
    for cell, linked in zip(table[key], table[value], strict=True):
        for one in filter(None, (part.strip() for part in str(cell).split(";"))):
            by_key.setdefault(one, []).append(str(linked))
    return by_key


def _data_sets(data_sets: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Say of every data set what it is, and who has it on which terms: data set -> {nl, en}."""
    described = {}
    for row in _rows(data_sets):
        name, holder = str(row.data_set), HOLDERS.get(str(row.held_by), both(f": {row.held_by}", f": {row.held_by}"))
        words, terms = DATA_SET_WORDS.get(name, both(name, name)), HELD[str(row.raw_status)]
        described[name] = {lang: f"{words[lang]} ({terms[lang]}{holder[lang]})" for lang in words}
    return described


def _settled_by(claim: Any, result: Result | None) -> list[str]:
    """Name the data sets of which any would settle a claim: the one that its check asks for, else what it lists."""
    return [result.data_set] if result is not None and result.data_set else data_sets_of(claim.testable_with)


def _needs(described_sets: dict[str, dict[str, str]], claim: Any, result: Result | None) -> dict[str, str]:
    """Say which data set would settle a claim, who has it (as `_data_sets` says), and which check would run then."""
    names = _settled_by(claim, result)
    if not names:
        unsettled = result is not None and not result.bounds and result.against == "report"
        return NO_DATA_SET if unsettled else both("", "")
    if "question=" in claim.check_args:
        step = "preference"
    elif claim.check == "interviews_held":
        step = "interviews"
    elif result is not None and result.data_set:
        step = "numbers"
    else:
        step = "people" if claim.check == "quantifier" else "coded"
    described = [
        described_sets[name] if name in described_sets else DATA_SET_WORDS.get(name, both(name, name)) for name in names
    ]
    listed = {"nl": " of ".join(d["nl"] for d in described), "en": " or ".join(d["en"] for d in described)}
    return both(
        f"Nodig: {listed['nl']}. Dan: {NEXT_CHECK[step]['nl']}.",
        f"Needed: {listed['en']}. Then: {NEXT_CHECK[step]['en']}.",
    )


def _plural(count: int, none: str, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}" if count else none


def _without_check(claim: Any, status: str, sources: list[str], support: int, pages: dict[str, Any]) -> dict[str, str]:
    """Write the evidence of a claim without a check; `support` is how many statements lead to it in the traces."""
    rests = both(
        _plural(support, "geen andere uitspraak", "andere uitspraak", "andere uitspraken"),
        _plural(support, "no other statement", "other statement", "other statements"),
    )
    if status == "needs-data":
        where = [DATA_SET_WORDS.get(name, both(name, name)) for name in data_sets_of(claim.testable_with)]
        return both(
            f"Alleen {' en '.join(word['nl'] for word in where)} kunnen dit bevestigen; de tekst geeft "
            "de uitkomst, niet de gegevens.",
            f"Only {' and '.join(word['en'] for word in where)} can bear this out; the text gives "
            "the outcome and not the data.",
        )
    if status == "companion":
        page = pages[sources[0]]
        return both(
            f"Een andere openbare bron gaat hierover ({sources[0]}): {page['says_nl']}",
            f"Another public source speaks of it ({sources[0]}): {page['says_en']}",
        )
    if status == "not-empirical":
        leads = both(
            f"in onze lezing steunt het op {rests['nl']}",
            f"in our reading it rests on {rests['en']}",
        )
        if claim.evidence_kind == "normative":
            return both(
                f"Dit zegt wat zou moeten of goed is, niet wat gemeten is; {leads['nl']}.",
                f"This says what ought to be or is good, not what was measured; {leads['en']}.",
            )
        return both(
            "Dit is een redenering uit theorie of literatuur; het onderzoek heeft er zelf geen gegevens over.",
            "This is an argument from theory or literature; the study itself has no data on it.",
        )
    if claim.kind == "conclusion":
        return both(
            f"Een gevolgtrekking in {_section(claim.section, 'nl')}; zij steunt in onze lezing op {rests['nl']}, en "
            "niets anders dat gepubliceerd is, toetst haar.",
            f"An inference in {_section(claim.section, 'en')}; in our reading it rests on "
            f"{rests['en']}, and nothing else that was published tests it.",
        )
    return both(
        f"Overgenomen uit {_section(claim.section, 'nl')}; niets anders dat gepubliceerd is, kan het bevestigen of "
        "weerleggen.",
        f"Taken over from {_section(claim.section, 'en')}; nothing else that was published can confirm or refute it.",
    )


def _section(section: str, language: str) -> str:
    names = {
        "Voorwoord": both("het voorwoord", "the foreword"),
        "Tabel 1": both("tabel 1", "table 1"),
    }
    word = "paragraaf" if language == "nl" else "section"
    return names[section][language] if section in names else f"{word} {section}"


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
    sources = tables.get("companion_sources", pd.DataFrame())
    pages: dict[Any, Any] = {} if sources.empty else sources.set_index("id").to_dict("index")
    described_sets = _data_sets(tables.get("data_sets", pd.DataFrame()))
    rows: list[dict[str, Any]] = []
    for claim in _rows(claims):
        result = outcomes.get(claim.id)
        pages_of = companions.get(claim.id, [])
        status = status_of(claim, result, pages_of)
        evidence = result.evidence if result is not None else None
        if evidence is None:
            evidence = _without_check(claim, status, pages_of, len(before.get(claim.id, [])), pages)
        needs = _needs(described_sets, claim, result) if status in OPEN else both("", "")
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
                "evidence_nl": evidence["nl"],
                "evidence_en": evidence["en"],
                "needs": "; ".join(_settled_by(claim, result)) if status in OPEN else "",
                "needs_nl": needs["nl"],
                "needs_en": needs["en"],
                "notebook": notebook,
                "figure": figure,
                "from_claims": ";".join(before.get(claim.id, [])),
                "to_claims": ";".join(after.get(claim.id, [])),
                "discrepancies": ";".join(discrepancies.get(claim.id, [])),
                "companions": ";".join(pages_of),
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
