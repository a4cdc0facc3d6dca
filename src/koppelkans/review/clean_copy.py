"""Build a study in a clean copy of the compendium, in a temporary folder that is removed afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koppelkans.errors import Interrupted, KoppelkansError
from koppelkans.workflow.jobs import source_folder

# What a build makes or a computer leaves behind: not part of a clean copy.
_LEFT_OUT_ANYWHERE = ("__pycache__", "*.egg-info", ".ipynb_checkpoints", "*.key.csv")
_LEFT_OUT_AT_ROOT = {"build", "pytask.lock"}
# A reader's own settings; the manifest is that of a build without them.
_SETTINGS = {"QUOTES", "SOURCE", "STUDY", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
_SETTINGS_OF = ("KOPPELKANS_", "GIT_")
_NAMED = 5


@dataclass(frozen=True)
class Copy:
    """A clean copy: its `root`, the `commit` it holds ("" where there is no git), and `notes` for the reader."""

    root: Path
    commit: str
    notes: tuple[str, ...]


def _environment() -> dict[str, str]:
    names = (name for name in os.environ if name not in _SETTINGS and not name.startswith(_SETTINGS_OF))
    return {name: os.environ[name] for name in names}


def _search_path(copy: Copy) -> str:
    """Where Python looks for modules: the copy in place of the package that is running, and the rest as it is."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    rest = [entry for entry in given if entry and Path(entry).resolve() != source_folder()]
    return os.pathsep.join([str(copy.root / "src"), *rest])


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says; raises CalledProcessError where it refuses and FileNotFoundError where there is no git."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=_environment()).stdout


def _last_commit(root: Path) -> str:
    """Return the last commit where the compendium is a git checkout of its own, else ""."""
    try:
        if Path(_git(root, "rev-parse", "--show-toplevel").strip()).resolve() != root.resolve():
            return ""
        return _git(root, "rev-parse", "--verify", "HEAD").strip()
    except (subprocess.CalledProcessError, FileNotFoundError):
        return ""


def _clone(root: Path, folder: Path, commit: str) -> Copy:
    """Take the last commit; what is not committed is left out, and said."""
    _git(root, "clone", "--quiet", "--no-hardlinks", "--no-checkout", "--config=core.autocrlf=false", ".", str(folder))
    _git(folder, "checkout", "--quiet", "--detach", commit)
    changed = [line[3:] for line in _git(root, "status", "--porcelain").splitlines()]
    notes = []
    if changed:
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        listed = ", ".join(changed[:_NAMED]) + more
        notes = [f"the last commit ({commit[:10]}) is built; changes that are not committed are left out: {listed}"]
    return Copy(folder, commit, tuple(notes))


def _copy(root: Path, folder: Path) -> Copy:
    """Copy the folder without what a build makes, for a compendium without git."""
    anywhere = shutil.ignore_patterns(*_LEFT_OUT_ANYWHERE)

    def left_out(directory: str, names: list[str]) -> set[str]:
        here = Path(directory).resolve()
        ignored = set(anywhere(directory, names))
        if here == root.resolve():
            ignored |= {name for name in names if name in _LEFT_OUT_AT_ROOT or name.startswith(".")}
        return ignored | ({"processed"} if here == (root / "data").resolve() else set())

    try:
        shutil.copytree(root, folder, ignore=left_out, symlinks=True)
    except shutil.Error as error:
        raise KoppelkansError(f"the files could not be copied: {error.args[0][0][2]}") from None
    return Copy(folder, "", ("without git: the files are taken as they stand, without what a build made",))


@contextmanager
def clean_copy(root: Path) -> Iterator[Copy]:
    """Give a clean copy of the compendium at `root`, and remove it again, also on Ctrl-C and on a request to end.

    In a git checkout it is the last commit, else the files without what a build makes.
    Raises KoppelkansError where the copy cannot be made, Interrupted where it was stopped.
    """

    def stop(signal_number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        with tempfile.TemporaryDirectory(prefix="koppelkans-reproduce-", ignore_cleanup_errors=True) as temporary:
            folder, commit = Path(temporary) / root.name, _last_commit(root)
            yield _clone(root, folder, commit) if commit else _copy(root, folder)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines() or ["no reason given"]
        raise KoppelkansError(f"git could not make a clean copy: {said[-1]}") from None
    except KeyboardInterrupt:
        raise Interrupted("interrupted; the clean copy was removed, nothing was compared") from None
    finally:
        signal.signal(signal.SIGTERM, before)


def build_in(copy: Copy, study: str) -> list[str]:
    """Build a study in a clean copy with this Python and the code of the copy, passing on its lines of progress.

    Returns the lines that say why the build stopped; none where it went well.
    """
    environment = _environment() | {"PYTHONPATH": _search_path(copy), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "koppelkans", "build", study]
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=copy.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            for line in child.stderr or ():
                sys.stderr.write(line)
                sys.stderr.flush()
                lines.append(line.rstrip())
        except KeyboardInterrupt:
            child.terminate()  # it stops its kernels; `with` would not wait for it here
            child.wait()
            raise
    if child.returncode == 0:
        return []
    reasons = [line.removeprefix("koppelkans: ") for line in lines if line.startswith("koppelkans: ")]
    return reasons or lines[-1:] or [f"the build ended with status {child.returncode}"]
