"""Grids of counts: cases by themes, themes by groups of people, halves of a programme, groups by effects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from koppelkans.figures.fonts import width_of, wrapped
from koppelkans.figures.style import (
    EDGE,
    GREY,
    INK,
    PALE,
    PAPER,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    line_height,
)
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of

NOTHING_CODED = Reason("er is niets gecodeerd", "nothing was coded")
_TINTS = (PAPER, "#e3edf6", "#c4d9ec", "#9dbfde")
_LEAST = 0.3  # inches for a column
_LONGEST_HEAD = 1.75  # inches; longer heads are set below the grid, under a letter
_HIDDEN = {"nl": "× = te weinig mensen om te tonen", "en": "× = too few people to show"}


FORMS = {
    "brainstorm": {"nl": "brainstorm", "en": "brainstorm"},
    "exchange": {"nl": "uitwisseling", "en": "exchange"},
    "presentation": {"nl": "presentatie", "en": "presentation"},
    "evaluation": {"nl": "evaluatie", "en": "evaluation"},
    "design": {"nl": "ontwerp", "en": "design"},
    "joint-session": {"nl": "gezamenlijke sessie", "en": "joint session"},
}
_ITEMS = {
    "theme": {"nl": "Thema’s", "en": "Themes"},
    "work_form": {"nl": "Werkvormen", "en": "Work forms"},
    "outcome": {"nl": "Uitkomsten", "en": "Outcomes"},
}
_CATEGORIES = {
    "cooperation": {"nl": "samenwerken", "en": "cooperation"},
    "future": {"nl": "toekomst", "en": "future"},
    "inspiration": {"nl": "inspiratie", "en": "inspiration"},
    "koppelkansen": {"nl": "koppelkansen", "en": "linkage opportunities"},
    "project": {"nl": "project", "en": "project"},
    "residents": {"nl": "bewoners", "en": "residents"},
    "agreement": {"nl": "afspraak", "en": "agreement"},
    "closing": {"nl": "afsluiting", "en": "closing"},
    "improvement": {"nl": "verbetering", "en": "improvement"},
    "input": {"nl": "inbreng", "en": "input"},
    "overview": {"nl": "overzicht", "en": "overview"},
    "plan": {"nl": "plan", "en": "plan"},
}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a text, and how dark it is (0 to 1; None for hidden)."""

    text: str
    share: float | None


@dataclass(frozen=True)
class Row:
    """A row of a grid: its name and cells; a row without cells is a heading."""

    name: str
    cells: tuple[Cell, ...] = ()


def _tint(share: float) -> str:
    return _TINTS[0 if share <= 0 else min(3, 1 + math.floor(share * 3 - 1e-9))]


def grid(width: float, heads: Sequence[str], rows: Sequence[Row], note: str) -> Sheet:
    """Draw a grid at a width. Heads that are long stand below it under letters; wide grids are cut into blocks."""
    letters = any(width_of(head, SMALL) > _LONGEST_HEAD for head in heads)
    shown = [chr(65 + place) if letters and len(heads) <= 26 else head for place, head in enumerate(heads)]
    names = max((width_of(row.name, SMALL) for row in rows if row.cells), default=0.0)
    left = EDGE + min(names + 0.12, width * (0.42 if width > 4 else 0.46))
    widest = max((width_of(cell.text, SMALL) for row in rows for cell in row.cells), default=0.0)
    step = max(_LEAST, widest + 0.12)
    at_once = max(1, int((width - EDGE - left) / step))
    blocks = math.ceil(len(heads) / at_once)
    at_once = math.ceil(len(heads) / max(blocks, 1))
    step = min((width - EDGE - left) / max(at_once, 1), 0.75)
    upright = not letters and any(width_of(head, SMALL) > step - 0.06 for head in shown)
    head_room = max(width_of(head, SMALL) for head in shown) + 0.1 if upright else line_height(SMALL) + 0.06
    named = [(row, wrapped(row.name, left - EDGE - 0.1 if row.cells else width - 2 * EDGE, SMALL)) for row in rows]
    heights = [len(lines) * line_height(SMALL) + 0.07 for _, lines in named]
    key = [wrapped(f"{a} = {b}", width - 2 * EDGE, SMALL) for a, b in zip(shown, heads, strict=True) if letters]
    below = [*(line for lines in key for line in lines), *wrapped(note, width - 2 * EDGE - 0.08, SMALL)]
    height = blocks * (head_room + sum(heights) + 0.12) + 0.08 + len(below) * line_height(SMALL) + 0.06
    canvas = Canvas(height, width)
    y = 0.03
    for start in range(0, len(heads), at_once):
        y = _block(canvas, shown, named, heights, (start, start + at_once), (left, y, step, head_room, upright))
    for line in below:
        y = canvas.write(EDGE, y, line, size=SMALL, colour=GREY)
    return canvas.figure


def _block(
    canvas: Canvas,
    heads: Sequence[str],
    rows: Sequence[tuple[Row, list[str]]],
    heights: Sequence[float],
    part: tuple[int, int],
    place: tuple[float, float, float, float, bool],
) -> float:
    left, y, step, head_room, upright = place
    own = heads[slice(*part)]
    for number, head in enumerate(own):
        x = left + (number + 0.5) * step
        if upright:
            canvas.write_upward(x, y + head_room - 0.05, head)
        else:
            canvas.write(x, y + head_room - line_height(SMALL) - 0.03, head, size=SMALL, colour=GREY, align="center")
    y += head_room
    right = left + len(own) * step
    for (row, lines), high in zip(rows, heights, strict=True):
        if not row.cells:
            canvas.band(EDGE, y, right - EDGE, high, PALE)
        for number, line in enumerate(lines):
            canvas.write(
                EDGE + (0 if row.cells else 0.04),
                y + 0.035 + number * line_height(SMALL),
                line,
                size=SMALL,
                weight="regular" if row.cells else "semibold",
            )
        for number, cell in enumerate(row.cells[slice(*part)]):
            x = left + number * step
            face = PAPER if cell.share is None else _tint(cell.share)
            canvas.band(x + 0.01, y + 0.01, step - 0.02, high - 0.02, face)
            colour = GREY if cell.share is None or cell.share == 0 else INK
            canvas.write_middle(x + step / 2, y + high / 2, cell.text, size=SMALL, colour=colour, align="center")
        y += high
        canvas.line((EDGE, y), (right, y), colour=RULE, weight=0.5)
    return y + 0.12


def _counted(count: Any, most: int, text: str = "") -> Cell:
    if pd.isna(count):
        return Cell("×", None)
    number = int(count)
    return Cell(text or (str(number) if number else "·"), number / max(most, 1))


@in_both_widths
def case_matrix(width: float, table: pd.DataFrame, language: str) -> Sheet:
    """Draw how often each theme was coded in each case; `table` as `strands.coded.case_matrix` gives it."""
    if table.empty:
        return blank(width, NOTHING_CODED.text(language))
    heads = list(dict.fromkeys(table["theme"]))
    most = int(table["codings"].max()) if table["codings"].notna().any() else 1
    rows = [
        Row(str(case), tuple(_counted(count, most) for count in held["codings"]))
        for case, held in table.groupby("case", sort=False)
    ]
    hidden = bool((table["hidden"] != "").any())
    words = {
        "nl": f"Getal: coderingen in het gesprek; · = geen. n = {len(rows)} gesprekken.",
        "en": f"Number: codings in the interview; · = none. n = {len(rows)} interviews.",
    }
    return grid(width, heads, rows, words[language] + (f" {_HIDDEN[language]}." if hidden else ""))


@in_both_widths
def by_attribute(width: float, table: pd.DataFrame, attribute: str, language: str) -> Sheet:
    """Draw in how many cases of each group a theme comes up; `table` as `strands.coded.by_attribute` gives it."""
    if table.empty:
        no_groups = Reason(
            "van de geïnterviewden is geen kenmerk bekend om groepen mee te maken",
            "no attribute of the interviewees is known that makes groups",
        )
        return blank(width, no_groups.text(language))
    sizes = dict(zip(table["group"], table["of_cases"], strict=True))
    rows = [
        Row(
            str(theme),
            tuple(
                _counted(
                    row["cases"], row["of_cases"], "" if pd.isna(row["cases"]) else f"{row['cases']}/{row['of_cases']}"
                )
                for row in rows_of(held)
            ),
        )
        for theme, held in table.groupby("theme", sort=False)
    ]
    people = ", ".join(f"{group} n = {size}" for group, size in sizes.items())
    words = {
        "nl": f"Kenmerk: {attribute}. Getal: mensen met het thema / mensen in de groep ({people}).",
        "en": f"Attribute: {attribute}. Number: people with the theme / people in the group ({people}).",
    }
    hidden = bool((table["hidden"] != "").any())
    return grid(width, list(sizes), rows, words[language] + (f" {_HIDDEN[language]}." if hidden else ""))


def item_name(key: str, language: str) -> str:
    """Name a kind or a category of items of sessions; a category that is not known keeps its key."""
    return (_ITEMS | FORMS | _CATEGORIES).get(key, {language: key})[language]


@in_both_widths
def programme_halves(width: float, table: pd.DataFrame, sessions: int, language: str) -> Sheet:
    """Draw how often each kind of theme, work form and outcome was there in both halves of the programme.

    `table` as `strands.sessions.halves` gives it; `sessions`: how many there were.
    """
    if table.empty:
        few = Reason("er zijn geen twee sessies om te vergelijken", "there are no two sessions to compare")
        return blank(width, few.text(language))
    most = int(table[["first", "second"]].to_numpy().max())
    rows: list[Row] = []
    for kind, held in table.groupby("kind", sort=False):
        rows.append(Row(item_name(str(kind), language)))
        for row in rows_of(held):
            name = item_name(row["category"], language)
            rows.append(Row(name, (_counted(row["first"], most), _counted(row["second"], most))))
    heads = {"nl": ["eerste helft", "tweede helft"], "en": ["first half", "second half"]}[language]
    first, second = sessions // 2, sessions - sessions // 2
    note = {
        "nl": f"Getal: onderdelen in de sessies; · = geen. n = {first} en {second} sessies. Een telling, geen toets.",
        "en": f"Number: items in the sessions; · = none. n = {first} and {second} sessions. A count, no test.",
    }
    return grid(width, heads, rows, note[language])


@in_both_widths
def group_effects(width: float, table: pd.DataFrame, language: str) -> Sheet:
    """Draw which main effects the stories name for which target group; `table`: target_group, effect, stories."""
    if table.empty:
        none = Reason("geen verhaal noemt een doelgroep en een effect", "no story names a target group and an effect")
        return blank(width, none.text(language))
    heads = list(dict.fromkeys(table["effect"]))
    most = int(table["stories"].max())
    rows = [
        Row(str(group), tuple(_counted(count, most) for count in held.set_index("effect")["stories"].reindex(heads)))
        for group, held in table.groupby("target_group", sort=False)
    ]
    total = int(table["stories"].sum())
    note = {
        "nl": f"Getal: veranderverhalen; · = geen. n = {total} verhalen.",
        "en": f"Number: change stories; · = none. n = {total} stories.",
    }
    return grid(width, heads, rows, note[language])
