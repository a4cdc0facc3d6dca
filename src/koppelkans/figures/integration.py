"""Which work package addresses which level of the ecological model."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import (
    BODY,
    EDGE,
    GREY,
    NARROW,
    PACKAGE_COLOURS,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_NONE = {"nl": "geen werkpakket", "en": "no work package"}
_PLACES = {
    "design": {"nl": "opzet", "en": "design"},
    "results": {"nl": "resultaten", "en": "results"},
    "closing": {"nl": "slot", "en": "closing"},
}


@in_both_widths
def levels_packages(width: float, pairs: pd.DataFrame, language: str) -> Sheet:
    """Draw levels against work packages, with in each cell where the study puts them together, and in which section.

    `pairs` as `integration.levels_by_package` gives it. What the design says is filled, what results or closing say is
    outlined, so that a column with more than one row shows where the study does not agree with itself. On a phone the
    work packages of a level are listed below its name.
    """
    if pairs.empty:
        return blank(width, lang.text("no_data", language))
    if width <= NARROW:
        return _listed(width, pairs, language)
    packages = list(pairs.groupby("work_package", sort=False))
    levels = list(dict.fromkeys(pairs[f"level_{language}"]))
    left = EDGE + min(max(width_of(name, SMALL, "semibold") for name in levels), 1.45) + 0.08
    step = (width - EDGE - left) / len(packages)
    heads = [held.iloc[0][f"package_{language}"] for _, held in packages]
    top = 0.08 + max(text_height(head, step - 0.1, SMALL, "semibold") for head in heads)
    most = (pairs[list(_PLACES)] != "").sum(axis=1).groupby(pairs["level"], sort=False).max()
    lines = [text_height(name, left - EDGE, SMALL, "semibold") for name in levels]
    heights = [0.12 + max(marks * 0.23, 0.23, height) for marks, height in zip(most, lines, strict=True)]
    tops = [top + sum(heights[:place]) for place in range(len(heights) + 1)]
    canvas = Canvas(tops[-1] + 0.04, width)
    for name, y, marks in zip(levels, tops, most, strict=False):
        canvas.line((EDGE, y), (width - EDGE, y))
        canvas.write(EDGE, y + 0.07, name, size=SMALL, weight="semibold", width=left - EDGE)
        if not marks:
            canvas.write(left + 0.05, y + 0.07, _NONE[language], size=SMALL, colour=GREY, weight="italic")
    canvas.line((EDGE, tops[-1]), (width - EDGE, tops[-1]))
    for column, ((package, held), head) in enumerate(zip(packages, heads, strict=True)):
        x, colour = left + column * step + 0.05, PACKAGE_COLOURS.get(str(package), GREY)
        canvas.write(x, 0.02, head, size=SMALL, weight="semibold", colour=colour, width=step - 0.1)
        for pair, y in zip(rows_of(held), tops, strict=False):
            said = [place for place in _PLACES if pair[place]]
            for number, place in enumerate(said):
                words = f"{_PLACES[place][language]} § {pair[place]}"
                _mark(canvas, x, y + 0.07 + number * 0.23, step - 0.1, words, colour, filled=place == "design")
    return canvas.figure


def _listed(width: float, pairs: pd.DataFrame, language: str) -> Sheet:
    rows: list[tuple[str, dict[str, Any] | None, float]] = []
    y = 0.02
    for _, held in pairs.groupby("level", sort=False):
        rows.append((held.iloc[0][f"level_{language}"], None, y))
        y += line_height(BODY) + 0.08
        said = [pair for pair in rows_of(held) if any(pair[place] for place in _PLACES)]
        for pair in said:
            rows.append(("", pair, y))
            y += line_height(SMALL) + 0.3
        if not said:
            rows.append((_NONE[language], {}, y))
            y += line_height(SMALL) + 0.1
    canvas = Canvas(y + 0.02, width)
    for words, shown, top in rows:
        if shown is None:
            canvas.line((EDGE, top), (width - EDGE, top))
            canvas.write(EDGE, top + 0.04, words, weight="semibold")
        elif not shown:
            canvas.write(EDGE, top, words, size=SMALL, colour=GREY, weight="italic")
        else:
            colour = PACKAGE_COLOURS.get(shown["work_package"], GREY)
            canvas.write(EDGE, top, shown[f"package_{language}"], size=SMALL, weight="semibold", colour=colour)
            for place, key in enumerate(key for key in _PLACES if shown[key]):
                step = (width - 2 * EDGE + 0.06) / len(_PLACES)
                label = f"{_PLACES[key][language]} § {shown[key]}"
                x, filled = EDGE + place * step, key == "design"
                _mark(canvas, x, top + line_height(SMALL) + 0.02, step - 0.06, label, colour, filled=filled)
    return canvas.figure


def _mark(canvas: Canvas, x: float, y: float, width: float, words: str, colour: str, filled: bool) -> None:
    canvas.box(x, y, width, 0.19, face=colour if filled else "white", edge=colour, line=1.1, radius=0.05)
    ink = "white" if filled else colour
    canvas.write_middle(x + width / 2, y + 0.095, words, size=SMALL, colour=ink, align="center", weight="semibold")
