"""Time builds of many neighbourhoods: does each next one cost as much, and what do a second worker and Dask save?

python -m bench.studies [FEW MANY]: made-up neighbourhoods with a programme only, so that the workflow itself is the
largest part of the cost. Writes a section of docs/benchmarks.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.build import HEAD, PAGE, ROOT
from bench.reliability import put

_BUILD = """
import sys
from koppelkans.workflow.workflow import build_studies
failed = build_studies(sys.argv[3:], workers=int(sys.argv[1]), scheduler=sys.argv[2])[1]
sys.exit(str(failed) if failed else 0)
"""
_SETTINGS = (
    "name: {name}\ntitle: {{nl: {name}, en: {name}}}\nlanguages: [nl]\n"
    "tables:\n  sessions: {{file: sessions.csv, origin: synthetic}}\n"
)


def compendium(folder: Path, studies: int) -> list[str]:
    """Make a compendium with so many neighbourhoods that differ in name only; return their names."""
    for name in ("notebooks", "paper"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    for name in ("src", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    names = [f"wijk-{number:03d}" for number in range(1, studies + 1)]
    for name in names:
        raw = folder / "data" / "raw" / name
        raw.mkdir(parents=True)
        shutil.copy(ROOT / "data" / "raw" / "voorbeeldwijk" / "sessions.csv", raw)
        (raw / "study.yml").write_text(_SETTINGS.format(name=name), encoding="utf-8")
    return names


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder / "src"), "QUARTO": "no"}


def seconds(studies: int, workers: int = 2, dask: int = 0) -> float:
    """Build so many neighbourhoods from nothing, here or with so many Dask workers; return how long it took."""
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary).resolve()
        names = compendium(folder, studies)
        scheduler = stack.enter_context(cluster(folder, dask)) if dask else ""
        began = time.perf_counter()
        command = [sys.executable, "-c", _BUILD, str(workers), scheduler, *names]
        done = subprocess.run(command, cwd=folder, env=_environment(folder), capture_output=True, text=True)
        taken = time.perf_counter() - began
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
    what = f"Dask, {dask} workers" if dask else f"{workers} workers"
    print(f"{taken:7.1f} s  {studies} neighbourhoods, {what}", flush=True)
    return taken


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A Dask scheduler on loopback with so many workers of one thread, which work in a folder; yields its address."""
    started: list[subprocess.Popen[str]] = []

    def start(wait_for: str, *words: str) -> str:
        command = [sys.executable, "-m", *words, "--no-dashboard"]
        process = subprocess.Popen(command, cwd=folder, env=_environment(folder), stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stderr
        return next(found[1] for line in process.stderr if (found := re.search(wait_for, line)))

    try:
        address = start(
            r"Scheduler at:\s+(\S+)", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"
        )
        for _ in range(workers):
            start(r"(Registered) to:", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1")
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.communicate()


def main() -> None:
    """Measure, and write the section."""
    few, many = (int(words) for words in sys.argv[1:]) if len(sys.argv) == 3 else (10, 200)
    one, first, all_of_them = (seconds(number) for number in (1, few, many))
    early, late = (first - one) / (few - 1), (all_of_them - first) / (many - few)
    alone, dask_one, dask_two = seconds(few, workers=1), seconds(few, dask=1), seconds(few, dask=2)
    put(
        "Many neighbourhoods",
        f"""Written by `python -m bench.studies`; {os.cpu_count()} cores, made-up neighbourhoods with a programme
only, built from nothing with their reports, each build once.

| what | seconds | ratio |
|---|---|---|
| one of neighbourhoods 2 to {few} | {early:.2f} | |
| one of neighbourhoods {few + 1} to {many} | {late:.2f} | {late / early:.2f} of the first |
| {few} neighbourhoods, one worker | {alone:.1f} | |
| the same, two workers | {first:.1f} | {first / alone:.2f} of one worker |
| the same, one Dask worker | {dask_one:.1f} | |
| the same, two Dask workers | {dask_two:.1f} | {dask_two / dask_one:.2f} of one Dask worker |
""",
        PAGE,
        HEAD,
    )
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
