"""The words of a Word document and the cells of a workbook stand in the tables, or the report counts them."""

from __future__ import annotations

import datetime
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers import read_project
from koppelkans.readers.answers import read_answers
from koppelkans.readers.project import Project

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
BOX = f"<w:txbxContent><w:p>{RUN}</w:p></w:txbxContent>"
INLINE = {  # what stands within a paragraph -> its XML, with a place for the words
    "plain": RUN,
    "inserted": f"<w:ins w:id='1' w:author='Maartje'>{RUN}</w:ins>",
    "moved here": f"<w:moveTo w:id='2' w:author='Maartje'>{RUN}</w:moveTo>",
    "field": f"<w:fldSimple w:instr='PAGE'>{RUN}</w:fldSimple>",
    "content control": f"<w:sdt><w:sdtContent>{RUN}</w:sdtContent></w:sdt>",
    "written from right to left": f"<w:bdo w:val='rtl'>{RUN}</w:bdo>",
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space='preserve'>{}</w:t></w:r>",
    "deleted": "<w:del w:id='3' w:author='Maartje'><w:r><w:delText xml:space='preserve'>{}</w:delText></w:r></w:del>",
    "moved away": f"<w:moveFrom w:id='4' w:author='Maartje'>{RUN}</w:moveFrom>",
    "formula": "<m:oMath><m:r><m:t xml:space='preserve'>{}</m:t></m:r></m:oMath>",
    "text box": (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:wsp><wps:txbx>"
        f"{BOX}</wps:txbx></wps:wsp></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    ),
    "old text box": f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>",
    "something of tomorrow": f"<w:tomorrow>{RUN}</w:tomorrow>",
}
LEFT_OUT = {
    "deleted": "tracked deletions",
    "moved away": "tracked deletions",
    "formula": "formulas",
    "text box": "text boxes",
    "old text box": "text boxes",
    "something of tomorrow": "other texts",
    "footnote": "footnotes",
    "endnote": "endnotes",
    "comment": "comments",
    "header": "headers of pages",
    "footer": "footers of pages",
}
BLOCKS = ["table", "table in a table", "attributes"]


def word(path: Path, pieces: list[tuple[str, str]]) -> Path:
    """Write a .docx with words in all the places that Word has for them."""
    document = docx.Document()
    for number, (kind, text) in enumerate(pieces):
        if kind in INLINE:
            words = INLINE[kind].replace("{}", text)
            element = parse_xml(f"<w:p {W}>{RUN.format('R: ')}{words}</w:p>")
            document.element.body.insert(len(document.element.body) - 1, element)
        elif kind == "attributes":
            table = document.add_table(rows=1, cols=2)
            table.cell(0, 0).text, table.cell(0, 1).text = f"kenmerk{number}", text
        elif kind.startswith("table"):
            cell = document.add_table(rows=1, cols=3).cell(0, 1)
            if kind == "table in a table":
                cell = cell.add_table(rows=2, cols=2).cell(1, 1)
            cell.text = text
        elif kind in ("header", "footer"):
            getattr(document.sections[0], kind).add_paragraph(text)
        else:
            part = f"{kind}s"
            xml = f"<w:{part} {W}><w:{kind} w:id='2'><w:p>{RUN.format(text)}</w:p></w:{kind}></w:{part}>"
            name = PackURI(f"/word/{part}{number}.xml")
            made = Part(name, f"{KIND}.{part}+xml", xml.encode(), document.part.package)
            document.part.relate_to(made, f"{LINKS}/{part}")
    document.save(str(path))
    return path


def everything(project: Project) -> str:
    return "\n".join([*project.documents["text"], project.respondents.to_csv()])


def words_left(report: dict[str, Any], *but: str) -> int:
    lines = [line for line in report["left_out"] if not any(name in line for name in but)]
    return sum(int(match[1].replace(",", "")) for line in lines if (match := re.search(r"\(([\d,]+) words?\)", line)))


@settings(deadline=None, max_examples=10, derandomize=True)
@example(kinds=[*INLINE, *LEFT_OUT, *BLOCKS], source=random.Random(1))
@given(kinds=st.lists(st.sampled_from([*INLINE, *LEFT_OUT, *BLOCKS]), min_size=1, max_size=8), source=st.randoms())
def test_every_word_of_a_word_document_is_in_the_tables_or_counted_by_where_it_stood(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], source: Any
) -> None:
    pieces = [("plain", "begin")]
    for number, kind in enumerate(kinds):
        pieces.append((kind, " ".join(f"woord{number}x{n}" for n in range(source.randint(1, 4)))))
    project = read_project(word(tmp_path_factory.mktemp("word") / "a.docx", pieces))
    shown, left = everything(project), project.report["left_out"]
    for kind, text in pieces:
        for one in text.split():
            assert (one in shown) == (kind not in LEFT_OUT), (kind, left)
        assert kind not in LEFT_OUT or any(LEFT_OUT[kind] in line for line in left), (kind, left)
    lost = sum(len(text.split()) for kind, text in pieces if kind in LEFT_OUT)
    assert words_left(project.report, "before the first turn") == lost
    hidden = sum(len(text.split()) for kind, text in pieces if kind == "hidden")
    assert any(f"{hidden} words are hidden" in line for line in project.report["warnings"]) == bool(hidden)


def test_signs_of_a_font_and_pictures_of_a_word_document_are_counted(tmp_path: Path) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    path = word(tmp_path / "a.docx", [("plain", "hoi")])
    document = docx.Document(str(path))
    document.add_picture(io.BytesIO(picture.getvalue()))
    run = document.add_paragraph("I: dag").runs[0]._r
    run.append(parse_xml(f"<w:sym {W} w:font='Wingdings' w:char='F04A'/>"))
    document.save(str(path))
    assert read_project(path).report["left_out"][:2] == ["symbols of a font: 1 (0 words)", "pictures: 1 (0 words)"]


def test_a_conversation_in_a_table_of_two_columns_is_no_table_of_attributes(tmp_path: Path) -> None:
    for rows in (
        [("I", "Hoe woont u?"), ("R1", "Goed."), ("I", "En warm?"), ("R1", "Nee.")],
        [("Interviewer:", "Kunt u iets vertellen over uw huis?"), ("Bewoner:", "Het is er 's winters koud.")],
    ):
        document = docx.Document()
        document.add_heading("Gesprek", 1)
        table = document.add_table(rows=0, cols=2)
        for cells in rows:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
        document.save(str(tmp_path / "a.docx"))
        assert list(read_project(tmp_path / "a.docx").turns["text"]) == [said for _, said in rows]


# respondents.csv


def test_a_column_without_header_and_an_attribute_that_differs_in_respondents_csv_are_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("I: Hoi\nR: Dag", encoding="utf-8")
    table = tmp_path / "respondents.csv"
    table.write_text("respondent;document;woning;\nR1;a;huur;x\nR1;b;koop;\n;;huur;\n", encoding="utf-8")
    (tmp_path / "oud").mkdir()
    project = read_project(tmp_path)
    assert "respondents.csv, column 4: it has no header (1 cell)" in project.report["left_out"]
    assert any(line.startswith("oud: a folder") for line in project.report["left_out"])
    assert any(line.startswith("b.txt: another value of woning") for line in project.report["warnings"])
    assert any("no transcript of a row without a name" in line for line in project.report["warnings"])
    table.write_text("respondent;woning;woning\nR1;huur;koop\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match="'woning' stands there 2 times"):
        read_project(tmp_path)


# workbooks

VALUES = st.one_of(
    st.none(),
    st.integers(-9, 99),
    st.booleans(),
    st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 1, 1)),
    st.text("abcdé ", min_size=1, max_size=6).map(lambda text: f"w{text}"),
)


def rezip(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w") as made:
        for name, content in parts.items():
            made.writestr(name, change(name, content))
    return path


def as_shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value).strip()


@settings(deadline=None, max_examples=15, derandomize=True)
@given(
    st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=4),
    st.sampled_from(["visible", "hidden", "veryHidden"]),
    st.lists(st.text("ab ", min_size=1, max_size=9).map(lambda text: f"let op {text}"), max_size=3),
)
def test_every_cell_of_a_workbook_is_in_the_tables_or_counted(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]], state: str, comments: list[str]
) -> None:
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet("Tweede")
    sheet.append(["Enquête van mei"])
    sheet.append(["respondent", "vraag een", "vraag twee", "altijd"])
    for number, row in enumerate(rows, start=1):
        sheet.append([f"p{number}", *row, "woorden"])
        other.append([f"cel {number}"])
    other.sheet_state = state
    for number, text in enumerate(comments, start=1):
        sheet.cell(number, 1).comment = Comment(text, "Maartje")
    book.save(path := tmp_path_factory.mktemp("book") / "a.xlsx")
    read = read_answers(
        path, {name: {"columns": name, "kind": "open"} for name in ("vraag een", "vraag twee", "altijd")}
    )
    given = read.answers.set_index(["respondent", "question"])["text"].to_dict()
    for number, row in enumerate(rows, start=1):
        for name, value in zip(("vraag een", "vraag twee"), row, strict=True):
            assert given[f"p{number}", name] == as_shown(value)
    told = "\n".join(read.report["warnings"])
    assert "1 row above the header (1 cell)" in read.report["left_out"]
    assert ("hidden and not read" in told) == (
        state != "visible"
    ) and f"({by_number(len(rows), 'cell', 'cells')})" in told
    words = sum(len(text.split()) for text in comments)
    counted = by_number(words, "word", "words")
    assert (f"comments on cells of the workbook, not read: {len(comments)} ({counted})" in told) == bool(comments)
    assert "Maartje" not in told


def test_a_formula_with_an_empty_value_is_empty_and_one_without_a_value_shows_itself(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["respondent", "q", "r", "s"], ["p1", '=IF(A2="","",1)', '=IF(A2="","",2)', None]):
        book.active.append(row)
    book.active["D2"] = ArrayFormula("D2", "=SUM(A1:A2)")
    book.save(tmp_path / "a.xlsx")
    empty = rb'<c r="B2" t="str"><f>IF(A2="","",1)</f><v></v></c>'
    path = rezip(tmp_path / "a.xlsx", lambda _, part: re.sub(rb'<c r="B2".*?</c>', empty, part))
    read = read_answers(path, {name: {"columns": name, "kind": "open"} for name in "qrs"})
    assert read.answers["text"].tolist() == ["", '=IF(A2="","",2)', "=SUM(A1:A2)"]
    assert any("2 formulas have no stored value" in line for line in read.report["warnings"])


def test_what_stands_below_a_merged_cell_and_in_a_shape_is_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["respondent", "q", "r"], ["p1", "samen", "eronder"], ["p2", "ja", "nee"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>'
    path = rezip(tmp_path / "a.xlsx", lambda _, part: part.replace(b"</sheetData>", merged))
    shape = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r><a:t>Let op mei'
        "</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
    )
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("xl/drawings/drawing1.xml", shape)
    read = read_answers(path, {name: {"columns": name, "kind": "open"} for name in "qr"})
    assert read.answers["text"].tolist() == ["samen", "samen", "ja", "nee"]
    told = "\n".join(read.report["warnings"])
    assert "1 cell below a merged cell holds something else" in told
    assert "texts in shapes of the workbook, not read: 1 (3 words)" in told
