from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from koppelkans.errors import InvalidTable
from koppelkans.ledger import statuses
from koppelkans.ledger.checks import Read, WrongArgument, run_check
from koppelkans.study import open_study
from koppelkans.workflow.tidy import read_tables

pytestmark = pytest.mark.slow

Tables = dict[str, pd.DataFrame]
CHECKED_KINDS = ("count", "date", "proportion-verbal")


@pytest.fixture(scope="module")
def tables(root: Path) -> Tables:
    return read_tables(open_study("smitsveen", root))


@pytest.fixture(scope="module")
def ledger(tables: Tables) -> pd.DataFrame:
    return statuses.ledger(tables)


def test_every_claim_has_exactly_one_status(tables: Tables, ledger: pd.DataFrame) -> None:
    assert list(ledger["id"]) == list(tables["claims"]["id"])
    assert ledger["id"].is_unique
    assert set(ledger["status"]) <= set(statuses.STATUSES)
    assert list(ledger.columns) == statuses.COLUMNS


def test_every_status_carries_its_evidence_in_both_languages(ledger: pd.DataFrame) -> None:
    for column in ("evidence_nl", "evidence_en"):
        assert (ledger[column].str.len() > 20).all()
        assert not ledger[column].str.contains(r"\{|\}|\bNone\b|\bnan\b|<NA>").any()


def test_numbers_dates_and_words_for_people_all_have_a_check(ledger: pd.DataFrame) -> None:
    countable = ledger[ledger["evidence_kind"].isin(CHECKED_KINDS)]
    assert len(countable) == 121
    assert (countable["check"] != "").all()


def test_what_needs_data_says_which_data_and_which_check(ledger: pd.DataFrame) -> None:
    waiting = ledger[ledger["status"] == "needs-data"]
    assert waiting["needs_en"].str.startswith("Needed: ").all()
    assert waiting["needs_nl"].str.startswith("Nodig: ").all()
    assert waiting["needs_en"].str.contains(r"\(check \w+").all()


def test_a_check_that_cannot_tell_says_so(ledger: pd.DataFrame) -> None:
    silent = ledger[(ledger["check"] != "") & (ledger["status"] == "transcribed")]
    assert (silent["needs_en"] != "").all()


def test_bounds_have_ends_inside_n(ledger: pd.DataFrame) -> None:
    bounded = ledger[ledger["status"] == "bounded"].dropna(subset=["low", "high", "n"])
    assert len(bounded) > 20
    assert (bounded["low"] <= bounded["high"]).all()
    assert (bounded["high"] <= bounded["n"]).all()


def test_no_field_status_without_field_data(ledger: pd.DataFrame) -> None:
    assert not ledger["status"].isin(["supported", "contradicted", "undecided"]).any()


def test_what_ought_to_be_is_never_recomputed(ledger: pd.DataFrame) -> None:
    normative = ledger[ledger["evidence_kind"] == "normative"]
    assert set(normative["status"]) == {"not-empirical"}


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("M-1.3.1-12", "discrepant"),  # D-01: the period; table 1 runs on
        ("M-1.3.1-13", "recomputed"),  # twelve sessions: twelve rows
        ("M-1.3.2-09", "discrepant"),  # D-02: the caption of figure 4
        ("M-1.2-20", "transcription-checked"),  # D-03: one question each, and one package has two
        ("M-1.2-09", "transcribed"),  # D-07: the levels in four packages, which need not be every level
        ("M-1.2-31", "discrepant"),  # D-40
        ("M-2.3-02", "discrepant"),  # D-40, the other side
        ("M-1.2-25", "discrepant"),  # D-41
        ("M-5-07", "discrepant"),  # D-41, the other side
        ("M-1.3.1-23", "bounded"),  # D-08: table 1 names it once; not naming is not denying
        ("C-5-10", "repeated"),  # D-71: three of four effects named, each of them there
        ("F-2.1.1-23", "needs-data"),  # D-04: no barriers, and then one: no count follows
    ],
)
def test_discrepancies_are_found_and_tensions_are_not_called_so(ledger: pd.DataFrame, claim: str, status: str) -> None:
    assert ledger.set_index("id")["status"][claim] == status


def test_a_statement_does_not_agree_only_where_a_discrepancy_says_that_the_text_does_not(
    ledger: pd.DataFrame, tables: Tables
) -> None:
    verdicts = tables["discrepancies"].set_index("id")["verdict"]
    for row in ledger[ledger["status"] == "discrepant"].itertuples():
        assert "T" in set(verdicts[str(row.discrepancies).split(";")]), row.id


@pytest.mark.parametrize(
    ("claim", "outcome"),
    [("M-3.1-01", "agrees"), ("F-2.4.4-02", "differs"), ("M-1.1-09", "in-part"), ("F-4-21", "in-part")],
)
def test_a_statement_beside_another_page_says_at_once_what_that_page_says(
    ledger: pd.DataFrame, claim: str, outcome: str
) -> None:
    assert ledger.set_index("id").loc[claim, ["status", "outcome"]].tolist() == ["companion", outcome]


def test_links_are_those_of_the_tables(ledger: pd.DataFrame) -> None:
    row = ledger.set_index("id").loc["M-1.3.1-12"]
    assert row["discrepancies"] == "D-01"
    assert row["companions"] == "X-06;X-10"


def test_summary_counts_every_claim_once(ledger: pd.DataFrame) -> None:
    whole = statuses.summary(ledger)
    assert whole["total"].tolist() == [len(ledger)]
    by_section = statuses.summary(ledger, by=["section"])
    assert by_section["total"].sum() == len(ledger)
    assert by_section.drop(columns=["section", "total"]).to_numpy().sum() == len(ledger)
    with pytest.raises(KeyError, match="no column 'colour'"):
        statuses.summary(ledger, by=["colour"])


def test_no_status_is_typed_in_a_table(root: Path) -> None:
    for path in sorted((root / "data" / "raw" / "smitsveen").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert "status" not in row, path
                assert not set(row.values()) & set(statuses.STATUSES), (path, row)


def test_an_unsound_claim_stops_the_ledger_with_its_row(tables: Tables) -> None:
    claims = tables["claims"].copy()
    row = claims.index[claims["id"] == "M-1.3.1-13"][0]
    claims.loc[row, "check_args"] = "table=sessions; column=session; fact=sesions_stated"
    with pytest.raises(InvalidTable, match=rf"claims.csv, row {row}, column check_args: found fact=sesions_stated"):
        statuses.ledger({**tables, "claims": claims})


# --- no check is a tautology: change what it rests on and it is seen


def _outcome(tables: Tables, claim: Any) -> tuple[Any, ...]:
    try:
        result = run_check(tables, claim.check, claim.check_args)
    except WrongArgument as error:
        return ("refused", str(error))
    status = statuses.status_of(claim, result)
    return (status, result.found, result.expected, result.low, result.high, result.n)


def _other_values(cell: Any, words: str, column: str) -> list[Any]:
    if column == "rule":
        return ["none", "majority"]
    if not isinstance(cell, str):
        return [int(cell) + 1, 99]
    if cell.isdigit():
        return [str(int(cell) + 1)]
    if len(cell) == 7 and cell[4] == "-":
        return [f"{int(cell[:4]) + 9}{cell[4:]}", f"{int(cell[:4]) - 9}{cell[4:]}"]
    bumped = "".join(str((int(sign) + 1) % 10) if sign.isdigit() else sign for sign in cell)
    return [words, bumped, "none", "anders"]


def _changed(tables: Tables, read: Read, words: str) -> Iterator[Tables]:
    """Change what was read: take one of the rows away, or change one of the cells, or at last all of them."""
    table = tables[read.table]
    known = [] if read.column in ("", "rule") else list(table[read.column].unique()[:3])
    for label in dict.fromkeys([read.rows[0], read.rows[-1], *read.rows]):
        if not read.column:
            yield {**tables, read.table: table.drop(index=label)}
            continue
        for value in [*_other_values(table.loc[label, read.column], words, read.column), *known]:
            other = table.copy()
            other.loc[label, read.column] = value
            yield {**tables, read.table: other}
    if read.column:
        other = table.copy()
        other.loc[list(read.rows), read.column] = _other_values(
            table.loc[read.rows[0], read.column], words, read.column
        )[-1]
        yield {**tables, read.table: other}


def test_changing_what_a_check_rests_on_changes_what_it_finds(tables: Tables) -> None:
    """For every claim with a check, and for every input that the check says it read."""
    blind = []
    inputs = 0
    for claim in tables["claims"].itertuples():
        if not claim.check:
            continue
        before = _outcome(tables, claim)
        words = claim.check_args.partition("words=")[2].partition(";")[0].replace(",", " ")
        for read in run_check(tables, claim.check, claim.check_args).reads:
            inputs += 1
            if not any(_outcome(changed, claim) != before for changed in _changed(tables, read, words or "anders")):
                blind.append((claim.id, read))
    assert inputs > 250
    assert blind == []


def test_a_check_that_decided_or_bounded_read_something(tables: Tables, ledger: pd.DataFrame) -> None:
    rests_on = statuses.rests_on(tables)
    decided = ledger[
        (ledger["check"] != "") & ledger["status"].isin([*statuses.AGREEMENTS, "discrepant", "bounded", "companion"])
    ]
    assert [claim for claim in decided["id"] if not rests_on[claim]] == []


def test_no_check_reads_its_own_row(tables: Tables) -> None:
    claims = tables["claims"]
    for claim, reads in statuses.rests_on(tables).items():
        own = claims.index[claims["id"] == claim][0]
        touched = [read for read in reads if read.table == "claims" and own in read.rows]
        assert touched == [] or claim == "M-0-15", claim


def _outcomes(tables: Tables) -> dict[str, tuple[Any, ...]]:
    return {claim.id: _outcome(tables, claim) for claim in tables["claims"].itertuples() if claim.check}


def _another(value: str) -> str:
    if value[4:5] == "-":
        return f"{int(value[:4]) + 1}{value[4:]}"
    return str(int(value) + 1) if value.isdigit() else f"{value}x"


def _with_fact(tables: Tables, fact: str, value: str) -> Tables:
    facts = tables["facts"].copy()
    facts.loc[facts["fact"] == fact, "value"] = value
    return {**tables, "facts": facts}


def test_changing_one_published_number_moves_exactly_the_claims_that_rest_on_it(tables: Tables) -> None:
    """Facts are changed in groups: each fact is in some and not in others, so any two facts are told apart."""
    facts = tables["facts"]
    resting: dict[int, set[str]] = {row: set() for row in facts.index}
    for claim, reads in statuses.rests_on(tables).items():
        for read in reads:
            for row in read.rows if read.table == "facts" else ():
                resting[row].add(claim)
    assert len(set().union(*resting.values())) > 30
    before = _outcomes(tables)
    places = {row: place for place, row in enumerate(facts.index, start=1)}
    for bit in range(len(facts).bit_length()):
        for side in (0, 1):
            chosen = [row for row, place in places.items() if place >> bit & 1 == side]
            other = facts.copy()
            other.loc[chosen, "value"] = [_another(value) for value in facts.loc[chosen, "value"]]
            after = _outcomes({**tables, "facts": other})
            moved = {claim for claim in before if before[claim] != after[claim]}
            assert moved == set().union(*(resting[row] for row in chosen))


def _flipped(tables: Tables, ledger: pd.DataFrame) -> dict[str, str]:
    after = statuses.ledger(tables).set_index("id")["status"]
    before = ledger.set_index("id")["status"]
    return {claim: after[claim] for claim in before.index if after[claim] != before[claim]}


def test_another_session_length_flips_the_session_length(tables: Tables, ledger: pd.DataFrame) -> None:
    assert _flipped(_with_fact(tables, "session_hours", "3"), ledger) == {"M-1.3.1-17": "discrepant"}


def test_another_number_of_sessions_flips_the_number_of_sessions(tables: Tables, ledger: pd.DataFrame) -> None:
    assert _flipped(_with_fact(tables, "sessions_stated", "13"), ledger) == {"M-1.3.1-13": "discrepant"}


def test_a_stated_period_as_in_the_table_would_agree(tables: Tables, ledger: pd.DataFrame) -> None:
    assert _flipped(_with_fact(tables, "sessions_to", "2023-05"), ledger) == {"M-1.3.1-12": "recomputed"}


def test_moving_a_session_flips_its_row_and_nothing_else(tables: Tables, ledger: pd.DataFrame) -> None:
    sessions = tables["sessions"].copy()
    sessions.loc[sessions["session"] == 11, "month"] = "2023-04"
    assert _flipped({**tables, "sessions": sessions}, ledger) == {"M-T1-23": "discrepant", "F-T1-24": "discrepant"}


def test_moving_the_change_story_session_settles_the_caption(tables: Tables, ledger: pd.DataFrame) -> None:
    sessions = tables["sessions"].copy()
    sessions.loc[sessions["session"] == 9, "month"] = "2022-11"
    assert _flipped({**tables, "sessions": sessions}, ledger) == {
        "M-T1-19": "discrepant",
        "F-T1-20": "discrepant",
        "M-1.3.2-09": "recomputed",
    }


def test_a_theme_less_flips_the_number_of_themes(tables: Tables, ledger: pd.DataFrame) -> None:
    themes = tables["themes"]
    assert _flipped({**tables, "themes": themes[themes["id"] != "T-2.4.3-01"]}, ledger) == {"F-2.4-01": "discrepant"}


def test_what_can_go_together_is_no_contradiction(tables: Tables, ledger: pd.DataFrame) -> None:
    """A statement is discrepant only where a discrepancy says that something is wrong, or a name is another."""
    status = ledger.set_index("id")["status"]
    listed = tables["discrepancies"]
    wrong = set(";".join(listed.loc[listed["verdict"].isin(["T", "W"]), "claims"]).split(";"))
    assert set(status.index[status == "discrepant"]) <= wrong


def test_answers_of_homeowners_replace_the_range(tables: Tables, ledger: pd.DataFrame) -> None:
    answers = pd.DataFrame(
        {
            "respondent": [f"R{number}" for number in range(100)],
            "question": "information-preference",
            "option": ["post"] * 80 + ["e-mail"] * 20,
            "rank": pd.array([pd.NA] * 100, dtype="Int64"),
        }
    )
    assert _flipped({**tables, "answers": answers}, ledger) == {"F-2.4.5-02": "supported", "F-2.4.5-03": "supported"}
