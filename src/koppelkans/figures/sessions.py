"""Figures of the koppelkansen sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.style import (
    BLUE,
    BLUE_TINT,
    BODY,
    EDGE,
    GREY,
    INK,
    NARROW,
    PALE,
    RED,
    RULE,
    SMALL,
    Align,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_WORDS = {
    "period": {"nl": "periode in de lopende tekst", "en": "period in the running text"},
    "outside": {"nl": "buiten die periode", "en": "outside that period"},
    "caption_month": {"nl": "figuur 4 van de studie: {month}", "en": "figure 4 of the study: {month}"},
    "online": {"nl": "online", "en": "online"},
    "total": {"nl": "totaal", "en": "total"},
    "session": {"nl": "sessie", "en": "session"},
    "month": {"nl": "maand", "en": "month"},
    "per_year": {"nl": "Sessies per jaar", "en": "Sessions per year"},
    "gaps": {"nl": "Maanden sinds de vorige sessie, per sessie", "en": "Months since the previous session, by session"},
    "stated": {"nl": "de tekst noemt {stated} sessies", "en": "the text states {stated} sessions"},
    "hours": {"nl": "Sessies en uren, naar einde van de telling", "en": "Sessions and hours, by end of the count"},
    "before": {"nl": "vóór {month}", "en": "before {month}"},
    "through": {"nl": "tot en met {month}", "en": "up to and including {month}"},
    "all": {"nl": "alle rijen van de tabel", "en": "all rows of the table"},
    "amount": {"nl": "{sessions} sessies, {hours} uur", "en": "{sessions} sessions, {hours} hours"},
    "amount_without": {"nl": "{sessions} sessies", "en": "{sessions} sessions"},
}
FORMS = {
    "brainstorm": {"nl": "brainstorm", "en": "brainstorm"},
    "exchange": {"nl": "uitwisseling", "en": "exchange"},
    "presentation": {"nl": "presentatie", "en": "presentation"},
    "evaluation": {"nl": "evaluatie", "en": "evaluation"},
    "design": {"nl": "ontwerp", "en": "design"},
    "joint-session": {"nl": "gezamenlijke sessie", "en": "joint session"},
}


_GAP = 0.14  # between a mark and its label, inches


@in_both_widths
def timeline(
    width: float,
    programme: pd.DataFrame,
    items: pd.DataFrame,
    language: str,
    stated: tuple[str, str] | None = None,
    other_month: tuple[int, str] | None = None,
) -> Sheet:
    """Draw the sessions by month, one line each, with their themes beside the mark.

    `programme` as `strands.sessions.programme` gives it; `items` with session, kind, item, text_nl, text_en. `stated`
    is the period (first and last YYYY-MM) that the running text names, which is shaded; a session outside it gets an
    open mark. `other_month` is a session and the month that another place in the study gives for it.
    """
    if programme.empty:
        return blank(width, lang.text("no_data", language))
    ends = [programme["month"].min(), programme["month"].max(), *(stated or ())]
    at = _month_places(min(ends), max(ends), width)
    themes = items[items["kind"] == "theme"].sort_values(["session", "item"])
    top = 0.3
    rows, y = [], top + 0.1
    for session in rows_of(programme):
        label = _Label.beside(
            at[session["month"]], themes.loc[themes["session"] == session["session"], f"text_{language}"], width
        )
        outside = pd.notna(session["in_stated_period"]) and not session["in_stated_period"]
        notes = [_WORDS["outside"][language]] if outside else []
        if other_month and other_month[0] == session["session"]:
            said = _said_elsewhere(other_month[1], language)
            if at[other_month[1]] + 0.11 + width_of(said, SMALL) > width - EDGE:
                notes.append(said)  # no room beside its mark
        rows.append((session, label, outside, notes, y))
        y += (len(label.lines) + len(notes)) * line_height(SMALL) + 0.085
    canvas = Canvas(y + 0.5, width)
    _month_axis(canvas, at, top, y + 0.04, stated, language)
    for session, label, outside, notes, y in rows:
        x, middle, colour = label.x, y + line_height(SMALL) / 2, RED if outside else BLUE
        canvas.dot(x, middle, 0.085, face="white" if outside else colour, edge=colour, line=1.3)
        number_colour = colour if outside else "white"
        canvas.write_middle(
            x, middle, str(session["session"]), size=SMALL, colour=number_colour, align="center", weight="semibold"
        )
        below = label.write(canvas, y)
        for note in notes:
            below = canvas.write(label.text_x, below, note, size=SMALL, colour=RED, align=label.align)
        if other_month and other_month[0] == session["session"]:
            said = _said_elsewhere(other_month[1], language)
            _other_month(canvas, at[other_month[1]], x, middle, "" if said in notes else said)
    return canvas.figure


@dataclass(frozen=True)
class _Label:
    """The themes of a session, beside its mark at `x`: right of it in the left half of the figure, else left of it."""

    x: float
    lines: list[str]
    align: Align

    @classmethod
    def beside(cls, x: float, texts: Iterable[str], width: float) -> _Label:
        to_right = x < width / 2
        room = (width - EDGE - x if to_right else x - EDGE) - _GAP
        lines = [line for text in texts for line in wrapped(text[:1].upper() + text[1:], room, SMALL)]
        return cls(x, lines or [""], "left" if to_right else "right")

    @property
    def text_x(self) -> float:
        return self.x + _GAP if self.align == "left" else self.x - _GAP

    def write(self, canvas: Canvas, y: float) -> float:
        for line in self.lines:
            y = canvas.write(self.text_x, y, line, size=SMALL, align=self.align)
        return y


def _month_places(first: str, last: str, width: float) -> dict[str, float]:
    """Return the x of every month between two, both included."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    left, right = EDGE + 0.15, width - EDGE - 0.15
    step = (right - left) / max(end - start, 1)
    return {f"{m // 12}-{m % 12 + 1:02d}": left + (m - start) * step for m in range(start, end + 1)}


def _month_axis(
    canvas: Canvas,
    at: dict[str, float],
    top: float,
    bottom: float,
    stated: tuple[str, str] | None,
    language: str,
) -> None:
    """Draw months along the bottom, with years, and shade the period that the text names."""
    xs = list(at.values())
    step = (xs[-1] - xs[0]) / max(len(xs) - 1, 1)
    if stated:
        start, end = at[stated[0]] - step / 2, at[stated[1]] + step / 2
        canvas.band(start, top, end - start, bottom - top, BLUE_TINT)
        canvas.write(start, top - 0.2, _WORDS["period"][language], size=SMALL, colour=BLUE)
    for month, x in at.items():
        shaded = stated and stated[0] <= month <= stated[1]
        canvas.line((x, top), (x, bottom), colour="white" if shaded else PALE)
        canvas.line((x, bottom), (x, bottom + 0.04), colour=INK)
        if step > 0.2 or int(month[5:7]) % 3 == 1:  # on a phone there is room for the quarters only
            canvas.write(x, bottom + 0.05, str(int(month[5:7])), size=SMALL, align="center", colour=GREY)
        if month[5:7] == "01" or x == xs[0]:
            canvas.line((x - step / 2, bottom), (x - step / 2, bottom + 0.38), colour=INK)
            canvas.write(x - step / 2 + 0.05, bottom + 0.21, month[:4], size=SMALL, weight="semibold")
    canvas.line((EDGE, bottom), (canvas.width - EDGE, bottom), colour=INK)


def _said_elsewhere(month: str, language: str) -> str:
    return _WORDS["caption_month"][language].format(month=lang.month(month, language, short=True))


def _other_month(canvas: Canvas, x: float, x_session: float, y: float, words: str) -> None:
    """Mark the month that another place in the study gives for a session."""
    canvas.line((x_session + 0.085, y), (x - 0.06, y), colour=RED, weight=1.0, dashed=True)
    canvas.dot(x, y, 0.06, face="white", edge=RED, line=1.0)
    canvas.write_middle(x + 0.11, y, words, size=SMALL, colour=RED)


@in_both_widths
def work_forms(width: float, matrix: pd.DataFrame, programme: pd.DataFrame, language: str) -> Sheet:
    """Draw which categories of work forms a session used: a filled circle for one, with a number for more.

    `matrix` as `strands.sessions.work_form_matrix` gives it; `programme` gives months and modes. Sessions known to have
    been online are shaded. On a phone the sessions stand below each other.
    """
    if matrix.empty:
        return blank(width, lang.text("no_data", language))
    if width <= NARROW:
        return _upright(width, matrix, programme, language)
    left, right, top, row = 1.35, width - 0.5, 0.6, 0.28
    step = (right - left) / len(matrix)
    bottom = top + row * len(matrix.columns)
    at = {session: left + (place + 0.5) * step for place, session in enumerate(matrix.index)}
    online = _runs(list(matrix.index), set(programme.loc[programme["mode"] == "online", "session"]))
    canvas = Canvas(bottom + (0.24 if online else 0.06), width)
    for run in online:
        start, end = at[run[0]] - step / 2, at[run[-1]] + step / 2
        canvas.band(start, 0.02, end - start, bottom - 0.02, BLUE_TINT)
        words = _WORDS["online"][language]
        canvas.write((start + end) / 2, bottom + 0.03, words, size=SMALL, colour=BLUE, align="center")
    canvas.write(left - 0.1, 0.04, _WORDS["session"][language], size=SMALL, align="right", colour=GREY)
    canvas.write(left - 0.1, 0.21, _WORDS["month"][language], size=SMALL, align="right", colour=GREY)
    canvas.write(right + 0.22, 0.04, _WORDS["total"][language], size=SMALL, align="center", colour=GREY)
    year = 0
    for session in rows_of(programme):
        x = at[session["session"]]
        canvas.write(x, 0.02, str(session["session"]), weight="semibold", align="center")
        canvas.write(x, 0.21, str(int(session["month"][5:7])), size=SMALL, colour=GREY, align="center")
        if session["year"] != year:
            year = session["year"]
            canvas.line((x - step / 2 + 0.03, 0.24), (x - step / 2 + 0.03, 0.5), colour=GREY)
            canvas.write(x - step / 2 + 0.07, 0.36, str(year), size=SMALL, colour=GREY)
    for place, category in enumerate(matrix.columns):
        y = top + (place + 0.5) * row
        canvas.write_middle(left - 0.1, y, FORMS[category][language], align="right")
        canvas.line((left, y), (right, y), colour=RULE, weight=0.5)
        for number, count in matrix[category].items():
            _used(canvas, at[number], y, count)
        canvas.write_middle(right + 0.22, y, str(int(matrix[category].sum())), align="center")
    return canvas.figure


def _used(canvas: Canvas, x: float, y: float, count: int) -> None:
    if count:
        canvas.dot(x, y, 0.1, face=BLUE)
    if count > 1:
        canvas.write_middle(x, y, str(count), colour="white", align="center", weight="semibold")


def _upright(width: float, matrix: pd.DataFrame, programme: pd.DataFrame, language: str) -> Sheet:
    heads = [FORMS[category][language] for category in matrix.columns]
    left, row = 1.45, 0.25
    top = max(width_of(head, SMALL) for head in heads) + 0.14
    step = (width - EDGE - left) / len(heads)
    canvas = Canvas(top + row * len(matrix) + 0.3, width)
    at = [left + (place + 0.5) * step for place in range(len(heads))]
    for x, head in zip(at, heads, strict=True):
        canvas.write_upward(x, top - 0.06, head)
        canvas.line((x, top), (x, top + row * len(matrix)), colour=RULE, weight=0.5)
    canvas.write(EDGE, top - 0.24, _WORDS["session"][language], size=SMALL, colour=GREY)
    for place, session in enumerate(rows_of(programme)):
        y = top + (place + 0.5) * row
        if session["mode"] == "online":
            canvas.band(EDGE, y - row / 2, width - 2 * EDGE, row, BLUE_TINT)
            canvas.write_middle(left - 0.1, y, _WORDS["online"][language], size=SMALL, colour=BLUE, align="right")
        canvas.write_middle(EDGE + 0.2, y, str(session["session"]), weight="semibold", align="right")
        month = lang.month(session["month"], language, short=True)
        canvas.write_middle(EDGE + 0.28, y, month, size=SMALL, colour=GREY)
        for x, category in zip(at, matrix.columns, strict=True):
            _used(canvas, x, y, int(matrix.loc[session["session"], category]))
    y = top + row * len(matrix) + 0.06
    canvas.write(EDGE, y, _WORDS["total"][language], colour=GREY)
    for x, category in zip(at, matrix.columns, strict=True):
        canvas.write(x, y, str(int(matrix[category].sum())), align="center")
    return canvas.figure


def _runs(order: list[int], wanted: set[int]) -> list[list[int]]:
    """Group the wanted sessions that follow each other directly."""
    runs: list[list[int]] = []
    for before, session in zip([None, *order], order, strict=False):
        if session in wanted and before in wanted:
            runs[-1].append(session)
        elif session in wanted:
            runs.append([session])
    return runs


@in_both_widths
def programme_totals(
    width: float,
    per_year: pd.DataFrame,
    programme: pd.DataFrame,
    totals: pd.DataFrame,
    language: str,
    stated_to: str | None = None,
    stated: float | None = None,
) -> Sheet:
    """Draw three small charts: sessions per year, months between sessions, and sessions and hours in three readings.

    `per_year` and `totals` as `sessions_per_year` and `programme_totals` of strands.sessions give them; `stated_to` is
    the last month (YYYY-MM) and `stated` the number of sessions that the running text names.
    """
    if programme.empty:
        return blank(width, lang.text("no_data", language))
    stacked = width <= NARROW  # on a phone the charts stand below each other, and names above their bar
    top, row = (2.95, 0.46) if stacked else (1.5, 0.26)
    canvas = Canvas(top + 0.4 + row * len(totals) + (0.24 if stated else 0), width)
    years = [(str(year["year"]), int(year["n"])) for year in rows_of(per_year)]
    _columns(canvas, EDGE, 1.95, 0.0, _WORDS["per_year"][language], years)
    later = programme.dropna(subset="months_since_previous")
    gaps = [
        (str(session), int(gap)) for session, gap in zip(later["session"], later["months_since_previous"], strict=True)
    ]
    start, down = (EDGE, 1.45) if stacked else (2.35, 0.0)
    _columns(canvas, start, width - EDGE, down, _WORDS["gaps"][language], gaps)
    canvas.write(EDGE, top, _WORDS["hours"][language], weight="semibold")
    names = [_reading(reading, stated_to, language) for reading in totals["reading"]]
    left = EDGE if stacked else EDGE + max(width_of(name, BODY) for name in names) + 0.12
    scale = (width - 0.5 - left) / max([*totals["sessions"], stated or 0])
    first = top + 0.28
    for place, (total, name) in enumerate(zip(rows_of(totals), names, strict=True)):
        y = first + (place + 0.5) * row + (0.1 if stacked else 0)
        if stacked:
            canvas.write(left, y - 0.28, name, size=SMALL)
        else:
            canvas.write_middle(left - 0.1, y, name, align="right")
        canvas.bar(left, y - 0.1, scale * total["sessions"], 0.2, BLUE)
        key = "amount_without" if pd.isna(total["hours"]) else "amount"
        hours = "" if pd.isna(total["hours"]) else f"{total['hours']:g}"
        words = _WORDS[key][language].format(sessions=total["sessions"], hours=hours)
        canvas.write_middle(left + 0.08, y, words, colour="white", weight="semibold")
    if stated:
        x, bottom = left + scale * stated, first + row * len(totals)
        canvas.line((x, first), (x, bottom + 0.05), colour=RED, weight=1.2, dashed=True)
        words = _WORDS["stated"][language].format(stated=f"{stated:g}")
        canvas.write(x, bottom + 0.05, words, size=SMALL, colour=RED, align="right")
    return canvas.figure


def _reading(reading: str, stated_to: str | None, language: str) -> str:
    month = lang.month(stated_to, language) if stated_to else ""
    return _WORDS[reading][language].format(month=month)


def _columns(canvas: Canvas, left: float, right: float, top: float, title: str, values: list[tuple[str, int]]) -> None:
    """Draw columns with their number on top and their name below, between left and right."""
    canvas.write(left, top + 0.04, title, weight="semibold")
    base, tallest = top + 1.12, 0.62
    step = (right - left) / max(len(values), 1)
    for place, (name, value) in enumerate(values):
        x = left + (place + 0.5) * step
        height = tallest * value / max(value for _, value in values)
        half = min(step * 0.36, 0.2)
        canvas.bar(x - half, base - height, 2 * half, height, BLUE)
        canvas.write(x, base - height - 0.17, str(value), align="center", size=SMALL, weight="semibold")
        canvas.write(x, base + 0.03, name, align="center", size=SMALL, colour=GREY)
    canvas.line((left, base), (right, base), colour=INK)
