"""Read ATLAS.ti's own project file (.atlproj, or .atlpac): a zip with `project.aprx`, which is XML.

The format is not documented. What is read here was learned from the code of four public programs that read such files,
not from a file of our own: documents with their quotations, codes (`tag`), which code is on which quotation
(`tagQuotLink`), code groups, and the documents' text, which is XHTML whose elements carry numbers (segments). A
quotation says in which segment it starts and ends, and at which character; -1 stands for the end of the segment. So
take the tables with care, look at some quotations, and prefer a REFI-QDA export (.qdpx) where ATLAS.ti still opens it.
Users' names go to `coders` alone; passwords and their hashes are never looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.archive import Archive, open_archive
from koppelkans.readers.line_ends import without_controls
from koppelkans.readers.media import IN_WORDS, kind_of_content, kind_of_name, readable_text
from koppelkans.readers.project import KINDS, Project
from koppelkans.readers.refi_qda.assembling import assemble
from koppelkans.readers.refi_qda.contents import NO_OFFSET, Contents, Document, Row, Selections, guid_key
from koppelkans.readers.refi_qda.offsets import Convention, Text
from koppelkans.readers.refi_qda.xml_stream import local_name, refuse_entities, shown
from koppelkans.readers.whole_numbers import whole

_BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "td", "th", "br", "table", "ul", "ol"))
_TO_THE_END = -1
_NOTHING = "no text in the file"
_UNIT = Convention(unit="UTF-16 units")
HOW_SURE = (
    "the format of .atlproj is not documented; offsets are taken as UTF-16 units within a numbered segment, end "
    "exclusive, which could not be tested on a file of ATLAS.ti; compare some quotations with the program"
)


class _Segmented:
    """The text of a document, and where each of its numbered segments starts and ends in it."""

    def __init__(self, content: bytes) -> None:
        self.span: dict[int, tuple[int, int]] = {}
        self._pieces: list[str] = []
        self._length = 0
        parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, recover=True)
        root = etree.fromstring(content, parser) if content.strip() else None
        body = next((e for e in root.iter() if e.tag == "body"), root) if root is not None else None
        if body is not None:
            self._walk(body)
        self.text = "".join(self._pieces)

    def _write(self, text: str | None, segment: int | None) -> None:
        if not text or (segment is None and text.isspace()):
            return
        text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))[0]
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        if segment is not None:
            self.span[segment] = (self.span.get(segment, (start, start))[0], self._length)

    def _walk(self, body: etree._Element) -> None:
        """Go through the elements in order, however deep; a block that follows text starts a new line."""
        waiting: list[tuple[str, etree._Element, int | None]] = [("open", body, None)]
        while waiting:
            step, node, segment = waiting.pop()
            if step == "tail":
                self._write(node.tail, segment)
                continue
            if not isinstance(node.tag, str):
                continue
            number = node.get("id")
            own = segment if (named := whole(number)) is None else named
            if node.tag in _BLOCKS and self._pieces and not self._pieces[-1].endswith("\n"):
                self._write("\n", -1)
            if own is not None:
                self.span.setdefault(own, (self._length, self._length))
            blank = node.tag in _BLOCKS and (node.text or "").isspace()  # how the file is laid out, not its text
            self._write("" if blank else node.text, own)
            for child in reversed(node):
                layout = node.tag in _BLOCKS and "\n" in (child.tail or "") and not (child.tail or "").strip()
                waiting += [("tail", child, None if layout else own)]
                waiting += [("open", child, own)]

    def offset(self, segment: int, offset: int) -> int | None:
        """Return where a character of a segment stands in the text; None where there is no such segment or place."""
        if segment not in self.span:
            return None
        start, end = self.span[segment]
        if offset == _TO_THE_END:
            return end
        units = self.text[start:end].encode("utf-16-le", "surrogatepass")
        return start + len(units[: offset * 2].decode("utf-16-le", "ignore")) if 0 <= offset * 2 <= len(units) else None


def read_atlas(path: Path) -> Project:
    """Read an .atlproj. Raises KoppelkansError, one line, where it is missing, damaged, locked or something else."""
    with open_archive(path) as archive:
        members = [name for name in archive.names if name.lower().endswith(".aprx")]
        if not members:
            raise KoppelkansError(f"{path}: no project.aprx in it, so this is no project of ATLAS.ti")
        member = min(members, key=len)
        with archive.stream(member) as stream:
            refuse_entities(stream, shown(path, member))
        root = _parsed(archive.read(member), shown(path, member))
        return _project(path, archive, root)


def _parsed(content: bytes, file: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, huge_tree=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise KoppelkansError(f"{file}: the XML is broken or cut off ({error.msg}); save the project again") from None


def _all(root: etree._Element, *names: str) -> list[etree._Element]:
    return [element for element in root.iter() if isinstance(element.tag, str) and local_name(element) in names]


def _attributes(elements: list[etree._Element], value: str) -> dict[str, str]:
    return {element.get("id", ""): element.get(value, "") for element in elements}


def _key(element: etree._Element) -> str:
    return guid_key(element.get("guid")) or element.get("id", "")


def _content(archive: Archive, document: etree._Element, places: dict[str, str], media: dict[str, str]) -> bytes | None:
    """Find the file of a document's text: by its medium (later versions) or its data source (earlier ones)."""
    loc = places.get(media.get(document.get("medium", ""), ""), "") or places.get(document.get("loc", ""), "")
    for folder in ("contents", "documents"):
        name = archive.find(f"{folder}/{loc}/content", anywhere=False) if loc else None
        if name:
            return archive.read(name)
    return None


def _located(quotation: etree._Element, text: _Segmented | None) -> tuple[int, int, str]:
    """Return start, end and place of a quotation; the place only where it is not in text that is there."""
    places = []
    for location in quotation.iter():
        name = local_name(location) if isinstance(location.tag, str) else ""
        if name == "segmentedTextLoc":
            written = [location.get(part, "") for part in ("sSegment", "sOffset", "eSegment", "eOffset")]
            values = [whole(one.removesuffix(".0")) for one in written]
            first, start, last, end = (NO_OFFSET if value is None else value for value in values)
            begins, ends = (text.offset(first, start), text.offset(last, end)) if text else (None, None)
            if begins is None or ends is None:
                return NO_OFFSET, NO_OFFSET, "segment {}:{} to {}:{}".format(*(one[:20] for one in written))
            return begins, ends, ""
        if name.endswith("Loc"):
            parts = ", ".join(f"{key} {location.get(key)}" for key in sorted(map(str, location.keys())))
            places.append(f"{name}: {parts}")
    return NO_OFFSET, NO_OFFSET, "; ".join(places) or f"quotation {quotation.get('id', '')}"


def _kind_of_places(document: etree._Element) -> str:
    """Return the kind of a document whose file is not there, by where its quotations stand."""
    names = {local_name(place).lower() for place in document.iter() if isinstance(place.tag, str)}
    for sign, kind in (("pdf", "pdf"), ("graphic", "picture"), ("image", "picture"), ("audio", "audio"),
                       ("video", "video")):  # fmt: skip
        if any(name.startswith(sign) and name.endswith("loc") for name in names):
            return kind
    return "text"


def _project(path: Path, archive: Archive, root: etree._Element) -> Project:
    contents = Contents(
        root="ATLAS.ti project", attributes={"origin": "ATLAS.ti", "name": root.get("name") or path.stem}
    )
    users = {user.get("id", ""): guid_key(user.get("guid")) or user.get("id", "") for user in _all(root, "user")}
    contents.users = {users[user.get("id", "")]: user.get("name", "") for user in _all(root, "user")}
    codes = {tag.get("id", ""): _key(tag) for tag in _all(root, "tag")}
    contents.codes = [(_key(tag), tag.get("name", ""), "", _comment(tag), True, {}) for tag in _all(root, "tag")]
    places = _attributes(_all(root, "content", "dataSource"), "loc")
    media = _attributes(_all(root, "medium"), "content")
    files = _attributes(_all(root, "medium", "dataSource"), "name")
    links: dict[str, list[etree._Element]] = {}
    for link in _all(root, "tagQuotLink"):
        links.setdefault(link.get("target", ""), []).append(link)
    texts: dict[int, Text] = {}
    readable: dict[int, str] = {}
    absent, codings, uncoded, lost = [], list[Row](), list[Row](), 0
    for number, document in enumerate(_all(root, "document")):
        content = _content(archive, document, places, media)
        name = files.get(document.get("medium", ""), "") or files.get(document.get("loc", ""), "")
        kind = kind_of_content(content) if content else kind_of_name(name) or _kind_of_places(document)
        contents.documents.append(Document(_key(document), document.get("name", ""), kind if kind in KINDS else "text"))
        text = _Segmented(content) if content and kind == "text" else None
        if text is not None:
            texts[number] = Text(text.text)
        else:
            words, why = readable_text(content, name or _key(document)) if content and kind == "pdf" else (None, "")
            if words is not None:
                readable[number] = words
            else:
                absent.append(f"{_key(document)}: {why or (IN_WORDS.get(kind) if content else '') or _NOTHING}")
        for quotation in _all(document, "quotation", "q"):
            start, end, place = _located(quotation, text)
            lost += place.startswith("segment ") and text is not None
            head = (number, start, end, place, quotation.get("name", ""), _key(quotation))
            mine = links.pop(quotation.get("id", ""), [])
            codings += [(*head, _key(link), *_who(link, quotation, codes, users)) for link in mine]
            if not mine:
                uncoded.append((*head, "", "", ""))
    contents.codings, contents.uncoded = Selections(codings), Selections(uncoded)
    contents.counts.update(sources=len(contents.documents), codes=len(codes), codings=len(_all(root, "tagQuotLink")))
    said: dict[str, Any] = {
        "unit": _UNIT.unit,
        "end": _UNIT.end,
        "line_ends": "each segment is counted from its own start",
        "byte_order_mark": "not counted",
        "certainty": "untestable",
        "evidence": HOW_SURE,
        "tested": 0,
        "candidates": [],
    }
    project = assemble(contents, texts, path, {}, (Convention(), said), readable)
    groups = {
        group.get("name", ""): [codes[item.get("id", "")] for item in group.iter() if item.get("id", "") in codes]
        for group in _all(root, "tagGroup")
    }
    project.report.update(
        format="ATLAS.ti project (.atlproj)", absent=absent, recognised_by="a zip with an .aprx in it"
    )
    project.report["kept"]["code_groups"] = len(groups)
    project.kept["code_groups"] = groups
    if lost:
        project.report["warnings"].append(
            f"{by_number(lost, 'quotation names', 'quotations name')} "
            f"a segment that is not in the text, or a place that is not in it; read without text"
        )
    if links:
        left = sum(map(len, links.values()))
        project.report["warnings"].append(
            f"{by_number(left, 'coding is', 'codings are')} on quotations that are not there; left out"
        )
    return project


def _who(
    link: etree._Element, quotation: etree._Element, codes: dict[str, str], users: dict[str, str]
) -> tuple[str, str]:
    """Return the code and the coder of a link."""
    user = link.get("owner") or link.get("cUser") or quotation.get("owner") or ""
    return codes.get(link.get("source", ""), link.get("source", "")), users.get(user, user)


def _comment(element: etree._Element) -> str:
    for child in element:
        if isinstance(child.tag, str) and local_name(child) in ("comment", "description"):
            return " ".join("".join(map(str, child.itertext())).split())
    return ""
