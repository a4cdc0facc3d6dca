from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from koppelkans.ledger.bounds import bounds, by_rule, counts_of, feasible_counts, narrowed, numbers, of_group
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.strands import preferences
from koppelkans.strands.quantifiers import CONVENTIONAL_RULES, CONVENTIONS, FORMS, RULES, SHARES, WORDS
from koppelkans.study.tables import validate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"

# What each rule says in words, as a condition on k of n people: an independent statement of the same thing.
CONDITIONS = {
    "one": lambda k, n: k >= 1,
    "none": lambda k, n: k == 0,
    "at-least-one": lambda k, n: k >= 1,
    "plural": lambda k, n: k >= 2,
    "some-not-all": lambda k, n: 1 <= k != n,
    "plural-not-all": lambda k, n: 2 <= k != n,
    "majority": lambda k, n: Fraction(k, n) > Fraction(1, 2),
    "majority-not-all": lambda k, n: Fraction(k, n) > Fraction(1, 2) and k != n,
    "minority": lambda k, n: k >= 1 and Fraction(k, n) < Fraction(1, 2),
    "not-all": lambda k, n: k != n,
    "unbounded": lambda k, n: True,
    "exactly-one": lambda k, n: k == 1,
    "general": lambda k, n: k >= max(1, n - 1),
    "typical": lambda k, n: Fraction(k, n) > Fraction(1, 2) and k < n - 1,
    "variant": lambda k, n: k >= 2 and Fraction(k, n) <= Fraction(1, 2),
}

# What an independent reading of the text by hand gave (k, or functions of n), statement by statement.
GENERIC = "0..n generic n//2+1..n"
READ_BY_HAND = {
    **dict.fromkeys([f"Q-{k:02d}" for k in range(1, 10)], "1..5 single 1..1"),
    **dict.fromkeys(["Q-12", "Q-19", "Q-20", "Q-21", "Q-22", "Q-57", "Q-58", "Q-59"], "1..5"),
    **dict.fromkeys(["Q-13", "Q-14", "Q-17", "Q-18"], "2..5"),
    **dict.fromkeys(["Q-15", "Q-16", "Q-60", "Q-61"], "0..5 generic 3..5"),
    **dict.fromkeys(["Q-10", "Q-26", "Q-31", "Q-33", "Q-34", "Q-41", "Q-43", "Q-64", "Q-69"], "2..n"),
    **dict.fromkeys(["Q-44", "Q-45", "Q-46", "Q-54", "Q-62", "Q-63", "Q-67", "Q-68", "Q-70"], GENERIC),
    **dict.fromkeys(["Q-23", "Q-24", "Q-30", "Q-35", "Q-36", "Q-37", "Q-38", "Q-39", "Q-40", "Q-51"], ""),
    **dict.fromkeys(["Q-47", "Q-48", "Q-49", "Q-55", "Q-56"], ""),
    "Q-11": "0..0",
    "Q-25": "2..10",
    "Q-27": "1..14",
    "Q-28": "2..14",
    "Q-29": "2..15",
    "Q-32": "2..6",
    "Q-42": "0..0",
    "Q-50": "n//2+1..n",
    "Q-52": "n//2+1..n-1",
    "Q-53": "1..(n+1)//2-1",
    "Q-65": "1..n",
    "Q-66": "0..n",
}
# Where the words alone give another range than that reading, which went on to use other statements.
WIDER_BY_WORDS_ALONE = {
    "Q-25": "2..12",  # 10 follows from the two places on site, not from the word
    "Q-28": "2..15",  # 14 follows if those who say so are among those with little trust
}


@pytest.fixture(scope="module")
def quantifiers() -> pd.DataFrame:
    return validate(read_csv_table(RAW / "quantifiers.csv"), "quantifiers").reset_index(drop=True)


@pytest.mark.parametrize("rule", [*RULES, *CONVENTIONAL_RULES])
def test_a_rule_allows_exactly_the_counts_that_its_words_allow(rule: str) -> None:
    for n in range(1, 41):
        assert list(feasible_counts(rule, n)) == [k for k in range(n + 1) if CONDITIONS[rule](k, n)], n


@pytest.mark.parametrize(
    ("word", "n", "low", "high"),
    [
        ("majority", 15, 8, 15),
        ("de meerderheid", 16, 9, 16),
        ("Meerderheid", 15, 8, 15),
        ("een klein deel", 15, 1, 7),
        ("a small part", 16, 1, 7),
        ("een deelnemer", 5, 1, 5),
        ("a participant", 5, 1, 5),
        ("de meeste", 10, 6, 10),
        ("een deel", 15, 1, 14),
        ("geen", 5, 0, 0),
        ("respondenten", 5, 2, 5),
    ],
)
def test_dutch_and_english_words_are_understood(word: str, n: int, low: int, high: int) -> None:
    counts = feasible_counts(word, n)
    assert (counts[0], counts[-1]) == (low, high)


def test_words_in_both_languages_stand_for_known_rules() -> None:
    assert set(WORDS.values()) <= set(RULES)


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'heel wat'.*majority.*meerderheid"):
        feasible_counts("heel wat", 5)
    with pytest.raises(ValueError, match="amount"):
        feasible_counts("no-count", 5)


@pytest.mark.parametrize("n", [0, -1])
def test_nobody_has_no_majority(n: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        feasible_counts("majority", n)


def test_a_group_too_small_for_the_words_has_no_feasible_count() -> None:
    assert not feasible_counts("minority", 2) and not feasible_counts("plural", 1)


def test_words_about_the_study_are_read_as_the_table_reads_them(quantifiers: pd.DataFrame) -> None:
    known = {word.lower() for word in WORDS}
    for row in quantifiers.to_dict("records"):
        for word in (row["word_nl"].lower(), row["word_en"].lower()):
            strict = row["reading"] == "strict" and row["rule"] not in ("no-count", "unbounded")
            if word in known and strict and WORDS[word] != "plural":
                assert set(feasible_counts(row["rule"], 9)) <= set(feasible_counts(word, 9)), row["id"]


def test_bounds_of_the_tenants_run_from_one_to_fourteen(quantifiers: pd.DataFrame) -> None:
    said = of_group(quantifiers, "tenant-interviews")
    assert list(counts_of(said, "Q-27")) == list(range(1, 15))
    assert not counts_of(said, "Q-99")
    assert said.set_index("id")["low"].isna().to_dict()["Q-26"]


def value_of(form: str, n: int) -> int:
    code = form.replace("⌊n/2⌋", "(n // 2)").replace("⌈n/2⌉", "((n + 1) // 2)").replace("−", "-")
    return int(eval(code, {"n": n}))


@pytest.mark.parametrize("rule", FORMS)
def test_a_rule_as_a_function_of_n_is_that_rule(rule: str) -> None:
    assert set(FORMS) == set(SHARES) == {*RULES, *CONVENTIONAL_RULES}
    smallest, largest = FORMS[rule]
    for n in range(2, 41):
        counts = feasible_counts(rule, n)
        if counts:
            assert (counts[0], counts[-1]) == (value_of(smallest, n), value_of(largest, n)), n


@pytest.mark.parametrize("rule", SHARES)
def test_the_share_that_holds_for_every_n_holds_and_cannot_be_drawn_tighter(rule: str) -> None:
    shares = [Fraction(k, n) for n in range(2, 400) for k in feasible_counts(rule, n)]
    for said, reached in zip(SHARES[rule], (min(shares), max(shares)), strict=True):
        sign, limit = said.split() if " " in said else ("=", said)
        value = Fraction(limit)
        holds = {">": reached > value, "<": reached < value}
        assert holds.get(sign, reached == value)
        if sign in (">", "<"):
            assert abs(reached - value) < Fraction(1, 100)


def test_the_bounds_are_those_read_by_hand_but_for_two_that_used_other_statements(quantifiers: pd.DataFrame) -> None:
    strict, generic = bounds(quantifiers).set_index("id"), bounds(quantifiers, convention="generic-majority")
    single = bounds(quantifiers, convention="single-voice").set_index("id")
    generic = generic.set_index("id")
    assert set(READ_BY_HAND) == set(strict.index)
    assert len(strict) == 70

    def ends(row: pd.Series) -> str:
        forms = (row["low_text"], row["high_text"])
        plain = [form.replace("⌊n/2⌋", "n//2").replace("⌈n/2⌉", "(n+1)//2").replace("−", "-") for form in forms]
        return "..".join(plain).replace(" ", "") if any(forms) else ""

    def at(text: str, n: int) -> str:
        return text if pd.isna(n) else text.replace("n//2+1", str(n // 2 + 1)).replace("n", str(n))

    for name, expected in READ_BY_HAND.items():
        words, _, convention = WIDER_BY_WORDS_ALONE.get(name, expected).partition(" ")
        n = strict.loc[name, "n"]
        assert ends(strict.loc[name]) == at(words, n), name
        reading, _, narrower = convention.partition(" ")
        read = single if reading == "single" else generic
        assert ends(read.loc[name]) == at(narrower or words, n), name
    assert all(WIDER_BY_WORDS_ALONE[name] != READ_BY_HAND[name] for name in WIDER_BY_WORDS_ALONE)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_convention_only_narrows_and_only_when_asked_for(convention: str, quantifiers: pd.DataFrame) -> None:
    strict = bounds(quantifiers, n=9).set_index("id")
    conventional = bounds(quantifiers, n=9, convention=convention).set_index("id")
    changed = strict["rule"] != conventional["rule"]
    assert changed.any() and not changed[strict["rule"].isin(["no-count", "none"])].any()
    pd.testing.assert_frame_equal(strict[~changed], conventional[~changed])
    assert (conventional["low"] >= strict["low"])[changed].all()
    assert (conventional["high"] <= strict["high"])[changed].all()
    assert list(narrowed(quantifiers, 9).query("convention == @convention")["id"]) == list(strict.index[changed])
    for word in WORDS:
        for n in range(3, 30):
            assert set(feasible_counts(word, n, convention)) <= set(feasible_counts(word, n)), (word, n)
    pd.testing.assert_frame_equal(bounds(quantifiers), bounds(quantifiers, convention="strict"))


def test_a_list_as_a_whole_is_not_read_as_a_majority(quantifiers: pd.DataFrame) -> None:
    listed = bounds(quantifiers, n=15, convention="generic-majority").set_index("id").loc["Q-66"]
    assert (listed["low"], listed["high"], listed["narrower"]) == (0, 15, "")


@pytest.mark.parametrize("function", [bounds, by_rule])
def test_an_unknown_convention_is_refused_with_the_known_ones(
    function: Callable[..., pd.DataFrame], quantifiers: pd.DataFrame
) -> None:
    with pytest.raises(ValueError, match=r"'most'.*strict, generic-majority, single-voice, cqr"):
        function(quantifiers, convention="most")


def test_every_source_of_a_convention_is_in_the_bibliography() -> None:
    listed = (RAW.parents[2] / "paper" / "shared" / "references.bib").read_text(encoding="utf-8")
    for convention in CONVENTIONS.values():
        assert convention.sources
        for key in (*convention.sources, *convention.against):
            assert f"{{{key}," in listed, key


def test_quantifiers_fall_apart_into_bounded_conventional_open_and_uncounted(quantifiers: pd.DataFrame) -> None:
    counts = {key: number["value"] for key, number in numbers(quantifiers, "nl").items()}
    parts = ("bounded", "convention", "open", "no_count")
    assert counts["quantifiers"] == 70 == sum(counts[f"quantifiers_{part}"] for part in parts)
    shown = by_rule(quantifiers)
    assert shown["times"].sum() == counts["quantifiers_published_n"] == 32
    assert ";".join(shown["statements"]).count("Q-") == 32
    assert shown["words_nl"].iloc[0] == "“een deelnemer”, “een van de deelnemers”"


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_range_that_a_convention_has_narrowed_is_not_narrowed_again(
    convention: str, quantifiers: pd.DataFrame
) -> None:
    for row in by_rule(quantifiers, convention).to_dict("records"):
        if row["convention"]:
            assert row["convention"] != convention
            assert (row["low"], row["high"]) != (row["convention_low"], row["convention_high"])
            assert row["low"] <= row["convention_low"] <= row["convention_high"] <= row["high"]


def test_shares_are_fractions_of_a_published_number_and_hold_for_any_other(quantifiers: pd.DataFrame) -> None:
    said = bounds(quantifiers).set_index("id")
    assert list(said.loc["Q-27", ["share_low", "share_high"]]) == ["1/15", "14/15"]
    assert list(said.loc["Q-52", ["low_text", "high_text", "share_low", "share_high"]]) == [
        "⌊n/2⌋ + 1", "n − 1", "> 1/2", "< 1",
    ]  # fmt: skip
    assert list(said.loc["Q-30", ["low_text", "share_high"]]) == ["", ""]


def test_an_assumed_number_fills_in_only_what_was_not_published(quantifiers: pd.DataFrame) -> None:
    assumed = bounds(quantifiers, n=30).set_index("id")
    assert assumed.loc["Q-01", "n"] == 5 and assumed.loc["Q-52", "n"] == 30
    counted = assumed[assumed["low"].notna()]
    assert ((counted["low"] >= 0) & (counted["low"] <= counted["high"]) & (counted["high"] <= counted["n"])).all()
    assert assumed.loc[assumed["rule"] == "no-count", "low"].isna().all()


def test_post_and_email_are_bounded_together() -> None:
    for n in range(1, 31):
        expected = {
            (post, email)
            for post in range(n + 1)
            for email in range(n + 1)
            if 2 * post > n and post < n and email >= 1 and 2 * email < n and post + email <= n
        }
        pairs = preferences.joint_counts(n)
        assert set(zip(pairs["post"], pairs["email"], strict=True)) == expected
        assert ((pairs["post"] + pairs["email"] + pairs["other"]) == n).all()


def test_three_homeowners_are_the_fewest_that_fit_and_fifteen_leave_a_range() -> None:
    ranges = preferences.preference_bounds(30)
    assert ranges["n"].min() == 3 and ranges["n"].max() == 30
    example = ranges[ranges["n"] == 15].set_index("answer")
    assert list(example.loc["post", ["low", "high"]]) == [8, 14]
    assert list(example.loc["email", ["low", "high"]]) == [1, 7]
    assert preferences.numbers(ranges, 15, "en")["smallest_n"]["value"] == 3


def test_the_published_words_on_post_and_email_carry_those_rules(quantifiers: pd.DataFrame) -> None:
    assert preferences.published_rules(quantifiers, "Q-52", "Q-53") == ("majority-not-all", "minority")
    assert preferences.published_rules(quantifiers, "Q-52", "Q-999") is None
    assert preferences.published_words(quantifiers, "Q-52", "Q-53", "nl")["post"] == "de meerderheid"


def test_the_joint_region_has_as_many_pairs_as_a_triangle_and_begins_at_three() -> None:
    sizes = preferences.region_sizes(30)
    for n, pairs in sizes.itertuples(index=False):
        half = (n + 1) // 2
        assert pairs == half * (half - 1) // 2, n
    found = preferences.region_numbers(sizes, 15, "nl")
    assert found["smallest_joint_n"]["value"] == 3 and found["region_pairs"]["value"] == 28


# Triola, Elementary Statistics, table A-7 (sign test), one tail of 0.05: the largest number of the less frequent sign.
SIGN_TEST = dict(zip(range(5, 26), [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7], strict=True))


def test_critical_counts_are_those_of_the_published_table_of_the_sign_test() -> None:
    assert preferences.critical_counts(range(1, 5)).tolist() == [2, 3, 4, 5]  # one more than all: nothing shows it
    assert preferences.critical_counts(list(SIGN_TEST)).tolist() == [n - fewer for n, fewer in SIGN_TEST.items()]


def test_p_values_are_those_of_scipy_and_of_counting_all_outcomes() -> None:
    from itertools import product

    from scipy.stats import binomtest

    for n in range(1, 11):
        yes = [sum(outcome) for outcome in product((0, 1), repeat=n)]
        for k in range(n + 1):
            share = sum(count >= k for count in yes) / 2**n
            assert preferences.majority_p_value(k, n) == share
            assert share == pytest.approx(binomtest(k, n, 0.5, alternative="greater").pvalue)
    # Published in tables of the binomial distribution: 12 or more of 15, and 8 or more of 10.
    assert round(preferences.majority_p_value(12, 15), 4) == 0.0176
    assert round(preferences.majority_p_value(8, 10), 4) == 0.0547


@pytest.mark.parametrize(
    ("share", "power", "first", "enough"),
    [(0.6, 0.8, 158, 169), (0.75, 0.8, 23, 28), (0.9, 0.8, 8, 11), (0.6, 0.5, 71, 85), (1, 0.8, 5, 5)],
)
def test_a_sample_shows_a_majority_with_the_power_asked_for(
    share: float, power: float, first: int, enough: int
) -> None:
    from scipy.stats import binom
    from statsmodels.stats.proportion import binom_test_reject_interval

    assert preferences.sample_size(share, power=power) == (first, enough)
    reached = {}
    for n in range(5, 400):
        _, critical = binom_test_reject_interval(0.5, n, alpha=0.05, alternative="larger")
        reached[n] = binom.sf(critical - 1, n, share) >= power
    assert min(n for n, here in reached.items() if here) == first
    assert max((n for n, here in reached.items() if not here), default=4) == enough - 1


def test_without_published_words_no_curve_is_shown(quantifiers: pd.DataFrame) -> None:
    for table, empty in ((quantifiers, False), (quantifiers.iloc[:0], True)):
        words = preferences.preference(table, "Q-52", "Q-53", None, 30, 15)
        result = preferences.majority(words, [0.6, 0.75], 200, 30)
        assert result.curves.empty == empty and result.sizes["n"].tolist() == [169, 28]


def test_power_is_the_share_of_simulated_surveys_that_show_the_majority() -> None:
    drawn = np.random.default_rng(1).binomial(169, 0.6, size=20_000)
    shown = np.mean([preferences.majority_p_value(int(k), 169) <= 0.05 for k in drawn])
    assert shown == pytest.approx(preferences.majority_power(0.6, [169])[0], abs=4 * (0.16 / 20_000) ** 0.5)


@pytest.mark.parametrize(("share", "alpha"), [(0.5, 0.05), (1.1, 0.05), (0.6, 0.0), (0.6, 1.0)])
def test_a_share_that_is_no_majority_and_an_impossible_level_are_refused(share: float, alpha: float) -> None:
    with pytest.raises(ValueError, match=r"expected"):
        preferences.sample_size(share, alpha)
    with pytest.raises(ValueError, match=r"power is 1; expected"):
        preferences.sample_size(0.6, power=1)


def test_the_words_leave_open_whether_a_random_sample_would_have_shown_a_majority() -> None:
    chances = preferences.chance_range(30).set_index("n")
    assert chances.loc[15, "p_barest"] == 0.5 and chances.loc[15, "p_luckiest"] == 16 / 2**15
    found = preferences.majority_numbers(preferences.sample_sizes([0.6, 0.75]), chances.reset_index(), 15, 0.05, "nl")
    assert {key: found[key]["value"] for key in ("n_needed_60", "n_needed_75", "smallest_n_all")} == {
        "n_needed_60": 169, "n_needed_75": 28, "smallest_n_all": 5,
    }  # fmt: skip
    assert found["smallest_n_lucky"]["value"] == 8 and found["share_60"]["text"] == "60%"
    assert found["power"]["text"] == "80%"


def test_a_convention_reads_the_published_rules_more_narrowly(quantifiers: pd.DataFrame) -> None:
    assert preferences.published_rules(quantifiers, "Q-52", "Q-53", "cqr") == ("typical", "minority")
