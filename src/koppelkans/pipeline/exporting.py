"""Give the coded interviews of a study back to programs for qualitative analysis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.project_tables import project_from_tables
from koppelkans.readers.refi_qda import write_project
from koppelkans.study import Study

_PROJECTS = (".qdpx", ".qde")


def export(study: Study, to: Path) -> list[str]:
    """Write data/processed/<study> as a .qdpx or .qdc; return what was written, in lines for people.

    Where the study has one coded project in REFI-QDA (`field_data` of study.yml), what the tables do not hold (notes,
    sets, links, graphs, comments) comes from there.
    Raises KoppelkansError where the tables are not there yet, and for an ending that is not known.
    """
    if not (study.processed / "documents.csv").exists():
        raise KoppelkansError(
            f"{study.processed}: no documents.csv there; give the study coded interviews (field_data in study.yml) and "
            f"type make tables STUDY={study.name}"
        )
    project = project_from_tables(study.processed)
    entries = study.settings.get("field_data") or []
    files = [str(entry["file"]) for entry in entries if isinstance(entry, dict) and "file" in entry]
    raw = [file for file in files if file.lower().endswith(_PROJECTS)]
    lines = []
    if len(raw) == 1:
        read = read_project(study.raw / raw[0])
        project = replace(project, kept=read.kept)
        along = ", ".join(f"{count} {name}" for name, count in read.report["kept"].items())
        if along and to.suffix.lower() == ".qdpx":
            lines.append(f"Taken along from {raw[0]} as they are: {along}; look for names in them before you share it.")
    write_project(project, to)
    rows = ((len(project.documents), "documents"), (len(project.codes), "codes"), (len(project.codings), "codings"))
    wrote = rows if to.suffix.lower() == ".qdpx" else rows[1:2]
    return [", ".join(f"{count:,} {name}" for count, name in wrote), *lines]
