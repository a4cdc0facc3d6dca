"""What several commands take and print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from koppelkans.errors import KoppelkansError
from koppelkans.study import open_study

DEFAULT_STUDY = "smitsveen"


def _named(study: str | None) -> str | None:
    """Refuse an empty name, which would mean all studies further on. Raises KoppelkansError."""
    return open_study(study).name if study == "" else study


StudyName = Annotated[str, typer.Argument(help="Name of a folder under data/raw.", metavar="STUDY", callback=_named)]
AllOrOne = Annotated[str | None, typer.Argument(metavar="[STUDY]", help="All studies if left out.", callback=_named)]


def shown(path: Path) -> str:
    """Return a path as seen from where the user stands."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive of Windows
        return str(path)


def not_among_raw(to: Path) -> None:
    """Refuse a target among the files that came in of a study: they are never changed."""
    target = Path(os.path.realpath(to))
    if any((folder.name, folder.parent.name) == ("raw", "data") for folder in target.parents):
        raise KoppelkansError(f"{to}: stands among the raw files, which are never changed; name another with --to")
