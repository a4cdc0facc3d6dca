"""Charts and tables of several studies side by side. Each study stands there with a sign for its origin."""

from koppelkans.figures.neighbourhoods.by_study import agreement, by_neighbourhood
from koppelkans.figures.neighbourhoods.shares import answers, motives
from koppelkans.figures.neighbourhoods.tables import not_comparable_table, programme_table, studies_table
from koppelkans.figures.neighbourhoods.themes import themes

__all__ = [
    "agreement",
    "answers",
    "by_neighbourhood",
    "motives",
    "not_comparable_table",
    "programme_table",
    "studies_table",
    "themes",
]
