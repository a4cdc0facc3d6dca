"""A language that nobody speaks, added as docs/another-language.md says, to see that nothing else is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).resolve().parents[2] / "src" / "koppelkans"
ADD = """
from pathlib import Path
from babel.messages.pofile import read_po, write_po
from koppelkans.locale import upkeep

for path in upkeep.update(Path({notebooks!r})):
    if "tr" in path.parts:
        catalog = read_po(path.open(encoding="utf-8"), locale="tr")
        for message in catalog:
            if message.id and not message.pluralizable:
                message.string = "«" + message.id + "»"
            elif message.id:
                message.string = tuple("«" + message.id[-1] + "»" for _ in range(catalog.num_plurals))
        with path.open("wb") as file:
            write_po(file, catalog)
print([one for one in upkeep.problems(Path({notebooks!r})) if "no tr for" in one or one.startswith("tr")])
"""
USE = """
from koppelkans.figures.exhibit import captions
from koppelkans.ledger.names import name_of
from koppelkans.locale import LANGUAGES, words
from koppelkans.locale.language import month, number
from koppelkans.locale.prose import in_language

print(LANGUAGES)
print(name_of("finding", "tr"), number(1234.5, "tr", 1)["text"], number(3, "tr")["word"], month("2021-03", "tr"))
print(captions("tr")["fig-timeline"]["source"])
print(in_language({"cells": [{"cell_type": "markdown", "source": ["## What was published\\n"]}]}, "tr"))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with a folder for one more language."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(SOURCE, folder / "koppelkans", ignore=shutil.ignore_patterns("__pycache__"))
    made = folder / "koppelkans" / "locale" / "tr" / "LC_MESSAGES"
    made.mkdir(parents=True)
    (made / "koppelkans.po").touch()
    captions = folder / "koppelkans" / "figures" / "captions"
    (captions / "tr.yml").write_text(
        (captions / "en.yml").read_text(encoding="utf-8").replace("table 1", "«table 1»"), encoding="utf-8"
    )
    return folder


def run(code: str, package: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_third_language_needs_files_and_no_code(package: Path) -> None:
    notebooks = str(SOURCE.parents[1] / "notebooks")
    assert run(ADD.format(notebooks=notebooks), package).strip() == "[]"
    languages, words, source, notebook = run(USE, package).splitlines()
    assert languages == "('nl', 'tr', 'en')"
    assert words == "«finding» 1.234,5 «three» Mart 2021"
    assert source.startswith("«table 1»")
    assert "## «What was published»" in notebook
