"""Answers to questions: shares of options, rankings in three measures, and statements on a scale."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import diverging, estimates, legend, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import number_axis, percent_axis
from koppelkans.figures.field.estimate_words import interval_text, missing_text, n_text, points_text, question_text
from koppelkans.figures.field.largest import of_questions, shortened
from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import NARROW, PAPER, SMALL
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import strand_name

_MEASURES = {
    "mean": (N_("mean rank (1 is first)"), N_("mean rank")),
    "first": (N_("share that puts this first"), N_("put first")),
    "worth": (N_("chance of first place (Plackett-Luce)"), N_("chance of first place")),
}
_BASES = {"answered": N_("share of those who answered"), "asked": N_("share of those who were asked")}
_AGAINST = ("#b35806", "#e9a55b", "#f5d4a8")  # darkest at the end of the scale
_FAVOUR = ("#1f5f99", "#7fb0d8", "#c9dff0")
_MIDDLE = "#dfe3e7"


@dataclass(frozen=True)
class _Line:
    """A row of a chart: its name, and the estimate beside it; without one it may be as wide as the figure."""

    name: str
    row: dict[str, Any] | None = None
    heading: bool = False


def _head(own: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands) -> list[_Line]:
    """Return a question, and for each strand n and why others did not answer."""
    first = rows_of(own)[0]
    lines = [_Line(question_text(first, language), heading=True)]
    for strand, of_strand in own.groupby("strand", sort=False):
        known = of_strand["n"].dropna()
        n = n_text({"n": known.max() if len(known) else pd.NA}, language)
        missing = missing_text(response, str(first["question"]), str(strand), language)
        text = f"{strand_name(strands, str(strand), language)}, {n}"
        lines.append(_Line(f"{text}; {missing}" if missing else text))
    return lines


def _options(own: pd.DataFrame, language: str, only: Sequence[Any] | None = None) -> list[_Line]:
    """Return a line for each option and strand; the name of the option stands at its first."""
    lines, short = [], shortened(own[f"option_{language}"].astype(str))
    for option in dict.fromkeys(own.sort_values("order", kind="stable")["option"]) if only is None else only:
        for place, row in enumerate(rows_of(own[own["option"] == option])):
            lines.append(_Line("" if place else short[str(row[f"option_{language}"])], row))
    return lines


def _forest(axes: Axes, lines: Sequence[_Line], texts: Sequence[str], room: float, strands: Strands) -> None:
    """Name the lines and draw their estimates with the marks of their strands; the axis is set before."""
    headings = [place for place, line in enumerate(lines) if line.heading]
    spanning = [place for place, line in enumerate(lines) if line.row is None]
    axes.spines[:].set_visible(False)  # words cross the axes
    middles = rows(axes, [line.name for line in lines], room, headings=headings, spanning=spanning, least=0.14)
    for y, line in zip(middles, lines, strict=True):
        if line.row is not None and not line.row.get("hidden") and pd.notna(line.row["value"]):
            colour, filled = strand_style(strands, line.row["strand"])
            interval = ("low", "high") if pd.notna(line.row["low"]) else ("", "")
            estimates(axes, pd.DataFrame([line.row]), [y], "value", *interval, colour=colour, filled=filled)
    right_column(axes, middles, "", texts)


def _strand_legend(axes: Axes, table: pd.DataFrame, language: str, strands: Strands) -> None:
    handles = []
    for strand in table["strand"].unique():
        colour, filled = strand_style(strands, strand)
        name = strand_name(strands, strand, language)
        handles.append(Line2D([], [], marker="o", color=colour, mfc=colour if filled else PAPER, label=name))
    legend(axes, handles=handles, columns=len(handles))


def shares(table: pd.DataFrame, response: pd.DataFrame, strands: Strands, shown: Collection[str] = ()) -> Chart:
    """Draw the share of each option as a dot with its interval, question by question, strands beneath one another.

    `table` as `strands.survey.choices` gives it, `response` as `strands.survey.response` does, both as
    `privacy.shown.protect` leaves them. Below each question stand n and why others did not answer; a question with two
    options shows the first. Of many questions the first are drawn, or those of `shown`.
    """
    return of_questions(lambda own: _shares(own, response, strands), table, shown)


@needs_rows()
def _shares(table: pd.DataFrame, response: pd.DataFrame, strands: Strands) -> Chart:
    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        lines: list[_Line] = []
        for _question, own in table.groupby("question", sort=False):
            lines += _head(own, response, language, strands)
            several = own["kind"].iloc[0] == "multiple"
            options = list(dict.fromkeys(own.sort_values("order", kind="stable")["option"]))
            halved = len(options) == 2 and not several
            if several:
                base = _BASES[own["base"].iloc[0]]
                lines.append(_Line("; ".join((_("several answers possible"), _(base)))))
            elif halved:
                lines.append(_Line(_("the other answer is the rest")))
            lines += _options(own, language, options[:1] if halved else None)
        figure, axes = sheet(width)
        percent_axis(axes)
        texts = [_short(interval_text(line.row, language)) if line.row else "" for line in lines]
        _forest(axes, lines, texts, 1.9 if width > NARROW else 1.1, strands)
        _strand_legend(axes, table, language, strands)
        return figure

    def describe(language: str) -> list[str]:
        lines = []
        for row in rows_of(table):
            head = f"{question_text(row, language)} {strand_name(strands, row['strand'], language)}"
            written = f"{interval_text(row, language)}; {n_text(row, language)}"
            lines.append(f"- {head}, {row[f'option_{language}']}: {written}")
        return lines

    return Chart(table, draw, describe, numbers=lambda language: {"questions": table["question"].nunique()})


def _short(text: str) -> str:
    """Return a text that fits beside the axes; a reason stands in the table of the response."""
    return text if width_of(text, SMALL) < 1.5 else "–"


def rankings(table: pd.DataFrame, response: pd.DataFrame, strands: Strands, shown: Collection[str] = ()) -> Chart:
    """Draw each ranking in three measures: mean rank, share of first places, and strength, each with its interval.

    `table` as `strands.survey.rankings` gives it, `response` and `shown` as in `shares`. What is not defined says why.
    """
    return of_questions(lambda own: _rankings(own, response, strands), table, shown)


@needs_rows()
def _rankings(table: pd.DataFrame, response: pd.DataFrame, strands: Strands) -> Chart:
    panels = list(table.groupby(["question", "measure"], sort=False))

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width, [1.0] * len(panels))
        asked: set[Any] = set()
        for place, ((question, measure), own) in enumerate(panels):
            ax = axes if len(panels) == 1 else axes[place]
            first = table[(table["question"] == question) & (table["measure"] == "first")]
            lines = [] if question in asked else _head(first, response, language, strands)
            asked.add(question)
            lines += [_Line(_(_MEASURES[str(measure)][0])), *_options(own, language)]
            mean = measure == "mean"
            most = max(own["option"].nunique(), 2)
            number_axis(ax, 1, most, range(1, most + 1), "{:.0f}".format) if mean else percent_axis(ax)
            estimated = [interval_text(line.row, language, int(mean), not mean) if line.row else "" for line in lines]
            texts = [_short(text) for text in estimated]
            _forest(ax, lines, texts, 1.9 if width > NARROW else 1.1, strands)
        _strand_legend(figure.axes[0], table, language, strands)
        if reasons := _reasons(table, language, strands):
            note(figure, " ".join(reasons))
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for (_question, strand, option), own in table.groupby(["question", "strand", "option"], sort=False):
            parts = []
            for row in rows_of(own):
                mean = row["measure"] == "mean"
                _long, name = _MEASURES[row["measure"]]
                parts.append(f"{_(name)} {interval_text(row, language, int(mean), not mean)}")
            first = rows_of(own)[0]
            who = f"{strand_name(strands, str(strand), language)}, {first[f'option_{language}'] or option}"
            lines.append(f"- {question_text(first, language)} {who}: {'; '.join(parts)}")
        return lines

    return Chart(table, draw, describe, numbers=lambda language: {"questions": table["question"].nunique()})


def _reasons(table: pd.DataFrame, language: str, strands: Strands) -> list[str]:
    """Say for each strand and measure why it is not defined, where nothing of it is hidden."""
    _ = words(language).gettext
    sentences = []
    for (strand, measure), own in table.groupby(["strand", "measure"], sort=False):
        shown = own["hidden"] == "" if "hidden" in own else own["n"].notna()
        texts = dict.fromkeys(own[f"reason_{language}"].fillna("")) if shown.any() else {}
        who = f"{strand_name(strands, str(strand), language)}, {_(_MEASURES[str(measure)][1])}"
        sentences += [f"{who}: {text}." for text in texts if text]
    return sentences


def faces(steps: int) -> list[str]:
    """Return a colour for each point of a scale, from against over the middle to in favour."""
    half = steps // 2
    against = [_AGAINST[min(place * len(_AGAINST) // max(half, 1), 2)] for place in range(half)]
    favour = [_FAVOUR[min(place * len(_FAVOUR) // max(half, 1), 2)] for place in range(half)]
    return [*against, *([_MIDDLE] if steps % 2 else []), *reversed(favour)]


def scales(table: pd.DataFrame, response: pd.DataFrame, strands: Strands, shown: Collection[str] = ()) -> Chart:
    """Draw each statement as bars, one a strand: parts against to the left, parts in favour to the right.

    `table` as `strands.survey.likert` gives it, `response` as `strands.survey.response`, both as
    `privacy.shown.protect` leaves them. Beside each bar stand n, why others did not answer, and net with its interval;
    a scale is explained once, above the statements that share it. `shown` as in `shares`.
    """
    return of_questions(lambda own: _scales(own, response, strands), table, shown)


@needs_rows()
def _scales(table: pd.DataFrame, response: pd.DataFrame, strands: Strands) -> Chart:
    scale_of = {
        question: tuple(own.drop_duplicates("order").sort_values("order")["option_en"])
        for question, own in table.groupby("question", sort=False)
    }
    parts = list(table.groupby(table["question"].map(scale_of), sort=False))

    def draw(width: float, language: str) -> Figure:
        figure, axes = sheet(width, [1.0] * len(parts))
        for place, (_scale, own) in enumerate(parts):
            _draw_scale(axes if len(parts) == 1 else axes[place], own, response, width, language, strands)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for (_question, strand), own in table.groupby(["question", "strand"], sort=False):
            first = rows_of(own)[0]
            who = f"{strand_name(strands, str(strand), language)}, {n_text(first, language)}"
            head = f"{question_text(first, language)} {who}"
            if own["share"].isna().any():
                lines.append(f"- {head}: {first[f'reason_{language}'] or _('hidden')}")
                continue
            points = ", ".join(f"{row[f'option_{language}']} {100 * row['share']:.0f}%" for row in rows_of(own))
            net = _("net")
            lines.append(f"- {head}: {points}; {net} {points_text(first, language)}")
        return lines

    return Chart(table, draw, describe, numbers=lambda language: {"questions": table["question"].nunique()})


def _draw_scale(
    axes: Axes, table: pd.DataFrame, response: pd.DataFrame, width: float, language: str, strands: Strands
) -> None:
    _ = words(language).gettext
    names: list[str] = []
    statements: list[int] = []
    bars: dict[int, pd.Series] = {}
    instead: dict[int, str] = {}
    scale = [str(text) for text in table.drop_duplicates("order").sort_values("order")[f"option_{language}"]]
    points = [str(place) for place in range(len(scale))]  # two points may have the same words
    for question, of_question in table.groupby("question", sort=False):
        statements.append(len(names))
        names.append(question_text(rows_of(of_question)[0], language))
        for strand, own in of_question.groupby("strand", sort=False):
            row = rows_of(own.sort_values("order"))[0]
            hidden = "hidden" in own and bool((own["hidden"] != "").any())
            text = f"{strand_name(strands, str(strand), language)}, {n_text(row, language)}"
            missing = missing_text(response, str(question), str(strand), language)
            text = f"{text}; {missing}" if missing else text
            if hidden or pd.isna(row["value"]):
                instead[len(names)] = (
                    _("hidden: too few people in a part") if hidden else str(row[f"reason_{language}"])
                )
            else:
                net = _("net")
                text = f"{text}\n{net} {points_text(row, language)}"
                bars[len(names)] = own.sort_values("order").set_axis(points)["share"].astype(float)
            names.append(text)
    middles = rows(axes, names, 2.2 if width > NARROW else 1.45, headings=statements, spanning=statements)
    colours = faces(len(scale))
    half = len(points) // 2
    neutral = points[half] if len(points) % 2 else ""
    spread = pd.DataFrame(list(bars.values()), columns=points)
    diverging(axes, spread, [middles[place] for place in bars], colours, neutral)
    centre = spread[neutral] / 2 if neutral else 0
    left, right = (spread[part].sum(axis=1) + centre for part in (points[:half], points[len(points) - half :]))
    reach = max([*left, *right, 0.1]) * 1.03
    axes.set_xlim(-reach, reach)
    for place, text in instead.items():
        axes.annotate(text, (-reach, middles[place]), va="center", style="italic", annotation_clip=False)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    widest = max(width_of(text, SMALL) for text in scale) + 0.55
    labels = ["\n".join(wrapped(text, width - 0.6, SMALL)) for text in scale]
    handles = [Patch(facecolor=colour, label=label) for label, colour in zip(labels, colours, strict=True)]
    legend(axes, handles=handles, columns=max(1, min(len(scale), int(width / widest))))
