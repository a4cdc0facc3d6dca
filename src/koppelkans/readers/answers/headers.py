"""The names of the columns of a table of answers: each one of its own."""

from __future__ import annotations

from collections.abc import Sequence


def apart(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return names that are all different, and a note for each that stood there more than once.

    Q3, Q3 -> Q3, "Q3 (2)": a program that writes one name twice means two questions. Empty names stay empty.
    """
    taken: set[str] = set()
    given: list[str] = []
    for name in names:
        number, free = 1, name
        while name and (free in taken or (number > 1 and free in names)):
            number += 1
            free = f"{name} ({number})"
        taken.add(free)
        given.append(free)
    notes = []
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        places = [place for place, other in enumerate(names) if other == name]
        as_named = ", ".join(repr(given[place]) for place in places[1:])
        columns = " and ".join(str(place + 1) for place in places)
        notes.append(f"the header {name!r} stands in columns {columns}; the later ones are read as {as_named}")
    return given, notes


def without_header(names: Sequence[str], columns: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the columns that hold something and have no name -> why they are left out."""
    return {
        f"column {place + 1}": "it has no header"
        for place, name in enumerate(names)
        if not name and any(columns[place])
    }
