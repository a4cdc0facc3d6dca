"""The research design: the central question, the themes of the pre-study, and the work packages."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.style import (
    BLUE,
    BODY,
    EDGE,
    GREY,
    INK,
    NARROW,
    PACKAGE_COLOURS,
    PALE,
    RULE,
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
    "central": {"nl": "Centrale vraag", "en": "Central question"},
    "prestudy": {"nl": "Vooronderzoek: thema’s", "en": "Pre-study: themes"},
    "from": {"nl": "vanaf {start}; einde niet vermeld", "en": "from {start}; end not stated"},
    "span": {"nl": "{start} – {end}", "en": "{start} – {end}"},
    "no_period": {"nl": "periode niet vermeld", "en": "period not stated"},
    "students": {"nl": "door een student", "en": "by a student"},
}
_PAD = 0.09
_GAP = 0.12


@in_both_widths
def research_design(
    width: float,
    questions: pd.DataFrame,
    themes: pd.DataFrame,
    packages: pd.DataFrame,
    pairs: pd.DataFrame,
    language: str,
) -> Sheet:
    """Draw the design of the study from top to bottom: question, pre-study, work packages side by side if they fit.

    Takes the tables research_questions and work_packages, the rows of `themes` of the strand pre-study, and `pairs` as
    `integration.levels_by_package` gives it. Each package has its level by design, question or questions, method and
    period.
    """
    if questions.empty or packages.empty:
        return blank(width, lang.text("no_data", language))
    text = f"text_{language}"
    central = " ".join(questions.loc[questions["work_package"] == "", text])
    names = list(themes.loc[themes["strand"] == "pre-study", f"name_{language}"]) if not themes.empty else []
    inner = width - 2 * EDGE - 2 * _PAD
    head = 2 * _PAD + line_height(SMALL) + text_height(central, inner, BODY, "semibold")
    beside = 2 if width > NARROW else 1  # packages
    across = min(max(len(names), 1), 2 * beside)  # themes of the pre-study
    step = (width - 2 * EDGE) / across
    tall = [text_height(_capital(name), step - 0.14, SMALL) for name in names]
    tall = [max(tall[place : place + across]) for place in range(0, len(names), across)]
    prestudy = 2 * _PAD + line_height(SMALL) + sum(tall) if names else 0.0
    cards = [_card(package, questions, pairs, language) for package in rows_of(packages.sort_values("order"))]
    wide = (width - 2 * EDGE - _GAP * (beside - 1)) / beside
    heights = [_card_height(card, wide - 2 * _PAD) for card in cards]
    row_heights = [max(heights[place : place + beside]) for place in range(0, len(heights), beside)]
    arrow = 0.22
    total = head + (arrow + prestudy if names else 0) + arrow + sum(row_heights) + _GAP * (len(row_heights) - 1)
    canvas = Canvas(total + 2 * EDGE, width)
    canvas.box(EDGE, EDGE, width - 2 * EDGE, head, face=BLUE, edge=BLUE)
    below = canvas.write(EDGE + _PAD, EDGE + _PAD, _WORDS["central"][language], size=SMALL, colour="#cfe0f0")
    canvas.write(EDGE + _PAD, below, central, colour="white", weight="semibold", width=inner)
    y = EDGE + head
    if names:
        canvas.arrow_down(width / 2, y + 0.02, y + arrow - 0.02)
        y += arrow
        canvas.box(EDGE, y, width - 2 * EDGE, prestudy, face=PALE)
        below = canvas.write(EDGE + _PAD, y + _PAD, _WORDS["prestudy"][language], size=SMALL, colour=GREY)
        for number, name in enumerate(names):
            row, column = divmod(number, across)
            x = EDGE + column * step + _PAD
            canvas.write(x, below + sum(tall[:row]), _capital(name), size=SMALL, width=step - 0.14)
        y += prestudy
    for column in range(beside):
        canvas.arrow_down(EDGE + wide / 2 + column * (wide + _GAP), y + 0.02, y + arrow - 0.02)
    y += arrow
    for number, card in enumerate(cards):
        row, column = divmod(number, beside)
        x = EDGE + column * (wide + _GAP)
        _draw_card(canvas, card, x, y + sum(row_heights[:row]) + row * _GAP, wide, row_heights[row])
    return canvas.figure


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _period(package: dict[str, Any], language: str) -> str:
    start, end = (lang.month(package[key], language, short=True) if package[key] else "" for key in ("start", "end"))
    key = "span" if start and end else "from" if start else "no_period"
    return _WORDS[key][language].format(start=start, end=end)


def _card(package: dict[str, Any], questions: pd.DataFrame, pairs: pd.DataFrame, language: str) -> dict[str, Any]:
    """Collect what stands on the card of a work package."""
    own = questions[questions["work_package"] == package["work_package"]]
    by_design = pairs[(pairs["work_package"] == package["work_package"]) & (pairs["design"] != "")]
    facts = [*by_design[f"level_{language}"], _period(package, language)]
    if package["by_students"] == "yes":
        facts.append(_WORDS["students"][language])
    return {
        "name": f"{package['order']}  {package[f'name_{language}']}",
        "questions": list(own[f"text_{language}"]),
        "method": _capital(package[f"method_{language}"]),
        "facts": "; ".join(facts),
        "colour": PACKAGE_COLOURS.get(package["work_package"], GREY),
    }


def _card_height(card: dict[str, Any], width: float) -> float:
    return (
        2 * _PAD
        + text_height(card["name"], width, BODY, "semibold")
        + text_height(card["facts"], width, SMALL)
        + sum(0.05 + text_height(question, width, SMALL, "semibold") for question in card["questions"])
        + 0.05
        + text_height(card["method"], width, SMALL)
    )


def _draw_card(canvas: Canvas, card: dict[str, Any], x: float, y: float, width: float, height: float) -> None:
    canvas.box(x, y, width, height, edge=RULE)
    canvas.bar(x, y + 0.06, 0.045, height - 0.12, card["colour"])
    inner = width - 2 * _PAD
    x += _PAD + 0.02
    below = canvas.write(x, y + _PAD, card["name"], weight="semibold", colour=card["colour"], width=inner)
    below = canvas.write(x, below, card["facts"], size=SMALL, colour=GREY, width=inner)
    for question in card["questions"]:
        below = canvas.write(x, below + 0.05, question, size=SMALL, weight="semibold", colour=INK, width=inner)
    canvas.write(x, below + 0.05, card["method"], size=SMALL, width=inner)
