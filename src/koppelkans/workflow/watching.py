"""Wait for a file that somebody who writes has saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PAUSE = 0.3  # seconds between two looks; an editor that saves in two steps is done by the next


def _saved(folders: list[Path]) -> dict[Path, tuple[int, int]]:
    """Return time and size of each file that is no editor's own."""
    files = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if not path.name.startswith((".", "~$")) and not path.name.endswith("~") and path.is_file():
                with suppress(OSError):
                    status = path.stat()
                    files[path] = (status.st_mtime_ns, status.st_size)
    return files


def saved_files(folders: list[Path]) -> Iterator[list[Path]]:
    """Yield no files at once, then, each time that there are any, those below `folders` that were saved, came or went.

    It never ends. What is saved while the caller is at work is yielded next.
    """
    before = _saved(folders)
    yield []
    while True:
        time.sleep(PAUSE)
        now = _saved(folders)
        if now == before:
            continue
        time.sleep(PAUSE)
        if now == (now := _saved(folders)):
            changed = sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
            before = now
            yield changed
