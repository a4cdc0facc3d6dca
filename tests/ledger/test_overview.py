from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from koppelkans.ledger import overview, statuses
from koppelkans.ledger.data_needed import NOT_NAMED, data_needed
from koppelkans.ledger.short_names import HEADINGS, MAIN_FINDINGS
from koppelkans.locale import LANGUAGES, words
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.study.schemas import SCHEMAS
from koppelkans.study.tables import validate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"


@cache
def tables() -> dict[str, pd.DataFrame]:
    names = [path.stem for path in sorted(RAW.glob("*.csv")) if path.stem in SCHEMAS]
    return {name: validate(read_csv_table(RAW / f"{name}.csv"), name).reset_index(drop=True) for name in names}


@cache
def judged() -> pd.DataFrame:
    return statuses.ledger(tables())


def rows(language: str) -> pd.DataFrame:
    held = tables()
    return overview.overview(judged(), held["research_questions"], held["work_packages"], held["data_sets"], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_names_what_the_study_numbers(language: str) -> None:
    facts = tables()["facts"].set_index("fact")["value"]
    parts = rows(language)["part"].value_counts()
    assert parts["conclusion"] == int(facts["conclusions"]) and parts["recommendation"] == int(facts["recommendations"])
    assert parts["package"] == int(facts["work_packages_stated"]) and parts["question"] == parts["whole"] == 1


def test_every_bar_of_the_summary_is_all_statements_of_its_part() -> None:
    counted = rows("en").dropna(subset="statements")
    assert (counted[list(statuses.STATUSES)].sum(axis=1) == counted["statements"]).all()
    whole = counted.set_index("part").loc["whole"]
    assert whole["statements"] == len(tables()["claims"])


def test_a_number_that_is_not_published_is_not_filled_in() -> None:
    done = rows("en").set_index("work_package")["done"]
    sets = tables()["data_sets"].set_index("data_set")
    assert f"{sets.loc['sessions', 'n']} linkage sessions" in done["integrated-collaboration"]
    assert not any(letter.isdigit() for letter in done["effects-EiS"] + done["behaviour-change"])


def test_what_a_package_found_rests_on_findings_of_that_package() -> None:
    claims = tables()["claims"].set_index("id")
    for package, (ids, line) in MAIN_FINDINGS.items():
        held = claims.loc[list(ids)]
        assert set(held["kind"]) == {"finding"} and set(held["work_package"]) == {package}
        assert len({words(language).gettext(line) for language in LANGUAGES}) == len(LANGUAGES)
    assert set(HEADINGS) <= set(claims.index)


def test_the_data_needed_count_every_open_statement() -> None:
    needed = data_needed(judged(), tables()["data_sets"], "en").set_index("data_set")
    opened = judged()[judged()["status"].isin(statuses.OPEN)]
    assert needed["only"].sum() == len(opened) - opened["needs"].str.contains("; ").sum()
    assert (needed["only"] <= needed["statements"]).all() and (needed["core"] <= needed["statements"]).all()
    assert needed.index[-1] == NOT_NAMED
    known = tables()["data_sets"].set_index("data_set")
    for name in needed.index[:-1]:
        assert needed.loc[name, "held_by"] == known.loc[name, "held_by"]
    assert (
        set(opened.loc[opened["status"] == "needs-data", "needs"])
        and (opened.loc[opened["status"] == "needs-data", "needs"] != "").all()
    )


def test_a_study_without_statements_needs_no_data() -> None:
    assert data_needed(pd.DataFrame(), pd.DataFrame(), "nl").empty
    assert overview.overview(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), "nl").empty
