"""The flows of the trace diagram: bands between boxes, as thick as there are links."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from koppelkans.figures.diagrams.trace_boxes import FLOW, PARTLY, WHOLE, colour_of
from koppelkans.figures.style import PAPER

WIDTHS = {"finding": 1.14, "conclusion": 1.72, "advice": 1.72}
UNIT = 0.028
"""Inches of thickness for one link."""
Box = tuple[str, str]
"""A box by its stage and key."""
Place = tuple[float, float, float]
"""Where a box stands: x, y, height."""


def draw_flows(
    axes: Axes, flows: list[dict[str, Any]], places: dict[Box, Place], boxes: dict[Box, dict[str, Any]]
) -> None:
    """Draw each flow from the right side of a box to the left side of the next, in the order in which boxes stand."""
    used: defaultdict[tuple[str, str, str], float] = defaultdict(float)

    def edge(box: Box, side: str, thick: float) -> float:
        """Return where the next flow begins at a side of a box; all flows at it stand in the middle of that side."""
        _, y, height = places[box]
        start = y + (height - boxes[box][side] * UNIT) / 2 + used[*box, side]
        used[*box, side] += thick
        return start

    pairs = [((flow["from_stage"], str(flow["from"])), (flow["to_stage"], str(flow["to"])), flow) for flow in flows]
    drawn = [pair for pair in pairs if pair[0] in places and pair[1] in places]
    drawn.sort(key=lambda pair: (pair[0][0] != "finding", places[pair[0]][1], places[pair[1]][1]))
    for start, end, flow in drawn:
        for n, tone in ((flow["n_whole"], WHOLE), (flow["n"] - flow["n_whole"], PARTLY)):
            if n:
                y, y_end = edge(start, "n_out", n * UNIT), edge(end, "n_in", n * UNIT)
                x = places[start][0] + WIDTHS[start[0]]
                _ribbon(axes, (x, y), (places[end][0], y_end), n * UNIT, colour_of(boxes[start]) or FLOW, tone)


def _ribbon(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], thick: float, colour: str, tone: float
) -> None:
    """Draw a band from one point to another that starts and ends level."""
    (x, y), (x_end, y_end) = start, end
    half = (x + x_end) / 2
    upper = [(x, y), (half, y), (half, y_end), (x_end, y_end)]
    lower = [(across, down + thick) for across, down in reversed(upper)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    curve = Path([*upper, *lower, upper[0]], codes)
    axes.add_patch(PathPatch(curve, facecolor=colour, alpha=tone, edgecolor=PAPER, linewidth=0.3, zorder=1))
