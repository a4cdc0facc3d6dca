"""Checks on months: periods, the month of a session, order in time, early and late in the series of sessions."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pandas as pd

from koppelkans.ledger.checks.lookup import fact_row, read, row_of, rows_where, table_of
from koppelkans.ledger.checks.registry import Read, Result, Tables, Texts, WrongArgument, check
from koppelkans.ledger.checks.wording import given, in_each, joined, moment, opening, sentence
from koppelkans.locale import N_, words

PROGRAMME = ("01-sessions", "tbl-programme")
KIND_WORDS = {
    "theme": (N_("theme"), N_("themes")),
    "work_form": (N_("work form"), N_("work forms")),
    "outcome": (N_("outcome"), N_("outcomes")),
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
    return Result(
        agrees=agrees,
        found=f"{months.min()} to {months.max()}",
        expected=f"{first} to {last}",
        evidence=sentence(
            N_(
                "The text says {first} to {last}; table 1 runs from {first_month} to "
                "{last_month}, with {inside} of {sessions} sessions inside the stated period."
            ),
            first=moment(first),
            last=moment(last),
            first_month=moment(months.min()),
            last_month=moment(months.max()),
            inside=inside,
            sessions=len(months),
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
    months = sorted(set(forms["month"].astype(str)))
    stated = str(row["value"])
    return Result(
        agrees=months == [stated],
        found=", ".join(months),
        expected=stated,
        evidence=sentence(
            N_("The caption says {month}, table 1 puts this session in {here}."),
            month=moment(stated),
            here=joined([moment(value) for value in months], ", "),
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
    themes: Texts = (),
    work_forms: Texts = (),
    outcomes: Texts = (),
) -> Result:
    """Hold a row of table 1 against the sessions table: its month, and what its themes, work forms or outcomes say.

    Each item of such a kind is given by one of its words, in order, typed from the report anew: as many items must
    stand in the table, and each hold its word (case does not matter).
    """
    items = rows_where(tables, "sessions", [f"session:{session}"])
    if items.empty:
        raise WrongArgument("session", str(session), "a session of the table sessions")
    typed = {"theme": themes, "work_form": work_forms, "outcome": outcomes}
    wanted = {kind: terms for kind, terms in typed.items() if terms}
    if not wanted:
        raise WrongArgument("themes", "none", "at least one of themes, work_forms and outcomes")
    months = sorted(set(items["month"].astype(str)))
    texts = {kind: list(items.loc[items["kind"] == kind, "text_nl"].astype(str).str.lower()) for kind in wanted}
    amiss = [
        term
        for kind, terms in wanted.items()
        for place, term in enumerate(terms)
        if place >= len(texts[kind]) or term.lower() not in texts[kind][place]
    ]
    more = sum(max(len(texts[kind]) - len(terms), 0) for kind, terms in wanted.items())
    agrees = months == [month] and not amiss and not more

    def count_text(language: str) -> str:
        _ = words(language).gettext
        counts = {kind: len(own) for kind, own in texts.items()}
        return _(" and ").join(f"{count} {_(KIND_WORDS[kind][count != 1])}" for kind, count in counts.items())

    same = N_(
        "Table 1 was typed twice: both times session {session} is in {months}, with {counts} of the same contents."
    )
    other = N_("Table 1 was typed twice, and not alike: once session {session} is in {months}, with {counts}.")
    named = " + ".join(term for terms in wanted.values() for term in terms)
    reads: list[Read] = [read("sessions", items, "month")]
    for kind in wanted:
        own = items[items["kind"] == kind]
        reads += [read("sessions", own), read("sessions", own, "text_nl")]
    return Result(
        agrees=agrees,
        found=f"{', '.join(months)}: " + " + ".join(text for own in texts.values() for text in own),
        expected=f"{month}: {named}",
        evidence=sentence(
            same if agrees else other,
            session=session,
            months=joined([moment(value) for value in months], ", "),
            counts=in_each(count_text),
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
    places = [_moment_at(tables, place) for place in moments]
    values = [value for value, _ in places]

    def before(first: str, second: str) -> bool:
        length = min(len(first), len(second))
        a, b = first[:length], second[:length]
        return a < b if relation == "earlier" else a <= b

    fits = all(before(a, b) for a, b in pairwise(values))
    right = N_("In order of time: {moments}; that fits the statement, but does not bear it out.")
    wrong = N_("In order of time: {moments}; that order cannot be right.")
    return Result(
        agrees=None if fits else False,
        found=", ".join(values),
        expected="in this order",
        evidence=sentence(right if fits else wrong, moments=joined([moment(value) for value in values], " – ")),
        reads=tuple(looked for _, looked in places if looked),
        notebook="01-sessions" if any(place.startswith("session:") for place in moments) else "",
        figure="fig-timeline" if any(place.startswith("session:") for place in moments) else "",
    )


@check("early_only")
def early_only(tables: Tables, *, contains: Texts, nl: str, en: str) -> Result:
    """Hold "at the start and not later" against table 1: items with these texts only in the first half of it.

    An item that comes later refutes it; where none does it fits, and bears nothing out: not naming is not denying.
    """
    numbers = sorted(_months(tables).index)
    rows = rows_where(tables, "sessions", [], contains)
    if rows.empty:
        raise WrongArgument("contains", ",".join(contains), "part of an item of the table sessions")
    sessions = sorted({int(value) for value in rows["session"]})
    last_early = numbers[(len(numbers) - 1) // 2]
    fits = sessions[-1] <= last_early
    which = ", ".join(map(str, sessions))
    only_early = N_(
        "{subject} is in table 1 at session {sessions} of {n}, not after that; what is not named may have been there."
    )
    later_too = N_("{subject} is in table 1 at session {sessions} of {n}; so later too.")
    return Result(
        agrees=None if fits else False,
        found=f"session {which} of {len(numbers)}",
        expected=f"not after session {last_early}",
        evidence=sentence(
            only_early if fits else later_too, subject=opening(given(nl, en)), sessions=which, n=len(numbers)
        ),
        reads=(read("sessions", rows, "session"),),
        notebook="01-sessions",
        figure="fig-work-forms",
    )
