"""The ecological model: the levels around a resident, and which work package is meant for which."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.diagrams.drawing import PAD, Block, Box, Column, Middle, Row, Space, Text, bold, drawn
from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import GREY, NARROW, PACKAGE_COLOURS, PAPER, SMALL
from koppelkans.locale import words

_TINTS = ("#f5f7f9", "#e9eef3", "#dce5ed", "#cfdbe6", "#c2d1df")


@needs_rows()
def ecological_model(pairs: pd.DataFrame) -> Chart:
    """Draw the levels as nested boxes, outermost first, each with the work packages that the design gives to it.

    `pairs` as `integration.levels_by_package` gives it. A level without a work package says so. On a phone the work
    packages stand below the name of their level.
    """
    levels = [(rows, rows[rows["design"] != ""]) for _, rows in pairs.groupby("level", sort=False)]

    def draw(width: float, language: str) -> Figure:
        model: Block = Space()
        for depth, (rows, placed) in reversed(list(enumerate(levels))):
            name = bold(rows[f"level_{language}"].iloc[0])
            head = _beside(name, placed, language) if width > NARROW else _below(name, placed, language)
            tint = _TINTS[min(depth, len(_TINTS) - 1)]
            inner = [head] if depth == len(levels) - 1 else [head, model]
            model = Box(Column(inner, gap=0.1), face=tint, edge="#8fa1b2", radius=0.14, pad=0.11)
        return drawn(width, model)

    def numbers(language: str) -> dict[str, Any]:
        none = words(language).gettext("no work package")
        placed = [
            f"{rows[f'level_{language}'].iloc[0]}: {', '.join(own[f'package_{language}']) or none}"
            for rows, own in levels
        ]
        return {"nested": "; ".join(placed) + "."}

    return Chart(pairs, draw, numbers=numbers)


def _chips(placed: pd.DataFrame, language: str) -> list[tuple[Block, float]]:
    """Return the work packages of a level as coloured labels with their widths, or a line that there are none."""
    if placed.empty:
        none = words(language).gettext("no work package")
        return [
            (Middle(Text(none, weight="italic", colour=GREY, align="right")), width_of(none, SMALL, "italic") + 0.02)
        ]
    chips: list[tuple[Block, float]] = []
    for package, name in zip(placed["work_package"], placed[f"package_{language}"], strict=True):
        colour = PACKAGE_COLOURS.get(package, GREY)
        text = Text(name, weight="semibold", colour=PAPER, align="center")
        chip = Box(text, face=colour, edge=colour, pad=0.03, radius=0.1)
        chips.append((chip, width_of(name, SMALL, "semibold") + 2 * PAD))
    return chips


def _beside(name: Text, placed: pd.DataFrame, language: str) -> Block:
    chips = _chips(placed, language)
    return Row([Middle(name), *(chip for chip, _ in chips)], gap=0.08, widths=[0, *(wide for _, wide in chips)])


def _below(name: Text, placed: pd.DataFrame, language: str) -> Block:
    return Column(
        [name, *(Row([Space(), chip], widths=[0, wide]) for chip, wide in _chips(placed, language))], gap=0.05
    )
