"""A small compendium with its manifest, built once for all tests that look at one."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import run_koppelkans, write_small_compendium

_made: list[Path] = []


def small_build(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a compendium with a fresh build of the study `klein`; leave it as it is."""
    if not _made:
        folder = write_small_compendium(factory.mktemp("small-build"))
        done = run_koppelkans(folder, "manifest", "klein")
        assert done.returncode == 0, done.stderr
        _made.append(folder)
    return _made[0]
