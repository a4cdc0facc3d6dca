"""From a file of answers and the questions asked of it to the four tables."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.labels import chosen_label, item_labels
from koppelkans.readers.answers.model import (
    ANSWERS,
    NO_NUMBER,
    NOT_ASKED,
    OPTIONS,
    OTHER,
    QUESTIONS,
    RESPONDENT,
    Column,
    Labels,
    Question,
    Source,
)

_MOST_RANKS = 10_000
_Row = tuple[str, str, Any, Any, str, str]  # question, option, rank, value, text, missing


class _Reader:
    """Reads the answers of one question, respondent by respondent."""

    def __init__(self, question: Question, source: Source) -> None:
        self.question = question
        self.source = source
        self.columns = {code: source.columns[name] for code, name in question.columns.items()}
        self.options = _options(question, self.columns)
        self.known = reading.known_options(self.options)
        self.scale = tuple(self.options)
        self.unknown: Counter[str] = Counter()
        self.no_numbers: list[str] = []
        self.commas = {c: reading.has_decimal_commas(column.cells) for c, column in self.columns.items()}
        self.marks = {
            code: reading.marks(column.cells, column.options, column.label, sure=question.layout == "marks")
            for code, column in self.columns.items()
        }
        self.says_no = any(False in (marks or ()) for marks in self.marks.values())

    def rows(self, index: int) -> list[_Row]:
        """Return the rows of the respondent with this index."""
        rows: list[_Row] = []
        if self.question.layout in ("one", "joined"):
            (code, column), *_ = self.columns.items()
            rows = self._one(column, index, code) if self.question.layout == "one" else self._joined(column, index)
        elif self.question.layout == "marks":
            rows = self._marks(index)
        else:
            rows = self._several(index)
        return self._with_others(rows, index)

    def _row(self, option: str = "", rank: Any = None, value: Any = None, text: str = "", missing: str = "") -> _Row:
        return (self.question.name, option, rank, value, text, missing)

    def _code(self, cell: str) -> str:
        """Return the code of the option in a cell; an option that nothing told of is taken as it stands."""
        code = reading.option_of(cell, self.known)
        if code is None:
            code = OTHER if cell.strip("-").casefold() in ("oth", OTHER) else cell
            self.unknown[code] += 1
            self.options[code] = {}
            self.known[code.casefold()] = code
        return code

    def _step(self, option: str) -> float | None:
        """Return the number of a step of a scale: its code, else its place among the options."""
        numbers = {code: reading.number(code, False) for code in self.scale}
        if None not in numbers.values() or option not in numbers:
            return reading.number(option, False)
        return float(list(numbers).index(option) + 1)

    def _absent(self, index: int) -> str:
        reasons = [column.absent[index] for column in self.columns.values()]
        stated = [reason for reason in reasons if reason]
        if not stated:
            return self.source.blank_means
        return next((reason for reason in stated if reason != NOT_ASKED), NOT_ASKED)

    def _one(self, column: Column, index: int, code: str) -> list[_Row]:
        cell = column.cells[index]
        if not cell:
            return [self._row(missing=column.absent[index] or self.source.blank_means)]
        if self.question.kind == "open":
            return [self._row(text=cell)]
        value = reading.number(cell, self.commas[code])
        if self.question.kind == "number":
            if value is None:
                self.no_numbers.append(self.source.rows[index])
                return [self._row(text=cell, missing=NO_NUMBER)]
            return [self._row(value=value)]
        option = self._code(cell)
        if self.question.kind == "likert":
            return [self._row(option, value=self._step(option))]
        return [self._row(option)]

    def _joined(self, column: Column, index: int) -> list[_Row]:
        if not column.cells[index]:
            return [self._row(missing=column.absent[index] or self.source.blank_means)]
        codes = [self._code(part) for part in reading.split_joined(column.cells[index], self.known)]
        ranked = self.question.kind == "ranking"
        return [
            self._row(code, rank=place if ranked else None) for place, code in enumerate(dict.fromkeys(codes), start=1)
        ]

    def _marks(self, index: int) -> list[_Row]:
        chosen = []
        told = False
        for code, column in self.columns.items():
            column_marks = self.marks[code]
            mark = bool(column.cells[index]) or None if column_marks is None else column_marks[index]
            told = told or mark is not None
            if mark:
                chosen.append(self._row(code))
        if chosen:
            return chosen
        if told:
            return [self._row()]
        stated = [column.absent[index] for column in self.columns.values() if column.absent[index]]
        if self.says_no and not stated:
            return [self._row(missing=NOT_ASKED)]
        return [self._row(missing=self._absent(index))]

    def _several(self, index: int) -> list[_Row]:
        rows = []
        for place, (code, column) in enumerate(self.columns.items(), start=1):
            cell = column.cells[index]
            if not cell:
                continue
            if self.question.layout == "ranks":
                rank = reading.number(cell, False)
                if rank is None or not rank.is_integer() or not 1 <= rank <= _MOST_RANKS:
                    if rank != 0:  # 0 is how some programs write "not ranked"
                        self.no_numbers.append(self.source.rows[index])
                        rows.append(self._row(code, text=cell, missing=NO_NUMBER))
                    continue
                rows.append(self._row(code, rank=int(rank)))
            else:
                rows.append(self._row(self._code(cell), rank=place if self.question.layout == "places" else None))
        if rows:
            return sorted(dict.fromkeys(rows), key=lambda row: row[2] or len(rows) + 1)
        return [self._row(missing=self._absent(index))]

    def _with_others(self, rows: list[_Row], index: int) -> list[_Row]:
        """Add the words that a respondent gave with an option."""
        for option, name in self.question.others.items():
            words = self.source.columns[name].cells[index]
            if not words:
                continue
            if self.question.layout == "one" and (rows[0][1] or not rows[0][5] or rows[0][4]):
                rows = [(*rows[0][:4], "; ".join(filter(None, (rows[0][4], words))), rows[0][5])]
                continue  # who chose one option typed the words with that one
            self.options.setdefault(option, {})
            if any(row[1] == option for row in rows):
                rows = [(*row[:4], words, row[5]) if row[1] == option else row for row in rows]
            else:
                rows = [row for row in rows if row[1]] + [self._row(option, text=words)]
        return rows


def _options(question: Question, columns: dict[str, Column]) -> dict[str, Labels]:
    """Return the options of a question in order: as mapped, else as its columns have them."""
    found: dict[str, Labels] = {}
    if question.kind in ("open", "number"):
        return found
    if question.layout in ("marks", "ranks"):
        items = item_labels(list(columns.values()))
        for (code, column), label in zip(columns.items(), items, strict=True):
            words = chosen_label(column) if question.layout == "marks" else {}
            found[code] = question.options.get(code) or words or label
    else:
        for column in columns.values():
            for code, labels in column.options.items():
                found.setdefault(code, labels)
        if question.options:
            named = {**{code: {**found.get(code, {}), **labels} for code, labels in question.options.items()}}
            found = {**named, **{code: labels for code, labels in found.items() if code not in named}}
    for code in question.others if question.layout != "one" else ():
        found.setdefault(code, question.options.get(code, {}))
    return found


def _in_order(reader: _Reader) -> list[tuple[str, Labels]]:
    """Return the options in the order that was given; numbers that nothing told of, by size."""
    numbers = {code: reading.number(code, False) for code in reader.options}
    if reader.scale or None in numbers.values():
        return list(reader.options.items())
    return sorted(reader.options.items(), key=lambda option: numbers[option[0]] or 0.0)


def both_languages(labels: Labels) -> tuple[str, str]:
    """Return a label in Dutch and in English; what only one language has serves for both."""
    any_label = next((text for text in labels.values() if text), "")
    unknown = labels.get("", "")
    dutch = labels.get("nl") or unknown or labels.get("en") or any_label
    return dutch, labels.get("en") or unknown or labels.get("nl") or any_label


def build_tables(
    source: Source, questions: list[Question], respondents: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, list[str]]:
    """Return answers, questions, options, and warnings on cells that did not fit.

    `respondents` are the keys, one for each row of the source.
    """
    readers = [_Reader(question, source) for question in questions]
    rows = [(key, *row) for index, key in enumerate(respondents) for reader in readers for row in reader.rows(index)]
    answers = pd.DataFrame(rows, columns=list(ANSWERS)).astype(
        dict.fromkeys((RESPONDENT, "question", "option", "text", "missing"), "str")
        | {"rank": "Int64", "value": "Float64"}
    )
    asked = pd.DataFrame(
        [(q.name, q.kind, q.construct, *both_languages(q.label)) for q in questions], columns=list(QUESTIONS)
    ).astype("str")
    options = pd.DataFrame(
        [
            (reader.question.name, code, order, *(label or code for label in both_languages(labels)))
            for reader in readers
            for order, (code, labels) in enumerate(_in_order(reader), start=1)
        ],
        columns=list(OPTIONS),
    ).astype({name: "str" for name in OPTIONS if name != "order"} | {"order": "Int64"})
    return answers, asked, options, [line for reader in readers for line in _complaints(reader)]


def _complaints(reader: _Reader) -> list[str]:
    lines = []
    question = reader.question
    strange = [code for code in reader.unknown if code != OTHER]
    if strange and (question.options or len(reader.options) > len(strange)):
        shown = ", ".join(f"{code!r}" for code in sorted(strange)[:5]) + (", ..." if len(strange) > 5 else "")
        lines.append(f"question {question.name}: found {shown}, which is none of its options; kept as it stands")
    if reader.no_numbers:
        shown = ", ".join(reader.no_numbers[:5]) + (", ..." if len(reader.no_numbers) > 5 else "")
        lines.append(
            f"question {question.name}: {by_number(len(reader.no_numbers), 'cell holds', 'cells hold')} "
            f"no number ({shown})"
        )
    ambiguous = question.layout == "marks" and not reader.says_no
    if ambiguous and any(
        not any(column.cells[i] or column.absent[i] for column in reader.columns.values())
        for i in range(len(reader.source.rows))
    ):
        lines.append(
            f"question {question.name}: the file marks only what was chosen, so it cannot tell those who chose nothing "
            f"from those who were not asked; read as {reader.source.blank_means}"
        )
    return lines
