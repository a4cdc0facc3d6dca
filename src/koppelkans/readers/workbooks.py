"""The sheets of an Excel workbook as rows of values."""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.files import open_office_file
from koppelkans.readers.limits import hold, most

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHAPE = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}txBody"
_MOST_MERGED = 2_000_000  # cells that merged ranges may cover together


@dataclass(frozen=True)
class Sheet:
    """A sheet: name, rows of values, numbers (from 1) of rows with cells merged across columns, and notes."""

    name: str
    rows: list[list[Any]]
    merged: set[int]
    notes: list[str] = field(default_factory=list)


def read_workbook(content: bytes, name: str) -> list[Sheet]:
    """Return the visible sheets of a workbook, in order; the cells of a merged range all hold its value.

    A formula gives the value that the spreadsheet stored; where none is stored, its own text, with a note. A cell with
    an error such as #N/A is empty, with a note. What is not read (hidden sheets, comments on cells, shapes) is noted on
    each sheet, with how much there is of it.
    Raises KoppelkansError, one line, for a file that is not a whole, open .xlsx.
    """
    import openpyxl  # type: ignore[import-untyped]

    package = open_office_file(content, name, "xl/workbook.xml", "Excel workbook (.xlsx)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that the cells do not need
            values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            parts = _parts_of_sheets(package)
            xml = {title: package.read(part) for title, part in parts.items() if part in package.namelist()}
            formulas = values
            if any(b"<f" in part for part in xml.values()):
                formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            beside = _beside_cells(package)
            beside += [_hidden(sheet) for sheet in values.worksheets if sheet.sheet_state != "visible"]
            sheets = [
                _read_sheet(sheet, formulas[sheet.title], xml.get(sheet.title, b""), name)
                for sheet in values.worksheets
                if sheet.sheet_state == "visible"
            ]
            return [replace(sheet, notes=[*sheet.notes, *beside]) for sheet in sheets]
    except (KoppelkansError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged sheet
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise KoppelkansError(
            f"{name}: the workbook is damaged ({reason}); open it in Excel and save it again"
        ) from None


def _parts_of_sheets(package: zipfile.ZipFile) -> dict[str, str]:
    """Return which part of the zip holds each sheet."""
    from lxml import etree

    links = {
        link.get("Id"): link.get("Target") or ""
        for link in etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for sheet in etree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = links.get(sheet.get(_LINK), "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        found[sheet.get("name") or ""] = path
    return found


def _hidden(sheet: Any) -> str:
    sheet.reset_dimensions()
    cells = sum(value is not None for row in sheet.iter_rows(values_only=True) for value in row)
    size = by_number(cells, "cell", "cells")
    return f"sheet {sheet.title!r} is hidden and not read ({size}); unhide it in Excel if it belongs to the data"


def _beside_cells(package: zipfile.ZipFile) -> list[str]:
    """Return what of a workbook stands in no cell: comments and texts in shapes, with their words."""
    from lxml import etree

    kinds = {"comments on cells": (r"xl/comments", f"{_MAIN}comment"), "texts in shapes": (r"xl/drawings/", _SHAPE)}
    notes = []
    for what, (folder, tag) in kinds.items():
        parts = [name for name in package.namelist() if re.match(rf"{folder}.*\.xml$", name)]
        found = [
            " ".join(map(str, one.itertext()))
            for name in parts
            for one in etree.fromstring(package.read(name)).iter(tag)
        ]
        if texts := [text for text in found if text.strip()]:
            words = sum(len(text.split()) for text in texts)
            notes.append(f"{what} of the workbook, not read: {len(texts)} ({by_number(words, 'word', 'words')})")
    return notes


def _read_sheet(sheet: Any, formulas: Any, xml: bytes, name: str) -> Sheet:
    most_rows, most_cells, most_columns = most("rows"), most("cells"), most("columns")
    errors = without_value = cells = 0
    rows: list[list[Any]] = []
    sheet.reset_dimensions()  # a stored dimension may be wrong
    pairs: Iterable[tuple[Any, Any]] = ((row, row) for row in sheet.iter_rows())
    if b"<f" in xml:
        formulas.reset_dimensions()
        pairs = zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
    for row, written in pairs:
        values = []
        for cell, formula in zip(row, written, strict=True):
            value = cell.value
            if cell.data_type == "e":
                value, errors = None, errors + 1
            elif value is None and formula.value is not None and cell.data_type != "str":  # "str": its value is empty
                value, without_value = getattr(formula.value, "text", str(formula.value)), without_value + 1
            values.append(value)
        while values and values[-1] is None:
            values.pop()
        rows.append(values)
        cells += len(values)
        if len(rows) > most_rows or cells > most_cells or len(values) > most_columns:
            for what, found in (("rows", len(rows)), ("cells", cells), ("columns", len(values))):
                hold(what, found, f"{name}, sheet {sheet.title!r}")
    merged, overwritten = _fill_merged(rows, xml)
    notes = []
    if overwritten:
        below = by_number(overwritten, "cell below a merged cell holds", "cells below a merged cell hold")
        notes.append(f"sheet {sheet.title!r}: {below} something else; not read")
    if errors:
        notes.append(
            f"sheet {sheet.title!r}: {by_number(errors, 'cell holds', 'cells hold')} "
            f"an error such as #N/A; read as empty"
        )
    if without_value:
        notes.append(
            f"sheet {sheet.title!r}: {by_number(without_value, 'formula has', 'formulas have')} "
            f"no stored value; read as text"
        )
    return Sheet(sheet.title, rows, merged, notes)


def _fill_merged(rows: list[list[Any]], xml: bytes) -> tuple[set[int], int]:
    """Give each cell of a merged range the value of its first cell.

    Return the rows merged across columns, and how many cells held something else below a merged one.
    """
    from openpyxl.utils import range_boundaries  # type: ignore[import-untyped]

    covered = overwritten = 0
    across: set[int] = set()
    for match in re.finditer(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"', xml):
        left, top, right, bottom = (int(side or 0) for side in range_boundaries(match[1].decode()))
        bottom = min(bottom, len(rows))
        if top > len(rows) or left > len(rows[top - 1]):
            continue  # nothing stands in its first cell
        value = rows[top - 1][left - 1]
        covered += (bottom - top + 1) * (right - left + 1)
        if covered > _MOST_MERGED:
            raise ValueError("merged ranges cover more cells than a table has")
        if value is None:
            continue
        across.update(range(top, bottom + 1) if right > left else ())
        for row in rows[top - 1 : bottom]:
            row.extend([None] * (right - len(row)))
            overwritten += sum(cell not in (None, value) for cell in row[left - 1 : right])
            row[left - 1 : right] = [value] * (right - left + 1)
    return across, overwritten
