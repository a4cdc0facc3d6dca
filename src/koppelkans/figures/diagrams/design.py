"""The research design: the central question, the themes of the pre-study, and the work packages."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows, no_chart
from koppelkans.figures.diagrams.drawing import Arrows, Block, Box, Column, Text, bold, drawn, in_columns
from koppelkans.figures.strand_styles import Strands
from koppelkans.figures.style import BLUE, GREY, NARROW, PACKAGE_COLOURS, PALE, PAPER, SMALL
from koppelkans.locale import language as lang
from koppelkans.locale import words
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import PRE_STUDY, SMITSVEEN, of_kind

ON_BLUE = "#cfe0f0"


@needs_rows()
def research_design(
    questions: pd.DataFrame,
    themes: pd.DataFrame,
    packages: pd.DataFrame,
    pairs: pd.DataFrame,
    strands: Strands = SMITSVEEN,
) -> Chart:
    """Draw the design of the study from top to bottom: question, pre-study, work packages.

    Takes the tables research_questions, themes (those of strands of the kind pre-study are drawn) and work_packages,
    and `pairs` as `integration.levels_by_package` gives it. Each package has its level by design, period, questions
    and method; packages stand side by side where they fit.
    """
    if packages.empty:
        return no_chart(questions)
    prestudy = themes[themes["strand"].isin(of_kind(strands, PRE_STUDY))] if len(themes) else themes
    central = questions[questions["work_package"] == ""]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        beside = 2 if width > NARROW else 1
        question = bold(" ".join(central[f"text_{language}"]), PAPER)
        blocks: list[Block] = [Box(Column([Text(_("Central question"), colour=ON_BLUE), question]), BLUE, BLUE)]
        if len(prestudy):
            names: list[Block] = [Text(_capital(name)) for name in prestudy[f"name_{language}"]]
            across = in_columns(names, min(len(names), 2 * beside), 0.1, below=0.0)
            blocks += [Arrows(), Box(Column([Text(_("Pre-study: themes"), colour=GREY), across]), PALE)]
        blocks.append(Arrows([(place + 0.5) / beside for place in range(beside)]))
        cards = [_card(package, questions, pairs, language) for package in rows_of(packages.sort_values("order"))]
        return drawn(width, Column([*blocks, in_columns(cards, beside)]))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = [_("- Central question: {name}").format(name=name) for name in central[f"text_{language}"]]
        for package in rows_of(packages.sort_values("order")):
            values = {
                "n": package["order"],
                "name": package[f"name_{language}"],
                "method": package[f"method_{language}"],
            }
            asked = " ".join(_questions(questions, package, language))
            lines.append(_("- Work package {n}, {name}: {questions} ({method})").format(**values, questions=asked))
        return lines

    return Chart(questions, draw, describe)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _questions(questions: pd.DataFrame, package: dict[str, Any], language: str) -> list[str]:
    return list(questions.loc[questions["work_package"] == package["work_package"], f"text_{language}"])


def _period(package: dict[str, Any], language: str) -> str:
    _ = words(language).gettext
    if not package["start"]:
        return _("period not stated")
    start = lang.month(package["start"], language, short=True)
    if not package["end"]:
        return _("from {start}; end not stated").format(start=start)
    return f"{start} – {lang.month(package['end'], language, short=True)}"


def _card(package: dict[str, Any], questions: pd.DataFrame, pairs: pd.DataFrame, language: str) -> Box:
    """Set out what there is to know of a work package."""
    _ = words(language).gettext
    by_design = pairs[(pairs["work_package"] == package["work_package"]) & (pairs["design"] != "")]
    facts = [*by_design[f"level_{language}"], _period(package, language)]
    if package["by_students"] == "yes":
        facts.append(_("by a student"))
    colour = PACKAGE_COLOURS.get(package["work_package"], GREY)
    head = Column(
        [bold(f"{package['order']}  {package[f'name_{language}']}", colour), Text("; ".join(facts), colour=GREY)]
    )
    asked = [bold(question, size=SMALL) for question in _questions(questions, package, language)]
    return Box(Column([head, *asked, Text(_capital(package[f"method_{language}"]))], gap=0.05), strip=colour)
