"""Which work package the study places at which level of the ecological model, and where it says so."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import rows, sheet
from koppelkans.figures.style import GREY, NARROW, PACKAGE_COLOURS, PAPER
from koppelkans.locale import words
from koppelkans.strands.published import rows_of

_PLACES = ("design", "results", "closing")


def _place_names(language: str) -> dict[str, str]:
    catalog = words(language)
    return {
        "design": catalog.pgettext("part of the study", "design"),
        "results": catalog.gettext("results"),
        "closing": catalog.gettext("closing chapter"),
    }


@needs_rows()
def levels_packages(pairs: pd.DataFrame) -> Chart:
    """Draw for each level its work packages, with the section that places them there: in design, results or closing.

    `pairs` as `integration.levels_by_package` gives it. What the design says is filled, the rest outlined, so that a
    package that stands under two levels shows where the study does not agree with itself.
    """
    levels = [own for _, own in pairs.groupby("level", sort=False)]
    placed = [own[(own[list(_PLACES)] != "").any(axis=1)] for own in levels]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        lines: list[tuple[str, dict[str, str] | None]] = []
        for level, packages in zip(levels, placed, strict=True):
            lines.append((str(level[f"level_{language}"].iloc[0]), None))
            lines += [(str(row[f"package_{language}"]), row) for row in rows_of(packages)]
            if packages.empty:
                lines.append((_("no work package"), {}))
        figure, axes = sheet(width)
        headings = [place for place, (_name, row) in enumerate(lines) if row is None]
        middles = rows(axes, [name for name, _row in lines], 2.0 if width > NARROW else 1.35, headings=headings)
        axes.set_xlim(-0.5, len(_PLACES) - 0.5)
        axes.set_xticks(range(len(_PLACES)), list(_place_names(language).values()))
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        for y, (_name, row) in zip(middles, lines, strict=True):
            colour = PACKAGE_COLOURS.get(row["work_package"], GREY) if row else GREY
            for x, place in enumerate(_PLACES):
                if row and row[place]:
                    box = {"boxstyle": "round,pad=0.3", "facecolor": colour if x == 0 else PAPER, "edgecolor": colour}
                    ink = PAPER if x == 0 else colour
                    axes.text(x, y, f"§ {row[place]}", ha="center", va="center", color=ink, bbox=box, weight="semibold")
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for level, packages in zip(levels, placed, strict=True):
            texts = []
            for row in rows_of(packages):
                names = _place_names(language)
                sections = ", ".join(f"{names[place]} § {row[place]}" for place in _PLACES if row[place])
                texts.append(f"{row[f'package_{language}']} ({sections})")
            name = level[f"level_{language}"].iloc[0]
            lines.append(f"- {name}: {'; '.join(texts) or _('no work package')}")
        return lines

    return Chart(pairs, draw, describe)
