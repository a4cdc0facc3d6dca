"""The respondents of a synthetic neighbourhood, with what is known of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from koppelkans.synthetic.streams import choices, rows
from koppelkans.synthetic.truth import PARTNERS, RESIDENTS, Truth

ATTRIBUTES = ("tenure", "age_group", "household", "years", "language")
_TENURE = {"tenants": "huur", "homeowners": "koop"}
_KEYS = {"tenants": "huurder", "homeowners": "eigenaar", PARTNERS: "deelnemer"}


def key(group: str, number: int) -> str:
    """Return the pseudonym of somebody, such as "huurder-0003"."""
    return f"{_KEYS[group]}-{number:04d}"


def sizes(total: int, homeowners: float) -> dict[str, int]:
    """Return how many of two or more people are in each group of residents: at least one."""
    owners = min(max(round(total * homeowners), 1), total - 1)
    return {"tenants": total - owners, "homeowners": owners}


def residents(truth: Truth, number: int, seed: int) -> pd.DataFrame:
    """Draw respondents: respondent, group, number (from 1 within the group) and ATTRIBUTES (years as a whole number).

    A larger number begins with the same people.
    """
    people = truth.people
    parts = []
    for group, n in sizes(number, people.homeowners).items():
        drawn = rows(seed, n, 4, "people", group)
        years = np.floor(-people.mean_years[group] * np.log1p(-drawn[:, 3])).astype(int)
        parts.append(
            pd.DataFrame(
                {
                    "respondent": [key(group, one) for one in range(1, n + 1)],
                    "group": group,
                    "number": range(1, n + 1),
                    "tenure": _TENURE[group],
                    "age_group": choices(drawn[:, 0], people.age_group[group]),
                    "household": choices(drawn[:, 1], people.household[group]),
                    "years": np.minimum(years, 60),
                    "language": choices(drawn[:, 2], people.language[group]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def interviewed(truth: Truth, number: int) -> pd.DataFrame:
    """List the interviews with residents in the order in which they were held: respondent, group, number.

    They are the first of each group, so that interviews and answers of the same people can be joined.
    """
    per_group = sizes(number, truth.people.interviewed_homeowners)
    people = [(key(group, one), group, one) for group in RESIDENTS for one in range(1, per_group[group] + 1)]
    return pd.DataFrame(people, columns=["respondent", "group", "number"])


def partners(truth: Truth) -> pd.DataFrame:
    """List the interviews for the evaluation, as `interviewed` does."""
    people = [(key(PARTNERS, one), PARTNERS, one) for one in range(1, truth.interviews.partners + 1)]
    return pd.DataFrame(people, columns=["respondent", "group", "number"])
