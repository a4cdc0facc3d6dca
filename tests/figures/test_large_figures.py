"""Figures of studies with much of everything: the largest is drawn, the rest counted, and the data file has all."""

from __future__ import annotations

from functools import cache

import pytest
from large_study import large_interviews, large_survey
from matplotlib.text import Text

from koppelkans.figures import field
from koppelkans.figures.chart import Chart
from koppelkans.figures.charts.layout import fit
from koppelkans.figures.field import largest
from koppelkans.figures.style import NARROW, WIDTH
from koppelkans.strands import coded, coded_groups, coded_patterns
from koppelkans.strands.coded import Coded
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.study.strands import SMITSVEEN

pytestmark = pytest.mark.slow

CODES, PEOPLE, QUESTIONS = 125, 45, 25
HIGHEST = {WIDTH: 17.0, NARROW: 26.0}
"""Inches: what can be scrolled through and remembered."""


@cache
def interviews() -> Coded:
    return large_interviews(CODES, PEOPLE, 150)


def drawn(chart: Chart, width: float, language: str = "en") -> tuple[float, str]:
    """Return how high a chart is, and the words in it on one line."""
    figure = chart.draw(width, language)
    fit(figure)
    texts: list[Text] = figure.findobj(Text)  # type: ignore[arg-type]
    return float(figure.get_figheight()), " ".join(" ".join(text.get_text() for text in texts).split())


def test_a_grid_of_cases_shows_the_largest_themes_and_counts_the_others() -> None:
    cases = coded.case_matrix(interviews())
    chart = field.case_matrix(cases)
    assert len(chart.data) == len(cases) == CODES * PEOPLE
    people = cases[cases["codings"] > 0].groupby("theme").size().sort_values(ascending=False)
    rest = people.iloc[largest.MOST_THEMES :]
    line = (
        f"And {len(rest)} more themes with {rest.min()}–{rest.max()} people; and {PEOPLE - largest.MOST_CASES} more "
        "interviews with fewer codings."
    )
    high, said = drawn(chart, WIDTH)
    assert line in said and high < HIGHEST[WIDTH]
    assert chart.describe("en")[-1] == f"- {line}" and len(chart.describe("en")) == largest.MOST_CASES + 1
    assert chart.numbers("en")["rest"] == line
    assert all(theme in chart.describe("en")[0] for theme in people.index[:5]), "the description has whole names"


def test_a_hidden_theme_comes_last_and_its_number_of_people_is_not_told() -> None:
    cases = coded.case_matrix(large_interviews(20, 12))
    few = cases["theme"] == cases["theme"].iloc[0]
    cases = cases.assign(hidden=few.map({True: "yes", False: ""}), codings=cases["codings"].astype("Int64").mask(few))
    assert field.case_matrix(cases).numbers("en")["rest"].endswith("and 1 more theme with too few people.")


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("what", ["codes", "groups", "contrast", "together"])
def test_figures_of_many_codes_with_long_names_can_be_read(what: str, width: float) -> None:
    held = interviews()
    chart = {
        "codes": lambda: field.frequencies(coded.counts(held)),
        "groups": lambda: field.groups(coded_groups.by_attribute(held, "woning"), "woning"),
        "contrast": lambda: field.contrast(
            coded_patterns.contrast(held, held, []), SMITSVEEN["homeowners"], SMITSVEEN["tenants"]
        ),
        "together": lambda: field.together(coded_patterns.together(held, "near", 200), "near", 200),
    }[what]()
    high, said = drawn(chart, width)
    assert high < HIGHEST[width]
    if what != "together":
        rest = str(chart.numbers("en")["rest"])
        assert rest.startswith(f"And {CODES - largest.MOST_CODES} more ") and rest in said
        assert chart.describe("en")[-1] == f"- {rest}" and len(chart.data) >= CODES


def test_agreement_shows_the_codes_used_most() -> None:
    agreed = coded_patterns.agreed(large_interviews(40, 12), "segment", ("kappa", "ac1"))
    chart = field.agreement(agreed)
    high, said = drawn(chart, WIDTH)
    assert f"And {40 - largest.MOST_CODES} more codes, each on at most" in said and high < HIGHEST[WIDTH]
    assert chart.data["code"].nunique() == 40


def test_the_first_questions_are_drawn_or_those_that_are_named() -> None:
    held = Questionnaire(**large_survey(QUESTIONS, 12), minimum=1)
    single, response = held.choices("single"), held.response()
    chart = field.shares(single, response, SMITSVEEN)
    high, said = drawn(chart, WIDTH)
    assert f"And {QUESTIONS - largest.MOST_QUESTIONS} more questions, which stand in the data file" in said
    assert high < HIGHEST[WIDTH] * 1.5 and len(chart.data) == len(single)
    named = field.shares(single, response, SMITSVEEN, ["single20", "multiple3"])
    assert named.numbers("en")["questions"] == 1 and named.numbers("en")["rest"].startswith(f"And {QUESTIONS - 1} more")
    assert field.shares(single, response, SMITSVEEN, ["multiple3"]).numbers("en") == chart.numbers("en")


def test_names_are_cut_only_where_they_stay_different() -> None:
    long = "zo" + " en zo" * 20
    assert largest.shortened([f"a {long}", "kort"])["kort"] == "kort"
    assert all(len(name) <= largest.LONGEST_NAME for name in largest.shortened([f"a {long}", f"b {long}"]).values())
    assert largest.shortened([f"{long} 1", f"{long} 2"]) == {f"{long} {n}": f"{long} {n}" for n in (1, 2)}


def test_a_code_is_drawn_with_those_above_it() -> None:
    assert largest.with_those_above([1, 2, 3, 2, 1, 2], [2, 5]) == [0, 1, 2, 4, 5]
