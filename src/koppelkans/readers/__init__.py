"""Readers: files to tables. Nothing else in the package opens a raw file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koppelkans.readers.project import Project

__all__ = ["read_project"]


def read_project(path: str | Path) -> Project:
    """Read a coded project, whatever program it came from, into the tables of a `Project`.

    What the file is, its content tells: REFI-QDA (.qdpx, .qde, .qdc) or ATLAS.ti (.atlproj).
    Raises KoppelkansError, one line, for a file that is missing, damaged, or none of these.
    """
    from koppelkans.readers.kinds import kind_of

    path = Path(path)
    kind = kind_of(path)
    if kind == "refi-qda":
        from koppelkans.readers.refi_qda.reading import read_refi_qda

        return read_refi_qda(path)
    from koppelkans.readers.atlas import read_atlas

    return read_atlas(path)
