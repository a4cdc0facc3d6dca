"""What a build changed against the committed manifest: verdicts, numbers, figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.review.changes import changes
from koppelkans.review.manifest import MANIFEST, sha256
from koppelkans.review.plain_yaml import as_yaml
from koppelkans.study import Study, open_study

FIGURE = "build/klein/nl/figures/fig-a"


@pytest.fixture
def study(small: Path) -> Study:
    """A study with a build, and a manifest that is true of it."""
    files = {
        "build/klein/ledger/ledger.csv": "id,figure,status\nF-1-01,fig-a,bounded\nM-1-01,,recomputed\n",
        "build/klein/nl/results/01-a.json": json.dumps({"count": {"value": 12, "text": "12"}}),
        f"{FIGURE}.csv": "a\n1\n",
        f"{FIGURE}.svg": "<svg/>",
    }
    for name, text in files.items():
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        (small / name).write_text(text)
    outputs = {f"{FIGURE}.{ending}": sha256(small / f"{FIGURE}.{ending}") for ending in ("csv", "svg")}
    results = "build/klein/nl/results/01-a.json"
    manifest = {
        "study": "klein",
        "figures": [
            {"kind": "figure", "id": "fig-a", "inputs": {}}
            | {"editions": [{"parameters": {"language": "nl"}, "outputs": outputs}]}
        ],
        "numbers": [
            {"id": "01-a", "edition": "nl", "path": results, "sha256": sha256(small / results), "values": {"count": 12}}
        ],
        "ledger": [
            {"path": "build/klein/ledger/ledger.csv", "sha256": sha256(small / "build/klein/ledger/ledger.csv")}
            | {"verdicts": {"F-1-01": "bounded", "M-1-01": "recomputed"}}
        ],
        "tables": [],
    }
    (small / MANIFEST).parent.mkdir(exist_ok=True)
    (small / MANIFEST).write_text(as_yaml(manifest))
    return open_study("klein", small)


def test_a_build_as_the_manifest_has_it_changes_nothing(study: Study) -> None:
    assert not changes(study)


def test_a_changed_verdict_number_and_figure_are_named(study: Study) -> None:
    ledger = study.root / "build/klein/ledger/ledger.csv"
    ledger.write_text(ledger.read_text().replace("recomputed", "discrepant"))
    (study.root / "build/klein/nl/results/01-a.json").write_text(json.dumps({"count": {"value": 13, "text": "13"}}))
    (study.root / f"{FIGURE}.csv").write_text("a\n2\n")
    differing = changes(study)
    assert differing.verdicts == (("M-1-01", "recomputed", "discrepant"),)
    assert differing.numbers == (("01-a", "nl", "count", 12, 13),)
    assert differing.figures == ("fig-a",) and differing.drawings == ()
    assert "(M-1-01: recomputed to discrepant)" in differing.summary()
    assert "number 01-a.count (nl): 12 to 13" in differing.lines()


def test_another_drawing_of_the_same_data_is_told_apart(study: Study) -> None:
    (study.root / f"{FIGURE}.svg").write_text("<svg></svg>")
    differing = changes(study)
    assert differing.figures == () and differing.drawings == ("fig-a",)
    assert "only the drawing or the words" in differing.summary()


def test_without_a_manifest_there_is_nothing_to_compare_with(study: Study) -> None:
    (study.root / MANIFEST).unlink()
    with pytest.raises(KoppelkansError, match="not there"):
        changes(study)
