"""The evidence page: every claim of a study as a row that opens to its evidence, as one HTML file that needs no other.

The table is whole without JavaScript; templates/evidence.js adds search, filters and deep links. Style, script and
words stand beside it in templates/. Only the standard library is imported at module level.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from koppelkans.ledger.names import NAMES
from koppelkans.report.evidence_rows import Ledger, Places, Row, Rows, text_of
from koppelkans.report.manuscript import Manuscript, embed_target, load_yaml, shortcodes

TEMPLATES = Path(__file__).with_name("templates")
FILE = "evidence.html"

_KEYS = {
    "id": "",
    "section": "section",
    "work_package": "package",
    "level": "level",
    "kind": "kind",
    "status": "status",
}
_SORTED = {  # attributes of the heads of the columns to sort by; "" is the order of the study, in which the rows stand
    name: f' data-sort="{key}"' + ("" if key else ' aria-sort="ascending"') for name, key in _KEYS.items()
}


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
    words["names"] = {value: name[language] for value, name in NAMES.items()}
    shown = _Page(ledger, language, where, words)
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("preview.css", "evidence.css"))
    script, theme_script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("evidence.js", "theme.js"))
    return Template((TEMPLATES / FILE).read_text(encoding="utf-8")).substitute(
        {name: escape(text) for name, text in words.items() if isinstance(text, str)},
        lang=language,
        study=escape(ledger.title[language]),
        style=style.strip(),
        script=script.strip(),
        theme_script=theme_script.strip(),
        robots='<meta name="robots" content="noindex, noarchive">\n' if ledger.quotations else "",
        warning=shown.warning(),
        parts=shown.parts(),
        body=shown.body(),
    )


class _Page:
    """The parts of one page, as HTML."""

    def __init__(self, ledger: Ledger, language: str, where: Places, words: dict[str, Any]) -> None:
        self.ledger, self.words = ledger, words
        self.rows = Rows(ledger, language, where, words)

    def warning(self) -> str:
        quotations = self.ledger.quotations
        if quotations is None:
            return ""
        count = self.words["warning_count"].format(n=len(quotations.found), all=quotations.recorded)
        return f'<p class="warning" role="note">{escape(self.words["warning"])} {escape(count)}</p>\n'

    def parts(self) -> str:
        shown = [part for part in ("claims", "discrepancies", "companions") if getattr(self.ledger, part)]
        return "\n".join(f'<a href="#{part}">{escape(self.words[part])}</a>' for part in shown)

    def body(self) -> str:
        if not self.ledger.claims:
            return f'<p class="none">{escape(self.words["none"])}</p>'
        return "\n".join(part for part in (self._claims(), self._discrepancies(), self._companions()) if part)

    def _claims(self) -> str:
        words = self.words
        columns = ("id", "statement", "section", "work_package", "level", "kind", "status")
        heads = "".join(f'<th scope="col"{_SORTED.get(name, "")}>{escape(words[name])}</th>' for name in columns)
        all_shown = words["shown_all"].format(all=len(self.ledger.claims))
        said = ("all", "some", "none", "unknown")
        data = "".join(f' data-{name}="{escape(words[f"shown_{name}"])}"' for name in said)
        return "\n".join(
            [
                f"<p>{escape(words['intro'])}</p>",
                self._meanings(),
                f'<h2 id="claims" tabindex="-1">{escape(words["claims"])}</h2>',
                f"<noscript><p>{escape(words['no_script'])}</p></noscript>",
                self._filters(),
                f'<p class="count" id="count" role="status"{data}>{escape(all_shown)}</p>',
                '<table class="ledger claims" id="claims-table" aria-labelledby="claims">',
                f"<thead><tr>{heads}</tr></thead><tbody>",
                *map(self.rows.claim, self.ledger.claims),
                "</tbody></table>",
            ]
        )

    def _meanings(self) -> str:
        counts = Counter(text_of(claim["status"]) for claim in self.ledger.claims)
        rows = "".join(
            f'<tr><td class="status {escape(status)}">{escape(self.rows.name(status))}</td><td>{counts[status]}</td>'
            f"<td>{escape(meaning)}</td></tr>"
            for status, meaning in self.words["status_meanings"].items()
            if counts[status]
        )
        title = escape(self.words["statuses"])
        return (
            f'<details class="meanings" open><summary>{title}</summary><table><tbody>{rows}</tbody></table></details>'
        )

    def _filters(self) -> str:
        words = self.words
        fields = [
            f'<label class="wide">{escape(words["search"])}<input type="search" name="q" autocomplete="off"></label>',
            self._choice("section", "section", self._sections()),
            self._choice("package", "work_package", self._options("work_package")),
            self._choice("level", "level", self._options("level")),
            self._choice("kind", "kind", self._options("kind")),
            self._choice("status", "status", self._options("status")),
        ]
        orders = "".join(
            f'<option value="{key}">{escape(words[name if key else "sort_id"])}</option>' for name, key in _KEYS.items()
        )
        fields += [
            f'<label class="narrow">{escape(words["sort"])}<select name="sort">{orders}</select></label>',
            f'<label class="tick"><input type="checkbox" name="core" value="1">{escape(words["only_core"])}</label>',
            f'<button type="reset">{escape(words["reset"])}</button>',
        ]
        label = escape(words["filters"])
        return f'<form class="filters" id="filters" role="search" aria-label="{label}" hidden>{"".join(fields)}</form>'

    def _choice(self, name: str, word: str, options: Iterable[tuple[str, str]]) -> str:
        listed = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
        first = f'<option value="">{escape(self.words["all"])}</option>'
        return f'<label>{escape(self.words[word])}<select name="{name}">{first}{listed}</select></label>'

    def _options(self, column: str) -> list[tuple[str, str]]:
        """Values of a column with their names and counts, known ones first and in the order of their names."""
        counts = Counter(text_of(claim[column]) for claim in self.ledger.claims)
        known = [value for value in self.words["names"] if counts[value]]
        values = [*known, *sorted(value for value in counts if value and value not in known)]
        return [(value, f"{self.rows.name(value)} ({counts[value]})") for value in values]

    def _sections(self) -> list[tuple[str, str]]:
        """The sections in the order of the study, each with the count of it and what lies below it."""
        used = list(dict.fromkeys(text_of(claim["section"]) for claim in self.ledger.claims))
        above = {section[: dot.start()] for section in used for dot in re.finditer(r"\.", section)}
        numbered = [section for section in {*used, *above} if re.fullmatch(r"[\d.]+", section)]
        numbered.sort(key=lambda section: [int(part) for part in section.split(".")])
        named = [section for section in used if section and section not in numbered]
        first = [section for section in named if used.index(section) < used.index(numbered[0])] if numbered else named
        listed = [*first, *numbered, *(section for section in named if section not in first)]
        sections = [text_of(claim["section"]) for claim in self.ledger.claims]
        return [
            (one, f"{self.rows.section(one)} ({sum(f'{other}.'.startswith(f'{one}.') for other in sections)})")
            for one in listed
        ]

    def _discrepancies(self) -> str:
        if not self.ledger.discrepancies:
            return ""
        return self._other_table(
            "discrepancies", ("id", "what", "verdict"), map(self.rows.discrepancy, self.ledger.discrepancies)
        )

    def _companions(self) -> str:
        if not self.ledger.companions:
            return ""
        return self._other_table(
            "companions", ("id", "says", "relation"), map(self.rows.companion, self.ledger.companions)
        )

    def _other_table(self, part: str, columns: tuple[str, str, str], rows: Iterable[str]) -> str:
        heads = "".join(f'<th scope="col">{escape(self.words[column])}</th>' for column in columns)
        return "\n".join(
            [
                f'<h2 id="{part}" tabindex="-1">{escape(self.words[part])}</h2>',
                f"<p>{escape(self.words[f'{part}_intro'])}</p>",
                f'<table class="ledger others" aria-labelledby="{part}"><thead><tr>{heads}</tr></thead><tbody>',
                *rows,
                "</tbody></table>",
            ]
        )
