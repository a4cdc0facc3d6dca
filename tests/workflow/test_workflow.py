"""What a user sees of `make`: fresh, stale, tampered, interrupted; on a small compendium with real kernels."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import Run, run_koppelkans, write_small_compendium

pytestmark = pytest.mark.slow


def ran(output: str) -> list[str]:
    """Tasks that ran, from the lines of progress."""
    return sorted(
        " ".join(line.split()[1:-4])
        for line in output.splitlines()
        if line.rstrip().endswith(" s") and " done in " in line
    )


def rows(status: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in status.splitlines():
        for state in ("fresh", "stale", "tampered"):
            if f" {state}" in line and not line.startswith(tuple("0123456789")):
                found.setdefault(state, []).append(line)
    return found


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A small compendium that was built once, with what `make` said."""
    folder = write_small_compendium(tmp_path_factory.mktemp("first"))
    done = run_koppelkans(folder, "build", "klein")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


@pytest.fixture
def built(first_build: tuple[Path, str, str], tmp_path: Path) -> Path:
    """A copy of it, elsewhere: what was built there is fresh here."""
    shutil.copytree(first_build[0], tmp_path / "copy")
    return tmp_path / "copy"


def test_a_build_makes_the_report_and_says_where(first_build: tuple[Path, str, str]) -> None:
    folder, said, progress = first_build
    assert "The report of klein is ready" in said
    for language in ("nl", "en"):
        report = folder / "build" / "klein" / language / "report"
        assert f"build/klein/{language}/report/index.html" in said
        assert all((report / f"index.{ending}").stat().st_size > 500 for ending in ("html", "pdf", "docx"))
    assert len([task for task in ran(progress) if task.startswith("notebook")]) == 4


def test_with_nothing_to_do_nothing_runs_even_after_a_touch(built: Path, run: Run) -> None:
    for path in [*(built / "data").rglob("*.csv"), *(built / "notebooks").iterdir(), *(built / "src").rglob("*.py")]:
        path.touch()
    started = time.perf_counter()
    again = run(built, "build", "klein")
    blink = time.perf_counter() - started
    assert "Everything is fresh; nothing to do." in again.stdout and not ran(again.stderr)
    started = time.perf_counter()
    status = run(built, "status", "klein")
    asked_pytask = time.perf_counter() - started
    assert status.returncode == 0 and "0 stale, 0 tampered" in status.stdout
    for seed in "0123":  # the order in which pytask meets the tasks
        assert "0 stale, 0 tampered" in run(built, "status", "klein", PYTHONHASHSEED=seed).stdout
    assert blink < asked_pytask / 2, f"{blink:.2f} s, where asking pytask takes {asked_pytask:.2f} s"


def test_a_changed_value_runs_only_what_rests_on_it(built: Path, run: Run) -> None:
    path = built / "data" / "raw" / "klein" / "levels.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("policy,1", "policy,6"), encoding="utf-8")
    status = run(built, "status", "klein")
    assert status.returncode == 1
    assert "data/raw/klein/levels.csv changed" in status.stdout
    again = ran(run(built, "build", "klein").stderr)
    assert [task for task in again if task.startswith("notebook")] == [
        "notebook klein-en-02-levels",
        "notebook klein-nl-02-levels",
    ]


def test_only_code_cells_and_imported_modules_make_a_notebook_stale(built: Path, run: Run) -> None:
    notebook = built / "notebooks" / "02-levels.ipynb"
    notebook.write_text(notebook.read_text().replace("A small notebook", "Another title"))
    (built / "src" / "koppelkans" / "privacy_notes.py").write_text('"""Not imported by any notebook."""\n')
    again = ran(run(built, "build", "klein").stderr)
    assert not [task for task in again if task.startswith("notebook")]
    assert any(task.startswith("report") for task in again)
    page = built / "build" / "klein" / "en" / "report" / "notebooks" / "02-levels-preview.html"
    assert "Another title" in page.read_text(encoding="utf-8")
    notebook.write_text(notebook.read_text().replace("number(len(s.table(", "number(len(s.table( "))
    again = ran(run(built, "build", "klein").stderr)
    assert [task for task in again if task.startswith("notebook")] == [
        "notebook klein-en-02-levels",
        "notebook klein-nl-02-levels",
    ]


def test_a_result_changed_by_hand_is_reported_and_made_anew(built: Path, run: Run) -> None:
    result = built / "build" / "klein" / "nl" / "results" / "01-sessions.json"
    figure = built / "build" / "klein" / "nl" / "figures" / "fig-timeline.svg"
    before = result.read_bytes(), figure.read_bytes()
    result.write_bytes(before[0].replace(b"12", b"13"))
    figure.write_bytes(before[1] + b" ")
    status = run(built, "status", "klein")
    assert status.returncode == 1
    tampered = "\n".join(rows(status.stdout)["tampered"])
    assert "results/01-sessions.json was changed by hand" in tampered
    assert "figures/fig-timeline.svg was changed by hand" in tampered
    again = run(built, "build", "klein")
    assert "tampered: build/klein/nl/results/01-sessions.json was changed by hand" in again.stderr
    assert (result.read_bytes(), figure.read_bytes()) == before
    assert run(built, "status", "klein").returncode == 0


def test_an_interrupted_build_completes_at_the_next_one(small: Path, run: Run) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "koppelkans", "build", "klein"],
        cwd=small,
        env={**os.environ, "PYTHONPATH": str(small / "src")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "tables" in line and "done" in line:
            break
    time.sleep(1.0)  # now kernels are starting or running
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(timeout=30) == 130
    assert "interrupted; what was finished is kept" in rest and "Traceback" not in rest
    build = small / "build"
    assert not [p for p in build.rglob("*") if ".tmp" in p.name]
    done = run(small, "build", "klein")
    assert done.returncode == 0, done.stderr


def test_a_failing_notebook_leaves_the_others_and_says_what_to_look_at(small: Path, run: Run) -> None:
    notebook = small / "notebooks" / "02-levels.ipynb"
    notebook.write_text(notebook.read_text().replace("len(s.table", "lenn(s.table"))
    done = run(small, "build", "klein")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (
        "koppelkans: notebook 02-levels: code cell 2 (from koppelkans.locale.language import number) failed: NameError"
        in done.stderr
    )
    assert (small / "build" / "klein" / "nl" / "_executed" / "02-levels.failed.ipynb").exists()
    assert (small / "build" / "klein" / "nl" / "_executed" / "01-sessions.ipynb").exists()


def test_users_mistakes_are_told_in_one_line(small: Path, run: Run) -> None:
    unknown = run(small, "build", "kleyn")
    assert unknown.returncode == 1
    assert unknown.stderr == "koppelkans: STUDY=kleyn: unknown study; known: klein; did you mean 'klein'?\n"
    sessions = small / "data" / "raw" / "klein" / "sessions.csv"
    whole = sessions.read_text(encoding="utf-8")
    lines = whole.split("\n")
    lines[6] = lines[6].replace("2021-10", "2021-13").replace("2021-09", "2021-13")
    sessions.write_text("\n".join(lines), encoding="utf-8")
    wrong = run(small, "build", "klein")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr
    assert "koppelkans: data/raw/klein/sessions.csv, row 7, column month: found '2021-13'" in wrong.stderr
    assert not (small / "data" / "processed" / "klein" / "sessions.csv").exists()
    sessions.write_text(whole, encoding="utf-8")
    settings = small / "data" / "raw" / "klein" / "study.yml"
    settings.write_text(settings.read_text() + "parameters:\n  02-levels: {sead: 3}\n")
    parameter = run(small, "build", "klein")
    assert parameter.returncode == 1
    assert "study.yml, parameters, 02-levels: unknown parameter 'sead'; it takes study (str)" in parameter.stderr


def test_a_raw_file_that_changed_is_said_and_can_be_accepted(small: Path, run: Run) -> None:
    assert run(small, "checksums", "klein").returncode == 0
    assert run(small, "check", "klein").returncode == 0
    levels = small / "data" / "raw" / "klein" / "levels.csv"
    levels.write_text(levels.read_text(encoding="utf-8").replace("policy,1", "policy,6"), encoding="utf-8")
    checked = run(small, "check", "klein")
    assert checked.returncode == 1 and "levels.csv differs from SHA256SUMS" in checked.stderr
    assert "note: data/raw/klein: levels.csv differs from SHA256SUMS" in run(small, "tables", "klein").stderr


def test_a_raw_file_or_chapter_that_is_gone_is_noticed(built: Path, run: Run) -> None:
    levels = built / "data" / "raw" / "klein" / "levels.csv"
    levels.rename(built / "levels.csv")
    status = run(built, "status", "klein")
    assert status.returncode == 1 and "data/raw/klein/levels.csv is gone" in status.stdout
    gone = run(built, "build", "klein")
    assert gone.returncode == 1
    assert "koppelkans: data/raw/klein/levels.csv: no such file" in gone.stderr
    (built / "levels.csv").rename(levels)
    assert run(built, "build", "klein").returncode == 0
    paper = built / "paper" / "nl"
    index = (paper / "index.qmd").read_text(encoding="utf-8")
    (paper / "_two.qmd").write_text("# Two\n", encoding="utf-8")
    (paper / "index.qmd").write_text(index + "\n{{< include _two.qmd >}}\n", encoding="utf-8")
    assert run(built, "build", "klein").returncode == 0
    (paper / "_two.qmd").unlink()
    without = run(built, "build", "klein")
    assert without.returncode == 1 and "_two.qmd" in without.stderr and "Traceback" not in without.stderr


def test_who_writes_sees_the_report_again_after_each_save(built: Path) -> None:
    """A save with a fault is said and waited out; the next one is built; Ctrl-C ends without a word of error."""
    watching = subprocess.Popen(
        [sys.executable, "-m", "koppelkans", "watch", "klein"],
        cwd=built,
        env={**os.environ, "PYTHONPATH": str(built / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr
    patience = threading.Timer(200, watching.kill)  # so that a fault is a failure and no endless wait
    patience.start()
    page, chapter = built / "build/klein/nl/report/index.html", built / "paper/nl/index.qmd"

    def said(words: str) -> list[str]:
        lines: list[str] = []
        for line in watching.stderr:
            lines.append(line)
            if words in line:
                return lines
        raise AssertionError("".join(lines))

    said("waiting for a file to be saved")
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text + "\n{{< var nothing.of_the_kind >}}\n", encoding="utf-8")
    assert any("nothing.of_the_kind" in line for line in said("waiting for a file"))
    chapter.write_text(text + "\nWarmte uit de wijk.\n", encoding="utf-8")
    assert "saved: paper/nl/index.qmd\n" in said("waiting for a file")
    assert "Warmte uit de wijk." in page.read_text(encoding="utf-8")
    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 0 and "Traceback" not in watching.stderr.read()
    patience.cancel()


def test_every_file_of_the_report_is_looked_after(built: Path, run: Run) -> None:
    report = built / "build" / "klein" / "nl" / "report"
    (report / "figures" / "fig-timeline.svg").write_text("drawn by hand", encoding="utf-8")
    (report / "preview.css").unlink()
    status = run(built, "status", "klein")
    assert status.returncode == 1
    assert "report/figures/fig-timeline.svg was changed by hand" in status.stdout
    assert run(built, "build", "klein").returncode == 0
    assert (report / "preview.css").exists() and "<svg" in (report / "figures" / "fig-timeline.svg").read_text()


@pytest.mark.parametrize("broken", ["pytask.lock", ".pytask/fresh-klein.json"])
def test_damaged_records_are_no_dead_end(built: Path, run: Run, broken: str) -> None:
    (built / broken).write_bytes(b"[[[ not what it was")
    status = run(built, "status", "klein")
    assert "Traceback" not in status.stderr and "pytask stopped" not in status.stderr
    assert "steps" in (again := run(built, "build", "klein")).stderr or "Everything is fresh" in again.stdout
    assert again.returncode == 0
