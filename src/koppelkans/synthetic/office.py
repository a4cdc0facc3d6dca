"""Word documents and Excel workbooks with the same bytes on every machine."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from koppelkans.study.zips import in_order, packed

_MOMENT = "2024-01-01T00:00:00Z"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def document(paragraphs: Sequence[str], title: str) -> bytes:
    """Return a Word document of these paragraphs; the words up to the first colon of a turn are bold."""
    body = "".join(f"<w:p>{_runs(text)}</w:p>" for text in paragraphs)
    section = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" '
    section += 'w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        {
            "[Content_Types].xml": _xml(
                f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{types}"/>'
                '<Override PartName="/docProps/core.xml" '
                'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
            ),
            "_rels/.rels": _xml(
                f'<Relationships xmlns="{_PACKAGE}/relationships">'
                f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
                f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
                'Target="docProps/core.xml"/></Relationships>'
            ),
            "docProps/core.xml": _core(title),
            "word/document.xml": _xml(f'<w:document xmlns:w="{_WORD}"><w:body>{body}{section}</w:body></w:document>'),
        }
    )


def _runs(text: str) -> str:
    who, colon, words = text.partition(": ")
    if not colon or " " in who:
        return _run(text)
    return _run(f"{who}:", "<w:rPr><w:b/></w:rPr>") + _run(f" {words}")


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _xml(content: str) -> bytes:
    return (_HEAD + content).encode("utf-8")


def _core(title: str) -> bytes:
    return _xml(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>koppelkans synthesise</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_MOMENT}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_MOMENT}</dcterms:modified></cp:coreProperties>'
    )


def workbook(rows: Sequence[Sequence[Any]], sheet: str, title: str) -> bytes:
    """Return an Excel workbook of one sheet; the first row is the header."""
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.styles import Font  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "B2"
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        files = {name: archive.read(name) for name in in_order(archive)}
    files["docProps/core.xml"] = _core(title)
    files["docProps/app.xml"] = re.sub(rb"<AppVersion>.*?</AppVersion>", b"", files["docProps/app.xml"])
    return packed(files)
