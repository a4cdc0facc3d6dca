"""Who may have which file: public, restricted or secret; and what of it git holds that it must not hold.

Restricted is what is not said to be otherwise. Git is closed by default: `.gitignore` lets studies in by name. A file
is known by its content too, so that it is found under another name, in a commit of long ago, and in what a notebook
shows.
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

from koppelkans.study import sealing
from koppelkans.study.settings import TIERS
from koppelkans.study.study import Study, known_studies, open_study

_PASSAGE = 40
"""Signs of a line that is taken for somebody's own words; shorter ones are said by many."""


def tier_of(study: Study, file: str) -> str:
    """Return the tier of a file of a study: its own, else restricted where it was collected, else that of the study.

    A seal holds checksums alone, and is public.
    """
    if file == sealing.FILE:
        return TIERS[0]
    study_tier = str(study.settings.get("tier", "restricted"))
    entries = [*study.field_data, *(study.settings.get("tables") or {}).values()]
    for entry in entries:
        if file in (entry.get("file"), entry.get("structure")):
            return str(entry.get("tier") or ("restricted" if entry.get("origin") == "collected" else study_tier))
    return study_tier


def tracked_problems(root: Path) -> list[str]:
    """Return a line for each file that git holds, now or in a commit, though its tier is not public; none without git.

    Looks at names, at content (under any name), and at the words of people in notebooks and results.
    """
    listed = _git(root, "ls-files", "-s", "-z")
    if listed is None:
        return []
    tracked = {}
    for line in filter(None, listed.split("\0")):
        about, _, name = line.partition("\t")
        tracked[name] = about.split()[1]
    closed = _closed_files(root)
    problems = [f"{name}: a key of pseudonyms is in git" for name in tracked if name.endswith(".key.csv")]
    problems += [f"{name}: is in git, and {closed[name]}" for name in tracked if name in closed]
    if closed:
        blobs = _blobs(root, list(closed))
        for name, blob in tracked.items():
            if blob in blobs and name not in closed:
                problems.append(f"{name}: is in git, and holds the same as {blobs[blob]}, which {closed[blobs[blob]]}")
        now = set(tracked.values())
        for line in (_git(root, "rev-list", "--objects", "--all") or "").splitlines():
            blob, _, name = line.partition(" ")
            if blob in blobs and blob not in now:
                problems.append(f"{name}: is in an earlier commit, and holds the same as {blobs[blob]}")
        problems += _words_in_notebooks(root, [name for name in tracked if name.endswith(".ipynb")])
    mend = "; git rm --cached it; of an earlier commit: see SECURITY.md"
    return [problem + mend for problem in dict.fromkeys(problems)]


def _closed_files(root: Path) -> dict[str, str]:
    """Return every raw file that is not public, by its path below the root, with what it is."""
    closed = {}
    raw = root / "data" / "raw"
    known = set(known_studies(root))
    for folder in sorted(path for path in raw.iterdir() if path.is_dir()) if raw.is_dir() else []:
        study = open_study(folder.name, root) if folder.name in known else None
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            tier = tier_of(study, path.relative_to(folder).as_posix()) if study else "restricted"
            if tier != TIERS[0]:
                closed[path.relative_to(root).as_posix()] = f"is {tier} (tier in study.yml)"
    return closed


def _blobs(root: Path, names: list[str]) -> dict[str, str]:
    """Return the name that git would give to the content of each file -> its path; empty files say nothing."""
    filled = [name for name in names if (root / name).stat().st_size]
    hashed = _git(root, "hash-object", "--stdin-paths", given="\n".join(filled) + "\n") if filled else ""
    return dict(zip((hashed or "").split(), filled, strict=False))


def _words_in_notebooks(root: Path, notebooks: list[str]) -> list[str]:
    """Look for whole lines of people's words in notebooks that are in git."""
    studies = [open_study(name, root) for name in known_studies(root)]
    closed = [one for one in studies if any(tier_of(one, entry["file"]) != TIERS[0] for entry in one.field_data)]
    passages = {line: study.name for study in closed for line in people_lines(study)}
    problems = []
    for name in notebooks if passages else ():
        path = root / name
        written = path.read_text(encoding="utf-8") if path.is_file() else _git(root, "show", f":{name}") or ""
        shown = written.replace("\\n", "\n").replace('\\"', '"')
        found = {passages[line] for line in passages if line in shown}
        problems += [f"{name}: is in git, and holds words of people of {study}" for study in sorted(found)]
    return problems


def people_lines(study: Study) -> set[str]:
    """Return the lines of people's words in the tidy tables of a study that are long enough to be theirs alone."""
    lines: set[str] = set()
    for table in ("documents", "answers", "codings"):
        path = study.processed / f"{table}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                texts = [row.get("text") or "" for row in csv.DictReader(file)]
            lines |= {line.strip() for text in texts for line in text.splitlines() if len(line.strip()) >= _PASSAGE}
    return lines


def _git(root: Path, *arguments: str, given: str | None = None) -> str | None:
    """Return what git says; None where there is no git, or the folder is no checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=True, input=given,
            encoding="utf-8", errors="surrogateescape",  # names in git are UTF-8, on Windows too
        )  # fmt: skip
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    return done.stdout
