"""Rows of a CSV that have another number of cells than the header: mended where the cause is plain, else named."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.grids import Grid, cell_text

_MOST_NAMED = 5


def even_rows(grid: Grid, header: int) -> Grid:
    """Return a table of which each row below the header has as many cells as the header, with notes on what was done.

    A row that is too long is mended where the cells too many begin with a blank, as after a comma in a sentence. Rows
    that are too short are joined where together they make one whole row, or where a loose line follows a whole row: a
    line break in a text without quotation marks. A short row that begins as the others do is kept, and named.
    `header` is the index of the row with the headers. A workbook has no such rows.
    Raises KoppelkansError, naming row, cells found and expected and the likely cause, for any other row.
    """
    if not grid.odd:
        return grid
    expected = grid.widths[header]
    rows, numbers = list(grid.rows[: header + 1]), list(grid.numbers[: header + 1])
    shapes = _shapes_of_keys(grid, header, expected)
    notes: list[str] = []
    short: list[int] = []
    index = header + 1
    while index < len(grid.rows):
        cells = _cells(grid, index, expected)
        used = 1
        if len(cells) > expected:
            cells = _rejoined(grid, index, cells, expected, header)
            notes.append(
                f"row {grid.numbers[index]} has {grid.widths[index]} cells, the header {expected}: a {grid.separator} "
                "in a text without quotation marks; the parts that begin with a blank were joined"
            )
        elif len(cells) < expected:
            whole, used = _whole_row(grid, index, expected, shapes)
            if used > 1:
                cells = whole
                last = grid.numbers[index + used - 1]
                notes.append(
                    f"rows {grid.numbers[index]} to {last} together have the {expected} cells of the header: a line "
                    "break in a text without quotation marks; joined"
                )
            elif len(cells) == 1 and _shape(cells[0]) not in shapes and len(rows) > header + 1:
                rows[-1] = _with_line(rows[-1], expected, cells[0])
                notes.append(
                    f"row {grid.numbers[index]} has 1 cell, the header {expected}: a line break without quotation "
                    f"marks in row {numbers[-1]}; read as the end of its last cell"
                )
                index += 1
                continue
            elif _shape(cells[0]) not in shapes or (len(cells) == 1 and "9" not in _shape(cells[0])):
                raise _refusal(grid, index, expected, "a line break without quotation marks in the row before it")
            else:
                short.append(grid.numbers[index])
        rows.append(cells + [""] * (expected - len(cells)))
        numbers.append(grid.numbers[index])
        index += used
    if short:
        named = ", ".join(map(str, short[:_MOST_NAMED])) + (" and more" if len(short) > _MOST_NAMED else "")
        notes.append(
            f"{by_number(len(short), 'row has', 'rows have')} "
            f"fewer cells than the {expected} of the header (row {named}); "
            "read as empty at "
            "their end, or the file was cut off"
        )
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return dataclasses.replace(grid, rows=rows, numbers=numbers, odd={}, widths=[], notes=[*grid.notes, *notes])


def _cells(grid: Grid, index: int, expected: int) -> list[str]:
    """Return the cells of a row as they stand there, without empty ones beyond the header's."""
    cells = grid.rows[index][: grid.widths[index]] if index not in grid.odd else grid.odd[index]
    while len(cells) > expected and not cells[-1].strip():
        cells = cells[:-1]
    return [cell_text(cell) for cell in cells] if len(cells) <= expected else list(cells)


def _rejoined(grid: Grid, index: int, cells: list[str], expected: int, header: int) -> list[str]:
    """Return the cells of a row that is too long, with those that begin with a blank joined to the one before."""
    loose = [place for place, cell in enumerate(cells) if place and re.match(r"[ \u00a0]\S", cell)]
    mark = {"comma": ",", "semicolon": ";", "bar": "|"}.get(grid.separator, "")
    if len(loose) != len(cells) - expected or not mark or _has_blanks(grid, header):
        every = {grid.widths[row] for row in range(header + 1, len(grid.rows))}
        cause = f"a {grid.separator} in a text without quotation marks"
        if len(every) == 1 and len(grid.rows) - header > 2:
            cause = "all rows have as many: does the header lack the name of the first column?"
        raise _refusal(grid, index, expected, cause)
    joined: list[str] = []
    for place, cell in enumerate(cells):
        if place in loose:
            joined[-1] += mark + cell
        else:
            joined.append(cell)
    return [cell_text(cell) for cell in joined]


def _has_blanks(grid: Grid, header: int) -> bool:
    """Tell whether this file puts a blank behind every separator."""
    return any(re.match(r"[ \u00a0]\S", cell) for cell in grid.odd.get(header, [])[1:])


def _whole_row(grid: Grid, index: int, expected: int, shapes: Counter[str]) -> tuple[list[str], int]:
    """Return the row that a short row and those below it make together, and how many they are; 1 where they do not."""
    cells = _cells(grid, index, expected)
    for used in range(2, min(50, len(grid.rows) - index) + 1):
        below = _cells(grid, index + used - 1, expected)
        if not below or _shape(below[0]) in shapes or len(cells) + len(below) - 1 > expected:
            break
        cells = [*cells[:-1], f"{cells[-1]}\n{below[0]}".strip(), *below[1:]]
        if len(cells) == expected:
            return cells, used
    return cells, 1


def _with_line(row: list[str], expected: int, line: str) -> list[str]:
    return [*row[: expected - 1], f"{row[expected - 1]}\n{line}".strip(), *row[expected:]]


def _shape(cell: str) -> str:
    """Return how a cell is written, to tell keys from words: R_12 -> a_9."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))


def _shapes_of_keys(grid: Grid, header: int, expected: int) -> Counter[str]:
    """Return how the first cells of whole rows are written."""
    whole = [row for row in range(header + 1, len(grid.rows)) if grid.widths[row] == expected]
    return Counter(_shape(grid.rows[row][0]) for row in whole)


def _refusal(grid: Grid, index: int, expected: int, cause: str) -> KoppelkansError:
    width = len(_cells(grid, index, expected))
    more = sum(1 for row in range(index + 1, len(grid.rows)) if len(_cells(grid, row, expected)) != expected)
    others = f" (and {by_number(more, 'more row', 'more rows')} of another length)" if more else ""
    return KoppelkansError(
        f"{grid.at(index)}: has {by_number(width, 'cell', 'cells')}, the header {expected}{others}: {cause}? "
        "put quotation marks around such a text, or export the file again"
    )
