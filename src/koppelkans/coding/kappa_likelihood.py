"""An interval for kappa where a code is rare: by the likelihood, since the usual one is then far too narrow.

With one unit in twelve coded, and by one coder only, kappa is about 0 and its standard error about 0 as well; but a
kappa of 0.6 would often show the same. The likelihood knows. Two coders, two categories, the same prevalence for both
coders (the common correlation model; Bloch & Kraemer 1989), prevalence profiled out.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

_KAPPA = np.linspace(-1, 1, 401)[:, None]
_PREVALENCE = 1 / (1 + np.exp(-np.linspace(-8, 8, 161)))[None, :]
_SPREAD = _PREVALENCE * (1 - _PREVALENCE)


def _log(chance: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(chance, out=np.full(chance.shape, -np.inf), where=chance > 0))


_BOTH = _log(_PREVALENCE**2 + _KAPPA * _SPREAD)
_ONE = _log(2 * _SPREAD * (1 - _KAPPA))
_NONE = _log((1 - _PREVALENCE) ** 2 + _KAPPA * _SPREAD)
_IMPOSSIBLE = np.where(np.isinf(_BOTH) | np.isinf(_NONE), -np.inf, 0.0)


def profile_interval(both: int, one: int, none: int, level: float = 0.95) -> tuple[float, float]:
    """Return the ends of the likelihood interval of kappa, to 0.005.

    `both`, `one`, `none`: units that both coders, one of them, or none put in the first category.
    """
    terms = zip((both, one, none), (_BOTH, _ONE, _NONE), strict=True)
    total = sum((count * chance for count, chance in terms if count), start=_IMPOSSIBLE)
    profile = total.max(axis=1)
    inside = _KAPPA[profile >= profile.max() - stats.chi2.ppf(level, 1) / 2, 0]
    return float(inside.min()), float(inside.max())
