"""The boxes of the trace diagram: a part of the results, or a numbered heading with its statements as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes

from koppelkans.figures.diagrams.drawing import Block, Box, Column, Legend, Middle, Space, Text, dot, fill
from koppelkans.figures.parts import PARTS
from koppelkans.figures.style import GREY, INK, PAPER, RED
from koppelkans.ledger.short_names import heading_of
from koppelkans.ledger.traces import DIRECT
from koppelkans.locale import words

FLOW = "#7f8c99"
WHOLE, PARTLY = 0.8, 0.35
"""How opaque a link is that supports a statement, and one that does so in part."""
_DOT, _NEXT, _LINE = 0.042, 0.118, 0.12
"""Inches: the radius of a dot, from one to the next, and from line to line."""


def name_of_box(row: dict[str, Any], language: str) -> str:
    """Name a box: the part of the study, or the number and short name of a heading."""
    if row["stage"] == "finding":
        return PARTS[row["key"]][0][language] if row["key"] in PARTS else f"§ {row['key']}"
    if row["key"] == str(DIRECT):
        return words(language).gettext("no conclusion between")
    return f"{row['key']} {heading_of(row['id'], language) or row[f'statement_{language}']}"


def colour_of(row: dict[str, Any]) -> str:
    """Return the colour of a part of the results; "" for another box."""
    return PARTS[row["key"]][1] if row["stage"] == "finding" and row["key"] in PARTS else ""


def links(n: int, language: str) -> str:
    """Say how many links."""
    return words(language).ngettext("{n} link", "{n} links", n).format(n=n)


def trace_box(row: dict[str, Any], language: str, sources: Sequence[Block] = ()) -> Box:
    """Return a box: its name, how many links go out or that it has no finding, its statements, and its sources."""
    weight = "italic" if row["key"] == str(DIRECT) else "semibold"
    blocks: list[Block] = [Text(name_of_box(row, language), weight=weight)]  # type: ignore[arg-type]
    if not row["supported"]:
        blocks.append(Text(words(language).gettext("no finding"), colour=RED))
    elif row["stage"] == "finding":
        blocks.append(Text(links(row["n_out"], language), colour=GREY))
    if row["statements"]:
        blocks.append(_Dots(row["statements"]))
    alone = not row["supported"]
    face, edge = ("#fbf3f0", RED) if alone else (PAPER, "#8fa1b2")
    return Box(
        Middle(Column([*blocks, *([Space(0.04), *sources] if sources else [])])),
        face,
        edge,
        colour_of(row),
        dashed=alone,
        pad=0.07,
    )


@dataclass(frozen=True)
class _Dots:
    """A dot for each statement: filled with a finding behind it, open without one."""

    statements: Sequence[bool]

    def height(self, width: float) -> float:
        return -(-len(self.statements) // int(width / _NEXT)) * _LINE

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:
        for place, supported in enumerate(self.statements):
            line, column = divmod(place, int(width / _NEXT))
            _statement(supported, axes, x + _DOT + column * _NEXT, y + (line + 0.5) * _LINE)


def _statement(supported: bool, axes: Axes, x: float, y: float) -> None:
    dot(axes, x, y, _DOT, *((INK, INK) if supported else (PAPER, RED)))


def _tone(alpha: float, axes: Axes, x: float, y: float) -> None:
    fill(axes, x - 0.13, y - 0.05, 0.26, 0.1, FLOW, alpha=alpha)


def legend(language: str, flows: bool) -> Block:
    """Explain the dots, and the tones of the flows where they are drawn."""
    _ = words(language).gettext
    statements = [
        (partial(_statement, True), _("statement with a finding behind it")),
        (partial(_statement, False), _("without")),
    ]
    tones = [(partial(_tone, WHOLE), _("supports")), (partial(_tone, PARTLY), _("supports in part"))]
    legends: list[Block] = [Legend(statements, wide=2 * _DOT, colour=INK)]
    return Column([*legends, Legend(tones, wide=0.26, colour=INK)] if flows else legends, gap=0.03)
