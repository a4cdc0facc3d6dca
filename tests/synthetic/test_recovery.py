"""What was put into a synthetic neighbourhood comes out of the analysis again, as far as chance allows.

How often intervals hold what was put in is measured in bench/simulate/neighbourhood.py, a part of it in `make test`.
Each test here draws neighbourhoods with fixed seeds and holds what the analysis finds against the truth. Tolerances
follow from the number of draws; they are not tuned.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from bench.simulate.neighbourhood import interviews_with, two_coders, without_slips
from koppelkans.coding import agreement
from koppelkans.coding.saturation import new_information, saturation
from koppelkans.strands.comparisons import odds_ratio
from koppelkans.strands.rankings import plackett_luce, rankings
from koppelkans.synthetic.answers import SKIPPED, answers, trust_chance
from koppelkans.synthetic.people import residents
from koppelkans.synthetic.talk import themes_of
from koppelkans.synthetic.truth import Truth, read_truth

pytestmark = pytest.mark.slow

FAR = 4  # standard errors; chance goes that far once in 16,000 times


@pytest.fixture(scope="module")
def truth() -> Truth:
    return read_truth()


def test_the_code_that_coders_doubt_about_is_the_one_they_agree_on_least(truth: Truth) -> None:
    talks = interviews_with(truth, "tenants", 40, 3)
    codes = ["rekening", "tocht", "twijfel", "klein", "wachten"]
    rated = two_coders(truth, talks, codes, 3)
    kappas = {code: agreement.cohen_kappa(table).numbers()[0] for code, table in zip(codes, rated, strict=True)}
    assert min(kappas, key=lambda code: kappas[code]) == "twijfel"


def test_edges_that_slip_cost_agreement_where_a_single_word_counts(truth: Truth) -> None:
    """A word too many falls in the next sentence; with half a sentence as the least, it does no harm."""
    talks = interviews_with(truth, "homeowners", 40, 4)

    def kappa(coders: Truth, least: float) -> float:
        [rated] = two_coders(coders, talks, ["klein"], 4, least)
        return agreement.cohen_kappa(rated).numbers()[0]

    right = kappa(without_slips(truth), 0.0)
    assert kappa(truth, 0.0) < right - 0.02
    assert abs(kappa(truth, 0.5) - right) < 0.02


@pytest.mark.parametrize("group", ["tenants", "homeowners"])
@pytest.mark.parametrize("seed", range(6))
def test_saturation_lies_where_it_was_planted(truth: Truth, group: str, seed: int) -> None:
    talks = interviews_with(truth, group, 15, seed)
    codings = pd.DataFrame(
        [(talk.respondent, code) for talk in talks for _, _, code in talk.passages], columns=["document", "code"]
    )
    table = new_information(codings, [talk.respondent for talk in talks])
    found = saturation(table, threshold=0)
    assert (found.interviews, found.codes) == (truth.saturation(group), len(truth.codes(group)))
    firsts = [truth.themes[code][group].first for code in truth.codes(group)]
    assert table["new"].tolist() == [firsts.count(position) for position in range(1, 16)]


def test_themes_come_up_as_often_as_the_truth_says(truth: Truth) -> None:
    for group in ("tenants", "homeowners"):
        later = range(max(t[group].first for t in truth.themes.values() if group in t) + 1, 400)
        drawn = [set(themes_of(truth, group, number, 5)) for number in later]
        for code in truth.codes(group):
            share = truth.themes[code][group].share
            found = np.mean([code in themes for themes in drawn])
            assert abs(found - share) < FAR * math.sqrt(share * (1 - share) / len(drawn)), (group, code)


@pytest.mark.parametrize("group", ["tenants", "homeowners"])
def test_interview_and_answer_of_one_person_hang_together_as_planted(truth: Truth, group: str) -> None:
    """How many say the same, and how many more raise the theme than want help."""
    survey, theme = truth.survey, truth.themes[truth.survey.help_theme][group]
    same = theme.share * survey.help[group].raised + (1 - theme.share) * (1 - survey.help[group].others)
    agreed, only_raised, only_answered = [], 0, 0
    for seed in range(20):
        people = residents(truth, 400, seed)
        people = people[(people["group"] == group) & (people["number"] > theme.first)]
        given = answers(truth, people, seed).set_index("respondent")["help"]
        for person, number in people[["respondent", "number"]].itertuples(index=False):
            if given[person] in ("yes", "no"):
                raised = survey.help_theme in themes_of(truth, group, number, seed)
                agreed.append(raised == (given[person] == "yes"))
                only_raised += raised and given[person] == "no"
                only_answered += not raised and given[person] == "yes"
    assert abs(np.mean(agreed) - same) < FAR * math.sqrt(same * (1 - same) / len(agreed))
    planted = theme.share * (1 - survey.help[group].raised), (1 - theme.share) * survey.help[group].others
    far = FAR * math.sqrt(sum(planted) / len(agreed))
    assert abs((only_raised - only_answered) / len(agreed) - (planted[0] - planted[1])) < far


def with_trust(truth: Truth, number: int, seed: int) -> pd.DataFrame:
    people = residents(truth, number, seed)
    table = people.merge(answers(truth, people, seed)[["respondent", "trust"]], on="respondent")
    table = table[table["trust"].isin(["yes", "no"])]
    return pd.DataFrame(
        {
            "trust": (table["trust"] == "yes").astype(int),
            "owner": (table["group"] == "homeowners").astype(int),
            "aged": (table["age_group"] == "65+").astype(int),
            "decades": table["years"] / 10,
        }
    )


def test_the_plain_odds_ratio_is_blurred_by_age_and_years(truth: Truth) -> None:
    """Owners are older and live there longer, so the plain comparison answers another question than the model."""
    people = residents(truth, 5000, 8)
    owner = (people["group"] == "homeowners").to_numpy()
    chance = trust_chance(truth.survey, people)
    marginal = (chance[owner].mean() / (1 - chance[owner].mean())) / (
        chance[~owner].mean() / (1 - chance[~owner].mean())
    )
    assert marginal < truth.survey.trust.odds_homeowner
    covered = []
    for seed in range(20):
        table = with_trust(truth, 400, seed)
        yes, n = table.groupby("owner")["trust"].sum(), table.groupby("owner")["trust"].size()
        _, low, high = odds_ratio(int(yes[1]), int(n[1]), int(yes[0]), int(n[0])).numbers()
        covered.append(low <= marginal <= high)
    assert np.mean(covered) >= 0.8


@pytest.mark.parametrize("group", ["tenants", "homeowners"])
def test_rankings_give_the_planted_weights(truth: Truth, group: str) -> None:
    given = answers(truth, residents(truth, 3000, 9), 9)
    given = given[given["group"] == group]
    weights = truth.survey.priorities[group]
    ranked = given.melt("respondent", [f"priorities_{option}" for option in weights], "option", "rank")
    ranked = ranked[ranked["rank"].str.isdigit()].assign(question="priorities")
    strengths = plackett_luce(rankings(ranked, "priorities")).set_index("option")
    for option, weight in weights.items():
        found, planted = strengths.loc[f"priorities_{option}"], weight / sum(weights.values())
        assert abs(found["value"] - planted) < FAR * found["se"], option


def test_statements_hang_together_as_planted_and_the_reversed_one_runs_the_other_way(truth: Truth) -> None:
    given = answers(truth, residents(truth, 4000, 10), 10)
    items = given.filter(like="attachment_").replace(SKIPPED, np.nan).dropna().astype(float)
    found = items[given.loc[items.index, "group"] == "tenants"].corr()
    model = truth.survey.attachment
    for a, first in enumerate(model.loadings):
        for b, second in enumerate(model.loadings[:a]):
            sign = -1 if (a + 1 in model.reversed) != (b + 1 in model.reversed) else 1
            correlation = sign * found.iloc[a, b]
            # cutting a scale into five steps takes away some of the correlation, never all of it or its sign
            assert 0.8 * first * second < correlation < first * second + FAR / math.sqrt(len(items))
