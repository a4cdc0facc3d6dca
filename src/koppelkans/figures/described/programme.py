"""Long descriptions of the figures of the sessions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.sessions import FORMS
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_WORDS = {
    "session": {"nl": "Sessie {n}, {month}", "en": "Session {n}, {month}"},
    "sessions": {"nl": "sessies {names}; samen {n} werkvormen", "en": "sessions {names}; {n} work forms together"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def timeline(programme: pd.DataFrame, items: pd.DataFrame, language: str) -> list[str]:
    """List the sessions with month and themes; takes what `figures.sessions.timeline` takes."""
    lines = []
    for row in rows_of(programme):
        held = items[(items["session"] == row["session"]) & (items["kind"] == "theme")].sort_values("item")
        when = _say("session", language, n=row["session"], month=lang.month(row["month"], language))
        lines.append(f"- {when}: {'; '.join(held[f'text_{language}'])}")
    return lines


def work_forms(matrix: pd.DataFrame, language: str) -> list[str]:
    """List for each category of work forms the sessions that had one, with how many where there were more.

    `matrix` as `figures.sessions.work_forms` takes it.
    """
    lines = []
    for category in matrix.columns:
        used = matrix.loc[matrix[category] > 0, category]
        cells = [f"{session} ({n}×)" if n > 1 else str(session) for session, n in used.items()]
        words = _say("sessions", language, names=", ".join(cells), n=int(used.sum()))
        lines.append(f"- {FORMS[str(category)][language]}: {words}")
    return lines
