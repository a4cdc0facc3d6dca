"""The reports name who made them and when, as CITATION.cff does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("edition", ["nl", "en"])
def test_a_report_has_the_makers_and_the_date_of_the_citation_file(edition: str) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    _, header, _ = (ROOT / "paper" / edition / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(header)
    assert front["author"] == citation["authors"][0]["name"]
    assert front["date"] == citation["date-released"]
    assert front["license"].replace(" ", "-") in citation["license"]
    assert citation["date-released"][:4] in front["abstract"]
