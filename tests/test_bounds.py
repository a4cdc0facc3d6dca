from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from koppelkans.ledger.bounds import bounds, counts_of, feasible_counts, of_group
from koppelkans.quantifiers import RULES, WORDS
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.strands import preferences
from koppelkans.tables import validate

RAW = Path(__file__).resolve().parents[1] / "data" / "raw" / "smitsveen"

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
}


@pytest.fixture(scope="module")
def quantifiers() -> pd.DataFrame:
    return validate(read_csv_table(RAW / "quantifiers.csv"), "quantifiers").reset_index(drop=True)


@pytest.mark.parametrize("rule", RULES)
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


def test_a_convention_counts_only_when_asked_for(quantifiers: pd.DataFrame) -> None:
    strict, conventional = bounds(quantifiers).set_index("id"), bounds(quantifiers, convention=True).set_index("id")
    assert (strict.loc["Q-16", "low"], strict.loc["Q-16", "high"]) == (0, 5)
    assert (conventional.loc["Q-16", "low"], conventional.loc["Q-16", "high"]) == (3, 5)
    forced = quantifiers.set_index("id")["reading"] == "strict"
    pd.testing.assert_frame_equal(strict[forced], conventional[forced])


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
