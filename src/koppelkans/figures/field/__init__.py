"""Charts of field data: what was coded and answered, how far coders agree, how groups differ, where strands meet.

Each takes what the function of the same work in `strands.coded` or `strands.coded_patterns` gives.
"""

from koppelkans.figures.field.agreement import agreement, power
from koppelkans.figures.field.answers import rankings, scales, shares
from koppelkans.figures.field.codes import frequencies, together
from koppelkans.figures.field.comparisons import differences, effects
from koppelkans.figures.field.constructs import missing_patterns, open_items_table, reliability, score_table
from koppelkans.figures.field.contrast import contrast
from koppelkans.figures.field.grids import associations_table, case_matrix, group_effects, groups, programme_halves
from koppelkans.figures.field.joint import joint_display, joint_table, triangulation
from koppelkans.figures.field.linked import differing_people, linked_cases
from koppelkans.figures.field.nonresponse import margins, raked
from koppelkans.figures.field.response import response_table
from koppelkans.figures.field.saturation import saturation
from koppelkans.figures.field.talks import talks

__all__ = [
    "agreement",
    "associations_table",
    "case_matrix",
    "contrast",
    "differences",
    "differing_people",
    "effects",
    "frequencies",
    "group_effects",
    "groups",
    "joint_display",
    "joint_table",
    "linked_cases",
    "margins",
    "missing_patterns",
    "open_items_table",
    "power",
    "programme_halves",
    "raked",
    "rankings",
    "reliability",
    "response_table",
    "saturation",
    "scales",
    "score_table",
    "shares",
    "talks",
    "together",
    "triangulation",
]
