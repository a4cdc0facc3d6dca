"""The information preference: which counts the two published words allow, for every possible number of homeowners."""

from __future__ import annotations

import pandas as pd

from koppelkans.figures.style import (
    BLUE,
    EDGE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    PALE,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
)
from koppelkans.locale import language as lang
from koppelkans.strands.published import rows_of

_WORDS = {
    "post": {"nl": "per post", "en": "by post"},
    "email": {"nl": "per e-mail", "en": "by e-mail"},
    "example": {"nl": "donker: voorbeeld, n = {n}", "en": "dark: example, n = {n}"},
    "ends": {
        "nl": "post {p_low} tot {p_high}, e-mail {e_low} tot {e_high}",
        "en": "post {p_low} to {p_high}, e-mail {e_low} to {e_high}",
    },
    "n": {"nl": "n, het aantal geïnterviewden (niet gepubliceerd)", "en": "n, the number interviewed (not published)"},
    "k": {"nl": "aantal mensen dat de woorden toelaten", "en": "number of people that the words allow"},
    "pairs": {
        "nl": "Voorbeeld, n = {n}: {pairs} paren",
        "en": "Example, n = {n}: {pairs} pairs",
    },
    "post_axis": {"nl": "aantal per post", "en": "number by post"},
    "email_axis": {"nl": "aantal per e-mail", "en": "number by e-mail"},
    "all_used": {"nl": "post en e-mail samen: n", "en": "post and e-mail together: n"},
    "shares": {"nl": "Aandeel, voor elke n", "en": "Share, for every n"},
    "n_axis": {"nl": "n, het aantal geïnterviewden", "en": "n, the number interviewed"},
    "half": {"nl": "helft", "en": "half"},
}
_FACES = {"post": BLUE, "email": ORANGE}
_FAINT = {"post": "#9dbdd9", "email": "#f3cd9f"}
_HEIGHT = 2.7  # inches from 0 to the largest n


@in_both_widths
def preference_ranges(
    width: float,
    bounds: pd.DataFrame,
    language: str,
    example_n: int | None = None,
    words: dict[str, str] | None = None,
) -> Sheet:
    """Draw the feasible counts over n: a bar from the smallest to the largest count that a word allows.

    `bounds` as `strands.preferences.preference_bounds` gives it. The bars at `example_n` are dark and their ends are
    written out; it is an example and not the study's number. `words` holds the published words for post and for email.
    """
    if bounds.empty:
        return blank(width, lang.text("no_data", language))
    smallest, largest = int(bounds["n"].min()), int(bounds["n"].max())
    left, right, base = EDGE + 0.3, width - EDGE, 0.34 + _HEIGHT
    step = (right - left) / (largest - smallest + 1)
    rise = _HEIGHT / largest
    canvas = Canvas(base + 0.46, width)
    canvas.write(EDGE, 0.03, _WORDS["k"][language], size=SMALL, colour=GREY)
    for k in range(0, largest + 1, 5):
        canvas.line((left, base - k * rise), (right, base - k * rise), colour=PALE)
        canvas.write_middle(left - 0.06, base - k * rise, str(k), size=SMALL, colour=GREY, align="right")
    for bound in rows_of(bounds):
        middle = left + (bound["n"] - smallest + 0.5) * step
        top, bottom = base - (bound["high"] + 0.4) * rise, base - (bound["low"] - 0.4) * rise
        here = bound["n"] == example_n
        faces = _FACES if here or not example_n else _FAINT
        canvas.bar(middle - 0.37 * step, top, 0.74 * step, bottom - top, faces[bound["answer"]])
        if bound["answer"] == "post" and (bound["n"] == smallest or bound["n"] % 5 == 0):
            canvas.write(middle, base + 0.04, str(bound["n"]), size=SMALL, colour=GREY, align="center")
    for answer, share in (("post", 0.7), ("email", 0.22)):
        label = _WORDS[answer][language]
        canvas.write_middle(right - 0.06, base - share * _HEIGHT, label, weight="semibold", align="right")
    canvas.line((left, base), (right, base), colour=INK)
    canvas.write(right, base + 0.22, _WORDS["n"][language], size=SMALL, colour=GREY, align="right")
    _key(canvas, left + 0.1, bounds[bounds["n"] == example_n], words or {}, language)
    return canvas.figure


@in_both_widths
def preference_region(width: float, pairs: pd.DataFrame, bounds: pd.DataFrame, language: str) -> Sheet:
    """Draw which counts by post and by e-mail go together for an example n, and which shares do for every n.

    `pairs` as `strands.preferences.joint_counts` gives it for the example, `bounds` as `preference_bounds` does. Left,
    a cell for each pair that the words allow, the darker the fewer people are left with another answer; outlined, the
    pairs that n people could make up at all. Right, on a phone below, the range of shares of each answer over n.
    """
    if pairs.empty or bounds.empty:
        return blank(width, lang.text("no_data", language))
    panel, top = 2.3, 0.34
    deep = top + panel + 0.5
    left, down = (3.48, 0.0) if width > NARROW else (EDGE + 0.42, deep)  # of the second panel
    canvas = Canvas(deep + down, width)
    _pairs(canvas, pairs, EDGE + 0.26, top, panel, language)
    _shares(canvas, bounds, left, width - EDGE, top + down, panel, language)
    return canvas.figure


def _pairs(canvas: Canvas, pairs: pd.DataFrame, left: float, top: float, size: float, language: str) -> None:
    n = int(pairs.iloc[0][["post", "email", "other"]].sum())
    step, base = size / (n + 1), top + size
    canvas.write(left - 0.26, 0.03, _WORDS["pairs"][language].format(n=n, pairs=len(pairs)), weight="semibold")
    corners = [(left + k * step, base - (n + 1 - k) * step) for k in range(n + 1)]
    outline = [point for x, y in corners for point in ((x, y), (x + step, y))]
    canvas.line((left, base), *outline, (left + (n + 1) * step, base), (left, base), colour=RULE)
    most = int(pairs["other"].max())
    for pair in rows_of(pairs):
        depth = 1 - 0.75 * pair["other"] / most if most else 1
        x, y = left + pair["post"] * step, base - (pair["email"] + 1) * step
        canvas.bar(x + 0.04 * step, y + 0.04 * step, 0.92 * step, 0.92 * step, _blend(BLUE, depth))
    for k in range(0, n + 1, 5 if n > 8 else 1):
        canvas.write(left + (k + 0.5) * step, base + 0.03, str(k), size=SMALL, colour=GREY, align="center")
        canvas.write_middle(left - 0.05, base - (k + 0.5) * step, str(k), size=SMALL, colour=GREY, align="right")
    canvas.write(left + size, base + 0.21, _WORDS["post_axis"][language], size=SMALL, colour=GREY, align="right")
    canvas.write(left + 0.24, top - 0.03, _WORDS["email_axis"][language], size=SMALL, colour=GREY)
    canvas.write_middle(left + 0.4 * size, top + 0.3 * size, _WORDS["all_used"][language], size=SMALL, colour=GREY)


def _shares(
    canvas: Canvas, bounds: pd.DataFrame, left: float, right: float, top: float, height: float, language: str
) -> None:
    smallest, largest, base = int(bounds["n"].min()), int(bounds["n"].max()), top + height
    step = (right - left) / (largest - smallest + 1)
    canvas.write(left - 0.36, top - 0.31, _WORDS["shares"][language], weight="semibold")
    for share, label in ((0.0, "0"), (0.5, _WORDS["half"][language]), (1.0, "1")):
        canvas.line((left, base - share * height), (right, base - share * height), colour=RULE, dashed=share == 0.5)
        canvas.write_middle(left - 0.05, base - share * height, label, size=SMALL, colour=GREY, align="right")
    for bound in rows_of(bounds):
        x = left + (bound["n"] - smallest) * step
        high, low = base - bound["share_high"] * height, base - bound["share_low"] * height
        # a single count has no height of its own
        canvas.bar(x, min(high, (high + low) / 2 - 0.02), step, max(low - high, 0.04), _FACES[bound["answer"]])
        if bound["answer"] == "post" and (bound["n"] == smallest or bound["n"] % 10 == 0):
            canvas.write(x + 0.5 * step, base + 0.03, str(bound["n"]), size=SMALL, colour=GREY, align="center")
    for answer, share in (("post", 0.78), ("email", 0.22)):
        label, place = _WORDS[answer][language], base - share * height
        canvas.write_middle(right - 0.1, place, label, colour="white", weight="semibold", align="right")
    canvas.write(right, base + 0.21, _WORDS["n_axis"][language], size=SMALL, colour=GREY, align="right")


def _blend(colour: str, depth: float) -> str:
    """Mix a colour with white; depth 1 is the colour itself."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - depth * (255 - part)):02x}" for part in parts)


def _key(canvas: Canvas, x: float, example: pd.DataFrame, words: dict[str, str], language: str) -> None:
    for answer, y in (("post", 0.6), ("email", 0.84)):
        canvas.bar(x, y - 0.07, 0.14, 0.14, _FACES[answer])
        quoted = f": “{words[answer]}”" if answer in words else ""
        canvas.write_middle(x + 0.22, y, _WORDS[answer][language] + quoted, weight="semibold")
    if example.empty:
        return
    post, email = (example[example["answer"] == answer].iloc[0] for answer in ("post", "email"))
    below = canvas.write(x + 0.22, 1.0, _WORDS["example"][language].format(n=post["n"]), size=SMALL, colour=INK)
    ends = {"p_low": post["low"], "p_high": post["high"], "e_low": email["low"], "e_high": email["high"]}
    canvas.write(x + 0.22, below, _WORDS["ends"][language].format(**ends), size=SMALL, colour=INK)
