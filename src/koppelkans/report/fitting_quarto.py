"""The Quarto that paper/ is written for. Only the standard library is used: set-up asks before there is another."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

QUARTO = "1.9"  # environment.yml brings it too


def fitting_quarto(path: str | None = None) -> str | None:
    """Return a `quarto` on the path of the version that paper/ is written for, or None."""
    program = shutil.which("quarto", path=path)
    return program if program and _version(program).startswith(f"{QUARTO}.") else None


@cache
def _version(program: str) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
