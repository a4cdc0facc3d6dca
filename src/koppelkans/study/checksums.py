"""SHA256SUMS of a study's raw files: what came in, so that a changed file does not go unnoticed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.study import sealing
from koppelkans.study.files import read_text, write_atomically


def changed_raw_files(raw: Path) -> list[str]:
    """Hold the files of a raw folder against its SHA256SUMS; return one line for each that differs or is not listed.

    A folder without SHA256SUMS has nothing to be held against. Raises KoppelkansError where SHA256SUMS cannot be read.
    """
    sums = raw / "SHA256SUMS"
    if not sums.exists():
        return []
    listed: dict[str, str] = {}
    for number, line in enumerate(read_text(sums).splitlines(), start=1):
        digest, _, name = line.partition("  ")
        if not name or len(digest) != 64:
            raise KoppelkansError(f"{sums}, line {number}: found {line!r}, expected a SHA-256, two spaces, a file name")
        listed[name] = digest
    problems = []
    for name, digest in sorted(listed.items()):
        try:
            content = (raw / name).read_bytes()
        except FileNotFoundError:
            problems.append(f"{name} is listed in SHA256SUMS but is not there")
        except OSError as error:
            problems.append(f"{name} cannot be held against SHA256SUMS: {why_unreadable(error)}")
        else:
            if hashlib.sha256(content).hexdigest() != digest:
                problems.append(f"{name} differs from SHA256SUMS")
    problems += [f"{name} is not listed in SHA256SUMS" for name in sorted(set(_raw_files(raw)) - set(listed))]
    return problems


def _raw_files(raw: Path) -> list[str]:
    """Return the files of a raw folder, below it, but for SHA256SUMS itself, the seals and hidden ones."""
    files = (path for path in raw.rglob("*") if not path.name.startswith((".", "~$")) and _is_file(path))
    ours = (raw / "SHA256SUMS", raw / sealing.FILE)
    return sorted(path.relative_to(raw).as_posix() for path in files if path not in ours)


def _is_file(path: Path) -> bool:
    """Tell whether something is a file; one in a folder that may not be looked into counts, for reading it tells so."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def write_checksums(raw: Path) -> Path:
    """Write SHA256SUMS of a raw folder, in the form of sha256sum; the raw files themselves are only read.

    Raises KoppelkansError for a file that cannot be read.
    """
    lines = []
    for name in _raw_files(raw):
        try:
            lines.append(f"{hashlib.sha256((raw / name).read_bytes()).hexdigest()}  {name}\n")
        except OSError as error:
            raise KoppelkansError(f"{raw / name}: {why_unreadable(error)}") from None
    write_atomically(raw / "SHA256SUMS", "".join(lines))
    return raw / "SHA256SUMS"
