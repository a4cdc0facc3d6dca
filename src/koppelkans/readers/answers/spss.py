"""Answers in a file of SPSS (.sav, .zsav), also as Qualtrics and LimeSurvey write them."""

from __future__ import annotations

import datetime
import json
import math
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers import spss_child
from koppelkans.readers.answers.labels import common_label, item_codes
from koppelkans.readers.answers.model import Column, Labels, Question, Source
from koppelkans.readers.encodings import decoded
from koppelkans.readers.files import read_bytes
from koppelkans.readers.limits import hold, most
from koppelkans.readers.line_ends import without_controls

_EPOCH = datetime.datetime(1582, 10, 14)
_DATES = re.compile(r"^(DATE|ADATE|EDATE|JDATE|SDATE|QYR|MOYR|WKYR|DATETIME|YMDHMS)")
_TIMES = re.compile(r"^(TIME|DTIME|MTIME)")
_BYTES = "iso-8859-1"  # gives each byte as one character, so that a text can be read again
_BETWEEN = "\x1e"  # in a text it becomes a blank


def read_spss(path: Path) -> Source:
    """Return the columns of a .sav: value labels, user-missing values with their label, multiple response sets.

    Dates become YYYY-MM-DD (with a time where there is one); a date that no calendar has is left empty, with a warning.
    Raises KoppelkansError, one line, for a file that is damaged or cut off.
    """
    content = read_bytes(path, "an SPSS file (.sav)")
    if b"ENCRYPTED" in content[:64]:
        raise KoppelkansError(
            f"{path}: the SPSS file is locked with a password; open it in SPSS and save it without one (Save As, "
            "untick 'Encrypt file with password')"
        )
    if content[:8] == b"ASCII SPSS PORT FILE"[:8] or b"SPSS PORT FILE" in content[:500]:
        raise KoppelkansError(f"{path}: found a portable SPSS file (.por); open it in SPSS and save it as .sav")
    if content[:4] not in (b"$FL2", b"$FL3", b"\xf5\xc6\xd3\xf2"):
        raise KoppelkansError(f"{path}: found no SPSS file inside, whatever its name says; save it as .sav again")
    data, meta, encoding, warnings = _read(path)
    rows = len(next(iter(data.values()))) if data else 0
    if not rows:
        raise KoppelkansError(f"{path}: the file holds variables and no cases; expected a case for each respondent")
    doubled = sorted({name for name in meta.column_names if meta.column_names.count(name) > 1})
    if doubled:
        raise KoppelkansError(
            f"{path}: the variable {doubled[0]!r} stands there {meta.column_names.count(doubled[0])} times, expected "
            "once; give each a name of its own in SPSS and save it again"
        )
    columns = {name: _column(name, list(data[name]), meta, warnings) for name in meta.column_names}
    return Source(
        file=str(path),
        program="SPSS",
        why="the file begins as SPSS files do",
        columns=columns,
        rows=[f"case {number}" for number in range(1, rows + 1)],
        encoding=encoding,
        width=len(meta.column_names),
        cells=sum(bool(cell or why) for c in columns.values() for cell, why in zip(c.cells, c.absent, strict=True)),
        proposals=_sets(meta, columns, warnings),
        warnings=warnings,
    )


def _read(path: Path) -> tuple[dict[str, list[Any]], SimpleNamespace, str, list[str]]:
    """Return the columns, their descriptions, the encoding, and notes where it is not as the file says."""
    reason = "the reader of SPSS files fell over it"
    for encoding in ("", _BYTES):  # first what the file says
        command = [sys.executable, "-P", spss_child.__file__, str(path.resolve()), encoding, str(most("memory"))]
        try:
            done = subprocess.run(command, capture_output=True, timeout=most("seconds"))
        except subprocess.TimeoutExpired:
            hold("seconds", most("seconds") + 1, str(path))
        try:
            read = json.loads(done.stdout)
        except ValueError:
            break
        if "data" in read:
            shown, notes = str(read["meta"]["file_encoding"] or "").upper(), list[str]()
            if encoding == _BYTES:
                read, shown, notes = _mended(read)
            labels = read["meta"]["variable_value_labels"]
            read["meta"]["variable_value_labels"] = {name: dict(pairs) for name, pairs in labels.items()}
            return read["data"], SimpleNamespace(**read["meta"]), shown, notes
        reason = read["error"]
        if not read["of_encoding"]:
            break
    raise KoppelkansError(f"{path}: the SPSS file is damaged or cut off ({reason}); save it again from SPSS")


def _mended(read: dict[str, Any]) -> tuple[dict[str, Any], str, list[str]]:
    """Return what was read byte by byte in the encoding that all its texts together tell, its name, and notes."""
    places: dict[str, str] = {}  # text as bytes -> where it stands first

    def gather(value: Any, place: str) -> None:
        if isinstance(value, str):
            places.setdefault(value, place)
        elif isinstance(value, dict):
            for name, one in value.items():
                gather(name, place)
                gather(one, f"{place} of {name}")
        elif isinstance(value, list):
            for one in value:
                gather(one, place)

    for name, cells in read["data"].items():
        gather(name, "a name")
        for number, cell in enumerate(cells, start=1):
            gather(cell, f"case {number} of {name}")
    gather(read["meta"]["variable_value_labels"], "a value label")
    gather(read["meta"], "the description")
    whole = decoded(_BETWEEN.join(text.replace(_BETWEEN, " ") for text in places).encode(_BYTES))
    texts = dict(zip(places, whole.text.split(_BETWEEN), strict=True))

    def again(value: Any) -> Any:
        if isinstance(value, dict):
            return {again(key): again(one) for key, one in value.items()}
        if isinstance(value, list):
            return [again(one) for one in value]
        return texts.get(value, value) if isinstance(value, str) else value

    where = list(places.values())
    notes = whole.notes
    if whole.strays:
        notes = [whole.note_on_strays(lambda before: where[before.count(_BETWEEN)])]
    return (
        again(read),
        whole.encoding,
        notes or [f"the file says another encoding than it has: read as {whole.encoding}"],
    )


def _column(name: str, values: list[Any], meta: Any, warnings: list[str]) -> Column:
    form = str(meta.original_variable_types.get(name, ""))
    labels = {_text(code): {"": str(text)} for code, text in (meta.variable_value_labels.get(name) or {}).items()}
    is_date, is_time = bool(_DATES.match(form)), bool(_TIMES.match(form))
    cells, absent = [], []
    impossible = 0
    for value in values:
        reason = _why_missing(value, meta, name, labels)
        text = ""
        if not reason and not _is_empty(value):
            text = _moment(value, is_time) if is_date or is_time else _text(value)
            impossible += not text and not isinstance(value, str)
        cells.append(text)
        absent.append(reason)
    if impossible:
        warnings.append(
            f"column {name}: {by_number(impossible, 'date lies', 'dates lie')} outside the calendar; read as empty"
        )
    missing_codes = {code for code in labels if _in_ranges(code, meta, name)}
    label = str(meta.column_names_to_labels.get(name) or "").strip()
    is_string = form.startswith("A")
    return Column(
        name,
        {"": label} if label else {},
        cells,
        absent,
        {code: text for code, text in labels.items() if code not in missing_codes},
        is_text=is_date or is_time or (is_string and not labels and _looks_free(cells)),
        is_number=not is_string and str(meta.variable_measure.get(name, "")) == "scale" and not labels,
        is_choice=not is_string and str(meta.variable_measure.get(name, "")) in ("nominal", "ordinal"),
        is_date=is_date or is_time,
    )


def _looks_free(cells: list[str]) -> bool:
    given = [cell for cell in cells if cell]
    return any(len(cell) > 60 for cell in given) or len(set(given)) > max(2, len(given) // 2)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return without_controls(value.replace("\r\n", "\n"))[0].strip()
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _moment(seconds: Any, is_time: bool) -> str:
    """Return a date or time that SPSS counts in seconds (dates from 14 October 1582), "" where there is none such."""
    try:
        if is_time:
            whole = int(float(seconds))
            return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
        moment = _EPOCH + datetime.timedelta(seconds=float(seconds))
    except (OverflowError, ValueError, TypeError):
        return ""
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat(" ", "seconds")


def _why_missing(value: Any, meta: Any, name: str, labels: dict[str, Labels]) -> str:
    """Return the label of a user-missing value (its code where it has none), "" for other values."""
    if _is_empty(value) or not _in_ranges(value, meta, name):
        return ""
    return labels.get(_text(value), {}).get("") or _text(value)


def _in_ranges(value: Any, meta: Any, name: str) -> bool:
    for span in (meta.missing_ranges or {}).get(name, []):
        low, high = span["lo"], span["hi"]
        if isinstance(low, str):
            if _text(value) == low.strip():
                return True
        else:
            try:
                if float(low) <= float(value) <= float(high):
                    return True
            except (TypeError, ValueError):
                continue
    return False


def _sets(meta: Any, columns: dict[str, Column], warnings: list[str]) -> list[Question]:
    """Return the multiple response sets that the file defines, as questions."""
    found = []
    for name, defined in sorted((getattr(meta, "mr_sets", None) or {}).items()):
        by_lower = {column.casefold(): column for column in columns}
        members = [by_lower[v.casefold()] for v in defined["variable_list"] if v.casefold() in by_lower]
        if len(members) < 2:
            warnings.append(f"multiple response set {name}: fewer than two of its variables are there; not used")
            continue
        label = str(defined.get("label") or "").strip()
        parts = [columns[member] for member in members]
        layout = "mentions"
        if defined["is_dichotomy"]:
            layout = "marks"
            counted = _text(defined.get("counted_value"))
            for column in parts:
                columns[column.name] = _as_marks(column, counted)
        found.append(
            Question(
                name.lstrip("$"),
                "multiple",
                layout,
                dict(zip(item_codes(members), members, strict=True)),
                label={"": label} if label else common_label(parts),
            )
        )
    return found


def _as_marks(column: Column, counted: str) -> Column:
    """Return a column of a dichotomous set with 1 for the counted value and 0 for every other."""
    cells = ["" if not cell else "1" if cell == counted else "0" for cell in column.cells]
    return Column(column.name, column.label, cells, column.absent)
