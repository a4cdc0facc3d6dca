"""Answers as a table with a row for each respondent: CSV or Excel without a program's own marks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.answers.headers import without_header
from koppelkans.readers.answers.model import Column, Source
from koppelkans.readers.answers.own_columns import WHEN, form, is_moment, own_columns
from koppelkans.readers.grids import Grid, nearest, normal

RESPONDENT_NAMES = (
    "respondent", "respondentnummer", "respondentnr", "respondent nr", "respondent nummer", "respondent id",
    "respondentid", "respondentcode", "respondent code", "respnr", "resp nr", "resp id", "respid", "resp", "r nr",
    "deelnemer", "deelnemernummer", "deelnemer nr", "deelnemer id", "participant", "participant id", "participantid",
    "participant nr", "subject", "subject id", "case", "case id", "caseid", "casenr", "id", "response id", "responseid",
    "antwoord id", "nummer", "nr", "volgnummer", "code respondent", "record", "record id", "respondent number",
)  # fmt: skip


def choose_sheet(
    grids: list[Grid], wanted: str | None, respondent: str | None, of_questions: Collection[str]
) -> tuple[Grid, list[Grid]]:
    """Return the sheet to read, and the others.

    That is the named one; else the one with the respondents' column, else the one with most cells. Sheets with a name
    of `of_questions` come last.
    Raises KoppelkansError for a name that no sheet has.
    """
    names = [grid.sheet for grid in grids]
    if wanted is not None:
        chosen = [grid for grid in grids if grid.sheet == wanted]
        if not chosen:
            raise KoppelkansError(f"{grids[0].file}: has no sheet {wanted!r}; {nearest(wanted, names)}")
        return chosen[0], [grid for grid in grids if grid is not chosen[0]]
    known = {normal(respondent)} if respondent else set(RESPONDENT_NAMES)

    def rank(grid: Grid) -> tuple[bool, bool, int]:
        has_key = any(normal(cell) in known for row in grid.rows[:12] for cell in row)
        return form(grid.sheet) not in of_questions, has_key, len(grid.rows) * len(grid.rows[0])

    chosen_grid = max(grids, key=rank)
    return chosen_grid, [grid for grid in grids if grid is not chosen_grid]


def read_table(grid: Grid, respondent: str | None, wanted: set[str]) -> Source:
    """Return the columns of a table: a title above it is skipped, a header of two rows (merged cells) is joined.

    A second row with the texts of the questions gives their labels. Columns with names and addresses, times, and those
    that a program for surveys wrote of its own accord are left out unless they are `wanted`, or are the key.
    """
    first, names, labels = _header(grid, respondent)
    body = range(first, len(grid.rows))
    cells_of = [[grid.rows[row][place] for row in body] for place in range(len(names))]
    own = own_columns({name: cells for name, cells in zip(names, cells_of, strict=True) if name})
    own |= {name: WHEN for name, cells in zip(names, cells_of, strict=True) if is_moment(name, cells)}
    key = respondent or key_among(names)
    columns, left_out = {}, without_header(names, cells_of)
    for name, label, cells in zip(names, labels, cells_of, strict=True):
        if name in own and name != key and name not in wanted:
            left_out[name] = own[name]
        elif name:
            columns[name] = Column(name, {"": label} if label else {}, _dates(name, cells), [""] * len(cells))
    return Source(
        file=grid.file,
        program="table",
        why="a header row and a row for each respondent",
        columns=columns,
        rows=[f"row {grid.numbers[row]}" for row in body],
        encoding=grid.encoding,
        separator=grid.separator,
        sheet=grid.sheet,
        left_out=left_out,
        skipped=_above(grid.rows[: header_row(grid, respondent)], [*names, *labels]),
        warnings=list(grid.notes),
    )


def _above(rows: list[list[str]], headers: list[str]) -> list[str]:
    """Name the rows above the header that are no part of it: a title, a date, an explanation."""
    known = {*headers, *(header.partition("[")[0] for header in headers)}
    beside = [cells for row in rows if (cells := {cell for cell in row if cell} - known)]
    n = sum(map(len, beside))
    rows_above = by_number(len(beside), "row above the header", "rows above the header")
    return [f"{rows_above} ({by_number(n, 'cell', 'cells')})"] if beside else []


def key_among(names: Iterable[str]) -> str:
    """Return the column with the key of respondents, by its name, "" where none has a known one."""
    plain = {normal(name): name for name in reversed(list(names))}
    return next((plain[name] for name in RESPONDENT_NAMES if name in plain), "")


def _header(grid: Grid, respondent: str | None) -> tuple[int, list[str], list[str]]:
    """Return the index of the first row of answers, and the names and labels of the columns.

    Raises KoppelkansError where a name stands twice, or no row of answers follows.
    """
    known = {normal(respondent)} if respondent else set(RESPONDENT_NAMES)
    rows = grid.rows
    start = header_row(grid, respondent)
    names = list(rows[start])
    labels = _upper_labels(grid, start, names)
    if _has_texts(grid, start, known):
        labels = rows[start + 1]
        start += 1
    elif _has_second_row(grid, start, known):
        names = _under_each(names, rows[start + 1])
        labels = _labels_of(names)
        start += 1
    elif start and grid.numbers[start - 1] in grid.merged and len(set(rows[start - 1])) > 2:
        names = _under_each(rows[start - 1], names)
        labels = _labels_of(names)
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise KoppelkansError(
            f"{grid.at(start)}: the header {doubled[0]!r} stands there {names.count(doubled[0])} times, expected once; "
            "give each column a name of its own"
        )
    if start + 1 >= len(rows):
        raise KoppelkansError(f"{grid.at(start)}: found a header and no rows below it; expected a row a respondent")
    return start + 1, names, labels


def header_row(grid: Grid, respondent: str | None) -> int:
    """Return the index of the row with the headers: that with the key of respondents, else the first that is full."""
    known = {normal(respondent)} if respondent else set(RESPONDENT_NAMES)
    rows = grid.rows
    width = max(sum(map(bool, row)) for row in rows[:30])
    start = next((n for n, row in enumerate(rows[:30]) if any(normal(cell) in known for cell in row)), None)
    return start if start is not None else next(n for n, row in enumerate(rows) if 2 * sum(map(bool, row)) > width)


def _has_texts(grid: Grid, start: int, known: set[str]) -> bool:
    """Tell whether the row below the names holds the texts of the questions: it names the key once more."""
    if start + 2 >= len(grid.rows):
        return False
    names, below = grid.rows[start], grid.rows[start + 1]
    key = next((place for place, name in enumerate(names) if normal(name) in known), None)
    if key is None or not all(names[: max(n for n, text in enumerate(below) if text) + 1]):
        return False
    same = normal(below[key]).replace(" ", "") == normal(names[key]).replace(" ", "") or normal(below[key]) in known
    return same and len({text for text in below if text}) > len(names) // 2


def _labels_of(names: list[str]) -> list[str]:
    """Return what two header rows say of each column: "How? [By post]"."""
    return [re.sub(r"(\S)\[", r"\1 [", name, count=1) if name.endswith("]") else "" for name in names]


def _has_second_row(grid: Grid, start: int, known: set[str]) -> bool:
    """Tell whether the row below the names belongs to the header: cells above it are merged, or it begins there anew.

    The second is how merged cells look once saved as CSV: names that are empty, with text below them, and no key.
    """
    if start + 1 >= len(grid.rows):
        return False
    names, below = grid.rows[start], grid.rows[start + 1]
    if grid.numbers[start] in grid.merged:
        return True
    key = next((place for place, name in enumerate(names) if normal(name) in known), None)
    fills = any(not name and text for name, text in zip(names, below, strict=True))
    return key is not None and fills and not below[key]


def _under_each(upper: list[str], lower: list[str]) -> list[str]:
    """Return the names that two header rows give: Informatie[Post], Informatie[E-mail], Woonjaren."""
    filled: list[str] = []
    for name, below in zip(upper, lower, strict=True):
        filled.append(name or (filled[-1] if filled and below else ""))
    return [
        f"{name}[{below}]" if below and name and name != below and filled.count(name) > 1 else name or below
        for name, below in zip(filled, lower, strict=True)
    ]


def _upper_labels(grid: Grid, start: int, names: list[str]) -> list[str]:
    """Return what a row directly above the names says of each column, where it is as long as a label row is."""
    above = grid.rows[start - 1] if start else [""] * len(names)
    is_label_row = len({cell for cell in above if cell}) > len(names) // 2
    return above if is_label_row else [""] * len(names)


def _dates(name: str, cells: list[str]) -> list[str]:
    """Return the cells of a column of dates as YYYY-MM-DD where Excel stored the number of days."""
    if not re.search(r"datum|\bdate\b|_date|date_", name.casefold()):
        return cells
    given = [cell for cell in cells if cell]
    if not given or not all(re.fullmatch(r"[2-5]\d{4}(\.\d+)?", cell) for cell in given):
        return cells
    start = datetime.date(1899, 12, 30)
    return [(start + datetime.timedelta(days=int(float(cell)))).isoformat() if cell else "" for cell in cells]
