"""A frame that stands where the study has a picture that nobody can make from data, and says why."""

from __future__ import annotations

import pandas as pd

from koppelkans.figures.style import (
    EDGE,
    GREY,
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

_WORDS = {
    "which": {"nl": "Figuur {number} van de studie", "en": "Figure {number} of the study"},
    "photo": {"nl": "foto", "en": "photograph"},
    "diagram": {"nl": "schema", "en": "diagram"},
    "caption": {"nl": "Wat er volgens het bijschrift te zien is", "en": "What its caption says it shows"},
    "reason": {"nl": "Waarom de figuur hier ontbreekt", "en": "Why the figure is not here"},
}
_PAD = 0.22
_GAP = 0.14


@in_both_widths
def empty_frame(width: float, exhibit: pd.DataFrame, language: str) -> Sheet:
    """Draw a dashed frame for a figure of the study.

    It says which figure it stands for, what that one shows, and why it is not here; `exhibit` as
    `integration.exhibit_labelled` gives it.
    """
    if exhibit.empty:
        return blank(width, lang.text("no_data", language))
    row = rows_of(exhibit)[0]
    inner = width - 2 * EDGE - 2 * _PAD
    title, reason = row[f"title_{language}"], row[f"reason_{language}"]
    parts = [("caption", title), ("reason", reason)]
    height = 2 * _PAD + line_height(SMALL)
    height += sum(_GAP + line_height(SMALL) + text_height(text, inner) for _, text in parts)
    canvas = Canvas(height + 2 * EDGE, width)
    canvas.box(EDGE, EDGE, width - 2 * EDGE, height, edge=GREY, dashed=True)
    x = EDGE + _PAD
    which = _WORDS["which"][language].format(number=row["number"])
    y = canvas.write(x, EDGE + _PAD, f"{which} ({_WORDS[row['kind']][language]})", size=SMALL, weight="semibold")
    for part, text in parts:
        y = canvas.write(x, y + _GAP, _WORDS[part][language], size=SMALL, colour=GREY)
        y = canvas.write(x, y, text, width=inner)
    return canvas.figure


def details(exhibit: pd.DataFrame, language: str) -> dict[str, str | None]:
    """Return what caption and alt text say of the frame: printed (the number in the study), shows, reason."""
    row = rows_of(exhibit)[0] if len(exhibit) else {}
    columns = {"printed": "number", "shows": f"title_{language}", "reason": f"reason_{language}"}
    return {key: str(row[column]) if row else None for key, column in columns.items()}
