"""What Quarto is given and what is made of its output; where Quarto is there, that both renderers give the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pypandoc
import pytest
import small_paper
import yaml
from docx.oxml.ns import qn

from koppelkans.locale import LANGUAGES
from koppelkans.report import fitting_quarto, outline, rendering, staged_notebooks, staging
from koppelkans.report.manuscript import YAML_HEADER, joined
from koppelkans.report.preview import pandoc

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(staging.__file__).with_name("templates")
FRAME = '<table border="1"><tr><th></th><th>naam</th></tr><tr><th>0</th><td>a|b *x* &lt;1&gt;</td></tr></table>'

HAVE_QUARTO = rendering.find_renderer() == "quarto"
needs_quarto = pytest.mark.skipif(not HAVE_QUARTO, reason="no Quarto 1.9 here: only what it is given is looked at")


def staged(root: Path) -> Path:
    """Write and stage the small paper, with the figure file that the notebook leaves; return the project."""
    project = small_paper.write_compendium(root)
    executed = project / "_executed/01-sessions.ipynb"
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "een\ntwee\n"},
        {"output_type": "execute_result", "data": {"text/html": FRAME, "text/plain": "0\n1"}, "metadata": {}},
    ]
    executed.write_text(json.dumps(notebook), encoding="utf-8")
    staging.stage("klein", "nl", root, root / "build", {})
    (project / "figures").mkdir()
    (project / "figures/fig-timeline.png").write_bytes(small_paper.png())
    return project


def word_styles(path: Path) -> set[str]:
    """The styles of the paragraphs in a Word file."""
    return {str(style.get(qn("w:val"))) for style in docx.Document(str(path)).element.body.iter(qn("w:pStyle"))}


class TestStagedNotebook:
    @pytest.fixture
    def notebook(self, tmp_path: Path) -> dict[str, Any]:
        return json.loads((staged(tmp_path) / "notebooks/01-sessions.ipynb").read_text(encoding="utf-8"))

    def test_every_text_is_a_list_of_its_lines(self, notebook: dict[str, Any]) -> None:
        texts = [cell["source"] for cell in notebook["cells"]]
        for output in (output for cell in notebook["cells"] for output in cell.get("outputs", [])):
            texts += [output["text"]] if "text" in output else []
            texts += [text for kind, text in output.get("data", {}).items() if not kind.startswith("image/png")]
        assert len(texts) > len(notebook["cells"])
        assert all(isinstance(text, list) and all(line.count("\n") <= 1 for line in text) for text in texts)
        assert any(len(text) > 1 for text in texts)

    def test_a_table_of_pandas_is_markdown_and_nothing_is_html(self, notebook: dict[str, Any]) -> None:
        forms = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]
        assert not any("text/html" in form for form in forms)
        [table] = [joined(form["text/markdown"]) for form in forms if "naam" in joined(form.get("text/markdown", ""))]
        read = pypandoc.convert_text(table, "plain", format="markdown")
        assert "naam" in read and "a|b *x* <1>" in read

    def test_a_cell_that_shows_nothing_is_not_counted_as_a_figure(self) -> None:
        ran = small_paper.notebook(executed=True)
        ran["cells"][-1]["outputs"] = []
        cells = staged_notebooks.staged_notebook(small_paper.notebook(executed=False), ran, "01-sessions")["cells"]
        assert "label: fig-timeline" in joined(cells[-2]["source"])
        assert joined(cells[-1]["source"]) == "table(x)"

    def test_html_without_a_table_leaves_the_plain_text(self) -> None:
        assert staged_notebooks.table_as_markdown("<b>alleen dit</b>") == ""


class TestSettings:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_a_manuscript_would_set_by_itself_is_set(self, language: str) -> None:
        settings = yaml.safe_load((ROOT / "paper" / language / "_quarto.yml").read_text(encoding="utf-8"))
        orders = [notebook["order"] for notebook in settings["manuscript"]["notebooks"]]
        assert orders == sorted(orders)
        made = settings["format"]
        assert made["html"]["lightbox"] is False
        links = made["html"]["format-links"]
        assert any(isinstance(link, str) for link in links) and {"format": "typst", "text": "PDF"} in links
        assert made["typst"]["pdf-standard"] == "ua-1" and made["typst"]["variant"] == "-smart"
        assert len({made[name]["toc-title"] for name in ("html", "typst", "docx")}) == 1
        for name in ("html", "typst", "docx"):
            assert made[name]["filters"] == [{"at": "pre-render", "path": "filters/quarto.lua"}]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_abstract_is_plain_text_since_search_engines_get_it_as_it_stands(self, language: str) -> None:
        header = YAML_HEADER.match((ROOT / "paper" / language / "index.qmd").read_text(encoding="utf-8"))
        assert header
        assert not re.search(r":::|@|\\|\]\(|\*", yaml.safe_load(header.group().strip().strip("-"))["abstract"])


STAND_IN = """\
local format, folder = "FORMAT", "TEMPLATES"
quarto = {
  doc = { is_format = function(name) return name == format end },
  utils = {
    resolve_path = function(name) return folder .. "/" .. name end,
    as_inlines = function(value) return pandoc.utils.blocks_to_inlines(value) end,
    as_blocks = function(value) return value end,
  },
}
local filters = dofile(folder .. "/quarto.lua")
function Pandoc(doc)
  doc.blocks:insert(pandoc.Para(pandoc.Str(" "))) -- as Quarto puts between callouts
  for _, filter in ipairs(filters) do
    if filter.FloatRefTarget then
      doc = doc:walk({ Div = function(div)
        if div.identifier ~= "fig-timeline" then return nil end
        local caption = pandoc.Blocks({ div.content[2] })
        return filter.FloatRefTarget({ identifier = div.identifier, type = "Figure", order = { order = 3 },
          content = pandoc.Blocks({ div.content[1] }), caption_long = caption })
      end })
    end
    doc = doc:walk(filter)
  end
  return doc
end
"""
EMBED = """\
# 1. Een {#sec-een number="1"}

Zie [Figuur 3](#fig-timeline){.quarto-xref}.

::: {.quarto-embed-nb-cell}
::: {.cell .cell-output}
::: {#fig-timeline}
![](index_files/figure-docx/notebooks-01-sessions-fig-timeline-output-1.svg){fig-alt="Een balk"}

De sessies.
:::

| Nr | Uitspraak |
|------------------|-----|
| 1 | een lange zin over alles wat er in de wijk gebeurde, en nog veel meer dan dat, tot aan “de regel” (iemand) |
:::
:::
"""


def filtered(format: str, folder: Path, to: str) -> str:
    """Return what the filter makes of an embed, with a stand-in for what Quarto gives its filters."""
    script = folder / "stand-in.lua"
    script.write_text(STAND_IN.replace("FORMAT", format).replace("TEMPLATES", str(TEMPLATES)), encoding="utf-8")
    command = [
        pypandoc.get_pandoc_path(),
        "--from",
        "markdown",
        "--to",
        to,
        "--lua-filter",
        str(script),
        "-M",
        "lang=nl",
    ]
    return subprocess.run(command, input=EMBED, capture_output=True, text=True, check=True).stdout


class TestFilter:
    def test_an_embed_stands_in_no_block_so_that_a_figure_can_move(self, tmp_path: Path) -> None:
        made = filtered("typst", tmp_path, "typst")
        assert "#block[" not in made.replace("#block[\n#box(image", "") and "De sessies." in made

    def test_columns_follow_what_they_hold(self, tmp_path: Path) -> None:
        [widths] = re.findall(r"columns: \(([\d.]+)%, ([\d.]+)%\)", filtered("typst", tmp_path, "typst"))
        assert float(widths[0]) < 10 < 80 < float(widths[1])

    def test_a_parenthesis_after_a_quotation_can_begin_a_line_of_a_narrow_column(self, tmp_path: Path) -> None:
        assert "\u200b(iemand)" in filtered("typst", tmp_path, "typst")

    def test_word_gets_the_picture_as_png_with_a_caption_that_counts(self, tmp_path: Path) -> None:
        made = filtered("docx", tmp_path, "native")
        assert "figures/fig-timeline.png" in made and ".svg" not in made
        assert "SEQ Figuur" in made and "REF _Ref_fig_timeline" in made and "_Ref_sec_een" in made
        assert 'Str "Een"' in made and 'Str "1."' not in made and 'Para [ Str " " ]' not in made


class TestOutput:
    @pytest.fixture
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project whose Quarto is a script that makes pages, warns, and takes the preview's Word file for its own."""
        project = staged(tmp_path)
        rendering.render(project, "preview")
        shutil.move(project / "report", tmp_path / "made")
        body = "# Een\n\n| a |\n|---|\n| b |\n"
        design = ("--toc", "--reference-doc", str(TEMPLATES / "reference.docx"))
        (tmp_path / "made/index.docx").write_bytes(pandoc(body, "docx", {"title": "T"}, *design))
        links = ("../../en/report/index.html", "../evidence.html", "index.pdf")
        page = "".join(f'<a href="{to}">.</a>' for to in links)
        (tmp_path / "made/notebooks/01-sessions-preview.html").write_text(page, encoding="utf-8")
        program = tmp_path / "bin/quarto"
        program.parent.mkdir()
        said = (
            "\\033[33mWARN: PDF standard validation: verapdf is not installed\\nWARNING: a div\\nof ./index.qmd\\033[0m"
        )
        program.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo "${{VERSION:-1.9.38}}" && exit\n'
            f'cp -r {tmp_path}/made "$2/report"; printf "{said}\\n"\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin:/bin")
        fitting_quarto._version.cache_clear()
        return project

    def test_warnings_of_a_run_that_succeeds_are_told(self, project: Path) -> None:
        rendering.render(project)
        assert rendering.warnings_of(project) == ["WARNING: a div of ./index.qmd"]

    def test_its_word_file_gets_contents_and_tables_of_ours(self, project: Path) -> None:
        rendering.render(project)
        styles = word_styles(project / "report/index.docx")
        assert {"TOC1", "TableText"} <= styles and "Compact" not in styles

    def test_a_notebook_page_leads_to_the_same_page_of_the_other_edition_and_to_the_pdf(self, project: Path) -> None:
        rendering.render(project)
        page = (project / "report/notebooks/01-sessions-preview.html").read_text(encoding="utf-8")
        assert re.findall('href="([^"]+)"', page) == [
            "../../../en/report/notebooks/01-sessions-preview.html",
            "../evidence.html",
            "../index.pdf",
        ]

    def test_a_version_that_does_not_fit_and_a_no_lead_to_the_preview(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert rendering.find_renderer() == "quarto"
        monkeypatch.setenv("QUARTO", "no")
        assert rendering.find_renderer() == "preview"
        monkeypatch.delenv("QUARTO")
        fitting_quarto._version.cache_clear()
        monkeypatch.setenv("VERSION", "1.4.550")
        assert rendering.find_renderer() == "preview"
        fitting_quarto._version.cache_clear()


@needs_quarto
class TestBothRenderers:
    @pytest.fixture(scope="class")
    def reports(self, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
        project = staged(tmp_path_factory.mktemp("both"))
        reports = {}
        for renderer in ("preview", "quarto"):
            reports[renderer] = project.with_name(renderer)
            shutil.copytree(project, reports[renderer])
            rendering.render(reports[renderer], renderer)  # type: ignore[arg-type]
        return reports

    def test_give_the_same_outline_of_page_pdf_and_word(self, reports: dict[str, Path]) -> None:
        assert outline.differences(*(outline.read_outlines(reports[name]) for name in ("preview", "quarto"))) == []

    def test_quarto_has_nothing_to_warn_of(self, reports: dict[str, Path]) -> None:
        assert rendering.warnings_of(reports["quarto"]) == []

    def test_no_page_names_a_folder_of_this_machine_or_loads_from_elsewhere(self, reports: dict[str, Path]) -> None:
        for page in (reports["quarto"] / "report").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            assert str(reports["quarto"].parent) not in text and ":::" not in text
            assert not re.search(r'<(?:script|img|link)[^>]*(?:src|href)="(?:https?:)?//', text)

    def test_word_holds_png_filled_contents_and_tables_of_ours(self, reports: dict[str, Path]) -> None:
        path = reports["quarto"] / "report/index.docx"
        with zipfile.ZipFile(path) as archive:
            media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert media and all(name.endswith(".png") for name in media)
        styles = word_styles(path)
        assert {"TOC1", "TableText"} <= styles and "Compact" not in styles
