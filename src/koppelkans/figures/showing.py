"""`show`: what the labelled cells of a notebook call to show a chart, a table, or a figure that somebody drew."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from koppelkans.figures.chart import Chart, no_chart
from koppelkans.figures.charts.layout import fit
from koppelkans.figures.exhibit import (
    DPI,
    SYNTHETIC_MARK,
    Exhibit,
    csv_of,
    png_of,
    svg_of,
    synthetic_mark,
    table_exhibit,
    texts_of,
)
from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import BODY, GREY, NARROW, PAPER, RED, SMALL, WIDTH, house_style, line_height
from koppelkans.locale import language as lang
from koppelkans.statistics.estimate import Reason
from koppelkans.study import Study
from koppelkans.study.origin import origin_of, origins_of
from koppelkans.study.plain_text import in_markdown
from koppelkans.study.views import WORKING

_FIELD = re.compile(r"(?:fig|tbl)-field-")
_STRIP = line_height(SMALL) + 0.1


class Exhibits:
    """Shows the charts and tables of a study: `show = Exhibits(s)`, then `show("fig-...", chart)` in a cell.

    Caption and alt text come from captions/ and are filled with the numbers of the study (`s.numbers`) and of the
    chart; origin and language come from the study. Without rows it gives the line that says so; what needs field data
    (fig-field-..., tbl-field-...) gives nothing in a study that has none. A notebook of one strand names it (key),
    for captions with {strand}, or {Strand} with a capital. Raises KoppelkansError for a strand the study does not name.
    """

    def __init__(self, study: Study, strand: str = "") -> None:
        name = study.strand_name(strand, study.language)
        self.study = study
        self.names = {"strand": name or None, "Strand": f"{name[:1].upper()}{name[1:]}" or None}
        house_style()

    def __call__(
        self,
        label: str,
        shown: Any,
        *,
        data: pd.DataFrame | None = None,
        caption: str = "",
        alt: str = "",
        origin: str = "",
        **numbers: Any,
    ) -> Exhibit | None:
        """Return what is shown as an exhibit, which Jupyter displays and the report embeds.

        `shown` is a chart of ours, a table, the reason why there is none, or what matplotlib or seaborn drew: axes, a
        figure or a grid. A drawing of your own needs the table behind it (`data`), and where the label is not in
        captions/ a `caption` and, for a drawing, an `alt` text. `numbers` fill more placeholders.
        Raises ValueError where a caption, an alt text or the origin of what is shown is not known.
        """
        if _FIELD.match(label) and not self.study.field_data:
            _close(shown)
            return None
        texts = {"caption": caption, "alt": alt}
        filling = {**self.names, **self.study.numbers, **numbers}
        if isinstance(shown, Reason) or label.startswith("tbl-"):
            if label.startswith("tbl-"):
                return self._table(label, shown, origin, texts, filling)
            shown = no_chart(pd.DataFrame(), shown)
        if isinstance(shown, Chart):
            return self._chart(label, shown, origin, texts, filling)
        return self._drawing(label, _figure_of(label, shown), data, origin, texts, filling)

    @property
    def language(self) -> str:
        """The language of the edition."""
        return self.study.language

    def _origin(self, label: str, data: pd.DataFrame, given: str) -> str:
        """Find out where rows come from: what the cell says, what they carry, or the one origin of the tables read."""
        origin = given or origins_of(data) or origin_of(data)
        if origin is None and data.empty:
            return "published"
        if origin is None:
            read = self.study.origins_read
            if len(read) != 1:
                raise ValueError(
                    f"{label}: it is not known where these rows come from; the tables of this study that were read are "
                    f"{' and '.join(sorted(read)) or 'none'}; say which with origin=..., or show a table that "
                    "keeps its column origin"
                )
            origin = next(iter(read))
        return origin

    def _marks(self, origin: str) -> list[str]:
        """Return what must stand in an image: that its data are synthetic, and that it is not for sharing."""
        mark = synthetic_mark(origin, self.language)
        marks = [mark] if mark else []
        return [*marks, lang.text("not_shared", self.language)] if self.study.view == WORKING else marks

    def _table(
        self, label: str, rows: pd.DataFrame | Reason, origin: str, texts: dict[str, str], numbers: dict[str, Any]
    ) -> Exhibit:
        data, why = (pd.DataFrame(), rows.text(self.language)) if isinstance(rows, Reason) else (rows, "")
        if not isinstance(data, pd.DataFrame):
            raise ValueError(f"{label}: found {type(rows).__name__}, expected a table (a DataFrame)")
        known = self._origin(label, data, origin)
        made = table_exhibit(label, data, self.language, known, why, numbers, **texts)
        if self.study.view != WORKING:
            return made
        return replace(made, caption=f"{lang.text('not_shared', self.language)}. {made.caption}")

    def _chart(self, label: str, chart: Chart, origin: str, texts: dict[str, str], numbers: dict[str, Any]) -> Exhibit:
        known = self._origin(label, chart.data, origin)
        if chart.empty:
            line = chart.reason.text(self.language) if chart.reason else lang.text("no_data", self.language)
            wide, narrow = _blank(WIDTH, line), _blank(NARROW, line)
            return _exhibit(label, known, line, line, chart.data, wide, narrow)
        filling = {**numbers, **chart.numbers(self.language)}
        caption, alt = texts_of(label, self.language, known, filling, **texts)
        marks = self._marks(known)
        wide, narrow = (_finished(chart.draw(width, self.language), marks) for width in (WIDTH, NARROW))
        lines = (re.match(r"(\s*(?:- )?)(.*)", line, re.DOTALL) for line in chart.describe(self.language))
        described = "\n".join(f"{line[1]}{in_markdown(line[2])}" for line in lines if line)
        return _exhibit(label, known, caption, alt, chart.data, wide, narrow, described)

    def _drawing(
        self,
        label: str,
        figure: Figure,
        data: pd.DataFrame | None,
        origin: str,
        texts: dict[str, str],
        numbers: dict[str, Any],
    ) -> Exhibit:
        if data is None:
            raise ValueError(f"{label}: say which table this was drawn from, with data=...; it goes with the figure")
        known = self._origin(label, data, origin)
        caption, alt = texts_of(label, self.language, known, numbers, **texts)
        _close(figure)
        narrow = pickle.loads(pickle.dumps(figure))  # the same drawing once more, for a phone
        for drawn, width in ((figure, WIDTH), (narrow, NARROW)):
            drawn.set_size_inches(width, figure.get_figheight())
        wide, narrow = (_finished(drawn, self._marks(known)) for drawn in (figure, narrow))
        return _exhibit(label, known, caption, alt, data, wide, narrow)


def exhibits(study: Study, strand: str = "") -> Exhibits:
    """Return what shows the charts and tables of a study, or of one of its strands: `show = exhibits(s)`."""
    return Exhibits(study, strand)


def _blank(width: float, message: str) -> Figure:
    """Draw a dashed box with one line that says that there is nothing to draw, or why."""
    from koppelkans.figures.diagrams.drawing import Box, Text, drawn

    return drawn(width, Box(Text(message, BODY, colour=GREY, align="center"), dashed=True, pad=0.13))


def _figure_of(label: str, shown: Any) -> Figure:
    """Return the figure that axes, a figure, or a grid of seaborn belongs to."""
    if isinstance(shown, Figure):
        return shown
    figure = shown.get_figure(root=True) if isinstance(shown, Artist) else getattr(shown, "figure", None)
    if not isinstance(figure, Figure):
        raise ValueError(
            f"{label}: found {type(shown).__name__}, expected a chart, a table, or axes or a figure of matplotlib"
        )
    return figure


def _close(shown: Any) -> None:
    """Keep a figure of pyplot from being shown a second time at the end of its cell."""
    figure = shown if isinstance(shown, Figure) else getattr(shown, "figure", None)
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and isinstance(figure, Figure):
        pyplot.close(figure)


def _finished(figure: Figure, marks: Sequence[str]) -> Figure:
    """Give a figure its height and its layout, and the marks that must stand in it."""
    if getattr(figure, "finished", False):  # drawn by hand, in inches
        return _marked(figure, marks) if marks else figure
    fit(figure, _STRIP if marks else 0.0)
    if marks:
        _strip(figure, marks)
    return figure


def _strip(figure: Figure, marks: Sequence[str]) -> None:
    width, height = figure.get_size_inches()
    share = _STRIP / height
    figure.add_artist(
        Rectangle((0, 1 - share), 1, share, transform=figure.transFigure, facecolor=RED, edgecolor="none", zorder=9)
    )
    figure.text(
        0.5,
        1 - share / 2,
        _repeated(marks, width),
        gid=SYNTHETIC_MARK,
        color=PAPER,
        ha="center",
        va="center_baseline",
        fontweight="semibold",
        fontsize=SMALL,
        zorder=10,
    )


def _repeated(marks: Sequence[str], width: float) -> str:
    """Write marks side by side, again and again as far as they fit: three times at most, two on a phone."""
    between = "   ·   "
    texts = [between.join((list(marks) * 3)[:times]) for times in range(3 if width > NARROW else 2, 0, -1)]
    fitting = (text for text in texts if width_of(text, SMALL, "semibold") < width - 0.2)
    return next(fitting, between.join(marks))


def _marked(figure: Figure, marks: Sequence[str]) -> Figure:
    """Set the strip above a figure that was drawn by hand, which gets higher by it."""
    width, height = figure.get_size_inches()
    share = height / (height + _STRIP)
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, box.y0 * share, box.width, box.height * share))
    figure.set_size_inches(width, height + _STRIP)
    _strip(figure, marks)
    return figure


def _exhibit(
    label: str,
    origin: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    wide: Figure,
    narrow: Figure,
    described: str = "",
) -> Exhibit:
    drawn: dict[str, Any] = {"svg": svg_of(wide), "svg_narrow": svg_of(narrow), "png": png_of(wide, DPI)}
    return Exhibit(label, "figure", origin, caption, alt, csv_of(data, origin), long=described, **drawn)
