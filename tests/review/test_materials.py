"""The bill of materials names what the lock has, and licences that ask something of others are said first."""

from __future__ import annotations

import json
from pathlib import Path

from koppelkans.review.materials import BILL, LICENCES, licences_page, locked
from koppelkans.workflow.environment import fits


def test_the_bill_of_materials_is_that_of_the_lock(root: Path) -> None:
    components = json.loads((root / BILL).read_text(encoding="utf-8"))["components"]
    assert [(one["name"], one["version"]) for one in components] == locked(root / "requirements.lock")
    page = (root / LICENCES).read_text(encoding="utf-8")
    assert all(f"- {name}: " in page and "LGPL" in page for name in ("deduce", "frozendict"))


def test_licences_that_are_shared_alike_come_first() -> None:
    page = licences_page([("a", "1"), ("b", "2")], {"a": "MIT", "b": "LGPL-3.0-only"})
    assert page.index("- b: LGPL-3.0-only") < page.index("| a | MIT |") and "- a:" not in page


def test_an_environment_fits_by_the_series_of_its_versions() -> None:
    assert fits("3.4.1", ["3.1.0"]) and fits("0.2.9", ["0.1.0", "0.2.1"]) and fits("1.0", [])
    assert not fits("2.9", ["3.1.0"]) and not fits("0.3.0", ["0.2.1"])
