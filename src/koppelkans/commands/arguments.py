"""What several commands take and print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_STUDY = "smitsveen"
StudyName = Annotated[str, typer.Argument(help="Name of a folder under data/raw.", metavar="STUDY")]


def shown(path: Path) -> str:
    """Return a path as seen from where the user stands."""
    return os.path.relpath(path)
