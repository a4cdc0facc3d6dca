"""What a study hides cannot be worked out from all that it shows: by a reader who solves for every hidden number."""

from __future__ import annotations

import pandas as pd
import pytest
from survey_answers import ALL_OPTIONS, QUESTIONS, filled_in

from bench.attack import on_random_studies, random_survey
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.links import linked
from koppelkans.privacy.linked import ALWAYS, Published
from koppelkans.review.attack import Attacked, on_answers, on_both
from koppelkans.strands.coded import of_strand
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.strands.survey_groups import chosen_grouping
from koppelkans.study import open_study
from koppelkans.workflow.tidy import read_tables

pytestmark = pytest.mark.slow


def unsafe(attacked: list[Attacked]) -> list[Attacked]:
    assert any(one.secrets for one in attacked)
    return [one for one in attacked if not one.is_safe]


def test_nothing_hidden_in_random_studies_can_be_worked_out() -> None:
    assert unsafe(on_random_studies(2)) == []


def test_what_is_hidden_by_strand_is_the_same_with_groups_and_without() -> None:
    held = random_survey(107)  # where two ways to hide are as good
    alone, grouped = held.shown(), held.shown("age")
    assert {key: one.parts for key, one in alone.items()} == {key: one.parts for key, one in grouped.items()}
    assert unsafe(on_answers(held, "age")) == []


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return read_tables(open_study("voorbeeldwijk"))


def test_nothing_hidden_of_voorbeeldwijk_can_be_worked_out(tables: dict[str, pd.DataFrame]) -> None:
    study = open_study("voorbeeldwijk")
    asked = [tables[name] for name in ("answers", "questions", "options")]
    held = Questionnaire(*asked, tables["attributes"], 5)
    assert unsafe(on_answers(held, chosen_grouping(held.people))) == []
    named = [tables[name].assign(origin="collected") for name in ("documents", "codes", "codings", "attributes")]
    coded = {strand: of_strand(*named, strand, 5) for strand in ("tenants", "homeowners", "evaluation")}
    links = linked(study.links, tables["codes"], *asked[1:])
    assert unsafe(on_both(held, coded, links, FitRules())) == []


def test_what_was_decided_before_stays_shown_and_another_number_is_hidden_in_its_place() -> None:
    numbers = Published(5)
    whole = numbers.number(20, ALWAYS)
    parts = [numbers.number(count, (name,)) for name, count in (("few", 2), ("some", 7), ("many", 11))]
    numbers.adds_up([whole], parts)
    numbers.secret(parts[0])
    assert numbers.hidden() == {("few",), ("some",)}
    assert numbers.hidden(kept={("some",)}) == {("few",), ("many",)}


def test_how_many_were_not_asked_is_hidden_where_it_counts_a_small_answer() -> None:
    answers = filled_in(12)
    no = answers.loc[(answers["question"] == "letter") & (answers["option"] == "no"), "respondent"]
    routed = (answers["question"] == "heard") & answers["respondent"].isin(no)
    answers = answers.assign(missing=answers["missing"].mask(routed, "not-asked"))
    held = Questionnaire(answers, QUESTIONS, ALL_OPTIONS, pd.DataFrame(), 5)
    assert len(no) == 4 and held.response().query("question == 'heard'")["respondents"].isna().all()


def test_weighted_counts_of_few_people_are_hidden_though_all_together_are_many() -> None:
    answers = filled_in(40)
    yes = answers.loc[(answers["question"] == "letter") & (answers["option"] == "yes"), "respondent"]
    weights = [(person, "weight", "0" if person in set(yes[4:]) else "1") for person in answers["respondent"].unique()]
    known = pd.DataFrame(weights, columns=["respondent", "attribute", "value"])
    held = Questionnaire(answers, QUESTIONS, ALL_OPTIONS, known, 5, weight="weight")
    table = held.choices("single").set_index("option")
    assert table.loc["yes", ["respondents", "value"]].isna().all()
