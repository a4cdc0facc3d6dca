"""Whether what was recorded of a published report stands in it: anchors, and quotations by their hash.

Pure: the text of the report comes in, a table of findings goes out; no text of the report is written or kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from koppelkans.ledger.source_matching import NO_MARK, SourceText, readings, sha256_of

COLUMNS = ["table", "id", "section", "anchor", "status", "places", "note"]
STATUSES = ("found", "ambiguous", "differs", "missing")

_EDGE_BEFORE = re.compile(r"[^\w\s”’]+$")
_EDGE_AFTER = re.compile(r"[^\w\s”’]+")
_AT_THE_EDGE = 6  # marks of punctuation beside a quotation that may belong to it
_LONGEST_WORD = 60  # letters of a word, with the line end and the indent after it


def anchors_of(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Collect the anchors of the tables of a study (table name -> table): columns table, id, section, anchor.

    Tables with a column anchor, or anchors (several with " | " between them), are looked at; empty anchors are left
    out. `id` is the key of the row: its key columns with / between them, or "row n" as a spreadsheet counts.
    """
    rows = []
    for name, table in tables.items():
        column = next((column for column in ("anchor", "anchors") if column in table), None)
        if column is None:
            continue
        keys = _keys(name, table)
        sections = table["section"] if "section" in table else [""] * len(table)
        for key, section, cell in zip(keys, sections, table[column].fillna(""), strict=True):
            anchors = cell.split(" | ") if column == "anchors" else [cell]
            rows += [(name, key, section, anchor.strip()) for anchor in anchors if anchor.strip()]
    return pd.DataFrame(rows, columns=COLUMNS[:4], dtype="str")


def _keys(name: str, table: pd.DataFrame) -> list[str]:
    from koppelkans.study.schemas import SCHEMAS

    columns = ["id"]
    if name in SCHEMAS:
        schema = SCHEMAS[name]
        unique = [column for column, described in schema.columns.items() if described.unique]
        columns = list(schema.key) or unique[:1]
    if not columns or not set(columns) <= set(table):
        return [f"row {number}" for number in range(2, len(table) + 2)]
    return ["/".join(map(str, row)) for row in table[columns].itertuples(index=False)]


def verify(text: str, anchors: pd.DataFrame, quotations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold anchors and quotations against the text of a report.

    Parameters
    ----------
    text
        The text of the report, as a program took it from the print.
    anchors
        Columns table, id, section, anchor (as `anchors_of` gives them).
    quotations
        Columns id, section, opening, closing, n_words and sha256 (see `source_matching.quotation_hash`).

    Returns
    -------
    DataFrame
        One row each, anchors first, with the columns

        - table, id, section, anchor: as they came; for a quotation table is quotations, anchor "opening … closing"
        - status: found; missing; ambiguous (an anchor that stands at more than one place; nothing is wrong with it);
          differs (a quotation of which opening and closing stand in the text, but not with these words between them)
        - places: at how many places it stands (Int64)
        - note: what had to be allowed, or how far the words go; never words that are not in the anchor itself
    """
    source = SourceText(text)
    findings: dict[str, tuple[str, int, str]] = {}
    for anchor in anchors["anchor"]:
        if anchor not in findings:
            findings[anchor] = _finding(source, anchor)
    rows = [(*row, *findings[row[3]]) for row in anchors[COLUMNS[:4]].itertuples(index=False, name=None)]
    for quotation in _rows(quotations):
        shown = f"{quotation.opening} … {quotation.closing}"
        finding = _quotation_finding(source, quotation)
        rows.append(("quotations", quotation.id, quotation.section, shown, *finding))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"places": "Int64"})


def totals(findings: pd.DataFrame) -> pd.DataFrame:
    """Count the findings of `verify` per table: table, n, and a column for each status."""
    counts = pd.crosstab(findings["table"], findings["status"]).reindex(columns=list(STATUSES), fill_value=0)
    counts.insert(0, "n", counts.sum(axis="columns"))
    return counts.rename_axis(columns=None).reset_index()


def quotation_texts(text: str, quotations: pd.DataFrame) -> dict[str, str]:
    """Return the words of every quotation that stands in the text as recorded (id -> normalised words).

    For a build that shows quotations to a reader who has the report; nothing is written. Quotations that `verify` does
    not call found are left out.
    """
    source = SourceText(text)
    places = {quotation.id: _quoted(source, quotation) for quotation in _rows(quotations)}
    return {key: words[0] for key, words in places.items() if words}


@dataclass(frozen=True)
class _Quotation:
    id: str
    section: str
    opening: str
    closing: str
    n_words: int
    sha256: str


def _rows(quotations: pd.DataFrame | None) -> list[_Quotation]:
    if quotations is None:
        return []
    columns = list(_Quotation.__annotations__)
    return [
        _Quotation(key, section, opening, closing, int(n_words), sha256.strip().lower())
        for key, section, opening, closing, n_words, sha256 in quotations[columns].itertuples(index=False, name=None)
    ]


def _finding(source: SourceText, anchor: str) -> tuple[str, int, str]:
    places = source.places(anchor)
    if len(places.spans) == 1:
        return "found", 1, places.note
    if places.spans:
        return "ambiguous", len(places.spans), places.note
    leading, size = source.leading_words(anchor), len(anchor.split())
    return "missing", 0, f"only the first {leading} of {size} words stand together" if leading else ""


def _quotation_finding(source: SourceText, quotation: _Quotation) -> tuple[str, int, str]:
    absent = [edge for edge in ("opening", "closing") if not source.places(getattr(quotation, edge)).spans]
    if absent:
        return "missing", 0, f"{' and '.join(absent)} not found"
    places = len(_quoted(source, quotation))
    if places:
        return "found", places, ""
    return "differs", 0, f"opening and closing stand there, not these {quotation.n_words} words between them"


def _quoted(source: SourceText, quotation: _Quotation) -> list[str]:
    """Return the words of a quotation at each place where they have the recorded number and hash."""
    ends = sorted(end for _, end in source.places(quotation.closing).spans)
    longest = _LONGEST_WORD * (quotation.n_words + 1)
    quoted = []
    for start, _ in source.places(quotation.opening).spans:
        for end in ends[bisect_right(ends, start) : bisect_right(ends, start + longest)]:
            quoted.append(_agreeing(source, start, end, quotation))
    return [words for words in quoted if words is not None]


def _agreeing(source: SourceText, start: int, end: int, quotation: _Quotation) -> str | None:
    """Return the reading of a stretch that has the recorded hash, or None; punctuation beside it may belong to it."""
    before = _EDGE_BEFORE.search(source.folded, max(0, start - _AT_THE_EDGE), start)
    after = _EDGE_AFTER.match(source.folded, end, end + _AT_THE_EDGE)
    for first in range(before.start() if before else start, start + 1):
        for last in range(end, (after.end() if after else end) + 1):
            stretches = {text[first:last].replace(NO_MARK, "") for text in (source.folded, source.unmarked)}
            for reading in chain.from_iterable(map(readings, stretches)):
                words = reading.strip("” ")
                if len(words.split()) == quotation.n_words and sha256_of(words) == quotation.sha256:
                    return words
    return None
