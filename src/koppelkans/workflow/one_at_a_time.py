"""One build of a compendium at a time: a second one waits and says so. What a killed one left behind is cleared."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOCK = ".koppelkans.lock"
WAITING = "koppelkans: another make is at work in this folder; waiting until it is done (Ctrl-C stops the waiting) ..."


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the lock of a compendium, which the system takes back when a process ends, however it ends."""
    with (root / LOCK).open("a+b") as file:
        if not _lock(file, wait=False):
            print(WAITING, file=sys.stderr, flush=True)
            _lock(file, wait=True)
        _clear_leftovers(root)
        yield


def _lock(file: IO[bytes], wait: bool) -> bool:
    """Take the lock of an open file; tell whether that went well."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK if not wait else msvcrt.LK_LOCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _clear_leftovers(root: Path) -> None:
    """Remove half-written files and folders of builds that were killed; nobody writes now but who holds the lock."""
    for folder in (root / "build", root / "data" / "processed"):
        for directory, folders, files in os.walk(folder):
            for name in [name for name in folders if name.startswith("_preview-")]:
                shutil.rmtree(Path(directory, name), ignore_errors=True)
                folders.remove(name)
            for name in files:
                if name.startswith(".") and name.endswith((".tmp", ".tmp.ipynb")):
                    Path(directory, name).unlink(missing_ok=True)
