"""Coded segments, however they were written, as the tables of a coded project."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.readers.project import CODINGS, DOCUMENTS, RESPONDENT, Project, counted
from koppelkans.readers.segment_codes import code_table


@dataclass
class Segment:
    """A piece of text, the paths of its codes, and where it stands; start and end are characters, end exclusive."""

    document: str
    text: str
    paths: list[tuple[str, ...]]
    start: int | None = None
    end: int | None = None
    place: str = ""
    coder: str = ""
    respondent: str = ""
    comment: str = ""


@dataclass
class Reading:
    """What was read, and what the report says of it."""

    segments: list[Segment] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0
    keeps_coders: bool = False
    characters: tuple[int, int] = (0, 0)  # in the cells below the header, and of those left out


def place_between(begin: str, end: str) -> str:
    """Return the place of a segment in words: paragraph 12, paragraphs 12-14, 00:01-00:09."""
    if not begin or begin == end or not end:
        whole = begin or end
        return f"paragraph {whole}" if whole.isdigit() else whole
    between = f"{begin}-{end}"
    return f"paragraphs {between}" if begin.isdigit() and end.isdigit() else between


def project_of(path: Path, reading: Reading) -> Project:
    """Return the project that the segments of a file make."""
    segments = reading.segments
    offsets = _settle_ends(segments, reading)
    codes, keys = code_table((code for segment in segments for code in segment.paths), str(path))
    names = list(dict.fromkeys(segment.document for segment in segments))
    document_keys = {name: f"document-{number}" for number, name in enumerate(names, start=1)}
    people = sorted({segment.coder for segment in segments} - {""})
    coder_keys = {name: name if reading.keeps_coders else f"coder-{n}" for n, name in enumerate(people, start=1)}
    rows: list[tuple[object, ...]] = []
    comments: dict[str, str] = {}
    for segment in segments:
        for code in segment.paths:
            key = f"coding-{len(rows) + 1}"
            rows.append((key, document_keys[segment.document], keys[code], coder_keys.get(segment.coder, ""),
                         segment.start, segment.end, segment.place, segment.text))  # fmt: skip
            if segment.comment:
                comments[key] = segment.comment
    codings = pd.DataFrame(rows, columns=list(CODINGS)).astype(
        {name: "str" for name in CODINGS if name not in ("start", "end")} | {"start": "Int64", "end": "Int64"}
    )
    documents = _documents(segments, document_keys)
    attributes = list(dict.fromkeys(name for known in reading.attributes.values() for name in known))
    respondents = pd.DataFrame(
        [(who, *(known.get(name, "") for name in attributes)) for who, known in reading.attributes.items()],
        columns=[RESPONDENT, *attributes],
    ).astype("str")
    coders = pd.DataFrame([(key, "") for key in coder_keys.values()], columns=["coder", "name"]).astype("str")
    doubled = int(codings.drop(columns="coding").duplicated().sum())
    if doubled:
        reading.warnings.append(
            f"{by_number(doubled, 'coding is', 'codings are')} "
            f"the same as another (document, code, text and place); kept"
        )
    if "" in document_keys:
        reading.warnings.append(
            "the table does not tell the document of every segment; those have a document of no name"
        )
    report = {
        "file": path.name,
        "version": "",
        **reading.report,
        "counts": counted(
            {
                "rows": reading.rows,
                "segments": len(segments),
                "documents": len(documents),
                "codes": len(codes),
                "codings": len(codings),
                "respondents": len(respondents),
                "coders": len(coders),
            },
            in_file={"rows": reading.rows},
        ),
        **(
            {"characters": {"in_file": reading.characters[0], "left_out": reading.characters[1]}}
            if any(reading.characters)
            else {}
        ),
        "offsets": offsets,
        "left_out": reading.left_out + (["names of coders"] if people and not reading.keeps_coders else []),
        "warnings": list(dict.fromkeys(reading.warnings)),
    }
    return Project(documents, codes, codings, respondents, coders, report, {"comments": comments} if comments else {})


def _settle_ends(segments: list[Segment], reading: Reading) -> str:
    """Make ends exclusive, by the length of the segments, and say how that was found."""
    placed = [s for s in segments if s.start is not None and s.end is not None]
    if not placed:
        return "the file gives no positions in characters"
    longer = Counter(
        s.end - s.start - len(s.text) for s in placed if s.text and s.end is not None and s.start is not None
    )
    if not longer:
        return "positions in characters; ends taken as exclusive, since there is no text to hold them against"
    difference, times = longer.most_common(1)[0]
    told = f"as long as their positions say: {times} of {by_number(longer.total(), 'segment', 'segments')}"
    if difference == -1:
        for segment in placed:
            segment.end = (segment.end or 0) + 1
        return f"positions in characters with inclusive ends, made exclusive ({told})"
    if difference == 0:
        if times < longer.total():
            odd = by_number(longer.total() - times, "segment is longer or shorter", "segments are longer or shorter")
            reading.warnings.append(f"{odd} than the positions say")
        return f"positions in characters with exclusive ends ({told})"
    for segment in placed:
        segment.place = segment.place or place_between(str(segment.start), str(segment.end))
        segment.start = segment.end = None
    reading.warnings.append("start and end do not fit the length of the segments; kept as their place")
    return "the positions are no counts of characters"


def _documents(segments: list[Segment], keys: dict[str, str]) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for name, key in keys.items():
        own = [segment for segment in segments if segment.document == name]
        people = {segment.respondent for segment in own} - {""}
        text = _whole_text(own)
        respondent = people.pop() if len(people) == 1 else ""
        rows.append((key, name, respondent, "text", text or "", text is not None, len(text or "")))
    return pd.DataFrame(rows, columns=list(DOCUMENTS)).astype(
        {name: "str" for name in DOCUMENTS if name not in ("has_text", "n_characters")}
    )


def _whole_text(segments: list[Segment]) -> str | None:
    """Return the text of a document where segments with positions cover it wholly and agree, else None."""
    text = ""
    placed = [s for s in segments if s.start is not None and s.end is not None and s.text]
    if len(placed) < len(segments):
        return None
    for segment in sorted(placed, key=lambda s: (s.start or 0, s.end or 0)):
        start, end = segment.start or 0, segment.end or 0
        if start > len(text) or end - start != len(segment.text):
            return None
        overlap = text[start:end]
        if not segment.text.startswith(overlap):
            return None
        text += segment.text[len(overlap) :]
    return text or None
