"""The rows of a table of coded segments, once it is known what each column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.grids import Grid
from koppelkans.readers.row_lengths import even_rows
from koppelkans.readers.segment_codes import paths_of, split_codes
from koppelkans.readers.segment_presets import ATLAS, Preset
from koppelkans.readers.segment_project import Reading, Segment, place_between


def read_rows(
    reading: Reading,
    grid: Grid,
    header: int,
    roles: dict[str, list[int]],
    program: Preset,
    settings: Mapping[str, Any],
    by_sheet: bool = False,
) -> None:
    """Add the segments below a header row to a reading; `roles`: the columns of each role, `settings`: as typed."""
    grid = even_rows(grid, header)
    reading.warnings += grid.notes
    body = grid.rows[header + 1 :]

    def cells(role: str) -> list[str]:
        places = roles.get(role, [])
        return [row[places[0]] for row in body] if places else [""] * len(body)

    levels = roles.get("code", [])
    if len(levels) > 1:  # a column for each level
        named = [[tuple(row[place] for place in levels if row[place])] for row in body]
        paths = [[path for path in cell if path] for cell in named]
    else:
        code_cells = cells("code") if levels else [grid.sheet if by_sheet else ""] * len(body)
        names, notes = split_codes(code_cells, program.several, settings.get("separator"))
        reading.warnings += notes
        paths = paths_of(names, program.name, settings.get("hierarchy"))
    if apart := roles.get("codes", []):  # a column for each of several codes
        levels_by = settings.get("hierarchy")
        each = [[path for p in apart for path in paths_of([[row[p]]], program.name, levels_by)[0]] for row in body]
        paths = [list(dict.fromkeys(cell)) for cell in each]
    above = [[row[place] for place in roles.get("above", []) if row[place]] for row in body]
    paths = [[(*reversed(up), *path) for path in cell] for up, cell in zip(above, paths, strict=True)]
    documents = cells("document") if "document" in roles else _documents_by_id(cells("id"), program)
    places = [place_between(*pair) for pair in zip(cells("place"), cells("place_end"), strict=True)]
    if program.name == "table" and settings == {}:
        places = _beside_offsets(places, cells("start"), cells("end"), roles, reading)
    starts, ends = _offsets(grid, header, cells("start"), cells("end"))
    texts, coders, respondents = cells("text"), cells("coder"), cells("respondent")
    comments = cells("comment")
    if "respondent" not in roles and (
        "attributes" in roles or any(h.startswith("FileVar_") for h in grid.rows[header])
    ):
        respondents = documents  # what describes a document describes who is in it
    used = _used(grid.rows[header], roles, program)
    reading.left_out += _unused_columns(grid, header, used)
    if above_it := sum(len(cell) for row in grid.rows[:header] for cell in dict.fromkeys(row)):
        rows_above = by_number(header, "row above the header", "rows above the header")
        reading.left_out.append(f"{rows_above} ({by_number(above_it, 'character', 'characters')})")
    uncoded = empty = lost = 0
    for number in range(len(body)):
        reading.rows += 1
        if not paths[number]:
            uncoded += bool(texts[number])
            empty += not texts[number]
            lost += sum(len(body[number][place]) for place in used)
            continue
        _note_attributes(reading, grid.rows[header], body[number], respondents[number], roles)
        reading.segments.append(
            Segment(documents[number], texts[number], paths[number], starts[number], ends[number], places[number],
                     coders[number], respondents[number], comments[number])
        )  # fmt: skip
    in_file = sum(len(cell) for row in body for cell in row)
    left = in_file - sum(len(row[place]) for row in body for place in used) + lost
    reading.characters = (reading.characters[0] + in_file, reading.characters[1] + left)
    if uncoded:
        reading.left_out.append(f"{by_number(uncoded, 'row', 'rows')} without a code")
    if empty:
        reading.left_out.append(f"{by_number(empty, 'row', 'rows')} with neither a code nor a text")


def _used(header: list[str], roles: dict[str, list[int]], program: Preset) -> set[int]:
    """Return the columns of which something comes into the tables; of all others the report says that it does not."""
    without = ("id",) if "document" in roles or program is not ATLAS else ()
    variables = [place for place, cell in enumerate(header) if cell.startswith(("FileVar_", "CaseVar_"))]
    return {*variables, *(place for role, places in roles.items() if role not in without for place in places)}


def _unused_columns(grid: Grid, header: int, used: set[int]) -> list[str]:
    """Name the columns that are no part of a coded segment, with how much they hold."""
    lines = []
    for place, head in enumerate(grid.rows[header]):
        cells = [row[place] for row in grid.rows[header + 1 :] if row[place]] if place not in used else []
        if cells:
            lines.append(
                f"column {head or place + 1}: not part of a coded segment ({by_number(len(cells), 'cell', 'cells')}, "
                f"{by_number(sum(map(len, cells)), 'character', 'characters')})"
            )
    return lines


def _documents_by_id(ids: list[str], program: Preset) -> list[str]:
    """Return the document of each quotation by its number (ATLAS.ti: 3:10 is the tenth of document 3)."""
    if program is not ATLAS:
        return [""] * len(ids)
    return [f"document {cell.partition(':')[0]}" if ":" in cell else "" for cell in ids]


def _note_attributes(
    reading: Reading, header: list[str], row: list[str], respondent: str, roles: dict[str, list[int]]
) -> None:
    if not respondent:
        return
    known = reading.attributes.setdefault(respondent, {})
    named = {header[place]: row[place] for place in roles.get("attributes", [])}
    named |= {
        head.partition("_")[2]: cell
        for head, cell in zip(header, row, strict=True)
        if head.startswith(("FileVar_", "CaseVar_"))
    }
    for name, value in named.items():
        if value and known.setdefault(name, value) != value:
            reading.warnings.append(
                f"respondent {respondent}: {name} is {known[name]!r} and also {value!r}; first kept"
            )


def _beside_offsets(
    places: list[str], starts: list[str], ends: list[str], roles: dict[str, list[int]], reading: Reading
) -> list[str]:
    """Keep start and end that are no characters as a place, and take them out of the roles."""
    given = [(start, end) for start, end in zip(starts, ends, strict=True) if start or end]
    if not given or all(start.isdigit() and end.isdigit() for start, end in given):
        return places
    roles.pop("start", None)
    roles.pop("end", None)
    reading.warnings.append("start and end are no counts of characters; kept as the place of a segment")
    return [place or place_between(start, end) for place, start, end in zip(places, starts, ends, strict=True)]


def _offsets(grid: Grid, header: int, starts: list[str], ends: list[str]) -> tuple[list[int | None], list[int | None]]:
    """Return positions in characters.

    Raises KoppelkansError for a cell that is no whole number, and for an end before its start.
    """
    found: list[list[int | None]] = [[], []]
    for number, pair in enumerate(zip(starts, ends, strict=True)):
        numbers = []
        for cell in pair:
            if cell and not re.fullmatch(r"\d{1,12}", cell):
                raise KoppelkansError(
                    f"{grid.at(header + 1 + number)}: found {cell!r} as a position, expected a count of characters; "
                    "name paragraphs or times as place"
                )
            numbers.append(int(cell) if cell else None)
        start, end = numbers
        if start is not None and end is not None and end < start:
            raise KoppelkansError(f"{grid.at(header + 1 + number)}: ends at {end}, before it starts at {start}")
        whole = start is not None and end is not None
        found[0].append(start if whole else None)
        found[1].append(end if whole else None)
    return found[0], found[1]
