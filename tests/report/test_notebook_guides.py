"""Each notebook begins with what to change and to look at, and ends with an exercise whose answer folds away."""

from __future__ import annotations

import json
from pathlib import Path

import pypandoc
import pytest
from conftest import ROOT
from lxml import html

from koppelkans.locale import LANGUAGES
from koppelkans.locale.prose import in_language

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BEGINNING = {"en": ("Change this:", "Look at this:", "Answer"), "nl": ("Verander dit:", "Kijk hiernaar:", "Antwoord")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_a_guide_and_has_an_exercise_whose_answer_folds_away(path: Path, language: str) -> None:
    cells = in_language(json.loads(path.read_text(encoding="utf-8")), language)["cells"]
    change, look, answer = BEGINNING[language]
    guide = cells[1]
    assert guide["cell_type"] == "markdown" and change in guide["source"] and look in guide["source"]
    exercises = [cell["source"] for cell in cells if cell["cell_type"] == "markdown" and "<details>" in cell["source"]]
    assert exercises
    text = "\n\n".join(exercises)
    page = html.fromstring(pypandoc.convert_text(text, "html", format="markdown"))
    folded = page.xpath("//details")
    assert [one.findtext("summary", "").strip() for one in folded] == [answer] * len(folded) and folded
    for one in folded:
        written = " ".join(one.text_content().split())
        assert len(written) > 80 and "<" not in written, "the answer stands within what folds"
    assert html.fromstring(pypandoc.convert_text(text, "html", format="gfm")).xpath("//details")  # as Jupyter reads it
