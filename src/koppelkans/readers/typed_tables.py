"""Tables as somebody who makes a study types them: Dutch or English headers and words, months as they are written.

Only tables of a study's own are read so; one of published facts stands as `koppelkans.study.schemas` has it.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.locale import LANGUAGES
from koppelkans.locale.language import months
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.readers.grids import EXAMPLE, normal
from koppelkans.study.tables import schema_of

if TYPE_CHECKING:
    import pandas as pd

_HEADERS = {
    "sessions": {
        "sessie": "session", "bijeenkomst": "session", "maand": "month", "datum": "month", "date": "month",
        "soort": "kind", "volgorde": "item", "categorie": "category", "vorm": "mode", "waar": "mode",
    },
    "change_stories": {
        "verhaal": "story", "onderdeel": "element", "effect": "theme", "hoofdeffect": "theme", "thema": "theme",
    },
    "expectations": {
        "nr": "id", "number": "id", "nummer": "id", "verwachting": "text", "expectation": "text", "datum": "date",
        "toets": "check", "gegevens": "check_args", "data": "check_args",
    },
}  # fmt: skip
_WORDS = {
    "kind": {
        "thema": "theme", "onderwerp": "theme", "werkvorm": "work_form", "work form": "work_form",
        "uitkomst": "outcome", "resultaat": "outcome", "afspraak": "outcome",
    },
    "mode": {"op locatie": "onsite", "locatie": "onsite", "in person": "onsite", "onbekend": "unknown"},
    "element": {
        "doelgroep": "target_group", "target group": "target_group", "aanpak": "approach",
        "direct resultaat": "direct_result", "direct result": "direct_result", "direct effect": "direct_effect",
        "hoger effect": "higher_effect", "higher effect": "higher_effect",
    },
}  # fmt: skip
_TEXTS = ("text", "theme", "name", "running_text")


def as_typed(table: pd.DataFrame, name: str, language: str, file: str) -> pd.DataFrame:
    """Return a table of text cells with the headers and words of its schema; `language` is that of its texts.

    Rows that begin with "voorbeeld:" or "example:" are left out. A text that stands there in one language
    serves for both. What is not known stays as it is, for `validate` to name. Raises InvalidTable, a line each with
    `file` in front, for two headers that mean one column.
    """
    known = {normal(header): column for header, column in _HEADERS.get(name, {}).items()}
    columns = {column: known.get(normal(column), column.strip().lower()) for column in map(str, table)}
    columns |= {column: "text" for column in columns if normal(column) in ("tekst", "text", "inhoud")}
    if problems := _meant_twice(columns):
        raise InvalidTable([f"{file}, row 1: {problem}" for problem in problems])
    made = table.rename(columns={column: new for column, new in columns.items() if new != column})
    made = without_examples(made)
    made = made.rename(columns={part: f"{part}_{language}" for part in _TEXTS if part in made})
    for column, words in _WORDS.items():
        if column in made:
            made[column] = made[column].map(lambda cell, words=words: words.get(normal(cell), cell.strip().lower()))
    if "month" in made:
        made["month"] = made["month"].map(as_month)
    if "date" in made:
        made["date"] = made["date"].map(as_day)
    if name == "sessions" and "item" not in made and {"session", "kind"} <= set(made):
        made["item"] = (made.groupby(["session", "kind"]).cumcount() + 1).astype(str)
    return _in_both_languages(made, [column for column in schema_of(name).columns if column[:-3] in _TEXTS])


def _meant_twice(columns: dict[str, str]) -> list[str]:
    """Name the headers that mean one column; `columns`: header -> column."""
    headers: dict[str, list[str]] = {}
    for header, column in columns.items():
        headers.setdefault(column, []).append(header)
    return [
        f"found the columns {' and '.join(map(repr, alike))}, which both mean {column}; expected one of them"
        for column, alike in headers.items()
        if len(alike) > 1
    ]


def is_empty(path: Path) -> bool:
    """Tell whether a table holds a header, and example rows, alone; one that cannot be read does not count as empty."""
    try:
        rows = read_csv_table(path)
    except KoppelkansError:
        return False
    return without_examples(rows).empty


def without_examples(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the rows that begin with "voorbeeld:" or "example:"."""
    if table.empty:
        return table
    return table[~table.iloc[:, 0].str.match(EXAMPLE)]


def completed(table: pd.DataFrame, name: str, published: bool) -> pd.DataFrame:
    """Fill what a study's own table leaves open and the analyses expect: how a session was held, if a box is filled."""
    if published:
        return table
    if name == "sessions":
        return table.assign(mode=table["mode"].where(table["mode"] != "", "unknown"))
    if name == "change_stories":
        filled = table["text_nl"].where(table["text_nl"] != "", table["text_en"]).ne("").map({True: "yes", False: "no"})
        return table.assign(in_source=table["in_source"].where(table["in_source"] != "", filled))
    return table


def _in_both_languages(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Fill a text that is empty, or has no column, with the same text in the other language."""
    for column in columns:
        others = [f"{column[:-3]}_{language}" for language in LANGUAGES if not column.endswith(f"_{language}")]
        for other in others:
            if other in table and column not in table:
                table[column] = table[other]
            elif other in table:
                table[column] = table[column].where(table[column] != "", table[other])
    return table


def as_month(cell: str) -> str:
    """Return a month as YYYY-MM where a cell names one: maart 2023, mrt 2023, 3-2023, 2023-03-01, 01-03-2023."""
    words = normal(cell)
    if match := re.fullmatch(r"(\d{4}) (\d{1,2})(?: \d{1,2})?(?: 00.*)?", words):
        year, month = match[1], int(match[2])
    elif match := re.fullmatch(r"(?:\d{1,2} )?(\d{1,2}) (\d{4})", words):
        year, month = match[2], int(match[1])
    elif match := re.fullmatch(r"(?:\d{1,2} )?([a-z]{3,}) (\d{4})", words):
        year, month = match[2], _number_of(match[1])
    else:
        return cell
    return f"{year}-{month:02}" if 1 <= month <= 12 else cell


def as_day(cell: str) -> str:
    """Return a day as YYYY-MM-DD where a cell names one: 12-3-2026, 12 maart 2026, 2026-03-12, with or without time."""
    words = normal(cell)
    if match := re.fullmatch(r"(\d{4}) (\d{1,2}) (\d{1,2})(?: 00.*)?", words):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif match := re.fullmatch(r"(\d{1,2}) (\d{1,2}|[a-z]{3,}) (\d{4})", words):
        year, month, day = match[3], int(match[2]) if match[2].isdigit() else _number_of(match[2]), int(match[1])
    else:
        return cell
    try:
        return datetime.date(int(year), month, day).isoformat()
    except ValueError:
        return cell


def _number_of(word: str) -> int:
    """Return which month a word is, in a language of the editions, whole or cut short; 0 for none."""
    short = {"mrt": 3, "okt": 10}
    for language in LANGUAGES:
        for number, name in enumerate(months(language), start=1):
            if name.lower().startswith(word):
                return number
    return short.get(word, 0)
