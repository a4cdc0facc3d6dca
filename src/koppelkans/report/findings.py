"""What stands out in the figures of a study, in lines of text: what was brought up and answered most."""

from __future__ import annotations

import io

import pandas as pd

from koppelkans.locale import words
from koppelkans.locale.language import percent
from koppelkans.study.plain_text import from_csv

MOST_CODES, MOST_QUESTIONS = 3, 4


def of_codes(data: str, strand: str, language: str) -> str:
    """Name the codes that most people of a strand brought up, with how many; "" where none may be shown.

    `data`: the CSV of a figure of `figures.field.frequencies`. A theme is passed over for the codes below it.
    """
    _ = words(language).gettext
    codes = pd.read_csv(io.StringIO(data), keep_default_na=False)
    below = codes["depth"].shift(-1, fill_value=0) > codes["depth"]
    codes = codes[~below & (codes["hidden"] == "")]
    codes = codes.assign(cases=codes["cases"].astype(int)).sort_values("cases", ascending=False, kind="stable")
    lines = [
        _("{code} ({cases} of {of_cases} people)").format(code=from_csv(str(code)), cases=cases, of_cases=of_cases)
        for code, cases, of_cases in codes[["name", "cases", "of_cases"]].head(MOST_CODES).itertuples(index=False)
        if cases
    ]
    if not lines:
        return ""
    return _("Most often brought up ({strand}): {codes}.").format(strand=strand, codes="; ".join(lines))


def of_shares(data: str, strand_names: dict[str, str], language: str) -> list[str]:
    """Say of the first questions which answer was given most, with the interval of its share; of equal ones each.

    `data`: the CSV of a figure of `figures.field.shares`. A question whose largest share may be hidden is passed over.
    """
    _ = words(language).gettext
    shares = pd.read_csv(io.StringIO(data), keep_default_na=False)
    lines = []
    for (question, strand), rows in shares.groupby(["question", "strand"], sort=False):
        if (rows["hidden"] != "").any() or (rows["value"] == "").any() or len(rows) < 2:
            continue
        rows = rows.astype({"value": float})
        most = rows[rows["value"] == rows["value"].max()]
        first = most.iloc[0]
        options = most[f"option_{language}"].mask(most[f"option_{language}"] == "", most["option"])
        parts = ("value", "low", "high")
        share, low, high = (percent(round(float(first[part]), 2), language)["text"] for part in parts)
        line = _("{question} Most common answer ({strand}): {answer}, {share} ({low} to {high}).")
        lines.append(
            line.format(
                question=_as_question(from_csv(str(first[f"label_{language}"] or question))),
                strand=strand_names.get(str(strand), str(strand)),
                answer=" / ".join(from_csv(str(option)) for option in options),
                share=share,
                low=low,
                high=high,
            )
        )
    return lines[:MOST_QUESTIONS]


def _as_question(label: str) -> str:
    return label if label.endswith(("?", ".", "!", ":")) else f"{label}:"
