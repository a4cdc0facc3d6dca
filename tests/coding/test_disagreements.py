"""Passages on which coders differ, what they decide, and agreement before and after."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from koppelkans.coding import disagreements as among
from koppelkans.coding.agreement import cohen_kappa
from koppelkans.coding.units import ratings
from koppelkans.errors import KoppelkansError
from koppelkans.readers.decisions import read_decisions, write_decisions

SENTENCES = ["Het is koud.", "De huur is hoog.", "Wij wachten nog.", "Dat was het."]
TEXT = " ".join(SENTENCES)
STARTS = [TEXT.index(sentence) for sentence in SENTENCES]
DOCUMENTS = pd.DataFrame({"document": ["d1", "d2"], "name": ["gesprek 1", "gesprek 2"], "text": [TEXT, TEXT]})
CODES = pd.DataFrame({"code": list("abc"), "path": ["kou", "geld > huur", "wachten"]})
PATHS = list(CODES["path"])
COLUMNS = ["coding", "document", "code", "coder", "start", "end", "text", "place"]


def coding(coder: str, code: str, sentence: int, more: int = 0, document: str = "d1") -> tuple[object, ...]:
    start = STARTS[sentence]
    end = start + len(SENTENCES[sentence]) + more
    return (f"{coder}{code}{sentence}{document}", document, code, coder, start, end, TEXT[start:end], "")


def laid_out(*rows: tuple[object, ...], readers: dict[str, str] | None = None) -> pd.DataFrame:
    codings = pd.DataFrame(rows, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})
    read = [(document, coder) for document, coders in (readers or {"d1": "AB"}).items() for coder in coders]
    return among.passages(DOCUMENTS, codings, CODES, pd.DataFrame(read, columns=["document", "coder"]))


BOTH_READ = (
    *(coding("A", "a", 0), coding("B", "a", 0)),
    *(coding("A", "b", 1), coding("B", "c", 1)),
    coding("A", "c", 2),
)


def test_a_passage_on_which_coders_differ_has_the_codes_of_both_its_words_and_its_place() -> None:
    differ = among.differing(laid_out(*BOTH_READ))
    assert differ[["document", "words", "A", "B"]].to_numpy().tolist() == [
        ["gesprek 1", SENTENCES[1], "geld > huur", "wachten"],
        ["gesprek 1", SENTENCES[2], "wachten", "-"],
    ]
    assert differ["start"].tolist() == STARTS[1:3]
    assert among.same(laid_out(*BOTH_READ)) == (1, 3)


def test_a_word_too_many_is_no_difference_and_a_short_coding_is_not_lost() -> None:
    assert among.differing(laid_out(coding("A", "a", 0), coding("B", "a", 0, more=3))).empty
    assert len(among.differing(laid_out(coding("A", "a", 0, more=-9), coding("B", "b", 1)))) == 2


def test_who_did_not_read_is_not_compared_and_who_read_and_coded_nothing_is() -> None:
    rows = (coding("A", "a", 0), coding("A", "a", 0, document="d2"))
    table = laid_out(*rows, readers={"d1": "AC", "d2": "AB"})
    assert among.differing(table)[["document", "A", "B", "C"]].to_numpy().tolist() == [
        ["gesprek 1", "kou", "", "-"],
        ["gesprek 2", "kou", "-", ""],
    ]


def test_codings_without_a_position_are_compared_by_what_they_select() -> None:
    loose = [(f"{coder}{code}", "d1", code, coder, None, None, "", "page 2") for coder, code in ("Aa", "Ba", "Bb")]
    differ = among.differing(laid_out(*loose))
    assert differ[["words", "A", "B"]].to_numpy().tolist() == [["page 2", "kou", "geld > huur; kou"]]


def test_decisions_are_kept_also_of_what_is_no_longer_in_dispute() -> None:
    before = among.differing(laid_out(*BOTH_READ))
    earlier = before.assign(decision=["A", ""], remark=["samen besproken", ""])
    later = among.decided(among.differing(laid_out(*BOTH_READ[:2], coding("A", "c", 2))), earlier)
    assert later[["words", "decision", "remark"]].to_numpy().tolist() == [
        [SENTENCES[2], "", ""],
        [SENTENCES[1], "A", "samen besproken"],
    ]


def test_a_decision_stays_with_its_interview_when_another_comes_in_front() -> None:
    """Keys of documents count on, so that the key of one becomes that of another; and two may have one name."""
    rows = pd.DataFrame(BOTH_READ, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})
    pair = pd.DataFrame([("d1", "A"), ("d1", "B")], columns=["document", "coder"])
    before = among.differing(among.passages(DOCUMENTS, rows, CODES, pair))
    earlier = before.assign(decision=["A", "-"], remark="")
    moved = pd.concat([rows, rows.assign(document="d2")])
    twice = pd.concat([pair, pair.assign(document="d2")])
    for names in (["gesprek 0", "gesprek 1"], ["gesprek 1", "gesprek 1"]):
        table = among.passages(DOCUMENTS.assign(name=names), moved, CODES, twice)
        assert table["place"].is_unique
        later = among.decided(among.differing(table), earlier)
        made = later[later["decision"] != ""]
        assert set(made["document"]) == {"gesprek 1"} and list(made["decision"]) == ["A", "-"]
        assert list(made["words"]) == list(before["words"]) and among.gone(table, earlier).empty


def test_a_decision_about_other_words_is_not_taken_over_and_named() -> None:
    earlier = among.differing(laid_out(*BOTH_READ)).assign(decision=["A", "-"], remark="")
    rows = pd.DataFrame(BOTH_READ, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})
    other = DOCUMENTS.assign(text=TEXT.replace("hoog", "laag"))
    pair = pd.DataFrame([("d1", "A"), ("d1", "B")], columns=["document", "coder"])
    table = among.passages(other, rows, CODES, pair)
    later = among.decided(among.differing(table), earlier)
    assert later[["words", "decision"]].to_numpy().tolist() == [
        [SENTENCES[1].replace("hoog", "laag"), ""], [SENTENCES[2], "-"], [SENTENCES[1], "A"]
    ]  # fmt: skip
    assert among.gone(table, earlier)[["words", "decision"]].to_numpy().tolist() == [[SENTENCES[1], "A"]]


def test_a_decision_on_words_that_a_workbook_changes_comes_back_to_them(tmp_path: Path) -> None:
    quotations = ["de \x0bhuur  is\x07 hoog ", "de huur is hoog", "x" * 1_990 + " " * 20 + "y", "\x0b=1"]
    loose = [
        (f"{coder}{code}{n}", "d1", code, coder, None, None, "", quotation)
        for n, quotation in enumerate(quotations)
        for coder, code in ("Aa", "Bb")
    ]
    differ = among.differing(laid_out(*loose))
    assert len(differ) == 3 == differ["place"].nunique(), "the same words but for blanks are one place"
    earlier = differ.assign(decision=["A", "B", "both"], remark="")
    (tmp_path / "a.xlsx").write_bytes(write_decisions(earlier, ["A", "B"]))
    back = among.decided(differ, read_decisions(tmp_path / "a.xlsx"))
    assert back.to_numpy().tolist() == earlier.to_numpy().tolist()


@pytest.mark.parametrize(
    ("decision", "codes"),
    [("A", "geld > huur"), ("both", "geld > huur; wachten"), ("-", "-"), ("kou; wachten", "kou; wachten")],
)
def test_a_decision_gives_all_readers_its_codes(decision: str, codes: str) -> None:
    table = laid_out(*BOTH_READ)
    made = among.decided(among.differing(table), table.head(0).assign(decision="", remark=""))
    settled = among.after(table, made.assign(decision=[decision, ""]), PATHS)
    assert settled.iloc[1][["A", "B"]].tolist() == [codes, codes]
    assert settled.iloc[2][["A", "B"]].tolist() == ["wachten", "-"]


def test_a_decision_that_cannot_be_one_is_named_with_its_passage() -> None:
    table = laid_out(*BOTH_READ)
    made = among.differing(table).assign(decision=["wachte", ""], remark="")
    with pytest.raises(
        KoppelkansError, match=r"gesprek 1, 'De huur is hoog.*decision 'wachte'.*did you mean 'wachten'"
    ):
        among.after(table, made, PATHS)


def test_a_decision_for_a_coder_who_did_not_read_the_passage_is_refused() -> None:
    rows = (coding("A", "a", 0), coding("C", "b", 0), coding("B", "a", 0, document="d2"))
    table = laid_out(*rows, readers={"d1": "AC", "d2": "AB"})
    made = among.differing(table).assign(decision=["B", ""], remark="")
    with pytest.raises(KoppelkansError, match=r"'Het is koud.*B did not read this passage; expected A, C, both"):
        among.after(table, made, PATHS)


def test_kappa_of_the_passages_is_that_of_the_figure_also_where_two_codings_cover_a_sentence_together() -> None:
    def part(coder: str, start: int, end: int) -> tuple[object, ...]:
        return (f"{coder}{start}", "d1", "a", coder, start, end, TEXT[start:end], "")

    half = STARTS[1] + len(SENTENCES[1]) // 2
    rows = [part("A", 0, half - 1), part("A", half + 1, STARTS[3] - 1), part("B", STARTS[3], len(TEXT))]
    codings = pd.DataFrame(rows, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})
    readers = pd.DataFrame({"document": "d1", "coder": list("AB")})
    of_figure = cohen_kappa(ratings(DOCUMENTS, codings, "a", readers=readers)).value
    table = among.passages(DOCUMENTS, codings, CODES, readers)
    assert table["A"].tolist() == ["kou", "kou", "kou", "-"]
    assert among.agreement_by_code(table, table)["before"].tolist() == [of_figure]


def test_agreement_rises_where_coders_settled_and_one_coder_twice_is_two_readings() -> None:
    table = laid_out(*BOTH_READ)
    made = among.differing(table).assign(decision=["B", "-"], remark="")
    found = among.agreement_by_code(table, among.after(table, made, PATHS)).set_index("code")
    assert found.loc["wachten", "before"] < found.loc["wachten", "after"] == 1.0
    again = laid_out(coding("A", "a", 0), coding("A 2", "b", 0), readers={"d1": ["A", "A 2"]})  # type: ignore[dict-item]
    assert among.coders_of(again) == ["A", "A 2"] and len(among.differing(again)) == 1


def test_without_documents_that_two_people_read_there_is_nothing() -> None:
    assert laid_out(coding("A", "a", 0), readers={"d1": "A"}).empty
