"""Charts of field data: what was coded, by whom, how far coders agree, and how groups differ.

`from koppelkans.figures import field as charts`; each takes what the function of the same work in `strands` gives.
"""

from koppelkans.figures.field.agreement import agreement, power
from koppelkans.figures.field.codes import frequencies
from koppelkans.figures.field.grids import case_matrix, programme_halves

__all__ = ["agreement", "case_matrix", "frequencies", "power", "programme_halves"]
