"""Questionnaires of any kind, also the smallest: what is counted, what is hidden, and what says why it is not there."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from survey_answers import ALL_OPTIONS, QUESTIONS, answer, filled_in

from koppelkans.errors import KoppelkansError
from koppelkans.figures import field
from koppelkans.figures.chart import Chart
from koppelkans.figures.charts.layout import fit
from koppelkans.figures.style import NARROW, WIDTH
from koppelkans.privacy.linked import hidden_numbers
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.answers_shown import Shown
from koppelkans.strands.comparisons import risk_difference
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.strands.survey import NONE_CHOSEN
from koppelkans.study.strands import SMITSVEEN

pytestmark = pytest.mark.slow


def known_of(people: int) -> pd.DataFrame:
    rows = [(f"R{who:03}", "tenure", "rent" if who % 2 else "own") for who in range(people)]
    rows += [(f"R{who:03}", "weight", "1,5" if who % 2 else "1") for who in range(people)]
    return pd.DataFrame(rows, columns=["respondent", "attribute", "value"])


def survey(people: int, missing: str = "", **how: Any) -> Questionnaire:
    options = how.pop("options", ALL_OPTIONS)
    questions = how.pop("questions", QUESTIONS)
    return Questionnaire(filled_in(people, missing), questions, options, known_of(people), **how)


def charts_of(held: Questionnaire) -> list[Chart]:
    response = held.response()
    return [
        field.shares(held.choices("single"), response, SMITSVEEN),
        field.shares(held.choices("multiple"), response, SMITSVEEN),
        field.rankings(held.rankings(), response, SMITSVEEN),
        field.scales(held.likert(), response, SMITSVEEN),
        field.differences(held.compared()),
        field.effects(held.modelled()),
    ]


def all_shown(held: Questionnaire, language: str) -> str:
    """Draw every figure and write every description; returns all text."""
    table = field.response_table(held.response(), held.means(), language, SMITSVEEN)
    lines = table.astype(str).to_numpy().ravel().tolist()
    for chart in charts_of(held):
        if chart.empty:
            lines += [chart.reason.text(language)] if chart.reason else []
            continue
        lines += chart.describe(language)
        lines += [text.get_text() for text in chart.draw(WIDTH, language).findobj(Text)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("people", "missing", "minimum"), [(0, "", 5), (1, "", 1), (1, "", 5), (4, "no-answer", 1), (7, "", 5), (20, "", 1)]
)
def test_no_study_is_too_small_to_be_shown(people: int, missing: str, minimum: int) -> None:
    for language in ("nl", "en"):
        text = all_shown(survey(people, missing, minimum=minimum), language)
        assert re.search(r"\bnan\b|<NA>|None", text) is None


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("minimum", [1, 5])
def test_words_of_a_figure_stay_inside_it_and_apart(language: str, minimum: int) -> None:
    long = dict.fromkeys(("label_nl", "label_en"), "een antwoord van behoorlijk veel woorden en een samenstelling")
    options = ALL_OPTIONS.assign(**long)
    held = survey(23, minimum=minimum, options=options, questions=QUESTIONS.assign(**long))
    drawn = [chart.draw(width, language) for chart in charts_of(held) if not chart.empty for width in (WIDTH, NARROW)]
    assert len(drawn) >= 8
    for figure in drawn:
        fit(figure)
        figure.set_dpi(144)
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)  # which places the legend
        boxes = [text.get_window_extent(renderer) for text in figure.findobj(Text) if text.get_text().strip()]
        assert all(box.x0 >= -1 and box.x1 <= figure.bbox.width + 1 and box.y0 >= -3 for box in boxes)
        for place, box in enumerate(boxes):
            for other in boxes[:place]:
                apart_x = box.x1 <= other.x0 + 1 or other.x1 <= box.x0 + 1
                assert apart_x or box.y1 <= other.y0 + 3 or other.y1 <= box.y0 + 3


def test_a_study_without_any_answers_gives_empty_tables() -> None:
    nothing = Questionnaire(*(pd.DataFrame() for _ in range(4)))
    assert nothing.response().empty and nothing.choices("single").empty and nothing.likert().empty
    assert field.shares(nothing.choices("single"), nothing.response(), SMITSVEEN).empty


def test_what_nobody_answered_says_so() -> None:
    held = survey(4, "no-answer")
    for table in (held.choices("single"), held.rankings(), held.likert()):
        assert table["value"].isna().all()
        assert set(table["reason_en"]) == {"not defined, because nobody answered (n = 0)"}
    assert set(held.response().query("state == 'no-answer'")["respondents"]) == {4}


def test_one_option_and_one_answer_are_no_model() -> None:
    one = ALL_OPTIONS[ALL_OPTIONS["option"] != "no"]
    model = survey(9, options=one, questions=QUESTIONS[QUESTIONS["question"] == "letter"]).modelled()
    assert model["reason_en"].iloc[0].startswith("not defined, because")
    assert survey(1).modelled("letter")["reason_nl"].iloc[0].startswith("niet bepaald, want")


def test_who_chose_nothing_counts_in_the_base_of_a_multiple_choice() -> None:
    table = survey(10).choices("multiple").set_index("option")
    assert table["n"].unique().tolist() == [10]
    assert table["respondents"].to_dict() == {"flyer": 5, "site": 0, NONE_CHOSEN: 5}


def test_who_was_not_asked_is_not_in_the_base() -> None:
    answers = pd.concat([filled_in(10), pd.DataFrame([answer(50, "letter", missing="Niet gevraagd")])])
    held = Questionnaire(answers, QUESTIONS, ALL_OPTIONS, known_of(10), base="asked")
    assert held.choices("single")["n"].unique().tolist() == [10]
    assert held.response().query("state == 'Niet gevraagd'")["respondents"].tolist() == [1]


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_the_interval_is_the_one_asked_for_and_narrower_in_a_small_population(method: Any) -> None:
    row = survey(12, method=method).choices("single").iloc[0]
    assert (row["low"], row["high"]) == pytest.approx(proportion(8, 12, method).numbers()[1:])
    inside = survey(12, method=method, population={"tenants": 15}).choices("single").iloc[0]
    assert inside["high"] - inside["low"] < row["high"] - row["low"]


def test_a_population_smaller_than_the_answers_is_named() -> None:
    with pytest.raises(KoppelkansError, match="population, tenants: found 5, but 12 people answered letter"):
        survey(12, population={"tenants": 5}).choices("single")


def test_weights_change_shares_and_words_as_weights_are_named() -> None:
    weighted = survey(9, weight="weight").choices("single").iloc[0]
    yes = sum(1.5 if who % 2 else 1 for who in range(9) if who % 3)
    assert weighted["value"] == pytest.approx(yes / sum(1.5 if who % 2 else 1 for who in range(9)))
    with pytest.raises(KoppelkansError, match="attribute 'tenure': found 'own', expected a number"):
        survey(9, weight="tenure").choices("single")


def test_who_has_no_weight_is_left_out_and_counted() -> None:
    known = known_of(9)
    lacks = (known["attribute"] == "weight") & known["respondent"].isin(["R001", "R002"])
    known = known.assign(value=known["value"].mask(lacks & (known["respondent"] == "R001"), "0"))
    known = known[~(lacks & (known["respondent"] == "R002"))]
    held = Questionnaire(filled_in(9), QUESTIONS, ALL_OPTIONS, known, weight="weight")
    table = held.choices("single")
    assert table["n"].unique().tolist() == [7] and table["respondents"].tolist() == [4, 3]
    assert held.caption_numbers(table, "en")["unweighted"] == "2"
    few = Questionnaire(filled_in(9), QUESTIONS, ALL_OPTIONS, known, weight="weight", minimum=3)
    assert few.caption_numbers(table, "en")["unweighted"] == "fewer than 3"
    assert survey(9, weight="weight").caption_numbers(table, "en")["unweighted"] is None


def test_intervals_of_all_comparisons_together_go_with_the_corrected_p() -> None:
    table = survey(40).compared("tenure")
    alone, together = table["high"] - table["low"], table["high_all"] - table["low_all"]
    assert len(table) > 1 and (together > alone).all() and (table["p_holm"] >= table["p"]).all()
    wide = risk_difference(
        *(int(table.iloc[0][name]) for name in ("respondents", "n", "respondents_reference", "n_reference")),
        1 - 0.05 / len(table),
    )
    assert table.iloc[0][["low_all", "high_all"]].tolist() == pytest.approx(wide.numbers()[1:])
    one = field.differences(table, ["letter"]).draw(5.6, "en").get_supxlabel()
    assert f"all {len(table)} hold together" in one.replace("\n", " ")
    assert survey(40).caption_numbers(table, "en")["tests"] == len(table) > 1
    hidden = survey(12, minimum=5).compared("tenure").query("question == 'letter'")
    assert hidden[["low_all", "high_all"]].isna().all(axis=None)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_model_names_what_is_modelled_compared_and_left_out(language: str) -> None:
    more = [(f"R{who:03}", "town", "Soest") for who in range(40)]
    more += [(f"R{who:03}", "street", f"street {who % 9}") for who in range(40)]
    known = pd.concat([known_of(40), pd.DataFrame(more, columns=["respondent", "attribute", "value"])])
    held = Questionnaire(filled_in(40), QUESTIONS, ALL_OPTIONS, known, weight="weight")
    model = held.modelled("letter", ["tenure", "town"])
    chart = field.effects(model)
    assert chart.numbers is not None
    numbers = chart.numbers(language)
    assert (numbers["answer"], numbers["references"], numbers["left_out"]) == ("yes", "tenure: own", None)
    described = "\n".join(chart.describe(language))
    assert "rent" in described and "own" in described
    assert model.query("term == 'town'")[f"reason_{language}"].iloc[0] in described
    unnamed = held.modelled("letter").set_index("term")
    assert unnamed.loc[["street", "town"], "effect"].isna().all()
    assert "more than 6 groups" in unnamed.loc["street", "reason_en"]
    steps = field.effects(held.modelled("home", ["tenure"])).numbers
    assert steps is not None and steps(language)["parallel"].startswith("p ") and steps(language)["answer"] == "3"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"outcome": "leter"}, "no question 'leter' with options"),
        ({"outcome": "letter: maybe"}, "no option 'maybe' of letter; expected one of yes, no"),
        ({"predictors": ["age"]}, "no attribute 'age' of respondents; expected tenure, weight"),
    ],
)
def test_a_wrong_parameter_of_the_model_is_named(how: dict[str, Any], words: str) -> None:
    with pytest.raises(KoppelkansError, match=words):
        survey(9).modelled(**how)


def test_small_counts_and_all_made_from_them_are_hidden() -> None:
    shown = survey(12, minimum=5).choices("single")  # 8 yes, 4 no
    assert shown["hidden"].tolist() == ["yes", "yes"]
    assert shown[["respondents", "value", "low", "high", "se"]].isna().all(axis=None)
    assert hidden_numbers(5, shown) == {"minimum": 5, "hidden": 2, "cells": 2}
    compared = survey(12, minimum=5).compared("tenure").query("question == 'letter'")
    assert len(compared) == 1 and (compared["hidden"] != "").all() and compared["p"].isna().all()
    likert = survey(12, minimum=5).likert()
    assert likert["value"].isna().all() and likert["share"].isna().all()


def test_reasons_of_few_people_stand_together_and_few_answers_are_not_counted() -> None:
    silent = [answer(50 + who, "letter", missing="refused" if who < 2 else "no-answer") for who in range(8)]
    held = Questionnaire(pd.concat([filled_in(20), pd.DataFrame(silent)]), QUESTIONS, ALL_OPTIONS, known_of(20), 5)
    response = held.response().query("question == 'letter'")
    assert response[["state", "respondents"]].to_numpy().tolist() == [["answered", 20], ["no-answer", 8]]
    few = Questionnaire(pd.concat([filled_in(3), pd.DataFrame(silent)]), QUESTIONS, ALL_OPTIONS, known_of(3), 5)
    hidden = few.response().query("question == 'letter'")
    assert hidden["people"].tolist() == [11, 11] and hidden["respondents"].isna().all()
    assert few.choices("single")[["respondents", "n", "value"]].isna().all(axis=None)


def test_a_joint_count_is_hidden_where_one_that_it_is_made_of_is() -> None:
    shown = Shown(parts={"tenants": {frozenset({one}): one in "cd" for one in "abcd"}})
    assert shown.hides("tenants", ["a", "c"]) and shown.hides("tenants", ["c"])
    assert not shown.hides("tenants", ["a", "b"]) and not shown.hides("tenants", ["c", "d"]), "all others are shown"
    sides = Shown(parts={"tenants": {frozenset("ab"): False, frozenset("c"): False}})
    assert sides.hides("tenants", ["a"]) and not sides.hides("tenants", ["a", "b"])


def test_a_scale_with_small_ends_is_shown_by_its_sides() -> None:
    given = [answer(who, "home", str(point)) for point, who in enumerate([*range(2)], start=1)]
    given += [answer(who, "home", str(who % 4 + 2)) for who in range(2, 40)]
    options = pd.DataFrame(
        [("tenants", "home", str(n), n, f"p{n}", f"p{n}") for n in range(1, 6)], columns=ALL_OPTIONS.columns
    )
    held = Questionnaire(
        pd.DataFrame(given), QUESTIONS[QUESTIONS["question"] == "home"], options, known_of(40), minimum=5
    )
    shown = held.likert()
    assert shown["option_en"].tolist() == ["p1 / p2", "p3", "p4 / p5"] and shown["steps"].unique().tolist() == [3]
    assert (shown["hidden"] == "").all() and shown["respondents"].sum() == 40
    assert shown["value"].iloc[0] == pytest.approx((shown["respondents"].iloc[2] - shown["respondents"].iloc[0]) / 40)


def test_a_mean_has_decimals_and_a_level_is_not_rounded() -> None:
    answers = filled_in(4).assign(value=lambda rows: rows["value"].where(rows["value"].isna(), 3.0))
    held = Questionnaire(answers, QUESTIONS, ALL_OPTIONS, pd.DataFrame(), level=0.995)
    table = field.response_table(held.response(), held.means(), "en", SMITSVEEN)
    summary = table.loc[table["question"] == "bill en", "summary"].iloc[0]
    assert summary.startswith("mean 3.0; median 3.0; no interval, because everybody gave the same number")
    assert held.caption_numbers(held.response(), "nl")["level"]["text"] == "99,5%"
