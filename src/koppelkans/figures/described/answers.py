"""Answers of respondents in words: the table of who answered, and long descriptions of the figures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.field_axis import interval_text, missing_text, n_text, points_text
from koppelkans.figures.field_groups import p_text
from koppelkans.figures.strand_styles import Strands
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import ANSWERED
from koppelkans.study.strands import SMITSVEEN, strand_name

_WORDS = {
    "mean": {"nl": "gemiddelde plaats", "en": "mean rank"},
    "first": {"nl": "eerst gezet", "en": "put first"},
    "worth": {"nl": "kans op de eerste plaats", "en": "chance of first place"},
    "net": {"nl": "saldo", "en": "net"},
    "average": {"nl": "gemiddeld", "en": "mean"},
    "median": {"nl": "mediaan", "en": "median"},
    "hidden": {"nl": "verborgen", "en": "hidden"},
    "odds": {"nl": "oddsratio", "en": "odds ratio"},
    "against": {"nl": "tegenover", "en": "against"},
}


def _question(row: dict[str, Any], language: str) -> str:
    return str(row[f"label_{language}"] or row["question"])


def response(table: pd.DataFrame, means: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> pd.DataFrame:
    """Lay out who answered each question: question, strand, asked, answered, missing (reasons), summary (of numbers).

    `table` and `means` as `strands.questionnaire` gives them; what is hidden says so.
    """
    rows = []
    for (question, strand), held in table.groupby(["question", "strand"], sort=False):
        answered = held.loc[held["state"] == ANSWERED, "respondents"].iloc[0]
        mean = means[(means["question"] == question) & (means["strand"] == strand)]
        people = held.iloc[0]["people"]
        rows.append(
            {
                "question": _question(rows_of(held)[0], language),
                "strand": strand_name(strands, str(strand), language),
                "asked": _WORDS["hidden"][language] if pd.isna(people) else str(int(people)),
                "answered": _WORDS["hidden"][language] if pd.isna(answered) else str(int(answered)),
                "missing": missing_text(table, str(question), str(strand), language),
                "summary": "" if mean.empty else _summary(rows_of(mean)[0], language),
            }
        )
    return pd.DataFrame(rows, columns=["question", "strand", "asked", "answered", "missing", "summary"])


def _summary(row: dict[str, Any], language: str) -> str:
    if pd.isna(row["value"]):
        return str(row[f"reason_{language}"])
    middle = lang.number(float(row["median"]), language)["text"]
    words = f"{_WORDS['average'][language]} {interval_text(row, language, share=False)}"
    return f"{words}; {_WORDS['median'][language]} {middle}" + (
        f"; {row[f'reason_{language}']}" if row[f"reason_{language}"] else ""
    )


def shares(table: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> list[str]:
    """List the share of every option, strand by strand."""
    lines = []
    for row in rows_of(table):
        head = (
            f"{_question(row, language)} {strand_name(strands, row['strand'], language)}, {row[f'option_{language}']}"
        )
        lines.append(f"- {head}: {interval_text(row, language)}; {n_text(row, language)}")
    return lines


def rankings(table: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> list[str]:
    """List the three measures of every option, strand by strand."""
    lines = []
    for (_, strand, option), held in table.groupby(["question", "strand", "option"], sort=False):
        parts = []
        for row in rows_of(held):
            mean = row["measure"] == "mean"
            words = interval_text(row, language, 1 if mean else 0, not mean)
            parts.append(f"{_WORDS[row['measure']][language]} {words}")
        about = rows_of(held)[0]
        name = about[f"option_{language}"] or option
        who = strand_name(strands, str(strand), language)
        lines.append(f"- {_question(about, language)} {who}, {name}: {'; '.join(parts)}")
    return lines


def likert(table: pd.DataFrame, language: str, strands: Strands = SMITSVEEN) -> list[str]:
    """List how the answers to every statement spread, strand by strand."""
    lines = []
    for (_, strand), held in table.groupby(["question", "strand"], sort=False):
        about = rows_of(held)[0]
        head = f"{_question(about, language)} {strand_name(strands, str(strand), language)}, {n_text(about, language)}"
        if held["share"].isna().any():
            lines.append(f"- {head}: {about[f'reason_{language}'] or _WORDS['hidden'][language]}")
            continue
        points = [f"{row[f'option_{language}']} {100 * row['share']:.0f}%" for row in rows_of(held)]
        lines.append(f"- {head}: {', '.join(points)}; {_WORDS['net'][language]} {points_text(about, language)}")
    return lines


def compared(table: pd.DataFrame, language: str) -> list[str]:
    """List the difference of every answer between groups."""
    lines = []
    for row in rows_of(table):
        sides = f"{row['group']} {_WORDS['against'][language]} {row['reference']}"
        head = f"{_question(row, language)} {row[f'option_{language}']}, {sides}"
        if row.get("hidden") or pd.isna(row["value"]):
            lines.append(f"- {head}: {row[f'reason_{language}'] or _WORDS['hidden'][language]}")
        else:
            p = f"; {p_text(float(row['p']), language)}" if pd.notna(row["p"]) else ""
            lines.append(f"- {head}: {points_text(row, language)}{p}")
    return lines


def modelled(table: pd.DataFrame, language: str) -> list[str]:
    """List the effect of every predictor, or why there is none."""
    lines = []
    for row in rows_of(table):
        if pd.isna(row["effect"]):
            return [f"- {row[f'reason_{language}']}"]
        effect = points_text(row, language, ("effect", "effect_low", "effect_high"))
        odds = lang.number(float(row["odds_ratio"]), language, 2)["text"]
        lines.append(
            f"- {row['term']}: {effect}; {_WORDS['odds'][language]} {odds}; {p_text(float(row['p']), language)}"
        )
    return lines
