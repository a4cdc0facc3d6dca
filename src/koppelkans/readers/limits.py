"""How much a file may ask of the computer: one set of limits for all readers, adjustable in the environment.

A file that asks more is refused in one line that says how to allow it. Sizes and counts are looked at before they cost
anything; time and memory are watched while a file is read (`limited`), for what was not foreseen.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from koppelkans.errors import KoppelkansError, nearest

VARIABLE = "KOPPELKANS_LIMITS"
LIMITS = {
    "megabytes": (500, "MB"),  # of a file, and of what is unpacked of it
    "rows": (250_000, "rows or lines"),
    "columns": (5_000, "columns"),
    "cells": (5_000_000, "cells"),
    "files": (100_000, "files within it"),
    "codes": (100_000, "codes"),
    "levels": (200, "levels of codes"),
    "seconds": (300, "seconds to read it"),
    "memory": (4_000, "MB of memory to read it"),
}
"""Name -> how many, and of what. docs/field-data.md lists them; files of field data stay far below them."""


def most(name: str) -> int:
    """Return a limit: that of KOPPELKANS_LIMITS ("rows=1000000 seconds=900"), else the usual one.

    Raises KoppelkansError where the variable names another limit, or no whole number.
    """
    given = LIMITS[name][0]
    for setting in os.environ.get(VARIABLE, "").split():
        key, _, value = setting.partition("=")
        if key not in LIMITS or not (value.isascii() and value.isdigit() and 0 < len(value) < 16):
            raise KoppelkansError(
                f"{VARIABLE}: found {setting!r}, expected limits such as rows=1000000; known are {', '.join(LIMITS)}"
                f"{nearest(key, LIMITS)}"
            )
        given = int(value) if key == name else given
    return given


def hold(name: str, found: float, where: str) -> None:
    """Raise KoppelkansError, one line, where something holds more than a limit; `where` names it, as errors do."""
    if found > most(name):
        raise _refusal(name, f"found {found:,.0f}" if found > most(name) + 1 else "found more", where)


def _refusal(name: str, found: str, where: str) -> KoppelkansError:
    return KoppelkansError(
        f"{where}: {found}, expected at most {most(name):,} {LIMITS[name][1]}; make the file smaller, or allow more: "
        f"{VARIABLE}='{name}={2 * most(name)}' before the command"
    )


class _OutOfTime(BaseException):
    """Not an Exception, so that no reader takes it for a damaged file."""


@contextmanager
def limited(path: Path) -> Iterator[None]:
    """Read a file within the limits on time and memory. Raises KoppelkansError, one line, where it asks more.

    Time is watched in the main thread only, memory where the system lets a process limit itself (Linux).
    """
    try:
        with _memory(most("memory")), _time(most("seconds")):
            yield
    except _OutOfTime:
        raise _refusal("seconds", "found more", str(path)) from None
    except MemoryError:
        raise _refusal("memory", "found more", str(path)) from None
    except RecursionError:
        raise KoppelkansError(
            f"{path}: found parts within parts, deeper than any program writes; export it again"
        ) from None


@contextmanager
def _time(seconds: int) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows has no such timer: the other limits hold there
        yield
        return
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield  # a timer runs already: this file is read within another
        return

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    before = _data_limit()
    if before is None:
        yield
        return
    import resource

    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    wanted, hard = used + megabytes * 1_000_000, before[1]
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_limit() -> tuple[int, int] | None:
    """Return the limits on memory of this process; None where it has one already, or cannot limit itself."""
    if not Path("/proc/self/statm").is_file():
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    return (soft, hard) if soft == resource.RLIM_INFINITY else None
