"""Koppelkans: the research compendium of *De sociale kant van de energietransitie* (Smitsveen, Soest)."""

__version__ = "0.1.0"
