"""Transcripts as people and programs for speech write them."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers import word as word_files
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, TURNS, Project
from koppelkans.readers.transcripts import read_transcript, read_transcripts
from koppelkans.readers.turns import clock


def txt(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def turns(project: Project) -> list[tuple[str, str, str, str]]:
    frame = project.turns
    return list(frame[["speaker", "role", "time", "text"]].itertuples(index=False, name=None))


def is_sound(project: Project) -> None:
    """Hold a project against its contract; each turn is a slice of its document, and turns do not overlap."""
    frame = project.turns
    assert tuple(project.documents.columns) == DOCUMENTS
    assert tuple(project.codes.columns) == CODES
    assert tuple(project.codings.columns) == CODINGS
    assert tuple(frame.columns) == TURNS
    assert set(project.documents["respondent"]) <= set(project.respondents["respondent"])
    for row in project.documents.itertuples():
        assert row.n_characters == len(row.text)
        assert "\r" not in row.text
        last = 0
        for turn in frame[frame["document"] == row.document].itertuples():
            assert row.text[turn.start : turn.end] == turn.text
            assert last <= turn.start <= turn.end
            last = turn.end
    json.dumps(project.report)


PLAIN = (
    "I: Wat weet u van aardgasvrij?\r\nR1: Niet veel. Ik zei: kom maar.\r\n\r\nEn toen ging hij weg.\r\n"
    "I: Ja?\r\nR1: Ja.\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_labels_before_a_colon(tmp_path: Path, encoding: str) -> None:
    project = read_transcript(txt(tmp_path / "R1.txt", PLAIN.replace("Ja?", "Eén ding?"), encoding))
    is_sound(project)
    assert turns(project) == [
        ("I", "interviewer", "", "Wat weet u van aardgasvrij?"),
        ("R1", "respondent", "", "Niet veel. Ik zei: kom maar.\n\nEn toen ging hij weg."),
        ("I", "interviewer", "", "Eén ding?"),
        ("R1", "respondent", "", "Ja."),
    ]
    assert list(project.documents["respondent"]) == ["R1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[00:01:23] Interviewer: Hoi\n[00:01:25] Respondent 2: Dag",
         [("Interviewer", "interviewer", "00:01:23", "Hoi"), ("Respondent 2", "respondent", "00:01:25", "Dag")]),
        ("00:01:23-5 I: Hoi\n00:01:25-0 R2: Dag",
         [("I", "interviewer", "00:01:23.5", "Hoi"), ("R2", "respondent", "00:01:25.0", "Dag")]),
        ("Interviewer (00:00:05): Hoi\nBewoner (01:10): Dag",
         [("Interviewer", "interviewer", "00:00:05", "Hoi"), ("Bewoner", "respondent", "00:01:10", "Dag")]),
        ("I: Hoi #00:00:05-3#\nB: Dag #00:00:09-1#",
         [("I", "interviewer", "00:00:05.3", "Hoi #00:00:05-3#"),
          ("B", "respondent", "00:00:09.1", "Dag #00:00:09-1#")]),
        ("Interviewer   0:03\nHoi\n\nSpeaker 2   1:02:03\nDag",
         [("Interviewer", "interviewer", "00:00:03", "Hoi"), ("Speaker 2", "respondent", "01:02:03", "Dag")]),
        ("00:00:03 Spreker 1\nHoi\n00:00:09 Spreker 2\nDag",
         [("Spreker 1", "unknown", "00:00:03", "Hoi"), ("Spreker 2", "unknown", "00:00:09", "Dag")]),
        ("0:0:3.450 --> 0:0:6.120\nI: Hoi\n0:0:7.0 --> 0:0:9.0\nR: Dag",
         [("I", "interviewer", "00:00:03.450", "Hoi"), ("R", "respondent", "00:00:07.0", "Dag")]),
        ("V: Hoi\nA: Dag\nV: En?\nA: Ja",
         [("V", "interviewer", "", "Hoi"), ("A", "respondent", "", "Dag"), ("V", "interviewer", "", "En?"),
          ("A", "respondent", "", "Ja")]),
        ("Mevrouw Pietersen: Ik wil wel.\nInterviewer: Goed.\nMevrouw Pietersen: Ja.",
         [("Mevrouw Pietersen", "respondent", "", "Ik wil wel."), ("Interviewer", "interviewer", "", "Goed."),
          ("Mevrouw Pietersen", "respondent", "", "Ja.")]),
        ("I\tHoi\nR\tDag", [("I", "interviewer", "", "Hoi"), ("R", "respondent", "", "Dag")]),
        ("Datum: 3 mei\nI: Hoi om 10:30\nR: Een ding: de kosten",
         [("I", "interviewer", "", "Hoi om 10:30"), ("R", "respondent", "", "Een ding: de kosten")]),
    ],
)  # fmt: skip
def test_time_stamps_and_names_in_many_manners(tmp_path: Path, text: str, expected: list) -> None:
    project = read_transcript(txt(tmp_path / "a.txt", text))
    is_sound(project)
    assert turns(project) == expected


def word(path: Path, paragraphs: list[tuple[str, str]], head: list[tuple[str, str]] = ()) -> Path:
    """Write a .docx: paragraphs as (bold part, plain part), and a table of attributes at the head."""
    document = docx.Document()
    document.core_properties.author = "Maartje Onderzoeker"
    document.core_properties.last_modified_by = "Maartje Onderzoeker"
    document.add_heading("Interview", 1)
    if head:
        table = document.add_table(rows=0, cols=2)
        for name, value in head:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, value
    for bold, plain in paragraphs:
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(plain)
    document.sections[0].header.paragraphs[0].text = "Maartje Onderzoeker"
    document.save(str(path))
    return path


def test_word_with_bold_names_and_a_table_of_attributes(tmp_path: Path) -> None:
    head = [("Respondent:", "R07"), ("Leeftijd", "62"), ("Woning", "huur")]
    path = word(
        tmp_path / "gesprek 7.docx",
        [("Anja ", "Wat vindt u?"), ("Bewoner ", "Duur.\nEcht waar."), ("Anja ", "Ja")],
        head,
    )
    project = read_transcript(path)
    is_sound(project)
    assert [(speaker, text) for speaker, _, _, text in turns(project)] == [
        ("Anja", "Wat vindt u?"), ("Bewoner", "Duur.\nEcht waar."), ("Anja", "Ja")
    ]  # fmt: skip
    assert project.respondents.to_dict("records") == [{"respondent": "R07", "Leeftijd": "62", "Woning": "huur"}]
    assert "Leeftijd" not in project.documents["text"].iloc[0]


def test_bold_questions_without_names(tmp_path: Path) -> None:
    lines = [("Hoe woont u?", ""), ("", "Prima."), ("En de kosten?", ""), ("", "Hoog."), ("", "Te hoog.")]
    project = read_transcript(word(tmp_path / "a.docx", lines))
    is_sound(project)
    assert [(role, text) for _, role, _, text in turns(project)][-2:] == [
        ("interviewer", "En de kosten?"), ("respondent", "Hoog.\nTe hoog.")
    ]  # fmt: skip
    assert "bold" in project.report["files"][0]["turns_by"]


def test_a_transcript_in_a_table_keeps_its_turns(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for cells in [("00:00:01", "I:", "Hoi"), ("00:00:04", "R1:", "Dag")]:
        row = table.add_row().cells
        for cell, text in zip(row, cells, strict=True):
            cell.text = text
    document.save(str(tmp_path / "a.docx"))
    project = read_transcript(tmp_path / "a.docx")
    is_sound(project)
    assert turns(project) == [("I", "interviewer", "00:00:01", "Hoi"), ("R1", "respondent", "00:00:04", "Dag")]


def test_tracked_insertions_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [("", "I: Hoi"), ("", "R: AAA BBB")])
    source = zipfile.ZipFile(path)
    parts = {name: source.read(name) for name in source.namelist()}
    xml = parts["word/document.xml"].decode()
    run = re.search(r"<w:r>(?:(?!</w:r>).)*R: AAA BBB.*?</w:r>", xml, re.DOTALL)
    assert run
    tracked = (
        "<w:r><w:t>R: Dag </w:t></w:r><w:ins w:id='1' w:author='X'><w:r><w:t>mevrouw</w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='X'><w:r><w:delText>lastpak</w:delText></w:r></w:del>"
        "<w:sdt><w:sdtContent><w:r><w:t>!</w:t></w:r></w:sdtContent></w:sdt>"
    )
    parts["word/document.xml"] = xml.replace(run[0], tracked).encode()
    project = read_transcript(rezip(path, parts))
    is_sound(project)
    assert turns(project)[1][3] == "Dag mevrouw!"


def rezip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_word_file_that_would_do_harm_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", [("", "I: Hoi")])
    source = zipfile.ZipFile(path)
    parts = {name: source.read(name) for name in source.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(KoppelkansError, match="entities"):
        read_transcript(rezip(tmp_path / "b.docx", {**parts, "word/styles.xml": bomb + parts["word/styles.xml"]}))
    with pytest.raises(KoppelkansError, match="unpacks to"):
        read_transcript(rezip(tmp_path / "c.docx", {**parts, "word/media/x.bin": b" " * 60_000_000}))


def test_who_wrote_the_word_file_and_where_it_lies_is_nowhere(tmp_path: Path) -> None:
    project = read_transcript(word(tmp_path / "a.docx", [("", "I: Hoi"), ("", "R: Dag")]))
    frames = (project.documents, project.respondents, project.coders, project.turns)
    written = json.dumps(project.report) + "".join(frame.to_csv() for frame in frames)
    assert "Maartje" not in written
    assert str(tmp_path) not in written


def test_attributes_come_from_respondents_csv_too(tmp_path: Path) -> None:
    txt(tmp_path / "gesprek1.txt", PLAIN)
    word(tmp_path / "gesprek2.docx", [("", "I: Hoi"), ("", "R: Dag")], [("Leeftijd", "62"), ("Woning", "huur")])
    txt(
        tmp_path / "respondents.csv",
        "respondent;document;Woning\nr1;gesprek1;koop\nr2;gesprek2.docx;koop\nr3;weg;huur\n",
    )
    (tmp_path / "~$gesprek2.docx").write_bytes(b"lock")
    (tmp_path / "notities.pdf").write_bytes(b"%PDF")
    project = read_transcripts(tmp_path)
    is_sound(project)
    assert list(project.documents["respondent"]) == ["r1", "r2"]
    people = project.respondents.set_index("respondent")
    assert people.loc["r2"].to_dict() == {"Woning": "koop", "Leeftijd": "62"}
    assert people.loc["r1", "Leeftijd"] == ""
    assert any("no transcript of r3" in line for line in project.report["warnings"])
    assert any("notities.pdf" in line for line in project.report["left_out"])


def test_text_without_speakers_is_one_turn_with_a_warning(tmp_path: Path) -> None:
    project = read_transcript(txt(tmp_path / "a.txt", "\n\nHij vertelde lang.\nHet was laat.\n"))
    is_sound(project)
    assert turns(project) == [("", "unknown", "", "Hij vertelde lang.\nHet was laat.")]
    assert project.report["warnings"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"PK\x03\x04rest", "expected plain text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ending in '.doc'"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "before 2007"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.docx", b"I: Hoi", "found no Word document"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KoppelkansError) as caught:
        read_transcript(tmp_path / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cut_off_and_an_empty_word_file_are_one_clear_line(tmp_path: Path) -> None:
    whole = word(tmp_path / "a.docx", [("", "I: Hoi")]).read_bytes()
    for length in (40, len(whole) // 2, len(whole) - 30):
        (tmp_path / "b.docx").write_bytes(whole[:length])
        with pytest.raises(KoppelkansError, match="cut off"):
            read_transcript(tmp_path / "b.docx")
    docx.Document().save(str(tmp_path / "c.docx"))
    with pytest.raises(KoppelkansError, match="holds no text"):
        read_transcript(tmp_path / "c.docx")


def test_a_folder_without_transcripts_and_a_table_that_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="found no transcript"):
        read_transcripts(tmp_path)
    txt(tmp_path / "a.txt", PLAIN)
    txt(tmp_path / "respondents.csv", "respondant;woning\nr1;huur\n")
    with pytest.raises(KoppelkansError, match="did you mean 'respondant'"):
        read_transcripts(tmp_path)
    txt(tmp_path / "respondents.csv", "respondent;document\nr1;a\nr2;a\n")
    with pytest.raises(KoppelkansError, match="row 3: document 'a' stands in row 2 too"):
        read_transcripts(tmp_path)


_LINES = st.lists(
    st.tuples(st.sampled_from(["I: ", "R1: ", "", "[00:01] I: ", "00:00:03\n", "Ik zei: ", "\t", "Jan 0:05\n"]),
              st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=15)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(_LINES)
def test_turns_are_slices_of_the_text_whatever_it_holds(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]
) -> None:
    path = txt(tmp_path_factory.mktemp("any") / "a.txt", "\n".join(label + words for label, words in lines))
    try:
        is_sound(read_transcript(path))
    except KoppelkansError as error:
        assert "\n" not in str(error)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 9))
def test_times_read_alike_in_every_manner(hours: int, minutes: int, seconds: int, tenths: int) -> None:
    whole = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    assert clock(f"{hours}:{minutes}:{seconds}") == whole
    assert clock(f"{whole}-{tenths}") == clock(f"{whole}.{tenths}") == clock(f"{whole},{tenths}") == f"{whole}.{tenths}"
    if not hours:
        assert clock(f"{minutes}:{seconds:02d}") == whole


def test_the_same_folder_gives_the_same_tables_twice(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        txt(tmp_path / f"{name}.txt", PLAIN)
    first, second = read_transcripts(tmp_path), read_transcripts(tmp_path)
    assert list(first.documents["name"]) == ["a", "b", "c"]
    pd.testing.assert_frame_equal(first.turns, second.turns)
    assert json.dumps(first.report) == json.dumps(second.report)


def test_a_transcript_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "g1.docx"
    document = docx.Document()
    document.add_paragraph("I: Hoe woont u?")
    document.add_paragraph("R1: Koud.")
    document.save(str(path))
    opened: list[Path] = []
    read_bytes = word_files.read_bytes

    def noted(path: Path, expected: str) -> bytes:
        opened.append(path)
        return read_bytes(path, expected)

    monkeypatch.setattr(word_files, "read_bytes", noted)
    assert len(read_project(path).turns) == 2 and opened == [path]
