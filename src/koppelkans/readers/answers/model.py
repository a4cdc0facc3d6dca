"""What readers of answers share: the columns of a file, the questions asked of them, and the tables that result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

KINDS = ("single", "multiple", "ranking", "likert", "open", "number")
RESPONDENT = "respondent"
ANSWERS = (RESPONDENT, "question", "option", "rank", "value", "text", "missing")
QUESTIONS = ("question", "kind", "construct", "label_nl", "label_en")
OPTIONS = ("question", "option", "order", "label_nl", "label_en")

NOT_ASKED = "not-asked"
NO_ANSWER = "no-answer"
NO_NUMBER = "no-number"
OTHER = "other"
"""The code of the option that a respondent words himself."""

Labels = dict[str, str]
"""Language (nl, en, another, or "" for unknown) -> text."""


@dataclass(frozen=True)
class Answers:
    """Answers of respondents to questions.

    respondents: respondent (key) and one column for each attribute (text, "" where not given).
    answers: respondent, question, option (code, "" where none), rank (Int64; 1 is first), value (Float64; the number,
        or the code of a Likert option), text (open text, or the words with "other"), missing ("" for a given answer,
        else why not: not-asked, no-answer, no-number, or the label of a user-missing value). A single choice, number
        or open answer takes one row; a multiple choice a row for each chosen option; a ranking a row for each ranked
        option. Who was asked a multiple choice and chose nothing has one row with option "" and missing "". Every
        respondent has at least one row for every question.
    questions: question, kind (one of KINDS), construct, label_nl, label_en.
    options: question, option, order (from 1), label_nl, label_en.
    report: what was read and how, ready for JSON.
    """

    respondents: pd.DataFrame
    answers: pd.DataFrame
    questions: pd.DataFrame
    options: pd.DataFrame
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a file of answers: cells as text, and why a cell is empty where the file says so.

    options: code -> labels, for columns whose cells are codes. absent: one reason a cell, "" where the cell was given
    or nothing is known. is_text: the file says that the cells are free text; is_scale: that they are steps of a scale;
    is_number: that they are measured; is_choice: that whole numbers in it are codes of options; is_date: that they are
    days or times.
    """

    name: str
    label: Labels
    cells: list[str]
    absent: list[str]
    options: dict[str, Labels] = field(default_factory=dict)
    is_text: bool = False
    is_scale: bool = False
    is_number: bool = False
    is_choice: bool = False
    is_date: bool = False


@dataclass
class Described:
    """What a sheet of questions says of a column or question: text, options, and code -> reason of no answer."""

    label: Labels = field(default_factory=dict)
    options: dict[str, Labels] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A question and the columns that hold its answers.

    columns: code of an option or item -> column; a question of one column has the code "". layout: how the cells are to
    be read, one of LAYOUTS. others: code of an option -> column with the words that go with it.
    """

    name: str
    kind: str
    layout: str
    columns: dict[str, str]
    construct: str = ""
    label: Labels = field(default_factory=dict)
    options: dict[str, Labels] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


LAYOUTS = (
    "one",  # one column, one answer
    "marks",  # a column for each option, with a mark where it was chosen
    "mentions",  # columns for the first, second, ... answer, with codes of options
    "joined",  # one column, codes of all chosen options in one cell
    "ranks",  # a column for each option, with its rank
    "places",  # columns for the first, second, ... place, with codes of options
)


@dataclass
class Source:
    """A file of answers as it was read, before questions are made of it.

    rows: where each row stands, as errors name it. proposals: questions that the file itself tells of.
    respondent: the column that the program numbers respondents with, "" where it has none. width: how many columns
    stand in the file; cells: how many cells with something in them, below the header, of which `filled` in each column
    that is read; previews: rows that are no answers. structure and codebook: what told of the questions. left_out:
    columns that hold no answers -> why. skipped: what else was left out.
    """

    file: str
    program: str
    why: str
    columns: dict[str, Column]
    rows: list[str]
    version: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    respondent: str = ""
    width: int = 0
    cells: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    previews: int = 0
    structure: str = ""
    codebook: dict[str, Described] = field(default_factory=dict)
    proposals: list[Question] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    blank_means: str = NO_ANSWER
    """What an empty cell means where nothing else is known."""
