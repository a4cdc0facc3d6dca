"""Long descriptions of ranges of counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.strands.published import rows_of

_WORDS = {
    "words": {"nl": "de woorden laten {low} tot {high} toe", "en": "the words allow {low} to {high}"},
    "unbounded": {"nl": "de woorden leggen niets vast", "en": "the words settle nothing"},
    "convention": {"nl": "een conventie {low} tot {high}", "en": "a convention {low} to {high}"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def quantifiers(rows: pd.DataFrame, groups: dict[str, dict[str, str]], language: str) -> list[str]:
    """List what each kind of words allows; takes what `quantifier_counts` takes, and the names of its groups."""
    lines = []
    for row in rows_of(rows):
        group = groups.get(row["group"], {language: row["group"]})[language]
        said = [_WORDS["unbounded"][language]]
        if row["rule"] != "unbounded":
            said = [_say("words", language, low=row["low"], high=row["high"])]
        if row["convention"]:
            said.append(_say("convention", language, low=row["convention_low"], high=row["convention_high"]))
        lines.append(f"- {group}, n = {row['n']}, {row[f'words_{language}']} ({row['times']}×): {'; '.join(said)}")
    return lines
