"""Figures of a neighbourhood from Statistics Netherlands, as a small table to read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.locale import words
from koppelkans.locale.language import number
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin

_THOUSANDS = "x 1 000 euro"
_NO_UNIT = "aantal"
_UNITS = {"%": "%", "euro": "€"}


@carries_origin
def context_table(context: pd.DataFrame, language: str) -> pd.DataFrame:
    """Lay the table context out to be read: figure (a key), value as text with its unit, year and source."""
    rows = [(row["figure"], _written(row, language), row["year"], row["source"]) for row in rows_of(context)]
    return pd.DataFrame(rows, columns=["figure", "shown", "year", "source"])


def _written(row: dict[str, Any], language: str) -> str:
    value, unit = row["value"], str(row["unit"])
    if value is None or pd.isna(value):
        return words(language).gettext("not published by CBS")
    amount = float(str(value))
    if unit == _THOUSANDS:
        amount, unit = 1000 * amount, "euro"
    decimals = 0 if amount.is_integer() else 1
    shown = str(number(amount, language, decimals, _UNITS.get(unit, ""))["text"])
    return shown if unit in (*_UNITS, _NO_UNIT, "") else f"{shown} {unit}"


def caption_numbers(context: pd.DataFrame) -> dict[str, str | None]:
    """Return what the caption names: region, code and the day on which the figures were asked for."""
    first = context.iloc[0] if len(context) else {"region": None, "code": None, "fetched": None}
    return {key: first[key] for key in ("region", "code", "fetched")}
