"""The report: what a reader sees in the pages, the PDF and the Word file, and what a rebuild keeps the same."""

import hashlib
import html
import json
import re
import zipfile
from pathlib import Path

import pytest
import yaml
from pypdfium2 import PdfDocument
from small_paper import ALT, CHAPTER, write_compendium

from koppelkans.errors import KoppelkansError
from koppelkans.report import rendering, staging
from koppelkans.report.preview import pandoc


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stage(root: Path) -> list[Path]:
    return staging.stage("klein", "nl", root, root / "build", {})


def stand_in_for_quarto(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program named quarto on the path that runs a shell script ($2 is the project's folder)."""
    program = folder / "bin" / "quarto"
    program.parent.mkdir(exist_ok=True)
    version = '[ "$1" = --version ] && echo 1.9.38 && exit'
    program.write_text(f"#!/bin/sh\n{version}\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a small report, rendered by the preview."""
    root = tmp_path_factory.mktemp("compendium")
    project = write_compendium(root)
    stage(root)
    rendered = rendering.render(project, "preview")
    assert rendered.renderer == "preview"
    assert sorted(rendered.paths) == sorted(path for path in (project / "report").rglob("*") if path.is_file())
    return project / "report"


@pytest.fixture(scope="module")
def page(built: Path) -> str:
    return (built / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def word(built: Path) -> str:
    with zipfile.ZipFile(built / "index.docx") as archive:
        return archive.read("word/document.xml").decode("utf-8")


def text_of(markup: str) -> str:
    """The text without its markup, as a reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


class TestStaging:
    def test_writes_exactly_the_planned_files(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        planned = staging.planned_files("klein", "nl", tmp_path, tmp_path / "build")
        assert not (project / "index.qmd").exists()
        assert stage(tmp_path) == planned
        assert all(path.is_file() for path in planned)

    def test_numbers_become_variables_under_the_notebook_without_its_number(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        variables = yaml.safe_load((project / "_variables.yml").read_text(encoding="utf-8"))
        assert variables == {"sessions": {"count": "12", "count_word": "twaalf", "share": "7,5%"}}

    def test_notebook_gets_new_text_and_captions_and_loses_times(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        staged = json.loads((project / "notebooks/01-sessions.ipynb").read_text(encoding="utf-8"))
        cells = {cell["id"]: cell for cell in staged["cells"]}
        assert "Nieuwe tekst" in "".join(cells["about"]["source"])
        assert list(cells) == ["about", "parameters", "injected-parameters", "timeline", "programme"]
        lines = "".join(cells["timeline"]["source"]).split("\n")
        options = yaml.safe_load("\n".join(line.removeprefix("#|") for line in lines[:3]))
        assert options == {
            "label": "fig-timeline",
            "fig-cap": 'De sessies in de tijd, "van begin tot eind".',
            "fig-alt": ALT.replace("'", "’"),
        }
        assert lines[3] == "show(sessions)"
        assert cells["programme"]["source"][1].strip() == '#| tbl-cap: "Het programma."'
        assert "papermill" not in json.dumps(staged)

    def test_each_source_line_becomes_where_the_figure_comes_from(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        ledger = tmp_path / "build/klein/ledger/ledger.json"
        ledger.parent.mkdir(parents=True)
        rows = [
            {"id": "F-2", "status": "bounded", "figure": "fig-other; fig-timeline"},
            {"id": "F-1", "status": "recomputed", "figure": "fig-timeline"},
            {"id": "F-3", "status": "recomputed", "figure": None},
        ]
        ledger.write_text(json.dumps(rows), encoding="utf-8")
        settings = tmp_path / "paper/nl/_quarto.yml"
        text = settings.read_text(encoding="utf-8").replace(
            "manuscript\n", "manuscript\n  resources: evidence.html\n", 1
        )
        settings.write_text(text, encoding="utf-8")
        stage(tmp_path)
        block = (project / "_provenance/fig-timeline.qmd").read_text(encoding="utf-8")
        assert "(notebooks/01-sessions-preview.html#fig-timeline){.source-link}" in block
        assert hashlib.sha256(b"a\n1\n").hexdigest() in block
        assert re.findall(r"\[([A-Z]+)\]\(figures/fig-timeline\.", block) == ["SVG", "PNG", "CSV"]
        assert re.findall(r"evidence\.html#(F-\d)\)\{\.claim-mark \.status-(\w+)", block) == [
            ("F-1", "recomputed"),
            ("F-2", "bounded"),
        ]
        table = (project / "_provenance/tbl-programme.qmd").read_text(encoding="utf-8")
        assert re.findall(r"\[([A-Z]+)\]\(figures/", table) == ["CSV"]
        assert "evidence.html" not in table

    def test_a_staged_chapter_keeps_the_numbers_of_its_lines(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        written, staged = (
            (folder / "_01-inleiding.qmd").read_text(encoding="utf-8").split("\n")
            for folder in (tmp_path / "paper/nl", project)
        )
        changed = [(a, b) for a, b in zip(written, staged, strict=True) if a != b]
        assert [b for _, b in changed] == [
            "{{< include _provenance/fig-timeline.qmd >}}",
            "{{< include _provenance/tbl-programme.qmd >}}",
        ]
        assert all("{.source-link}" in a for a, _ in changed)

    def test_staging_again_leaves_equal_files_alone(self, tmp_path: Path) -> None:
        write_compendium(tmp_path)
        before = {path: path.stat().st_mtime_ns for path in stage(tmp_path)}
        assert {path: path.stat().st_mtime_ns for path in stage(tmp_path)} == before

    def test_a_notebook_changed_after_its_run_is_refused(self, tmp_path: Path) -> None:
        write_compendium(tmp_path)
        path = tmp_path / "notebooks/01-sessions.ipynb"
        source = json.loads(path.read_text(encoding="utf-8"))
        source["cells"].pop()
        path.write_text(json.dumps(source), encoding="utf-8")
        with pytest.raises(KoppelkansError, match=r"01-sessions\.ipynb: has other code cells"):
            stage(tmp_path)

    def test_a_notebook_that_did_not_run_is_named(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        (project / "_executed/01-sessions.ipynb").unlink()
        with pytest.raises(KoppelkansError, match=r"_executed.01-sessions\.ipynb: not there"):
            stage(tmp_path)


class TestPage:
    def test_sections_figures_and_tables_are_numbered_and_referred_to(self, page: str) -> None:
        text = text_of(page)
        assert "1 Inleiding" in text
        assert "1.1 Bijzonderheden" in text
        assert re.search(r"Figuur\s1: De sessies in de tijd", text)
        assert re.search(r"Tabel\s1: Het programma", text)
        assert re.search(r"Zie Figuur\s1 , Tabel\s1 en Paragraaf\s1\.1 ;", text)

    def test_every_link_within_the_page_has_its_target(self, page: str) -> None:
        targets = set(re.findall(r'id="([^"]+)"', page))
        links = set(re.findall(r'href="#([^"]+)"', page))
        assert {"fig-timeline", "tbl-programme", "sec-details", "ref-syed2015"} <= links
        assert links <= targets

    def test_links_to_files_lead_to_files(self, page: str, built: Path) -> None:
        files = {link.partition("#")[0] for link in re.findall(r'(?:href|src)="([^"#:]+(?:#[^"]*)?)"', page)}
        assert {"index.pdf", "index.docx", "notebooks/01-sessions-preview.html", "figures/fig-timeline.svg"} <= files
        elsewhere = {"../../en/report/index.html"}
        assert elsewhere <= files
        assert [file for file in files - elsewhere if not (built / file).is_file()] == []

    def test_numbers_are_filled_in_but_not_in_code(self, page: str) -> None:
        assert "Er waren twaalf sessies, dat is 7,5%." in text_of(page)
        assert "<code>{{&lt; var sessions.count &gt;}}</code>" in page

    def test_figure_has_its_alt_text(self, page: str) -> None:
        assert f'alt="{ALT.replace(chr(39), "’")}"' in page

    def test_a_figure_is_told_in_words_below_it(self, page: str) -> None:
        assert re.search(r"<summary>Beschrijving in woorden</summary>\s*<ul>\s*<li>Sessie 1: begin</li>", page)
        assert page.count("Beschrijving in woorden") == 1  # a table says it itself

    def test_a_phone_gets_the_narrow_drawing(self, page: str, built: Path) -> None:
        narrow = re.search(r'<picture><source media="[^"]*max-width[^"]*" srcset="([^"]+)"[^>]*><img [^>]*alt=', page)
        assert narrow and (built / narrow[1]).is_file()

    def test_only_what_is_for_html_is_shown(self, page: str) -> None:
        assert "cel <code>fig-timeline</code></a>" in page
        assert "alleen op papier" not in page

    def test_callout_and_citation_are_set(self, page: str) -> None:
        assert re.search(r'class="callout callout-note" role="note">\s*<p><strong>Let op</strong>', page)
        assert "Syed en Nelson" in text_of(page)
        assert "Guidelines for Establishing Reliability" in text_of(page)

    def test_says_that_it_is_a_preview_and_in_which_language(self, page: str) -> None:
        assert '<html lang="nl">' in page
        assert "gebouwd zonder Quarto" in page

    def test_asks_nothing_of_another_host(self, page: str, built: Path) -> None:
        notebook = (built / "notebooks/01-sessions-preview.html").read_text(encoding="utf-8")
        styles = (built / "preview.css").read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*"[^>]*(?:stylesheet|script)|@import', page)
        assert not re.search(r'<(?:link|img|script)[^>]*"(?:https?:)?//', page + notebook)
        assert set(re.findall(r'<script[^>]*src="([^"]*)"', page + notebook)) == {"theme.js", "../theme.js"}
        assert "http" not in styles


class TestResources:
    def test_patterns_bring_what_is_there_into_the_report(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        settings = tmp_path / "paper/nl/_quarto.yml"
        text = settings.read_text(encoding="utf-8")
        listed = "manuscript\n  resources: [figures/*.txt, missing.html]\n"
        settings.write_text(text.replace("manuscript\n", listed, 1), encoding="utf-8")
        (project / "figures").mkdir()
        (project / "figures/one.txt").write_text("1", encoding="utf-8")
        (project / "figures/two.md").write_text("2", encoding="utf-8")
        stage(tmp_path)
        rendering.render(project, "preview")
        assert (project / "report/figures/one.txt").read_text(encoding="utf-8") == "1"
        assert not (project / "report/figures/two.md").exists()
        assert not (project / "report/missing.html").exists()

    def test_the_script_of_the_paper_is_in_every_page(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        settings = tmp_path / "paper/nl/_quarto.yml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("    css:", "    include-after-body: last.html\n    css:"), encoding="utf-8")
        (tmp_path / "paper/shared/last.html").write_text("<script>1 < 2;</script>\n", encoding="utf-8")
        stage(tmp_path)
        rendering.render(project, "preview")
        for page in ("index.html", "notebooks/01-sessions-preview.html"):
            assert "<script>1 < 2;</script>\n</body>" in (project / "report" / page).read_text(encoding="utf-8")


class TestNotebookPage:
    def test_shows_code_and_outputs_with_an_anchor_at_each_label(self, built: Path) -> None:
        page = (built / "notebooks/01-sessions-preview.html").read_text(encoding="utf-8")
        assert "Nieuwe tekst van het notebook." in page
        assert 'class="sourceCode python"' in page
        assert {"fig-timeline", "tbl-programme"} <= set(re.findall(r'<figure[^>]* id="([^"]+)"', page))
        assert 'href="../index.html#fig-timeline"' in page
        assert 'href="../figures/fig-timeline.csv"' in page
        assert (built / "figures/fig-timeline.csv").read_text(encoding="utf-8") == "a\n1\n"
        assert (built / "notebooks/01-sessions.ipynb").is_file()

    def test_numbers_no_exhibits_since_the_report_does(self, built: Path) -> None:
        assert "Figuur" not in (built / "notebooks/01-sessions-preview.html").read_text(encoding="utf-8")


class TestPaper:
    def test_word_file_has_captions_alt_text_and_references(self, word: str) -> None:
        text = text_of(word)
        assert re.search(r"Figuur\s+SEQ Figuur \\\* ARABIC 1 : De sessies in de tijd", text)
        assert re.search(r"Tabel\s+SEQ Tabel \\\* ARABIC 1 : Het programma", text)
        assert f'descr="{ALT.replace(chr(39), "’")}"' in word
        assert "Er waren twaalf sessies" in text
        assert "Dit staat alleen op papier." in text
        assert "Bron: notebook" not in text
        assert "REF _Ref_fig_timeline \\h" in text
        assert '<w:pStyle w:val="Heading1"' in word

    def test_pdf_is_tagged_and_has_the_alt_text_and_language(self, built: Path) -> None:
        pdf = (built / "index.pdf").read_bytes()
        assert pdf.startswith(b"%PDF")
        assert b"StructTreeRoot" in pdf
        assert re.search(rb"/Lang\s?\(nl\)", pdf)
        assert b"/Alt" in pdf

    def test_a_rebuild_gives_the_same_bytes(self, built: Path, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        rendering.render(project, "preview")
        again = contents(project / "report")
        assert [name for name, made in contents(built).items() if again.get(name) != made] == []

    def test_what_an_earlier_rendering_left_is_taken_out(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        left = project / "report/site_libs/old.js"
        left.parent.mkdir(parents=True)
        left.write_text("old", encoding="utf-8")
        rendering.render(project, "preview")
        assert not left.parent.exists()
        assert not list(project.glob("_preview-*"))


def write_brief(root: Path) -> None:
    """Give the small paper a document of its own beside the report."""
    paper = root / "paper/nl"
    (paper / "_quarto-brief.yml").write_text("project:\n  type: default\n  render: [brief.qmd]\n")
    (paper / "brief.qmd").write_text(
        "---\ntitle: Kort\ncompact: true\ntoc: false\n---\n\n"
        "# De vraag {.unnumbered}\n\nEr waren {{< var sessions.count_word >}} sessies.\n"
    )


class TestDocumentsBesideTheReport:
    def test_what_will_be_made_is_known_before_anything_is_built(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        write_brief(tmp_path)
        plan = ("klein", "nl", tmp_path, tmp_path / "build", "preview")
        planned = rendering.planned_outputs(*plan)
        stage(tmp_path)
        rendered = rendering.render(project, "preview")
        assert project / "report/brief.pdf" in planned
        assert rendering.planned_outputs(*plan) == planned
        assert set(planned) <= set(rendered.paths)

    def test_a_document_of_a_few_pages_has_no_title_page_and_no_contents(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        write_brief(tmp_path)
        stage(tmp_path)
        rendering.render(project, "preview")
        document = PdfDocument(project / "report/brief.pdf")
        assert len(document) == 1
        assert len(PdfDocument(project / "report/index.pdf")) > 1

    def test_quarto_renders_each_with_the_profile_of_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        project = write_compendium(tmp_path)
        write_brief(tmp_path)
        stage(tmp_path)
        stand_in_for_quarto(tmp_path, monkeypatch, f'echo "$@" >> "{tmp_path}/asked"')
        with pytest.raises(KoppelkansError, match="did not make it"):
            rendering.render(project, "quarto")
        asked = (tmp_path / "asked").read_text().splitlines()
        assert asked == [f"render {project}", f"render {project}/brief.qmd --profile brief --to typst"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ("{{< var sessions.nothing >}}", r"_01-inleiding\.qmd:4: var sessions\.nothing: not known"),
            (
                "{{< embed notebooks/01-sessions.ipynb#fig-none >}}",
                r"_01-inleiding\.qmd:4: embed .*fig-none: not known",
            ),
            ("{{< video x.mp4 >}}", r"_01-inleiding\.qmd:4: video x\.mp4: not known"),
            ("Zie @fig-nowhere.", r"@fig-nowhere refers to nothing"),
            ("{{< include _09-weg.qmd >}}", r"_09-weg\.qmd: not there"),
        ],
    )
    def test_what_the_preview_cannot_show_is_named(self, tmp_path: Path, wrong: str, said: str) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        chapter = CHAPTER.replace("De tekst `", f"{wrong}\nDe tekst `")
        (project / "_01-inleiding.qmd").write_text(chapter, encoding="utf-8")
        with pytest.raises(KoppelkansError, match=said):
            rendering.render(project, "preview")
        assert not (project / "report").exists()

    def test_staging_lists_every_problem_at_its_place_in_the_paper(self, tmp_path: Path) -> None:
        write_compendium(tmp_path)
        path = tmp_path / "paper/nl/_01-inleiding.qmd"
        chapter = CHAPTER.replace("De tekst `", "Er waren 12 sessies, zie @fig-nowhere.\nDe tekst `")
        path.write_text(chapter, encoding="utf-8")
        with pytest.raises(KoppelkansError) as refused:
            stage(tmp_path)
        first, second = str(refused.value).split("\n")
        assert first.startswith(f"{path}:4: found the number '12'")
        assert second.startswith(f"{path}:4: found @fig-nowhere with 0 targets")

    def test_staging_that_refuses_the_text_leaves_the_project_as_it_was(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        stage(tmp_path)
        before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
        path = tmp_path / "paper/nl/_01-inleiding.qmd"
        path.write_text(CHAPTER.replace("De tekst `", "Zie @fig-nowhere.\nDe tekst `"), encoding="utf-8")
        with pytest.raises(KoppelkansError, match="fig-nowhere"):
            stage(tmp_path)
        assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before

    def test_quarto_failing_shows_the_end_of_its_log(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        stand_in_for_quarto(tmp_path, monkeypatch, 'echo "rendering $2"; echo "ERROR: no such cell" >&2; exit 1')
        project = write_compendium(tmp_path)
        stage(tmp_path)
        assert rendering.find_renderer() == "quarto"
        with pytest.raises(KoppelkansError, match=r"(?s)Quarto could not render.*ERROR: no such cell"):
            rendering.render(project)

    def test_quarto_leaving_out_a_page_is_noticed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        word = staging.DESIGN["reference.docx"]
        made = f"mkdir -p $2/report; touch $2/report/index.html $2/report/index.pdf; cp {word} $2/report/index.docx"
        stand_in_for_quarto(tmp_path, monkeypatch, made)
        project = write_compendium(tmp_path)
        stage(tmp_path)
        with pytest.raises(KoppelkansError, match=r"01-sessions-preview\.html: quarto did not make it"):
            rendering.render(project)
        page = "mkdir -p $2/report/notebooks; touch $2/report/notebooks/01-sessions-preview.html"
        stand_in_for_quarto(tmp_path, monkeypatch, f"{made}; {page}")
        assert rendering.render(project).renderer == "quarto"


@pytest.mark.parametrize(("to", "shown"), [("html5", ">1</a>"), ("typst-citations-smart", "#link(<sec-a>)[1]")])
def test_a_reference_can_be_the_number_alone(to: str, shown: str) -> None:
    made = pandoc(
        "# A {#sec-a}\n\nSee chapter\\ [-@sec-a].\n", to, {"title": "T", "lang": "en", "words": {"sec": "Section"}}
    )
    text = made.decode("utf-8")
    assert shown in text
    assert "Section" not in text
