"""Triangulation: which strands speak to a theme, on which level, and whether they agree (Farmer et al. 2006).

`findings`: one row a finding: theme, strand (or work package), stance (supports, nuances, contradicts) and, for
`levels_matrix`, level (of the social-ecological model).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.study.columns import require

STANCES = ("supports", "nuances", "contradicts")
SILENT, MIXED = "silent", "mixed"
CONVERGENCE = ("agreement", "partial", "dissonance", "one strand", "silence")


def triangulation(findings: pd.DataFrame, themes: Sequence[str], strands: Sequence[str]) -> pd.DataFrame:
    """Cross themes with strands: one row a theme: theme, a column for each strand, speaking, convergence.

    A cell is the stance of the strand's findings on the theme: supports, nuances or contradicts where all say the same,
    mixed where they differ, silent where there is none. speaking: strands that are not silent. convergence:

    agreement: two strands or more speak, and all support or all contradict.
    dissonance: one supports and another contradicts.
    partial: two or more speak, with nuances or mixed findings among them, and no dissonance.
    one strand: only one speaks. silence: none does.

    Raises KoppelkansError for a missing column, an unknown stance, and a theme or strand that is not in the lists.
    """
    require(findings, "findings", ("theme", "strand", "stance"))
    for column, known in (("theme", themes), ("strand", strands), ("stance", STANCES)):
        _known(findings, column, known)
    stances: dict[tuple[str, str], set[str]] = {}
    for theme, strand, stance in findings[["theme", "strand", "stance"]].astype(str).to_numpy():
        stances.setdefault((theme, strand), set()).add(stance)
    rows = []
    for theme in themes:
        cells = [_cell(stances.get((theme, strand), set())) for strand in strands]
        speaking = [cell for cell in cells if cell != SILENT]
        rows.append((theme, *cells, len(speaking), _convergence(speaking)))
    return pd.DataFrame(rows, columns=["theme", *strands, "speaking", "convergence"])


def _known(findings: pd.DataFrame, column: str, known: Sequence[str]) -> None:
    unknown = findings.loc[~findings[column].isin(list(known)), column]
    if len(unknown):
        raise KoppelkansError(
            f"table findings, row {unknown.index[0]}: {column} {unknown.iloc[0]!r}; expected one of {', '.join(known)}"
        )


def _cell(stances: set[str]) -> str:
    if not stances:
        return SILENT
    return next(iter(stances)) if len(stances) == 1 else MIXED


def _convergence(speaking: list[str]) -> str:
    stances = set(speaking)
    if not stances:
        return "silence"
    if len(speaking) == 1:
        return "one strand"
    if {"supports", "contradicts"} <= stances:
        return "dissonance"
    return "agreement" if len(stances) == 1 and stances <= {"supports", "contradicts"} else "partial"


def levels_matrix(findings: pd.DataFrame, levels: Sequence[str], strands: Sequence[str]) -> pd.DataFrame:
    """Count findings by level of the social-ecological model and strand: index level, one column a strand, 0 included.

    Raises KoppelkansError for a level or strand that is not in the lists.
    """
    require(findings, "findings", ("level", "strand"))
    _known(findings, "level", levels)
    _known(findings, "strand", strands)
    counts = pd.crosstab(findings["level"], findings["strand"])
    return counts.reindex(index=list(levels), columns=list(strands), fill_value=0).rename_axis(
        index="level", columns=None
    )
