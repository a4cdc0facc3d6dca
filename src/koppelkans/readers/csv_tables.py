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

    The index holds the row number as a spreadsheet shows it: the header is row 1, the first row of data row 2. Rows
    without any text are left out. `attrs["notes"]` says what was decided of its encoding, or is not read of a workbook.
    `shown_as` is how errors name the file.
    Raises KoppelkansError for a file that is missing, cannot be read, is empty or ill-formed, naming the row.
    """
    import pandas as pd

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
    if not text.strip():
        raise KoppelkansError(f"{name}: the file is empty; expected a header row and the rows of the table")
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise KoppelkansError(f"{name}: not a CSV table ({error}); look for an unclosed quotation mark") from None
    hold("rows", len(rows), name)
    hold("columns", max(map(len, rows)), name)
    header = [column.strip() for column in rows[0]]
    _refuse_doubled(header, name, 1)
    body: dict[int, list[str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise KoppelkansError(
                f"{name}, row {number}: found {len(row)} cells, expected {len(header)} "
                f"({', '.join(header[:4])}, ...); put quotation marks around text that holds a {separator!r}"
            )
        body[number] = [cell.strip() for cell in row]
    table = pd.DataFrame.from_dict(body, orient="index", columns=header, dtype="str")
    table.attrs["notes"] = notes
    return table


def _of_workbook(path: Path, name: str) -> pd.DataFrame:
    """Read the first sheet of a workbook; its header is the first row with text."""
    import pandas as pd

    from koppelkans.readers.grids import read_grids

    try:
        grid = read_grids(path)[0]
    except KoppelkansError as error:
        raise KoppelkansError(str(error).replace(str(path), name)) from None
    header = grid.rows[0]
    _refuse_doubled(header, name, grid.numbers[0])
    for cells, number in zip(grid.rows[1:], grid.numbers[1:], strict=True):
        for place, cell in enumerate(cells):
            if cell and not header[place]:
                raise KoppelkansError(
                    f"{name}, row {number}, column {place + 1}: found {cell!r} below an empty header; give the column "
                    "a name in row 1, or empty the cell"
                )
    named = [place for place, column in enumerate(header) if column]
    body = {
        number: [row[place] for place in named] for row, number in zip(grid.rows[1:], grid.numbers[1:], strict=True)
    }
    table = pd.DataFrame.from_dict(body, orient="index", columns=[header[place] for place in named], dtype="str")
    table.attrs["notes"] = grid.notes
    return table


def _refuse_doubled(header: list[str], name: str, row: int) -> None:
    """Refuse a header in which two columns have one name."""
    doubled = sorted({column for column in header if column and header.count(column) > 1})
    if doubled:
        raise KoppelkansError(
            f"{name}, row {row}: column {', '.join(map(repr, doubled))} stands there twice; expected once"
        )
