"""What a second coder can show: how wide the interval of an agreement coefficient is, before anybody codes.

In the study one of the five interviews was coded by a second person. How much could that have shown? That depends on
the number of units (sentences or segments of that interview), how often a code is used (prevalence) and the agreement
there is. Two coders with the same prevalence are taken, and units that are independent; sentences of one interview are
not, so what comes out is the best case. One interview says nothing about how agreement differs between interviews.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy

from koppelkans.coding import chance_correction as formulas
from koppelkans.coding.chance_correction import Array
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason

_COLUMNS = ["units", "prevalence", "kappa", "se", "low", "high", "width", "agreement", "reason_nl", "reason_en"]


def table_of_two(prevalence: float, kappa: float) -> Array:
    """Return the chances of (no, no), (no, yes), (yes, no), (yes, yes) for two coders with the same prevalence.

    Raises ValueError where no two coders can have this prevalence and kappa (kappa below -p/(1-p) for p up to a half).
    """
    if not 0 < prevalence < 1:
        raise ValueError(f"prevalence is {prevalence}; expected a share between 0 and 1, such as 0.1")
    spread = prevalence * (1 - prevalence)
    both, apart = prevalence**2 + kappa * spread, spread * (1 - kappa)
    chances = np.array([(1 - prevalence) ** 2 + kappa * spread, apart, apart, both])
    if kappa > 1 or (chances < -1e-12).any():
        raise ValueError(f"kappa is {kappa}; expected what two coders with prevalence {prevalence} can have")
    return np.maximum(chances, 0)


def kappa_width(
    units: Sequence[int],
    prevalence: Sequence[float],
    kappa: float = 0.7,
    level: float = 0.95,
    design_effect: float = 1.0,
) -> pd.DataFrame:
    """Return the interval that Cohen's kappa would have, for every number of units and prevalence.

    From the large-sample variance (Fleiss, Cohen & Everitt 1969) at the table expected. `design_effect`: how many times
    larger the variance is since units of one interview hang together (1: not at all). Columns: units, prevalence,
    kappa, se, low, high (cut off at -1 and 1), width, agreement (percent agreement that goes with it), reason_nl,
    reason_en. Where fewer than five units of the rarer kind are to be expected the formula does not hold: the numbers
    are empty and the reason says so.
    """
    if design_effect < 1:
        raise ValueError(f"design_effect is {design_effect}; expected 1 or more")
    z = float(scipy.stats.norm.ppf(1 - (1 - level) / 2))
    rows = []
    for share in prevalence:
        chances = table_of_two(share, kappa)
        agreed = float(chances[0] + chances[3])
        one = _unit_spread(chances)
        for n in units:
            coded = min(share, 1 - share) * n
            if coded < 5:
                message = N_("only {few} units of the rarer kind are to be expected, fewer than 5")
                reason = Reason(message, numbers={"few": float(coded)})
                rows.append((n, share, kappa, *([None] * 4), agreed, reason.text("nl"), reason.text("en")))
                continue
            se = one * float(np.sqrt(design_effect / n))
            low, high = max(-1.0, kappa - z * se), min(1.0, kappa + z * se)
            rows.append((n, share, kappa, se, low, high, high - low, agreed, "", ""))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _unit_spread(chances: Array) -> float:
    """Return the standard deviation that one unit brings to kappa, from the formula itself on a large exact table."""
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    counts = np.round(chances * 1_000_000).astype(int)
    coefficient = formulas.cohen_kappa(np.repeat(codes, counts, axis=0), np.eye(2))
    return 0.0 if isinstance(coefficient, Reason) else float(coefficient.contributions.std())


def units_needed(
    prevalence: float, kappa: float = 0.7, lowest: float = 0.4, level: float = 0.95, power: float = 0.8
) -> int:
    """Return how many independent units it takes before the interval of kappa lies above `lowest` with so much power.

    power: the chance that it does, for coders whose true kappa is `kappa`. The interval rests on the spread at the
    kappa that comes out and the chance on that at the true one, so both are used; the power that `simulate_kappa` finds
    lies at most 0.05 below. Raises ValueError for a lowest that is not below kappa and a power outside [1/2, 1).
    """
    if lowest >= kappa:
        raise ValueError(f"lowest is {lowest}; expected less than kappa ({kappa})")
    if not 0.5 <= power < 1:
        raise ValueError(f"power is {power}; expected a chance from 0.5 to below 1, such as 0.8")
    z, reserve = float(scipy.stats.norm.ppf(1 - (1 - level) / 2)), float(scipy.stats.norm.ppf(power))

    def spread(value: float) -> float:
        return _unit_spread(table_of_two(prevalence, value))

    def surplus(just_enough: float) -> float:
        return (just_enough - lowest) / (z * spread(just_enough)) - (kappa - just_enough) / (reserve * spread(kappa))

    just_enough = scipy.optimize.brentq(surplus, lowest, kappa) if reserve else kappa
    least = 5 / min(prevalence, 1 - prevalence)
    return int(np.ceil(max(least, (z * spread(just_enough) / (just_enough - lowest)) ** 2)))


def simulate_kappa(
    units: int,
    prevalence: float,
    kappa: float,
    lowest: float = 0.4,
    *,
    draws: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.Series:
    """Simulate two coders of so many units, seeded: what would Cohen's kappa have shown?

    Gives median, low, high (2.5th and 97.5th percentile of the values found), defined (share of draws with a value),
    coverage (share of the draws with an interval whose interval holds the true kappa), shown (share of all draws whose
    interval lies above `lowest`: the power to rule poorer agreement out), draws, seed.
    """
    generator = np.random.default_rng(seed)
    tables = generator.multinomial(units, table_of_two(prevalence, kappa), size=draws)
    z = float(scipy.stats.norm.ppf(1 - (1 - level) / 2))
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    values, ses = [], []
    for table in tables:
        coefficient = formulas.cohen_kappa(codes, np.eye(2), table.astype(float))
        if not isinstance(coefficient, Reason):
            values.append(coefficient.value)
            spread = (coefficient.contributions - coefficient.value) ** 2
            ses.append(np.sqrt(np.average(spread, weights=table[coefficient.used_units]) / units))
    value, se = np.array(values), np.array(ses)
    has = se > 0
    covers = (np.abs(value - kappa) <= z * se)[has]
    ends = np.percentile(value, [50, 2.5, 97.5]) if len(value) else [None] * 3
    return pd.Series(
        {
            **dict(zip(("median", "low", "high"), ends, strict=True)),
            "defined": len(value) / draws,
            "coverage": float(covers.mean()) if has.any() else None,
            "shown": float((value - z * se > lowest)[has].sum() / draws),
            "draws": draws,
            "seed": seed,
        }
    )
