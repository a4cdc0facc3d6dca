"""What the rows of the evidence page say: claims, discrepancies and companion sources, each with what it opens to.

All is plain text here; templates/evidence.html puts it into HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from koppelkans.locale.language import month

Row = Mapping[str, Any]
_COUNTED = re.compile(r"[\d<>⌊⌈]|in this order|not after|session \d|one of \d|(agrees|differs)$")
_MONTH = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])\b")


@dataclass(frozen=True)
class Quotation:
    """A quotation and its `words` from the reader's copy; `claims` are the ids of the claims that it goes with."""

    id: str
    claims: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Quotations:
    """What a reader's copy holds of the quotations that are recorded; `recorded` counts those."""

    found: tuple[Quotation, ...]
    recorded: int


@dataclass(frozen=True)
class Ledger:
    """What the page shows: `claims`, `discrepancies` and `companions` as rows, with the study's `title` {nl, en}.

    Columns of claims and discrepancies as ledger.statuses and ledger.discrepancies give them, of companions as in
    companion_sources.csv; a value that is not there is None or "".
    """

    title: Mapping[str, str]
    claims: list[Row]
    discrepancies: list[Row]
    companions: list[Row]
    quotations: Quotations | None = None


@dataclass(frozen=True)
class Places:
    """Where a figure can be seen: `exhibits` (label -> "fig" or "tbl" and its number in the report), `notebooks`."""

    exhibits: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    notebooks: frozenset[str] = frozenset()


def _ids(cell: Any) -> list[str]:
    return [part.strip() for part in str(cell or "").split(";") if part.strip()]


def text_of(value: Any) -> str:
    """Return a value of a row as text; what is missing is ""."""
    return "" if value is None else str(value)


def is_true(value: Any) -> bool:
    """Tell whether a value of a row means yes, in JSON or in CSV."""
    return str(value).lower() in ("true", "1")


class Text(NamedTuple):
    """Words of a row, with their language where it is not that of the edition (else "")."""

    words: str
    language: str = ""


class Fact(NamedTuple):
    """One line of what a row opens to: the key of its heading, the form it is shown in, and what is shown.

    Forms: text (a Text), check (name, arguments), ids (of rows), links (target or "", words), place (where, anchor),
    anchors (words of the study), quotes (words of the reader's copy).
    """

    heading: str
    form: str
    value: Any


class Rows:
    """Makes the rows of one edition; `words` are those of templates/evidence.<language>.yml, and `names` of values."""

    def __init__(self, ledger: Ledger, language: str, where: Places, words: dict[str, Any]) -> None:
        self.ledger, self.language, self.where, self.words = ledger, language, where, words
        rows = (*ledger.claims, *ledger.discrepancies, *ledger.companions)
        self.ids = {str(row["id"]) for row in rows}

    @cached_property
    def _quoted(self) -> dict[str, list[str]]:
        """Words of the quotations by the id of the claims they go with."""
        by_claim: dict[str, list[str]] = {}
        for quotation in self.ledger.quotations.found if self.ledger.quotations else ():
            for claim in quotation.claims:
                by_claim.setdefault(claim, []).append(quotation.words)
        return by_claim

    def claim(self, claim: Row) -> dict[str, Any]:
        """Return the row of a claim, with its facets for the filters."""
        questions = [(name, text_of(claim.get(name))) for name in ("checkable", "against", "outcome")]
        values = [text_of(claim[name]) for name in ("section", "work_package", "level", "kind", "status")]
        core = is_true(claim["core"])
        return {
            "id": str(claim["id"]),
            "facets": "|".join([*values, *(value for _, value in questions), str(int(core))]),
            "title": self._in_language(claim, "statement"),
            "core": core,
            "cells": [self.section(values[0]), *(self.answer(name, value) for name, value in questions)],
            "status": values[4],
            "verdict": self.name(values[4]),
            "said": self._in_language(claim, "evidence"),
            "facts": self._facts_of_claim(claim),
        }

    def _facts_of_claim(self, claim: Row) -> list[Fact]:
        counted = self._range(claim)
        kinds = (self.name(text_of(claim[name])) for name in ("kind", "work_package", "level"))
        return _filled(
            Fact("verdict_means", "text", _plain(self.words["status_meanings"].get(text_of(claim["status"]), ""))),
            Fact("checked", "text", self._in_language(claim, "checked")),
            Fact("found", "text", None if counted else self._value(claim, "found")),
            Fact("expected", "text", self._value(claim, "expected")),
            Fact("range", "text", counted),
            Fact("check", "check", _check(claim)),
            Fact("needs", "text", self._in_language(claim, "needs")),
            Fact("shown_in", "links", self._shown_in(claim)),
            Fact("rests_on", "ids", _ids(claim["from_claims"])),
            Fact("leads_to", "ids", _ids(claim["to_claims"])),
            Fact("frictions", "ids", _ids(claim["discrepancies"])),
            Fact("other_sources", "ids", _ids(claim["companions"])),
            Fact("belongs_to", "text", _plain(" · ".join(filter(None, kinds)))),
            Fact("place", "place", self._place(claim)),
            Fact("quotes", "quotes", self._quoted.get(str(claim["id"]), [])),
        )

    def discrepancy(self, row: Row) -> dict[str, Any]:
        """Return the row of a discrepancy."""
        detected = text_of(row.get("detected")).lower()
        outcome = {"true": "yes", "false": "no"}.get(detected, "unknown" if is_true(row.get("computable")) else "hand")
        facts = _filled(
            Fact("means", "text", self._in_language(row, "means")),
            Fact("found", "text", self._in_language(row, "found") or self._value(row, "found")),
            Fact("check", "check", _check(row)),
            Fact("note", "text", self._in_language(row, "note")),
            Fact("concerns", "ids", _ids(row["claims"])),
            Fact("anchors", "anchors", [part for part in text_of(row["anchors"]).split(" | ") if part]),
        )
        return {
            "id": str(row["id"]),
            "title": self._in_language(row, "what"),
            "said": Text(self.words[f"detected_{outcome}"]),
            "facts": facts,
            "last": self._code("verdicts", row["verdict"]),
        }

    def companion(self, row: Row) -> dict[str, Any]:
        """Return the row of a companion source."""
        facts = _filled(
            Fact("source", "text", _plain(text_of(row["page"]))),
            Fact("note", "text", self._in_language(row, "held_against")),
            Fact("concerns", "ids", _ids(row["claims"])),
        )
        return {
            "id": str(row["id"]),
            "title": self._in_language(row, "says"),
            "said": None,
            "facts": facts,
            "last": self._code("relations", row["relation"]),
        }

    def _in_language(self, row: Row, column: str) -> Text | None:
        """Return a text in the edition's language, or in the other one and marked as such."""
        other = "en" if self.language == "nl" else "nl"
        text = text_of(row.get(f"{column}_{self.language}"))
        if text:
            return Text(text)
        text = text_of(row.get(f"{column}_{other}"))
        return Text(text, other) if text else None

    def name(self, value: str) -> str:
        """Return the name of a value, or the value itself where it has none."""
        return str(self.words["names"].get(value, value))

    def answer(self, question: str, value: str) -> str:
        """Return the answer to one of the three questions in words; of any other column the name of the value."""
        return str(self.words["answers"].get(question, {}).get(value) or self.name(value))

    def _code(self, codes: str, value: Any) -> str:
        return str(self.words[codes].get(text_of(value), text_of(value)))

    def section(self, section: str) -> str:
        """Return how a section is referred to."""
        named = self.words["names"].get(section)
        return str(named or (self.words["paragraph"].format(section=section) if section else ""))

    def _value(self, row: Row, column: str) -> Text | None:
        """Return what a check computed, which is the same in both editions but for words such as "8 of 15"."""
        text = text_of(row.get(column))
        parts = text.split(", ")
        if all(part in self.words["names"] for part in parts):
            return _plain(", ".join(self.name(part) for part in parts))
        if _COUNTED.match(text):  # a name stays as it is
            for english, own in self.words["found_words"].items():
                text = re.sub(rf"\b{re.escape(english)}\b", own, text)
            if self.language == "nl":
                text = re.sub(r"(?<=\d)\.(?=\d)", ",", text)
            text = _MONTH.sub(lambda match: month(match[0], self.language), text)
            text = text.replace(">= ", "≥ ").replace("<= ", "≤ ").replace(" x ", " × ")
        return _plain(text)

    def _range(self, claim: Row) -> Text | None:
        low, high, n = (text_of(claim[name]).removesuffix(".0") for name in ("low", "high", "n"))
        if not low:
            return None
        if low == high:
            return _plain(self.words["one_of"].format(low=low, n=n) if n else low)
        form = ("range_of" if n else "range_free") if high else ("range_low_of" if n else "range_low")
        return _plain(self.words[form].format(low=low, high=high, n=n))

    def _shown_in(self, claim: Row) -> list[tuple[str, str]]:
        figure, notebook = text_of(claim["figure"]), text_of(claim["notebook"])
        links = []
        if figure in self.where.exhibits:
            kind, number = self.where.exhibits[figure]
            links.append((f"index.html#{figure}", f"{self.words['table' if kind == 'tbl' else 'figure']} {number}"))
        if notebook:
            cell = self.words["cell" if figure else "notebook"].format(notebook=notebook, label=figure)
            target = f"notebooks/{notebook}-preview.html" + (f"#{figure}" if figure else "")
            links.append((target if notebook in self.where.notebooks else "", cell))
        return links

    def _place(self, claim: Row) -> tuple[str, str] | None:
        section, anchor = self.section(text_of(claim["section"])), text_of(claim["anchor"])
        if not (section or anchor):
            return None
        return self.words["place_in" if anchor else "place_only"].format(section=section), anchor


def _plain(words: str) -> Text | None:
    return Text(words) if words else None


def _filled(*facts: Fact) -> list[Fact]:
    return [fact for fact in facts if fact.value]


def _check(row: Row) -> tuple[str, str] | None:
    check, arguments = text_of(row.get("check")), text_of(row.get("check_args"))
    return (check, f" ({arguments})" if arguments else "") if check else None
