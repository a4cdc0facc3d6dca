"""Put selections in the text: offsets as code points, the words of each coding, and what has no position there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from koppelkans.errors import by_number
from koppelkans.readers.media import PLURALS
from koppelkans.readers.refi_qda import conventions
from koppelkans.readers.refi_qda.contents import NO_GUID, NO_OFFSET, Contents, Selections
from koppelkans.readers.refi_qda.offsets import Convention, Text


def place_offsets(part: Selections, texts: dict[int, Text], way: Convention) -> dict[str, Any]:
    """Turn the offsets of a part into code points; return start, end, missing and how many were mended, and how.

    A selection that lies wholly outside its text has no position; where it was said to stand becomes its place.
    """
    number, start, end = part.document, part.start.copy(), part.end.copy()
    missing = (start == NO_OFFSET) | (end == NO_OFFSET)
    swapped = ~missing & (start > end)
    start[swapped], end[swapped] = end[swapped], start[swapped]
    outside = 0
    lost: list[int] = []
    order = np.argsort(number, kind="stable")
    edges = np.flatnonzero(np.diff(number[order])) + 1
    for rows in np.split(order, edges) if len(order) else ():
        rows = rows[~missing[rows]]
        if len(rows) == 0:
            continue
        text = texts.get(int(number[rows[0]]))
        if text is None:
            start[rows] = np.maximum(start[rows], 0)
            end[rows] = np.maximum(end[rows] + (way.end == "inclusive"), 0)
            continue
        start[rows], end[rows], inside = text.to_code_points(
            start[rows], end[rows], text.starts(way), way.end == "inclusive"
        )
        beyond = ~inside & (start[rows] == end[rows])
        outside += int((~inside & ~beyond).sum())
        lost += rows[beyond].tolist()
    if lost:
        places = list(part.place)
        for row in lost:
            places[row] = places[row] or f"characters {part.start[row]} to {part.end[row]}"
            part.selection[row] = part.selection[row] or NO_GUID
        part.place, missing[lost] = tuple(places), True
    start[missing] = end[missing] = 0
    mended = {"swapped": int(swapped.sum()), "outside": outside, "lost": len(lost)}
    return {"start": start, "end": end, "missing": missing, **mended}


def mark_whole(part: Selections, placed: dict[str, Any], texts: dict[int, Text]) -> None:
    """Give a code on a source as a whole the span of its text, where the text is there."""
    for row in [row for row, guid in enumerate(part.selection) if not guid]:
        text = texts.get(int(part.document[row]))
        if text is not None and placed["missing"][row]:
            placed["start"][row], placed["end"][row], placed["missing"][row] = 0, len(text.tidy), False


def without_position(part: Selections, placed: dict[str, Any], readable: Mapping[int, str]) -> None:
    """Make offsets in a text that the program made of a PDF a place: ours was made otherwise, so they do not fit it."""
    if not readable:
        return
    places = list(part.place)
    for row in np.flatnonzero(np.isin(part.document, list(readable)) & ~placed["missing"]).tolist():
        places[row] = places[row] or f"characters {placed['start'][row]}-{placed['end'][row]}"
        placed["start"][row], placed["end"][row], placed["missing"][row] = 0, 0, True
    part.place = tuple(places)


def pieces_of(
    contents: Contents, placed: dict[str, Any], texts: dict[int, Text], n_documents: int
) -> tuple[list[str], list[str]]:
    """Return the words of each coding, and lines for the report.

    A slice of its text; of a region, the words that the file gives for it; where the text is absent, the words that the
    selection carries as its name or description, if they are as long as it is.
    """
    part = contents.codings
    tidy = [texts[number].tidy if number in texts else "" for number in range(n_documents)]
    spans = zip(part.document.tolist(), placed["start"].tolist(), placed["end"].tolist(), strict=True)
    pieces = [tidy[number][start:end] for number, start, end in spans]
    for row in np.flatnonzero(placed["missing"]).tolist():
        pieces[row] = part.words[row] if part.selection[row] else tidy[int(part.document[row])]
    without = [number for number in range(n_documents) if number not in texts]
    absent = np.flatnonzero(np.isin(part.document, without) & ~placed["missing"]).tolist() if without else []
    with_words = named = 0
    for row in absent:
        carried = (part.words[row], contents.more.get(part.selection[row], {}).get("description", ""))
        length = int(placed["end"][row] - placed["start"][row])
        pieces[row] = next((words for words in carried if conventions.could_be(words, length)), "")
        with_words += bool(pieces[row])
        named += any(carried)
    if with_words * 2 < named:  # labels, of which some are as long as what they stand for
        for row in absent:
            pieces[row] = ""
        with_words = 0
    cut = sum(pieces[row].endswith(conventions.ELLIPSES) for row in absent)
    short = f", {cut} of them cut short by the program" if cut else ""
    return pieces, [
        f"{by_number(with_words, 'coding has its', 'codings have their')} "
        f"words from the selection, since the text is absent{short}"
    ] if with_words else []


def placeless(contents: Contents, missing: Any) -> list[str]:
    """Say how many codings stand in something that has no text to count in, and in what."""
    kinds = Counter(contents.documents[number].kind for number in contents.codings.document[missing].tolist())
    return [
        f"{by_number(kinds[kind], 'coding', 'codings')} in {named}: with a place there and no position in a text"
        for kind, named in PLURALS.items()
        if kinds[kind]
    ]
