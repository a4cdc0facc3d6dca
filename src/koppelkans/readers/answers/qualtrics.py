"""Answers from Qualtrics: CSV, TSV or Excel with one, two or three header rows, and what its .sav shares with them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.headers import apart, without_header
from koppelkans.readers.answers.labels import common_label
from koppelkans.readers.answers.model import NO_ANSWER, NOT_ASKED, Column, Labels, Question, Source
from koppelkans.readers.answers.own_columns import (
    A_DATE,
    QUALTRICS,
    QUALTRICS_LEGACY,
    WHEN,
    form,
    is_moment,
    own_columns,
)
from koppelkans.readers.grids import Grid

_KEY = "responseid"
_WHY = "administration of Qualtrics, or it may tell who somebody is"
_SEEN = "-99"  # how Qualtrics codes a question that was seen and not answered, where the export asks for it
_OWN_ENOUGH = 5  # of its own columns, for a row of names alone to be Qualtrics'
_MOST_CODES = 12  # different whole numbers of a question with choices
_TITLES = {field: set(titles.split()) | {field} for field, titles in QUALTRICS.items()}


@dataclass(frozen=True)
class Header:
    """The header rows of a Qualtrics file.

    names: of the columns, as in the file. fields: which of Qualtrics' own columns each is, "" for a question. texts:
    the second header row, "" where there is none. imports: the cells with the ImportId. rows: how many header rows.
    """

    names: list[str]
    fields: list[str]
    texts: list[str]
    imports: list[str]
    rows: int
    why: str


def header_of(grid: Grid) -> Header | None:
    """Return the header of a table that Qualtrics wrote, None where it did not.

    It is known by a row of ImportIds in whatever quotation marks; else by a second row that has Qualtrics' titles below
    its names ("Response ID" below ResponseId, or below V1 in exports of before 2016); else by five of its own names in
    the first row, or V1 to V10 with responses R_... in V1.
    """
    names = grid.rows[0]
    nothing = [""] * len(names)
    last = _import_row(grid)
    second = grid.rows[1] if len(grid.rows) > 1 else nothing
    if last:
        texts = second if last > 1 else nothing
        fields = _fields(names, texts)
        return Header(names, fields, texts, grid.rows[last], last + 1, f"header row {last + 1} holds ImportId")
    fields = _fields(names, second)
    if _has_titles(names, fields, second):
        return Header(names, fields, second, nothing, 2, "row 2 has Qualtrics' titles below its own column names")
    fields = _fields(names, nothing)
    own = [field for field in fields if field]
    if len(set(own)) >= _OWN_ENOUGH:
        return Header(names, fields, nothing, nothing, 1, f"{len(own)} of Qualtrics' own column names stand in row 1")
    first_ten = [f"V{number}" for number in range(1, 11)]
    responses = [row[0] for row in grid.rows[1:]]
    if names[:10] == first_ten and responses and all(re.fullmatch(r"R_\w+", cell) for cell in responses):
        fields = [*QUALTRICS_LEGACY, *fields[10:]]
        return Header(names, fields, nothing, nothing, 1, "columns V1 to V10, with responses R_... in V1")
    return None


def _import_row(grid: Grid) -> int:
    for number, row in enumerate(grid.rows[1:4], start=1):
        cells = [cell for cell in row if cell]
        if cells and sum(re.search(r"(?i)\{.*importid\W", cell) is not None for cell in cells) > len(cells) // 2:
            return number
    return 0


def _fields(names: list[str], texts: list[str]) -> list[str]:
    """Return which of Qualtrics' own columns each is: by its name, or by its title where the names are V1, V2, ..."""
    of_title = {title: field for field, titles in _TITLES.items() for title in titles}
    found = []
    for name, text in zip(names, texts, strict=True):
        one = form(name)
        if re.fullmatch(r"V\d+", name):
            title = form(text)
            one = title if title in QUALTRICS_LEGACY else of_title.get(title, "")
        found.append(of_title.get(one, one if one in ("name", "email") and name.startswith("V") else ""))
    return found


def _has_titles(names: list[str], fields: list[str], second: list[str]) -> bool:
    """Tell whether the row below the names repeats, for each of Qualtrics' own columns, what it is."""
    own = [
        (name, field, text)
        for name, field, text in zip(names, fields, second, strict=True)
        if field in _TITLES and text
    ]
    return any(field == _KEY for _, field, _ in own) and all(form(text) in _TITLES[field] for _, field, text in own)


def read_qualtrics(grid: Grid, header: Header, wanted: set[str]) -> Source:
    """Return the columns of a Qualtrics export; previews (not real answers) are left out and counted.

    Of Qualtrics' own columns only the key of a response and those `wanted` are read. Two columns of one name are kept
    apart.
    Raises KoppelkansError where all rows are previews.
    """
    names, notes = apart(header.names)
    status = header.fields.index("status") if "status" in header.fields else None
    channel = header.fields.index("distributionchannel") if "distributionchannel" in header.fields else None
    body = range(header.rows, len(grid.rows))
    rows = [number for number in body if not _is_preview(grid.rows[number], status, channel)]
    previews = len(body) - len(rows)
    if body and not rows:
        raise KoppelkansError(f"{grid.file}: every row is a preview of the survey ({previews}); export the answers")
    seen = any(cell == _SEEN for number in rows for cell in grid.rows[number])
    cells_of = [[grid.rows[number][place] for number in rows] for place in range(len(names))]
    own = own_columns({name: cells for name, cells in zip(names, cells_of, strict=True) if name})
    columns, keys = {}, {}
    left_out = without_header(names, cells_of)
    respondent = ""
    for place, (name, field) in enumerate(zip(names, header.fields, strict=True)):
        if not name:
            continue
        is_key = field == _KEY and not respondent
        respondent = name if is_key else respondent
        if not is_key and name not in wanted and (field or name in own):
            left_out[name] = own.get(name, _WHY)
            continue
        cells = cells_of[place]
        absent = [NO_ANSWER if cell == _SEEN else NOT_ASKED if seen and not cell else "" for cell in cells]
        label = _plain(header.texts[place])
        cells = ["" if cell == _SEEN else cell for cell in cells]
        keys[name] = _import_key(header.imports[place])
        columns[name] = Column(
            name, {"": label} if label else {}, cells, absent, is_choice=_is_choice(keys[name], cells)
        )
    source = Source(
        file=grid.file,
        program="Qualtrics",
        why=header.why,
        columns=columns,
        rows=[f"row {grid.numbers[number]}" for number in rows],
        encoding=grid.encoding,
        separator=grid.separator,
        sheet=grid.sheet,
        respondent=respondent,
        left_out=left_out,
        skipped=[by_number(previews, "preview of the survey", "previews of the survey")] if previews else [],
        previews=previews,
        warnings=[*grid.notes, *notes],
    )
    source.proposals = _questions(columns, keys)
    return source


def without_administration(source: Source, wanted: set[str]) -> Source:
    """Return a .sav without the columns that Qualtrics or LimeSurvey wrote of their own accord, names and dates.

    Those `wanted` stay. A file with Qualtrics' ResponseId and three more of its own is known as one from Qualtrics.
    """
    own = {name: A_DATE for name, column in source.columns.items() if column.is_date}
    own |= {name: WHEN for name, column in source.columns.items() if is_moment(name, column.cells)}
    own |= own_columns({name: column.cells for name, column in source.columns.items()})
    fields = dict(zip(source.columns, _fields(list(source.columns), [""] * len(source.columns)), strict=True))
    key = next((name for name, field in fields.items() if field == _KEY), "")
    if key and sum(map(bool, fields.values())) >= 4:
        source.program, source.why = "Qualtrics (SPSS)", "an SPSS file with Qualtrics' own columns"
        source.respondent = key
        own |= {name: own.get(name, _WHY) for name, field in fields.items() if field}
    for name, why in own.items():
        if name not in (source.respondent, *wanted):
            del source.columns[name]
            source.left_out[name] = why
    source.proposals = [
        question for question in source.proposals if set(question.columns.values()) <= set(source.columns)
    ]
    return source


def _is_preview(row: list[str], status: int | None, channel: int | None) -> bool:
    if status is not None and row[status].casefold() in ("survey preview", "1"):
        return True
    return channel is not None and row[channel].casefold() == "preview"


def _plain(text: str) -> str:
    without_tags = re.sub(r"<[^>]{1,200}>", " ", text)
    return " ".join(without_tags.replace("- Selected Choice", "").replace("&nbsp;", " ").split()).strip(" -")


def _import_key(cell: str) -> dict[str, str]:
    """Return what an ImportId cell says: keys and values in single, double, curly or no quotation marks."""
    mark = "[\"'\u2018\u2019\u201c\u201d]?"
    return dict(re.findall(rf"{mark}(\w+){mark}\s*:\s*{mark}([^\"'\u2018\u2019\u201c\u201d,}}]*)", cell))


def _is_choice(key: dict[str, str], cells: list[str]) -> bool:
    """Tell whether whole numbers are codes of choices: Qualtrics exports options as numbers, words as QID..._TEXT."""
    values = {cell for cell in cells if cell}
    if key.get("ImportId", "").upper().endswith("_TEXT"):
        return False
    return bool(values) and len(values) <= _MOST_CODES and all(re.fullmatch(r"-?\d{1,2}", value) for value in values)


def _questions(columns: dict[str, Column], keys: dict[str, dict[str, str]]) -> list[Question]:
    """Return the multiple choices whose options have columns of their own (choiceId), and texts with an option."""
    by_question: dict[str, dict[str, str]] = {}
    for name, key in keys.items():
        if key.get("choiceId") and not name.upper().endswith("_TEXT"):
            by_question.setdefault(key.get("ImportId", ""), {}).setdefault(key["choiceId"], name)
    found = []
    for members in by_question.values():
        parts = [columns[name] for name in members.values()]
        codes = {name: {cell for cell in columns[name].cells if cell.isdigit()} for name in members.values()}
        own = all(codes[name] <= {"0", "1", code} for code, name in members.items())
        if not own or any(reading.marks(c.cells, c.options, c.label) is None for c in parts):
            continue
        base = next(iter(members.values())).rpartition("_")[0] or next(iter(members.values()))
        others = {code: f"{base}_{code}_TEXT" for code in members if f"{base}_{code}_TEXT" in columns}
        label: Labels = common_label(parts) if len(parts) > 1 else parts[0].label
        found.append(Question(base, "multiple", "marks", members, label=label, others=others))
    taken = {name for question in found for name in (*question.columns.values(), *question.others.values())}
    for name, column in columns.items():
        is_text = keys[name].get("ImportId", name).upper().endswith("_TEXT")
        if name in taken or is_text or name.upper().endswith("_TEXT") or not _is_joined(column.cells):
            continue
        others = {
            code: words
            for words in columns
            if words.startswith(f"{name}_")
            and words.upper().endswith("_TEXT")
            and (code := words[len(name) + 1 : -len("_TEXT")])
        }
        found.append(Question(name, "multiple", "joined", {"": name}, label=column.label, others=others))
    return found


def _is_joined(cells: list[str]) -> bool:
    """Tell whether cells hold the options of a multiple choice in one column, with commas: each part recurs."""
    parts = [cell.split(",") for cell in cells if cell]
    times = Counter(part for cell in parts for part in cell)
    several = [cell for cell in parts if len(cell) > 1]
    codes = all(re.fullmatch(r"-?\d+", part) for part in times)
    recurring = all(times[part] > 1 for cell in several for part in cell)
    return bool(several) and (codes or recurring) and all(len(set(cell)) == len(cell) for cell in several)
