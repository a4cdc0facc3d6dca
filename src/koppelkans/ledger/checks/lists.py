"""Checks on lists and names: is what a statement names also listed elsewhere, at that place, under that name."""

from __future__ import annotations

import pandas as pd

from koppelkans.ledger.checks.lookup import (
    column_of,
    read,
    rows_where,
    shown_in,
)
from koppelkans.ledger.checks.registry import Result, Tables, Texts, WrongArgument, check
from koppelkans.ledger.checks.wording import EMPTY, given, opening, place_of, sentence, verdict_of
from koppelkans.locale import N_


@check("list_complete", compares="places")
def list_complete(
    tables: Tables,
    *,
    table: str,
    column: str,
    names: Texts,
    where: Texts = (),
    whole: bool = False,
    nl: str = "",
    en: str = "",
) -> Result:
    """Look up every name of a list in a column of another table (case and the rest of the cell do not matter).

    With `whole` the table may hold no other rows than those named.
    """
    rows = rows_where(tables, table, where)
    cells = column_of(rows, column).str.lower()
    hits = {name: cells.str.contains(name.lower(), regex=False) for name in names}
    missing = [name for name, hit in hits.items() if not hit.any()]
    covered = pd.concat(list(hits.values()), axis=1).any(axis=1)
    unnamed = int((~covered).sum()) if whole else 0
    agrees = not missing and not unnamed
    notebook, figure = shown_in(table, rows)
    left = sentence(N_(" and {unnamed} not named"), unnamed=unnamed) if unnamed else EMPTY
    return Result(
        agrees=agrees,
        found=f"{len(names) - len(missing)} of {len(names)}",
        expected=f"{len(names)} of {len(names)}",
        evidence=sentence(
            N_(
                "{subject}: of what the statement names, {there} of {names_count} can be found "
                "in {place}{left}; {verdict}."
            ),
            subject=opening(given(nl, en, N_("names given"))),
            there=len(names) - len(missing),
            names_count=len(names),
            place=place_of(table),
            left=left,
            verdict=verdict_of(agrees),
        ),
        reads=(read(table, rows[covered], column),),
        notebook=notebook,
        figure=figure,
    )


@check("member_of_list", compares="places")
def member_of_list(
    tables: Tables, *, table: str, where: Texts, column: str, name: str, size: int, position: int | None = None
) -> Result:
    """Look up "item `position` of `size`": one row holds `name`, at that place, in a list of that length."""
    rows = rows_where(tables, table, where)
    matches = column_of(rows, column).str.lower().str.contains(name.lower(), regex=False)
    places = [place for place, hit in enumerate(matches, start=1) if hit]
    fits = len(rows) == size and len(places) == 1 and position in (None, places[0])
    notebook, figure = shown_in(table, rows)
    stated = (
        sentence(N_("number {position} of {size}"), position=position, size=size)
        if position
        else sentence(N_("one of {size}"), size=size)
    )
    here = (
        sentence(N_("number {position} of {size}"), position=places[0], size=len(rows))
        if places
        else sentence(N_("none of {size}"), size=len(rows))
    )
    return Result(
        agrees=fits,
        found=f"{places[0] if places else '-'} of {len(rows)}",
        expected=f"{position or 'one'} of {size}",
        evidence=sentence(
            N_("The statement gives {stated}, in {place} it is {here}; {verdict}."),
            stated=stated,
            place=place_of(table),
            here=here,
            verdict=verdict_of(fits),
        ),
        reads=(read(table, rows), read(table, rows[matches], column)),
        notebook=notebook,
        figure=figure,
    )


@check("same_name", compares="places")
def same_name(
    tables: Tables, *, table: str, where: Texts, column: str, other: str, other_where: Texts, other_column: str
) -> Result:
    """Compare a name at two places of the report: every row of `table` bears the name that `other` gives."""
    rows, others = rows_where(tables, table, where), rows_where(tables, other, other_where)
    if rows.empty or others.empty:
        raise WrongArgument("where", ",".join([*where, *other_where]), "rows in both tables")
    same = N_("The name in {place} is the same as in {other_place}.")
    another = N_("The name in {place} is another than in {other_place}.")
    here = set(column_of(rows, column))
    there = set(column_of(others, other_column, "other_column"))
    agrees = here == there
    notebook, figure = shown_in(table, rows)
    return Result(
        agrees=agrees,
        found="; ".join(sorted(there)),
        expected="; ".join(sorted(here)),
        evidence=sentence(same if agrees else another, place=place_of(table), other_place=place_of(other)),
        reads=(read(table, rows, column), read(other, others, other_column)),
        notebook=notebook,
        figure=figure,
    )
