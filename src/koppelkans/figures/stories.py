"""Change stories as chains of five boxes; a box that the text does not give is dashed and says so."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans import language as lang
from koppelkans.figures.style import (
    BLUE,
    BLUE_TINT,
    BODY,
    EDGE,
    GREY,
    SMALL,
    WIDTH,
    Canvas,
    no_data,
    text_height,
)
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
_LEFT = EDGE + 1.3
_INNER = WIDTH - EDGE - _LEFT - 0.24
_PAD = 0.07
_GAP = 0.2


def chain(boxes: pd.DataFrame, language: str) -> Figure:
    """Draw one change story from target group to higher effects.

    `boxes` as `strands.stories.chain` gives them. What the running text says of a box stands in small print in it,
    marked as such, since it may be about the theme as a whole and not about this story.
    """
    if boxes.empty:
        return no_data(lang.text("no_data", language))
    placed, y = [], 0.04
    for box in rows_of(boxes):
        height = _height(box, language)
        placed.append((box, y, height))
        y += height + _GAP
    canvas = Canvas(y - _GAP + 0.04)
    for number, (box, y, height) in enumerate(placed):
        _draw(canvas, box, y, height, language)
        if number < len(placed) - 1:
            canvas.arrow_down(_LEFT + 0.5, y + height + 0.02, y + height + _GAP - 0.02)
    return canvas.figure


def _running(box: dict[str, Any], language: str) -> str:
    fact = box[f"running_text_{language}"]
    return _WORDS["running"][language].format(fact=fact) if fact else ""


def _head(box: dict[str, Any], language: str) -> str:
    return box[f"text_{language}"] or lang.text("not_in_text", language)


def _height(box: dict[str, Any], language: str) -> float:
    running = _running(box, language)
    return (
        2 * _PAD
        + text_height(_head(box, language), _INNER, BODY, "semibold")
        + (text_height(_WORDS["caption"][language], _INNER, SMALL) if box["status"] == "caption" else 0)
        + (text_height(running, _INNER, SMALL, "italic") if running else 0)
    )


def _draw(canvas: Canvas, box: dict[str, Any], y: float, height: float, language: str) -> None:
    given = box["status"] == "in_text"
    face, edge = (BLUE_TINT, BLUE) if given else ("white", GREY)
    canvas.box(_LEFT, y, WIDTH - EDGE - _LEFT, height, face=face, edge=edge, line=1.0, dashed=not given)
    name = _ELEMENTS[box["element"]][language]
    canvas.write(_LEFT - 0.12, y + _PAD, name, align="right", colour=BLUE if given else GREY, weight="semibold")
    x, below = _LEFT + 0.12, y + _PAD
    if box["status"] == "not_in_text":
        below = canvas.write(x, below, _head(box, language), colour=GREY, weight="italic")
    else:
        below = canvas.write(x, below, _head(box, language), weight="semibold", width=_INNER)
    if box["status"] == "caption":
        below = canvas.write(x, below, _WORDS["caption"][language], size=SMALL, colour=GREY, weight="italic")
    running = _running(box, language)
    if running:
        canvas.write(x, below, running, size=SMALL, colour=GREY, width=_INNER, weight="italic")


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
