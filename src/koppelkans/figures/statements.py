"""Charts of the ledger: how statements are spread, where findings arrive, where the study is at odds with itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from koppelkans.figures.chart import Chart, long_description, needs_rows
from koppelkans.figures.charts import grid, legend, right_column, rows, sheet
from koppelkans.figures.parts import PARTS
from koppelkans.figures.style import BLUE, GREY, NARROW, ORANGE, PAPER, RED
from koppelkans.ledger.names import NAMES, name_of
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of

_SECTIONS = ("Voorwoord", "Tabel 1")
_SUBJECTS = {
    "A": N_("Counts and dates"),
    "B": N_("Names"),
    "C": N_("Level, goal and ownership"),
    "D": N_("Results and conclusions"),
}
_NATURES = {
    "T": N_("does not agree"),
    "S": N_("no result, or wider"),
    "P": N_("tension, both can hold"),
    "W": N_("name or wording"),
    "?": N_("cannot be settled"),
}
_OUTCOMES = {  # word, colour of the bar, colour of its edge
    "found": (N_("found in the data"), BLUE, BLUE),
    "not-found": (N_("not found"), ORANGE, ORANGE),
    "not-run": (N_("not checked"), PAPER, GREY),
    "listed": (N_("only on the list"), PAPER, GREY),
}
_STAGES = {"conclusion": N_("Conclusions"), "advice": N_("Recommendations")}


def _in_order(values: pd.Series) -> list[str]:
    """Return the different values, in the order of their vocabulary where all of them are in one."""
    occurring = list(dict.fromkeys(values))
    if any(value not in NAMES or value in _SECTIONS for value in occurring):
        return occurring
    return [name for name in NAMES if name in occurring]


@needs_rows()
def coverage(counts: pd.DataFrame) -> Chart:
    """Draw counts of statements as a grid with totals.

    `counts` as `ledger.claims.coverage` gives it for two columns: one for the rows, one for the columns, and n. Known
    values stand in the order of their vocabulary, others (sections) as they first occur.
    """
    down, across = map(str, counts.columns[:2])

    def draw(width: float, language: str) -> Figure:
        every = pd.MultiIndex.from_product([_in_order(counts[down]), _in_order(counts[across])], names=[down, across])
        full = counts.set_index([down, across])["n"].reindex(every, fill_value=0).reset_index()
        for column in (down, across):
            full[column] = full[column].map(lambda value: name_of(value, language))
        return grid(width, full, down, across, "n", totals=words(language).gettext("total"))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for value, own in counts.groupby(down, sort=False):
            cells = ", ".join(f"{name_of(str(row[across]), language)} {row['n']}" for row in rows_of(own))
            together = _("{n} together").format(n=own["n"].sum())
            lines.append(f"- {name_of(str(value), language)}: {cells}; {together}")
        return lines

    return Chart(counts, draw, describe)


def _part_name(key: str, by: str, language: str) -> str:
    if by == "part":
        return PARTS[key][0][language] if key in PARTS else f"§ {key}"
    return name_of(key, language)


def trace_matrix(matrix: pd.DataFrame, nodes: pd.DataFrame) -> Chart:
    """Draw how many findings of each part lead to each numbered conclusion and recommendation.

    `matrix` as `ledger.traces.matrix` gives it, by part or by work package; `nodes` as `ledger.traces.trace_graph`
    gives it, for the headings, so that one that no finding leads to has an empty column, with a red number.
    """
    return _trace_matrix(matrix, nodes)


@needs_rows()
def _trace_matrix(matrix: pd.DataFrame, nodes: pd.DataFrame) -> Chart:
    by = str(matrix.columns[0])
    marked = nodes[nodes["heading"]].sort_values(["stage", "number"])
    heads = [(stage, int(n)) for stage in _STAGES for n in marked.loc[marked["stage"] == stage, "number"]]
    known: Sequence[str] = list(PARTS if by == "part" else NAMES)
    keys = [*(k for k in known if k in set(matrix[by])), *(k for k in matrix[by].unique() if k not in known)]
    n_findings = matrix.set_index([by, "stage", "number"])["n_findings"].astype(int)
    every = pd.DataFrame([(key, *head) for key in keys for head in heads], columns=[by, "stage", "number"])
    every["n"] = [n_findings.get((row[by], row["stage"], row["number"]), 0) for row in rows_of(every)]
    alone = every.groupby(["stage", "number"])["n"].sum().eq(0)

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        shown = every.assign(
            name=[_part_name(key, by, language) for key in every[by]],
            panel=[_(_STAGES[stage]) for stage in every["stage"]],
        )
        lonely = [f"{_(_STAGES[stage])} {n}" for stage, n in heads if alone[stage, n]]
        below = _("No finding leads to: {names}.").format(names=", ".join(lonely)) if lonely else ""
        figure = grid(width, shown, "name", "number", "n", block="panel", own_columns=True, below=below)
        for axes in figure.axes:
            for tick in axes.get_xticklabels():
                if f"{axes.get_title(loc='left')} {tick.get_text()}" in lonely:
                    tick.set(color=RED, fontweight="semibold")
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        arrivals = {"conclusion": _("conclusion {n}"), "advice": _("recommendation {n}")}
        named = matrix.assign(
            name=[_part_name(str(key), by, language) for key in matrix[by]],
            arrival=[arrivals[row["stage"]].format(n=row["number"]) for row in rows_of(matrix)],
        )
        return long_description(named, language, "name", "{arrival}: {n_findings}")

    return Chart(matrix, draw, describe)


@needs_rows()
def discrepancies(counts: pd.DataFrame) -> Chart:
    """Draw the places where the study is at odds with itself, by subject and nature, as bars.

    `counts` as `ledger.discrepancies.counts` gives them. Filled is what a check found in the data.
    """
    cells: dict[Any, pd.DataFrame] = {
        (subject, nature): own for (subject, nature), own in counts.groupby(["group", "verdict"])
    }

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        lines: list[tuple[str, dict[str, int] | None]] = []
        for subject, name in _SUBJECTS.items():
            own = {nature: cells[subject, nature] for nature in _NATURES if (subject, nature) in cells}
            if own:
                lines.append((_(name), None))
            lines += [
                (_(_NATURES[nature]), dict(zip(table["outcome"], table["n"], strict=True)))
                for nature, table in own.items()
            ]
        figure, axes = sheet(width)
        headings = [place for place, (_name, n) in enumerate(lines) if n is None]
        middles = rows(axes, [name for name, _n in lines], 2.0 if width > NARROW else 1.4, headings=headings)
        for outcome, (_name, face, edge) in _OUTCOMES.items():
            shown = [(y, n, _start(n, outcome)) for y, (_line, n) in zip(middles, lines, strict=True) if n]
            axes.barh(
                [y for y, *_rest in shown],
                [n.get(outcome, 0) for _y, n, _left in shown],
                left=[left for *_rest, left in shown],
                height=0.13,
                facecolor=face,
                edgecolor=edge,
                linewidth=0.8,
            )
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
        axes.margins(x=0.02)
        right_column(axes, middles, "", [str(sum(n.values())) if n else "" for _line, n in lines])
        present = [outcome for outcome in _OUTCOMES if outcome in set(counts["outcome"])]
        handles = [Patch(facecolor=f, edgecolor=e, label=_(name)) for name, f, e in map(_OUTCOMES.__getitem__, present)]
        legend(axes, handles=handles, columns=1 if width <= NARROW else 3)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for (subject, nature), own in counts.groupby(["group", "verdict"], sort=False):
            parts = ", ".join(f"{_(_OUTCOMES[row['outcome']][0])} {row['n']}" for row in rows_of(own))
            lines.append(f"- {_(_SUBJECTS[str(subject)])}, {_(_NATURES[str(nature)])}: {parts}")
        return lines

    return Chart(counts, draw, describe)


def _start(n: dict[str, int], outcome: str) -> int:
    """Return where the part of an outcome begins in a stacked bar."""
    order = list(_OUTCOMES)
    return sum(n.get(before, 0) for before in order[: order.index(outcome)])
