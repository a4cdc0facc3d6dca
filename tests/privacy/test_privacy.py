"""Personal data: what is found, what is left alone, and that codings keep their words when it is replaced."""

import functools
import shutil
from pathlib import Path

import deduce
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.privacy import names, personal_data
from koppelkans.privacy.pseudonyms import is_pseudonym, moved, pseudonyms, replace_in_documents, replaced


def found(text: str) -> dict[str, str]:
    rows = personal_data.scan(pd.DataFrame({"document": ["d"], "text": [text]}))
    return dict(zip(rows["words"], rows["kind"], strict=True))


def iban(bank: str, account: str) -> str:
    """An IBAN with the check digits that ISO 13616 gives: 98 less the remainder by 97."""
    digits = "".join(str(int(sign, 36)) for sign in f"{bank}{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}{bank}{account}"


def bsn(first_eight: str) -> str | None:
    """A citizen service number that starts with eight digits; None where no ninth digit fits."""
    last = sum(int(digit) * weight for digit, weight in zip(first_eight, range(9, 1, -1), strict=True)) % 11
    return f"{first_eight}{last}" if last < 10 else None


class TestRules:
    @pytest.mark.parametrize(
        ("text", "words", "kind"),
        [
            ("Mail naar j.bakker+huur@voorbeeld.nl graag", "j.bakker+huur@voorbeeld.nl", "e-mail"),
            ("Bel 06-12345678 na zessen", "06-12345678", "telephone"),
            ("Bel +31 6 1234 5678.", "+31 6 1234 5678", "telephone"),
            ("of (035) 601 23 45", "(035) 601 23 45", "telephone"),
            ("of 0031 35 6012345,", "0031 35 6012345", "telephone"),
            ("op 3762 AB 12 a gewoond", "3762 AB 12 a", "postcode"),
            ("op 3762AB, nr. 12 gewoond", "3762AB, nr. 12", "postcode"),
            ("aan de Smitsweg 14 daar", "Smitsweg 14", "address"),
            ("ik ben geboren op 3 mei 1961 in", "3 mei 1961", "date-of-birth"),
            ("geb. 03-05-61, dus", "03-05-61", "date-of-birth"),
            ("was het 12-04-1978 toen", "12-04-1978", "date-of-birth"),
        ],
    )
    def test_likely_personal_data_is_found(self, text: str, words: str, kind: str) -> None:
        assert found(text) == {words: kind}

    @pytest.mark.parametrize(
        "text",
        [
            "Er waren 12 sessies van september 2021 tot maart 2023.",
            "Het inkomen is € 25.100 tegen € 32.400.",
            "In 2050 moet alles aardgasvrij zijn, dat is 0,3 graden per 10 jaar.",
            "De sessie was op 14-03-2023 om 13:30 uur.",
            "Kamer 3762 en lijn 112 233 44.",
            "Dossier HBOPD.2018.04.004",
        ],
    )
    def test_ordinary_numbers_and_dates_are_left_alone(self, text: str) -> None:
        assert found(text) == {}

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(st.from_regex(r"[A-Z]{4}", fullmatch=True), st.from_regex(r"[0-9]{10}", fullmatch=True))
    def test_an_iban_is_found_by_its_check_digits(self, bank: str, account: str) -> None:
        right = iban(bank, account)
        wrong = f"{right[:2]}{(int(right[2:4]) + 1) % 100:02d}{right[4:]}"
        assert found(f"Rekening {right}.") == {right: "iban"}
        assert "iban" not in found(f"Rekening {wrong}.").values()

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
    def test_a_bsn_is_found_by_its_check_digit(self, first_eight: str) -> None:
        right = bsn(first_eight)
        if right is not None:
            wrong = f"{first_eight}{(int(right[-1]) + 1) % 10}"
            assert found(f"bsn {right} dus") == {right: "bsn"}
            assert "bsn" not in found(f"bsn {wrong} dus").values()

    def test_the_same_words_get_the_same_mark(self) -> None:
        documents = pd.DataFrame({"document": ["a", "b"], "text": ["Mail a@b.nl, c@d.nl", "Mail A@B.NL"]})
        marks = personal_data.replacements(personal_data.scan(documents))["replacement"]
        assert list(marks) == ["[E-MAIL 1]", "[E-MAIL 2]", "[E-MAIL 1]"]

    def test_what_is_printed_of_it_cannot_be_read(self) -> None:
        assert personal_data.masked("Fatima Bakker") == "F····· B·····"


def test_names_and_places_are_found_with_deduce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streets and institutions, of which deduce makes a tree for two minutes, are cut short; all else is its own."""
    lists = tmp_path / "lookup"
    shutil.copytree(Path(str(deduce.__file__)).parent / "data" / "lookup" / "src", lists / "src")
    for items in [*lists.rglob("lst_street/*.txt"), *lists.rglob("lst_healthcare_institution/items.txt")]:
        items.write_text("".join(items.read_text(encoding="utf-8").splitlines(keepends=True)[:500]), encoding="utf-8")
    short = functools.partial(deduce.Deduce, lookup_data_path=lists, cache_path=lists)
    monkeypatch.setattr(deduce, "Deduce", short)
    text = "Ik heet Fatima el Amrani en mijn buurman Piet de Vries woont in Soest."
    rows = personal_data.scan(pd.DataFrame({"document": ["d"], "text": [text]}), names.finder())
    assert dict(zip(rows["words"], rows["kind"], strict=True)) == {
        "Fatima el Amrani": "name", "Piet de Vries": "name", "Soest": "place",
    }  # fmt: skip


class TestPseudonyms:
    def test_names_get_numbers_and_pseudonyms_stay(self) -> None:
        given = pseudonyms(["Sanne", "R02", "Ali", "huurder 3"], "R")
        assert given == {"Ali": "R01", "R02": "R02", "Sanne": "R03", "huurder 3": "huurder 3"}

    def test_who_had_one_keeps_it_when_others_come(self) -> None:
        before = pseudonyms(["Sanne", "Mo"], "R")
        after = pseudonyms(["Ali", "Mo", "Sanne"], "R", before)
        assert {name: after[name] for name in before} == before
        assert len(set(after.values())) == len(after)

    @pytest.mark.parametrize(
        ("name", "is_one"), [("R1", True), ("Interview 12", True), ("Jan", False), ("Jan 1", False)]
    )
    def test_a_name_with_a_number_is_no_pseudonym(self, name: str, is_one: bool) -> None:
        assert is_pseudonym(name) == is_one


TEXTS = st.text(alphabet="ab é😀\n", min_size=1, max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, pd.DataFrame, list[tuple[int, int]]]:
    """A text, parts of it to replace, and codings in it."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [(start, end, draw(st.text("XY", max_size=5))) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    codings = [(min(pair), max(pair)) for pair in draw(st.lists(ends, max_size=5))]
    return text, pd.DataFrame(spans, columns=["start", "end", "replacement"]), codings


class TestMovingCodings:
    @settings(max_examples=150, derandomize=True, deadline=None)
    @given(edited())
    def test_words_that_were_not_replaced_keep_their_coding(
        self, case: tuple[str, pd.DataFrame, list[tuple[int, int]]]
    ) -> None:
        text, spans, codings = case
        new, edits = replaced(text, spans)
        gone = {at for start, end, _ in spans.itertuples(index=False) for at in range(start, end)}
        for start, end in codings:
            first, last = moved(start, edits, is_end=False), moved(end, edits, is_end=True)
            assert 0 <= first <= last <= len(new)
            kept = "".join(sign for at, sign in enumerate(text[start:end], start=start) if at not in gone)
            assert [sign for sign in new[first:last] if sign not in "XY"] == list(kept)

    def test_a_coding_of_a_name_holds_its_mark(self) -> None:
        documents = pd.DataFrame({"document": ["d"], "text": ["Dag Sanne, hoe is het?"], "n_characters": [22]})
        codings = pd.DataFrame(
            {
                "document": ["d"] * 3,
                "start": [4, 5, 11],
                "end": [9, 22, 22],
                "text": ["Sanne", "anne, hoe is het?", "hoe is het?"],
            }
        ).astype({"start": "Int64", "end": "Int64"})
        marks = pd.DataFrame({"document": ["d"], "start": [4], "end": [9], "replacement": ["[NAAM 1]"]})
        new, moved_codings = replace_in_documents(documents, codings, marks)
        assert new["text"].tolist() == ["Dag [NAAM 1], hoe is het?"]
        assert moved_codings["text"].tolist() == ["[NAAM 1]", "[NAAM 1], hoe is het?", "hoe is het?"]
        assert documents["text"].tolist() == ["Dag Sanne, hoe is het?"], "the frame that came in stays as it was"
