"""The rule that proposes a verdict on two sides of a theme, and how strands go together."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from koppelkans import integration
from koppelkans.integration.joint_display import FITS, FitRules, Proposal, convergence, fit, together
from koppelkans.statistics.proportions import proportion

RULES = FitRules()


def proposed(cases: int, people: int, chosen: int, answered: int, rules: FitRules = RULES) -> Proposal:
    return fit(proportion(cases, people), proportion(chosen, answered), cases, rules)


@pytest.mark.parametrize(
    ("cases", "people", "chosen", "answered", "expected"),
    [
        (10, 12, 45, 60, "confirm"),
        (2, 12, 60, 80, "discord"),
        (12, 12, 5, 60, "discord"),
        (7, 12, 15, 60, "undecided"),
        (0, 12, 30, 60, "silence"),
        (8, 12, 0, 0, "silence"),
        (0, 0, 30, 60, "silence"),
    ],
)
def test_the_intervals_propose_a_verdict(cases: int, people: int, chosen: int, answered: int, expected: str) -> None:
    assert proposed(cases, people, chosen, answered).fit == expected


def test_no_rule_gives_expand_and_what_few_people_say_is_undecided() -> None:
    given = {proposed(k, 10, x, 40).fit for k, x in product(range(11), range(41))}
    assert given == set(FITS) - {"expand"}
    assert proposed(2, 3, 30, 60).fit == "undecided"


def test_a_proposal_says_its_rule_and_discord_what_to_look_at() -> None:
    fewer, more = proposed(2, 12, 60, 80), proposed(12, 12, 5, 60)
    assert fewer.follow_up != more.follow_up and fewer.follow_up and more.follow_up
    for language in ("nl", "en"):
        assert "{" not in fewer.text(language, RULES) + proposed(7, 12, 15, 60).text(language, RULES)
    assert "40" in proposed(7, 12, 15, 60).text("en", RULES)
    assert not proposed(10, 12, 45, 60).follow_up


def test_rules_can_be_set_and_impossible_ones_are_refused() -> None:
    assert proposed(7, 12, 15, 60, FitRules(apart=0.7)).fit == "confirm"
    assert proposed(1, 12, 4, 60, FitRules(least_cases=2)).fit == "silence"
    with pytest.raises(ValueError, match="between 0 and 1"):
        FitRules(apart=40)
    with pytest.raises(ValueError, match="1 case or more"):
        FitRules(least_cases=0)


@pytest.mark.parametrize(
    ("fits", "strand"),
    [
        (["confirm", "silence"], "confirm"),
        (["confirm", "discord"], "discord"),
        (["confirm", "expand"], "expand"),
        (["confirm", "undecided"], "undecided"),
        (["silence"], "silence"),
    ],
)
def test_several_questions_of_a_theme_give_one_verdict(fits: list[str], strand: str) -> None:
    assert together(fits) == strand


@pytest.mark.parametrize(
    ("fits", "how"),
    [
        (["confirm", "confirm", ""], "agreement"),
        (["confirm", "discord"], "dissonance"),
        (["confirm", "undecided"], "partial"),
        (["expand", "confirm"], "partial"),
        (["confirm", "silence"], "one"),
        (["confirm"], "one"),
        (["discord", "silence"], "dissonance"),
        (["silence", ""], "silence"),
    ],
)
def test_strands_converge_by_the_same_verdicts(fits: list[str], how: str) -> None:
    assert convergence(fits) == how


def test_the_published_overview_is_still_found_where_it_was() -> None:
    assert integration.levels_by_package(pd.DataFrame(), pd.DataFrame(), pd.DataFrame()).empty
