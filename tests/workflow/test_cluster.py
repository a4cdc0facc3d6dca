"""Several studies at once, here and on a Dask cluster that loses a worker: the same bytes, and what fails is named."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from conftest import Run, write_small_compendium

from bench.kill import made_in

pytest.importorskip("distributed", reason="the library distributed is not installed")
pytestmark = pytest.mark.slow

STUDIES = ("dal", "heuvel", "stuk")


def write_studies(folder: Path) -> Path:
    """Write a compendium with studies in one language; the third has a month that there is not."""
    write_small_compendium(folder)
    raw = folder / "data" / "raw"
    settings = (raw / "klein" / "study.yml").read_text(encoding="utf-8")
    for name in STUDIES:
        shutil.copytree(raw / "klein", raw / name)
        own = settings.replace("name: klein", f"name: {name}").replace(
            "report: paper", "report: paper\nlanguages: [nl]"
        )
        (raw / name / "study.yml").write_text(own, encoding="utf-8")
    shutil.rmtree(raw / "klein")
    spoil(folder, "2021-09", "2021-13")
    return folder


def spoil(folder: Path, old: str, new: str) -> None:
    sessions = folder / "data" / "raw" / "stuk" / "sessions.csv"
    sessions.write_text(sessions.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@contextmanager
def process(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process in the folder of a compendium, in a group of its own that ends with the block."""
    started = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.communicate()


def line_with(started: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Wait until a process says this."""
    assert started.stderr
    said = []
    for line in started.stderr:
        said.append(line)
        if found := re.search(pattern, line):
            return found
    raise AssertionError("".join(said))


def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_a_build_here(tmp_path: Path, run: Run) -> None:
    here, there = write_studies(tmp_path / "here"), write_studies(tmp_path / "there")
    done = run(here, "studies", QUARTO="no")
    failed = "koppelkans: stuk: data/raw/stuk/sessions.csv, row 2, column month: found '2021-13'"
    assert done.returncode == 1 and "2 studies are ready; failed: stuk." in done.stdout
    assert failed in done.stderr and "Traceback" not in done.stderr
    right = {name: made_in(here, name) for name in STUDIES[:2]}
    assert all(f"build/{name}/nl/report/index.pdf" in right[name] for name in right)

    with ExitStack() as stack:
        scheduler = stack.enter_context(
            process(there, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        )
        address = line_with(scheduler, r"Scheduler at:\s+(tcp://\S+)")[1]
        worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        lost, stays = (stack.enter_context(process(there, *worker)) for _ in range(2))
        for one in (lost, stays):
            line_with(one, r"Registered to:")
        building = stack.enter_context(process(there, "koppelkans", "studies", "--scheduler", address))
        line_with(building, r"notebook .* done in")  # others of the six run now, on both workers
        os.killpg(lost.pid, signal.SIGKILL)
        rest = building.communicate(timeout=200)[1]
        assert building.returncode == 1 and failed in rest and "notebook" in rest, rest
        assert {name: made_in(there, name) for name in STUDIES[:2]} == right

        spoil(there, "2021-13", "2021-09")
        again = run(there, "studies", "--scheduler", address, QUARTO="no")
        assert again.returncode == 0 and "3 studies are ready." in again.stdout, again.stderr
        ran = [line for line in again.stderr.splitlines() if " done in " in line]
        assert ran and all("stuk" in line for line in ran)


def test_a_cluster_that_is_not_there_is_said_in_one_line(tmp_path: Path, run: Run) -> None:
    folder = write_studies(tmp_path)
    done = run(folder, "studies", "dal", "--scheduler", "tcp://127.0.0.1:1")
    assert (
        done.returncode == 1
        and "koppelkans: SCHEDULER=tcp://127.0.0.1:1: no Dask scheduler answers there" in done.stderr
    )
    assert "Traceback" not in done.stderr
