from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from koppelkans.ledger import overview, statuses
from koppelkans.ledger.data_needed import NOT_NAMED, data_needed, numbers
from koppelkans.ledger.short_names import HEADINGS
from koppelkans.locale import LANGUAGES
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
    held = (tables()[name] for name in ("research_questions", "work_packages", "themes", "data_sets"))
    return overview.overview(*held, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_says_of_every_package_what_was_asked_whom_what_was_found_and_what_is_unknown(
    language: str,
) -> None:
    packages = rows(language).query("part == 'package'")
    assert list(packages["work_package"]) == list(tables()["work_packages"]["work_package"])
    assert (packages[["asks", "done", "unknown"]] != "").all(axis=None)
    assert (packages["finds"].str.count("\n") == 1).all(), "two findings each"


def test_a_number_that_is_not_published_is_not_filled_in() -> None:
    done = rows("en").set_index("work_package")["done"]
    sets = tables()["data_sets"].set_index("data_set")
    assert f"{sets.loc['evaluation-interviews', 'n']} interviews" in done["integrated-collaboration"]
    assert not any(letter.isdigit() for letter in done["effects-EiS"] + done["behaviour-change"])


def test_what_a_package_found_rests_on_findings_of_that_package() -> None:
    claims = tables()["claims"].set_index("id")
    for package in rows("en").query("part == 'package'").itertuples():
        held = claims.loc[str(package.ids).split("; ")]
        assert set(held["kind"]) == {"finding"} and set(held["work_package"]) == {package.work_package}
    assert set(HEADINGS) <= set(claims.index)


def test_the_data_needed_count_every_open_statement() -> None:
    needed = data_needed(judged(), tables()["data_sets"], "en").set_index("data_set")
    opened = judged()[judged()["status"].isin(statuses.OPEN)]
    said = {key: number["value"] for key, number in numbers(judged(), "en").items()}
    assert said["data_open"] == len(opened)
    assert needed["only"].sum() + said["data_several"] == said["data_open"], "the reader can add it up"
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
    assert numbers(pd.DataFrame(), "nl")["data_open"]["value"] == 0
    assert overview.overview(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), "nl").empty
