"""How estimates of field data are written: with their interval, hidden, or with the reason why there is none."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.locale import N_, words
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import ANSWERED

_REASONS = {
    "no-answer": N_("no answer"),
    "not stated": N_("no reason given"),
    "not-asked": N_("not asked"),
    "weet niet": N_("do not know"),
    "niet gevraagd": N_("not asked"),
    "no-number": N_("no number"),
}


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


def points_text(row: dict[str, Any], language: str, names: tuple[str, str, str] = ("value", "low", "high")) -> str:
    """Write a difference of shares with its interval in percentage points, such as "+14 (−3; 29)"."""
    written = []
    for name in names:
        points = round(100 * float(row[name])) if pd.notna(row[name]) else None
        written.append("" if points is None else lang.number(points, language)["text"].replace("-", "−"))
    sign = "+" if round(100 * float(row[names[0]])) > 0 else ""
    return f"{sign}{written[0]} ({written[1]}; {written[2]})" if all(written) else f"{sign}{written[0]}"


def n_text(row: dict[str, Any], language: str) -> str:
    """Write n of an estimate; that it is hidden where it is."""
    return f"n = {row['n']}" if pd.notna(row["n"]) else f"n {words(language).gettext('hidden')}"


def p_text(p: float, language: str) -> str:
    """Write a p-value with two decimals, three below 0.1, and never as 0."""
    if p < 0.001:
        return f"p < {lang.number(0.001, language, 3)['text']}"
    return f"p = {lang.number(p, language, 3 if p < 0.1 else 2)['text']}"


def tested_text(row: dict[str, Any], language: str) -> str:
    """Write p and what Holm's correction makes of it, such as "p = 0.03; Holm 0.20"; nothing where there is no p."""
    if pd.isna(row["p"]):
        return ""
    corrected = p_text(float(row["p_holm"]), language).removeprefix("p = ").removeprefix("p ")
    return f"{p_text(float(row['p']), language)}; Holm {corrected}"


def question_text(row: dict[str, Any], language: str) -> str:
    """Return the words of a question; its key where it has none."""
    return str(row[f"label_{language}"] or row["question"])


def missing_text(response: pd.DataFrame, question: str, strand: str, language: str) -> str:
    """Write why people of a strand did not answer a question, such as "no answer 5, not asked 33"; "" for nobody."""
    _ = words(language).gettext
    own = response[(response["question"] == question) & (response["strand"] == strand)]
    parts = []
    for row in rows_of(own[own["state"] != ANSWERED]):
        known = _REASONS.get(row["state"], "")
        people = str(int(row["respondents"])) if pd.notna(row["respondents"]) else _("hidden")
        parts.append(f"{_(known) if known else row['state']} {people}")
    return ", ".join(parts)
