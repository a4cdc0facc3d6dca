"""Charts of field data: what was coded, by whom, how far coders agree, and how groups differ.

Each takes what the function of the same work in `strands.coded` or `strands.coded_patterns` gives.
"""

from koppelkans.figures.field.agreement import agreement, power
from koppelkans.figures.field.codes import frequencies, together
from koppelkans.figures.field.contrast import contrast
from koppelkans.figures.field.grids import case_matrix, group_effects, groups, programme_halves
from koppelkans.figures.field.joint import joint_display, joint_table, triangulation
from koppelkans.figures.field.saturation import saturation

__all__ = [
    "agreement",
    "case_matrix",
    "contrast",
    "frequencies",
    "group_effects",
    "groups",
    "joint_display",
    "joint_table",
    "power",
    "programme_halves",
    "saturation",
    "together",
    "triangulation",
]
