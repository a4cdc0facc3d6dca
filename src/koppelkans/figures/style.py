"""The house style of the figures: sizes, colours, and a drawing surface measured in inches.

Every figure is WIDTH inches wide, which is a text column in print and 64 pixels an inch on a phone; no text is set
below SMALL points. Colours are told apart by people who are colour-blind and stay apart in grey; a colour never carries
a meaning alone, there is always a word or a sign with it.
"""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle

from koppelkans.figures.fonts import Weight, properties, wrapped

WIDTH = 5.6  # inches
EDGE = 0.06  # inches kept free at every side
BODY = 10.0  # points
SMALL = 9.0  # points; the smallest text
LEADING = 1.22  # line distance, in text sizes

INK = "#1c2127"
GREY = "#5a636d"
RULE = "#b9c0c7"
PALE = "#eef1f4"
PAPER = "#ffffff"
BLUE = "#1f5f99"
ORANGE = "#c96a10"
RED = "#b0402c"
GREEN = "#1f7a66"
PURPLE = "#7a5195"
BLUE_TINT = "#dbe7f2"

PACKAGE_COLOURS = {
    "integrated-collaboration": BLUE,
    "effects-EiS": GREEN,
    "resident-connection": ORANGE,
    "behaviour-change": PURPLE,
}

Align = Literal["left", "center", "right"]


def line_height(size: float) -> float:
    """Return the distance between two lines of text, in inches."""
    return size * LEADING / 72


def text_height(text: str, width: float, size: float = BODY, weight: Weight = "regular") -> float:
    """Return the height that a text takes when it is wrapped to a width; all in inches."""
    return len(wrapped(text, width, size, weight)) * line_height(size)


class Canvas:
    """A figure to draw on in inches from its top left corner, y downward."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height), facecolor=PAPER)
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.axis("off")

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = BODY,
        weight: Weight = "regular",
        colour: str = INK,
        align: Align = "left",
        width: float | None = None,
    ) -> float:
        """Write text with its top at y, wrapped to `width`, and return the y below it; `align` says what x is."""
        lines = wrapped(text, width, size, weight) if width else [text]
        for number, line in enumerate(lines):
            # 0.95 of the size puts capitals in the middle of the line.
            baseline = y + number * line_height(size) + 0.95 * size / 72
            self.axes.text(
                x,
                baseline,
                line,
                fontproperties=properties(weight, size),
                color=colour,
                ha=align,
                va="baseline",
                parse_math=False,
                zorder=5,
            )
        return y + len(lines) * line_height(size)

    def write_middle(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = BODY,
        weight: Weight = "regular",
        colour: str = INK,
        align: Align = "left",
        width: float | None = None,
    ) -> None:
        """Write text as `write` does, with its middle at y."""
        height = text_height(text, width, size, weight) if width else line_height(size)
        self.write(x, y - height / 2, text, size=size, weight=weight, colour=colour, align=align, width=width)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        face: str = PAPER,
        edge: str = RULE,
        line: float = 0.8,
        dashed: bool = False,
        radius: float = 0.06,
    ) -> None:
        """Draw a box with rounded corners from its top left corner."""
        self.axes.add_patch(
            FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={radius}",
                facecolor=face,
                edgecolor=edge,
                linewidth=line,
                linestyle=(0, (4, 2.5)) if dashed else "solid",
                zorder=2,
            )
        )

    def band(self, x: float, y: float, width: float, height: float, face: str) -> None:
        """Fill a rectangle, behind lines and marks."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor="none", zorder=1))

    def bar(self, x: float, y: float, width: float, height: float, face: str) -> None:
        """Fill a rectangle, in front of lines."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor="none", zorder=2))

    def line(self, *points: tuple[float, float], colour: str = RULE, weight: float = 0.8, dashed: bool = False) -> None:
        """Draw a line through points."""
        xs, ys = zip(*points, strict=True)
        style = (0, (3, 2.5)) if dashed else "solid"
        self.axes.plot(xs, ys, color=colour, linewidth=weight, linestyle=style, solid_capstyle="butt", zorder=1.5)

    def dot(self, x: float, y: float, radius: float, *, face: str = INK, edge: str = "none", line: float = 1.0) -> None:
        """Draw a circle around a point."""
        self.axes.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=edge, linewidth=line, zorder=3))

    def arrow_down(self, x: float, y_from: float, y_to: float, colour: str = GREY) -> None:
        """Draw an arrow downward."""
        self.line((x, y_from), (x, y_to - 0.06), colour=colour, weight=1.0)
        tip = [(x, y_to), (x - 0.045, y_to - 0.075), (x + 0.045, y_to - 0.075)]
        self.axes.add_patch(Polygon(tip, closed=True, facecolor=colour, edgecolor="none", zorder=2))


NO_DATA = "no-data"
"""Label of a figure that `no_data` made."""


def no_data(message: str) -> Figure:
    """Return a figure that says in one line that there is nothing to draw."""
    canvas = Canvas(height=0.62)
    canvas.box(EDGE, 0.1, WIDTH - 2 * EDGE, 0.42, dashed=True)
    canvas.write_middle(WIDTH / 2, 0.31, message, colour=GREY, align="center")
    canvas.figure.set_label(NO_DATA)
    return canvas.figure
