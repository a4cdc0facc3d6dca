from __future__ import annotations

import ast
import io
import json
import os
import re
import string
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from koppelkans import study
from koppelkans.figures import showing, statements
from koppelkans.figures.chart import Chart, Line, no_chart
from koppelkans.figures.charts import sheet
from koppelkans.figures.exhibit import SYNTHETIC_MARK, Exhibit, captions, filled, pipe_table
from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.showing import exhibits
from koppelkans.figures.style import NARROW, RED, SMALL, WIDTH
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.study.origin import bounds_of_words, origin_of
from koppelkans.study.schemas import SCHEMAS
from koppelkans.study.strands import SMITSVEEN as SMITSVEEN_STRANDS
from koppelkans.study.strands import own_or_of_strands, strand_name
from koppelkans.study.tables import empty_table, validate
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.notebooks import read_notebook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0[1-7]-*.ipynb"))
LANGUAGES = ("nl", "en")


@cache
def published(name: str) -> pd.DataFrame:
    return validate(read_csv_table(ROOT / "data" / "raw" / "smitsveen" / f"{name}.csv"), name).reset_index(drop=True)


class FakeStudy:
    """A study with some of the tables of Smitsveen, under an origin of choice."""

    def __init__(self, names: list[str], origin: str = "published") -> None:
        self.names, self.origin = names, origin
        self.field_data: list[dict[str, Any]] = []
        self.minimum_cell, self.quotes_allowed = 5, False
        self.population: dict[str, int] = {}
        self.links: list[dict[str, Any]] = []
        self.scales: dict[str, Any] = {}
        self.margins: dict[str, Any] = {}
        self.results: dict[str, dict[str, Any]] = {}
        self.language = "en"
        self.numbers: dict[str, dict[str, Any]] = {}
        self.origins_read = {origin}
        self.strands = SMITSVEEN_STRANDS
        self.categories: dict[str, dict[str, str]] = {}
        self.view = PUBLICATION

    def strand_name(self, key: str, language: str) -> str:
        return strand_name(self.strands, key, language)

    def opened(self, name: str, language: str = "en") -> FakeStudy:
        self.language, self.numbers = language, {}
        return self

    def has(self, table: str) -> bool:
        return table in self.names

    def read(self, *tables: str) -> dict[str, pd.DataFrame]:
        return {name: rows for name, rows in ((name, self.table(name)) for name in tables) if len(rows)}

    def table(self, table: str) -> pd.DataFrame:
        return published(table).assign(origin=self.origin) if table in self.names else empty_table(table)

    def write_results(
        self, notebook: str, language: str = "", numbers: dict[str, dict[str, Any]] | None = None
    ) -> Path:
        own = {key: value for key, value in self.numbers.items() if self.field_data or not key.startswith("field_")}
        self.results[notebook] = own if numbers is None else numbers
        return Path(notebook)


SMITSVEEN = [path.stem for path in (ROOT / "data" / "raw" / "smitsveen").glob("*.csv") if path.stem in SCHEMAS]


def code_cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]


def run(path: Path, language: str, the_study: FakeStudy, monkeypatch: pytest.MonkeyPatch) -> dict[str, Exhibit]:
    """Run the code cells of a notebook in this process and return what its labelled cells show."""
    monkeypatch.setattr(study, "open_study", the_study.opened)
    names: dict[str, Any] = {"display": lambda shown: None}
    shown = {}
    for cell in code_cells(path):
        tree = ast.parse(cell["source"])
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        value = eval(compile(ast.Expression(last.value), path.name, "eval"), names) if last else None  # type: ignore[attr-defined]
        if "parameters" in cell["metadata"].get("tags", []):
            names["language"] = language
        if isinstance(value, Exhibit) and f"label: {value.label}\n" in cell["source"]:
            shown[value.label] = value
    return shown


DRAWN: dict[str, dict[str, Figure]] = {language: {} for language in LANGUAGES}
"""The figures that the notebooks handed to `show`, and as `<label>.narrow` those for a phone."""


@cache
def smitsveen(path: Path, language: str) -> tuple[dict[str, Exhibit], dict[str, Any]]:
    """Run a notebook for Smitsveen once: what its labelled cells show, and its numbers."""
    the_study = FakeStudy(SMITSVEEN)
    exhibit = showing._exhibit

    def keep_chart(label: str, *rest: Any) -> Exhibit:
        shown = exhibit(label, *rest)
        *_, wide, narrow = rest[:6]
        DRAWN[language] |= {label: wide, f"{label}.narrow": narrow}
        return shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(showing, "_exhibit", keep_chart)
        return run(path, language, the_study, patch), the_study.results[path.stem]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_labelled_cell_of_a_notebook_shows_its_exhibit(path: Path, language: str) -> None:
    shown, numbers = smitsveen(path, language)
    assert list(shown) == list(read_notebook(path).labels_shown(field_data=False))
    for exhibit in shown.values():
        assert exhibit.caption and exhibit.alt and "–" not in exhibit.caption.split()
        assert exhibit.data.splitlines()[0].endswith("origin")
        assert exhibit.origin in ("published", "bounds")
        assert not exhibit.svg or SYNTHETIC_MARK not in exhibit.svg
        assert bool(exhibit.svg_narrow) == bool(exhibit.svg), f"{exhibit.label} has no drawing for a phone"
    assert numbers and all(number["value"] is not None for number in numbers.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_study_without_the_tables_gets_a_line_that_says_so(
    path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = FakeStudy([])
    for exhibit in run(path, language, bare, monkeypatch).values():
        assert exhibit.caption in ("Deze studie heeft hiervoor geen gegevens.", "This study has no data for this.")
        assert exhibit.svg or exhibit.markdown
    assert path.stem in bare.results


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("missing", ["facts", "themes"])
def test_one_missing_table_does_not_stop_a_notebook(path: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing not in read_notebook(path).tables:
        return  # it misses nothing
    monkeypatch.setattr(showing, "svg_of", lambda figure: "")  # laid out, but not written: that takes three quarters
    monkeypatch.setattr(showing, "png_of", lambda *_: b"")
    assert run(path, "nl", FakeStudy([name for name in SMITSVEEN if name != missing]), monkeypatch)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_synthetic_data_are_marked_in_the_image_the_caption_and_the_data(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language = LANGUAGES[NOTEBOOKS.index(path) % 2]  # by turns: drawing each in both would say no more
    for exhibit in run(path, language, FakeStudy(SMITSVEEN, "synthetic"), monkeypatch).values():
        assert exhibit.origin == "synthetic"
        assert ("synthetische gegevens" if language == "nl" else "synthetic data") in exhibit.caption
        assert exhibit.data.splitlines()[1].endswith(",synthetic")
        if exhibit.kind == "figure":
            assert f'id="{SYNTHETIC_MARK}"' in exhibit.svg and f'id="{SYNTHETIC_MARK}"' in exhibit.svg_narrow
            strip = imread(io.BytesIO(exhibit.png))[8:16, :, :3].reshape(-1, 3)
            assert np.allclose(np.median(strip, axis=0), to_rgb(RED), atol=0.02)


COMPLEX = {
    *("fig-timeline", "fig-work-forms", "fig-evaluation-themes", "fig-effects-themes", "fig-tenants-themes"),
    *("fig-homeowners-themes", "fig-quantifiers", "fig-levels-packages", "fig-research-design", "fig-summary"),
    *("fig-claims-coverage", "fig-claims-packages", "fig-claims-status", "fig-traces", "fig-trace-matrix"),
    "fig-discrepancies",
}
"""Figures that one line of alt text cannot say."""


def test_a_complex_figure_is_described_row_by_row_in_both_languages() -> None:
    told: dict[str, list[list[str]]] = {}
    for path in NOTEBOOKS:
        for language in LANGUAGES:
            for label, exhibit in smitsveen(path, language)[0].items():
                if exhibit.long:
                    told.setdefault(label, []).append(exhibit.long.split("\n"))
    assert set(told) == COMPLEX
    for label, (dutch, english) in told.items():
        assert len(dutch) == len(english) > 1, label
        assert all(line.lstrip().startswith("- ") and "nan" not in line.split() for line in dutch + english), label
        assert [line for line in dutch if line in english and not line.strip("-0123456789 ,:;")] == [], label


def test_a_long_description_says_each_count_of_its_figure() -> None:
    counts = pd.DataFrame({"part": ["2.1", "2.1", "3"], "kind": ["finding", "method", "conclusion"], "n": [5, 2, 7]})
    assert statements.coverage(counts).describe("en") == [
        "- § 2.1: finding 5, method 2; 7 together",
        "- § 3: conclusion 7; 7 together",
    ]


def test_two_runs_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two notebooks with many kinds of figures; nbval holds all of them against what is stored."""
    for path in NOTEBOOKS[1:3]:
        first, second = smitsveen(path, "nl")[0], run(path, "nl", FakeStudy(SMITSVEEN), monkeypatch)
        assert first == second
        for exhibit in first.values():
            assert b"Software" not in exhibit.png and "<dc:date>" not in exhibit.svg


def test_no_figure_depends_on_the_fonts_of_the_machine() -> None:
    for path in NOTEBOOKS:
        for exhibit in smitsveen(path, "nl")[0].values():
            assert "DejaVu" not in exhibit.svg and "<text" not in exhibit.svg


def test_what_notebooks_import_stays_light() -> None:
    modules = {line for path in NOTEBOOKS for line in code_cells(path)[1]["source"].splitlines() if "import" in line}
    heavy = "{'pandera', 'seaborn', 'scipy.stats', 'statsmodels', 'matplotlib.pyplot'}"
    absent = "from koppelkans.study.tables import empty_table; empty_table('sessions')"  # what a missing table reads as
    code = "; ".join(["import sys", *sorted(modules), absent, f"print(sorted({heavy} & set(sys.modules)))"])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"


def test_text_is_large_enough_stays_inside_and_does_not_overlap(language: str) -> None:
    for path in NOTEBOOKS:
        smitsveen(path, language)
    for label, figure in DRAWN[language].items():
        figure.set_dpi(144)
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)  # which places the legend
        texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
        assert figure.get_figwidth() == (NARROW if label.endswith(".narrow") else WIDTH), label
        assert texts and min(text.get_fontsize() for text in texts) >= SMALL, label
        boxes = [text.get_window_extent(renderer) for text in texts]
        edge = figure.bbox
        for text, box in zip(texts, boxes, strict=True):
            inside = box.x0 >= -1 and box.x1 <= edge.width + 1 and box.y0 >= -3 and box.y1 <= edge.height + 3
            assert inside, f"{label}: {text.get_text()!r} runs out of the figure"
        for place, box in enumerate(boxes):
            for other in range(place + 1, len(boxes)):
                across = min(box.x1, boxes[other].x1) - max(box.x0, boxes[other].x0)
                down = min(box.y1, boxes[other].y1) - max(box.y0, boxes[other].y0)
                both = f"{texts[place].get_text()!r} and {texts[other].get_text()!r}"
                # glyph boxes of neighbouring lines touch by a few pixels
                assert across <= 1 or down <= 7, f"{label}: {both} overlap"


def test_every_label_of_the_notebooks_has_a_caption_and_the_other_way_round() -> None:
    labels = {
        line.split()[-1]
        for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")
        for cell in code_cells(path)
        for line in cell["source"].splitlines()
        if line.startswith("#| label:")
    }
    for language in LANGUAGES:
        known = captions(language)
        assert all(own_or_of_strands(label, known) for label in labels)
        own = {key for key in known if "{strand}" not in key}
        assert own <= labels
        rest = sorted(labels - own)
        for key in set(known) - own:
            assert any(own_or_of_strands(label, {key: True}) for label in [*rest, *own]), f"{key}: of no label"


@pytest.mark.parametrize("label", sorted(captions("en")))
def test_a_caption_says_the_same_in_both_languages(label: str) -> None:
    entries = [captions(language)[label] for language in LANGUAGES]
    for part in ("caption", "alt"):
        assert all(part in entry for entry in entries)
        sentences = [[text] if isinstance(text, str) else text for text in (entry[part] for entry in entries)]
        names = [
            [sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name) for sentence in texts]
            for texts in sentences
        ]
        assert names[0] == names[1]
        typed = [re.sub(r"95%|\(20\d\d\)", "", text) for texts in sentences for text in texts]  # a level, a source
        assert not any(letter.isdigit() for text in typed for letter in text)
    assert all(entry["source"] for entry in entries)
    for part in ("columns", "values"):
        assert len({json.dumps(shape(entry.get(part, {}))) for entry in entries}) == 1


def shape(words: dict[str, Any] | str) -> Any:
    """Keys of the words, down to the words themselves."""
    return {key: shape(value) for key, value in words.items()} if isinstance(words, dict) else "text"


def test_a_sentence_about_a_number_that_a_study_lacks_is_left_out() -> None:
    sentences = ["There are {n} sessions.", "The text states {stated}."]
    assert filled(sentences, {"n": {"value": 3, "text": "3"}, "stated": None}) == "There are 3 sessions."
    assert filled(sentences, {"n": 3, "stated": {"value": None, "text": "–"}}) == "There are 3 sessions."
    with pytest.raises(KeyError):
        filled(sentences, {"n": 3})


def test_rows_of_different_origin_are_not_shown_together() -> None:
    table = pd.DataFrame({"origin": ["published", "synthetic"]})
    with pytest.raises(ValueError, match="published and synthetic"):
        origin_of(table)
    assert bounds_of_words(lambda rows: rows)(table.head(1)).attrs["origin"] == "bounds"
    assert bounds_of_words(lambda rows: rows)(table.tail(1)).attrs["origin"] == "synthetic"


def shown_in_dutch(label: str, chart: Chart, origin: str = "published") -> Exhibit:
    the_study: Any = FakeStudy(SMITSVEEN)
    the_study.language = "nl"
    exhibit = exhibits(the_study)(label, chart, origin=origin)
    assert exhibit is not None
    return exhibit


def test_an_unknown_label_or_origin_is_refused() -> None:
    one = Chart(pd.DataFrame({"n": [1]}), lambda width, language: sheet(width)[0])
    with pytest.raises(ValueError, match=r"'fig-none' has no caption.*captions/nl\.yml"):
        shown_in_dutch("fig-none", one)
    with pytest.raises(ValueError, match="origin 'own'"):
        shown_in_dutch("fig-timeline", one, "own")


def test_a_no_data_figure_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Figure] = []
    draw = showing._blank
    monkeypatch.setattr(showing, "_blank", lambda *about: drawn.append(draw(*about)) or drawn[-1])
    exhibit = shown_in_dutch(
        "fig-timeline", no_chart(pd.DataFrame(), Line({"nl": "Niets te zien.", "en": "Nothing to see."}))
    )
    bundle, about = exhibit._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    assert set(about["koppelkans"]) == {"label", "kind", "origin", "caption", "alt", "data", "svg_narrow", "long"}
    assert exhibit.caption == exhibit.alt == "Niets te zien."
    assert [[text.get_text() for text in figure.findobj(Text) if text.get_text()] for figure in drawn] == [
        ["Niets te zien."],
        ["Niets te zien."],
    ]


def test_pipes_in_cells_do_not_break_a_table() -> None:
    written = pipe_table(pd.DataFrame({"a|b": ["x | y"], "n": [1]}))
    assert written.splitlines()[0] == r"| a\|b | n |" and written.splitlines()[2] == r"| x \| y | 1 |"


def test_wrapped_text_fits_its_width_and_loses_nothing() -> None:
    text = "Bewonersverbinding en energietransitiemaatregelenpakketten voor alle huishoudens"
    for width in (0.4, 0.7, 1.2, WIDTH):
        lines = wrapped(text, width, SMALL)
        assert all(width_of(line, SMALL) <= width for line in lines)
        assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_published_period_no_session_lies_outside_it(language: str) -> None:
    from koppelkans.figures.sessions import timeline
    from koppelkans.strands import sessions

    def outside(facts: pd.DataFrame) -> int:
        programme = sessions.programme(published("sessions"), facts)
        dated = sessions.with_themes(programme, published("sessions"), language)
        drawn = timeline(dated, sessions.stated_period(facts)).draw(WIDTH, language)
        words = {"nl": "buiten die periode", "en": "outside that period"}[language]
        return sum(words in text.get_text() for text in drawn.findobj(Text))  # type: ignore[arg-type]

    assert outside(pd.DataFrame()) == 0
    assert outside(published("facts")) > 0
