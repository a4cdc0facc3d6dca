"""Krippendorff's unitising alphas.

No worked example of the paper of 2016 could be had; so the tests rest on what follows from its formulas: where every
passage is one character they are the ordinary alpha, and two small texts are worked out by hand.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from koppelkans.coding.agreement import krippendorff_alpha
from koppelkans.coding.unitising import unitising_alphas
from koppelkans.errors import KoppelkansError


def codings(*rows: tuple[str, str, str, int, int]) -> pd.DataFrame:
    """Return codings: document, coder, code, start, end."""
    table = pd.DataFrame(rows, columns=["document", "coder", "code", "start", "end"])
    return table.assign(coding=[str(n) for n in range(len(table))])


def texts(n: int, length: int) -> pd.DataFrame:
    return pd.DataFrame({"document": [f"d{i}" for i in range(n)], "text": ["x" * length] * n})


def values(table: pd.DataFrame) -> dict[str, float]:
    return {f"{m} {c}".strip(): v for m, c, v in table[["measure", "code", "value"]].itertuples(index=False)}


def test_coders_who_cut_and_code_alike_agree_wholly() -> None:
    rows = [("d0", coder, code, a, z) for coder in "xyz" for code, a, z in (("a", 2, 9), ("b", 9, 15), ("a", 20, 25))]
    assert set(values(unitising_alphas(texts(1, 40), codings(*rows))).values()) == {1.0}


@pytest.mark.parametrize("coders", [2, 3, 4])
def test_passages_of_one_character_give_the_ordinary_alpha(coders: int) -> None:
    generator = np.random.default_rng(coders)
    chosen = generator.integers(0, 4, size=(60, coders))
    rows = [("d0", str(j), f"c{v}", i, i + 1) for i, row in enumerate(chosen) for j, v in enumerate(row) if v]
    found = values(unitising_alphas(texts(1, 60), codings(*rows)))
    assert found["u"] == pytest.approx(krippendorff_alpha(pd.DataFrame(chosen)).value, abs=1e-12)
    assert found["u_binary"] == pytest.approx(
        krippendorff_alpha(pd.DataFrame(chosen > 0).astype(float)).value, abs=1e-12
    )
    coded = pd.DataFrame(chosen).where(lambda cells: cells > 0)
    if coders == 2:  # with more the ordinary alpha weighs a unit by how many coded it
        assert found["cu"] == pytest.approx(krippendorff_alpha(coded).value, abs=1e-12)


def test_a_text_worked_out_by_hand() -> None:
    """Ten characters; x codes 0-4 with a and 6-8 with b, y codes 0-3 with a and 5-8 with b."""
    found = values(unitising_alphas(texts(1, 10), codings(
        ("d0", "x", "a", 0, 4), ("d0", "x", "b", 6, 8), ("d0", "y", "a", 0, 3), ("d0", "y", "b", 5, 8),
    )))  # fmt: skip
    n = {"gap": 8, "a": 7, "b": 5}
    own = {"gap": 8, "a": 4**2 + 3**2, "b": 2**2 + 3**2}
    alike = {"gap": 6, "a": 6, "b": 4}
    scale = Fraction(20, 20**2 - sum(own.values()))
    by_chance = {value: scale * (n[value] ** 2 - own[value]) for value in n}
    assert found["u"] == pytest.approx(float(1 - (20 - sum(alike.values())) / (20 - sum(by_chance.values()))))
    gap_apart = scale * n["gap"] * (n["a"] + n["b"])
    assert found["u_binary"] == pytest.approx(float(1 - 2 / gap_apart))
    assert found["cu"] == found["ku a"] == found["ku b"] == 1


def test_codes_are_compared_where_passages_overlap() -> None:
    spans = [("p", "2", 2, 5), ("p", "1", 7, 9), ("q", "2", 2, 4), ("q", "2", 7, 9)]
    found = values(unitising_alphas(texts(1, 20), codings(*(("d0", *span) for span in spans))))
    # cu by hand: passages share 2-4 (2, 2) and 7-9 (1, 2); 8 of values in all, 4 alike
    n1, n2, own1, own2 = 2, 6, 4, 3 * 4
    expected_alike = Fraction(8, 8**2 - own1 - own2) * ((n1**2 - own1) + (n2**2 - own2))
    assert found["cu"] == pytest.approx(float(1 - (8 - 4) / (8 - expected_alike)))


def test_edges_that_slip_cost_less_than_passages_that_are_missed() -> None:
    same = [("d0", "x", "a", 10, 30), ("d0", "x", "a", 50, 70)]
    slipped = values(
        unitising_alphas(texts(1, 100), codings(*same, ("d0", "y", "a", 12, 30), ("d0", "y", "a", 50, 71)))
    )
    missed = values(unitising_alphas(texts(1, 100), codings(*same, ("d0", "y", "a", 10, 30))))
    assert 1 > slipped["u"] > 0.8 > missed["u"] and slipped["u"] == pytest.approx(slipped["u_binary"])


def test_overlapping_codes_of_one_coder_are_refused_and_named_and_one_code_alone_is_not() -> None:
    crossed = codings(("d0", "x", "a", 0, 9), ("d0", "x", "b", 5, 12), ("d0", "y", "a", 0, 9))
    with pytest.raises(KoppelkansError, match="coder 'x': a passage with 'b' at 5 overlaps one with 'a'"):
        unitising_alphas(texts(1, 20), crossed)
    one = unitising_alphas(texts(1, 20), crossed[crossed["code"] == "a"]).set_index("measure")
    assert one.loc["u", "value"] == 1 and one.loc["cu", "reason_en"].startswith("not defined, because by chance")
    alone = unitising_alphas(texts(1, 20), crossed[crossed["coder"] == "x"].head(1))
    assert alone["value"].isna().all() and "no document" in alone["reason_en"].iloc[0]


def test_documents_are_what_the_interval_rests_on() -> None:
    generator = np.random.default_rng(5)
    rows = []
    for document in range(8):
        for place in range(0, 200, 20):
            shift = int(generator.integers(0, 8))
            rows += [
                (f"d{document}", "x", "a", place, place + 10),
                (f"d{document}", "y", "a", place + shift, place + 10),
            ]
    table = unitising_alphas(texts(8, 200), codings(*rows)).set_index("measure")
    value, low, high = table.loc["u", ["value", "low", "high"]]
    assert low < value < high < 1 and "8 documents" in table.loc["u", "method"]
    few = unitising_alphas(texts(8, 200), codings(*(row for row in rows if row[0] < "d4"))).set_index("measure")
    assert pd.isna(few.loc["u", "low"]) and "fewer than 5 documents" in few.loc["u", "reason_en"]
