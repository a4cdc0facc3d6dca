"""The vocabulary of charts: what a tidy table can be drawn as, on axes, by seaborn or matplotlib.

Each function takes axes (a few take a figure of several axes), a tidy table and the names of its columns. A figure of
the report is one of these with its own columns and words; see `koppelkans.figures.field` for many examples.
"""

from koppelkans.figures.charts.counts import bars, grid, marks
from koppelkans.figures.charts.layout import heading, legend, note, panels, right_column, rows, sheet
from koppelkans.figures.charts.scales import diverging, events, ranges
from koppelkans.figures.charts.shares import curve, estimates

__all__ = [
    "bars",
    "curve",
    "diverging",
    "estimates",
    "events",
    "grid",
    "heading",
    "legend",
    "marks",
    "note",
    "panels",
    "ranges",
    "right_column",
    "rows",
    "sheet",
]
