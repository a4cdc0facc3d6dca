"""What every strand needs: a single published fact, and numbers and months ready to be read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.locale import language as lang

UNKNOWN = "–"


def fact(facts: pd.DataFrame, key: str) -> float | None:
    """Return a published number (`facts`: fact, value), or None where the study does not state it.

    Raises ValueError where the fact is not a number.
    """
    stated = fact_text(facts, key)
    if stated is None:
        return None
    try:
        return float(stated)
    except ValueError:
        raise ValueError(f"fact {key!r}: found {stated!r}, expected a number") from None


def fact_text(facts: pd.DataFrame, key: str) -> str | None:
    """Return a published fact as it was typed, such as the month "2021-09"; None where the study does not state it."""
    if facts.empty:
        return None
    values = facts.loc[facts["fact"] == key, "value"]
    return None if values.empty else str(values.iloc[0])


def counted(value: float | None, language: str, decimals: int = 0, unit: str = "") -> lang.Number:
    """Write a number as `language.number` does; None (not published) gives a dash and the value None."""
    if value is None:
        return {"value": None, "text": UNKNOWN}
    return lang.number(value, language, decimals, unit)


def dated(month: str | None, language: str) -> lang.Number:
    """Write a month YYYY-MM in words, with the code as its value; None gives a dash."""
    if not month:
        return {"value": None, "text": UNKNOWN}
    return {"value": month, "text": lang.month(month, language)}


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table one by one, as column -> cell."""
    return [{str(column): cell for column, cell in row.items()} for row in table.to_dict("records")]


def in_year(year: float | None) -> lang.Number:
    """Write a year, which has no sign between its thousands; None gives a dash."""
    if year is None:
        return {"value": None, "text": UNKNOWN}
    return {"value": int(year), "text": str(int(year))}
