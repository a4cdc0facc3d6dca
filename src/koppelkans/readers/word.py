"""The text of a Word document: its paragraphs and its tables, in order, and nothing of who wrote it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.readers.files import open_office_file, read_bytes

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


def read_word(path: Path) -> WordText:
    """Return the text of a .docx; properties, comments, footnotes, headers and footers are not read.

    A two-column table before any other text (but a title) is the header. In other tables, a row becomes a paragraph
    with a tab between its cells.
    Raises KoppelkansError, one line, for a file with a password, damaged, or of another kind.
    """
    import docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph as WordParagraph

    content = read_bytes(path, f"a {_KIND}")
    open_office_file(content, str(path), "word/document.xml", _KIND)
    try:
        document = docx.Document(io.BytesIO(content))
        blocks = list(document.iter_inner_content())
    except Exception as error:  # python-docx raises whatever its parts raise on a damaged file
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise KoppelkansError(f"{path}: the document is damaged ({reason}); save it again from Word") from None
    paragraphs: list[Paragraph] = []
    header: list[list[str]] = []
    for block in blocks:
        if isinstance(block, WordParagraph):
            paragraphs.append(_paragraph(block))
        elif isinstance(block, Table):
            rows = [_cells(row) for row in block.rows]
            if not header and _is_header(rows) and sum(bool(p.text.strip()) for p in paragraphs) <= 2:
                header = rows
            else:
                paragraphs += [Paragraph("\t".join(cells)) for cells in rows if any(cells)]
    return WordText(paragraphs, header)


def _paragraph(paragraph: object) -> Paragraph:
    text, bold, still = "", 0, True
    for run in paragraph.iter_inner_content():  # type: ignore[attr-defined]
        piece = run.text.replace("\u00a0", " ")
        runs = getattr(run, "runs", [run])  # a hyperlink has runs of its own
        still = still and (all(part.bold for part in runs) or not piece.strip())
        text += piece
        bold = len(text) if still else bold
    return Paragraph(text.replace("\r\n", "\n").replace("\r", "\n"), bold)


def _cells(row: object) -> list[str]:
    seen: list[object] = []
    texts = []
    for cell in row.cells:  # type: ignore[attr-defined]
        if any(cell._tc is other for other in seen):
            continue  # merged across columns
        seen.append(cell._tc)
        texts.append(cell.text.strip())
    return texts


def _is_header(rows: list[list[str]]) -> bool:
    """Tell whether a table names attributes: two columns, short names on the left, no speakers' turns."""
    names = [row[0] for row in rows if len(row) == 2 and row[0]]
    return len(names) >= max(1, len(rows) - 2) and all(len(name) <= 40 and "\n" not in name for name in names)
