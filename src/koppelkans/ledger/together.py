"""Which sizes sets of people can have together, when words allow a range for each and some sets hang together.

Sets are out of the same n people: the same people, some among others, apart from each other. Which sizes are possible
together is found by adding the n people one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from koppelkans.strands.quantifiers import feasible_counts

LARGEST_N = 60
"""How far a smallest n is looked for where n was not published."""

_ALLOWED: dict[str, Callable[[int, int], bool]] = {
    "same": lambda first, second: first == second,
    "within": lambda first, second: first <= second,
    "apart": lambda first, second: not (first and second),
}


@dataclass(frozen=True)
class Relation:
    """How two sets of people hang together: first is the `same` as second, `within` it, or `apart` from it."""

    kind: str
    first: str
    second: str


def parse_relations(text: str) -> list[Relation]:
    """Read relations such as "Q-02 same Q-01, Q-28 within Q-27, Q-53 apart Q-52" (see `Relation`).

    Raises ValueError for a part that does not have this form.
    """
    relations = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(\S+)\s+(same|within|apart)\s+(\S+)", part)
        if match is None:
            raise ValueError(f"relation {part!r}: expected two ids with same, within or apart between them")
        relations.append(Relation(match[2], match[1], match[3]))
    return relations


def solve(allowed: Mapping[str, range], relations: Sequence[Relation], n: int) -> list[dict[str, int]]:
    """Find all sizes that the sets of people can have together.

    Exact: every way to put a person in or out of each set is considered.

    Parameters
    ----------
    allowed
        Id of a set -> the sizes that the words allow for it.
    relations
        How sets hang together; each relation is between two of these ids.
    n
        How many people there are.

    Returns
    -------
    list of dict
        Id -> size, one for each combination that n people can make up, in order; empty where the words exclude each
        other.
    """
    ids = list(allowed)
    place = {name: position for position, name in enumerate(ids)}
    kinds_of_person = [
        inside
        for inside in product((0, 1), repeat=len(ids))
        if all(_ALLOWED[r.kind](inside[place[r.first]], inside[place[r.second]]) for r in relations)
    ]
    reached = {(0,) * len(ids)}
    for _ in range(n):
        reached = {
            tuple(a + b for a, b in zip(sizes, person, strict=True)) for sizes in reached for person in kinds_of_person
        }
    fitting = (
        sizes for sizes in sorted(reached) if all(size in allowed[name] for name, size in zip(ids, sizes, strict=True))
    )
    return [dict(zip(ids, sizes, strict=True)) for sizes in fitting]


def smallest_n(rules: Mapping[str, str], relations: Sequence[Relation]) -> int | None:
    """Return the smallest number of people of whom all statements can be true (id -> rule); None if none is found.

    Looks up to LARGEST_N.
    """
    for n in range(1, LARGEST_N + 1):
        if solve({name: feasible_counts(rule, n) for name, rule in rules.items()}, relations, n):
            return n
    return None
