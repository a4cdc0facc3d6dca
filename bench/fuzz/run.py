"""Try broken files one after another, in a process that is watched: a hang and a glutton are failures too."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psutil

from bench.fuzz.attempts import emptied, outcome
from bench.fuzz.mutations import mutated
from bench.fuzz.seeds import Seed, seeds

MOST_SECONDS, MOST_BYTES = 10, 1_000_000_000
_LONGEST = 300  # seconds of the clock for one input
_EACH_WORKER = 5_000  # inputs, after which a new process takes over


@dataclass
class Tally:
    """What came of the inputs: how many were read whole or refused, and the failures with their number and trace."""

    outcomes: Counter[str] = field(default_factory=Counter)
    by_seed: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many inputs were tried."""
        return self.outcomes.total() + len(self.failures)


def broken(number: int, all_seeds: list[Seed]) -> tuple[Seed, dict[str, bytes]]:
    """Return the input of a number, always the same: a seed, and the contents that differ from it."""
    chance = Random(number)
    seed = chance.choices(all_seeds, [one.weight for one in all_seeds])[0]
    name = chance.choice(seed.broken)
    others = [content for one in chance.sample(all_seeds, 3) for content in one.files.values()]
    return seed, {name: mutated(seed.files[name], chance, others)}


def attempt(number: int, all_seeds: list[Seed], folder: Path) -> tuple[str, str]:
    """Read the input of a number in a folder; return what came of it and the name of its seed."""
    seed, contents = broken(number, all_seeds)
    emptied(folder)
    return outcome(seed.attempt, seed.write(folder, contents)), seed.name


def _work(numbers: range, folder: Path, at: Any, results: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    all_seeds = seeds()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    for number in numbers:
        at.value = number
        try:
            results.put((number, *attempt(number, all_seeds, folder), ""))
        except BaseException:  # what a reader lets through is what is looked for
            results.put((number, "failed", broken(number, all_seeds)[0].name, traceback.format_exc()))


def tried(first: int, last: int, until: float, kept: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield number, outcome, seed and trace of inputs `first` to `last`, as long as it is before `until`.

    The files of failures are put into `kept`.
    """
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "input")
        while first <= last and time.monotonic() < until:
            at, results = context.Value("q", first), context.SimpleQueue()
            numbers = range(first, min(first + _EACH_WORKER, last + 1))
            worker = context.Process(target=_work, args=(numbers, folder, at, results), daemon=True)
            worker.start()
            came = first - 1
            try:
                for came, *what in _watched(worker, at, results, until):
                    if what[0] == "failed" and folder.is_dir():
                        shutil.copytree(folder, kept / str(came), dirs_exist_ok=True, symlinks=True)
                    yield came, *what
            finally:
                worker.kill()
                worker.join()
            first = came + 1


def _watched(worker: Any, at: Any, results: Any, until: float) -> Iterator[tuple[int, str, str, str]]:
    """Yield what a worker says; kill it, and yield that, where it hangs, takes too much memory, or dies.

    Seconds are of its processor, so that a busy machine is no hang, and _LONGEST of the clock, for one that waits.
    """
    process, said = psutil.Process(worker.pid), 0
    since, worked, usual = time.monotonic(), 0.0, 0
    while time.monotonic() < until:
        if not results.empty():
            yield results.get()
            since, said = time.monotonic(), said + 1
            continue
        if not worker.is_alive():
            if worker.exitcode and results.empty():
                yield at.value, "failed", "?", f"died ({worker.exitcode})"
            break
        with contextlib.suppress(psutil.NoSuchProcess):
            times, used = process.cpu_times(), process.memory_info().rss
            if said and time.monotonic() - since < 1:  # it has just begun with this one
                worked, usual = times.user + times.system, usual or used
            why = ""
            if said and (times.user + times.system - worked > MOST_SECONDS or time.monotonic() - since > _LONGEST):
                why = "hung"
            elif said and used - usual > MOST_BYTES:
                why = f"took {used - usual:,} bytes"
            if why:
                yield at.value, "failed", "?", why
                break
        time.sleep(0.02)


def stopped(*_: object) -> None:
    """End as after the last input, with what was found so far."""
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, stopped)
