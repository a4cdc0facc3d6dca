"""Tables of presences: a row a unit (an interview, an answer, a fragment), and 0 or 1 for each code, by each analyst.

Four layouts are told by their cells: a column for each code and one that names the analyst; a column for each code and
analyst ("warmte (A)", "warmte_A", "A: warmte"); a sheet for each analyst; and a row for each unit and code with a
column for each analyst. A unit becomes a document, coded as a whole, since the table says nothing of where in it a code
is; the report says so. A 0 is a rating too: who has a row of a unit has read it, whatever was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.grids import Grid, nearest, normal
from koppelkans.readers.project import CODINGS, DOCUMENTS, RESPONDENT, Project, counted
from koppelkans.readers.segment_codes import code_table, paths_of
from koppelkans.readers.segment_presets import GENERIC

_YES = frozenset(("1", "1.0", "1,0", "true", "waar", "x", "ja", "yes", "y", "j"))
_NO = frozenset(("0", "0.0", "0,0", "false", "onwaar", "nee", "no", "n"))
_UNIT = frozenset("unit eenheid id nr nummer segment fragment citaat item case quotation zin sentence".split())  # noqa: SIM905
_CODER = frozenset("analyst analist onderzoeker researcher".split())  # noqa: SIM905
_PARTS = re.compile(r"^(?P<one>.+?)\s*(?:[_:|/.\-–]|\s\(|\s\[|\s)\s*(?P<other>[^_:|/()\[\]]+?)[)\]]?$")
_MOST_OTHERS = 6  # columns that name the unit, and say more of it
_USED = ("document", "unit", "coder", "respondent", "text", "code")
ROLES = ("document", "unit", "coder", "respondent", "text", "presence")
"""What `columns` may name; presence is a list of the headers of codes."""


@dataclass
class _Rating:
    """What one analyst says of one code in one unit; `present` is None for an empty cell."""

    unit: str
    respondent: str
    coder: str
    code: str
    present: bool | None
    text: str = ""


def _value(cell: str) -> bool | None:
    plain = cell.strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def _marks(grid: Grid, header: int) -> list[int]:
    """Return the columns below a header row whose cells are all 0 or 1 (or empty), and not all empty."""
    body = grid.rows[header + 1 :]
    found = []
    for place, head in enumerate(grid.rows[header]):
        filled = [row[place] for row in body if row[place]]
        if head and filled and all(_value(cell) is not None for cell in filled):
            found.append(place)
    return found


def _role(head: str) -> str:
    plain = normal(head)
    if plain in _UNIT:
        return "unit"
    return "coder" if plain in _CODER else GENERIC.role_of(head)


def _layout(grid: Grid) -> tuple[dict[str, int], list[int]] | None:
    """Return the columns that say what a row is, by role, and those of presences; None for another table."""
    if len(grid.rows) < 3:
        return None
    marks = _marks(grid, 0)
    others = [place for place, head in enumerate(grid.rows[0]) if head and place not in marks]
    if len(marks) < 2 or not 1 <= len(others) <= _MOST_OTHERS:
        return None
    roles: dict[str, int] = {}
    for place in others:
        role = _role(grid.rows[0][place])
        if role:
            roles.setdefault(role, place)
    if "unit" not in roles and "document" not in roles:
        roles["unit"] = next((place for place in others if place not in roles.values()), others[0])
    keys = [place for role, place in roles.items() if role in ("unit", "document", "coder", "code")]
    rows = [tuple(row[place] for place in keys) for row in grid.rows[1:]]
    return (roles, marks) if len(set(rows)) == len(rows) else None


def _by_analyst(heads: list[str]) -> dict[int, tuple[str, str]]:
    """Return the code and analyst that each header names, where every code has the same two analysts or more.

    Of the two parts of a header, the analysts are those of which there are fewer, and else those of shorter names.
    """
    parts = [match for head in heads if (match := _PARTS.match(head))]
    if len(parts) < len(heads):
        return {}
    fitting = []
    for code, analyst in (("one", "other"), ("other", "one")):
        named = [(part[code].strip(), part[analyst].strip()) for part in parts]
        analysts, codes = {who for _, who in named}, {what for what, _ in named}
        if 2 <= len(analysts) <= 5 and len(codes) > 1 and len(set(named)) == len(named) == len(analysts) * len(codes):
            fitting.append((len(analysts), sum(map(len, analysts)) / len(analysts), named))
    return dict(enumerate(min(fitting, key=lambda one: one[:2])[2])) if fitting else {}


def _ratings(grid: Grid, roles: Mapping[str, int], marks: list[int], sheet_is_coder: bool) -> Iterator[_Rating]:
    heads = [grid.rows[0][place] for place in marks]
    apart = {} if "coder" in roles or "code" in roles or sheet_is_coder else _by_analyst(heads)
    for row in grid.rows[1:]:
        unit = ", ".join(dict.fromkeys(row[roles[role]] for role in ("document", "unit") if role in roles))
        person = row[roles["respondent"]] if "respondent" in roles else ""
        text = row[roles["text"]] if "text" in roles else ""
        coder = row[roles["coder"]] if "coder" in roles else grid.sheet if sheet_is_coder else ""
        for number, place in enumerate(marks):
            code, who = apart.get(number, (heads[number], coder))
            if "code" in roles:
                code, who = row[roles["code"]], heads[number]
            yield _Rating(unit, person, who, code, _value(row[place]), text)


def read_presences(path: Path, grids: list[Grid]) -> Project | None:
    """Read a table of presences by two analysts or more; None where no sheet of the file is one.

    One analyst alone looks like answers to a survey, so such a table is only read where its columns are named.
    """
    tables = [(grid, found) for grid in grids if (found := _layout(grid))]
    if not tables:
        return None
    heads = [[grid.rows[0][place] for place in marks] for grid, (_, marks) in tables]
    sheet_is_coder = len(tables) > 1 and all(found == heads[0] for found in heads)
    ratings = [rating for grid, (roles, marks) in tables for rating in _ratings(grid, roles, marks, sheet_is_coder)]
    analysts = sorted({rating.coder for rating in ratings} - {""})
    if len(analysts) < 2:
        return None
    left_out = _left_out(grids, tables)
    rows = sum(len(grid.rows) - 1 for grid, _ in tables)
    project = _project(path, ratings, rows, left_out, "the cells of its columns are 0 and 1", [g for g, _ in tables])
    project.report["warnings"].append(
        f"read as what {len(analysts)} analysts found in each unit; if these are answers, say so: --kind answers, or "
        "kind: answers in study.yml"
    )
    return project


def read_named(path: Path, grids: list[Grid], columns: Mapping[str, Any]) -> Project:
    """Read a table of presences whose columns are named: document or unit, presence (headers), coder, respondent.

    Raises KoppelkansError for a header that is not there, and for a cell that is neither 0 nor 1.
    """
    for role in columns:
        if role not in ROLES:
            raise KoppelkansError(f"{path}, columns: found {role!r}; {nearest(str(role), ROLES)}")
    named = columns["presence"] if isinstance(columns["presence"], list) else [columns["presence"]]
    wanted = [*named, *(columns[role] for role in ROLES[:-1] if role in columns)]
    grid = max(grids, key=lambda grid: sum(str(head) in grid.rows[0] for head in wanted))
    header = grid.rows[0]
    for head in wanted:
        if str(head) not in header:
            raise KoppelkansError(f"{grid.at(0)}, columns: no header {str(head)!r}; "
                                  f"{nearest(str(head), filter(None, header))}")  # fmt: skip
    roles = {role: header.index(str(columns[role])) for role in ROLES[:-1] if role in columns}
    if "unit" not in roles and "document" not in roles:
        raise KoppelkansError(f"{path}, columns: names no unit; add unit: and the header of the column that names it")
    marks = [header.index(str(head)) for head in named]
    for number, row in enumerate(grid.rows[1:], start=1):
        for place in marks:
            if row[place] and _value(row[place]) is None:
                raise KoppelkansError(
                    f"{grid.at(number)}, column {header[place]}: found {row[place]!r}, expected 0 or 1"
                )
    ratings = list(_ratings(grid, roles, marks, False))
    left_out = _left_out(grids, [(grid, (roles, marks))])
    return _project(path, ratings, len(grid.rows) - 1, left_out, "the columns that were named", [grid])


def _left_out(grids: list[Grid], tables: list[tuple[Grid, tuple[dict[str, int], list[int]]]]) -> list[str]:
    """Name the sheets and columns that are no part of a presence, with how many cells they hold."""
    others = [grid for grid in grids if not any(grid is known for known, _ in tables)]
    lines = [f"sheet {grid.sheet}: no presences ({by_number(grid.n_cells, 'cell', 'cells')})" for grid in others]
    for grid, (roles, marks) in tables:
        used = [*marks, *(place for role, place in roles.items() if role in _USED)]
        for place, head in enumerate(grid.rows[0]):
            filled = sum(bool(row[place]) for row in grid.rows[1:])
            if place not in used and (head or filled):
                lines.append(
                    f"column {head or place + 1}: not part of a presence ({by_number(filled, 'cell', 'cells')})"
                )
    return lines


def _stand_twice(ratings: list[_Rating]) -> list[str]:
    twice = len(ratings) - len({(rating.unit, rating.coder, rating.code) for rating in ratings})
    cells = by_number(twice, "cell is", "cells are")
    return [f"{cells} about a unit, code and analyst that had one before; a 1 in either counts"] * bool(twice)


def _of_unit(ratings: list[_Rating], what: str) -> tuple[dict[str, str], list[str]]:
    """Return the first text, or respondent, of each unit, and name the units that have another one further on."""
    first: dict[str, str] = {}
    differ: dict[str, None] = {}
    for rating in ratings:
        value = getattr(rating, what)
        if value and first.setdefault(rating.unit, value) != value:
            differ[rating.unit] = None
    shown = ", ".join(list(differ)[:5]) + (" and more" if len(differ) > 5 else "")
    return first, [f"another {what} further on of unit {shown}; the first is read"] if differ else []


def _span(text: str) -> tuple[Any, Any, str, str]:
    """Return start, end, place and words of a code on a unit as a whole."""
    return (0, len(text), "", text) if text else (pd.NA, pd.NA, "", "")


def _project(
    path: Path, ratings: list[_Rating], rows: int, left_out: list[str], why: str, grids: list[Grid]
) -> Project:
    paths = paths_of(([rating.code] for rating in ratings), "table")
    codes, keys = code_table((one for cell in paths for one in cell), str(path))
    units = {unit: f"document-{n}" for n, unit in enumerate(dict.fromkeys(r.unit for r in ratings), start=1)}
    people, other_people = _of_unit(ratings, "respondent")
    texts, other_texts = _of_unit(ratings, "text")
    left_out = [*left_out, *other_people, *other_texts]
    named = sorted({rating.coder for rating in ratings} - {""})
    documents = pd.DataFrame(
        [
            (key, unit, people.get(unit, ""), "text", (t := texts.get(unit, "")), bool(t), len(t))
            for unit, key in units.items()
        ],
        columns=list(DOCUMENTS),
    ).astype({name: "str" for name in DOCUMENTS if name not in ("has_text", "n_characters")})
    present = [(r, cell[-1]) for r, cell in zip(ratings, paths, strict=True) if r.present and cell]
    codings = pd.DataFrame(
        [
            (f"coding-{number}", units[rating.unit], keys[code], rating.coder, *_span(texts.get(rating.unit, "")))
            for number, (rating, code) in enumerate(present, start=1)
        ],
        columns=list(CODINGS),
    ).astype({name: "str" for name in CODINGS if name not in ("start", "end")} | {"start": "Int64", "end": "Int64"})
    held = pd.DataFrame(
        sorted({(units[r.unit], r.coder) for r in ratings if r.present is not None}), columns=["document", "coder"]
    )
    empty = sum(rating.present is None for rating in ratings)
    if uncoded := sum(rating.present is not None and not cell for rating, cell in zip(ratings, paths, strict=True)):
        left_out = [*left_out, f"{by_number(uncoded, 'cell', 'cells')} of rows without a code"]
    if empty:
        left_out = [*left_out, f"{by_number(empty, 'empty cell says', 'empty cells say')} neither 0 nor 1"]
    counts = {
        **{
            "rows": rows,
            "presences": sum(r.present is not None for r in ratings) - uncoded,
            "documents": len(documents),
        },
        **{"codes": len(codes), "codings": len(codings), "coders": len(named)},
    }
    report = {
        **{"file": path.name, "program": "table of presences", "preset": "presences", "recognised_by": why},
        **{"version": "", "encoding": grids[0].encoding, "separator": grids[0].separator},
        "counts": counted(counts, in_file={"rows": rows, "presences": len(ratings)}),
        "offsets": "the table says which unit has which code, not where in it; each unit is a document",
        "left_out": left_out,
        "warnings": list(dict.fromkeys(note for grid in grids for note in grid.notes)) + _stand_twice(ratings),
    }
    coders = pd.DataFrame({"coder": named, "name": [""] * len(named)}, dtype="str")
    respondents = pd.DataFrame({RESPONDENT: sorted(set(people.values()))}, dtype="str")
    return Project(documents, codes, codings, respondents, coders, report, held=held.assign(told=True))
