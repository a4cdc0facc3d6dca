"""Answers of respondents from CSV, Excel, SPSS, LimeSurvey and Qualtrics, as one set of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.answers.build import build_tables
from koppelkans.readers.answers.cells import has_decimal_commas, number
from koppelkans.readers.answers.codebook import describe_questions
from koppelkans.readers.answers.derive import derived_questions
from koppelkans.readers.answers.mapping import column_named, columns_wanted, mapped_questions
from koppelkans.readers.answers.missing import is_marked_with_0_and_1, missing_codes, sounds_missing, without_codes
from koppelkans.readers.answers.model import RESPONDENT, Answers, Question, Source
from koppelkans.readers.answers.opening import open_answers
from koppelkans.readers.answers.reporting import report_of
from koppelkans.readers.answers.tabular import key_among
from koppelkans.readers.limits import limited

__all__ = ["Answers", "read_answers"]

_FEW = 0.2
"""The share of cells without a number, at most, for which a column of numbers is taken for one of words by mistake."""


def read_answers(
    path: Path,
    questions: Mapping[str, Any] | None = None,
    respondent: str | None = None,
    attributes: Sequence[str] | Mapping[str, str] = (),
    structure: Path | None = None,
    sheet: str | None = None,
    missing: Any = None,
) -> Answers:
    """Read the answers in a file; the program that wrote it is found by what is in it.

    questions: name -> {columns, kind, construct, label: {nl, en}, options: {code: {nl, en}}, other, missing}, as in
        study.yml; without it, questions are derived from the file's own labels and codes, and the report says so.
    respondent: the column with the key of each respondent; without it, a column of a known name.
    attributes: columns (or new name -> column) that become attributes of respondents; value labels are put in.
    structure: what tells of the questions: the .lss file or tab-separated structure of a LimeSurvey survey, or a table
        with a row for each question (CSV or Excel); without it, a file beside `path` of the same name with the ending
        .lss, -structure.txt, -vragen.csv and the like, or another sheet of the same workbook.
    sheet: the sheet of a workbook.
    missing: codes that are no answer in any column: a list, or code -> reason.
    Raises KoppelkansError, one line, for a file that cannot be read, a column that is not there, a key that stands
    twice, or a mapping that does not fit.
    """
    with limited(Path(path)):
        return _read(Path(path), questions, respondent, attributes, structure, sheet, missing)


def _read(
    path: Path,
    questions: Mapping[str, Any] | None,
    respondent: str | None,
    attributes: Sequence[str] | Mapping[str, str],
    structure: Path | None,
    sheet: str | None,
    missing: Any,
) -> Answers:
    wanted = {str(name) for name in (attributes.values() if isinstance(attributes, Mapping) else attributes)}
    named = attributes if isinstance(attributes, Mapping) else {str(name): str(name) for name in attributes}
    wanted |= columns_wanted(questions or {}) | ({respondent} if respondent else set())
    source = open_answers(path, structure, sheet, respondent, wanted)
    keys = _keys(source, respondent)
    reasons = missing_codes(missing, str(path))
    marked = [name for name, column in source.columns.items() if "0" in reasons and is_marked_with_0_and_1(column)]
    for name, column in source.columns.items():
        if name != source.respondent:
            own = {code: why for code, why in reasons.items() if code != "0" or name not in marked}
            source.columns[name] = without_codes(column, own)
    if marked:
        source.warnings.append(
            f"0 stays an answer (not chosen) in {by_number(len(marked), 'column that holds', 'columns that hold')} "
            f"only 0 and 1 ({' to '.join(dict.fromkeys((marked[0], marked[-1])))}); where it is none there, say "
            "missing: [0] at the question"
        )
    people, used = _respondents(source, keys, named)
    if questions:
        asked = mapped_questions(source, questions)
    else:
        asked = describe_questions(derived_questions(source, used), source.codebook)
    if not asked:
        raise KoppelkansError(f"{path}: found no column with answers; expected a column for each question")
    source.warnings += _called_missing(source, asked) + ([] if questions else _nearly_numbers(source, asked))
    answers, questions_table, options, complaints = build_tables(source, asked, keys)
    report = report_of(source, asked, answers, used, bool(questions), complaints)
    return Answers(people, answers, questions_table, options, report)


def _keys(source: Source, respondent: str | None) -> list[str]:
    """Return the key of each respondent.

    Raises KoppelkansError, naming the rows, where keys are empty or stand twice.
    """
    if respondent:
        own, source.respondent = source.respondent, column_named(source, respondent, f"{source.file}, respondent")
        if own not in ("", source.respondent):  # the program's own numbers are no answers
            del source.columns[own]
            source.left_out[own] = "another column is the key of respondents"
    if not source.respondent:
        source.respondent = key_among(source.columns)
    if not source.respondent:
        source.warnings.append(
            "no column with a key of respondents was found; they are numbered by their place in the file, so they "
            "cannot be joined to interviews; name the column with respondent: ..."
        )
        return [str(number) for number in range(1, len(source.rows) + 1)]
    keys = source.columns[source.respondent].cells
    where = f"{source.file}, column {source.respondent!r}"
    places: dict[str, list[str]] = {}
    for key, row in zip(keys, source.rows, strict=True):
        places.setdefault(key, []).append(row)
    if "" in places:
        raise KoppelkansError(
            f"{where}: no respondent in {_list(places[''])}; expected a key in every row that has answers; fill it in"
        )
    doubled = {key: rows for key, rows in places.items() if len(rows) > 1}
    if doubled:
        key, rows = next(iter(doubled.items()))
        others = by_number(len(doubled) - 1, "more key stands", "more keys stand")
        more = f", and {others} there twice" if len(doubled) > 1 else ""
        raise KoppelkansError(
            f"{where}: respondent {key!r} stands in {_list(rows)}{more}; expected one row a respondent; "
            "take out the double rows or name another column"
        )
    return keys


def _list(rows: list[str]) -> str:
    shown = ", ".join(rows[:6]) + (f" and {len(rows) - 6} more" if len(rows) > 6 else "")
    return _numbered(shown)


def _numbered(shown: str) -> str:
    """Say `rows 3, 5` for `row 3, row 5`."""
    for word in ("row", "case"):
        if shown.count(f"{word} ") > 1:
            return f"{word}s " + shown.replace(f"{word} ", "")
    return shown


def _respondents(source: Source, keys: list[str], attributes: Mapping[str, str]) -> tuple[pd.DataFrame, set[str]]:
    """Return the respondents with their attributes, and the columns that these stand in."""
    table = {RESPONDENT: keys}
    used = set()
    for name, wanted in attributes.items():
        column = source.columns[column_named(source, wanted, f"{source.file}, attributes")]
        used.add(column.name)
        table[str(name)] = [
            next(iter(column.options.get(cell, {}).values()), cell) if cell else "" for cell in column.cells
        ]
    return pd.DataFrame(table, dtype="str"), used


def _nearly_numbers(source: Source, asked: list[Question]) -> list[str]:
    """Name the columns that became words for a few cells, where all others hold numbers."""
    lines = []
    for question in asked:
        if question.kind not in ("open", "single") or len(question.columns) > 1:
            continue
        name = next(iter(question.columns.values()))
        cells = {row: cell for row, cell in zip(source.rows, source.columns[name].cells, strict=True) if cell}
        commas = has_decimal_commas(list(cells.values()))
        odd = {row: cell for row, cell in cells.items() if number(cell, commas) is None}
        if odd and len(odd) <= _FEW * len(cells) and not source.columns[name].options:
            shown = ", ".join(f"{cell!r} in {row}" for row, cell in list(odd.items())[:3])
            lines.append(
                f"question {question.name}: {len(cells) - len(odd)} of {len(cells)} cells hold numbers, and it is read "
                f"as words for {shown}; write a number there, or leave the cell empty"
            )
    return lines


def _called_missing(source: Source, asked: list[Question]) -> list[str]:
    """Take codes that are called "weet niet" out of numbers, and point at them where they are options."""
    lines = []
    for question in asked:
        for name in question.columns.values():
            column = source.columns[name]
            codes = [code for code, labels in column.options.items() if sounds_missing(labels)]
            codes = [code for code in codes if code in column.cells]
            shown = ", ".join(f"{code} ({next(iter(column.options[code].values()))})" for code in codes)
            if codes and question.kind == "number":
                source.columns[name] = without_codes(column, dict.fromkeys(codes, ""))
                lines.append(f"question {question.name}: {shown} is read as no answer, and not as a number")
            elif codes and question.layout == "one":
                lines.append(
                    f"question {question.name}: {shown} is counted as an option; if it is no answer, say missing: "
                    f"[{', '.join(codes)}] in study.yml"
                )
    return lines
