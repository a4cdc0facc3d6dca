"""Take one person out of a study: raw files, tidy tables, key and builds; and say what could not be reached."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.review.taking_out import CHANGES
from koppelkans.study import Study
from koppelkans.study.checksums import write_checksums
from koppelkans.study.keys import key_path, write_secret

_BEYOND = (
    "backups, and copies on other computers and at who got the data",
    "exports that were made before (.qdpx, tables of koppelkans import), releases and archives that were given away",
    "what was printed or sent",
)
_NOT_LOOKED_AT = {".git", ".venv", ".pytask", "src", "build"}


@dataclass
class Forgotten:
    """What was done: `changed` and `removed` (paths below the root), and `left`: what could not be reached."""

    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def forget(study: Study, respondent: str) -> Forgotten:
    """Take a person out of a study. `respondent`: the pseudonym, as the tidy tables have it, or the name in the key.

    Transcripts of the person alone are deleted; of tables of answers (also of SPSS) the person's rows, of REFI-QDA
    projects the person's sources with their codings and case. Other files are named in `left`. Tidy tables and builds
    are removed whole, since every number in them counted the person. Raises KoppelkansError for somebody who is not in
    the study.
    """
    if not respondent.strip():  # who has no name in the data would be meant
        raise KoppelkansError(f"{study.name}: no respondent given; give a pseudonym or a name of the key")
    names = _names(study, respondent)
    done = Forgotten()
    known = False
    for entry in study.field_data:
        path = study.raw / entry["file"]
        holders = _respondents(path, entry)
        if holders is None:
            done.left.append(f"{_shown(path, study)}: could not be read; look for the person in it yourself")
            continue
        mine = {name for name in holders if name in names}
        if not mine:
            continue
        known = True
        if set(holders) == mine and path.is_file():
            path.unlink()
            done.removed.append(f"{_shown(path, study)} (take it out of study.yml)")
        elif (change := CHANGES.get(path.suffix.lower())) and path.is_file() and change(path, mine, holders):
            after = _respondents(path, entry)
            if after is None or set(after) != set(holders) - mine:
                done.left.append(f"{_shown(path, study)}: was changed, and may still hold the person; look into it")
            done.changed.append(_shown(path, study))
        else:
            done.left.append(
                f"{_shown(path, study)}: holds the person; take the person out with the program it is from"
            )
    if not known:
        raise KoppelkansError(
            f"{study.name}: no respondent {respondent!r} in its field data; give the pseudonym of the tables, or "
            "the name that the key has"
        )
    for folder in (study.processed, study.root / "build" / study.name):
        if folder.exists():
            shutil.rmtree(folder)
            done.removed.append(_shown(folder, study))
    for made in ("release", "archive"):
        path = study.root / "build" / made / f"{study.name}.zip"
        if path.exists():
            path.unlink()
            done.removed.append(_shown(path, study))
    if _out_of_key(study, names):
        done.changed.append("the key of pseudonyms")
    if (study.raw / "SHA256SUMS").exists():
        write_checksums(study.raw)
    done.left += _elsewhere(study, names)
    done.left += _BEYOND
    return done


def _names(study: Study, respondent: str) -> set[str]:
    """Return all that a person is called: the pseudonym, and the names that have it in the key."""
    from koppelkans.readers.csv_tables import read_csv_table

    key = key_path(study)
    rows = read_csv_table(key)[["name", "pseudonym"]].to_numpy().tolist() if key else []
    pseudonyms = {pseudonym for name, pseudonym in rows if respondent in (name, pseudonym)} | {respondent}
    return pseudonyms | {name for name, pseudonym in rows if pseudonym in pseudonyms}


def _out_of_key(study: Study, names: set[str]) -> bool:
    from koppelkans.readers.csv_tables import read_csv_table

    key = key_path(study)
    if key is None:
        return False
    rows = read_csv_table(key)
    kept = rows[~rows["name"].isin(names)]
    write_secret(key, kept.to_csv(index=False, lineterminator="\n"))
    return len(kept) < len(rows)


def _respondents(path: Path, entry: dict[str, Any]) -> list[str] | None:
    """Return the respondents of a raw file, as they are called in it; None where it cannot be read."""
    from koppelkans.readers import read_project
    from koppelkans.readers.answers import read_answers

    how = {name: entry[name] for name in ("sheet",) if name in entry}
    try:
        if entry["kind"] == "answers":
            people = read_answers(path, respondent=entry.get("respondent"), **how).respondents["respondent"]
        else:
            people = read_project(path, entry.get("columns"), entry.get("preset"), entry.get("sheet")).documents[
                "respondent"
            ]
    except KoppelkansError:
        return None
    return [str(name) for name in people]


def _elsewhere(study: Study, names: set[str]) -> list[str]:
    """Name other files of the compendium whose name or text holds the person, and git's history if it does."""
    lines = []
    for path in sorted(study.root.rglob("*")):
        below = path.relative_to(study.root)
        if _NOT_LOOKED_AT & set(below.parts[:1]) or not path.is_file():
            continue
        content = b"" if path.stat().st_size > 50_000_000 else path.read_bytes()
        if any(name in path.name or name.encode() in content for name in names):
            lines.append(f"{below.as_posix()}: still names the person")
    for name in sorted(names):
        command = ["git", "-C", str(study.root), "log", "--all", "--oneline", f"-S{name}"]
        try:
            if subprocess.run(command, capture_output=True, check=True).stdout.strip():
                lines.append("git: earlier commits name the person (SECURITY.md says how to take that out)")
                break
        except (subprocess.CalledProcessError, FileNotFoundError):
            break
    return lines


def _shown(path: Path, study: Study) -> str:
    return path.relative_to(study.root).as_posix()
