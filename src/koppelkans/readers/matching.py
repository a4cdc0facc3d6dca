"""What is the same in projects of several coders: documents by GUID or name and text, codes by GUID or path."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from koppelkans.readers.project import CODES, DOCUMENTS, Project

_GUID = re.compile(r"^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$", re.IGNORECASE)
_OTHER_TEXT = "same name, other text"


def matched_documents(
    projects: Mapping[str, Project],
) -> tuple[pd.DataFrame, dict[tuple[str, str], str], dict[str, Any]]:
    """Return the documents, the new key of each (coder, key), and what matched."""
    rows: list[dict[str, Any]] = []
    keys: dict[tuple[str, str], str] = {}
    coders_of: list[list[str]] = []  # the coders that have each document
    by_guid: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    matched_by = {"guid": 0, "name and text": 0, "name": 0}
    other_text: list[dict[str, Any]] = []
    for coder, project in projects.items():
        for row in records(project.documents):
            guid, name = _fold(row["document"]), _plain(row["name"])
            candidates = (by_guid.get(guid, []) if guid else [], by_name.get(name, []))
            place, how = _same_document(row, rows, coders_of, coder, candidates)
            if place is not None and how != _OTHER_TEXT:
                matched_by[how] += 1
                coders_of[place].append(coder)
                rows[place]["respondent"] = rows[place]["respondent"] or row["respondent"]
                if row["has_text"] and not rows[place]["has_text"]:
                    rows[place].update({name: row[name] for name in ("text", "has_text", "n_characters")})
            else:
                if place is not None:
                    other_text.append({"name": str(row["name"]), "coders": [coders_of[place][0], coder]})
                rows.append({**row, "_apart": coder if place is not None else ""})
                coders_of.append([coder])
                place = len(rows) - 1
                by_name.setdefault(name, []).append(place)
            if guid:
                by_guid.setdefault(guid, []).append(place)
            keys[coder, row["document"]] = f"document-{place + 1}"
    for number, row in enumerate(rows, start=1):
        row["document"] = f"document-{number}"
        row["name"] = f"{row['name']} ({row['_apart']})" if row["_apart"] else row["name"]
    frame = pd.DataFrame(rows, columns=list(DOCUMENTS)).astype(
        {name: "str" for name in DOCUMENTS if name not in ("has_text", "n_characters")}
    )
    named = list(zip([str(row["name"]) for row in rows], coders_of, strict=True))
    report = {
        "in_all": [name for name, coders in named if len(coders) == len(projects)],
        "in_some": [{"name": name, "coders": coders} for name, coders in named if 1 < len(coders) < len(projects)],
        "only": {coder: [name for name, coders in named if coders == [coder]] for coder in projects},
        "other_text": other_text,
        "matched_by": {how: count for how, count in matched_by.items() if count},
    }
    return frame, keys, report


def _same_document(
    row: dict[str, Any],
    rows: list[dict[str, Any]],
    coders_of: list[list[str]],
    coder: str,
    candidates: tuple[list[int], list[int]],
) -> tuple[int | None, str]:
    """Return which document read before is the same, and by what; one coder's documents are never the same."""
    by_guid, by_name = ([place for place in places if coder not in coders_of[place]] for places in candidates)
    for how, places in (("guid", by_guid), ("name and text", by_name)):
        for place in places:
            if _texts_agree(row, rows[place]):
                with_text = row["has_text"] and rows[place]["has_text"]
                return place, how if how == "guid" or with_text else "name"
    apart = by_guid + by_name
    return (apart[0], _OTHER_TEXT) if apart else (None, "")


def _texts_agree(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Tell whether two texts are equal; a document without text agrees with any, since it has no positions in it."""
    if not (left["has_text"] and right["has_text"]):
        return True
    return _hash(str(left["text"])) == _hash(str(right["text"]))


def matched_codes(projects: Mapping[str, Project]) -> tuple[pd.DataFrame, dict[tuple[str, str], str], dict[str, Any]]:
    """Return the codes, the new key of each (coder, key), and what matched."""
    rows: list[dict[str, Any]] = []
    keys: dict[tuple[str, str], str] = {}
    coders_of: list[list[str]] = []
    by_guid: dict[str, int] = {}
    by_path: dict[str, int] = {}
    matched_by = {"guid": 0, "path": 0}
    renamed: list[dict[str, str]] = []
    for coder, project in projects.items():
        reserved = {by_guid[guid] for guid in map(_fold, project.codes["code"]) if guid in by_guid}
        for row in records(project.codes):
            guid, path = _fold(row["code"]), _plain(row["path"])
            place, how = by_guid.get(guid) if guid else None, "guid"
            if place is None and by_path.get(path) not in {None, *reserved}:
                place, how = by_path[path], "path"
            if place is not None and coder in coders_of[place]:
                place = None  # names of codes repeat within a project
            if place is None:
                rows.append({**row, "parent": keys.get((coder, row["parent"]), "")})
                coders_of.append([coder])
                place = len(rows) - 1
            else:
                coders_of[place].append(coder)
                matched_by[how] += 1
                rows[place]["description"] = rows[place]["description"] or row["description"]
                rows[place]["is_codable"] = bool(rows[place]["is_codable"] or row["is_codable"])
                if _plain(rows[place]["path"]) != path:
                    renamed.append({"path": rows[place]["path"], "elsewhere": row["path"], "coder": coder})
            if guid:
                by_guid.setdefault(guid, place)
            by_path.setdefault(path, place)
            keys[coder, row["code"]] = f"code-{place + 1}"
    for number, row in enumerate(rows, start=1):
        row["code"] = f"code-{number}"
    table = pd.DataFrame(rows, columns=list(CODES))
    table = table.astype({name: "str" for name in CODES if name != "is_codable"} | {"is_codable": "bool"})
    pathed = list(zip([str(row["path"]) for row in rows], coders_of, strict=True))
    report = {
        "in_all": [path for path, coders in pathed if len(coders) == len(projects)],
        "in_some": [{"path": path, "coders": coders} for path, coders in pathed if 1 < len(coders) < len(projects)],
        "only": {coder: [path for path, coders in pathed if coders == [coder]] for coder in projects},
        "other_path": renamed,
        "matched_by": {how: count for how, count in matched_by.items() if count},
    }
    return table, keys, report


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dictionaries by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _fold(key: str) -> str:
    """Return a GUID in small letters without braces, "" for a key that is no GUID (and so means nothing elsewhere)."""
    return key.strip("{}").casefold() if _GUID.match(key) else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
