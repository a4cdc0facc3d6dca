"""A build that is killed, runs beside another, or fails leaves nothing half-done behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Run, write_small_compendium
from small_build import small_build

from bench.kill import kill_at_random, made_in
from koppelkans.study import write_atomically
from koppelkans.workflow.one_at_a_time import one_at_a_time
from koppelkans.workflow.workflow import _message, _why_not

pytestmark = pytest.mark.slow


def test_after_builds_that_were_killed_the_next_gives_the_same_bytes(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, run: Run
) -> None:
    right = made_in(small_build(tmp_path_factory), "klein")
    folder = write_small_compendium(tmp_path / "ëlders")  # another folder, with a letter beyond ASCII
    assert kill_at_random(folder, ("build", "klein"), 3, 4.0) > 0
    left = folder / "build" / "klein" / "en" / ".left.1.tmp"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.touch()
    done = run(folder, "build", "klein", LC_ALL="C", TZ="Pacific/Auckland", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert made_in(folder, "klein") == right and not left.exists()


def test_what_a_killed_build_left_half_written_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    edition = tmp_path / "build" / "klein" / "en"
    left = [edition / ".a.csv.7.tmp", edition / ".01.7.tmp.ipynb", edition / "_preview-x" / "page.html"]
    for path in (*left, edition / "a.csv", edition / ".nojekyll"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with one_at_a_time(tmp_path):
        assert sorted(path.name for path in edition.rglob("*")) == [".nojekyll", "a.csv"]


def test_a_second_build_waits_for_the_first_and_says_so(small: Path) -> None:
    with one_at_a_time(small):
        child = subprocess.Popen(
            [sys.executable, "-m", "koppelkans", "tables", "klein"],
            cwd=small,
            env={**os.environ, "PYTHONPATH": str(small / "src")},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        assert child.stderr
        said = [child.stderr.readline() for _ in range(2)]  # that raw files are not listed comes first
        assert "another make is at work in this folder" in said[1]
        assert child.poll() is None
    assert child.wait(60) == 0
    child.stderr.close()


def test_a_folder_that_may_not_be_written_is_told_from_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    refused = PermissionError(13, "Permission denied", str(tmp_path / "build"))
    assert _why_not(refused).startswith("it may not be written; give yourself the right")
    (tmp_path / "raw.csv").touch()
    read_only = OSError(30, "Read-only file system", str(tmp_path / "raw.csv"))
    assert _why_not(read_only).startswith("it may not be written")


def test_a_full_disk_is_said_in_one_line_and_leaves_what_was_there(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text("whole", encoding="utf-8")
    full = OSError(errno.ENOSPC, "No space left on device", str(path))

    def write_half(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:2])
        raise full

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "another")
    assert path.read_text(encoding="utf-8") == "whole" and [*tmp_path.iterdir()] == [path]
    said = "report klein-en: no space left on the disk; free some and type make again (nothing is half-written)"
    assert _message(full, "report klein-en", tmp_path) == said


def test_on_windows_the_lock_is_tried_until_it_is_free(tmp_path: Path, monkeypatch: Any) -> None:
    tries: list[tuple[str, int]] = []

    def locking(number: int, how: str, size: int) -> None:
        tries.append((how, size))
        if len(tries) < 3:
            raise OSError("held by another")

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK="once", LK_LOCK="wait"))
    monkeypatch.setattr(sys, "platform", "win32")
    with one_at_a_time(tmp_path):
        assert tries == [("once", 1), ("wait", 1), ("wait", 1)]
