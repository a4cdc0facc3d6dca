"""Numbers, months and shared words in the two languages of the report."""

from __future__ import annotations

from typing import Any, Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")

_WORDS: dict[str, str] = {
    "nl": "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien twintig",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty",
}
_MONTHS: dict[str, str] = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_TEXTS: dict[str, dict[str, str]] = {
    "no_data": {
        "nl": "Deze studie heeft hiervoor geen gegevens.",
        "en": "This study has no data for this.",
    },
    "synthetic": {"nl": "SYNTHETISCHE GEGEVENS", "en": "SYNTHETIC DATA"},
    "not_in_text": {"nl": "niet in de tekst", "en": "not in the text"},
    "origin": {"nl": "Herkomst", "en": "Origin"},
    "published": {"nl": "gepubliceerd", "en": "published"},
    "bounds": {"nl": "grenzen", "en": "bounds"},
    "collected": {"nl": "veldgegevens", "en": "field data"},
}

Number = dict[str, Any]
"""A result in results/*.json: `value` (the bare number or code), `text` (as read), `word` (where it is small)."""


def _checked(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    return language


def number(value: float, language: str, decimals: int = 0, unit: str = "") -> Number:
    """Write a number as it is read in a language.

    `decimals` digits after the comma or point; `unit` is set behind the number ("%", "€" goes in front).
    Whole numbers up to twenty also get `word`. Raises ValueError for another language than nl and en.
    """
    _checked(language)
    digits = f"{value:,.{decimals}f}"
    if language == "nl":
        digits = digits.translate(str.maketrans(",.", ".,"))
    euro = "€\u00a0" if language == "nl" else "€"
    text = f"{euro}{digits}" if unit == "€" else digits + (unit if unit == "%" else f" {unit}" if unit else "")
    result: Number = {"value": round(value, decimals) if decimals else round(float(value)), "text": text}
    words = _WORDS[language].split()
    if not unit and decimals == 0 and 0 <= round(float(value)) < len(words):
        result["word"] = words[round(float(value))]
    return result


def month(value: str, language: str, short: bool = False) -> str:
    """Write a month "2021-09" as "september 2021" (nl) or "September 2021" (en); `short` gives "sep 2021"."""
    _checked(language)
    year, number_of_month = value.split("-")
    name = _MONTHS[language].split()[int(number_of_month) - 1]
    if short:
        name = "mrt" if name == "maart" else name[:3]
    return f"{name} {year}"


def months(language: str) -> list[str]:
    """Return the names of the twelve months in a language."""
    return _MONTHS[_checked(language)].split()


def text(key: str, language: str) -> str:
    """Return a shared word or line, such as "not in the text", in a language. Raises KeyError for an unknown key."""
    return _TEXTS[key][_checked(language)]
