"""What data/processed will hold can be seen in a fresh clone."""

import re
from pathlib import Path

import pytest

from koppelkans.study.field_schemas import FIELD_SCHEMAS
from koppelkans.study.own_schemas import OWN_SCHEMAS
from koppelkans.study.schemas import SCHEMAS

ROW = re.compile(r"^\| `(?P<table>\w+)\.csv` \| (?P<holds>.*?) \| (?P<columns>.*) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def listed(root: Path) -> dict[str, re.Match[str]]:
    text = (root / "data/processed/README.md").read_text(encoding="utf-8")
    return {row["table"]: row for row in ROW.finditer(text)}


def test_every_table_stands_in_the_readme_and_no_other(listed: dict[str, re.Match[str]]) -> None:
    assert list(listed) == [*sorted(SCHEMAS), *sorted(OWN_SCHEMAS), *sorted(FIELD_SCHEMAS)]


@pytest.mark.parametrize("table", [*SCHEMAS, *OWN_SCHEMAS, *FIELD_SCHEMAS])
def test_the_readme_says_of_a_table_what_its_schema_says(table: str, listed: dict[str, re.Match[str]]) -> None:
    schema = (SCHEMAS | OWN_SCHEMAS | FIELD_SCHEMAS)[table]
    assert listed[table]["holds"] == schema.description
    assert re.findall("`([^`]+)`", listed[table]["columns"]) == list(schema.columns)
