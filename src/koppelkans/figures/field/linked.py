"""The same people in both strands: how far interview and answer say the same, and who differs."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import legend, right_column, rows, sheet
from koppelkans.figures.charts.shares import percent_axis
from koppelkans.figures.field.estimate_words import interval_text, n_text, question_text, tested_text
from koppelkans.figures.strand_styles import Strands
from koppelkans.figures.style import BLUE, GREEN, INK, NARROW, ORANGE, PALE, PAPER
from koppelkans.integration.linked_cases import CELLS
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin
from koppelkans.study.strands import strand_name

_CELLS = {
    "both": (N_("in both"), GREEN),
    "interview_only": (N_("in the interview only"), BLUE),
    "answer_only": (N_("in the answer only"), ORANGE),
    "neither": (N_("in neither"), PALE),
}


@needs_rows()
def linked_cases(tables: pd.DataFrame, strands: Strands) -> Chart:
    """Draw of how many people interview and answer say the same, link by link, with agreement and McNemar's p.

    `tables` as `integration.linked_cases.cross_tables` gives them.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        phone = width <= NARROW
        lines: list[tuple[str, dict[str, Any] | None]] = []
        headings: list[int] = []
        for _link, own in tables.groupby("link", sort=False):
            headings.append(len(lines))
            lines.append((str(own.iloc[0][f"name_{language}"]), None))
            for one in rows_of(own):
                lines.append((f"{strand_name(strands, one['strand'], language)}, {n_text(one, language)}", one))
        agreed = [_agreed(row, language) if row else "" for _name, row in lines]
        tests = [tested_text(row, language) if row else "" for _name, row in lines]
        names = [
            "\n".join(filter(None, (name, one, two))) if phone else name
            for (name, _row), one, two in zip(lines, agreed, tests, strict=True)
        ]
        figure, axes = sheet(width)
        spanning = [place for place, (_name, row) in enumerate(lines) if row is None]
        columns = [] if phone else [(_("say the same"), agreed)]
        middles = rows(axes, names, 1.6, headings=headings, spanning=spanning, columns=columns)
        percent_axis(axes)
        axes.set_xticks([])
        axes.spines["left"].set_visible(False)
        for y, (_name, row) in zip(middles, lines, strict=True):
            if row is None or row["hidden"]:
                continue
            left = 0.0
            for cell, (_word, colour) in _CELLS.items():
                part = float(row[cell]) / int(row["n"])
                axes.barh(y, part, left=left, height=0.18, color=colour, linewidth=0)
                if part:
                    ink = INK if colour == PALE else PAPER
                    axes.text(left + part / 2, y, str(int(row[cell])), ha="center", va="center_baseline", color=ink)
                left += part
        if not phone:
            right_column(axes, middles, _("p (McNemar)"), tests)
        legend(
            axes,
            handles=[Patch(color=colour, label=_(word)) for word, colour in _CELLS.values()],
            columns=2 if phone else 4,
            below=True,
        )
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(tables):
            head = f"- {row[f'name_{language}']}, {strand_name(strands, row['strand'], language)}"
            head = f"{head}, {question_text(row, language)}"
            if row["hidden"]:
                lines.append(f"{head}: {_('too few people to show')}")
                continue
            cells = "; ".join(f"{_(_CELLS[cell][0])} {int(row[cell])}" for cell in CELLS)
            lines.append(f"{head}: {cells}; {_agreed(row, language)}; {tested_text(row, language)}")
        return lines

    def numbers(language: str) -> dict[str, Any]:
        return {"pairs": len(tables), "rows_hidden": int((tables["hidden"] != "").sum()) or None}

    return Chart(tables, draw, describe, numbers)


def _agreed(row: dict[str, Any], language: str) -> str:
    if row["hidden"]:
        return words(language).gettext("too few")
    return interval_text({**row, "value": row["agreement"], "hidden": ""}, language)


@carries_origin
def differing_people(people: pd.DataFrame | Reason, language: str, strands: Strands) -> pd.DataFrame | Reason:
    """Lay the people who differ out to be read: theme, strand, respondent, interview, answer.

    `people` as `integration.linked_cases.who_differs` gives them.
    """
    if isinstance(people, Reason):
        return people
    _ = words(language).gettext
    said = {True: _("raised"), False: _("not raised")}
    answered = {True: _("answered so"), False: _("answered otherwise")}
    lines = [
        (
            *(row[f"name_{language}"], strand_name(strands, row["strand"], language), row["respondent"]),
            *(said[row["interview"]], answered[row["answer"]]),
        )
        for row in rows_of(people)
    ]
    return pd.DataFrame(lines, columns=["theme", "strand", "respondent", "interview", "answer"])
