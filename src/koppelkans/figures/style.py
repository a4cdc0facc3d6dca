"""The house style of the figures: sizes, colours, and a drawing surface measured in inches.

Every figure is drawn twice: WIDTH inches wide, which is a text column in print and on a screen, and NARROW inches for a
phone, where 360 pixels give 100 pixels an inch. No text is set below SMALL points, which is 12 pixels there. Colours
are told apart by people who are colour-blind and stay apart in grey; a colour never carries a meaning alone, there is
always a word or a sign with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate, Literal, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle
from matplotlib.rcsetup import cycler

from koppelkans.figures.fonts import FAMILY, Weight, properties, register, wrapped

WIDTH = 5.6  # inches
NARROW = 3.6  # inches
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
BAND = "#d5dade"

PACKAGE_COLOURS = {
    "integrated-collaboration": BLUE,
    "effects-EiS": GREEN,
    "resident-connection": ORANGE,
    "behaviour-change": PURPLE,
}

PALETTE = (BLUE, ORANGE, GREEN, PURPLE, RED, GREY)
"""Colours of groups, in the order in which a chart takes them."""
TINTS = ("#e3edf6", "#c4d9ec", "#9dbfde")
"""From few to many, light enough for a number on top."""

RC: dict[str, Any] = {
    "font.family": [FAMILY],
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.axisbelow": True,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "font.size": SMALL,
    "axes.labelsize": SMALL,
    "axes.titlesize": BODY,
    "axes.titleweight": "semibold",
    "axes.titlelocation": "left",
    "axes.titlepad": 6,
    "axes.edgecolor": RULE,
    "axes.labelcolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.labelcolor": GREY,
    "ytick.labelcolor": INK,
    "xtick.major.pad": 3,
    "legend.fontsize": SMALL,
    "legend.title_fontsize": SMALL,
    "figure.titlesize": BODY,
    "figure.labelsize": SMALL,
    "figure.figsize": (WIDTH, 3.2),
    "grid.color": PALE,
    "hatch.linewidth": 0.5,
    "lines.linewidth": 1.5,
    "text.color": INK,
    "text.parse_math": False,  # a $ in what people said is a $
}
"""The house style, as settings of matplotlib."""


@cache
def house_style() -> None:
    """Set the style of every chart drawn from now on, by seaborn or matplotlib: typeface, sizes, colours.

    The settings are matplotlib's own, which seaborn follows; `seaborn.set_theme` would import seaborn where no chart
    needs it.
    """
    register()
    mpl.rcParams.update(RC)  # type: ignore[arg-type]


Align = Literal["left", "center", "right"]


class Sheet(Figure):
    """A figure that may carry the same drawn for a phone, and the `reason` where there is nothing to draw."""

    narrow: Figure | None = None
    reason: str = ""
    finished = True  # drawn in inches: no layout to be done


P = ParamSpec("P")


def in_both_widths(draw: Callable[Concatenate[float, P], Sheet]) -> Callable[P, Sheet]:
    """Make a figure function, whose first argument is the width in inches, draw at WIDTH and at NARROW (`narrow`)."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Sheet:
        sheet = draw(WIDTH, *args, **kwargs)
        sheet.narrow = draw(NARROW, *args, **kwargs)
        return sheet

    return drawn


def line_height(size: float) -> float:
    """Return the distance between two lines of text, in inches."""
    return size * LEADING / 72


def text_height(text: str, width: float, size: float = BODY, weight: Weight = "regular") -> float:
    """Return the height that a text takes when it is wrapped to a width; all in inches."""
    return len(wrapped(text, width, size, weight)) * line_height(size)


class Canvas:
    """A figure to draw on in inches from its top left corner, y downward."""

    def __init__(self, height: float, width: float) -> None:
        self.width, self.height = width, height
        self.figure = Sheet(figsize=(width, height), facecolor=PAPER)
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

    def write_upward(self, x: float, y: float, text: str, *, colour: str = GREY) -> None:
        """Write a small line from y upward, as the head of a column in the middle at x."""
        self.axes.text(
            x,
            y,
            text,
            fontproperties=properties("regular", SMALL),
            color=colour,
            rotation=90,
            ha="center",
            va="bottom",
            parse_math=False,
            zorder=5,
        )

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


def blank(width: float, message: str) -> Sheet:
    """Return a figure that says in one line that there is nothing to draw."""
    room = width - 2 * EDGE - 0.2
    more = text_height(message, room) - line_height(BODY)
    canvas = Canvas(0.62 + more, width)
    canvas.box(EDGE, 0.1, width - 2 * EDGE, 0.42 + more, dashed=True)
    canvas.write_middle(width / 2, 0.31 + more / 2, message, colour=GREY, align="center", width=room)
    canvas.figure.set_label(NO_DATA)
    canvas.figure.reason = message
    return canvas.figure


no_data = in_both_widths(blank)
