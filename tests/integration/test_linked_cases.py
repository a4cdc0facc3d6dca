"""The same people in interview and answers: the cross-table, McNemar's test, and who differs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from matplotlib.text import Text
from scipy import stats
from survey_answers import ALL_OPTIONS, QUESTIONS, answer, filled_in

from koppelkans.figures import field
from koppelkans.integration.linked_cases import cross_tables, people_in_both, who_differs
from koppelkans.integration.links import linked
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded import Coded, of_strand
from koppelkans.study.strands import SMITSVEEN

CODES = pd.DataFrame({"code": ["g1", "g2"], "name": ["doubt", "cold"], "parent": "", "path": ["doubt", "cold"]})
LINK: dict[str, Any] = {"codes": ["doubt"], "question": "letter", "answer": ["no"]}


def interviews(people: int, with_doubt: set[int], unread: int = 0) -> dict[str, Coded]:
    names = [f"R{who:03}" for who in range(people + unread)]
    documents = pd.DataFrame({"document": names, "respondent": names, "strand": "tenants"})
    documents = documents.assign(text="Nou, nee.", n_characters=9, origin="synthetic")
    found = [(who, names[who], "g1" if who in with_doubt else "g2", "x", 0, 4, "Nou,") for who in range(people)]
    columns = ["coding", "document", "code", "coder", "start", "end", "text"]
    codings = pd.DataFrame(found, columns=columns).assign(origin="synthetic")
    codes = CODES.assign(description="", origin="synthetic")
    return {"tenants": of_strand(documents, codes, codings, pd.DataFrame(), "tenants", 1)}


def people(with_doubt: set[int], n: int = 12, answers: pd.DataFrame | None = None, **more: int) -> pd.DataFrame:
    links = linked([LINK], CODES, QUESTIONS, ALL_OPTIONS)
    given = filled_in(60) if answers is None else answers
    return people_in_both(links, interviews(n, with_doubt, **more), given, QUESTIONS)


def test_each_person_is_held_against_the_own_answer() -> None:
    # every third person answers no: 0, 3, 6, 9; doubt is with 0, 1, 3 and 4
    row = cross_tables(people({0, 1, 3, 4})).iloc[0]
    assert row[["n", "both", "interview_only", "answer_only", "neither"]].tolist() == [12, 2, 2, 2, 6]
    assert row["agreement"] == pytest.approx(8 / 12) and row["low"] < row["agreement"] < row["high"]
    assert row["p"] == 1.0


def test_p_is_the_exact_binomial_of_those_who_differ() -> None:
    row = cross_tables(people({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})).iloc[0]
    assert row[["interview_only", "answer_only"]].tolist() == [8, 0]
    assert row["p"] == pytest.approx(stats.binomtest(0, 8).pvalue) and row["p_holm"] == row["p"]


def test_several_links_are_corrected_together() -> None:
    links = linked([LINK, {**LINK, "answer": ["yes"]}], CODES, QUESTIONS, ALL_OPTIONS)
    found = people_in_both(links, interviews(12, set(range(12))), filled_in(60), QUESTIONS)
    tables = cross_tables(found)
    assert tables["p_holm"].tolist() == [min(1, 2 * p) if p == min(tables["p"]) else p for p in tables["p"]]


def test_the_p_of_a_hidden_row_does_not_show_in_the_others() -> None:
    found = people(set(range(12)))
    both = {1: (5, 1, 9, 5), 2: (6, 4, 14, 6)}  # p is 0.021 and 0.031: corrected for two, the first would pass on
    said = [(True, True), (True, False), (False, True), (False, False)]
    rows = [
        {**found.iloc[0].to_dict(), "link": link, "interview": interview, "answer": answer}
        for link, cells in both.items()
        for (interview, answer), n in zip(said, cells, strict=True)
        for _ in range(n)
    ]
    tables = cross_tables(pd.DataFrame(rows), minimum=3)
    assert isinstance(tables, pd.DataFrame) and tables["hidden"].tolist() == ["yes", ""]
    assert tables["p_holm"].iloc[1] == pytest.approx(2 * tables["p"].iloc[1])


def test_who_did_not_answer_or_was_not_read_is_not_counted() -> None:
    answers = pd.concat([filled_in(11), pd.DataFrame([answer(11, "letter", missing="no-answer")])])
    assert len(people({0, 1}, answers=answers)) == 11
    assert len(people({0, 1}, unread=3)) == 12


def test_those_who_differ_are_listed_and_not_where_too_few_stand_behind_it() -> None:
    found = people({0, 1, 3, 4})
    differing = who_differs(found, cross_tables(found))
    assert isinstance(differing, pd.DataFrame)
    assert differing["respondent"].tolist() == ["R001", "R004", "R006", "R009"]
    shown = field.differing_people(differing, "en", SMITSVEEN)
    assert isinstance(shown, pd.DataFrame) and shown["interview"].nunique() == shown["answer"].nunique() == 2
    assert isinstance(who_differs(found, cross_tables(found, minimum=2), 2), Reason), "names under two links tell more"
    hidden = cross_tables(found, minimum=3)
    assert isinstance(hidden, pd.DataFrame) and hidden["hidden"].tolist() == ["yes"]
    cells = ["both", "interview_only", "answer_only", "neither", "agreement", "low", "high", "p", "p_holm"]
    assert hidden[cells].isna().all(axis=None)
    assert isinstance(who_differs(found, hidden), Reason)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [5.6, 3.6])
def test_the_figure_has_the_counts_and_hides_them_where_they_are_few(width: float, language: str) -> None:
    found = people({0, 1, 3, 4})
    all_of_them = field.linked_cases(cross_tables(found), SMITSVEEN).draw(width, language)
    assert {"2", "6"} <= {text.get_text() for text in all_of_them.findobj(Text)}
    few = field.linked_cases(cross_tables(found, minimum=3), SMITSVEEN)
    said = [text.get_text() for text in few.draw(width, language).findobj(Text)] + few.describe(language)
    assert not {"2", "6"} & set(said) and "nan" not in " ".join(said).lower().split()


def test_without_people_in_both_there_is_a_reason() -> None:
    nobody = people({0}, answers=filled_in(0))
    assert isinstance(cross_tables(nobody), Reason) and field.linked_cases(cross_tables(nobody), SMITSVEEN).empty
    assert isinstance(who_differs(nobody, cross_tables(nobody)), Reason)
