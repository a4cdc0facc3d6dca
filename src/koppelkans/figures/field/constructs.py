"""Scales: how reliable they are, what people score, and which items they leave open."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_percent, decimals, needs_rows
from koppelkans.figures.charts import estimates, grid, note, right_column, rows, sheet
from koppelkans.figures.charts.counts import HIDDEN
from koppelkans.figures.charts.shares import number_axis
from koppelkans.figures.field.estimate_words import interval_text
from koppelkans.figures.field.largest import shortened
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import NARROW
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.constructs import OPEN
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin
from koppelkans.study.strands import strand_name

NO_SCALES = Reason(N_("study.yml names no scales (scales:), or there are no answers to their items"))
_MOST_PATTERNS = 10


def _coefficient(name: str, language: str) -> str:
    _ = words(language).gettext
    return {
        "omega": _("McDonald’s omega"),
        "ordinal alpha": _("ordinal alpha"),
        "alpha": _("Cronbach’s alpha"),
    }[name]


def _of_strand(row: dict[str, Any], strands: Strands, language: str) -> str:
    return f"{row[f'name_{language}']}, {strand_name(strands, row['strand'], language)}"


@needs_rows(NO_SCALES)
def reliability(table: pd.DataFrame, strands: Strands) -> Chart:
    """Draw the coefficients of each scale and strand with their intervals.

    `table` as `strands.constructs.reliabilities` gives it.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names: list[str] = []
        shown: list[dict[str, Any] | None] = []
        for _key, own in table.groupby(["scale", "strand"], sort=False):
            first = rows_of(own)[0]
            n = _("hidden") if first["hidden"] else str(first["n"])
            names.append(f"{_of_strand(first, strands, language)} ({_n_items(first, language)}; n = {n})")
            shown.append(None)
            for row in rows_of(own):
                why = "" if pd.notna(row["value"]) else _("hidden") if row["hidden"] else row[f"reason_{language}"]
                names.append(_coefficient(row["coefficient"], language) + (f"\n{why}" if why else ""))
                shown.append(row)
        figure, axes = sheet(width)
        headings = [place for place, row in enumerate(shown) if row is None]
        middles = rows(axes, names, 2.3 if width > NARROW else 1.5, headings=headings, spanning=headings)
        two = decimals(1)
        number_axis(axes, 0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1), lambda x: two(x, language))
        for middle, one in zip(middles, shown, strict=True):
            if one is not None and pd.notna(one["low"]):
                drawn = one | {name: max(one[name], 0) for name in ("value", "low")}
                colour, filled = strand_style(strands, one["strand"])
                estimates(axes, pd.DataFrame([drawn]), [middle], "value", "low", "high", colour=colour, filled=filled)
        texts = ["" if one is None or pd.isna(one["value"]) else _written(one, language) for one in shown]
        right_column(axes, middles, "", texts)
        if against := _against(table, language):
            note(figure, against)
        return figure

    def describe(language: str) -> list[str]:
        lines = [
            f"- {_of_strand(row, strands, language)}, {_coefficient(row['coefficient'], language)}: "
            f"{_written(row, language)}"
            for row in rows_of(table)
        ]
        return [*lines, *([f"- {said}"] if (said := _against(table, language)) else [])]

    return Chart(table, draw, describe, lambda language: {"against": _against(table, language) or None})


def _written(row: dict[str, Any], language: str) -> str:
    return interval_text(row, language, 2, share=False)


def _n_items(row: dict[str, Any], language: str) -> str:
    return words(language).ngettext("{items} item", "{items} items", row["items"]).format(items=row["items"])


def _against(table: pd.DataFrame, language: str) -> str:
    """Name the items that run against the others; "" for none."""
    shown = table.loc[table["hidden"] == "", f"against_{language}"]
    items = [item for item in dict.fromkeys(shown) if item]
    said = words(language).gettext("Runs against the other items (worded the other way round?): {items}.")
    return said.format(items="; ".join(items)) if items else ""


@carries_origin
def score_table(scores: pd.DataFrame, language: str, strands: Strands) -> pd.DataFrame | Reason:
    """Lay out the scores of scales as `strands.constructs.scores` gives them: a row a scale and strand."""
    if scores.empty:
        return NO_SCALES
    _ = words(language).gettext
    one = decimals(2)
    lines = []
    for row in rows_of(scores):
        known = {name: "–" if pd.isna(row[name]) else one(row[name], language) for name in ("sd", "within")}
        lines.append(
            {
                "scale": row[f"name_{language}"],
                "strand": strand_name(strands, row["strand"], language),
                "items": row["items"],
                "n": _("hidden") if pd.isna(row["n"]) else str(row["n"]),
                "mean": f"{_written(row, language)} [1–{row['steps']}]",
                **known,
            }
        )
    return pd.DataFrame(lines)


@needs_rows(NO_SCALES)
def missing_patterns(patterns: pd.DataFrame, strands: Strands) -> Chart:
    """Draw which items were left open together: a row a pattern, the most common first.

    `patterns` as `strands.constructs.missing_patterns` gives it. A figure has at most ten patterns a scale and strand;
    the data file has all.
    """
    order = patterns.groupby(["scale", "strand"], sort=False)["pattern"].transform(lambda own: pd.factorize(own)[0])
    shown, order = patterns[order < _MOST_PATTERNS], order[order < _MOST_PATTERNS]

    def people(row: dict[str, Any], language: str) -> str:
        count = HIDDEN if pd.isna(row["respondents"]) else str(int(row["respondents"]))
        of = HIDDEN if pd.isna(row["people"]) else str(int(row["people"]))
        return words(language).gettext("{k} of {n}").format(k=count, n=of)

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        named = shown.assign(
            block=[_of_strand(row, strands, language) for row in rows_of(shown)],
            row=[f"{people(row, language)}{' ' * place}" for row, place in zip(rows_of(shown), order, strict=True)],
            column=shown[f"label_{language}"].map(shortened(shown[f"label_{language}"])),
            count=shown["is_open"].astype(int),
        )
        below = _("Dark, –: left open; light, ·: answered. People with the pattern, of those who were asked.")

        def mark(cell: pd.Series) -> str:
            return OPEN if cell["is_open"] else "·"

        return grid(width, named, "row", "column", "count", text=mark, block="block", own_columns=True, below=below)

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for (_scale, _strand, _pattern), own in shown.groupby(["scale", "strand", "pattern"], sort=False):
            first = rows_of(own)[0]
            left = [f"“{label}”" for label in own.loc[own["is_open"], f"label_{language}"]]
            said = _("left open: {items}").format(items=", ".join(left)) if left else _("all items answered")
            lines.append(f"- {_of_strand(first, strands, language)}, {people(first, language)}: {said}")
        return lines

    return Chart(patterns, draw, describe)


@carries_origin
def open_items_table(items: pd.DataFrame, language: str, strands: Strands) -> pd.DataFrame | Reason:
    """Lay out how often each item was left open; `items` as `strands.constructs.open_items` gives it."""
    if items.empty:
        return NO_SCALES
    hidden = words(language).gettext("hidden")
    lines = []
    for row in rows_of(items):
        share = (
            ""
            if pd.isna(row["open"]) or not row["people"]
            else f" ({as_percent(row['open'] / row['people'], language)})"
        )
        counts = {name: hidden if pd.isna(row[name]) else str(row[name]) for name in ("people", "open", "alone")}
        head = {"item": row[f"label_{language}"], "strand": strand_name(strands, row["strand"], language)}
        lines.append({"scale": row[f"name_{language}"], **head, **counts, "open": counts["open"] + share})
    return pd.DataFrame(lines, columns=["scale", "item", "strand", "people", "open", "alone"])
