"""The tutorial and the how-to pages: each command is run in a small compendium, and both languages have the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from docs.site.walk import blocks, compendium, typed, walk
from koppelkans.synthetic.truth import DEFAULT
from koppelkans.synthetic.write import Sizes, write_study

pytestmark = pytest.mark.slow

ORDER = (
    *("tutorial", "how-to/expectations", "how-to/interviews", "how-to/second-coder", "how-to/survey"),
    *("how-to/quotations", "how-to/release", "how-to/own-figure", "how-to/verify", "how-to/forget", "how-to/archive"),
    *("how-to/context", "how-to/compare"),
)
"""As somebody would who goes through them: each page finds the study as the one before left it."""
REFUSED = {"make verify SOURCE=report.pdf": "anchors and quotations stand in report.pdf"}
"""The PDF that is at hand is no copy of the study, so that its anchors are not in it."""
LOOKED_AT = (
    *("make lab ", "make QUOTES=yes ", "make STUDY=voorbeeldwijk", "make archive ", "koppelkans rerun "),
    *("koppelkans check heuvelwijk --names", "make STUDY=heuvelwijk VIEW=working", "make figures "),
    *("make context ", "make compare"),
)
"""Not run: they open JupyterLab, build once more, need a commit or the network, or load long lists. Others try them."""
BUILD, BUILT_FOR = "make STUDY=heuvelwijk", "how-to/release"
"""A build is run where a page needs it; on the other pages `make doctor` and `make check` read the study."""


def types(page: str, before: set[str], command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Type a command; one that is not run is only looked at by what it is given to."""
    if command in before or (command == BUILD and page != BUILT_FOR) or command.startswith(LOOKED_AT):
        command = re.sub(r"^make", "make -n", command) if command.startswith("make") else f"{command} --help"
    return typed(command, folder)


def own_figure(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the cell of a page behind the first one of a notebook."""
    (block,) = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    before = "from koppelkans.figures import exhibits\nfrom koppelkans.study import open_study\n"
    before += 's = open_study("heuvelwijk", language="nl")\nshow = exhibits(s)\n'
    (folder / "own.py").write_text(before + block, encoding="utf-8")
    return typed(f'"{sys.executable}" own.py', folder)


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compendium with one notebook and a small Voorbeeldwijk, in which all is quick."""
    made = compendium(root, tmp_path_factory.mktemp("pages"), notebooks="00*.ipynb")
    raw = made / "data" / "raw"
    shutil.rmtree(raw / "voorbeeldwijk")
    write_study(DEFAULT, Sizes(respondents=14, interviews=6, seed=1), raw / "voorbeeldwijk")
    (raw / "smitsveen").symlink_to(root / "data" / "raw" / "smitsveen")
    return made


@pytest.fixture(scope="module")
def before() -> set[str]:
    """The commands that a page before had, which are not run twice."""
    return set()


@pytest.mark.parametrize("page", ORDER)
def test_every_command_of_a_page_does_what_it_should(page: str, root: Path, folder: Path, before: set[str]) -> None:
    if page == "how-to/expectations":
        sheet = folder / "data" / "raw" / "heuvelwijk" / "verwachtingen.xlsx"
        book = openpyxl.load_workbook(sheet)
        data = "strand=huurders; code=tocht en vocht; at_least=30"
        book.active.append([1, "12-3-2026", "tocht komt vaak voor", "people", data])
        book.save(sheet)
    if page == "how-to/verify":
        shutil.copy(folder / "build" / "heuvelwijk" / "nl" / "report" / "index.pdf", folder / "report.pdf")
    for command, done in walk(root / "docs" / "nl" / f"{page}.md", folder, "heuvelwijk", partial(types, page, before)):
        said = done.stdout + done.stderr
        assert "Traceback" not in said and (done.returncode == 0) == (command not in REFUSED), f"{command}\n{said}"
        assert REFUSED.get(command, "") in said
        before |= {command} - {BUILD}
    if page == "how-to/own-figure":
        drawn = own_figure(root / "docs" / "nl" / f"{page}.md", folder)
        assert drawn.returncode == 0, drawn.stderr


def test_both_languages_have_the_same_commands_and_every_page_is_walked(root: Path) -> None:
    pages = {f"how-to/{path.stem}" for path in (root / "docs" / "nl" / "how-to").glob("*.md")}
    assert pages <= set(ORDER)
    for page in ORDER:
        dutch, english = (
            [block for kind, block in blocks(root / "docs" / folder / f"{page}.md") if kind != "markdown"]
            for folder in ("nl", "")
        )
        assert [block.replace("--language en ", "").replace("tenants", "huurders") for block in english] == dutch, page
