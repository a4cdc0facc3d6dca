"""The text of a Word document: its paragraphs and its tables, in order, and nothing of who wrote it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.readers.files import open_office_file, read_bytes
from koppelkans.readers.line_ends import with_line_feeds

_KIND = "Word document (.docx)"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its text, and how many characters at its start are bold."""

    text: str
    bold: int = 0


@dataclass(frozen=True)
class WordText:
    """paragraphs: those outside tables and inside them, in order. tables: rows of cells, in order.

    header: the first table that stands before any other text, as rows of cells ([] where there is none); its paragraphs
    are not among `paragraphs`.
    """

    paragraphs: list[Paragraph]
    header: list[list[str]] = field(default_factory=list)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = frozenset(
    _W + name
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "dir")
)
"""What stands around text without being deleted: content controls, accepted or new insertions, links, fields."""
_MARKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_STRONG = ("strong", "zwaar", "fett", "nadruk")


def read_word(path: Path) -> WordText:
    """Return the text of a .docx as it reads with all tracked changes accepted.

    Properties, comments, text boxes, footnotes, headers and footers are not read. A two-column table before any other
    text (but a title) is the header. In other tables, a row becomes a paragraph with a tab between its cells.
    Raises KoppelkansError, one line, for a file with a password, damaged, or of another kind.
    """
    import docx

    content = read_bytes(path, f"a {_KIND}")
    open_office_file(content, str(path), "word/document.xml", _KIND)
    try:
        body = docx.Document(io.BytesIO(content)).element.body
    except Exception as error:  # python-docx raises whatever its parts raise on a damaged file
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise KoppelkansError(f"{path}: the document is damaged ({reason}); save it again from Word") from None
    paragraphs: list[Paragraph] = []
    header: list[list[str]] = []
    for block in _inside(body, "p", "tbl"):
        if block.tag == f"{_W}p":
            paragraphs.append(_paragraph(block))
            continue
        rows = [_cells(row) for row in _inside(block, "tr")]
        if not header and _is_header(rows) and sum(bool(p.text.strip()) for p in paragraphs) <= 2:
            header = rows
        else:
            paragraphs += [Paragraph("\t".join(cells)) for cells in rows if any(cells)]
    return WordText(paragraphs, header)


def _inside(element: Any, *names: str) -> Iterator[Any]:
    """Yield the children of these names, also those within wrappers, in order."""
    wanted = {_W + name for name in names}
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, *names)


def _paragraph(paragraph: Any) -> Paragraph:
    text, bold, still = "", 0, True
    for run in _inside(paragraph, "r"):
        piece = _text_of_run(run)
        still = still and (_is_bold(run) or not piece.strip())
        text += piece
        bold = len(text) if still else bold
    return Paragraph(text, bold)


def _text_of_run(run: Any) -> str:
    pieces = [child.text or "" if child.tag == f"{_W}t" else _MARKS.get(child.tag, "") for child in run]
    return with_line_feeds("".join(pieces).replace("\u00a0", " "))


def _is_bold(run: Any) -> bool:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return False
    bold, style = properties.find(f"{_W}b"), properties.find(f"{_W}rStyle")
    if bold is not None:
        return bold.get(f"{_W}val", "1") not in ("0", "false", "off")
    return style is not None and (style.get(f"{_W}val") or "").casefold() in _STRONG


def _cells(row: Any) -> list[str]:
    return ["\n".join(_paragraph(p).text for p in _inside(cell, "p")).strip() for cell in _inside(row, "tc")]


def _is_header(rows: list[list[str]]) -> bool:
    """Tell whether a table names attributes: two columns, short names on the left, no speakers' turns."""
    names = [row[0] for row in rows if len(row) == 2 and row[0]]
    return len(names) >= max(1, len(rows) - 2) and all(len(name) <= 40 and "\n" not in name for name in names)
