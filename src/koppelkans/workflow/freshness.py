"""Remember that everything was fresh, so that a `make` with nothing to do need not ask pytask.

After a build in which pytask found or made everything fresh, a digest of all files that it looked at is kept, with the
list of products. If the digest is the same at the next build, the answer is the same. The digest never says that
something is stale: any difference, and pytask decides.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from koppelkans.study import write_atomically
from koppelkans.workflow.own_copy import quotes_setting

_WATCHED = ("notebooks", "paper", "src/koppelkans", "pyproject.toml", "pytask.lock")


def _below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for file in path.rglob("*"):
        hidden = any(part.startswith((".", "__pycache__")) for part in file.relative_to(path).parts)
        if not hidden and file.is_file():
            yield file


def _installed() -> list[str]:
    folders = {Path(entry) for entry in sys.path if entry.endswith("site-packages")}
    return sorted(path.name for folder in folders if folder.is_dir() for path in folder.glob("*.dist-info"))


def shared(root: Path, renderer: str) -> str:
    """Return one SHA-256 over what all studies rest on: sources, libraries, pytask's record, renderer and quotes."""
    settings = json.dumps([sys.version, renderer, quotes_setting(), _installed()])
    return _digest(root, settings, {file for name in _WATCHED for file in _below(root / name)})


def _digest(root: Path, first: str, paths: Iterable[Path]) -> str:
    whole = hashlib.sha256(first.encode())
    for path in sorted(paths):
        whole.update(str(path.relative_to(root)).encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
    return whole.hexdigest()


def _of_study(root: Path, study: str, products: Iterable[str], shared_digest: str) -> str:
    """Return one SHA-256 over what all studies rest on (`shared`), a study's raw data and its products."""
    raw = _below(root / "data" / "raw" / study)
    return _digest(root, shared_digest, {*raw, *(root / product for product in products)})


def _note(root: Path, study: str) -> Path:
    return root / ".pytask" / f"fresh-{study}.json"


def remember(root: Path, study: str, products: Iterable[str], shared_digest: str) -> None:
    """Note that everything of a study is fresh as it stands now; `products` are paths below `root`."""
    listed = sorted(products)
    content = {"digest": _of_study(root, study, listed, shared_digest), "products": listed}
    write_atomically(_note(root, study), json.dumps(content, indent=1) + "\n")


def is_known_fresh(root: Path, study: str, shared_digest: str) -> bool:
    """Tell whether nothing changed since `remember`; False also means "not known"."""
    try:
        note = json.loads(_note(root, study).read_text(encoding="utf-8"))
        return bool(note["digest"] == _of_study(root, study, note["products"], shared_digest))
    except (OSError, ValueError, KeyError, TypeError):
        return False
