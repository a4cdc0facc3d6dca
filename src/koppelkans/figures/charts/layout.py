"""The sheet that a chart is drawn on: its size, its rows of text, and what stands around the axes.

Rows keep their height in inches: the y axis of a chart with rows counts inches, and `fit` makes the figure as high as
the rows and what the library puts around them need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Transform, blended_transform_factory

from koppelkans.figures.fonts import Weight, width_of, wrapped
from koppelkans.figures.style import BODY, GREY, INK, NARROW, SMALL, house_style, line_height

PAD = 0.07
"""Inches between rows, and around a figure."""


class Sheet(Figure):
    """A figure whose axes say how high they have to be: `heights` (inches of one axes in each row of axes)."""

    heights: dict[Axes, float]


def sheet(width: float, heights: Sequence[float] = (2.4,), columns: int = 1, **options: Any) -> tuple[Sheet, Any]:
    """Return a figure of `width` inches and its axes, one below the other, each `heights` inches high.

    One height and one column give one axes, else an array of them, as `Figure.subplots` gives; `options` go there too.
    """
    house_style()
    figure = _empty_sheet(width, heights)
    axes = figure.subplots(len(heights), columns, height_ratios=list(heights), squeeze=False, **options)
    figure.heights = {row[0]: height for row, height in zip(axes, heights, strict=True)}
    return figure, axes[0, 0] if axes.size == 1 else axes[:, 0] if columns == 1 else axes


def _empty_sheet(width: float, heights: Sequence[float]) -> Sheet:
    figure = Sheet(figsize=(width, sum(heights) + 0.8), layout="constrained")
    engine = figure.get_layout_engine()
    engine.set(w_pad=PAD / 2, h_pad=PAD / 2, wspace=0.02, hspace=0.02)  # type: ignore[union-attr,call-arg]
    figure.heights = {}
    return figure


def is_phone(axes: Axes | Figure) -> bool:
    """Tell whether a figure is drawn for a phone."""
    figure = axes if isinstance(axes, Figure) else axes.get_figure(root=True)
    assert figure is not None
    return bool(figure.get_figwidth() <= NARROW)


def set_height(axes: Axes, inches: float) -> None:
    """Say how high axes have to be."""
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Sheet)
    figure.heights[axes] = inches


def fit(figure: Figure, top: float = 0.0) -> None:
    """Make a figure as high as its axes need, with `top` inches free above, and let the layout stand as it is then."""
    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        figure.set_layout_engine("constrained")
    engine = figure.get_layout_engine()
    heights = getattr(figure, "heights", {})
    width, height = figure.get_size_inches()
    if heights:  # room enough for what stands around the axes, to begin with
        height = sum(heights.values()) + 0.6 * len(heights) + 3
        figure.set_size_inches(width, height)
        engine.set(rect=(0, 0, 1, (height - top) / height))  # type: ignore[union-attr,call-arg]
        engine.execute(figure)  # type: ignore[union-attr]
        drawn = height * sum(axes.get_position().height for axes in heights)
        height += sum(heights.values()) - drawn
        figure.set_size_inches(width, height)
    engine.set(rect=(0, 0, 1, (height - top) / height))  # type: ignore[union-attr,call-arg]
    engine.execute(figure)  # type: ignore[union-attr]
    figure.set_layout_engine("none")


def panels(width: float, heights: Sequence[float], widths: Sequence[Sequence[float]]) -> tuple[Sheet, list[Axes]]:
    """Return a figure and its axes, row by row: `heights` in inches, and for each row how its axes share the width."""
    house_style()
    figure = _empty_sheet(width, heights)
    outer = figure.add_gridspec(len(heights), 1, height_ratios=list(heights))
    axes: list[Axes] = []
    for place, ratios in enumerate(widths):
        inner = outer[place].subgridspec(1, len(ratios), width_ratios=list(ratios))
        axes += (own := [figure.add_subplot(inner[column]) for column in range(len(ratios))])
        figure.heights[own[0]] = heights[place]
    return figure, axes


def rows(
    axes: Axes,
    names: Sequence[str],
    room: float,
    *,
    headings: Iterable[int] = (),
    spanning: Iterable[int] = (),
    depths: Sequence[int] = (),
    columns: Sequence[tuple[str, Sequence[str]]] = (),
    least: float = 0.2,
) -> list[float]:
    """Name the rows of axes at their left side, wrapped to `room` inches, and return the middle of each row (y).

    The y axis then counts inches downward. `headings` are rows (by place) that stand in bold; those of `spanning`
    have nothing beside them and may be as wide as the figure; `depths` (1 at the top)
    sets rows in, and those of depth 1 of a tree in bold too. `columns` (head, texts) stand between names and axes, set
    to the right. A row is at least `least` inches high.
    """
    bold = set(headings) | {place for place, depth in enumerate(depths) if depth == 1 and len(set(depths)) > 1}
    across = set(spanning)
    figure = axes.get_figure(root=True)
    assert figure is not None
    middles, labels, y = [], [], 0.0
    for place, name in enumerate(names):
        own_room = figure.get_figwidth() - 2 * PAD if place in across else room
        inset = 0.12 * (depths[place] - 1) if len(depths) else 0.0
        weight: Weight = "semibold" if place in bold else "regular"
        lines = [line for part in name.split("\n") for line in wrapped(part, own_room - inset, SMALL, weight)]
        spaces = " " * round(inset / width_of(" ", SMALL))
        labels.append("\n".join(spaces + line for line in lines))
        height = max(len(lines) * line_height(SMALL), least) + PAD
        middles.append(y + height / 2)
        y += height
    axes.set_ylim(y, 0)
    axes.set_yticks(middles, labels, ha="left")
    taken = 0.12
    for head, cells in reversed(columns):
        _column(axes, middles, head, cells, -taken, bold)
        taken += max(width_of(text, SMALL, "semibold") for text in (head, *cells)) + 0.12
    beside = [label for place, label in enumerate(labels) if place not in across] or labels
    widest = max((width_of(line, SMALL, "semibold") for label in beside for line in label.split("\n")), default=0.0)
    axes.tick_params(axis="y", length=0, pad=(widest + (taken if columns else 0.1)) * 72)
    for place, tick in enumerate(axes.get_yticklabels()):
        tick.set_fontweight("semibold" if place in bold else "regular")
    set_height(axes, y)
    return middles


def _column(
    axes: Axes, middles: Sequence[float], head: str, cells: Sequence[str], at: float, bold: Iterable[int]
) -> None:
    """Write a column of texts ending `at` inches from the left edge of axes, with its head on top."""
    where: dict[str, Any] = {"xytext": (at * 72, 0), "textcoords": "offset points", "ha": "right"}
    for place, (y, cell) in enumerate(zip(middles, cells, strict=True)):
        axes.annotate(
            cell,
            (0, y),
            xycoords=axes.get_yaxis_transform(),
            va="center",
            weight="semibold" if place in bold else "regular",
            annotation_clip=False,
            in_layout=False,  # it stands between names and axes, for which there is room
            **where,
        )
    axes.annotate(head, (0, 1), xycoords="axes fraction", **(where | {"xytext": (at * 72, 3)}), va="bottom", color=GREY)


def right_column(
    axes: Axes,
    middles: Sequence[float],
    head: str,
    cells: Sequence[str],
    *,
    bold: Iterable[int] = (),
    colours: Sequence[str] = (),
) -> None:
    """Write a column of texts right of the axes, beside the rows; in `colours` they are in bold."""
    set_bold = set(bold)
    for place, (y, cell) in enumerate(zip(middles, cells, strict=True)):
        axes.annotate(
            cell,
            (1, y),
            xycoords=axes.get_yaxis_transform(),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
            weight="semibold" if colours or place in set_bold else "regular",
            color=(colours[place] if colours else "") or INK,
        )
    axes.annotate(
        head, (1, 1), xycoords="axes fraction", xytext=(9, 3), textcoords="offset points", va="bottom", color=GREY
    )


def note(figure: Figure, text: str) -> None:
    """Write a note below a chart, wrapped to its width."""
    width = figure.get_figwidth() - 2 * PAD
    figure.supxlabel(
        "\n".join(wrapped(text, width, SMALL)), x=PAD / figure.get_figwidth(), ha="left", color=GREY, fontsize=SMALL
    )


def _from_the_edge(axes: Axes) -> Transform:
    """Measure across from the edge of the figure, and up from the bottom of axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return blended_transform_factory(figure.transFigure, axes.transAxes)


def legend(axes: Axes, *, columns: int = 1, handles: Sequence[Any] | None = None, below: bool = False) -> None:
    """Set a legend above axes (or below), from the figure's edge, of what was drawn with a label, or of `handles`.

    Where nothing has a label there is none.
    """
    if not (handles or axes.get_legend_handles_labels()[0]):
        return
    axes.legend(
        handles=handles,
        loc="upper left" if below else "lower left",
        bbox_to_anchor=(0, 0 if below else 1),
        bbox_transform=_from_the_edge(axes),
        ncols=columns,
        frameon=False,
        borderaxespad=0.2,
        handletextpad=0.4,
        labelspacing=0.25,
        columnspacing=1.2,
    )


def heading(axes: Axes, text: str) -> None:
    """Set a heading above axes, from the edge of the figure and wrapped to its width."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    axes.annotate(
        "\n".join(wrapped(text, figure.get_figwidth() - 2 * PAD, BODY, "semibold")),
        (0, 1),
        xycoords=_from_the_edge(axes),
        xytext=(PAD * 72, 5),
        textcoords="offset points",
        va="bottom",
        fontsize=BODY,
        weight="semibold",
    )
