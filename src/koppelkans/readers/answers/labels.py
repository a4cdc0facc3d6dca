"""What tells the columns of one question apart, and what their labels share."""

from __future__ import annotations

import re

from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.grouping import BRACKETS
from koppelkans.readers.answers.model import Column, Labels
from koppelkans.readers.grids import normal


def item_codes(names: list[str]) -> list[str]:
    """Return what tells columns of one question apart: in brackets, or what follows their common beginning.

    Q5_1, Q5_2 -> 1, 2; Q1[SQ001] -> SQ001; bekend_post, bekend_mail -> post, mail.
    """
    if len(names) == 1:
        match = BRACKETS.match(names[0])
        return [match[2] if match else names[0]]
    bracketed = [BRACKETS.match(name) for name in names]
    if all(bracketed):
        codes = [match[2] for match in bracketed if match]
    else:
        start = _shared_start(names)
        start = start[: max((start.rfind(mark) for mark in "_.- "), default=-1) + 1] or re.sub(r"\d+$", "", start)
        codes = [name[len(start) :] for name in names]
    return codes if all(codes) and len(set(codes)) == len(codes) else list(names)


def _shared_start(texts: list[str]) -> str:
    """Return the beginning that texts share."""
    shortest = min(texts, key=len)
    length = next((n for n, mark in enumerate(shortest) if any(text[n] != mark for text in texts)), len(shortest))
    return shortest[:length]


def common_label(members: list[Column]) -> Labels:
    """Return the part of the labels that columns share, in each language."""
    found = {}
    for language in members[0].label:
        texts = [column.label.get(language, "") for column in members]
        shared = _shared_start(texts)
        cut = max(shared.rfind(" - "), shared.rfind(": "), shared.rfind("? "), shared.rfind(" ["), shared.rfind(" ("))
        found[language] = shared if len(set(texts)) == 1 else shared[: cut + 1].strip(" -:[(")
    return {language: text for language, text in found.items() if text}


def item_labels(members: list[Column]) -> list[Labels]:
    """Return the labels of the columns of one question without what they share ("How? - By post" -> "By post")."""
    found: list[Labels] = [{} for _ in members]
    shared = common_label(members) if len(members) > 1 else {}
    for column, labels in zip(members, found, strict=True):
        for language, text in column.label.items():
            bracketed = BRACKETS.match(text)
            rest = bracketed[2] if bracketed else text.removeprefix(shared.get(language, "")).strip(" -:[(])?")
            labels[language] = rest or text
    return found


def _is_in(label: Labels, text: str) -> bool:
    return any(normal(words).endswith(normal(text)) for words in label.values())


def chosen_label(column: Column) -> Labels:
    """Return the words for what was chosen where they say more than yes: a value label, else the mark itself."""
    values = {cell for cell in column.cells if cell and not reading.is_plain_mark(cell)}
    if not column.options and len(values) == 1 and not (column.label and _is_in(column.label, *values)):
        text = values.pop()
        return {} if text.isdigit() else {"": text}
    telling = [
        labels
        for labels in column.options.values()
        if labels and all(reading.marks([text], {}, {"": text}) is not None for text in labels.values())
    ]
    plain = [labels for labels in telling if not reading.is_plain_mark(next(iter(labels.values())))]
    return plain[0] if len(plain) == 1 else {}
