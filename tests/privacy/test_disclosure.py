from __future__ import annotations

import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.privacy import disclosure

PEOPLE = pd.DataFrame(
    {
        "respondent": [f"r{number}" for number in range(12)],
        "tenure": ["rent"] * 6 + ["own"] * 6,
        "age": ["old"] * 5 + ["young"] * 7,
    }
)


def test_combinations_of_traits_that_few_share_are_named() -> None:
    table = disclosure.k_anonymity(PEOPLE, ["tenure", "age"])
    assert table[["tenure", "age", "respondents", "below_k"]].to_numpy().tolist() == [
        ["rent", "young", 1, True],
        ["rent", "old", 5, False],
        ["own", "young", 6, False],
    ]
    risky = disclosure.risky_combinations(PEOPLE, ["tenure", "age"])
    assert risky.loc[0, ["attributes", "smallest", "respondents_below"]].tolist() == ["tenure + age", 1, 1]
    assert risky.loc[1:, "respondents_below"].tolist() == [0, 0]
    assert disclosure.k_anonymity(PEOPLE.iloc[:0], ["age"]).empty
    with pytest.raises(KoppelkansError, match="no column 'income'"):
        disclosure.k_anonymity(PEOPLE, ["income"])
