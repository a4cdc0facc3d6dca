"""Diagrams as blocks: a block knows how high it is at a width, and draws itself in the place that it gets.

Text, boxes and arrows are blocks; columns and rows set blocks below and beside each other; `drawn` makes a figure of
one. All measures are inches, and y goes down. (The packers of matplotlib.offsetbox neither wrap text nor make boxes
beside each other equally high.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from koppelkans.figures.fonts import Weight, properties, width_of, wrapped
from koppelkans.figures.style import BODY, EDGE, GREY, INK, PAPER, RULE, SMALL, line_height

PAD = 0.09
GAP = 0.12
Mark = Callable[[Axes, float, float], None]
"""What draws a sign with its middle at (x, y)."""


class Drawing(Figure):
    """A figure whose layout stands as it was drawn."""

    finished = True


class Block(Protocol):
    """A part of a diagram."""

    def height(self, width: float) -> float:
        """Return how high the block is at a width."""

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:
        """Draw the block from its top left corner; it may get more height than it needs."""


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes, which count inches from the top left corner."""
    figure = Drawing(figsize=(width, height), facecolor=PAPER, layout=None)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def drawn(width: float, block: Block) -> Figure:
    """Draw a block as a figure `width` inches wide."""
    inner = width - 2 * EDGE
    height = block.height(inner)
    figure, axes = sheet(width, height + 2 * EDGE)
    block.draw(axes, EDGE, EDGE, inner, height)
    return figure


@dataclass(frozen=True)
class Text:
    """Words, wrapped to the width."""

    words: str
    size: float = SMALL
    weight: Weight = "regular"
    colour: str = INK
    align: Literal["left", "center", "right"] = "left"

    def height(self, width: float) -> float:  # noqa: D102
        return len(wrapped(self.words, width, self.size, self.weight)) * line_height(self.size)

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        at = {"left": x, "center": x + width / 2, "right": x + width}[self.align]
        font = properties(self.weight, self.size)
        baseline = y + 0.95 * self.size / 72  # puts capitals in the middle of the line
        for line in wrapped(self.words, width, self.size, self.weight):
            axes.text(
                at, baseline, line, fontproperties=font, color=self.colour, ha=self.align, parse_math=False, zorder=5
            )
            baseline += line_height(self.size)


def bold(words: str, colour: str = INK, size: float = BODY) -> Text:
    """Return words in semibold."""
    return Text(words, size, "semibold", colour)


@dataclass(frozen=True)
class Space:
    """Nothing, so high."""

    high: float = 0.0

    def height(self, width: float) -> float:  # noqa: D102
        return self.high

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        pass


@dataclass(frozen=True)
class Middle:
    """A block halfway the height that it gets."""

    block: Block

    def height(self, width: float) -> float:  # noqa: D102
        return self.block.height(width)

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        own = self.block.height(width)
        self.block.draw(axes, x, y + (height - own) / 2, width, own)


@dataclass(frozen=True)
class Column:
    """Blocks below each other; where there is height left, the last one may stand at the bottom."""

    blocks: Sequence[Block]
    gap: float = 0.0
    last_at_bottom: bool = False

    def height(self, width: float) -> float:  # noqa: D102
        return sum(block.height(width) for block in self.blocks) + self.gap * (len(self.blocks) - 1)

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        bottom = y + height
        for place, block in enumerate(self.blocks):
            own = block.height(width)
            if self.last_at_bottom and place == len(self.blocks) - 1:
                y = bottom - own
            block.draw(axes, x, y, width, own)
            y += own + self.gap


@dataclass(frozen=True)
class Row:
    """Blocks side by side, equally high. `widths`: of each, 0 for what is left over; without them, equal shares."""

    blocks: Sequence[Block]
    gap: float = GAP
    widths: Sequence[float] = ()

    def _widths(self, width: float) -> list[float]:
        given = self.widths or [0.0] * len(self.blocks)
        left = width - self.gap * (len(self.blocks) - 1) - sum(given)
        return [own or left / list(given).count(0) for own in given]

    def height(self, width: float) -> float:  # noqa: D102
        return max(block.height(own) for block, own in zip(self.blocks, self._widths(width), strict=True))

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        for block, own in zip(self.blocks, self._widths(width), strict=True):
            block.draw(axes, x, y, own, height)
            x += own + self.gap


def in_columns(blocks: Sequence[Block], columns: int, gap: float = GAP, below: float | None = None) -> Column:
    """Set blocks in rows of so many, with a gap beside each and one below (the same, unless it is given)."""
    rows = [list(blocks[start : start + columns]) for start in range(0, len(blocks), columns)]
    return Column([Row(row + [Space()] * (columns - len(row)), gap) for row in rows], gap if below is None else below)


@dataclass(frozen=True)
class Box:
    """A block in a frame; `strip` is the colour of a bar along its left side."""

    block: Block
    face: str = PAPER
    edge: str = RULE
    strip: str = ""
    dashed: bool = False
    line: float = 0.8
    pad: float = PAD
    radius: float = 0.06

    def height(self, width: float) -> float:  # noqa: D102
        return self.block.height(width - 2 * self.pad) + 2 * self.pad

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        frame = FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={self.radius}",
            facecolor=self.face,
            edgecolor=self.edge,
            linewidth=self.line,
            linestyle=(0, (4, 2.5)) if self.dashed else "solid",
            zorder=2,
        )
        axes.add_patch(frame)
        if self.strip:
            fill(axes, x, y + 0.05, 0.045, height - 0.1, self.strip)
        self.block.draw(axes, x + self.pad, y + self.pad, width - 2 * self.pad, height - 2 * self.pad)


@dataclass(frozen=True)
class Arrows:
    """Arrows downward; `at`: where, as shares of the width."""

    at: Sequence[float] = (0.5,)
    high: float = 0.22

    def height(self, width: float) -> float:  # noqa: D102
        return self.high

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        style = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 1.5, "shrinkB": 1.5, "mutation_scale": 8}
        for share in self.at:
            across = x + share * width
            axes.annotate("", xy=(across, y + height), xytext=(across, y), arrowprops=style)


@dataclass(frozen=True)
class Legend:
    """Signs with their words, beside each other as far as they fit; `wide`: how wide a sign is."""

    entries: Sequence[tuple[Mark, str]]
    wide: float = 0.14
    colour: str = GREY

    def _places(self, width: float) -> list[tuple[float, int]]:
        """Return for each entry how far from the left and on which line it stands."""
        places, x, line = [], 0.0, 0
        for _, words in self.entries:
            own = self.wide + 0.05 + width_of(words, SMALL)
            if x and x + own > width:
                x, line = 0.0, line + 1
            places.append((x, line))
            x += own + 0.15
        return places

    def height(self, width: float) -> float:  # noqa: D102
        return (self._places(width)[-1][1] + 1) * line_height(SMALL)

    def draw(self, axes: Axes, x: float, y: float, width: float, height: float) -> None:  # noqa: D102
        for (mark, words), (left, line) in zip(self.entries, self._places(width), strict=True):
            top = y + line * line_height(SMALL)
            mark(axes, x + left + self.wide / 2, top + line_height(SMALL) / 2)
            room = width_of(words, SMALL)
            Text(words, colour=self.colour).draw(axes, x + left + self.wide + 0.05, top, room, 0)


def fill(
    axes: Axes, x: float, y: float, width: float, height: float, face: str, edge: str = "none", alpha: float = 1.0
) -> None:
    """Fill a rectangle from its top left corner."""
    patch = Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, alpha=alpha, linewidth=0.6, zorder=3)
    axes.add_patch(patch)


def dot(axes: Axes, x: float, y: float, radius: float, face: str, edge: str = "none") -> None:
    """Draw a circle around a point."""
    axes.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=edge, linewidth=1.0, zorder=3))
