from __future__ import annotations

import numpy as np
import pytest

from koppelkans.coding import chance_correction
from koppelkans.coding.chance_correction import Coefficient, Formula

LINEAR = 1 - np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2


@pytest.mark.parametrize("name", ["percent_agreement", "cohen_kappa", "fleiss_kappa", "gwet_ac", "krippendorff_alpha"])
@pytest.mark.parametrize("coders", [2, 3])
def test_a_row_that_stands_so_often_counts_as_so_many_rows(name: str, coders: int) -> None:
    formula: Formula = getattr(chance_correction, name)
    if name == "cohen_kappa" and coders == 3:
        pytest.skip("of two coders")
    generator = np.random.default_rng(coders)
    for _ in range(20):
        codes = generator.integers(-1, 3, size=(12, coders))
        times = generator.integers(0, 4, size=12)
        counted, each = formula(codes, LINEAR, times.astype(float)), formula(np.repeat(codes, times, axis=0), LINEAR)
        if not isinstance(counted, Coefficient) or not isinstance(each, Coefficient):
            assert counted == each  # one category only, by chance
            continue
        for of in ("value", "observed", "expected", "pairable", "full"):
            assert getattr(counted, of) == pytest.approx(getattr(each, of)), of
        weights = times[counted.used_units]
        assert np.repeat(counted.contributions, weights) == pytest.approx(each.contributions)
