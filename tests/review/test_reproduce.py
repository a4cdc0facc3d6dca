"""`make reproduce`, as a reviewer sees it: what is the same, what differs and why, and that nothing is left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run
from small_build import small_build

from koppelkans.review import comparison, reproduce_page
from koppelkans.review.clean_copy import clean_copy
from koppelkans.review.comparison import Verdict, changed_inputs, compare
from koppelkans.review.manifest import read_manifest
from koppelkans.review.reproduction import Reproduction
from koppelkans.workflow.versions import other_versions

pytestmark = pytest.mark.slow


@pytest.fixture
def built(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of a small compendium that was built, with its manifest."""
    return Path(shutil.copytree(small_build(tmp_path_factory), tmp_path / "copy"))


@pytest.fixture
def manifest(built: Path) -> dict[str, Any]:
    return read_manifest(built / "docs/figures.yml", "klein")


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def committed(folder: Path) -> Path:
    (folder / ".gitignore").write_text("build/\ndata/processed/\n.pytask/\npytask.lock\n__pycache__/\n")
    (folder / "paper" / "shared" / ".gitkeep").touch()  # git keeps no empty folder
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder


def wrong(verdicts: list[Verdict]) -> dict[str, tuple[str, str]]:
    return {row.path: (row.verdict, row.detail) for row in verdicts if row.verdict != "same"}


def listed(folder: Path) -> int:
    """The number of files that the manifest of the small compendium lists: those that a clean build is held against."""
    return len(compare(read_manifest(folder / "docs/figures.yml", "klein"), folder, folder))


def drop_last_session(folder: Path) -> None:
    path = folder / "data" / "raw" / "klein" / "sessions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("12,")), encoding="utf-8")


class Tags(HTMLParser):
    """The tags of a page, and what they point to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def test_an_unchanged_checkout_is_reproduced(built: Path, run: Run, tmp_path: Path) -> None:
    committed(built)
    (built / "notes.txt").write_text("mine")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = run(built, "reproduce", "klein", TMPDIR=str(temporary), QUOTES="yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Reproduced: all {listed(built)} files of klein are the same as in docs/figures.yml" in done.stdout
    assert "changes that are not committed are left out: notes.txt" in done.stdout
    assert "notebook klein-nl-01-sessions" in done.stderr  # progress of the build
    assert not list(temporary.glob("koppelkans-*"))
    page = (built / "build" / "klein" / "reproduce.html").read_text(encoding="utf-8")
    assert f"Reproduced: all {listed(built)} files" in page and page.count('<tr role="row">') == listed(built) + 1


def test_a_changed_raw_value_is_named_with_what_it_changes(built: Path, run: Run) -> None:
    drop_last_session(built)
    done = run(built, "reproduce", "klein")
    assert done.returncode == 1, done.stdout + done.stderr
    said = done.stdout
    assert re.search(r"numbers +01-sessions.json +en +\w{10} +\w{10} +differs", said)
    results = "build/klein/en/results/01-sessions.json, build/klein/nl/results/01-sessions.json"
    assert f"differs: {results}: count: 12 expected, 11 found" in said
    assert re.search(r"data/processed/klein/sessions.csv: .*48 rows expected, \d+ found", said)
    assert re.search(r"tidy table +levels.csv +\w{10} +\w{10} +same", said)
    assert "likely cause: data/raw/klein/sessions.csv is not the file that docs/figures.yml was made from" in said
    assert f"Not reproduced: 5 of {listed(built)} files of klein differ" in said


def test_without_a_manifest_one_clear_line(small: Path, run: Run) -> None:
    done = run(small, "reproduce", "klein")
    assert done.returncode == 1 and not done.stdout
    told = [line for line in done.stderr.splitlines() if line.startswith("koppelkans: ")]
    hint = "`make manifest STUDY=klein` writes it"
    assert told == [f"koppelkans: docs/figures.yml: not there, so there is nothing to compare with; {hint}"]
    (small / "docs").mkdir()
    (small / "docs/figures.yml").write_text("study: klein\n")
    committed(small)
    git(small, "rm", "--cached", "--quiet", "docs/figures.yml")
    git(small, "commit", "--quiet", "--message", "without")
    assert "docs/figures.yml: is not committed" in run(small, "reproduce", "klein").stderr


def test_a_build_that_fails_says_why_and_writes_nothing(built: Path, run: Run) -> None:
    path = built / "data" / "raw" / "klein" / "levels.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("policy,1", "policy,first"), encoding="utf-8")
    done = run(built, "reproduce", "klein")
    assert done.returncode == 1
    assert "koppelkans: the clean copy could not be built, for the reason above; nothing was compared" in done.stderr
    assert "Traceback" not in done.stderr and "levels.csv, row 2, column order" in done.stderr
    assert not (built / "build" / "klein" / "reproduce.html").exists()


def test_a_build_compared_with_its_own_manifest_is_the_same(built: Path, manifest: dict[str, Any]) -> None:
    assert wrong(compare(manifest, built, built)) == {} and changed_inputs(manifest, built) == []


@pytest.mark.parametrize("drawn_for", ["", ".narrow"])
def test_only_the_drawing_differs(built: Path, manifest: dict[str, Any], drawn_for: str) -> None:
    image = built / "build" / "klein" / "nl" / "figures" / f"fig-timeline{drawn_for}.svg"
    image.write_text(image.read_text(encoding="utf-8") + " ", encoding="utf-8")
    found = compare(manifest, built, built)
    assert wrong(found) == {f"build/klein/nl/figures/fig-timeline{drawn_for}.svg": ("differs", comparison.ONLY_DRAWING)}
    whole = reproduction(found)
    assert not whole.holds
    assert whole.verdict == (
        f"Not reproduced: 1 of {listed(built)} files of klein differ, in the drawing or layout only; "
        "every number and all data are the same"
    )


def test_missing_and_new_files_are_told_apart(built: Path, manifest: dict[str, Any]) -> None:
    results = built / "build" / "klein" / "en" / "results"
    (results / "02-levels.json").rename(results / "09-other.json")
    found = {path: verdict for path, (verdict, _) in wrong(compare(manifest, built, built)).items()}
    assert found == {
        "build/klein/en/results/02-levels.json": "missing",
        "build/klein/en/results/09-other.json": "new",
    }
    verdict = reproduction(compare(manifest, built, built)).verdict
    n_listed = listed(built) - 1  # the new one is not listed
    new = "1 new, not in docs/figures.yml"
    assert verdict == f"Not reproduced: 0 of {n_listed} files of klein differ; 1 missing; {new}"


def test_a_difference_in_data_is_shown_from_the_outputs_stored_in_a_notebook(
    built: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    shutil.copy(built / "build/klein/en/_executed/01-sessions.ipynb", built / "notebooks/01-sessions.ipynb")
    data = built / "build" / "klein" / "en" / "figures" / "fig-timeline.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("2021-09", "2021-08", 1), encoding="utf-8")
    found = wrong(compare(manifest, built, tmp_path / "nothing built here"))
    assert found == {
        "build/klein/en/figures/fig-timeline.csv": (
            "differs",
            "row 2, column month: '2021-09' expected, '2021-08' found",
        )
    }


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a,b\n1,2\n3,4\n", "a,b\n1,2\n3,5\n", "row 3, column b: '4' expected, '5' found"),
        ("a,b\n1,2\n", "a,b\n1,2\n3,4\n", "2 rows expected, 3 found"),
        ("a,b\n1,2\n", "a,c\n1,2\n", "row 1, column c: 'b' expected, 'c' found"),
        ("a,b\n1,2\n", "a\n1\n", "row 1: 2 columns expected, 1 found"),
        ('a,b\n1,"2"\n', "a,b\n1,2\n", "every cell is the same; only how the file is written differs"),
    ],
)
def test_the_first_cell_that_differs_is_named(before: str, after: str, said: str) -> None:
    assert comparison.csv_detail(before, after) == said


def test_numbers_that_differ_are_named_with_both_values() -> None:
    found = '{"a": {"value": 2, "text": "2"}, "c": {"value": "x", "text": "x"}}'
    assert comparison.numbers_detail({"a": 1, "b": None}, found) == (
        "a: 1 expected, 2 found; b: None expected, not there; c: 'x' is new"
    )
    assert comparison.numbers_detail({"a": 2, "c": "x"}, found).startswith("every value is the same")


def test_versions_other_than_the_lock_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "matplotlib==3.9.0 \\\n    --hash=sha256:00\nnumpy==2.1.0 ; python_version < '3'\nnumpy==2.2.0\nclick==1.0\n"
    )
    installed = {"matplotlib": "3.10.0", "numpy": "2.2.0", "click": "2.0"}
    assert other_versions(lock, installed.__getitem__) == [
        "matplotlib 3.10.0 (requirements.lock: 3.9.0)",
        "1 other libraries",
    ]
    assert other_versions(tmp_path / "none.lock") == []


def test_a_clean_copy_is_the_last_commit_and_goes_away(built: Path) -> None:
    committed(built)
    path = built / "data" / "raw" / "klein" / "levels.csv"
    before = path.read_bytes()
    path.write_bytes(before + b"x")
    with clean_copy(built) as copy:
        assert (copy.root / "data/raw/klein/levels.csv").read_bytes() == before
        assert not (copy.root / "build").exists() and not (copy.root / "data" / "processed").exists()
        assert "data/raw/klein/levels.csv" in copy.notes[0] and len(copy.commit) == 40
    assert not copy.root.parent.exists()


def test_without_git_the_files_are_copied_without_what_was_built(built: Path) -> None:
    (built / ".venv").mkdir()
    with clean_copy(built) as copy:
        left = {path.name for path in copy.root.iterdir()}
        assert {"data", "notebooks", "paper", "src", "docs"} <= left
        assert not {"build", ".venv", ".pytask", "pytask.lock"} & left
        assert not (copy.root / "data" / "processed").exists() and not list(copy.root.rglob("__pycache__"))
        assert copy.commit == ""
    assert not copy.root.parent.exists()


def reproduction(verdicts: list[Verdict]) -> Reproduction:
    return Reproduction("klein", "", verdicts, ["the files <are> taken"], ["data/raw/x.csv"], ["a 1"], "Python", 1.0)


def test_the_page_stands_alone_and_escapes_what_it_shows() -> None:
    row = Verdict("numbers", "a<b>.json", "en", "build/a<b>.json", "0" * 64, "", "missing", "not <made>")
    page = reproduce_page.page(reproduction([row]))
    seen = Tags(page)
    assert "b" not in seen.tags and "script" not in seen.tags
    assert all(link.startswith(("data:", "#")) for link in seen.links) and "url(" not in page
    assert {"html", "title", "main", "h1", "caption", "th"} <= set(seen.tags)
    assert 'name="viewport"' in page and "not &lt;made&gt;" in page


def test_the_manifest_of_the_small_compendium_is_plain_yaml(built: Path) -> None:
    text = (built / "docs/figures.yml").read_text(encoding="utf-8")
    assert "&id" not in text and "!!" not in text
    assert yaml.safe_load(text)["study"] == "klein"
