"""How estimates of field data are written: with their interval, hidden, or with the reason why there is none."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.locale import language as lang
from koppelkans.locale import words


def interval_text(row: dict[str, Any], language: str, decimals: int = 0, share: bool = True) -> str:
    """Write an estimate with its interval, such as "34% (22–47)"; the reason where there is none, or "hidden"."""
    if row.get("hidden"):
        return words(language).gettext("hidden")
    if pd.isna(row["value"]):
        return str(row.get(f"reason_{language}") or "–")
    scale = 100 if share else 1
    value, *ends = (
        lang.number(scale * float(row[name]), language, decimals)["text"] if pd.notna(row[name]) else ""
        for name in ("value", "low", "high")
    )
    written = f"{value}%" if share else value
    return f"{written} ({ends[0]}–{ends[1]})" if all(ends) else written


def n_text(row: dict[str, Any], language: str) -> str:
    """Write n of an estimate; that it is hidden where it is."""
    return f"n = {row['n']}" if pd.notna(row["n"]) else f"n {words(language).gettext('hidden')}"
