"""Those who answered beside the people they are part of, before and after raking."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from koppelkans.figures.chart import Chart, as_percent, decimals, needs_rows
from koppelkans.figures.charts import estimates, legend, right_column, rows, sheet
from koppelkans.figures.charts.shares import percent_axis
from koppelkans.figures.field.estimate_words import interval_text, question_text
from koppelkans.figures.field.largest import of_questions, shortened
from koppelkans.figures.strand_styles import Strands
from koppelkans.figures.style import BLUE, GREY, NARROW, PAPER
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import strand_name

NO_MARGINS = Reason(N_("study.yml says nothing of how the people of a strand are made up (margins: of population:)"))
_BEFORE = {"value": "value_before", "low": "low_before", "high": "high_before"}


def _two(
    width: float,
    names: list[str],
    shown: list[dict[str, Any] | None],
    columns: tuple[tuple[str, str, str], tuple[str, str, str]],
    texts: list[str],
    labels: tuple[str, str],
) -> Figure:
    """Draw two points a row: hollow grey (before), filled blue (after); a row without numbers is a heading."""
    figure, axes = sheet(width)
    percent_axis(axes)
    headings = [place for place, row in enumerate(shown) if row is None]
    axes.spines[:].set_visible(False)  # words cross the axes
    apart = 0.05 if columns[0][1] else 0.0
    middles = rows(
        axes, names, 2.3 if width > NARROW else 1.5, headings=headings, spanning=headings, least=0.14 + apart
    )
    for middle, row in zip(middles, shown, strict=True):
        if row is None or row["hidden"]:
            continue
        for (value, low, high), colour, filled, shift in zip(
            columns, (GREY, BLUE), (False, True), (-apart, apart), strict=True
        ):
            if pd.notna(row[value]):
                ends = (low, high) if low and pd.notna(row[low]) else ("", "")
                estimates(axes, pd.DataFrame([row]), [middle], value, *ends, colour=colour, filled=filled, shift=shift)
    right_column(axes, middles, "", texts)
    _legend(axes, labels)
    return figure


def _legend(axes: Axes, labels: tuple[str, str]) -> None:
    handles = [
        Line2D([], [], marker="o", linestyle="", color=colour, mfc=face, label=label)
        for colour, face, label in ((GREY, PAPER, labels[0]), (BLUE, BLUE, labels[1]))
    ]
    legend(axes, handles=handles, columns=2)


@needs_rows(NO_MARGINS)
def margins(table: pd.DataFrame, strands: Strands) -> Chart:
    """Draw the share of each value among those who answered, and among the people they are part of.

    `table` as `strands.nonresponse.against_margins` gives it.
    """

    def pair(row: dict[str, Any], language: str) -> str:
        share = words(language).gettext("hidden") if pd.isna(row["share"]) else as_percent(row["share"], language)
        return f"{share} → {as_percent(row['population'], language)}"

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names: list[str] = []
        shown: list[dict[str, Any] | None] = []
        for (strand, attribute), own in table.groupby(["strand", "attribute"], sort=False):
            n = own["people"].iloc[0]
            of = _("hidden") if pd.isna(n) else str(int(n))
            names.append(
                f"{strand_name(strands, str(strand), language)}, {str(attribute).replace('_', ' ')} (n = {of})"
            )
            shown.append(None)
            names += [str(value) for value in own["value"]]
            shown += rows_of(own)
        texts = ["" if row is None else pair(row, language) for row in shown]
        labels = (_("who answered"), _("the population, and after raking"))
        return _two(width, names, shown, (("share", "", ""), ("population", "", "")), texts, labels)

    def describe(language: str) -> list[str]:
        return [
            f"- {strand_name(strands, row['strand'], language)}, {row['attribute']}, {row['value']}: "
            f"{pair(row, language)}"
            for row in rows_of(table)
        ]

    def numbers(language: str) -> dict[str, Any]:
        each = table.drop_duplicates("strand")
        left_out = int(each["left_out"].sum())
        if each[["people", "effective"]].isna().any(axis=None):  # hidden
            return {"effective": None, "left_out": left_out or None}
        effective = [
            f"{strand_name(strands, row['strand'], language)} {decimals(0)(row['effective'], language)}"
            for row in rows_of(each)
        ]
        return {"effective": ", ".join(effective), "left_out": left_out or None}

    return Chart(table, draw, describe, numbers)


def raked(table: pd.DataFrame, strands: Strands, shown: Collection[str] = ()) -> Chart:
    """Draw the shares of answers before and after raking.

    `table` as `strands.nonresponse.before_and_after` gives it.
    """
    return of_questions(lambda own: _raked(own, strands), table, shown)


@needs_rows(NO_MARGINS)
def _raked(table: pd.DataFrame, strands: Strands) -> Chart:
    def pair(row: dict[str, Any], language: str) -> str:
        before = row | {name: row[column] for name, column in _BEFORE.items()}
        if row["hidden"]:
            return interval_text(row, language)
        return f"{interval_text(before, language)} → {interval_text(row, language)}"

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names: list[str] = []
        lines: list[dict[str, Any] | None] = []
        for (_question, strand), own in table.groupby(["question", "strand"], sort=False):
            names.append(f"{question_text(rows_of(own)[0], language)} ({strand_name(strands, str(strand), language)})")
            lines.append(None)
            own = own.sort_values("order", kind="stable")
            own = own.head(1) if len(own) == 2 else own
            short = shortened(own[f"option_{language}"].astype(str))
            names += [short[str(option)] for option in own[f"option_{language}"]]
            lines += rows_of(own)
        texts = ["" if row is None else pair(row, language) for row in lines]
        labels = (_("before raking"), _("after raking"))
        columns = (tuple(_BEFORE.values()), tuple(_BEFORE))
        return _two(width, names, lines, columns, texts, labels)  # type: ignore[arg-type]

    def describe(language: str) -> list[str]:
        return [
            f"- {question_text(row, language)} {strand_name(strands, row['strand'], language)}, "
            f"{row[f'option_{language}']}: {pair(row, language)}"
            for row in rows_of(table)
        ]

    return Chart(table, draw, describe, numbers=lambda language: {"questions": table["question"].nunique()})
