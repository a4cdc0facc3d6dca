"""The rows of the evidence page as HTML: claims, discrepancies and companion sources, each with what it opens to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

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


class Rows:
    """Makes the rows of one edition; `words` are those of templates/evidence.<language>.yml, and `names` of values."""

    def __init__(self, ledger: Ledger, language: str, where: Places, words: dict[str, Any]) -> None:
        self.ledger, self.language, self.where, self.words = ledger, language, where, words
        rows = (*ledger.claims, *ledger.discrepancies, *ledger.companions)
        self.ids = {str(row["id"]) for row in rows}

    @cached_property
    def _quoted(self) -> dict[str, list[Quotation]]:
        """Quotations by the id of the claims they go with."""
        by_claim: dict[str, list[Quotation]] = {}
        for quotation in self.ledger.quotations.found if self.ledger.quotations else ():
            for claim in quotation.claims:
                by_claim.setdefault(claim, []).append(quotation)
        return by_claim

    def claim(self, claim: Row) -> str:
        """Return the row of a claim, with its facets in `data-f` for the filters."""
        key, status = escape(str(claim["id"])), text_of(claim["status"])
        values = [text_of(claim[name]) for name in ("section", "work_package", "level", "kind", "status")]
        facets = "|".join([*values, str(int(is_true(claim["core"])))])
        core = f'<span class="core">{escape(self.words["core"])}</span>' if is_true(claim["core"]) else ""
        return (
            f'<tr id="{key}" data-f="{escape(facets)}"><th scope="row"><a href="#{key}">{key}</a></th>'
            f"<td><details><summary>{self._in_language(claim, 'statement')}{core}</summary>"
            f'<div class="row-evidence">{self._evidence(claim)}</div></details></td>'
            f"<td>{escape(self.section(values[0]))}</td><td>{escape(self.name(values[1]))}</td>"
            f"<td>{escape(self.name(values[2]))}</td><td>{escape(self.name(values[3]))}</td>"
            f'<td class="status {escape(status)}">{escape(self.name(status))}</td></tr>'
        )

    def _evidence(self, claim: Row) -> str:
        evidence = self._in_language(claim, "evidence")
        listed = [
            ("found", "" if self._range(claim) else self._found(claim, "found")),
            ("expected", self._found(claim, "expected")),
            ("range", escape(self._range(claim))),
            ("check", self._check(claim)),
            ("needs", self._in_language(claim, "needs")),
            ("shown_in", self._shown_in(claim)),
            ("rests_on", self._links(claim["from_claims"])),
            ("leads_to", self._links(claim["to_claims"])),
            ("frictions", self._links(claim["discrepancies"])),
            ("other_sources", self._links(claim["companions"])),
            ("place", self._place(claim)),
            ("quotes", self._quotes(claim)),
        ]
        return (f"<p>{evidence}</p>" if evidence else "") + self._list(listed)

    def discrepancy(self, row: Row) -> str:
        """Return the row of a discrepancy."""
        detected = text_of(row.get("detected")).lower()
        found = {"true": "yes", "false": "no"}.get(detected, "unknown" if is_true(row.get("computable")) else "hand")
        places = [part for part in text_of(row["anchors"]).split(" | ") if part]
        anchors = "<br>".join(f'<q lang="nl">{escape(part, quote=False)}</q>' for part in places)
        listed = [
            ("means", self._in_language(row, "means")),
            ("found", self._in_language(row, "found") or self._found(row, "found")),
            ("check", self._check(row)),
            ("note", self._in_language(row, "note")),
            ("concerns", self._links(row["claims"])),
            ("anchors", anchors),
        ]
        detail = f"<p>{escape(self.words[f'detected_{found}'])}</p>{self._list(listed)}"
        return self._other_row(row, self._in_language(row, "what"), detail, self._code("verdicts", row["verdict"]))

    def companion(self, row: Row) -> str:
        """Return the row of a companion source."""
        listed = [
            ("source", escape(text_of(row["page"]))),
            ("note", self._in_language(row, "held_against")),
            ("concerns", self._links(row["claims"])),
        ]
        relation = self._code("relations", row["relation"])
        return self._other_row(row, self._in_language(row, "says"), self._list(listed), relation)

    def _other_row(self, row: Row, title: str, detail: str, last: str) -> str:
        key = escape(str(row["id"]))
        return (
            f'<tr id="{key}"><th scope="row"><a href="#{key}">{key}</a></th><td><details><summary>{title}</summary>'
            f'<div class="row-evidence">{detail}</div></details></td><td>{escape(last)}</td></tr>'
        )

    def _in_language(self, row: Row, column: str) -> str:
        """Return a text in the edition's language, or in the other one and marked as such."""
        other = "en" if self.language == "nl" else "nl"
        text = text_of(row.get(f"{column}_{self.language}"))
        if text:
            return escape(text, quote=False)
        text = text_of(row.get(f"{column}_{other}"))
        return f'<span lang="{other}">{escape(text, quote=False)}</span>' if text else ""

    def name(self, value: str) -> str:
        """Return the name of a value, or the value itself where it has none."""
        return str(self.words["names"].get(value, value))

    def _code(self, codes: str, value: Any) -> str:
        return str(self.words[codes].get(text_of(value), text_of(value)))

    def section(self, section: str) -> str:
        """Return how a section is referred to."""
        named = self.words["names"].get(section)
        return str(named or (self.words["paragraph"].format(section=section) if section else ""))

    def _list(self, listed: list[tuple[str, str]]) -> str:
        items = "".join(f"<dt>{escape(self.words[word])}</dt><dd>{html}</dd>" for word, html in listed if html)
        return f"<dl>{items}</dl>" if items else ""

    def _found(self, row: Row, column: str) -> str:
        """Return what a check found, which is the same in both editions but for words such as "8 of 15"."""
        text = text_of(row.get(column))
        parts = text.split(", ")
        if all(part in self.words["names"] for part in parts):
            return escape(", ".join(self.name(part) for part in parts))
        if _COUNTED.match(text):  # a name that was found stays as it is
            for english, own in self.words["found_words"].items():
                text = re.sub(rf"\b{re.escape(english)}\b", own, text)
            if self.language == "nl":
                text = re.sub(r"(?<=\d)\.(?=\d)", ",", text)
            text = _MONTH.sub(lambda found: month(found[0], self.language), text)
            text = text.replace(">= ", "≥ ").replace("<= ", "≤ ").replace(" x ", " × ")
        return escape(text, quote=False)

    def _range(self, claim: Row) -> str:
        low, high, n = (text_of(claim[name]).removesuffix(".0") for name in ("low", "high", "n"))
        if not low:
            return ""
        if low == high:
            return str(self.words["one_of"].format(low=low, n=n)) if n else low
        form = ("range_of" if n else "range_free") if high else ("range_low_of" if n else "range_low")
        return str(self.words[form].format(low=low, high=high, n=n))

    def _check(self, row: Row) -> str:
        check, arguments = text_of(row.get("check")), text_of(row.get("check_args"))
        return f"<code>{escape(check)}</code>{escape(f' ({arguments})' if arguments else '')}" if check else ""

    def _links(self, cell: Any) -> str:
        """Return ids as links to their rows; an id that has no row stays text."""
        linked = (
            f'<a href="#{escape(key)}">{escape(key)}</a>' if key in self.ids else escape(key) for key in _ids(cell)
        )
        return ", ".join(linked)

    def _shown_in(self, claim: Row) -> str:
        figure, notebook = text_of(claim["figure"]), text_of(claim["notebook"])
        links = []
        if figure in self.where.exhibits:
            kind, number = self.where.exhibits[figure]
            word = self.words["table" if kind == "tbl" else "figure"]
            links.append(f'<a href="index.html#{escape(figure)}">{escape(word)} {number}</a>')
        if notebook:
            cell = self.words["cell" if figure else "notebook"].format(notebook=notebook, label=figure)
            target = f"notebooks/{notebook}-preview.html" + (f"#{figure}" if figure else "")
            known = notebook in self.where.notebooks
            links.append(f'<a href="{escape(target)}">{escape(cell)}</a>' if known else escape(cell))
        return ", ".join(links)

    def _place(self, claim: Row) -> str:
        section, anchor = self.section(text_of(claim["section"])), text_of(claim["anchor"])
        if not anchor:
            return escape(self.words["place_only"].format(section=section)) if section else ""
        return (
            f'{escape(self.words["place_in"].format(section=section))} <q lang="nl">{escape(anchor, quote=False)}</q>'
        )

    def _quotes(self, claim: Row) -> str:
        found = self._quoted.get(str(claim["id"]), [])
        return "".join(f'<blockquote lang="nl">{escape(quote.words, quote=False)}</blockquote>' for quote in found)
