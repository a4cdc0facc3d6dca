"""Verification: what a reader finds who holds the recorded anchors and quotations against a copy of the report.

The text here is invented. With KOPPELKANS_SOURCE=report.pdf (or .txt) the anchors of Smitsveen are held against it.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
import typst

from koppelkans.errors import KoppelkansError
from koppelkans.ledger.source_matching import SourceText, normalised, quotation_hash
from koppelkans.ledger.verification import (
    COLUMNS,
    anchors_of,
    quotation_texts,
    totals,
    verify,
)
from koppelkans.readers.source_text import read_source
from koppelkans.study import open_study
from koppelkans.workflow.tidy import read_tables

STORY = """\
De fietsenmaker in de Kwartelstraat bewaart zijn reserveonderdelen in een magazijn waarvan niemand de sleutel heeft.
Vijf buurvrouwen wilden er een muziekschool beginnen, maar de aannemer vond het affligemse koetshuis geschikter. Volgens
de ABCD-methode telt men eerst wat er al is: twaalf violen, één flügel en veel geïmproviseerde slagwerkinstrumenten.
Zo’n orkest kost €1.250 per jaar – koffie niet meegerekend – en repeteert van 19.30 tot 21.00 uur. “Wij spelen liever
een-op-een met de kinderen dan op het podium,” zei de dirigent in oktober 2019. Toch bleek de binnen- en buitenruimte
efficiënter te gebruiken dan gedacht (zie tabel 4). Het fluitkwartet oefent bij mooi weer op de fietsenstalling, de
trompettisten blijven ‘voorlopig’ in het ijskoude koetshuis. IJverige vrijwilligers vernieuwden de elektriciteit;
de gemeente betaalde het materiaal. Wie zich aanmeldt via e-mail krijgt een uitnodiging voor de generale repetitie.
Het slotconcert trok 340 bezoekers, van wie een derde nog nooit in de wijk was geweest. Niemand had dat verwacht:
de affiches hingen er pas drie dagen. Volgend seizoen komen er zanglessen bij voor volwassenen zonder voorkennis."""
WORDS = STORY.split()


def status(copy: str, anchor: str) -> str:
    return str(checked(copy, anchor)["status"])


def checked(copy: str, anchor: str) -> pd.Series:
    return verify(copy, pd.DataFrame([("claims", "F-1-01", "1", anchor)], columns=COLUMNS[:4])).iloc[0]


@pytest.mark.parametrize(
    ("copy", "anchor"),
    [
        ("zij bewaren hun reserve-\nonderdelen achter het huis", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve- \n  onderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve-\n\nonderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve-\f\nonderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve\u00ad\nonderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve\u00adonderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve\u2011\nonderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun reserve- onderdelen achter", "hun reserveonderdelen achter"),
        ("zij bewaren hun re-serveonderdelen achter", "hun reserveonderdelen achter"),
        ("volgens de ABCD-\nmethode telt", "de ABCD-methode telt"),
        ("volgens de ABCD\u2011methode telt", "de ABCD-methode telt"),
        ("liever een-op-\neen met kinderen", "liever een-op-een met"),
        ("de binnen-\nen buitenruimte", "de binnen- en buitenruimte"),
        ("de binnen- en buitenruimte", "binnen- en buitenruimte"),
        ("een eﬃciënt ﬂuitkwartet, ﬁjn", "efficiënt fluitkwartet, fijn"),
        ("een efficiënt fluitkwartet", "eﬃciënt ﬂuitkwartet"),
        ("dichtbĳ de ĲSBAAN", "dichtbij de IJSBAAN"),
        ("dichtbij de ijsbaan", "dichtbĳ de ĳsbaan"),
        ("Zo'n 'orkest' van \"buren\"", "Zo’n ‘orkest’ van “buren”"),
        ("Zo’n ‘orkest’ van „buren”", "Zo'n 'orkest' van \"buren\""),
        ("per jaar — koffie niet meegerekend", "jaar – koffie niet"),
        ("per jaar - koffie niet meegerekend", "jaar – koffie niet"),
        ("tussen 2019–2021 was", "tussen 2019-2021 was"),
        ("kost\u00a0€\u202f1.250 per\u2009jaar", "kost € 1.250 per jaar"),
        ("dit zijn:\n\u2022 violen\n\n\u2022 een piano", "zijn: violen een piano"),
        ("dit zijn:\n\uf0b7 violen\n\uf0b7 een piano", "• violen • een piano"),
        ("dit zijn:\n- violen\n- een piano", "• violen • een piano"),
        (unicodedata.normalize("NFD", "één flügel en geïmproviseerd"), "één flügel en geïmproviseerd"),
        ("één flügel en geïmproviseerd", unicodedata.normalize("NFD", "één flügel en geïmproviseerd")),
        ("in het koetshuis\nwas het koud", "het koetshuis was het"),
        ("in het koetshuis \r\n\t was het koud", "het koetshuis was het"),
        ("in\u200b het koets\u200bhuis was", "het koetshuis was"),
        ("gedacht ( zie tabel 4 ) .", "gedacht (zie tabel 4)."),
        ("en zo verder... tot het einde", "zo verder… tot"),
        ("Platform31, 2020 schrijft", "Platform31, 2020 schrijft"),
    ],
)
def test_a_copy_may_set_the_same_words_otherwise(copy: str, anchor: str) -> None:
    assert status(copy, anchor) == "found"
    assert checked(copy, anchor)["note"] == ""


@pytest.mark.parametrize(
    "copy",
    [
        "het vooronderzoek2 gaf vier punten",
        "het vooronderzoek² gaf vier punten",
        "het vooronderzoek12 gaf vier punten",
        "het voor-\nonderzoek2\ngaf vier punten",
    ],
)
def test_a_footnote_digit_at_a_word_is_passed_over_and_said(copy: str) -> None:
    finding = checked(copy, "het vooronderzoek gaf vier")
    assert finding["status"] == "found" and finding["note"] == "without a footnote digit"
    assert status("dat was mogelijk.1  Daarna niet", "was mogelijk. Daarna niet") == "found"
    assert status("zij zei “mogelijk.”3 Daarna niet", "“mogelijk.” Daarna niet") == "found"


@pytest.mark.parametrize(
    ("copy", "anchor"),
    [
        ("de gemeente betaalde het materiaal", "de gemeente betaalde geen materiaal"),
        ("de gemeente betaalde het materiaal", "gemeente de betaalde"),
        ("de gemeente betaalde het materiaal", "gemeente betaalde materiaal"),
        ("de gemeente betaalde het materiaal", "meente betaalde het"),
        ("de gemeente betaalde het materiaal", "gemeente betaalde het mat"),
        ("de gemeente betaalde het materiaal", "de gemeentebetaalde het"),
        ("de gemeente betaalde het materiaal", "de ge meente betaalde"),
        ("de ge-\nmeente betaalde", "de ge meente betaalde"),
        ("het kost €1.250 per jaar", "het kost €1.260 per jaar"),
        ("het kost €1.250 per jaar", "het kost €1"),
        ("het waren er 340 in totaal", "waren er 34 in"),
        ("in 2019 en in 2020", "in 201"),
        ("er was één flügel", "er was een flügel"),
        ("de thema’s waren bekend", "de thema"),
        ("de ABCD-methode telt", "methode telt"),
        ("dat mag niet, zei hij", "dat mag niet. zei"),
        ("iets anders", "• –"),
    ],
)
def test_what_is_not_printed_is_missing(copy: str, anchor: str) -> None:
    assert status(copy, anchor) == "missing"


def test_words_that_the_copy_tore_apart_are_missing_not_guessed() -> None:
    two_columns_read_across = "de gemeente betaalde   volgend seizoen komen\nhet materiaal en      er zanglessen bij"
    finding = checked(two_columns_read_across, "gemeente betaalde het materiaal")
    assert finding["status"] == "missing" and finding["places"] == 0
    assert finding["note"] == "only the first 2 of 4 words stand together"


def test_an_anchor_at_more_places_is_ambiguous_with_their_number() -> None:
    copy = "de gemeente betaalde.\nVolgens de ge-\nmeente betaalde niemand. Ook de gemeente1 betaalde"
    finding = checked(copy, "de gemeente betaalde")
    assert (finding["status"], finding["places"], finding["note"]) == ("ambiguous", 3, "")


def test_other_capitals_count_only_where_nothing_else_stands() -> None:
    copy = "De Gemeente betaalde. Toen niet."
    assert checked(copy, "De Gemeente betaalde")["note"] == ""
    finding = checked(copy, "de gemeente betaalde")
    assert (finding["status"], finding["places"], finding["note"]) == ("found", 1, "in other capitals")
    assert checked(copy + " Later: de gemeente betaalde", "de gemeente betaalde")["places"] == 1


def test_pages_and_columns_may_come_in_any_order() -> None:
    lines = STORY.splitlines()
    shuffled = "\f\n".join(reversed(lines))
    anchors = [" ".join(line.split()[2:7]) for line in lines]
    assert {status(shuffled, anchor) for anchor in anchors} == {"found"}


def badly_set(words: list[str], chance: random.Random) -> str:
    """Set words in short lines as a poor program would: broken words, ligatures, odd spaces, quotes, footnotes."""
    lines, line = [], ""
    for word in words:
        if chance.random() < 0.03 and word[-1].isalpha():
            word += chance.choice(["1", "²", "12"])
        if len(line) > 30 and chance.random() < 0.7:
            middle = chance.randrange(3, len(word) - 3) if word.isalpha() and len(word) > 8 else 0
            hyphen = chance.choice(["-", "- ", "\u00ad", "\u2011", "\u2010"])
            lines.append(line + chance.choice([" ", "\u00a0", "  "]) + (word[:middle] + hyphen if middle else ""))
            line = word[middle:]
        else:
            line += chance.choice([" ", " ", "\u00a0", "\u2009", " \u200b"]) + word
    copy = chance.choice(["\n", "\r\n", " \n\n", "\n\u2022 "]).join([*lines, line])
    for plain, ligature in {
        "ffi": "ﬃ",
        "fi": "ﬁ",
        "fl": "ﬂ",
        "ij": "ĳ",
        "IJ": "Ĳ",
        "’": "'",
        "“": '"',
        "–": "—",
    }.items():
        copy = copy.replace(plain, ligature) if chance.random() < 0.5 else copy
    return unicodedata.normalize(chance.choice(["NFC", "NFD"]), copy)


@pytest.mark.parametrize("seed", range(25))
def test_every_anchor_of_a_text_is_found_in_any_setting_of_it(seed: int) -> None:
    chance = random.Random(seed)
    clean, copy = SourceText(STORY), SourceText(badly_set(WORDS, chance))
    for _ in range(120):
        size = chance.randint(3, 6)
        start = chance.randrange(len(WORDS) - size)
        anchor = " ".join(WORDS[start : start + size])
        assert len(copy.places(anchor).spans) == len(clean.places(anchor).spans) >= 1, anchor


@pytest.mark.parametrize("seed", range(25))
def test_no_changed_anchor_is_found_in_any_setting(seed: int) -> None:
    chance = random.Random(seed)
    copy = SourceText(badly_set(WORDS, chance))
    for _ in range(120):
        size = chance.randint(3, 6)
        start = chance.randrange(len(WORDS) - size)
        words = WORDS[start : start + size]
        if "–" in words:  # dashes are not compared
            continue
        place = chance.randrange(1, size - 1)
        changed = chance.choice(
            [
                [*words[:place], chance.choice(["nooit", "zeventien", "alle"]), *words[place:]],
                [*words[:place], words[place] + "xq", *words[place + 1 :]],
                [*words[:place], *words[place + 1 :]] if size > 3 else [words[0], "xq", *words[1:]],
            ]
        )
        assert not copy.places(" ".join(changed)).spans, changed


def test_normalised_text_is_one_clean_line() -> None:
    copy = (
        '\u2022 De ﬁet-\nsenmaker  zei: "bĳ\u00a0zo\'n\nABCD-\nmethode", '
        "de bin\u00ad\nnen-\nen buiten\u00adruimte... — 2019-\n2020\n"
    )
    wanted = "De fietsenmaker zei: ”bij zo’n ABCD-methode”, de binnen- en buitenruimte… – 2019-2020"
    assert normalised(copy) == wanted
    assert normalised(wanted) == wanted


def recorded(words: str, opening: str, closing: str, key: str = "QU-01") -> dict[str, object]:
    return {
        "id": key,
        "section": "2.1",
        "opening": opening,
        "closing": closing,
        "n_words": len(words.split()),
        "sha256": hashlib.sha256(words.encode("utf-8")).hexdigest(),
    }


NO_ANCHORS = pd.DataFrame(columns=COLUMNS[:4], dtype="str")
SPOKEN = "Wij spelen liever een-op-een met de kinderen, dan zijn de ABCD-methode en dit fĳne podium niet nodig."
PRINTED = SPOKEN.replace("ĳ", "ij")


@pytest.mark.parametrize(
    "copy",
    [
        f"Hij zei: “{SPOKEN}” Toen zweeg hij.",
        f"Hij zei: “{SPOKEN.replace(' ', chr(10))}”",
        "Wij spelen lie-\nver een-op-\neen met de kinderen, dan zijn de ABCD-\nmethode en dit ﬁjne podium niet nodig.",
        "“Wij spelen liever een-\nop-een met de kinderen, dan zijn de ABCD-methode1 en dit fijne podium niet nodig.”",
    ],
)
def test_a_quotation_is_found_by_its_hash(copy: str) -> None:
    quotations = pd.DataFrame([recorded(PRINTED, "Wij spelen liever", "podium niet nodig")])
    finding = verify(copy, NO_ANCHORS, quotations).iloc[0]
    assert (finding["table"], finding["id"], finding["section"]) == ("quotations", "QU-01", "2.1")
    assert (finding["status"], finding["places"]) == ("found", 1)
    assert finding["anchor"] == "Wij spelen liever … podium niet nodig"
    assert quotation_texts(copy, quotations) == {"QU-01": PRINTED}


def test_the_hash_of_a_quotation_does_not_depend_on_how_it_is_set() -> None:
    assert quotation_hash(f"“{SPOKEN}”") == quotation_hash(PRINTED) == recorded(PRINTED, "", "")["sha256"]
    assert quotation_hash("“…wat je\nzegt, moet je la-\nten.”") == quotation_hash("...wat je zegt, moet je laten.")


def test_a_quotation_with_other_words_differs_and_one_without_its_ends_is_missing() -> None:
    quotations = pd.DataFrame([recorded(PRINTED, "Wij spelen liever", "podium niet nodig.")])
    for copy in (
        PRINTED.replace("kinderen", "buren"),
        PRINTED.replace("dit fijne", "dit"),
        f"podium niet nodig. {PRINTED[:40]}",
    ):
        finding = verify(copy, NO_ANCHORS, quotations).iloc[0]
        assert (finding["status"], finding["places"]) == ("differs", 0)
        assert quotation_texts(copy, quotations) == {}
    finding = verify(PRINTED.replace("nodig", "gewenst"), NO_ANCHORS, quotations).iloc[0]
    assert (finding["status"], finding["note"]) == ("missing", "closing not found")


def test_of_all_stretches_between_the_ends_the_one_with_the_hash_is_taken() -> None:
    quotations = pd.DataFrame([recorded("dat is dat en niets is dat", "dat is", "is dat")])
    copy = "Nu dat is dat. “dat is dat en niets is dat” en toen dat is dat en niets is dat"
    assert verify(copy, NO_ANCHORS, quotations).iloc[0]["places"] == 2


def test_findings_hold_no_words_of_the_report() -> None:
    quotations = pd.DataFrame([recorded(PRINTED, "Wij spelen liever", "podium niet nodig")])
    anchors = pd.DataFrame([("claims", "F-1-01", "1", "Wij spelen nooit")], columns=COLUMNS[:4])
    findings = verify(PRINTED, anchors, quotations)
    assert "kinderen" not in findings.to_csv() and "liever een" not in findings.to_csv()


def test_anchors_of_a_study_carry_table_row_and_section() -> None:
    tables = {
        "sessions": pd.DataFrame({"session": [1], "kind": ["theme"], "item": [2], "section": ["3"], "anchor": ["a b"]}),
        "claims": pd.DataFrame({"id": ["F-1-01", "F-1-02"], "section": ["1", "1"], "anchor": ["c d", ""]}),
        "discrepancies": pd.DataFrame({"id": ["D-01", "D-02"], "anchors": ["e f | g; h", ""]}),
        "own": pd.DataFrame({"section": ["1", "2"], "anchor": ["i j", "k l"]}),
        "traces": pd.DataFrame({"from_claim": ["F-1-01"], "to_claim": ["C-1-01"]}),
    }
    assert anchors_of(tables).to_numpy().tolist() == [
        ["sessions", "1/theme/2", "3", "a b"],
        ["claims", "F-1-01", "1", "c d"],
        ["discrepancies", "D-01", "", "e f"],
        ["discrepancies", "D-01", "", "g; h"],
        ["own", "row 2", "1", "i j"],
        ["own", "row 3", "2", "k l"],
    ]
    assert list(anchors_of({}).columns) == COLUMNS[:4]


def test_every_row_of_smitsveen_that_has_an_anchor_is_told_apart(root: Path) -> None:
    tables = read_tables(open_study("smitsveen", root))
    anchors = anchors_of(tables)
    assert len(anchors) > 1000
    single = anchors[anchors["table"] != "discrepancies"]
    assert not single.duplicated(["table", "id"]).any()
    findings = verify("Een andere tekst.", anchors)
    assert list(findings.columns) == COLUMNS and set(findings["status"]) == {"missing"}
    counts = totals(findings)
    assert counts["n"].sum() == counts["missing"].sum() == len(anchors)


def test_a_thousand_anchors_take_about_a_second_at_most() -> None:
    chance = random.Random(1)
    words = [word for _ in range(80) for word in chance.sample(WORDS, len(WORDS))]
    anchors = [" ".join(words[n : n + 5]) for n in range(0, len(words) - 5, len(words) // 1000)]
    frame = pd.DataFrame([("claims", str(n), "1", anchor) for n, anchor in enumerate(anchors)], columns=COLUMNS[:4])
    began = time.perf_counter()
    findings = verify(badly_set(words, chance), frame)
    assert time.perf_counter() - began < 3  # 0.2 s on an idle machine
    assert "missing" not in set(findings["status"])


PAGE = """#set page(width: {width}cm, height: 5cm, columns: {columns})
#set text(lang: "nl", size: 10pt, hyphenate: true)
#set par(justify: true)
"""


def pdf(path: Path, text: str, columns: int) -> Path:
    """Write a PDF: hyphenated, justified, with ligatures and the mark of a footnote, in columns on several pages."""
    marked = text.replace("fietsenmaker", "fietsenmaker#super[2]")
    path.write_bytes(typst.compile((PAGE.format(columns=columns, width=5 * columns + 2) + marked).encode("utf-8")))
    return path


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_every_anchor_and_quotation_of_a_pdf_is_found(tmp_path: Path, columns: int) -> None:
    text, _ = read_source(pdf(tmp_path / "verslag.pdf", STORY, columns))
    assert "-\n" in text and "\f" in text and "fietsenmaker2" in text
    source = SourceText(text)
    anchors = [" ".join(WORDS[start : start + 5]) for start in range(len(WORDS) - 4)]
    assert [anchor for anchor in anchors if len(source.places(anchor).spans) != 1] == []
    words = "Wij spelen liever een-op-een met de kinderen dan op het podium,"
    quotations = pd.DataFrame([recorded(words, "Wij spelen liever", "op het podium")])
    assert quotation_texts(text, quotations) == {"QU-01": words}


@pytest.mark.parametrize(
    "content",
    [
        "één fijne dag\r\nin de wijk".encode(),
        b"\xef\xbb\xbf" + "één fijne dag\nin de wijk".encode(),
        "één fijne dag\rin de wijk".encode("cp1252"),
        "één fijne dag\rin de wijk".encode("mac_roman"),
        "één fijne dag\r\nin de wijk".encode("cp850"),
        "één fijne dag\r\nin de wijk".encode("utf-16"),
    ],
)
def test_a_text_is_read_in_the_encodings_that_people_have(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "verslag.TXT"
    path.write_bytes(content)
    text, notes = read_source(path)
    assert text == "één fijne dag\nin de wijk"
    assert len(notes) == (b"\xc3" not in content)


LOCKED = b"""%%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj
4 0 obj <</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>> endobj
trailer <</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[(a)(a)]>>
%%%%EOF
""" % (b"o" * 32, b"u" * 32)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("weg.pdf", None, "no such file"),
        ("leeg.pdf", b"", "the file is empty"),
        ("leeg.txt", b" \n\n", "the file is empty"),
        ("verslag.docx", b"PK\x03\x04", "expected a .pdf or a .txt"),
        ("verslag", b"tekst", "expected a .pdf or a .txt"),
        ("word.pdf", b"PK\x03\x04 word/document.xml", "not a PDF"),
        ("pdf.txt", b"%PDF-1.7\n%...", "found a PDF"),
        ("word.txt", b"PK\x03\x04\x00\x00word", "expected plain text"),
        ("oud.txt", b"caf\x81\x8d\x9d zo\x8f\x81", "no Windows-1252, nor UTF-8"),
        ("stuk.pdf", b"%PDF-1.7\n%%EOF", "damaged"),
        ("slot.pdf", LOCKED, "locked with a password"),
        ("scan.pdf", typst.compile(b"#rect(width: 2cm)"), "no text, only images"),
    ],
)
def test_a_copy_that_cannot_be_read_gets_one_clear_line(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KoppelkansError) as error:
        read_source(path)
    assert said in str(error.value) and str(error.value).startswith(str(path)) and "\n" not in str(error.value)


def test_a_folder_is_not_a_copy(tmp_path: Path) -> None:
    (tmp_path / "verslag.pdf").mkdir()
    with pytest.raises(KoppelkansError, match="found a folder"):
        read_source(tmp_path / "verslag.pdf")


def test_every_anchor_of_smitsveen_stands_in_the_published_report(root: Path) -> None:
    given = os.environ.get("KOPPELKANS_SOURCE")
    if not given:
        pytest.skip("needs a copy of the published report: KOPPELKANS_SOURCE=report.pdf (or .txt)")
    tables = read_tables(open_study("smitsveen", root))
    findings = verify(read_source(Path(given))[0], anchors_of(tables), tables.get("quotations"))
    wrong = findings[~findings["status"].isin(["found", "ambiguous"])]
    assert wrong.empty, wrong.to_string()
