"""A sheet or file of questions beside the answers: text and options of each column, and codes that are no answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.grouping import parts_of, words_with_their_option
from koppelkans.readers.answers.missing import without_codes
from koppelkans.readers.answers.model import Column, Described, Labels, Question, Source
from koppelkans.readers.answers.own_columns import form
from koppelkans.readers.grids import Grid

SHEET_NAMES = frozenset(
    {
        "vragen", "vragenlijst", "questions", "questionnaire", "codeboek", "codebook", "codes", "codering",
        "variabelen", "variables", "labels", "survey", "datadictionary", "dictionary", "legenda", "toelichting",
        "variableview",
    }
)  # fmt: skip
BESIDE = ("vragen", "vragenlijst", "questions", "codeboek", "codebook")
"""What the name of a file of questions ends in, beside the answers: enquete-vragen.csv."""
_TEXT = re.compile(
    r"^(vraagtekst|vraag|vraagomschrijving|questiontext|question|text|tekst|label|labels|fieldlabel|omschrijving|wording"
    r"|description|variablelabel|variabelelabel|formulering|stelling|betekenis)(nl|en|nederlands|engels|dutch|english)?$"
)
_OPTIONS = re.compile(
    r"^(opties|antwoorden|antwoordopties|antwoordcategorieen|antwoordmogelijkheden|categorieen|options|answers|choices"
    r"|responseoptions|values|valuelabels|waarden|waardelabels|codes|codering|schaal|scale|choicescalculationsorsliderlabels"
    r"|antwoordschaal)(nl|en|nederlands|engels|dutch|english)?$"
)
_VALUE = re.compile(r"^(waarde|value|code|antwoordcode|optiecode|optioncode|answercode)$")
_MEANING = re.compile(
    r"^(waardelabel|valuelabel|betekenis|antwoord|optie|optielabel|categorie|answer|option|meaning|label)$"
)
_MISSING = re.compile(r"^(missing|missings|missingvalues|ontbrekend|ontbrekendewaarden|geenantwoord)$")
_LANGUAGES = {"nl": "nl", "nederlands": "nl", "dutch": "nl", "en": "en", "engels": "en", "english": "en"}
_PAIR = re.compile(r"(?:^|(?<=[\s;,|/{]))(-?\d{1,4}|[A-Za-z]{1,2}\d{0,3})\s*[=:)]\s*")
_REDCAP_PAIR = re.compile(r"^\s*(-?\w+)\s*,\s*(.+)$")


Codebook = dict[str, Described]


def codebook_of(grid: Grid, columns: Collection[str]) -> Codebook:
    """Return name of a column or question -> what a sheet says of it; {} where the sheet is not about these columns.

    The column with the names is the one that holds most names of `columns`, or of the questions that they belong to.
    The row above its first name has the headers (question, options, value, label, missing); without known headers, the
    column with the longest texts is the text, and cells such as "1 = Huur; 2 = Koop" are options. A sheet may also have
    a row for each value.
    """
    known = {form(name) for name in columns} | {form(base) for name in columns for base, _ in parts_of(name)}
    places = range(len(grid.rows[0]))
    rows_of = {place: [n for n, row in enumerate(grid.rows) if form(row[place]) in known] for place in places}
    named = {place: len({form(grid.rows[n][place]) for n in rows}) for place, rows in rows_of.items()}
    key = max(places, key=lambda place: named[place])
    if named[key] < min(3, max(1, len(columns) - 1)) or named[key] * 4 < len(columns) or grid.rows[0] == list(columns):
        return {}
    first = rows_of[key][0]
    headers = [form(cell) for cell in grid.rows[first - 1]] if first else [""] * len(places)
    body = grid.rows[first:]
    roles = _roles(headers, body, key)
    found: Codebook = {}
    current = Described()
    for row in body:
        if row[key]:
            current = found.setdefault(row[key], Described())
        for place in roles["text"]:
            if row[place]:
                current.label.setdefault(_language(headers[place]), " ".join(row[place].split()))
        for place in roles["options"]:
            for code, label in pairs(row[place]):
                current.options.setdefault(code, {})[_language(headers[place])] = label
        for value in roles["value"]:
            if row[value]:
                words = current.options.setdefault(row[value], {})
                words.update({_language(headers[place]): row[place] for place in roles["meaning"] if row[place]})
        for place in roles["missing"]:
            current.missing |= missing_of(row[place])
    return found


def _roles(headers: list[str], body: list[list[str]], key: int) -> dict[str, list[int]]:
    rest = [place for place in range(len(headers)) if place != key]
    values = [place for place in rest if _VALUE.match(headers[place])][:1]
    meanings = [place for place in rest if values and _MEANING.match(headers[place]) and place > values[0]]
    texts = [place for place in rest if _TEXT.match(headers[place]) and place not in meanings]
    options = [place for place in rest if _OPTIONS.match(headers[place]) and place not in (*texts, *values, *meanings)]
    options = options or [
        place for place in rest if place not in (*texts, *values, *meanings) and _has_pairs(body, place)
    ]
    missing = [place for place in rest if _MISSING.match(headers[place])]
    free = [place for place in rest if place not in (*options, *values, *meanings, *missing)]
    if not texts and free:
        texts = [max(free, key=lambda place: sum(len(row[place]) for row in body))]
    return {"text": texts, "options": options, "value": values, "meaning": meanings, "missing": missing}


def _has_pairs(body: list[list[str]], place: int) -> bool:
    cells = [row[place] for row in body if row[place]]
    return bool(cells) and 2 * sum(len(pairs(cell)) > 1 for cell in cells) > len(cells)


def pairs(cell: str) -> list[tuple[str, str]]:
    """Return the codes and labels in "1 = Huur; 2 = Koop", "1: Huur, 2: Koop", a line each, or "1, Huur | 2, Koop"."""
    by_bar = [_REDCAP_PAIR.match(part) for part in cell.split("|")]
    if "|" in cell and all(by_bar):
        return [(match[1], match[2].strip()) for match in by_bar if match]
    starts = list(_PAIR.finditer(cell))
    ends = [*(match.start() for match in starts[1:]), len(cell)][: len(starts)]
    return [
        (match[1], " ".join(cell[match.end() : end].strip(" \n;,|/{}\"'").split()))
        for match, end in zip(starts, ends, strict=True)
    ]


def missing_of(cell: str) -> dict[str, str]:
    """Return code -> reason of "0: n.v.t.; 99 = weet niet", reason "" of "0; 99" and "0, 99"."""
    parts = [part.strip() for part in re.split(r"[;,|\n]+", cell)]
    codes = [code for part in parts for code in (part.split() if re.fullmatch(r"[-\d\s]+", part) else [part]) if code]
    return dict(pairs(cell)) or dict.fromkeys(codes, "")  # words such as "weet niet" stay whole


def _language(header: str) -> str:
    return next((code for ending, code in _LANGUAGES.items() if header.endswith(ending) and header != ending), "")


def describe_columns(source: Source, codebook: Codebook, told_by: str) -> None:
    """Give the columns of a source the labels and options that a codebook has for them, where they have none.

    What it says of a question (Q5) serves all columns of it (Q5_1, Q5_2), as far as the cells are codes of its options.
    Entries that belong to no column are named in the warnings.
    """
    by_form = {form(name): (name, said) for name, said in codebook.items()}
    used: set[str] = set()
    for name, column in list(source.columns.items()):
        bases = [base for base, _ in parts_of(name)]
        own = by_form.get(form(name))
        of_question = next((by_form[form(base)] for base in bases if form(base) in by_form), None)
        used |= {entry[0] for entry in (own, of_question) if entry}
        if name == source.respondent:
            continue
        said = own[1] if own else Described()
        options = said.options
        if not options and of_question and not _are_items(source, of_question[0], of_question[1]):
            options = of_question[1].options
        label = said.label
        if not label and of_question:
            item = next((item for base, item in parts_of(name) if form(base) == form(of_question[0])), "")
            label = {language: f"{text} [{item}]" for language, text in of_question[1].label.items()}
        source.columns[name] = _described(column, label, options, said.missing)
    strange = [name for name in codebook if name not in used and form(name) != form(source.respondent)]
    strange = [name for name in strange if name not in source.left_out and codebook[name].label]
    if strange:
        shown = ", ".join(strange[:5]) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
        source.warnings.append(f"{told_by}: no column of the answers is called {shown}")


def _are_items(source: Source, name: str, said: Described) -> bool:
    """Tell whether the options of a question are its columns: Q5 has 1 = post, 2 = mail; Q5_1 and Q5_2 are marks."""
    items = {
        item: column
        for column_name, column in source.columns.items()
        for base, item in parts_of(column_name)
        if form(base) == form(name)
    }
    marks = all(reading.marks(column.cells, column.options, {}) is not None for column in items.values())
    return bool(items) and marks and set(items) <= set(said.options)


def _described(column: Column, label: Labels, options: dict[str, Labels], missing: Mapping[str, str]) -> Column:
    if missing:
        column = without_codes(replace(column, options=column.options or options), missing)
        options = column.options
    values = {cell for cell in column.cells if cell}
    known = reading.known_options(options)
    fits = not values or any(reading.option_of(value, known) is not None for value in values)
    own_label = {} if {form(text) for text in column.label.values()} <= {form(column.name)} else column.label
    return replace(
        column, label=own_label or label or column.label, options=column.options or (options if fits else {})
    )


def describe_questions(questions: list[Question], codebook: Codebook) -> list[Question]:
    """Return questions of several columns with the label and the words of options that a codebook has for them."""
    by_form = {form(name): said for name, said in codebook.items()}
    found = []
    for question in questions:
        said = by_form.get(form(question.name))
        if said and len(question.columns) > 1:
            options = {code: labels for code, labels in said.options.items() if code in question.columns}
            options = question.options or options
            others = words_with_their_option(question.others, options)
            question = replace(question, label=said.label or question.label, options=options, others=others)
        found.append(question)
    return found
