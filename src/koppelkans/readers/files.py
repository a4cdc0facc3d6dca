"""Open files that come from elsewhere: whole, of the kind their name says, and harmless."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.readers.archive import refuse_twice
from koppelkans.readers.encodings import decoded
from koppelkans.readers.limits import hold
from koppelkans.readers.line_ends import note_on_controls, without_controls

if TYPE_CHECKING:
    from lxml import etree

_MOST_GROWTH = 250  # times that a part of 10 MB or more may grow when unpacked; Office files stay below 60
_FEWEST_PER_CONTROL = 20  # signs of a text for each control character in it
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MARK = b"PK\x03\x04"
_PDF_MARK = b"%PDF-"
_DECLARATIONS = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def read_bytes(path: Path, expected: str) -> bytes:
    """Return the content of a file; `expected` says what it should be ("a CSV or Excel table").

    Raises KoppelkansError, one line, for a file that is missing, unreadable, a folder or device, empty, or too large.
    """
    try:
        if path.exists() and not path.is_file():
            found = "a folder" if path.is_dir() else "something that is no file"
            raise KoppelkansError(f"{path}: found {found}, expected {expected}; give the file itself")
        hold("megabytes", path.stat().st_size / 1e6, str(path))
        content = path.read_bytes()
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    if not content.strip(b"\0\r\n\t "):
        raise KoppelkansError(f"{path}: the file is empty; expected {expected}")
    return content


def open_office_file(content: bytes, name: str, part: str, expected: str) -> zipfile.ZipFile:
    """Return the opened zip of a .xlsx or .docx; `part` is the part that every such file has.

    Raises KoppelkansError, one line, for a file with a password, of an older kind, cut off, damaged, of another kind,
    that unpacks to too much, or whose XML declares entities.
    """
    if content.startswith(_OLE_MARK):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise KoppelkansError(
                f"{name}: the file is locked with a password; open it, take the password off and save it again"
            )
        raise KoppelkansError(f"{name}: found an Office file of before 2007, expected {expected}; save it as such")
    if content.startswith(_PDF_MARK):
        raise KoppelkansError(f"{name}: found a PDF, expected {expected}; export it again as such")
    if not content.startswith(_ZIP_MARK):
        raise KoppelkansError(f"{name}: found no {expected} inside, whatever its name says; export or save it again")
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        _check_parts(package, name, part, expected)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise KoppelkansError(
            f"{name}: the file is damaged or cut off ({error or 'it ends too early'}); copy or save it again"
        ) from None
    return package


def _check_parts(package: zipfile.ZipFile, name: str, part: str, expected: str) -> None:
    parts = package.infolist()
    total = sum(entry.file_size for entry in parts)
    hold("files", len(parts), name)
    refuse_twice(parts, name)
    hold("megabytes", total / 1e6, name)
    if any(e.file_size > 10_000_000 and e.file_size > _MOST_GROWTH * max(e.compress_size, 1) for e in parts):
        raise KoppelkansError(
            f"{name}: unpacks to {total // 1_000_000:,} MB in {len(parts):,} parts, which no {expected} does; "
            "get the file again from whom you had it"
        )
    if part not in package.namelist():
        raise KoppelkansError(f"{name}: found a zip without {part}, expected {expected}; export or save it again")
    if any(entry.flag_bits & 1 for entry in parts):
        raise KoppelkansError(f"{name}: the file is locked with a password; take it off and save the file again")
    for entry in parts:
        if entry.filename.lower().endswith((".xml", ".rels")):
            refuse_declarations(package.read(entry), name)


def refuse_declarations(xml: bytes, name: str) -> None:
    """Raise KoppelkansError where XML has a document type or entities, which can blow up or read other files."""
    if any(mark in xml for mark in _DECLARATIONS):
        raise KoppelkansError(
            f"{name}: its XML declares a document type or entities, which may do harm and no program writes there; "
            "export the file again"
        )


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML file; nothing outside it is looked up.

    Raises KoppelkansError, one line, where it is not well-formed (with the line) or declares entities.
    """
    from lxml import etree

    refuse_declarations(content, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise KoppelkansError(
            f"{name}, line {error.lineno}: not whole XML ({error.msg}); it may be cut off, so export it again"
        ) from None
    if root is None:
        raise KoppelkansError(f"{name}: found no XML; export the file again")
    return root


def decode(content: bytes, name: str) -> tuple[str, str, list[str]]:
    r"""Return the text of a file, its encoding, and notes on it where it is not UTF-8 (see `encodings.decoded`).

    Line ends become \n, a byte order mark is taken off. Raises KoppelkansError, one line, where the file is no text.
    """
    for mark, kind in ((_ZIP_MARK, "a zip or Office file"), (_OLE_MARK, "an Office file"), (_PDF_MARK, "a PDF")):
        if content.startswith(mark):
            raise KoppelkansError(f"{name}: found {kind}, expected plain text; give it the ending that it should have")
    read = decoded(content)
    if read.is_broken:
        raise KoppelkansError(f"{name}: found bytes that are no {read.encoding}, nor UTF-8; save it as UTF-8")
    if "\0" in read.text:
        raise KoppelkansError(f"{name}: found bytes that are no text, expected plain text; export the file again")
    text, controls = without_controls(read.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if controls * _FEWEST_PER_CONTROL > len(text):
        raise KoppelkansError(f"{name}: found bytes that are no text, expected plain text; export the file again")
    return text, read.encoding, read.notes + note_on_controls(controls)
