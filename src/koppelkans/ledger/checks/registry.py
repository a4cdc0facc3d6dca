"""The registry of checks: a check is a small pure function with typed arguments, named in the table claims.

    @check("count")
    def count(tables: Tables, *, table: str, where: Texts = (), expect: int) -> Result: ...

In claims.csv: `check` is its name, `check_args` its arguments as `key=value; key=value`, a list with commas between its
values. Nothing is evaluated: values are read by the annotations of the function and by nothing else.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Any, Literal, get_type_hints

import pandas as pd

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.locale import N_, words

Tables = dict[str, pd.DataFrame]
Words = dict[str, str]
"""A text in each of LEDGER_LANGUAGES: {nl, en}."""
Texts = tuple[str, ...]
"""A list argument of a check."""
Compares = Literal["data", "places", "words"]
"""What a check lays beside a statement: rows that it counts, another place that says the same, or words that occur."""

LEDGER_LANGUAGES = ("nl", "en")
"""The languages of which the ledger has columns."""
MAX_ANCHOR_WORDS = 6
_NOT_RUN = N_("The check could not run: this study has no table {name}.")


class WrongArgument(KoppelkansError):
    """An argument of a check names something that is not in the tables, or that the check cannot use."""

    def __init__(self, name: str, found: str, expected: str) -> None:
        self.name, self.found, self.expected = name, found, expected
        super().__init__(f"argument {name}: found {found!r}, expected {expected}")


class MissingTable(KoppelkansError):
    """A check asks for a table that this study does not have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"this study has no table {name!r}")


@dataclass(frozen=True)
class Read:
    """What a check looked at: rows (index labels) of a table; `column` is "" where only their number counts."""

    table: str
    column: str
    rows: tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes: `agrees` (None: it cannot tell), `found` and `expected` (as text), `evidence` (one sentence in both
    languages), `low`, `high`, `n` (people or rows, where words or rows leave a range), `bounds` (whether that range is
    the answer), `against` (report: other published data; companion: another public page; field: data of people),
    `verdict` (with field data: supported, contradicted, undecided; of another page: agrees, differs, in-part, adds),
    `data_set` (the data set that would settle it, where none is named in the claim), `reads` (what it looked at),
    `notebook` and `figure` (where that is shown).
    """

    agrees: bool | None
    found: str
    expected: str
    evidence: Words
    reads: tuple[Read, ...] = ()
    bounds: bool = False
    low: int | None = None
    high: int | None = None
    n: int | None = None
    against: Literal["report", "companion", "field"] = "report"
    verdict: str = ""
    data_set: str = ""
    notebook: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Check:
    """A named check: its function, and the annotation and default of each of its arguments."""

    name: str
    run: Callable[..., Result]
    arguments: dict[str, inspect.Parameter] = field(repr=False)
    types: dict[str, Any] = field(repr=False)
    compares: Compares

    @property
    def required(self) -> list[str]:
        """Names of the arguments that have no default."""
        return [name for name, argument in self.arguments.items() if argument.default is inspect.Parameter.empty]


CHECKS: dict[str, Check] = {}


def check(name: str, compares: Compares = "data") -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Put a function into the registry under a name. Its first parameter takes the tables, the others are keywords."""

    def register(function: Callable[..., Result]) -> Callable[..., Result]:
        if name in CHECKS:
            raise ValueError(f"there is a check {name!r} already")
        parameters = list(inspect.signature(function).parameters.values())[1:]
        types = get_type_hints(function)
        CHECKS[name] = Check(
            name, function, {p.name: p for p in parameters}, {p.name: types[p.name] for p in parameters}, compares
        )
        return function

    return register


def _near(word: str, options: list[str]) -> str:
    near = difflib.get_close_matches(word, options, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


@cache
def _reader(check_name: str, argument: str) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(CHECKS[check_name].types[argument])


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) in (list, tuple)


def _shown_type(annotation: Any) -> str:
    if isinstance(annotation, UnionType):
        annotation = annotation.__args__[0]  # int | None is a whole number, where it is given
    if annotation is int:
        return "a whole number"
    if annotation is float:
        return "a number"
    if annotation is bool:
        return "yes or no"
    if _is_list(annotation):
        return "values with , between them"
    options = getattr(annotation, "__args__", ())
    return f"one of {', '.join(map(str, options))}" if options else "a text"


def read_arguments(name: str, text: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Read `check_args` for the check `name`: the arguments, and what is wrong as (found, expected).

    Raises KeyError for an unknown check.
    """
    entry = CHECKS[name]
    known = list(entry.arguments)
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            problems.append((repr(part), "arguments as key=value; key=value"))
        elif key not in known:
            problems.append((f"argument {key!r}", f"one of {', '.join(known)}{_near(key, known)}"))
        elif key in values:
            problems.append((f"argument {key!r} again", "each argument only once"))
        else:
            values[key] = value
    for key in set(entry.required) - set(values):
        problems.append((f"no argument {key!r}", f"{key}={_shown_type(entry.types[key])}"))
    read: dict[str, Any] = {}
    for key, value in values.items():
        annotation = entry.types[key]
        raw = [piece.strip() for piece in value.split(",")] if _is_list(annotation) else value
        try:
            read[key] = _reader(name, key).validate_python(raw)
        except ValueError:
            problems.append((f"{key}={value}", f"{key} to be {_shown_type(annotation)}"))
    return read, problems


def run_check(tables: Tables, name: str, text: str) -> Result:
    """Run a check with its arguments as text. Raises WrongArgument or KeyError where `check_problems` would object."""
    arguments, problems = read_arguments(name, text)
    if problems:
        raise WrongArgument("check_args", *problems[0])
    try:
        return CHECKS[name].run(tables, **arguments)
    except MissingTable as error:
        why = {language: words(language).gettext(_NOT_RUN).format(name=error.name) for language in LEDGER_LANGUAGES}
        return Result(None, "", "", why)


def wrong_check(row: Any, tables: Tables | None) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the check of a row (check, check_args): column, what was found, what was expected.

    With `tables` the check is also run.
    """
    if not row.check:
        if row.check_args:
            yield "check_args", repr(row.check_args), "an empty cell, since there is no check"
        return
    if row.check not in CHECKS:
        yield "check", repr(row.check), f"one of {', '.join(sorted(CHECKS))}{_near(row.check, list(CHECKS))}"
        return
    _, problems = read_arguments(row.check, row.check_args)
    for found, expected in problems:
        yield "check_args", found, f"{expected} (check {row.check})"
    if not problems and tables is not None:
        try:
            run_check(tables, row.check, row.check_args)
        except WrongArgument as error:
            yield "check_args", f"{error.name}={error.found}", error.expected


def check_problems(claims: pd.DataFrame, tables: Tables | None = None, file: str = "claims.csv") -> list[str]:
    """Return what is wrong with the ids, anchors and checks of the claims, one line each (file, row, column).

    `claims` is indexed by row number in the file, or from 0. With `tables` each check is also run, so that a table,
    column, fact or quantifier that does not exist is found.
    """
    problems: list[str] = []
    first = 2 if len(claims) and claims.index[0] == 0 else 0
    seen: set[str] = set()
    rows: list[Any] = list(claims.itertuples())
    for row in rows:
        place = f"{file}, row {row.Index + first}, column"
        if row.id in seen:
            problems.append(f"{place} id: found {row.id!r} again, expected each only once")
        seen.add(row.id)
        length = len(row.anchor.split())
        if length > MAX_ANCHOR_WORDS:
            problems.append(f"{place} anchor: found {length} words, expected at most {MAX_ANCHOR_WORDS} words")
        problems += [
            f"{place} {column}: found {was}, expected {expected}" for column, was, expected in wrong_check(row, tables)
        ]
    return problems


def require_sound(claims: pd.DataFrame, tables: Tables | None = None, file: str = "claims.csv") -> None:
    """Raise InvalidTable with the lines of `check_problems` where there are any."""
    problems = check_problems(claims, tables, file)
    if problems:
        raise InvalidTable(problems)
