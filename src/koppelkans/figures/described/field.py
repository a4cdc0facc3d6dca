"""Long descriptions of what field data show: codes, cases, pairs of codes, saturation, agreement and groups."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.field_contrast import KIND_WORDS
from koppelkans.figures.field_grid import item_name
from koppelkans.locale import language as lang
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded_patterns import Saturated
from koppelkans.strands.published import rows_of

_WORDS = {
    "hidden": {"nl": "te weinig mensen om te tonen", "en": "too few people to show"},
    "code": {
        "nl": "{codings} coderingen, {documents} gesprekken, {characters} tekens; {cases} van {of_cases} mensen "
        "({low} tot {high})",
        "en": "{codings} codings, {documents} interviews, {characters} characters; {cases} of {of_cases} people "
        "({low} to {high})",
    },
    "pair": {
        "nl": "{pairs} paren; bij toeval {expected} ({low} tot {high}); p na Holm {p}",
        "en": "{pairs} pairs; by chance {expected} ({low} to {high}); p after Holm {p}",
    },
    "saturation": {
        "nl": "gesprek {position}: {new} nieuwe codes, {total} in totaal; in andere volgordes {low} tot {high}",
        "en": "interview {position}: {new} new codes, {total} in all; in other orders {low} to {high}",
    },
    "power": {
        "nl": "code op {share} van {units} eenheden: {low} tot {high}",
        "en": "code on {share} of {units} units: {low} to {high}",
    },
    "halves": {"nl": "eerste helft {first}, tweede helft {second}", "en": "first half {first}, second half {second}"},
    "to": {"nl": "tot", "en": "to"},
    "of": {"nl": "van", "en": "of"},
    "used": {"nl": "gebruikt bij {share} van de eenheden", "en": "used on {share} of the units"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def _percent(value: float, language: str) -> str:
    return str(lang.number(100 * float(value), language, unit="%")["text"])


def _decimal(value: float, language: str, digits: int = 2) -> str:
    return str(lang.number(float(value), language, digits)["text"])


def codes(table: pd.DataFrame, language: str) -> list[str]:
    """List codes with their counts, those below another one indented; takes what `code_frequencies` takes."""
    lines = []
    for row in rows_of(table):
        ends = {} if row["hidden"] else {end: _percent(row[end], language) for end in ("low", "high")}
        said = _say("hidden" if row["hidden"] else "code", language, **(row | ends))
        lines.append(f"{'  ' * (int(row['depth']) - 1)}- {row['name']}: {said}")
    return lines


def cells(table: pd.DataFrame, row: str, column: str, count: str, of: str, language: str) -> list[str]:
    """List the rows of a grid, each with its cells; `of` is the column with the sizes of groups, "" for none."""
    lines = []
    for name, held in table.groupby(row, sort=False):
        parts = []
        for cell in rows_of(held):
            whole = f" {_WORDS['of'][language]} {cell[of]}" if of else ""
            value = _say("hidden", language) if pd.isna(cell[count]) else f"{cell[count]}{whole}"
            parts.append(f"{cell[column]} {value}")
        lines.append(f"- {name}: {'; '.join(parts)}")
    return lines


def together(table: pd.DataFrame | Reason, language: str) -> list[str]:
    """List pairs of codes; takes what `field_coding.together` takes."""
    if isinstance(table, Reason):
        return []
    lines = []
    for row in rows_of(table):
        values = {key: _decimal(row[key], language, 1) for key in ("expected", "low", "high")}
        said = _say("pair", language, pairs=row["pairs"], p=_decimal(row["p_holm"], language, 3), **values)
        lines.append(f"- {row['name_a']} + {row['name_b']}: {said}")
    return lines


def saturation(found: Saturated | Reason, language: str) -> list[str]:
    """List the interviews with the codes that they added; takes what `field_coding.saturation` takes."""
    if isinstance(found, Reason):
        return []
    joined = found.table.merge(found.orders.band[["position", "low", "high"]], on="position")
    return [
        f"- {_say('saturation', language, **(row | {end: _decimal(row[end], language, 0) for end in ('low', 'high')}))}"
        for row in rows_of(joined)
    ]


def agreement(table: pd.DataFrame | Reason, language: str) -> list[str]:
    """List codes with each measure of agreement; takes what `field_agreement.agreement` takes."""
    if isinstance(table, Reason):
        return []
    lines = []
    for _, held in table.groupby("code", sort=False):
        parts = []
        for row in rows_of(held):
            value = row[f"reason_{language}"]
            if not pd.isna(row["value"]):
                value = _decimal(row["value"], language)
                if not pd.isna(row["low"]):
                    low, high = (_decimal(row[end], language) for end in ("low", "high"))
                    value += f" ({low} {_WORDS['to'][language]} {high})"
            parts.append(f"{row['measure']} {value}")
        share = lang.number(100 * held["prevalence"].iloc[0], language, 1, "%")["text"]
        lines.append(f"- {held['name'].iloc[0]} ({_say('used', language, share=share)}): {'; '.join(parts)}")
    return lines


def power(table: pd.DataFrame | Reason, language: str) -> list[str]:
    """List the intervals that a kappa would have; takes what `field_agreement.power` takes."""
    if isinstance(table, Reason):
        return []
    lines = []
    for row in rows_of(table):
        share = _percent(row["prevalence"], language)
        if pd.isna(row["low"]):
            lines.append(f"- {share}, n = {row['units']}: {row[f'reason_{language}']}")
            continue
        ends = {end: _decimal(row[end], language) for end in ("low", "high")}
        lines.append(f"- {_say('power', language, share=share, units=row['units'], **ends)}")
    return lines


def contrast(table: pd.DataFrame | Reason, groups: tuple[str, str], language: str) -> list[str]:
    """List themes and kinds with the counts of both groups; takes what `field_coding.contrast` takes."""
    if isinstance(table, Reason):
        return []
    lines = []
    for row in rows_of(table):
        name = row["row"] if row["block"] == "theme" else KIND_WORDS[row["row"]][language]
        said = _say("hidden", language)
        if not row["hidden"]:
            counts = (
                f"{group} {row[f'cases_{which}']} {_WORDS['of'][language]} {row[f'of_{which}']}"
                for group, which in zip(groups, "ab", strict=True)
            )
            said = "; ".join(counts)
        lines.append(f"- {name}: {said}")
    return lines


def halves(table: pd.DataFrame, language: str) -> list[str]:
    """List kinds of items with their counts in both halves; takes what `field_grid.programme_halves` takes."""
    return [
        f"- {item_name(row['kind'], language)}, {item_name(row['category'], language)}: "
        f"{_say('halves', language, first=row['first'], second=row['second'])}"
        for row in rows_of(table)
    ]
