"""What stands in the XML of a REFI-QDA project, gathered in one pass into columns; nothing is interpreted here."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from koppelkans.errors import KoppelkansError
from koppelkans.readers.refi_qda import places
from koppelkans.readers.refi_qda.xml_stream import elements, local_name, namespace

SOURCES = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
NO_OFFSET = -(2**62)
KNOWN = frozenset(
    "Project Users User CodeBook Codes Code Variables Variable VariableValue VariableRef TextValue BooleanValue "
    "IntegerValue FloatValue DateValue DateTimeValue Cases Case CodeRef SourceRef SelectionRef Sources TextSource "
    "PictureSource PDFSource AudioSource VideoSource Description PlainTextContent PlainTextSelection Coding NoteRef "
    "TextDescription PictureSelection PDFSelection Representation Transcript AudioSelection VideoSelection SyncPoint "
    "TranscriptSelection Notes Note Links Link Sets Set MemberCode MemberSource MemberNote Graphs Graph Vertex Edge".split()
)
_KEPT = ("Notes", "Links", "Sets", "Graphs")
_UNITS = [*SOURCES, "Users", "Codes", "Variables", "Cases", *_KEPT]
_SELECTIONS = [f"{kind}Selection" for kind in ("PlainText", "PDF", "Picture", "Audio", "Video", "Transcript")]


def guid_key(guid: str | None) -> str:
    """Return a GUID as a key: lower case, without braces or spaces around it."""
    return (guid or "").strip().strip("{}").strip().lower()


@dataclass
class Document:
    """A source: where its text is (inline or the path of a file in the project), and the rest of it as XML.

    A second transcript of a recording is a document of its own, `part_of` the recording (its GUID).
    """

    guid: str
    name: str
    kind: str
    text: str | None = None
    path: str = ""
    rest: str = ""
    files: list[str] = field(default_factory=list)
    part_of: str = ""


@dataclass
class Selections:
    """Codings (or, in `uncoded`, selections without code) as columns; start and end as stored, or NO_OFFSET."""

    coding: list[str] = field(default_factory=list)
    document: array[int] = field(default_factory=lambda: array("l"))
    code: list[str] = field(default_factory=list)
    user: list[str] = field(default_factory=list)
    start: array[int] = field(default_factory=lambda: array("q"))
    end: array[int] = field(default_factory=lambda: array("q"))
    place: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    selection: list[str] = field(default_factory=list)


@dataclass
class Contents:
    """All that one file holds."""

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    codes: list[tuple[str, str, str, str, bool, dict[str, str]]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    codings: Selections = field(default_factory=Selections)
    uncoded: Selections = field(default_factory=Selections)
    more: dict[str, dict[str, str]] = field(default_factory=dict)  # of a selection: name, description, notes
    variables: etree._Element | None = None
    cases: etree._Element | None = None
    values: dict[str, list[etree._Element]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    without_code: int = 0


def _offset(value: str | None) -> int:
    try:
        return int(value or "")
    except ValueError:
        return NO_OFFSET


def as_text(element: etree._Element) -> str:
    """Return an element as XML of its own, to be put back as it is."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(as_text(element))


def _bare(element: etree._Element, *children: str) -> etree._Element:
    """Copy an element without what leads to files, and with only these of its children."""
    bare = etree.Element(element.tag)
    for name, value in element.attrib.items():
        if "path" not in str(name).lower():
            bare.set(name, value)
    bare.extend([_copy(child) for child in element if local_name(child) in children])
    return bare


class _Gatherer:
    def __init__(self, found: Contents, ns: str) -> None:
        self.found = found
        self.ns = ns
        uri = ns.strip("{}")
        self._names = {"q": uri} if uri else None
        self._q = "q:" if uri else ""
        none_known = " or ".join(f"self::{self._q}{name}" for name in sorted(KNOWN))
        self._unknown = self._xpath(f".//*[not({none_known})]")
        self._commented = self._xpath(f"*[{self._q}Description[text()] or {self._q}NoteRef]")
        self._others = self._xpath(f"*[not({' or '.join(f'self::{self._q}{name}' for name in _SELECTIONS)})]")
        self._n_codings = self._xpath(f"count(.//{self._q}Coding)")
        self._sync: dict[str, tuple[int, str]] = {}

    def _xpath(self, path: str) -> etree.XPath:
        return etree.XPath(path, namespaces=self._names, smart_strings=False)

    def take(self, element: etree._Element) -> None:
        name = local_name(element)
        for stranger in self._unknown(element):
            self.found.unknown[local_name(stranger)] += 1
        if name in SOURCES:
            self._source(element, SOURCES[name])
        elif name == "Users":
            for user in element:
                self.found.users[guid_key(user.get("guid"))] = user.get("name") or user.get("id") or ""
        elif name == "Codes":
            self._codes(element)
        elif name in _KEPT:
            self.found.kept[name] = as_text(element)
            self.found.counts[name.lower()] += len(element)
        elif name == "Variables":
            self.found.variables = _copy(element)
            self.found.counts["variables"] += len(element)
        elif name == "Cases":
            self.found.cases = _copy(element)
            self.found.counts["cases"] += len(element)

    def _codes(self, codes: etree._Element) -> None:
        """Walk the tree from the top: parents before children, at any depth."""
        waiting: list[tuple[etree._Element, str]] = [(code, "") for code in reversed(codes)]
        while waiting:
            code, parent = waiting.pop()
            if local_name(code) != "Code":
                continue
            self.found.counts["codes"] += 1
            guid = guid_key(code.get("guid"))
            description, more = "", {"color": code.get("color") or ""}
            inner = []
            for child in code:
                kind = local_name(child)
                if kind == "Description":
                    description = child.text or ""
                elif kind == "NoteRef":
                    more["notes"] = f"{more.get('notes', '')} {guid_key(child.get('targetGUID'))}".strip()
                elif kind == "Code":
                    inner.append((child, guid))
            codable = (code.get("isCodable") or "true").strip().lower() not in ("false", "0")
            self.found.codes.append((guid, code.get("name") or "", parent, description, codable, more))
            waiting += reversed(inner)

    def _source(self, source: etree._Element, kind: str) -> None:
        self.found.counts["sources"] += 1
        self.found.counts["codings"] += int(self._n_codings(source))
        document = self._document(source, kind)
        number = len(self.found.documents) - 1
        rest = _bare(source)
        for child in self._others(source):
            inner = local_name(child)
            if inner in ("Representation", "TextDescription"):
                rest.append(_bare(child))
                self._texts(child, document, number)
                self._selections(child, number)
            elif inner == "Transcript":
                rest.append(_bare(child, "SyncPoint", "NoteRef", "Description"))
                self._transcript(child, document, number)
            elif inner == "Coding":
                self._whole(child, number)
            elif inner == "PlainTextContent":
                document.text = child.text or ""
            elif inner in KNOWN:
                rest.append(_copy(child))
                if inner == "VariableValue":
                    self.found.values.setdefault(document.guid, []).append(_copy(child))
        document.rest = as_text(rest)
        self._selections(source, number)

    def _document(self, source: etree._Element, kind: str) -> Document:
        document = Document(guid_key(source.get("guid")), source.get("name") or "", kind)
        document.path = source.get("plainTextPath") or ""
        document.files = [p for p in (source.get("richTextPath"), source.get("path"), source.get("currentPath")) if p]
        self.found.documents.append(document)
        return document

    def _texts(self, element: etree._Element, document: Document, number: int) -> None:
        document.path = element.get("plainTextPath") or ""
        for content in element.iterchildren(f"{self.ns}PlainTextContent"):
            document.text = content.text or ""
        for coding in element.iterchildren(f"{self.ns}Coding"):
            self._whole(coding, number)

    def _transcript(self, transcript: etree._Element, media: Document, number: int) -> None:
        """A first transcript is the text of its recording; each further one that is used is a document of its own."""
        document = media
        if media.path or media.text is not None:
            document = self._document(transcript, media.kind)
            document.part_of = media.guid
            number = len(self.found.documents) - 1
        document.files += [path] if (path := transcript.get("richTextPath")) else []
        self._texts(transcript, document, number)
        self._sync = {
            guid_key(point.get("guid")): (_offset(point.get("position")), point.get("timeStamp") or "")
            for point in transcript.iterchildren(f"{self.ns}SyncPoint")
        }
        self._selections(transcript, number)

    def _whole(self, coding: etree._Element, number: int) -> None:
        """Take a code that was given to a source as a whole."""
        into = self.found.codings
        if self._code(coding, None, into):
            self._add(into, number, NO_OFFSET, NO_OFFSET, "", "", "")

    def _code(self, coding: etree._Element, selection: etree._Element | None, into: Selections) -> bool:
        for reference in coding.iterchildren(f"{self.ns}CodeRef"):
            into.code.append(guid_key(reference.get("targetGUID")))
            into.coding.append(guid_key(coding.get("guid")))
            user = coding.get("creatingUser") or (selection.get("creatingUser") if selection is not None else None)
            into.user.append(guid_key(user))
            return True
        self.found.without_code += 1
        return False

    @staticmethod
    def _add(into: Selections, number: int, start: int, end: int, place: str, words: str, guid: str) -> None:
        into.document.append(number)
        into.start.append(start)
        into.end.append(end)
        into.place.append(place)
        into.words.append(words)
        into.selection.append(guid)

    def _selections(self, parent: etree._Element, number: int) -> None:
        for selection in self._commented(parent):
            self._comment(selection)
        more, codings, uncoded = self.found.more, self.found.codings, self.found.uncoded
        coding_tag, after_ns = f"{self.ns}Coding", len(self.ns)
        for selection in parent.iterchildren():
            kind = str(selection.tag)[after_ns:]
            if not kind.endswith("Selection"):
                continue
            get = selection.get
            guid, words, where = guid_key(get("guid")), get("name") or "", ""
            if kind == "PlainTextSelection":
                start, end = _offset(get("startPosition")), _offset(get("endPosition"))
            elif kind == "TranscriptSelection":
                start, end, where = self._between(get("fromSyncPoint"), get("toSyncPoint"))
            else:
                if words:
                    more.setdefault(guid, {})["name"] = words
                start = end = NO_OFFSET
                where, words = places.place(get), self._words_of_region(selection)
            if not words and more and guid in more:
                words = more[guid].get("description", "")
            coded = False
            for coding in selection.iterchildren(coding_tag):
                coded = True
                if self._code(coding, selection, codings):
                    self._add(codings, number, start, end, where, words, guid)
            if not coded:
                self._add(uncoded, number, start, end, where, words, guid)

    def _comment(self, selection: etree._Element) -> None:
        if not local_name(selection).endswith("Selection"):
            return
        more = self.found.more.setdefault(guid_key(selection.get("guid")), {})
        for child in selection:
            if local_name(child) == "Description" and child.text:
                more["description"] = child.text
            elif local_name(child) == "NoteRef":
                more["notes"] = f"{more.get('notes', '')} {guid_key(child.get('targetGUID'))}".strip()

    def _words_of_region(self, selection: etree._Element) -> str:
        for inside in selection.iterchildren(f"{self.ns}Representation"):
            for content in inside.iterchildren(f"{self.ns}PlainTextContent"):
                return content.text or ""
        return ""

    def _between(self, first: str | None, last: str | None) -> tuple[int, int, str]:
        start, begin = self._sync.get(guid_key(first), (NO_OFFSET, ""))
        end, until = self._sync.get(guid_key(last), (NO_OFFSET, ""))
        return start, end, places.place({"begin": begin or None, "end": until or None}.get)


def gather(stream: IO[bytes], size: int, file: str) -> Contents:
    """Read a project or codebook (.qde, .qdc) once. Raises KoppelkansError where it is broken or something else."""
    found = Contents()
    gatherer: _Gatherer | None = None
    last: etree._Element | None = None
    for element in _units(stream, size, file):
        if gatherer is None:
            gatherer = _Gatherer(found, namespace(element))
        if local_name(element) in _UNITS:
            gatherer.take(element)
        last = element
    if last is None or local_name(last) not in ("Project", "CodeBook"):
        what = "nothing" if last is None else f"<{local_name(last)}>"
        raise KoppelkansError(f"{file}: found {what}, expected <Project> or <CodeBook> of REFI-QDA")
    found.root = local_name(last)
    found.attributes = {str(name): value for name, value in last.attrib.items()}
    found.own = [as_text(child) for child in last if local_name(child) in ("Description", "NoteRef")]
    found.unknown.update(local_name(child) for child in last if local_name(child) not in KNOWN)
    return found


def _units(stream: IO[bytes], size: int, file: str) -> Iterator[etree._Element]:
    return elements(stream, size, _UNITS, file)
