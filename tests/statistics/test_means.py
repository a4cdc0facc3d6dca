"""Means: an interval that stays on the scale, holds its level, and says so where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from koppelkans.statistics.means import bounded_mean, mean


@pytest.mark.parametrize(("values", "last"), [([1, 1, 1], 4), ([4, 4, 3], 4), ([3, 3, 3, 3], 5), ([5] * 9 + [1], 5)])
def test_a_mean_of_answers_on_a_scale_has_width_and_stays_on_the_scale(values: list[float], last: int) -> None:
    value, low, high = bounded_mean(values, 1, last).numbers()
    assert 1 <= low <= value <= high <= last and high - low > 0.1
    assert value == pytest.approx(np.mean(values))


def test_on_two_sides_it_is_the_interval_of_bonett_and_price() -> None:
    high, low, n = 9, 3, 20
    up, down = (high + 1) / (n + 2), (low + 1) / (n + 2)
    reach = stats.norm.ppf(0.975) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    ends = bounded_mean([1] * high + [-1] * low + [0] * (n - high - low), -1, 1).numbers()[1:]
    assert ends == pytest.approx((up - down - reach, up - down + reach))


def test_a_mean_of_equal_numbers_or_of_one_has_no_interval_and_says_why() -> None:
    same, one, nobody = mean([3, 3, 3, 3]), mean([3]), mean([])
    assert (same.value, same.low, one.low) == (3, None, None)
    assert same.why("en").startswith("no interval, because everybody gave the same number")
    assert one.why("en").startswith("no interval") and nobody.why("en").startswith("not defined")
    assert bounded_mean([2], 1, 5).why("nl").startswith("geen interval")
    with pytest.raises(ValueError, match="expected answers from 1 to 4"):
        bounded_mean([1, 5], 1, 4)


def test_the_interval_of_numbers_is_that_of_student() -> None:
    values = [1.0, 4.0, 2.0, 8.0, 5.0]
    reach = stats.t.ppf(0.975, 4) * np.std(values, ddof=1) / math.sqrt(5)
    assert mean(values).numbers() == pytest.approx((4, 4 - reach, 4 + reach))
