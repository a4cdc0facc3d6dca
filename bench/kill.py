"""Kill builds at random moments and hold what the next build makes against one that ran through.

python -m bench.kill [TIMES]: Voorbeeldwijk's figures in a clean copy, by SIGKILL of the whole group.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.reliability import put
from koppelkans.review.clean_copy import clean_copy
from koppelkans.study import project_root


def made_in(folder: Path, study: str) -> dict[str, str]:
    """Return the SHA-256 of every file that a build made, but for its own notes, by its path below the folder."""
    places = [folder / "build" / study, folder / "data" / "processed" / study]
    files = sorted(path for place in places for path in place.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def build(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    """Start a command of koppelkans in a compendium, in a group of its own."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.Popen(
        [sys.executable, "-m", "koppelkans", *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_at_random(folder: Path, command: tuple[str, ...], times: int, longest: float, seed: int = 1) -> int:
    """Start a command and kill its whole group after up to `longest` seconds, so often; return how many were killed."""
    moments, killed = random.Random(seed), 0
    for _ in range(times):
        child = build(folder, *command)
        time.sleep(moments.uniform(0.05, 1) * longest)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            killed += 1
        child.wait()
    return killed


if __name__ == "__main__":
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    study, command = "voorbeeldwijk", ("figures", "voorbeeldwijk")
    survived = killed = 0
    with tempfile.TemporaryDirectory(), clean_copy(project_root()) as copy:
        started = time.perf_counter()
        assert build(copy.root, *command).wait() == 0, "the build does not run through"
        takes, right = time.perf_counter() - started, made_in(copy.root, study)
        for number in range(times):
            for path in [*copy.root.glob("build/*/*/_executed/*.ipynb")][number % 3 :: 3]:
                path.unlink()  # so that there is something to do
            killed += kill_at_random(copy.root, command, 1, takes / 2, number)
            assert build(copy.root, *command).wait() == 0, f"after kill {number + 1} the build does not run through"
            survived += made_in(copy.root, study) == right
            print(f"\r{number + 1} of {times}: {killed} killed, {survived} times the same bytes", end="", flush=True)
    print()
    result = f"{times} builds, {killed} killed before their end; {survived} of {times} gave the same bytes after that"
    put("Builds that are killed (`make kill`)", f"By SIGKILL of the whole group at random moments: {result}.")
    sys.exit(survived != times)
