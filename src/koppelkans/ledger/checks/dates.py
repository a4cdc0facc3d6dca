"""Checks on months: periods, the month of a session, order in time, early and late in the series of sessions."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pandas as pd

from koppelkans.ledger.checks.lookup import both, fact_row, first_upper, moment, read, row_of, rows_where, table_of
from koppelkans.ledger.checks.registry import Read, Result, Tables, Texts, WrongArgument, check

PROGRAMME = ("01-sessions", "tbl-programme")
KIND_WORDS = {
    "theme": (both("thema", "theme"), both("thema’s", "themes")),
    "work_form": (both("werkvorm", "work form"), both("werkvormen", "work forms")),
    "outcome": (both("uitkomst", "outcome"), both("uitkomsten", "outcomes")),
}


def _months(tables: Tables) -> pd.Series:
    """Return the month of every session, in order."""
    items = rows_where(tables, "sessions", [])
    if items.empty:
        raise WrongArgument("table", "sessions", "a table with rows")
    return items.groupby("session")["month"].first().astype(str)


@check("period")
def period(tables: Tables, *, from_fact: str, to_fact: str) -> Result:
    """Hold the period that a sentence gives for the sessions against the months of table 1."""
    ends = [fact_row(tables, from_fact, "from_fact"), fact_row(tables, to_fact, "to_fact")]
    first, last = (str(row["value"]) for row in ends)
    months = _months(tables)
    inside = int(months.between(first, last).sum())
    agrees = bool((months.min(), months.max()) == (first, last))
    said = {lang: (moment(first, lang), moment(last, lang)) for lang in ("nl", "en")}
    held = {lang: (moment(months.min(), lang), moment(months.max(), lang)) for lang in ("nl", "en")}
    return Result(
        agrees=agrees,
        found=f"{months.min()} to {months.max()}",
        expected=f"{first} to {last}",
        evidence=both(
            f"De tekst zegt {said['nl'][0]} tot {said['nl'][1]}; tabel 1 loopt van {held['nl'][0]} tot en met "
            f"{held['nl'][1]}, met {inside} van {len(months)} sessies in de genoemde periode.",
            f"The text says {said['en'][0]} to {said['en'][1]}; table 1 runs from {held['en'][0]} to {held['en'][1]}, "
            f"with {inside} of {len(months)} sessions inside the stated period.",
        ),
        reads=(
            *(read("facts", row, "value") for row in ends),
            read("sessions", table_of(tables, "sessions"), "month"),
        ),
        notebook="01-sessions",
        figure="fig-timeline",
    )


@check("month_of")
def month_of(tables: Tables, *, contains: str, fact: str) -> Result:
    """Hold a month that one place gives for a session against table 1: the session with a work form of that name."""
    row = fact_row(tables, fact)
    forms = rows_where(tables, "sessions", ["kind:work_form"], [f"text_nl:{contains}"])
    if forms.empty:
        raise WrongArgument("contains", contains, "part of a work form in the table sessions")
    found = sorted(set(forms["month"].astype(str)))
    said = str(row["value"])
    agrees = found == [said]
    here = {lang: ", ".join(moment(value, lang) for value in found) for lang in ("nl", "en")}
    return Result(
        agrees=agrees,
        found=", ".join(found),
        expected=said,
        evidence=both(
            f"Het bijschrift zegt {moment(said, 'nl')}, tabel 1 zet deze sessie in {here['nl']}.",
            f"The caption says {moment(said, 'en')}, table 1 puts this session in {here['en']}.",
        ),
        reads=(read("facts", row, "value"), read("sessions", forms, "month")),
        notebook="01-sessions",
        figure="fig-timeline",
    )


@check("session_item")
def session_item(
    tables: Tables,
    *,
    session: int,
    month: str,
    themes: int | None = None,
    work_forms: int | None = None,
    outcomes: int | None = None,
) -> Result:
    """Hold a row of table 1 against the sessions table: its month, and how many themes, work forms or outcomes."""
    items = rows_where(tables, "sessions", [f"session:{session}"])
    if items.empty:
        raise WrongArgument("session", str(session), "a session of the table sessions")
    wanted = {
        kind: number
        for kind, number in (("theme", themes), ("work_form", work_forms), ("outcome", outcomes))
        if number is not None
    }
    if not wanted:
        raise WrongArgument("themes", "none", "at least one of themes, work_forms and outcomes")
    held = sorted(set(items["month"].astype(str)))
    counts = {kind: int((items["kind"] == kind).sum()) for kind in wanted}
    agrees = held == [month] and counts == wanted
    listed = {
        lang: " en ".join(words) if lang == "nl" else " and ".join(words)
        for lang in ("nl", "en")
        for words in [[f"{held} {KIND_WORDS[kind][held != 1][lang]}" for kind, held in counts.items()]]
    }
    months = {lang: ", ".join(moment(value, lang) for value in held) for lang in ("nl", "en")}
    reads: list[Read] = [read("sessions", items, "month")]
    reads += [read("sessions", items[items["kind"] == kind]) for kind in wanted]
    return Result(
        agrees=agrees,
        found=f"{', '.join(held)}: " + ", ".join(f"{kind} {number}" for kind, number in counts.items()),
        expected=f"{month}: " + ", ".join(f"{kind} {number}" for kind, number in wanted.items()),
        evidence=both(
            f"Sessie {session} staat in de gegevens van tabel 1 in {months['nl']}, met {listed['nl']}; de "
            "uitspraak zegt " + ("hetzelfde." if agrees else "iets anders."),
            f"In the data of table 1 session {session} is in {months['en']}, with {listed['en']}; the statement says "
            + ("the same." if agrees else "something else."),
        ),
        reads=tuple(reads),
        notebook=PROGRAMME[0],
        figure=PROGRAMME[1],
    )


def _moment_at(tables: Tables, place: str) -> tuple[str, Read | None]:
    """Return the month or year of fact:key, session:number or a literal, and what was read for it."""
    kind, colon, key = place.partition(":")
    if not colon:
        return place, None
    if kind == "fact":
        row = fact_row(tables, key, "moments")
        return str(row["value"]), read("facts", row, "value")
    if kind == "session":
        row = row_of(tables, "sessions", "session", key, "moments")
        rows = table_of(tables, "sessions")[table_of(tables, "sessions")["session"].astype(str) == key]
        return str(row["month"]), read("sessions", rows, "month")
    raise WrongArgument("moments", place, "fact:key, session:number, YYYY or YYYY-MM")


@check("order")
def order(tables: Tables, *, moments: Texts, relation: Literal["earlier", "not-later"] = "not-later") -> Result:
    """Hold the order of months or years in the report: each no later (or earlier) than the next.

    A moment is fact:key, session:number, YYYY or YYYY-MM; a year and a month are compared by year. An order that
    holds fits and bears no month out; one that does not is found.
    """
    if len(moments) < 2:
        raise WrongArgument("moments", ",".join(moments), "two or more")
    held = [_moment_at(tables, place) for place in moments]
    values = [value for value, _ in held]

    def before(first: str, second: str) -> bool:
        length = min(len(first), len(second))
        a, b = first[:length], second[:length]
        return a < b if relation == "earlier" else a <= b

    fits = all(before(a, b) for a, b in pairwise(values))
    shown = {lang: " – ".join(moment(value, lang) for value in values) for lang in ("nl", "en")}
    return Result(
        agrees=None if fits else False,
        found=", ".join(values),
        expected="in this order",
        evidence=both(
            f"In volgorde van tijd: {shown['nl']}; "
            + ("dat past bij de uitspraak, maar bewijst haar niet." if fits else "die volgorde kan niet kloppen."),
            f"In order of time: {shown['en']}; "
            + ("that fits the statement, but does not bear it out." if fits else "that order cannot be right."),
        ),
        reads=tuple(looked for _, looked in held if looked),
        notebook="01-sessions" if any(place.startswith("session:") for place in moments) else "",
        figure="fig-timeline" if any(place.startswith("session:") for place in moments) else "",
    )


@check("early_only")
def early_only(tables: Tables, *, contains: Texts, nl: str, en: str) -> Result:
    """Hold "at the start and not later" against table 1: items with these texts only in the first half of it."""
    numbers = sorted(_months(tables).index)
    rows = rows_where(tables, "sessions", [], contains)
    if rows.empty:
        raise WrongArgument("contains", ",".join(contains), "part of an item of the table sessions")
    held = sorted({int(value) for value in rows["session"]})
    last_early = numbers[(len(numbers) - 1) // 2]
    agrees = bool(held[-1] <= last_early)
    which = ", ".join(map(str, held))
    return Result(
        agrees=agrees,
        found=f"session {which} of {len(numbers)}",
        expected=f"not after session {last_early}",
        evidence=both(
            f"{first_upper(nl)} staat in tabel 1 bij sessie {which} van de {len(numbers)}"
            + ("; daarna niet meer." if agrees else "; dus ook later."),
            f"{first_upper(en)} is in table 1 at session {which} of {len(numbers)}"
            + ("; not after that." if agrees else "; so later too."),
        ),
        reads=(read("sessions", rows, "session"),),
        notebook="01-sessions",
        figure="fig-work-forms",
    )
