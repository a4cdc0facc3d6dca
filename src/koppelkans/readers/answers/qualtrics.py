"""Answers from Qualtrics: CSV or TSV with three header rows, Excel, and what its .sav shares with them."""

from __future__ import annotations

import json
import re
from collections import Counter

from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.derive import common_label
from koppelkans.readers.answers.model import NO_ANSWER, NOT_ASKED, Column, Labels, Question, Source
from koppelkans.readers.grids import Grid, normal

ADMINISTRATION = {
    normal(name): name
    for name in (
        "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Duration__in_seconds_",
        "Finished", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
        "ExternalReference", "ExternalDataReference", "LocationLatitude", "LocationLongitude", "DistributionChannel",
        "UserLanguage", "ResponseSet", "Q_RecaptchaScore", "Q_RelevantIDDuplicate", "Q_RelevantIDDuplicateScore",
        "Q_RelevantIDFraudScore", "Q_RelevantIDLastStartDate", "Q_BallotBoxStuffing", "Q_DuplicateRespondent",
        "Start Date", "End Date", "Response Type", "IP Address", "Recorded Date", "Response ID", "Recipient Last Name",
        "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude",
        "Location Longitude", "Distribution Channel", "User Language",
    )
}  # fmt: skip
_KEY = {"responseid", "response id"}
_WHY = "Qualtrics' own administration, or it may tell who somebody is"
_SEEN = "-99"  # how Qualtrics codes a question that was seen and not answered, where the export asks for it


def is_qualtrics(grid: Grid) -> bool:
    """Tell whether a table has Qualtrics' header rows: the third (or second) holds JSON with an ImportId."""
    return _import_row(grid) > 0


def _import_row(grid: Grid) -> int:
    for number, row in enumerate(grid.rows[1:4], start=1):
        cells = [cell for cell in row if cell]
        if cells and sum('"importid"' in cell.casefold() for cell in cells) > len(cells) // 2:
            return number
    return 0


def read_qualtrics(grid: Grid, wanted: set[str]) -> Source:
    """Return the columns of a Qualtrics export; previews (not real answers) are left out and counted.

    Of Qualtrics' own columns only the key of a response and those `wanted` are read.
    """
    last = _import_row(grid)
    names, texts, imports = grid.rows[0], grid.rows[1] if last > 1 else grid.rows[0], grid.rows[last]
    rows = [number for number in range(last + 1, len(grid.rows)) if not _is_preview(grid, names, number)]
    previews = len(grid.rows) - last - 1 - len(rows)
    seen = any(cell == _SEEN for number in rows for cell in grid.rows[number])
    columns, left_out, keys = {}, {}, {}
    respondent = ""
    for place, name in enumerate(names):
        if not name:
            continue
        cells = [grid.rows[number][place] for number in rows]
        respondent = name if normal(name) in _KEY else respondent
        if normal(name) in ADMINISTRATION and normal(name) not in _KEY and name not in wanted:
            left_out[name] = _WHY
            continue
        absent = [NO_ANSWER if cell == _SEEN else NOT_ASKED if seen and not cell else "" for cell in cells]
        label = _plain(texts[place])
        columns[name] = Column(name, {"": label}, ["" if cell == _SEEN else cell for cell in cells], absent)
        keys[name] = _import_key(imports[place])
    source = Source(
        file=grid.file,
        program="Qualtrics",
        why=f"header row {last + 1} holds ImportId",
        columns=columns,
        rows=[f"row {grid.numbers[number]}" for number in rows],
        encoding=grid.encoding,
        separator=grid.separator,
        sheet=grid.sheet,
        respondent=respondent,
        left_out=left_out,
        skipped=[f"{previews} previews of the survey"] if previews else [],
        warnings=list(grid.notes),
    )
    source.proposals = _questions(columns, keys)
    return source


def without_administration(source: Source, wanted: set[str]) -> Source:
    """Return a .sav of Qualtrics without its own columns (but for those `wanted`); any other file as it is."""
    own = [name for name in source.columns if normal(name) in ADMINISTRATION]
    key = next((name for name in own if normal(name) in _KEY), "")
    if not key or len(own) < 4:
        return source
    source.program, source.why = "Qualtrics (SPSS)", "an SPSS file with Qualtrics' own columns"
    source.respondent = key
    for name in own:
        if name != key and name not in wanted:
            del source.columns[name]
            source.left_out[name] = _WHY
    return source


def _is_preview(grid: Grid, names: list[str], number: int) -> bool:
    row = grid.rows[number]
    told = {normal(name): row[place].casefold() for place, name in enumerate(names)}
    status = told.get("status") or told.get("response type") or ""
    return status in ("survey preview", "1") or told.get("distributionchannel") == "preview"


def _plain(text: str) -> str:
    without_tags = re.sub(r"<[^>]{1,200}>", " ", text)
    return " ".join(without_tags.replace("- Selected Choice", "").replace("&nbsp;", " ").split()).strip(" -")


def _import_key(cell: str) -> dict[str, str]:
    try:
        found = json.loads(cell)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _questions(columns: dict[str, Column], keys: dict[str, dict[str, str]]) -> list[Question]:
    """Return the multiple choices whose options have columns of their own (choiceId), and texts with an option."""
    by_question: dict[str, dict[str, str]] = {}
    for name, key in keys.items():
        if key.get("choiceId") and not name.upper().endswith("_TEXT"):
            by_question.setdefault(key.get("ImportId", ""), {})[key["choiceId"]] = name
    found = []
    for members in by_question.values():
        parts = [columns[name] for name in members.values()]
        if any(reading.marks(c.cells, c.options, c.label) is None for c in parts):
            continue
        base = next(iter(members.values())).rpartition("_")[0] or next(iter(members.values()))
        others = {code: f"{base}_{code}_TEXT" for code in members if f"{base}_{code}_TEXT" in columns}
        label: Labels = common_label(parts) if len(parts) > 1 else parts[0].label
        found.append(Question(base, "multiple", "marks", members, label=label, others=others))
    taken = {name for question in found for name in (*question.columns.values(), *question.others.values())}
    for name, column in columns.items():
        if name in taken or name.upper().endswith("_TEXT") or not _is_joined(column.cells):
            continue
        others = {
            code: words
            for words in columns
            if words.startswith(f"{name}_")
            and words.upper().endswith("_TEXT")
            and (code := words[len(name) + 1 : -len("_TEXT")])
        }
        found.append(Question(name, "multiple", "joined", {"": name}, label=column.label, others=others))
    return found


def _is_joined(cells: list[str]) -> bool:
    """Tell whether cells hold the options of a multiple choice in one column, with commas: each part recurs."""
    parts = [cell.split(",") for cell in cells if cell]
    times = Counter(part for cell in parts for part in cell)
    several = [cell for cell in parts if len(cell) > 1]
    codes = all(part.isdigit() for part in times)
    recurring = all(times[part] > 1 for cell in several for part in cell)
    return bool(several) and (codes or recurring) and all(len(set(cell)) == len(cell) for cell in several)
