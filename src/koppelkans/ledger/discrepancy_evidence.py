"""What a check on discrepancies works with: the evidence it looks at, and the register under which it is known.

A check gets an `Evidence` (the tables, and the claims that the discrepancy bears on) and returns whether it is there
and the values that say so. It never knows what the list of discrepancies says. The checks on words read the ledger's
own statements and anchors, which follow the study sentence by sentence; a word that no statement has does not occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from koppelkans.locale import words
from koppelkans.strands.published import fact_text

Tables = dict[str, pd.DataFrame]
Values = dict[str, Any]
Result = tuple[bool, Values]

RESULTS = r"2(\.|$)"  # sections of the results


class CannotRun(Exception):
    """Says which table, fact or row a check needs and does not find."""


@dataclass(frozen=True)
class Evidence:
    """What a check looks at: the `tables` of a study and the ids of the `claims` that the discrepancy bears on."""

    tables: Tables
    claims: tuple[str, ...]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; raises CannotRun where the study has no rows of it."""
        rows = self.tables.get(name)
        if rows is None or rows.empty:
            raise CannotRun(f"table {name}")
        return rows

    def fact(self, key: str) -> str:
        """Return a published fact as typed; raises CannotRun where the study does not state it."""
        value = fact_text(self.table("facts"), key)
        if value is None:
            raise CannotRun(f"fact {key}")
        return value

    def own(self, *kinds: str) -> pd.DataFrame:
        """Return the claims of the discrepancy in the order of the ledger, all or of some kinds."""
        claims = self.table("claims")
        own = claims[claims["id"].isin(self.claims)]
        own = own[own["kind"].isin(kinds)] if kinds else own
        if own.empty:
            raise CannotRun(f"claims {' '.join(self.claims)}")
        return own

    def items(self, kind: str) -> pd.DataFrame:
        """Return the items of the sessions of one kind: theme, work_form or outcome."""
        sessions = self.table("sessions")
        return sessions[sessions["kind"] == kind]


@dataclass(frozen=True)
class Check:
    """A check by its `name`; `text` says what it found, with its values in braces."""

    name: str
    run: Callable[[Evidence], Result]
    text: str


CHECKS: dict[str, Check] = {}
"""Every check under the name that column `check` of discrepancies.csv uses."""


def check(text: str) -> Callable[[Callable[[Evidence], Result]], Callable[[Evidence], Result]]:
    """Register a check under the name of its function; `text` says what it found, with its values in braces."""

    def register(run: Callable[[Evidence], Result]) -> Callable[[Evidence], Result]:
        name = run.__name__
        CHECKS[name] = Check(name, run, text)
        return run

    return register


def texts(rows: pd.DataFrame) -> pd.Series:
    """Join what the ledger has of each row's wording, to look for words in."""
    columns = [c for c in ("statement_nl", "statement_en", "text_nl", "text_en", "anchor") if c in rows]
    return rows[columns].agg(" ".join, axis=1)


def saying(rows: pd.DataFrame, words: str) -> pd.DataFrame:
    """Keep the rows whose wording matches a pattern, in either case."""
    return rows[texts(rows).str.contains(words, case=False, regex=True)]


def within(claims: pd.DataFrame, sections: str) -> pd.DataFrame:
    """Keep the claims of the sections that match a pattern from their start."""
    return claims[claims["section"].str.match(sections)]


def joined(values: Iterable[Any]) -> str:
    """Write values with commas between them, "–" for none."""
    return ", ".join(map(str, values)) or "–"


def named(key: str, names: Iterable[str]) -> Values:
    """Return a value in each language, key_nl and key_en: texts of the catalogs with commas between them."""
    terms = list(names)
    return {f"{key}_{language}": joined(map(words(language).gettext, terms)) for language in ("nl", "en")}
