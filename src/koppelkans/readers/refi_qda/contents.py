"""What a file of coded documents holds, as it stands there: the form between the XML and the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from lxml import etree

from koppelkans.readers.refi_qda.offsets import Integers
from koppelkans.readers.refi_qda.xml_stream import local_name
from koppelkans.readers.whole_numbers import whole

NO_OFFSET = -(2**62)
NO_GUID = "without-guid"


def guid_key(guid: str | None) -> str:
    """Return a GUID as a key: lower case, without braces or spaces around it."""
    return guid.strip(" \t\r\n{}").lower() if guid else ""


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


Where = tuple[str | int | None, str | int | None, str, str, str]
"""Of a selection: start, end, place, words, GUID, as they stand in the file."""
Row = tuple[int, str | int | None, str | int | None, str, str, str, str, str | None, str | None]
"""A coding: document (its number), start, end, place, words, selection, coding, code, user."""


class Selections:
    """Codings, or selections without code, as columns; start and end as stored, or NO_OFFSET; keys are GUIDs.

    Rows are turned into columns at once, since that is faster than one by one, and emptied. `more` is what people wrote
    with a selection, by key: a description stands in for words where there are none.
    """

    def __init__(self, rows: list[Row], more: dict[str, dict[str, str]] | None = None) -> None:
        columns: Any = list(zip(*rows, strict=True)) if rows else [()] * 9
        rows.clear()  # each column is let go as soon as it is turned into what the tables hold
        few = {guid: guid_key(guid) for guid in {*columns[7], *columns[8]}}
        self.user, self.code = [few[guid] for guid in columns.pop()], [few[guid] for guid in columns.pop()]
        self.coding, self.selection = _keys(columns.pop()), _keys(columns.pop())
        self.words, self.place = columns.pop(), columns.pop()
        ends, starts = columns.pop(), columns.pop()
        self.end, self.start = _offsets(ends), _offsets(starts)
        self.unreadable = self._without_position(starts, ends)
        self.document = np.array(columns.pop(), dtype=np.int64)
        if more:
            named = zip(self.words, self.selection, self.place, strict=True)
            self.words = [w or ("" if p else more.get(s, {}).get("description", "")) for w, s, p in named]

    def _without_position(self, starts: tuple[str | int | None, ...], ends: tuple[str | int | None, ...]) -> int:
        """Keep what stands where a position should, and is no number, as the place; return how many there are."""
        rows = [
            row
            for row in np.flatnonzero((self.start == NO_OFFSET) | (self.end == NO_OFFSET)).tolist()
            if isinstance(starts[row], str) or isinstance(ends[row], str)
        ]
        places = list(self.place) if rows else []
        for row in rows:
            places[row] = places[row] or f"characters {str(starts[row])[:20]} to {str(ends[row])[:20]}"
            self.selection[row] = self.selection[row] or NO_GUID  # it is no code on the source as a whole
        self.place = tuple(places) if rows else self.place
        return len(rows)


def _offsets(written: tuple[str | int | None, ...]) -> Integers:
    try:
        together = "".join(cast("tuple[str]", written))
        if together.isascii() and together.isdigit() and max(map(len, cast("tuple[str]", written))) < 18:
            return np.array(list(map(int, cast("tuple[str]", written))), dtype=np.int64)
    except (TypeError, ValueError):
        pass
    return np.array([offset(value) for value in written], dtype=np.int64)


def _keys(guids: tuple[str, ...]) -> list[str]:
    """Return each GUID as a key, all at once."""
    together = "\n".join(guids)
    if any(sign in together for sign in " \t\r") or together.count("\n") != len(guids) - 1:
        return [guid_key(guid) for guid in guids]
    folded = together.lower().replace("{", "").replace("}", "")
    return list(guids) if folded == together else folded.split("\n")


@dataclass
class Contents:
    """All that one file holds."""

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    codes: list[tuple[str, str, str, str, bool, dict[str, str]]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    codings: Selections = field(default_factory=lambda: Selections([]))
    uncoded: Selections = field(default_factory=lambda: Selections([]))
    more: dict[str, dict[str, str]] = field(default_factory=dict)  # of a selection: name, description, notes
    variables: etree._Element | None = None
    cases: etree._Element | None = None
    values: dict[str, list[etree._Element]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)  # notes, links, sets and graphs as XML
    own: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    strays: Counter[str] = field(default_factory=Counter)  # what was read from where it should not stand, in words


def offset(value: str | int | None) -> int:
    """Return an offset as stored, or NO_OFFSET where it is none."""
    number = value if isinstance(value, int) else whole(value)
    return NO_OFFSET if number is None else number


def as_text(element: etree._Element) -> str:
    """Return an element as XML of its own, to be put back as it is."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def copy_of(element: etree._Element) -> etree._Element:
    """Return an element by itself."""
    return etree.fromstring(as_text(element))


def bare(element: etree._Element, *children: str) -> etree._Element:
    """Copy an element without what leads to files, and with only these of its children."""
    bare = etree.Element(element.tag)
    for name, value in element.attrib.items():
        if "path" not in str(name).lower():
            bare.set(name, value)
    if children:
        bare.extend([copy_of(child) for child in element if local_name(child) in children])
    return bare
