"""Upkeep of the catalogs: what the code and the notebooks say, what lacks a translation, and writing it down.

Messages are found by Babel: `_`, `N_`, `gettext`, `ngettext`, `pgettext` and `npgettext` in modules and templates, and
the paragraphs of the notebooks' Markdown.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.locale.catalogs import FOLDER, LANGUAGES, PROSE, SOURCE_LANGUAGE, catalog_files, read_catalog

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

WORDS = "koppelkans.po"
_PACKAGE = FOLDER.parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "N_", "gettext")),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_FIELD = re.compile(r"\{(\w*)[^{}]*\}")
_CITATION = re.compile(r"@[\w-]+|\]\([^)]*\)")
_HEADER = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: {plurals}\\n"\n\n'
)


def messages(notebooks: Path) -> dict[str, Catalog]:
    """Return what there is to translate, by catalog: koppelkans.po (modules, templates), notebooks.po (`notebooks`)."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    found = {WORDS: Catalog(), PROSE: Catalog()}
    options = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
    for file, line, message, _, context in extract_from_dir(_PACKAGE, _METHODS, options, keywords=_KEYWORDS):
        found[WORDS].add(message, locations=[(file, line)], context=context)
    prose = [("*.ipynb", "koppelkans.locale.prose:extract")]
    for file, cell, message, _, context in extract_from_dir(notebooks, prose):
        found[PROSE].add(message, locations=[(f"notebooks/{file}", cell)], context=context)
    return found


def _shown(message: Any) -> str:
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _placeholder_problem(message: Any, pattern: re.Pattern[str]) -> str:
    """Say which placeholders differ; a singular may leave one out, as in "one person"."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    known, wanted = (set(pattern.findall(text)) for text in (" ".join(ids), ids[-1]))
    for position, text in enumerate(strings):
        given = set(pattern.findall(text))
        if not given <= known or (position == len(strings) - 1 and given != wanted):
            return f"has {sorted(given)}, expected {sorted(wanted)}"
    return ""


def _entry_problems(path: Path, expected: Catalog) -> Iterator[str]:
    """Find the entries of one file that nothing asks for any more, or that a reader would see go wrong."""
    where = f"{path.parent.parent.name}/{path.name}"
    catalog = read_catalog(path)
    for message in catalog.obsolete.values():
        yield f"{where}: {_shown(message)} is obsolete (#~); take it out"
    for message in catalog:
        if not message.id:
            continue
        if expected.get(message.id, message.context) is None:
            yield f"{where}, line {message.lineno}: nothing says {_shown(message)}; take it out"
        elif message.fuzzy:
            yield f"{where}, line {message.lineno}: {_shown(message)} is fuzzy; look at it and take the mark off"
        elif message.string and all(message.string):
            problem = _placeholder_problem(message, _CITATION if path.name == PROSE else _FIELD)
            yield from [f"{where}, line {message.lineno}: {_shown(message)} {problem}"] if problem else []


def _missing(language: str, name: str, expected: Catalog) -> Iterator[str]:
    """Find what has no translation in any file of a language, or two that differ."""
    files = [path for path in catalog_files(language) if (path.name == PROSE) == (name == PROSE)]
    catalogs = [read_catalog(path) for path in files]
    for message in expected:
        if not message.id:
            continue
        entries = [entry for catalog in catalogs if (entry := catalog.get(message.id, message.context))]
        strings = {entry.string for entry in entries if entry.string and all(entry.string)}
        file, line = message.locations[0]
        if not strings:
            yield f"{file}, {'cell' if name == PROSE else 'line'} {line}: no {language} for {_shown(message)}"
        elif len(strings) > 1:
            yield f"{language}: {_shown(message)} has two translations: {' and '.join(sorted(map(repr, strings)))}"


def _put_together() -> Iterator[str]:
    """Find texts that are put together before they are looked up (f-strings, +, .format), which no catalog can have."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            arguments = node.args if name in _KEYWORDS else []
            formatted = [a for a in arguments if isinstance(a, ast.Call) and getattr(a.func, "attr", "") == "format"]
            if formatted or any(isinstance(a, ast.JoinedStr) for a in arguments):
                where = f"{path.relative_to(_PACKAGE)}, line {node.lineno}"
                yield f"{where}: {name}(...) needs the bare text; fill it in after"


def problems(notebooks: Path) -> list[str]:
    """Return what is wrong with the catalogs, one line each: what has no translation, and what nothing asks for."""
    found = list(_put_together())
    expected = messages(notebooks)
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        for name, catalog in expected.items():
            found += _missing(language, name, catalog)
        for path in catalog_files(language):
            found += _entry_problems(path, expected[PROSE if path.name == PROSE else WORDS])
    return found


def update(notebooks: Path) -> list[Path]:
    """Write the catalogs anew: sorted, every message of code and notebooks, and none that nothing asks for.

    What other .po files of the folder hold goes into koppelkans.po, and they are removed. Returns the files written.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    written = []
    expected = messages(notebooks)
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        files = catalog_files(language)
        catalogs = [read_catalog(path) for path in files]
        for name, source in expected.items():
            made = Catalog(locale=language)
            for message in source:
                if not message.id:
                    continue
                entries = [entry for catalog in catalogs if (entry := catalog.get(message.id, message.context))]
                known = next((entry for entry in entries if entry.string and all(entry.string)), None)
                comments = known.user_comments if known else []
                made.add(message.id, known.string if known else "", context=message.context, user_comments=comments)
            path = FOLDER / language / "LC_MESSAGES" / name
            lines = io.BytesIO()
            write_po(lines, made, width=110, no_location=True, omit_header=True, sort_output=True)
            header = _HEADER.format(language=language, plurals=made.plural_forms)
            path.write_text(header + lines.getvalue().decode("utf-8").strip("\n") + "\n", encoding="utf-8")
            written.append(path)
        for path in set(files) - set(written):
            path.unlink()
    return written
