"""Remember that everything was fresh, so that a `make` with nothing to do need not ask pytask.

After a build in which pytask found or made everything fresh, a digest of all files that it looked at is kept, with the
list of products. If the digest is the same at the next build, the answer is the same. The digest never says that
something is stale: any difference, and pytask decides.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from koppelkans.study import write_atomically
from koppelkans.workflow.own_copy import quotes_setting

_WATCHED = ("notebooks", "paper", "src/koppelkans", "pyproject.toml", "pytask.lock")


def _files(root: Path, study: str) -> Iterable[Path]:
    for name in (*_WATCHED, f"data/raw/{study}"):
        path = root / name
        if path.is_file():
            yield path
        for file in path.rglob("*"):
            hidden = any(part.startswith((".", "__pycache__")) for part in file.relative_to(root).parts)
            if not hidden and file.is_file():
                yield file


def _installed() -> list[str]:
    folders = {Path(entry) for entry in sys.path if entry.endswith("site-packages")}
    return sorted(path.name for folder in folders if folder.is_dir() for path in folder.glob("*.dist-info"))


def digest(root: Path, study: str, products: Iterable[str], renderer: str) -> str:
    """Return one SHA-256 over the sources, raw data, products, installed libraries, renderer and quotes."""
    whole = hashlib.sha256(json.dumps([sys.version, renderer, quotes_setting(), _installed()]).encode())
    for path in sorted({*_files(root, study), *(root / product for product in products)}):
        whole.update(str(path.relative_to(root)).encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
    return whole.hexdigest()


def _note(root: Path, study: str) -> Path:
    return root / ".pytask" / f"fresh-{study}.json"


def remember(root: Path, study: str, products: Iterable[str], renderer: str) -> None:
    """Note that everything of a study is fresh as it stands now; `products` are paths below `root`."""
    listed = sorted(products)
    content = {"digest": digest(root, study, listed, renderer), "products": listed}
    write_atomically(_note(root, study), json.dumps(content, indent=1) + "\n")


def is_known_fresh(root: Path, study: str, renderer: str) -> bool:
    """Tell whether nothing changed since `remember`; False also means "not known"."""
    try:
        note = json.loads(_note(root, study).read_text(encoding="utf-8"))
        return bool(note["digest"] == digest(root, study, note["products"], renderer))
    except (OSError, ValueError, KeyError, TypeError):
        return False
