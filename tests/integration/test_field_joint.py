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
from koppelkans.integration.field_joint import caption_numbers, field_joint, hidden_in, triangulated
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.links import linked
from koppelkans.strands.coded import Coded, of_strand
from koppelkans.study.link_settings import link_problems
from koppelkans.study.strands import SMITSVEEN
from koppelkans.study.survey_settings import population_problems

CODES = pd.DataFrame(
    [("g1", "trust", "", "trust"), ("g2", "doubt", "g1", "trust > doubt"), ("g3", "cold", "", "cold")],
    columns=["code", "name", "parent", "path"],
).assign(description="", origin="synthetic")
LINK: dict[str, Any] = {"codes": ["Trust > doubt"], "question": "letter", "answer": ["no"], "level": "community"}


def interviews(people: int, with_doubt: int, coders: int = 1) -> dict[str, Coded]:
    """Interviews of which the first have doubt in them, as the first coder saw it; a second one saw it everywhere."""
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(people)], "strand": "tenants", "respondent": ""})
    documents = documents.assign(text="Nou, nee.", n_characters=9, origin="synthetic")
    found = [(f"c{n}", f"d{n}", "g2" if n < with_doubt else "g3", "coder", 0, 5, f"Nou, {n}") for n in range(people)]
    if coders > 1:
        found += [(f"e{n}", f"d{n}", "g2", "other", 0, 5, "Nou,") for n in range(people - 1)]
    columns = ["coding", "document", "code", "coder", "start", "end", "text"]
    codings = pd.DataFrame(found, columns=columns).assign(origin="synthetic")
    return {"tenants": of_strand(documents, CODES, codings, pd.DataFrame(), "tenants", 1)}


def joint(people: int = 12, with_doubt: int = 12, answered: int = 60, minimum: int = 1, **link: Any) -> pd.DataFrame:
    links = linked([LINK | link], CODES, QUESTIONS, ALL_OPTIONS)
    held = interviews(people, with_doubt)
    return field_joint(links, held, filled_in(answered), QUESTIONS, ALL_OPTIONS, minimum=minimum, quotes=True)


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
        ([{"codes": ["a"], "fit": "expnd"}], "fit: found 'expnd'.*did you mean 'expand'"),
        ([{"codes": ["a"], "fit": {"tenant": "expand"}}], "fit: strand 'tenant'.*did you mean 'tenants'"),
        ([{"codes": ["a"], "inference": "so"}], "inference: found 'so', expected {nl"),
    ],
)
def test_links_in_study_yml_are_checked(links: Any, words: str) -> None:
    assert any(re.search(words, problem) for problem in link_problems(links, tuple(SMITSVEEN)))


def test_a_population_in_study_yml_is_checked() -> None:
    assert population_problems({"tenants": 310}, tuple(SMITSVEEN)) == []
    assert "did you mean 'tenants'" in population_problems({"tenant": 310}, tuple(SMITSVEEN))[0]
    assert "expected a whole number" in population_problems({"tenants": 0}, tuple(SMITSVEEN))[0]


@pytest.mark.parametrize(
    ("with_doubt", "answered", "apart", "fit"),
    [
        (12, 60, 0.4, "discord"),
        (4, 60, 0.4, "confirm"),
        (8, 6, 0.4, "undecided"),
        (0, 60, 0.4, "silence"),
        (8, 0, 0.4, "silence"),
        (8, 60, 0.7, "confirm"),
    ],
)
def test_the_verdict_follows_the_rule_and_the_rule_can_be_set(
    with_doubt: int, answered: int, apart: float, fit: str
) -> None:
    links = linked([LINK], CODES, QUESTIONS, ALL_OPTIONS)
    table = field_joint(links, interviews(12, with_doubt), filled_in(answered), QUESTIONS, ALL_OPTIONS, FitRules(apart))
    assert table["fit"].tolist() == [fit]  # a third of those who answered say no
    assert table["proposed"].tolist() == [fit]


def test_what_two_coders_saw_is_counted_from_one_of_them() -> None:
    links = linked([LINK], CODES, QUESTIONS, ALL_OPTIONS)
    table = field_joint(links, interviews(12, 4, coders=2), filled_in(60), QUESTIONS, ALL_OPTIONS)
    assert table[["cases", "codings"]].to_numpy().tolist() == [[4, 4]]


def test_the_researcher_has_the_last_word_and_writes_what_follows() -> None:
    words = {
        "inference": {"nl": "Twijfel is er, en niet overal.", "en": "There is doubt."},
        "follow_up": {"en": "Ask."},
    }
    table = joint(fit={"tenants": "expand"}, **words)
    assert table[["fit", "proposed"]].to_numpy().tolist() == [["expand", "discord"]]
    shown = field.joint_table(table, ALL_OPTIONS, "en", SMITSVEEN).iloc[0]
    assert shown["fit"] == "expand" and "discord" in shown["rule"]
    assert shown["inference"] == "There is doubt. Follow-up: Ask."
    assert "Ask." in field.joint_table(table, ALL_OPTIONS, "nl", SMITSVEEN).iloc[0]["inference"]
    numbers = caption_numbers(table, pd.DataFrame(), pd.DataFrame(), FitRules(), "en")
    assert (numbers["expand"], numbers["discord"], numbers["judged"]) == (1, 0, 1)


def test_discord_says_what_to_look_at_and_other_verdicts_leave_that_to_the_researcher() -> None:
    for language in ("nl", "en"):
        assert (
            field.joint_table(joint(), ALL_OPTIONS, language, SMITSVEEN)
            .iloc[0]["inference"]
            .startswith({"nl": "Vervolg:", "en": "Follow-up:"}[language])
        )
        assert field.joint_table(joint(with_doubt=4), ALL_OPTIONS, language, SMITSVEEN).iloc[0]["inference"] == ""


def test_a_passage_is_quoted_where_that_is_allowed_and_enough_people_stand_behind_it() -> None:
    assert "“Nou, 5” (d5)" in field.joint_table(joint(), ALL_OPTIONS, "en", SMITSVEEN).iloc[0]["qualitative"]
    links = linked([LINK], CODES, QUESTIONS, ALL_OPTIONS)
    assert field_joint(links, interviews(12, 12), filled_in(60), QUESTIONS, ALL_OPTIONS)["quotation"].tolist() == [""]
    assert joint(12, 3, minimum=5)["quotation"].tolist() == [""]


def test_few_people_are_hidden_on_either_side_and_in_every_text() -> None:
    table = joint(12, 3, 9, minimum=5)  # 3 of 12 interviews, 3 of 9 answers
    assert table[["cases", "codings", "cases_low", "cases_high", "value", "low", "high"]].isna().all(axis=None)
    assert hidden_in(table, 5) == {"minimum": 5, "hidden": 2, "cells": 2}
    shown = field.joint_table(table, ALL_OPTIONS, "en", SMITSVEEN)
    assert "3" not in " ".join(shown.iloc[0][["qualitative", "quantitative", "rule"]])
    drawn = field.joint_display(table, ALL_OPTIONS, SMITSVEEN)
    assert not any("3" in text.get_text() for text in drawn.draw(5.6, "nl").findobj(Text))
    assert "3" not in "".join(drawn.describe("en")).replace(str(shown.iloc[0]["theme"]), "")


@pytest.mark.parametrize(("with_doubt", "how"), [(12, "dissonance"), (4, "one"), (8, "one"), (0, "silence")])
def test_triangulation_follows_the_verdicts_of_the_joint_display(with_doubt: int, how: str) -> None:
    table = joint(with_doubt=with_doubt)
    crossed = triangulated(table)
    assert crossed["in tenants"].tolist() == table["fit"].tolist() and crossed["convergence"].tolist() == [how]
    assert crossed["level"].tolist() == ["community"]
    for width in (5.6, 3.6):
        for language in ("nl", "en"):
            texts = field.triangulation(crossed, SMITSVEEN).draw(width, language).findobj(Text)
            assert {"=", "+", "≠", "?", "·"} & {text.get_text() for text in texts}


def test_without_links_or_field_data_there_is_nothing_to_draw() -> None:
    none = pd.DataFrame()
    table = field_joint(linked([], none, none, none), {}, none, none, none)
    assert table.empty and triangulated(table).empty
    assert field.joint_display(table, none, SMITSVEEN).empty
    assert field.triangulation(triangulated(table), SMITSVEEN).empty
