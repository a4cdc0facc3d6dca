"""One line a study: the share that gave one answer, and how far coders agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, decimals, long_description, needs_rows
from koppelkans.figures.charts import estimates, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import number_axis, percent_axis
from koppelkans.figures.neighbourhoods.shares import interval_of
from koppelkans.figures.neighbourhoods.signs import marked_name, signs_text
from koppelkans.figures.style import BLUE, GREY, NARROW, ORANGE
from koppelkans.integration.neighbourhoods import Names
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of


@needs_rows(Reason(N_("no two studies hold this of the same people")))
def by_neighbourhood(table: pd.DataFrame, names: Names) -> Chart:
    """Draw the share of one answer in each study, by itself and drawn towards the mean; as `compared_answers.leading`.

    Strand by strand, most first.
    """
    ordered = table.sort_values(["strand", "value"], ascending=[True, False], kind="stable", ignore_index=True)
    first = rows_of(ordered)[0]

    def draw(width: float, language: str) -> Figure:
        laid: list[tuple[str, dict[str, Any] | None]] = []
        for strand, own in ordered.groupby("strand", sort=False):
            laid.append((names.strand(str(strand), language), None))
            laid += [(f"{marked_name(row['study'], names)}, {_n(row)}", row) for row in rows_of(own)]
        figure, axes = sheet(width)
        percent_axis(axes)
        axes.spines[:].set_visible(False)
        headings = [place for place, (_name, row) in enumerate(laid) if row is None]
        room = 1.9 if width > NARROW else 1.25
        middles = rows(axes, [name for name, _row in laid], room, headings=headings, spanning=headings, least=0.17)
        for y, (_name, row) in zip(middles, laid, strict=True):
            if row is None:
                continue
            one = pd.DataFrame([row])
            if pd.notna(row["value"]):
                estimates(axes, one, [y], "value", "low", "high", filled=False, colour=GREY, shift=-0.04)
            if pd.notna(row["shrunk"]):
                estimates(axes, one, [y], "shrunk", "shrunk_low", "shrunk_high", shift=0.04)
        right_column(axes, middles, "", ["" if row is None else _shown(row, language) for _name, row in laid])
        note(figure, legend(language))
        return figure

    def legend(language: str) -> str:
        _ = words(language).gettext
        said = [_("Open: the neighbourhood by itself, with its 95% interval.")]
        if ordered["shrunk"].notna().any():
            said.append(_("Filled, and the number: drawn towards the mean of the others of its origin."))
        if ordered["is_hidden"].any():
            said.append(_("× = too few people to show."))
        return f"{' '.join(said)} {signs_text(ordered, names, language)}."

    def describe(language: str) -> list[str]:
        said = ordered.assign(
            who=[marked_name(key, names) for key in ordered["study"]],
            what=[_shown(row, language) for row in rows_of(ordered)],
            whose=[names.strand(key, language) for key in ordered["strand"]],
        )
        return long_description(said, language, "whose", "{who} {what}")

    def numbers(language: str) -> dict[str, Any]:
        return {
            "question": first[f"label_{language}"],
            "option": first[f"option_{language}"],
            "studies": ordered["study"].nunique(),
            "pooled": int(ordered["shrunk"].notna().sum()) or None,
        }

    return Chart(ordered.drop(columns="is_hidden"), draw, describe, numbers)


def _n(row: Mapping[str, Any]) -> str:
    return f"n = {int(row['n'])}" if pd.notna(row["n"]) else "n = ×"


def _shown(row: Mapping[str, Any], language: str) -> str:
    if pd.notna(row["shrunk"]):
        return interval_of(row, "shrunk", "shrunk_low", "shrunk_high", language)
    return interval_of(row, "value", "low", "high", language) if pd.notna(row["value"]) else "×"


@needs_rows(Reason(N_("no study has interviews that two coders read")))
def agreement(table: pd.DataFrame, names: Names) -> Chart:
    """Draw Krippendorff's alpha of each code as a dot, and of a study and strand the middle one as a bar.

    `table`: study, origin, strand, name (of the code), value.
    """
    known = table[table["value"].notna()]
    two = decimals(2)

    def middle_of(own: pd.DataFrame) -> float:
        return round(float(own["value"].astype(float).median()), 2) + 0.0  # no minus before a zero

    def draw(width: float, language: str) -> Figure:
        laid: list[tuple[str, pd.DataFrame]] = []
        for strand, of_strand in known.groupby("strand", sort=False):
            laid.append((names.strand(str(strand), language), known.head(0)))
            laid += [(marked_name(str(key), names), own) for key, own in of_strand.groupby("study", sort=False)]
        figure, axes = sheet(width)
        low = min(0.0, float(known["value"].min()))
        number_axis(axes, min(low, 0.0), 1.0, [0, 0.5, 1], lambda tick: two(tick, language))
        headings = [place for place, (_name, own) in enumerate(laid) if own.empty]
        room = 1.9 if width > NARROW else 1.25
        y_of = rows(axes, [name for name, _own in laid], room, headings=headings, spanning=headings, least=0.15)
        for y, (_name, own) in zip(y_of, laid, strict=True):
            axes.scatter(
                own["value"].astype(float), [y] * len(own), s=14, color=BLUE, alpha=0.55, linewidths=0, clip_on=False
            )
            if len(own):
                axes.vlines(middle_of(own), y - 0.09, y + 0.09, color=ORANGE, linewidth=2.5)
        right_column(axes, y_of, "", [two(middle_of(own), language) if len(own) else "" for _name, own in laid])
        note(figure, f"{words(language).gettext('Dot: a code. Bar, and the number: the middle code.')} "
                     f"{signs_text(known, names, language)}.")  # fmt: skip
        return figure

    def describe(language: str) -> list[str]:
        groups = known.groupby(["strand", "study"], sort=False)
        middle = pd.DataFrame([(*key, middle_of(own)) for key, own in groups], columns=["strand", "study", "value"])
        said = middle.assign(
            who=[marked_name(key, names) for key in middle["study"]],
            whose=[names.strand(key, language) for key in middle["strand"]],
        )
        return long_description(said, language, "whose", "{who} {value}", formats={"value": two})

    return Chart(known, draw, describe, lambda language: {"studies": known["study"].nunique()})
