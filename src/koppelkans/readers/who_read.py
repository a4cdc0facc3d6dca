"""Who has read which document: what study.yml declares, else what follows from whose project holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from koppelkans.errors import InvalidTable
from koppelkans.readers.field_merging import coder_names
from koppelkans.readers.grids import nearest
from koppelkans.readers.project import Project

Declared = Mapping[str, list[str] | str]
"""Name of a coder -> names of documents, or "all" that the coder's project holds."""
DECLARED, ASSUMED = "declared", "assumed"
SIGN = "; "


def _plain(name: object) -> str:
    return " ".join(str(name).split()).casefold()


def check_declared(projects: Iterable[Project], declared: Declared) -> None:
    """Raise InvalidTable where study.yml names a coder or a document that no file has."""
    projects = list(projects)
    coders = {_plain(name): name for project in projects for name in coder_names(project).values()}
    documents = {_plain(name): str(name) for project in projects for name in project.documents["name"]}
    problems = []
    for coder, read in declared.items():
        if _plain(coder) not in coders:
            problems.append(f"study.yml, readers: found no coder {coder!r} in the field data; "
                            f"{nearest(coder, coders.values())}")  # fmt: skip
        for name in read if isinstance(read, list) else ():
            if _plain(name) not in documents:
                problems.append(f"study.yml, readers, {coder}: found no document {str(name)!r} in the field data; "
                                f"{nearest(str(name), documents.values())}")  # fmt: skip
    if problems:
        raise InvalidTable(problems)


def with_readers(project: Project, declared: Declared, pseudonym: Mapping[str, str]) -> pd.DataFrame:
    """Return the documents of a project with readers (pseudonyms of coders) and readers_known.

    `pseudonym`: name of a coder -> what the tables call that coder. A coder that `declared` names has read what stands
    there and nothing else; all others what their project holds. A document of which all coders are declared is
    declared, and so is one of a file that says who rated what; another one is assumed.
    """
    names = {key: name for key, name in coder_names(project).items() if key}
    by_coder = {_plain(coder): read for coder, read in declared.items()}
    held = project.held
    is_told = held is not None and "told" in held  # the file itself says who rated what
    held_by = held.groupby("document")["coder"].agg(set).to_dict() if held is not None else {}
    readers, known = [], []
    for document, title in project.documents[["document", "name"]].itertuples(index=False):
        having = held_by.get(document, set(names) if held is None else set())
        read, told = [], []
        for key, name in names.items():
            listed = by_coder.get(_plain(name))
            told.append(listed is not None)
            if key in having if listed is None or listed == "all" else _plain(title) in map(_plain, listed):
                read.append(pseudonym[name])
        readers.append(SIGN.join(sorted(set(read))))
        known.append(DECLARED if is_told or (told and all(told)) else ASSUMED)
    return project.documents.assign(readers=readers, readers_known=known)
