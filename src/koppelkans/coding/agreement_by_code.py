"""Agreement code by code, with how often each coder used it; for a table in the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from koppelkans.coding import agreement
from koppelkans.coding.tree import descendants
from koppelkans.coding.units import LEAST, Uncoded, Unit, cut
from koppelkans.locale import N_
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Estimate, Reason
from koppelkans.study.columns import require

Measure = Literal["percent", "kappa", "fleiss", "alpha", "ac1", "brennan-prediger"]
_YES_NO = (0.0, 1.0)
NOT_USED = Reason(N_("no coder used the code in what both of them read"))
ONE_CODE_ONLY = Reason(
    N_(
        "no other code was used: without the uncoded text only units are left that somebody gave this code, and no "
        "coder can agree that it is not there"
    )
)
MEASURES: dict[str, Callable[[pd.DataFrame], Estimate]] = {
    "percent": agreement.percent_agreement,
    "kappa": partial(agreement.cohen_kappa, categories=_YES_NO),
    "fleiss": partial(agreement.fleiss_kappa, categories=_YES_NO),
    "alpha": agreement.krippendorff_alpha,
    "ac1": partial(agreement.gwet_ac1, categories=_YES_NO),
    "brennan-prediger": partial(agreement.brennan_prediger, categories=_YES_NO),
}
_COLUMNS = [
    *("code", "name", "path", "measure", "unit", "uncoded", "documents", "units", "quotations", "left_out", "coders"),
    *("prevalence", "prevalence_least", "prevalence_most", *ESTIMATE_COLUMNS),
]


def by_code(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    by: Unit = "sentence",
    uncoded: Uncoded = "in",
    *,
    measures: Sequence[Measure] = ("percent", "kappa", "alpha", "ac1"),
    readers: pd.DataFrame | None = None,
    least: float = LEAST,
    with_below: bool = False,
) -> pd.DataFrame:
    """Work out agreement for each code, in the order of `codes`: one row a code and measure.

    `documents`, `codings`, `readers`, `least` as in `units.ratings`; `codes`: code, name, path (and parent for
    `with_below`, which counts a coding with a code below as one with the code). Columns: code, name, path, measure,
    unit, uncoded, documents (read by two or more), units, coders; prevalence (share of ratings that are yes),
    prevalence_least and prevalence_most (of the coder who used it least and most); then those of an Estimate. Where
    value is empty, reason_nl and reason_en say why: that no coder used a code in what both read is no agreement on it,
    and without the uncoded units (`uncoded` out) a code that is the only one cannot be judged.
    quotations: how many of the units are quotations without a position; left_out: codings that no unit holds.
    Prevalence is empty where there is no unit.
    Raises ValueError for an unknown measure or option.
    """
    require(codes, "codes", ("code", "name", "path"))
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown:
        raise ValueError(f"measure {unknown[0]!r} is not one of {', '.join(MEASURES)}")
    below = descendants(codes).groupby("ancestor")["code"].agg(list).to_dict() if with_below else {}
    pieces = cut(documents, codings, by, readers=readers, least=least)
    quotations = pieces.units.set_index(["document", "unit"])["quotation"].notna()
    rows = []
    for code, name, path in codes[["code", "name", "path"]].itertuples(index=False):
        wanted = below.get(code, [code])
        rated = pieces.ratings(wanted, uncoded)
        used = rated.mean()
        why = pieces.problem or (NOT_USED if len(rated) and not (rated == 1).any(axis=None) else None)
        if uncoded == "out" and not why and set(pieces.codings["code"]) <= set(wanted):
            why = ONE_CODE_ONLY
        head = {
            **{"code": code, "name": name, "path": path, "unit": by, "uncoded": uncoded, "units": len(rated)},
            "documents": rated.index.get_level_values("document").nunique(),
            "quotations": int(quotations.reindex(rated.index).sum()),
            "left_out": pieces.left_out,
            "coders": rated.shape[1],
            "prevalence": float(np.nanmean(rated.to_numpy())) if len(rated) else None,
            "prevalence_least": float(used.min()) if len(rated) else None,
            "prevalence_most": float(used.max()) if len(rated) else None,
        }
        for measure in measures:
            estimate = Estimate.not_defined(why, len(rated), measure) if why else MEASURES[measure](rated)
            rows.append({**head, "measure": measure, **estimate.cells()})
    return pd.DataFrame(rows, columns=_COLUMNS)


def pairwise(
    ratings_of_units: pd.DataFrame, measure: Callable[[pd.DataFrame], Estimate] = agreement.cohen_kappa
) -> pd.DataFrame:
    """Work out a measure for every pair of coders: coder_a, coder_b, and the columns of an Estimate."""
    coders = list(ratings_of_units.columns)
    pairs = [(a, b) for place, a in enumerate(coders) for b in coders[place + 1 :]]
    rows = [{"coder_a": a, "coder_b": b, **measure(ratings_of_units[[a, b]]).cells()} for a, b in pairs]
    return pd.DataFrame(rows, columns=["coder_a", "coder_b", *ESTIMATE_COLUMNS])
