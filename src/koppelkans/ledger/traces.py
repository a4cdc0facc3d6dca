"""Traces: which finding leads to which conclusion, and which conclusion to which recommendation.

The links are the compendium's own reading of the study (table traces: from_claim, to_claim, relation). A statement has
a finding behind it when a link leads to it from a finding, directly or through other statements. That a statement has
none does not make it wrong: it is then a judgement, a plan, or something that was seen but not reported as a result.
"""

from __future__ import annotations

import re

import pandas as pd

from koppelkans.ledger.claims import with_part
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, rows_of
from koppelkans.study.origin import carries_origin

STAGES = {"finding": "finding", "conclusion": "conclusion", "advice": "advice"}
PARTLY = ("partly-supports", "partly-leads-to")
"""Relations of which the first statement says only a part of the second."""
DIRECT = 0
"""Number of the place where a link from a finding to a recommendation passes no conclusion."""
_HEADING = re.compile(r"(conclusion|recommendation) (\d+) of \d+")
_STAGE_OF = {"conclusion": "conclusion", "recommendation": "advice"}
# Statements that were added to the ledger later stand at its end; this is the heading under which the study has them.
_LATER = {"A-4-93": 2, "A-4-94": 3, "C-4-95": 4, "C-4-96": 4, "C-4-97": 4, "C-4-98": 6, "C-4-100": 7, "C-4-101": 7}
_NODES = [
    "id",
    "stage",
    "kind",
    "section",
    "part",
    "work_package",
    "core",
    "heading",
    "number",
    "supported",
    "strength",
]


def reached_from(traces: pd.DataFrame, start: list[str]) -> set[str]:
    """Return the claims that links lead to from some claims, directly or through others; the claims themselves not."""
    reached: set[str] = set()
    ahead = set(start)
    while ahead:
        ahead = set(traces.loc[traces["from_claim"].isin(ahead), "to_claim"]) - reached
        reached |= ahead
    return reached


def headings(claims: pd.DataFrame) -> pd.DataFrame:
    """List the numbered conclusions and recommendations: id, stage (conclusion, advice), number, section.

    A heading is a claim whose `quantity` says "conclusion 1 of 7" or "recommendation 1 of 9".
    """
    rows = []
    for key, section, quantity in claims.get(["id", "section", "quantity"], pd.DataFrame()).itertuples(index=False):
        heading = _HEADING.match(quantity)
        if heading:
            rows.append((key, _STAGE_OF[heading[1]], int(heading[2]), section))
    return pd.DataFrame(rows, columns=["id", "stage", "number", "section"])


def _numbers_of(claims: pd.DataFrame) -> pd.Series:
    """Say for each claim under which numbered conclusion or recommendation of its section it stands (NA: none)."""
    marked = headings(claims)
    number = claims["id"].map(dict(zip(marked["id"], marked["number"], strict=True)))
    number = number.groupby(claims["section"]).ffill().where(claims["section"].isin(marked["section"]))
    later = claims["id"].map(_LATER)
    return later.where(later.notna(), number).astype("Int64")


def trace_graph(claims: pd.DataFrame, traces: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the nodes and the links between findings, conclusions and recommendations.

    Nodes: every finding that a link starts from, every conclusion and every piece of advice: id, stage (finding,
    conclusion, advice), kind, section, part (2.1, Tabel 1, 3, ...), work_package, core, heading (whether it is a
    numbered conclusion or recommendation), number (of the heading it stands under; NA where there is none), supported
    (whether a finding is behind it), strength (supports: by a path without a partial link; partly: only by others;
    none).
    Links: from_claim, to_claim, relation, and of both ends stage, part and number (from_stage, to_stage, ...).
    """
    if claims.empty or traces.empty:
        return pd.DataFrame(columns=_NODES), pd.DataFrame(columns=["from_claim", "to_claim", "relation"])
    nodes = with_part(claims)
    nodes["stage"] = nodes["kind"].map(STAGES)
    nodes["number"] = _numbers_of(nodes)
    nodes["core"] = nodes["core"].astype(str).isin(["1", "True"])
    nodes["heading"] = nodes["id"].isin(headings(claims)["id"])
    findings = list(nodes.loc[nodes["stage"] == "finding", "id"])
    whole = reached_from(traces[~traces["relation"].isin(PARTLY)], findings)
    reached = reached_from(traces, findings)
    nodes["supported"] = nodes["id"].isin(reached) | nodes["id"].isin(findings)
    nodes["strength"] = "none"
    nodes.loc[nodes["supported"], "strength"] = "partly"
    nodes.loc[nodes["id"].isin(whole) | nodes["id"].isin(findings), "strength"] = "supports"
    ends = nodes.set_index("id")[["stage", "part", "number", "work_package"]]
    links = traces[["from_claim", "to_claim", "relation"]]
    links = links.join(ends.add_prefix("from_"), on="from_claim").join(ends.add_prefix("to_"), on="to_claim")
    used = nodes["id"].isin(traces["from_claim"])
    shown = nodes[nodes["stage"].isin(["conclusion", "advice"]) | ((nodes["stage"] == "finding") & used)]
    return shown[_NODES].reset_index(drop=True), links.reset_index(drop=True)


@carries_origin
def unsupported(claims: pd.DataFrame, traces: pd.DataFrame, discrepancies: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the conclusions and recommendations with no finding behind them, in the order of the ledger.

    Columns: id, kind, section, number, heading, core, statement_nl, statement_en, discrepancies (ids of verdict S that
    name the statement, "; " between them; "" where none does).
    """
    nodes, _ = trace_graph(claims, traces)
    columns = ["id", "kind", "section", "number", "heading", "core"]
    alone = nodes.loc[~nodes["supported"].astype(bool), columns] if len(nodes) else nodes[columns]
    texts = [column for column in ("id", "statement_nl", "statement_en") if column in claims]
    alone = alone.merge(claims[texts], on="id") if len(alone) else alone.assign(statement_nl="", statement_en="")
    naming: dict[str, list[str]] = {}
    if discrepancies is not None and not discrepancies.empty:
        gaps = discrepancies[discrepancies["verdict"] == "S"]
        for key, named in gaps[["id", "claims"]].itertuples(index=False):
            for claim in named.split(";"):
                naming.setdefault(claim, []).append(key)
    return alone.assign(discrepancies=["; ".join(naming.get(key, [])) for key in alone["id"]])


@carries_origin
def weighty(alone: pd.DataFrame) -> pd.DataFrame:
    """Pick from `unsupported` what the argument leans on: core, a heading, or named by a discrepancy."""
    if alone.empty:
        return alone
    return alone[alone["core"] | alone["heading"] | (alone["discrepancies"] != "")].reset_index(drop=True)


@carries_origin
def unsupported_table(alone: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick the columns of `weighty` in a language: id, kind, statement, discrepancies."""
    texts = {f"statement_{language}": "statement"}
    return alone.rename(columns=texts)[["id", "kind", "statement", "discrepancies"]] if len(alone) else pd.DataFrame()


def _stage_of_section(claims: pd.DataFrame) -> dict[str, str]:
    """Say of which stage the numbered headings of a section are: conclusion or advice."""
    marked = headings(claims)
    return dict(zip(marked["section"], marked["stage"], strict=True))


@carries_origin
def flows(claims: pd.DataFrame, traces: pd.DataFrame) -> pd.DataFrame:
    """Count the links between parts of the results, the numbered conclusions and the numbered recommendations.

    Columns: from_stage (finding, conclusion), from (part, or number of the conclusion as text), to_stage (conclusion,
    advice), to (number), n (links), n_whole (of them not partial). A link from a finding straight to a recommendation
    is counted twice, to conclusion 0 and from it, so that every path passes the middle. Links to statements elsewhere
    (foreword, closing chapter, unnumbered) are left out.
    """
    columns = ["from_stage", "from", "to_stage", "to", "n", "n_whole"]
    _, links = trace_graph(claims, traces)
    if links.empty:
        return pd.DataFrame(columns=columns)
    of_stage = _stage_of_section(claims)
    section = claims.set_index("id")["section"]
    rows: list[tuple[str, str, str, int, int]] = []
    for link in rows_of(links):
        whole = int(link["relation"] not in PARTLY)
        target = of_stage.get(section[link["to_claim"]])
        if target is None or pd.isna(link["to_number"]):
            continue
        source, number = of_stage.get(section[link["from_claim"]]), int(link["to_number"])
        if link["from_stage"] == "finding" and source is None:
            if target == "conclusion":
                rows.append(("finding", link["from_part"], target, number, whole))
            else:
                rows.append(("finding", link["from_part"], "conclusion", DIRECT, whole))
                rows.append(("conclusion", str(DIRECT), target, number, whole))
        elif source == "conclusion" and target == "advice" and not pd.isna(link["from_number"]):
            rows.append(("conclusion", str(link["from_number"]), target, number, whole))
    table = pd.DataFrame(rows, columns=[*columns[:4], "whole"])
    counted_flows = table.groupby(columns[:4])["whole"].agg(n="size", n_whole="sum").reset_index()
    return counted_flows.astype({"to": int, "n": int, "n_whole": int})


@carries_origin
def boxes(claims: pd.DataFrame, traces: pd.DataFrame) -> pd.DataFrame:
    """List what `flows` lead from and to: the parts of the results, the numbered conclusions and recommendations.

    Columns: stage (finding, conclusion, advice), key (the part, or the number as text; 0: no conclusion between), id,
    statement_nl and statement_en (of a heading; "" for another box), supported (whether it or a statement under it has
    a finding behind it, as `matrix` counts them), n_in and n_out (links), statements (of each statement under a
    heading, in the order of the ledger, whether it has a finding behind it).
    """
    columns = ["stage", "key", "id", "supported", "statements"]
    nodes, links = trace_graph(claims, traces)[0], flows(claims, traces)
    if links.empty:
        return pd.DataFrame(columns=[*columns, "n_in", "n_out", "statement_nl", "statement_en"])
    parts = sorted(links.loc[links["from_stage"] == "finding", "from"].unique())
    rows: list[tuple[str, str, str, bool, tuple[bool, ...]]] = [("finding", part, "", True, ()) for part in parts]
    stated = nodes[nodes["stage"] != "finding"]
    for heading in rows_of(nodes[nodes["heading"]].sort_values("number")):
        under = stated[(stated["section"] == heading["section"]) & (stated["number"] == heading["number"])]
        statements = tuple(bool(supported) for supported in under["supported"])
        rows.append((heading["stage"], str(heading["number"]), heading["id"], any(statements), statements))
    if str(DIRECT) in set(links["from"]):
        rows.append(("conclusion", str(DIRECT), "", True, ()))
    table = pd.DataFrame(rows, columns=columns)
    links["to"] = links["to"].astype(str)
    for column, end in (("n_in", "to"), ("n_out", "from")):
        n = links.groupby([f"{end}_stage", end])["n"].sum().rename_axis(["stage", "key"]).rename(column)
        table = table.join(n, on=["stage", "key"]).fillna({column: 0}).astype({column: int})
    texts = claims.set_index("id")[["statement_nl", "statement_en"]]
    return table.join(texts, on="id").fillna({"statement_nl": "", "statement_en": ""})


@carries_origin
def matrix(claims: pd.DataFrame, traces: pd.DataFrame, by: str = "part") -> pd.DataFrame:
    """Cross the findings with the numbered headings that they lead to, directly or through others.

    `by` says what a row is: part (2.1, 2.2, ...) or work_package. Columns: `by`, stage (conclusion, advice), number,
    n_links (direct links), n_findings (different findings that reach a statement under that heading). Only combinations
    that occur are listed.
    """
    columns = [by, "stage", "number", "n_links", "n_findings"]
    nodes, links = trace_graph(claims, traces)
    if nodes.empty:
        return pd.DataFrame(columns=columns)
    of_stage = _stage_of_section(claims)
    places = {
        node["id"]: (of_stage[node["section"]], int(node["number"]))
        for node in rows_of(nodes)
        if node["section"] in of_stage and not pd.isna(node["number"])
    }
    rows = []
    for node in rows_of(nodes[nodes["stage"] == "finding"]):
        direct = list(links.loc[links["from_claim"] == node["id"], "to_claim"])
        for place in sorted({places[claim] for claim in reached_from(traces, [node["id"]]) if claim in places}):
            n_links = sum(places.get(claim) == place for claim in direct)
            rows.append((node[by], *place, n_links, 1))
    return pd.DataFrame(rows, columns=columns).groupby(columns[:3], sort=False).sum().reset_index()


def numbers(
    claims: pd.DataFrame, traces: pd.DataFrame, discrepancies: pd.DataFrame, language: str
) -> dict[str, Number]:
    """Return the numbers of the traces under the keys that the report uses; a dash where there are no traces.

    unsupported counts conclusions and advice together; unsupported_shown those that `weighty` keeps.
    """
    nodes, links = trace_graph(claims, traces)
    alone = unsupported(claims, traces, discrepancies)
    there = not nodes.empty

    def count(value: int) -> Number:
        return counted(value if there else None, language)

    def alone_of(**wanted: object) -> Number:
        matches = alone
        for column, value in wanted.items():
            matches = matches[matches[column] == value]
        return count(len(matches))

    aggregated = flows(claims, traces)
    marked = headings(claims)
    return {
        "traces_links": count(len(links)),
        "traces_partial": count(int(links["relation"].isin(PARTLY).sum())),
        "traces_findings": count(int((nodes["stage"] == "finding").sum())),
        "traces_shown": count(_shown(aggregated)),
        "traces_direct": count(int(aggregated.loc[aggregated["to"] == DIRECT, "n"].sum())),
        "traces_conclusions": count(int((marked["stage"] == "conclusion").sum())),
        "traces_recommendations": count(int((marked["stage"] == "advice").sum())),
        "unsupported": count(len(alone)),
        "unsupported_conclusions": alone_of(kind="conclusion"),
        "unsupported_core": alone_of(kind="conclusion", core=True),
        "unsupported_advice": alone_of(kind="advice"),
        "unsupported_headings": count(int((~boxes(claims, traces)["supported"].astype(bool)).sum())),
        "unsupported_shown": count(len(weighty(alone))),
    }


def _shown(aggregated: pd.DataFrame) -> int:
    """Count the links in `flows`, those past the conclusions once."""
    return int(aggregated.loc[~(aggregated["from"] == str(DIRECT)), "n"].sum())
