"""Find Dutch names and places with deduce, where it is installed (the extra `names`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

_KINDS = {"persoon": "name", "patient": "name", "locatie": "place", "instelling": "place", "ziekenhuis": "place"}

Finder = Callable[[str], Iterator[tuple[str, int, int]]]


def is_available() -> bool:
    """Tell whether deduce is installed."""
    return find_spec("deduce") is not None


def finder() -> Finder:
    """Return a function from a text to the names and places in it: (kind, start, end), code points, end exclusive.

    The first call of deduce takes some seconds: it builds its lists of names. Raises ModuleNotFoundError without it.
    """
    import logging

    from deduce import Deduce

    logging.getLogger().setLevel(logging.WARNING)  # it tells of its waiting in English; the command says so itself
    program = Deduce()

    def find(text: str) -> Iterator[tuple[str, int, int]]:
        for annotation in program.deidentify(text).annotations:
            if annotation.tag in _KINDS:
                yield _KINDS[annotation.tag], annotation.start_char, annotation.end_char

    return find
