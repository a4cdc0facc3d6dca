"""The reports name who made them and when, as CITATION.cff does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("edition", ["nl", "en"])
def test_a_report_has_the_makers_and_the_date_of_the_citation_file(edition: str) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    _, header, _ = (ROOT / "paper" / edition / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(header)
    assert front["author"] == citation["authors"][0]["name"]
    assert front["date"] == citation["date-released"]
    assert front["license"].replace(" ", "-") in citation["license"]
    assert any(citation["date-released"][:4] in entry["text"] for entry in front["colophon"])


@pytest.mark.parametrize("edition", ["nl", "en"])
def test_the_title_page_names_the_study_as_study_yml_does(edition: str) -> None:
    study = yaml.safe_load((ROOT / "data/raw/smitsveen/study.yml").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    _, header, _ = (ROOT / "paper" / edition / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(header)
    reference = study["reference"]
    about_study, about_compendium = (entry["text"] for entry in front["colophon"][:2])
    for author in reference["authors"]:
        name = f"{author['given']} {author['family']}"
        assert name in front["credits"]
        assert name in about_study
    assert all(reference[part] in about_study for part in ("title", "publisher", "department"))
    assert str(reference["year"]) in about_study
    assert front["place"] == study["place"]
    assert front["licence"] == front["license"]
    assert all(text in about_compendium for text in (citation["title"], citation["version"], front["author"]))
