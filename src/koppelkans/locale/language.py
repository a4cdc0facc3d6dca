"""Numbers, months and shared words as they are read in a language; forms of numbers and dates are those of CLDR."""

from __future__ import annotations

import os
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from koppelkans.locale.catalogs import LANGUAGES, N_, SOURCE_LANGUAGE, checked, words

_COUNTS = (
    *(N_("zero"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight")),
    *(N_("nine"), N_("ten"), N_("eleven"), N_("twelve"), N_("thirteen"), N_("fourteen"), N_("fifteen")),
    *(N_("sixteen"), N_("seventeen"), N_("eighteen"), N_("nineteen"), N_("twenty")),
)
_TEXTS = {
    "no_data": N_("This study has no data for this."),
    "synthetic": N_("SYNTHETIC DATA"),
    "partly_synthetic": N_("PARTLY SYNTHETIC DATA (°)"),
    "not_shared": N_("NOT FOR SHARING"),
    "not_in_text": N_("not in the text"),
    "origin": N_("Origin"),
    "published": N_("published"),
    "bounds": N_("bounds"),
    "collected": N_("field data"),
}

Number = dict[str, Any]
"""A result in results/*.json: `value` (the bare number or code), `text` (as read), `word` (where it is small)."""


def number(value: float, language: str, decimals: int = 0, unit: str = "") -> Number:
    """Write a number as it is read in a language.

    `decimals` digits after the comma or point; `unit` is set behind the number ("%"; "€" where the language has it).
    Whole numbers up to twenty also get `word`. Raises ValueError for a language without a catalog.
    """
    from babel import Locale
    from babel.numbers import format_currency, format_decimal

    rounded = Decimal(f"{value:.{decimals}f}")  # rounded as Python does; Babel would round the decimal form
    if unit == "€":
        pattern = copy(Locale.parse(checked(language)).currency_formats["standard"])
        pattern.frac_prec = (decimals, decimals)
        text = format_currency(rounded, "EUR", pattern, locale=language, currency_digits=False)
    else:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        digits = format_decimal(rounded, pattern, locale=checked(language))
        text = digits + (unit if unit == "%" else f" {unit}" if unit else "")
    result: Number = {"value": round(value, decimals) if decimals else round(float(value)), "text": text}
    if not unit and decimals == 0 and 0 <= round(float(value)) < len(_COUNTS):
        result["word"] = words(language).gettext(_COUNTS[round(float(value))])
    return result


def decimals_of(value: float) -> int:
    """Return how many decimals a measured number is written with, by its size: none from 1,000 on, two below 1."""
    return 0 if abs(value) >= 1000 else 1 if abs(value) >= 1 or value == 0 else 2


def percent(share: float, language: str) -> Number:
    """Write a share as a percentage, with a decimal where it is not whole."""
    return number(100 * share, language, 0 if round(100 * share, 6).is_integer() else 1, "%")


def month(value: str, language: str, short: bool = False) -> str:
    """Write a month "2021-09" as "september 2021" (nl) or "September 2021" (en); `short` gives "sep 2021"."""
    from babel.dates import format_skeleton

    first_day = date.fromisoformat(f"{value}-01")
    return format_skeleton("yMMM" if short else "yMMMM", first_day, locale=checked(language))


def months(language: str) -> list[str]:
    """Return the names of the twelve months in a language."""
    from babel.dates import get_month_names

    return list(get_month_names("wide", context="stand-alone", locale=checked(language)).values())


def own_language() -> str:
    """Return the language of who sits at the keyboard (LC_ALL, LC_MESSAGES, LANG); Dutch where it is not told."""
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    told = named.partition(".")[0]
    return "nl" if told in ("", "C", "POSIX") else told[:2] if told[:2] in LANGUAGES else SOURCE_LANGUAGE


def text(key: str, language: str) -> str:
    """Return a shared word or line, such as "not in the text", in a language. Raises KeyError for an unknown key."""
    return words(language).gettext(_TEXTS[key])
