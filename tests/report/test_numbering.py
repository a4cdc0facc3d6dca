from __future__ import annotations

from pathlib import Path

import pytest

from koppelkans.locale import LANGUAGES
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.report.evidence_page import places
from koppelkans.report.manuscript import load_manuscript, load_yaml

ROOT = Path(__file__).resolve().parents[2]
EXHIBITS = read_csv_table(ROOT / "data" / "raw" / "smitsveen" / "exhibits.csv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_or_table_of_the_study_is_in_the_report_and_names_its_number_there(language: str) -> None:
    shown = places(load_manuscript(ROOT / "paper" / language)).exhibits
    captions = load_yaml(ROOT / "src/koppelkans/figures/captions" / f"{language}.yml")
    words = {"nl": {"figure": "figuur", "table": "tabel"}, "en": {"figure": "figure", "table": "table"}}[language]
    for row in EXHIBITS[EXHIBITS["kind"] != "photo"].to_dict("records"):
        kind, number = words[row["exhibit"].partition("-")[0]], row["number"]
        assert f"{kind} {number}" in captions[row["label"]]["source"].lower(), row["label"]
        assert row["label"] in shown or (row["label"].startswith("fig-story-") and "tbl-change-stories" in shown)
