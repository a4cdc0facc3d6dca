"""A frame that stands where the study has a picture that nobody can make from data, and says why."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.drawing import Block, Box, Column, Text, bold, drawn
from koppelkans.figures.style import BODY, GREY, SMALL
from koppelkans.locale import words
from koppelkans.strands.published import rows_of


@needs_rows()
def empty_frame(exhibit: pd.DataFrame) -> Chart:
    """Draw a dashed frame for a figure of the study: which it is, what it shows, and why it is not here.

    `exhibit` as `integration.exhibit_labelled` gives it.
    """
    row = rows_of(exhibit)[0]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        kind = {"photo": _("photograph"), "diagram": _("diagram")}[row["kind"]]
        blocks: list[Block] = [
            bold(_("Figure {n} of the study ({kind})").format(n=row["number"], kind=kind), size=SMALL),
            _part(_("What its caption says it shows"), row[f"title_{language}"]),
            _part(_("Why the figure is not here"), row[f"reason_{language}"]),
        ]
        return drawn(width, Box(Column(blocks, gap=0.14), edge=GREY, dashed=True, pad=0.22))

    def numbers(language: str) -> dict[str, Any]:
        return {
            "printed": str(row["number"]),
            "shows": row[f"title_{language}"],
            "reason": row[f"reason_{language}"],
        }

    return Chart(exhibit, draw, numbers=numbers)


def _part(head: str, text: str) -> Column:
    return Column([Text(head, colour=GREY), Text(text, BODY)])
