"""Which files of the project that was read go along into the one that is written."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from koppelkans.readers.project import Project


def files_along(project: Project) -> dict[str, list[str]]:
    """Return the files that go along, by document: those of the project that was read, where the text is the same."""
    kept = project.kept
    if not kept.get("files") or not Path(kept.get("file", "")).is_file():
        return {}
    same = {}
    for document, text in zip(project.documents["document"], project.documents["text"], strict=True):
        members = kept["files"].get(document)
        read = kept["texts"].get(document, hashlib.sha256(b"").hexdigest())
        if members and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == read:
            same[document] = members
    return same


def without_text_of_files(project: Project, files: dict[str, list[str]]) -> Project:
    """Leave out the text of PDFs that go along themselves: it was taken from them for reading."""
    documents = project.documents
    inside = documents["document"].isin([key for key in project.kept.get("readable", ()) if key in files])
    return replace(project, documents=documents.assign(has_text=documents["has_text"] & ~inside))
