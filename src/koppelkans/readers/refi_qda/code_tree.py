"""The codes of a project as a table: keys that are unique, parents before children, a path for each."""

from __future__ import annotations

import uuid
from typing import Any

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.readers.limits import hold
from koppelkans.readers.project import CODES
from koppelkans.readers.refi_qda.contents import Contents

_SIGN = "::"
_MADE = uuid.UUID("5f0f4f57-6d0e-5d5f-9c83-2f6a4c1d8b10")
PATH_SIGN = " > "


def unique(keys: list[str]) -> tuple[list[str], int]:
    """Return the keys with a number behind each repetition, and how many were repetitions; none of them is empty."""
    keys = [key or "without-guid" for key in keys]
    if len(set(keys)) == len(keys):
        return keys, 0
    seen: dict[str, int] = {}
    taken = set(keys)
    made, repeated = [], 0
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        free, number = key, seen[key]
        while seen[key] > 1 and free in taken:
            free = f"{key}-{number}"
            number += 1
        repeated += free is not key
        taken.add(free)
        made.append(free)
    return made, repeated


def _from_names(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Rebuild the tree that ATLAS.ti 8 writes into the names: `Parent::child`; parents that are no code are made."""
    paths = [tuple(part.strip() for part in row["name"].split(_SIGN)) for row in rows]
    by_path: dict[tuple[str, ...], dict[str, Any]] = {}
    for path, row in zip(paths, rows, strict=True):
        by_path.setdefault(path, row)
    made = 0
    ordered: dict[str, dict[str, Any]] = {}
    for path, row in zip(paths, rows, strict=True):
        parent = ""
        for depth in range(1, len(path) + 1):
            above = path[:depth]
            if above not in by_path:
                made += 1
                key = str(uuid.uuid5(_MADE, _SIGN.join(above)))
                by_path[above] = {"code": key, "name": "", "description": "", "is_codable": False}
            one = row if depth == len(path) else by_path[above]
            if one["code"] not in ordered:
                ordered[one["code"]] = one
                one.update(parent=parent, name=above[-1])
            parent = str(one["code"])
    return list(ordered.values()), made


def from_the_top(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return codes in the order of the tree: each parent, then what stands below it, then the next.

    A code whose parent is not there stands at the top, and so does the first of codes that are above one another.
    """
    known = {row["code"] for row in rows}
    below: dict[str, list[dict[str, Any]]] = {}
    tops: list[dict[str, Any]] = []
    for row in rows:
        (below.setdefault(row["parent"], []) if row["parent"] in known else tops).append(row)
    ordered: dict[str, dict[str, Any]] = {}
    for top in [*tops, *rows]:
        if top["code"] in ordered:
            continue
        top["parent"] = ""
        waiting = [top]
        while waiting:
            row = waiting.pop()
            if row["code"] not in ordered:
                ordered[row["code"]] = row
                waiting += below.get(row["code"], [])[::-1]
    return list(ordered.values())


def code_table(contents: Contents, program: str, where: str) -> tuple[pd.DataFrame, dict[str, Any], list[str]]:
    """Return the codes, what a round trip needs (colour, notes, by key), and lines for the report.

    A code that a coding names and the codebook lacks gets a row, so that the coding arrives.
    Raises KoppelkansError, beginning with `where`, for more codes or levels than the limits allow.
    """
    hold("codes", len(contents.codes), where)
    said = []
    keys, repeated = unique([code[0] for code in contents.codes])
    if repeated:
        said.append(
            f"{by_number(repeated, 'code shares', 'codes share')} "
            f"the GUID of another code; codings with it go to the first"
        )
    rows: list[dict[str, Any]] = [
        {"code": key, "name": name, "parent": parent, "description": description, "is_codable": codable}
        for key, (_, name, parent, description, codable, _) in zip(keys, contents.codes, strict=True)
    ]
    extra = {key: more for key, (*_, more) in zip(keys, contents.codes, strict=True) if any(more.values())}
    nested = any(row["parent"] for row in rows)
    if program == "ATLAS.ti" and not nested and any(_SIGN in row["name"] for row in rows):
        hold("levels", max(row["name"].count(_SIGN) + 1 for row in rows), where)
        rows, made = _from_names(rows)
        levels = f", {made} parents that are no code were made" if made else ""
        said.append(f"no code stands inside another; the tree was rebuilt from names with {_SIGN!r}{levels}")
    known = {row["code"] for row in rows}
    missing = [code for code in dict.fromkeys(contents.codings.code) if code not in known]
    for number, code in enumerate(missing, start=1):
        name = f"code {number} that is not in the codebook"
        rows.append({"code": code, "name": name, "parent": "", "description": "", "is_codable": True})
    if missing:
        said.append(f"{by_number(len(missing), 'code is', 'codes are')} used and not in the codebook; named by number")
    before = {row["code"]: row["parent"] for row in rows if row["parent"]}
    rows = from_the_top(rows)
    hold("codes", len(rows), where)
    if cut := sum(before.get(row["code"], "") not in ("", row["parent"]) for row in rows):
        said.append(
            f"{by_number(cut, 'code names', 'codes name')} a code above it that is not there, or that stands below it; "
            "read as a code at the top"
        )
    paths = {"": ""}
    depths = {"": 0}
    for row in rows:
        above = paths[row["parent"]]
        row["path"] = paths[row["code"]] = f"{above}{PATH_SIGN}{row['name']}" if above else row["name"]
        depths[row["code"]] = depths[row["parent"]] + 1
        hold("levels", depths[row["code"]], where)
    table = pd.DataFrame(rows, columns=list(CODES)).astype({c: "str" for c in CODES if c != "is_codable"})
    return table.astype({"is_codable": "bool"}), extra, said
