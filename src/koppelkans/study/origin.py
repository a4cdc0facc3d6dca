"""Where rows come from: every table carries its origin, and what is computed from tables carries theirs on.

Origins: published (a fact of a study), bounds (what published words force), collected (field data) and synthetic (made
by our own code). They are never mixed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, ParamSpec, TypeVar

import pandas as pd

ORIGINS = ("published", "bounds", "collected", "synthetic")
SEVERAL = " + "
"""Between the origins of what sets several studies side by side; each of its rows has its own."""

P = ParamSpec("P")
R = TypeVar("R")


def _frames(value: Any) -> Iterator[pd.DataFrame]:
    """Yield the tables in a value: itself, or those in the fields of a dataclass and in lists, tuples and dicts."""
    if isinstance(value, pd.DataFrame):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _frames(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from _frames(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _frames(part)


def origin_of(*values: Any) -> str | None:
    """Return the one origin of the rows of some tables, or None where none of them says.

    A table says so in `attrs["origin"]` or else in its column `origin`; a table without rows does not count. What
    follows from published facts and bounds together is bounds.
    Raises ValueError where rows of different origins come together.
    """
    origins: set[str] = set()
    for frame in _frames(list(values)):
        if frame.empty:
            continue
        if "origin" in frame.attrs:
            origins.add(frame.attrs["origin"])
        elif "origin" in frame.columns:
            origins |= set(frame["origin"].unique())
    if origins == {"published", "bounds"}:
        return "bounds"
    if len(origins) > 1:
        raise ValueError(f"rows of origin {' and '.join(sorted(origins))} cannot be put together")
    return next(iter(origins), None)


def origins_of(table: pd.DataFrame) -> str | None:
    """Return the origins of rows of several studies (columns study and origin), joined; None for another table."""
    if not {"study", "origin"} <= set(table.columns):
        return None
    return joined(set(table["origin"]))


def joined(origins: set[str]) -> str:
    """Join origins, in the order of ORIGINS; published for none."""
    return SEVERAL.join(one for one in ORIGINS if one in origins) or ORIGINS[0]


def with_origin(value: R, origin: str | None) -> R:
    """Write an origin on every table in a value, and return the value."""
    for frame in _frames(value):
        if origin is not None:
            frame.attrs["origin"] = origin
    return value


def carries_origin(function: Callable[P, R]) -> Callable[P, R]:
    """Let what an analysis returns carry the origin of the tables that it was given.

    Raises ValueError, when called, for tables of different origins.
    """

    @functools.wraps(function)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        return with_origin(function(*args, **kwargs), origin_of(*args, *kwargs.values()))

    return carried


def bounds_of_words(function: Callable[P, R]) -> Callable[P, R]:
    """Carry the origin on as `carries_origin` does, where published words become what they bound."""

    @functools.wraps(function)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        origin = origin_of(*args, *kwargs.values())
        return with_origin(function(*args, **kwargs), "bounds" if origin == "published" else origin)

    return carried
