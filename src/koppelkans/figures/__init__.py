"""Figures and tables of the report: house style, captions and alt texts, and one module of figures per strand."""

from koppelkans.figures.exhibit import Exhibit, origin_of, show, table
from koppelkans.figures.showing import Exhibits, exhibits
from koppelkans.figures.style import no_data

__all__ = ["Exhibit", "Exhibits", "exhibits", "no_data", "origin_of", "show", "table"]
