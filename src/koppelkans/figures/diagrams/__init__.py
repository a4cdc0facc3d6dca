"""Diagrams that no chart library has: `from koppelkans.figures import diagrams`.

Each takes what the function of the same work in `strands`, `integration` or `ledger` gives, and returns a Chart.
"""

from koppelkans.figures.diagrams.design import research_design
from koppelkans.figures.diagrams.levels import ecological_model
from koppelkans.figures.diagrams.stories import change_story
from koppelkans.figures.diagrams.summary import summary
from koppelkans.figures.diagrams.themes import theme_tree
from koppelkans.figures.diagrams.traces import trace_flows

__all__ = [
    "change_story",
    "ecological_model",
    "research_design",
    "summary",
    "theme_tree",
    "trace_flows",
]
