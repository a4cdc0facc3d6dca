"""Long descriptions of the figures of the ledger: counts, traces and discrepancies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.figures.parts import PARTS
from koppelkans.ledger.short_names import HEADINGS
from koppelkans.ledger.traces import DIRECT
from koppelkans.strands.published import rows_of

_WORDS = {
    "total": {"nl": "samen {n}", "en": "{n} together"},
    "conclusion": {"nl": "Conclusie {n}", "en": "Conclusion {n}"},
    "advice": {"nl": "Aanbeveling {n}", "en": "Recommendation {n}"},
    "direct": {"nl": "zonder conclusie ertussen", "en": "with no conclusion between"},
    "from": {"nl": "verbanden uit {names}", "en": "links from {names}"},
    "no_links": {"nl": "geen verband getekend", "en": "no link drawn"},
    "backed": {
        "nl": "van {all} uitspraken hebben er {n} een bevinding achter zich",
        "en": "of {all} statements, {n} have a finding behind them",
    },
    "found": {"nl": "in de gegevens gevonden", "en": "found in the data"},
    "not-found": {"nl": "niet gevonden", "en": "not found"},
    "not-run": {"nl": "niet getoetst", "en": "not checked"},
    "listed": {"nl": "alleen op de lijst", "en": "only on the list"},
}


def _say(key: str, language: str, **values: Any) -> str:
    return _WORDS[key][language].format(**values)


def _part(key: str, language: str) -> str:
    return PARTS[key][0][language] if key in PARTS else f"§ {key}"


def flows(nodes: pd.DataFrame, links: pd.DataFrame, language: str) -> list[str]:
    """List for each numbered conclusion and recommendation where its links come from, and how much is backed.

    `nodes` and `links` are the nodes and flows that `figures.traces.trace_flows` takes.
    """
    if nodes.empty or links.empty:
        return []
    lines = []
    for row in rows_of(nodes[nodes["heading"]].sort_values(["stage", "number"], ascending=[False, True])):
        under = nodes[(nodes["section"] == row["section"]) & (nodes["number"] == row["number"])]
        under = under[under["stage"] != "finding"]
        into = links[(links["to_stage"] == row["stage"]) & (links["to"].astype(str) == str(row["number"]))]
        sources = []
        for link in rows_of(into.sort_values("n", ascending=False)):
            key = str(link["from"])
            if link["from_stage"] == "finding":
                name = _part(key, language)
            elif key == str(DIRECT):
                name = _WORDS["direct"][language]
            else:
                name = _say("conclusion", language, n=key).lower()
            sources.append(f"{name} ({link['n']})")
        came = _say("from", language, names=", ".join(sources)) if sources else _WORDS["no_links"][language]
        backed = _say("backed", language, all=len(under), n=int(under["supported"].sum()))
        name = HEADINGS.get(row["id"], {language: ""})[language]
        title = _say(row["stage"], language, n=row["number"]) + (f" ({name})" if name else "")
        lines.append(f"- {title}: {came}; {backed}")
    return lines
