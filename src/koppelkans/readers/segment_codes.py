"""Codes as tables of segments write them: several in a cell, and the codes above them in the name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.readers.limits import hold
from koppelkans.readers.line_ends import LINE_END
from koppelkans.readers.project import CODES

Path = tuple[str, ...]
"""The names of a code from the top."""

_BULLETS = "•●◦○▪■◯"
_LEADING = re.compile(rf"^[\s{_BULLETS}]+")
_ALWAYS = re.compile(rf"\s*::\s*|\s*>\s*|\s*\\+\s*|\s*[{_BULLETS}]\s*|\s+/\s+")
_SHARED = {"table": ("/",), "atlas.ti": ("/", ": "), "maxqda": ("/",), "nvivo": (), "qualcoder": (), "taguette": ()}
"""Marks that part codes only where the part before them recurs, since names hold them too ("en/of")."""
_NVIVO_ROOT = re.compile(r"(?i)^(nodes|codes|knooppunten|knoten|nodos|nós|code|node)\\+")


def split_codes(cells: list[str], several: bool, separator: str | None = None) -> tuple[list[list[str]], list[str]]:
    r"""Return the codes in each cell, and notes on cells with commas.

    Codes are parted by new lines, semicolons or bars; by commas only where each part is a code elsewhere too (alone in
    a cell, or beside other codes), since names of codes hold commas. `several` False: a cell is one code. `separator`:
    what parts codes in this file, whatever the program.
    """
    if separator:
        return [[part.strip() for part in cell.split(separator) if part.strip()] for cell in cells], []
    if not several:
        return [[cell] if cell else [] for cell in cells], []
    found = [[part.strip() for part in re.split(rf"{LINE_END.pattern}|[;|]", cell) if part.strip()] for cell in cells]
    commas = [cell for cell in {part for parts in found for part in parts} if "," in cell]
    if not commas:
        return found, []
    alone = {_plain(part) for parts in found for part in parts if "," not in part}
    beside: Counter[str] = Counter()
    for cell in commas:
        beside.update({_plain(part) for part in cell.split(",")})
    parted = {
        cell
        for cell in commas
        if all(_plain(part) and (_plain(part) in alone or beside[_plain(part)] > 1) for part in cell.split(","))
    }
    result = [
        [piece.strip() for part in parts for piece in (part.split(",") if part in parted else [part])]
        for parts in found
    ]
    notes = []
    if parted:
        notes.append(
            f"codes parted at commas in {by_number(len(parted), 'cell', 'different cells')}, since each part is a code "
            "elsewhere too"
        )
    if len(parted) < len(commas):
        notes.append(
            f"{by_number(len(commas) - len(parted), 'name', 'names')} with a comma kept as one code; name the "
            "separator if there are several codes in it"
        )
    return result, notes


def _plain(part: str) -> str:
    return _LEADING.sub("", part).strip().casefold()


def paths_of(names: Iterable[Iterable[str]], preset: str, hierarchy: str | None = None) -> list[list[Path]]:
    """Return the path of each code in each cell.

    The codes above a code stand before it, parted by ::, >, \\, a bullet in the middle, or a slash with blanks; a bare
    slash (ATLAS.ti: also a colon) parts where the same beginning recurs. Bullets at the front are marks, but for two or
    more, which put a code below the one before it in the cell. `hierarchy`: what parts them in this file instead.
    """
    cells = [list(cell) for cell in names]
    shared = _recurring({name for cell in cells for name in cell}, preset) if not hierarchy else {}
    return [_paths_of_cell(cell, preset, hierarchy, shared) for cell in cells]


def _paths_of_cell(cell: list[str], preset: str, hierarchy: str | None, shared: dict[str, str]) -> list[Path]:
    found: list[Path] = []
    stack: list[str] = []
    for name in cell:
        lead = _LEADING.match(name)
        depth = sum(mark in _BULLETS for mark in lead[0]) if lead else 0
        bare = name[lead.end() :].strip() if lead else name.strip()
        parts = _parts(bare, preset, hierarchy, shared)
        if not parts:
            continue
        if depth > 1 and len(stack) >= depth - 1:
            parts = (*stack[: depth - 1], *parts)
        stack = list(parts)
        if parts not in found:
            found.append(parts)
    return found


def _parts(name: str, preset: str, hierarchy: str | None, shared: dict[str, str]) -> Path:
    if hierarchy:
        pieces = name.split(hierarchy)
    elif preset == "taguette":
        pieces = re.split(r"(?<!\d)\.(?=[^\s.])(?!\d)|(?<=\w)\.(?=[^\W\d])", name)
    else:
        name = _NVIVO_ROOT.sub("", name) if preset == "nvivo" else name
        pieces = [
            piece for part in _ALWAYS.split(name) for piece in (part.split(shared[part]) if part in shared else [part])
        ]
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _recurring(names: set[str], preset: str) -> dict[str, str]:
    """Return names that are parted at a slash or colon: those whose beginning recurs or is a code itself."""
    bare = {part for name in names for part in _ALWAYS.split(_LEADING.sub("", name)) if part}
    found = {}
    for mark in _SHARED[preset]:
        beginnings = Counter(name.split(mark)[0].strip() for name in bare if mark in name)
        for name in bare:
            start = name.split(mark)[0].strip()
            if mark in name and start and name not in found and (beginnings[start] > 1 or start in bare):
                found[name] = mark
    return found


def code_table(
    paths: Iterable[Path], where: str, comments: dict[Path, str] | None = None
) -> tuple[pd.DataFrame, dict[Path, str]]:
    """Return the table of codes and the key of each path: code-1, code-2, ... in order, parents before children.

    Raises KoppelkansError, beginning with `where`, for more codes or levels than the limits allow.
    """
    keys: dict[Path, str] = {}
    for path in dict.fromkeys(paths):
        hold("levels", len(path), where)
        hold("codes", len(keys), where)
        for depth in range(1, len(path) + 1):
            keys.setdefault(path[:depth], f"code-{len(keys) + 1}")
    rows = [
        (key, path[-1], keys.get(path[:-1], ""), " > ".join(path), (comments or {}).get(path, ""), True)
        for path, key in keys.items()
    ]
    table = pd.DataFrame(rows, columns=list(CODES))
    return table.astype({name: "str" for name in CODES if name != "is_codable"} | {"is_codable": "bool"}), keys
