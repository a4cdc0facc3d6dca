"""The kinds of columns that tables of a study have, and what a cell of each may say.

A schema is over text columns, as they were typed; `koppelkans.study.tables` checks a table against one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Column:
    """A column of text cells, as people type them.

    Attributes: `description`, `type` (string, integer, number or boolean: what the tidy table makes of it), `fits`
    (tells of filled cells which are right), `expected` (words for that), `required` (refuses empty cells), `unique`
    (refuses a value twice), `optional` (a table may lack it, and then has empty cells there), `enum` (what is allowed),
    `of_publication` (only a table of published facts must have it), `free_elsewhere` (other tables hold words of their
    own there).
    """

    description: str
    type: str = "string"
    fits: Callable[[pd.Series], pd.Series] | None = None
    expected: str = ""
    required: bool = True
    unique: bool = False
    optional: bool = False
    enum: tuple[str, ...] = ()
    of_publication: bool = False
    free_elsewhere: bool = False

    def elsewhere(self) -> Column:
        """Return the column as it is in a table of a study's own, which may lack what only a publication has."""
        column = replace(self, optional=True, required=False) if self.of_publication else self
        return replace(column, fits=None, enum=()) if self.free_elsewhere else column


@dataclass(frozen=True)
class Schema:
    """What a table holds: its `columns` in order, a `description`, and `key`: columns never the same together."""

    columns: dict[str, Column]
    description: str
    key: tuple[str, ...] = ()


def of_publication(column: Column) -> Column:
    """Return a column that only a table of published facts must have."""
    return replace(column, of_publication=True)


def pattern(regex: str, expected: str, description: str, **options: Any) -> Column:
    """Build a text column whose filled cells fit a regular expression; `expected` says what that is."""
    return Column(description, fits=lambda cells: cells.str.fullmatch(regex), expected=expected, **options)


def text(description: str, required: bool = True, **options: Any) -> Column:
    """Build a column of any text."""
    return Column(description, required=required, **options)


def integer(description: str, required: bool = True) -> Column:
    """Build a column of whole numbers, 0 or more."""
    return pattern(r"[0-9]{1,9}", "a whole number, 0 or more", description, required=required, type="integer")


def flag(description: str) -> Column:
    """Build a column that says yes (1) or no (0)."""
    return pattern("[01]", "0 or 1", description, type="boolean")


def month(description: str, required: bool = True) -> Column:
    """Build a column of months as YYYY-MM."""
    return pattern(r"[0-9]{4}-(0[1-9]|1[0-2])", "a month as YYYY-MM, such as 2021-09", description, required=required)


def choice(description: str, *options: str, required: bool = True, unique: bool = False) -> Column:
    """Build a text column that holds one of some options."""
    expected = f"one of {', '.join(options)}"
    fits = partial(pd.Series.isin, values=options)
    return Column(description, fits=fits, expected=expected, required=required, unique=unique, enum=options)
