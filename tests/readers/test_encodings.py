"""In what encoding a text stands: how often the bytes tell it, on texts that the weights were set on and on others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.answers import read_answers
from koppelkans.readers.encodings import decoded

LATIN, GREEK, TURKISH, CENTRAL = (
    ("cp1252", "mac_roman", "cp850"),
    ("cp1253", "iso8859_7"),
    ("cp1254",),
    ("cp1250", "iso8859_2"),
)
Texts = dict[tuple[str, ...], list[str]]
_WORDS = (
    "België ideeën financiën Zoë Chloë Michaël Israël geïnd ruïne maïs egoïst naïef coördinator zoölogie "
    "coöptatie reünie vacuüm preünie één vóór dóór hé café logé privé coupé scène crème carrière première ampère "
    "enquête fêteren gêne Curaçao façade reçu François André René José María González Müller Günther Jürgen "
    "Özdemir Öztürk Köhler Schröder Björn Käthe Bräuer Straße à château Benoît Fryslân skûtsje Nynke-Sjûkje wâld "
    "rûn bûter hûs Señor España Muñoz Zoltán Özgür Yücel Gül Übel "
)
TUNED: Texts = {
    LATIN: [
        *(f"Ik denk dat {word} hier wel past." for word in _WORDS.split()),
        *(f"naam;wijk\n{word};Noord\nJan;Zuid\n" for word in _WORDS.split()),
        "Een kop koffie kost € 3,50 daar.",
        "Ze zei: “dat doen we niet”.",
        "Zo’n huis wordt niet warm.",
        "De huur – en de stroom – is te hoog.",
        "De verwarming staat op 19 °C.",
        "Ja… misschien.",
        "Het is 85 m² groot.",
        "A: Hoe bedoelt u?\nB: Nou, ik vind ’t niks… te duur, één en al ellende — écht waar. “Coöperatie”, zei hij.\n"
        "A: En de buren, Zoë en André?\nB: Geïnteresseerd, maar geen geld: € 300 per jaar.",
        "Straße und Häuser, schöne Grüße aus Köln",
        "élève, château, où, ça va, naïve, forêt",
        "José en María González uit España",
        "EÉN VAN DE CAFÉS",
        "COÖPERATIE DE ZON",
        "“Wij”, ‘zij’ en ‘hullie’",
    ],
    GREEK: [
        "Ελλάδα",
        "Καλημέρα, τι κάνετε;",
        "Η γειτονιά μας είναι ήσυχη και όμορφη.",
        "respondent;δρόμος\n1;Αθήνα\n2;Θεσσαλονίκη\n",
        "De familie Παπαδόπουλος woont hier.",
        "Ώρα για αλλαγή: η ενέργεια είναι ακριβή.",
    ],
    TURKISH: ["Ayşe ve Yıldız", "Mevrouw Yılmaz en meneer Şahin", "Erdoğan, Gülşen Çağlar"],
    CENTRAL: ["Małgorzata Wałęsa", "Petrović en Marković", "Dvořák, Jiří"],
}
HELD_OUT: Texts = {  # written after the weights were set; nothing was set on them
    LATIN: [
        "patiënten",
        "Dat is een kwestie van hygiëne.",
        "Zij houdt van poëzie en van zeeën.",
        "We moeten dat beter coördineren.",
        "Tweeëntwintig huizen in de rij.",
        "De buurt is geïsoleerd, zei men.",
        "id;antwoord\n1;continuïteit\n2;geen\n3;weet niet\n",
        "id;antwoord\n1;geëmigreerd\n2;verhuisd\n",
        "De wooncoöperatie Zonnestraal",
        "In café De Hoek wordt vergaderd",
        "één voor allen",
        "Op de reünie kwam niemand",
        "Een naïef plan?",
        "Zij is in Curaçao geboren",
        "Met een skûtsje het water op",
        "mevrouw Özdemir, nummer 12",
        "de heer Müller, nummer 14",
        "Renée",
        "Anaïs en Loïs",
        "Thérèse woont boven",
        "Een enquêteur aan de deur",
        "tête-à-tête",
        "crêpes bakken met de buren",
        "à propos, de huur",
        "Çelik",
        "Jäger, Weiß und Größe",
        "Súdwest-Fryslân",
        "Hé, wie is daar?",
        "De kosten: €1.250 per jaar",
        "“Nee,” zei de buurman, “dat wil ik niet.”",
        "Hij noemde het ‘gedoe’.",
        "foto’s van de straat",
        "Wachten — en nog eens wachten",
        "2019–2021",
        "Tja… ik weet het niet",
        "Op 21 °C is het pas warm",
        "I: Wat vindt u van de vereniging?\nR: Een café zou fijn zijn. Dan zie je elkaar weer eens, hè.\n"
        "I: En verder?\nR: De cv-ketel is van vóór de oorlog, en ’s winters betaal ik € 240. Dat is geen grapje…\n"
        "R: Mijn zoon heeft het geïnstalleerd, met twee collega’s. Eén dag werk.",
        "respondent;reden\nr1;te duur\nr2;geen idee, financiën\nr3;“later misschien”\nr4;coöperatief, maar privé\n",
        "DE BELANGEN VAN BEWONERS: ÉÉN LOKET",
        "Noël, Gaëlle, Joël, Raphaël, Daniëlle",
        "Vrijwilligers: Günay, Sjoerd, Frédérique, Björn",
        "Dit is • een lijst\n• van punten\n• zonder accent",
    ],
    GREEK: [
        "Ευχαριστώ πολύ",
        "Γιώργος Νικολάου",
        "Ο γείτονας λέει ότι το ρεύμα είναι ακριβό.",
        "id;απάντηση\n1;δεν ξέρω\n2;ίσως αργότερα\n",
        "Meneer Δημητρίου zei: «όχι».",
        "ΕΛΛΑΔΑ",
        "ναι",
    ],
    TURKISH: ["Doğan ve Güneş", "Kılıç, Işık, Şimşek", "familie Koçoğlu", "mevrouw Çetin-Ağca"],
    CENTRAL: ["Łukasz Wiśniewski", "Šimić i Kovačević", "Růžička, Němec", "Zażółć gęślą jaźń"],
}


def cases(texts: Texts) -> Iterator[tuple[str, str, bytes]]:
    """Yield each text in each encoding that has all its signs: text, encoding, bytes."""
    for encodings, group in texts.items():
        for text in group:
            for encoding in encodings:
                content = text.encode(encoding, "ignore")
                if content.decode(encoding) == text:
                    yield text, encoding, content


def outcome(text: str, content: bytes) -> str:
    """Say how a text was read: ambiguous where the note says that the bytes do not tell."""
    read = decoded(content)
    return "ambiguous" if read.rivals else "right" if read.text == text else "wrong"


def table(texts: Texts) -> dict[str, tuple[int, int, int]]:
    """Count for each encoding how many texts were read right, ambiguous and wrong."""
    counts = Counter((encoding, outcome(text, content)) for text, encoding, content in cases(texts))
    encodings = dict.fromkeys(encoding for encoding, _ in counts)
    return {one: (counts[one, "right"], counts[one, "ambiguous"], counts[one, "wrong"]) for one in encodings}


def test_the_bytes_mostly_tell_the_encoding_of_the_texts_that_the_weights_were_set_on() -> None:
    assert table(TUNED) == {  # right, ambiguous, wrong
        "cp1252": (158, 0, 0),
        "mac_roman": (139, 16, 2),
        "cp850": (133, 18, 0),
        "cp1253": (6, 0, 0),
        "iso8859_7": (6, 0, 0),
        "cp1254": (3, 0, 0),
        "cp1250": (2, 1, 0),
        "iso8859_2": (2, 1, 0),
    }


def test_they_tell_it_as_often_of_texts_that_the_weights_were_not_set_on() -> None:
    """Wrong, and noted as not UTF-8: a Greek word without an accent, and two names of one sign."""
    assert table(HELD_OUT) == {  # right, ambiguous, wrong
        "cp1252": (41, 1, 0),
        "mac_roman": (40, 1, 1),
        "cp850": (29, 3, 0),
        "cp1253": (6, 0, 1),
        "iso8859_7": (6, 0, 1),
        "cp1254": (4, 0, 0),
        "cp1250": (1, 2, 1),
        "iso8859_2": (2, 2, 0),
    }


@pytest.mark.parametrize("texts", [TUNED, HELD_OUT])
def test_whatever_is_not_utf_8_is_said_in_one_line_and_utf_8_is_not(texts: Texts) -> None:
    for text, _, content in cases(texts):
        read = decoded(content)
        assert len(read.notes) == 1 and read.encoding in read.notes[0] and "\n" not in read.notes[0], text
        assert decoded(text.encode()).notes == decoded(text.encode("utf-8-sig")).notes == []


@pytest.mark.parametrize("texts", [TUNED, HELD_OUT])
def test_windows_text_pasted_into_utf_8_is_mended_byte_by_byte_and_its_lines_are_named(texts: Texts) -> None:
    before = "Eén coöperatie,\r\ntwee ideeën:\n"
    for text in texts[LATIN]:
        content = before.encode() + text.encode("cp1252")
        read = decoded(content)
        assert read.text == before + text
        assert len(read.strays) == sum(not sign.isascii() for sign in text)
        assert f"in line {3 + text[: text.index(read.text[read.strays[0]])].count(chr(10))}" in read.notes[0]


def test_one_byte_that_means_nothing_is_marked_and_named() -> None:
    read = decoded("één café\nnaïef".encode() + b" \x81 " + "coöperatie".encode())
    assert read.text == "één café\nnaïef \ufffd coöperatie" and not read.is_broken
    assert "'\ufffd' in line 2" in read.notes[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark_or_its_zero_bytes(encoding: str) -> None:
    read = decoded("één café\nin de wijk".encode(encoding))
    assert read.text.removeprefix("\ufeff") == "één café\nin de wijk" and "UTF-16" in read.notes[0]


def test_bytes_of_another_alphabet_are_not_taken_for_accents_in_silence() -> None:
    assert "do not tell" in decoded("Привет, как дела на улице".encode("cp1251")).notes[0]


EXPORT = "respondent;wijk;waarom\nr1;Coöperatiebuurt;één reden\nr2;Coöperatiebuurt;Zoë\n"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
def test_every_reader_of_texts_says_what_was_decided(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(EXPORT.encode(encoding))
    answers = read_answers(tmp_path / "a.csv")
    assert answers.options["option"].tolist() == ["Coöperatiebuurt"]
    (tmp_path / "r.txt").write_bytes("I: Hoe is het?\nR: Naïef, één coöperatie.\n".encode(encoding))
    (tmp_path / "respondents.csv").write_bytes("respondent;wijk\nr;Groß-Özen, coöperatie\n".encode(encoding))
    transcript = read_project(tmp_path / "r.txt")
    assert "Naïef, één coöperatie." in transcript.documents["text"][0]
    (tmp_path / "s.csv").write_bytes("document;code;text\nd1;Coöperatie;één café\n".encode(encoding))
    segments = read_project(tmp_path / "s.csv")
    assert segments.codes["name"].tolist() == ["Coöperatie"]
    (tmp_path / "p.csv").write_bytes(
        "document;analyst;één;café\nd1;A;1;0\nd1;B;1;1\nd2;A;0;0\nd2;B;0;1\n".encode(encoding)
    )
    presences = read_project(tmp_path / "p.csv")
    assert set(presences.codes["name"]) == {"één", "café"}
    for read, times in ((answers, 1), (transcript, 2), (segments, 1), (presences, 1)):
        assert sum("not UTF-8" in line for line in read.report["warnings"]) == times
    (tmp_path / "a-vragen.csv").write_bytes("kolom;vraag\nwijk;Welke coöperatie?\nwaarom;Eén reden?\n".encode(encoding))
    described = read_answers(tmp_path / "a.csv")
    assert "Welke coöperatie?" in described.questions["label_nl"].tolist()
    assert sum("a-vragen.csv: the text is not UTF-8" in line for line in described.report["warnings"]) == 1


def test_bytes_that_fit_no_encoding_are_said_to_be_perhaps_of_one_that_is_not_known() -> None:
    [note] = decoded(bytes(random.Random(1).choices(range(0x80, 0x100), k=60))).notes
    assert "(Windows-1252 or one that is not known?)" in note


def test_signs_in_two_halves_are_put_together_and_half_a_sign_is_refused(tmp_path: Path) -> None:
    halves = "I: Hé 😀?\nR1: Ja.".encode("utf-16-le").decode("utf-16-le")
    written = halves.replace("😀", "\ud83d\ude00").encode("utf-8", "surrogatepass")
    (tmp_path / "a.txt").write_bytes(written)
    project = read_project(tmp_path / "a.txt")
    assert project.turns["text"].tolist() == ["Hé 😀?", "Ja."]
    (tmp_path / "b.txt").write_bytes(written.replace("\ude00".encode("utf-8", "surrogatepass"), b""))
    with pytest.raises(KoppelkansError, match="save it as UTF-8"):
        read_project(tmp_path / "b.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_control_characters_are_read_as_blanks_and_said(tmp_path: Path, encoding: str) -> None:
    text = "id;vraag\n1;één\x1b[31m antwoord\x07 van een bewoner\n2;dit\x0bis één regel\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    read = read_answers(tmp_path / "a.csv", {"vraag": {"columns": "vraag", "kind": "open"}})
    assert read.answers["text"].tolist() == ["één [31m antwoord  van een bewoner", "dit\x0bis één regel"]
    assert any(line.endswith("2 control characters, read as blanks") for line in read.report["warnings"])
    (tmp_path / "b.csv").write_bytes(b"a;b\n1;\x01\x02\x03\n")
    with pytest.raises(KoppelkansError, match="bytes that are no text"):
        read_answers(tmp_path / "b.csv")
