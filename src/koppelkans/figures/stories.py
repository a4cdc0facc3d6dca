"""Change stories as chains of five boxes; a box that the text does not give is dashed and says so."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.style import (
    BLUE,
    BLUE_TINT,
    BODY,
    EDGE,
    GREY,
    NARROW,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_ELEMENTS = {
    "target_group": {"nl": "Doelgroep", "en": "Target group"},
    "approach": {"nl": "Aanpak", "en": "Approach"},
    "direct_result": {"nl": "Directe resultaten", "en": "Direct results"},
    "direct_effect": {"nl": "Directe effecten", "en": "Direct effects"},
    "higher_effect": {"nl": "Hogere effecten", "en": "Higher effects"},
}
_WORDS = {
    "caption": {"nl": "alleen uit het bijschrift", "en": "from the caption only"},
    "running": {"nl": "Lopende tekst: {fact}", "en": "Running text: {fact}"},
}
_PAD = 0.07
_GAP = 0.2


@in_both_widths
def chain(width: float, boxes: pd.DataFrame, language: str) -> Sheet:
    """Draw one change story from target group to higher effects.

    `boxes` as `strands.stories.chain` gives them. What the running text says of a box stands in small print in it,
    marked as such, since it may be about the theme as a whole and not about this story.
    """
    if boxes.empty:
        return blank(width, lang.text("no_data", language))
    left, head = (EDGE + 1.3, 0.0) if width > NARROW else (EDGE, line_height(BODY) + 0.02)  # the name of an element
    inner = width - EDGE - left - 0.24
    placed, y = [], 0.04
    for box in rows_of(boxes):
        height = _height(box, inner, language)
        placed.append((box, y + head, height))
        y += head + height + _GAP
    canvas = Canvas(y - _GAP + 0.04, width)
    for number, (box, y, height) in enumerate(placed):
        name, colour = _ELEMENTS[box["element"]][language], BLUE if box["status"] == "in_text" else GREY
        if head:
            canvas.write(left, y - head, name, colour=colour, weight="semibold")
        else:
            canvas.write(left - 0.12, y + _PAD, name, align="right", colour=colour, weight="semibold")
        _draw(canvas, box, left, y, height, language)
        if number < len(placed) - 1:
            x = left + (0.5 if not head else width - 2 * EDGE - 0.3)
            canvas.arrow_down(x, y + height + 0.02, y + height + _GAP - 0.02 + head)
    return canvas.figure


def _running(box: dict[str, Any], language: str) -> str:
    fact = box[f"running_text_{language}"]
    return _WORDS["running"][language].format(fact=fact) if fact else ""


def _head(box: dict[str, Any], language: str) -> str:
    return box[f"text_{language}"] or lang.text("not_in_text", language)


def _height(box: dict[str, Any], inner: float, language: str) -> float:
    running = _running(box, language)
    return (
        2 * _PAD
        + text_height(_head(box, language), inner, BODY, "semibold")
        + (text_height(_WORDS["caption"][language], inner, SMALL) if box["status"] == "caption" else 0)
        + (text_height(running, inner, SMALL, "italic") if running else 0)
    )


def _draw(canvas: Canvas, box: dict[str, Any], left: float, y: float, height: float, language: str) -> None:
    inner = canvas.width - EDGE - left - 0.24
    given = box["status"] == "in_text"
    face, edge = (BLUE_TINT, BLUE) if given else ("white", GREY)
    canvas.box(left, y, canvas.width - EDGE - left, height, face=face, edge=edge, line=1.0, dashed=not given)
    x, below = left + 0.12, y + _PAD
    if box["status"] == "not_in_text":
        below = canvas.write(x, below, _head(box, language), colour=GREY, weight="italic")
    else:
        below = canvas.write(x, below, _head(box, language), weight="semibold", width=inner)
    if box["status"] == "caption":
        below = canvas.write(x, below, _WORDS["caption"][language], size=SMALL, colour=GREY, weight="italic")
    running = _running(box, language)
    if running:
        canvas.write(x, below, running, size=SMALL, colour=GREY, width=inner, weight="italic")


def details(boxes: pd.DataFrame, language: str) -> dict[str, str | int | None]:
    """Return what the caption and alt text of a story name: theme, in_text and dashed (boxes) and boxes, in words.

    `in_text` counts the boxes that the text gives; `dashed` the others, None where there are none to speak of.
    """
    if boxes.empty:
        return {"theme": None, "in_text": None, "dashed": None, "boxes": None}
    in_text = int((boxes["status"] == "in_text").sum())
    return {
        "theme": boxes[f"theme_{language}"].iloc[0],
        "in_text": in_text,
        "dashed": len(boxes) - in_text or None,
        "boxes": in_words(boxes, language),
    }


def in_words(boxes: pd.DataFrame, language: str) -> str:
    """Say in a line what the boxes hold, for the alt text."""
    return "; ".join(f"{_ELEMENTS[box['element']][language]}: {_head(box, language)}" for box in rows_of(boxes)) + "."
