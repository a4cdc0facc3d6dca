from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from test_figures import FakeStudy, run

from koppelkans.figures import exhibits, field
from koppelkans.figures.chart import Chart
from koppelkans.figures.charts.layout import fit
from koppelkans.figures.exhibit import SYNTHETIC_MARK, Exhibit
from koppelkans.figures.style import NARROW, SMALL, WIDTH
from koppelkans.statistics.estimate import Reason
from koppelkans.strands import coded, coded_groups, coded_patterns, sessions, stories
from koppelkans.strands.coded import Coded
from koppelkans.study.strands import SMITSVEEN
from koppelkans.study.tables import empty_table
from koppelkans.workflow.notebooks import read_notebook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("01-sessions", "02-effects", "03-tenants", "04-homeowners")
SENTENCE = "Dit is een zin over de wijk. "
LANGUAGES = ("nl", "en")
CODES = [
    *(("geld", ""), ("rekening", "geld"), ("subsidie", "geld"), ("samen", ""), ("buren", "samen")),
]


def tables(
    people: int = 8, sentences: int = 12, coders: int = 2, strands: tuple[str, ...] = ("tenants",)
) -> dict[str, pd.DataFrame]:
    """Return the tidy tables of invented interviews; who says what follows from the numbers of person and sentence."""
    documents, codings, attributes = [], [], []
    for strand in strands:
        for person in range(people):
            key = f"{strand}/{person}"
            text = SENTENCE * sentences
            documents.append((key, strand, key, f"R-{key}", "text", True, len(text), text))
            attributes.append((f"R-{key}", "leeftijd", "jong" if person % 3 else "oud"))
            for coder in range(coders):
                for sentence in range(sentences):
                    # the second coder misses every fifth sentence; subsidie comes up with three people only
                    code = ("rekening", "buren", "subsidie")[(sentence + person) % 3]
                    if (code == "subsidie" and person > 2) or (coder and sentence % 5 == 0) or sentence % 2:
                        continue
                    start = sentence * len(SENTENCE)
                    words = text[start : start + len(SENTENCE) - 1]
                    codings.append(
                        (f"{key}/{coder}/{sentence}", key, code, f"coder-{coder + 1}", start, start + 28, words)
                    )
    columns = ["document", "strand", "name", "respondent", "kind", "has_text", "n_characters", "text"]
    found = {
        "documents": pd.DataFrame(documents, columns=columns),
        "codings": pd.DataFrame(codings, columns=["coding", "document", "code", "coder", "start", "end", "text"]),
        "attributes": pd.DataFrame(attributes, columns=["respondent", "attribute", "value"]),
        "codes": pd.DataFrame(
            [(name, name, parent, f"{parent} > {name}".removeprefix(" > "), "") for name, parent in CODES],
            columns=["code", "name", "parent", "path", "description"],
        ),
    }
    return {name: table.assign(origin="synthetic") for name, table in found.items()}


def strand_of(found: dict[str, pd.DataFrame], minimum: int = 1, strand: str = "tenants") -> Coded:
    return coded.of_strand(*(found[name] for name in ("documents", "codes", "codings", "attributes")), strand, minimum)


TINY = {
    "nothing": tables(people=0),
    "one interview without codings": tables(people=1, coders=0),
    "one interview, one coder": tables(people=1, coders=1, sentences=1),
    "one code": tables(people=2, coders=2, sentences=1),
    "two interviews, one coder": tables(people=2, coders=1),
}


def all_charts(held: Coded) -> dict[str, Chart]:
    """Return every chart that the notebooks show of one strand."""
    agreed = coded_patterns.agreed(held, "sentence")
    attribute = coded_groups.attribute_chosen(held)
    return {
        "codes": field.frequencies(coded.counts(held)),
        "cases": field.case_matrix(coded.case_matrix(held)),
        "together": field.together(coded_patterns.together(held, "near", 200), "near", 200),
        "saturation": field.saturation(coded_patterns.saturated(held, 4, 2, 0.05, draws=49)),
        "agreement": field.agreement(agreed),
        "power": field.power(coded_patterns.power(agreed)),
        "groups": field.groups(coded_groups.by_attribute(held, attribute), attribute),
        "contrast": field.contrast(
            coded_patterns.contrast(held, held, [["geld", "motive"]]), SMITSVEEN["homeowners"], SMITSVEEN["tenants"]
        ),
    }


def drawn(chart: Chart, width: float, language: str) -> Figure:
    """Draw a chart as readers get it."""
    figure = chart.draw(width, language)
    figure.set_dpi(144)
    fit(figure)
    figure.draw_without_rendering()
    return figure


def texts_of(figure: Figure) -> list[Text]:
    texts: list[Text] = figure.findobj(Text)  # type: ignore[arg-type]
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TINY)
def test_a_tiny_study_gets_a_reason_and_never_an_empty_number(name: str, language: str) -> None:
    because = {"nl": "niet bepaald, want", "en": "not defined, because"}[language]
    for what, chart in all_charts(strand_of(TINY[name])).items():
        if chart.empty:
            assert chart.reason and chart.reason.text(language).startswith(because), what
            continue
        for width in (WIDTH, NARROW):
            words = [text.get_text() for text in texts_of(drawn(chart, width, language))]
            words += chart.describe(language)
            assert words, what
            assert not any(bad in word.lower().split() for word in words for bad in ("nan", "<na>", "none", "inf")), (
                what
            )
    if name == "nothing":
        assert all(chart.empty for chart in all_charts(strand_of(TINY[name])).values())


def test_a_figure_without_data_tells_its_reason_to_who_cannot_see_it() -> None:
    one_coder = field.agreement(coded_patterns.agreed(strand_of(tables(coders=1)), "sentence"))
    shown = exhibits(field_study())("fig-field-tenants-agreement", one_coder)  # type: ignore[arg-type]
    assert shown and shown.svg and shown.svg_narrow
    assert shown.alt == shown.caption == "not defined, because no interview was coded by two people"


@cache
def field_study() -> FakeStudy:
    study = FakeStudy([], origin="synthetic")
    found = tables(strands=("tenants", "homeowners", "evaluation"))
    items = [
        (number, f"2024-0{number}", kind, 1, "iets", "something", category, "online", "synthetic")
        for number in range(1, 5)
        for kind, category in (("theme", "project"), ("work_form", "design"), ("outcome", "plan"))
    ]
    columns = ["session", "month", "kind", "item", "text_nl", "text_en", "category", "mode", "mode_basis"]
    found["sessions"] = pd.DataFrame(items, columns=columns).assign(origin="synthetic")
    told = [
        (
            story,
            "x",
            f"thema {story % 2}",
            f"theme {story % 2}",
            element,
            f"{element} {story}",
            f"{element} {story}",
            "yes",
        )
        for story in (5, 6, 7)
        for element in stories.ELEMENTS
    ]
    columns = ["story", "section", "theme_nl", "theme_en", "element", "text_nl", "text_en", "in_source"]
    found["change_stories"] = pd.DataFrame(told, columns=columns).assign(
        running_text_nl="", running_text_en="", origin="synthetic"
    )
    study.names = list(found)
    study.table = lambda name: found[name] if name in found else empty_table(name)  # type: ignore[method-assign]
    study.field_data = [{"file": "a.qdpx", "origin": "synthetic"}]
    study.minimum_cell, study.quotes_allowed = 1, True
    return study


@cache
def shown(name: str, language: str) -> dict[str, Exhibit]:
    with pytest.MonkeyPatch.context() as patch:
        return run(ROOT / "notebooks" / f"{name}.ipynb", language, field_study(), patch)


@pytest.mark.parametrize(("name", "language"), zip(NAMES, LANGUAGES * 2, strict=True))
def test_a_study_with_field_data_gets_every_exhibit_marked_as_synthetic(name: str, language: str) -> None:
    exhibits = shown(name, language)
    assert list(exhibits) == list(read_notebook(ROOT / "notebooks" / f"{name}.ipynb").labels)
    field = {label: exhibit for label, exhibit in exhibits.items() if "-field-" in label}
    assert field
    for label, exhibit in field.items():
        if not exhibit.caption.startswith(("niet bepaald", "not defined")):
            assert exhibit.origin == "synthetic" and exhibit.alt.lower().startswith("synthe"), label
            assert exhibit.markdown or (SYNTHETIC_MARK in exhibit.svg and SYNTHETIC_MARK in exhibit.svg_narrow), label
            assert exhibit.markdown or exhibit.long, f"{label} has no description row by row"
        assert "{" not in exhibit.caption + exhibit.alt and "None" not in exhibit.caption, label


@pytest.mark.parametrize(("language", "minimum"), [("nl", 1), ("en", 1), ("nl", 5)])
def test_words_in_field_figures_are_large_enough_and_stay_inside(language: str, minimum: int) -> None:
    for what, chart in all_charts(strand_of(tables(), minimum)).items():
        if chart.empty and minimum > 1 and chart.reason:
            continue
        for width in (WIDTH, NARROW):
            figure = drawn(chart, width, language)
            renderer = FigureCanvasAgg(figure).get_renderer()
            texts = texts_of(figure)
            boxes = [text.get_window_extent(renderer) for text in texts]
            assert min(text.get_fontsize() for text in texts) >= SMALL, what
            for text, box in zip(texts, boxes, strict=True):
                inside = box.x0 >= -1 and box.x1 <= figure.bbox.width + 1
                inside &= box.y0 >= -3 and box.y1 <= figure.bbox.height + 3
                assert inside, f"{what}: {text.get_text()!r} runs out of the figure"
            for place, box in enumerate(boxes):
                for other in range(place + 1, len(boxes)):
                    across = min(box.x1, boxes[other].x1) - max(box.x0, boxes[other].x0)
                    down = min(box.y1, boxes[other].y1) - max(box.y0, boxes[other].y0)
                    both = f"{texts[place].get_text()!r} and {texts[other].get_text()!r}"
                    assert across <= 1 or down <= 7, f"{what}: {both} overlap"


class TestSmallGroups:
    """With a minimum of five people a cell."""

    def test_codes_of_three_people_have_no_numbers(self) -> None:
        open_counts = coded.counts(strand_of(tables())).set_index("code")
        hidden = coded.counts(strand_of(tables(), 5)).set_index("code")
        assert open_counts.loc["subsidie", "cases"] == 3 and hidden.loc["subsidie", "hidden"] == "yes"
        columns = ["codings", "documents", "cases", "characters", "share", "low", "high"]
        assert hidden.loc["subsidie", columns].isna().all()
        # what is left of their theme without the other code would be these three
        assert hidden.loc["rekening", "hidden"] == "yes" and hidden.loc["rekening", columns].isna().all()
        assert hidden.loc["geld", "cases"] == open_counts.loc["geld", "cases"] >= 5

    def test_no_small_number_of_people_is_in_what_readers_download(self) -> None:
        held = strand_of(tables(), 5)
        assert coded.counts(held)["cases"].dropna().ge(5).all()
        groups = coded_groups.by_attribute(held, "leeftijd")
        assert (groups["cases"].dropna().ge(5) | groups["cases"].dropna().eq(0)).all()
        # five are young and three old: the old are left out; where all have a theme, so have these
        assert set(groups["group"]) == {"jong"} and set(coded.counts(held).query("depth == 1")["cases"]) == {8}
        both = coded_patterns.contrast(held, held, [["subsidie", "motive"]])
        assert not isinstance(both, Reason)
        assert both.set_index("row").loc["motive", ["cases_a", "cases_b", "difference"]].isna().all()

    def test_cases_lose_their_names_and_each_theme_is_sorted_by_itself(self) -> None:
        table = coded.case_matrix(strand_of(tables(), 5))
        assert "case" not in table and set(table["place"]) == {str(number) for number in range(1, 9)}
        assert table.groupby("theme")["codings"].agg(lambda own: own.dropna().is_monotonic_decreasing).all()
        assert coded.case_matrix(strand_of(tables()))["case"].str.startswith("R-").all()

    def test_a_caption_says_how_much_was_left_out(self) -> None:
        captions = []
        for minimum in (1, 5):
            held = strand_of(tables(), minimum)
            said = coded.numbers(held, "en")
            shown = exhibits(field_study())("fig-field-tenants-codes", field.frequencies(coded.counts(held)), **said)  # type: ignore[arg-type]
            assert shown
            captions.append(shown.caption)
        assert "The numbers of 2 codes are not shown, since they are about fewer than 5 people, or would" in captions[1]
        assert "not shown" not in captions[0]


@pytest.mark.filterwarnings("error")
def test_where_all_numbers_are_hidden_each_figure_is_drawn_or_says_why() -> None:
    for what, chart in all_charts(strand_of(tables(), minimum=1000)).items():
        assert chart.draw(WIDTH, "nl") if not chart.empty else chart.reason, what


def test_words_of_people_are_shown_only_with_permission() -> None:
    held = strand_of(tables())
    passages = coded.segments(held, allowed=True)
    assert not isinstance(passages, Reason)
    assert list(passages["code"]) == ["rekening", "subsidie", "buren"]
    assert passages["case"].is_unique, "each of another person where there is one"
    refused = coded.segments(held, allowed=False)
    assert isinstance(refused, Reason) and "no permission to quote" in refused.text("en")
    of_many = coded.segments(strand_of(tables(), 5), allowed=True)
    assert not isinstance(of_many, Reason) and "subsidie" not in set(of_many["code"])


def test_what_people_said_is_counted_from_one_coder_the_same_in_every_strand() -> None:
    found = tables(strands=("tenants", "homeowners"))
    # in one strand the second coder made more codings
    second = found["codings"][found["codings"]["document"].str.startswith("homeowners")]
    more = second.assign(coding=second["coding"] + "x", coder="coder-2", end=second["end"] - 1)
    found["codings"] = pd.concat([found["codings"], more], ignore_index=True)
    chosen = {strand_of(found, strand=strand).counted_of for strand in ("tenants", "homeowners")}
    assert len(chosen) == 1 and len(next(iter(chosen))) == 1


def test_an_interview_without_respondent_is_a_case_of_its_own() -> None:
    found = tables(people=3)
    found["documents"]["respondent"] = ""
    assert coded.counts(strand_of(found))["of_cases"].iloc[0] == 3


def test_a_kind_of_code_counts_for_the_codes_below_it() -> None:
    codes = tables()["codes"]
    kinds = coded_patterns.kinds_of(codes, [["geld", "motive"], ["samen > buren", "seeing"]])
    assert set(kinds.itertuples(index=False, name=None)) == {
        ("geld", "motive"), ("rekening", "motive"), ("subsidie", "motive"), ("buren", "seeing"),
    }  # fmt: skip
    with pytest.raises(ValueError, match="expected \\[name of a code, one of motive"):
        coded_patterns.kinds_of(codes, [["geld", "motief"]])


def test_the_middle_session_belongs_to_the_second_half() -> None:
    items = pd.DataFrame({"session": [1, 2, 3], "kind": "theme", "category": ["project", "project", "future"]})
    halves = sessions.halves(items).set_index("category")
    assert tuple(halves.loc["project", ["first", "second"]]) == (1, 1)
    assert tuple(halves.loc["future", ["first", "second"]]) == (0, 1)
    assert sessions.halves(items.head(1)).empty and sessions.halves(pd.DataFrame()).empty


def test_stories_are_counted_by_target_group_and_main_effect() -> None:
    told = field_study().table("change_stories")
    counts = stories.group_effects(told, "nl")
    assert counts["stories"].sum() == 3 and len(counts) == 6
    assert stories.group_effects(pd.DataFrame(), "nl").empty
    assert list(stories.side_by_side(told, "en")["story"]) == [5, 6, 7]


def test_other_orders_of_interviews_are_told_beside_the_order_they_had() -> None:
    found = coded_patterns.saturated(strand_of(tables()), 4, 2, 0.05, draws=49)
    assert "R-tenants" not in coded_patterns.table_of(found).to_csv()
    lines = field.saturation(found).describe("en")
    assert len(lines) == 8 and "in other orders" in lines[0]


def test_margins_of_which_some_are_hidden_have_no_effective_number() -> None:
    nothing = pd.array([None], dtype="Float64")
    counts = {"respondents": nothing, "people": [19], "left_out": [0], "share": nothing, "population": [0.3]}
    table = pd.DataFrame(
        {"strand": ["tenants"], "attribute": ["age"], "value": ["65+"], **counts, "effective": nothing}
    )
    assert field.margins(table, {}).numbers("nl")["effective"] is None
