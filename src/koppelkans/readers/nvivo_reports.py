"""Coded text as NVivo exports it: a text or Word file a code, and the report Coding Summary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from koppelkans.errors import by_number
from koppelkans.readers.grids import Grid, normal

_SOURCE = re.compile(r"^\s*<?(?P<name>[^<>\n]*\\[^<>\n]*?)>?\s+-\s+§\s*\d+.*\[\s*[\d.,]+\s*%[^\]]*\]\s*$")
_REFERENCE = re.compile(r"^\s*\w+\s+(?P<number>\d+)\s*[-–]\s*[\d.,]+\s*%\s*\w+\s*$")
_NAME = re.compile(r"(?i)^\s*(?:name|naam|nombre|nome)\s*:\s*(?P<name>.+?)\s*$")
_CODES = re.compile(r"(?i)^(nodes|codes|knooppunten|knoten|nodos|nós)\\+")
_FILES = re.compile(
    r"(?i)^(files|internals|externals|memos|bestanden|interne|dateien|intern|archivos|arquivos|fichiers|cases)\\+"
)

_LONGEST = 500  # characters of a heading


@dataclass(frozen=True)
class Reference:
    """A piece of coded text: document, code as NVivo writes it, text, coder ("" unknown), number of the reference."""

    document: str
    code: str
    text: str
    coder: str
    number: str


def is_coded_text(lines: list[str]) -> bool:
    """Tell whether a text is NVivo's export of a code: a source with the share that is coded, and references."""
    return any(_match(_SOURCE, line) for line in lines) and any(_match(_REFERENCE, line) for line in lines)


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """Match a line that can be a heading of NVivo; a long one cannot, and would keep the pattern busy."""
    return pattern.match(line) if len(line) <= _LONGEST else None


def read_coded_text(lines: list[str], name: str) -> tuple[list[Reference], list[str]]:
    """Return the references in NVivo's export of one code or of several after one another, and what is left out.

    The code is the line `Name:`; where there is none, `name` (of the file).
    """
    found: list[Reference] = []
    code, document, number = "", "", ""
    text: list[str] = []
    beside: list[str] = []
    empty = 0

    def close() -> None:
        nonlocal empty
        if number and "\n".join(text).strip():
            found.append(Reference(document, code or name, "\n".join(text).strip(), "", number))
        elif number:
            empty += 1
        text.clear()

    for line in lines:
        source, reference, named = (_match(pattern, line) for pattern in (_SOURCE, _REFERENCE, _NAME))
        if source:
            close()
            document, number = without_folder(source["name"]), ""
        elif reference and document:
            close()
            number = reference["number"]
        elif named and not number:
            code = named["name"]
        elif number:
            text.append(line)
        elif line.strip():
            beside.append(line.strip())
    close()
    return found, _left_out(beside, "lines that belong to no reference", empty)


def _left_out(beside: Iterable[str], what: str, empty: int) -> list[str]:
    """Name the texts beside the references, with their characters, and the references without a text."""
    sizes = list(map(len, beside))
    lines = [f"{what}: {len(sizes)} ({by_number(sum(sizes), 'character', 'characters')})"] if sizes else []
    return lines + ([by_number(empty, "reference without a text", "references without a text")] if empty else [])


def without_folder(name: str) -> str:
    r"""Return the name of a source without the folders before it (Files\\Wijk\\Interview 1 -> Interview 1)."""
    return re.split(r"\\+", name.strip())[-1].strip()


def is_coding_summary(grid: Grid) -> bool:
    """Tell whether a sheet is NVivo's report Coding Summary: bands of sources and codes, references below them."""
    return _header(grid) is not None


def _header(grid: Grid) -> tuple[int, int, int] | None:
    """Return the row of the header, and the columns of the number of a reference and of the coder's initials."""
    for number, row in enumerate(grid.rows[:30]):
        plain = [normal(cell) for cell in row]
        if "reference number" in plain and any(cell.startswith("coded by") for cell in plain):
            has_text = any(cell in ("coded text", "text", "content") for cell in plain)
            coder = next(place for place, cell in enumerate(plain) if cell.startswith("coded by"))
            return None if has_text else (number, plain.index("reference number"), coder)
    return None


def read_coding_summary(grid: Grid) -> tuple[list[Reference], list[str]]:
    """Return the references of NVivo's report Coding Summary, by code or by file, and what of the sheet is left out."""
    header = _header(grid)
    if header is None:
        return [], []
    start, number_column, coder_column = header
    found: list[Reference] = []
    document = code = number = coder = ""
    text: list[str] = []
    beside = [cell for row in grid.rows[:start] for cell in dict.fromkeys(row) if cell]
    empty = 0

    def close() -> None:
        nonlocal empty
        if number and text:
            found.append(Reference(document, code, "\n".join(text), coder, number))
        elif number:
            empty += 1
        text.clear()

    for row in grid.rows[start + 1 :]:
        filled = list(dict.fromkeys(cell for cell in row if cell))
        if row[number_column].isdigit() and row[coder_column]:
            close()
            number, coder = row[number_column], row[coder_column]
            beside += [cell for cell in filled if cell not in (number, coder)]
        elif len(filled) == 1 and _FILES.match(filled[0]):
            close()
            document, number = without_folder(filled[0]), ""
        elif len(filled) == 1 and _CODES.match(filled[0]):
            close()
            code, number = filled[0], ""
        elif len(filled) == 1 and number:
            text.append(filled[0])
        else:
            beside += filled
    close()
    of_sheet = f"of sheet {grid.sheet} " if grid.sheet else ""
    return found, _left_out(beside, f"cells {of_sheet}that are no part of a reference", empty)
