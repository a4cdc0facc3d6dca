"""The house style of the figures: sizes, colours, and the settings of matplotlib.

Every figure is drawn twice: WIDTH inches wide, which is a text column in print and on a screen, and NARROW inches for a
phone, where 360 pixels give 100 pixels an inch. No text is set below SMALL points, which is 12 pixels there. Colours
are told apart by people who are colour-blind and stay apart in grey; a colour never carries a meaning alone, there is
always a word or a sign with it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib.rcsetup import cycler

from koppelkans.figures.fonts import FAMILY, register

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


def luminance(colour: str) -> float:
    """Return how light a colour is, from 0 to 1 (relative luminance, WCAG 2.1)."""
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def line_height(size: float) -> float:
    """Return the distance between two lines of text, in inches."""
    return size * LEADING / 72
