"""The sentences of the ledger in its languages: texts of the catalogs filled in, and words that many of them share.

The ledger gives each sentence in every language of LEDGER_LANGUAGES, side by side in columns such as evidence_nl.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from koppelkans.ledger.checks.registry import LEDGER_LANGUAGES, Words
from koppelkans.locale import N_, words
from koppelkans.locale.language import month, number

TABLE_NAMES = {
    "sessions": N_("table 1"),
    "themes": N_("the theme tree"),
    "change_stories": N_("the change stories"),
    "levels": N_("the levels of the model"),
    "package_levels": N_("the levels per work package"),
    "work_packages": N_("the work packages"),
    "research_questions": N_("the research questions"),
    "exhibits": N_("the figures and tables"),
    "claims": N_("the other statements"),
    "facts": N_("the single numbers"),
}
_VERDICTS = {True: N_("the two agree"), False: N_("the two do not agree")}
ONLY_FITS = N_("that fits, but does not bear the statement out")
EMPTY: Words = dict.fromkeys(LEDGER_LANGUAGES, "")


def in_each(write: Callable[[str], str]) -> Words:
    """Write a text in each language: `write` gives it in one."""
    return {language: write(language) for language in LEDGER_LANGUAGES}


def sentence(text: str, /, **values: Any) -> Words:
    """Fill in a text of the catalogs, in each language; of a value that is itself in each, the one of the language."""

    def write(language: str) -> str:
        own = {name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
        return words(language).gettext(text).format(**own)

    return in_each(write)


def first_upper(text: str) -> str:
    """Write the first letter large and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def cell(row: pd.Series | Mapping[str, Any], column: str) -> Words:
    """Return the cells of a row that have a text in each language, such as about_nl and about_en."""
    return in_each(lambda language: str(row[f"{column}_{language}"]))


def given(nl: str, en: str, otherwise: str = "") -> Words:
    """Return the name that a claim gives to what is counted; where it gives none, `otherwise` from the catalogs."""
    names = {"nl": nl, "en": en}
    return in_each(lambda language: names[language] or (otherwise and words(language).gettext(otherwise)))


def opening(text: Words) -> Words:
    """Return a text as it opens a sentence."""
    return {language: first_upper(own) for language, own in text.items()}


def as_read(value: float, decimals: int = 0, unit: str = "") -> Words:
    """Write a number as it is read, as `number` does."""
    return in_each(lambda language: str(number(value, language, decimals, unit)["text"]))


def moment(value: str) -> Words:
    """Write YYYY or YYYY-MM as it is read."""
    return in_each(lambda language: month(value, language) if "-" in value else value)


def joined(texts: list[Words], separator: str) -> Words:
    """Put texts together, with a separator of the catalogs such as " and "."""
    return in_each(lambda language: words(language).gettext(separator).join(text[language] for text in texts))


def place_of(name: str) -> Words:
    """Say in words where a table comes from."""
    return sentence(TABLE_NAMES[name]) if name in TABLE_NAMES else sentence(N_("the table {name}"), name=name)


def verdict_of(agrees: bool) -> Words:
    """Say in words whether two places agree."""
    return sentence(_VERDICTS[agrees])
