"""Read a reader's own copy of a published report to text, so that what was recorded can be held against it.

Nothing that is read here is kept: the copy stays where it is, its text in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import KoppelkansError
from koppelkans.readers.files import decode, read_bytes
from koppelkans.readers.line_ends import without_controls

if TYPE_CHECKING:
    import pypdfium2

_PDF_MARK = b"%PDF-"
_LINE_END_HYPHENS = (
    "\ufffe",
    "\x02",
)  # PDFium puts one of these for a hyphen at the end of a line, and drops the line end


def read_source(path: Path) -> tuple[str, list[str]]:
    """Return the text of a copy of a report, a .pdf with a text layer or a .txt, and notes on its encoding.

    A .txt may stand in any encoding that `encodings.decoded` tells. Lines end in a line feed, pages of a PDF also in a
    form feed; words stand as the file has them, broken at line ends where it breaks them.
    Raises KoppelkansError, in one line, for a file that is missing, empty, encrypted, without text (a scan), or not
    what its ending says.
    """
    ending = path.suffix.lower()
    if ending not in (".pdf", ".txt"):
        raise KoppelkansError(f"{path}: found a file ending in {ending or 'nothing'!r}, expected a .pdf or a .txt")
    content = read_bytes(path, "your own copy of the report, a .pdf or a .txt")
    if ending == ".pdf":
        return text_of_pdf(content, path).replace("\r\n", "\n").replace("\r", "\n"), []
    text, _, notes = decode(content, str(path))
    return text, notes


def text_of_pdf(content: bytes, path: Path) -> str:
    """Return the text of a PDF. Raises KoppelkansError, one line, where it is locked, damaged or a scan."""
    import pypdfium2

    if _PDF_MARK not in content[:1024]:
        raise KoppelkansError(f"{path}: not a PDF, though its name ends in .pdf; give the report as .pdf or .txt")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise KoppelkansError(
                f"{path}: the PDF is locked with a password; print it to a new PDF or save its text as .txt"
            ) from None
        raise KoppelkansError(f"{path}: the PDF is damaged and cannot be opened; get a fresh copy") from None
    try:
        pages = [_text_of_page(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError:
        raise KoppelkansError(f"{path}: a page of the PDF is damaged and cannot be read; get a fresh copy") from None
    finally:
        document.close()
    if not any(page.strip() for page in pages):
        raise KoppelkansError(
            f"{path}: the PDF holds no text, only images; run text recognition (OCR) on it or give the report as .txt"
        )
    return "\f\n".join(pages)


def _text_of_page(document: pypdfium2.PdfDocument, number: int) -> str:
    """Return the text of a page (counted from 0), with a hyphen and a line end where PDFium marks a broken word."""
    page = document[number]
    words = page.get_textpage()
    text: str = words.get_text_range()
    words.close()
    page.close()
    for mark in _LINE_END_HYPHENS:
        text = text.replace(mark, "-\n")
    return without_controls(text)[0]
