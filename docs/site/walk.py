"""Do what a page of the documentation says: its `sh` blocks are typed, its `yaml` blocks put into study.yml."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import yaml

from koppelkans.study.setting_keys import STUDY_KEYS

Done = subprocess.CompletedProcess[str]
Typing = Callable[[str, Path], Done]

_BLOCK = re.compile(r"^( *)```(sh|yaml|markdown)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def compendium(root: Path, to: Path, notebooks: str = "*.ipynb") -> Path:
    """Make a compendium with Voorbeeldwijk and those of the notebooks; code and paper are those of this one."""
    for name in ("src", "paper", "Makefile", "pyproject.toml", "requirements.lock"):
        (to / name).symlink_to(root / name)
    (to / "notebooks").mkdir()
    for notebook in (root / "notebooks").glob(notebooks):
        shutil.copy(notebook, to / "notebooks")
    shutil.copytree(root / "data" / "raw" / "voorbeeldwijk", to / "data" / "raw" / "voorbeeldwijk")
    return to


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the blocks of a page that are to be done, in order: sh, yaml (of study.yml) or markdown (of text/)."""
    return [(kind, dedent(block)) for _, kind, block in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def commands(block: str) -> list[str]:
    """Return the commands of an `sh` block, one a line, without the comments behind them."""
    lines = (re.sub(r"\s+# .*$", "", line).strip() for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def typed(command: str, compendium: Path) -> Done:
    """Type a command in a shell, in the environment that this Python is of."""
    programs = compendium / ".programs"
    programs.mkdir(exist_ok=True)
    own = programs / "koppelkans"
    own.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m koppelkans "$@"\n', encoding="utf-8")
    own.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PYTHON": sys.executable,
        "PYTHONPATH": str((compendium / "src").resolve()),  # as make has it, so that code is the same code
        "VIRTUAL_ENV": sys.prefix,
        "LANG": "nl_NL.UTF-8",
        "QUARTO": "no",
    }
    return subprocess.run(
        ["bash", "-c", command], cwd=compendium, env=environment, capture_output=True, text=True, timeout=300
    )


def walk(page: Path, compendium: Path, study: str, types: Typing = typed) -> Iterator[tuple[str, Done]]:
    """Do a page in a compendium, and yield each command with what came of it."""
    raw = compendium / "data" / "raw" / study
    for kind, block in blocks(page):
        if kind == "yaml":
            with_keys(raw / "study.yml", block)
        elif kind == "markdown":
            (raw / "text" / "inleiding.qmd").write_text(block, encoding="utf-8")
        else:
            for command in commands(block):
                yield command, types(command, compendium)


def with_keys(file: Path, block: str) -> None:
    """Put the keys of a block into a study.yml, each in the place of what stood there; a block of other keys is not."""
    text = file.read_text(encoding="utf-8")
    keys = [key for key in yaml.safe_load(block) if key in STUDY_KEYS]
    for key in keys:
        text = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", "", text, flags=re.MULTILINE)
    file.write_text(text.rstrip("\n") + "\n" + (block if keys else ""), encoding="utf-8")
