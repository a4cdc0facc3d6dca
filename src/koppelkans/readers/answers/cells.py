"""What stands in a cell of answers: a number, a mark for chosen or not chosen, a list of codes, an option."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from koppelkans.readers.answers.model import Labels
from koppelkans.readers.grids import normal

_YES = {"1", "y", "yes", "ja", "j", "true", "waar", "x", "checked", "selected", "quoted", "gekozen", "aangekruist"}
_YES |= {"geselecteerd", "aangevinkt", "oui", "si", "sim", "v", "✓", "✔", "☒", "☑"}
_NO = {"0", "n", "no", "nee", "false", "onwaar", "unchecked", "not selected", "not quoted", "niet gekozen", "nein"}
_NO |= {"niet aangekruist", "niet geselecteerd", "niet aangevinkt", "non", "nao", "no selected", "-", "☐"}


def number(cell: str, comma: bool) -> float | None:
    """Return the number in a cell; `comma` tells that commas are decimal ("1.234,5"). None where it holds no number.

    Currency signs, percent signs and blanks around the number do not count.
    """
    text = re.sub(r"^[€$£]\s*|\s*[%€]$", "", cell.strip()).replace("\u202f", "").replace("−", "-")
    if comma:
        whole = re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+|,-)?", text)
        text = text.replace(".", "").replace(",-", "").replace(",", ".") if whole else text
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


_DECIMAL_COMMA = re.compile(
    r"[€\s+-]*(?:(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,}|-)|\d{1,3}(?:\.\d{3})+,\d+|0,\d+)\s*[%€]?"
)


def has_decimal_commas(cells: Iterable[str]) -> bool:
    """Tell whether commas are decimal in a column: some cell has one that cannot part thousands."""
    return any("," in cell and _DECIMAL_COMMA.fullmatch(cell) for cell in cells)


def marks(cells: list[str], options: dict[str, Labels], label: Labels, sure: bool = False) -> list[bool | None] | None:
    """Read a column of marks: True chosen, False not chosen, None empty. None where the column holds something else.

    Marks are 1/0, Y/N, ja/nee, x, "not selected" (1/2 only where labels say yes and no), or one text that stands
    wherever it was chosen (Qualtrics repeats the option's code or label). `options` are the value labels, `label` the
    label of the column; `sure` tells that the column is an option, so that one text of any kind is a mark.
    """
    values = sorted({cell for cell in cells if cell})
    if len(values) > 2:
        return None
    meanings = {value: _meaning(value, options) for value in values}
    unknown = [value for value in values if meanings[value] is None]
    if len(unknown) > 1 or (unknown and len(values) == 2 and True in meanings.values()):
        return None
    if unknown and not sure and not _may_be_mark(unknown[0], options, label):
        return None
    meanings.update(dict.fromkeys(unknown, True))
    return [meanings[cell] if cell else None for cell in cells]


def is_plain_mark(text: str) -> bool:
    """Tell whether a text says only yes or no."""
    return _meaning(text, {}) is not None


def _meaning(value: str, options: dict[str, Labels]) -> bool | None:
    for word in options.get(value, {}).values() or [value]:
        if word.casefold() in _YES or normal(word) in _YES:
            return True
        if word.casefold() in _NO or normal(word) in _NO:
            return False
    return None


def _may_be_mark(value: str, options: dict[str, Labels], label: Labels) -> bool:
    """Tell whether the only value of a column can stand for "chosen": a code, or the words of its own label."""
    words = [normal(text) for text in label.values()]
    value_words = {normal(value), *(normal(text) for text in options.get(value, {}).values())} - {""}
    return value.isdigit() or any(word and text.endswith(word) for text in words for word in value_words)


def split_joined(cell: str, known: dict[str, str]) -> list[str]:
    """Split a cell with several options; `known` maps the plain form of a code or label to its code.

    Parts are separated by ; | or a new line, else by commas: where labels hold commas themselves, the longest known
    label wins.
    """
    if not re.search(r"\w", cell):
        return [cell]
    if re.search(r"[;|\n]", cell):
        return [part.strip() for part in re.split(r"[;|\n]", cell) if part.strip()] or [cell]
    parts = [part.strip() for part in cell.split(",")]
    found: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            whole = ", ".join(parts[start:end])
            if end == start + 1 or option_of(whole, known) is not None:
                found.append(whole)
                start = end
                break
    return [part for part in found if part] or [cell]


def known_options(options: dict[str, Labels]) -> dict[str, str]:
    """Map each code, and the plain form of each label, to the code; a label that two codes share maps to neither."""
    found: dict[str, str] = {}
    doubled = set()
    for code, labels in options.items():
        for label in {normal(text) for text in labels.values() if normal(text)}:
            if found.get(label, code) != code:
                doubled.add(label)
            found[label] = code
    for label in doubled:
        del found[label]
    return {**found, **{code.casefold(): code for code in options}}


def option_of(cell: str, known: dict[str, str]) -> str | None:
    """Return the code of the option that a cell names by code or label, None where none is known."""
    for form in (cell.casefold(), cell.casefold().removesuffix(".0"), normal(cell)):
        if form in known:
            return known[form]
    return None
