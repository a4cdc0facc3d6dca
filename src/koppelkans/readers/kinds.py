"""Tell what kind of coded project a file is, from its content; light, so that a wrong file is refused at once."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from koppelkans.errors import KoppelkansError, why_unreadable

Kind = Literal["refi-qda", "atlas"]

_FIRST_BYTES = 8192
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z]\w*)[\s>/]")
_HOW = (
    "expected a .qdpx, .qde or .qdc (REFI-QDA) or an .atlproj (ATLAS.ti); segments come as .csv or .xlsx, transcripts "
    "as .docx or .txt, answers as .csv, .xlsx or .sav"
)
_OF_A_PROGRAM = {
    (".nvp", ".nvpx"): "an NVivo project; in NVivo: Share, Export Project, REFI-QDA Project",
    (
        ".mx24",
        ".mx22",
        ".mx20",
        ".mx18",
        ".mex24",
        ".mex22",
    ): "a MAXQDA project; in MAXQDA: export it as a REFI-QDA project",
    (".hpr7", ".hpr6", ".atlcb"): "a file of an old ATLAS.ti; open it in a newer one and export REFI-QDA",
    (".qda",): "a QualCoder project; in QualCoder: Project, Export, REFI-QDA",
    (
        ".doc",
        ".odt",
        ".rtf",
        ".pdf",
    ): "no transcript that can be read; open it in Word or LibreOffice, save it as .docx",
    (".xls", ".ods"): "no table that can be read; save it as .xlsx",
}


def kind_of(path: Path) -> Kind:
    """Return which reader reads the file. Raises KoppelkansError, one line, where none does."""
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise KoppelkansError(f"{path}: found something that is no file; {_HOW}")
        with path.open("rb") as opened:
            first = opened.read(_FIRST_BYTES)
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    if not first.strip(b"\0 \r\n\t"):
        raise KoppelkansError(f"{path}: the file is empty; {_HOW}")
    _refuse_endings(path, (".odt", ".ods"))
    if first.startswith(b"PK"):
        return _kind_of_zip(path)
    text = _decoded(first).lstrip("\ufeff \r\n\t")
    if text.startswith("<"):
        root = _ELEMENT.search(text)
        if root is None or root.group(1) in ("Project", "CodeBook"):
            return "refi-qda"
        raise KoppelkansError(f"{path}: found XML with <{root.group(1)}>, {_HOW}")
    _refuse_endings(path, (path.suffix.lower(),))
    raise KoppelkansError(f"{path}: found something else, {_HOW}")


def _refuse_endings(path: Path, endings: tuple[str, ...]) -> None:
    """Say what a file of another program is, where its ending is one of these."""
    ending = path.suffix.lower()
    for known, what in _OF_A_PROGRAM.items():
        if ending in known and ending in endings:
            raise KoppelkansError(f"{path}: this is {what}")


def _decoded(first: bytes) -> str:
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return first.decode("utf-16", "ignore")
    return first.decode("utf-8", "ignore")


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as zipped:
            names = [name.lower() for name in zipped.namelist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError):
        raise KoppelkansError(f"{path}: the file is cut off or damaged; copy or export it again") from None
    if any(name.endswith((".qde", ".qdc")) for name in names):
        return "refi-qda"
    if any(name.endswith(".aprx") for name in names):
        return "atlas"
    raise KoppelkansError(f"{path}: found a zip without a coded project in it, {_HOW}")
