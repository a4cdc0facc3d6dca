"""Omega, ordinal alpha and Cronbach's alpha; polychoric correlations; weights that meet known margins."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from koppelkans.statistics.polychoric import _both_below, polychoric
from koppelkans.statistics.proportions import effective_n
from koppelkans.statistics.raking import raked
from koppelkans.statistics.reliability import COEFFICIENTS, alpha, omega, reliability


def expanded(table: list[list[int]]) -> np.ndarray:
    return np.array([cell for cell, n in np.ndenumerate(np.array(table)) for _ in range(n)], dtype=float)


def drawn(people: int, loadings: tuple[float, ...], seed: int, cuts: tuple[float, ...] = (-1, 0, 1)) -> np.ndarray:
    generator, weights = np.random.default_rng(seed), np.array(loadings)
    latent = weights * generator.normal(size=(people, 1))
    latent += np.sqrt(1 - weights**2) * generator.normal(size=(people, len(weights)))
    return np.searchsorted(cuts, latent).astype(float)


# --- polychoric correlations


def test_the_chance_below_two_thresholds_is_that_of_scipy() -> None:
    for correlation in (-0.95, -0.3, 0.0, 0.6, 0.98):
        exact = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]])
        for x, y in ((0, 0), (-1.2, 0.4), (2, 1.9)):
            found = float(_both_below(np.array(x), np.array(y), correlation))
            assert found == pytest.approx(float(exact.cdf([x, y])), abs=1e-6)


def test_a_tetrachoric_correlation_is_the_one_published_and_the_one_that_half_and_half_gives_exactly() -> None:
    # a table with an example in the psych package for R, for which Mplus gives .35
    assert polychoric(expanded([[61661, 1610], [85, 20]])).correlations[0, 1] == pytest.approx(0.35, abs=0.005)
    both = 180  # of 500 people; where both are yes or no for half, P(both) = 1/4 + asin(r) / 2 pi (Sheppard 1899)
    found = polychoric(expanded([[both, 250 - both], [250 - both, both]])).correlations[0, 1]
    assert found == pytest.approx(math.sin(2 * math.pi * (both / 500 - 0.25)), abs=1e-6)


def test_the_influence_of_a_person_is_what_leaving_her_out_does() -> None:
    items = drawn(120, (0.7, 0.7, 0.7), 1)
    found = polychoric(items)
    for person in (0, 5, 60):
        without = polychoric(np.delete(items, person, axis=0)).correlations
        moved = (found.correlations - without) * (len(items) - 1)
        assert moved == pytest.approx(found.influence[person], rel=0.06, abs=0.02)


# --- coefficients


def test_alpha_and_omega_of_four_congeneric_items_are_the_published_ones() -> None:
    """Loadings .8, .7, .6, .5: the psych package for R gives alpha .74, average correlation .42, omega .75."""
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    covariance = np.outer(loadings, loadings)
    np.fill_diagonal(covariance, 1)
    assert covariance[np.triu_indices(4, 1)].mean() == pytest.approx(0.42, abs=0.005)
    assert alpha(covariance) == pytest.approx(0.74, abs=0.005)
    assert omega(covariance) == pytest.approx(0.75, abs=0.005)
    assert omega(covariance) == pytest.approx(loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum()))
    spread = np.diag([1.0, 2.0, 0.5, 1.0])  # items may differ in how far they spread
    stretched = spread @ covariance @ spread
    common = float((loadings @ np.diag(spread)) ** 2)
    assert omega(stretched) == pytest.approx(common / stretched.sum(), rel=1e-4)


def test_items_that_weigh_the_same_have_one_alpha_and_omega() -> None:
    covariance = np.full((5, 5), 0.5) + np.diag([0.5] * 5)
    assert omega(covariance) == pytest.approx(alpha(covariance), rel=1e-5)
    assert alpha(covariance) == pytest.approx(5 * 0.5 / (1 + 4 * 0.5))  # Spearman and Brown


def test_all_three_are_found_again_and_few_people_are_less_sure() -> None:
    loadings = (0.8, 0.7, 0.6, 0.5)
    many, few = (reliability(drawn(n, loadings, 3)) for n in (4000, 60))
    latent = np.outer(loadings, loadings) + np.diag(1 - np.array(loadings) ** 2)
    assert many["ordinal alpha"].value == pytest.approx(alpha(latent), abs=0.02)
    for name in COEFFICIENTS:
        value, low, high = many[name].numbers()
        assert low < value < high < 1 and high - low < 0.05 < few[name].numbers()[2] - few[name].numbers()[1]


@pytest.mark.parametrize(
    ("items", "name", "why"),
    [
        (drawn(40, (0.7, 0.7), 1), "omega", "three items"),
        (drawn(40, (0.7,), 1), "alpha", "two items or more"),
        (drawn(11, (0.7, 0.7, 0.7), 1), "omega", "ten more"),
        (np.column_stack([drawn(40, (0.7, 0.7), 1), np.ones(40)]), "alpha", "the same answer"),
        (np.repeat(drawn(40, (0.7,), 1), 3, axis=1), "ordinal alpha", "without a gap"),
        (np.repeat(drawn(40, (0.7,), 1), 3, axis=1), "omega", "no one factor fits"),
    ],
)
def test_what_is_not_defined_says_why(items: np.ndarray, name: str, why: str) -> None:
    estimate = reliability(items)[name]
    assert estimate.value is None and why in estimate.why("en") and "niet bepaald, want" in estimate.why("nl")


def test_two_items_that_cancel_each_other_out_do_not_go_together_at_all() -> None:
    one = drawn(40, (0.7,), 1)
    estimate = reliability(np.column_stack([one, 3 - one]))["alpha"]
    assert estimate.value is None and "niet samen" in estimate.why("nl")


# --- raking

PEOPLE = pd.DataFrame({"age": [*["young"] * 10, *["old"] * 30], "home": [*["rent"] * 8, *["own"] * 14, *["rent"] * 18]})
MARGINS = {"age": {"young": 60.0, "old": 40.0}, "home": {"rent": 0.5, "own": 0.5}}


def test_raked_weights_meet_all_margins_and_keep_how_two_attributes_go_together() -> None:
    weights = raked(PEOPLE, MARGINS)
    assert weights.mean() == pytest.approx(1) and (weights > 0).all()
    for attribute, sizes in MARGINS.items():
        shares = weights.groupby(PEOPLE[attribute]).sum() / len(PEOPLE)
        assert shares.to_dict() == pytest.approx({name: size / sum(sizes.values()) for name, size in sizes.items()})

    def odds(table: pd.DataFrame) -> float:
        return float(
            table.loc["young", "rent"] * table.loc["old", "own"] / table.loc["young", "own"] / table.loc["old", "rent"]
        )

    before = pd.crosstab(PEOPLE["age"], PEOPLE["home"])
    after = pd.crosstab(PEOPLE["age"], PEOPLE["home"], values=weights, aggfunc="sum")
    assert odds(after) == pytest.approx(odds(before))  # as iterative proportional fitting does
    assert effective_n(weights.tolist()) < len(PEOPLE)


def test_margins_that_cannot_be_met_are_refused() -> None:
    with pytest.raises(ValueError, match="'middle' is in one"):
        raked(PEOPLE, {"age": {"young": 1, "middle": 1, "old": 1}})
    apart = pd.DataFrame({"a": ["x", "y"], "b": ["x", "y"]})
    with pytest.raises(ValueError, match="cannot be met together"):
        raked(apart, {"a": {"x": 1, "y": 3}, "b": {"x": 3, "y": 1}})
