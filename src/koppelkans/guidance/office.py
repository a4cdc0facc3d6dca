"""Word and Excel files that are given to be filled in: plain, with heads that stand out and lists to choose from."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from koppelkans.study.zips import repacked

_DAY = datetime.datetime(2026, 1, 1)
"""What the files give as their time, so that equal content gives equal bytes."""


def workbook(sheets: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return an .xlsx; a sheet has `rows` (its head first), `widths` and `choices` (letter of a column -> words)."""
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]
    from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = _DAY
    book.remove(book.active)
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        for row in content["rows"]:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8EC")
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(italic=str(row[0].value).lower().startswith(("voorbeeld", "example")), color="555555")
        for letter, width in zip("ABCDEFGHIJ", content["widths"], strict=False):
            sheet.column_dimensions[letter].width = width
        for letter, words in content.get("choices", {}).items():
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}500")
        sheet.freeze_panes = "A2"
    made = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(made, "w")).save()  # `book.save` would put the time of now in it
    return repacked(made.getvalue())


def text_document(content: Mapping[str, Any]) -> bytes:
    """Return a .docx with a `title` and `parts`, each with a `heading`, a `text` or `items` of a list."""
    import docx

    document = docx.Document()
    document.core_properties.author, document.core_properties.created = "", _DAY
    document.core_properties.modified = _DAY
    document.add_heading(content["title"], 0)
    for part in content["parts"]:
        if "heading" in part:
            document.add_heading(part["heading"], 1)
        if "text" in part:
            document.add_paragraph(part["text"])
        for item in part.get("items", []):
            document.add_paragraph(item, style=None if item.startswith("☐") or "____" in item else "List Bullet")
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())
