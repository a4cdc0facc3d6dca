"""Weights that bring respondents in line with known margins of the people they are part of: raking."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

_ROUNDS = 500
_CLOSE = 1e-9


def raked(people: pd.DataFrame, margins: Mapping[str, Mapping[str, float]]) -> pd.Series:
    """Return a weight for each person (mean 1) at which every attribute has the shares that `margins` says.

    Iterative proportional fitting (Deming & Stephan 1940): the weights of each category are multiplied to its share,
    attribute by attribute, until all are met. No package at hand has it. `people`: one row a person, a column an
    attribute, without missing values. Raises ValueError for a category that one side has and the other does not, and
    where the margins cannot be met together.
    """
    weights = np.ones(len(people))
    codes, wanted = [], []
    for attribute, sizes in margins.items():
        values = list(sizes)
        place = pd.Categorical(people[attribute], categories=values).codes
        for value in [*values, *people[attribute].unique()]:
            if value not in sizes or not (people[attribute] == value).any():
                raise ValueError(f"{attribute}: {value!r} is in one of respondents and margins only")
        codes.append(place)
        wanted.append(np.array([sizes[value] for value in values]) / sum(sizes.values()) * len(people))
    for _ in range(_ROUNDS):
        far = 0.0
        for place, sizes_wanted in zip(codes, wanted, strict=True):
            factors = sizes_wanted / np.bincount(place, weights)
            weights, far = weights * factors[place], max(far, float(np.abs(factors - 1).max()))
        if far < _CLOSE:
            return pd.Series(weights, index=people.index)
    raise ValueError("the margins cannot be met together by these respondents")
