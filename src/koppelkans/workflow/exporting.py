"""Give the coded interviews of a study back to programs for qualitative analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.readers.known_names import without
from koppelkans.readers.project import RESPONDENT, Project
from koppelkans.readers.project_tables import project_from_tables
from koppelkans.readers.refi_qda import write_project
from koppelkans.study import Study
from koppelkans.study.keys import key_path

_PROJECTS = (".qdpx", ".qde")
_HOLDS_WORDS = ("project", "own", "sections", "selections", "sources")
_OF_NAMES = ("cases", "respondents_of_documents", "files", "texts", "file")


def export(study: Study, to: Path) -> list[str]:
    """Write data/processed/<study> as a .qdpx or .qdc; return what was written, in lines for people.

    Where the study has one coded project in REFI-QDA (`field_data` of study.yml), what the tables do not hold (notes,
    sets, links, graphs, comments) comes from there, with pseudonyms for the names that are known. Files of sources stay
    behind: a Word file names its writer, a recording is a voice.
    Raises KoppelkansError where the tables are not there yet, for an ending that is not known, and for a target among
    the raw files.
    """
    if to.resolve().is_relative_to(study.root.resolve() / "data" / "raw"):
        raise KoppelkansError(f"{to}: stands among the raw files, which are never changed; name another with --to")
    if not (study.processed / "documents.csv").exists():
        raise KoppelkansError(
            f"{study.processed}: no documents.csv there; give the study coded interviews (field_data in study.yml) and "
            f"type make tables STUDY={study.name}"
        )
    project = project_from_tables(study.processed)
    if study.has("answers"):  # who only gave answers is no case of an interview
        people = project.respondents[RESPONDENT]
        answered = ~people.isin(project.documents[RESPONDENT]) & people.isin(study.table("answers")[RESPONDENT])
        project = replace(project, respondents=project.respondents[~answered])
    raw = [entry["file"] for entry in study.field_data if entry["file"].lower().endswith(_PROJECTS)]
    lines = []
    if len(raw) == 1:
        read = read_project(study.raw / raw[0])
        project = replace(project, kept=_kept(read, project, _known_names(study)))
        along = ", ".join(f"{count} {name}" for name, count in read.report["kept"].items())
        if to.suffix.lower() == ".qdpx":
            if along:
                lines.append(f"Taken along from {raw[0]}: {along}; look for names in them before you share it.")
            if files := len(read.kept["files"]):
                lines.append(f"Left behind: the files of {files} documents, which may name people; texts are there.")
    write_project(project, to)
    rows = (
        (len(project.documents), "documents"),
        (len(project.codes), "codes"),
        (len(project.codings), "codings"),
        (len(project.respondents), "respondents"),
    )
    wrote = rows if to.suffix.lower() == ".qdpx" else rows[1:2]
    return [", ".join(f"{count:,} {name}" for count, name in wrote), *lines]


def _known_names(study: Study) -> dict[str, str]:
    """Return the pseudonym of each name that the study knows, also as it stands in XML."""
    key = key_path(study)
    if key is None:
        return {}
    rows = read_csv_table(key)
    known = dict(zip(rows["name"], rows["pseudonym"], strict=True))
    return known | {escape(name, {'"': "&quot;"}): pseudonym for name, pseudonym in known.items()}


def _kept(read: Project, project: Project, people: Mapping[str, str]) -> dict[str, Any]:
    """Return what goes along of the raw project: without files and names, and without places in texts that changed."""
    kept = {name: value for name, value in read.kept.items() if name not in _OF_NAMES}
    kept |= {name: without(kept[name], people) for name in _HOLDS_WORDS if name in kept}
    before = dict(zip(read.documents["document"], read.documents["text"], strict=True))
    changed = {
        key
        for key, text in zip(project.documents["document"], project.documents["text"], strict=True)
        if before.get(key, text) != text
    }
    kept["uncoded"] = [one for one in kept.get("uncoded", ()) if one["document"] not in changed]
    return kept
