"""The house: rooms import in one direction, and every library that the code imports is declared."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports


def test_rooms_import_in_one_direction(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    status = lint_imports(no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


def test_every_library_that_is_imported_is_declared_and_the_other_way_round(root: Path) -> None:
    looked_at = subprocess.run(
        [sys.executable, "-m", "deptry", "--no-ansi", "."], cwd=root, capture_output=True, text=True
    )
    assert looked_at.returncode == 0, looked_at.stderr
    assert re.search("no dependency issues found", looked_at.stderr, re.IGNORECASE)


def test_how_it_works_names_every_room(root: Path) -> None:
    page = (root / "docs/how-it-works.md").read_text(encoding="utf-8")
    rooms = sorted(path.parent.name for path in (root / "src/koppelkans").glob("*/__init__.py"))
    assert [room for room in rooms if f"`{room}`" not in page] == []
