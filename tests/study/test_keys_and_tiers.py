"""Names behind pseudonyms are for their owner's eyes, and nothing of people gets into git by accident."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from koppelkans.errors import KoppelkansError
from koppelkans.study import Study, open_study
from koppelkans.study.keys import key_beside, key_path, write_key
from koppelkans.study.tiers import tier_of, tracked_problems

WORDS = "Ik heb de bovenbuurman nooit meer op de trap gezien sinds die brief kwam."


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", "-C", str(root), *who, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def compendium(tmp_path: Path) -> Path:
    """A checkout with our .gitignore, a public study, and one of collected interviews."""
    for name in ("smitsveen", "wijk"):
        folder = tmp_path / "data" / "raw" / name
        folder.mkdir(parents=True)
        tier = "tier: public\n" if name == "smitsveen" else ""
        data = "- {file: Interviews/anna.txt, kind: interviews, strand: tenants, origin: collected}"
        text = f"name: {name}\ntitle: {{nl: W, en: W}}\norigin: collected\n{tier}field_data:\n{data}\n"
        (folder / "study.yml").write_text(text, encoding="utf-8")
        (folder / "Interviews").mkdir()
        (folder / "Interviews" / "anna.txt").write_text(f"{name}: {WORDS}", encoding="utf-8")
    (tmp_path / "data" / "raw" / "wijk" / "opnames").mkdir()
    (tmp_path / "data" / "raw" / "wijk" / "opnames" / "x.mp3").write_bytes(b"sound")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / ".gitignore", tmp_path)
    git(tmp_path, "init", "-q")
    return tmp_path


def test_git_takes_nothing_of_a_study_that_was_not_let_in(compendium: Path) -> None:
    seal = compendium / "data" / "raw" / "wijk" / "preregistered.json"
    seal.write_text("[]", encoding="utf-8")  # checksums alone
    git(compendium, "add", "-A")
    assert git(compendium, "ls-files").split() == [".gitignore", "data/raw/smitsveen/study.yml"]
    git(compendium, "add", "-f", str(seal))
    assert tracked_problems(compendium) == []
    collected = open_study("smitsveen", compendium)
    assert (tier_of(collected, "Interviews/anna.txt"), tier_of(collected, "study.yml")) == ("restricted", "public")


def test_what_git_holds_of_people_is_found_under_any_name_in_old_commits_and_in_notebooks(compendium: Path) -> None:
    raw = compendium / "data" / "raw" / "wijk"
    shutil.copy(raw / "Interviews" / "anna.txt", compendium / "notes.txt")
    git(compendium, "add", "-f", "notes.txt", "data/raw/wijk/opnames/x.mp3")
    found = "\n".join(tracked_problems(compendium))
    assert "notes.txt: is in git, and holds the same as data/raw/wijk/Interviews/anna.txt" in found
    assert "data/raw/wijk/opnames/x.mp3: is in git, and is restricted" in found
    git(compendium, "commit", "-qm", "too much")
    git(compendium, "rm", "-q", "--cached", "notes.txt", "data/raw/wijk/opnames/x.mp3")
    git(compendium, "commit", "-qm", "taken out")
    assert "notes.txt: is in an earlier commit" in "\n".join(tracked_problems(compendium))
    tidy = compendium / "data" / "processed" / "wijk"
    tidy.mkdir(parents=True)
    (tidy / "codings.csv").write_text(f'coding,text\n1,"{WORDS}"\n', encoding="utf-8")
    (compendium / "notebooks" / "n.ipynb").write_text(f'{{"text": ["a\\n{WORDS}\\nb"]}}', encoding="utf-8")
    git(compendium, "add", "notebooks")
    assert "notebooks/n.ipynb: is in git, and holds words of people of wijk" in "\n".join(tracked_problems(compendium))
    (compendium / "notebooks" / "n.ipynb").unlink()  # git holds it all the same
    assert "notebooks/n.ipynb: is in git, and holds words of people of wijk" in "\n".join(tracked_problems(compendium))


def test_this_project_holds_nothing_of_people_in_git() -> None:
    assert tracked_problems(ROOT) == []


@pytest.fixture
def study(compendium: Path) -> Study:
    return open_study("wijk", compendium)


def test_a_key_stands_outside_and_is_closed(study: Study, keys: Path) -> None:
    assert key_path(study) is None
    path = write_key(study, "kind,name,pseudonym\n")
    assert path.parent == keys and path.stat().st_mode & 0o777 == 0o600 and key_path(study) == path
    assert key_beside(study.root / "tables", study.root).parent == keys
    assert key_beside(study.root.parent / "tables", study.root) == study.root.parent / "tables.key.csv"
    path.chmod(0o640)
    with pytest.raises(KoppelkansError, match="others can read this key of pseudonyms; close it first: chmod 600"):
        key_path(study)
    path.unlink()
    with pytest.raises(KoppelkansError, match="the key of pseudonyms of wijk is gone; put it back"):
        key_path(study)


def test_a_key_within_the_compendium_is_moved_out(study: Study, keys: Path) -> None:
    before = study.root / "data" / "keys" / "wijk.key.csv"
    before.parent.mkdir()
    before.write_text("kind,name,pseudonym\n", encoding="utf-8")
    path = key_path(study)
    assert path and path.parent == keys and not before.exists() and path.stat().st_mode & 0o777 == 0o600
