"""The visual summary: what the study asked, did, found, concluded and advised, and how far each part is borne out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from koppelkans.figures.fonts import Weight, width_of
from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREY,
    INK,
    PACKAGE_COLOURS,
    PALE,
    PAPER,
    RED,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
    text_height,
)
from koppelkans.ledger.names import NAMES
from koppelkans.ledger.statuses import STATUSES
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_WORDS = {
    "question": {"nl": "Centrale vraag", "en": "Central question"},
    "conclusions": {"nl": "Conclusies", "en": "Conclusions"},
    "advice": {"nl": "Aanbevelingen", "en": "Recommendations"},
    "whole": {"nl": "Alle uitspraken van de studie", "en": "All statements of the study"},
    "package_n": {"nl": "{n} bevindingen nagelopen:", "en": "{n} findings assessed:"},
    "conclusions_n": {"nl": "{n} concluderende uitspraken nagelopen:", "en": "{n} concluding statements assessed:"},
    "advice_n": {"nl": "{n} adviezen nagelopen:", "en": "{n} pieces of advice assessed:"},
    "whole_n": {"nl": "{n} uitspraken nagelopen:", "en": "{n} statements assessed:"},
}
_FACES = {
    "recomputed": "#164a7a",
    "supported": "#164a7a",
    "discrepant": RED,
    "contradicted": RED,
    "bounded": "#4d88ba",
    "companion": "#93b7d5",
    "undecided": "#93b7d5",
    "transcribed": RULE,
    "needs-data": PAPER,
    "not-empirical": "#e6dcec",
}
_PAD, _GAP, _BAR, _SWATCH = 0.09, 0.1, 0.13, 0.09
_ABOVE, _BELOW = 0.04, 0.03  # between a bar and the words above and below it
_TWO_COLUMNS = 4.5  # inches; a narrower drawing has its cards below each other


@dataclass
class _Card:
    """A box with lines of text (size, weight, colour, text) and, where it has counts, a bar with its labels."""

    colour: str
    lines: list[tuple[float, Weight, str, str]]
    label: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    face: str = PAPER


@in_both_widths
def visual_summary(width: float, rows: pd.DataFrame, language: str) -> Sheet:
    """Draw the study on one page; `rows` as `ledger.overview.overview` gives them.

    Each bar is all statements of its part, divided by what checking them gave; the labels below it stand in the order
    of the bar.
    """
    if rows.empty:
        return blank(width, lang.text("no_data", language))
    groups = _cards(rows, language)
    placed: list[tuple[_Card, float, float, float, float]] = []
    y = EDGE
    for cards in groups:
        columns = 2 if width >= _TWO_COLUMNS and len(cards) > 1 else 1
        wide = (width - 2 * EDGE - (columns - 1) * _GAP) / columns
        for start in range(0, len(cards), columns):
            beside = cards[start : start + columns]
            high = max(_height(card, wide) for card in beside)
            placed += [(card, EDGE + i * (wide + _GAP), y, wide, high) for i, card in enumerate(beside)]
            y += high + _GAP
    canvas = Canvas(y - _GAP + EDGE, width)
    for card, x, top, wide, high in placed:
        _draw(canvas, card, x, top, wide, high)
    return canvas.figure


def _cards(rows: pd.DataFrame, language: str) -> list[list[_Card]]:
    """Return the cards in groups: a group's cards may stand side by side."""
    parts: dict[str, list[dict[str, Any]]] = {str(part): rows_of(held) for part, held in rows.groupby("part")}
    question = [
        _Card(
            BLUE,
            [(SMALL, "regular", "#cfe0f0", _WORDS["question"][language]), (BODY, "semibold", PAPER, row["name"])],
            face=BLUE,
        )
        for row in parts.get("question", [])
    ]
    study = []
    for row in parts.get("package", []):
        colour = PACKAGE_COLOURS.get(row["work_package"], GREY)
        lines: list[tuple[float, Weight, str, str]] = [
            (BODY, "semibold", colour, f"{row['number']}  {row['name']}"),
            (SMALL, "regular", GREY, row["done"]),
            (SMALL, "regular", INK, row["says"]),
        ]
        study.append(_with_counts(_Card(colour, [line for line in lines if line[3]]), "package", row, language))
    ends = []
    for total, one in (("conclusions", "conclusion"), ("advice", "recommendation")):
        lines = [(BODY, "semibold", INK, _WORDS[total][language])]
        lines += [(SMALL, "regular", INK, f"{row['number']}  {row['name']}") for row in parts.get(one, [])]
        ends += [_with_counts(_Card(GREY, lines), total, row, language) for row in parts[total]]
    whole = [
        _with_counts(
            _Card(GREY, [(BODY, "semibold", INK, _WORDS["whole"][language])], face=PALE), "whole", row, language
        )
        for row in parts["whole"]
    ]
    return [question, study, ends, whole]


def _with_counts(card: _Card, part: str, row: dict[str, Any], language: str) -> _Card:
    card.label = _WORDS[f"{part}_n"][language].format(n=row["statements"])
    counts = {status: int(row[status]) for status in STATUSES if row[status]}
    card.counts = {f"{NAMES[status][language]} {n}|{status}": n for status, n in counts.items()}
    return card


def _label_rows(card: _Card, width: float) -> list[list[tuple[float, str, str]]]:
    """Set the labels of a bar in rows: each label with its place in the row and its status."""
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for label in card.counts:
        words, _, status = label.partition("|")
        needed = _SWATCH + 0.06 + width_of(words, SMALL)
        if x and x + needed > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, words, status))
        x += needed + 0.14
    return rows


def _height(card: _Card, width: float) -> float:
    inner = width - 2 * _PAD - 0.03
    high = 2 * _PAD + sum(text_height(text, inner, size, weight) for size, weight, _, text in card.lines)
    if card.counts:
        high += 0.06 + (1 + len(_label_rows(card, inner))) * line_height(SMALL) + _ABOVE + _BAR + _BELOW
    return high


def _draw(canvas: Canvas, card: _Card, x: float, y: float, width: float, height: float) -> None:
    canvas.box(x, y, width, height, face=card.face, edge=card.colour if card.face == BLUE else RULE)
    if card.colour in PACKAGE_COLOURS.values() and card.face == PAPER:
        canvas.bar(x, y + 0.06, 0.045, height - 0.12, card.colour)
    left, inner, below = x + _PAD + 0.02, width - 2 * _PAD - 0.03, y + _PAD
    for size, weight, colour, text in card.lines:
        below = canvas.write(left, below, text, size=size, weight=weight, colour=colour, width=inner)
    if not card.counts:
        return
    labels = _label_rows(card, inner)
    below = (
        y + height - _PAD - (1 + len(labels)) * line_height(SMALL) - _ABOVE - _BAR - _BELOW
    )  # bars of a row stand level
    below = canvas.write(left, below, card.label, size=SMALL, colour=GREY) + _ABOVE
    place, total = left, sum(card.counts.values())
    for label, n in card.counts.items():
        share = inner * n / total
        _fill(canvas, place, below, share, _BAR, label.partition("|")[2])
        place += share
    below += _BAR + _BELOW
    for row in labels:
        for place, words, status in row:
            middle = below + line_height(SMALL) / 2
            _fill(canvas, left + place, middle - _SWATCH / 2, _SWATCH, _SWATCH, status)
            canvas.write(left + place + _SWATCH + 0.06, below, words, size=SMALL)
        below += line_height(SMALL)


def _fill(canvas: Canvas, x: float, y: float, width: float, height: float, status: str) -> None:
    canvas.axes.add_patch(
        Rectangle((x, y), width, height, facecolor=_FACES[status], edgecolor=GREY, linewidth=0.6, zorder=3)
    )
