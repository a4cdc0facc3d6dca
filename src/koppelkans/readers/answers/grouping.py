"""Which columns of a file of answers belong to one question, by their names: Q5_1, Q5_2, and Q5_4_TEXT with words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.model import OTHER, Column, Labels
from koppelkans.readers.answers.own_columns import form

BRACKETS = re.compile(r"^(.*\S)\s*\[(.+)\]$", re.DOTALL)
_OTHER_WORD = r"(?:other|anders|overige?|oth|autre|andere|sonstiges)"
_IS_OTHER = re.compile(rf"(?i)^{_OTHER_WORD}(?:\W.*|_?text|_?namelijk|_?nl|_?specify)?$", re.DOTALL)
_OTHER_ENDING = re.compile(rf"(?i)^(.+?)[_./]?{_OTHER_WORD}(?:[_.]?(?:text|namelijk|nl|specify|toelichting))?$")
_OPTION_TEXT = re.compile(r"(?i)^(.+?)[_.](-?[^\W_]+)[_.]TEXT$")
TEXT = re.compile(r"(?i)^(.+?)(?:[_.]TEXT| - text)$")
_SEPARATORS = re.compile(r"[_.](?=-?[^\W_])|(?<=[^\W_])-(?=\d)")


def parts_of(name: str) -> list[tuple[str, str]]:
    """Return the ways to read a name as question and item, the longest question first.

    Q1[SQ001], wensen/isolatie, How? - By post and q___1 can be read in one way, a_b_1 in two.
    """
    match = BRACKETS.match(name)
    if match:
        return [(match[1], match[2])]
    for mark in (" - ", "/", "___"):
        question, found, item = name.rpartition(mark)
        if found and question and item:
            return [(question, item)]
    ways = [(name[: place.start()], name[place.end() :]) for place in _SEPARATORS.finditer(name)]
    return [(question, item) for question, item in reversed(ways) if re.search(r"[^\W\d_]", question)]


def grouped(names: Iterable[str], together: Callable[[list[str]], bool]) -> dict[str, list[str]]:
    """Return question -> columns, each column in one: the longest name that two columns share makes the question.

    What stands alone then joins its neighbours by a shorter shared name where `together` says that they are one. Where
    a column has the name of the question itself, the question of the others is called q_*.
    """
    names = list(names)
    place = {name: number for number, name in enumerate(names)}
    ways = {name: parts_of(name) or [(f"{name}\0", "")] for name in names}  # what has no parts joins nothing
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(ways[name][0][0], []).append(name)
    for depth in range(1, max(map(len, ways.values()), default=1)):
        alone = [members[0] for members in groups.values() if len(members) == 1]
        shorter: dict[str, list[str]] = {}
        for name in alone:
            if depth < len(ways[name]):
                shorter.setdefault(ways[name][depth][0], []).append(name)
        for question, joining in shorter.items():
            members = sorted({*groups.get(question, []), *joining}, key=place.__getitem__)
            beside = place[members[-1]] - place[members[0]] == len(members) - 1
            if len(members) > 1 and beside and together(members):
                groups = {base: [n for n in own if n not in members] for base, own in groups.items()}
                groups[question] = members
    alone = [own[0] for own in groups.values() if len(own) == 1]
    several = {base: own for base, own in groups.items() if len(own) > 1}
    whole = {name: [name] for name in alone} | {
        f"{base}_*" if base in alone else base: own for base, own in several.items()
    }
    return dict(sorted(whole.items(), key=lambda group: place[group[1][0]]))


def words_with_options(columns: Mapping[str, Column]) -> dict[str, dict[str, str]]:
    """Return question or column -> code of an option -> column with the words that people typed with it.

    x_TEXT and x_4_TEXT go with x or with option 4 of x; x_other, x[other] and a header that begins with Other or Anders
    go with x where they hold words and no marks. "Anders, namelijk" alone goes with the column before it, where that
    has an option of such a name.
    """
    found: dict[str, dict[str, str]] = {}
    before = ""
    for name, column in columns.items():
        own = option_called_other(columns[before].options) if before else ""
        if own and _IS_OTHER.match(name) and _holds_words(column):
            found.setdefault(before, {}).setdefault(own, name)  # "Anders, namelijk" right after a choice
            continue
        before = name
        for question, code in _ways_of_words(name, column):
            rest = [other for other in columns if not other.startswith(name)]
            members = [n for n in rest if question in (base for base, _ in parts_of(n)) and not TEXT.match(n)]
            if (question in rest or members) and code not in found.get(question, {}):
                items = {item: n for n in members for base, item in parts_of(n) if base == question}
                own = next((item for item in items if _IS_OTHER.match(item)), code) if code == OTHER else code
                found.setdefault(question, {})[own] = name
                break
    return found


def option_called_other(options: Mapping[str, Labels]) -> str:
    """Return the one option whose words begin with other or anders, "" where there is none or several."""
    called = [code for code, labels in options.items() if any(_IS_OTHER.match(text) for text in labels.values())]
    return called[0] if len(called) == 1 else ""


def words_with_their_option(others: dict[str, str], options: Mapping[str, Labels]) -> dict[str, str]:
    """Put typed words with the option that is called anders, so that it does not stand there twice."""
    own = option_called_other(options)
    if OTHER in options or not own or own in others:
        return others
    return {own if code == OTHER else code: name for code, name in others.items()}


def _ways_of_words(name: str, column: Column) -> list[tuple[str, str]]:
    """Return the (question, option) that a column can hold the words of, the likeliest first."""
    ways = []
    if match := TEXT.match(name):
        ways.append((match[1], OTHER))
    if match := _OPTION_TEXT.match(name):
        ways.append((match[1], match[2]))
    if not _holds_words(column):
        return ways
    for question, item in parts_of(name)[:1]:
        if _IS_OTHER.match(item):
            ways.append((question, item if " " in item else OTHER))
    if match := _OTHER_ENDING.match(name):
        ways.append((match[1], OTHER))
    return ways


def _holds_words(column: Column) -> bool:
    """Tell whether somebody typed something in a column that is no mark, no number and no repetition of its header."""
    if column.options:
        return False
    item = next((item for _, item in parts_of(column.name)), column.name)
    own = [form(item), *(form(text) for text in column.label.values())]
    values = {cell for cell in column.cells if cell}
    return any(
        not any(text.endswith(form(value)) for text in own)
        and not reading.is_plain_mark(value)
        and reading.number(value, True) is None
        for value in values
    )


def is_words_of_item(column: Column) -> bool:
    """Tell whether a column under one header with others holds words instead of marks: Isolatie: "zonnepanelen"."""
    sure = BRACKETS.match(column.name) or " - " in column.name
    return bool(sure) and not column.is_scale and _holds_words(column)


def repeats(whole: Column, members: Mapping[str, Column]) -> bool:
    """Tell whether a column only repeats, in one cell, the options that columns of their own mark (Kobo, ODK)."""
    if not any(whole.cells):
        return False
    chosen = {code: reading.marks(column.cells, column.options, column.label) for code, column in members.items()}
    if any(marks is None for marks in chosen.values()):
        return False
    for row, cell in enumerate(whole.cells):
        codes = [code for code, marks in chosen.items() if marks and marks[row]]
        parts = re.split(r"[;,|\n]\s*|\s+", cell)
        if sorted(map(form, parts if cell else [])) != sorted(map(form, codes)) and form(cell) != form(" ".join(codes)):
            return False
    return True
