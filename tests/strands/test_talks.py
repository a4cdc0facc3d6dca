"""Talks before anybody coded them: words by speaker, words to look up, an order to read in."""

from __future__ import annotations

import pandas as pd
import pytest

from koppelkans.figures import field
from koppelkans.strands import talks
from koppelkans.strands.coded import NO_PERMISSION

DOCUMENTS = pd.DataFrame(
    [("d1", "gesprek-01", "huurders", "I: Koud? R: Ja koude voeten"), ("d2", "gesprek-02", "kopers", "een twee drie"),
     ("d3", "foto", "kopers", "")],
    columns=["document", "name", "strand", "text"],
).assign(origin="collected")  # fmt: skip
TURNS = pd.DataFrame(
    [("d1", "interviewer", 0.0, 5.0, "Is het koud?"), ("d1", "respondent", 5.0, 65.0, "Ja, koude voeten en kou.")],
    columns=["document", "role", "begins", "ends", "text"],
)


@pytest.fixture
def said() -> pd.DataFrame:
    return talks.spoken(DOCUMENTS, TURNS)


def test_words_are_counted_by_who_says_them_and_a_text_without_turns_counts_as_unknown(said: pd.DataFrame) -> None:
    table = talks.by_talk(said).set_index("talk")
    assert table.loc["gesprek-01", ["interviewer", "respondent", "unknown", "words"]].tolist() == [3, 5, 0, 8]
    assert table.loc["gesprek-02", ["interviewer", "respondent", "unknown", "words"]].tolist() == [0, 0, 3, 3]
    assert table.loc["gesprek-01", "minutes"] == pytest.approx(65 / 60, abs=0.05) and pd.isna(
        table.loc["gesprek-02", "minutes"]
    )
    numbers = talks.numbers(table.reset_index(), "en")
    assert numbers["field_turns"]["value"] == 2  # the text without turns has none
    assert numbers["field_respondents_share"]["value"] == round(100 * 5 / 8)


def test_words_of_the_interviewer_are_not_looked_up(said: pd.DataFrame) -> None:
    counts = talks.word_counts(said, ["kou", "warm"]).set_index("word")
    assert counts.loc["kou", ["times", "talks", "of_talks"]].tolist() == [2, 1, 2] and counts.loc["warm", "times"] == 0
    twice = talks.word_counts(said, ["kou", "kou"])
    assert twice["times"].tolist() == [2], "a word that is named twice is counted once"
    places = talks.concordance(said, ["kou"], allowed=True)
    assert list(places["found"]) == ["koude", "kou"] and list(places["before"]) == ["Ja,", "Ja, koude voeten en"]
    assert talks.concordance(said, ["kou"], allowed=False) is NO_PERMISSION
    assert talks.concordance(said, [], allowed=True) is talks.NO_WORDS_NAMED
    assert talks.concordance(said, ["warm"], allowed=True) is talks.NOT_FOUND


@pytest.mark.parametrize(("n", "twice"), [(1, 0), (2, 2), (9, 2), (30, 6)])
def test_the_order_of_reading_holds_each_talk_once_with_groups_in_turn(n: int, twice: int) -> None:
    table = pd.DataFrame(
        {"talk": [f"t{k}" for k in range(n)], "strand": ["a", "b"] * (n // 2) + ["a"] * (n % 2), "words": 5}
    )
    order = talks.reading_order(table, seed=1)
    assert set(order["talk"]) == set(table["talk"]) and len(order) == n
    assert list(order["strand"]) == (["a", "b"] * n)[:n] and (order["second"] == "yes").sum() == twice
    assert order.equals(talks.reading_order(table, seed=1))
    assert n < 9 or not order.equals(talks.reading_order(table, seed=2))


def test_talks_of_one_name_and_one_without_words_are_drawn_apart() -> None:
    same = pd.DataFrame(
        [("d1", "gesprek-01", "huurders", "een"), ("d2", "gesprek-01", "kopers", " "), ("d3", "a", "kopers", "drie"),
         ("d4", "a", "kopers", "vier")],
        columns=["document", "name", "strand", "text"],
    ).assign(origin="collected")  # fmt: skip
    table = talks.by_talk(talks.spoken(same, TURNS.iloc[:0]))
    assert list(table["talk"]) == ["gesprek-01 (huurders)", "gesprek-01 (kopers)", "a (kopers) 1", "a (kopers) 2"]
    assert [len(field.talks(rows).draw(7, "nl").axes) for rows in (table, table.iloc[[1]])] == [1, 1]
