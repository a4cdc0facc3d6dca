"""What a file of answers tells of its own questions: which columns belong together, and of what kind they are."""

from __future__ import annotations

import re
from collections.abc import Collection

from koppelkans.privacy.personal_data import holds_personal_data
from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.grouping import (
    BRACKETS,
    TEXT,
    grouped,
    is_words_of_item,
    parts_of,
    repeats,
    words_with_options,
    words_with_their_option,
)
from koppelkans.readers.answers.labels import common_label, item_codes
from koppelkans.readers.answers.model import OTHER, Column, Labels, Question, Source
from koppelkans.readers.grids import normal
from koppelkans.readers.whole_numbers import whole

_MOST_OPTIONS = 12  # distinct short texts of a column without value labels, to be taken as options
_LONGEST_OPTION = 60  # characters
_SHORTEST_SENTENCE = 20  # characters
_MOST_CODES = 30  # different whole numbers of a question whose options have labels
_SCALE_WORDS = {
    "eens", "oneens", "agree", "disagree", "satisfied", "dissatisfied", "tevreden", "ontevreden", "neutral", "neutraal",
    "belangrijk", "onbelangrijk", "important", "unimportant", "nooit", "never", "altijd", "always", "likely",
    "unlikely", "waarschijnlijk", "onwaarschijnlijk", "goed", "slecht", "good", "bad",
}  # fmt: skip
Words = dict[str, dict[str, str]]
"""Question or column -> code of an option -> column with words."""


def derived_questions(source: Source, attributes: Collection[str] = ()) -> list[Question]:
    """Return the questions of a file: those that it tells of itself, then those that its columns suggest, in order.

    Columns that are `attributes` are none. A column that repeats in one cell what columns of their own mark is moved to
    `left_out` of the source.
    """
    proposals = [p for p in source.proposals if not set(attributes) & set(p.columns.values())]
    taken = {c for p in proposals for c in (*p.columns.values(), *p.others.values())} | {source.respondent, *attributes}
    free = {name: column for name, column in source.columns.items() if name not in taken}
    words = words_with_options(free)
    typed = {name for by_option in words.values() for name in by_option.values()}
    names = [name for name in free if name not in typed]
    together = grouped(names, lambda some: bool(_kind_together([free[name] for name in some])))
    _join_numbered(source, together)
    found = list(proposals)
    for name, members in together.items():
        base = name.removesuffix("_*")
        if name != base and _is_repetition(source, base, members):
            name = base
        found += _questions_of(source, name, members, words)
    found = [question for question in found if set(question.columns.values()) <= set(source.columns)]
    asked = {name for question in found for name in (*question.columns.values(), *question.others.values())}
    for name in free:
        if name not in asked and name in source.columns:
            found += _alone(source, [name], {})
    place = {name: number for number, name in enumerate(source.columns)}
    return sorted(found, key=lambda question: min(place[column] for column in question.columns.values()))


def _is_repetition(source: Source, base: str, members: list[str]) -> bool:
    """Take a column out that only repeats what the members mark, and tell whether it did."""
    if not repeats(source.columns[base], {parts_of(name)[0][1]: source.columns[name] for name in members}):
        return False
    del source.columns[base]
    source.left_out[base] = f"the same answers stand in {members[0]} to {members[-1]}"
    return True


def _join_numbered(source: Source, grouped: dict[str, list[str]]) -> None:
    """Bring columns such as m1, m2, m3 together where their labels begin alike."""
    numbered: dict[str, list[str]] = {}
    for base, names in grouped.items():
        match = re.fullmatch(r"(.*[^\W\d_])(\d+)", base)
        if match and names == [base]:
            numbered.setdefault(match[1], []).append(base)
    for stem, bases in numbered.items():
        if len(bases) > 1 and stem not in grouped and common_label([source.columns[base] for base in bases]):
            grouped[stem] = [name for base in bases for name in grouped.pop(base)]


def _questions_of(source: Source, base: str, names: list[str], words: Words) -> list[Question]:
    typed = [name for name in names if len(names) > 2 and is_words_of_item(source.columns[name])]
    marked = [name for name in names if name not in typed]
    for options in (names, marked) if typed and len(marked) > 1 else (names,):
        members = [source.columns[name] for name in options]
        kind = _kind_together(members) if len(members) > 1 else ""
        if not kind:
            continue
        codes = dict(zip(names, item_codes(names), strict=True))
        others = {codes[name]: name for name in names if name not in options}
        others |= {codes[name]: words[name].pop(OTHER) for name in options if OTHER in words.get(name, {})}
        others |= {code: name for code, name in words.get(base, {}).items() if code not in others}
        layout = layout_of(members, {}) if kind == "multiple" else layout_of_ranking(members, {})
        columns = {codes[name]: name for name in options}
        return [Question(base, kind, layout, columns, label=common_label(members), others=others)]
    return _alone(source, names, words)


def _alone(source: Source, names: list[str], words: Words) -> list[Question]:
    """Return a question for each column; words that people typed go with it where it is a choice."""
    found = []
    for name in names:
        column = source.columns[name]
        kind = suggested_kind([column])
        if kind == "multiple" and TEXT.match(name):
            kind = "open"  # a program calls it text: commas and semicolons in it part nothing
        others = words.get(name, {})
        if others and kind == "number" and _are_codes(column.cells):
            kind = "single"  # an option that can be worded is one of several
        layout = "joined" if kind == "multiple" else "one"
        own = words_with_their_option(others, column.options) if kind in ("single", "multiple", "likert") else {}
        found.append(Question(name, kind, layout, {"": name}, label=column.label, others=own))
    return found


def _are_codes(cells: list[str]) -> bool:
    """Tell whether cells are few whole numbers."""
    values = {cell for cell in cells if cell}
    return bool(values) and len(values) <= _MOST_CODES and all(re.fullmatch(r"-?\d{1,4}", value) for value in values)


def _kind_together(members: list[Column]) -> str:
    """Return multiple or ranking where columns together are one question, else ""."""
    filled = [column for column in members if any(column.cells)]
    if not filled or any(column.is_text or column.is_scale for column in members):
        return ""
    if any(_speaks_of_scale(column) for column in members):
        return ""
    marks = all(_is_marked(column) for column in filled)
    marks = marks or _are_own_words(filled)
    if _are_ranks(members) and not (marks and len(members) == 2):
        return "ranking"
    return "multiple" if marks else ""


def _is_marked(column: Column) -> bool:
    """Tell whether a column holds marks; a code alone is one where it is the option's own (Q5_4: 4): 2 may be no."""
    codes = {cell for cell in column.cells if cell.isdigit() and cell not in ("0", "1") and cell not in column.options}
    item = next((item for _, item in parts_of(column.name)), "")
    return codes <= {item} and reading.marks(column.cells, column.options, column.label) is not None


def _are_own_words(members: list[Column]) -> bool:
    """Tell whether each column holds one text of its own wherever it is filled: the option's words are its mark."""
    if any(column.label or BRACKETS.match(column.name) or " - " in column.name for column in members):
        return False  # words that are not those of the option are somebody's own
    words = [{cell for cell in column.cells if cell} for column in members]
    if any(cell.isdigit() for own in words for cell in own):
        return False
    together = set().union(*words)
    repeated = any(sum(map(bool, column.cells)) > 1 for column in members)
    return len(members) > 1 and all(len(own) == 1 for own in words) and len(together) == len(words) and repeated


def _are_ranks(members: list[Column]) -> bool:
    """Tell whether columns rank one another: whole numbers from 1, each at most once for a respondent, few left out."""
    if any(column.options for column in members):
        return False
    several = 0
    for cells in zip(*(column.cells for column in members), strict=True):
        given = [cell for cell in cells if cell]
        ranks = sorted(rank for cell in given if (rank := whole(cell)) is not None)
        if len(ranks) < len(given):
            return False
        if ranks != list(range(1, len(ranks) + 1)):
            return False
        several += len(ranks) > 1
    return several > (3 if len(members) == 2 else 0)  # two items coded 1 and 2 look like it by chance


def layout_of(members: list[Column], options: dict[str, Labels]) -> str:
    """Return how the columns of a multiple choice hold it."""
    if len(members) == 1:
        column = members[0]
        is_mark = reading.marks(column.cells, column.options, column.label) is not None
        return "marks" if is_mark and not options and not column.options else "joined"
    known = reading.known_options(options)
    cells = {cell for column in members for cell in column.cells if cell}
    if known and cells and all(reading.option_of(cell, known) for cell in cells):
        return "mentions"
    labelled = [column for column in members if column.options]
    if labelled and all(reading.marks(c.cells, c.options, c.label) is None for c in labelled):
        return "mentions"
    filled = [column for column in members if any(column.cells)]
    if all(reading.marks(c.cells, c.options, c.label) is not None for c in members) or _are_own_words(filled):
        return "marks"
    return "mentions"


def layout_of_ranking(members: list[Column], options: dict[str, Labels]) -> str:
    """Return how the columns of a ranking hold it: ranks of options, or options at places."""
    if len(members) == 1:
        return "joined"
    known = reading.known_options(options or {c: ls for column in members for c, ls in column.options.items()})
    cells = {cell for column in members for cell in column.cells if cell}
    if known and cells and all(reading.option_of(cell, known) for cell in cells):
        return "places"
    return "ranks" if all(whole(cell) is not None for cell in cells) else "places"


def suggested_kind(members: list[Column]) -> str:
    """Return the kind of question that columns look like."""
    if len(members) > 1:
        together = _kind_together(members)
        if together:
            return together
    column = members[0]
    cells = [cell for cell in column.cells if cell]
    if column.is_text:
        return "open"
    if column.is_scale or _speaks_of_scale(column):
        return "likert"
    distinct = set(cells)
    if column.options and (not cells or _mostly_labelled(column, distinct)):
        return "single"
    if _are_codes(cells) and (column.is_choice or _names_more_than_its_ends(column, distinct)):
        return "single"
    commas = reading.has_decimal_commas(cells)
    if cells and all(reading.number(cell, commas) is not None for cell in cells):
        return "number"
    if column.is_number:
        return "number"
    if _are_joined(cells):
        return "multiple"
    if any(_is_sentence(cell) for cell in distinct):
        return "open"  # somebody's own words, also where a few say the same
    if any(holds_personal_data(cell) for cell in distinct):
        return "open"  # an option of a questionnaire has no telephone number; a figure would show it
    repeats = len(distinct) < len(cells) and len(distinct) <= min(_MOST_OPTIONS, max(2, len(cells) // 2))
    return "single" if repeats and max(map(len, cells)) <= _LONGEST_OPTION else "open"


def _is_sentence(cell: str) -> bool:
    """Tell whether a cell is a sentence, which no option of a questionnaire without value labels is."""
    return len(cell) > _SHORTEST_SENTENCE and re.search(r"[.!?…](?:\s|$)", cell) is not None


def _mostly_labelled(column: Column, distinct: set[str]) -> bool:
    """Tell whether most values have a label; a number may have labels for its ends alone."""
    known = reading.known_options(column.options)
    return 2 * sum(reading.option_of(value, known) is not None for value in distinct) > len(distinct)


def _names_more_than_its_ends(column: Column, distinct: set[str]) -> bool:
    """Tell whether codes between the lowest and the highest have labels: a class or a type, which has no mean."""
    named = sorted(number for code in column.options if (number := whole(code)) is not None)
    numbers = [*named, *(whole(value) or 0 for value in distinct)]
    return any(min(numbers) < code < max(numbers) for code in named)


def _are_joined(cells: list[str]) -> bool:
    """Tell whether cells hold several options each: split at semicolons or bars, few parts recur often."""
    if not any(re.search(r"[;|\n]", cell) for cell in cells):
        return False
    parts = [part for cell in cells for part in reading.split_joined(cell, {})]
    distinct = {normal(part) for part in parts}
    return len(distinct) <= _MOST_OPTIONS and len(parts) >= 2 * len(distinct)


def _speaks_of_scale(column: Column) -> bool:
    """Tell whether value labels are steps of a scale: whole numbers in a row, three or more, in words of degree."""
    codes = sorted(number for code in column.options if (number := whole(code)) is not None and number >= 0)
    if len(codes) < 3 or codes != list(range(codes[0], codes[0] + len(codes))):
        return False
    words = {word for labels in column.options.values() for text in labels.values() for word in normal(text).split()}
    return len(words & _SCALE_WORDS) > 0 and len(codes) <= 11
