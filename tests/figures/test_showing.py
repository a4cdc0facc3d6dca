from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from test_field_figures import field_study, strand_of, tables
from test_figures import FakeStudy

from koppelkans.figures import exhibits, field
from koppelkans.figures.charts import rows, sheet
from koppelkans.figures.charts.counts import grid
from koppelkans.figures.charts.layout import fit
from koppelkans.figures.exhibit import SYNTHETIC_MARK, Exhibit
from koppelkans.figures.showing import Exhibits
from koppelkans.figures.style import NARROW, WIDTH
from koppelkans.statistics.estimate import Reason
from koppelkans.strands import coded

COUNTS = pd.DataFrame({"group": ["young", "old"], "people": [5, 3]})
WORDS = {"caption": "People by group.", "alt": "Bars of people for each group."}


def show_of(study: FakeStudy) -> Exhibits:
    study.opened("klein")
    return exhibits(study)  # type: ignore[arg-type]


def drawn(table: pd.DataFrame = COUNTS) -> object:
    import seaborn as sns

    return sns.barplot(table, x="people", y="group")


def width_of(svg: str) -> float:
    found = re.search(r'width="([0-9.]+)pt"', svg)
    assert found
    return float(found[1]) / 72


def test_a_chart_of_your_own_needs_its_table_a_caption_and_words_for_who_cannot_see_it() -> None:
    show = show_of(field_study())
    exhibit = show("fig-own", drawn(), data=COUNTS, **WORDS)  # type: ignore[arg-type]
    assert isinstance(exhibit, Exhibit)
    assert exhibit.caption == "People by group. Origin: synthetic data."
    assert exhibit.alt == "Synthetic data. Bars of people for each group."
    assert exhibit.data == "group,people,origin\nyoung,5,synthetic\nold,3,synthetic\n"
    with pytest.raises(ValueError, match="say which table this was drawn from, with data="):
        show("fig-own", drawn(), **WORDS)  # type: ignore[arg-type]
    for missing in WORDS:
        with pytest.raises(ValueError, match=r"'fig-own' has no caption; give caption='\.\.\.' and alt="):
            show("fig-own", drawn(), data=COUNTS, **{**WORDS, missing: ""})  # type: ignore[arg-type]


def test_a_chart_of_your_own_is_drawn_for_a_phone_too_and_marked_where_synthetic() -> None:
    exhibit = show_of(field_study())("fig-own", drawn(), data=COUNTS, **WORDS)  # type: ignore[arg-type]
    assert exhibit
    assert math.isclose(width_of(exhibit.svg), WIDTH) and math.isclose(width_of(exhibit.svg_narrow), NARROW)
    for svg in (exhibit.svg, exhibit.svg_narrow):
        assert f'id="{SYNTHETIC_MARK}"' in svg and "DejaVu" not in svg and "<text" not in svg


def test_what_is_neither_chart_nor_table_is_named() -> None:
    with pytest.raises(ValueError, match=r"fig-own: found int, expected a chart, a table, or axes or a figure"):
        show_of(field_study())("fig-own", 3, **WORDS)  # type: ignore[arg-type]


def test_rows_whose_origin_is_not_known_are_not_shown() -> None:
    study = FakeStudy([])
    study.origins_read = {"published", "collected"}
    with pytest.raises(ValueError, match=r"fig-own: it is not known where .*collected and published"):
        show_of(study)("fig-own", drawn(), data=COUNTS, **WORDS)  # type: ignore[arg-type]
    exhibit = show_of(study)("fig-own", drawn(), data=COUNTS, origin="collected", **WORDS)  # type: ignore[arg-type]
    assert exhibit and exhibit.origin == "collected" and exhibit.data.endswith("old,3,collected\n")


def test_a_study_without_field_data_shows_nothing_of_them_and_no_cell_asks() -> None:
    show = show_of(FakeStudy([]))
    nothing = coded.of_study(FakeStudy([]), "tenants")  # type: ignore[arg-type]
    assert show("fig-field-tenants-codes", field.frequencies(coded.counts(nothing))) is None
    assert show("tbl-field-tenants-segments", coded.segments(nothing, True)) is None


def test_a_reason_stands_in_place_of_a_table_or_a_chart() -> None:
    show = show_of(field_study())
    why = Reason("there is nothing")
    for label in ("fig-field-tenants-codes", "tbl-field-tenants-segments"):
        exhibit = show(label, why)
        assert exhibit and exhibit.caption == exhibit.alt == "not defined, because there is nothing"


def test_rows_keep_their_height_whatever_stands_around_them() -> None:
    heights = []
    for below in ("", "A note that is so long that it takes several lines below the chart. " * 4):
        figure, axes = sheet(WIDTH)
        y = rows(axes, ["a short name", "a name that is so long that it is set on two lines or even more"], 1.2)
        if below:
            from koppelkans.figures.charts import note

            note(figure, below)
        fit(figure)
        heights.append(axes.get_window_extent().height / figure.dpi)
        assert y == sorted(y)
    assert math.isclose(heights[0], heights[1], abs_tol=0.02)


def test_a_grid_that_is_too_wide_goes_on_below() -> None:
    cases = [(case, f"theme {number}", number % 4) for case in ("a", "b") for number in range(30)]
    table = pd.DataFrame(cases, columns=["case", "theme", "n"])
    figure = grid(NARROW, table, "case", "theme", "n")
    fit(figure)
    shown = [label.get_text() for axes in figure.axes for label in axes.get_xticklabels()]
    assert len(figure.axes) > 1 and shown == [f"theme {number}" for number in range(30)]


def test_signs_of_formulas_in_the_words_of_people_stay_as_they_are() -> None:
    held = tables()
    held["codes"]["name"] = "it costs $5 to $9"
    figure = field.frequencies(coded.counts(strand_of(held))).draw(WIDTH, "en")
    assert not any(text.get_parse_math() for axes in figure.axes for text in axes.get_yticklabels())
