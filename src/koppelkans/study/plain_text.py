"""Words of people in files that other programs read in their own way: as words, never as markup or as a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_LITERAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~^$@&"})
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NO_FORMULA = re.compile(r"-|[+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?\s?%?")


def in_markdown(text: str) -> str:
    """Return a text on one line as Markdown shows it as it is, also if it looks like HTML, a link or mathematics."""
    return " ".join(text.splitlines()).translate(_LITERAL)


def in_csv(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before =, +, - and @, but in numbers."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NO_FORMULA.fullmatch(cell) else cell


def from_csv(cell: str) -> str:
    """Return a cell as it was before `in_csv`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_of(table: pd.DataFrame) -> str:
    r"""Write a table as CSV, lines ending in \n, in which no cell and no header is a formula."""
    safe = table.rename(columns=lambda name: in_csv(str(name)))
    for place, kind in enumerate(safe.dtypes):
        if kind in ("object", "str"):
            cells = safe.iloc[:, place]
            safe.isetitem(place, cells.map(in_csv_where_text, na_action="ignore"))  # type: ignore[arg-type]
    return safe.to_csv(index=False, lineterminator="\n")


def in_csv_where_text(cell: object) -> object:
    """Return `in_csv` of a text, and anything else as it is."""
    return in_csv(cell) if isinstance(cell, str) else cell


def texts_from_csv(cells: pd.Series) -> pd.Series:
    """Return cells of a CSV that `csv_of` wrote as they were before."""
    return cells.map(from_csv) if len(cells) and cells.str.startswith("'").any() else cells
