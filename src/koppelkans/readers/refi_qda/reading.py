"""Read a REFI-QDA project or codebook into the tables of a Project."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.readers.archive import Archive, open_archive
from koppelkans.readers.encodings import decoded
from koppelkans.readers.limits import hold
from koppelkans.readers.line_ends import note_on_controls, printable, without_controls
from koppelkans.readers.media import IN_WORDS, kind_of_content, readable_text
from koppelkans.readers.project import KINDS, Project
from koppelkans.readers.refi_qda.assembling import assemble
from koppelkans.readers.refi_qda.contents import Contents, Document, as_text
from koppelkans.readers.refi_qda.elements import gather
from koppelkans.readers.refi_qda.offsets import Text
from koppelkans.readers.refi_qda.xml_stream import local_name, namespace, refuse_entities, shown

Find = Callable[[str], bytes | None]
_OUTSIDE = ("relative:", "absolute:", "file:", "http:", "https:")


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause it: a hundred thousand rows hold no cycles, and looking for them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_refi_qda(path: Path) -> Project:
    """Read a .qdpx, .qde or .qdc.

    Raises KoppelkansError, one line, where the file is missing, cut off, locked, hostile or something else.
    """
    try:
        with path.open("rb") as opened:
            zipped = opened.read(2) == b"PK"
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    with _no_garbage_collection():
        return _read(path, zipped)


def _read(path: Path, zipped: bool) -> Project:
    if zipped:
        with open_archive(path) as archive:
            return _read_archive(path, archive)
    size = path.stat().st_size
    hold("megabytes", size / 1e6, str(path))
    with path.open("rb") as stream:
        refuse_entities(stream, str(path))
        stream.seek(0)
        contents = gather(stream, size, str(path))
    return _project(path, contents, _Beside(path).read, {})


def _read_archive(path: Path, archive: Archive) -> Project:
    """Find the XML, whatever it is called (project.qde, Project.qde, <name>.qde), and read it."""
    inside = sorted((n for n in archive.names if n.lower().endswith((".qde", ".qdc"))), key=lambda n: (n.count("/"), n))
    named = [n for n in inside if n.lower().rpartition("/")[2] == "project.qde"]
    if not inside:
        raise KoppelkansError(f"{path}: no .qde in it, so this is no REFI-QDA project; export it again as REFI-QDA")
    member = (named or inside)[0]
    file = shown(path, member)
    with archive.stream(member) as stream:
        refuse_entities(stream, file)
    with archive.stream(member) as stream:
        contents = gather(stream, archive.size(member), file)

    def find(name: str) -> bytes | None:
        there = archive.find(f"sources/{name}")
        return archive.read(there) if there else None

    files = {}
    for document in contents.documents:
        there = [archive.find(f"sources/{name}") for written in document.files if (name := _inside(written))]
        if members := [name for name in there if name]:
            files[document.guid] = members
    return _project(path, contents, find, files)


@dataclass
class _Beside:
    """The sources of a project that was unpacked, in the folder `sources` beside its .qde and nowhere else."""

    project: Path
    taken: int = 0  # bytes

    def read(self, name: str) -> bytes | None:
        """Return a source, None where it is not there. Raises KoppelkansError where all of them are too much."""
        for folder in ("sources", "Sources"):
            there = self.project.parent / folder / name
            try:
                if there.is_file() and there.resolve().is_relative_to((self.project.parent / folder).resolve()):
                    self.taken += there.stat().st_size
                    hold("megabytes", self.taken / 1e6, str(there))
                    return there.read_bytes()
            except ValueError:  # a name that no file can have
                return None
            except OSError as error:
                raise KoppelkansError(f"{there}: {why_unreadable(error)}") from None
        return None


def _inside(written: str) -> str:
    """Return the name that a path has inside the project; "" where it leads outside it (that is never read)."""
    written = written.strip().replace("\\", "/")
    if written.lower().startswith("internal:"):
        written = written[len("internal:") :].lstrip("/")
    elif written.lower().startswith(_OUTSIDE) or written.startswith("/") or written[1:2] == ":":
        return ""
    parts = [part for part in written.split("/") if part not in ("", ".")]
    return "" if not parts or ".." in parts else parts[-1]


def _text_of(content: bytes, name: str, warnings: list[str]) -> str:
    """Return a text with its byte order mark, and warn where it is in no Unicode encoding."""
    read = decoded(content)
    text, controls = without_controls(read.text)
    notes = note_on_controls(controls) + ([] if read.encoding.startswith("UTF-16") else read.notes)
    if read.is_broken:
        notes.append(f"found bytes that mean nothing in {read.encoding}; they stand in the text as \ufffd")
    warnings += [f"{name}: {note}" for note in notes]
    return text


@dataclass
class _Texts:
    """The texts of a project by number of the document, and what the report says of those that are not there.

    `readable`: texts of PDFs, in which no offset counts.
    """

    texts: dict[int, Text] = field(default_factory=dict)
    readable: dict[int, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take(self, number: int, document: Document, find: Find) -> None:
        """Take the text of a document, wherever it stands: in the XML, in a file of text, in a PDF."""
        if document.text is not None and kind_of_content(document.text[:1024].encode("utf-8", "replace")) == "text":
            self.texts[number] = Text(document.text)
            return
        written = [document.path] if document.path else []
        if document.text is not None:
            self._is_not_text(document, document.text.encode("utf-8", "replace"), "what stands there as its text")
        for path in written:
            name = _inside(path)
            content = find(name) if name else None
            if content is None:
                self.absent.append(f"{document.guid}: {name or 'a file outside the project'}")
            elif kind_of_content(content) != "text":
                self._is_not_text(document, content, name)
            else:
                self.texts[number] = Text(_text_of(content, name, self.warnings))
                return
        if document.text is None and not written and document.kind == "text":
            self.absent.append(f"{document.guid}: the file names no text")
        self._of_pdf(number, document, find)

    def _is_not_text(self, document: Document, content: bytes, name: str) -> None:
        """Say what a file is that was to be a text, and take its kind, so that no byte of it counts as a letter."""
        kind = kind_of_content(content)
        self.absent.append(f"{document.guid}: {name} is {IN_WORDS[kind]}, not a text")
        if document.kind == "text" and kind in KINDS:
            document.kind = kind

    def _of_pdf(self, number: int, document: Document, find: Find) -> None:
        """Take the text of a PDF for reading, where the PDF is in the project and can be read."""
        if document.kind != "pdf" or document.part_of:
            return
        for path in [document.path, *document.files]:
            name = _inside(path)
            content = find(name) if name else None
            if content and kind_of_content(content) == "pdf":
                text, why = readable_text(content, name)
                if text is None:
                    self.absent.append(f"{document.guid}: {why}")
                else:
                    self.readable[number] = text
                return


def _notes_inline(contents: Contents, find: Find, warnings: list[str]) -> None:
    """Take the text of notes that stands in files of their own into the notes, so that it comes along."""
    if "lainTextPath" not in contents.sections.get("Notes", ""):
        return
    notes = etree.fromstring(contents.sections["Notes"])
    for note in notes:
        name = _inside(str(note.attrib.pop("plainTextPath", "")))
        note.attrib.pop("richTextPath", "")
        content = find(name) if name else None
        if content is not None and not any(local_name(child) == "PlainTextContent" for child in note):
            text = etree.Element(f"{namespace(note)}PlainTextContent")
            text.text = printable(Text(_text_of(content, name, warnings)).tidy)
            has_description = len(note) > 0 and local_name(note[0]) == "Description"
            note.insert(1 if has_description else 0, text)
    contents.sections["Notes"] = as_text(notes)


def _project(path: Path, contents: Contents, find: Find, files: dict[str, list[str]]) -> Project:
    taken = _Texts()
    for number, document in enumerate(contents.documents):
        taken.take(number, document, find)
    _notes_inline(contents, find, taken.warnings)
    project = assemble(contents, taken.texts, path, files, readable=taken.readable)
    project.report["absent"] = taken.absent
    project.report["warnings"][:0] = taken.warnings
    return project
