"""Long description of the levels and work packages."""

from __future__ import annotations

import pandas as pd

from koppelkans.strands.published import rows_of

_WORDS = {
    "none": {"nl": "geen werkpakket", "en": "no work package"},
    "design": {"nl": "opzet", "en": "design"},
    "results": {"nl": "resultaten", "en": "results"},
    "closing": {"nl": "slotbeschouwing", "en": "closing chapter"},
}


def levels(pairs: pd.DataFrame, language: str) -> list[str]:
    """List for each level the work packages that the study places there, and in which section."""
    lines = []
    for _, held in pairs.groupby("level", sort=False):
        placed = []
        for pair in rows_of(held):
            said = [f"{_WORDS[key][language]} § {pair[key]}" for key in ("design", "results", "closing") if pair[key]]
            placed += [f"{pair[f'package_{language}']} ({', '.join(said)})"] if said else []
        lines.append(f"- {held.iloc[0][f'level_{language}']}: {'; '.join(placed) or _WORDS['none'][language]}")
    return lines
