"""Counts: in a grid, as bars, and as marks where something was there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from koppelkans.figures.charts.layout import PAD, note, set_height, sheet
from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.style import BLUE, GREY, INK, PAPER, RULE, SMALL, TINTS, line_height

_CELL = (0.3, 0.75)
"""Inches that a column of a grid is wide, at least and at most."""
_LONGEST_HEAD = 1.6
"""Inches of a head that stands upright, before it is wrapped."""
HIDDEN = "×"


def counted(value: Any) -> str:
    """Write a count in a cell: a point for none, a cross where it may not be shown."""
    return HIDDEN if pd.isna(value) else str(int(value)) if value else "·"


def grid(
    width: float,
    table: pd.DataFrame,
    row: str,
    column: str,
    value: str,
    *,
    of: str = "",
    block: str = "",
    text: Callable[[pd.Series], str] | None = None,
    below: str = "",
    totals: str = "",
    own_columns: bool = False,
) -> Figure:
    """Draw counts in a grid (seaborn's heatmap), a row for each `row` and a column for each `column`.

    The darker a cell, the larger `value`, as a share of the largest one or of the column `of`; `text` writes a row of
    the table as the text of its cell. `block` makes a grid for each of its values, under its name. A grid that is too
    wide is cut, and goes on below. `below` is a note. `totals` names a row and a column with the sums, in bold, which
    have no shade. With `own_columns` a block has only the columns that stand in it.
    """
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    if totals:
        table = _with_totals(table, row, column, value, totals)
    heads = list(dict.fromkeys(table[column]))
    blocks = list(table.groupby(block, sort=False)) if block else [("", table)]
    names = max(width_of(line, SMALL) for name in table[row] for line in str(name).split("\n"))
    names = min(names, width * 0.42)
    counts = pd.to_numeric(table[value]).mask(_is_total(table, row, column, totals), 0)
    share = counts / pd.to_numeric(table[of] if of else counts.max())
    written = table.apply(text, axis=1) if text else table[value].map(counted)
    step = max(_CELL[0], max(width_of(cell, SMALL) for cell in written) + 0.12)
    room = width - names - 4 * PAD
    at_once = max(1, int(room / step))
    parts = math.ceil(len(heads) / at_once)
    at_once = math.ceil(len(heads) / parts)
    wide = min(room / at_once, _CELL[1])
    upright = any(width_of(line, SMALL) > wide - 0.06 for head in heads for line in _lines(head, wide))
    cells = table.assign(share=share.astype(float), written=written)
    by_block = [(title, cells[cells[block] == title] if block else cells) for title, _ in blocks]
    starts = range(0, len(heads), at_once)
    order_of_panels = [(start, b) for b in by_block for start in starts] if own_columns else product(starts, by_block)
    panels = [
        (title, part, own)
        for start, (title, part) in order_of_panels
        if (own := _of_block(heads, part[column], own_columns)[start : start + at_once])
    ]
    laid_out = []
    for title, part, own in panels:
        labels = [
            "\n".join(line for given in str(name).split("\n") for line in wrapped(given, names + 0.01, SMALL))
            for name in dict.fromkeys(part[row])
        ]
        high = max(label.count("\n") + 1 for label in labels) * line_height(SMALL) + PAD
        laid_out.append((title, part, own, labels, high * len(labels)))
    figure, axes = sheet(width, [height for *_, height in laid_out])
    for place, (ax, (title, part, own, labels, height)) in enumerate(
        zip([axes] if len(laid_out) == 1 else axes, laid_out, strict=True)
    ):
        order = list(dict.fromkeys(part[row]))
        shares = part.pivot(index=row, columns=column, values="share").reindex(index=order, columns=own)
        texts = part.pivot(index=row, columns=column, values="written").reindex(index=order, columns=own).fillna("·")
        sns.heatmap(
            shares.fillna(0.0),
            ax=ax,
            annot=texts,
            fmt="",
            cmap=ListedColormap([PAPER, *TINTS]),
            norm=_steps(),
            cbar=False,
            xticklabels=1,  # each of them: in many small grids seaborn would leave some out
            yticklabels=1,
            linewidths=1.5,
            linecolor=PAPER,
            annot_kws={"size": SMALL, "color": INK},
        )
        for cell, (name, head) in zip(ax.texts, product(order, own), strict=True):
            cell.set_color(GREY if cell.get_text() in ("·", HIDDEN) else INK)
            cell.set_fontweight("semibold" if totals and totals in (name, head) else "regular")
        first = place == 0 or own != panels[place - 1][2]
        ax.set(xlabel="", ylabel="", title=str(title))
        ax.xaxis.tick_top()
        ax.tick_params(length=0, labeltop=first, labelbottom=False)
        ax.set_xticklabels(
            ["\n".join(_lines(head, _LONGEST_HEAD if upright else wide)) for head in own],
            rotation=90 if upright else 0,
            color=GREY,
        )
        ax.set_yticklabels(labels, rotation=0)
        ax.hlines(range(len(order) + 1), 0, len(own), color=RULE, linewidth=0.5)
        ax.set_xlim(0, max(len(own), room / wide))  # a few columns leave room at the right
        set_height(ax, height)
    if below:
        note(figure, below)
    return figure


def _of_block(heads: Sequence[Any], in_block: pd.Series, own_columns: bool) -> list[Any]:
    return [head for head in heads if not own_columns or (in_block == head).any()]


def _is_total(table: pd.DataFrame, row: str, column: str, totals: str) -> pd.Series:
    return (table[row] == totals) | (table[column] == totals) if totals else pd.Series(False, index=table.index)


def _with_totals(table: pd.DataFrame, row: str, column: str, value: str, totals: str) -> pd.DataFrame:
    """Add a row and a column with the sums of a table with one row a cell."""
    of_rows = table.groupby(row, sort=False)[value].sum().reset_index().assign(**{column: totals})
    of_columns = table.groupby(column, sort=False)[value].sum().reset_index().assign(**{row: totals})
    together = pd.DataFrame({row: [totals], column: [totals], value: [table[value].sum()]})
    return pd.concat([table, of_rows, of_columns, together], ignore_index=True)


def _lines(head: Any, room: float) -> list[str]:
    return wrapped(str(head), room, SMALL)


def _steps() -> Any:
    """Tell apart none, and thirds of the most."""
    from matplotlib.colors import BoundaryNorm

    return BoundaryNorm([-1, 1e-9, 1 / 3 + 1e-9, 2 / 3 + 1e-9, 1.001], 4)


def bars(
    axes: Axes,
    table: pd.DataFrame,
    category: str,
    value: str,
    *,
    texts: Sequence[str] | None = None,
    horizontal: bool = False,
    colour: str = BLUE,
) -> None:
    """Draw a bar for each category (seaborn's barplot), with its value, or a text of its own, at its end."""
    import seaborn as sns

    where = {"x": value, "y": category} if horizontal else {"x": category, "y": value}
    sns.barplot(table.assign(**{category: table[category].astype(str)}), **where, ax=axes, color=colour, saturation=1)
    axes.bar_label(axes.containers[0], labels=texts, padding=2, fontsize=SMALL, color=INK)  # type: ignore[arg-type]
    axes.set(xlabel="", ylabel="")
    if horizontal:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    else:
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_color(INK)
        axes.margins(y=0.18)


def marks(axes: Axes, table: pd.DataFrame, x: str, y: str, value: str, *, size: float = 150) -> None:
    """Draw a mark for every row of the table at (x, y), seaborn's scatterplot; a value above one stands in the mark."""
    import seaborn as sns

    sns.scatterplot(table, x=x, y=y, ax=axes, color=BLUE, s=size, linewidth=0, zorder=3, legend=False)
    for across, down, count in zip(table[x], table[y], table[value], strict=True):
        if count > 1:
            axes.annotate(
                str(int(count)), (across, down), ha="center", va="center", color=PAPER, weight="semibold", zorder=4
            )
    axes.set(xlabel="", ylabel="")
