from __future__ import annotations

from itertools import chain, combinations, product
from pathlib import Path

import pandas as pd
import pytest

from koppelkans.ledger.consequences import consequences, numbers, shown
from koppelkans.ledger.together import LARGEST_N, Relation, parse_relations, smallest_n, solve
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.strands.quantifiers import feasible_counts
from koppelkans.study.tables import validate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"
RELATIONS = parse_relations("Q-02 same Q-01, Q-12 within Q-11, Q-28 within Q-27, Q-29 same Q-28, Q-53 apart Q-52")


@pytest.fixture(scope="module")
def quantifiers() -> pd.DataFrame:
    return validate(read_csv_table(RAW / "quantifiers.csv"), "quantifiers").reset_index(drop=True)


@pytest.fixture(scope="module")
def found(quantifiers: pd.DataFrame) -> pd.DataFrame:
    return consequences(quantifiers, RELATIONS, {"Q-25": 2})


def said(found: pd.DataFrame, kind: str, group: str) -> pd.Series:
    rows = found[(found["kind"] == kind) & (found["group"] == group)]
    assert len(rows) == 1
    return rows.iloc[0]


def subsets(people: range) -> list[set[int]]:
    return [set(chosen) for chosen in chain.from_iterable(combinations(people, k) for k in range(len(people) + 1))]


HOLDS = {
    "same": lambda first, second: first == second,
    "within": lambda first, second: first <= second,
    "apart": lambda first, second: not first & second,
}


def by_brute_force(allowed: dict[str, range], relations: list[Relation], n: int) -> list[dict[str, int]]:
    found = set()
    for sets in product(subsets(range(n)), repeat=len(allowed)):
        named = dict(zip(allowed, sets, strict=True))
        if all(len(named[name]) in counts for name, counts in allowed.items()) and all(
            HOLDS[relation.kind](named[relation.first], named[relation.second]) for relation in relations
        ):
            found.add(tuple(len(chosen) for chosen in sets))
    return [dict(zip(allowed, sizes, strict=True)) for sizes in sorted(found)]


@pytest.mark.parametrize(
    ("rules", "relations"),
    [
        ({"a": "majority-not-all", "b": "minority"}, "b apart a"),
        ({"a": "some-not-all", "b": "plural", "c": "plural"}, "b within a, c same b"),
        ({"a": "none", "b": "at-least-one"}, "b within a"),
        ({"a": "majority", "b": "some-not-all", "c": "not-all"}, "b within a, c apart b"),
        ({"a": "plural", "b": "plural"}, ""),
    ],
)
def test_sizes_that_go_together_are_those_of_all_subsets(rules: dict[str, str], relations: str) -> None:
    links = parse_relations(relations)
    for n in range(1, 6 if len(rules) == 2 else 5):
        allowed = {name: feasible_counts(rule, n) for name, rule in rules.items()}
        assert solve(allowed, links, n) == by_brute_force(allowed, links, n), n


def test_eight_statements_of_one_participant_among_five_repeat_a_voice(found: pd.DataFrame) -> None:
    voices = said(found, "voices", "evaluation-interviews")
    assert voices["statements"].split(";") == [f"Q-{k:02d}" for k in (1, 3, 4, 5, 6, 7, 8, 9)]
    speakers = [len(set(who)) for who in product(range(5), repeat=8)]
    assert (voices["low"], voices["high"]) == (min(speakers), max(speakers)) == (1, 5)
    assert said(found, "repeats", "evaluation-interviews")["low"] == min(8 - k for k in speakers) == 3
    busiest = min(max(who.count(person) for person in who) for who in product(range(5), repeat=8))
    assert said(found, "busiest", "evaluation-interviews")["low"] == busiest == 2


def test_the_same_participant_is_no_second_voice(quantifiers: pd.DataFrame) -> None:
    alone = consequences(quantifiers)
    assert len(said(alone, "voices", "evaluation-interviews")["statements"].split(";")) == 9


def test_all_words_on_the_evaluation_interviews_can_rest_on_two_people(found: pd.DataFrame) -> None:
    fewest = said(found, "fewest-people", "evaluation-interviews")
    assert (fewest["low"], fewest["n"]) == (2, 5) and fewest["statements"].count("Q-") == 22


def test_no_barrier_and_the_only_barrier_do_not_go_together(found: pd.DataFrame) -> None:
    conflict = said(found, "conflict", "evaluation-interviews")
    assert conflict["statements"] == "Q-11;Q-12" and pd.isna(conflict["low"])
    assert "Q-12" in conflict["premise_nl"] and "Q-12" in conflict["premise_en"]


def test_residents_among_part_of_the_tenants_narrow_both(found: pd.DataFrame) -> None:
    narrowed = found[(found["kind"] == "narrowed")].set_index("statements")
    assert {name: (row["low"], row["high"]) for name, row in narrowed.iterrows()} == {
        "Q-27": (2, 14), "Q-28": (2, 14), "Q-29": (2, 14),
    }  # fmt: skip
    assert said(found, "smallest-n", "tenant-interviews")["low"] == 3


def test_post_and_email_are_apart_and_need_three_people(found: pd.DataFrame) -> None:
    assert said(found, "together", "homeowner-interviews")["statements"] == "Q-52;Q-53"
    assert said(found, "smallest-n", "homeowner-interviews")["low"] == 3
    for n in range(1, 7):
        possible = (
            by_brute_force(
                {"Q-52": feasible_counts("majority-not-all", n), "Q-53": feasible_counts("minority", n)},
                [Relation("apart", "Q-53", "Q-52")],
                n,
            )
            if n < 6
            else [{}]
        )
        assert bool(possible) == (n >= 3)


def test_two_places_on_site_leave_ten_sessions(found: pd.DataFrame) -> None:
    sessions = said(found, "outside", "sessions")
    assert (sessions["low"], sessions["high"], sessions["statements"]) == (2, 10, "Q-25")


def test_every_consequence_names_its_statements_and_its_premise(found: pd.DataFrame, quantifiers: pd.DataFrame) -> None:
    assert list(found["id"]) == [f"K-{k:02d}" for k in range(1, len(found) + 1)]
    for row in found.to_dict("records"):
        assert set(row["statements"].split(";")) <= set(quantifiers["id"])
        for column in ("premise_nl", "premise_en", "conclusion_nl", "conclusion_en"):
            assert row[column] and "{" not in row[column], (row["id"], column)
    for language in ("nl", "en"):
        table = shown(found, language)
        assert list(table) == ["id", "statements", "premise", "conclusion", "low", "high"]


@pytest.mark.parametrize(("quantifier", "rule"), [("Q-27", "plural-not-all"), ("Q-53", "plural"), ("Q-12", "none")])
def test_another_rule_gives_other_consequences(
    quantifier: str, rule: str, quantifiers: pd.DataFrame, found: pd.DataFrame
) -> None:
    changed = quantifiers.copy()
    changed.loc[changed["id"] == quantifier, "rule"] = rule
    assert not consequences(changed, RELATIONS, {"Q-25": 2}).equals(found)


def test_the_numbers_of_the_report(found: pd.DataFrame) -> None:
    values = {key: number["value"] for key, number in numbers(found, "evaluation-interviews", "nl").items()}
    assert values == {
        "single_voices": 8, "single_voices_people": 5, "single_voices_min_repeat": 3, "single_voices_busiest": 2,
        "fewest_people": 2, "consequences": len(found),
    }  # fmt: skip
    assert numbers(found, "nobody", "nl")["single_voices"]["value"] is None


def test_a_study_without_quantifiers_has_no_consequences() -> None:
    none = consequences(pd.DataFrame(), RELATIONS)
    assert none.empty and "conclusion_nl" in none
    assert all(number["value"] is None for number in numbers(none, "evaluation-interviews", "en").values())


def test_relations_about_other_statements_are_left_out(quantifiers: pd.DataFrame) -> None:
    few = quantifiers[quantifiers["group"] == "tenant-interviews"]
    assert set(consequences(few, RELATIONS)["group"]) == {"tenant-interviews"}


def test_a_relation_that_cannot_be_read_is_refused() -> None:
    assert parse_relations(" Q-02 same Q-01 , ") == [Relation("same", "Q-02", "Q-01")]
    with pytest.raises(ValueError, match="expected two ids"):
        parse_relations("Q-02 > Q-01")


def test_words_that_never_go_together_have_no_smallest_n() -> None:
    assert smallest_n({"a": "none", "b": "at-least-one"}, [Relation("same", "a", "b")]) is None
    assert LARGEST_N >= 30
