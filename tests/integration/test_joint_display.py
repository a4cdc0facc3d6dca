from __future__ import annotations

import pandas as pd
import pytest

from koppelkans import integration
from koppelkans.errors import KoppelkansError
from koppelkans.integration.joint_display import FitRules, fit_counts, joint_display
from koppelkans.integration.triangulation import levels_matrix, triangulation
from koppelkans.strands.answers import option_shares

THEMES = {"often": [2, 1, 1, 0], "seldom": [1, 0, 0, 0], "never": [0, 0, 0, 0]}
FRAMEWORK = pd.DataFrame(
    [
        (f"r{case}", theme, n, "; ".join(f"{theme}{case}{k}" for k in range(n)))
        for theme, counts in THEMES.items()
        for case, n in enumerate(counts)
    ],
    columns=["case", "theme", "codings", "segments"],
)
NAMES = pd.DataFrame({"code": list(THEMES), "name": ["Often", "Seldom", "Never"]})


def shares_of(**said: tuple[int, int]) -> pd.DataFrame:
    """Give shares: of n people k chose an option."""
    rows = [
        (f"{name}{person}", name, "yes" if person < k else "no") for name, (k, n) in said.items() for person in range(n)
    ]
    answers = pd.DataFrame(rows, columns=["respondent", "question", "option"])
    return pd.concat([option_shares(answers, name).assign(question=name) for name in said], ignore_index=True)


def display(theme: str, k: int, n: int, rules: FitRules | None = None) -> pd.Series:
    links = pd.DataFrame([(theme, "q", "yes")], columns=["theme", "question", "option"])
    table = joint_display(FRAMEWORK, NAMES, links, shares_of(q=(k, n)), rules)
    return table[table["theme"] == theme].iloc[0]


@pytest.mark.parametrize(
    ("theme", "k", "n", "fit"),
    [
        ("often", 45, 50, "confirm"),
        ("often", 5, 50, "discord"),
        ("often", 25, 50, "expand"),
        ("seldom", 5, 50, "confirm"),
        ("seldom", 45, 50, "discord"),
        ("never", 45, 50, "silent"),
    ],
)
def test_the_verdict_follows_the_stated_rule(theme: str, k: int, n: int, fit: str) -> None:
    row = display(theme, k, n)
    assert row["fit"] == fit and row["rule_nl"] and row["rule_en"]


def test_rules_can_be_argued_with() -> None:
    assert display("seldom", 45, 50, FitRules(common=0.2))["fit"] == "confirm"
    assert display("seldom", 45, 50, FitRules(least_cases=2))["fit"] == "silent"
    with pytest.raises(ValueError, match="between 0 and 1"):
        FitRules(common=50)


def test_both_sides_of_a_theme_stand_side_by_side_with_the_way_back_to_the_text() -> None:
    row = display("often", 45, 50)
    assert row[["name", "cases", "of_cases", "codings"]].tolist() == ["Often", 3, 4, 4]
    assert row["segments"] == "often00; often01; often10; often20"
    assert row[["value", "n"]].tolist() == [0.9, 50] and "3 van 4 gesprekken" in row["rule_nl"]


def test_themes_without_answers_and_answers_without_interviews_are_silent() -> None:
    links = pd.DataFrame([("often", "q", "yes"), ("only asked", "q", "yes")], columns=["theme", "question", "option"])
    table = joint_display(FRAMEWORK, NAMES, links, shares_of(q=(45, 50))).set_index("theme")
    assert table["fit"].to_dict() == {"often": "confirm", "seldom": "silent", "never": "silent", "only asked": "silent"}
    assert "answers" in table.loc["seldom", "rule_en"] and "interviews" in table.loc["only asked", "rule_en"]
    assert fit_counts(table)["rows"].tolist() == [1, 0, 0, 3]
    nothing = joint_display(FRAMEWORK.iloc[:0], NAMES, links.iloc[:0], shares_of(q=(1, 2)))
    assert nothing.empty
    with pytest.raises(KoppelkansError, match="no column 'option'"):
        joint_display(FRAMEWORK, NAMES, links.drop(columns="option"), shares_of(q=(1, 2)))


FINDINGS = pd.DataFrame(
    [
        ("trust", "tenants", "supports", "community"),
        ("trust", "homeowners", "supports", "policy"),
        ("cost", "tenants", "supports", "policy"),
        ("cost", "homeowners", "contradicts", "policy"),
        ("time", "tenants", "supports", "policy"),
        ("time", "homeowners", "nuances", "policy"),
        ("art", "tenants", "supports", "policy"),
        ("art", "tenants", "nuances", "policy"),
    ],
    columns=["theme", "strand", "stance", "level"],
)
STRANDS = ["tenants", "homeowners", "sessions"]


def test_strands_converge_differ_or_are_silent() -> None:
    table = triangulation(FINDINGS, ["trust", "cost", "time", "art", "noise"], STRANDS).set_index("theme")
    assert table["convergence"].tolist() == ["agreement", "dissonance", "partial", "one strand", "silence"]
    assert table.loc["art", STRANDS].tolist() == ["mixed", "silent", "silent"]
    assert table["speaking"].tolist() == [2, 2, 2, 1, 0]


def test_findings_are_counted_by_level_and_strand() -> None:
    table = levels_matrix(FINDINGS, ["policy", "community", "institutional"], STRANDS)
    assert table.to_numpy().tolist() == [[4, 3, 0], [1, 0, 0], [0, 0, 0]]
    with pytest.raises(KoppelkansError, match="level 'policy'"):
        levels_matrix(FINDINGS, ["community"], STRANDS)
    with pytest.raises(KoppelkansError, match="stance 'agrees'"):
        triangulation(FINDINGS.assign(stance="agrees"), list(FINDINGS["theme"]), STRANDS)


def test_the_published_overview_is_still_found_where_it_was() -> None:
    assert integration.levels_by_package(pd.DataFrame(), pd.DataFrame(), pd.DataFrame()).empty
