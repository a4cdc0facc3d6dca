"""The information preference: which counts the two published words allow, for every possible number of homeowners."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans import language as lang
from koppelkans.figures.style import (
    BLUE,
    EDGE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SMALL,
    WIDTH,
    Canvas,
    no_data,
)
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
}
_FACES = {"post": BLUE, "email": ORANGE}
_FAINT = {"post": "#9dbdd9", "email": "#f3cd9f"}
_HEIGHT = 2.7  # inches from 0 to the largest n


def preference_ranges(
    bounds: pd.DataFrame, language: str, example_n: int | None = None, words: dict[str, str] | None = None
) -> Figure:
    """Draw the feasible counts over n: a bar from the smallest to the largest count that a word allows.

    `bounds` as `strands.preferences.preference_bounds` gives it. The bars at `example_n` are dark and their ends are
    written out; it is an example and not the study's number. `words` holds the published words for post and for email.
    """
    if bounds.empty:
        return no_data(lang.text("no_data", language))
    smallest, largest = int(bounds["n"].min()), int(bounds["n"].max())
    left, right, base = EDGE + 0.3, WIDTH - EDGE, 0.34 + _HEIGHT
    step = (right - left) / (largest - smallest + 1)
    rise = _HEIGHT / largest
    canvas = Canvas(base + 0.46)
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
    canvas.line((left, base), (right, base), colour=INK)
    canvas.write(right, base + 0.22, _WORDS["n"][language], size=SMALL, colour=GREY, align="right")
    _key(canvas, left + 0.1, bounds[bounds["n"] == example_n], words or {}, language)
    return canvas.figure


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
