"""What a study hides cannot be worked out from all that it shows: by a reader who solves for every hidden number."""

from __future__ import annotations

import pandas as pd
import pytest

from bench.attack import on_random_studies, random_survey
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.links import linked
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
