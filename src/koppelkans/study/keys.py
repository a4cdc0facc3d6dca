"""Where the names behind the pseudonyms stand: outside the compendium, and for their owner's eyes alone."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.study.files import read_text, write_atomically
from koppelkans.study.study import Study

FOLDER = "KOPPELKANS_KEYS"
"""Environment variable with another folder for the keys."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keys_folder() -> Path:
    """Return the folder of the keys: that of KOPPELKANS_KEYS, else one in the home folder."""
    named = os.environ.get(FOLDER, "")
    return Path(named).expanduser() if named else Path.home() / ".koppelkans" / "keys"


def key_path(study: Study) -> Path | None:
    """Return the file that says who has which pseudonym; None where none was written yet.

    A note in data/keys (which git ignores) says which key is this compendium's, so that it may move and be copied. A
    key that stands in the compendium, as it did before, is moved out. Raises KoppelkansError where the key that was
    written is gone (a new one would give people another pseudonym), and where others can read it.
    """
    note = study.root / "data" / "keys" / f"{study.name}.id"
    inside = note.with_suffix(".key.csv")
    if inside.exists():
        content = read_text(inside)
        path = _new_key(study, note)
        write_secret(path, content)
        inside.unlink()
        return path
    if not note.exists():
        return None
    path = keys_folder() / f"{study.name}-{read_text(note).strip()}.key.csv"
    if not path.exists():
        raise KoppelkansError(
            f"{path}: the key of pseudonyms of {study.name} is gone; put it back, or say where it is: {FOLDER}=folder"
            f" (without it people would get another pseudonym; if that is meant, delete data/keys/{note.name})"
        )
    refuse_open(path)
    return path


def write_key(study: Study, content: str) -> Path:
    """Write the key of a study, and note in data/keys which one it is."""
    note = study.root / "data" / "keys" / f"{study.name}.id"
    path = key_path(study) or _new_key(study, note)
    write_secret(path, content)
    return path


def _new_key(study: Study, note: Path) -> Path:
    name = secrets.token_hex(6)
    write_atomically(note, name + "\n")
    return keys_folder() / f"{study.name}-{name}.key.csv"


def key_beside(target: Path, root: Path | None) -> Path:
    """Return where the key of an import goes: beside its target, or among the keys where that is in the compendium."""
    target = target.resolve()
    if root is None or not target.is_relative_to(root):
        return target.with_name(f"{target.stem}.key.csv")
    place = hashlib.sha256(str(target).encode()).hexdigest()[:8]
    return keys_folder() / f"{target.stem}-{place}.key.csv"


def write_secret(path: Path, content: str) -> None:
    """Write a file that its owner alone may read, from its first byte on; makes its folder likewise."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = os.umask(0o077)
    try:
        write_atomically(path, content)
    finally:
        os.umask(before)


def refuse_open(path: Path) -> None:
    """Raise KoppelkansError where others than its owner can read a key."""
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise KoppelkansError(f"{path}: others can read this key of pseudonyms; close it first: chmod 600 '{path}'")
