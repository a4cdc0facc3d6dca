from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from koppelkans.coding import cooccurrence, guide, power, saturation, units
from koppelkans.coding.sentences import sentences

pytestmark = pytest.mark.slow

COLUMNS = ["coding", "document", "code", "coder", "start", "end"]


def codings(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(str(key), "d0", code, "x", start, end) for key, (code, start, end) in enumerate(rows)], columns=COLUMNS
    )


def sentences_with(marks: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return documents and codings of whole sentences: `marks` documents x codes x sentences, 1 where a code is."""
    sentence = "Dit is een hele zin. "
    texts = [f"Gesprek {n}. " + sentence * (marks.shape[2] - 1) for n in range(len(marks))]
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(len(marks))], "text": texts})
    rows = []
    for (n, code, place), mark in np.ndenumerate(marks):
        if mark:
            start, end = sentences(texts[n])[place]
            rows.append((f"d{n}", "abcdefghijkl"[code], start, end))
    table = pd.DataFrame(rows, columns=["document", "code", "start", "end"])
    return documents, table.assign(coding=[str(key) for key in range(len(table))], coder="x")[COLUMNS]


def talk(
    generator: np.random.Generator, documents: int, window: float, run: int = 1, ratio: float = 1.0, share: float = 0.2
) -> np.ndarray:
    """Plant two codes in the first part of interviews of 60 sentences, in runs, `ratio` times as often together."""
    marks = np.zeros((documents, 2, 60), dtype=int)
    last = round(60 * window)
    a, b = (generator.random((documents, last)) for _ in range(2))
    starts_a = a < share / run
    given = np.where(starts_a, share * ratio, share * (1 - share * ratio) / (1 - share)) / run
    for code, starts in enumerate((starts_a, b < given)):
        for document, place in np.argwhere(starts):
            marks[document, code, place : min(last, place + run)] = 1
    return marks


def p_of(marks: np.ndarray, parts: int = 8) -> float:
    """Return the p-value of the test on the marks themselves, in equal parts: as `cooccurrence_test`, but faster."""
    tally = cooccurrence.Tally()
    for document, own in enumerate(marks):
        for number in range(parts):
            section = own[:, np.arange(own.shape[1]) * parts // own.shape[1] == number]
            tally.add(cooccurrence.turned(section, np.eye(section.shape[1]))[:, 0, 1], document)
    return tally.row()[-1]


@pytest.mark.parametrize(
    ("rule", "within", "pairs"), [("overlap", 0, 1), ("containment", 0, 1), ("near", 0, 2), ("near", 10, 3)]
)
def test_which_codings_meet_depends_on_the_rule_that_was_stated(
    rule: cooccurrence.Rule, within: int, pairs: int
) -> None:
    table = cooccurrence.cooccurrence(codings(("a", 10, 20), ("b", 12, 15), ("b", 20, 25), ("b", 30, 40)), rule, within)
    assert table["pairs"].tolist() == [pairs]
    assert table.loc[0, ["code_a", "code_b", "codings_a", "codings_b"]].tolist() == ["a", "b", 1, 3]


def test_crossing_codings_overlap_and_neither_contains_the_other() -> None:
    crossing = codings(("a", 10, 20), ("b", 15, 25))
    assert len(cooccurrence.cooccurrence(crossing)) == 1 and cooccurrence.cooccurrence(crossing, "containment").empty


def test_codings_of_two_coders_meet_only_when_asked() -> None:
    two = codings(("a", 10, 20), ("b", 10, 20)).assign(coder=["x", "y"])
    assert cooccurrence.cooccurrence(two).empty
    assert cooccurrence.cooccurrence(two, across_coders=True)["pairs"].tolist() == [1]


def test_what_two_coders_both_coded_is_one_pair_of_the_whole_project() -> None:
    # both coders give both codes to the first stretch; the second of b is read by one of them
    x = codings(("a", 10, 20), ("b", 10, 20), ("b", 15, 30))
    y = codings(("a", 10, 20), ("b", 10, 20)).assign(coder="y", coding=["3", "4"])
    row = cooccurrence.cooccurrence(pd.concat([x, y]), across_coders=True).iloc[0]
    assert row[["pairs", "codings_a", "codings_b", "jaccard"]].tolist() == [2, 1, 2, 1.0]
    assert cooccurrence.cooccurrence(pd.concat([x, y])).loc[0, "pairs"] == 3


def test_codes_that_are_nearly_twice_as_often_together_are_found() -> None:
    generator = np.random.default_rng(4)
    found = {n: np.mean([p_of(talk(generator, n, 1, ratio=1.8)) <= 0.05 for _ in range(100)]) for n in (5, 10)}
    assert found[5] > 0.7 and found[10] > 0.9


def test_the_test_on_codings_of_sentences_is_the_one_on_marks_and_expects_what_independence_gives() -> None:
    marks = talk(np.random.default_rng(1), 6, 1, share=0.4)
    documents, coded = sentences_with(marks)
    row = cooccurrence.cooccurrence_test(coded, documents).iloc[0]
    sections = np.array([place * 8 // 60 for place in range(60)])
    expected = sum(
        own[0, sections == n].sum() * own[1, sections == n].sum() / (sections == n).sum()
        for own in marks
        for n in range(8)
    )
    assert row["together"] == (marks[:, 0] & marks[:, 1]).sum() and row["expected"] == pytest.approx(expected)
    assert row["low"] <= row["expected"] <= row["high"] and row["sections"] == "position"
    again = cooccurrence.cooccurrence_test(coded, documents)
    assert again.iloc[0].equals(row)


def test_of_sixty_six_pairs_a_strong_one_stays_below_the_level_after_holm() -> None:
    generator = np.random.default_rng(2)
    marks = (generator.random((8, 12, 60)) < 0.2).astype(int)
    marks[:, 1] |= marks[:, 0]
    table = cooccurrence.cooccurrence_test(*reversed(sentences_with(marks)))
    assert len(table) == 66 and table.iloc[0][["code_a", "code_b"]].tolist() == ["a", "b"]
    assert table["p_holm"].iloc[0] == pytest.approx(66 * table["p"].iloc[0]) and table["p_holm"].iloc[0] < 0.05
    assert table["p_holm"].iloc[1] > 0.05


def test_near_counts_sentences_a_few_characters_apart_and_overlap_only_one_sentence() -> None:
    marks = np.zeros((1, 2, 40), dtype=int)
    marks[0, 0, [2, 20]], marks[0, 1, [3, 30]] = 1, 1
    documents, coded = sentences_with(marks)
    same = cooccurrence.cooccurrence_test(coded, documents, parts=1).iloc[0]
    near = cooccurrence.cooccurrence_test(coded, documents, within=30, parts=1).iloc[0]
    assert (same["together"], near["together"], near["documents"]) == (0, 1, 1) and near["expected"] > same["expected"]
    marks[0, :, 20:] = marks[0, 0, 2] = 0
    marks[0, 0, 19], marks[0, 1, 20] = 1, 1  # side by side, the edge of a section between them
    edge = cooccurrence.cooccurrence_test(*reversed(sentences_with(marks)), within=30, parts=2)
    assert edge.empty or edge["together"].tolist() == [0]


TALK = """Onderzoek in de wijk
Interviewer: Hoe woont u hier?
Respondent: Het is koud. Het tocht. De huur is hoog. Ik zit hier lang. Ja. De trap is stuk.
Interviewer: Vertel verder over {name}.
Respondent: Ik weet het niet meer.
Interviewer: Wat zou u helpen?
Respondent: Een nieuw raam. Een lagere huur. Meer rust. Een lift. Een tuin. Een winkel.
"""


def test_questions_that_interviews_have_in_common_begin_sections_and_are_no_units() -> None:
    documents = pd.DataFrame({"document": ["d0", "d1"], "text": [TALK.format(name=name) for name in ("Jan", "Piet")]})
    pieces = units.units(documents, codings(), "sentence")
    found = guide.sections(documents, pieces)
    assert set(found["known_from"]) == {"guide"}
    assert found.groupby(["document", "section"]).size().tolist() == [7, 6] * 2
    # one interview has nothing in common with others: equal parts, and the interviewer's own words are still no units
    alone = guide.sections(documents.head(1), pieces[pieces["document"] == "d0"], parts=2)
    assert set(alone["known_from"]) == {"position"} and alone.groupby("section").size().tolist() == [7, 7]
    with pytest.raises(ValueError, match="parts is 0"):
        guide.sections(documents, pieces, parts=0)


def test_one_code_or_none_has_no_pairs_and_no_error() -> None:
    one = codings(("a", 0, 10), ("a", 5, 15))
    documents = pd.DataFrame({"document": ["d0"], "text": ["Dit is een hele zin."]})
    for table in (one, one.iloc[:0]):
        assert cooccurrence.cooccurrence(table).empty and cooccurrence.cooccurrence_test(table, documents).empty
    with pytest.raises(ValueError, match="overlap, containment, near"):
        cooccurrence.cooccurrence(one, "touch")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="with rule near"):
        cooccurrence.cooccurrence(one, "overlap", within=5)


# --- saturation


def interviews(*codes: str) -> tuple[pd.DataFrame, list[str]]:
    order = [f"i{number}" for number in range(1, len(codes) + 1)]
    rows = [(name, code) for name, held in zip(order, codes, strict=True) for code in held]
    return pd.DataFrame(rows, columns=["document", "code"]), order


def test_saturation_is_found_where_it_was_planted() -> None:
    # twelve codes in the first four interviews, one in the fifth, then nothing new
    table = saturation.new_information(*interviews("abcd", "efg", "ahij", "kl", "am", "ab", "c", "d"))
    assert table["new"].tolist() == [4, 3, 3, 2, 1, 0, 0, 0] and table["total"].iloc[-1] == 13
    assert table["run_new"].tolist()[:5] == [pd.NA] * 5 and table["run_new"].tolist()[5:] == [1, 0, 0]
    assert table["share"].iloc[5] == pytest.approx(1 / 12)
    found = saturation.saturation(table)
    assert (found.interviews, found.run, found.codes, found.share) == (5, 2, 13, 0.0)
    assert saturation.saturation(table, threshold=0.1).interviews == 4


def new_codes(*counts: int) -> list[str]:
    """Give the codes of interviews that bring so many new ones each."""
    starts = [sum(counts[:place]) for place in range(len(counts))]
    return [
        "".join(map(chr, range(0x4E00 + start, 0x4E00 + start + n))) for start, n in zip(starts, counts, strict=True)
    ]


@pytest.mark.parametrize(("run", "reached"), [(2, 6), (3, 7)])
def test_the_worked_example_of_guest_namey_and_chen_is_found_again(run: int, reached: int) -> None:
    """Their base has 37 codes; a run with four new ones is 11%, too many, the next with one is 3%: 6 + 2, and 7 + 3."""
    table = saturation.new_information(*interviews(*new_codes(16, 9, 7, 5, 0, 3, 1, 0, 1, 0)), 4, run)
    assert table["total"].iloc[3] == 37
    if run == 2:
        assert [round(100 * float(share)) for share in table["share"].iloc[6:8]] == [11, 3]
    found = saturation.saturation(table, 4, run, 0.05)
    assert (found.interviews, found.run) == (reached, run)


def test_below_twenty_codes_in_the_base_five_percent_is_none() -> None:
    for in_base, reached in ((19, 5), (20, 4)):
        table = saturation.new_information(*interviews(*new_codes(in_base, 0, 0, 0, 1, 0, 0)), 4, 2)
        assert saturation.saturation(table, 4, 2, 0.05).interviews == reached


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        (["a", "b", "c"], "fewer interviews"),
        ([], "fewer interviews"),
        (["", "", "", "", "a", "b"], "no code was used in the base"),
        (["a", "b", "c", "d", "e", "f", "g"], "no run brought as little new"),
    ],
)
def test_saturation_that_cannot_be_told_says_why(codes: list[str], why: str) -> None:
    found = saturation.saturation(saturation.new_information(*interviews(*codes)))
    assert found.interviews is None and found.reason is not None and why in found.reason.text("en")


def test_the_order_of_interviews_matters_and_the_band_shows_how_much() -> None:
    held, order = interviews("abcd", "efg", "ahij", "kl", "am", "ab", "c", "d")
    effects = saturation.order_effects(held, order, draws=400)
    assert effects.band["codes"].is_monotonic_increasing and effects.band.iloc[-1].tolist() == [8, 13, 13, 13]
    assert effects.points["orders"].sum() == 400 and len(effects.points) > 1
    # after one interview, the mean number of codes is the mean over interviews
    assert effects.band["codes"].iloc[0] == pytest.approx(held.groupby("document")["code"].nunique().mean(), abs=0.2)
    same = saturation.order_effects(held, order, draws=400)
    pd.testing.assert_frame_equal(effects.points, same.points)


def test_interviews_that_all_say_the_same_saturate_in_every_order() -> None:
    effects = saturation.order_effects(*interviews(*["abc"] * 7), draws=50)
    assert effects.points["interviews"].tolist() == [4] and effects.points["share"].tolist() == [1.0]


def test_several_documents_can_be_one_interview() -> None:
    held, _ = interviews("ab", "c", "ad")
    cases = pd.Series({"i1": "r1", "i2": "r1", "i3": "r2"})
    table = saturation.new_information(held, ["r1", "r2"], 1, 1, cases)
    assert table["new"].tolist() == [3, 1] and table["share"].iloc[1] == pytest.approx(1 / 3)


# --- what one interview coded twice can show


def test_the_planned_width_of_kappa_is_what_simulated_coders_get() -> None:
    planned = power.kappa_width([200], [0.2]).iloc[0]
    simulated = power.simulate_kappa(200, 0.2, 0.7, draws=800)
    assert simulated["high"] - simulated["low"] == pytest.approx(planned["width"], rel=0.12)
    assert simulated["coverage"] == pytest.approx(0.95, abs=0.03) and planned["agreement"] == pytest.approx(0.904)


def test_rare_codes_need_more_units_and_too_few_units_say_so() -> None:
    table = power.kappa_width([30, 120], [0.05, 0.3])
    few = table[(table["units"] == 30) & (table["prevalence"] == 0.05)].iloc[0]
    assert pd.isna(few["width"]) and "fewer than 5" in few["reason_en"] and "minder dan 5" in few["reason_nl"]
    assert power.units_needed(0.05) > power.units_needed(0.3)
    n = power.units_needed(0.3, 0.7, 0.4, power=0.5)
    assert power.kappa_width([n], [0.3])["low"].iloc[0] >= 0.4 > power.kappa_width([n - 1], [0.3])["low"].iloc[0]
    clustered = power.kappa_width([120], [0.3], design_effect=4)["width"].iloc[0]
    assert clustered == pytest.approx(
        2 * table[(table["units"] == 120) & (table["prevalence"] == 0.3)]["width"].iloc[0]
    )


@pytest.mark.parametrize("prevalence", [0.1, 0.3, 0.5])
def test_the_units_needed_have_the_power_asked_for(prevalence: float) -> None:
    n = power.units_needed(prevalence, 0.7, 0.4, power=0.8)
    assert power.simulate_kappa(n, prevalence, 0.7, 0.4, draws=600)["shown"] == pytest.approx(0.8, abs=0.07)
    with pytest.raises(ValueError, match="power is 1"):
        power.units_needed(prevalence, power=1)


def test_a_kappa_that_two_coders_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="can have"):
        power.table_of_two(0.1, -0.5)
    with pytest.raises(ValueError, match="less than kappa"):
        power.units_needed(0.3, 0.4, 0.6)
