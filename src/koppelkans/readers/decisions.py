"""The workbook in which coders decide about passages on which they differ: written for Excel, and read back."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.readers.files import read_bytes
from koppelkans.readers.line_ends import printable
from koppelkans.readers.workbooks import read_workbook

SHEET = "passages"
_WIDTHS = {"place": 3, "document": 18, "start": 7, "end": 7, "words": 70, "decision": 24, "remark": 30}


def write_decisions(table: pd.DataFrame, choices: list[str]) -> bytes:
    """Return a workbook of one sheet; the column decision offers `choices`, and takes other words too."""
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = SHEET, "A2"
    for at, (_, row) in enumerate([("", pd.Series(table.columns, table.columns)), *table.iterrows()], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.value = printable(value) if isinstance(value, str) else int(value)
            if isinstance(value, str):
                cell.data_type = "s"  # words that begin with = are no formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=at == 1)
    for column, name in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(str(name), 26)
    offered = DataValidation("list", formula1=f'"{",".join(choices)}"', showErrorMessage=False)
    letter = get_column_letter(list(table.columns).index("decision") + 1)
    offered.add(f"{letter}2:{letter}{len(table) + 1}")
    sheet.add_data_validation(offered)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read_decisions(path: Path) -> pd.DataFrame:
    """Read the workbook back: its columns as text, start and end as whole numbers.

    Raises KoppelkansError for a file that is not such a workbook, that lacks a column, or has a passage twice.
    """
    sheets = {sheet.name: sheet for sheet in read_workbook(read_bytes(path, "a workbook (.xlsx)"), path.name)}
    if SHEET not in sheets or not sheets[SHEET].rows:
        raise KoppelkansError(
            f"{path.name}: no sheet {SHEET!r}; expected one that koppelkans disagreements wrote; name another"
        )
    head, *rows = sheets[SHEET].rows
    names = [str(name or "").strip() for name in head]
    for column in ("place", "document", "start", "end", "words", "decision", "remark"):
        if column not in names:
            raise KoppelkansError(
                f"{path.name}, sheet {SHEET}: no column {column!r}; expected the header as it was written"
            )
    table = pd.DataFrame([[*row, *[None] * (len(names) - len(row))][: len(names)] for row in rows], columns=names)
    texts = [name for name in names if name not in ("start", "end")]
    table[texts] = table[texts].map(lambda cell: "" if pd.isna(cell) else str(cell).strip())
    filled = table[table["place"] != ""]
    lost = table[(table["place"] == "") & (table["decision"] != "")]
    twice = filled[filled["place"].duplicated()]
    for wrong, what in ((lost, "a decision without a place"), (twice, "the same passage a second time")):
        if len(wrong):
            raise KoppelkansError(
                f"{path.name}, row {wrong.index[0] + 2}: found {what}; expected the first column as it was written"
            )
    ends = {end: pd.to_numeric(filled[end], errors="coerce").fillna(0).astype(int) for end in ("start", "end")}
    return filled.assign(**ends).reset_index(drop=True)
