"""Subtitles as Teams, Zoom, Webex and others write them: who says what and when, and nothing else among the words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers import read_project
from koppelkans.readers.known_names import nameless
from koppelkans.readers.project import Project
from koppelkans.readers.subtitles import read_subtitles
from koppelkans.study import open_study
from koppelkans.workflow.tidy import write_tables

TEAMS = """WEBVTT - Interview
Kind: captions

NOTE
Gemaakt op 3 mei

STYLE
::cue { color: red }

8c2d1f5a-1111-2222/12-0
00:00:03.120 --> 00:00:05.000 align:start position:0%
<v Jansen, Anna (Gemeente)>Hoe woont u <i>nu</i>?
Vertel eens.</v>

8c2d1f5a-1111-2222/12-1
00:00:05.000 --> 00:00:06.500
<v Jansen, Anna (Gemeente)>En de buren?</v>

00:00:07.000 --> 00:00:09.000
<v.luid Piet de Vries>Goed &amp; <00:00:08.000><c.geel>w</c>arm, Anna. &lt;3 &nbsp;<lacht></v>

00:01:10.000 --> 00:01:11.000
<v Jansen, Anna (Gemeente)>65?</v>
<v Piet de Vries>65</v>
"""
ANNA, PIET = "Jansen, Anna (Gemeente)", "Piet de Vries"
TEAMS_TURNS = [
    (ANNA, 3.12, 6.5, "Hoe woont u nu? Vertel eens. En de buren?"),
    (PIET, 7.0, 9.0, "Goed & warm, Anna. <3 <lacht>"),
    (ANNA, 70.0, 71.0, "65?"),
    (PIET, 70.0, 71.0, "65"),
]
SRT = """1
00:00:01,000 --> 00:00:02,000
Interviewer: Hoe gaat het?

2
00:00:02,500 --> 00:00:04,000 X1:40 X2:600
{\\an8}<font color="red">Bewoner:</font> Goed hoor.
Heel goed.

3
00:00:04,000 --> 00:00:05,000
Al 65 jaar.

4
00:00:05,000 --> 00:00:06,000
Interviewer: Hoe oud?
5
00:00:06,000 --> 00:00:07,000
Bewoner: 65"""
SRT_TURNS = [
    ("Interviewer", 1.0, 2.0, "Hoe gaat het?"),
    ("Bewoner", 2.5, 5.0, "Goed hoor. Heel goed. Al 65 jaar."),
    ("Interviewer", 5.0, 6.0, "Hoe oud?"),
    ("Bewoner", 6.0, 7.0, "65"),
]


def turns_of(project: Project) -> list[tuple[str, float, float, str]]:
    text = project.documents["text"][0]
    for turn in project.turns.itertuples():
        assert text[turn.start : turn.end] == turn.text
    return list(project.turns[["speaker", "begins", "ends", "text"]].itertuples(index=False, name=None))


def read(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Project:
    (folder / name).write_bytes(text.encode(encoding))
    return read_project(folder / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize(("ending", "text", "turns"), [("vtt", TEAMS, TEAMS_TURNS), ("srt", SRT, SRT_TURNS)])
def test_subtitles_are_the_same_turns_in_any_file(
    tmp_path: Path, ending: str, text: str, turns: list[tuple[str, float, float, str]], end: str, encoding: str
) -> None:
    for name in (f"a.{ending}", "a.txt"):
        assert turns_of(read(tmp_path, name, text.replace("\n", end), encoding)) == turns


def test_what_is_no_speech_is_counted_in_the_report(tmp_path: Path) -> None:
    left = read(tmp_path, "a.vtt", TEAMS).report["left_out"]
    assert left == [
        "header of the file: 1 (4 words)", "NOTE blocks: 1 (5 words)", "STYLE blocks: 1 (6 words)",
        "names of cues: 2 (2 words)", "settings of cues: 1 (2 words)",
    ]  # fmt: skip
    assert read(tmp_path, "a.srt", SRT).report["left_out"] == [
        "cue numbers: 5 (5 words)", "settings of cues: 1 (2 words)"
    ]  # fmt: skip


def test_roles_follow_from_the_words_for_speakers(tmp_path: Path) -> None:
    project = read(tmp_path, "a.srt", SRT)
    assert list(project.turns["role"]) == ["interviewer", "respondent"] * 2
    assert list(project.turns["time"])[:2] == ["00:00:01.000", "00:00:02.500"]
    assert project.report["warnings"] == []
    assert project.report["counts"]["turns with a time"] == {"read": 4}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WEBVTT\n\n1\n00:03.5 --> 00:05.0\nAnna (Gem.): Hoi\n\n2\n00:05.0 --> 00:06.0\nPiet: Dag: hoe is het\n\n3\n"
         "01:00:06.000 --> 01:00:07.000\nAnna (Gem.): Ja",  # Zoom; without hours
         [("Anna (Gem.)", 3.5, 5.0, "Hoi"), ("Piet", 5.0, 6.0, "Dag: hoe is het"),
          ("Anna (Gem.)", 3606.0, 3607.0, "Ja")]),
        ('WEBVTT\n\n1 "Anna" (3205)\n00:00:04.5 --> 00:00:06.0\nHoi\n\n2 "Piet" (32)\n00:00:06.0 --> 00:00:08.0\nDag',
         [("Anna", 4.5, 6.0, "Hoi"), ("Piet", 6.0, 8.0, "Dag")]),  # Webex
        ("0:0:0.0 --> 0:0:2.5\nAnna\nHallo\n0:0:3.0 --> 0:0:4.0\nPiet\nDag\nhoor\n0:0:4.0 --> 0:0:6.0\nAnna\nEn nu?\n"
         "0:0:6.0 --> 0:0:7.0\nPiet\nNiks.",  # Teams, as a text
         [("Anna", 0.0, 2.5, "Hallo"), ("Piet", 3.0, 4.0, "Dag hoor"), ("Anna", 4.0, 6.0, "En nu?"),
          ("Piet", 6.0, 7.0, "Niks.")]),
        ("0:0:0.0 --> 0:0:2.5\nAnna\nHallo\n0:0:3.0 --> 0:0:4.0\nPiet\nDag\n0:0:4.0 --> 0:0:6.0\nAnna\nEn nu?",
         [("Anna", 0.0, 2.5, "Hallo"), ("Piet", 3.0, 4.0, "Dag"), ("Anna", 4.0, 6.0, "En nu?")]),  # Piet only once
        ("Anna\n00:04 --> 00:06\nHoi\n\nPiet\n00:06 → 00:08\nDag\n\nAnna\n00:09 –> 00:10\nMooi",
         [("Anna", 4.0, 6.0, "Hoi"), ("Piet", 6.0, 8.0, "Dag"), ("Anna", 9.0, 10.0, "Mooi")]),
        ("[00:01 --> 00:02] I: Hoi\n[00:02 --> 00:03] R: Dag", [("I", 1.0, 2.0, "Hoi"), ("R", 2.0, 3.0, "Dag")]),
        ("1\n00:00:01,0 --> 00:00:02,0\nWe hebben toen\nalles gedaan.\n\n2\n00:00:02,0 --> 00:00:03,0\nJa.\n",
         [("", 1.0, 2.0, "We hebben toen alles gedaan."), ("", 2.0, 3.0, "Ja.")]),  # nobody is named
        ("WEBVTT\n\n00:01.0 --> 00:02.0\n<v Anna>Hoi\n\n00:02.0 --> 00:03.0\n(muziek)\n\n"
         "00:03.0 --> 00:04.0\n<v Anna>Ja",
         [("Anna", 1.0, 2.0, "Hoi"), ("", 2.0, 3.0, "(muziek)"), ("Anna", 3.0, 4.0, "Ja")]),
        ("1\n00:00:01,0 --> 00:00:02,0\nI: Hoi\n\nen dag\n\n2\n00:00:02,0 --> 00:00:03,0\n\n",
         [("I", 1.0, 2.0, "Hoi en dag")]),  # a blank line within words, and a cue without any
    ],
)  # fmt: skip
def test_many_manners(tmp_path: Path, text: str, expected: list[tuple[str, float, float, str]]) -> None:
    assert turns_of(read(tmp_path, "a.txt", text)) == expected


def test_times_of_ordinary_transcripts_stay_as_they_were(tmp_path: Path) -> None:
    project = read(tmp_path, "a.txt", "[Anna Jansen] 10:03:04\nHallo\n\n[Piet de Vries] 10:03:09\nDag")
    assert list(project.turns[["speaker", "time", "text"]].itertuples(index=False, name=None)) == [
        ("Anna Jansen", "10:03:04", "Hallo"), ("Piet de Vries", "10:03:09", "Dag")
    ]  # fmt: skip
    assert list(project.turns["begins"]) == [36184.0, 36189.0] and project.turns["ends"].isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "Jansen, A. (Anna)   0:03\nHoi, Bakker.\nBakker, Piet   0:05\nDag.\nJansen, A. (Anna)   0:09\nJa",
        "Anna Jansen (Gem.): Hoi, Bakker.\nPiet Bakker: Dag.\nAnna Jansen (Gem.): Ja\nPiet Bakker: Nee",
    ],
)
def test_names_with_brackets_or_a_comma_are_speakers_and_become_pseudonyms(tmp_path: Path, text: str) -> None:
    clean, _ = nameless(read(tmp_path, "a.txt", text))
    assert list(clean.turns["speaker"])[:3] == ["Spreker 1", "Spreker 2", "Spreker 1"]
    assert list(clean.turns["text"])[:2] == ["Hoi, Spreker 2.", "Dag."]
    assert not any(name in clean.documents["text"][0] for name in ("Anna", "Jansen", "Piet", "Bakker"))


def test_two_files_of_one_interview_are_noted(tmp_path: Path) -> None:
    (tmp_path / "gesprek.srt").write_text(SRT, encoding="utf-8")
    (tmp_path / "gesprek.txt").write_text(SRT, encoding="utf-8")
    two, one_person = read_project(tmp_path).report["warnings"]
    assert two == "gesprek.srt and gesprek.txt: read as two interviews; if they are one, take one file out"
    assert "are taken as talks with one person" in one_person


def test_a_file_without_times_is_refused_and_a_broken_time_is_noted(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="found no times in it") as caught:
        read(tmp_path, "a.vtt", "WEBVTT\n\nzomaar wat\n")
    assert "\n" not in str(caught.value)
    warnings = read(tmp_path, "b.srt", SRT.replace("00:00:04,000 -->", "00:00:aa,000 -->", 1)).report["warnings"]
    assert any(line.startswith("b.srt: line 11: an arrow without two times") for line in warnings)


def test_names_of_speakers_become_pseudonyms_everywhere(tmp_path: Path) -> None:
    clean, _ = nameless(read(tmp_path, "Piet de Vries.vtt", TEAMS))
    assert list(clean.turns["speaker"]) == ["Spreker 1", "R01", "Spreker 1", "R01"]
    written = clean.documents.to_csv() + clean.turns.to_csv() + str(clean.report)
    assert not any(name in written for name in ("Anna", "Jansen", "Piet", "Vries"))
    assert turns_of(clean)[1][3] == "Goed & warm, Spreker 1. <3 <lacht>"
    zoom = read(tmp_path, "a.vtt", "WEBVTT\n\n00:01.0 --> 00:02.0\nanna k.: Hoi\n\n00:02.0 --> 00:03.0\niPad 2: Ja")
    assert list(nameless(zoom)[0].turns["speaker"]) == ["Spreker 1", "Spreker 2"]


def test_turns_with_their_times_reach_the_study(small: Path, run: Run) -> None:
    raw = small / "data" / "raw" / "klein"
    (raw / "gesprekken").mkdir()
    (raw / "gesprekken" / "Piet de Vries.vtt").write_text(TEAMS, encoding="utf-8")
    (raw / "gesprekken" / "b.txt").write_text("I: Hoi\nR1: Dag", encoding="utf-8")
    with (raw / "study.yml").open("a", encoding="utf-8") as study:
        study.write("field_data:\n  - {file: gesprekken, kind: interviews, strand: tenants, origin: collected}\n")
    study = open_study("klein", small)
    write_tables(study)
    turns, texts = study.table("turns"), study.table("documents").set_index("document")["text"]
    assert [texts[row.document][row.start : row.end] for row in turns.itertuples()] == list(turns["text"])
    assert list(turns["begins"].dropna()) == [begins for _, begins, _, _ in TEAMS_TURNS]
    assert set(turns["speaker"]) == {"Spreker 1", "R01", "I", "R1"}
    done = run(small, "check", "klein")
    assert "turns with a time: 4 read" in done.stdout and "left out: header of the file: 1" in done.stderr
    done = run(small, "pseudonymise", "data/raw/klein/gesprekken", "--to", "uit", "--no-names")
    assert done.returncode == 0 and len(pd.read_csv(small / "uit" / "turns.csv")) == len(turns)


_NAMES = st.sampled_from(["Anna Jansen", "Piet (gast)", "I", "R1"])
_LINES = st.lists(st.integers(1, 4), min_size=1, max_size=3)  # words in each line of a cue
_CUES = st.lists(st.tuples(_NAMES, _LINES, st.booleans()), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(_CUES, st.sampled_from(["voice", "label"]), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n", "\v"]))
def test_every_word_stands_in_one_turn_or_is_counted_as_left_out(
    tmp_path_factory: pytest.TempPathFactory,
    cues: list[tuple[str, list[int], bool]],
    manner: str,
    numbered: bool,
    noted: bool,
    end: str,
) -> None:
    """Words are numbered, so that each is one of a kind; a note, a number and a setting are no words that were said."""
    count, said, silent = 0, [], 0
    blocks = ["WEBVTT" + "\nTaal: nl" * noted]
    silent += 2 * noted
    for place, (name, lines, note) in enumerate(cues * 2):  # a name is a label where it recurs
        if note and noted:
            blocks.append("NOTE nog\neens")
            silent += 3
        texts = []
        for words in lines:
            texts.append(" ".join(f"w{number}x" for number in range(count, count + words)))
            count += words
        said.append((name, " ".join(texts)))
        first = f"<v {name}>" if manner == "voice" else f"{name}: "
        above = f"{place + 1}\n" if numbered else ""
        silent += numbered
        blocks.append(f"{above}00:{place:02d}:01.000 --> 00:{place:02d}:02.000\n{first}" + "\n".join(texts))
    project = read(tmp_path_factory.mktemp("any"), "a.vtt", "\n\n".join(blocks).replace("\n", end))
    joined: list[list[str]] = []
    for name, words in said:
        if joined and joined[-1][0] == name:
            joined[-1][1] += f" {words}"
        else:
            joined.append([name, words])
    assert [[turn.speaker, turn.text] for turn in project.turns.itertuples()] == joined
    left = sum(int(line.rsplit("(", 1)[1].split()[0]) for line in project.report["left_out"])
    assert left == silent


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(_NAMES, _LINES), max_size=6), st.integers(0, 3), st.sampled_from(["\n", "\r\n", "\u2029"]))
def test_every_word_of_a_transcript_stands_in_one_turn_or_before_the_first(
    tmp_path_factory: pytest.TempPathFactory, talk: list[tuple[str, list[int]]], before: int, end: str
) -> None:
    numbers = iter(range(1000))
    head = [f"kop{number}" for number in range(before)]
    talk = [("I", [1]), *talk]
    said = [[" ".join(f"w{next(numbers)}x" for _ in range(n)) for n in lines] for _, lines in talk]
    lines = [f"{who}: " + "\n".join(words) for (who, _), words in zip(talk, said, strict=True)]
    project = read(tmp_path_factory.mktemp("any"), "a.txt", end.join([*head, *"\n".join(lines).split("\n")]))
    words = " ".join(project.turns["text"]).split()
    spoken = [word for word in words if word.startswith("w")]
    assert spoken == [f"w{number}x" for number in range(len(spoken))] and len(spoken) == next(numbers)
    left = [f"lines before the first turn: {before} ({by_number(before, 'word', 'words')})"] if before else []
    assert project.report["left_out"] == left


@pytest.mark.parametrize(
    ("above", "said", "turns"),
    [
        ("", "<v Anna>Ja</v> en nee", [("Anna", "Ja"), ("", "en nee")]),
        (
            "",
            "<v Anna>Ja <v Bert>nee</v> toch</v> hoor",
            [("Anna", "Ja"), ("Bert", "nee"), ("Anna", "toch"), ("", "hoor")],
        ),
        ('1 "Anna" (320)\n', "Ja <v Bert>nee</v> toch", [("Anna", "Ja"), ("Bert", "nee"), ("Anna", "toch")]),
    ],
)
def test_words_behind_a_closed_voice_are_of_the_voice_around_it(
    above: str, said: str, turns: list[tuple[str, str]]
) -> None:
    read = read_subtitles(f"WEBVTT\n\n{above}00:01.000 --> 00:02.000\n{said}".split("\n"))
    assert read is not None
    assert [(turn.speaker, read.text[turn.start : turn.end]) for turn in read.turns] == turns
