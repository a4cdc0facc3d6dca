"""What stands in the XML of a REFI-QDA project, gathered in one pass into columns; nothing is interpreted here."""

from __future__ import annotations

from typing import IO

from lxml import etree

from koppelkans.errors import KoppelkansError
from koppelkans.readers.refi_qda import places
from koppelkans.readers.refi_qda.contents import (
    NO_GUID,
    Contents,
    Document,
    Row,
    Selections,
    Where,
    as_text,
    bare,
    copy_of,
    guid_key,
)
from koppelkans.readers.refi_qda.strays import code_of, gather_strays, holds_strays, text_in
from koppelkans.readers.refi_qda.xml_stream import elements, local_name, namespace

SOURCES = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
KNOWN = frozenset(
    """
    Project Users User CodeBook Codes Code Variables Variable VariableValue VariableRef TextValue BooleanValue
    IntegerValue FloatValue DateValue DateTimeValue Cases Case CodeRef SourceRef SelectionRef Sources TextSource
    PictureSource PDFSource AudioSource VideoSource Description PlainTextContent PlainTextSelection Coding NoteRef
    TextDescription PictureSelection PDFSelection Representation Transcript AudioSelection VideoSelection SyncPoint
    TranscriptSelection Notes Note Links Link Sets Set MemberCode MemberSource MemberNote Graphs Graph Vertex Edge
    """.split()  # noqa: SIM905
)
_KEPT = ("Notes", "Links", "Sets", "Graphs")
_TEXT_SELECTION = "PlainTextSelection"
_OTHER_SELECTIONS = [f"{kind}Selection" for kind in ("PDF", "Picture", "Audio", "Video", "Transcript")]
_OTHER_PARTS = ("Description", "PlainTextContent", "Representation", "TextDescription", "NoteRef", "VariableValue")
_WORDS_OF_A_LABEL = 2  # "Quotation 12" names a region, three words or more are what it holds
_UNITS = [*SOURCES, "Users", "Codes", "Variables", "Cases", *_KEPT]


def _number(result: object) -> int:
    """Return what XPath counts, which it gives as a float."""
    return int(result) if isinstance(result, float) else 0


def _elements(result: object) -> list[etree._Element]:
    """Return what XPath finds, which it does not type."""
    return result if isinstance(result, list) else []


class _Gatherer:
    """Takes the parts of one file, each when it is complete. The loops over selections are the only ones that count."""

    def __init__(self, contents: Contents, ns: str) -> None:
        self.contents = contents
        self.ns = ns
        self._local = {f"{ns}{name}": name for name in KNOWN}
        self._coding, self._code_ref, self._description = (f"{ns}{x}" for x in ("Coding", "CodeRef", "Description"))
        self.codings: list[Row] = []
        self.uncoded: list[Row] = []
        uri = ns.strip("{}")
        q, names = ("q:", {"q": uri}) if uri else ("", None)
        self._count_all = etree.XPath("count(.//*)")
        self._without_reference = etree.XPath(f".//{q}Coding[not({q}CodeRef)]", namespaces=names)
        self._count_codings = etree.XPath(f"count(.//{q}Coding)", namespaces=names)
        kinds = " + ".join(f"count({q}{kind})" for kind in (_TEXT_SELECTION, *_OTHER_SELECTIONS))
        texts = " + ".join(f"count({q}{part}/{q}{_TEXT_SELECTION})" for part in ("Representation", "TextDescription"))
        self._count_selections = etree.XPath(f"{kinds} + {texts}", namespaces=names)
        described = f"count({q}{_TEXT_SELECTION}/{q}Description) + count({q}Description)"
        self._count_descriptions = etree.XPath(described, namespaces=names)
        self._other_parts = [f"{ns}{part}" for part in _OTHER_PARTS]
        self._text_selection = f"{ns}{_TEXT_SELECTION}"
        self._selection_tags = [f"{ns}{kind}" for kind in (_TEXT_SELECTION, *_OTHER_SELECTIONS)]
        self._sync: dict[str, tuple[str | None, str | None]] = {}
        self._shared: dict[str | None, str | None] = {}  # few codes and users, named often: one object for each

    def take(self, element: etree._Element) -> None:
        name = local_name(element)
        if name in SOURCES:
            self._source(element, SOURCES[name])
            return
        self.contents.unknown.update(local_name(e) for e in element.iter() if e.tag not in self._local)
        if name == "Users":
            for user in element:
                self.contents.users[guid_key(user.get("guid"))] = user.get("name") or user.get("id") or ""
        elif name == "Codes":
            self._codes(element)
        elif name in _KEPT:
            self.contents.sections[name] = as_text(element)
            self.contents.counts[name.lower()] += len(element)
        elif name == "Variables":
            self.contents.variables = copy_of(element)
            self.contents.counts["variables"] += len(element)
        elif name == "Cases":
            self.contents.cases = copy_of(element)
            self.contents.counts["cases"] += len(element)

    def _codes(self, codes: etree._Element) -> None:
        """Walk the tree from the top: parents before children, at any depth."""
        waiting: list[tuple[etree._Element, str]] = [(code, "") for code in reversed(codes)]
        while waiting:
            code, parent = waiting.pop()
            if local_name(code) != "Code":
                continue
            self.contents.counts["codes"] += 1
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
            self.contents.codes.append((guid, code.get("name") or "", parent, description, codable, more))
            waiting += reversed(inner)

    def _source(self, source: etree._Element, kind: str) -> None:
        self.contents.counts["sources"] += 1
        n_codings = _number(self._count_codings(source))
        self.contents.counts["codings"] += n_codings  # to compare with what was read
        document = self._document(source, kind)
        number = len(self.contents.documents) - 1
        self._comments(source)
        n_all, n_before = _number(self._count_all(source)), len(self.codings)
        n_selections, n_descriptions = (
            _number(self._count_selections(source)),
            _number(self._count_descriptions(source)),
        )
        rest = bare(source)
        for transcript in list(source.iterchildren(f"{self.ns}Transcript")):
            rest.append(bare(transcript, "SyncPoint", "NoteRef", "Description"))
            self._transcript(transcript, document, number)
            self.contents.unknown.update(local_name(e) for e in transcript.iter() if e.tag not in self._local)
            source.remove(transcript)
        self._codings_of(source, number, n_codings - len(self.codings) + n_before)
        self.contents.counts["codings"] += max(0, len(self.codings) - n_before - n_codings)  # codes without <Coding>
        if n_all != n_codings + len(self.codings) - n_before + n_selections + n_descriptions:  # not the usual four
            self.contents.unknown.update(local_name(e) for e in source.iter() if e.tag not in self._local)
        for child in source.iterchildren(*self._other_parts):
            inner = local_name(child)
            if inner == "PlainTextContent":
                document.text = child.text or ""
            elif inner in ("Representation", "TextDescription"):
                rest.append(bare(child))
                self._text_of(child, document)
            else:
                rest.append(copy_of(child))
                if inner == "VariableValue":
                    self.contents.values.setdefault(document.guid, []).append(copy_of(child))
        document.rest = as_text(rest)
        if document.text is None and not document.path and (text := text_in(source, document)) is not None:
            document.text = text
            self.contents.strays["texts in an attribute or under another name, read all the same"] += 1

    def _document(self, source: etree._Element, kind: str) -> Document:
        document = Document(guid_key(source.get("guid")), source.get("name") or "", kind)
        document.path = source.get("plainTextPath") or ""
        document.files = [p for p in (source.get("richTextPath"), source.get("path"), source.get("currentPath")) if p]
        self.contents.documents.append(document)
        return document

    def _text_of(self, element: etree._Element, document: Document) -> None:
        document.path = element.get("plainTextPath") or document.path
        for content in element.iterchildren(f"{self.ns}PlainTextContent"):
            document.text = content.text or ""

    def _transcript(self, transcript: etree._Element, media: Document, number: int) -> None:
        """A first transcript is the text of its recording; each further one that is used is a document of its own."""
        document = media
        if media.path or media.text is not None:
            document = self._document(transcript, media.kind)
            document.part_of = media.guid
            number = len(self.contents.documents) - 1
        document.files += [path] if (path := transcript.get("richTextPath")) else []
        self._sync = {
            guid_key(point.get("guid")): (point.get("position"), point.get("timeStamp"))
            for point in transcript.iterchildren(f"{self.ns}SyncPoint")
        }
        self._text_of(transcript, document)
        self._codings_of(transcript, number, _number(self._count_codings(transcript)))

    def _comments(self, source: etree._Element) -> None:
        """Take what people wrote with selections: descriptions and notes."""
        for description in source.iter(self._description):
            text = description.text
            if text and not text.isspace():
                self._more_of(description.getparent()).setdefault("description", text)
        for note in source.iter(f"{self.ns}NoteRef"):
            more = self._more_of(note.getparent())
            more["notes"] = f"{more.get('notes', '')} {guid_key(note.get('targetGUID'))}".strip()

    def _more_of(self, parent: etree._Element | None) -> dict[str, str]:
        if parent is None or not local_name(parent).endswith("Selection"):
            return {}
        return self.contents.more.setdefault(guid_key(parent.get("guid")), {})

    def _codings_of(self, source: etree._Element, number: int, n_codings: int) -> None:
        """Take each coding in a source, and once each selection without code. From the code upwards goes fastest."""
        rows, share, text_selection = self.codings, self._shared.setdefault, self._text_selection
        seen: etree._Element | None = None
        n_coded, n_before = 0, len(rows)
        for reference in source.iter(self._code_ref):
            coding = reference.getparent()
            selection = coding.getparent() if coding is not None else None
            if coding is None or selection is None:
                continue
            if selection is not seen:
                seen, get = selection, selection.get
                n_coded += selection is not source
            code, user = reference.get("targetGUID"), coding.get("creatingUser") or get("creatingUser")
            by_whom = (coding.get("guid", ""), share(code, code), share(user, user))
            if selection.tag == text_selection:
                start, end = get("startPosition"), get("endPosition")
                rows.append((number, start, end, "", get("name", ""), get("guid") or NO_GUID, *by_whom))
            else:
                if coding.tag in self._selection_tags:  # a code in a selection, without a coding between them
                    selection, n_coded = coding, n_coded + (selection is source)
                rows.append((number, *self._where(selection), *by_whom))
        for coding in self._naming_otherwise(source) if n_codings > len(rows) - n_before else ():
            selection = coding.getparent()
            n_coded += selection is not None and selection is not seen and selection is not source
            seen = selection
            by_whom = (coding.get("guid", ""), code_of(coding), coding.get("creatingUser"))
            rows.append((number, *self._where(source if selection is None else selection), *by_whom))
        if n_coded < _number(self._count_selections(source)):
            for selection in source.iter(*self._selection_tags):
                if next(selection.iterchildren(self._coding, self._code_ref), None) is None:
                    self.uncoded.append((number, *self._where(selection), "", "", ""))

    def _naming_otherwise(self, source: etree._Element) -> list[etree._Element]:
        """Return the codings that name their code in an attribute, which REFI-QDA does not foresee."""
        made = [coding for coding in _elements(self._without_reference(source)) if code_of(coding)]
        if made:
            self.contents.strays["codings that name their code in an attribute, read all the same"] += len(made)
        return made

    def _where(self, selection: etree._Element) -> Where:
        """Return start, end, place, words and GUID of a selection; a source as a whole has none of these."""
        get, tag = selection.get, selection.tag
        if tag not in self._selection_tags:
            return None, None, "", "", ""
        guid, name = get("guid") or NO_GUID, get("name", "")
        if tag == self._text_selection:
            return get("startPosition"), get("endPosition"), "", name, guid
        if tag.endswith("TranscriptSelection"):
            start, end, place = self._between(get("fromSyncPoint"), get("toSyncPoint"))
            return start, end, place, name, guid
        if name:
            self._more_of(selection)["name"] = name
        words = self._words_of_region(selection) or (name if name.count(" ") >= _WORDS_OF_A_LABEL else "")
        return None, None, places.place(get) or f"selection {name or guid}", words, guid

    def _words_of_region(self, selection: etree._Element) -> str:
        for inside in selection.iterchildren(f"{self.ns}Representation"):
            for content in inside.iterchildren(f"{self.ns}PlainTextContent"):
                return content.text or ""
        return ""

    def _between(self, first: str | None, last: str | None) -> tuple[str | None, str | None, str]:
        start, begin = self._sync.get(guid_key(first), (None, None))
        end, until = self._sync.get(guid_key(last), (None, None))
        return start, end, places.place({"begin": begin, "end": until}.get)


def gather(stream: IO[bytes], size: int, file: str) -> Contents:
    """Read a project or codebook (.qde, .qdc) once. Raises KoppelkansError where it is broken or something else."""
    contents = Contents()
    gatherer: _Gatherer | None = None
    last: etree._Element | None = None
    for element in elements(stream, size, _UNITS, file):
        if gatherer is None:
            gatherer = _Gatherer(contents, namespace(element))
        if local_name(element) in _UNITS:
            gatherer.take(element)
        last = element
    if gatherer is not None and last is not None:
        gather_strays(last, contents, gatherer.codings)
        if nameless := {row[7] for row in gatherer.codings if not guid_key(row[7])}:
            gatherer.codings[:] = [row for row in gatherer.codings if row[7] not in nameless]
        contents.codings = Selections(gatherer.codings, contents.more)
        contents.uncoded = Selections(gatherer.uncoded, contents.more)
    if last is None or local_name(last) not in ("Project", "CodeBook"):
        what = "nothing" if last is None else f"<{local_name(last)}>"
        raise KoppelkansError(f"{file}: found {what}, expected <Project> or <CodeBook> of REFI-QDA")
    contents.root = local_name(last)
    contents.attributes = {str(name): str(value) for name, value in last.attrib.items()}
    contents.own = [as_text(child) for child in last if local_name(child) in ("Description", "NoteRef")]
    contents.unknown.update(
        name for child in last if (name := local_name(child)) not in KNOWN and not holds_strays(child)
    )
    for strange in (s for section in last if local_name(section) == "Sources" for s in section):
        if local_name(strange) not in SOURCES:  # counted as in the file, so that the report says it was not read
            contents.unknown[local_name(strange)] += 1
            contents.counts["sources"] += 1
    return contents
