"""Tables of coded segments, as programs for coding export them, to the tables of a coded project."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers import nvivo_reports
from koppelkans.readers.files import decode, read_bytes
from koppelkans.readers.grids import Grid, nearest, normal, read_grids
from koppelkans.readers.line_ends import lines_of
from koppelkans.readers.presences import read_named, read_presences
from koppelkans.readers.project import Project
from koppelkans.readers.segment_codes import paths_of
from koppelkans.readers.segment_presets import GENERIC, PRESETS, ROLES, Preset, recognise
from koppelkans.readers.segment_project import Reading, Segment, project_of
from koppelkans.readers.segment_rows import read_rows
from koppelkans.readers.word import read_word

_EXPECTED = "coded segments as .csv, .tsv or .xlsx (or NVivo's export of a code as .txt or .docx)"
_NUMBERED_CODES = (
    "columns with a number behind them are taken as several codes of one row; if they are levels of one code, name "
    "them from the top down: columns: {code: [...]}"
)
_SETTINGS = ("separator", "hierarchy", "attributes")


def read_segments(
    path: Path, columns: Mapping[str, Any] | None = None, preset: str | None = None, sheet: str | None = None
) -> Project:
    """Read a table of coded segments, or of presences; the program is found by the headers of the table.

    columns: role -> header, for a table of your own: document, code (one header, or a list from the top code down),
        codes (a list of headers, each with a code of its own, where a row has several), text, and if there are: start,
        end (characters), place (paragraph, page or time), coder, respondent, comment; also separator and hierarchy
        (what parts codes, and levels of a code, in a cell) and attributes (headers that
        describe the respondent); or, of a table of presences, unit, coder and presence (`presences.read_named`).
    preset: one of atlas.ti, maxqda, nvivo, qualcoder, taguette, table. sheet: the only sheet to read of a workbook.
    Documents have no text but where segments with positions cover a document wholly. Names of coders become coder-1,
    coder-2, ... unless `columns` names the coder column. Codings keep comments in `kept["comments"]`.
    Raises KoppelkansError, one line, for a file that cannot be read, a header that is not there, or no known headers.
    """
    path = Path(path)
    if preset is not None and preset not in {known.name for known in PRESETS}:
        raise KoppelkansError(f"{path}: preset {preset!r}; {nearest(preset, [known.name for known in PRESETS])}")
    reading = _coded_text(path, _EXPECTED) if preset in (None, "nvivo") and not columns else None
    if reading is None:
        if path.suffix.lower() == ".docx":
            raise KoppelkansError(f"{path}: found a Word document without NVivo's coded text, expected {_EXPECTED}")
        grids = _of_sheet(path, read_grids(path, _EXPECTED), sheet)
        if columns and "presence" in columns:
            return read_named(path, grids, columns)
        is_unknown = not columns and preset is None and not any(recognise(grid.rows) for grid in grids)
        if is_unknown and (project := read_presences(path, grids)):
            return project
        reading = _tables(path, grids, columns, preset)
    if not reading.segments:
        raise KoppelkansError(f"{path}: found headers and no coded segment below them; expected a row a segment")
    return project_of(path, reading)


def _of_sheet(path: Path, grids: list[Grid], sheet: str | None) -> list[Grid]:
    """Return the sheet that was asked for, or all. Raises KoppelkansError where the file has no such sheet."""
    if sheet is None:
        return grids
    found = [grid for grid in grids if normal(grid.sheet) == normal(sheet)]
    if not found:
        names = [grid.sheet for grid in grids if grid.sheet]
        why = nearest(sheet, names) if names else "this file has no sheets, so leave sheet: out"
        raise KoppelkansError(f"{path}: no sheet {sheet!r}; {why}")
    return found


def read_coded_text(path: Path, expected: str) -> Project:
    """Read what NVivo writes of the text coded with a code (.txt, .docx).

    Raises KoppelkansError, saying that `expected` was, where the file is something else or holds none of the text.
    """
    reading = _coded_text(path, expected)
    if reading is None:
        raise KoppelkansError(f"{path}: found no text coded with a code, expected {expected}")
    return project_of(path, reading)


def _coded_text(path: Path, expected: str) -> Reading | None:
    """Read NVivo's export of coded text; None where the file is something else."""
    unread: list[str] = []
    if path.suffix.lower() == ".docx":
        word = read_word(path)
        lines = [line for paragraph in word.paragraphs for _, line in lines_of(paragraph.text)]
        encoding, notes = "", list[str]()
        unread = [f"{what}: {n:,} ({by_number(words, 'word', 'words')})" for what, (n, words) in word.left_out.items()]
        rows = by_number(len(word.header), "row", "rows")
        unread += [f"{rows} of a table at the head of the document"] if word.header else []
    elif path.suffix.lower() == ".txt":
        text, encoding, notes = decode(read_bytes(path, expected), str(path))
        lines = [line for _, line in lines_of(text)]
    else:
        return None
    if not nvivo_reports.is_coded_text(lines):
        return None
    references, beside = nvivo_reports.read_coded_text(lines, path.stem)
    why = "sources with the share coded, and numbered references"
    return _of_references(path, references, [*beside, *unread], encoding, notes, why)


def _of_references(
    path: Path,
    references: list[nvivo_reports.Reference],
    left_out: list[str],
    encoding: str,
    notes: list[str],
    why: str,
) -> Reading:
    if not references:
        raise KoppelkansError(
            f"{path}: NVivo's export names where text is coded and holds none of that text; export it again with the "
            "coded text, or export the project as REFI-QDA"
        )
    paths = paths_of(([reference.code] for reference in references), "nvivo")
    reading = Reading(rows=len(references), warnings=list(notes), left_out=left_out)
    reading.report = {
        "program": "NVivo",
        "preset": "nvivo",
        "recognised_by": why,
        "encoding": encoding,
        "separator": "",
    }
    for reference, codes in zip(references, paths, strict=True):
        reading.segments.append(
            Segment(
                reference.document, reference.text, codes, place=f"reference {reference.number}", coder=reference.coder
            )
        )
    return reading


def _tables(path: Path, grids: list[Grid], columns: Mapping[str, Any] | None, preset: str | None) -> Reading:
    if columns:
        return _own_table(path, grids, columns)
    summaries = [grid for grid in grids if preset in (None, "nvivo") and nvivo_reports.is_coding_summary(grid)]
    if summaries:
        read = [nvivo_reports.read_coding_summary(grid) for grid in summaries]
        left_out = [line for _, beside in read for line in beside] + _other_sheets(grids, summaries, "coding summary")
        references = [reference for found, _ in read for reference in found]
        notes = [note for grid in summaries for note in grid.notes]
        why = "the headers of NVivo's report Coding Summary"
        return _of_references(path, references, left_out, summaries[0].encoding, notes, why)
    known = [(grid, found) for grid in grids if (found := recognise(grid.rows, preset))]
    if not known:
        header = ", ".join(repr(cell) for cell in grids[0].rows[0] if cell)[:200]
        raise KoppelkansError(
            f"{path}: no known headers (row 1 holds {header}); name the columns with "
            "columns: {document: ..., code: ..., text: ...}"
        )
    best = max((found[0] for _, found in known), key=lambda p: (p is not GENERIC, -PRESETS.index(p)))
    reading = Reading()
    for grid, (program, row) in known:
        if program is best:
            roles = _roles(program, grid.rows[row])
            if "codes" in roles:
                reading.warnings.append(_NUMBERED_CODES)
            read_rows(reading, grid, row, roles, program, {}, by_sheet=len(known) > 1)
    of_best = [grid for grid, (program, _) in known if program is best]
    reading.left_out += _other_sheets(grids, of_best, f"coded segments of {best.program}")
    first, (_, row) = next((grid, found) for grid, found in known if found[0] is best)
    shown = [cell for cell in first.rows[row] if best.role_of(cell)]
    reading.report = {
        "program": best.program,
        "preset": best.name,
        "recognised_by": "the headers " + ", ".join(shown),
        "encoding": first.encoding,
        "separator": first.separator,
    }
    return reading


def _other_sheets(grids: list[Grid], read: list[Grid], what: str) -> list[str]:
    """Name the sheets that are not among those that were read, with what they hold."""
    others = [grid for grid in grids if not any(grid is known for known in read)]
    return [f"sheet {grid.sheet}: no {what} ({by_number(grid.n_cells, 'cell', 'cells')})" for grid in others]


def _roles(program: Preset, header: list[str]) -> dict[str, list[int]]:
    """Return the columns of each role: the first of its headers that are there, but all categories above a code."""
    found: dict[str, list[int]] = {}
    for role, names in program.headers.items():
        places = [place for name in names for place, cell in enumerate(header) if normal(cell) == name]
        if places:
            found[role] = places if role == "above" else places[:1]
    if numbered := [place for place, cell in enumerate(header) if program.role_of(cell) == "codes"]:
        found["codes"] = numbered
    return found


def _own_table(path: Path, grids: list[Grid], columns: Mapping[str, Any]) -> Reading:
    for role in columns:
        if role not in ROLES and role not in _SETTINGS:
            raise KoppelkansError(f"{path}, columns: found {role!r}; {nearest(str(role), [*ROLES, *_SETTINGS])}")
    if columns.get("code") and columns.get("codes"):
        raise KoppelkansError(
            f"{path}, columns: found code and codes; expected code: for the levels of one code, from the top down, or "
            "codes: for columns that each hold a code of their own"
        )
    for role in ("code", "text"):
        if (
            not columns.get(role)
            and not (role == "code" and columns.get("codes"))
            and not (role == "text" and columns.get("start"))
        ):
            raise KoppelkansError(f"{path}, columns: names no {role}; add {role}: and the header of that column")
    wanted = {
        role: [named] if isinstance(named, str | int) else list(named)
        for role, named in columns.items()
        if named and role not in ("separator", "hierarchy")
    }
    heads = [name for names in wanted.values() for name in names]
    grid, row = max(
        ((grid, row) for grid in grids for row in range(min(30, len(grid.rows)))),
        key=lambda pair: (sum(_place(pair[0].rows[pair[1]], name) is not None for name in heads), -pair[1]),
    )
    header = grid.rows[row]
    for role, names in wanted.items():
        for name in names:
            if _place(header, name) is None:
                raise KoppelkansError(
                    f"{grid.at(row)}, columns, {role}: no header {str(name)!r}; "
                    f"{nearest(str(name), filter(None, header))}"
                )
    roles = {role: [p for n in names if (p := _place(header, n)) is not None] for role, names in wanted.items()}
    reading = Reading(
        keeps_coders=True, left_out=_other_sheets(grids, [grid], "sheet with the columns that were named")
    )
    _refuse_codes_as_levels(grid, row, roles.get("code", []))
    read_rows(reading, grid, row, roles, GENERIC, columns)
    reading.report = {
        "program": GENERIC.program,
        "preset": "own columns",
        "recognised_by": "the columns that were named",
        "encoding": grid.encoding,
        "separator": grid.separator,
    }
    return reading


def _refuse_codes_as_levels(grid: Grid, header: int, levels: list[int]) -> None:
    """Raise KoppelkansError where columns named as levels of one code hold the same codes, so are no levels."""
    for upper, lower in pairwise(levels):
        above, below = ({row[place] for row in grid.rows[header + 1 :]} - {""} for place in (upper, lower))
        shared = above & below
        if len(shared) > 1 and len(shared) * 2 >= min(len(above), len(below)):
            one, other = grid.rows[header][upper], grid.rows[header][lower]
            raise KoppelkansError(
                f"{grid.at(header)}, columns, code: {one!r} and {other!r} hold the same codes ({sorted(shared)[0]!r} "
                f"and {len(shared) - 1} more), expected levels of one code from the top down; if a row has several "
                "codes, say codes: in place of code:"
            )


def _place(header: list[str], name: Any) -> int | None:
    """Return the place of a header, as written or with other capitals and marks."""
    if str(name) in header:
        return header.index(str(name))
    return next((p for p, cell in enumerate(header) if normal(cell) == normal(str(name)) != ""), None)
