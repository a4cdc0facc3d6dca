"""A change story as a chain of five boxes; a box that the text does not give is dashed and says so."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.drawing import Arrows, Block, Box, Column, Row, Space, Text, bold, drawn
from koppelkans.figures.style import BLUE, BLUE_TINT, BODY, GREY, NARROW, PAPER
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_NAME = 1.18
"""Inches beside a box for the name of its element."""


@needs_rows()
def change_story(boxes: pd.DataFrame) -> Chart:
    """Draw one change story from target group to higher effects.

    `boxes` as `strands.stories.chain` gives them. What the running text says of a box stands in small print in it,
    marked as such, since it may be about the theme as a whole and not about this story.
    """

    def draw(width: float, language: str) -> Figure:
        phone = width <= NARROW
        blocks: list[Block] = []
        for place, box in enumerate(rows_of(boxes)):
            colour = BLUE if box["status"] == "in_text" else GREY
            name, content = element(box["element"], language), _box(box, language)
            if place:
                blocks.append(Arrows([0.12 if phone else 0.32], 0.2))
            if phone:
                blocks.append(Column([bold(name, colour), content], gap=0.02))
            else:
                head = Column([Space(0.07), Text(name, BODY, "semibold", colour, "right")])
                blocks.append(Row([head, content], widths=[_NAME, 0]))
        return drawn(width, Column(blocks))

    def numbers(language: str) -> dict[str, Any]:
        in_text = int((boxes["status"] == "in_text").sum())
        named = [f"{element(box['element'], language)}: {_content(box, language)}" for box in rows_of(boxes)]
        return {
            "theme": boxes[f"theme_{language}"].iloc[0],
            "in_text": in_text,
            "dashed": len(boxes) - in_text or None,
            "boxes": "; ".join(named) + ".",
        }

    return Chart(boxes, draw, numbers=numbers)


def element(key: str, language: str) -> str:
    """Name an element of a change story."""
    _ = words(language).gettext
    names = {
        "target_group": _("Target group"),
        "approach": _("Approach"),
        "direct_result": _("Direct results"),
        "direct_effect": _("Direct effects"),
        "higher_effect": _("Higher effects"),
    }
    return names[key]


def _content(box: dict[str, Any], language: str) -> str:
    return box[f"text_{language}"] or words(language).gettext("not in the text")


def _box(box: dict[str, Any], language: str) -> Box:
    _ = words(language).gettext
    if box["status"] == "not_in_text":
        blocks = [Text(_content(box, language), BODY, "italic", GREY)]
    else:
        blocks = [bold(_content(box, language))]
    if box["status"] == "caption":
        blocks.append(Text(_("from the caption only"), weight="italic", colour=GREY))
    if fact := box[f"running_text_{language}"]:
        blocks.append(Text(_("Running text: {fact}").format(fact=fact), weight="italic", colour=GREY))
    given = box["status"] == "in_text"
    face, edge = (BLUE_TINT, BLUE) if given else (PAPER, GREY)
    return Box(Column(blocks), face, edge, dashed=not given, line=1.0, pad=0.08)
