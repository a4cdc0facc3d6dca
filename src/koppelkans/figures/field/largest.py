"""What a figure shows where there is more than can be read: the largest, and a line that counts the rest.

The table behind a figure (its CSV) keeps every row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_number
from koppelkans.figures.charts import note
from koppelkans.locale import words
from koppelkans.locale.language import number

LONGEST_NAME, LONGEST_HEAD = 60, 40
"""Characters of a name beside a row, and of one above a column."""
MOST_CODES, MOST_THEMES, MOST_CASES, MOST_QUESTIONS = 30, 15, 40, 8


def largest(sizes: pd.Series, most: int) -> list[Any]:
    """Return the labels of the largest sizes, the largest first; all as they stand where there are few of them.

    A size that is hidden (missing) comes last; of equal sizes the first one comes first.
    """
    if len(sizes) <= most:
        return list(sizes.index)
    return list(sizes.sort_values(ascending=False, na_position="last", kind="stable").index[:most])


def shortened(names: Iterable[str], most: int = LONGEST_NAME) -> dict[str, str]:
    """Return for each name what stands in a figure: the name, or its beginning where it is very long.

    The data file and the long description have it whole. Where two would read the same, all stand whole.
    """
    short = {name: shorten(name, most, placeholder=" …") if len(name) > most else name for name in names}
    return short if len(set(short.values())) == len(short) else {name: name for name in short}


def with_those_above(depths: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """Return the places of the chosen rows of a tree and of the rows above them, in its order (depth 1 at the top)."""
    line: dict[int, int] = {}
    places: set[int] = set()
    for place, depth in enumerate(depths):
        line = {above: at for above, at in line.items() if above < depth} | {depth: place}
        if place in set(chosen):
            places |= set(line.values())
    return sorted(places)


def codes_left_out(people: pd.Series, language: str, themes: bool = False) -> str:
    """Count the codes or themes that a figure leaves out, with the people that have each; "" for none.

    `people` of each of them; missing where there are too few to show.
    """
    lang, lines = words(language), []
    known = people.dropna().astype(int)
    few = len(people) - len(known)
    if len(known):
        n, low, high = len(known), int(known.min()), int(known.max())
        span = as_number(low, language) if low == high else f"{as_number(low, language)}–{as_number(high, language)}"
        named = lang.ngettext("{span} person", "{span} people", high).format(span=span)
        said = (
            lang.ngettext("and {n} more theme with {people}", "and {n} more themes with {people}", n)
            if themes
            else lang.ngettext("and {n} more code with {people}", "and {n} more codes with {people}", n)
        )
        lines.append(said.format(n=as_number(n, language), people=named))
    if few:
        said = (
            lang.ngettext("and {n} more theme with too few people", "and {n} more themes with too few people", few)
            if themes
            else lang.ngettext("and {n} more code with too few people", "and {n} more codes with too few people", few)
        )
        lines.append(said.format(n=as_number(few, language)))
    return "; ".join(lines)


def themes_left_out(n: int, language: str) -> str:
    """Count the themes that a figure leaves out; "" for none."""
    said = words(language).ngettext("and {n} more theme with fewer people", "and {n} more themes with fewer people", n)
    return said.format(n=as_number(n, language)) if n else ""


def codes_used_less(shares: pd.Series, language: str) -> str:
    """Count the codes that a figure leaves out, with the largest share of units that got one of them; "" for none."""
    n = len(shares)
    if not n:
        return ""
    most = number(100 * float(shares.max()), language, 1, "%")["text"]
    said = words(language).ngettext(
        "and {n} more code, on at most {share} of the units",
        "and {n} more codes, each on at most {share} of the units",
        n,
    )
    return said.format(n=as_number(n, language), share=most)


def cases_left_out(n: int, language: str) -> str:
    """Count the interviews that a figure leaves out; "" for none."""
    said = words(language).ngettext(
        "and {n} more interview with fewer codings", "and {n} more interviews with fewer codings", n
    )
    return said.format(n=as_number(n, language)) if n else ""


def questions_left_out(n: int, language: str) -> str:
    """Count the questions that a figure leaves out, and say how to see them; "" for none."""
    said = words(language).ngettext(
        "and {n} more question, which stands in the data file; name what to draw with `shown` in study.yml",
        "and {n} more questions, which stand in the data file; name what to draw with `shown` in study.yml",
        n,
    )
    return said.format(n=as_number(n, language)) if n else ""


def of_questions(make: Callable[[pd.DataFrame], Chart], table: pd.DataFrame, named: Collection[str]) -> Chart:
    """Draw the questions named, or the first MOST_QUESTIONS of a table where none of them is, and count the rest.

    `make` draws a table with a column question.
    """
    asked = dict.fromkeys(table["question"])
    drawn = [question for question in asked if question in named] or list(asked)[:MOST_QUESTIONS]
    chart = make(table[table["question"].isin(drawn)])

    def rest(language: str) -> str:
        return sentence(questions_left_out(len(asked) - len(drawn), language))

    def draw(width: float, language: str) -> Figure:
        figure = chart.draw(width, language)
        if said := rest(language):
            before = figure.get_supxlabel().replace("\n", " ").strip()
            note(figure, f"{before}{'' if before.endswith('.') or not before else '.'} {said}".strip())
        return figure

    return replace(
        chart,
        data=table,
        draw=draw,
        describe=lambda language: with_rest(chart.describe(language), rest(language)),
        numbers=lambda language: {**chart.numbers(language), "rest": rest(language) or None},
    )


def sentence(*parts: str) -> str:
    """Put what is left out in one sentence; "" for nothing."""
    said = "; ".join(filter(None, parts))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def with_rest(lines: list[str], rest: str) -> list[str]:
    """Add to a long description what is left out, where something is."""
    return [*lines, f"- {rest}"] if rest else lines
