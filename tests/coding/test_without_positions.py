"""Codings without a position in a text: what is then a unit, what stands together, and what is not known."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest

from koppelkans.coding import framework, frequencies, units
from koppelkans.coding.agreement_by_code import by_code
from koppelkans.coding.cooccurrence import cooccurrence, cooccurrence_test

COLUMNS = ["coding", "document", "code", "coder", "start", "end", "place", "text"]
CODES = pd.DataFrame([("kou", "Kou", "Kou"), ("huur", "Huur", "Huur"), ("trap", "Trap", "Trap")],
                     columns=["code", "name", "path"])  # fmt: skip
PDFS = pd.DataFrame([("d1", "r1", "x" * 400, "pdf"), ("d2", "r2", "y" * 400, "pdf")],
                    columns=["document", "respondent", "text", "kind"])  # fmt: skip


def placed(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return codings on quotations: document, place, code, coder."""
    made = [(f"c{n}", d, code, coder, pd.NA, pd.NA, place, "") for n, (d, place, code, coder) in enumerate(rows)]
    return pd.DataFrame(made, columns=COLUMNS)


SHARED = placed(
    *(("d1", "page 1", "kou", who) for who in "AB"),
    ("d1", "page 2", "kou", "A"),
    ("d1", "page 2", "huur", "B"),
    *(("d1", "page 3", "huur", who) for who in "AB"),
    *(("d2", "page 1", "huur", who) for who in "AB"),
)


@pytest.mark.parametrize("unit", ["sentence", "segment", "character"])
def test_quotations_are_the_units_of_agreement_and_not_the_bytes_around_them(unit: units.Unit) -> None:
    table = by_code(PDFS, SHARED, CODES, unit).set_index(["code", "measure"])
    assert table.loc[("kou", "percent"), ["units", "quotations", "value"]].tolist() == [4, 4, 0.75]
    assert table.loc[("kou", "ac1"), "value"] < 1


def test_codings_that_coders_never_share_tell_nothing_of_their_agreement() -> None:
    apart = placed(("d1", "page 1", "kou", "A"), ("d1", "page 2", "kou", "B"))
    table = by_code(PDFS, apart, CODES.head(1), "sentence")
    assert table["value"].isna().all() and table["reason_en"].str.contains("no positions").all()
    whole = by_code(PDFS, apart, CODES.head(1), "document").set_index("measure")
    assert whole.loc["percent", "value"] == 1 and whole.loc["percent", "units"] == 1


def test_a_code_that_nobody_used_in_what_both_read_is_no_perfect_agreement() -> None:
    table = by_code(PDFS, SHARED, CODES, "sentence").set_index(["code", "measure"])
    assert table.loc["trap", "value"].isna().all() and (table.loc["trap", "prevalence"] == 0).all()
    assert table.loc["trap", "reason_nl"].str.contains("geen codeur gebruikte de code").all()


def test_codings_without_a_position_in_a_coded_text_are_counted_as_left_out() -> None:
    texts = pd.DataFrame([("d1", "r1", "Een zin. Nog een zin.")], columns=["document", "respondent", "text"])
    both = pd.concat([
        pd.DataFrame([(f"t{who}", "d1", "kou", who, 0, 8, "", "") for who in "AB"], columns=COLUMNS),
        placed(("d1", "page 1", "kou", "A")),
    ])  # fmt: skip
    table = by_code(texts, both, CODES.head(1), "sentence")
    assert set(table["left_out"]) == {1} and set(table["units"]) == {2} and set(table["quotations"]) == {0}


def test_a_unit_that_one_coder_left_uncoded_was_still_read_by_both() -> None:
    """34 answers; B coded none of 8. A code that A alone used, once: 33 of 34 alike, which is .971."""
    answers = pd.DataFrame([(f"d{n}", "", "") for n in range(34)], columns=["document", "respondent", "text"])
    rows = [(f"d{n}", "", "kou", who) for n in range(34) for who in ("A", "B") if who == "A" or n >= 8]
    codings = placed(*rows, ("d3", "", "trap", "A"))
    table = by_code(answers, codings, CODES, "document", measures=("percent", "ac1")).set_index(["code", "measure"])
    assert table.loc[("trap", "percent"), ["units", "value"]].tolist() == [34, pytest.approx(0.971, abs=5e-4)]
    assert table.loc[("kou", "percent"), "value"] == pytest.approx(26 / 34)
    told = pd.DataFrame([(f"d{n}", who) for n in range(8, 34) for who in ("A", "B")], columns=["document", "coder"])
    told = by_code(answers, codings, CODES, "document", measures=("percent",), readers=told).set_index("code")
    assert told.loc["kou", ["units", "value"]].tolist() == [26, 1.0]


def test_codes_on_one_quotation_stand_together_as_in_a_table_of_co_occurring_codes() -> None:
    rows = {"page 1": "kou huur", "page 2": "kou huur trap", "page 3": "trap", "page 4": "huur trap"}
    codings = placed(*(("d1", place, code, "A") for place, codes in rows.items() for code in codes.split()))
    expected = {
        pair: sum(set(pair) <= set(codes.split()) for codes in rows.values())
        for pair in combinations(("huur", "kou", "trap"), 2)
    }
    for rule in ("overlap", "containment", "near"):
        found = cooccurrence(codings, rule)  # type: ignore[arg-type]
        assert {(a, b): n for a, b, n in found[["code_a", "code_b", "pairs"]].itertuples(index=False)} == expected
    tested = cooccurrence_test(codings, PDFS)
    assert dict(zip(zip(tested["code_a"], tested["code_b"], strict=True), tested["together"], strict=True)) == expected
    assert set(tested["sections"]) == {"none"}


def test_two_codes_alone_on_quotations_can_never_be_more_often_together_than_expected() -> None:
    rows = ["kou huur"] * 5 + ["kou"] * 3 + ["huur"] * 4
    codings = placed(*(("d1", f"page {n}", code, "A") for n, codes in enumerate(rows) for code in codes.split()))
    assert cooccurrence_test(codings, PDFS)["p"].tolist() == pytest.approx([1.0])


def test_two_coders_who_share_a_quotation_make_one_pair_of_the_whole_project_and_none_of_one_coder() -> None:
    shared = placed(("d1", "page 1", "kou", "A"), ("d1", "page 1", "huur", "B"), ("d1", "page 1", "kou", "B"))
    assert cooccurrence(shared, across_coders=True)["pairs"].tolist() == [1]
    assert cooccurrence(shared)["pairs"].tolist() == [1]
    assert cooccurrence(shared.head(2)).empty and len(cooccurrence(shared.head(2), across_coders=True)) == 1


def test_the_same_words_without_a_place_are_one_quotation_and_nothing_at_all_is_none() -> None:
    rows = [(f"c{n}", "d1", code, "A", pd.NA, pd.NA, "", words)
            for n, (code, words) in enumerate([("kou", "het tocht"), ("huur", "het tocht"), ("trap", "")])]  # fmt: skip
    found = cooccurrence(pd.DataFrame(rows, columns=COLUMNS))
    assert found[["code_a", "code_b", "pairs"]].to_numpy().tolist() == [["huur", "kou", 1]]


def test_characters_of_codings_without_a_position_are_unknown_and_not_none() -> None:
    counts = frequencies.frequencies(SHARED, PDFS, codes=CODES).set_index("code")
    assert counts["characters"].isna().tolist() == [True, True, False]
    assert counts.loc["trap", ["codings", "characters"]].tolist() == [0, 0]
    cells = framework.framework(SHARED, PDFS, ["kou", "trap"]).set_index(["case", "theme"])
    assert pd.isna(cells.loc[("r1", "kou"), "characters"]) and cells.loc[("r1", "trap"), "characters"] == 0
