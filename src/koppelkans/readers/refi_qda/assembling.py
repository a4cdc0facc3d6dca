"""Make the tables of a Project of what a file holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lxml import etree

from koppelkans.errors import by_number
from koppelkans.readers.project import Project
from koppelkans.readers.refi_qda import conventions
from koppelkans.readers.refi_qda.cases import respondents
from koppelkans.readers.refi_qda.code_tree import code_table, unique
from koppelkans.readers.refi_qda.contents import NO_OFFSET, Contents, as_text, guid_key, offset
from koppelkans.readers.refi_qda.offsets import Convention, Text
from koppelkans.readers.refi_qda.placing import mark_whole, pieces_of, place_offsets, placeless, without_position
from koppelkans.readers.refi_qda.programs import program_of
from koppelkans.readers.refi_qda.xml_stream import local_name

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _column(values: Sequence[str]) -> Any:
    return pd.array(np.array(values, dtype=object), dtype="str")


def assemble(
    contents: Contents,
    texts: dict[int, Text],
    path: Path,
    files: dict[str, list[str]],
    known: tuple[Convention, dict[str, Any]] | None = None,
    readable: Mapping[int, str] | None = None,
) -> Project:
    """Make the tables.

    `texts` by number of the document; `files` the further files of each document in the project at `path`, by GUID;
    `known` how offsets are counted, and what the report says of it, where that need not be found out; `readable` texts
    of PDFs by number, in which no offset of the project counts.
    """
    readable = readable or {}
    program, version = program_of(contents.attributes.get("origin", ""))
    warnings: list[str] = []
    used = {*contents.codings.document.tolist(), *contents.uncoded.document.tolist()}
    left_out = {n for n, d in enumerate(contents.documents) if d.part_of and n not in texts and n not in used}
    keys, repeated = unique([document.guid for document in contents.documents])
    if repeated:
        warnings.append(
            f"{by_number(repeated, 'source shares', 'sources share')} the GUID of another source; given another key"
        )
    way, offsets = known or conventions.detect([contents.codings, contents.uncoded], texts, program)
    codes, code_extra, code_lines = code_table(contents, program, str(path))
    whose = respondents(contents, keys, [document.name for document in contents.documents])
    coders, coder_of, coder_guids = _coders(contents)
    placed, loose = place_offsets(contents.codings, texts, way), place_offsets(contents.uncoded, texts, way)
    for part, at in ((contents.codings, placed), (contents.uncoded, loose)):
        without_position(part, at, readable)
    pieces, lines = pieces_of(contents, placed, texts, len(keys))
    warnings += lines
    mark_whole(contents.codings, placed, texts)
    _drop_repeated_words(contents, pieces)
    coding_keys, again = unique(list(contents.codings.coding))
    if again:
        warnings.append(
            f"{by_number(again, 'coding shares', 'codings share')} the GUID of another coding; given another key"
        )
    for line, count in (
        ("selections with start and end swapped, turned round", placed["swapped"] + loose["swapped"]),
        ("selections that reach outside their text, clipped", placed["outside"] + loose["outside"]),
        ("selections that lie wholly outside their text, read without a position", placed["lost"] + loose["lost"]),
        ("selections whose position is no number", contents.codings.unreadable + contents.uncoded.unreadable),
        *contents.strays.items(),
        (
            "codings that name no code, or no source that is there, left out",
            max(0, contents.counts["codings"] - len(pieces)),
        ),
    ):
        if count:
            warnings.append(f"{line}: {count}")
    warnings += placeless(contents, placed["missing"])
    _count_sync_points(contents, texts, way)
    present = [n for n in range(len(keys)) if n not in left_out]
    shown = {**readable, **{number: text.tidy for number, text in texts.items()}}
    documents = _documents(contents, keys, shown, present, whose.of_document)
    document_of = [keys[number] for number in contents.codings.document.tolist()]
    codings = pd.DataFrame(
        {
            "coding": _column(coding_keys),
            "document": _column(document_of),
            "code": _column(contents.codings.code),
            "coder": _column([coder_of[user] for user in contents.codings.user]),
            "start": pd.arrays.IntegerArray(placed["start"], placed["missing"]),
            "end": pd.arrays.IntegerArray(placed["end"], placed["missing"]),
            "place": _column(contents.codings.place),
            "text": _column(pieces),
        }
    )
    counts = {
        name: {"in_file": contents.counts[name], "read": len(rows)}
        for name, rows in (("sources", [d for d in contents.documents if not d.part_of]), ("codes", contents.codes))
    }
    counts["codings"] = {"in_file": contents.counts["codings"], "read": len(codings)}
    counts["cases"] = {"in_file": contents.counts["cases"], "read": len(whose.round_trip["cases"])}
    report: dict[str, Any] = {
        "file": path.name,
        "format": "REFI-QDA codebook" if contents.root == "CodeBook" else "REFI-QDA project",
        "program": program,
        "version": version,
        "recognised_by": f"an element {contents.root} of REFI-QDA, whose origin names "
        + ("the program" if program != "unknown" else "no program that is known"),
        "counts": counts,
        "selections_without_code": len(contents.uncoded.document),
        "kept": {name: contents.counts[name] for name in ("notes", "links", "sets", "graphs") if contents.counts[name]},
        "offsets": offsets,
        "codes": code_lines,
        "absent": [],
        "left_out": {
            "unknown_elements": dict(sorted(contents.unknown.items())),
            "identities": "user names, file system paths and the path of the project are left out of the tables",
        },
        "warnings": warnings + whose.warnings,
    }
    round_trip = {
        **_round_trip(contents, keys, left_out, code_extra, coder_guids),
        **whose.round_trip,
        "uncoded": _uncoded(contents, keys, loose),
        "whole": [key for key, guid in zip(coding_keys, contents.codings.selection, strict=True) if not guid],
        "selection_of": _referenced(contents, coding_keys),
        "file": str(path),
        "files": files,
        "texts": {
            keys[n]: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            for n, text in shown.items()
            if contents.documents[n].guid in files
        },
        "readable": [keys[n] for n in readable],
    }
    return Project(documents, codes, codings, whose.table, coders, report, round_trip)


def _drop_repeated_words(contents: Contents, pieces: list[str]) -> None:
    """Keep the name of a text selection where a person gave it one; else it repeats the text, and is not kept."""
    part = contents.codings
    if not any(part.words):
        return
    for words, piece, guid, where in zip(part.words, pieces, part.selection, part.place, strict=True):
        if words and guid and not where and not conventions.words_fit(words, piece):
            more = contents.more.setdefault(guid, {})
            if words != more.get("description"):
                more["name"] = words


def _documents(
    contents: Contents, keys: list[str], texts: Mapping[int, str], present: list[int], of_document: dict[str, str]
) -> pd.DataFrame:
    tidy = [texts.get(n, "") for n in present]
    table = pd.DataFrame(
        {
            "document": [keys[n] for n in present],
            "name": [contents.documents[n].name for n in present],
            "respondent": [of_document.get(keys[n], "") for n in present],
            "kind": [contents.documents[n].kind for n in present],
            "text": tidy,
        },
        dtype="str",
    )
    return table.assign(
        has_text=np.array([n in texts for n in present], dtype=bool),
        n_characters=np.array([len(text) for text in tidy], dtype=np.int64),
    )


def _count_sync_points(contents: Contents, texts: dict[int, Text], way: Convention) -> None:
    """Turn the positions of the points that join a transcript with its recording into code points."""
    by_guid = {document.guid: number for number, document in enumerate(contents.documents)}
    for number, document in enumerate(contents.documents):
        if "SyncPoint" not in document.rest:
            continue
        rest = etree.fromstring(document.rest)
        for transcript in (child for child in rest if local_name(child) == "Transcript"):
            text = texts.get(by_guid.get(guid_key(transcript.get("guid")), number))
            for point in transcript if text is not None else ():
                position = np.array([offset(point.get("position"))])
                if text is not None and position[0] != NO_OFFSET:
                    code_points, _, _ = text.to_code_points(position, position, text.starts(way), False)
                    point.set("position", str(code_points[0]))
        document.rest = as_text(rest)


def _coders(contents: Contents) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Give each person who coded a pseudonym, in the order of the file; their names stand in `coders` alone."""
    coded = set(contents.codings.user) - {""}
    order = [guid for guid in contents.users if guid in coded]
    order += sorted(coded - set(order))
    key_of = {guid: f"coder-{number}" for number, guid in enumerate(order, start=1)}
    names = [contents.users.get(guid, "") for guid in order]
    table = pd.DataFrame({"coder": list(key_of.values()), "name": names}, dtype="str")
    return table, {**key_of, "": ""}, {key: guid for guid, key in key_of.items()}


def _round_trip(
    contents: Contents, keys: list[str], left_out: set[int], code_extra: dict[str, Any], coder_guids: dict[str, str]
) -> dict[str, Any]:
    attributes = ("name", "creationDateTime", "modifiedDateTime")
    return {
        "project": {name: contents.attributes[name] for name in attributes if name in contents.attributes},
        "own": contents.own,
        "sections": contents.sections,
        "codes": code_extra,
        "coders": coder_guids,
        "selections": contents.more,
        "sources": {
            key: {"rest": document.rest, "part_of": document.part_of}
            for n, (key, document) in enumerate(zip(keys, contents.documents, strict=True))
            if n not in left_out
        },
    }


def _uncoded(contents: Contents, keys: list[str], placed: dict[str, Any]) -> list[dict[str, Any]]:
    part = contents.uncoded
    return [
        {
            "selection": part.selection[row],
            "document": keys[int(part.document[row])],
            "start": None if placed["missing"][row] else int(placed["start"][row]),
            "end": None if placed["missing"][row] else int(placed["end"][row]),
            "place": part.place[row],
            "words": part.words[row],
        }
        for row in range(len(part.document))
    ]


def _referenced(contents: Contents, coding_keys: list[str]) -> dict[str, str]:
    """Return the selection of each coding whose selection something else in the file points at."""
    needed = set(contents.more)
    for section in contents.sections.values():
        needed.update(guid.lower() for guid in _GUID.findall(section))
    if contents.cases is not None:
        needed.update(guid_key(element.get("targetGUID")) for element in contents.cases.iter())
    return {key: guid for key, guid in zip(coding_keys, contents.codings.selection, strict=True) if guid in needed}
