"""The verdicts of the joint display: how often they are wrong, over all outcomes of interviews and answers."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from bench.simulate.experiments import Experiment, Rate, grid
from bench.simulate.shares import over_two
from koppelkans.integration.joint_display import FitRules, fit
from koppelkans.statistics.estimate import Estimate
from koppelkans.statistics.proportions import proportion

WORST_SHARE = "worst"
_FINE = np.linspace(0.005, 0.995, 199)
SAME_SHARES = (0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95)


@cache
def _raised(cases: int, n: int) -> Estimate:
    return proportion(cases, n)


def verdict(wanted: str, interviews: int, answers: int, share: float | str, apart: float = 0.0) -> Rate:
    """Measure how often the joint display says `wanted`, where the share of the answers lies `apart` from the other.

    Also for the share, and the side on which the answers lie, at which it says so most often.
    """
    if share == WORST_SHARE:
        pairs = [(float(one), way) for one in _FINE for way in (apart, -apart) if 0 < one + way < 1]
        rates = (verdict(wanted, interviews, answers, one, way) for one, way in pairs)
        return max(rates, key=lambda rate: rate.value)
    return over_two(partial(_says, wanted, interviews, answers), (interviews, share), (answers, share + apart))


@cache
def _says(wanted: str, interviews: int, answers: int, cases: int, chosen: int) -> bool:
    return fit(_raised(cases, interviews), _raised(chosen, answers), cases, FitRules()).fit == wanted


_SECTION = "Joint display"
_SIZES = ((4, 10), (4, 300), (6, 300), (8, 300), (12, 60), (12, 300), (40, 300))

EXPERIMENTS = [
    Experiment(
        _SECTION, "discord, with the same share behind both sides", "test", partial(verdict, "discord"),
        tuple({"interviews": a, "answers": b, "share": c} for a, b in _SIZES for c in (0.1, 0.3, 0.5, WORST_SHARE)),
        quick=(7, 16),
    ),
    Experiment(
        _SECTION, "confirm, with shares that lie .40 apart", "test", partial(verdict, "confirm"),
        tuple(
            {"interviews": a, "answers": b, "share": c, "apart": 0.4}
            for a, b in _SIZES
            for c in (0.1, 0.3, 0.5, WORST_SHARE)
        ), quick=(6, 11),
    ),
    Experiment(
        _SECTION, "confirm, with the same share behind both sides", "rate", partial(verdict, "confirm"),
        grid(interviews=(12,), answers=(60,), share=SAME_SHARES), quick=tuple(range(len(SAME_SHARES))),
    ),
]  # fmt: skip
