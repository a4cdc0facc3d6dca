"""The joint display as a table, and long descriptions of the figures of field data where strands meet."""

from __future__ import annotations

import pandas as pd

from koppelkans.figures.field_axis import interval_text, n_text
from koppelkans.figures.field_integration import (
    CONVERGENCE,
    FITS,
    LEVEL_NAMES,
    STANCES,
    answer_words,
    case_words,
    side_name,
)
from koppelkans.figures.strand_styles import Strands
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import SMITSVEEN, strand_name

_WORDS = {
    "codings": {"nl": "{n} coderingen", "en": "{n} codings"},
    "interviews": {"nl": "gesprekken", "en": "interviews"},
    "nobody": {"nl": "niemand antwoordde", "en": "nobody answered"},
}


def joint_table(
    table: pd.DataFrame, options: pd.DataFrame, language: str, strands: Strands = SMITSVEEN
) -> pd.DataFrame:
    """Lay a joint display out to be read: theme, strand, qualitative, quantitative, fit, rule."""
    rows = []
    for row in rows_of(table):
        said = f"{case_words(row, language)} {_WORDS['interviews'][language]}"
        if row["of_cases"] and not row["hidden_interviews"]:
            said += f", {_WORDS['codings'][language].format(n=int(row['codings']))}"
        asked = answer_words(row, options, language)
        if row["question"]:
            shown = {**row, "hidden": "small" if row["hidden_answers"] else "", "reason_nl": "", "reason_en": ""}
            known = row["hidden_answers"] or pd.notna(row["value"])
            words = interval_text(shown, language) if known else _WORDS["nobody"][language]
            asked = f"{asked}: {words}, {n_text(row, language)}"
        rows.append(
            {
                "theme": row[f"name_{language}"],
                "strand": strand_name(strands, row["strand"], language),
                "qualitative": said,
                "quantitative": asked,
                "fit": FITS[row["fit"]][2][language],
                "rule": row[f"rule_{language}"],
            }
        )
    return pd.DataFrame(rows, columns=["theme", "strand", "qualitative", "quantitative", "fit", "rule"])


def joint_lines(shown: pd.DataFrame) -> list[str]:
    """List the rows of a joint display; takes what `joint_table` gives."""
    rows = rows_of(shown)
    return [f"- {r['theme']}, {r['strand']}: {r['qualitative']}; {r['quantitative']}. {r['fit']}" for r in rows]


def triangulation(table: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> list[str]:
    """List what each side says of every theme, and how they go together."""
    sides = [column for column in table.columns if "/" in str(column)]
    lines = []
    for row in rows_of(table):
        level = f" ({LEVEL_NAMES[row['level']][language]})" if row["level"] else ""
        said = ", ".join(f"{side_name(side, language, strands)} {STANCES[row[side]][2][language]}" for side in sides)
        lines.append(f"- {row[f'name_{language}']}{level}: {said}; {CONVERGENCE[row['convergence']][language]}")
    return lines
