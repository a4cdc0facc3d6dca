"""What people typed stays text wherever it comes: pages in a browser, Word, PDF, pictures and tables for spreadsheets.

In every text cell of every table stands something that a page, a word processor or a spreadsheet could take for an
order; the pages are opened in a browser that reports what they try to do.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pypdfium2
import pytest
from conftest import CHROMIUM
from hypothesis import given
from hypothesis import strategies as st
from small_paper import notebook, write_compendium

from koppelkans.figures.chart import Chart
from koppelkans.figures.exhibit import Exhibit, csv_of, table_exhibit
from koppelkans.figures.showing import Exhibits
from koppelkans.readers.answers import read_answers
from koppelkans.readers.folder import write_folder
from koppelkans.report import rendering, staging
from koppelkans.study import Study
from koppelkans.study.field_schemas import FIELD_SCHEMAS
from koppelkans.study.plain_text import csv_of as written
from koppelkans.study.plain_text import from_csv, in_csv
from koppelkans.study.schemas import SCHEMAS

HIT = "window.hit = (window.hit || 0) + 1"
ORDERS = (
    f'tocht <img src=x onerror="{HIT}"> [klik](javascript:{HIT}) <script>{HIT}</script> <b>vet</b> $x^2$ **sterk** '
    "`code` {{< meta title >}} @fig-timeline &lt;i&gt; | [^1] ::: {.x} \\alpha ![](y.png) ~weg~ ^op^ #kop"
)
COLUMNS = {name: schema.columns for name, schema in (SCHEMAS | FIELD_SCHEMAS).items()}
TEXTS = sum(kind.type == "string" for columns in COLUMNS.values() for kind in columns.values())
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"


def planted() -> dict[str, pd.DataFrame]:
    """Every table of a study, with the orders in each of its text columns."""
    return {
        name: pd.DataFrame(
            {column: [ORDERS if kind.type == "string" else 1] for column, kind in schema.columns.items()}
        )
        for name, schema in (SCHEMAS | FIELD_SCHEMAS).items()
    }


def shown(exhibit: Exhibit) -> list[dict[str, Any]]:
    data, about = exhibit._repr_mimebundle_()
    return [{"output_type": "display_data", "data": data, "metadata": about}]


def chart() -> Exhibit:
    """A chart whose label, axis and description hold the orders."""
    from matplotlib.figure import Figure

    def draw(width: float, language: str) -> Figure:
        figure = Figure(figsize=(width, 2), layout="constrained")
        axes = figure.subplots()
        axes.barh([ORDERS[:60], "kosten $\\frac$"], [1, 2])
        axes.set_xlabel(ORDERS[:60])
        return figure

    data = pd.DataFrame({"code": [ORDERS], "n": [1]})
    title = {"nl": ORDERS, "en": ORDERS}
    shows = Exhibits(Study("klein", title, Path(), tables={}, parameters={}, settings={}, language="nl"))
    made = Chart(data, draw, lambda language: [f"- {ORDERS}: 1"], lambda language: {})
    return shows._chart("fig-timeline", made, "collected", {"caption": ORDERS, "alt": ORDERS}, {})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every table and a chart is shown, rendered by the preview."""
    root = tmp_path_factory.mktemp("hostile")
    project = write_compendium(root)
    tables = {f"tbl-of-{name.replace('_', '-')}": table for name, table in planted().items()}
    outputs = {"fig-timeline": shown(chart())} | {
        label: shown(table_exhibit(label, table, "nl", "collected", "", {}, caption=ORDERS, alt=ORDERS))
        for label, table in tables.items()
    }
    frame = pd.DataFrame({ORDERS: [ORDERS]})
    for executed, path in ((False, root / "notebooks"), (True, project / "_executed")):
        book = notebook(executed)
        book["cells"] = [cell for cell in book["cells"] if cell["id"] in ("about", "parameters", "x8f2")] + [
            {"cell_type": "code", "id": label, "source": f"#| label: {label}\nshow()", "metadata": {},
             "outputs": output if executed else []}
            for label, output in outputs.items()
        ]  # fmt: skip
        data = {"text/html": frame.to_html(), "text/plain": frame.to_string()}
        plain = [{"output_type": "execute_result", "data": data, "metadata": {}},
                 {"output_type": "stream", "name": "stdout", "text": ORDERS}]  # fmt: skip
        book["cells"].append({"cell_type": "code", "id": "frame", "source": "frame", "metadata": {},
                              "outputs": plain if executed else []})  # fmt: skip
        (path / "01-sessions.ipynb").write_text(json.dumps(book), encoding="utf-8")
    embeds = "\n\n".join(
        f"{{{{< embed notebooks/01-sessions.ipynb#{label} >}}}}\n\n"
        '::: {.content-visible when-format="html"}\n'
        f"[Bron](notebooks/01-sessions-preview.html#{label}){{.source-link}}\n:::"
        for label in outputs
    )
    said = "Er is {{< var sessions.count >}}, of {{< var sessions.count_word >}}."
    chapter = f"# Inleiding {{#sec-introduction}}\n\n{said}\n\n{embeds}\n"
    (root / "paper/nl/_01-inleiding.qmd").write_text(chapter, encoding="utf-8")
    numbers = {"count": {"value": 12, "text": ORDERS, "word": ORDERS}, "share": {"value": 1, "text": "1"}}
    (project / "results/01-sessions.json").write_text(json.dumps(numbers), encoding="utf-8")
    staging.stage("klein", "nl", root, root / "build", {})
    rendering.render(project, "preview")
    return project


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
@pytest.mark.parametrize("name", ["index.html", "notebooks/01-sessions-preview.html"])
def test_pages_do_nothing_that_somebody_typed(browser: Any, project: Path, name: str) -> None:
    asked: list[str] = []

    def answer(route: Any) -> None:
        path = (
            project / "report" / route.request.url.partition("koppelkans.test/")[2].partition("?")[0].partition("#")[0]
        )
        asked.append(path.name)
        if path.is_file():
            route.fulfill(path=path, headers={"Content-Security-Policy": POLICY})
        else:
            route.fulfill(status=404)

    page = browser.new_page()
    page.add_init_script(
        "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push("
        "e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
    )
    page.route("**/*", answer)
    page.goto(f"http://koppelkans.test/{name}", wait_until="load")
    seen = page.evaluate("document.body.textContent.replace(/\\s+/g, ' ')")
    assert page.evaluate("window.hit") is None
    live = "a[href^='javascript:'], img[src='x'], img[src='y.png'], [onerror], .math, table b, table code, .x"
    assert page.eval_on_selector_all(live, "found => found.map(one => one.outerHTML.slice(0, 200))") == []
    assert [one for one in page.evaluate("window.broken") if HIT[:10] in one or "javascript" in one] == []
    assert "x" not in asked and "y.png" not in asked
    cells = page.eval_on_selector_all("td", "found => found.map(one => one.textContent.replace(/\\s+/g, ' '))")
    texts = [cell for cell in cells if "tocht" in cell]
    assert len(texts) >= sum(
        kind.type == "string" for s in (SCHEMAS | FIELD_SCHEMAS).values() for kind in s.columns.values()
    )
    assert {plain(cell) for cell in texts} == {plain(ORDERS)} and plain(seen).count(plain(ORDERS)) > len(texts)
    page.close()


def plain(text: str) -> str:
    """Text with the quotation marks and dashes that typography changes made alike."""
    return re.sub("[“”\"'’‘]", '"', " ".join(text.split()))


def test_word_and_pdf_hold_what_was_typed_as_text(project: Path) -> None:
    with zipfile.ZipFile(project / "report" / "index.docx") as archive:
        text = re.sub("<[^>]+>", "", archive.read("word/document.xml").decode())
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert "&lt;script&gt;" in text and "$x^2$" in text and "javascript" not in links
    [path] = (project / "report").glob("*.pdf")
    with pypdfium2.PdfDocument(path) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    assert "<script>" in words.replace("\r\n", "") and "**sterk**" in words.replace("\r\n", "")
    assert b"/JavaScript" not in path.read_bytes() and b"javascript:" not in path.read_bytes()


def test_pictures_show_what_was_typed_and_are_no_mathematics(project: Path) -> None:
    for path in (project / "report" / "figures").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        assert "<script" not in svg and "onerror" not in re.sub("<!--.*?-->", "", svg, flags=re.DOTALL)


FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+31 6 1234",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "'=1",
    "''@x",
    "- een punt",
    "-3",
    "-",
]


@pytest.mark.parametrize("write", [written, lambda table: csv_of(table, "collected")])
def test_no_cell_of_a_csv_is_a_formula_and_each_comes_back(write: Callable[[pd.DataFrame], str]) -> None:
    table = pd.DataFrame({"=woord": FORMULAS, "n": range(-1, len(FORMULAS) - 1)})
    read = pd.read_csv(io.StringIO(write(table)), dtype="str", keep_default_na=False)
    assert [cell for cell in read.iloc[:, 0] if re.match(r"[=+@\t]|-(?!3?$)", cell)] == []
    assert read.columns[0] == "'=woord" and read["n"].tolist() == [str(n) for n in table["n"]]
    assert read.iloc[:, 0].map(from_csv).tolist() == FORMULAS


@given(st.text(st.sampled_from("'=+-@\t1 a"), max_size=6))
def test_any_cell_comes_back_as_it_was(cell: str) -> None:
    assert from_csv(in_csv(cell)) == cell


def test_what_import_writes_is_no_formula(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("respondent;q1\n1;=1+1\n2;@SUM(1)\n3;-4\n", encoding="utf-8")
    write_folder(read_answers(tmp_path / "a.csv"), tmp_path / "uit")
    book = openpyxl.Workbook()
    for row in pd.read_csv(tmp_path / "uit" / "answers.csv", dtype="str", keep_default_na=False).itertuples(
        index=False
    ):
        book.active.append(list(row))
    assert [cell.value for row in book.active for cell in row if cell.data_type == "f"] == []
