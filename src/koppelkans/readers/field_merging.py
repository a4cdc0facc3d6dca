"""Which files of field data are of two coders of the same documents, and their merging."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.readers.project import Project

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
Files = list[tuple[str, str, Project]]
"""Strand, coder or file, project."""


def groups(files: Files) -> Iterator[tuple[str, dict[str, Project]]]:
    """Yield the projects of a strand that hold the same documents, by GUID or name: those of two coders.

    Raises InvalidTable where files of the same coder do.
    """
    waiting = list(files)
    while waiting:
        strand, name, project = waiting.pop(0)
        group, held = {name: project}, _documents_of(project)
        while alike := [file for file in waiting if file[0] == strand and _documents_of(file[2]) & held]:
            for other in alike:
                waiting.remove(other)
                if other[1] in group:
                    shared = len(_documents_of(other[2]) & _documents_of(group[other[1]]))
                    raise InvalidTable([_SAME_CODER.format(strand=strand, documents=shared or "some")])
                group[other[1]] = other[2]
                held |= _documents_of(other[2])
        yield strand, group


_SAME_CODER = (
    "study.yml, field_data, {strand}: two files of the same coder hold the same documents ({documents} names); "
    "expected one file of a coder for a document; leave the older one out, or name the other coder"
)


def _documents_of(project: Project) -> set[str]:
    names = {" ".join(str(name).split()).casefold() for name in project.documents["name"]}
    return names | {str(key) for key in project.documents["document"] if GUID.fullmatch(str(key))}


def merged(strand: str, group: dict[str, Project], reports: dict[str, dict[str, Any]]) -> list[Project]:
    """Merge the projects of two or more coders and note in the reports what matched.

    Files whose documents have the same names and other texts are not of two coders; they stay apart, with a note.
    """
    if len(group) == 1:
        return list(group.values())
    from koppelkans.readers.coders import merge_coders

    title = f"{strand}: {' and '.join(group)}"
    try:
        made, report = merge_coders(_by_coder(group))
    except KoppelkansError:
        guids = [key for project in group.values() for key in project.documents["document"] if GUID.fullmatch(str(key))]
        if len(guids) > len(set(guids)):
            raise
        line = "documents have the same name and another text, so they are taken as other documents, not of two coders"
        reports[title] = {"program": "two files", "warnings": [line]}
        return list(group.values())
    people = [name for project in group.values() for name in set(coder_names(project).values())]
    if len(set(people)) < len(people):
        report["warnings"].append("one person coded in several of these files, and counts as another coder in each")
    reports[title] = report
    return [made]


def _by_coder(group: dict[str, Project]) -> dict[str, Project]:
    """Return the projects by who coded them, so that a coder is the same in every strand; else by their file."""
    named = [list(coder_names(project).values()) for project in group.values()]
    if all(len(names) == 1 for names in named) and len({names[0] for names in named}) == len(group):
        return {names[0]: project for names, project in zip(named, group.values(), strict=True)}
    return group


def coder_names(project: Project) -> dict[str, str]:
    """Return coder key -> name, or the key itself where the file names nobody."""
    named = {str(key): str(name or key) for key, name in project.coders[["coder", "name"]].itertuples(index=False)}
    return named | {key: key for key in project.codings["coder"].unique() if key and key not in named}
