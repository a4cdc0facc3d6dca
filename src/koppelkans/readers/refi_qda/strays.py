"""What half-standard exports put elsewhere: codes outside <Codes>, codings beside the sources, a text in an attribute.

Such files say that they are REFI-QDA and pass no schema; what they hold is counted where it stands and read as far as
it names its code and its source, so that no report says "0 in the file" where there are some.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from koppelkans.readers.refi_qda import places
from koppelkans.readers.refi_qda.contents import Contents, Document, Row, guid_key
from koppelkans.readers.refi_qda.xml_stream import local_name

_CODE = ("codeguid", "coderef", "code", "codeid", "targetguid")
_SOURCE = ("sourceguid", "sourceref", "source", "sourceid", "documentguid", "document")
_PARENT = ("parentguid", "parentcode", "parent", "parentid")
_GUID = ("guid", "id")
_START, _END = ("startposition", "start", "startoffset"), ("endposition", "end", "endoffset")
_USER = ("creatinguser", "user")
_TEXT = ("plaintextcontent", "plaintext", "textcontent", "text", "content")


def attribute(element: etree._Element, names: tuple[str, ...]) -> str | None:
    """Return the first of these attributes that an element has, in any case, or None."""
    by_name = {str(name).rpartition("}")[2].lower(): str(value) for name, value in element.attrib.items()}
    return next((by_name[name] for name in names if name in by_name), None)


def _named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element.iter() if isinstance(child.tag, str) and local_name(child).lower() in names)


def _reference(element: etree._Element, child: str, names: tuple[str, ...]) -> str:
    """Return the GUID that an element refers to, in a child made for that or in an attribute; "" where it does not."""
    for reference in _named(element, child):
        if reference.getparent() is element:
            return guid_key(attribute(reference, ("targetguid", *_GUID)))
    return guid_key(attribute(element, names))


def code_of(coding: etree._Element) -> str:
    """Return the GUID of the code that a coding names, "" where it names none."""
    return _reference(coding, "coderef", _CODE)


def text_in(source: etree._Element, document: Document) -> str | None:
    """Return the text of a source that stands in an attribute, or in an element of nearly the right name; or None."""
    written = attribute(source, _TEXT)
    if written is None:
        written = next(
            (child.text for child in source if isinstance(child.tag, str) and local_name(child).lower() in _TEXT), None
        )
    return written if document.text is None and not document.path else None


def holds_strays(section: etree._Element) -> bool:
    """Tell whether a section that REFI-QDA does not have holds codes or codings, which are counted as such."""
    return any(True for _ in _named(section, "code", "coding"))


def gather_strays(root: etree._Element, contents: Contents, codings: list[Row]) -> None:
    """Add the codes and codings that stand outside the parts made for them; `root` is what is left of the file."""
    for code in _named(root, "code"):
        above = next((a for a in code.iterancestors() if local_name(a).lower() == "code"), None)
        parent = guid_key(attribute(above if above is not None else code, _GUID if above is not None else _PARENT))
        described = next((c.text or "" for c in code if local_name(c).lower() == "description"), "")
        codable = (attribute(code, ("iscodable",)) or "true").strip().lower() not in ("false", "0")
        name = attribute(code, ("name", "label")) or ""
        more = {"color": attribute(code, ("color",)) or ""}
        contents.codes.append((guid_key(attribute(code, _GUID)), name, parent, described, codable, more))
        contents.counts["codes"] += 1
        contents.strays["codes outside <Codes>, read all the same"] += 1
    number_of = {document.guid: number for number, document in enumerate(contents.documents)}
    for coding in _named(root, "coding"):
        contents.counts["codings"] += 1
        rows = list(_rows(coding, number_of))
        codings += rows
        contents.counts["codings"] += max(0, len(rows) - 1)
        if rows:
            contents.strays["codings outside the source that they are in, read all the same"] += len(rows)


def _rows(coding: etree._Element, number_of: dict[str, int]) -> Iterator[Row]:
    """Give a row for each selection that a coding holds, or in which it stands; none without a code and a source."""
    code, above = code_of(coding), coding.getparent()
    selections = [child for child in coding if isinstance(child.tag, str) and _is_selection(child)]
    if not selections:
        selections = [above if above is not None and _is_selection(above) else coding]
    for selection in selections:
        candidates = (_reference(element, "sourceref", _SOURCE) for element in (selection, coding))
        source = next((guid for guid in candidates if guid in number_of), "")
        code = code or code_of(selection)
        if not code or source not in number_of:
            continue
        start, end = attribute(selection, _START), attribute(selection, _END)
        place = "" if start is not None else places.place(selection.get)
        guid = attribute(selection, _GUID) or ""
        if selection is coding and start is None:
            guid, place = "", ""  # of the source as a whole
        user = guid_key(attribute(coding, _USER) or attribute(selection, _USER))
        key = attribute(coding, _GUID) or ""
        yield number_of[source], start, end, place, selection.get("name", ""), guid, key, code, user


def _is_selection(element: etree._Element) -> bool:
    return local_name(element).lower().endswith("selection")
