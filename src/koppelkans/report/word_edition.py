"""The Word edition as a researcher goes on with it: numbered headings, contents, tables that keep their head.

Pandoc writes the text, the captions with their fields and the references (templates/word.lua); what it has no means
for is added here to the file that it made.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from koppelkans.report.word_styles import NAMESPACE, saved

REGION = {"nl": "nl-NL", "en": "en-GB"}  # the language of an edition as Word names it
LEVELS = 4
CONTENTS = 2  # levels of headings in the contents
TEXT_WIDTH, PANDOC_WIDTH = 8958, 7920  # twentieths of a point: A4 within our margins, and what Pandoc reckons with
TABLE_TEXT = "TableText"  # the id of the style
MANY_COLUMNS = 8  # from here on the cells of a table have less room around them
_NUMBERING = 9001  # Pandoc's own lists count from below


def finished(made: bytes, region: str) -> bytes:
    """Return Pandoc's Word file with numbered headings, filled contents, tables that repeat their head, a language.

    `region` is the language as Word names it, such as "nl-NL". Equal input gives equal bytes.
    """
    import docx

    document = docx.Document(io.BytesIO(made))
    _number_headings(document)
    _fill_contents(document)
    _keep_leads_with_their_lists(document)
    for table in document.tables:
        _set_table(table)
    _set_language(document, region)
    _leave_settings_out(document)
    return saved(document)


def headings(document: Any) -> Iterator[tuple[Any, int, str]]:
    """Yield every heading of a python-docx document: its paragraph, level and number ("" where it has none)."""
    from docx.oxml.ns import qn

    counts = [0] * LEVELS
    for paragraph in document.paragraphs:
        style = paragraph.style.name
        if not (style.startswith("Heading ") and style[8:].isdigit() and int(style[8:]) <= LEVELS):
            continue
        level = int(style[8:])
        marks = [mark.get(qn("w:name")) for mark in paragraph._p.iter(qn("w:bookmarkStart"))]
        if not any(mark.startswith("_Ref_") for mark in marks):
            yield paragraph, level, ""
            continue
        counts[level - 1] += 1
        counts[level:] = [0] * (LEVELS - level)
        yield paragraph, level, ".".join(map(str, counts[:level]))


def _number_headings(document: Any) -> None:
    """Number the heading styles, as Word does it itself; a heading without a mark of ours keeps no number."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    all_headings = list(headings(document))
    if not any(number for _, _, number in all_headings):
        return
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{n + 1}"/>'
        f'<w:suff w:val="tab"/><w:lvlText w:val="{".".join(f"%{part + 1}" for part in range(n + 1))}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{680 + 113 * n}" w:hanging="{680 + 113 * n}"/></w:pPr></w:lvl>'
        for n in range(LEVELS)
    )
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {NAMESPACE} w:abstractNumId="{_NUMBERING}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
    )
    first = numbering.find(qn("w:num"))
    numbering.append(abstract) if first is None else first.addprevious(abstract)
    numbering.append(
        parse_xml(f'<w:num {NAMESPACE} w:numId="{_NUMBERING}"><w:abstractNumId w:val="{_NUMBERING}"/></w:num>')
    )
    for level in range(LEVELS):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = _NUMBERING
    for paragraph, _, number in all_headings:
        if not number:
            layout = paragraph._p.get_or_add_pPr()
            layout.get_or_add_numPr().get_or_add_numId().val = 0
            paragraph.paragraph_format.left_indent = 0
            paragraph.paragraph_format.first_line_indent = 0


def _fill_contents(document: Any) -> None:
    """Write the entries into the contents, which Word makes anew (with page numbers) when it updates the fields."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    codes = [code for code in document.element.body.iter(qn("w:instrText")) if "TOC " in (code.text or "")]
    listed = [(p, level, number) for p, level, number in headings(document) if level <= CONTENTS]
    if not (codes and listed):
        return
    run = codes[0].getparent()
    field = run.getparent()
    end = next(mark for mark in run.iter(qn("w:fldChar")) if mark.get(qn("w:fldCharType")) == "end")
    place = field
    for paragraph, level, number in listed:
        mark = next((mark.get(qn("w:name")) for mark in paragraph._p.iter(qn("w:bookmarkStart"))), "")
        mark = mark or _mark_before(paragraph._p)
        text = _escaped(f"{number}\u2002{paragraph.text}" if number else paragraph.text)
        entry = parse_xml(
            f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr><w:hyperlink w:anchor="{mark}">'
            f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:hyperlink></w:p>'
        )
        if place is field and len(field) == 1:  # the first entry stands in the field's own paragraph
            for part in reversed(list(entry)):
                field.insert(0 if part.tag == qn("w:pPr") else len(field), part)
        else:
            place.addnext(entry)
            place = entry
    last = parse_xml(f"<w:r {NAMESPACE}/>")
    last.append(end)
    place.append(last)


def _mark_before(heading: Any) -> str:
    """Return the name of the bookmark that Pandoc puts before a heading."""
    from docx.oxml.ns import qn

    before = heading.getprevious()
    return before.get(qn("w:name")) if before is not None and before.tag == qn("w:bookmarkStart") else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _keep_leads_with_their_lists(document: Any) -> None:
    """Keep the paragraph before a list on the page with the list's first line."""
    from docx.oxml.ns import qn

    paragraphs = document.paragraphs
    listed = [p._p.pPr is not None and p._p.pPr.find(qn("w:numPr")) is not None for p in paragraphs]
    for paragraph, is_listed, next_is in zip(paragraphs, listed, listed[1:], strict=False):
        if next_is and not is_listed:
            paragraph.paragraph_format.keep_with_next = True


def _set_table(table: Any) -> None:
    """Let a table keep its widths, repeat its head on every page and break between rows only."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    _set_widths(table)
    for number, row in enumerate(table._tbl.tr_lst):
        properties = row.get_or_add_trPr()
        for old in list(properties):
            properties.remove(old)
        properties.append(parse_xml(f"<w:cantSplit {NAMESPACE}/>"))
        if number == 0:
            properties.append(parse_xml(f"<w:tblHeader {NAMESPACE}/>"))
        for paragraph in row.iter(qn("w:p")):
            paragraph.get_or_add_pPr().style = TABLE_TEXT
    after = next(table._tbl.itersiblings(qn("w:p")), None)
    if after is not None:
        Paragraph(after, table._parent).paragraph_format.space_before = Pt(12)


def _set_widths(table: Any) -> None:
    """Give the columns, which Pandoc reckons for letter paper, their share of the text's width on ours."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    columns = list(table._tbl.tblGrid.iter(qn("w:gridCol")))
    widths = [round(int(column.get(qn("w:w"))) * TEXT_WIDTH / PANDOC_WIDTH) for column in columns]
    if len(columns) >= MANY_COLUMNS:
        sides = "".join(f'<w:{side} w:w="45" w:type="dxa"/>' for side in ("left", "right"))
        room = parse_xml(f"<w:tblCellMar {NAMESPACE}>{sides}</w:tblCellMar>")
        later = (part for part in table._tbl.tblPr if part.tag in (qn("w:tblLook"), qn("w:tblCaption")))
        before = next(later, None)  # Word holds to the order of these
        table._tbl.tblPr.append(room) if before is None else before.addprevious(room)
    for column, width in zip(columns, widths, strict=True):
        column.set(qn("w:w"), str(width))
    table.autofit = False
    whole = table._tbl.tblPr.find(qn("w:tblW"))
    if whole is not None:
        whole.set(qn("w:type"), "dxa")
        whole.set(qn("w:w"), str(sum(widths)))
    summary = table._tbl.tblPr.find(qn("w:tblCaption"))
    if summary is not None:
        summary.set(qn("w:val"), summary.get(qn("w:val")).removeprefix(": "))
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=False):
            properties = cell.get_or_add_tcPr().get_or_add_tcW()
            properties.set(qn("w:type"), "dxa")
            properties.set(qn("w:w"), str(width))


def _leave_settings_out(document: Any) -> None:
    """Take out the properties that Pandoc makes of its settings: they name folders of this computer."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/custom-properties")]:
        del relations[key]


def _set_language(document: Any, region: str) -> None:
    from docx.oxml.ns import qn

    document.core_properties.language = region
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), region)
