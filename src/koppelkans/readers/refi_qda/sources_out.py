"""Build the XML of a source: its text, its selections with their codings, and what was kept of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from koppelkans.readers.line_ends import printable
from koppelkans.readers.refi_qda import places
from koppelkans.readers.refi_qda.contents import guid_key
from koppelkans.readers.refi_qda.elements import KNOWN
from koppelkans.readers.refi_qda.xml_stream import local_name

NAMESPACE = "urn:QDA-XML:project:1.0"
ELEMENTS = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "picture": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
LONGEST_NAME = 100
_MADE = uuid.UUID("0d0f6c1e-3a5b-5b7e-8c55-7b1f0c9f2f4a")
_TEXT_PART = {"pdf": "Representation", "picture": "TextDescription", "audio": "Transcript", "video": "Transcript"}
_OWN_SELECTION = {"pdf": "PDFSelection", "picture": "PictureSelection"} | {
    kind: f"{kind.capitalize()}Selection" for kind in ("audio", "video")
}


def guid(key: str, kind: str) -> str:
    """Return a key as a GUID: itself where it is one, else one that is always the same for this key."""
    try:
        return str(uuid.UUID(key)) if len(key) == 36 else str(uuid.uuid5(_MADE, f"{kind}:{key}"))
    except ValueError:
        return str(uuid.uuid5(_MADE, f"{kind}:{key}"))


def element(name: str, text: str = "", /, **attributes: Any) -> etree._Element:
    """Make an element of REFI-QDA; attributes that are "" or None are left out."""
    made = etree.Element(f"{{{NAMESPACE}}}{name}")
    for key, value in attributes.items():
        if value is not None and (value != "" or key == "name"):
            made.set(key, printable(str(value)))
    if text:
        made.text = printable(text)
    return made


def put_back(xml: str) -> etree._Element:
    """Read XML that was kept, in the namespace of REFI-QDA 1.0 and without what REFI-QDA does not know."""
    source = etree.fromstring(xml)
    for inside in [*source.iter()]:
        above = inside.getparent()
        if local_name(inside) not in KNOWN and above is not None:
            above.remove(inside)
        inside.tag = f"{{{NAMESPACE}}}{local_name(inside)}"
    etree.cleanup_namespaces(source)
    return source


@dataclass
class Selected:
    """A selection to be written: what it spans, and its codings (coding, code, coder; all GUIDs)."""

    guid: str
    start: int | None
    end: int | None
    place: str
    words: str
    codings: list[tuple[str, str, str]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    def _inside(self) -> Iterator[etree._Element]:
        if self.more.get("description"):
            yield element("Description", self.more["description"])

    def _after(self) -> Iterator[etree._Element]:
        for coding, code, coder in self.codings:
            made = element("Coding", guid=coding, creatingUser=coder)
            made.append(element("CodeRef", targetGUID=code))
            yield made
        yield from (element("NoteRef", targetGUID=note) for note in self.more.get("notes", "").split())

    @property
    def is_text(self) -> bool:
        """Tell whether it spans characters."""
        return self.start is not None and self.end is not None

    def _name(self) -> str:
        if "name" in self.more:
            return self.more["name"]
        return self.words if len(self.words) <= LONGEST_NAME else self.words[:LONGEST_NAME] + "…"

    def of_text(self) -> etree._Element:
        """Return it as a selection of text."""
        made = element(
            "PlainTextSelection", guid=self.guid, name=self._name(), startPosition=self.start, endPosition=self.end
        )
        made.extend([*self._inside(), *self._after()])
        return made

    def of_transcript(self, transcript: etree._Element) -> etree._Element:
        """Return it as a selection of a transcript, after adding the points that it runs between."""
        time = places.attributes(self.place)
        points = [guid(f"{self.guid}:{which}", "point") for which in ("begin", "end")]
        for old in [point for point in transcript if guid_key(point.get("guid")) in points]:
            transcript.remove(old)
        for point, which, position in zip(points, ("begin", "end"), (self.start, self.end), strict=True):
            transcript.append(element("SyncPoint", guid=point, timeStamp=time.get(which, ""), position=position))
        made = element(
            "TranscriptSelection", guid=self.guid, name=self._name(), fromSyncPoint=points[0], toSyncPoint=points[1]
        )
        made.extend([*self._inside(), *self._after()])
        return made

    def of_place(self, kind: str) -> etree._Element:
        """Return it as a selection of a region or a time; where its place is not known, of an empty one."""
        where = places.attributes(self.place)
        if kind in ("pdf", "picture"):
            where = {**dict.fromkeys(("firstX", "firstY", "secondX", "secondY"), "0"), **where}
            where |= {"page": where.get("page", "0")} if kind == "pdf" else {}
        else:
            where = {"begin": "0", "end": "0", **where}
        made = element(_OWN_SELECTION[kind], guid=self.guid, name=self.more.get("name", ""), **where)
        made.extend(self._inside())
        if kind == "pdf" and self.words:
            representation = element("Representation", guid=guid(self.guid, "words"))
            representation.append(element("PlainTextContent", self.words))
            made.append(representation)
        made.extend(self._after())
        return made


def _of_source(source: etree._Element | None, *names: str) -> list[etree._Element]:
    return [child for child in source if local_name(child) in names] if source is not None else []


def source_element(
    document: dict[str, Any],
    selections: list[Selected],
    whole: Iterable[tuple[str, str, str]],
    xml: str,
    attributes: dict[str, str],
    text_path: str,
    transcripts: dict[str, tuple[str, list[Selected]]],
) -> etree._Element:
    """Build a source of REFI-QDA with its parts in the order that the schema asks for.

    `document` is a row of the documents, `whole` the codings of the source as a whole, `xml` what was read of it
    (or ""), `attributes` the paths of its files, `text_path` that of its text (or ""), `transcripts` further
    transcripts of a recording by GUID: their text path and selections.
    """
    kind = document["kind"]
    old = put_back(xml) if xml else None
    made = element(ELEMENTS[kind])
    for name, value in old.attrib.items() if old is not None else ():
        made.set(name, value)
    made.set("guid", guid(document["document"], "document"))
    made.set("name", printable(document["name"]))
    for name, value in attributes.items():
        made.set(name, value)
    made.extend(_of_source(old, "Description"))
    of_text = [selection for selection in selections if selection.is_text]
    of_place = [selection.of_place(kind) for selection in selections if not selection.is_text and kind != "text"]
    if kind == "text":
        if text_path:
            made.set("plainTextPath", text_path)
        made.extend([selection.of_text() for selection in of_text])
    else:
        part = _text_part(kind, document, old, text_path, of_text)
        others = [*part, *(_further(transcript, transcripts) for transcript in _of_source(old, "Transcript")[1:])]
        made.extend([*of_place, *others] if kind == "pdf" else [*others, *of_place])
    for coding, code, coder in whole:
        entry = element("Coding", guid=coding, creatingUser=coder)
        entry.append(element("CodeRef", targetGUID=code))
        made.append(entry)
    made.extend(_of_source(old, "NoteRef"))
    made.extend(_of_source(old, "VariableValue"))
    return made


def _text_part(
    kind: str, document: dict[str, Any], old: etree._Element | None, text_path: str, of_text: list[Selected]
) -> list[etree._Element]:
    """Return the text of a PDF, picture or recording with its selections; nothing where there is none."""
    name = _TEXT_PART[kind]
    before = _of_source(old, name)
    if not text_path and not of_text and not before:
        return []
    part = before[0] if before else element(name, guid=guid(document["document"], name), name=document["name"])
    _fill(part, text_path, of_text, name == "Transcript")
    return [part]


def _further(transcript: etree._Element, known: dict[str, tuple[str, list[Selected]]]) -> etree._Element:
    text_path, selections = known.get((transcript.get("guid") or "").strip("{}").lower(), ("", []))
    _fill(transcript, text_path, selections, True)
    return transcript


def _fill(part: etree._Element, text_path: str, selections: list[Selected], is_transcript: bool) -> None:
    if text_path:
        part.set("plainTextPath", text_path)
    notes = _of_source(part, "NoteRef")
    for note in notes:
        part.remove(note)
    if is_transcript:
        part.extend([selection.of_transcript(part) for selection in selections])
    else:
        part.extend([selection.of_text() for selection in selections])
    part.extend(notes)
