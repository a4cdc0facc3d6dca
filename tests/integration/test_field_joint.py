"""Links between codes and answers, the joint display worked out from them, and what the ledger says of field data."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from matplotlib.text import Text
from survey_answers import ALL_OPTIONS, QUESTIONS, filled_in

from koppelkans.errors import KoppelkansError
from koppelkans.figures import field
from koppelkans.integration.field_joint import field_joint, hidden_in, levels_by_strand, triangulated
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.links import linked
from koppelkans.study.settings import _link_problems, _population_problems
from koppelkans.study.strands import SMITSVEEN

CODES = pd.DataFrame(
    [("g1", "trust", "", "trust"), ("g2", "doubt", "g1", "trust > doubt"), ("g3", "cold", "", "cold")],
    columns=["code", "name", "parent", "path"],
)
LINK: dict[str, Any] = {"codes": ["Trust > doubt"], "question": "letter", "answer": ["no"], "level": "community"}


def interviews(people: int, with_doubt: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(people)], "strand": "tenants", "respondent": ""})
    codings = pd.DataFrame(
        [(f"c{n}", f"d{n}", "g2", "coder", 0, 5) for n in range(with_doubt)],
        columns=["coding", "document", "code", "coder", "start", "end"],
    )
    return documents, codings


def joint(people: int = 12, with_doubt: int = 8, answered: int = 60, minimum: int = 1, **link: Any) -> pd.DataFrame:
    documents, codings = interviews(people, with_doubt)
    links = linked([LINK | link], CODES, QUESTIONS, ALL_OPTIONS)
    return field_joint(links, codings, documents, filled_in(answered), QUESTIONS, minimum=minimum)


def test_a_code_is_found_by_name_path_or_key_and_those_below_it_count() -> None:
    for named in ("doubt", "trust > doubt", "g2", "DOUBT"):
        assert linked([LINK | {"codes": [named]}], CODES, QUESTIONS, ALL_OPTIONS)["codes"].tolist() == [["g2"]]
    assert linked([LINK | {"codes": ["trust"]}], CODES, QUESTIONS, ALL_OPTIONS)["codes"].tolist() == [["g1", "g2"]]


def test_interviews_without_answers_keep_their_links_with_nothing_asked() -> None:
    found = linked([{"codes": ["trust"]}], CODES, pd.DataFrame(), pd.DataFrame())
    assert list(found["question"]) == [""]


def test_a_construct_called_as_a_code_is_linked_without_being_named() -> None:
    named = QUESTIONS.assign(construct=QUESTIONS["question"].map({"home": "Cold"}).fillna(""))
    found = linked([], CODES, named, ALL_OPTIONS)
    assert found[["question", "name_en"]].to_numpy().tolist() == [["home", "cold"]]
    assert found["answers"].tolist() == [["3"]]
    turned = linked([{"codes": ["cold"], "construct": "Cold", "reversed": ["home"]}], CODES, named, ALL_OPTIONS)
    assert turned["answers"].tolist() == [["1"]]


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"codes": ["dubt"]}, "links, entry 1, codes: no code 'dubt'.*did you mean 'doubt'"),
        ({"question": "leter"}, "entry 1, question: no question 'leter'.*did you mean 'letter'"),
        ({"answer": ["maybe"]}, "question letter has no option 'maybe'; expected one of yes, no"),
    ],
)
def test_a_link_to_what_is_not_there_is_named(link: dict[str, Any], words: str) -> None:
    with pytest.raises(KoppelkansError, match=words):
        joint(**link)


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ({"a": 1}, "expected a list"),
        ([{"codes": "doubt"}], "codes: found 'doubt', expected a list"),
        ([{"question": "letter"}], "no codes"),
        ([{"codes": ["a"], "question": "q", "construct": "c"}], "expected one of them"),
        ([{"codes": ["a"], "level": "comunity"}], "did you mean 'community'"),
        ([{"codes": ["a"], "answers": ["no"]}], "'answers' is not known.*did you mean 'answer'"),
        ([{"codes": ["a"], "answer": [True]}], "with quotation marks"),
    ],
)
def test_links_in_study_yml_are_checked(links: Any, words: str) -> None:
    assert any(re.search(words, problem) for problem in _link_problems(links))


def test_a_population_in_study_yml_is_checked() -> None:
    assert _population_problems({"tenants": 310}, tuple(SMITSVEEN)) == []
    assert "did you mean 'tenants'" in _population_problems({"tenant": 310}, tuple(SMITSVEEN))[0]
    assert "expected a whole number" in _population_problems({"tenants": 0}, tuple(SMITSVEEN))[0]


@pytest.mark.parametrize(
    ("with_doubt", "answered", "common", "fit"),
    [
        (8, 60, 0.5, "discord"),
        (3, 60, 0.5, "confirm"),
        (8, 6, 0.5, "expand"),
        (0, 60, 0.5, "silent"),
        (8, 0, 0.5, "silent"),
        (8, 60, 0.2, "confirm"),
    ],
)
def test_the_verdict_follows_the_rule_and_the_rule_can_be_set(
    with_doubt: int, answered: int, common: float, fit: str
) -> None:
    documents, codings = interviews(12, with_doubt)
    links = linked([LINK], CODES, QUESTIONS, ALL_OPTIONS)
    table = field_joint(links, codings, documents, filled_in(answered), QUESTIONS, FitRules(common))
    assert table["fit"].tolist() == [fit]  # a third of those who answered say no


def test_few_people_are_hidden_on_either_side_and_in_every_text() -> None:
    table = joint(12, 3, 9, minimum=5)  # 3 of 12 interviews, 3 of 9 answers
    assert table[["cases", "codings", "value", "low", "high"]].isna().all(axis=None)
    assert hidden_in(table, 5) == {"minimum": 5, "hidden": 2, "cells": 2}
    shown = field.joint_table(table, ALL_OPTIONS, "en", SMITSVEEN)
    assert "3" not in " ".join(shown.iloc[0][["qualitative", "quantitative", "rule"]])
    drawn = field.joint_display(table, ALL_OPTIONS, 0.5, SMITSVEEN)
    assert not any("3" in text.get_text() for text in drawn.draw(5.6, "nl").findobj(Text))
    assert "3" not in "".join(drawn.describe("en")).replace(str(shown.iloc[0]["theme"]), "")


def test_strands_and_levels_are_crossed() -> None:
    table = joint()
    crossed = triangulated(table)
    assert crossed[["tenants/interviews", "tenants/answers", "convergence"]].to_numpy().tolist() == [
        ["supports", "contradicts", "dissonance"]
    ]
    assert levels_by_strand(table).loc["community", "tenants"] == 2
    for width in (5.6, 3.6):
        signs = [text.get_text() for text in field.triangulation(crossed, SMITSVEEN).draw(width, "en").findobj(Text)]
        assert {"+", "–"} <= set(signs) and any("dissonance" in sign for sign in signs)


def test_without_links_or_field_data_there_is_nothing_to_draw() -> None:
    none = pd.DataFrame()
    table = field_joint(linked([], none, none, none), none, none, none, none)
    assert table.empty and triangulated(table).empty
    assert field.joint_display(table, none, 0.5, SMITSVEEN).empty
    assert field.triangulation(triangulated(table), SMITSVEEN).empty
