"""Start a study: a folder of its own with study.yml, tables to fill in, and templates for the work in the field."""

from __future__ import annotations

import json
import re
import string
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.guidance.office import text_document, workbook
from koppelkans.locale import LANGUAGES
from koppelkans.readers.grids import normal
from koppelkans.study import known_studies, parse_yaml, read_text

TEMPLATES = Path(__file__).with_name("templates")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OF_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_LONGEST = 40


def name_problem(name: str, root: Path) -> str:
    """Say why a study cannot have this name, as one line; "" where it can."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        return (
            f"STUDY={name}: expected a name of small letters and digits, with hyphens between them and a letter in "
            f"front, at most {_LONGEST} long, such as heuvelwijk-2026; its title may be anything"
        )
    if name in _OF_WINDOWS:
        return f"STUDY={name}: Windows can have no folder of this name; choose another, such as {name}-wijk"
    if name in known_studies(root) or (root / "data" / "raw" / name).exists():
        return f"STUDY={name}: data/raw/{name} is there already and stays as it is; choose another name"
    return ""


def strand_keys(groups: Iterable[str]) -> dict[str, str]:
    """Return a key for each group of people as study.yml takes one -> its name. Raises KoppelkansError for no name."""
    keys: dict[str, str] = {}
    for group in groups:
        key = re.sub(r"[^a-z0-9]+", "-", normal(group)).strip("-")
        if not re.match("[a-z]", key) or key in keys:
            raise KoppelkansError(f"group {group!r}: expected a name of its own that begins with a letter")
        keys[key] = group.strip()
    return keys


def start(
    name: str, root: Path, *, title: str = "", language: str = "nl", groups: Iterable[str] = (), quotes: bool = False
) -> list[Path]:
    """Write the folder of a new study and return its files; it is there whole or not at all.

    `groups`: what the people who are interviewed are called, a strand each. Raises KoppelkansError for a name that a
    study cannot have, an unknown language, and a folder that cannot be written.
    """
    if problem := name_problem(name, root):
        raise KoppelkansError(problem)
    if language not in LANGUAGES:
        raise KoppelkansError(f"language {language!r}: expected one of {', '.join(LANGUAGES)}")
    strands = strand_keys(groups or [{"nl": "bewoners", "en": "residents"}.get(language, "residents")])
    raw = root / "data" / "raw"
    try:
        with tempfile.TemporaryDirectory(dir=raw, prefix=".new-") as temporary:
            folder = Path(temporary, name)
            _fill(folder, name, title or name.replace("-", " ").capitalize(), language, strands, quotes)
            folder.rename(raw / name)
    except OSError as error:
        raise KoppelkansError(f"data/raw/{name}: cannot be written ({error.strerror}); nothing was made") from None
    return sorted(path for path in (raw / name).rglob("*") if path.is_file())


def _fill(folder: Path, name: str, title: str, language: str, strands: dict[str, str], quotes: bool) -> None:
    content: dict[str, Any] = parse_yaml(read_text(TEMPLATES / f"start.{language}.yml"), f"start.{language}.yml")
    for part in (*content["folders"], content["templates"], *(f"interviews/{key}" for key in strands)):
        (folder / part).mkdir(parents=True)
    lines = (f"  {key}: {{kind: interviews, name: {{{language}: {json.dumps(called, ensure_ascii=False)}}}}}"
             for key, called in strands.items())  # fmt: skip
    template = string.Template(read_text(TEMPLATES / f"study.{language}.yml"))
    settings = template.substitute(
        name=name,
        title=json.dumps(title, ensure_ascii=False),
        language=language,
        strand=next(iter(strands)),
        strands="\n".join(lines),
        quotes="yes" if quotes else "no",
    )
    (folder / "study.yml").write_text(settings, encoding="utf-8")
    for file, sheet in content["tables"].items():
        (folder / file).write_bytes(workbook({Path(file).stem: sheet}))
    templates = folder / content["templates"]
    for file, sheets in content["workbooks"].items():
        (templates / file).write_bytes(workbook(sheets))
    for file, text in content["texts"].items():
        (templates / file).write_bytes(text_document(text))
    for file, note in content["notes"].items():
        (folder / file).write_text(note, encoding="utf-8")


def templates_folder(language: str) -> str:
    """Return what the folder of templates is called in a language."""
    return str(parse_yaml(read_text(TEMPLATES / f"start.{language}.yml"), f"start.{language}.yml")["templates"])
