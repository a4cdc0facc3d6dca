"""What the figures of field data share: an axis with estimates on it, the marks of the strands, and words for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from koppelkans.figures.fonts import width_of
from koppelkans.figures.strand_styles import Strands, Style, strand_style
from koppelkans.figures.style import (
    EDGE,
    GREY,
    INK,
    PAPER,
    RULE,
    SMALL,
    Canvas,
    line_height,
    text_height,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import ANSWERED

_REASONS = {
    "no-answer": {"nl": "geen antwoord", "en": "no answer"},
    "not stated": {"nl": "zonder reden", "en": "no reason given"},
    "not-asked": {"nl": "niet gevraagd", "en": "not asked"},
    "weet niet": {"nl": "weet niet", "en": "do not know"},
    "niet gevraagd": {"nl": "niet gevraagd", "en": "not asked"},
    "no-number": {"nl": "geen getal", "en": "no number"},
}
_WORDS = {
    "hidden": {"nl": "verborgen", "en": "hidden"},
}
RADIUS = 0.045  # inches
MARK_ROW = 0.175  # inches a mark with its words takes


def percent(value: float, language: str, decimals: int = 0) -> str:
    """Write a share as a percentage."""
    return lang.number(100 * value, language, decimals, "%")["text"]


def interval_text(row: dict[str, Any], language: str, decimals: int = 0, share: bool = True) -> str:
    """Write an estimate with its interval, such as "34% (22–47)"; the reason where there is none, or "hidden"."""
    if row.get("hidden"):
        return _WORDS["hidden"][language]
    if pd.isna(row["value"]):
        return str(row.get(f"reason_{language}") or "–")
    scale = 100 if share else 1
    value, *ends = (
        lang.number(scale * float(row[name]), language, decimals)["text"] if pd.notna(row[name]) else ""
        for name in ("value", "low", "high")
    )
    written = f"{value}%" if share else value
    return f"{written} ({ends[0]}–{ends[1]})" if all(ends) else written


def points_text(row: dict[str, Any], language: str, names: tuple[str, str, str] = ("value", "low", "high")) -> str:
    """Write a difference of shares with its interval in percentage points, such as "+14 (−3; 29)"."""
    written = []
    for name in names:
        points = round(100 * float(row[name])) if pd.notna(row[name]) else None
        written.append("" if points is None else lang.number(points, language)["text"].replace("-", "−"))
    sign = "+" if round(100 * float(row[names[0]])) > 0 else ""
    return f"{sign}{written[0]} ({written[1]}; {written[2]})" if all(written) else f"{sign}{written[0]}"


def n_text(row: dict[str, Any], language: str) -> str:
    """Write n of an estimate; that it is hidden where it is."""
    return f"n = {row['n']}" if pd.notna(row["n"]) else f"n {_WORDS['hidden'][language]}"


def missing_text(response: pd.DataFrame, question: str, strand: str, language: str) -> str:
    """Write why people of a strand did not answer a question, such as "no answer 5, not asked 33"; "" for nobody."""
    held = response[(response["question"] == question) & (response["strand"] == strand)]
    hidden = _WORDS["hidden"][language]
    parts = [
        f"{reason_name(row['state'], language)} {int(row['respondents']) if pd.notna(row['respondents']) else hidden}"
        for row in rows_of(held[held["state"] != ANSWERED])
    ]
    return ", ".join(parts)


def reason_name(reason: str, language: str) -> str:
    """Name why there is no answer, in a language; a reason in words of the file stays as it is."""
    return _REASONS.get(reason, {}).get(language, reason)


def mark(canvas: Canvas, x: float, y: float, strand: str, strands: Strands) -> None:
    """Draw the mark of a strand."""
    colour, filled = strand_style(strands, strand)
    canvas.dot(x, y, RADIUS, face=colour if filled else PAPER, edge=colour, line=1.4)


@dataclass(frozen=True)
class Axis:
    """A horizontal axis from `low` at `left` to `high` at `right` (inches)."""

    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Return where a value lies; values beyond the ends lie at them."""
        inside = min(max(value, self.low), self.high)
        return self.left + (inside - self.low) / (self.high - self.low) * (self.right - self.left)

    def grid(
        self, canvas: Canvas, ticks: Sequence[float], top: float, bottom: float, strong: float | None = None
    ) -> None:
        """Draw a line from top to bottom at each tick, a darker one at `strong`."""
        for tick in ticks:
            colour, weight = (INK, 0.8) if tick == strong else (RULE, 0.5)
            canvas.line((self.x(tick), top), (self.x(tick), bottom), colour=colour, weight=weight)

    def numbers(self, canvas: Canvas, ticks: Sequence[float], labels: Sequence[str], y: float) -> None:
        """Write the ticks with their top at y."""
        for tick, label in zip(ticks, labels, strict=True):
            canvas.write(self.x(tick), y, label, size=SMALL, colour=GREY, align="center")

    def estimate(self, canvas: Canvas, y: float, row: dict[str, Any], style: Style) -> None:
        """Draw an estimate as a mark (colour, filled or not) with its interval; nothing where there is none."""
        if row.get("hidden") or pd.isna(row["value"]):
            return
        colour, filled = style
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            canvas.line((self.x(float(row["low"])), y), (self.x(float(row["high"])), y), colour=colour, weight=1.8)
        face = colour if filled else PAPER
        canvas.dot(self.x(float(row["value"])), y, RADIUS, face=face, edge=colour, line=1.4)


def heading_height(title: str, lines: Sequence[str], width: float) -> float:
    """Return the height that `heading` takes."""
    below = sum(text_height(line, width - 0.16, SMALL) for line in lines)
    return text_height(title, width, weight="semibold") + below + 0.06


def heading(
    canvas: Canvas, y: float, title: str, lines: Sequence[tuple[str, str]], width: float, strands: Strands
) -> float:
    """Write a question and below it lines (strand, words; "" for a note without a mark), and return the y below."""
    y = canvas.write(EDGE, y, title, weight="semibold", width=width)
    for strand, words in lines:
        if strand:
            mark(canvas, EDGE + RADIUS, y + line_height(SMALL) / 2, strand, strands)
        y = canvas.write(EDGE + 0.16, y, words, size=SMALL, colour=GREY, width=width - 0.16)
    return y + 0.06


def widest(words: Sequence[str], most: float) -> float:
    """Return the width of the widest of some small texts, at most `most`."""
    return min(max((width_of(word, SMALL) for word in words), default=0.0), most)
