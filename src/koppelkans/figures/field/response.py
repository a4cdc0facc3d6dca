"""The table of who answered which question, and why others did not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.field.estimate_words import interval_text, missing_text, question_text
from koppelkans.figures.strand_styles import Strands
from koppelkans.locale import language as lang
from koppelkans.locale import words
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import ANSWERED
from koppelkans.study.origin import carries_origin
from koppelkans.study.strands import strand_name


@carries_origin
def response_table(table: pd.DataFrame, means: pd.DataFrame, language: str, strands: Strands) -> pd.DataFrame:
    """Lay out who answered each question: question, strand, asked, answered, missing (reasons), summary (of numbers).

    `table` and `means` as `strands.questionnaire` gives them; what is hidden says so.
    """
    hidden = words(language).gettext("hidden")
    lines = []
    for (question, strand), own in table.groupby(["question", "strand"], sort=False):
        answered = own.loc[own["state"] == ANSWERED, "respondents"].iloc[0]
        mean = means[(means["question"] == question) & (means["strand"] == strand)]
        people = own.iloc[0]["people"]
        lines.append(
            {
                "question": question_text(rows_of(own)[0], language),
                "strand": strand_name(strands, str(strand), language),
                "asked": hidden if pd.isna(people) else str(int(people)),
                "answered": hidden if pd.isna(answered) else str(int(answered)),
                "missing": missing_text(table, str(question), str(strand), language),
                "summary": "" if mean.empty else _summary(rows_of(mean)[0], language),
            }
        )
    return pd.DataFrame(lines, columns=["question", "strand", "asked", "answered", "missing", "summary"])


def _summary(row: dict[str, Any], language: str) -> str:
    _ = words(language).gettext
    if pd.isna(row["value"]):
        return str(row[f"reason_{language}"])
    mean, median = _("mean"), _("median")
    digits = lang.decimals_of(float(row["value"]))
    middle = lang.number(float(row["median"]), language, digits)["text"]
    written = f"{mean} {interval_text(row, language, digits, share=False)}; {median} {middle}"
    return f"{written}; {row[f'reason_{language}']}" if row[f"reason_{language}"] else written
