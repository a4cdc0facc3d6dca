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
    "as .docx, .txt, .vtt or .srt, answers as .csv, .xlsx or .sav"
)
_REFI_IN_MAXQDA = "export the project from MAXQDA 2020 or newer as a REFI-QDA project"
_OF_A_PROGRAM = {  # pattern of the ending -> what such a file is, and what to do
    r"nvp": "an NVivo project of Windows; in NVivo 12 or newer: Share, Export Project, REFI-QDA Project",
    r"nvpx": "an NVivo project of the Mac; in NVivo 12 or newer: File, Export Project, as REFI-QDA",
    r"mx(18|2\d)": f"a MAXQDA project; {_REFI_IN_MAXQDA}",
    r"m(x\d+|2k|xd)": "a project of an old MAXQDA or winMAX; open it in a MAXQDA that still can (which one does, its "
    f"makers know: www.maxqda.com), and {_REFI_IN_MAXQDA}",
    r"mex\d*": "an exchange file of MAXQDA, with documents and codings for another MAXQDA project; import it into a "
    f"project there and {_REFI_IN_MAXQDA}",
    r"mtr": f"a code system saved by MAXQDA, without texts or codings; {_REFI_IN_MAXQDA}",
    r"loa|sea": f"a selection or a search saved by MAXQDA, without texts or codings; {_REFI_IN_MAXQDA}",
    r"hpr\d|atlcb|acb": "a project of ATLAS.ti 7 or older; bring it into a newer ATLAS.ti (which one still takes it, "
    "its makers know: atlasti.com), and export it there as a QDPX project bundle",
    r"qda": "a QualCoder project; in QualCoder: Project, Export, REFI-QDA",
    r"pdf": "a PDF, of which no transcript is read; open it in Word or LibreOffice and save it as .docx (a scan first "
    "needs recognition of its letters, OCR)",
    r"doc|odt|rtf": "no transcript that can be read; open it in Word or LibreOffice, save it as .docx",
    r"xls|ods": "no table that can be read; save it as .xlsx",
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
    if first.startswith(b"PK"):
        return _kind_of_zip(path)
    text = _decoded(first).lstrip("\ufeff \r\n\t")
    if text.startswith("<"):
        root = _ELEMENT.search(text)
        if root is None or root.group(1) in ("Project", "CodeBook"):
            return "refi-qda"
        raise _refusal(path, f"found XML with <{root.group(1)}>, {_HOW}")
    raise _refusal(path, f"found something else, {_HOW}")


def _refusal(path: Path, otherwise: str) -> KoppelkansError:
    """Return the error that says what a file of another program is, by its ending; for others what is wrong."""
    ending = path.suffix.lower().removeprefix(".")
    for pattern, what in _OF_A_PROGRAM.items():
        if re.fullmatch(pattern, ending):
            return KoppelkansError(f"{path}: this is {what}")
    return KoppelkansError(f"{path}: {otherwise}")


def _decoded(first: bytes) -> str:
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return first.decode("utf-16", "ignore")
    return first.decode("utf-8", "ignore")


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as zipped:
            names = [name.lower() for name in zipped.namelist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError):
        raise _refusal(path, "the file is cut off or damaged; copy or export it again") from None
    if any(name.endswith((".qde", ".qdc")) for name in names):
        return "refi-qda"
    if any(name.endswith(".aprx") for name in names):
        return "atlas"
    raise _refusal(path, f"found a zip without a coded project in it, {_HOW}")
