"""Answers as a table with a row for each respondent: CSV or Excel without a program's own marks."""

from __future__ import annotations

import datetime
import re

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers.model import Column, Source
from koppelkans.readers.grids import Grid, nearest, normal

RESPONDENT_NAMES = (
    "respondent", "respondentnummer", "respondentnr", "respondent nr", "respondent nummer", "respondent id",
    "respondentid", "respondentcode", "respondent code", "respnr", "resp nr", "resp id", "respid", "resp", "r nr",
    "deelnemer", "deelnemernummer", "deelnemer nr", "deelnemer id", "participant", "participant id", "participantid",
    "participant nr", "subject", "subject id", "case", "case id", "caseid", "casenr", "id", "response id", "responseid",
    "antwoord id", "nummer", "nr", "volgnummer", "code respondent", "record", "record id", "respondent number",
)  # fmt: skip
_MOMENTS = {
    "timestamp", "tijdstempel", "start time", "starttijd", "begintijd", "completion time", "tijd van voltooien",
    "last modified time", "tijd van laatste wijziging", "zeitstempel",
}  # fmt: skip
_PERSONAL = {
    "naam", "name", "voornaam", "achternaam", "firstname", "lastname", "first name", "last name", "email",
    "e mail", "emailadres", "e mailadres", "email address", "telefoon", "telefoonnummer", "phone", "phone number",
    "ip address", "ipaddress", "ip adres", "ipaddr", "adres", "address",
}  # fmt: skip


def choose_sheet(grids: list[Grid], wanted: str | None, respondent: str | None) -> tuple[Grid, list[str]]:
    """Return the sheet to read, and a note where others are left.

    That is the named one; else the one with the respondents' column, else the one with most cells.
    Raises KoppelkansError for a name that no sheet has.
    """
    names = [grid.sheet for grid in grids]
    if wanted is not None:
        chosen = [grid for grid in grids if grid.sheet == wanted]
        if not chosen:
            raise KoppelkansError(f"{grids[0].file}: has no sheet {wanted!r}; {nearest(wanted, names)}")
        return chosen[0], []
    known = {normal(respondent)} if respondent else set(RESPONDENT_NAMES)

    def rank(grid: Grid) -> tuple[bool, int]:
        has_key = any(normal(cell) in known for row in grid.rows[:12] for cell in row)
        return has_key, len(grid.rows) * len(grid.rows[0])

    chosen_grid = max(grids, key=rank)
    left = [name for name in names if name != chosen_grid.sheet]
    return chosen_grid, [f"sheets not read: {', '.join(left)}"] if left else []


def read_table(grid: Grid, respondent: str | None, wanted: set[str]) -> Source:
    """Return the columns of a table: a title above it is skipped, a header of two rows (merged cells) is joined.

    Columns with names and addresses, and times, are left out unless they are `wanted`.
    """
    first, names = _header(grid, respondent)
    body = range(first, len(grid.rows))
    columns, left_out = {}, {}
    labels = dict(zip(names, _upper_labels(grid, first, names), strict=True))
    for place, name in enumerate(names):
        cells = [grid.rows[row][place] for row in body]
        if not name:
            if any(cells):
                left_out[f"column {place + 1}"] = "it has no header"
            continue
        if normal(name) in _PERSONAL and name not in wanted:
            left_out[name] = "it may tell who somebody is"
            continue
        if normal(name) in _MOMENTS and name not in wanted:
            left_out[name] = "when the form was filled in, not an answer"
            continue
        columns[name] = Column(name, {"": labels[name]} if labels[name] else {}, _dates(name, cells), [""] * len(cells))
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
        warnings=list(grid.notes),
    )


def _header(grid: Grid, respondent: str | None) -> tuple[int, list[str]]:
    """Return the index of the first row of answers, and the names of the columns.

    Raises KoppelkansError where a name stands twice, or no row of answers follows.
    """
    known = {normal(respondent)} if respondent else set(RESPONDENT_NAMES)
    rows = grid.rows
    width = max(sum(map(bool, row)) for row in rows[:30])
    start = next((n for n, row in enumerate(rows[:30]) if any(normal(cell) in known for cell in row)), None)
    if start is None:
        start = next(n for n, row in enumerate(rows[:30]) if 2 * sum(map(bool, row)) > width)
    names = list(rows[start])
    if _has_second_row(grid, start, known):
        names = _under_each(names, rows[start + 1])
        start += 1
    elif start and grid.numbers[start - 1] in grid.merged and len(set(rows[start - 1])) > 2:
        names = _under_each(rows[start - 1], names)
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise KoppelkansError(
            f"{grid.at(start)}: the header {doubled[0]!r} stands there {names.count(doubled[0])} times, expected once; "
            "give each column a name of its own"
        )
    if start + 1 >= len(rows):
        raise KoppelkansError(f"{grid.at(start)}: found a header and no rows below it; expected a row a respondent")
    return start + 1, names


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


def _upper_labels(grid: Grid, first: int, names: list[str]) -> list[str]:
    """Return what a row directly above the names says of each column, where it is as long as a label row is."""
    above = grid.rows[first - 2] if first >= 2 else [""] * len(names)
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
