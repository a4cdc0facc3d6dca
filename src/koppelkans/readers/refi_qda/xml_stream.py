"""Parse XML of unknown origin bit by bit: no entities, no network, nothing outside the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from lxml import etree

from koppelkans.errors import KoppelkansError

_GUARD_OF_LXML = 9_000_000  # a text of 10 MB needs huge_tree; the size of the whole is limited before it is opened


class _FirstElement(Exception):
    pass


def refuse_entities(stream: IO[bytes], file: str) -> None:
    """Read up to the first element. Raises KoppelkansError where the file declares entities of its own."""

    def found(*_: object) -> None:
        raise KoppelkansError(f"{file}: declares XML entities, which no coded project needs; it is not read")

    def first(*_: object) -> None:
        raise _FirstElement

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = found
    parser.StartElementHandler = first
    try:
        while chunk := stream.read(2048):
            parser.Parse(chunk)
    except _FirstElement:
        return
    except (expat.ExpatError, ValueError, LookupError):
        return  # said better by the parse itself, with the line


def elements(stream: IO[bytes], size: int, tags: list[str], file: str) -> Iterator[etree._Element]:
    """Give each element with one of these local names when it is complete, and last the root; then forget it.

    `size` is the number of bytes to come. Raises KoppelkansError, with the line, where the XML is broken or cut off.
    """
    parse = etree.iterparse(
        stream,
        events=("end", "start-ns"),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=size > _GUARD_OF_LXML,
    )
    try:
        for event, found in parse:
            if event == "start-ns":
                _refuse_namespace(found[1], file)
            else:
                yield found
                found.clear()
        root = parse.root
    except etree.XMLSyntaxError as error:
        raise KoppelkansError(f"{file}: the XML is broken or cut off ({error.msg}); export it again") from None
    if root is not None:
        yield root


def _refuse_namespace(uri: str, file: str) -> None:
    """Raise KoppelkansError for a namespace that is no address, of which no element can be made again."""
    try:
        etree.Element(f"{{{uri}}}a" if uri else "a")
    except ValueError:
        raise KoppelkansError(
            f"{file}: found the namespace {uri[:80]!r}, which is no address; export it again"
        ) from None


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """Return the namespace of an element in braces, or ""."""
    head, brace, _ = str(element.tag).rpartition("}")
    return head + brace


def shown(path: Path, member: str) -> str:
    """Return how errors name a member of a project."""
    return f"{path}, {member}" if member else str(path)
