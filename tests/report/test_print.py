"""The editions on paper: what a reader of the PDF and a researcher who goes on in Word find."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from pypdfium2 import PdfDocument
from small_paper import write_compendium

from koppelkans.report import outline, rendering, staging
from koppelkans.report.word_edition import headings
from koppelkans.report.word_styles import REFERENCE, reference_document

ROOT = Path(__file__).resolve().parents[2]
FOOTER = 72
"""Points from the foot of a page that hold its number only."""
MANY = "".join(
    f"| F-2.1.1-{n:02d} | een uitspraak over de samenwerking van partners in de wijk | kloppend |\n" for n in range(90)
)
LONG_TABLE = f"\n| Nummer | Uitspraak | Status |\n|---|---------------|----|\n{MANY}\n"


def editions() -> list[Path]:
    """The reports of the study that stand in build/, where they were built."""
    return [path for path in sorted((ROOT / "build").glob("smitsveen/*/report")) if (path / "index.pdf").is_file()]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the small paper, with a long table without a caption at its end."""
    root = tmp_path_factory.mktemp("print")
    project = write_compendium(root)
    staging.stage("klein", "nl", root, root / "build", {})
    staged = project / "_01-inleiding.qmd"
    staged.write_text(staged.read_text(encoding="utf-8") + LONG_TABLE, encoding="utf-8")
    rendering.render(project, "preview")
    return project / "report"


@pytest.fixture(params=["small", "nl", "en"])
def built(request: pytest.FixtureRequest, small: Path) -> Path:
    if request.param == "small":
        return small
    found = [path for path in editions() if path.parent.name == request.param]
    if not found:
        pytest.skip("the study is not built; `make` builds it")
    return found[0]


def fonts_of(pdf: pikepdf.Pdf) -> dict[str, bool]:
    """The name of every font on the pages, and whether the file holds it."""
    found: dict[str, bool] = {}
    for page in pdf.pages:
        for font in (page.obj.get("/Resources", {}).get("/Font") or {}).values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            described = inner.get("/FontDescriptor", {})
            found[str(font.BaseFont)] = any(f"/FontFile{n}" in described for n in ("", "2", "3"))
    return found


class TestPdf:
    def test_all_fonts_are_in_the_file_and_are_those_that_ship(self, built: Path) -> None:
        with pikepdf.open(built / "index.pdf") as pdf:
            fonts = fonts_of(pdf)
        assert fonts
        assert all(fonts.values())
        families = {re.sub(r"^/\w{6}\+", "", name).split("-")[0] for name in fonts}
        assert families <= {"LibertinusSerif", "SourceSansPro", "DejaVuSansMono"}

    def test_says_its_title_and_language_and_is_tagged_for_screen_readers(self, built: Path) -> None:
        with pikepdf.open(built / "index.pdf") as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.Root.Lang) in ("nl", "en")
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            with pdf.open_metadata() as metadata:
                assert metadata["dc:title"]
                assert metadata["pdfuaid:part"] == "1"

    def test_bookmarks_are_the_headings_of_the_page(self, built: Path) -> None:
        outlines = outline.read_outlines(built)
        page = outlines["html"].headings
        assert page
        assert outlines["pdf"].headings[: len(page)] == page
        assert len(outlines["pdf"].headings) <= len(page) + 1  # the appendix is for print only

    def test_a_bookmark_leads_to_the_page_with_its_heading(self, built: Path) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument(built / "index.pdf")
        for bookmark in document.get_toc():
            place = bookmark.get_dest()
            assert place is not None
            text = document[place.get_index()].get_textpage().get_text_range()
            words = re.sub(r"\s+", " ", text.replace("\ufffe", ""))
            assert bookmark.get_title().split()[-1][:8] in words

    def test_every_link_within_it_has_its_place(self, built: Path) -> None:
        with pikepdf.open(built / "index.pdf") as pdf:
            pages = {page.obj.objgen for page in pdf.pages}
            names = set(pikepdf.NameTree(pdf.Root.Names.Dests)) if "/Names" in pdf.Root else set()
            inside = 0
            for page in pdf.pages:
                for note in page.obj.get("/Annots", []):
                    action = note.get("/A", {})
                    target = note.get("/Dest", action.get("/D"))
                    if "/URI" in action:
                        assert str(action.URI).startswith(("https://", "http://", "mailto:"))
                        continue
                    inside += 1
                    if isinstance(target, pikepdf.Array):
                        assert target[0].objgen in pages
                    else:
                        assert str(target) in names
        assert inside

    def test_figures_are_drawn_not_photographed(self, built: Path) -> None:
        drawn = [path for path in (built / "figures").glob("*.svg") if b"<image" not in path.read_bytes()]
        with pikepdf.open(built / "index.pdf") as pdf:
            pictures = sum(len(page.images) for page in pdf.pages)
        assert len(drawn) == len(list((built / "figures").glob("*.svg")))
        assert pictures == 0

    def test_is_at_most_forty_pages_and_none_within_it_is_left_half_empty(self, built: Path) -> None:
        if built not in editions():
            pytest.skip("a small paper fills no pages")
        document = PdfDocument(built / "index.pdf")
        ends = []
        for page in list(document)[3:-1]:  # after cover, colophon and contents
            bottoms = [each.get_bounds()[1] for each in page.get_objects(max_depth=1)]
            ends.append(min(one for one in bottoms if one > FOOTER) / page.get_height())
        assert len(document) <= 40
        assert [n for n, end in enumerate(ends, start=4) if end > 0.4] == []

    def test_a_long_table_repeats_its_head_on_every_page(self, small: Path) -> None:
        import pypdfium2

        document = pypdfium2.PdfDocument(small / "index.pdf")
        pages = [page.get_textpage().get_text_range() for page in document]
        rows = [text for text in pages if "F-2.1.1-" in text]
        assert len(rows) > 1
        assert all("Nummer" in text and "Uitspraak" in text for text in rows)
        assert sum(len(re.findall(r"F-2\.1\.1-\d\d", text)) for text in rows) == MANY.count("\n")


def word_of(built: Path) -> Any:
    return docx.Document(str(built / "index.docx"))


class TestWord:
    def test_headings_are_numbered_by_word_and_are_those_of_the_page(self, built: Path) -> None:
        page, word = outline.html_outline(built / "index.html"), outline.word_outline(built / "index.docx")
        assert page.headings
        assert word.headings[: len(page.headings)] == page.headings  # the appendix behind them is for print only
        document = word_of(built)
        assert document.styles["Heading 1"].element.pPr.numPr.numId.val > 0
        assert all(number not in paragraph.text for paragraph, _, number in headings(document) if number)

    def test_captions_are_those_of_the_page_and_count_by_themselves(self, built: Path) -> None:
        page, word = outline.html_outline(built / "index.html"), outline.word_outline(built / "index.docx")
        assert word.exhibits
        assert [entry[1:] for entry in word.exhibits] == [entry[1:] for entry in page.exhibits]
        codes = [code.text.split() for code in word_of(built).element.body.iter(qn("w:instrText"))]
        assert [code[1] for code in codes if code[0] == "SEQ"] == [name for _, name, _, _ in word.exhibits]

    def test_references_follow_their_figure_table_or_section(self, built: Path) -> None:
        body = word_of(built).element.body
        marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
        asked = [code.text.split()[1] for code in body.iter(qn("w:instrText")) if code.text.split()[0] == "REF"]
        on_page = [label.replace("-", "_") for label, _ in outline.html_outline(built / "index.html").references]
        assert [name.removeprefix("_Ref_") for name in asked][: len(on_page)] == on_page  # then those of the appendix
        assert set(asked) <= marks
        assert all(len(name) <= 40 and re.fullmatch(r"\w+", name) for name in asked)

    def test_links_within_it_lead_somewhere(self, built: Path) -> None:
        body = word_of(built).element.body
        marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
        anchors = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
        assert anchors
        assert anchors <= marks

    def test_contents_are_a_field_with_its_entries(self, built: Path) -> None:
        document = word_of(built)
        entries = [p for p in document.element.body.iter(qn("w:pStyle")) if p.get(qn("w:val")) in ("TOC1", "TOC2")]
        wanted = [1 for _, level, _ in headings(document) if level <= 2]
        assert len(entries) == len(wanted)
        assert any("TOC " in (code.text or "") for code in document.element.body.iter(qn("w:instrText")))

    def test_a_table_repeats_its_head_and_breaks_between_rows_only(self, built: Path) -> None:
        tables = word_of(built).tables
        assert tables
        for table in tables:
            first = table.rows[0]._tr.trPr
            assert first.find(qn("w:tblHeader")) is not None
            assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
            assert {p.style.name for p in table.rows[0].cells[0].paragraphs} == {"Table Text"}

    def test_is_a4_in_the_language_of_the_edition_with_page_numbers(self, built: Path) -> None:
        document = word_of(built)
        assert round(document.sections[0].page_width.cm, 1) == 21.0
        assert "PAGE" in document.sections[0].footer._element.xml
        region = {"nl": "nl-NL", "en": "en-GB"}[
            re.search(r'lang="(\w+)"', (built / "index.html").read_text("utf-8"))[1]
        ]
        assert document.core_properties.language == region
        assert {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))} == {region}

    def test_every_style_it_uses_is_in_it(self, built: Path) -> None:
        document = word_of(built)
        known = {style.style_id for style in document.styles}
        used = {tag.get(qn("w:val")) for tag in document.element.body.iter(qn("w:pStyle"), qn("w:rStyle"))}
        assert used <= known

    def test_the_styles_are_those_that_the_code_makes(self) -> None:
        def parts(content: bytes) -> dict[str, bytes]:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return {name: archive.read(name) for name in archive.namelist()}

        assert parts(REFERENCE.read_bytes()) == parts(reference_document())


PREVIEW = """<html><body><header><h1>Titel</h1></header><nav><h2>Inhoud</h2></nav><main>
<h2 id="sec-a"><span class="header-section-number">1</span> Inleiding</h2>
<p>Zie <a href="#fig-x" class="crossref">Figuur&nbsp;1</a> en <a href="https://example.org/">daar</a>.</p>
<figure id="fig-x"><img src="figures/fig-x.svg" alt="a">
<figcaption><strong>Figuur&nbsp;1:</strong> Een figuur.</figcaption></figure>
<h3 id="sec-b"><span class="header-section-number">1.1</span> Verder</h3>
<figure id="tbl-y" class="table"><div><table></table></div>
<figcaption><strong>Tabel&nbsp;1:</strong> Een tabel.</figcaption></figure>
<h2>Bronnen</h2></main></body></html>"""
QUARTO = """<html><body><header id="title-block-header"><h1 class="title">Titel</h1></header>
<nav id="TOC"><h2 id="toc-title">Inhoudsopgave</h2></nav><main class="content">
<section id="sec-a" class="level1" data-number="1"><h1 data-number="1" class="anchored"><span
class="header-section-number">1</span> Inleiding</h1>
<p>Zie <a href="#fig-x" class="quarto-xref">Figuur&nbsp;1</a> en <a href="https://example.org/">daar</a>.</p>
<div id="fig-x" class="quarto-float quarto-figure quarto-figure-center anchored">
<figure class="quarto-float quarto-float-fig figure"><div aria-describedby="fig-x-caption-0ceaefa1">
<img src="x.svg" class="img-fluid figure-img"></div>
<figcaption class="quarto-float-caption-bottom quarto-float-caption quarto-float-fig" id="fig-x-caption-0ceaefa1">
Figuur&nbsp;1: Een figuur.</figcaption></figure></div>
<section id="sec-b" class="level2" data-number="1.1"><h2 data-number="1.1" class="anchored"><span
class="header-section-number">1.1</span> Verder</h2>
<div id="tbl-y" class="quarto-float"><figure class="quarto-float quarto-float-tbl figure">
<figcaption class="quarto-float-caption-top quarto-float-caption quarto-float-tbl" id="tbl-y-caption-0ceaefa1">
Tabel&nbsp;1: Een tabel.</figcaption><table class="caption-top table"></table></figure></div></section></section>
<section class="level1 unnumbered"><h1 class="unnumbered anchored">Bronnen</h1></section>
<div id="quarto-appendix" class="default"><section><h2 class="anchored quarto-appendix-heading">Hergebruik</h2>
<a rel="license" href="https://creativecommons.org/">CC BY 4.0</a></section></div></main></body></html>"""


class TestOutline:
    @pytest.fixture
    def pages(self, tmp_path: Path) -> tuple[Path, Path]:
        for name, text in (("preview", PREVIEW), ("quarto", QUARTO)):
            (tmp_path / name / "report").mkdir(parents=True)
            (tmp_path / name / "report/index.html").write_text(text, encoding="utf-8")
        return tmp_path / "preview", tmp_path / "quarto"

    def test_the_preview_and_quarto_give_the_same_outline(self, pages: tuple[Path, Path]) -> None:
        one, other = (outline.read_outlines(page) for page in pages)
        assert outline.differences(one, other) == []
        assert one["html"].lines() == [
            "1 Inleiding",
            "  1.1 Verder",
            "Bronnen",
            "Figuur 1 #fig-x: Een figuur.",
            "Tabel 1 #tbl-y: Een tabel.",
            "@fig-x: Figuur 1",
            "link https://example.org/",
        ]

    def test_another_number_or_target_is_told_and_ends_with_status_one(
        self, pages: tuple[Path, Path], run: Any, root: Path
    ) -> None:
        page = pages[1] / "report/index.html"
        changed = page.read_text("utf-8").replace(
            '"#fig-x" class="quarto-xref">Figuur&nbsp;1', '"#fig-x" class="quarto-xref">Figuur 2'
        )
        page.write_text(changed, encoding="utf-8")
        done = run(root, "report-outline", *map(str, pages))
        assert done.returncode == 1
        assert done.stdout.splitlines() == ["html - @fig-x: Figuur 1", "html + @fig-x: Figuur 2"]

    def test_is_printed_as_text_and_as_json(self, pages: tuple[Path, Path], run: Any, root: Path) -> None:
        text = run(root, "report-outline", str(pages[0]))
        assert text.stdout.splitlines()[:2] == ["== html", "1 Inleiding"]
        told = json.loads(run(root, "report-outline", "--json", str(pages[0])).stdout)
        assert told["html"]["headings"][1] == ["2", "1.1", "Verder"]

    def test_a_folder_without_a_report_is_named(self, tmp_path: Path, run: Any, root: Path) -> None:
        done = run(root, "report-outline", str(tmp_path))
        assert done.returncode == 1
        assert "no index.html, index.pdf or index.docx" in done.stderr
