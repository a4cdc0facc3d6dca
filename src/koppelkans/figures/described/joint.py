"""Long descriptions of the figures of the joint picture and of the visual summary."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.names import name_of
from koppelkans.ledger.statuses import STATUSES
from koppelkans.strands.published import rows_of

_WORDS = {
    "question": {"nl": "Centrale vraag: {name}", "en": "Central question: {name}"},
    "package": {"nl": "Werkpakket {number}, {name}", "en": "Work package {number}, {name}"},
    "recommendation": {"nl": "Aanbeveling {number}: {name}", "en": "Recommendation {number}: {name}"},
    "numbered": {"nl": "Conclusie {number}: {name}", "en": "Conclusion {number}: {name}"},
    "conclusions": {"nl": "Alle concluderende uitspraken", "en": "All concluding statements"},
    "all_advice": {"nl": "Alle adviezen", "en": "All pieces of advice"},
    "whole": {"nl": "Alle uitspraken van de studie", "en": "All statements of the study"},
    "none": {"nl": "geen werkpakket", "en": "no work package"},
    "design": {"nl": "opzet", "en": "design"},
    "results": {"nl": "resultaten", "en": "results"},
    "closing": {"nl": "slotbeschouwing", "en": "closing chapter"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def design(questions: pd.DataFrame, packages: pd.DataFrame, language: str) -> list[str]:
    """List the central question and, for each work package, its questions and method."""
    if questions.empty or packages.empty:
        return []
    text = f"text_{language}"
    central = questions.loc[questions["work_package"] == "", text]
    lines = [f"- {_say('question', language, name=name)}" for name in central]
    for row in rows_of(packages.sort_values("order")):
        own = questions.loc[questions["work_package"] == row["work_package"], text]
        head = _say("package", language, number=row["order"], name=row[f"name_{language}"])
        lines.append(f"- {head}: {' '.join(own)} ({row[f'method_{language}']})")
    return lines


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


def overview(rows: pd.DataFrame, language: str) -> list[str]:
    """List what the visual summary says, line by line; takes what `visual_summary` takes."""
    keys = {"conclusion": "numbered", "advice": "all_advice"}
    lines = []
    for row in rows_of(rows):
        head = _say(keys.get(row["part"], row["part"]), language, name=row["name"], number=row["number"])
        counts = {} if pd.isna(row["statements"]) else {s: row[s] for s in STATUSES if row[s]}
        cells = ", ".join(f"{name_of(status, language)} {n}" for status, n in counts.items())
        lines.append("- " + ". ".join(part.rstrip(".") for part in (head, row["done"], row["says"], cells) if part))
    return lines
