"""Codes that stand for no answer: "0: n.v.t.", "99: weet niet"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.model import Column, Labels
from koppelkans.readers.grids import normal

_WORDS = {
    "n v t", "nvt", "niet van toepassing", "weet niet", "weet ik niet", "weet het niet", "geen antwoord", "geen opgave",
    "wil niet zeggen", "wil ik niet zeggen", "geweigerd", "onbekend", "n a", "na", "not applicable", "don t know",
    "do not know", "dk", "refused", "no answer", "unknown", "prefer not to say", "missing", "ontbrekend",
}  # fmt: skip


def missing_codes(stated: Any, where: str) -> dict[str, str]:
    """Return code or words of a cell -> reason ("" where none was given), of `missing: [0]` or `missing: {0: n.v.t.}`.

    Raises KoppelkansError where it is neither.
    """
    if not stated and stated != 0:
        return {}
    if isinstance(stated, str | int | float) and not isinstance(stated, bool):
        stated = [stated]
    if isinstance(stated, Mapping):
        pairs = {str(code): reason for code, reason in stated.items()}
        if all(isinstance(reason, str | int | float) or reason is None for reason in pairs.values()):
            return {code: "" if reason is None else str(reason) for code, reason in pairs.items()}
    elif isinstance(stated, list) and not any(isinstance(code, list | Mapping) for code in stated):
        return {str(code): "" for code in stated}
    raise KoppelkansError(f"{where}: missing: found {stated!r}, expected codes such as [0, 99] or {{0: n.v.t.}}")


def without_codes(column: Column, reasons: Mapping[str, str]) -> Column:
    """Return a column with cells of these codes (or words) empty, and the reason beside them.

    The reason is the one given, else the label of the code, else the code.
    """
    if not reasons:
        return column
    known = reading.known_options(column.options)
    by_code = {reading.option_of(code, known) or code.casefold(): (code, reason) for code, reason in reasons.items()}
    by_code |= {normal(code): (code, reason) for code, reason in reasons.items() if normal(code)}
    cells, absent = [], []
    for cell, why in zip(column.cells, column.absent, strict=True):
        forms = (reading.option_of(cell, known), cell.casefold().removesuffix(".0"), normal(cell))
        match = next((by_code[one] for one in forms if one in by_code), None) if cell else None
        if match:
            label = next(iter(column.options.get(cell, column.options.get(match[0], {})).values()), "")
            why = match[1] or label or match[0]
        cells.append("" if match else cell)
        absent.append(why)
    gone = {code for code in column.options if code in by_code or normal(code) in by_code}
    return replace(
        column,
        cells=cells,
        absent=absent,
        options={code: ls for code, ls in column.options.items() if code not in gone},
    )


def is_marked_with_0_and_1(column: Column) -> bool:
    """Tell whether 0 says "not chosen" in a column: it holds 0 and 1 alone, and no label says that 0 is no answer."""
    return set(column.cells) - {""} == {"0", "1"} and not sounds_missing(column.options.get("0", {}))


def sounds_missing(labels: Labels) -> bool:
    """Tell whether the words of a code say that there is no answer."""
    return any(normal(text) in _WORDS for text in labels.values())
