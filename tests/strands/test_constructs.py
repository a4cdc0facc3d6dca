"""Scales of a study and non-response: what study.yml may say, what is worked out, and what is shown of few people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.figures import field
from koppelkans.review.attack import on_scores
from koppelkans.strands import constructs, nonresponse
from koppelkans.strands.answers_shown import Shown
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.study.strands import SMITSVEEN
from koppelkans.study.survey_settings import (
    margins_of,
    people_of,
    population_problems,
    scale_problems,
    scales_in_data,
)

ITEMS = ["home", "know", "leave"]
SCALES: dict[str, Any] = {"tie": {"name": {"nl": "band", "en": "tie"}, "items": ITEMS, "reversed": ["leave"]}}
KINDS = {**dict.fromkeys(ITEMS, "likert"), "letter": "single"}
QUESTIONS = pd.DataFrame(
    [("tenants", key, kind, "", key, key) for key, kind in KINDS.items()],
    columns=["strand", "question", "kind", "construct", "label_nl", "label_en"],
)


def options_of(steps: dict[str, int]) -> pd.DataFrame:
    rows = [("tenants", key, str(n), n, str(n), str(n)) for key, most in steps.items() for n in range(1, most + 1)]
    return pd.DataFrame(rows, columns=["strand", "question", "option", "order", "label_nl", "label_en"])


OPTIONS = options_of({**dict.fromkeys(ITEMS, 5), "letter": 2})


def answers_of(rows: np.ndarray) -> pd.DataFrame:
    """Answers to ITEMS; 0 is left open."""
    cells = [
        (f"r{person:03}", "tenants", key, str(int(step)) if step else "", "" if step else "no-answer")
        for person, row in enumerate(rows)
        for key, step in zip(ITEMS, row, strict=True)
    ]
    table = pd.DataFrame(cells, columns=["respondent", "strand", "question", "option", "missing"])
    return table.assign(rank=pd.NA, value=pd.NA, text="", origin="synthetic")


def people(n: int, seed: int = 1) -> np.ndarray:
    generator = np.random.default_rng(seed)
    trait = generator.normal(size=(n, 1))
    steps = 1 + np.searchsorted([-1.2, -0.4, 0.4, 1.2], 0.8 * trait + 0.6 * generator.normal(size=(n, 3)))
    steps[:, 2] = 6 - steps[:, 2]
    return steps


@pytest.mark.parametrize(
    ("scales", "words"),
    [
        (["home"], "found ['home'], expected a name with the items"),
        ({"tie": ["home"]}, "scales, tie: found ['home'], expected items"),
        ({"tie": {"items": ["home"]}}, "scales, tie, items: found ['home'], expected a list"),
        (
            {"tie": {"items": ITEMS, "reverse": ["leave"]}},
            "'reverse' is not known; expected name, items, reversed",
        ),
        (
            {"tie": {"items": ITEMS, "reversed": ["leaf"]}},
            "'leaf' is not one of its items home, know, leave; did you mean",
        ),
        ({"tie": {"items": [*ITEMS, "home"]}}, "found 'home' twice"),
        ({"tie": {"items": ITEMS, "name": "tie"}}, "name: found 'tie', expected {nl: ..., en: ...}"),
    ],
)
def test_a_scale_that_cannot_be_one_is_named(scales: Any, words: str) -> None:
    [line] = scale_problems(scales)
    assert words in line


@pytest.mark.parametrize(
    ("items", "options", "words"),
    [
        (
            ["home", "kno"],
            OPTIONS,
            "no question 'kno' in the answers; expected statements: home, know, leave; did you mean",
        ),
        (["home", "letter"], OPTIONS, "letter is a question of kind single, expected statements"),
        (["home", "know"], options_of({"home": 5, "know": 7}), "home has 5, know has 7"),
    ],
)
def test_items_that_the_answers_lack_or_that_have_other_steps_are_named(
    items: list[str], options: pd.DataFrame, words: str
) -> None:
    problems = scales_in_data({"tie": {"items": items}}, QUESTIONS, options)
    assert any(words in line and line.startswith("study.yml, scales, tie, items") for line in problems), problems
    with pytest.raises(KoppelkansError):
        constructs.scored({"tie": {"items": items}}, answers_of(people(20)), QUESTIONS, options)


def test_reversed_items_are_turned_and_one_that_was_forgotten_is_named() -> None:
    answers = answers_of(people(200))
    right = constructs.reliabilities(constructs.scored(SCALES, answers, QUESTIONS, OPTIONS))
    forgotten = constructs.scored({"tie": {"items": ITEMS}}, answers, QUESTIONS, OPTIONS)
    wrong = constructs.reliabilities(forgotten).set_index("coefficient")
    assert right["against_en"].eq("").all() and right.set_index("coefficient").loc["alpha", "value"] > 0.75
    assert wrong["against_en"].str.contains("leave").all() and wrong.loc["alpha", "value"] < 0
    assert "leave" in field.reliability(wrong.reset_index(), SMITSVEEN).numbers("nl")["against"]


def test_a_score_is_the_mean_of_the_items_answered_where_that_is_half_or_more() -> None:
    rows = np.array([[5, 5, 1], [4, 4, 0], [1, 0, 0], *people(30)])
    [scored] = constructs.scored(SCALES, answers_of(rows), QUESTIONS, OPTIONS)
    turned = rows.astype(float)
    turned[:, 2] = np.where(turned[:, 2] > 0, 6 - turned[:, 2], np.nan)
    turned[turned == 0] = np.nan
    expected = [np.nanmean(row) for row in turned if np.isfinite(row).sum() >= 2]
    row = constructs.scores([scored]).iloc[0]
    assert row["value"] == pytest.approx(np.mean(expected)) and (row["n"], row["people"], row["complete"]) == (
        32,
        33,
        31,
    )
    omega = constructs.reliabilities([scored]).set_index("coefficient").loc["omega", "value"]
    assert row["within"] == pytest.approx(1.96 * np.std(expected, ddof=1) * np.sqrt(1 - omega))


def test_a_mean_near_the_end_of_its_scale_is_hidden_where_few_people_are_not_at_the_end() -> None:
    asked = (QUESTIONS, OPTIONS)
    for few, safe in ((2, False), (40, True)):
        rows = np.array([[5, 5, 1]] * 38 + [[4, 5, 1]] * few + [[3, 3, 3]] * 9)
        held = Questionnaire(answers_of(rows), *asked, pd.DataFrame(), 5)
        scored = constructs.scored(SCALES, held.answers, *asked)
        assert constructs.scores(scored, 5, decided=held.shown())["value"].notna().tolist() == [safe]
        assert [one for one in on_scores(scored, held) if not one.is_safe] == []


def test_patterns_count_who_left_open_what_together_and_few_people_are_hidden() -> None:
    rows = people(40)
    rows[:8] = 0
    rows[8:11, 1] = 0
    found = constructs.scored(SCALES, answers_of(rows), QUESTIONS, OPTIONS)
    patterns = constructs.missing_patterns(found).drop_duplicates("pattern").set_index("pattern")
    assert patterns["respondents"].to_dict() == {"•••": 29, "–––": 8, "•–•": 3}
    items = constructs.open_items(constructs.missing_patterns(found)).set_index("item")
    assert items[["open", "alone"]].to_numpy().tolist() == [[8, 0], [11, 3], [8, 0]]
    withheld = {"know": Shown(withheld={"tenants"})}
    hidden = constructs.missing_patterns(found, 5, withheld)
    assert hidden[["respondents", "people"]].isna().all(axis=None) and set(hidden["hidden"]) == {"yes"}
    assert "29" not in " ".join(field.missing_patterns(hidden, SMITSVEEN).describe("en"))
    parts = {"know": Shown(parts={"tenants": {frozenset({"1"}): True, frozenset({"2"}): False}})}
    for made in (constructs.scores(found, 5, 0.95, parts), constructs.reliabilities(found, 5, 0.95, parts)):
        assert made["value"].isna().all() and set(made["hidden"]) == {"yes"}
    few = constructs.scores(constructs.scored(SCALES, answers_of(people(4)), QUESTIONS, OPTIONS), 5).iloc[0]
    assert few["hidden"] == "yes" and few[["value", "n", "complete"]].isna().all()


POPULATION = {"tenants": {"people": 500, "margins": {"age": {"young": 300, "old": 200}}}, "homeowners": 90}


def test_population_says_how_many_people_there_are_and_how_they_are_made_up() -> None:
    strands = tuple(SMITSVEEN)
    assert population_problems(POPULATION, strands) == []
    assert people_of({"population": POPULATION}) == {"tenants": 500, "homeowners": 90}
    assert margins_of({"population": POPULATION}) == {"tenants": {"age": {"young": 300.0, "old": 200.0}}}
    for wrong, words in (
        ({"tenants": {"marges": {}}}, "'marges' is not known; expected people, margins; did you mean 'margins'?"),
        ({"tenants": {"margins": {"age": {"young": 3}}}}, "margins, age: found {'young': 3}, expected two values"),
        ({"tenants": {"margins": {"age": {"young": 0, "old": 1}}}}, "age, young: found 0, expected a number"),
    ):
        assert words in population_problems(wrong, strands)[0]


def survey_of(ages: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return answers to a letter (the young say 1, the old 2) and what is known of people: y, o, or ? not known."""
    keys = [f"r{n:03}" for n in range(len(ages))]
    answers = pd.DataFrame({"respondent": keys, "strand": "tenants", "question": "letter", "missing": ""})
    answers = answers.assign(option=["1" if age == "y" else "2" for age in ages], rank=pd.NA, value=pd.NA, text="")
    named = {"y": "young", "o": "old", "?": ""}
    return answers, pd.DataFrame({"respondent": keys, "age": [named[age] for age in ages]})


def test_answers_move_to_the_margins_and_who_has_no_attribute_is_left_out_and_counted() -> None:
    margins = margins_of({"population": POPULATION})
    answers, known = survey_of("y" * 10 + "o" * 30 + "??")
    table = nonresponse.against_margins(answers, known, margins).set_index("value")
    assert table["share"].to_dict() == {"young": 0.25, "old": 0.75} and set(table["left_out"]) == {2}
    assert table["population"].to_dict() == pytest.approx({"young": 0.6, "old": 0.4})
    raked = nonresponse.before_and_after(answers, QUESTIONS, OPTIONS, known, margins).set_index("option")
    assert raked.loc["1", "value_before"] == pytest.approx(10 / 42) and raked.loc["1", "value"] == pytest.approx(0.6)
    assert field.margins(table.reset_index(), SMITSVEEN).numbers("en")["left_out"] == 2
    few = nonresponse.against_margins(*survey_of("y" * 3 + "o" * 30), margins, 5)
    assert few[["respondents", "share", "effective"]].isna().all(axis=None)
    answers.loc[:2, "option"] = "2"  # three of the ten who are young say otherwise, and both shares would tell it
    both = nonresponse.before_and_after(answers, QUESTIONS, OPTIONS, known, margins, minimum=5)
    assert both[["value", "value_before", "n"]].isna().all(axis=None) and set(both["hidden"]) == {"yes"}


@pytest.mark.parametrize(
    ("ages", "margins", "words"),
    [
        (
            "yyoo",
            {"aged": {"a": 1, "b": 1}},
            "no such attribute of those who answered; expected one of age; did you mean",
        ),
        ("yyoo", {"age": {"young": 1, "old": 1, "oldest": 1}}, "found 'oldest', which nobody who answered has"),
        ("yyoo", {"age": {"young": 1, "middle": 2}}, "'old' is lacking, which people who answered have"),
    ],
)
def test_margins_that_do_not_fit_the_respondents_are_named(ages: str, margins: Any, words: str) -> None:
    answers, known = survey_of(ages)
    with pytest.raises(KoppelkansError, match=r"study\.yml, population, tenants, margins") as refused:
        nonresponse.weights(answers, known, {"tenants": margins})
    assert words in str(refused.value)


def test_a_study_without_scales_or_margins_has_nothing_to_draw() -> None:
    none = pd.DataFrame()
    assert constructs.scored({}, none, none, none) == []
    for empty in (
        field.reliability(constructs.reliabilities([]), SMITSVEEN),
        field.missing_patterns(constructs.missing_patterns([]), SMITSVEEN),
        field.margins(nonresponse.against_margins(answers_of(people(3)), none.assign(respondent=[]), {}), SMITSVEEN),
    ):
        assert empty.empty
    assert constructs.open_items(constructs.missing_patterns([])).empty


def test_a_scale_that_nobody_answered_and_that_has_no_steps_yet_has_nothing_to_draw() -> None:
    nobody = answers_of(np.zeros((3, 3)))
    assert constructs.scored(SCALES, nobody, QUESTIONS, OPTIONS.head(0)) == []


def test_a_scale_with_many_patterns_leaves_the_rows_of_the_next_one_whole() -> None:
    def patterns(scale: str, items: str, codes: list[str]) -> list[dict[str, Any]]:
        head = {"scale": scale, "name_nl": scale, "name_en": scale, "strand": "tenants"}
        return [
            head
            | {"pattern": code, "item": item, "label_nl": item, "label_en": item, "is_open": mark == constructs.OPEN}
            | {"respondents": 1, "people": 20, "hidden": ""}
            for code in codes
            for item, mark in zip(items, code, strict=True)
        ]

    many = [f"{n:04b}".replace("0", constructs.OPEN).replace("1", constructs.ANSWERED) for n in range(12)]
    table = pd.DataFrame([*patterns("long", "abcd", many), *patterns("short", "xyz", ["•••", "•–•", "–••"])])
    drawn = field.missing_patterns(table, SMITSVEEN).draw(7, "en")
    assert [len(axes.get_yticklabels()) for axes in drawn.axes] == [10, 3]
