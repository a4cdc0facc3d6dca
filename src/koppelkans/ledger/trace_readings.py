"""The readings that the traces rest on: pairs of statements, read twice, blind and among decoys.

The table trace_readings: from_claim, to_claim, drawn (link, decoy, candidate), first, second and settled (whole,
partly, none), reason.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.agreement import cohen_kappa
from koppelkans.locale.language import Number, number
from koppelkans.strands.published import counted


def numbers(readings: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return how far the two blind readings of pairs agree, under the keys that the report uses; dashes without them.

    readings: pairs that were read; _links: those drawn as links before; _decoys: those put among them; _candidates:
    pairs that a reader had missed; _differ: pairs on which the readings differ; _kappa and _kappa_links: Cohen's kappa
    over all pairs and over the links alone; _links_dropped: links that turned out to be none; _decoys_kept and
    _candidates_kept: others that turned out to be links.
    """
    keys = (
        *("", "_links", "_decoys", "_candidates", "_differ", "_kappa", "_kappa_links"),
        *("_links_dropped", "_decoys_kept", "_candidates_kept"),
    )
    if readings.empty:
        return {f"readings{key}": counted(None, language) for key in keys}
    links, decoys, candidates = (readings[readings["drawn"] == drawn] for drawn in ("link", "decoy", "candidate"))
    differing = readings["first"] != readings["second"]
    kappa, kappa_links = (cohen_kappa(rows[["first", "second"]]).numbers()[0] for rows in (readings, links))
    return {
        "readings": number(len(readings), language),
        "readings_links": number(len(links), language),
        "readings_decoys": number(len(decoys), language),
        "readings_candidates": number(len(candidates), language),
        "readings_differ": number(int(differing.sum()), language),
        "readings_kappa": number(kappa, language, 2),
        "readings_kappa_links": number(kappa_links, language, 2),
        "readings_decoys_kept": number(int((decoys["settled"] != "none").sum()), language),
        "readings_candidates_kept": number(int((candidates["settled"] != "none").sum()), language),
        "readings_links_dropped": number(int((links["settled"] == "none").sum()), language),
    }
