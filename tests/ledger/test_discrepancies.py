from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.ledger import discrepancies as ledger
from koppelkans.ledger.discrepancy_evidence import CHECKS
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.study.schemas import SCHEMAS
from koppelkans.study.tables import validate

pytestmark = pytest.mark.slow

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"
Tables = dict[str, pd.DataFrame]


@cache
def published(name: str) -> pd.DataFrame:
    return validate(read_csv_table(RAW / f"{name}.csv"), name).reset_index(drop=True)


def smitsveen() -> Tables:
    return {name: published(name).copy() for name in ledger.TABLES if name in SCHEMAS}


@cache
def checked() -> pd.DataFrame:
    return ledger.checked(smitsveen())


def row(table: pd.DataFrame, key: str) -> Any:
    return table[table["id"] == key].iloc[0]


def test_every_discrepancy_is_there_once_with_its_places() -> None:
    table = checked()
    assert list(table["id"]) == list(published("discrepancies")["id"])
    assert (table["anchors"] != "").all() and set(table["verdict"]) == set(ledger.VERDICTS)
    naming = table[table["verdict"] == "W"]
    assert not naming["computable"].any() and naming["detected"].isna().all()


def test_checks_and_list_name_each_other() -> None:
    named = set(published("discrepancies")["check"]) - {""}
    assert named == set(CHECKS)


def test_what_the_list_says_is_found_in_the_data() -> None:
    table = checked()
    run = table[table["computable"]]
    assert len(run) >= 35 and run["detected"].all()
    assert (run["found"] != "").all() and (run["found_nl"] != "").all() and (run["found_en"] != "").all()
    assert set(ledger.outcome(table)) == {"found", "listed"}


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("D-01", "stated=12; until=2023-03; through=11; before=10; all=12"),
        ("D-02", "table=2022-10; caption=2022-11; rows=0"),
        ("D-03", "packages=4; questions=5; sum=1 + 2 + 1 + 1"),
        ("D-07", "levels=5; used=3; without_en=policy level, interpersonal level; shared_en=institutional level"),
        ("D-08", "forms=15; inquiry=1; abcd=0"),
        ("D-09", "themes=18; forms=15; outcomes=14; months=2021-09, 2022-05, 2023-01"),
        ("D-65", "first=homeowner-interviews; second=residents"),
        ("D-76", "first_en=flyers; later_en=flyers, websites, letters"),
    ],
)
def test_the_numbers_of_a_discrepancy_are_computed(key: str, values: str) -> None:
    assert row(checked(), key)["found"] == values


def test_months_and_groups_are_read_in_the_language() -> None:
    assert "maart 2023" in row(checked(), "D-01")["found_nl"] and "March 2023" in row(checked(), "D-01")["found_en"]
    assert "woningeigenaren" in row(checked(), "D-65")["found_nl"]


Change = Callable[[Tables], None]


def setting(table: str, key: str, wanted: str, column: str, value: Any) -> Change:
    """Set `column` where column `key` has a value."""

    def change(tables: Tables) -> None:
        held = tables[table][key] == wanted
        assert held.any(), f"{table} has no {key} {wanted}"
        tables[table].loc[held, column] = value

    return change


def saying(claim: str, words: str) -> Change:
    return setting("claims", "id", claim, "statement_en", words)


def dropping(table: str, keep: Callable[[pd.DataFrame], pd.Series]) -> Change:
    def change(tables: Tables) -> None:
        kept = tables[table][keep(tables[table])]
        assert len(kept) < len(tables[table])
        tables[table] = kept

    return change


def adding(table: str, like: Callable[[pd.DataFrame], pd.Series], **cells: Any) -> Change:
    """Add a copy of the first row that `like` picks, with other cells."""

    def change(tables: Tables) -> None:
        first = tables[table][like(tables[table])].head(1)
        assert len(first)
        tables[table] = pd.concat([tables[table], first.assign(**cells)], ignore_index=True)

    return change


def both(*changes: Change) -> Change:
    def change(tables: Tables) -> None:
        for one in changes:
            one(tables)

    return change


def link(start: str, end: str, relation: str = "supports") -> Change:
    return adding("traces", lambda t: t["from_claim"] != "", from_claim=start, to_claim=end, relation=relation)


def outcome(session: int, month: str, text: str) -> Change:
    return adding(
        "sessions",
        lambda t: t["kind"] == "outcome",
        session=session,
        month=month,
        text_en=text,
        text_nl=text,
        category="overview",
        item=9,
    )


def more_outcomes(tables: Tables) -> None:
    for session, month in ((1, "2021-09"), (1, "2021-09"), (6, "2022-05"), (10, "2023-01")):
        outcome(session, month, "more")(tables)


def all_agree_on_the_level(package: str) -> Change:
    return dropping("package_levels", lambda t: (t["work_package"] != package) | (t["basis"] == "stated-design"))


def every_topic_reported(tables: Tables) -> None:
    name = "sustainability, participation, corporation, institutions, surroundings"
    adding("themes", lambda t: t["strand"] == "tenants", id="T-2.3-09", name_en=name)(tables)


MENDED: dict[str, Change] = {
    "D-01": setting("facts", "fact", "sessions_to", "value", "2023-05"),
    "D-02": setting("facts", "fact", "story_session_caption", "value", "2022-10"),
    "D-03": dropping("research_questions", lambda t: t["id"] != "RQ-2b"),
    "D-04": setting("quantifiers", "id", "Q-11", "rule", "not-all"),
    "D-07": both(
        adding("package_levels", lambda t: t["basis"] == "stated-design", level="policy"),
        adding("package_levels", lambda t: t["basis"] == "stated-design", level="interpersonal"),
    ),
    "D-08": setting("sessions", "kind", "work_form", "text_en", "appreciative inquiry"),
    "D-09": more_outcomes,
    "D-10": saying("M-1.3.1-28", "Table 1 lists themes, work forms and outcomes."),
    "D-11": saying("M-1.3.1-06", "The sessions were evaluated with semi-structured interviews."),
    "D-12": setting("quantifiers", "n_basis", "if-all-tenants", "n_basis", "stated"),
    "D-40": all_agree_on_the_level("resident-connection"),
    "D-41": all_agree_on_the_level("effects-EiS"),
    "D-43": every_topic_reported,
    "D-46": setting("sessions", "month", "2023-03", "category", "overview"),
    "D-47": setting("sessions", "category", "closing", "month", "2023-01"),
    "D-50": saying("F-2.1.2-02", "The integral nature of the issue became visible."),
    "D-51": saying("F-2.2-01", "Lessons of EiS."),
    "D-52": saying("F-2.4-01", "Desk research, observations and the behaviour lenses gave this."),
    "D-53": saying("A-4-03", "A project supporter, a supporting group and the title."),
    "D-54": saying("F-2.3-06", "Ownership grew."),
    "D-55": link("F-2.1.3-02", "C-3-16"),
    "D-58": saying("M-3.1-08", "Reflection sessions were held for validity."),
    "D-59": outcome(11, "2023-03", "the effects were validated"),
    "D-60": both(
        saying("C-5-12", "The corporation."),
        saying("C-5-13", "The corporation."),
        saying("F-4-36", "The corporation."),
        setting("claims", "section", "4", "statement_nl", ""),
        setting("claims", "section", "5", "statement_nl", ""),
        setting("claims", "section", "4", "anchor", "somewhere else"),
    ),
    "D-61": saying("F-2.4.4-01", "Saving cost is the biggest motive."),
    "D-62": saying("F-2.4.1-06", "Uncertainty on the heat pump."),
    "D-63": saying("F-2.4.2-01", "Vendors are trusted little."),
    "D-64": saying("F-2.4.2-03", "Respondents feel reluctance to visit the desk."),
    "D-65": setting("quantifiers", "id", "Q-38", "group", "homeowner-interviews"),
    "D-67": setting("themes", "id", "T-2.4.1-03", "valence", "positive"),
    "D-69": setting("themes", "strand", "homeowners", "valence", "negative"),
    "D-70": link("F-2.3-05", "C-3-24"),
    "D-71": link("F-2.2.3-01", "C-5-09"),
    "D-72": saying(
        "F-2.3-06",
        "Balans, an energy company, the image, information evenings, a variety of approaches, money, an empty chair.",
    ),
    "D-74": setting(
        "change_stories", "anchor", "contact komen met bereikbare groepen", "text_en", "reachable groups, hard to reach"
    ),
    "D-76": saying("F-2.2.5-01", "Flyers, websites and letters go unread."),
    "D-77": both(saying("C-5-18", "It can reduce uncertainty."), saying("F-2.4.2-02", "It reduces uncertainty.")),
}


def test_every_check_has_a_change_that_mends_it() -> None:
    table = checked()
    assert set(MENDED) == set(table.loc[table["computable"], "id"])


@pytest.mark.parametrize("key", sorted(MENDED))
def test_a_discrepancy_goes_away_when_the_data_are_mended(key: str) -> None:
    tables = smitsveen()
    if key == "D-77":
        tables["claims"].loc[tables["claims"]["id"] == "C-5-18", ["statement_nl", "anchor"]] = ""
    MENDED[key](tables)
    mended = ledger.checked(tables)
    assert bool(row(mended, key)["detected"]) is False
    assert row(mended, key)["found"] != row(checked(), key)["found"]
    assert ledger.outcome(mended)[mended["id"] == key].item() == "not-found"
    shown = ledger.report_table(mended, "en").set_index("id")["found"]
    assert shown[key].startswith("Not found.")


@pytest.mark.parametrize(
    ("key", "change", "found"),
    [
        ("D-01", dropping("sessions", lambda t: t["session"] != 3), "through=10; before=9; all=11"),
        ("D-07", dropping("package_levels", lambda t: t["level"] != "community"), "used=2"),
        ("D-09", dropping("sessions", lambda t: (t["kind"] != "outcome") | (t["session"] != 2)), "outcomes=13"),
        ("D-70", link("F-2.2.4-03", "C-3-24"), "linked=3; residents=0"),
    ],
)
def test_what_is_found_follows_the_data(key: str, change: Change, found: str) -> None:
    tables = smitsveen()
    change(tables)
    assert found in row(ledger.checked(tables), key)["found"]


@pytest.mark.parametrize("missing", [name for name in ledger.TABLES if name != "discrepancies"])
def test_a_check_without_its_table_says_so_and_the_others_run(missing: str) -> None:
    tables = smitsveen()
    del tables[missing]
    table = ledger.checked(tables)
    not_run = table[ledger.outcome(table) == "not-run"]
    assert not_run["found"].str.startswith("missing=").all() and not_run["found_en"].str.startswith("Cannot").all()
    assert (ledger.outcome(table) != "not-found").all()
    if missing in ("claims", "facts", "sessions", "themes", "quantifiers", "traces"):
        assert len(not_run)


def test_an_unknown_check_is_refused_with_a_suggestion() -> None:
    tables = smitsveen()
    setting("discrepancies", "id", "D-03", "check", "one_question_per_packages")(tables)
    with pytest.raises(KoppelkansError, match=r"D-03, column check: .*did you mean 'one_question_per_package'"):
        ledger.checked(tables)


def test_counts_and_numbers_add_up() -> None:
    table = checked()
    assert ledger.counts(table)["n"].sum() == len(table)
    numbers = {key: number["value"] for key, number in ledger.numbers(table, "nl").items()}
    kinds = ("true", "scope", "tension", "naming", "undecided")
    assert sum(numbers[f"discrepancies_{kind}"] for kind in kinds) == len(table)
    assert numbers["discrepancies_computed"] + numbers["discrepancies_listed"] == len(table)
    assert numbers["discrepancies_detected"] + numbers["discrepancies_not_found"] == numbers["discrepancies_computed"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_table_has_a_row_for_every_discrepancy(language: str) -> None:
    shown = ledger.report_table(checked(), language)
    assert len(shown) == len(checked()) and list(shown.columns)[:4] == ["id", "verdict", "what", "found"]
    assert (shown["found"] == "listed").sum() == (~checked()["computable"]).sum()


@pytest.mark.skipif("means_nl" not in SCHEMAS["discrepancies"].columns, reason="the list does not say what it means")
def test_every_discrepancy_says_what_it_means_in_one_sentence() -> None:
    for language in ("nl", "en"):
        means = checked()[f"means_{language}"]
        assert means.str.fullmatch(r"[^.]+\.").all()


def test_a_study_without_the_list_has_none() -> None:
    assert ledger.checked({}).empty and ledger.checked({"discrepancies": pd.DataFrame()}).empty
    assert ledger.numbers(ledger.checked({}), "en")["discrepancies_detected"]["text"] == "–"
    assert ledger.report_table(ledger.checked({}), "nl").empty
