"""The structure of a LimeSurvey survey: its .lss file (XML) or its tab-separated structure file (.txt, .tsv)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers.model import Labels
from koppelkans.readers.files import decode, parse_xml, read_bytes
from koppelkans.readers.grids import parse_rows
from koppelkans.readers.whole_numbers import whole


@dataclass
class Asked:
    """A question of a survey: code, type (LimeSurvey's letter), labels, subquestions and options by code.

    scales: options of the second scale of a dual-scale array, and subquestions of the second axis of a table.
    """

    code: str
    type: str
    label: Labels = field(default_factory=dict)
    parts: dict[str, Labels] = field(default_factory=dict)
    second_parts: dict[str, Labels] = field(default_factory=dict)
    options: dict[str, Labels] = field(default_factory=dict)
    has_other: bool = False


def read_structure(path: Path) -> tuple[dict[str, Asked], str, list[str]]:
    """Return the questions of a survey by code, in order, what kind of file told of them, and notes on its text.

    Raises KoppelkansError, one line, for a file that holds no structure.
    """
    content = read_bytes(path, "the structure of a LimeSurvey survey (.lss, or .txt with tabs)")
    start = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    asked, notes = (_from_xml(content, str(path)), []) if start == b"<" else _from_table(content, str(path))
    if not asked:
        raise KoppelkansError(f"{path}: found no questions of a LimeSurvey survey; export the survey structure again")
    return asked, ".lss" if start == b"<" else "structure table", [f"{path.name}: {note}" for note in notes]


def is_structure(path: Path) -> bool:
    """Tell whether a file is the structure of a LimeSurvey survey, by its content, or by its ending if damaged."""
    if path.suffix.lower() == ".lss" or not path.is_file():
        return True  # reading it says what is wrong
    with path.open("rb") as opened:
        start = opened.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t").replace(b"\0", b"")
    return start.startswith(b"<") or (b"class" in start and b"type/scale" in start.splitlines()[0])


def plain(text: str | None) -> str:
    """Return a text of a survey without HTML, on one line."""
    without = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text or "", flags=re.DOTALL | re.IGNORECASE)
    return " ".join(html.unescape(without).split())


def _rows(root: object, section: str) -> list[dict[str, str]]:
    found = root.find(f"{section}/rows")  # type: ignore[attr-defined]
    if found is None:
        return []
    return [{str(cell.tag): (cell.text or "").strip() for cell in row} for row in found.findall("row")]


def _order(row: dict[str, str], key: str) -> tuple[int, int]:
    return whole(row.get(key)) or 0, (whole(row.get("qid")) or 0) if key != "sortorder" else 0


def _from_xml(content: bytes, name: str) -> dict[str, Asked]:
    root = parse_xml(content, name)
    worded: dict[str, Labels] = {}
    for row in _rows(root, "question_l10ns"):  # since LimeSurvey 4; before, each language had a row of its own
        worded.setdefault(row.get("qid", ""), {})[_language(row.get("language", ""))] = plain(row.get("question"))
    answers_worded: dict[str, Labels] = {}
    for row in _rows(root, "answer_l10ns"):
        answers_worded.setdefault(row.get("aid", ""), {})[_language(row.get("language", ""))] = plain(row.get("answer"))
    groups = {row.get("gid", ""): _order(row, "group_order") for row in _rows(root, "groups")}
    by_id: dict[str, Asked] = {}
    rows = _rows(root, "questions")
    rows.sort(key=lambda row: (groups.get(row.get("gid", ""), (0, 0)), _order(row, "question_order")))
    for row in rows:
        if row.get("parent_qid", "0") not in ("0", ""):
            continue
        asked = by_id.setdefault(row.get("qid", ""), Asked(row.get("title", ""), row.get("type", "")))
        asked.has_other = row.get("other", "N") == "Y"
        asked.label.update(worded.get(row["qid"]) or {_language(row.get("language", "")): plain(row.get("question"))})
    parts = [row for row in rows if row.get("parent_qid", "0") not in ("0", "")] + _rows(root, "subquestions")
    for row in sorted(parts, key=lambda row: _order(row, "question_order")):
        if row.get("parent_qid") in by_id:
            parent = by_id[row["parent_qid"]]
            target = parent.second_parts if row.get("scale_id") == "1" else parent.parts
            label = worded.get(row.get("qid", "")) or {_language(row.get("language", "")): plain(row.get("question"))}
            target.setdefault(row.get("title", ""), {}).update(label)
    for row in sorted(_rows(root, "answers"), key=lambda row: _order(row, "sortorder")):
        if row.get("qid") in by_id and row.get("scale_id", "0") in ("0", ""):
            label = answers_worded.get(row.get("aid", "")) or {
                _language(row.get("language", "")): plain(row.get("answer"))
            }
            by_id[row["qid"]].options.setdefault(row.get("code", ""), {}).update(label)
    return {asked.code: asked for asked in by_id.values()}


def _from_table(content: bytes, name: str) -> tuple[dict[str, Asked], list[str]]:
    text, _, notes = decode(content, name)
    rows, _, _ = parse_rows(text, name)
    header = [cell.strip().casefold() for cell in rows[0]]
    if not {"class", "name", "text"} <= set(header):
        raise KoppelkansError(
            f"{name}, row 1: found the columns {', '.join(header[:5])}, expected class, type/scale, name, text, "
            "language, ...; export the survey structure as tab-separated values"
        )
    place = {column: number for number, column in enumerate(header)}
    found: dict[str, Asked] = {}
    current: Asked | None = None
    for cells in rows[1:]:
        row = {column: cells[number].strip() if number < len(cells) else "" for column, number in place.items()}
        label = {_language(row.get("language", "")): plain(row["text"])}
        scale = row.get("type/scale", "")
        if row["class"] == "Q":
            current = found.setdefault(row["name"], Asked(row["name"], scale))
            current.has_other = row.get("other", "") == "Y"
            current.label.update(label)
        elif row["class"] == "SQ" and current:
            target = current.second_parts if scale == "1" else current.parts
            target.setdefault(row["name"], {}).update(label)
        elif row["class"] == "A" and current and scale in ("0", ""):
            current.options.setdefault(row["name"], {}).update(label)
    return found, notes


def _language(code: str) -> str:
    return code.split("-")[0].split("_")[0]
