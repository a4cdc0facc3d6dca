from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, to_table
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from koppelkans.coding import agreement
from koppelkans.coding.agreement_by_code import pairwise
from koppelkans.coding.kappa_likelihood import profile_interval
from koppelkans.coding.power import table_of_two
from koppelkans.statistics.estimate import Estimate

NAN = float("nan")
# Krippendorff (2011): four coders, twelve units, missing ratings.
KRIPPENDORFF_C = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        "C": [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    }
)
# Fleiss (1971): diagnoses of 30 patients, six ratings each (sorted, as the R package irr has them).
_DIAGNOSES = """
    444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
    333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555
"""
DIAGNOSES = pd.DataFrame(
    [[int(rating) for rating in row] for row in _DIAGNOSES.split()], columns=[f"rater{n}" for n in range(1, 7)]
)
# The example of the encyclopedia's article on Krippendorff's alpha: three coders, fifteen units.
ENCYCLOPEDIA = ["*****34121133*3", "1*213343*******", "**21344*21133*4"]
BINARY = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
ALL: dict[str, Callable[[pd.DataFrame], Estimate]] = {
    "percent": agreement.percent_agreement,
    "cohen": agreement.cohen_kappa,
    "fleiss": agreement.fleiss_kappa,
    "alpha": agreement.krippendorff_alpha,
    "ac1": agreement.gwet_ac1,
    "brennan-prediger": agreement.brennan_prediger,
}


def of_table(*counts: tuple[int, ...]) -> pd.DataFrame:
    """Turn a table of counts (first coder by second coder) into ratings."""
    return pd.DataFrame([(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)])


@pytest.mark.parametrize(
    ("level", "value"),
    [("nominal", 0.7434210526), ("ordinal", 0.8153875038), ("interval", 0.8491071429), ("ratio", 0.7974027747)],
)
def test_alpha_of_krippendorffs_example_at_every_level_of_measurement(level: agreement.Level, value: float) -> None:
    assert agreement.krippendorff_alpha(KRIPPENDORFF_C, level).value == pytest.approx(value, abs=1e-9)


def test_missing_ratings_give_the_values_and_errors_of_the_r_package_irrcac() -> None:
    ac1 = agreement.gwet_ac1(KRIPPENDORFF_C)
    assert ac1.value == pytest.approx(0.77544, abs=5e-6) and ac1.se == pytest.approx(0.14295, abs=5e-6)
    # t with n - 1 degrees of freedom, cut off at 1
    assert ac1.low == pytest.approx(0.461, abs=5e-4) and ac1.high == 1
    assert agreement.fleiss_kappa(KRIPPENDORFF_C).value == pytest.approx(0.76117, abs=5e-6)
    assert agreement.krippendorff_alpha(KRIPPENDORFF_C).se == pytest.approx(0.14557, abs=5e-6)


def test_kappas_of_the_diagnoses_are_those_of_the_r_package_irr() -> None:
    two = DIAGNOSES[["rater2", "rater3"]]
    assert agreement.cohen_kappa(two).value == pytest.approx(0.631147541, abs=1e-9)
    assert agreement.fleiss_kappa(DIAGNOSES).value == pytest.approx(0.4302445, abs=5e-8)


@pytest.mark.parametrize(
    ("ratings", "level", "value"),
    [
        (["0100000010", "1110010000"], "nominal", 0.095),  # Krippendorff (2011), A: binary data
        (["aabbdcccedda", "babbbccceddd"], "nominal", 0.692),  # Krippendorff (2011), B: nominal data
        (ENCYCLOPEDIA, "nominal", 0.691),
        (ENCYCLOPEDIA, "interval", 0.811),
    ],
)
def test_alpha_of_other_published_examples(ratings: list[str], level: agreement.Level, value: float) -> None:
    cells = pd.DataFrame([list(row) for row in ratings]).T.replace("*", None)
    if level == "interval":
        cells = cells.astype(float)
    assert agreement.krippendorff_alpha(cells, level).value == pytest.approx(value, abs=5e-4)


def test_cohens_example_and_the_paradox_that_ac1_was_made_for() -> None:
    cohen_1968 = of_table((88, 10, 2), (14, 40, 6), (18, 10, 12))
    assert agreement.cohen_kappa(cohen_1968).value == pytest.approx(0.492, abs=5e-4)
    # Gwet (2002): 94% agreement, yet a kappa below 0
    skewed = of_table((118, 5), (2, 0))
    assert agreement.percent_agreement(skewed).value == pytest.approx(0.944)
    assert agreement.cohen_kappa(skewed).value == pytest.approx(-0.0234, abs=5e-5)
    assert agreement.gwet_ac1(skewed).value == pytest.approx(0.9408, abs=5e-5)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohens_kappa_and_its_standard_error_are_those_of_statsmodels(weights: agreement.Weights | None) -> None:
    two = DIAGNOSES[["rater1", "rater6"]]
    theirs = cohens_kappa(to_table(two.to_numpy())[0], wt=weights)
    ours = agreement.cohen_kappa(two, weights)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-12) and ours.se == pytest.approx(
        theirs.std_kappa, abs=1e-12
    )
    assert ours.numbers() == pytest.approx((theirs.kappa, theirs.kappa_low, theirs.kappa_upp), abs=1e-9)


def test_fleiss_and_brennan_prediger_are_those_of_statsmodels_where_nothing_is_missing() -> None:
    table = aggregate_raters(DIAGNOSES.to_numpy())[0]
    assert agreement.fleiss_kappa(DIAGNOSES).value == pytest.approx(statsmodels_fleiss(table), abs=1e-12)
    uniform = statsmodels_fleiss(table, method="uniform")
    assert agreement.brennan_prediger(DIAGNOSES).value == pytest.approx(uniform, abs=1e-12)


def test_ac2_with_all_weight_on_the_diagonal_is_ac1_and_quadratic_weights_forgive_near_misses() -> None:
    near = of_table((8, 2, 0), (1, 9, 2), (0, 1, 7))
    assert agreement.gwet_ac2(near).value > agreement.gwet_ac2(near, "linear").value > agreement.gwet_ac1(near).value


def test_a_coder_error_that_was_planted_comes_back() -> None:
    generator = np.random.default_rng(7)
    truth, n = generator.integers(0, 2, 40_000), 40_000
    wrong = generator.random((n, 2)) < 0.1
    ratings = pd.DataFrame(np.where(wrong, 1 - truth[:, None], truth[:, None]))
    # both right or both wrong: .82; chance .5
    for measure in ("cohen", "fleiss", "alpha", "ac1", "brennan-prediger"):
        assert ALL[measure](ratings).value == pytest.approx(0.64, abs=0.015), measure


DRAWS = 200
SLACK = 3 * np.sqrt(0.9 * 0.1 / DRAWS)


@pytest.mark.parametrize(("n", "prevalence", "kappa"), [(12, 0.4, 0.6), (25, 0.1, 0.6), (60, 0.1, 0.0), (60, 0.4, 0.8)])
@pytest.mark.parametrize("measure", ["cohen", "alpha", "ac1", "percent"])
def test_intervals_hold_the_true_value_also_for_few_units_and_rare_codes(
    measure: str, n: int, prevalence: float, kappa: float
) -> None:
    agreed = 1 - 2 * prevalence * (1 - prevalence) * (1 - kappa)
    chance = 2 * prevalence * (1 - prevalence)
    true = {"ac1": (agreed - chance) / (1 - chance), "percent": agreed}.get(measure, kappa)
    function = partial(agreement.gwet_ac1, categories=(0, 1)) if measure == "ac1" else ALL[measure]
    generator = np.random.default_rng(11)
    tables = generator.multinomial(n, table_of_two(prevalence, kappa), size=DRAWS)
    held = []
    for table in tables:
        estimate = function(pd.DataFrame(np.repeat(BINARY, table, axis=0)))
        if estimate.has_interval:
            _, low, high = estimate.numbers()
            held.append(low <= true <= high)
    assert np.mean(held) > 0.91 - SLACK


def test_units_of_one_document_hang_together_and_the_interval_knows() -> None:
    generator = np.random.default_rng(3)
    covers, too_narrow = [], []
    for _ in range(120):
        agree = np.repeat(generator.beta(2, 1, size=12), 25) > generator.random(300)
        index = pd.MultiIndex.from_product([range(12), range(25)], names=["document", "unit"])
        ratings = pd.DataFrame({"a": 0, "b": np.where(agree, 0, 1)}, index=index)
        for held, frame in ((covers, ratings), (too_narrow, ratings.reset_index(drop=True))):
            _, low, high = agreement.percent_agreement(frame).numbers()
            held.append(low <= 2 / 3 <= high)
    assert np.mean(covers) > 0.88 > np.mean(too_narrow)


def test_a_bootstrap_is_the_same_for_the_same_seed_and_says_what_it_drew() -> None:
    one, same, other = (
        agreement.fleiss_kappa(DIAGNOSES, interval="bootstrap", draws=200, seed=seed) for seed in (5, 5, 6)
    )
    assert one == same and one.low != other.low
    assert one.method == "Fleiss' kappa; bootstrap of 30 units, seed 5, 200 of 200 draws defined"
    analytic = agreement.fleiss_kappa(DIAGNOSES)
    assert one.se == pytest.approx(analytic.se, rel=0.25)


SAME = pd.DataFrame({"a": [1, 1, 1], "b": [1, 1, 1]})
DEGENERATE = {
    "one coder": (pd.DataFrame({"a": [1, 0]}), "one coder"),
    "no units": (pd.DataFrame({"a": [], "b": []}), "not a single rating"),
    "all missing": (pd.DataFrame({"a": [NAN, NAN], "b": [NAN, NAN]}), "not a single rating"),
    "never the same unit": (pd.DataFrame({"a": [1, NAN, 0], "b": [NAN, 1, NAN]}), "no unit was rated by two"),
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("interval", agreement.INTERVALS)
def test_what_is_not_defined_says_why_and_never_gives_nan(name: str, measure: str, interval: str) -> None:
    ratings, why = DEGENERATE[name]
    estimate = ALL[measure](ratings, interval=interval)  # type: ignore[call-arg]
    assert estimate.value is estimate.low is estimate.high is estimate.se is None
    assert why in estimate.why("en") and estimate.why("nl").startswith("niet bepaald, want ")


def test_one_category_cannot_be_told_from_chance_unless_the_others_are_named() -> None:
    for measure in ("cohen", "fleiss", "alpha", "ac1", "brennan-prediger"):
        assert "one category" in ALL[measure](SAME).why("en"), measure
    assert agreement.gwet_ac1(SAME, categories=(0, 1)).value == 1
    assert "one category" in agreement.cohen_kappa(SAME, categories=(0, 1)).why("en")


def test_one_unit_has_a_value_and_no_interval() -> None:
    estimate = agreement.percent_agreement(pd.DataFrame({"a": [1], "b": [1]}))
    assert estimate.value == 1 and not estimate.has_interval and estimate.why("en").startswith("no interval")
    with pytest.raises(ValueError, match="one unit"):
        estimate.numbers()


def test_agreement_without_exception_still_has_an_interval_with_a_width() -> None:
    perfect = of_table((10, 0), (0, 10))
    for measure, function in ALL.items():
        value, low, high = function(perfect).numbers()
        assert value == pytest.approx(1) and 0.5 < low < 0.9 and high == pytest.approx(1), measure


def test_three_coders_are_too_many_for_cohen_and_pairs_are_compared_instead() -> None:
    assert "two coders and here are 4" in agreement.cohen_kappa(KRIPPENDORFF_C).why("en")
    pairs = pairwise(KRIPPENDORFF_C)
    assert len(pairs) == 6 and pairs["value"].notna().all()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: agreement.krippendorff_alpha(SAME, "ranked"), "nominal, ordinal, interval, ratio"),
        (lambda: agreement.cohen_kappa(of_table((3, 1), (1, 3)), "cubic"), "linear, quadratic"),
        (lambda: agreement.gwet_ac1(SAME, categories=(0, 2)), "not one of the categories"),
        (
            lambda: agreement.cohen_kappa(pd.DataFrame({"a": ["x", "y"], "b": ["x", "x"]}), "linear"),
            "give `categories`",
        ),
        (lambda: agreement.gwet_ac1(SAME, interval="exact"), "analytic, bootstrap"),
        (lambda: agreement.gwet_ac1(SAME, coverage=95), "between 0 and 1"),
        (lambda: agreement.krippendorff_alpha(pd.DataFrame({"a": [-1, 2], "b": [1, 2]}), "ratio"), "0 and more"),
    ],
)
def test_unknown_options_are_refused_and_the_known_ones_named(call: Callable[[], Estimate], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        call()


def test_ratings_are_left_as_they_were() -> None:
    before = KRIPPENDORFF_C.copy()
    agreement.krippendorff_alpha(KRIPPENDORFF_C, "ordinal", interval="bootstrap", draws=10)
    pd.testing.assert_frame_equal(KRIPPENDORFF_C, before)


def test_the_likelihood_interval_of_kappa_is_wide_where_nearly_nothing_was_coded() -> None:
    low, high = profile_interval(0, 1, 11)
    assert low < 0 and high > 0.9
    low, high = profile_interval(45, 10, 45)
    # for many units it comes close to the large-sample one: 0.8 +/- 1.96 x 0.06
    assert (low, high) == pytest.approx((0.8 - 0.118, 0.8 + 0.118), abs=0.03)
