"""How two groups of interviewees differ: shares with intervals, and the difference."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import estimates, legend, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import percent_axis
from koppelkans.figures.field.largest import MOST_CODES, largest, sentence, shortened, themes_left_out, with_rest
from koppelkans.figures.style import BLUE, NARROW, PURPLE
from koppelkans.locale import words
from koppelkans.strands.coded_patterns import hidden
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import Strand


def kind_name(kind: str, language: str) -> str:
    """Name a kind of codes, or a group of such kinds."""
    _ = words(language).gettext
    return {
        "theme": _("Themes"),
        "role": _("Motives and barriers"),
        "valence": _("Judgement"),
        "lens": _("Lenses on behaviour"),
        "motive": _("motive"),
        "barrier": _("barrier"),
        "discouraging": _("discouraging"),
        "positive": _("positive"),
        "negative": _("negative"),
        "habits": _("habits and impulses"),
        "knowing": _("knowing and feeling"),
        "seeing": _("seeing and realising"),
        "wanting": _("wanting and being able"),
        "doing": _("doing and carrying on"),
    }[kind]


def _row_name(row: dict[str, Any], language: str) -> str:
    return str(row["row"]) if row["block"] == "theme" else kind_name(row["row"], language)


def _difference(row: dict[str, Any]) -> str:
    if row["hidden"]:
        return ""
    value, low, high = (round(100 * row[key]) for key in ("difference", "difference_low", "difference_high"))
    return f"{value:+d} ({low:+d} … {high:+d})".replace("-", "−").replace("+0", "0")


@needs_rows()
def contrast(table: pd.DataFrame, one: Strand, other: Strand) -> Chart:
    """Draw for two strands the share of people with each theme or kind of code, and the difference.

    `table` as `strands.coded_patterns.contrast` gives it for them, with intervals.
    """
    strands = {"a": one, "b": other}
    every = table
    cases = table[["cases_a", "cases_b"]].astype("Int64")  # where all are hidden they are objects
    people = cases["cases_a"].add(cases["cases_b"], fill_value=0)
    themes = table["block"] == "theme"
    chosen = [*largest(people[themes], MOST_CODES), *table.index[~themes]]
    table = every.loc[chosen]

    def rest(language: str) -> str:
        return sentence(themes_left_out(len(every) - len(table), language))

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        short = shortened(_row_name(row, language) for row in rows_of(table))
        names: list[str] = []
        headings: list[int] = []
        places: list[int] = []
        for block, part in table.groupby("block", sort=False):
            headings.append(len(names))
            places += range(len(names) + 1, len(names) + 1 + len(part))
            names += [kind_name(str(block), language), *(short[_row_name(row, language)] for row in rows_of(part))]
        figure, axes = sheet(width)
        at = rows(axes, names, 1.7 if width > NARROW else 1.0, headings=headings, least=0.26)
        middles = [at[place] for place in places]
        percent_axis(axes)
        few = [_("too few people")] * len(table)
        groups = zip(strands.items(), (BLUE, PURPLE), (-0.07, 0.07), strict=True)
        for (which, strand), colour, shift in groups:
            estimates(
                axes,
                table,
                middles,
                f"share_{which}",
                f"low_{which}",
                f"high_{which}",
                colour=colour,
                filled=which == "a",
                shift=shift,
                label=f"{strand.name(language)}: n = {table[f'of_{which}'].iloc[0]}",
                missing=few if which == "a" else (),
            )
        legend(axes)
        right_column(axes, middles, "", [_difference(row) for row in rows_of(table)])
        said = _(
            "Right: difference in percentage points, 95% interval by Newcombe; lines: 95% (Wilson). Each interval "
            "stands for itself: no test, no correction for the number of rows."
        )
        note(figure, f"{said} {rest(language)}".strip())
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            said = _("too few people to show")
            if not row["hidden"]:
                said = "; ".join(
                    _("{group} {cases} of {of_cases}").format(
                        group=strand.name(language), cases=row[f"cases_{which}"], of_cases=row[f"of_{which}"]
                    )
                    for which, strand in strands.items()
                )
            lines.append(f"- {_row_name(row, language)}: {said}")
        return with_rest(lines, rest(language))

    def numbers(language: str) -> dict[str, Any]:
        return {"rows_hidden": hidden(every), "compared": other.name(language), "rest": rest(language) or None}

    return Chart(every, draw, describe, numbers)
