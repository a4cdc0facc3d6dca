"""Read and write the text files of a study: whole or not at all, and what is wrong with one in one line."""

from __future__ import annotations

import os
from pathlib import Path

from koppelkans.errors import KoppelkansError, why_unreadable


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either there whole or not at all; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_text(path: Path, shown_as: str = "") -> str:
    """Read a text file, with any line ends. `shown_as` is how errors name the file.

    Raises KoppelkansError, one line, for a file that is missing, cannot be read or is not UTF-8.
    """
    name = shown_as or str(path)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KoppelkansError(f"{name}: {why_unreadable(error)}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise KoppelkansError(f"{name}, line {line}: found bytes that are not UTF-8 text; save it as UTF-8") from None
