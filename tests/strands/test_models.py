"""Models of answers: effects against a reference, answers told apart by predictors, proportional odds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import optimize, special, stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from koppelkans.figures.field.comparisons import effects
from koppelkans.statistics import penalised
from koppelkans.strands import models

SCALE = ["disagree", "neutral", "agree"]


def people(n: int, seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    table = pd.DataFrame({"age": generator.normal(size=n), "tenure": generator.choice(["own", "rent"], n)})
    drive = table["age"] + (table["tenure"] == "rent") + generator.logistic(size=n)
    table["yes"] = (drive > 0).astype(int)
    return table.assign(agree=pd.cut(drive, [-99, -1, 1, 99], labels=SCALE).astype(str))


def test_a_logistic_model_gives_the_effects_of_statsmodels() -> None:
    table = people(300, 1)
    result = models.logistic(table, "yes", ["age", "tenure"])
    design = sm.add_constant(pd.DataFrame({"age": table["age"], "rent": (table["tenure"] == "rent").astype(float)}))
    theirs = sm.Logit(table["yes"], design).fit(disp=0)
    assert result["term"].tolist() == ["age", "tenure: rent"]
    assert result["odds_ratio"].tolist() == pytest.approx(np.exp(theirs.params[1:]).tolist(), rel=1e-6)
    margins = theirs.get_margeff(dummy=True)
    assert result["effect"].tolist() == pytest.approx(margins.margeff.tolist(), abs=1e-6)
    ends = result[["effect_low", "effect_high"]].to_numpy()
    assert ends == pytest.approx(margins.conf_int(), abs=1e-4)


def test_an_ordinal_model_recovers_the_odds_that_were_planted() -> None:
    result = models.ordinal(people(4000, 2), "agree", ["age", "tenure"], SCALE)
    assert np.log(result["odds_ratio"].astype(float)).tolist() == pytest.approx([1, 1], abs=0.2)
    assert (result["effect"] > 0).all() and (result["effect_low"] < result["effect"]).all()


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (pd.DataFrame({"x": range(12), "y": [1] * 12}), "same answer"),
        (pd.DataFrame({"x": [1] * 12, "y": [0, 1] * 6}), "are alike in this"),
        (pd.DataFrame({"x": [1, 2], "y": [0, 1]}), "no more complete answers"),
        (pd.DataFrame({"x": [None] * 3, "y": [0, 1, 0]}), "known of nobody"),
    ],
)
def test_a_model_that_is_not_defined_says_why(table: pd.DataFrame, why: str) -> None:
    for result in (models.logistic(table, "y", ["x"]), models.ordinal(table, "y", ["x"], [0, 1])):
        assert result["odds_ratio"].isna().all()
        assert result["reason_en"].str.contains(why).all() and result["reason_nl"].str.startswith("niet bepaald").all()


def test_an_answer_outside_the_scale_is_refused() -> None:
    table = pd.DataFrame({"x": range(15), "y": ["disagree"] * 5 + ["neutral"] * 5 + ["agree"] * 5})
    with pytest.raises(ValueError, match="expected one of"):
        models.ordinal(table, "y", ["x"], ["disagree", "agree"])


# --- effects of a category


def three_groups(yes: dict[str, int], n: int = 20) -> pd.DataFrame:
    rows = [(group, int(person < count)) for group, count in yes.items() for person in range(n)]
    return pd.DataFrame(rows, columns=["group", "yes"])


def test_the_effect_of_a_category_is_the_difference_with_the_reference() -> None:
    result = models.logistic(three_groups({"a": 4, "b": 10, "c": 18}), "yes", ["group"])
    assert result["term"].tolist() == ["group: b", "group: c"] and result["reference"].tolist() == ["a", "a"]
    assert result["effect"].tolist() == pytest.approx([0.3, 0.7], abs=1e-6)
    for row, share in zip(result.to_dict("records"), (0.5, 0.9), strict=True):
        reach = stats.norm.ppf(0.975) * math.sqrt(0.2 * 0.8 / 20 + share * (1 - share) / 20)
        assert row["effect_high"] - row["effect"] == pytest.approx(reach, abs=1e-4)


def test_with_covariates_the_effect_is_what_g_computation_by_hand_gives() -> None:
    generator = np.random.default_rng(7)
    table = pd.DataFrame({"age": generator.normal(size=240), "group": generator.choice(list("abc"), 240)})
    drive = table["age"] + 1.5 * (table["group"] == "b") + 3 * (table["group"] == "c") - 1
    table["yes"] = (drive + generator.logistic(size=240) > 0).astype(int)
    fit = smf.logit("yes ~ age + C(group)", table).fit(disp=0)
    by_hand = [(fit.predict(table.assign(group=to)) - fit.predict(table.assign(group="a"))).mean() for to in "bc"]
    result = models.logistic(table, "yes", ["group", "age"]).set_index("term")
    assert result.loc[["group: b", "group: c"], "effect"].tolist() == pytest.approx(by_hand, abs=1e-6)
    scale = ["low", "middle", "high"]
    table["answer"] = pd.cut(drive + generator.logistic(size=240), [-99, 0, 2, 99], labels=scale).astype(str)
    dummies = pd.get_dummies(table["group"], dtype=float)[["b", "c"]].assign(age=table["age"])
    ordered = OrderedModel(table["answer"].map(scale.index), dummies, distr="logit").fit(method="bfgs", disp=0)
    slopes = {one: ordered.params.get(one, 0.0) for one in "abc"}
    cut = ordered.model.transform_threshold_params(ordered.params)[-2]
    chance = {one: special.expit(ordered.params["age"] * table["age"] + slopes[one] - cut).mean() for one in slopes}
    result = models.ordinal(table, "answer", ["group", "age"], scale).set_index("term")
    for one in "bc":
        assert result.loc[f"group: {one}", "effect"] == pytest.approx(chance[one] - chance["a"], abs=2e-3)


def test_a_predictor_in_which_all_are_alike_is_left_out_and_says_so_and_costs_nobody() -> None:
    table = three_groups({"a": 4, "b": 10}).assign(town="Soest", asked=1)
    table.loc[:9, "town"] = ""
    result = models.logistic(table, "yes", ["group", "town", "asked"]).set_index("term")
    assert result["n"].unique().tolist() == [40] and result.loc["group: b", "effect"] == pytest.approx(0.3)
    assert result.loc[["town", "asked"], "reason_en"].str.contains("alike in this; it is left out").all()
    assert result.loc["group: b", "reason_en"] == ""
    missing = models.logistic(table.assign(group=table["group"].mask(table.index < 3)), "yes", ["group"])
    assert missing[["n", "left_out"]].iloc[0].tolist() == [37, 3]


# --- answers that are told apart by the predictors


def test_the_penalised_fit_of_two_groups_adds_a_half_to_each_cell() -> None:
    x, y = np.repeat([0.0, 1.0], 10)[:, None], np.array([0] * 10 + [1] * 6 + [0] * 4)
    slope, threshold = penalised.fit(x, y).parameters
    assert -threshold == pytest.approx(math.log(0.5 / 10.5), abs=1e-4)
    assert slope == pytest.approx(math.log(6.5 / 4.5) - math.log(0.5 / 10.5), abs=1e-4)


TOLD_APART = pd.DataFrame(
    {
        "x": [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, -1.2, -0.4, 0.3, 0.9, 1.4, 2.2],
        "group": list("aaaaaaaabbbbbb"),
        "yes": [0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1],
    }
)


def penalised_likelihood(parameters: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    chance = special.expit(x @ parameters)
    information = x.T @ (x * (chance * (1 - chance))[:, None])
    return float(np.log(np.where(y == 1, chance, 1 - chance)).sum() + np.linalg.slogdet(information)[1] / 2)


def test_separated_answers_are_modelled_by_penalised_likelihood() -> None:
    result = models.logistic(TOLD_APART, "yes", ["x", "group"]).set_index("term")
    assert result["method"].str.contains("Firth").all() and (result["reason_en"] == "").all()
    x = np.column_stack([TOLD_APART["x"], TOLD_APART["group"] == "b", np.ones(14)]).astype(float)
    y = TOLD_APART["yes"].to_numpy()
    best = optimize.minimize(lambda p: -penalised_likelihood(p, x, y), np.zeros(3), method="Nelder-Mead", tol=1e-10)
    assert np.log(result["odds_ratio"].astype(float)).tolist() == pytest.approx(best.x[:2].tolist(), abs=1e-3)
    for place, term in enumerate(("x", "group: b")):
        for end in (*result.loc[term, ["odds_low", "odds_high"]], 1.0):
            others = [column for column in range(3) if column != place]

            def below(rest: np.ndarray, end: float = end, place: int = place, others: list[int] = others) -> float:
                parameters = np.zeros(3)
                parameters[place], parameters[others] = math.log(end), rest
                return -penalised_likelihood(parameters, x, y)

            fixed = optimize.minimize(below, best.x[others], method="Nelder-Mead", tol=1e-10)
            ratio = 2 * (fixed.fun - best.fun)
            if end == 1.0:
                assert result.loc[term, "p"] == pytest.approx(stats.chi2.sf(ratio, 1), abs=1e-4)
            else:
                assert ratio == pytest.approx(stats.chi2.ppf(0.95, 1), abs=2e-3)
    group = result.loc["group: b"]
    assert -1 <= group["effect_low"] < group["effect"] < group["effect_high"] <= 1


@pytest.mark.parametrize("model", ["ordinal", "logistic"])
def test_the_unit_of_a_number_changes_the_model_no_more_than_its_size(model: str) -> None:
    generator = np.random.default_rng(1)
    age = generator.normal(45, 15, 150)
    answer = np.digitize(0.04 * (age - 45) + generator.logistic(size=150), [-1, 0, 1])

    def fitted(unit: float) -> pd.Series:
        table = pd.DataFrame({"age": age * unit, "y": answer if model == "ordinal" else (answer > 1).astype(int)})
        result = (
            models.ordinal(table, "y", ["age"], range(4))
            if model == "ordinal"
            else models.logistic(table, "y", ["age"])
        )
        return result.iloc[0]

    years = fitted(1)
    assert years["method"].endswith("Wald intervals")
    for unit in (1e-4, 365.25, 1e5):
        row = fitted(unit)
        assert row["method"] == years["method"] and row["p"] == pytest.approx(years["p"], rel=1e-4)
        for name in ("odds_ratio", "odds_low", "odds_high"):
            assert math.log(row[name]) * unit == pytest.approx(math.log(years[name]), rel=1e-4, abs=1e-6)
        assert row["effect"] * unit == pytest.approx(years["effect"], rel=1e-4)


def test_a_penalised_fit_says_whether_predictors_tell_the_answers_apart_or_the_usual_fit_ends_nowhere() -> None:
    apart = pd.DataFrame({"x": range(12), "yes": [0] * 6 + [1] * 6})
    table = models.logistic(apart, "yes", ["x"]).assign(outcome="q", **dict.fromkeys(("label_nl", "label_en"), "q"))
    table = table.assign(answer_nl="ja", answer_en="yes")
    assert table["method"].iloc[0].endswith(models.SEPARATED)
    said = effects(table).numbers("en")["model"]
    method = table["method"].str.replace(models.SEPARATED, models.NOT_USUAL)
    assert "tell the answers apart" in said
    assert "tell the answers apart" not in effects(table.assign(method=method)).numbers("en")["model"]


def test_ordered_answers_that_a_predictor_tells_apart_have_a_finite_effect() -> None:
    table = pd.DataFrame({"x": range(15), "y": ["disagree"] * 5 + ["neutral"] * 5 + ["agree"] * 5})
    row = models.ordinal(table, "y", ["x"], SCALE).iloc[0]
    assert "Firth" in row["method"] and 1 < row["odds_low"] < row["odds_ratio"] < row["odds_high"] < 1e6
    assert 0 < row["effect_low"] < row["effect"] < row["effect_high"]


# --- proportional odds


def test_proportional_odds_are_tested_and_their_absence_is_seen() -> None:
    generator = np.random.default_rng(3)
    group = np.repeat([0.0, 1.0], 150)
    right = np.digitize(group + generator.logistic(size=300), [-1, 1])
    wrong = np.where(
        group == 1, generator.choice(3, 300, p=[0.45, 0.1, 0.45]), generator.choice(3, 300, p=[0.2, 0.6, 0.2])
    )
    p_values = [
        models.ordinal(pd.DataFrame({"y": y, "group": np.where(group, "b", "a")}), "y", ["group"], [0, 1, 2])[
            "parallel_p"
        ]
        for y in (right, wrong)
    ]
    assert p_values[0].iloc[0] > 0.05 and p_values[1].iloc[0] < 0.001
