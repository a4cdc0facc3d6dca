"""Long descriptions of the figures of the ledger: counts, traces and discrepancies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.discrepancies import GROUPS, VERDICTS
from koppelkans.figures.parts import PARTS
from koppelkans.ledger.names import name_of
from koppelkans.strands.published import rows_of

_WORDS = {
    "total": {"nl": "samen {n}", "en": "{n} together"},
    "conclusion": {"nl": "Conclusie {n}", "en": "Conclusion {n}"},
    "advice": {"nl": "Aanbeveling {n}", "en": "Recommendation {n}"},
    "found": {"nl": "in de gegevens gevonden", "en": "found in the data"},
    "not-found": {"nl": "niet gevonden", "en": "not found"},
    "not-run": {"nl": "niet getoetst", "en": "not checked"},
    "listed": {"nl": "alleen op de lijst", "en": "only on the list"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def grid(counts: pd.DataFrame, language: str) -> list[str]:
    """List the rows of a grid of counts with every cell that is not empty; takes what `coverage_grid` takes."""
    if counts.empty:
        return []
    row_key, column_key = counts.columns[:2]
    lines = []
    for row, held in counts.groupby(row_key, sort=False):
        cells = [f"{name_of(str(one[column_key]), language)} {one['n']}" for one in rows_of(held)]
        lines.append(
            f"- {name_of(str(row), language)}: {', '.join(cells)}; {_say('total', language, n=held['n'].sum())}"
        )
    return lines


def _part(key: str, language: str) -> str:
    return PARTS[key][0][language] if key in PARTS else f"§ {key}"


def matrix(counts: pd.DataFrame, language: str) -> list[str]:
    """List for each part of the study how many of its findings arrive where; takes what `trace_matrix` takes."""
    if counts.empty:
        return []
    by = str(counts.columns[0])
    lines = []
    for key, held in counts.groupby(by, sort=False):
        cells = [
            f"{_say(row['stage'], language, n=row['number']).lower()}: {row['n_findings']}" for row in rows_of(held)
        ]
        lines.append(
            f"- {_part(str(key), language) if by == 'part' else name_of(str(key), language)}: {', '.join(cells)}"
        )
    return lines


def discrepancies(counts: pd.DataFrame, language: str) -> list[str]:
    """List the places by subject and nature, with how they were found; takes what `discrepancy_grid` takes."""
    lines = []
    for (group, verdict), held in counts.groupby(["group", "verdict"], sort=False):
        cells = [f"{_WORDS[row['outcome']][language]} {row['n']}" for row in rows_of(held)]
        lines.append(f"- {GROUPS[str(group)][language]}, {VERDICTS[str(verdict)][language]}: {', '.join(cells)}")
    return lines
