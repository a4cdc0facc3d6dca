"""Groups of respondents compared, and what a model says of an answer: differences around 0 with their intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.field_axis import Axis, percent, points_text, widest
from koppelkans.figures.style import (
    BLUE,
    EDGE,
    GREY,
    NARROW,
    SMALL,
    Canvas,
    Sheet,
    in_both_widths,
    line_height,
    no_data,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_WORDS = {
    "hidden": {"nl": "verborgen", "en": "hidden"},
    "of": {"nl": "{k} van {n}", "en": "{k} of {n}"},
    "points": {"nl": "verschil in procentpunten", "en": "difference in percentage points"},
    "against": {"nl": "tegenover", "en": "against"},
    "chance": {"nl": "verandering van de kans, in procentpunten", "en": "change of the chance, in percentage points"},
    "odds": {"nl": "oddsratio", "en": "odds ratio"},
    "highest": {"nl": "kans op het hoogste antwoord", "en": "chance of the highest answer"},
}
_Row = tuple[str, str, list[str], dict[str, Any]]
"""Title or "", name, lines below it, estimate."""
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def p_text(p: float, language: str) -> str:
    """Write a p-value with two decimals, three below 0.1, and never as 0."""
    if p < 0.001:
        return f"p < {lang.number(0.001, language, 3)['text']}"
    return f"p = {lang.number(p, language, 3 if p < 0.1 else 2)['text']}"


@in_both_widths
def differences(width: float, table: pd.DataFrame, language: str) -> Sheet:
    """Draw for each answer how much more often a group gives it than the reference, with interval, shares and exact p.

    `table` as `strands.survey_groups.compared` gives it, as `privacy.shown.protect` leaves it.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    rows: list[_Row] = []
    for _, held in table.groupby("question", sort=False):
        about = held.iloc[0]
        for place, row in enumerate(rows_of(held)):
            title = str(about[f"label_{language}"] or about["question"]) if place == 0 else ""
            several = held["group"].nunique() > 1
            name = str(row[f"option_{language}"])
            rows.append((title, f"{name}, {row['group']}" if several else name, _sides(row, language), row))
    groups = list(dict.fromkeys(table["group"]))
    head = (
        f"{', '.join(groups)} {_WORDS['against'][language]} {table.iloc[0]['reference']}: {_WORDS['points'][language]}"
    )
    return _forest(width, rows, head, ("value", "low", "high"), language)


def _sides(row: dict[str, Any], language: str) -> list[str]:
    """Write the shares of both groups with what they are of, and p."""
    if row.get("hidden"):
        return [_WORDS["hidden"][language]]
    if pd.isna(row["value"]):
        return [str(row[f"reason_{language}"])]
    counts = [
        f"{percent(row[share], language)} ({_WORDS['of'][language].format(k=int(row[k]), n=int(row[n]))})"
        for share, k, n in (("share", "respondents", "n"), ("share_reference", "respondents_reference", "n_reference"))
    ]
    if pd.isna(row["p"]):
        return [" – ".join(counts)]
    holm = p_text(float(row["p_holm"]), language).removeprefix("p = ").removeprefix("p ")
    return [" – ".join(counts), f"{p_text(float(row['p']), language)}; Holm {holm}"]


@in_both_widths
def effects(width: float, table: pd.DataFrame, language: str) -> Sheet:
    """Draw the average marginal effect of each predictor with its interval; beside it odds ratio and p.

    `table` as `strands.survey_groups.modelled` gives it. Where the model cannot be fitted the figure says why.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    about = table.iloc[0]
    title = str(about[f"label_{language}"] or about["outcome"])
    if table["effect"].isna().all():
        why = str(about[f"reason_{language}"])
        room = width - 3 * EDGE
        canvas = Canvas(0.1 + text_height(title, room, weight="semibold") + text_height(why, room), width)
        y = canvas.write(EDGE, 0.03, title, weight="semibold", width=room) if title else 0.03
        canvas.write(EDGE, y, why, colour=GREY, width=room)
        return canvas.figure
    rows = []
    for place, row in enumerate(rows_of(table)):
        ends = [lang.number(float(row[name]), language, 2)["text"] for name in ("odds_ratio", "odds_low", "odds_high")]
        odds = f"{_WORDS['odds'][language]} {ends[0]} ({ends[1]}–{ends[2]}); {p_text(float(row['p']), language)}"
        name = str(row["term"]).replace("_", " ")
        rows.append((f"{title}, n = {row['n']}" if place == 0 else "", name, [odds], row))
    head = _WORDS["chance"][language]
    head += f" ({_WORDS['highest'][language]})" if str(about["method"]).startswith("ordinal") else ""
    return _forest(width, rows, head, ("effect", "effect_low", "effect_high"), language)


def _forest(
    width: float,
    rows: list[_Row],
    head: str,
    names: tuple[str, str, str],
    language: str,
) -> Sheet:
    """Draw rows around 0."""
    narrow, room = width <= NARROW, width - 2 * EDGE
    shown = [row for _, _, _, row in rows if not row.get("hidden") and pd.notna(row[names[0]])]
    values = [points_text(row, language, names) for row in shown]
    label = 0.0 if narrow else 2.45
    beside = [] if narrow else [line for _, _, words, _ in rows for line in words[1:]]
    side = widest([*values, *beside], 1.5) + 0.12
    most = max([abs(float(row[name])) for row in shown for name in names if pd.notna(row[name])] or [0.5])
    reach = next(limit for limit in (0.25, 0.5, 0.75, 1.0) if most <= limit or limit == 1.0)
    axis = Axis(EDGE + label + 0.16, width - EDGE - side - 0.12, -reach, reach)
    ticks = [reach * tick for tick in _TICKS]
    heights = [_row_height(title, name, words, room, label) for title, name, words, _ in rows]
    top = text_height(head, room, SMALL) + 0.08
    canvas = Canvas(top + sum(heights) + 0.26, width)
    canvas.write(EDGE, 0.03, head, size=SMALL, colour=GREY, width=room)
    y = top
    for (title, name, words, row), height in zip(rows, heights, strict=True):
        begin = y
        if title:
            y = canvas.write(EDGE, y + 0.08, title, weight="semibold", width=room) + 0.03
        below = canvas.write(EDGE, y, name, size=SMALL, width=label or room)
        hidden = bool(row.get("hidden")) or pd.isna(row[names[0]])
        middle = y + line_height(SMALL) / 2 if not narrow else below + line_height(SMALL) / 2
        if not (narrow and hidden):
            upper, lower = (middle - 0.09, middle + 0.09) if narrow else (y, begin + height)
            axis.grid(canvas, ticks, upper, lower, strong=0.0)
        if not hidden:
            line = {"value": row[names[0]], "low": row[names[1]], "high": row[names[2]]}
            axis.estimate(canvas, middle, line, (BLUE, False))
            canvas.write_middle(width - EDGE, middle, points_text(row, language, names), size=SMALL, align="right")
        below = below + line_height(SMALL) if narrow and not hidden else below
        for number, line_of_words in enumerate(words):
            if number and not narrow:  # what does not fit below the name stands below the value
                under = middle + number * line_height(SMALL)
                canvas.write_middle(width - EDGE, under, line_of_words, size=SMALL, colour=GREY, align="right")
                continue
            below = canvas.write(EDGE, below, line_of_words, size=SMALL, colour=GREY, width=label or room)
        y = begin + height
    labels = ["0" if not tick else f"{100 * tick:+.0f}".replace("-", "−") for tick in ticks[::2]]
    axis.numbers(canvas, ticks[::2], labels, y + 0.03)
    return canvas.figure


def _row_height(title: str, name: str, words: list[str], room: float, label: float) -> float:
    head = text_height(title, room, weight="semibold") + 0.11 if title else 0.0
    marks = 0.0 if label else line_height(SMALL)
    lines = [name, *words[: 1 if label else None]]
    return head + sum(text_height(line, label or room, SMALL) for line in lines) + marks + 0.06
