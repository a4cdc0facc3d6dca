from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

from koppelkans.errors import KoppelkansError
from koppelkans.statistics.multiple_tests import holm
from koppelkans.statistics.proportions import METHODS, Method, proportion, weighted_proportion
from koppelkans.strands import answers, comparisons, rankings, scales
from koppelkans.strands.subgroups import group_shares

ANSWERS = pd.DataFrame(
    [
        ("r1", "news", "post", ""),
        ("r1", "news", "email", ""),
        ("r2", "news", "post", ""),
        ("r3", "news", "", "refused"),
        ("r4", "news", "", None),
        ("r5", "news", "app", ""),
        ("r1", "warm", "agree", ""),
        ("r2", "warm", "disagree", ""),
        ("r3", "warm", "neutral", ""),
        ("r4", "warm", "no opinion", ""),
        ("r5", "warm", "agree", ""),
    ],
    columns=["respondent", "question", "option", "missing"],
)
SCALE = ["disagree", "neutral", "agree"]


@pytest.mark.parametrize(
    ("successes", "n", "method", "low", "high"),
    [
        (81, 263, "wilson", 0.25529, 0.36621),
        (81, 263, "clopper-pearson", 0.25274, 0.36762),
        (0, 20, "wilson", 0, 0.16113),
        (0, 20, "clopper-pearson", 0, 0.16843),
        (1, 29, "wilson", 0.00611, 0.17176),
        (1, 29, "clopper-pearson", 0.00087, 0.17764),
    ],
)
def test_intervals_of_a_share_are_the_published_ones(
    successes: int, n: int, method: Method, low: float, high: float
) -> None:
    _, found_low, found_high = proportion(successes, n, method).numbers()
    assert (found_low, found_high) == pytest.approx((low, high), abs=5e-6)


def test_jeffreys_ends_at_0_and_1_where_nobody_or_everybody_said_so() -> None:
    assert proportion(0, 10, "jeffreys").low == 0 and proportion(10, 10, "jeffreys").high == 1
    assert proportion(3, 10, "jeffreys").high == pytest.approx(stats.beta.ppf(0.975, 3.5, 7.5))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("population", "yes", "n"), [(40, 8, 15), (25, 12, 20), (60, 30, 10)])
def test_an_interval_of_a_known_population_holds_its_share(method: Method, population: int, yes: int, n: int) -> None:
    chances = stats.hypergeom(population, yes, n)
    covered = 0.0
    for k in range(max(0, n - population + yes), min(n, yes) + 1):
        _, low, high = proportion(k, n, method, population=population).numbers()
        covered += chances.pmf(k) * (low - 1e-12 <= yes / population <= high + 1e-12)
    assert covered >= (0.95 if method == "clopper-pearson" else 0.9)


def test_who_asked_everybody_has_no_uncertainty_left_and_a_small_population_less() -> None:
    assert proportion(3, 10, population=10).numbers() == (0.3, 0.3, 0.3)
    wide, narrow = proportion(3, 10), proportion(3, 10, population=14)
    assert wide.high - wide.low > narrow.high - narrow.low and narrow.low >= 3 / 14
    with pytest.raises(ValueError, match="at least the number that answered"):
        proportion(3, 10, population=9)


def test_equal_weights_change_nothing_and_unequal_ones_cost_people() -> None:
    plain = proportion(3, 10)
    even = weighted_proportion([True] * 3 + [False] * 7, [2.0] * 10)
    assert even.numbers() == pytest.approx(plain.numbers())
    uneven = weighted_proportion([True] * 3 + [False] * 7, [5.0] + [1.0] * 9)
    assert uneven.value == pytest.approx(7 / 14) and "effective n 5.8" in uneven.method  # 14^2 / 34
    assert "n = 0" in weighted_proportion([], []).why("en") and "0" in weighted_proportion([True], [0.0]).why("en")
    with pytest.raises(ValueError, match="negative"):
        weighted_proportion([True], [-1.0])


def test_asked_answered_and_missing_are_shown_with_the_reasons() -> None:
    table = answers.response(ANSWERS, ["news", "warm", "never"]).set_index("question")
    assert table.loc["news"].tolist() == [5, 3, 2] and table.loc["never"].tolist() == [0, 0, 0]
    reasons = answers.missing_reasons(ANSWERS, ["news"])
    assert dict(zip(reasons["reason"], reasons["respondents"], strict=True)) == {"refused": 1, answers.NO_REASON: 1}


def test_several_choices_are_shares_of_people_and_the_base_is_stated() -> None:
    table = answers.option_shares(ANSWERS, "news").set_index("option")
    assert table.loc["post", ["respondents", "base", "n"]].tolist() == [2, "answered", 3]
    assert table["value"].sum() > 1
    asked = answers.option_shares(ANSWERS, "news", base="asked").set_index("option")
    assert asked.loc["post", "value"] == 2 / 5
    weights = {"r1": 1.0, "r2": 1.0, "r5": 4.0}
    assert answers.option_shares(ANSWERS, "news", weights=weights).set_index("option").loc["app", "value"] == 4 / 6


def test_who_saw_a_multiple_choice_and_chose_nothing_counts_in_the_base_and_gives_no_option() -> None:
    nothing = pd.DataFrame([("r6", "news", "", "")], columns=ANSWERS.columns)
    told = pd.concat([ANSWERS, nothing], ignore_index=True)
    assert answers.response(told, ["news"]).iloc[0].tolist() == ["news", 6, 4, 2]
    assert "" not in set(answers.missing_reasons(told, ["news"])["reason"])
    table = answers.option_shares(told, "news").set_index("option")
    assert sorted(table.index) == ["app", "email", "post"] and table.loc["post", "value"] == 2 / 4
    groups = pd.DataFrame({"respondent": ["r1", "r2", "r6"], "group": ["some", "some", "none"]})
    shares = group_shares(told, groups, "news", "group").set_index(["group", "option"])
    assert shares.loc[("none", "post"), ["respondents", "n"]].tolist() == [0, 1]
    nobody = answers.option_shares(nothing, "news", pd.DataFrame({"question": "news", "option": ["app"], "order": [1]}))
    assert nobody[["respondents", "n", "value"]].iloc[0].tolist() == [0, 1, 0]


def test_options_that_nobody_chose_are_there_and_nobody_answering_says_why() -> None:
    options = pd.DataFrame({"question": "news", "option": ["app", "post", "radio"], "order": [2, 1, 3]})
    table = answers.option_shares(ANSWERS, "news", options)
    assert table["option"].tolist() == ["post", "app", "radio", "email"] and table["respondents"].tolist() == [
        2,
        1,
        0,
        1,
    ]
    nobody = answers.option_shares(ANSWERS[ANSWERS["respondent"] == "r3"], "news", options)
    assert nobody["value"].isna().all() and nobody["reason_nl"].str.contains("n = 0").all()


def test_a_battery_shows_median_net_and_who_is_off_the_scale() -> None:
    row = scales.battery(ANSWERS, ["warm"], SCALE, ["disagree"], ["agree"]).iloc[0]
    assert row[["asked", "off_scale", "missing", "n"]].tolist() == [5, 1, 0, 4]
    assert row[["median_low", "median_high"]].tolist() == ["neutral", "agree"] and row["value"] == pytest.approx(0.25)
    empty = scales.battery(ANSWERS, ["never"], SCALE, ["disagree"], ["agree"]).iloc[0]
    assert empty["median_low"] is None and "n = 0" in empty["reason_en"]
    counts = scales.distribution(ANSWERS, ["warm"], SCALE)
    assert counts["respondents"].tolist() == [1, 1, 2] and counts["share"].sum() == 1


# --- rankings


def ranked(strengths: list[float], n: int, seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        order = np.argsort(-(np.log(strengths) + generator.gumbel(size=len(strengths))))
        rows += [(person, "q", "ABCD"[option], place) for place, option in enumerate(order, start=1)]
    return pd.DataFrame(rows, columns=["respondent", "question", "option", "rank"])


def test_plackett_luce_recovers_the_strengths_that_were_planted() -> None:
    table = rankings.plackett_luce(rankings.rankings(ranked([0.5, 0.3, 0.2], 4000, 1), "q"))
    assert table["option"].tolist() == ["A", "B", "C"]
    assert table["value"].tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.02)


def test_with_two_options_it_is_the_model_of_bradley_and_terry() -> None:
    rows = [
        ("a", "q", "A", 1),
        ("a", "q", "B", 2),
        ("b", "q", "A", 1),
        ("b", "q", "B", 2),
        ("c", "q", "B", 1),
        ("c", "q", "A", 2),
    ]
    table = pd.DataFrame(rows, columns=["respondent", "question", "option", "rank"])
    row = rankings.plackett_luce(rankings.rankings(table, "q")).iloc[0]
    logit = sm.Logit([1, 1, 0], np.ones(3)).fit(disp=0)
    ends = 1 / (1 + np.exp(-logit.conf_int()[0]))
    assert (row["value"], row["low"], row["high"]) == pytest.approx((2 / 3, *ends), abs=1e-6)


def test_an_option_that_always_wins_has_no_strength_and_says_why() -> None:
    table = ranked([1e9, 1.0, 1.0], 20, 3)
    result = rankings.plackett_luce(rankings.rankings(table, "q"))
    assert result["value"].isna().all() and result["reason_en"].str.contains("groups").all()
    none = rankings.plackett_luce(rankings.rankings(table.iloc[:0], "q"))
    assert none.empty


def test_mean_ranks_and_first_choices() -> None:
    held = rankings.rankings(ranked([0.5, 0.3, 0.2], 30, 5), "q")
    means = rankings.mean_ranks(held)
    assert means["value"].sum() == pytest.approx(6) and means["value"].is_monotonic_increasing
    assert (means["low"] >= 1).all() and (means["high"] <= 3).all()
    first = rankings.first_choices(held)
    assert first["respondents"].sum() == 30 and first["value"].sum() == pytest.approx(1)
    tied = held.assign(rank=1)
    with pytest.raises(KoppelkansError, match="two options with rank 1"):
        rankings.rankings(tied.assign(question="q"), "q")


# --- comparisons


def test_published_comparisons_of_two_shares() -> None:
    # Newcombe (1998), table II, method 10
    difference = comparisons.risk_difference(56, 70, 48, 80)
    assert difference.numbers() == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    # Fisher (1935): the lady tasting tea
    assert comparisons.exact_test(3, 4, 1, 4, "fisher").p == pytest.approx(34 / 70)
    ratio = comparisons.odds_ratio(3, 4, 1, 4)
    assert ratio.value == pytest.approx(6.408309, abs=1e-4) and ratio.high is not None
    # at the upper end three or fewer of four right has chance 0.025 (R's fisher.test stops short of it, at 621.9)
    ways = np.array([1, 16, 36, 16, 1]) * ratio.high ** np.arange(5)
    assert ways[:4].sum() / ways.sum() == pytest.approx(0.025, abs=1e-5)


def test_an_empty_cell_leaves_an_odds_ratio_that_still_says_something() -> None:
    none = comparisons.odds_ratio(0, 5, 3, 5)
    assert none.value == 0 and none.low == 0 and none.high is not None and 1 < none.high < 10 and none.se is None


def test_freeman_halton_is_fishers_test_for_two_by_two_and_random_tables_agree_with_all_tables() -> None:
    for table in ([[3, 1], [1, 3]], [[8, 2], [1, 5]], [[0, 4], [3, 2]]):
        assert comparisons.freeman_halton(pd.DataFrame(table)).p == pytest.approx(stats.fisher_exact(table).pvalue)
    wide = pd.DataFrame([[4, 1, 0], [0, 2, 4], [1, 1, 2]])
    exact = comparisons.freeman_halton(wide)
    assert "exact over" in exact.method
    drawn = stats.fisher_exact(
        wide.to_numpy(), method=stats.MonteCarloMethod(n_resamples=20_000, rng=np.random.default_rng(2))
    )
    assert exact.p == pytest.approx(drawn.pvalue, abs=0.012)
    large = comparisons.freeman_halton(wide * 9, draws=500)
    assert "500 random tables, seed 1" in large.method and large == comparisons.freeman_halton(wide * 9, draws=500)


def test_dealing_answers_out_anew_goes_through_all_ways_when_few() -> None:
    exact = comparisons.permutation_test(pd.Series([1.0, 2, 3]), pd.Series([7.0, 8, 9]))
    assert exact.p == pytest.approx(2 / 20) and "all 20 ways" in exact.method


def test_cliffs_delta_counts_pairs() -> None:
    assert comparisons.cliffs_delta(pd.Series([1, 2, 3]), pd.Series([2, 3, 4])).value == pytest.approx((1 - 6) / 9)
    apart = comparisons.cliffs_delta(pd.Series([5, 6, 7, 8, 9]), pd.Series([1, 2, 3, 4]))
    assert apart.numbers()[0] == 1 and apart.numbers()[1] < 0.5


def test_a_group_without_answers_says_so_everywhere() -> None:
    none, some = pd.Series([], dtype=float), pd.Series([1.0, 2.0])
    for function in (comparisons.cliffs_delta, comparisons.mean_difference):
        assert "no answers" in function(none, some).why("en")
    assert comparisons.permutation_test(none, some).p is None and comparisons.exact_test(0, 0, 1, 3).p is None
    assert "no answers" in comparisons.odds_ratio(0, 0, 1, 3).why("en")
    assert comparisons.freeman_halton(pd.DataFrame([[3, 4]])).p is None
    assert comparisons.mean_difference(pd.Series([1.0]), some).why("en").startswith("no interval")
    assert comparisons.mean_difference(some, some + 1).value == -1


def test_a_group_counts_who_answered_in_it() -> None:
    people = pd.DataFrame(
        {"respondent": ["r1", "r2", "r3", "r4", "r5"], "tenure": ["own", "own", "rent", "rent", "rent"]}
    )
    shares = group_shares(ANSWERS, people, "news", "tenure")
    assert shares.groupby("tenure")["n"].first().to_dict() == {"own": 2, "rent": 1}


def test_holms_correction_is_that_of_statsmodels() -> None:
    p = pd.Series([0.04, None, 0.001, 0.2, 0.03])
    assert holm(p).dropna().tolist() == pytest.approx(multipletests(p.dropna(), method="holm")[1].tolist())
    assert holm(p).isna().tolist() == p.isna().tolist()
