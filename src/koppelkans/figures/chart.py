"""A chart: a tidy table with what draws it, says it in words, and fills the numbers of its caption."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.locale import language as lang
from koppelkans.statistics.estimate import Reason

P = ParamSpec("P")
T = TypeVar("T")
Format = Callable[[Any, str], str]


def _no_lines(language: str) -> list[str]:
    return []


def _no_numbers(language: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Line:
    """A line that stands in place of a chart, as a table has it: `texts` by language."""

    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """Return the line in a language."""
        return self.texts[language]


@dataclass(frozen=True)
class Chart:
    """What a figure shows.

    Attributes: `data` (the tidy table behind the figure, which carries its origin; the CSV beside it), `draw` (width in
    inches and language -> Figure), `describe` (language -> lines of a Markdown list: the long description), `numbers`
    (language -> what fills the placeholders of its caption beside the numbers of the study), `reason` (why there is
    nothing to draw), `empty` (whether there is nothing to draw).
    """

    data: pd.DataFrame
    draw: Callable[[float, str], Figure]
    describe: Callable[[str], list[str]] = _no_lines
    numbers: Callable[[str], Mapping[str, Any]] = _no_numbers
    reason: Reason | Line | None = None
    empty: bool = field(default=False)


def _undrawn(width: float, language: str) -> Figure:
    raise AssertionError("a chart without rows is not drawn")


def no_chart(data: pd.DataFrame, reason: Reason | Line | None = None) -> Chart:
    """Return the chart of a table without rows: a line that says so, or says the reason."""
    return Chart(data, _undrawn, reason=reason, empty=True)


def needs_rows(
    reason: Reason | None = None,
) -> Callable[[Callable[Concatenate[T, P], Chart]], Callable[Concatenate[T | Reason, P], Chart]]:
    """Make a function of a table give a line in place of a chart where the table has no rows or is a Reason."""

    def decorate(function: Callable[Concatenate[T, P], Chart]) -> Callable[Concatenate[T | Reason, P], Chart]:
        @functools.wraps(function)
        def drawn(table: T | Reason, /, *args: P.args, **kwargs: P.kwargs) -> Chart:
            if isinstance(table, Reason):
                return no_chart(pd.DataFrame(), table)
            if isinstance(table, pd.DataFrame) and table.empty:
                return no_chart(table, reason)
            return function(table, *args, **kwargs)

        return drawn

    return decorate


def as_number(value: Any, language: str) -> str:
    """Write a whole number."""
    return str(lang.number(int(value), language)["text"])


def as_percent(value: Any, language: str) -> str:
    """Write a share as a whole percentage."""
    return str(lang.number(100 * float(value), language, unit="%")["text"])


def decimals(digits: int) -> Format:
    """Return what writes a number with so many digits."""
    return lambda value, language: str(lang.number(float(value), language, digits)["text"])


def long_description(
    table: pd.DataFrame,
    language: str,
    name: str,
    sentence: str,
    *,
    key: str = "",
    formats: Mapping[str, Format] | None = None,
    before: str = "{name}",
    depth: str = "",
    instead: Mapping[str, str] | None = None,
) -> list[str]:
    """Say a tidy table in words: a line for each `name`, "- name: sentence; sentence" with a sentence for each row.

    `sentence` has the columns of the table as {placeholders}, written by `formats` (whole numbers and text as they
    are). `key` tells names apart that are the same (default: the name); `before` puts words around the {name}. `depth`
    (a column, 1 at the top) sets lines in. `instead` (column -> sentence) is said of a row where that column is empty.
    """
    writers, lines = formats or {}, []

    def said(row: dict[str, Any]) -> str:
        for column, other in (instead or {}).items():
            if pd.isna(row[column]):
                return other.format(**row)
        return sentence.format(**(row | {c: write(row[c], language) for c, write in writers.items()}))

    for _, rows in table.groupby(key or name, sort=False):
        records = [{str(column): cell for column, cell in row.items()} for row in rows.to_dict("records")]
        inset = "  " * (int(records[0][depth]) - 1) if depth else ""
        lines.append(f"{inset}- {before.format(name=records[0][name])}: {'; '.join(said(row) for row in records)}")
    return lines
