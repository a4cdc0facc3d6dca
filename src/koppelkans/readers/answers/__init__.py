"""Answers of respondents from CSV, Excel, SPSS, LimeSurvey and Qualtrics, as one set of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers.build import build_tables
from koppelkans.readers.answers.derive import derived_questions
from koppelkans.readers.answers.limesurvey import is_limesurvey, read_limesurvey
from koppelkans.readers.answers.limesurvey_structure import Asked, read_structure
from koppelkans.readers.answers.mapping import column_named, mapped_questions
from koppelkans.readers.answers.model import RESPONDENT, Answers, Question, Source
from koppelkans.readers.answers.other_files import refuse_other_files
from koppelkans.readers.answers.qualtrics import header_of, read_qualtrics, without_administration
from koppelkans.readers.answers.spss import read_spss
from koppelkans.readers.answers.tabular import choose_sheet, header_row, key_among, read_table
from koppelkans.readers.grids import Grid, read_grids
from koppelkans.readers.project import counted
from koppelkans.readers.row_lengths import even_rows

__all__ = ["Answers", "read_answers"]
_EXPECTED = "answers as .csv, .tsv, .xlsx or .sav"


def read_answers(
    path: Path,
    questions: Mapping[str, Any] | None = None,
    respondent: str | None = None,
    attributes: Sequence[str] | Mapping[str, str] = (),
    structure: Path | None = None,
    sheet: str | None = None,
) -> Answers:
    """Read the answers in a file; the program that wrote it is found by what is in it.

    questions: name -> {columns, kind, construct, label: {nl, en}, options: {code: {nl, en}}, other}, as in study.yml;
        without it, questions are derived from the file's own labels and codes, and the report says so.
    respondent: the column with the key of each respondent; without it, a column of a known name.
    attributes: columns (or new name -> column) that become attributes of respondents; value labels are put in.
    structure: the .lss file or tab-separated structure of a LimeSurvey survey; without it, a file beside `path` of the
        same name with the ending .lss, or with -structure.txt or -structure.tsv.
    sheet: the sheet of a workbook.
    Raises KoppelkansError, one line, for a file that cannot be read, a column that is not there, a key that stands
    twice, or a mapping that does not fit.
    """
    path = Path(path)
    wanted = {str(name) for name in (attributes.values() if isinstance(attributes, Mapping) else attributes)}
    source, told_by = _source(path, structure, sheet, respondent, wanted | ({respondent} if respondent else set()))
    keys = _keys(source, respondent)
    people = _respondents(source, keys, attributes)
    asked = mapped_questions(source, questions) if questions else derived_questions(_without(source, attributes))
    if not asked:
        raise KoppelkansError(f"{path}: found no column with answers; expected a column for each question")
    answers, questions_table, options, complaints = build_tables(source, asked, keys)
    report = _report(source, asked, answers, bool(questions), complaints, told_by)
    return Answers(people, answers, questions_table, options, report)


def _source(
    path: Path, structure: Path | None, sheet: str | None, respondent: str | None, wanted: set[str]
) -> tuple[Source, str]:
    """Return what a file holds; columns of a program's own, and of names, are only there where they are `wanted`."""
    if path.is_file():  # a pipe would never end
        refuse_other_files(path)
    if path.suffix.lower() in (".sav", ".zsav"):
        return without_administration(read_spss(path), wanted), ""
    grid, notes = choose_sheet(read_grids(path, _EXPECTED), sheet, respondent)
    asked: dict[str, Asked] = {}
    told_by = ""
    structure = structure or _structure_beside(path)
    header = header_of(grid)
    grid = even_rows(grid, 0 if header or is_limesurvey(grid) else header_row(grid, respondent))
    if structure and not header:
        asked, told_by = read_structure(Path(structure))
    if header:
        source = read_qualtrics(grid, header, wanted)
    elif asked or is_limesurvey(grid):
        source = read_limesurvey(grid, asked, told_by, wanted)
    else:
        source = read_table(grid, respondent, wanted)
    source.warnings += notes
    source.width = _width(grid)
    if not source.rows:
        raise KoppelkansError(f"{path}: found headers and no answers below them; expected a row a respondent")
    return source, told_by


def _width(grid: Grid) -> int:
    """Return how many columns of a table hold something."""
    return sum(any(cells) for cells in zip(*grid.rows, strict=True))


def _structure_beside(path: Path) -> Path | None:
    endings = (".lss", "-structure.lss", "-structure.txt", "-structure.tsv")
    beside = [path.with_name(path.stem + ending) for ending in endings]
    return next((candidate for candidate in beside if candidate.is_file()), None)


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
        more = f", and {len(doubled) - 1} more keys stand there twice" if len(doubled) > 1 else ""
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


def _respondents(source: Source, keys: list[str], attributes: Sequence[str] | Mapping[str, str]) -> pd.DataFrame:
    table = {RESPONDENT: keys}
    named = attributes if isinstance(attributes, Mapping) else {str(name): str(name) for name in attributes}
    for name, wanted in named.items():
        column = source.columns[column_named(source, wanted, f"{source.file}, attributes")]
        table[str(name)] = [
            next(iter(column.options.get(cell, {}).values()), cell) if cell else "" for cell in column.cells
        ]
    return pd.DataFrame(table, dtype="str")


def _without(source: Source, attributes: Sequence[str] | Mapping[str, str]) -> Source:
    """Return the source without the columns of attributes, which are no questions."""
    names = attributes.values() if isinstance(attributes, Mapping) else attributes
    for name in names:
        column = column_named(source, name, f"{source.file}, attributes")
        source.proposals = [p for p in source.proposals if column not in p.columns.values()]
        del source.columns[column]
    return source


def _left_out(source: Source, used: set[str]) -> list[str]:
    """Return what stood in the file and not in the tables, with the reason: a line for each reason."""
    by_reason: dict[str, list[str]] = {}
    unused = {name: "no question names it" for name in source.columns if name not in used}
    for name, why in {**source.left_out, **unused}.items():
        by_reason.setdefault(why, []).append(name.removeprefix("column "))
    columns = [f"column{'s' * (len(names) > 1)} {', '.join(names)}: {why}" for why, names in by_reason.items()]
    return [*columns, *source.skipped]


def _report(
    source: Source,
    asked: list[Question],
    answers: pd.DataFrame,
    mapped: bool,
    complaints: list[str],
    told_by: str,
) -> dict[str, Any]:
    used = {column for q in asked for column in (*q.columns.values(), *q.others.values())} | {source.respondent}
    given = answers[answers["missing"] == ""]
    missing = answers.loc[answers["missing"] != "", "missing"].value_counts().sort_index()
    return {
        "file": Path(source.file).name,
        "program": source.program,
        "version": source.version,
        "recognised_by": source.why,
        "structure": told_by,
        "encoding": source.encoding,
        "separator": source.separator,
        "sheet": source.sheet,
        "questions_from": "mapping" if mapped else "the file's own labels and codes",
        "respondent_column": source.respondent,
        "counts": counted(
            {
                "rows": len(source.rows),
                "columns": len(used - {""}),
                "questions": len(asked),
                "respondents": len(source.rows),
                "answers": len(given),
            },
            in_file={"rows": len(source.rows), "columns": source.width},
        ),
        "missing": {str(reason): int(count) for reason, count in missing.items()},
        "questions": [
            {"question": q.name, "kind": q.kind, "read_as": q.layout, "columns": list(q.columns.values())}
            | ({"words": list(q.others.values())} if q.others else {})
            for q in asked
        ],
        "left_out": _left_out(source, used),
        "warnings": source.warnings + complaints,
    }
