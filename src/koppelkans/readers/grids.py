"""Tables of other programs as they stand in a CSV or Excel file: rows of cells, every cell text."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.files import decode, read_bytes
from koppelkans.readers.limits import hold, most
from koppelkans.readers.workbooks import read_workbook

TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".dat")
BOOK_ENDINGS = (".xlsx", ".xlsm")
EXAMPLE = re.compile(r"(voorbeeld|example)\s*:", re.IGNORECASE)
"""How the first cell of an example row begins, which is no data."""
_SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Grid:
    """A table of a file.

    rows: lists of cells of one length, text without blanks around it; rows without any text are left out.
    numbers: the number of each row as a spreadsheet shows it.
    sheet: name of the sheet of a workbook, "" for a text file. encoding and separator: in words, "" for a workbook.
    merged: numbers of the rows in which cells are merged across columns.
    notes: what a reader of the report should know of how the cells were read.
    widths: how many cells each row has in a text file, also empty ones; none for a workbook. odd: index of a row that
    is not as wide as most -> its cells as they stand there.
    """

    file: str
    rows: list[list[str]]
    numbers: list[int]
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    merged: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    odd: dict[int, list[str]] = field(default_factory=dict)

    @property
    def n_cells(self) -> int:
        """How many cells hold something."""
        return sum(bool(cell) for row in self.rows for cell in row)

    def at(self, row: int) -> str:
        """Say where the row with this index stands, as errors do."""
        sheet = f", sheet {self.sheet!r}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.numbers[row]}"


def read_grids(path: Path, expected: str = "a CSV or Excel table (.csv, .xlsx)") -> list[Grid]:
    """Return the tables of a CSV file (one) or of an Excel workbook (one for each sheet with text).

    Dates of Excel become YYYY-MM-DD, whole numbers lose their .0, merged cells all hold the value of the first.
    Raises KoppelkansError, one line, for what cannot be read.
    """
    ending = path.suffix.lower()
    if ending not in TEXT_ENDINGS + BOOK_ENDINGS:
        known = {".xls": "save it as .xlsx", ".ods": "save it as .xlsx", ".numbers": "export it as .xlsx or CSV"}
        raise KoppelkansError(
            f"{path}: found a file ending in {ending or 'nothing'!r}, expected {expected}; "
            f"{known.get(ending, 'export it as one of these')}"
        )
    content = read_bytes(path, expected)
    if ending in BOOK_ENDINGS:
        sheets = read_workbook(content, str(path))
        grids = [
            _tidy(str(path), sheet.rows, sheet=sheet.name, merged=sheet.merged, notes=sheet.notes) for sheet in sheets
        ]
    else:
        text, encoding, decided = decode(content, str(path))
        rows, separator, notes = parse_rows(text, str(path))
        grid = _tidy(str(path), rows, encoding=encoding, separator=_SEPARATORS[separator], notes=decided + notes)
        widths = [len(rows[number - 1]) for number in grid.numbers]
        usual = Counter(widths).most_common(1)[0][0] if widths else 0
        odd = {place: rows[number - 1] for place, number in enumerate(grid.numbers) if widths[place] != usual}
        grids = [dataclasses.replace(grid, widths=widths, odd=odd)]
    grids = [grid for grid in grids if grid.rows]
    if not grids:
        raise KoppelkansError(f"{path}: no cell holds anything; expected a header and rows")
    return grids


def without_examples(grid: Grid) -> Grid:
    """Leave out the rows that begin with "voorbeeld:" or "example:", and note how many."""
    kept = [place for place, row in enumerate(grid.rows) if not EXAMPLE.match(row[0])]
    if left_out := len(grid.rows) - len(kept):
        return dataclasses.replace(
            grid,
            rows=[grid.rows[place] for place in kept],
            numbers=[grid.numbers[place] for place in kept],
            widths=[grid.widths[place] for place in kept] if grid.widths else [],
            odd={new: grid.odd[old] for new, old in enumerate(kept) if old in grid.odd},
            notes=[*grid.notes, f"{by_number(left_out, 'example row is', 'example rows are')} left out"],
        )
    return grid


def parse_rows(text: str, name: str) -> tuple[list[list[str]], str, list[str]]:
    """Return the rows of a CSV text, its separator, and notes on how it was read.

    The separator is the one that gives most rows the same number of cells, more than one.
    Raises KoppelkansError where a quotation mark is never closed.
    """
    declared = re.match(r"sep=(.)\n", text)  # Excel's own line
    if declared and declared[1] in _SEPARATORS:
        return [["sep="], *_rows(text[declared.end() :], declared[1], name)[0]], declared[1], []
    separator = max(_SEPARATORS, key=lambda candidate: _fit(text, candidate))
    rows, loose = _rows(text, separator, name)
    notes = ["some quotation marks do not follow the rules of CSV; look at the cells with quotation marks"]
    return rows, separator, notes if loose else []


def _fit(text: str, separator: str) -> tuple[float, int]:
    """Say how well a separator fits: the share of rows of the commonest width, and that width."""
    start = text[:200_000]
    widths = []
    try:
        for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
            if any(row):
                widths.append(len(row))
            if len(widths) == 60:
                break
    except csv.Error:
        return 0.0, 0
    if len(start) < len(text) and len(widths) > 1:
        widths.pop()  # it may be cut
    width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
    return (0.0, 0) if width < 2 else (round(times / len(widths), 1), width)


def _rows(text: str, separator: str, name: str) -> tuple[list[list[str]], bool]:
    before = csv.field_size_limit(len(text) + 1)
    try:
        return _within_limits(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), name), False
    except csv.Error as error:
        if "unexpected end" in str(error):
            start = _last_opened(text, separator)
            raise KoppelkansError(
                f"{name}, row {start}: a quotation mark opens there and never closes; the file may be cut off, so "
                "export it again"
            ) from None
        return _within_limits(csv.reader(io.StringIO(text, newline=""), delimiter=separator), name), True
    finally:
        csv.field_size_limit(before)


def _within_limits(reader: Iterable[list[str]], name: str) -> list[list[str]]:
    rows, cells = list[list[str]](), 0
    most_columns, most_cells, most_rows = most("columns"), most("cells"), most("rows")
    for row in reader:
        rows.append(row)
        cells += len(row)
        if len(row) > most_columns or cells > most_cells or len(rows) > most_rows:
            for what, found in (("columns", len(row)), ("cells", cells), ("rows", len(rows))):
                hold(what, found, f"{name}, row {len(rows)}")
    return rows


def _last_opened(text: str, separator: str) -> int:
    """Return the number of the row that the end of the text cuts off: how many rows are whole, plus one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    whole = 0
    try:
        for _ in reader:
            whole += 1
    except csv.Error:
        pass
    return whole + 1


def _tidy(file: str, rows: Iterable[list[Any]], **described: Any) -> Grid:
    kept: list[list[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows, start=1):
        cells = [cell_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells and cells != ["sep="]:
            kept.append(cells)
            numbers.append(number)
    width = max(map(len, kept), default=0)
    return Grid(file, [row + [""] * (width - len(row)) for row in kept], numbers, **described)


def cell_text(value: Any) -> str:
    """Return a cell as text: dates as YYYY-MM-DD (with a time where there is one), whole numbers without .0."""
    if isinstance(value, str):
        return _plain_text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _plain_text(text: str) -> str:
    if "\r" in text or "_x000D_" in text:  # how Excel writes the end of a line within a cell
        text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\u00a0", " ").strip().removeprefix("\ufeff")


def normal(header: str) -> str:
    """Return a header without capitals, accents, marks and double blanks, to compare it."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[^\W_]+", plain))


def nearest(word: str, options: Iterable[str]) -> str:
    """Name the option that a word was probably meant to be (the first of equally near ones), or list the first few."""
    names = list(options)
    likeness = {
        name: max(SequenceMatcher(None, *pair).ratio() for pair in ((word, name), (normal(word), normal(name))))
        for name in names
    }
    if likeness and max(likeness.values()) >= 0.6:
        return f"did you mean {max(names, key=likeness.__getitem__)!r}?"
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"expected one of {shown}"
