"""Use again what the preview made of the same text before, so that one changed word renders one document, not ten.

A file of the last rendering is used again where all that it is made from is the same, and where it is as it was made.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from koppelkans.study import write_atomically

RECORD = ".rendered.json"


class Reuse:
    """What the last rendering of a project made, and of what.

    `output` is where its files stand, `record` the file that remembers them, `surroundings` are the files that every
    rendering depends on, such as templates and figures, and `settings` is what else it depends on.
    """

    def __init__(self, output: Path, record: Path, surroundings: Iterable[Path], settings: str) -> None:
        self._output, self._record = output, record
        self._shared = _digest(settings, *(_digest_of(path) for path in sorted(surroundings)))
        self._made: dict[str, str] = {}
        try:
            self._before = dict(json.loads(record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._before = {}

    def make(self, name: str, folder: Path, text: str, job: Callable[[], bytes]) -> None:
        """Write `folder`/`name` with what `job` makes of `text`, or what the last rendering made of the same text."""
        last, target, key = self._output / name, folder / name, _digest(self._shared, text)
        target.parent.mkdir(parents=True, exist_ok=True)
        if last.is_file() and self._before.get(name) == f"{key} {_digest_of(last)}":
            shutil.copyfile(last, target)
        else:
            target.write_bytes(job())
        self._made[name] = f"{key} {_digest_of(target)}"

    def remember(self) -> None:
        """Note what was made, once it stands in the output folder."""
        write_atomically(self._record, json.dumps(self._made, indent=1, sort_keys=True) + "\n")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()


def _digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
