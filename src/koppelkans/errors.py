"""Errors that a user can mend; their text is one clear line that is printed without a traceback."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Collection, Iterable

MOST_LISTED = 20
"""How many problems of one file are listed; the rest are counted."""


class KoppelkansError(Exception):
    """Something in the user's files or commands is wrong; the message says what, where and what to do."""


class Interrupted(KoppelkansError):
    """The user stopped it."""


class InvalidTable(KoppelkansError):
    """One or more rows of a table break its rules.

    `problems` holds one line for each of the first 20 of a file, and then one line that counts the rest.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = _first_of_each_file(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[InvalidTable], tuple[list[str]]]:
        """Let another process give it back whole."""
        return type(self), (self.problems,)


def _first_of_each_file(problems: list[str]) -> list[str]:
    """Keep the first problems of each file; the lines of one file begin with its name and a comma."""
    by_file: dict[str, list[str]] = {}
    for problem in problems:
        by_file.setdefault(problem.partition(", ")[0], []).append(problem)
    kept: list[str] = []
    for file, lines in by_file.items():
        kept += lines[:MOST_LISTED]
        if len(lines) > MOST_LISTED:
            kept.append(f"and {len(lines) - MOST_LISTED:,} more in {file}")
    return kept


def by_number(n: int, one: str, more: str) -> str:
    """Return the words for one, or those for another number, behind it: "1 row has", "3 rows have"."""
    return f"{n:,} {one if n == 1 else more}"


def nearest(word: str, options: Iterable[str]) -> str:
    """Name the option that a word was probably meant to be, as the end of a line that says what is expected."""
    near = difflib.get_close_matches(word, list(options), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def not_known(key: object, known: Collection[str]) -> str:
    """Say that a key of a setting is not known, and which are."""
    return f"{key!r} is not known; expected {', '.join(known)}{nearest(str(key), known)}"


def why_unreadable(error: OSError) -> str:
    """Say why the system does not give a file, and what to do, as the end of a line that names the file."""
    if isinstance(error, FileNotFoundError):
        return "no such file; put it there or take its name out"
    if isinstance(error, IsADirectoryError):
        return "found a folder, expected a file; put the file itself there"
    if isinstance(error, PermissionError):
        return "it may not be read; give yourself the right to read it"
    if error.errno == errno.ELOOP:
        return "found a link that leads back to itself, expected a file; put the file itself there"
    return f"it cannot be read ({error.strerror or error}); see whether it opens elsewhere"
