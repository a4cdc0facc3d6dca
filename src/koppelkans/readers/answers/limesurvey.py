"""Answers from LimeSurvey: CSV or Excel with question codes or full headings, alone or with the survey's structure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.headers import apart, without_header
from koppelkans.readers.answers.limesurvey_structure import Asked, plain
from koppelkans.readers.answers.model import NOT_ASKED, OTHER, Column, Labels, Question, Source
from koppelkans.readers.answers.own_columns import LIMESURVEY, form, own_columns
from koppelkans.readers.grids import Grid, normal

_KEYS = ("id", "response id", "antwoord id", "reactie id", "antwort id", "id de la reponse")
_WHY = "administration of LimeSurvey, or it may tell who somebody is"
_TIMING = re.compile(r"^((?i:groupTime\d+|question time:.*|group time:.*|\d+X\d+X\d+\w*time|interviewtime)|\w+Time)$")
_NOT_SHOWN = ("n/a", "n.v.t.", "{question_not_shown}")
_UNMARKED_TYPES = set("MP")
_KINDS = {
    "single": "LOGYI!C", "likert": "15ABEFH", "multiple": "MP", "ranking": "R", "number": "NK:", "open": "DQSTU;*",
}  # fmt: skip
_OPTIONS_OF_TYPE: dict[str, dict[str, Labels]] = {
    "Y": {"Y": {"nl": "Ja", "en": "Yes"}, "N": {"nl": "Nee", "en": "No"}},
    "G": {"M": {"nl": "Man", "en": "Male"}, "F": {"nl": "Vrouw", "en": "Female"}},
    "C": {"Y": {"nl": "Ja", "en": "Yes"}, "N": {"nl": "Nee", "en": "No"}, "U": {"nl": "Weet niet", "en": "Uncertain"}},
    "E": {
        "I": {"nl": "Toename", "en": "Increase"}, "S": {"nl": "Gelijk", "en": "Same"},
        "D": {"nl": "Afname", "en": "Decrease"},
    },
    "5": {str(n): {"": str(n)} for n in range(1, 6)},
    "A": {str(n): {"": str(n)} for n in range(1, 6)},
    "B": {str(n): {"": str(n)} for n in range(1, 11)},
}  # fmt: skip


def is_limesurvey(grid: Grid) -> bool:
    """Tell whether the first row has LimeSurvey's own columns."""
    header = {form(_short(cell)) for cell in grid.rows[0]}
    return normal(_short(grid.rows[0][0])) in _KEYS and len(header & LIMESURVEY) >= 2


def read_limesurvey(grid: Grid, asked: dict[str, Asked], told_by: str, wanted: set[str]) -> Source:
    """Return the columns of a LimeSurvey export, and the questions that its structure (`asked`, by code) tells of.

    Columns that are known by the structure are named as with question codes, Q1[SQ001], whatever the heading. Of
    LimeSurvey's own columns only the key of a response and those `wanted` are read.
    """
    expected = {name for name, *_ in _expected(asked)}
    names = {one: name for name, *_, forms in _expected(asked) for one in forms}
    headings, notes = apart([names.get(_form(heading), heading) for heading in grid.rows[0]])
    cells_of = [[row[place] for row in grid.rows[1:]] for place in range(len(headings))]
    own = own_columns({_short(name): cells for name, cells in zip(headings, cells_of, strict=True) if name})
    columns, left_out = {}, without_header(headings, cells_of)
    respondent = ""
    known = 0
    for place, (name, heading) in enumerate(zip(headings, grid.rows[0], strict=True)):
        cells = cells_of[place]
        if place == 0 and (normal(heading) in _KEYS or normal(_short(heading)) in _KEYS):
            respondent = name
        elif not heading:
            continue
        elif heading not in wanted and name not in expected and (_short(name) in own or _TIMING.match(heading)):
            left_out[name] = own.get(_short(name), _WHY)
            continue
        known += name in expected
        absent = [NOT_ASKED if cell.casefold() in _NOT_SHOWN else "" for cell in cells]
        cells = ["" if reason else cell for cell, reason in zip(cells, absent, strict=True)]
        label = {} if name in asked else {"": plain(heading)} if heading != name or "[" not in heading else {}
        columns[name] = Column(name, label, cells, absent)
    source = Source(
        file=grid.file,
        program="LimeSurvey",
        why="the first columns are LimeSurvey's own" + (f", and its {told_by} tells of the questions" if asked else ""),
        columns=columns,
        rows=[f"row {number}" for number in grid.numbers[1:]],
        encoding=grid.encoding,
        separator=grid.separator,
        sheet=grid.sheet,
        respondent=respondent,
        left_out=left_out,
        warnings=[*grid.notes, *notes],
    )
    if asked:
        source.proposals = _questions(source, asked)
        if not known:
            source.warnings.append(f"no column belongs to a question of the {told_by}; is it of another survey?")
    return source


def _short(heading: str) -> str:
    """Return a heading without the code before it: "id. Response ID" -> Response ID."""
    return heading.partition(". ")[2] or heading


def _form(heading: str) -> str:
    return normal(plain(heading))


def _expected(asked: dict[str, Asked]) -> Iterator[tuple[str, Asked, str, set[str]]]:
    """Yield each column that a survey can have: name, question, code of its part, plain forms of its headings."""
    for question in asked.values():
        codes = list(question.parts)
        if question.type in ":;" and question.second_parts:
            codes = [f"{row}_{column}" for row in question.parts for column in question.second_parts]
        if question.type == "R":
            codes = [str(place) for place in range(1, max(len(question.options), len(question.parts)) + 1)]
        if question.type == "1":
            codes = [f"{part}][{scale}" for part in question.parts for scale in (1, 2)]
        if question.type == "P":
            codes += [f"{part}comment" for part in question.parts]
        if question.type == "O":
            codes.append("comment")
        if not codes or question.type == "O":
            yield question.code, question, "", _forms(question, "", question.label, {})
        for code in codes:
            yield (
                f"{question.code}[{code}]",
                question,
                code,
                _forms(question, code, question.label, question.parts.get(code, {})),
            )
        if question.has_other:
            words = {"nl": "Anders", "en": "Other", "de": "Sonstiges"}
            yield f"{question.code}[other]", question, "other", _forms(question, "other", question.label, words)


def _forms(question: Asked, code: str, label: Labels, part: Labels) -> set[str]:
    """Return the headings that a column can have: codes in several manners, and texts with or without the code."""
    forms = {f"{question.code} {code}", f"{question.code}{code}"} if code else {question.code}
    for language, text in label.items():
        inner = part.get(language) or part.get("en") or code
        whole = f"{text} {inner}" if code else text
        forms |= {whole, f"{question.code} {whole}", f"{question.code} {code} {whole}"}
    return {normal(form) for form in forms}


def _questions(source: Source, asked: dict[str, Asked]) -> list[Question]:
    found: list[Question] = []
    present: dict[str, dict[str, str]] = {}
    for name, question, code, _ in _expected(asked):
        if name in source.columns:
            present.setdefault(question.code, {})[code] = name
    for question_code, columns in present.items():
        found += _questions_of(source, asked[question_code], columns)
    return found


def _questions_of(source: Source, question: Asked, columns: dict[str, str]) -> list[Question]:
    kind = next((kind for kind, types in _KINDS.items() if question.type in types), "")
    if not kind:  # texts without a question (X) and files (|)
        for name in columns.values():
            source.left_out[name] = "a text or file, not an answer"
            del source.columns[name]
        return []
    options = question.options or _OPTIONS_OF_TYPE.get(question.type, {})
    others = {OTHER: columns.pop("other")} if "other" in columns else {}
    if others and kind == "single":
        options = {**options, OTHER: {"nl": "Anders", "en": "Other"}}
    if kind == "multiple":
        comments = {c.removesuffix("comment"): columns.pop(c) for c in list(columns) if c.endswith("comment")}
        for code, name in list(columns.items()):
            column = source.columns[name]
            marked = _marked(column.cells)
            if reading.marks(marked, {}, {}) is None:  # somebody's own words
                comments[code] = columns.pop(code)
                continue
            source.columns[name] = Column(name, question.parts.get(code, {}), marked, column.absent)
        if not columns:
            return []
        words = {OTHER: {"nl": "Anders", "en": "Other"}} if others else {}
        return [
            Question(question.code, kind, "marks", columns, "", question.label, {**question.parts, **words},
                     {**comments, **others})
        ]  # fmt: skip
    if kind == "ranking":
        options = options or question.parts
        return [Question(question.code, kind, "places", columns, "", question.label, options)]
    found = []
    comment = columns.pop("comment", None)
    for code, name in columns.items():
        item = f"{question.code}[{code}]" if code else question.code
        label = _with_part(question.label, question.parts.get(code, {}))
        own = others if not code else {}
        found.append(
            Question(item, kind, "one", {"": name}, "", label, {} if kind in ("open", "number") else options, own)
        )
    if comment:
        found.append(Question(f"{question.code}[comment]", "open", "one", {"": comment}, "", question.label))
    return found


def _marked(cells: list[str]) -> list[str]:
    """Return the cells of an option as 1, 0 and "": Y, Yes, Ja or 1 is chosen, N, No, Nee, 0 or 2 is not."""
    if {cell for cell in cells if cell} <= {"1", "2"}:  # as LimeSurvey converts Y and N where it is asked to
        return ["0" if cell == "2" else cell for cell in cells]
    marks = reading.marks(cells, {}, {})
    if marks is None:
        return cells
    return ["" if mark is None else "1" if mark else "0" for mark in marks]


def _with_part(label: Labels, part: Labels) -> Labels:
    return {lang: f"{text} [{part[lang]}]" if part.get(lang) else text for lang, text in label.items()} or part
