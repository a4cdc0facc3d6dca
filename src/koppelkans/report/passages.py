"""The passages of the report's text: which statements of the ledger each paragraph carries, and how that is shown.

In the sources every paragraph and list stands in a div: `::: {.claims ids="F-2.1-01 F-2.1-02"}` where it carries
statements of the study, `::: {.own}` where it is about the compendium, and `::: {.remark ids="D-12"}` where we remark
on the study, with the discrepancies that the remark rests on; a part of a sentence can carry its own statements,
`[text]{.claims ids="A-4-03"}`. Staging turns them into plain text with one small link a passage to the evidence page,
remarks into boxes, and all into an appendix for print. No line is added or taken away, so a message still names the
line of the source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from koppelkans.ledger.checks.comparing import RELATION_WORDS
from koppelkans.ledger.names import name_of
from koppelkans.locale import words
from koppelkans.report.manuscript import without_code
from koppelkans.study.plain_text import in_markdown

EVIDENCE_PAGE = "evidence.html"
REMARK = {"nl": "Kanttekening", "en": "Remark"}
"""The title of the box in which we remark on the study."""
_LISTS = re.compile(r"^:{3,} \{#(?P<id>claims-appendix|verdict-key)\}\n:{3,}$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<colons>:{3,})[ \t]*(?P<attributes>\{[^}]*\}|[\w-]+)?[ \t]*:*$")
_IDS = re.compile(r"\bids=\"(?P<ids>[^\"]*)\"")
_SPAN = re.compile(r"\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\{\.claims ids=\"(?P<ids>[^\"]*)\"\}")
_HEADING = re.compile(r"^#{1,6} (?P<title>.*?)\s*(?:\{(?:[^}]*?#(?P<id>[\w-]+))?[^}]*\})?\s*$")
_NO_TEXT = re.compile(r"^\s*(?:#{1,6} |\||\{\{<.*>\}\}\s*$|<!--|:{3,})")

Claims = Mapping[str, Mapping[str, Any]]
"""Claims by id, as the ledger gives them: status, statement_nl, statement_en and more."""


@dataclass(frozen=True)
class Passage:
    """What one claims or own div holds, or a paragraph outside of them.

    `kind` is "claims", "own", "remark" or "" for text that no div says it of; `ids` are the statements (of a remark the
    discrepancies) it carries as a whole and `parts` those that parts of it carry; `text` is its words, a line as in the
    source; `line` is the number of its first line, `section` the id of the heading it stands under, and `part` that of
    the nearest heading of the first two levels.
    """

    kind: str
    ids: tuple[str, ...]
    parts: tuple[str, ...]
    text: str
    line: int
    section: str
    part: str = ""

    @property
    def carried(self) -> tuple[str, ...]:
        """All statements it carries, each once; a remark carries none."""
        return () if self.kind == "remark" else tuple(dict.fromkeys([*self.ids, *self.parts]))


@dataclass
class _Div:
    kind: str  # claims, own, remark, or "" for another div
    ids: tuple[str, ...]
    opened: int
    exempt: bool = False  # what stands in it is for one format or has an id, such as #refs: no prose of the report
    section: str = ""
    part: str = ""
    lines: list[str] = field(default_factory=list)

    def passage(self) -> Passage:
        text = "\n".join(self.lines).strip()
        parts = tuple(one for span in _SPAN.finditer(text) for one in span["ids"].split())
        return Passage(self.kind, self.ids, parts, _SPAN.sub(r"\g<text>", text), self.opened, self.section, self.part)


def _opened(fence: re.Match[str], number: int, section: str = "", part: str = "") -> _Div:
    attributes = fence["attributes"] or ""
    kind = next((kind for kind in ("claims", "own", "remark") if f".{kind}" in attributes), "")
    listed = _IDS.search(attributes)
    ids = tuple(listed["ids"].split()) if listed else ()
    return _Div(kind, ids, number, "#" in attributes or "when-format" in attributes, section, part)


def passages(text: str) -> list[Passage]:
    """Return the passages of a chapter in order; a paragraph outside a claims or own div comes with the kind ""."""
    complete: list[Passage] = []
    divs: list[_Div] = []
    loose: _Div | None = None
    section, part, header = "", "", text.startswith("---\n")
    for number, line in enumerate(without_code(text).split("\n"), start=1):
        if header:
            header = not (number > 1 and line.rstrip() == "---")
            continue
        fence, heading = _FENCE.match(line), _HEADING.match(line)
        is_text = bool(line.strip()) and not _NO_TEXT.match(line)
        around = next((div for div in reversed(divs) if div.kind), None)
        if loose and not is_text:
            complete.append(loose.passage())
            loose = None
        if fence and fence["attributes"]:
            divs.append(_opened(fence, number, section, part))
        elif fence and divs:
            closed = divs.pop()
            if closed.kind:
                complete.append(closed.passage())
        elif heading:
            section = heading["id"] or section
            part = section if line.startswith(("# ", "## ")) else part
        elif around:
            around.lines.append(line)
        elif is_text and not any(div.exempt for div in divs):
            loose = loose or _Div("", (), number, section=section, part=part)
            loose.lines.append(line)
    return [*complete, loose.passage()] if loose else complete


def marked(text: str, claims: Claims, language: str) -> str:
    """Return a chapter with its claims divs and spans turned into text with links to the evidence page.

    The fences become empty lines; the links stand behind the last words of what they are about, for HTML only.
    An id that `claims` does not know gets no link (`passage_problems` finds it).
    """
    lines, divs = text.split("\n"), []  # type: list[str], list[_Div]
    for number, line in enumerate(without_code(text).split("\n")):
        fence = _FENCE.match(line)
        if not fence:
            continue
        if fence["attributes"]:
            divs.append(_opened(fence, number))
            continue
        div = divs.pop() if divs else _Div("", (), number)
        if div.kind == "remark":
            lines[div.opened] = f'::: {{.callout-note icon="false" title="{REMARK[language]} ({", ".join(div.ids)})"}}'
        elif div.kind:
            lines[div.opened] = lines[number] = ""
            last = next((i for i in range(number - 1, div.opened, -1) if lines[i].strip()), None)
            if div.ids and last is not None:
                lines[last] += _marks(div.ids, claims, language)
    whole = "\n".join(lines)
    return _SPAN.sub(lambda span: span["text"] + _marks(span["ids"].split(), claims, language), whole)


def _marks(ids: Iterable[str], claims: Claims, language: str) -> str:
    """Return the one quiet link of a passage to its statements on the evidence page; their verdicts are its title.

    It is raw HTML, which print leaves out.
    """
    known = [one for one in ids if one in claims]
    if not known:
        return ""
    counts = Counter(_status(claims[one], language) for one in known)
    verdicts = escape(", ".join(f"{count} {status}" for status, count in counts.items())).replace("`", "&#96;")
    target = known[0] if len(known) == 1 else f"ids={'+'.join(known)}"
    shown = known[0] if len(known) == 1 else words(language).gettext("{n} statements").format(n=len(known))
    at_odds = " at-odds" if any(claims[one]["status"] == "discrepant" for one in known) else ""
    link = f'<a class="claim-mark{at_odds}" href="{EVIDENCE_PAGE}#{target}" title="{verdicts}">{shown}</a>'
    return f" `{link}`{{=html}}"


def _status(claim: Mapping[str, Any], language: str) -> str:
    """Name the verdict on a claim; beside another page with what that says."""
    name = name_of(claim["status"], language)
    if claim["status"] != "companion":
        return name
    return f"{name}: {words(language).gettext(RELATION_WORDS[claim['outcome']])}"


def appendix(chapters: Iterable[str], claims: Claims, language: str) -> str:
    """Return the appendix for print: under each heading of the text the statements that it carries, and their status.

    Markdown: for each heading one of the same title, and a pipe table of id, statement and status; a statement is
    listed once under each heading that carries it.
    """
    heads = {"nl": ("Nummer", "Uitspraak", "Oordeel"), "en": ("Number", "Statement", "Verdict")}[language]
    chapters = list(chapters)
    headings, parts = _headings(chapters), []
    shown = ""
    for section, carried in _by_section(chapters).items():
        rows = [
            f"| {one} | {in_markdown(claims[one][f'statement_{language}'])} | {_status(claims[one], language)} |"
            for one in carried
            if one in claims
        ]
        if not rows:
            continue
        chapter, heading = headings[section]
        if chapter != shown:  # also where the chapter itself carries nothing, so that no level is skipped
            parts += [chapter, ""]
            shown = chapter
        table = [f"| {' | '.join(heads)} |", "|:-----------|:------------------------------------|:---------|"]
        parts += [*([heading, ""] if heading != chapter else []), *table, *rows, ""]
    return "\n".join(parts)


def _headings(chapters: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return for each section the appendix's headings of its chapter and of itself.

    They hold the title only: the appendix stands in the dossier, where the report's headings are no targets.
    """
    headings, chapter = {}, ""
    for text in chapters:
        for line in without_code(text).split("\n"):
            heading = _HEADING.match(line)
            if heading and heading["id"]:
                level = "##" if line.startswith("# ") else "###"
                shown = f"{level} {heading['title']} {{.unnumbered .unlisted}}"
                chapter = shown if level == "##" else chapter
                headings[heading["id"]] = (chapter, shown)
    return headings


def _by_section(chapters: Iterable[str]) -> dict[str, list[str]]:
    sections: dict[str, dict[str, None]] = {}
    for chapter in chapters:
        for passage in passages(chapter):
            sections.setdefault(passage.section, {}).update(dict.fromkeys(passage.carried))
    return {section: list(ids) for section, ids in sections.items() if section.startswith("sec-") and ids}


def verdict_key(claims: Claims, meanings: Mapping[str, str], language: str) -> str:
    """Return a pipe table of the verdicts that occur, in the order of `meanings` (status: what it says)."""
    heads = {"nl": ("Oordeel", "Wat het zegt", "Uitspraken"), "en": ("Verdict", "What it says", "Statements")}[language]
    counts = Counter(claim["status"] for claim in claims.values())
    rows = [
        f"| {name_of(status, language)} | {in_markdown(meaning)} | {counts[status]} |"
        for status, meaning in meanings.items()
        if counts[status]
    ]
    return "\n".join([f"| {' | '.join(heads)} |", "|:---------|:------------------------------------|---:|", *rows])


def with_lists(text: str, lists: Mapping[str, str]) -> str:
    """Put the appendix and the key in place of the empty divs `::: {#claims-appendix}` and `::: {#verdict-key}`."""
    return _LISTS.sub(lambda div: lists[div["id"]], text)
