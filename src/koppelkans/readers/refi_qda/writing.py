"""Write a Project as REFI-QDA: a project (.qdpx) or a codebook (.qdc), the same bytes each time.

Offsets are written as code points with the end exclusive, and the words of each selection as its name, so that any
program can see which convention it is. Text files are UTF-8 with line ends \\n and without byte order mark.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
from lxml import etree

import koppelkans
from koppelkans.errors import KoppelkansError
from koppelkans.readers.archive import open_archive
from koppelkans.readers.line_ends import printable
from koppelkans.readers.project import Project
from koppelkans.readers.refi_qda.cases_out import cases, variables
from koppelkans.readers.refi_qda.files_out import files_along, without_text_of_files
from koppelkans.readers.refi_qda.sources_out import (
    NAMESPACE,
    Selected,
    element,
    guid,
    put_back,
    source_element,
)
from koppelkans.readers.refi_qda.xml_stream import local_name
from koppelkans.study import write_atomically

CODEBOOK = "urn:QDA-XML:codebook:1.0"
ORIGIN = f"Koppelkans {koppelkans.__version__}"
_LONGEST_AGO = (1980, 1, 1, 0, 0, 0)  # the time that a zip gives a file that has none


def write_project(project: Project, path: Path) -> None:
    """Write a project to a .qdpx or its codes to a .qdc; the file is there whole or not at all.

    What `project.kept` holds (notes, sets, links, graphs, comments, uncoded selections, files of sources) is written
    along; a file of a source only where the text in `project` is still the text that was read.
    Raises KoppelkansError for another ending, and for a codebook without codes.
    """
    ending = path.suffix.lower()
    if ending not in (".qdpx", ".qdc"):
        raise KoppelkansError(f"{path}: found the ending {ending!r}, expected .qdpx (a project) or .qdc (a codebook)")
    if ending == ".qdc":
        if project.codes.empty:
            raise KoppelkansError(f"{path}: there are no codes to write; a codebook needs at least one")
        write_atomically(path, _codebook(project.codes, project.kept))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_into(archive, project, path.stem)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    return table.itertuples(index=False)


def _store(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _LONGEST_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)


def _as_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_into(archive: zipfile.ZipFile, project: Project, name: str) -> None:
    round_trip = project.kept
    files = files_along(project)
    project = without_text_of_files(project, files)
    project_attributes = {"name": name, **round_trip.get("project", {})}
    root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    for key, value in {**project_attributes, "origin": ORIGIN}.items():
        root.set(key, printable(value))
    coders = {key: round_trip.get("coders", {}).get(key) or guid(key, "coder") for key in project.coders["coder"]}
    parts = [
        _listed("Users", [element("User", guid=coders[c.coder], name=c.name) for c in _rows(project.coders)]),
        _code_book(project.codes, round_trip),
        _listed("Variables", variables(project)),
        _listed("Cases", cases(project)),
        _listed("Sources", _sources(project, coders, files)),
        *(_section(round_trip, section) for section in ("Notes", "Links", "Sets", "Graphs")),
        *(put_back(xml) for xml in round_trip.get("own", ())),
    ]
    root.extend([part for part in parts if part is not None])
    etree.cleanup_namespaces(root, top_nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _store(archive, "project.qde", _as_bytes(root))
    for document in _rows(project.documents):
        if document.has_text:
            text = document.text.encode("utf-8", "surrogatepass")
            _store(archive, f"sources/{guid(document.document, 'document')}.txt", text)
    if files:
        with open_archive(Path(round_trip["file"])) as old:
            for member in sorted({member for members in files.values() for member in members}):
                _store(archive, f"sources/{PurePosixPath(member).name}", old.read(member))


def _listed(name: str, members: list[etree._Element]) -> etree._Element | None:
    """Return a section with its members, or nothing where it has none, as the schema asks."""
    if not members:
        return None
    section = element(name)
    section.extend(members)
    return section


def _section(round_trip: dict[str, Any], name: str) -> etree._Element | None:
    section = put_back(round_trip["sections"][name]) if name in round_trip.get("sections", {}) else None
    return section if section is not None and len(section) else None


def _code_book(codes: pd.DataFrame, round_trip: dict[str, Any]) -> etree._Element | None:
    tree = _listed("Codes", _code_elements(codes, round_trip))
    return _listed("CodeBook", [tree]) if tree is not None else None


def _code_elements(codes: pd.DataFrame, round_trip: dict[str, Any]) -> list[etree._Element]:
    made: dict[str, etree._Element] = {}
    top = []
    for code in _rows(codes):
        more = round_trip.get("codes", {}).get(code.code, {})
        codable = "true" if code.is_codable else "false"
        entry = element(
            "Code", guid=guid(code.code, "code"), name=code.name, isCodable=codable, color=more.get("color")
        )
        if code.description:
            entry.append(element("Description", code.description))
        entry.extend([element("NoteRef", targetGUID=note) for note in more.get("notes", "").split()])
        made[code.code] = entry
        if code.parent in made:
            made[code.parent].append(entry)
        else:
            top.append(entry)
    return top


def _codebook(codes: pd.DataFrame, round_trip: dict[str, Any]) -> bytes:
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap={None: CODEBOOK}, origin=ORIGIN)  # type: ignore[dict-item]
    listed = etree.SubElement(root, f"{{{CODEBOOK}}}Codes")
    listed.extend(_code_elements(codes, round_trip))
    for inside in [*listed.iter()]:
        above = inside.getparent()
        if local_name(inside) == "NoteRef" and above is not None:  # a codebook has no notes
            above.remove(inside)
        inside.tag = f"{{{CODEBOOK}}}{local_name(inside)}"
    etree.cleanup_namespaces(root, top_nsmap={None: CODEBOOK})  # type: ignore[dict-item]
    return _as_bytes(root)


def _selections(project: Project, coders: dict[str, str]) -> dict[str, list[Selected]]:
    """Return the selections of each document; codings of one selection stand together, as they were read."""
    round_trip = project.kept
    whole = set(round_trip.get("whole", ()))
    selection_of, more = round_trip.get("selection_of", {}), round_trip.get("selections", {})
    selections: dict[str, list[Selected]] = {}
    last: dict[str, tuple[Any, Selected | None]] = {}
    for row in _rows(project.codings):
        if row.coding in whole:
            continue
        start, end = (None, None) if pd.isna(row.start) else (int(row.start), int(row.end))
        known = selection_of.get(row.coding, "")
        span = (known, start, end, row.place)
        coding = (guid(row.coding, "coding"), guid(row.code, "code"), coders.get(row.coder, ""))
        before, selected = last.get(row.document, (None, None))
        if selected is None or not known or before != span:
            selected = Selected(
                guid(known or row.coding, "selection") if known else guid(f"of {row.coding}", "selection"),
                start,
                end,
                row.place,
                row.text,
                more=more.get(known, {}),
            )
            selections.setdefault(row.document, []).append(selected)
            last[row.document] = (span, selected)
        selected.codings.append(coding)
    for entry in round_trip.get("uncoded", ()):
        own = more.get(entry["selection"], {})
        made = Selected(
            guid(entry["selection"], "selection"),
            entry["start"],
            entry["end"],
            entry["place"],
            entry["words"],
            more=own,
        )
        selections.setdefault(entry["document"], []).append(made)
    return selections


def _sources(project: Project, coders: dict[str, str], files: dict[str, list[str]]) -> list[etree._Element]:
    round_trip = project.kept
    selections = _selections(project, coders)
    whole_keys = set(round_trip.get("whole", ()))
    whole: dict[str, list[tuple[str, str, str]]] = {}
    for row in _rows(project.codings[project.codings["coding"].isin(whole_keys)]):
        entry = (guid(row.coding, "coding"), guid(row.code, "code"), coders.get(row.coder, ""))
        whole.setdefault(row.document, []).append(entry)
    old = round_trip.get("sources", {})
    parts = {key: entry["part_of"] for key, entry in old.items() if entry["part_of"]}
    rows: list[dict[Any, Any]] = project.documents.drop(columns="text").to_dict("records")
    paths = {
        row["document"]: f"internal://{guid(row['document'], 'document')}.txt" if row["has_text"] else ""
        for row in rows
    }
    transcripts = {key: (paths.get(key, ""), selections.get(key, [])) for key in parts}
    made = []
    for row in rows:
        key = row["document"]
        if key in parts:
            continue
        attribute = "richTextPath" if row["kind"] == "text" else "path"
        members = files.get(key)
        attributes = {attribute: f"internal://{PurePosixPath(members[0]).name}"} if members else {}
        made.append(
            source_element(
                row,
                selections.get(key, []),
                whole.get(key, []),
                old.get(key, {}).get("rest", ""),
                attributes,
                paths[key],
                transcripts,
            )
        )
    return made
