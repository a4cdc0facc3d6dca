"""Take one person out of a file, by its kind: rows of answers, sources of a coded project."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from koppelkans.review.release import zipped
from koppelkans.study import write_atomically


def _rows_out_of_csv(path: Path, names: set[str], holders: list[str]) -> bool:
    """Take the rows of a person out of a CSV; the column is the one that holds all respondents."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return False
    separator = max(";,\t", key=text.partition("\n")[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    column = _column_of(rows, holders)
    if column is None:
        return False
    out = io.StringIO(newline="")
    ends = "\r\n" if "\r\n" in text else "\n"
    kept = [row for row in rows if len(row) <= column or row[column].strip() not in names]
    csv.writer(out, delimiter=separator, lineterminator=ends).writerows(kept)
    write_atomically(path, out.getvalue().encode(encoding))
    return True


def _rows_out_of_workbook(path: Path, names: set[str], holders: list[str]) -> bool:
    """Take the rows of a person out of every sheet of a workbook that holds all respondents in a column."""
    import openpyxl  # type: ignore[import-untyped]

    book, found = openpyxl.load_workbook(path), False
    for sheet in book.worksheets:
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        column = _column_of(rows, holders)
        if column is None:
            continue
        found = True
        for number in reversed([n for n, row in enumerate(rows, start=1) if row[column].strip() in names]):
            sheet.delete_rows(number)
    if found:
        buffer = io.BytesIO()
        book.save(buffer)
        write_atomically(path, buffer.getvalue())
    return found


def _column_of(rows: list[list[str]], holders: list[str]) -> int | None:
    """Return the column in which all respondents stand."""
    width = max(map(len, rows), default=0)
    columns = ({row[place].strip() for row in rows if len(row) > place} for place in range(width))
    return next((place for place, values in enumerate(columns) if set(holders) <= values), None)


def _rows_out_of_spss(path: Path, names: set[str], holders: list[str]) -> bool:
    """Take the rows of a person out of an SPSS file; not where sets of multiple response would be lost."""
    import pyreadstat

    data, about = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    words = data.map(lambda cell: f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip())
    column = _column_of(words.to_numpy().tolist(), holders)
    if column is None or about.mr_sets:
        return False
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        pyreadstat.write_sav(
            data[~words.iloc[:, column].isin(names)],
            temporary,
            file_label=about.file_label or "",
            column_labels=about.column_names_to_labels,
            compress=path.suffix.lower() == ".zsav",
            variable_value_labels=about.variable_value_labels,
            missing_ranges=about.missing_ranges,
            variable_display_width=about.variable_display_width,
            variable_measure=dict(about.variable_measure),
            variable_format={name: form for name, form in about.original_variable_types.items() if form},
        )
        write_atomically(path, temporary.read_bytes())
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _sources_out_of_archive(path: Path, names: set[str], holders: list[str]) -> bool:
    """Take the sources of a person, their files, what refers to them and the person's case out of a .qdpx."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    project = next((name for name in contents if name.lower().endswith(".qde")), "")
    contents[project], files = _without(contents[project], path, names)
    for name in [name for name in contents if name.lower() in {f"sources/{file}".lower() for file in files}]:
        del contents[name]
    write_atomically(path, zipped(contents))
    return True


def _sources_out_of_project(path: Path, names: set[str], holders: list[str]) -> bool:
    """Take the same out of a .qde, and the files from the folder of sources beside it."""
    content, files = _without(path.read_bytes(), path, names)
    write_atomically(path, content)
    for folder in ("sources", "Sources"):
        for file in files:
            (path.parent / folder / file).unlink(missing_ok=True)
    return True


def _without(content: bytes, path: Path, names: set[str]) -> tuple[bytes, set[str]]:
    """Return the XML of a project without a person, and the names of the files that were the person's."""
    from lxml import etree

    from koppelkans.readers import read_project

    documents = read_project(path).documents
    gone = {str(key).lower() for key in documents.loc[documents["respondent"].isin(names), "document"]}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    tree, files = etree.fromstring(content, parser), set[str]()

    def of_person(element: Any) -> bool:
        guid, target = (str(element.get(name) or "").strip("{} ").lower() for name in ("guid", "targetGUID"))
        is_case = etree.QName(element).localname == "Case" and element.get("name") in names
        return is_case or guid in gone or target in gone

    for element in [one for one in tree.iter(etree.Element) if of_person(one)]:
        for part in element.iter(etree.Element):
            named = (str(value) for name, value in part.attrib.items() if str(name).lower().endswith("path"))
            files |= {name.replace("\\", "/").rpartition("/")[2] for name in named}
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8"), files


CHANGES: dict[str, Callable[[Path, set[str], list[str]], bool]] = {
    ".csv": _rows_out_of_csv,
    ".tsv": _rows_out_of_csv,
    ".xlsx": _rows_out_of_workbook,
    ".sav": _rows_out_of_spss,
    ".zsav": _rows_out_of_spss,
    ".qdpx": _sources_out_of_archive,
    ".qde": _sources_out_of_project,
}
"""Ending of a file -> what takes a person out of it: path, what the person is called, all respondents in it.

Says whether it was done. Other files (ATLAS.ti, exports of segments with several people) are for their own program.
"""
