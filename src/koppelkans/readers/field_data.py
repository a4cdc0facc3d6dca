"""From the files of field data that study.yml names to the tidy tables of a study: read, joined, without names.

Raw files are only read. Names of coders and respondents become pseudonyms here, before any table is written.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.privacy.pseudonyms import pseudonyms
from koppelkans.readers.project import RESPONDENT, Project

if TYPE_CHECKING:
    from koppelkans.readers.answers import Answers
    from koppelkans.study import Study

KEY = ("kind", "name", "pseudonym")
_PREFIXES = {"respondent": "R", "coder": "coder-"}
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_OPTIONS = {
    "interviews": ("columns", "preset"),
    "answers": ("questions", "respondent", "attributes", "sheet"),
}


@dataclass(frozen=True)
class FieldData:
    """Tidy tables by name (schemas: koppelkans.field_schemas), what was read of each file, and who has which pseudonym.

    `reports`: file as study.yml names it -> report of its reader. `key`: columns KEY; kind is respondent or coder.
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
    from koppelkans.tables import validate

    projects, answers, reports = _read_files(study)
    joined = {strand: _merged(strand, files, reports) for strand, files in projects.items()}
    key = key_of(joined.values(), [answer for _, _, answer in answers], known or {})
    tables = _interview_tables(joined, key) if joined else {}
    for name, table in (_answer_tables(answers, key) if answers else {}).items():
        tables[name] = pd.concat([tables[name], table]).drop_duplicates() if name in tables else table
    problems: list[str] = []
    checked = {}
    for name, table in tables.items():
        try:
            checked[name] = validate(_as_text(table), name, file=f"{name} of the field data of {study.name}")
        except InvalidTable as error:
            problems += error.problems
    if problems:
        raise InvalidTable(problems)
    return FieldData(checked, reports, key)


_Files = dict[str, list[tuple[str, Project]]]
_Answered = list[tuple[str, str, "Answers"]]  # strand, file, answers


def _read_files(study: Study) -> tuple[_Files, _Answered, dict[str, dict[str, Any]]]:
    projects: _Files = {}
    answers: _Answered = []
    reports: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for entry in study.field_data:
        try:
            read = read_entry(study.raw / entry["file"], entry)
        except KoppelkansError as error:
            problems += str(error).splitlines()
            continue
        reports[entry["file"]] = read.report
        if isinstance(read, Project):
            projects.setdefault(entry["strand"], []).append((entry["file"], read))
        else:
            answers.append((entry["strand"], entry["file"], read))
    if problems:
        raise InvalidTable(problems)
    return projects, answers, reports


def read_entry(path: Path, entry: Mapping[str, Any]) -> Project | Answers:
    """Read one file of field data as study.yml describes it: `kind`, and the options of its reader.

    Raises KoppelkansError, naming the file, where it cannot be read.
    """
    options = {name: entry[name] for name in _OPTIONS[entry["kind"]] if name in entry}
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
    return dataclasses.replace(project, codings=project.codings.assign(coder=coder), coders=coders)


def _merged(strand: str, files: list[tuple[str, Project]], reports: dict[str, dict[str, Any]]) -> Project:
    """Merge the projects of a strand and note in the reports what matched."""
    if len(files) == 1:
        return files[0][1]
    from koppelkans.readers.coders import merge_coders

    merged, report = merge_coders(dict(files))
    reports[f"{strand}: {len(files)} files merged"] = report
    return merged


def key_of(
    projects: Iterable[Project], answers: Iterable[Answers], known: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Return the pseudonym of every coder and respondent: KEY. The same name has the same one everywhere."""
    projects = list(projects)
    names = {
        "respondent": [
            *(name for project in projects for name in project.documents[RESPONDENT]),
            *(name for project in projects for name in project.respondents[RESPONDENT]),
            *(name for answered in answers for name in answered.respondents[RESPONDENT]),
        ],
        "coder": [name for project in projects for name in _coder_names(project).values()],
    }
    rows = []
    for kind, found in names.items():
        before = {name: given for (of_kind, name), given in known.items() if of_kind == kind}
        given = pseudonyms(map(str, found), _PREFIXES[kind], before)
        rows += [(kind, name, given[name]) for name in sorted(given)]
    return pd.DataFrame(rows, columns=list(KEY))


def _coder_names(project: Project) -> dict[str, str]:
    """Return coder key -> name, or the key itself where the file names nobody."""
    named = {str(key): str(name or key) for key, name in project.coders[["coder", "name"]].itertuples(index=False)}
    return named | {key: key for key in project.codings["coder"].unique() if key and key not in named}


def _pseudonym(key: pd.DataFrame, kind: str) -> dict[str, str]:
    of_kind = key[key["kind"] == kind]
    return {"": "", **dict(zip(of_kind["name"], of_kind["pseudonym"], strict=True))}


def _interview_tables(projects: Mapping[str, Project], key: pd.DataFrame) -> dict[str, pd.DataFrame]:
    who, by = _pseudonym(key, "respondent"), _pseudonym(key, "coder")
    parts: dict[str, list[pd.DataFrame]] = {}
    for strand, project in projects.items():
        documents = project.documents.assign(strand=strand)
        keys = {
            one: one if _GUID.fullmatch(one) or len(projects) == 1 else f"{strand}/{one}"
            for one in documents["document"]
        }
        coders = {coder: by[name] for coder, name in _coder_names(project).items()}
        documents["name"] = [_without(name, who) for name in documents["name"]]
        documents[RESPONDENT] = documents[RESPONDENT].map(who)
        documents["document"] = documents["document"].map(keys)
        codings = project.codings.assign(
            document=project.codings["document"].map(keys),
            coder=project.codings["coder"].map(lambda one, coders=coders: coders.get(one, "")),
        )
        named = [name for name in [*documents[RESPONDENT], *project.respondents[RESPONDENT].map(who)] if name]
        for name, table in {
            "documents": documents,
            "codes": project.codes,
            "codings": codings,
            "respondents": pd.DataFrame({RESPONDENT: named, "strand": strand}).drop_duplicates(),
            "attributes": _attributes(project.respondents, who),
        }.items():
            parts.setdefault(name, []).append(table)
    made = {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}
    made["codes"] = made["codes"].drop_duplicates("code", ignore_index=True)
    return made


def _answer_tables(answers: _Answered, key: pd.DataFrame) -> dict[str, pd.DataFrame]:
    who = _pseudonym(key, "respondent")
    parts: dict[str, list[pd.DataFrame]] = {}
    for strand, _, read in answers:
        for name, table in {
            "answers": read.answers.assign(strand=strand, respondent=read.answers[RESPONDENT].map(who)),
            "questions": read.questions.assign(strand=strand),
            "options": read.options.assign(strand=strand),
            "respondents": pd.DataFrame({RESPONDENT: read.respondents[RESPONDENT].map(who), "strand": strand}),
            "attributes": _attributes(read.respondents, who),
        }.items():
            parts.setdefault(name, []).append(table)
    return {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}


def _attributes(respondents: pd.DataFrame, who: Mapping[str, str]) -> pd.DataFrame:
    """Return the attributes of respondents, one row each; those that are empty are left out."""
    long = respondents.melt(RESPONDENT, var_name="attribute", value_name="value")
    long[RESPONDENT] = long[RESPONDENT].map(who)
    return long[long["value"].fillna("").astype(str) != ""]


def _without(name: str, who: Mapping[str, str]) -> str:
    """Return the name of a document with the names of respondents replaced by their pseudonyms."""
    for person in sorted((one for one in who if len(one) > 2), key=len, reverse=True):
        name = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", who[person], name, flags=re.IGNORECASE)
    return name


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
