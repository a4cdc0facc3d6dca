"""Read a table of a study as it was typed: every cell text, no guessing."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.readers.files import decode
from koppelkans.readers.limits import hold

if TYPE_CHECKING:
    import pandas as pd

BOOK_ENDINGS = (".xlsx", ".xlsm")
_SEPARATORS = ",;\t"  # a Dutch Excel saves CSV with semicolons


def read_csv_table(path: Path, shown_as: str | None = None) -> pd.DataFrame:
    """Read a CSV file (separator comma, semicolon or tab) or the first sheet of a workbook (.xlsx) into text columns.

    The header is the first row with text. The index holds the row number as a spreadsheet shows it. Rows without any
    text are left out, and so are columns without header and text. `attrs["notes"]` says what was
    decided of its encoding, or is not read of a workbook. `shown_as` is how errors name the file.
    Raises KoppelkansError for a file that is missing, cannot be read, is empty or ill-formed, naming the row.
    """
    name = shown_as or str(path)
    try:
        hold("megabytes", path.stat().st_size / 1e6, name)
        content = path.read_bytes()
    except FileNotFoundError:
        raise KoppelkansError(f"{name}: no such file; put it there or take the table out of study.yml") from None
    except OSError as error:
        raise KoppelkansError(f"{name}: {why_unreadable(error)}") from None
    if path.suffix.lower() in BOOK_ENDINGS:
        return _of_workbook(path, name)
    text, _, notes = decode(content, name)
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise KoppelkansError(f"{name}: not a CSV table ({error}); look for an unclosed quotation mark") from None
    hold("rows", len(rows), name)
    hold("columns", max(map(len, rows), default=0), name)
    filled = {number: row for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)}
    if not filled:
        raise KoppelkansError(f"{name}: the file is empty; expected a header row and the rows of the table")
    header = next(iter(filled.values()))
    for number, row in filled.items():
        if len(row) != len(header):
            raise KoppelkansError(
                f"{name}, row {number}: found {len(row)} cells, expected {len(header)} "
                f"({', '.join(cell.strip() for cell in header[:4])}, ...); put quotation marks around text that holds "
                f"a {separator!r}"
            )
    return _with_header(filled, name, notes)


def _of_workbook(path: Path, name: str) -> pd.DataFrame:
    """Read the first sheet of a workbook."""
    from koppelkans.readers.grids import read_grids

    try:
        grid = read_grids(path)[0]
    except KoppelkansError as error:
        raise KoppelkansError(str(error).replace(str(path), name)) from None
    return _with_header(dict(zip(grid.numbers, grid.rows, strict=True)), name, grid.notes)


def _with_header(rows: dict[int, list[str]], name: str, notes: list[str]) -> pd.DataFrame:
    """Make a table of rows with text, by their number, of which the first is the header; empty columns are left out.

    Raises KoppelkansError for a header that stands there twice, and for text in a column without one.
    """
    import pandas as pd

    (top, header), *body = ((number, [cell.strip() for cell in row]) for number, row in rows.items())
    doubled = sorted({column for column in header if column and header.count(column) > 1})
    if doubled:
        raise KoppelkansError(
            f"{name}, row {top}: column {', '.join(map(repr, doubled))} stands there twice; expected once"
        )
    for number, row in body:
        for place, cell in enumerate(row):
            if cell and not header[place]:
                raise KoppelkansError(
                    f"{name}, row {number}, column {place + 1}: found {cell!r} below an empty header; give the column "
                    f"a name in row {top}, or empty the cell"
                )
    named = [place for place, column in enumerate(header) if column]
    table = pd.DataFrame.from_dict(
        {number: [row[place] for place in named] for number, row in body},
        orient="index",
        columns=[header[place] for place in named],
        dtype="str",
    )
    table.attrs["notes"] = notes
    return table
