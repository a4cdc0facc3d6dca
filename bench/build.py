"""Time a build beside other ways to run the same notebooks, in one run and in turn, and write docs/benchmarks.md.

A clone of the compendium is made, and each way runs all notebooks of Smitsveen in both languages there. Snakemake and
doit, which get the same files to look after, and krippendorff are installed in an environment of their own.
Run it on a machine with nothing else to do: `make benchmarks`, or `python -m bench.build ROUNDS`.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

from bench.reliability import put

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = "# How fast it is\n\nCommands write this page; no number is typed.\n"
LANGUAGES = ("nl", "en")
PEERS = ("doit", "krippendorff", "snakemake")
PAPERMILL = "Papermill's command, a notebook after the other"
_ALPHA = """
import numpy as np, time
generator = np.random.default_rng(1)
truth = generator.integers(0, 4, 10_000)
seen = [(generator.random(10_000) < 0.8, generator.integers(0, 4, 10_000)) for _ in range(3)]
ratings = np.array([np.where(right, truth, other) for right, other in seen])
"""
_OURS = """
import pandas as pd
from koppelkans.coding import agreement
began = time.process_time()
agreement.krippendorff_alpha(pd.DataFrame(ratings.T), interval="bootstrap", draws=2000)
print(time.process_time() - began)
"""
_THEIRS = """
import krippendorff
began = time.process_time()
for _ in range(100):
    krippendorff.alpha(ratings[:, generator.integers(0, 10_000, 10_000)].astype(float), level_of_measurement="nominal")
print((time.process_time() - began) * 20)
"""


class Clone:
    """A copy of what is committed, with nothing built, in which every way runs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.root)], check=True)
        self.env = {**os.environ, "PYTHONPATH": str(self.root / "src"), "QUARTO": "no", "MPLBACKEND": "agg"}
        self.koppelkans("build", "smitsveen")
        made = sorted((self.root / "build" / "smitsveen" / "nl" / "_executed").glob("*.ipynb"))
        self.notebooks = [self.root / "notebooks" / path.name for path in made]  # those that this study has data for
        self.out = folder / "out"
        self.out.mkdir()

    def python(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run Python there, and stop where it fails."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=cwd or self.root, env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments[:4])} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def koppelkans(self, *arguments: str) -> None:
        """Run a command of ours there."""
        self.python("-m", "koppelkans", *arguments)

    def forget(self) -> None:
        """Take away what was built but for the tidy tables, which every way reads."""
        shutil.rmtree(self.root / "build", ignore_errors=True)
        shutil.rmtree(self.root / ".pytask", ignore_errors=True)
        (self.root / "pytask.lock").unlink(missing_ok=True)

    def each(self) -> list[tuple[Path, str]]:
        """Every notebook in every language."""
        return [(notebook, language) for notebook in self.notebooks for language in LANGUAGES]

    def papermill_command(self) -> None:
        """Start Papermill for each notebook, as its documentation shows."""
        for notebook, language in self.each():
            given = ["-p", "study", "smitsveen", "-p", "language", language, "-k", "python3", "--cwd", "notebooks"]
            self.python("-m", "papermill", str(notebook), str(self.out / "p.ipynb"), *given)

    def papermill_api(self) -> None:
        """Call Papermill for each notebook from one process."""
        code = "import sys, papermill\nfor pair in sys.argv[2:]:\n    path, language = pair.split('|')\n    " + (
            "papermill.execute_notebook(path, sys.argv[1], {'study': 'smitsveen', 'language': language}, "
            "kernel_name='python3', progress_bar=False, cwd='notebooks')"
        )
        self.python("-c", code, str(self.out / "a.ipynb"), *(f"{path}|{language}" for path, language in self.each()))

    def nbconvert(self) -> None:
        """Run each notebook as it stands, twice, since nbconvert gives it no parameters."""
        for notebook, _ in self.each():
            to = ["--to", "notebook", "--execute", "--output-dir", str(self.out)]
            self.python("-m", "nbconvert", *to, "--ExecutePreprocessor.kernel_name=python3", str(notebook))

    def scripts(self) -> None:
        """Run the code of each notebook as a plain script, without a kernel."""
        for notebook, language in self.each():
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            script = self.out / "script.py"
            parameters = f"study, language = 'smitsveen', {language!r}"
            script.write_text("\n\n".join(["display = print", code[0], parameters, *code[1:]]), encoding="utf-8")
            self.python(str(script), cwd=self.root / "notebooks")

    def all_notebooks(self) -> None:
        """Run all notebooks by `make figures`."""
        self.koppelkans("figures", "smitsveen")

    def everything(self) -> None:
        """Build everything with the reports by `make`."""
        self.koppelkans("build", "smitsveen")

    def one_word(self) -> None:
        """Build after a word was added to a chapter."""
        chapter = self.root / "paper" / "nl" / "_05-slotbeschouwing.qmd"
        lines = chapter.read_text(encoding="utf-8").split("\n")
        number = next(n for n, line in enumerate(lines) if line[:1].isalpha() and line.endswith("."))
        lines[number] = lines[number][:-1] + " nu."
        chapter.write_text("\n".join(lines), encoding="utf-8")
        self.koppelkans("build", "smitsveen")


def _peers(folder: Path) -> Path:
    """Install the other programs, and return where their commands are."""
    venv.create(folder / "peers", with_pip=True)
    commands = folder / "peers" / "bin"
    subprocess.run([str(commands / "pip"), "install", "--quiet", "numpy", *PEERS], check=True)
    return commands


def _same_graph(clone: Clone, folder: Path) -> None:
    """Write the tasks that pytask.lock names, with their files, for Snakemake and for doit; what they do is a touch."""
    lock = tomllib.loads((clone.root / "pytask.lock").read_text(encoding="utf-8"))
    folder.mkdir()
    rules, tasks = [], []
    for number, task in enumerate(lock["task"]):
        needs, makes = (
            sorted(path for path in task.get(part, {}) if "::" not in path) for part in ("depends_on", "produces")
        )
        for path in [*needs, *makes]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(path, encoding="utf-8")
        rules.append(f"rule r{number}:\n    input: {needs!r}\n    output: {makes!r}\n    shell: 'touch {{output}}'\n")
        tasks.append({"name": str(number), "file_dep": needs, "targets": makes, "actions": [["touch", *makes]]})
    last = sorted(path for task in lock["task"] for path in task["produces"])
    (folder / "Snakefile").write_text("\n".join([f"rule all:\n    input: {last!r}\n", *rules]), encoding="utf-8")
    (folder / "dodo.py").write_text(f"def task_all():\n    yield from {tasks!r}\n", encoding="utf-8")


def _seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each way, one number a round."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        clone, commands = Clone(folder), _peers(folder)
        graph = folder / "graph"
        _same_graph(clone, graph)
        others: dict[str, list[str]] = {
            "Snakemake, nothing to do": [str(commands / "snakemake"), "--cores", "2", "--quiet"],
            "doit, nothing to do": [str(commands / "doit"), "-v", "0"],
        }
        for command in others.values():
            subprocess.run(command, cwd=graph, check=True, capture_output=True)
        ways: dict[str, tuple[Callable[[], object], bool]] = {
            PAPERMILL: (clone.papermill_command, False),
            "Papermill's API, in one process": (clone.papermill_api, False),
            "nbconvert --execute": (clone.nbconvert, False),
            "the same code as plain scripts": (clone.scripts, False),
            "`make figures`, all stale": (clone.all_notebooks, True),
            "`make`, all stale, with the reports": (clone.everything, True),
            "`make`, nothing to do": (clone.everything, False),
            "`make`, one word changed in one chapter": (clone.one_word, False),
            **{
                name: (
                    (lambda command=command: subprocess.run(command, cwd=graph, check=True, capture_output=True)),
                    False,
                )
                for name, command in others.items()
            },
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (job, stale) in ways.items():
                if stale:
                    clone.forget()
                times[name].append(_seconds(job))
                print(f"{times[name][-1]:7.1f} s  {name}", flush=True)
            times.setdefault("alpha, ours", []).append(float(clone.python("-c", _ALPHA + _OURS)))
            theirs = subprocess.run([str(commands / "python"), "-c", _ALPHA + _THEIRS], check=True, capture_output=True)
            times.setdefault("alpha, krippendorff in a loop", []).append(float(theirs.stdout))
        return times


def page(times: dict[str, list[float]]) -> str:
    """Return the section on one study."""
    middle = {name: statistics.median(seconds) for name, seconds in times.items()}
    rounds = len(times[PAPERMILL])
    rows = [
        f"| {name} | {middle[name]:.1f} | {min(seconds):.1f}–{max(seconds):.1f} | "
        f"{middle[name] / middle[PAPERMILL]:.3f} |"
        for name, seconds in times.items()
        if not name.startswith("alpha")
    ]
    ours, theirs = middle["alpha, ours"], middle["alpha, krippendorff in a loop"]
    return "\n".join(
        [
            "Written by `make benchmarks`; do not edit. All ways ran in turn in one run, "
            f"{'once' if rounds == 1 else f'{rounds} times'}, on {os.cpu_count()} cores, with all notebooks of "
            "Smitsveen in both languages. Seconds say little on another machine; the ratios do.\n",
            "| what | seconds (median) | lowest–highest | against Papermill's command |",
            "|---|---|---|---|",
            *rows,
            "\nSnakemake and doit look after the same files as `make` does. nbconvert runs the notebooks without "
            "parameters.\n",
            "Krippendorff's alpha with a bootstrap of 2,000 draws, 10,000 units and three coders takes "
            f"{ours:.2f} s of the processor, a loop over the package krippendorff {theirs:.1f} s: "
            f"{ours / theirs:.3f} of it (the loop is timed over 100 draws).\n",
            "What a build does with its time is in [how it works](how-it-works.md).\n",
        ]
    )


def main() -> None:
    """Measure, and write the page."""
    put("One study", page(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3)), PAGE, HEAD)
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
