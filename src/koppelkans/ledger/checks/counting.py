"""Checks that count: rows, different values, parts of a whole, one for each.

Each compares what a statement says with rows of the study's tables; what an agreement then bears out depends on where
those rows stand (see ledger.statuses).
"""

from __future__ import annotations

import pandas as pd

from koppelkans.ledger.checks.lookup import (
    column_of,
    fact_number,
    fact_row,
    read,
    rows_where,
    shown_in,
    table_of,
)
from koppelkans.ledger.checks.registry import Read, Result, Tables, Texts, Words, WrongArgument, check
from koppelkans.ledger.checks.wording import as_read, cell, given, in_each, opening, place_of, sentence, verdict_of
from koppelkans.locale import N_, words


def _wanted(tables: Tables, expect: int | None, fact: str, at_least: int | None) -> tuple[int, bool, tuple[Read, ...]]:
    """Return the number a statement gives, whether it is a least number, and the fact it was read from."""
    given = [value for value in (expect, fact or None, at_least) if value is not None]
    if len(given) != 1:
        raise WrongArgument("expect", f"{len(given)} of expect, fact, at_least", "exactly one of them")
    if fact:
        return fact_number(tables, fact), False, (read("facts", fact_row(tables, fact), "value"),)
    return (expect, False, ()) if expect is not None else (int(at_least or 0), True, ())


def _count_text(language: str, name: str, count: int) -> str:
    """Return the sentence on a count, with the form of its verb: by the place in English, by the count in Dutch."""
    if name in ("sessions", "themes"):
        return words(language).ngettext(
            "{subject}: the statement says {number}, {place} has {count}; {verdict}.",
            "{subject}: the statement says {number}, {place} has {count}; {verdict}.",
            count,
        )
    return words(language).ngettext(
        "{subject}: the statement says {number}, {place} have {count}; {verdict}.",
        "{subject}: the statement says {number}, {place} have {count}; {verdict}.",
        count,
    )


def _counted(
    tables: Tables,
    counted: int,
    name: str,
    rows: pd.DataFrame,
    reads: tuple[Read, ...],
    expect: int | None,
    fact: str,
    at_least: int | None,
    what: Words,
) -> Result:
    wanted, is_least, fact_read = _wanted(tables, expect, fact, at_least)
    agrees = counted >= wanted if is_least else counted == wanted
    values = {
        "subject": opening(cell(fact_row(tables, fact), "about") if fact else what),
        "number": sentence(N_("at least {number}"), number=as_read(wanted)) if is_least else as_read(wanted),
        "place": place_of(name),
        "verdict": verdict_of(agrees),
    }
    notebook, figure = shown_in(name, rows)
    return Result(
        agrees=agrees,
        found=str(counted),
        expected=f">= {wanted}" if is_least else str(wanted),
        evidence=in_each(
            lambda language: _count_text(language, name, counted).format(
                count=counted, **{key: value[language] for key, value in values.items()}
            )
        ),
        reads=(*reads, *fact_read),
        notebook=notebook,
        figure=figure,
    )


@check("count")
def count(
    tables: Tables,
    *,
    table: str,
    where: Texts = (),
    contains: Texts = (),
    expect: int | None = None,
    fact: str = "",
    at_least: int | None = None,
    nl: str = "",
    en: str = "",
) -> Result:
    """Count the rows of a table (where=column:value, contains=column:text) and hold them against a published number.

    The number is `expect`, the fact `fact`, or a least number `at_least`; `nl` and `en` say what is counted.
    """
    rows = rows_where(tables, table, where, contains)
    reads = (read(table, rows),)
    what = given(nl, en, N_("rows"))
    return _counted(tables, len(rows), table, rows, reads, expect, fact, at_least, what)


@check("distinct")
def distinct(
    tables: Tables,
    *,
    table: str,
    column: str,
    where: Texts = (),
    contains: Texts = (),
    expect: int | None = None,
    fact: str = "",
    at_least: int | None = None,
    nl: str = "",
    en: str = "",
) -> Result:
    """Count the different values of a column and hold them against a published number, as `count` does."""
    rows = rows_where(tables, table, where, contains)
    different = column_of(rows, column).nunique()
    reads = (read(table, rows, column if len(rows) > 1 else ""),)  # of one row only its being there counts
    what = given(nl, en, N_("values"))
    return _counted(tables, different, table, rows, reads, expect, fact, at_least, what)


@check("part_of")
def part_of(tables: Tables, *, table: str, where: Texts, part: int, whole: int, nl: str, en: str) -> Result:
    """Hold "part of whole" against the rows of a table: those with `where`, and all of them."""
    every = rows_where(tables, table, [])
    some = rows_where(tables, table, where)
    agrees = (len(some), len(every)) == (part, whole)
    notebook, figure = shown_in(table, every)
    columns = [pair.partition(":")[0] for pair in where]
    return Result(
        agrees=agrees,
        found=f"{len(some)} of {len(every)}",
        expected=f"{part} of {whole}",
        evidence=sentence(
            N_(
                "{subject}: the statement says {part} of {whole}, {place} have {some_count} of "
                "{every_count}; {verdict}."
            ),
            subject=opening(given(nl, en)),
            part=part,
            whole=whole,
            place=place_of(table),
            some_count=len(some),
            every_count=len(every),
            verdict=verdict_of(agrees),
        ),
        reads=(read(table, every), *(read(table, some, column) for column in columns)),
        notebook=notebook,
        figure=figure,
    )


def _package_names(tables: Tables, packages: list[str]) -> Words:
    known = tables.get("work_packages", pd.DataFrame(columns=["work_package", "name_nl", "name_en"]))

    def write(language: str) -> str:
        names = dict(zip(known["work_package"], known[f"name_{language}"], strict=True))
        return ", ".join(f"“{names.get(package, package)}”" for package in packages)

    return in_each(write)


@check("one_each")
def one_each(tables: Tables, *, table: str, nl: str, en: str) -> Result:
    """Hold "each work package has one" against the rows of a table (its column work_package): at least one each.

    A package that has more goes together with the words, and is said.
    """
    packages = list(table_of(tables, "work_packages")["work_package"])
    rows = rows_where(tables, table, [])
    rows = rows[column_of(rows, "work_package", "table").isin(packages)]
    counts = rows["work_package"].value_counts(sort=False).reindex(packages, fill_value=0)
    none, more = counts[counts == 0], counts[counts > 1]
    texts = {
        "all": N_("{subject}: {packages} work packages have {rows}; each has one."),
        "more": N_("{subject}: {packages} work packages have {rows}; each has at least one, {names} has {most}."),
        "none": N_("{subject}: {packages} work packages have {rows}; {names} has none."),
    }
    notebook, figure = shown_in(table, rows)
    return Result(
        agrees=len(packages) > 0 and none.empty,
        found=f"{len(rows)} for {len(packages)}",
        expected=f">= {len(packages)} for {len(packages)}",
        evidence=sentence(
            texts["none" if len(none) else "more" if len(more) else "all"],
            subject=opening(given(nl, en)),
            packages=len(packages),
            rows=len(rows),
            names=_package_names(tables, list((none if len(none) else more).index)),
            most=int(counts.max()) if len(counts) else 0,
        ),
        reads=(read(table, rows, "work_package"),),
        notebook=notebook,
        figure=figure,
    )


@check("each_has")
def each_has(tables: Tables, *, table: str, per: str, column: str, values: Texts, nl: str, en: str) -> Result:
    """Hold "every one has" against a table: each value of `per` has a row with each of `values` in `column`."""
    rows = rows_where(tables, table, [])
    every = set(column_of(rows, per, "per"))
    kinds = column_of(rows, column)
    whole = [key for key in every if set(values) <= set(kinds[rows[per].astype(str) == key])]
    agrees = bool(every) and len(whole) == len(every)
    notebook, figure = shown_in(table, rows)
    return Result(
        agrees=agrees,
        found=f"{len(whole)} of {len(every)}",
        expected=f"{len(every)} of {len(every)}",
        evidence=sentence(
            N_("{subject}: in {place} this holds for {whole_count} of {every_count}."),
            subject=opening(given(nl, en)),
            place=place_of(table),
            whole_count=len(whole),
            every_count=len(every),
        ),
        reads=(read(table, rows[kinds.isin(values)], column),),
        notebook=notebook,
        figure=figure,
    )


@check("evidenced")
def evidenced(
    tables: Tables,
    *,
    table: str,
    column: str,
    contains: Texts = (),
    where: Texts = (),
    within: Texts = (),
    nl: str,
    en: str,
) -> Result:
    """Bound a word such as "often": of the different values of a column, how many show it, and how many there are.

    `within` picks the rows that could show it, `where` and `contains` those that do. What a table does not show may
    still be so: the range runs from those shown to all.
    """
    every = rows_where(tables, table, within)
    shown = rows_where(tables, table, [*within, *where], contains)
    low, n = column_of(shown, column).nunique(), column_of(every, column).nunique()
    notebook, figure = shown_in(table, every)
    marks = [pair.partition(":")[0] for pair in (*where, *contains)]
    return Result(
        agrees=None,
        bounds=True,
        found=f"{low}-{n} of {n}",
        expected="",
        low=low,
        high=n,
        n=n,
        evidence=sentence(
            N_(
                "{subject}: {place} shows it for {low} of {n}; what is not named may have been there, so this says "
                "little."
            ),
            subject=opening(given(nl, en)),
            place=place_of(table),
            low=low,
            n=n,
        ),
        reads=(read(table, every, column), *(read(table, shown, mark) for mark in marks)),
        notebook=notebook,
        figure=figure,
    )
