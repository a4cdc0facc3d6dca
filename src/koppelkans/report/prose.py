"""The checks on the paper's sources: no number typed into the prose, and no reference that leads nowhere."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.report.manuscript import (
    COMMENT,
    FENCED_CODE,
    INLINE_CODE,
    SHORTCODE,
    YAML_HEADER,
    Line,
    Manuscript,
    blanked,
    embed_target,
    labelled_cells,
    load_manuscript,
    load_notebook,
    read_chapter,
    shortcodes,
    variable,
    without_code,
)
from koppelkans.study import read_text


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


def _dutch_numbers() -> str:
    """Build the pattern of the Dutch number words, which are written as one: tweehonderdeenentwintig; not "een"."""
    ones = "twee drie vier vijf zes zeven acht negen"
    tens = _any("twintig dertig veertig vijftig zestig zeventig tachtig negentig")
    teens = _any("tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien")
    one = _any("een één eén éen")
    unit = rf"(?:{one}|{_any(ones)})"
    small = rf"(?:(?:{unit}[eë]n)?{tens}|{teens}|{unit})"
    hundreds = rf"(?:{small}?honderd(?:(?:en)?{small})?|{small})"
    whole = rf"(?:{hundreds}?duizend(?:(?:en)?{hundreds})?|{hundreds}|{_any('miljoen miljard')})"
    return rf"\b(?!{one}\b){whole}\b"


def _english_numbers() -> str:
    """Build the pattern of the English number words, such as twenty-one; not "one", nor ordinals as twenty-first."""
    ones = "two three four five six seven eight nine"
    teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    tens = _any("twenty thirty forty fifty sixty seventy eighty ninety")
    hyphen = "[-\u2010\u2011]"
    ordinal = rf"{hyphen}{_any('first second third fourth fifth sixth seventh eighth ninth')}"
    large = _any("hundred thousand million billion")
    return rf"\b(?:{tens}{hyphen}{_any('one ' + ones)}|{tens}(?!{ordinal}\b)|{_any(f'{ones} {teens}')}|{large})\b"


NUMBER_WORDS = {"nl": _dutch_numbers(), "en": _english_numbers()}
"""The pattern of the number words from two on, by language."""
NO_PROSE = (
    re.compile(r"^#{1,6}[ \t]+\d+(?:\.\d+)*\.?(?=\s)", re.MULTILINE),  # a heading's own number
    re.compile(r"^[ \t]*\d+[.)](?=[ \t])", re.MULTILINE),  # a numbered list's own number
    re.compile(r"\[\^[^\]\s]+\]:?"),  # footnote marks
    re.compile(r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"),  # link targets
    re.compile(r"<?\bhttps?://[^\s>)]+>?"),
    re.compile(r"\{[^{}\n]*\}"),  # attributes and ids
    re.compile(r"(?<![\w\\])-?@\{?[\w][\w:.#$%&+?<>~/-]*\}?"),  # citations and cross-references
    re.compile(r"<[/!]?[a-zA-Z][^<>\n]*>"),  # HTML tags
    re.compile(
        r"\b(?:figuur|figure|tabel|table) \d+(?= (?:van de studie|of the study)\b)"
    ),  # a printed number of the study
)
REFERENCE = re.compile(r"(?<![\w\\])@(?P<key>[A-Za-z0-9_](?:[\w:-]*\w)?)")
IDENTIFIER = re.compile(r"\{[^{}\n]*?#(?P<id>[\w:-]+)")
LINK = re.compile(r"(?<![!\\])\[[^\]\n]*(?<!\\)\]\((?P<target>[^()\s]+)")
ENTRY = re.compile(r"^[ \t]*@(?!comment|string|preamble)\w+\s*\{\s*(?P<key>[^,\s]+)\s*,", re.MULTILINE | re.IGNORECASE)
CROSS_REFERENCES = ("fig-", "tbl-", "sec-")


@dataclass(frozen=True)
class Problem:
    """Something to mend in a source: where, what was `found`, what was `expected` and what to do (`advice`)."""

    file: Path
    line: int
    found: str
    expected: str
    advice: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        here = Path.cwd()
        shown = self.file.relative_to(here) if self.file.is_relative_to(here) else self.file
        return f"{shown}:{self.line}: found {self.found}; expected {self.expected}; {self.advice}"


def check_prose(paths: Iterable[Path]) -> list[Problem]:
    """Find numbers typed into the prose: digits, and the number words of the edition's language from two on.

    `paths` are .qmd or .md files; the language is that of the `_quarto.yml` beside them, else the folder's name.
    Left alone: the YAML header, code, shortcodes, citations and cross-references, attributes, link targets,
    footnote marks and the numbers of headings and lists.
    Raises KoppelkansError for a file that cannot be read or whose YAML header is broken.
    """
    problems = []
    for path in paths:
        words = NUMBER_WORDS.get(_language(path), "|".join(NUMBER_WORDS.values()))
        number = re.compile(rf"\d(?:[\d.,]*\d)?|{words}", re.IGNORECASE)
        text = unicodedata.normalize("NFC", prose_only(read_chapter(path)))  # é may be written as e with an accent
        for position, line in enumerate(text.split("\n"), start=1):
            for typed in number.finditer(line):
                problems.append(
                    Problem(
                        path,
                        position,
                        f"the number {typed.group()!r} in the text",
                        "every number from results/*.json",
                        "write {{< var notebook.key >}}, or notebook.key_word for a word",
                    )
                )
    return problems


def prose_only(text: str) -> str:
    """Blank everything that is no prose, so that what is left keeps its line and column."""
    return blanked(text, YAML_HEADER, COMMENT, FENCED_CODE, INLINE_CODE, SHORTCODE, *NO_PROSE)


def check_references(project_dir: Path) -> list[Problem]:
    """Find what leads nowhere in a staged project: embeds, variables, cross-references, citations and links.

    Each embed must show a labelled cell with an output, once, and have its source line below it.
    Raises KoppelkansError where the project's settings, a chapter or a notebook cannot be read at all.
    """
    report = load_manuscript(project_dir)
    checks = (_embed_problems, _shortcode_problems, _reference_problems, _link_problems)
    return sorted(
        {
            problem
            for document in (report, *report.documents)
            for check in checks
            for problem in check(document, document.lines())
        },
        key=lambda problem: (str(problem.file), problem.line, problem.found),
    )


def _language(path: Path) -> str:
    try:
        return load_manuscript(path.parent).language
    except KoppelkansError:
        return path.parent.name


def _embed_problems(manuscript: Manuscript, lines: list[Line]) -> Iterator[Problem]:
    cells: dict[str, dict[str, Any]] = {}
    embeds = list(shortcodes(lines, "embed"))
    times = Counter(embed_target(embed.argument)[1] for embed in embeds)
    for embed in embeds:
        file, label = embed_target(embed.argument)
        at = embed.line.file, embed.line.number
        listed = {notebook.file: notebook for notebook in manuscript.notebooks}
        if file not in listed:
            known = "a notebook that _quarto.yml lists"
            yield Problem(*at, f"an embed of {file}", known, f"choose from {', '.join(listed) or 'none'}, or list it")
            continue
        if file not in cells:
            cells[file] = labelled_cells(load_notebook(manuscript.folder / file))
        if label not in cells[file]:
            known = ", ".join(cells[file]) or "none"
            yield Problem(*at, f"an embed of {label!r}", f"a label of {file} that shows something", f"it has {known}")
        if times[label] > 1:
            yield Problem(*at, f"{label!r} embedded {times[label]} times", "each label once", "refer to it with @")
        source = f"({listed[file].page}#{label}){{.source-link}}"
        if not _followed_by(embed.line, lines, source):
            advice = f'write below it, for HTML only, a link that ends in "{source}"'
            yield Problem(*at, f"an embed of {label!r} without its source", "the source line", advice)


def _followed_by(embed: Line, lines: list[Line], source: str) -> bool:
    """Tell whether the next text after an embed is its source, in a div for HTML only; staging adds to that div."""
    place = next(i for i, line in enumerate(lines) if line is embed)
    following = [line.text.strip() for line in lines[place + 1 :] if line.text.strip()]
    opening = following[0] if following else ""
    before_next = itertools.takewhile(lambda text: "{{< embed" not in text, following)
    return (
        opening.startswith(":::")
        and 'when-format="html"' in opening
        and any(text.endswith(source) for text in before_next)
    )


def _shortcode_problems(manuscript: Manuscript, lines: list[Line]) -> Iterator[Problem]:
    variables = manuscript.variables()
    for code in shortcodes(lines):
        at = code.line.file, code.line.number
        if code.name == "var" and variable(variables, code.argument) is None:
            notebook = code.argument.partition(".")[0]
            known = ", ".join(sorted(variables.get(notebook) or {})) or f"none under {notebook!r}"
            yield Problem(*at, f"the variable {code.argument}", "a key of _variables.yml", f"known are {known}")
        elif code.name == "include":
            yield Problem(*at, f"an include of {code.argument} within a line", "a line of its own", "move it")
        elif code.name not in ("var", "embed"):
            yield Problem(*at, f"the shortcode {code.name}", "include, embed or var", "write it otherwise")


def _reference_problems(manuscript: Manuscript, lines: list[Line]) -> Iterator[Problem]:
    targets = Counter(embed_target(embed.argument)[1] for embed in shortcodes(lines, "embed"))
    text = without_code("\n".join(line.text for line in lines)).split("\n")
    targets.update(_identifiers(text))
    entries = _bibliography(manuscript)
    for line, shown in zip(lines, text, strict=True):
        for reference in REFERENCE.finditer(SHORTCODE.sub("", shown)):
            key, at = reference["key"], (line.file, line.number)
            if not key.startswith(CROSS_REFERENCES):
                if key not in entries:
                    advice = "add it there or mend the key"
                    yield Problem(*at, f"the citation @{key}", "a key of the bibliography", advice)
            elif targets[key] != 1:
                known = "one figure, table or section with that id"
                yield Problem(
                    *at, f"@{key} with {targets[key]} targets", known, "embed it once or give its heading the id"
                )


def _identifiers(text: list[str]) -> list[str]:
    """Return the ids that headings, divs and spans carry."""
    return [match["id"] for line in text for match in IDENTIFIER.finditer(SHORTCODE.sub("", line))]


def _bibliography(manuscript: Manuscript) -> set[str]:
    """Return the keys of the bibliography's entries."""
    listed = manuscript.settings.get("bibliography") or []
    paths = [manuscript.folder / name for name in ([listed] if isinstance(listed, str) else listed)]
    for path in paths:
        if not path.exists():
            raise KoppelkansError(f"{path}: not there; expected the bibliography that _quarto.yml names")
    return {entry["key"] for path in paths for entry in ENTRY.finditer(read_text(path))}


def _link_problems(manuscript: Manuscript, lines: list[Line]) -> Iterator[Problem]:
    """Find relative links without a target; pages that are made later go by their planned names."""
    pages = {notebook.page for notebook in manuscript.notebooks}
    shown = {embed_target(embed.argument)[1] for embed in shortcodes(lines, "embed")}
    planned = pages | {f"figures/{label}.{ending}" for label in shown for ending in ("svg", "png", "csv")}
    text = without_code("\n".join(line.text for line in lines)).split("\n")
    identifiers = set(_identifiers(text))
    for line, visible in zip(lines, text, strict=True):
        for link in LINK.finditer(visible):
            target, _, fragment = link["target"].partition("#")
            at = line.file, line.number
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            if not target:
                if fragment not in identifiers:
                    yield Problem(*at, f"a link to #{fragment}", "an id in the text", "mend the link or add the id")
            elif not (target in planned or manuscript.is_resource(target) or (manuscript.folder / target).exists()):
                yield Problem(*at, f"a link to {target}", "a file or a notebook's page", "mend the link")
