"""The answers as files: SPSS for homeowners, Excel for tenants, and how study.yml tells to read them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.synthetic.answers import DO_NOT_KNOW, NOT_ASKED, SKIPPED, columns_of
from koppelkans.synthetic.office import workbook
from koppelkans.synthetic.people import ATTRIBUTES
from koppelkans.synthetic.questionnaire import ATTRIBUTE_WORDS, QUESTIONS, STATEMENTS, Question
from koppelkans.synthetic.talk import MARK
from koppelkans.synthetic.truth import RESIDENTS, Truth

MARK_COLUMN = "herkomst"
SYNTHETIC = "synthetisch"
_NOT_ASKED, _DO_NOT_KNOW = "niet gevraagd", "weet niet"
_CODES = {NOT_ASKED: ("n/a", 8.0), DO_NOT_KNOW: ("dk", 9.0)}  # as text and as number
_HEADER = 92  # of an SPSS file: where its date and time stand
_MOMENT = b"01 Jan 2400:00:00"


def as_workbook(truth: Truth, people: pd.DataFrame, given: pd.DataFrame) -> bytes:
    """Return answers as an Excel workbook, with words in the header and in the cells; silence is an empty cell."""
    columns = _headers(truth)
    respondents = people.merge(given, on=["respondent", "group"])
    rows: list[list[Any]] = [
        ["respondent", *(ATTRIBUTE_WORDS[name].nl for name in ATTRIBUTES), *columns.values(), MARK_COLUMN]
    ]
    for one in respondents.to_dict("records"):
        cells = [_cell(str(one[column]), QUESTIONS[_question_of(column)]) for column in columns]
        rows.append([one["respondent"], *(one[name] for name in ATTRIBUTES), *cells, SYNTHETIC])
    return workbook(rows, f"antwoorden {SYNTHETIC}", MARK)


def _cell(code: str, question: Question) -> Any:
    if code in (SKIPPED, NOT_ASKED, DO_NOT_KNOW):
        return None
    if question.kind == "multiple":
        return "ja" if code == "1" else "nee"
    if question.kind in ("ranking", "number"):
        return int(code)
    return question.options[code].nl if question.options else code


def _question_of(column: str) -> str:
    """Return the question that a column belongs to: the longest name that it begins with."""
    return max((name for name in QUESTIONS if column == name or column.startswith(f"{name}_")), key=len)


def _headers(truth: Truth) -> dict[str, str]:
    """Return column -> header of the workbook."""
    headers = {}
    for name, columns in columns_of(truth).items():
        question = QUESTIONS[name]
        for column in columns:
            option = question.options.get(column.removeprefix(f"{name}_"))
            if column in STATEMENTS:
                headers[column] = STATEMENTS[column].nl
            elif len(columns) > 1 and option:
                headers[column] = f"{question.words.nl} [{option.nl}]"
            else:
                headers[column] = question.words.nl
    return headers


def as_spss(truth: Truth, people: pd.DataFrame, given: pd.DataFrame) -> bytes:
    """Return answers as an SPSS file with labels, and user-missing values for "not asked" and "do not know"."""
    import pyreadstat

    respondents = people.merge(given, on=["respondent", "group"])
    table = respondents[["respondent", *ATTRIBUTES]].copy()
    labels: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    measures = {"years": "scale", "bill": "scale"}
    for column in (column for columns in columns_of(truth).values() for column in columns):
        question = QUESTIONS[_question_of(column)]
        is_text = question.kind in ("single", "open")
        at = 0 if is_text else 1
        codes = {reason: code[at] for reason, code in _CODES.items()}
        values = [
            codes[cell] if cell in codes else cell if is_text else float(cell or "nan") for cell in respondents[column]
        ]
        table[column] = pd.Series(values, dtype="object" if is_text else "float64")
        if question.kind == "single":
            labels[column] = {code: words.nl for code, words in question.options.items()}
        elif question.kind == "likert":
            labels[column] = {int(code): words.nl for code, words in question.options.items()}
        elif question.kind == "multiple":
            labels[column] = {0: "niet gekozen", 1: "gekozen"}
        if question.kind in ("single", "multiple", "ranking"):
            labels[column] = labels.get(column, {}) | {codes[NOT_ASKED]: _NOT_ASKED, codes[DO_NOT_KNOW]: _DO_NOT_KNOW}
            missing[column] = list(codes.values())
    table[MARK_COLUMN] = SYNTHETIC
    column_labels: dict[str, str | None] = {name: words.nl for name, words in ATTRIBUTE_WORDS.items()}
    column_labels.update(_headers(truth))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            table,
            path,
            file_label=MARK,
            column_labels=column_labels,
            variable_value_labels=labels,
            missing_ranges=missing,
            variable_measure=measures,
        )
        content = path.read_bytes()
    return content[:_HEADER] + _MOMENT + content[_HEADER + len(_MOMENT) :]


def settings(truth: Truth, spss: bool) -> dict[str, Any]:
    """Return what study.yml says of the file: the column of respondents, attributes, and the questions."""
    headers = {} if spss else _headers(truth)
    asked: dict[str, Any] = {}
    for name, columns in columns_of(truth).items():
        question = QUESTIONS[name]
        words = {"label": {"nl": question.words.nl, "en": question.words.en}}
        options = {code: {"nl": option.nl, "en": option.en} for code, option in question.options.items()}
        more = {"options": options} if options else {}
        if question.kind in ("multiple", "ranking"):
            named = {column.removeprefix(f"{name}_"): headers.get(column, column) for column in columns}
            asked[name] = {"kind": question.kind, "columns": named, **words, **more}
            continue
        for column in columns:
            if column in STATEMENTS:
                words = {"label": {"nl": STATEMENTS[column].nl, "en": STATEMENTS[column].en}}
            construct = {"construct": question.construct} if question.construct else {}
            asked[column] = {
                "kind": question.kind,
                "columns": [headers.get(column, column)],
                **construct,
                **words,
                **more,
            }
    attributes = {name: name if spss else ATTRIBUTE_WORDS[name].nl for name in ATTRIBUTES}
    return {"respondent": "respondent", "attributes": attributes, "questions": asked}


def of_answers(truth: Truth, people: pd.DataFrame) -> dict[str, Any]:
    """Return what study.yml says of the answers as a whole: which statements make a scale, and who the people are.

    The people of each group are made up as the shares say that they were drawn by. Of few respondents nobody may have
    some value; the attribute is then left out, for nobody can stand for it.
    """
    items, backwards = columns_of(truth)["attachment"], truth.survey.attachment.reversed
    name = {"nl": "band met de buurt", "en": "attachment to the neighbourhood"}
    scale = {"name": name, "items": items, "reversed": [items[place - 1] for place in backwards]}
    made_up: dict[str, Any] = {}
    for group in RESIDENTS:
        own = people[people["group"] == group]
        shares = {"age_group": truth.people.age_group[group], "household": truth.people.household[group]}
        margins = {name: dict(of) for name, of in shares.items() if set(own[name]) == set(of)}
        made_up |= {group: {"margins": margins}} if margins else {}
    return {"scales": {"attachment": scale}, **({"population": made_up} if made_up else {})}
