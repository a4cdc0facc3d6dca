from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from koppelkans import integration
from koppelkans.ledger import claims as ledger
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.statistics.proportions import proportion
from koppelkans.strands import interviews, sessions, stories
from koppelkans.study.tables import validate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"
NOTHING = pd.DataFrame()


@cache
def published(name: str) -> pd.DataFrame:
    return validate(read_csv_table(RAW / f"{name}.csv"), name).reset_index(drop=True)


@pytest.fixture
def programme() -> pd.DataFrame:
    return sessions.programme(published("sessions"), published("facts"))


def test_table_1_has_twelve_sessions_with_eighteen_themes_fifteen_work_forms_and_fourteen_outcomes(
    programme: pd.DataFrame,
) -> None:
    assert list(programme["session"]) == list(range(1, 13))
    assert list(programme[["n_themes", "n_work_forms", "n_outcomes"]].sum()) == [18, 15, 14]
    assert (programme["month"].iloc[0], programme["month"].iloc[-1]) == ("2021-09", "2023-05")


def test_eleven_sessions_fall_in_the_period_of_the_running_text_and_ten_before_its_last_month(
    programme: pd.DataFrame,
) -> None:
    totals = sessions.programme_totals(programme, published("facts")).set_index("reading")
    assert totals["sessions"].to_dict() == {"before": 10, "through": 11, "all": 12}
    assert totals["hours"].to_dict() == {"before": 20, "through": 22, "all": 24}
    assert list(programme.loc[~programme["in_stated_period"].astype(bool), "session"]) == [12]


def test_rhythm_of_the_sessions(programme: pd.DataFrame) -> None:
    assert list(programme["months_since_previous"].dropna()) == [1, 1, 2, 3, 1, 1, 3, 1, 3, 2, 2]
    assert sessions.sessions_per_year(programme).to_dict("list") == {"year": [2021, 2022, 2023], "n": [3, 6, 3]}


def test_only_the_two_mural_sessions_are_known_to_be_online(programme: pd.DataFrame) -> None:
    assert list(programme.loc[programme["mode"] == "online", "session"]) == [2, 3]
    assert set(programme["mode"]) == {"online", "unknown"}


def test_the_change_story_session_is_dated_in_two_ways(programme: pd.DataFrame) -> None:
    assert sessions.dated_otherwise(programme, published("facts")) == (9, "2022-11")
    assert sessions.dated_otherwise(programme, NOTHING) is None


def test_work_forms_are_counted_once_each() -> None:
    matrix = sessions.work_form_matrix(published("sessions"))
    assert matrix.shape == (12, 6) and matrix.to_numpy().sum() == 15
    assert matrix.loc[5, "evaluation"] == 2


def test_the_programme_table_keeps_every_item() -> None:
    table = sessions.programme_table(published("sessions"), "nl")
    assert list(table.columns) == ["session", "month", "theme", "work_form", "outcome"]
    assert list(table["session"]) == list(range(1, 13)) and table.loc[0, "month"] == "september 2021"
    assert sum(cell.count("; ") + 1 for cell in table["theme"]) == 18


def test_a_session_in_two_months_is_refused() -> None:
    items = published("sessions").copy()
    items.loc[0, "month"] = "2021-10"
    with pytest.raises(ValueError, match="session 1: more than one month"):
        sessions.programme(items, published("facts"))


def test_numbers_of_the_sessions_are_those_of_the_study() -> None:
    found = sessions.numbers(published("sessions"), published("facts"), published("themes"), "en")
    values = {key: number["value"] for key, number in found.items()}
    expected = {"count": 12, "count_by_stated_end": 11, "stated": 12, "hours": 24, "longest_gap": 3, "quotes": 9}
    expected |= {"evaluation_interviews": 5, "evaluation_total_hours": 3.75, "double_coded_share": 20}
    expected |= {"evaluation_themes": 3, "evaluation_categories": 9, "online_evidenced": 2}
    assert {key: values[key] for key in expected} == expected
    assert found["stated_to"] == {"value": "2023-03", "text": "March 2023"}
    assert (found["month_1"]["text"], found["month_12"]["text"]) == ("September 2021", "May 2023")


def test_only_story_7_can_be_read_whole() -> None:
    read = stories.completeness(published("change_stories")).set_index("story")
    assert read["in_text"].to_dict() == {5: 0, 6: 0, 7: 5, 8: 1}
    assert list(read.index[read["whole"]]) == [7]


def test_a_story_has_its_five_boxes_in_order_and_no_text_where_the_study_has_none() -> None:
    boxes = stories.chain(published("change_stories"), 8)
    assert list(boxes["element"]) == list(stories.ELEMENTS)
    assert list(boxes["status"]) == ["not_in_text"] * 4 + ["in_text"]
    assert (boxes.loc[boxes["status"] == "not_in_text", ["text_nl", "text_en"]] == "").all(axis=None)


def test_a_box_without_a_row_is_not_in_the_text() -> None:
    some = published("change_stories").query("story == 7 and element != 'approach'")
    assert list(stories.chain(some, 7)["status"]).count("not_in_text") == 1
    assert stories.chain(some, 99).empty


@pytest.mark.parametrize(
    ("strand", "themes", "rows"), [("evaluation", 3, 32), ("change-stories", 4, 13), ("tenants", 1, 3)]
)
def test_a_theme_tree_holds_every_row_once_and_children_below_their_parent(strand: str, themes: int, rows: int) -> None:
    tree = interviews.theme_tree(published("themes"), strand)
    assert len(tree) == rows == tree["id"].nunique()
    assert (tree["level"] == "theme").sum() == themes
    place = {node: position for position, node in enumerate(tree["id"])}
    depth = dict(zip(tree["id"], tree["depth"], strict=True))
    for node, parent in zip(tree["id"], tree["parent"], strict=True):
        assert not parent or (place[parent] < place[node] and depth[node] == depth[parent] + 1)


def test_the_homeowners_have_five_themes_with_four_motives_and_six_barriers() -> None:
    tree = interviews.theme_tree(published("themes"), "homeowners").set_index("name_en")
    assert (tree["depth"] == 0).sum() == 5
    assert (tree.loc["Motives", "n_children"], tree.loc["Barriers", "n_children"]) == (4, 6)


def test_nine_quotations_are_printed_all_in_the_evaluation() -> None:
    tree = interviews.theme_tree(published("themes"), "evaluation")
    assert tree.loc[tree["depth"] == 0, "n_quotes"].sum() == 9 == tree["n_own_quotes"].sum()
    themes = published("themes")
    assert themes.loc[themes["parent"] == "", "n_quotes"].sum() == 9


def test_parents_that_are_lost_or_run_in_a_circle_are_named() -> None:
    rows = published("themes").query("strand == 'tenants'").reset_index(drop=True)
    with pytest.raises(ValueError, match="'T-9'"):
        interviews.theme_tree(rows.assign(parent=["", "T-9", ""]), "tenants")
    circle = rows.assign(parent=["", rows.loc[2, "id"], rows.loc[1, "id"]])
    with pytest.raises(ValueError, match="each other's parent"):
        interviews.theme_tree(circle, "tenants")


def test_incomes_differ_by_7300_euro_or_22_5_percent() -> None:
    compared = integration.income_comparison(published("facts")).set_index("measure")["value"]
    assert compared["gap"] == 7300
    assert round(compared["gap_share"], 1) == 22.5


def test_five_questions_for_four_packages_on_three_of_five_levels() -> None:
    names = ("facts", "levels", "work_packages", "package_levels", "research_questions", "exhibits")
    found = integration.numbers(*(published(name) for name in names), "nl")
    keys = ("questions", "packages", "packages_by_students", "levels_analysed", "levels_stated", "levels")
    assert [found[key]["value"] for key in keys] == [5, 4, 2, 3, 4, 5]
    assert found["income_gap_share"]["text"] == "22,5%"
    exhibits = [found[key]["value"] for key in ("exhibits", "exhibits_reproduced", "exhibits_partly", "exhibits_not")]
    assert exhibits[0] == 9 == sum(exhibits[1:])


def test_single_facts_of_the_introduction_are_told_as_the_study_states_them() -> None:
    dutch, english = (integration.single_facts(published("facts"), language) for language in ("nl", "en"))
    assert (dutch["warming_per_decade"]["text"], english["warming_per_decade"]["text"]) == ("0,3", "0.3")
    assert dutch["gas_free_before"]["text"] == english["gas_free_before"]["text"] == "2050"  # a year, so no 2.050
    assert (dutch["tenants_to"]["text"], english["tenants_to"]["text"]) == ("juni 2022", "June 2022")
    assert dutch["ownership_forms"]["word"] == "vier"
    assert english["sia_file_number"]["text"] == "HBOPD.2018.04.004"


def test_two_packages_are_not_at_the_same_level_everywhere() -> None:
    pairs = integration.levels_by_package(published("package_levels"), published("levels"), published("work_packages"))
    assert len(pairs) == 20
    differing = integration.level_disagreements(pairs)
    assert list(differing["work_package"]) == ["effects-EiS", "resident-connection"]


def test_every_claim_is_counted_once_however_it_is_counted() -> None:
    claims = published("claims")
    for by in (["kind"], ["work_package", "level"], ["part", "kind"]):
        assert ledger.coverage(ledger.with_part(claims), by)["n"].sum() == len(claims) == 580
    counts = ledger.testability_counts(claims)
    assert (counts[list(ledger.CLASSES)].sum(axis=1) == counts["n"]).all()
    numbers = {key: number["value"] for key, number in ledger.numbers(claims, NOTHING, "en").items()}
    assert numbers["core"] == 295 and numbers["discrepancies"] is None


def test_a_claim_that_needs_field_data_names_which() -> None:
    claims = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "kind": "finding",
            "testable_with": ["none", "table1", "table1; change-stories", "tenant-interviews"],
        }
    )
    found = ledger.testability(claims)
    assert list(found["class"]) == ["none", "text", "text-and-field", "field"]
    assert list(found["needs"]) == ["", "", "change-stories", "tenant-interviews"]


@pytest.mark.parametrize(
    ("successes", "n", "wilson", "exact"),
    [
        (81, 263, (0.25529, 0.36621), (0.25274, 0.36762)),
        (0, 20, (0, 0.16113), (0, 0.16843)),
        (1, 29, (0.00611, 0.17176), (0.00087, 0.17764)),
    ],
)
def test_intervals_of_a_share_agree_with_published_values(
    successes: int, n: int, wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    for method, (low, high) in (("wilson", wilson), ("clopper-pearson", exact)):
        estimate = proportion(successes, n, method=method)  # type: ignore[arg-type]
        assert (round(estimate.low, 5), round(estimate.high, 5)) == (low, high)
        assert (estimate.value, estimate.n, estimate.method, estimate.level) == (successes / n, n, method, 0.95)
        assert math.isclose(estimate.se, math.sqrt(estimate.value * (1 - estimate.value) / n))


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_an_interval_holds_its_share_and_narrows_with_a_lower_level(method: str) -> None:
    for n in (1, 2, 15):
        for successes in range(n + 1):
            wide = proportion(successes, n, method=method)  # type: ignore[arg-type]
            narrow = proportion(successes, n, method=method, level=0.5)  # type: ignore[arg-type]
            assert 0 <= wide.low <= wide.value <= wide.high <= 1
            assert wide.low <= narrow.low and narrow.high <= wide.high


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (1, 0), (1, -3)])
def test_a_share_of_impossible_counts_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        proportion(successes, n)


def test_a_share_of_nobody_is_not_defined_and_says_why() -> None:
    estimate = proportion(0, 0)
    assert estimate.value is None and estimate.reason is not None and "n = 0" in estimate.reason.text("nl")


def test_an_unknown_method_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(ValueError, match="wilson, clopper-pearson, jeffreys"):
        proportion(1, 5, method="wald")  # type: ignore[arg-type]


def test_strands_without_data_give_dashes_and_no_error() -> None:
    found = sessions.numbers(NOTHING, NOTHING, NOTHING, "nl")
    assert {number["text"] for number in found.values()} == {"–"}
    assert stories.completeness(NOTHING).empty and interviews.theme_tree(NOTHING, "tenants").empty
    assert ledger.testability_counts(NOTHING).empty
    found = integration.numbers(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "en")
    assert {number["value"] for number in found.values()} == {None}


def test_published_tables_are_left_as_they_were() -> None:
    before = published("sessions").copy()
    sessions.numbers(published("sessions"), published("facts"), published("themes"), "nl")
    sessions.programme_table(published("sessions"), "nl")
    pd.testing.assert_frame_equal(published("sessions"), before)


def test_stories_beside_each_other_keep_apart_who_says_what() -> None:
    told = pd.DataFrame(
        [
            (1, "target_group", "Bewoners", "yes", ""),
            (1, "approach", "", "no", "Er waren gesprekken (voorbeelden)."),
            (1, "higher_effect", "Vertrouwen", "caption", "Er kwam vertrouwen."),
            (2, "target_group", "", "no", ""),
        ],
        columns=["story", "element", "text_nl", "in_source", "running_text_nl"],
    )
    shown = stories.in_columns(told, "nl").set_index("element")
    assert list(shown.columns) == ["Verhaal 1", "Verhaal 2"]
    assert shown.loc["target_group", "Verhaal 1"] == "Bewoners"
    assert shown.loc["approach", "Verhaal 1"] == "[Er waren gesprekken (voorbeelden)]"
    assert shown.loc["higher_effect", "Verhaal 1"] == "Vertrouwen †"
    assert set(shown["Verhaal 2"]) == {"–"} and shown.loc["direct_result", "Verhaal 1"] == "–"
