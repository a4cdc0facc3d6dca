"""Partial pooling: against a published example, at its limits, and on groups whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.pooling import Pooled, partially_pooled

RATS = (
    *((0, 20) for _ in range(7)), *((0, 19) for _ in range(4)), (0, 18), (0, 18), (0, 17),
    *((1, 20) for _ in range(4)), (1, 19), (1, 19), (1, 18), (1, 18), (2, 25), (2, 24), (2, 23),
    *((2, 20) for _ in range(6)), (1, 10), (5, 49), (2, 19), (5, 46), (3, 27), (2, 17), (7, 49), (7, 47), (3, 20),
    (3, 20), (2, 13), (9, 48), (10, 50), *((4, 20) for _ in range(7)), (10, 48), (4, 19), (4, 19), (4, 19), (5, 22),
    (11, 46), (12, 49), (5, 20), (5, 20), (6, 23), (5, 19), (6, 22), (6, 20), (6, 20), (6, 20), (16, 52), (15, 47),
    (15, 46), (9, 24), (4, 14),
)  # fmt: skip
"""Rats with a tumour in 71 experiments (Tarone 1982), as Gelman et al. use them."""


def pooled(successes: list[int], people: list[int]) -> Pooled:
    result = partially_pooled(successes, people)
    assert isinstance(result, Pooled)
    return result


def test_the_rat_tumours_of_the_textbook() -> None:
    """Gelman et al. (2013, 5.3) give 2.4 and 14.3 for the expected parameters, from a grid under the same prior."""
    result = pooled(*(list(column) for column in zip(*RATS, strict=True)))
    assert [round(one, 1) for one in result.expected] == [2.4, 14.3]
    last = result.groups.iloc[-1]  # 4 of 14, drawn towards the others
    assert result.mean.value is not None and result.mean.value < last["value"] < 4 / 14


def test_many_people_keep_their_share_and_few_are_drawn_to_the_mean() -> None:
    shares = pooled([2, 200, 1500, 900], [4, 1000, 3000, 3000]).groups["value"]
    assert shares[1:].tolist() == pytest.approx([0.2, 0.5, 0.3], abs=0.005)
    alike = pooled([0, 24, 26, 25], [5, 100, 100, 100])
    assert 0.12 < alike.groups["value"][0] < 0.25
    assert alike.groups["high"][0] < 0.4  # by itself 0 of 5 reaches to 0.43


def test_what_lies_between_groups_is_wide_where_they_differ() -> None:
    differing, alike = pooled([10, 50, 90], [100, 100, 100]), pooled([50, 50, 50], [100, 100, 100])
    assert np.diff(differing.between)[0] > 2 * np.diff(alike.between)[0]


def test_intervals_hold_what_was_put_in() -> None:
    random, held = np.random.default_rng(1), []
    for _ in range(12):
        truth = random.beta(4, 8, 10)
        result = pooled(random.binomial(12, truth).tolist(), [12] * 10)
        held += [
            low <= share <= high
            for share, low, high in zip(truth, result.groups["low"], result.groups["high"], strict=True)
        ]
    assert np.mean(held) > 0.91


def test_two_groups_are_too_few_and_impossible_counts_are_refused() -> None:
    assert isinstance(partially_pooled([1, 2], [5, 5]), Reason)
    with pytest.raises(ValueError, match="expected at most that many"):
        partially_pooled([6, 1, 1], [5, 5, 5])
