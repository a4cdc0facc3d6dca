"""Checks on lists and names: is what a statement names also listed elsewhere, at that place, under that name."""

from __future__ import annotations

import pandas as pd

from koppelkans.ledger.checks.lookup import (
    both,
    column_of,
    first_upper,
    place_of,
    read,
    rows_where,
    shown_in,
    verdict_of,
)
from koppelkans.ledger.checks.registry import Result, Tables, Texts, WrongArgument, check


@check("list_complete")
def list_complete(
    tables: Tables,
    *,
    table: str,
    column: str,
    names: Texts,
    where: Texts = (),
    whole: bool = False,
    only_fits: bool = False,
    nl: str = "genoemde namen",
    en: str = "names given",
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
    verdict = verdict_of(agrees, only_fits)
    left = both(f" en {unnamed} niet genoemd", f" and {unnamed} not named") if unnamed else both("", "")
    return Result(
        agrees=None if agrees and only_fits else agrees,
        found=f"{len(names) - len(missing)} of {len(names)}",
        expected=f"{len(names)} of {len(names)}",
        evidence=both(
            f"{first_upper(nl)}: van wat de uitspraak noemt, is {len(names) - len(missing)} van {len(names)} "
            "terug te vinden "
            f"in {place_of(table)['nl']}{left['nl']}; {verdict['nl']}.",
            f"{first_upper(en)}: of what the statement names, {len(names) - len(missing)} of {len(names)} can "
            "be found in "
            f"{place_of(table)['en']}{left['en']}; {verdict['en']}.",
        ),
        reads=(read(table, rows[covered], column),),
        notebook=notebook,
        figure=figure,
    )


@check("member_of_list")
def member_of_list(
    tables: Tables, *, table: str, where: Texts, column: str, name: str, size: int, position: int | None = None
) -> Result:
    """Look up "item `position` of `size`": one row holds `name`, at that place, in a list of that length.

    The list is our transcription of the same place in the report, so agreement fits and bears nothing out.
    """
    rows = rows_where(tables, table, where)
    held = column_of(rows, column).str.lower().str.contains(name.lower(), regex=False)
    places = [place for place, hit in enumerate(held, start=1) if hit]
    fits = len(rows) == size and len(places) == 1 and position in (None, places[0])
    found = f"{places[0] if places else '-'} of {len(rows)}"
    notebook, figure = shown_in(table, rows)
    said = both(
        f"nummer {position} van {size}" if position else f"een van {size}",
        f"number {position} of {size}" if position else f"one of {size}",
    )
    here = both(
        f"nummer {places[0]} van {len(rows)}" if places else f"geen van {len(rows)}",
        f"number {places[0]} of {len(rows)}" if places else f"none of {len(rows)}",
    )
    verdict = verdict_of(fits, True)
    return Result(
        agrees=None if fits else False,
        found=found,
        expected=f"{position or 'one'} of {size}",
        evidence=both(
            f"De uitspraak geeft {said['nl']}, in {place_of(table)['nl']} is het {here['nl']}; {verdict['nl']}.",
            f"The statement gives {said['en']}, in {place_of(table)['en']} it is {here['en']}; {verdict['en']}.",
        ),
        reads=(read(table, rows), read(table, rows[held], column)),
        notebook=notebook,
        figure=figure,
    )


@check("same_name")
def same_name(
    tables: Tables, *, table: str, where: Texts, column: str, other: str, other_where: Texts, other_column: str
) -> Result:
    """Compare a name at two places of the report: every row of `table` bears the name that `other` gives."""
    rows, others = rows_where(tables, table, where), rows_where(tables, other, other_where)
    if rows.empty or others.empty:
        raise WrongArgument("where", ",".join([*where, *other_where]), "rows in both tables")
    here = set(column_of(rows, column))
    there = set(column_of(others, other_column, "other_column"))
    agrees = here == there
    notebook, figure = shown_in(table, rows)
    return Result(
        agrees=agrees,
        found="; ".join(sorted(there)),
        expected="; ".join(sorted(here)),
        evidence=both(
            f"De naam in {place_of(table)['nl']} is {'dezelfde als' if agrees else 'een andere dan'} in "
            f"{place_of(other)['nl']}.",
            f"The name in {place_of(table)['en']} is {'the same as' if agrees else 'another than'} in "
            f"{place_of(other)['en']}.",
        ),
        reads=(read(table, rows, column), read(other, others, other_column)),
        notebook=notebook,
        figure=figure,
    )
