from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from koppelkans.figures import statements
from koppelkans.figures.diagrams import trace_flows
from koppelkans.figures.style import NARROW, WIDTH
from koppelkans.ledger import trace_readings
from koppelkans.ledger import traces as ledger
from koppelkans.ledger.short_names import HEADINGS, heading_of
from koppelkans.readers.csv_tables import read_csv_table

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"


@cache
def raw(name: str) -> pd.DataFrame:
    return read_csv_table(RAW / f"{name}.csv").reset_index(drop=True)


CLAIMS, TRACES, DISCREPANCIES = raw("claims"), raw("traces"), raw("discrepancies")
READINGS = raw("trace_readings")


def small_claims() -> pd.DataFrame:
    rows = [
        ("F-2.1-01", "finding", "2.1", "", "1"),
        ("F-2.1-02", "finding", "2.1", "", "1"),
        ("C-3-01", "conclusion", "3", "conclusion 1 of 2", "1"),
        ("C-3-02", "conclusion", "3", "", "1"),
        ("C-3-03", "conclusion", "3", "conclusion 2 of 2", "0"),
        ("A-4-01", "advice", "4", "recommendation 1 of 2", "0"),
        ("A-4-02", "advice", "4", "recommendation 2 of 2", "0"),
    ]
    claims = pd.DataFrame(rows, columns=["id", "kind", "section", "quantity", "core"])
    return claims.assign(work_package="overall", statement_nl="uitspraak", statement_en="statement")


def small_traces(*links: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(links, columns=["from_claim", "to_claim", "relation"]).assign(basis="ours")


CHAIN = small_traces(
    ("F-2.1-01", "C-3-01", "partly-supports"), ("C-3-01", "A-4-01", "leads-to"), ("F-2.1-02", "A-4-02", "supports")
)


def test_every_link_of_the_study_is_in_the_graph_between_known_stages() -> None:
    nodes, links = ledger.trace_graph(CLAIMS, TRACES)
    assert len(links) == len(TRACES)
    assert set(links["from_stage"]) <= {"finding", "conclusion"} and set(links["to_stage"]) <= {"conclusion", "advice"}
    assert set(TRACES["from_claim"]) | set(TRACES["to_claim"]) <= set(nodes["id"])
    assert set(nodes["stage"]) == {"finding", "conclusion", "advice"}


def test_the_headings_of_the_study_are_numbered_without_a_gap() -> None:
    marked = ledger.headings(CLAIMS)
    for stage, last in (("conclusion", 7), ("advice", 9)):
        assert list(marked.loc[marked["stage"] == stage, "number"]) == list(range(1, last + 1))


def test_every_conclusion_and_advice_of_the_two_chapters_stands_under_a_heading() -> None:
    nodes, _ = ledger.trace_graph(CLAIMS, TRACES)
    placed = nodes[nodes["section"].isin(["3", "4"])]
    assert set(placed.loc[placed["number"].isna(), "id"]) == {"C-3-03"}  # the sentence before the first conclusion
    number = dict(zip(placed["id"], placed["number"], strict=True))
    assert (number["A-4-93"], number["C-4-95"], number["C-4-101"]) == (2, 4, 7)  # added to the ledger later
    assert (number["C-3-10"], number["C-3-11"], number["A-3-47"]) == (1, 2, 6)


def test_a_finding_behind_a_statement_counts_through_others_too() -> None:
    nodes, _ = ledger.trace_graph(small_claims(), CHAIN)
    supported = dict(zip(nodes["id"], nodes["supported"], strict=True))
    assert supported["C-3-01"] and supported["A-4-01"] and supported["A-4-02"]
    assert not supported["C-3-02"] and not supported["C-3-03"]
    strength = dict(zip(nodes["id"], nodes["strength"], strict=True))
    assert strength == {**strength, "C-3-01": "partly", "A-4-01": "partly", "A-4-02": "supports", "C-3-02": "none"}


def test_taking_the_link_away_leaves_what_rested_on_it_without_a_finding() -> None:
    before = set(ledger.unsupported(small_claims(), CHAIN)["id"])
    after = set(ledger.unsupported(small_claims(), CHAIN.drop(index=0))["id"])
    assert after - before == {"C-3-01", "A-4-01"}


def test_unsupported_statements_of_the_study_have_no_way_back_to_a_finding() -> None:
    alone = ledger.unsupported(CLAIMS, TRACES, DISCREPANCIES)
    back = TRACES.rename(columns={"from_claim": "to_claim", "to_claim": "from_claim"})
    for claim in alone["id"]:
        assert not any(reached.startswith("F-") for reached in ledger.reached_from(back, [claim]))
    assert {"C-3-36", "A-4-12", "A-4-47", "C-3-33", "C-3-09", "C-3-28"} <= set(alone["id"])
    named = dict(zip(alone["id"], alone["discrepancies"], strict=True))
    assert named["C-3-33"] == "D-62" and named["A-4-16"] == "D-72" and named["C-3-09"] == ""
    kept = ledger.weighty(alone)
    assert (kept["core"] | kept["heading"] | (kept["discrepancies"] != "")).all() and len(kept) < len(alone)


def test_flows_lose_no_link_between_the_parts_they_show() -> None:
    flows = ledger.flows(CLAIMS, TRACES)
    section = dict(zip(CLAIMS["id"], CLAIMS["section"], strict=True))
    into = TRACES[TRACES["to_claim"].map(section).isin(["3", "4"])]
    from_findings = into[into["from_claim"].str.startswith("F-")]
    drawn = flows[flows["from_stage"] == "finding"]
    assert drawn["n"].sum() == len(from_findings)
    assert drawn["n_whole"].sum() == (~from_findings["relation"].isin(ledger.PARTLY)).sum()
    middle = flows[flows["from"] == str(ledger.DIRECT)]
    to_advice = from_findings["to_claim"].map(section) == "4"
    assert middle["n"].sum() == drawn.loc[drawn["to"] == ledger.DIRECT, "n"].sum() == to_advice.sum() > 0
    assert (flows["n_whole"] <= flows["n"]).all()


def test_the_boxes_of_the_flows_hold_every_link_and_every_statement_once() -> None:
    flows, boxes = ledger.flows(CLAIMS, TRACES), ledger.boxes(CLAIMS, TRACES)
    assert boxes["n_out"].sum() == boxes["n_in"].sum() == flows["n"].sum()
    nodes, _ = ledger.trace_graph(CLAIMS, TRACES)
    headed = nodes[nodes["number"].notna() & (nodes["stage"] != "finding")]
    assert sum(map(len, boxes["statements"])) == len(headed)
    assert sum(map(sum, boxes["statements"])) == headed["supported"].sum()


def test_a_direct_link_passes_the_conclusions_by() -> None:
    flows = ledger.flows(small_claims(), CHAIN)
    found = {(row["from"], row["to"]): row["n"] for _, row in flows.iterrows()}
    assert found == {("2.1", 1): 1, ("1", 1): 1, ("2.1", 0): 1, ("0", 2): 1}


@pytest.mark.parametrize("by", ["part", "work_package"])
def test_the_matrix_counts_findings_once_and_direct_links_all(by: str) -> None:
    matrix = ledger.matrix(CLAIMS, TRACES, by)
    flows = ledger.flows(CLAIMS, TRACES)
    assert matrix["n_links"].sum() == flows.loc[flows["from_stage"] == "finding", "n"].sum()
    reached = set(zip(matrix["stage"], matrix["number"], strict=True))
    assert ("conclusion", 6) not in reached and ("advice", 5) not in reached
    nodes, _ = ledger.trace_graph(CLAIMS, TRACES)
    of_row = nodes[nodes["stage"] == "finding"].groupby(by).size()
    assert all(row.n_findings <= of_row[getattr(row, by)] for row in matrix.itertuples())


def test_where_two_readings_differ_the_weaker_counts_and_the_reason_is_given() -> None:
    weight = {"none": 0, "partly": 1, "whole": 2}
    first, second, settled = (READINGS[column].map(weight) for column in ("first", "second", "settled"))
    assert (settled == pd.concat([first, second], axis=1).min(axis=1)).all()
    assert ((READINGS["reason"] != "") == (first != second)).all()


def test_the_agreement_of_the_readings_is_counted_from_the_table() -> None:
    counts = {key: number["value"] for key, number in trace_readings.numbers(READINGS, "nl").items()}
    assert counts["readings"] == len(READINGS)
    assert counts["readings_differ"] == (READINGS["first"] != READINGS["second"]).sum()
    assert counts["readings_kappa"] == round(kappa_by_hand(READINGS["first"], READINGS["second"]), 2)
    assert set(trace_readings.numbers(pd.DataFrame(), "nl")) == set(counts)


def kappa_by_hand(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa by its definition: observed agreement beyond that of the margins."""
    table = pd.crosstab(first, second, normalize=True)
    table = table.reindex(
        index=table.columns.union(table.index), columns=table.columns.union(table.index), fill_value=0
    )
    expected = (table.sum(axis=0) * table.sum(axis=1)).sum()
    return float((sum(table.loc[name, name] for name in table.index) - expected) / (1 - expected))


def test_the_matrix_follows_conclusions_on_to_recommendations() -> None:
    matrix = ledger.matrix(small_claims(), CHAIN).set_index(["stage", "number"])
    assert matrix.loc[("advice", 1), ["n_links", "n_findings"]].tolist() == [0, 1]
    assert matrix.loc[("advice", 2), ["n_links", "n_findings"]].tolist() == [1, 1]


def test_a_study_without_claims_or_traces_gives_empty_tables_and_dashes() -> None:
    for claims, traces in ((pd.DataFrame(), TRACES), (CLAIMS, pd.DataFrame()), (pd.DataFrame(), pd.DataFrame())):
        nodes, links = ledger.trace_graph(claims, traces)
        assert nodes.empty and links.empty
        assert ledger.flows(claims, traces).empty and ledger.matrix(claims, traces).empty
        alone = ledger.unsupported(claims, traces)
        assert alone.empty and ledger.weighty(alone).empty and ledger.unsupported_table(alone, "nl").empty
        assert {number["text"] for number in ledger.numbers(claims, traces, DISCREPANCIES, "nl").values()} == {"–"}


def test_every_heading_of_the_study_has_a_short_name_in_both_languages() -> None:
    assert set(ledger.headings(CLAIMS)["id"]) == set(HEADINGS)
    names = {key: {heading_of(key, language) for language in ("nl", "en")} for key in HEADINGS}
    assert all(len(both) == 2 for both in names.values())


def test_a_study_with_other_headings_and_parts_can_be_drawn() -> None:
    claims = small_claims()
    nodes, _ = ledger.trace_graph(claims, CHAIN)
    for language in ("nl", "en"):
        chart = trace_flows(ledger.flows(claims, CHAIN), ledger.boxes(claims, CHAIN))
        assert all(chart.draw(width, language).get_figheight() > 1 for width in (WIDTH, NARROW))
        assert statements.trace_matrix(ledger.matrix(claims, CHAIN), nodes).draw(WIDTH, language).get_figheight() > 0.5


@pytest.mark.parametrize("below_the_heading", [False, True])
def test_both_figures_have_the_same_headings_without_a_finding(below_the_heading: bool) -> None:
    claims, traces = CLAIMS, TRACES
    if below_the_heading:  # the finding leads to a statement under the heading, and not to the heading
        claims, traces = small_claims(), CHAIN.replace({"to_claim": {"C-3-01": "C-3-02"}})
    boxes, matrix = ledger.boxes(claims, traces), ledger.matrix(claims, traces)
    headed = boxes[boxes["id"] != ""]
    dashed = {(row.stage, int(row.key)) for row in headed.itertuples() if not row.supported}
    reached = {(row.stage, row.number) for row in matrix.itertuples()}
    every = {(row.stage, int(row.key)) for row in headed.itertuples()}
    assert dashed and dashed == every - reached
    said = ledger.numbers(claims, traces, DISCREPANCIES, "en")
    assert said["unsupported_headings"]["value"] == len(dashed)


def test_the_numbers_of_the_readings_add_up_to_the_links() -> None:
    said = {key: value["value"] for key, value in trace_readings.numbers(READINGS, "en").items()}
    kept = said["readings_links"] - said["readings_links_dropped"]
    assert kept + said["readings_decoys_kept"] + said["readings_candidates_kept"] == len(TRACES)
    assert said["readings_links"] + said["readings_decoys"] + said["readings_candidates"] == said["readings"]
