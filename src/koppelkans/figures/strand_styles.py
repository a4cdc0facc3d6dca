"""How strands look in figures: a colour and a mark, by the order in which the study names its strands."""

from __future__ import annotations

from collections.abc import Mapping

from koppelkans.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE
from koppelkans.study.strands import PRE_STUDY, Strand

Strands = Mapping[str, Strand]
Style = tuple[str, bool]
"""A colour, and whether the mark is filled, so that strands stay apart without colour."""
_STYLES: tuple[Style, ...] = (
    *((PURPLE, True), (GREEN, False), (ORANGE, True), (BLUE, False), (INK, True)),
    *((PURPLE, False), (GREEN, True), (ORANGE, False), (BLUE, True), (INK, False)),
)


def strand_style(strands: Strands, key: str) -> Style:
    """Return the colour of a strand and whether its mark is filled; grey for what was known before the study."""
    if key not in strands:
        return INK, True
    if strands[key].kind == PRE_STUDY:
        return GREY, True
    order = [strand.key for strand in strands.values() if strand.kind != PRE_STUDY]
    return _STYLES[order.index(key) % len(_STYLES)]
