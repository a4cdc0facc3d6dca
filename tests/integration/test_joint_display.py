"""The rule that proposes a verdict on two sides of a theme, and how strands go together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

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


def chances(interviews: int, answers: int, verdict: str) -> Callable[[float, float], float]:
    """Return the exact chance of a verdict for two true shares: all outcomes are gone through."""
    raised = [proportion(k, interviews) for k in range(interviews + 1)]
    answered = [proportion(k, answers) for k in range(answers + 1)]
    given = np.array([[fit(a, b, k, RULES).fit == verdict for b in answered] for k, a in enumerate(raised)])

    def chance(share: float, other: float) -> float:
        weights = [stats.binom.pmf(np.arange(n + 1), n, p) for n, p in ((interviews, share), (answers, other))]
        return float(weights[0] @ given @ weights[1])

    return chance


SHARES = np.linspace(0.01, 0.99, 50)


@pytest.mark.parametrize(
    ("interviews", "answers"), [(4, 20), (4, 300), (8, 60), (12, 60), (15, 300), (25, 100), (40, 40)]
)
def test_the_same_share_gives_discord_in_at_most_5_percent_of_studies(interviews: int, answers: int) -> None:
    chance = chances(interviews, answers, "discord")
    assert max(chance(share, share) for share in SHARES) <= 0.05
    assert chance(0.9, 0.1) > (0.5 if interviews < 8 else 0.9)  # and it is found where it is large


@pytest.mark.parametrize(("interviews", "answers"), [(8, 60), (12, 60), (15, 120), (25, 100), (40, 40)])
def test_shares_that_lie_apart_are_confirmed_in_at_most_5_percent_of_studies(interviews: int, answers: int) -> None:
    chance = chances(interviews, answers, "confirm")
    far = [(one, two) for one in SHARES for two in (one - RULES.apart, one + RULES.apart) if 0 <= two <= 1]
    assert max(chance(one, two) for one, two in far) <= 0.05
    assert chance(0.85, 0.85) > 0.4


def test_drawn_studies_with_the_same_share_are_in_discord_as_seldom() -> None:
    generator = np.random.default_rng(8)
    found = []
    for _ in range(2000):
        share = generator.uniform(0.05, 0.95)
        found.append(proposed(int(generator.binomial(12, share)), 12, int(generator.binomial(60, share)), 60).fit)
    assert found.count("discord") / len(found) <= 0.05


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
