"""The styles of the Word edition: templates/reference.docx, which Quarto and the preview both start from.

`python -m koppelkans.report.word_styles` makes the file anew from the reference document that Pandoc ships; a test
holds the committed file against what this makes. Equal input gives equal bytes.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).with_name("templates") / "reference.docx"
ACCENT, BLUE, INK, MUTED, HAIRLINE, TINT = "B4480F", "0B5C7A", "1C2127", "4D5666", "C9CDD3", "F2F3EE"
SERIF, SANS, MONO = "Cambria", "Calibri", "Consolas"  # come with Word; others set what is nearest
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def reference_document() -> bytes:
    """Return the reference document: A4, page numbers, and a look for every style that Pandoc and Quarto use."""
    import docx
    import pypandoc
    from docx.shared import Cm

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    document = docx.Document(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.5)
    section.different_first_page_header_footer = True  # the title page has no number
    _page_number(section.footer.paragraphs[0])
    _paragraph_styles(document)
    _table_style(document)
    _links(document)
    return saved(document)


def saved(document: Any) -> bytes:
    """Return a python-docx document as a file that carries no time of saving."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def _style(document: Any, name: str, based_on: str = "Body Text") -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    for style in document.styles:
        if style.name.lower() == name.lower():
            return style
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[based_on]
    return style


def _paragraph_styles(document: Any) -> None:
    body = {"font": SERIF, "size": 10.5, "color": INK, "before": 0, "after": 7, "line": 1.2}
    heading = {"font": SANS, "bold": True, "color": INK, "keep": True}
    small = {"font": SANS, "size": 9, "color": MUTED, "line": 1.1}
    looks: dict[str, dict[str, Any]] = {
        "Normal": body,
        "Body Text": body,
        "First Paragraph": body,
        "Compact": body | {"after": 3},
        "Title": heading | {"size": 28, "before": 110, "after": 8, "align": "left"},
        "Subtitle": {
            "font": SANS,
            "size": 14,
            "color": MUTED,
            "before": 0,
            "after": 22,
            "align": "left",
            "bold": False,
        },
        "Author": small | {"size": 11, "align": "left", "before": 0, "after": 2, "bold": False},
        "Date": small | {"size": 11, "align": "left", "before": 0, "after": 24, "bold": False},
        "Abstract Title": heading | {"size": 11, "align": "left", "before": 24, "after": 4},
        "Abstract": body | {"size": 10.5},
        "Colophon": small | {"before": 0, "after": 4},
        "TOC Heading": heading | {"size": 18, "after": 10, "new_page": True},
        "TOC 1": {"font": SANS, "size": 9.5, "bold": True, "before": 5, "after": 0, "line": 1.0, "color": INK},
        "TOC 2": {"font": SANS, "size": 9.5, "before": 0, "after": 0, "line": 1.0, "color": INK, "indent": 0.6},
        "Heading 1": heading | {"size": 18, "before": 0, "after": 12, "new_page": True},
        "Heading 2": heading | {"size": 14, "before": 20, "after": 6},
        "Heading 3": heading | {"size": 11.5, "before": 16, "after": 4},
        "Heading 4": heading | {"size": 10.5, "before": 12, "after": 4},
        "Caption": small | {"before": 4, "after": 14, "italic": False},
        "Image Caption": small | {"before": 4, "after": 16, "whole": True, "italic": False},
        "Table Caption": small | {"before": 14, "after": 4, "keep": True, "italic": False},
        "Captioned Figure": {"before": 12, "after": 0, "keep": True},
        "Figure": {"before": 12, "after": 12},
        "Table Text": {"font": SANS, "size": 8.5, "before": 1.5, "after": 1.5, "line": 1.0, "color": INK},
        "Block Text": {"font": SERIF, "size": 10.5, "before": 4, "after": 8, "callout": True, "italic": False},
        "Bibliography": body | {"hanging": 0.7, "after": 5},
        "Footer": small,
    }
    # else it would be numbered as a chapter, and stand in the contents
    document.styles["TOC Heading"].base_style = document.styles["Body Text"]
    for name, look in looks.items():
        _apply(_style(document, name), look)


def _apply(style: Any, look: dict[str, Any]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    font, layout = style.font, style.paragraph_format
    if "font" in look:
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # names of theme fonts would go before
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), look["font"])
    if "size" in look:
        font.size = Pt(look["size"])
        for spacing in style.element.rPr.findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)  # letters at their usual distance
    for part in ("bold", "italic"):
        if part in look:
            setattr(font, part, look[part])
    if "color" in look:
        font.color.rgb = RGBColor.from_string(look["color"])
    for part, setting in (("before", "space_before"), ("after", "space_after")):
        if part in look:
            setattr(layout, setting, Pt(look[part]))
    if "line" in look:
        layout.line_spacing = look["line"]
    if "align" in look:
        layout.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if look.get("keep"):
        layout.keep_with_next = True
    if look.get("whole"):
        layout.keep_together = True
    if look.get("new_page"):
        layout.page_break_before = True
    if "indent" in look:
        layout.left_indent = Cm(look["indent"])
    if "hanging" in look:
        layout.left_indent, layout.first_line_indent = Cm(look["hanging"]), Cm(-look["hanging"])
    if look.get("callout"):
        layout.left_indent = layout.right_indent = Cm(0.4)
        _insert(
            style.element.get_or_add_pPr(),
            f'<w:pBdr {NAMESPACE}><w:left w:val="single" w:sz="24" w:space="8" w:color="{BLUE}"/></w:pBdr>',
            f'<w:shd {NAMESPACE} w:val="clear" w:color="auto" w:fill="{TINT}"/>',
        )


NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_AFTER_BORDERS = ("w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _insert(properties: Any, *parts: str) -> None:
    """Put borders and shading where Word wants them in a paragraph's properties: before spacing and indents."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    later = next((child for child in properties if child.tag in {qn(name) for name in _AFTER_BORDERS}), None)
    for part in parts:
        if later is None:
            properties.append(parse_xml(part))
        else:
            later.addprevious(parse_xml(part))


def _table_style(document: Any) -> None:
    """Give tables a rule above, thin rules between rows and a heading row; Pandoc names the style "Table"."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    style = document.styles["Table"].element
    for child in list(style):
        if child.tag in {qn("w:tblPr"), qn("w:tblStylePr"), qn("w:pPr"), qn("w:rPr")}:
            style.remove(child)
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{HAIRLINE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{MUTED}"'
    for part in (
        f'<w:rPr {NAMESPACE}><w:rFonts w:ascii="{SANS}" w:hAnsi="{SANS}" w:cs="{SANS}"/><w:sz w:val="17"/></w:rPr>',
        f"<w:tblPr {NAMESPACE}><w:tblBorders><w:top {strong}/><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f'<w:tblStylePr {NAMESPACE} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/><w:tcPr><w:tcBorders>'
        f'<w:bottom {strong}/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
    ):
        style.append(parse_xml(part))


def _links(document: Any) -> None:
    from docx.shared import RGBColor

    for style in document.styles:
        if style.name == "Hyperlink":
            style.font.color.rgb = RGBColor.from_string(BLUE)
        elif style.name in ("Verbatim Char", "Source Code"):
            style.font.name = MONO


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph._p.append(parse_xml(f'<w:fldSimple {NAMESPACE} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


if __name__ == "__main__":
    REFERENCE.write_bytes(reference_document())
    print(REFERENCE)
