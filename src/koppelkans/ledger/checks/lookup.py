"""What checks need to look things up: rows of a table, a published fact, and where a table is shown in the report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from koppelkans.ledger.checks.registry import MissingTable, Read, Tables, WrongArgument
from koppelkans.ledger.checks.wording import TABLE_NAMES

SHOWN_IN: dict[str, tuple[str, str]] = {
    "sessions": ("01-sessions", "tbl-programme"),
    "levels": ("06-integration", "fig-ecological-model"),
    "package_levels": ("06-integration", "fig-levels-packages"),
    "work_packages": ("06-integration", "fig-research-design"),
    "research_questions": ("06-integration", "fig-research-design"),
    "exhibits": ("06-integration", "tbl-exhibits"),
    "claims": ("07-claims", "tbl-claims-coverage"),
}
STRAND_SHOWN_IN: dict[str, tuple[str, str]] = {
    "evaluation": ("01-sessions", "fig-evaluation-themes"),
    "change-stories": ("02-effects", "fig-effects-themes"),
    "tenants": ("03-tenants", "fig-tenants-themes"),
    "homeowners": ("04-homeowners", "fig-homeowners-themes"),
}
KNOWN_TABLES = {*TABLE_NAMES, "companion_sources", "data_sets", "discrepancies", "quantifiers", "traces"}


def table_of(tables: Tables, name: str) -> pd.DataFrame:
    """Return a table. Raises MissingTable where the study has none of that name, WrongArgument where no study has."""
    if name not in tables and name in KNOWN_TABLES:
        raise MissingTable(name)
    if name not in tables:
        raise WrongArgument("table", name, f"one of {', '.join(sorted(tables))}")
    return tables[name]


def _pairs(name: str, pairs: Sequence[str], table: pd.DataFrame) -> list[tuple[str, str]]:
    result = []
    for pair in pairs:
        column, colon, value = pair.partition(":")
        if not colon or column not in table.columns:
            raise WrongArgument(name, pair, f"column:value with a column of {', '.join(table.columns)}")
        result.append((column, value))
    return result


def rows_where(tables: Tables, name: str, where: Sequence[str], contains: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of a table with these cells: `where` as column:value, `contains` as column:part of the text.

    Case does not matter in `contains`. Raises WrongArgument for an unknown table or column.
    """
    table = table_of(tables, name)
    keep = pd.Series(True, index=table.index)
    for column, value in _pairs("where", where, table):
        keep &= table[column].astype(str) == value
    for column, value in _pairs("contains", contains, table):
        keep &= table[column].astype(str).str.contains(value, case=False, regex=False)
    return table[keep]


def column_of(table: pd.DataFrame, column: str, argument: str = "column") -> pd.Series:
    """Return a column as text. Raises WrongArgument where there is no such column."""
    if column not in table.columns:
        raise WrongArgument(argument, column, f"one of {', '.join(table.columns)}")
    return table[column].astype(str)


def row_of(tables: Tables, name: str, key: str, value: str, argument: str) -> pd.Series:
    """Return the one row of a table with this key. Raises WrongArgument where it is not there."""
    table = table_of(tables, name)
    matches = table[table[key].astype(str) == value]
    if matches.empty:
        raise WrongArgument(argument, value, f"a {key} of the table {name}")
    return matches.iloc[0]


def fact_row(tables: Tables, key: str, argument: str = "fact") -> pd.Series:
    """Return the row of a published fact (value, about_nl, about_en). Raises WrongArgument where it is not there."""
    return row_of(tables, "facts", "fact", key, argument)


def fact_number(tables: Tables, key: str, argument: str = "fact") -> int:
    """Return a published whole number. Raises WrongArgument where the fact is not one."""
    value = str(fact_row(tables, key, argument)["value"])
    if not value.isdigit():
        raise WrongArgument(argument, key, f"a fact that is a whole number, not {value!r}")
    return int(value)


def read(name: str, rows: pd.DataFrame | pd.Series, column: str = "") -> Read:
    """Note what was looked at: rows of a table, and the column where its cells count."""
    labels = (rows.name,) if isinstance(rows, pd.Series) else tuple(rows.index)
    return Read(name, column, labels)


def shown_in(name: str, rows: pd.DataFrame | None = None) -> tuple[str, str]:
    """Return notebook and figure that show rows of a table; ("", "") where none does."""
    if rows is not None and len(rows):
        if name == "themes":
            return STRAND_SHOWN_IN.get(str(rows["strand"].iloc[0]), ("", ""))
        if name == "change_stories":
            stories = rows["story"].astype(str).unique()
            return "02-effects", f"fig-story-{stories[0]}" if len(stories) == 1 else "fig-effects-themes"
    return SHOWN_IN.get(name, ("", ""))
