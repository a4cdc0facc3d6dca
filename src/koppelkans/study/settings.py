"""What may stand in study.yml, and what is wrong with one that a user wrote."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from koppelkans.errors import nearest
from koppelkans.locale import LANGUAGES
from koppelkans.study.field_settings import field_problems, is_name, stands_outside
from koppelkans.study.link_settings import link_problems
from koppelkans.study.setting_keys import STUDY_KEYS
from koppelkans.study.strands import are_names, keys_of, strands_problems
from koppelkans.study.survey_settings import population_problems, scale_problems

ORIGINS = ("published", "bounds", "collected", "synthetic")
TIERS = ("public", "restricted", "secret")
"""Who may have a file: everybody; those who work on the study; who holds it alone."""
MINIMUM_CELL = 5
"""People in the smallest group of collected data that is shown, unless study.yml says otherwise."""


def _table_problems(tables: Any, raw: Path) -> list[str]:
    if tables is None:
        return []  # a study of field data alone
    if not isinstance(tables, dict):
        return [f"tables: found {tables!r}, expected a table name with file and origin on each line"]
    problems = []
    for table, entry in tables.items():
        if not isinstance(table, str):
            problems.append(f"tables: found {table!r} as the name of a table, expected text such as sessions")
        elif not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"].strip():
            problems.append(f"tables, {table}: found {entry!r}, expected {{file: {table}.csv, origin: published}}")
        elif stands_outside(entry["file"], raw):
            problems.append(
                f"tables, {table}: file {entry['file']!r} stands outside the study's folder; "
                f"put it in data/raw/{raw.name} and name it as it is called there"
            )
        elif entry.get("origin") not in ORIGINS:
            problems.append(f"tables, {table}: origin {entry.get('origin')!r}, expected one of {', '.join(ORIGINS)}")
    return problems


def _reader_problems(readers: Any) -> list[str]:
    """Find what is wrong with `readers:`; whether its coders and documents exist is seen with the field data."""
    example = "readers: {anna: all, bert: [Gesprek 1, Gesprek 2]}"
    if readers is None:
        return []
    if not isinstance(readers, dict):
        return [f"readers: found {readers!r}, expected for each coder the documents that were read, such as {example}"]
    return [
        f"readers, {coder}: found {read!r}, expected all or a list of names of documents, such as {example}"
        for coder, read in readers.items()
        if read != "all" and not (isinstance(read, list) and all(map(is_name, read)))
    ]


def _display_problems(settings: dict[str, Any]) -> list[str]:
    """Find what is wrong with the settings that say what may be shown."""
    problems = []
    if settings.get("quotes", False) not in (True, False):
        problems.append(f"quotes: found {settings['quotes']!r}, expected yes or no")
    cell = settings.get("minimum_cell", MINIMUM_CELL)
    if not isinstance(cell, int) or isinstance(cell, bool) or cell < 1:
        problems.append(f"minimum_cell: found {cell!r}, expected a whole number of people, such as {MINIMUM_CELL}")
    return problems


def _tier_problems(settings: dict[str, Any]) -> list[str]:
    """Find a tier that is none: of the study, of a table or of a file of field data."""
    tables, files = settings.get("tables"), settings.get("field_data")
    found = [("", settings)]
    found += [(f"tables, {name}, ", entry) for name, entry in tables.items()] if isinstance(tables, dict) else []
    found += [("field_data, ", entry) for entry in files] if isinstance(files, list) else []
    allowed = settings.get("may_be_named")
    if allowed is not None and not (isinstance(allowed, list) and all(isinstance(one, str) for one in allowed)):
        return [f"may_be_named: found {allowed!r}, expected a list of words that may be shown, such as [info@wijk.nl]"]
    return [
        f"{at}tier: found {entry['tier']!r}, expected one of {', '.join(TIERS)}"
        for at, entry in found
        if isinstance(entry, dict) and "tier" in entry and entry["tier"] not in TIERS
    ]


def _parameter_problems(parameters: Any) -> list[str]:
    """Find what is wrong with the form of `parameters:`; what they name is looked up where the notebooks are known."""
    example = "such as 05-preferences: {n_max: 40}"
    if parameters is None:
        return []
    if not isinstance(parameters, dict):
        return [f"parameters: found {parameters!r}, expected a notebook name with parameter values, {example}"]
    problems = []
    for notebook, values in parameters.items():
        at = f"parameters, {notebook}"
        if not isinstance(notebook, str):
            problems.append(f"parameters: found {notebook!r} as the name of a notebook, expected text, {example}")
        elif values is not None and not isinstance(values, dict):
            problems.append(f"{at}: found {values!r}, expected parameter values, {example}")
        for name in values if isinstance(values, dict) else ():
            if not isinstance(name, str):
                problems.append(f"{at}: found {name!r} as the name of a parameter, expected text")
    return problems


def _statement_problems(statements: Any) -> list[str]:
    """Find what is wrong with the form of `smitsveen:`; what it names is looked up where the tables are."""
    example = "smitsveen: {F-2.4.5-02: strand=homeowners; question=information; option=post}"
    if statements is None or (isinstance(statements, dict) and all(_is_text(one) for one in statements.values())):
        return []
    return [f"smitsveen: found {statements!r}, expected where data here show a statement of Smitsveen, as in {example}"]


RESERVED = ("comparison",)
"""Names in build/ that no study can have."""

_LISTS = {"words": "[kou, huur]", "left_aside": "[interviews/bewoners]"}
"""Settings that are lists of texts: words to look up in talks, files and folders that are not read."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _title_problems(title: Any) -> list[str]:
    """Find what is wrong with the title: a text, or one for each language, of which one is enough."""
    if _is_text(title) or are_names(title):
        return []
    if isinstance(title, dict) and title and set(title) <= set(LANGUAGES):
        wrong = {language: text for language, text in title.items() if not _is_text(text)}
        shown = ", ".join(f"{text!r} in {language!r}" for language, text in wrong.items())
    else:
        shown = repr(title)
    return [
        f"title: found {shown}, expected text, as in `title: Heuvelwijk` or `title: {{nl: ..., en: ...}}` "
        "(with quotation marks around a number)"
    ]


def _language_problems(languages: Any) -> list[str]:
    """Find what is wrong with the languages of the report."""
    known = ", ".join(LANGUAGES)
    if languages is None:
        return []
    if not isinstance(languages, list) or not languages:
        return [f"languages: found {languages!r}, expected a list of {known}, such as [nl]"]
    return [f"languages: found {one!r}, expected one of {known}" for one in languages if one not in LANGUAGES]


def _category_problems(categories: Any) -> list[str]:
    """Find what is wrong with the names of categories of one's own."""
    example = "categories: {bijpraten: {nl: bijpraten, en: catching up}}"
    if categories is None:
        return []
    if not isinstance(categories, dict):
        return [f"categories: found {categories!r}, expected a name for each category, such as {example}"]
    return [
        f"categories, {key}: found {names!r}, expected what readers see, in one language or more, as in {example}"
        for key, names in categories.items()
        if not are_names(names)
    ]


def settings_problems(settings: dict[str, Any], root: Path, name: str) -> list[str]:
    """Return what is wrong with the contents of a study.yml, one line each."""
    problems = []
    if name in RESERVED:
        problems.append(f"name: {name} is where a comparison of studies goes; expected another name of its folder")
    if settings.get("name") != name:
        problems.append(f"name: found {settings.get('name')!r}, expected the name of its folder, {name!r}")
    problems += _title_problems(settings.get("title"))
    problems += _language_problems(settings.get("languages"))
    if settings.get("origin", "published") not in ORIGINS:
        problems.append(
            f"origin: found {settings['origin']!r}, expected one of {', '.join(ORIGINS)}"
            f"{nearest(str(settings['origin']), ORIGINS)}; field data of your own are collected"
        )
    for key in settings:
        near = difflib.get_close_matches(str(key), STUDY_KEYS, n=1, cutoff=0.8) if key not in STUDY_KEYS else []
        problems += [f"{key}: is not known; did you mean {near[0]!r}?"] if near else []
    problems += _table_problems(settings.get("tables"), root / "data" / "raw" / name)
    strands = keys_of(settings)
    own = "" if "strands" in settings else "; a study names strands of its own under strands:, see docs/field-data.md"
    problems += strands_problems(settings.get("strands"))
    problems += _category_problems(settings.get("categories"))
    problems += field_problems(settings.get("field_data"), root / "data" / "raw" / name, strands, own)
    problems += _display_problems(settings) + _tier_problems(settings)
    problems += population_problems(settings.get("population"), strands)
    problems += scale_problems(settings.get("scales"))
    problems += link_problems(settings.get("links"), strands)
    problems += _reader_problems(settings.get("readers"))
    for key, example in _LISTS.items():
        listed = settings.get(key) or []
        if not (isinstance(listed, list) and all(map(_is_text, listed))):
            problems.append(f"{key}: found {listed!r}, expected a list, such as {example}")
    if "cbs" in settings and not re.fullmatch(r"BU\d{8}|WK\d{6}|GM\d{4}", str(settings["cbs"])):
        problems.append(
            f"cbs: found {settings['cbs']!r}, expected a code of CBS such as BU03420204, WK034202 or GM0342"
        )
    problems += _statement_problems(settings.get("smitsveen"))
    return problems + _parameter_problems(settings.get("parameters"))
