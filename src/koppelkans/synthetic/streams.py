"""Random numbers: a stream of its own for each part, so that more of one part does not shift another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


def stream(seed: int, *part: str | int) -> np.random.Generator:
    """Return the stream of a part, such as (seed, "talk", "tenants", 3); other names give independent streams."""
    digest = hashlib.sha256("/".join(map(str, part)).encode()).digest()
    key = tuple(int.from_bytes(digest[at : at + 4], "big") for at in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def rows(seed: int, n: int, width: int, *part: str | int) -> Array:
    """Return uniform numbers, n rows by `width`; more rows leave the first ones as they are."""
    return stream(seed, *part).random((n, width))


def choices(uniform: Array, weights: Mapping[str, float]) -> pd.Series:
    """Turn uniform numbers into options with these weights."""
    edges = np.cumsum(list(weights.values())) / sum(weights.values())
    names = np.array(list(weights), dtype=object)
    return pd.Series(names[np.minimum(np.searchsorted(edges, uniform, side="right"), len(names) - 1)], dtype="str")


def one_of(generator: np.random.Generator, options: list[Any]) -> Any:
    """Return one of several, each as likely."""
    return options[int(generator.integers(len(options)))]
