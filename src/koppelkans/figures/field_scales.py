"""Statements with a scale, drawn as bars that diverge from the middle of the scale."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from koppelkans.figures.field_axis import mark, missing_text, n_text, points_text
from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.strand_styles import Strands
from koppelkans.figures.style import (
    EDGE,
    GREY,
    INK,
    NARROW,
    SMALL,
    Canvas,
    Sheet,
    in_both_widths,
    line_height,
    no_data,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of
from koppelkans.study.strands import SMITSVEEN, strand_name

_WORDS = {
    "net": {"nl": "saldo", "en": "net"},
    "hidden": {"nl": "verborgen: in een vak zitten te weinig mensen", "en": "hidden: too few people in a part"},
}
_AGAINST = ("#b35806", "#e9a55b", "#f5d4a8")  # darkest at the end of the scale
_FAVOUR = ("#1f5f99", "#7fb0d8", "#c9dff0")
_MIDDLE = "#dfe3e7"
_BAR = 0.2  # inches


def faces(steps: int) -> list[str]:
    """Return a colour for each point of a scale, from against over the middle to in favour."""
    half = steps // 2
    against = [_AGAINST[min(place * len(_AGAINST) // max(half, 1), 2)] for place in range(half)]
    favour = [_FAVOUR[min(place * len(_FAVOUR) // max(half, 1), 2)] for place in range(half)]
    return [*against, *([_MIDDLE] if steps % 2 else []), *reversed(favour)]


@in_both_widths
def diverging(
    width: float, table: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands = SMITSVEEN
) -> Sheet:
    """Draw each statement as bars, one a strand: parts against to the left, parts in favour to the right.

    `table` as `strands.survey.likert` gives it, `response` as `strands.survey.response`, both as
    `privacy.shown.protect` leaves them. Beside each bar stand n and net with its interval, above it the statement and
    why others did not answer; a scale is explained once, above the statements that share it.
    """
    if table.empty:
        return no_data(lang.text("no_data", language))
    room = width - 2 * EDGE
    parts: list[tuple[list[str], list[pd.DataFrame]]] = []
    for _, item in table.groupby("question", sort=False):
        scale = [str(words) for words in item.drop_duplicates("order").sort_values("order")[f"option_{language}"]]
        if not parts or parts[-1][0] != scale:
            parts.append((scale, []))
        parts[-1][1].append(item)
    height = sum(
        _legend_height(scale, room) + sum(_item_height(item, response, room, language, strands) for item in items)
        for scale, items in parts
    )
    canvas = Canvas(height + 0.06, width)
    shown = table[table["share"].notna()].groupby(["question", "strand"], sort=False)
    reach = max([_reach(own.sort_values("order"), int(own.iloc[0]["steps"])) for _, own in shown], default=1.0)
    y = 0.04
    for scale, items in parts:
        y = _legend(canvas, y, scale)
        for item in items:
            y = _item(canvas, y, item, response, reach, language, strands)
    return canvas.figure


def _legend_places(scale: Sequence[str], room: float) -> list[tuple[float, int]]:
    """Return where each point of a scale stands in the legend: x and line. Words too long for a line take more."""
    places, x, line = [], 0.0, 0
    for words in scale:
        wide = width_of(words, SMALL) + 0.36
        if x and x + wide > room:
            x, line = 0.0, line + 1
        places.append((x, line))
        line += len(wrapped(words, room - 0.17, SMALL)) - 1
        x += wide
    return places


def _legend_height(scale: Sequence[str], room: float) -> float:
    last = _legend_places(scale, room)[-1][1] + len(wrapped(scale[-1], room - 0.17, SMALL))
    return last * line_height(SMALL) + 0.12


def _legend(canvas: Canvas, y: float, scale: Sequence[str]) -> float:
    room = canvas.width - 2 * EDGE
    for words, face, (x, line) in zip(scale, faces(len(scale)), _legend_places(scale, room), strict=True):
        top = y + line * line_height(SMALL)
        canvas.bar(EDGE + x, top + 0.02, 0.12, 0.11, face)
        canvas.write(EDGE + x + 0.17, top, words, size=SMALL, width=room - 0.17)
    return y + _legend_height(scale, room)


def _lines(item: pd.DataFrame, response: pd.DataFrame, language: str, strands: Strands) -> list[tuple[str, str]]:
    """Return for each strand its name, n and why others did not answer."""
    lines = []
    for strand, own in item.groupby("strand", sort=False):
        words = f"{strand_name(strands, str(strand), language)}, {n_text(rows_of(own)[0], language)}"
        missing = missing_text(response, str(own.iloc[0]["question"]), str(strand), language)
        lines.append((str(strand), f"{words}; {missing}" if missing else words))
    return lines


def _side(width: float) -> float:
    """Return the room that words beside a bar take; on a phone they stand above it."""
    return 2.25 if width > NARROW else 0.0


def _item_height(item: pd.DataFrame, response: pd.DataFrame, room: float, language: str, strands: Strands) -> float:
    title = text_height(_title(item, language), room, weight="semibold") + 0.04
    side = _side(room + 2 * EDGE)
    rows = 0.0
    for _, words in _lines(item, response, language, strands):
        above = 0.0 if side else text_height(words, room - 0.16, SMALL) + line_height(SMALL)
        beside = text_height(words, side - 0.2, SMALL) + line_height(SMALL) + 0.06 if side else 0.0
        rows += max(_BAR + 0.08 + above, beside)
    return title + rows + 0.1


def _title(item: pd.DataFrame, language: str) -> str:
    return str(item.iloc[0][f"label_{language}"] or item.iloc[0]["question"])


def _item(
    canvas: Canvas,
    y: float,
    item: pd.DataFrame,
    response: pd.DataFrame,
    reach: float,
    language: str,
    strands: Strands,
) -> float:
    room, side = canvas.width - 2 * EDGE, _side(canvas.width)
    begin = y
    y = canvas.write(EDGE, y, _title(item, language), weight="semibold", width=room) + 0.04
    for strand, words in _lines(item, response, language, strands):
        own = item[item["strand"] == strand].sort_values("order")
        row = rows_of(own)[0]
        hidden = "hidden" in own and bool((own["hidden"] != "").any())
        defined = not hidden and pd.notna(row["value"])
        net = f"{_WORDS['net'][language]} {points_text(row, language)}" if defined else ""
        mark(canvas, EDGE + 0.045, y + line_height(SMALL) / 2, strand, strands)
        below = canvas.write(EDGE + 0.16, y, words, size=SMALL, colour=GREY, width=(side or room) - 0.2)
        below = canvas.write(EDGE + 0.16, below, net, size=SMALL, colour=INK) if net or not side else below
        left, top = (EDGE + side, y + 0.05) if side else (EDGE, below + 0.02)
        if defined:
            _bar(canvas, left, canvas.width - EDGE, top, own, reach)
        else:
            why = _WORDS["hidden"][language] if hidden else str(row[f"reason_{language}"])
            canvas.write(left, top, why, size=SMALL, colour=GREY, width=canvas.width - EDGE - left)
        y = max(below + 0.06, top + _BAR + 0.03) if side else top + _BAR + 0.06
    return begin + _item_height(item, response, room, language, strands)


def _bar(canvas: Canvas, left: float, right: float, top: float, own: pd.DataFrame, reach: float) -> None:
    """Draw one bar; the middle of the scale lies on the middle of the field, `reach` (a share) on its ends."""
    steps, middle = int(own.iloc[0]["steps"]), (left + right) / 2
    scale = (right - left) / 2 / reach
    shares = [float(share) for share in own["share"]]
    half = steps // 2
    x = middle - scale * (sum(shares[:half]) + (shares[half] / 2 if steps % 2 else 0))
    for share, face in zip(shares, faces(steps), strict=True):
        canvas.bar(x, top, share * scale, _BAR, face)
        words = f"{100 * share:.0f}"
        if share * scale > width_of(words, SMALL) + 0.04:
            dark = face in (_AGAINST[0], _FAVOUR[0])
            ink = "white" if dark else INK
            canvas.write_middle(x + share * scale / 2, top + _BAR / 2, words, size=SMALL, colour=ink, align="center")
        x += share * scale
    canvas.line((middle, top - 0.03), (middle, top + _BAR + 0.03), colour=INK, weight=0.8)


def _reach(own: pd.DataFrame, steps: int) -> float:
    shares, half = [float(share) for share in own["share"]], steps // 2
    if len(shares) < steps:  # a part is hidden, and the bar is not drawn
        return 0.1
    centre = shares[half] / 2 if steps % 2 else 0.0
    return max(sum(shares[:half]), sum(shares[steps - half :])) + centre
