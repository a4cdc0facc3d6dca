"""Themes in groups of people with their tests, people without a common theme, and the order of interviews."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from koppelkans.errors import KoppelkansError
from koppelkans.figures import field
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded import NOTHING_CODED, Coded, of_strand
from koppelkans.strands.coded_groups import associations, by_attribute, negative_cases, order_of_cases
from koppelkans.strands.coded_patterns import (
    ONE_CODED,
    ONE_INTERVIEWED,
    TELLS_OF_FEW,
    Saturated,
    contrast,
    saturated,
)

CODES = pd.DataFrame({"code": list("abc"), "name": ["warm", "bill", "help"], "parent": "", "path": list("abc")})


def held(said: list[str], attributes: dict[str, list[str]] | None = None, minimum: int = 1, unread: int = 0) -> Coded:
    """Interviews with people R1, R2, ...: `said` has the codes of each."""
    names = [f"R{who}" for who in range(1, len(said) + unread + 1)]
    documents = pd.DataFrame({"document": names, "respondent": names, "strand": "tenants", "name": names})
    documents = documents.assign(text="Zo is het.", n_characters=10, origin="synthetic")
    by_name = zip(names, said, strict=False)
    rows = [(f"{name}{code}", name, code, "x", 0, 5, "Zo is") for name, own in by_name for code in own]
    columns = ["coding", "document", "code", "coder", "start", "end", "text"]
    codings = pd.DataFrame(rows, columns=columns).assign(origin="synthetic")
    known = [
        (name, key, value)
        for key, values in (attributes or {}).items()
        for name, value in zip(names, values, strict=False)
    ]
    table = pd.DataFrame(known, columns=["respondent", "attribute", "value"]).assign(origin="synthetic")
    return of_strand(documents, CODES.assign(description="", origin="synthetic"), codings, table, "tenants", minimum)


SAID = [*["ab"] * 6, *["b"] * 2, "", *["bc"] * 2, "c", "c", "c", "c"]
AGE = [*["young"] * 8, *["old"] * 7]


def test_themes_are_tested_between_groups_and_corrected_for_all_of_them() -> None:
    table = by_attribute(held(SAID, {"age": AGE}), "age").drop_duplicates("theme").set_index("theme")
    assert table.loc["warm", "p"] == pytest.approx(stats.boschloo_exact([[6, 0], [2, 6]]).pvalue)
    assert table["p_holm"].tolist() == pytest.approx(multipletests(table["p"].astype(float), method="holm")[1])
    assert set(table["test"]) == {"boschloo"}
    three = by_attribute(held(SAID, {"age": [*["young"] * 5, *["middle"] * 5, *["old"] * 5]}), "age")
    assert three["test"].str.startswith("Freeman-Halton").all() and three["p"].notna().all()


def test_people_of_unknown_group_are_shown_and_not_tested() -> None:
    unknown = by_attribute(held(SAID, {"age": AGE[:-2]}), "age")
    row = unknown[unknown["theme"] == "help"].iloc[0]
    assert "?" in set(unknown["group"]) and row["p"] == pytest.approx(stats.boschloo_exact([[0, 4], [8, 0]]).pvalue)


def test_no_p_is_told_where_a_count_is_hidden() -> None:
    table = by_attribute(held(SAID, {"age": AGE}, minimum=5), "age")
    hidden = table.groupby("theme")["hidden"].agg(lambda marks: (marks != "").any())
    assert hidden.any() and table.set_index("theme").loc[hidden.index[hidden], "p"].isna().all()
    chart = field.groups(table, "age")
    assert chart.numbers("nl")["themes_tested"] == (int((~hidden).sum()) or None)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_figure_tells_p_below_the_name_of_a_theme(language: str) -> None:
    chart = field.groups(by_attribute(held(SAID, {"age": AGE}), "age"), "age")
    assert "Holm" in chart.describe(language)[0] and chart.numbers(language)["test"] == "Boschloo"
    for width in (5.6, 3.6):
        [axes] = chart.draw(width, language).axes
        assert all("Holm" in label.get_text() for label in axes.get_yticklabels())


def test_negative_cases_are_people_without_a_theme_that_most_have() -> None:
    table = negative_cases(held(["ab", "ab", "b", "b", "a", "c"]))
    assert isinstance(table, pd.DataFrame)
    assert table.to_numpy().tolist() == [["bill", 4, 6, 2, "R5, R6"]]
    everybody = negative_cases(held(["ab", "ab", "b", "b", "a", "c"]), most=0.2)
    assert isinstance(everybody, pd.DataFrame) and everybody["theme"].tolist() == ["warm", "bill"]
    assert isinstance(negative_cases(held(["a", "b", "c"])), Reason)
    assert isinstance(negative_cases(held([])), Reason)


def test_themes_that_come_up_in_the_same_people_are_tested_and_corrected() -> None:
    said = [*["ab"] * 6, *["c"] * 5, "abc"]
    table = associations(held(said))
    assert isinstance(table, pd.DataFrame)
    first = table.iloc[0]
    assert first[["theme_a", "theme_b"]].tolist() == ["warm", "bill"]
    assert first[["both", "a_only", "b_only", "neither"]].tolist() == [7, 0, 0, 5] and first["phi"] == 1
    assert first["p"] == pytest.approx(stats.fisher_exact([[7, 0], [0, 5]]).pvalue)
    assert table["p_holm"].tolist() == pytest.approx(multipletests(table["p"], method="holm")[1])
    assert table["phi"].tolist()[1:] == pytest.approx([np.corrcoef([1] * 7 + [0] * 5, [0] * 6 + [1] * 6)[0, 1]] * 2)
    shown = field.associations_table(table, "nl")
    assert isinstance(shown, pd.DataFrame) and shown["themes"].iloc[0] == "warm + bill"
    assert "Holm" in shown["p"].iloc[0] and shown["phi"].iloc[0] == "1,00"


def test_themes_that_all_or_too_few_people_have_give_no_number() -> None:
    everybody = associations(held(["ab", "ab", "a"]))
    assert isinstance(everybody, pd.DataFrame) and everybody["phi"].isna().all()
    assert isinstance(associations(held(["ab", "ab", "a"], minimum=3)), Reason)
    assert isinstance(associations(held(["a", "a"])), Reason)


def test_who_was_not_read_is_no_negative_case_and_few_people_are_not_named() -> None:
    read = negative_cases(held(["b", "b", "b", "a"], unread=2))
    assert isinstance(read, pd.DataFrame) and read["who"].tolist() == ["R4"]
    few = negative_cases(held(["b", "b", "b", "a"], minimum=3))
    assert isinstance(few, pd.DataFrame) and few[["without", "who"]].to_numpy().tolist() == [[1, ""]]


@pytest.mark.parametrize("days", [["2024-03-02", "2024-11-01", "2024-03-01"], ["2-3-2024", "1-11-2024", "01/03/2024"]])
def test_interviews_are_put_in_the_order_in_which_they_took_place(days: list[str]) -> None:
    assert order_of_cases(held(["a", "b", "c"], {"day": days}), "day") == ["R3", "R1", "R2"]


def test_interviews_are_put_in_order_by_number_or_name() -> None:
    assert order_of_cases(held(["a"] * 3, {"nr": ["10", "9", "1,5"]}), "nr") == ["R3", "R2", "R1"]
    several = held(["a"] * 11)
    assert order_of_cases(several, "name") == order_of_cases(several) == [f"R{who}" for who in range(1, 12)]


def test_an_order_that_is_not_there_is_named() -> None:
    with pytest.raises(KoppelkansError, match=r"no attribute 'dai'.*did you mean 'day'"):
        order_of_cases(held(["a", "b"], {"day": ["1", "2"]}), "dai")
    with pytest.raises(KoppelkansError, match="attribute 'day' of R2: found 'soon', expected the date"):
        order_of_cases(held(["a", "b", "c"], {"day": ["2024-03-02", "soon", "2024-03-01"]}), "day")
    with pytest.raises(KoppelkansError, match="of R2: found ''"):
        order_of_cases(held(["a", "b"], {"day": ["1"]}), "day")


def test_the_order_decides_where_saturation_lies_and_the_figure_names_it() -> None:
    said = ["ab", "a", "a", "a", "a", "a", "c", "a"]
    here = saturated(held(said), 4, 2, 0.05)
    there = saturated(held(said, {"day": ["2", "3", "4", "5", "6", "7", "1", "8"]}), 4, 2, 0.05, order_by="day")
    assert isinstance(here, Saturated) and isinstance(there, Saturated)
    assert here.base_codes == 2 and there.base_codes == 3
    assert here.table["total"].tolist() != there.table["total"].tolist()
    numbers = field.saturation(there).numbers("en")
    assert "day" in numbers["order"] and numbers["base_codes"] == 3
    assert field.saturation(here).numbers("nl")["order"] == "de gegevens"


def test_saturation_is_hidden_where_all_codes_of_few_people_come_late() -> None:
    early = saturated(held(["ac", *["a"] * 7], minimum=5), 4, 2, 0.05)
    late = saturated(held([*["a"] * 7, "ac"], minimum=5), 4, 2, 0.05)
    assert isinstance(early, Saturated) and late == TELLS_OF_FEW
    assert isinstance(saturated(held([*["a"] * 7, "ac"]), 4, 2, 0.05), Saturated), "nothing is hidden"


def test_a_threshold_of_less_than_one_code_is_said() -> None:
    codes = [chr(ord("a") + place) for place in range(26)]
    many = pd.DataFrame({"code": codes, "name": codes, "parent": "", "path": codes})
    coded = held(["abc"] * 6)
    wide = of_strand(
        coded.documents, many.assign(description="", origin="synthetic"),
        coded.every.assign(code=[codes[place % 26] for place in range(len(coded.every))]),
        coded.attributes, "tenants", 1,
    )  # fmt: skip
    found = saturated(wide, 4, 2, 0.05)
    assert isinstance(found, Saturated) and found.base_codes == 12
    assert field.saturation(found).numbers("en")["base_codes"] == 12
    assert field.saturation(saturated(wide, 4, 2, 0.25)).numbers("en")["base_codes"] is None


def test_interviews_that_nobody_coded_are_not_called_missing_or_of_one_theme() -> None:
    uncoded, one_coded = held(["", ""]), held(SAID)
    assert associations(uncoded) is NOTHING_CODED and negative_cases(uncoded) is NOTHING_CODED
    assert contrast(uncoded, uncoded, []) is NOTHING_CODED and contrast(one_coded, uncoded, []) is ONE_CODED
    assert contrast(one_coded, held([]), []) is ONE_INTERVIEWED
