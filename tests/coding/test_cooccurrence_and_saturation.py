from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from koppelkans.coding import cooccurrence, power, saturation

LENGTH = 4000
DOCUMENTS = pd.DataFrame({"document": [f"d{number}" for number in range(4)], "text": ["x" * LENGTH] * 4})
COLUMNS = ["coding", "document", "code", "coder", "start", "end"]


def codings(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(str(key), "d0", code, "x", start, end) for key, (code, start, end) in enumerate(rows)], columns=COLUMNS
    )


def scattered(seed: int, together: float = 0.0) -> pd.DataFrame:
    """Place codings at random; a share `together` of those of code a brings one of code b along."""
    generator = np.random.default_rng(seed)
    rows = []
    for document in DOCUMENTS["document"]:
        for code, n in (("a", 8), ("b", 8)):
            for start in generator.integers(0, LENGTH - 100, n):
                rows.append((document, code, int(start), int(start + generator.integers(20, 90))))
                if code == "a" and generator.random() < together:
                    rows.append((document, "b", int(start) + 5, int(start) + 30))
    table = pd.DataFrame(rows, columns=["document", "code", "start", "end"])
    return table.assign(coding=[str(key) for key in range(len(table))], coder="x")[COLUMNS]


@pytest.mark.parametrize(
    ("rule", "within", "pairs"), [("overlap", 0, 1), ("containment", 0, 1), ("near", 0, 2), ("near", 10, 3)]
)
def test_which_codings_meet_depends_on_the_rule_that_was_stated(
    rule: cooccurrence.Rule, within: int, pairs: int
) -> None:
    table = cooccurrence.cooccurrence(codings(("a", 10, 20), ("b", 12, 15), ("b", 20, 25), ("b", 30, 40)), rule, within)
    assert table["pairs"].tolist() == [pairs]
    assert table.loc[0, ["code_a", "code_b", "codings_a", "codings_b"]].tolist() == ["a", "b", 1, 3]


def test_crossing_codings_overlap_and_neither_contains_the_other() -> None:
    crossing = codings(("a", 10, 20), ("b", 15, 25))
    assert len(cooccurrence.cooccurrence(crossing)) == 1 and cooccurrence.cooccurrence(crossing, "containment").empty


def test_codings_of_two_coders_meet_only_when_asked() -> None:
    two = codings(("a", 10, 20), ("b", 10, 20)).assign(coder=["x", "y"])
    assert cooccurrence.cooccurrence(two).empty
    assert cooccurrence.cooccurrence(two, across_coders=True)["pairs"].tolist() == [1]


def test_what_two_coders_both_coded_is_one_pair_of_the_whole_project() -> None:
    # both coders give both codes to the first stretch; the second of b is read by one of them
    x = codings(("a", 10, 20), ("b", 10, 20), ("b", 15, 30))
    y = codings(("a", 10, 20), ("b", 10, 20)).assign(coder="y", coding=["3", "4"])
    row = cooccurrence.cooccurrence(pd.concat([x, y]), across_coders=True).iloc[0]
    assert row[["pairs", "codings_a", "codings_b", "jaccard"]].tolist() == [2, 1, 2, 1.0]
    assert cooccurrence.cooccurrence(pd.concat([x, y])).loc[0, "pairs"] == 3


@pytest.mark.parametrize("null", cooccurrence.NULLS)
def test_codes_that_go_together_are_found_and_the_seed_decides_the_draws(null: cooccurrence.Null) -> None:
    table = cooccurrence.cooccurrence_test(scattered(1, 0.6), DOCUMENTS, null=null, draws=199)
    row = table.iloc[0]
    assert row["p"] < 0.02 and row["pairs"] > row["high"] and row["ratio"] > 1.3
    again = cooccurrence.cooccurrence_test(scattered(1, 0.6), DOCUMENTS, null=null, draws=199)
    pd.testing.assert_frame_equal(table, again)


@pytest.mark.parametrize("null", cooccurrence.NULLS)
@pytest.mark.parametrize(("rule", "within"), [("overlap", 0), ("near", 50)])
def test_codes_that_meet_by_chance_are_called_more_than_chance_no_more_often_than_the_level(
    rule: cooccurrence.Rule, within: int, null: cooccurrence.Null
) -> None:
    n = 80
    found = [
        cooccurrence.cooccurrence_test(scattered(seed), DOCUMENTS, rule, within, null, draws=39, seed=seed)["p"].iloc[0]
        for seed in range(n)
    ]
    assert np.mean(np.array(found) <= 0.1) <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / n)


def test_the_expected_number_is_what_random_places_give() -> None:
    # one coding of 100 and one of 300 characters on a circle of 4000 meet with chance (100 + 300 - 1) / 4000
    table = cooccurrence.cooccurrence_test(codings(("a", 0, 100), ("b", 1000, 1300)), DOCUMENTS, draws=4000)
    assert table["expected"].iloc[0] == pytest.approx(399 / 4000, abs=3 * np.sqrt(0.1 * 0.9 / 4000))


def test_one_code_or_none_has_no_pairs_and_no_error() -> None:
    one = codings(("a", 0, 10), ("a", 5, 15))
    for table in (one, one.iloc[:0]):
        assert cooccurrence.cooccurrence(table).empty and cooccurrence.cooccurrence_test(table, DOCUMENTS).empty
    with pytest.raises(ValueError, match="overlap, containment, near"):
        cooccurrence.cooccurrence(one, "touch")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="with rule near"):
        cooccurrence.cooccurrence(one, "overlap", within=5)


# --- saturation


def interviews(*codes: str) -> tuple[pd.DataFrame, list[str]]:
    order = [f"i{number}" for number in range(1, len(codes) + 1)]
    rows = [(name, code) for name, held in zip(order, codes, strict=True) for code in held]
    return pd.DataFrame(rows, columns=["document", "code"]), order


def test_saturation_is_found_where_it_was_planted() -> None:
    # twelve codes in the first four interviews, one in the fifth, then nothing new
    table = saturation.new_information(*interviews("abcd", "efg", "ahij", "kl", "am", "ab", "c", "d"))
    assert table["new"].tolist() == [4, 3, 3, 2, 1, 0, 0, 0] and table["total"].iloc[-1] == 13
    assert table["run_new"].tolist()[:5] == [pd.NA] * 5 and table["run_new"].tolist()[5:] == [1, 0, 0]
    assert table["share"].iloc[5] == pytest.approx(1 / 12)
    found = saturation.saturation(table)
    assert (found.interviews, found.run, found.codes, found.share) == (5, 2, 13, 0.0)
    assert saturation.saturation(table, threshold=0.1).interviews == 4


def new_codes(*counts: int) -> list[str]:
    """Give the codes of interviews that bring so many new ones each."""
    starts = [sum(counts[:place]) for place in range(len(counts))]
    return [
        "".join(map(chr, range(0x4E00 + start, 0x4E00 + start + n))) for start, n in zip(starts, counts, strict=True)
    ]


@pytest.mark.parametrize(("run", "reached"), [(2, 6), (3, 7)])
def test_the_worked_example_of_guest_namey_and_chen_is_found_again(run: int, reached: int) -> None:
    """Their base has 37 codes; a run with four new ones is 11%, too many, the next with one is 3%: 6 + 2, and 7 + 3."""
    table = saturation.new_information(*interviews(*new_codes(16, 9, 7, 5, 0, 3, 1, 0, 1, 0)), 4, run)
    assert table["total"].iloc[3] == 37
    if run == 2:
        assert [round(100 * float(share)) for share in table["share"].iloc[6:8]] == [11, 3]
    found = saturation.saturation(table, 4, run, 0.05)
    assert (found.interviews, found.run) == (reached, run)


def test_below_twenty_codes_in_the_base_five_percent_is_none() -> None:
    for in_base, reached in ((19, 5), (20, 4)):
        table = saturation.new_information(*interviews(*new_codes(in_base, 0, 0, 0, 1, 0, 0)), 4, 2)
        assert saturation.saturation(table, 4, 2, 0.05).interviews == reached


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        (["a", "b", "c"], "fewer interviews"),
        ([], "fewer interviews"),
        (["", "", "", "", "a", "b"], "no code was used in the base"),
        (["a", "b", "c", "d", "e", "f", "g"], "no run brought as little new"),
    ],
)
def test_saturation_that_cannot_be_told_says_why(codes: list[str], why: str) -> None:
    found = saturation.saturation(saturation.new_information(*interviews(*codes)))
    assert found.interviews is None and found.reason is not None and why in found.reason.text("en")


def test_the_order_of_interviews_matters_and_the_band_shows_how_much() -> None:
    held, order = interviews("abcd", "efg", "ahij", "kl", "am", "ab", "c", "d")
    effects = saturation.order_effects(held, order, draws=400)
    assert effects.band["codes"].is_monotonic_increasing and effects.band.iloc[-1].tolist() == [8, 13, 13, 13]
    assert effects.points["orders"].sum() == 400 and len(effects.points) > 1
    # after one interview, the mean number of codes is the mean over interviews
    assert effects.band["codes"].iloc[0] == pytest.approx(held.groupby("document")["code"].nunique().mean(), abs=0.2)
    same = saturation.order_effects(held, order, draws=400)
    pd.testing.assert_frame_equal(effects.points, same.points)


def test_interviews_that_all_say_the_same_saturate_in_every_order() -> None:
    effects = saturation.order_effects(*interviews(*["abc"] * 7), draws=50)
    assert effects.points["interviews"].tolist() == [4] and effects.points["share"].tolist() == [1.0]


def test_several_documents_can_be_one_interview() -> None:
    held, _ = interviews("ab", "c", "ad")
    cases = pd.Series({"i1": "r1", "i2": "r1", "i3": "r2"})
    table = saturation.new_information(held, ["r1", "r2"], 1, 1, cases)
    assert table["new"].tolist() == [3, 1] and table["share"].iloc[1] == pytest.approx(1 / 3)


# --- what one interview coded twice can show


def test_the_planned_width_of_kappa_is_what_simulated_coders_get() -> None:
    planned = power.kappa_width([200], [0.2]).iloc[0]
    simulated = power.simulate_kappa(200, 0.2, 0.7, draws=800)
    assert simulated["high"] - simulated["low"] == pytest.approx(planned["width"], rel=0.12)
    assert simulated["coverage"] == pytest.approx(0.95, abs=0.03) and planned["agreement"] == pytest.approx(0.904)


def test_rare_codes_need_more_units_and_too_few_units_say_so() -> None:
    table = power.kappa_width([30, 120], [0.05, 0.3])
    few = table[(table["units"] == 30) & (table["prevalence"] == 0.05)].iloc[0]
    assert pd.isna(few["width"]) and "fewer than 5" in few["reason_en"] and "minder dan 5" in few["reason_nl"]
    assert power.units_needed(0.05) > power.units_needed(0.3)
    n = power.units_needed(0.3, 0.7, 0.4, power=0.5)
    assert power.kappa_width([n], [0.3])["low"].iloc[0] >= 0.4 > power.kappa_width([n - 1], [0.3])["low"].iloc[0]
    clustered = power.kappa_width([120], [0.3], design_effect=4)["width"].iloc[0]
    assert clustered == pytest.approx(
        2 * table[(table["units"] == 120) & (table["prevalence"] == 0.3)]["width"].iloc[0]
    )


@pytest.mark.parametrize("prevalence", [0.1, 0.3, 0.5])
def test_the_units_needed_have_the_power_asked_for(prevalence: float) -> None:
    n = power.units_needed(prevalence, 0.7, 0.4, power=0.8)
    assert power.simulate_kappa(n, prevalence, 0.7, 0.4, draws=600)["shown"] == pytest.approx(0.8, abs=0.07)
    with pytest.raises(ValueError, match="power is 1"):
        power.units_needed(prevalence, power=1)


def test_a_kappa_that_two_coders_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="can have"):
        power.table_of_two(0.1, -0.5)
    with pytest.raises(ValueError, match="less than kappa"):
        power.units_needed(0.3, 0.4, 0.6)
