"""From the files of field data that study.yml names to the tidy tables of a study: read, joined, without names.

Raw files are only read. Names of coders and respondents become pseudonyms here, before any table is written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from koppelkans.errors import InvalidTable, KoppelkansError, by_number
from koppelkans.readers.field_merging import Files, groups, merged
from koppelkans.readers.field_tables import Answered, answer_tables, interview_tables, key_of
from koppelkans.readers.known_names import without
from koppelkans.readers.project import RESPONDENT, Project, counted
from koppelkans.readers.who_read import check_declared
from koppelkans.study.strands import ANSWERS, INTERVIEWS, Strand, of_kind
from koppelkans.study.survey_settings import margins_in_data, scales_in_data

if TYPE_CHECKING:
    from koppelkans.readers.answers import Answers
    from koppelkans.study import Study

_OPTIONS = {
    "interviews": ("columns", "preset", "sheet"),
    "answers": ("questions", "respondent", "attributes", "sheet", "missing"),
}
_NAMES = ("preset", "respondent", "sheet")  # YAML reads a bare 2021 as a number


@dataclass(frozen=True)
class FieldData:
    """Tidy tables by name (koppelkans.study.field_schemas), what was read of each file, and who has which pseudonym.

    `reports`: file as study.yml names it -> report of its reader. `key`: columns KEY; kind is respondent, coder or
    document.
    """

    tables: dict[str, pd.DataFrame]
    reports: dict[str, dict[str, Any]]
    key: pd.DataFrame


def read_field_data(study: Study, known: Mapping[tuple[str, str], str] | None = None) -> FieldData:
    """Read all files of field data of a study.

    `known` maps (kind, name) to the pseudonym given before. Projects of one strand are merged: two coders of the same
    documents become two coders in one table. Raises InvalidTable with one line for every file that cannot be read, and
    for every row that breaks the rules of its table.
    """
    from koppelkans.study.tables import validate

    files, answers, reports = _read_files(study)
    joined = [(strand, project) for strand, group in groups(files) for project in merged(strand, group, reports)]
    key = key_of([project for _, project in joined], [answer for _, _, answer in answers], known or {})
    check_declared((project for _, project in joined), study.readers)
    tables = interview_tables(joined, key, reports, study.readers) if joined else {}
    for name, table in (answer_tables(answers, key) if answers else {}).items():
        tables[name] = pd.concat([tables[name], table]).drop_duplicates() if name in tables else table
    tables["attributes"], differing = _one_value_each(tables["attributes"])
    reports["respondents"] = _of_respondents(tables, differing, study.strands)
    problems: list[str] = []
    if study.scales:
        empty = pd.DataFrame(columns=["strand", "question", "kind", "option"])
        problems += scales_in_data(study.scales, tables.get("questions", empty), tables.get("options", empty))
    if study.margins and "answers" in tables:
        problems += margins_in_data(study.margins, tables["answers"], tables["attributes"])
    checked = {}
    for name, table in tables.items():
        try:
            checked[name] = validate(_as_text(table), name, f"{name} of the field data of {study.name}", study.strands)
        except InvalidTable as error:
            problems += error.problems
    if problems:
        raise InvalidTable(problems)
    people = {str(name): str(to) for kind, name, to in key.itertuples(index=False) if name not in reports}
    return FieldData(checked, without(reports, people), key)


def _read_files(study: Study) -> tuple[Files, Answered, dict[str, dict[str, Any]]]:
    projects: Files = []
    answers: Answered = []
    reports: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    first: dict[str, str] = {}
    for entry in study.field_data:
        path = study.raw / entry["file"]
        try:
            read = read_entry(path, entry)
        except KoppelkansError as error:  # the path on somebody's computer may hold a name
            problems += str(error).replace(str(study.raw), f"data/raw/{study.name}").splitlines()
            continue
        other = first.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), entry["file"]) if path.is_file() else ""
        if other not in ("", entry["file"]):
            problems.append(
                f"data/raw/{study.name}/{entry['file']}: holds exactly what {other} holds, expected each file once; "
                "take one of them out"
            )
        reports[entry["file"]] = read.report
        if isinstance(read, Project):
            projects.append((entry["strand"], str(entry.get("coder") or entry["file"]), read))
        else:
            answers.append((entry["strand"], entry["file"], _own_numbers(read, entry["file"])))
    if problems:
        raise InvalidTable(problems)
    return projects, answers, reports


def _own_numbers(read: Answers, file: str) -> Answers:
    """Keep people who are numbered by their place in a file apart from those of other files."""
    if read.report.get("respondent_column", "-"):
        return read
    numbered: dict[str, Any] = {
        name: table.assign(respondent=[f"{file}, {number}" for number in table[RESPONDENT]])
        for name, table in (("respondents", read.respondents), ("answers", read.answers))
    }
    return dataclasses.replace(read, **numbered)


def read_entry(path: Path, entry: Mapping[str, Any]) -> Project | Answers:
    """Read one file of field data as study.yml describes it: `kind`, and the options of its reader.

    Raises KoppelkansError, naming the file, where it cannot be read.
    """
    options = {name: entry[name] for name in _OPTIONS[entry["kind"]] if name in entry}
    options |= {name: str(options[name]) for name in _NAMES if name in options}
    if entry["kind"] == "answers":
        from koppelkans.readers.answers import read_answers

        structure = path.parent / str(entry["structure"]) if "structure" in entry else None
        return read_answers(path, structure=structure, **options)
    from koppelkans.readers import read_project

    project = read_project(path, **options)
    if "coder" not in entry:
        return project
    coder = str(entry["coder"])  # the file is of one coder, whoever it names
    coders = pd.DataFrame({"coder": [coder], "name": [coder]})
    held = None if project.held is None else project.held.assign(coder=coder).drop_duplicates(ignore_index=True)
    return dataclasses.replace(project, codings=project.codings.assign(coder=coder), coders=coders, held=held)


def _one_value_each(attributes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Keep the first value of each attribute of a respondent, and say where files differ."""
    first = attributes.drop_duplicates([RESPONDENT, "attribute"], ignore_index=True)
    both = attributes.merge(first, on=[RESPONDENT, "attribute"], suffixes=("", "_first"))
    other = both[both["value"] != both["value_first"]]
    return first, [
        f"{who}: {attribute} is {kept!r} in one file and {value!r} in another; the first is kept"
        for who, attribute, value, kept in other[[RESPONDENT, "attribute", "value", "value_first"]].itertuples(
            index=False
        )
    ]


def _of_respondents(
    tables: Mapping[str, pd.DataFrame], warnings: list[str], strands: Mapping[str, Strand]
) -> dict[str, Any]:
    """Report how many people are in interviews, in answers and in both; keys that do not match are easily missed."""
    people = {
        part: set(tables[table][RESPONDENT]) - {""}
        for part, table in (("in interviews", "documents"), ("in answers", "answers"))
        if table in tables
    }
    counts = {part: len(who) for part, who in people.items()}
    if len(people) == 2:
        counts["in both"] = len(set.intersection(*people.values()))
        if not counts["in both"] and all(people.values()):
            warnings = [*warnings, "nobody is in both interviews and answers: are their keys written in the same way?"]
    strands_of = tables["respondents"].groupby(RESPONDENT)["strand"].agg(set)
    for kind in (INTERVIEWS, ANSWERS):
        for one, other in itertools.combinations(of_kind(strands, kind), 2):
            doubtful = int(sum({one, other} <= own for own in strands_of))
            if doubtful:
                both = f"{strands[one].name('en')} and {strands[other].name('en')}"
                warnings = [
                    *warnings,
                    f"{by_number(doubtful, 'respondent is', 'respondents are')} "
                    f"both {both}; if those are other people with the same number, put a "
                    "letter before it in the files",
                ]
    return {"program": "all files together", "counts": counted(counts), "warnings": warnings}


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every cell as text, as a table that was typed, with rows numbered from 1."""
    shown = pd.DataFrame(index=range(1, len(table) + 1))
    for column in table.columns:
        cells = table[column]
        if pd.api.types.is_bool_dtype(cells):
            cells = cells.astype("Int64")
        shown[column] = cells.astype("object").where(cells.notna(), "").map(_cell).to_numpy()
    return shown.astype("str")


def _cell(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)
