from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, to_table
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from koppelkans.coding import agreement
from koppelkans.coding.agreement_by_code import pairwise
from koppelkans.coding.profile_likelihood import cohen, profile_interval, scott
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


LIMIT = stats.chi2.ppf(0.95, 1)


def test_the_likelihood_interval_of_kappa_is_wide_where_nearly_nothing_was_coded() -> None:
    low, high = profile_interval((0, 1, 0, 11), cohen, LIMIT)
    assert low < 0 and high > 0.7
    # for many units it comes close to the large-sample one
    low, high = profile_interval((450, 50, 50, 450), cohen, LIMIT)
    ratings = pd.DataFrame(np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], (450, 50, 50, 450), axis=0))
    theirs = cohens_kappa(to_table(ratings.to_numpy())[0])
    assert (low, high) == pytest.approx((theirs.kappa_low, theirs.kappa_upp), abs=0.005)


@pytest.mark.parametrize("table", [(4, 0, 46, 50), (30, 5, 9, 156)])
def test_the_likelihood_interval_is_that_of_a_search_over_both_prevalences(table: tuple[int, int, int, int]) -> None:
    low, high = profile_interval(table, cohen, LIMIT)
    counts, seen = np.array(table), np.array(table) / sum(table)

    def deviance(chances: np.ndarray) -> float:
        there = counts > 0
        return float(2 * (counts[there] * np.log(seen[there] / np.maximum(chances[there], 1e-12))).sum())

    for sign, end in ((1, low), (-1, high)):
        limits = [
            {"type": "ineq", "fun": lambda chances: LIMIT - deviance(chances)},
            {"type": "eq", "fun": lambda chances: chances.sum() - 1},
        ]
        found = optimize.minimize(
            lambda chances, sign=sign: sign * float(cohen(chances)), (seen + 0.01) / 1.04, bounds=[(0, 1)] * 4,
            constraints=limits, method="SLSQP", options={"maxiter": 500, "ftol": 1e-10},
        )  # fmt: skip
        assert sign * found.fun == pytest.approx(end, abs=0.004)


def test_coders_who_use_a_code_unequally_often_do_not_get_an_interval_for_equal_ones() -> None:
    """4 units of both, 46 of the second alone, 50 of none: kappa .08, by bootstrap .02 to .17."""
    value, low, high = agreement.cohen_kappa(of_table((50, 46), (0, 4))).numbers()
    assert value == pytest.approx(0.08) and 0.0 < low < 0.03 and 0.15 < high < 0.2
    draws = agreement.cohen_kappa(of_table((50, 46), (0, 4)), interval="bootstrap").numbers()
    assert (low, high) == pytest.approx(draws[1:], abs=0.02)


@pytest.mark.parametrize("table", [(0, 1, 0, 11), (0, 2, 0, 20), (0, 0, 5, 45), (5, 0, 2, 0)])
def test_the_likelihood_interval_reaches_the_tables_that_leave_an_empty_cell_empty(table: tuple[int, ...]) -> None:
    """Held against a fine grid over the tables of which only the first empty cell, or none of them, has a chance."""
    counts = np.array(table)
    filled = np.flatnonzero(counts)
    reached = []
    for third in np.flatnonzero(counts == 0):
        one, other = np.meshgrid(np.linspace(0.0005, 0.9995, 800), np.linspace(0, 1, 801))
        chances = np.zeros((*one.shape, 4))
        chances[..., filled[0]] = one
        chances[..., third] = (1 - one) * other
        chances[..., filled[1]] = (1 - one) * (1 - other)
        with np.errstate(divide="ignore"):
            logs = (counts[filled] * np.log(counts[filled] / counts.sum() / chances[..., filled])).sum(axis=-1)
        reached.append(cohen(chances[2 * logs <= 4.0]))
    ends = profile_interval(table, cohen, 4.0)  # type: ignore[arg-type]
    values = np.concatenate(reached)
    assert ends[0] <= np.nanmin(values) + 0.002 and ends[1] >= np.nanmax(values) - 0.002


def test_two_categories_get_the_likelihood_interval_whatever_they_are_called_or_could_have_been() -> None:
    plain, named = of_table((4, 2), (3, 30)), of_table((4, 2), (3, 30)) * 2
    for measure in (agreement.cohen_kappa, agreement.fleiss_kappa):
        expected = measure(plain)
        assert "profile likelihood" in expected.method
        assert measure(named, categories=(0, 1, 2)) == expected


# What the Python package irrCAC 0.4.4 gives; it asks for an old scipy, and so cannot be installed beside this project.
IRRCAC_RATINGS = [
    "2322411312211*3*43424321323111", "42*441131221*12*43223*12123113",
    "42224113122**124*3*2342242311*", "422241131421*13343423*223*11*1",
]  # fmt: skip
IRRCAC = {
    (None, "ac"): (0.596424602, 0.088657478), (None, "fleiss"): (0.586007277, 0.085962288),
    (None, "alpha"): (0.611711485, 0.077803307), (None, "bp"): (0.593869732, 0.087846448),
    ("linear", "ac"): (0.65514615, 0.082989657), ("linear", "fleiss"): (0.632901977, 0.082513394),
    ("quadratic", "ac"): (0.721783899, 0.080998191), ("quadratic", "fleiss"): (0.693021064, 0.085715389),
    ("quadratic", "alpha"): (0.683834515, 0.090414926),
}  # fmt: skip


@pytest.mark.parametrize(("weights", "measure"), IRRCAC)
def test_values_and_errors_are_those_of_irrcac_with_missing_ratings_and_weights(
    weights: agreement.Weights | None, measure: str
) -> None:
    cells = pd.DataFrame([list(row) for row in IRRCAC_RATINGS]).T.replace("*", None).astype(float)
    found = {
        "ac": lambda: agreement.gwet_ac2(cells, weights) if weights else agreement.gwet_ac1(cells),
        "fleiss": lambda: agreement.fleiss_kappa(cells, weights),
        "alpha": lambda: agreement.krippendorff_alpha(cells, "interval" if weights else "nominal"),
        "bp": lambda: agreement.brennan_prediger(cells),
    }[measure]()
    assert (found.value, found.se) == pytest.approx(IRRCAC[weights, measure], abs=2e-6)


def test_two_coders_with_the_same_prevalence_get_scotts_pi_and_kappa_alike() -> None:
    assert profile_interval((20, 5, 5, 70), scott, LIMIT)[0] == pytest.approx(
        profile_interval((20, 5, 5, 70), cohen, LIMIT)[0], abs=0.01
    )
