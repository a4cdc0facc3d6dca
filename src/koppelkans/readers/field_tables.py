"""From what the readers gave to the tidy tables of a study: joined over files, with pseudonyms in place of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from koppelkans.privacy.pseudonyms import pseudonyms
from koppelkans.readers.field_merging import GUID, coder_names
from koppelkans.readers.known_names import is_number_of_talk, titles_of, without_names
from koppelkans.readers.project import CODES, RESPONDENT, Project
from koppelkans.readers.who_read import Declared, with_readers

if TYPE_CHECKING:
    from koppelkans.readers.answers import Answers

KEY = ("kind", "name", "pseudonym")


_PREFIXES = {"respondent": "R", "coder": "coder-"}


def key_of(
    projects: Iterable[Project], answers: Iterable[Answers], known: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Return the pseudonym of every coder and respondent, and what every document is called: KEY.

    The same name has the same one everywhere.
    """
    projects = list(projects)
    names = {
        "respondent": [
            *(name for project in projects for name in project.documents[RESPONDENT]),
            *(name for project in projects for name in project.respondents[RESPONDENT]),
            *(name for answered in answers for name in answered.respondents[RESPONDENT]),
        ],
        "coder": [name for project in projects for name in coder_names(project).values()],
    }
    rows = []
    for kind, found in names.items():
        stays = {name: name for name in map(str, found) if kind == "respondent" and is_number_of_talk(name)}
        given = pseudonyms(map(str, found), _PREFIXES[kind], stays | _given(known, kind))
        rows += [(kind, name, given[name]) for name in sorted(given)]
    people = {name: pseudonym for _, name, pseudonym in rows}
    titles = titles_of([name for p in projects for name in p.documents["name"]], people, _given(known, "document"))
    rows += [("document", name, titles[name]) for name in sorted(titles)]
    return pd.DataFrame(rows, columns=list(KEY))


def _given(known: Mapping[tuple[str, str], str], kind: str) -> dict[str, str]:
    return {name: given for (of_kind, name), given in known.items() if of_kind == kind}


def _pseudonym(key: pd.DataFrame, kind: str) -> dict[str, str]:
    of_kind = key[key["kind"] == kind]
    return {"": "", **dict(zip(of_kind["name"], of_kind["pseudonym"], strict=True))}


def interview_tables(
    projects: list[tuple[str, Project]],
    key: pd.DataFrame,
    reports: dict[str, dict[str, Any]],
    declared: Declared,
) -> dict[str, pd.DataFrame]:
    """Join the projects of the strands: documents, codes, codings, turns, respondents, attributes.

    `key` is what `key_of` gives, `declared` who has read what by study.yml. What was noticed of names goes into
    `reports`.
    """
    who, by, titles = (_pseudonym(key, kind) for kind in ("respondent", "coder", "document"))
    parts: dict[str, list[pd.DataFrame]] = {}
    codes = _Codes()
    for number, (strand, project) in enumerate(projects, start=1):
        before = f"{strand}-{number}/" if len(projects) > 1 else ""
        read = with_readers(project, declared, by)[["readers", "readers_known"]]
        told = len(project.report.get("warnings", []))
        project = without_names(project, who, by, titles)
        if lines := project.report["warnings"][told:]:
            reports.setdefault("names", {"program": "names", "warnings": []})["warnings"] += [
                f"{strand}: {line}" for line in lines
            ]
        document_of = {one: _one_of_many(one, before) for one in project.documents["document"]}
        code_of = codes.add(project.codes, before)
        coder_of = {"": "", **{coder: by[name] for coder, name in coder_names(project).items()}}
        respondents = [who[str(name)] for name in project.documents[RESPONDENT]]
        documents = project.documents.assign(
            strand=strand,
            respondent=respondents,
            document=project.documents["document"].map(document_of),
            readers=read["readers"].to_numpy(),
            readers_known=read["readers_known"].to_numpy(),
        )
        codings = project.codings.assign(
            coding=[_one_of_many(str(one), before) for one in project.codings["coding"]],
            document=project.codings["document"].map(document_of),
            code=project.codings["code"].map(code_of),
            coder=[coder_of[str(coder)] for coder in project.codings["coder"]],
        )
        named = [*filter(None, respondents), *(who[str(name)] for name in project.respondents[RESPONDENT])]
        for name, table in {
            "documents": documents,
            "codings": codings,
            "turns": project.turns.assign(document=project.turns["document"].map(document_of)),
            "respondents": pd.DataFrame({RESPONDENT: named, "strand": strand}),
            "attributes": _attributes(project.respondents, who),
        }.items():
            parts.setdefault(name, []).append(table)
    made = {name: pd.concat(tables, ignore_index=True) for name, tables in parts.items()}
    people = {name: made[name].drop_duplicates(ignore_index=True) for name in ("respondents", "attributes")}
    return {**made, **people, "codes": codes.table()}


def _one_of_many(key: str, before: str) -> str:
    """Return a key that no other file has: a GUID is one by itself."""
    return key if GUID.fullmatch(key) else f"{before}{key}"


class _Codes:
    """The codes of several files as one tree: those of the same GUID or path are the same code."""

    def __init__(self) -> None:
        self.by_path: dict[str, str] = {}
        self.rows: dict[str, dict[str, Any]] = {}

    def add(self, codes: pd.DataFrame, before: str) -> dict[str, str]:
        """Take codes in and return the key that each has in the tree. Parents stand before children."""
        keys: dict[str, str] = {"": ""}
        for row in codes.to_dict("records"):
            code, path = str(row["code"]), str(row["path"])
            if code in self.rows and GUID.fullmatch(code):
                keys[code] = code
            else:
                keys[code] = self.by_path.get(path, _one_of_many(code, before))
            if keys[code] not in self.rows:
                named = {str(column): value for column, value in row.items()}
                self.rows[keys[code]] = {**named, "code": keys[code], "parent": keys[str(row["parent"])]}
                self.by_path.setdefault(path, keys[code])
        return keys

    def table(self) -> pd.DataFrame:
        return pd.DataFrame(list(self.rows.values())) if self.rows else pd.DataFrame(columns=list(CODES))


Answered = list[tuple[str, str, "Answers"]]  # strand, file, answers


def answer_tables(answers: Answered, key: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Join the answers of the strands into tidy tables; `key` as `key_of` gives it."""
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
