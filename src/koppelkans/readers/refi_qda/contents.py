"""What a file of coded documents holds, as it stands there: the form between the XML and the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lxml import etree

NO_OFFSET = -(2**62)


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


Row = tuple[int, int, int, str, str, str, str, str, str]
"""A coding: document (its number), start, end, place, words, selection, coding, code, user. See `Selections`."""


class Selections:
    """Codings, or selections without code, as columns; start and end as stored, or NO_OFFSET; keys are GUIDs."""

    def __init__(self, rows: list[Row]) -> None:
        columns: Any = list(zip(*rows, strict=True)) if rows else [()] * 9
        self.document = np.array(columns[0], dtype=np.int64)
        self.start = np.array(columns[1], dtype=np.int64)
        self.end = np.array(columns[2], dtype=np.int64)
        self.place, self.words, self.selection, self.coding, self.code, self.user = columns[3:]


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
    kept: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


def as_text(element: etree._Element) -> str:
    """Return an element as XML of its own, to be put back as it is."""
    return etree.tostring(element, encoding="unicode", with_tail=False)
