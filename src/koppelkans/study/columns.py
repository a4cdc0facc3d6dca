"""What an analysis needs of a table, checked before it starts."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from koppelkans.errors import KoppelkansError


def require(table: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    """Raise KoppelkansError where a table lacks a column; the line names table, column and what was found."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        present = ", ".join(map(str, table.columns)) or "none"
        raise KoppelkansError(f"table {name}: no column {missing[0]!r}; expected {', '.join(columns)}, found {present}")
