"""The evidence page: every claim of a study as a row that opens to its evidence, as one HTML file that needs no other.

The table is whole without JavaScript; templates/evidence.js adds search, filters and deep links. Style, script and
words stand beside it in templates/. Only the standard library is imported at module level.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

from koppelkans.ledger.names import NAMES, name_of
from koppelkans.report.evidence_rows import Ledger, Places, Row, Rows, text_of
from koppelkans.report.html_pages import rendered
from koppelkans.report.manuscript import Manuscript, embed_target, load_yaml, shortcodes

TEMPLATES = Path(__file__).with_name("templates")
FILE = "evidence.html"

# What the claims are filtered by: column -> name in the address; "" is the order of the study.
_KEYS = {
    "id": "",
    "section": "section",
    "checkable": "checkable",
    "against": "against",
    "outcome": "outcome",
    "status": "status",
    "work_package": "package",
    "level": "level",
    "kind": "kind",
}
_COLUMNS = ("id", "statement", "section", "checkable", "against", "outcome", "status")
"""What stands in the table itself: after the statement the three questions, and the verdict that sums them up."""


def places(manuscript: Manuscript) -> Places:
    """Find where the report shows each figure and table; numbers follow the order of the embeds, as in the report."""
    counts: Counter[str] = Counter()
    exhibits: dict[str, tuple[str, int]] = {}
    for code in shortcodes(manuscript.lines(), "embed"):
        label = embed_target(code.argument)[1]
        kind = label.partition("-")[0]
        if kind not in ("fig", "tbl"):
            continue  # a picture without a number
        counts[kind] += 1
        exhibits[label] = kind, counts[kind]
    return Places(exhibits, frozenset(notebook.name for notebook in manuscript.notebooks))


def read_rows(path: Path) -> list[Row]:
    """Read a .csv or .json file of records as rows."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        rows: list[Row] = json.loads(text)
        return rows
    return list(csv.DictReader(text.splitlines(keepends=True)))


def page(ledger: Ledger, language: str, where: Places) -> str:
    """Return the evidence page of one edition. Equal input gives equal text."""
    words = load_yaml(TEMPLATES / f"evidence.{language}.yml")
    words["names"] = {value: name_of(value, language) for value in NAMES}
    rows = Rows(ledger, language, where, words)
    counts = Counter(text_of(claim["status"]) for claim in ledger.claims)
    return rendered(
        TEMPLATES / FILE,
        language=language,
        words=words,
        study=ledger.title[language],
        style=_texts("preview.css", "evidence.css"),
        script=_texts("evidence.js"),
        theme_script=_texts("theme.js"),
        quotations=ledger.quotations,
        parts=[part for part in ("claims", "discrepancies", "companions") if getattr(ledger, part)],
        keys={column: key for column, key in _KEYS.items() if column in _COLUMNS},
        columns=_COLUMNS,
        meanings=[
            (status, rows.name(status), counts[status], meaning)
            for status, meaning in words["status_meanings"].items()
            if counts[status]
        ],
        choices=[(name, column, _options(rows, column)) for column, name in _KEYS.items() if name],
        claims=[rows.claim(claim) for claim in ledger.claims],
        discrepancies=[rows.discrepancy(row) for row in ledger.discrepancies],
        companions=[rows.companion(row) for row in ledger.companions],
        ids=rows.ids,
    )


def _texts(*names: str) -> str:
    return "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names).strip()


def _options(rows: Rows, column: str) -> list[tuple[str, str]]:
    """Values of a column with their names and counts, known ones first and in the order of their names."""
    values = [text_of(claim[column]) for claim in rows.ledger.claims]
    if column == "section":
        return [
            (one, f"{rows.section(one)} ({sum(f'{value}.'.startswith(f'{one}.') for value in values)})")
            for one in _sections(values)
        ]
    counts = Counter(values)
    known = [value for value in (*rows.words["answers"].get(column, ()), *rows.words["names"]) if counts[value]]
    listed = [*known, *sorted(value for value in counts if value and value not in known)]
    return [(value, f"{rows.answer(column, value)} ({counts[value]})") for value in listed]


def _sections(values: list[str]) -> list[str]:
    """The sections in the order of the study, with those above them."""
    used = list(dict.fromkeys(values))
    above = {section[: dot.start()] for section in used for dot in re.finditer(r"\.", section)}
    numbered = [section for section in {*used, *above} if re.fullmatch(r"[\d.]+", section)]
    numbered.sort(key=lambda section: [int(part) for part in section.split(".")])
    named = [section for section in used if section and section not in numbered]
    first = [section for section in named if used.index(section) < used.index(numbered[0])] if numbered else named
    return [*first, *numbered, *(section for section in named if section not in first)]
