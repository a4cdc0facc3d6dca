"""A line ends where people see it end, whatever sign their program wrote there; positions in coded texts stay."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from conftest import Run
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from qda_files import NVIVO, phrases, write

from koppelkans.coding.sentences import sentences
from koppelkans.readers import read_project
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.readers.grids import read_grids
from koppelkans.readers.known_names import speakers_of
from koppelkans.readers.line_ends import LINE_END, lines_of, with_line_feeds
from koppelkans.readers.project import Project
from koppelkans.readers.segments import read_segments
from koppelkans.readers.transcripts import read_transcript

ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]
SAID = [("I", "Hoe gaat het?"), ("R1", "Goed hoor."), ("I", "En de buren?"), ("R1", "Die ook.")]


def turns_of(project: Project) -> list[tuple[str, str]]:
    return list(project.turns[["speaker", "text"]].itertuples(index=False, name=None))


def transcript(path: Path, text: str) -> Project:
    path.write_bytes(text.encode())
    return read_transcript(path)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_parts_turns(tmp_path: Path, end: str, last: bool) -> None:
    text = end.join(f"{who}: {words}" for who, words in SAID) + (end if last else "")
    read = transcript(tmp_path / "a.txt", text)
    assert turns_of(read) == SAID
    assert list(read.turns["role"]) == ["interviewer", "respondent"] * 2
    assert read.report["warnings"] == []


_WORDS = st.lists(st.text("abcdéï😀.,?", min_size=1, max_size=6), min_size=1, max_size=6).map(" ".join)
_TALK = st.lists(st.tuples(st.sampled_from(["I", "R1"]), _WORDS), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(_TALK, st.lists(st.sampled_from(ENDS), min_size=8, max_size=8))
def test_whatever_the_mixture_of_line_ends_the_turns_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, talk: list[tuple[str, str]], ends: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("ends")
    lines = [f"{who}: {words}" for who, words in talk]
    plain = transcript(folder / "a.txt", "\n".join(lines))
    mixed = transcript(folder / "b.txt", "".join(line + end for line, end in zip(lines, ends, strict=False)))
    assert turns_of(plain) == turns_of(mixed) == talk


@settings(deadline=None, max_examples=100)
@given(st.text("ab \n\r\v\f\x85\u2028\u2029", max_size=20))
def test_lines_are_slices_of_the_text(text: str) -> None:
    lines = list(lines_of(text))
    assert all(text[start:].startswith(line) and not LINE_END.search(line) for start, line in lines)
    assert with_line_feeds(text) == "\n".join(line for _, line in lines)


@pytest.mark.parametrize("kind", ["br", "cr", "page", "column", "separator"])
def test_words_own_breaks_within_a_paragraph_part_turns(tmp_path: Path, kind: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for number, (who, words) in enumerate(SAID):
        run = paragraph.add_run(f"{who}: {words}" + "\u2028" * (kind == "separator" and number < 3))
        if kind == "cr":
            run._r.append(OxmlElement("w:cr"))
        elif kind != "separator":
            run.add_break({"br": WD_BREAK.LINE, "page": WD_BREAK.PAGE, "column": WD_BREAK.COLUMN}[kind])
    document.save(str(tmp_path / "a.docx"))
    assert turns_of(read_transcript(tmp_path / "a.docx")) == SAID


@pytest.mark.parametrize(
    "text",
    ["I\u00a0: Hoi\nR1\u202f: Dag", "\u200bI: Hoi\n\ufeffR1\u200b: Dag", "I:\tHoi\nR1\t:\tDag", "I :Hoi\nR1:Dag",
     "\u200eI\u200e: Hoi\u200b\n\u2060R1: D\xadag", "I:\u00a0Hoi\n\u00a0R1:\u2003Dag"],
)  # fmt: skip
def test_signs_that_nobody_sees_hide_no_speaker_and_stand_in_no_word(tmp_path: Path, text: str) -> None:
    read = transcript(tmp_path / "a.txt", text)
    assert turns_of(read) == [("I", "Hoi"), ("R1", "Dag")]
    unseen = sum(sign in "\u200b\ufeff\u200e\u2060\xad" for sign in text)
    assert any(line.startswith(f"signs that nobody sees: {unseen} ") for line in read.report["left_out"]) is bool(
        unseen
    )
    assert len(text) == len(read.documents["text"][0]) + unseen


@pytest.mark.parametrize("end", ENDS[3:])
def test_a_name_behind_any_line_end_of_a_coded_text_is_known_and_no_position_moves(tmp_path: Path, end: str) -> None:
    said = [("I", "Hoe is het?"), ("Sanne", "Goed."), ("I", "Ja?"), ("\u200bSanne", "Ja.")]
    text = end.join(f"{who}: {words}" for who, words in said)
    assert set(speakers_of(text)) == {"Sanne"}
    write(tmp_path / "a.qdpx", NVIVO, [phrases(text, ["Goed", "Ja?"])])
    read = read_project(tmp_path / "a.qdpx")
    assert read.documents["text"][0] == text
    assert {text[row.start : row.end] for row in read.codings.itertuples()} == {"Goed", "Ja?"}


@pytest.mark.parametrize("end", ENDS)
def test_a_sentence_ends_with_its_line(end: str) -> None:
    text = f"de eerste regel{end}de tweede"
    assert [text[start:stop] for start, stop in sentences(text)] == ["de eerste regel", "de tweede"]


@pytest.mark.parametrize("end", ENDS[3:])
def test_a_cell_stays_one_cell(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"nr;antwoord{end}in woorden;x\n1;een{end}twee;y\n".encode())
    cells = ["nr", f"antwoord{end}in woorden", "x"]
    assert read_grids(path)[0].rows == [cells, ["1", f"een{end}twee", "y"]]
    assert list(read_csv_table(path).columns) == cells


@pytest.mark.parametrize("end", ENDS)
def test_codes_under_one_another_in_a_cell_are_several(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'ID,Document,Quotation Content,Codes\n1,gesprek,te duur,"geld{end}huur"\n'.encode())
    assert set(read_segments(path).codes["name"]) == {"geld", "huur"}


@pytest.mark.parametrize("end", ENDS)
def test_nvivos_coded_text_is_read_whatever_ends_its_lines(tmp_path: Path, end: str) -> None:
    lines = [r"<Files\gesprek 1> - § 1 reference coded [1,20% Coverage]", "", "Reference 1 - 1,20% Coverage", "", "te"]
    (tmp_path / "geld.txt").write_bytes(end.join(lines).encode())
    assert list(read_segments(tmp_path / "geld.txt").codings["text"]) == ["te"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I: Hoe gaat het? R1: Goed.", ["1 time a word for a speaker", "an interviewer speaks and no respondent"]),
        ("I: Hoi.\nI: Dag.", ["an interviewer speaks and no respondent"]),
        ("R1: Hoi.\nR1: Dag.", ["one speaker only"]),
        ("Spreker 1: Hoi.\nSpreker 1: Dag.", ["one speaker only"]),
        ("I: Hoi.\nR1: " + "ja " * 99, ["one speaker says 99% of the words"]),
        ("I: " + "ja " * 99 + "\nR1: Nee.", ["one speaker says 99% of the words"]),
        ("Spreker 1: Hoi.\nSpreker 2: Dag.", ["no speaker has a known role"]),
        ("Zomaar wat tekst.", ["no labels"]),
        ("I: Hoi.\nR1: Dag. Hij zei: kom.", []),
        ("R1: Hoi.\nR2: Dag.", []),
    ],
)  # fmt: skip
def test_a_transcript_that_lacks_a_voice_is_noted(tmp_path: Path, text: str, said: list[str]) -> None:
    warnings = transcript(tmp_path / "a.txt", text).report["warnings"]
    assert len(warnings) == len(said)
    assert all(what in line for what, line in zip(said, warnings, strict=True))


def test_the_note_stands_on_the_screen_of_import_and_check(small: Path, run: Run) -> None:
    raw = small / "data" / "raw" / "klein"
    (raw / "a.txt").write_text("I: Hoe gaat het?\n", encoding="utf-8")
    with (raw / "study.yml").open("a", encoding="utf-8") as study:
        study.write("field_data:\n  - {file: a.txt, kind: interviews, strand: tenants, origin: collected}\n")
    for command in (("import", "data/raw/klein/a.txt", "--to", "uit"), ("check", "klein")):
        done = run(small, *command)
        assert done.returncode == 0 and "an interviewer speaks and no respondent" in done.stderr
