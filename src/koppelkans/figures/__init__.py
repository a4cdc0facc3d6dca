"""Figures and tables of the report: house style, captions and alt texts, charts and diagrams."""

from koppelkans.figures.exhibit import Exhibit
from koppelkans.figures.showing import Exhibits, exhibits

__all__ = ["Exhibit", "Exhibits", "exhibits"]
