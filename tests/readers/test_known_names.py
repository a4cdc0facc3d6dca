"""Names of people, planted where files have them, never come out again: in no table, report or export."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
import yaml
from conftest import Run
from qda_files import NVIVO, phrases, write

from koppelkans.readers import read_project
from koppelkans.readers.known_names import nameless, speakers_of, tells_nobody
from koppelkans.study import open_study
from koppelkans.workflow.exporting import export
from koppelkans.workflow.tidy import key_path, write_tables

pytestmark = pytest.mark.slow

PLANTED = ("Zcoder", "Zuser", "Zcase", "Zdoc", "Zfile", "Zbase", "Zspeaker", "Zauthor", "Zhead", "Zother")
TEXT = (
    "Interviewer: Goedemorgen.\nMw. Zspeaker: Ik woon in de wijk 😀 en het is koud.\nInterviewer: En uw buren?\n"
    "Mw. Zspeaker: Die zeggen: mevrouw Zspeaker, de huur gaat omhoog."
)
WORDS = ["Ik woon in de wijk", "het is koud", "mevrouw Zspeaker, de huur", "En uw buren"]


def project(path: Path) -> Path:
    """Write a project with names of a coder, a case, documents, a speaker, a Word file and its writer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f'<SourceRef targetGUID="{NVIVO.guid("document 0")}"/>'
    case = f'<Cases><Case guid="{NVIVO.guid("c")}" name="Mevrouw Zcase">{source}'
    notes = f'<Sets><Set guid="{NVIVO.guid("set")}" name="Bij Mevrouw Zcase"/></Sets>'
    write(path, NVIVO, [phrases(TEXT, WORDS)] * 2, before=case + "</Case></Cases>", after=notes)
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    xml = inside["project.qde"].decode().replace("M. Jansen", "Anna Zuser").replace("jansen", "Zbase")
    xml = xml.replace('name="gesprek 0"', 'name="Gesprek Mevrouw Zcase" richTextPath="internal://Zfile.docx"')
    inside["project.qde"] = xml.replace("gesprek 1", "Over Piet Zdoc").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**inside, "Sources/Zfile.docx": word(TEXT)}.items():
            archive.writestr(name, content)
    return path


def word(text: str) -> bytes:
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for name, value in (("Naam", "Ria Zhead"), ("Leeftijd", "62")):
        for cell, words in zip(table.add_row().cells, (name, value), strict=True):
            cell.text = words
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.core_properties.author = document.core_properties.last_modified_by = "Zauthor"
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def transcripts(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "Mw. Zspeaker.docx").write_bytes(word(TEXT))
    (folder / "gesprek Zfile.txt").write_text(TEXT.replace("Zspeaker", "Zother"), encoding="utf-8")
    return folder


def leaks(content: bytes, where: str = "") -> list[str]:
    """Return which planted names stand in a file, or in a file within it, or in a name within it."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            found = [f"{where}/{name}: name" for name in names if any(one in name for one in PLANTED)]
            return found + [one for name in names for one in leaks(archive.read(name), f"{where}/{name}")]
    return [f"{where}: {name}" for name in PLANTED if name.encode() in content]


def leaks_below(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".key.csv")]
    assert files
    return [one for path in files for one in leaks(path.read_bytes(), path.name)]


@pytest.fixture
def raw(small: Path) -> Path:
    folder = small / "data" / "raw" / "klein"
    project(folder / "tenants-1.qdpx")
    project(folder / "tenants-2.qdpx")
    with zipfile.ZipFile(folder / "tenants-2.qdpx", "a") as archive:
        archive.writestr("more", "")
    transcripts(folder / "transcripten")
    of = {"kind": "interviews", "origin": "collected"}
    entries = [
        {"file": "tenants-1.qdpx", "strand": "tenants", "coder": "Anna Zcoder", **of},
        {"file": "tenants-2.qdpx", "strand": "tenants", "coder": "Bert Zcoder", **of},
        {"file": "transcripten", "strand": "homeowners", **of},
    ]
    with (folder / "study.yml").open("a", encoding="utf-8") as study:
        study.write(yaml.safe_dump({"field_data": entries}, allow_unicode=True))
    return folder


def test_a_study_gives_no_names_in_tables_report_export_or_on_screen(small: Path, raw: Path, run: Run) -> None:
    study = open_study("klein", small)
    write_tables(study)
    assert leaks_below(study.processed) == []
    done = run(small, "check", "klein")
    assert done.returncode == 0 and leaks((done.stdout + done.stderr).encode()) == []
    lines = export(study, small / "uit" / "klein.qdpx")
    assert leaks_below(small / "uit") == [] and leaks("".join(lines).encode()) == []
    key = key_path(study).read_text(encoding="utf-8")
    assert all(name in key for name in ("Mevrouw Zcase", "Anna Zcoder", "Over Piet Zdoc")), "the key says who is who"


def test_one_project_goes_back_with_its_notes_and_sets_and_without_its_names(small: Path, raw: Path) -> None:
    settings = yaml.safe_load((raw / "study.yml").read_text(encoding="utf-8"))
    settings["field_data"] = settings["field_data"][:1]
    (raw / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    study = open_study("klein", small)
    write_tables(study)
    lines = export(study, small / "uit" / "klein.qdpx")
    assert "1 sets" in lines[1] and "files of 1 documents" in lines[2]
    assert leaks_below(small / "uit") == []


@pytest.mark.parametrize("command", ["import", "pseudonymise"])
def test_a_file_gives_no_names_and_stays_as_it_is(small: Path, run: Run, command: str) -> None:
    more = ["--no-names"] if command == "pseudonymise" else []
    came, out = small / "in", small / "uit"
    for source in (project(came / "in.qdpx"), transcripts(came / "map")):
        before = {path: path.read_bytes() for path in came.rglob("*") if path.is_file()}
        done = run(small, command, f"in/{source.name}", "--to", f"uit/{source.name}-tabellen", *more)
        assert done.returncode == 0 and leaks((done.stdout + done.stderr).encode()) == [], done.stderr
        assert leaks_below(out) == []
        assert {path: path.read_bytes() for path in came.rglob("*") if path.is_file()} == before
    if command == "pseudonymise":
        assert run(small, command, "in/in.qdpx", "--to", "uit/weg.qdpx", *more).returncode == 0
        assert leaks_below(out) == []
        back = read_project(out / "weg.qdpx")
        texts = back.documents.set_index("document")["text"]
        for row in back.codings.itertuples():
            assert texts[row.document][row.start : row.end] == row.text
        assert "Ik woon in de wijk" in set(back.codings["text"])


@pytest.mark.parametrize("command", ["import", "pseudonymise"])
def test_nothing_is_written_onto_the_file_or_among_raw_files(small: Path, run: Run, command: str) -> None:
    project(small / "in.qdpx")
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file() and ".git" not in path.parts}
    for to in ("in.qdpx", "data/raw/klein/uit", "data/raw/klein/uit.qdpx", ""):
        done = run(small, command, "in.qdpx", "--to", to)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, (to, done.stderr)
    after = {path: path.read_bytes() for path in small.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert {path: content for path, content in after.items() if "__pycache__" not in path.parts} == {
        path: content for path, content in before.items() if "__pycache__" not in path.parts
    }


def test_codings_keep_their_words_when_a_name_before_them_is_replaced(tmp_path: Path) -> None:
    read = read_project(project(tmp_path / "in.qdpx"))
    clean, _ = nameless(read)
    texts = clean.documents.set_index("document")["text"]
    for before, after in zip(read.codings.itertuples(), clean.codings.itertuples(), strict=True):
        assert texts[after.document][after.start : after.end] == after.text
        assert after.text == before.text or "Zspeaker" in before.text
    assert texts.iloc[0].startswith("Interviewer: Goedemorgen.\nR01: Ik woon")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I: Hoe is het?\nSanne: Goed.\nI: Ja?\nSanne: Ja.", {"Sanne"}),
        ("Jan de Vries: Hoi.\nFatima el Amrani: Dag.\nJan de Vries: Ja.\nFatima el Amrani: Nee.",
         {"Jan de Vries", "Vries", "Jan", "Fatima el Amrani", "Fatima", "Amrani"}),
        ("I: Hoe is het?\nR1: Goed.\nI: Ja?\nR1: Ja.", set()),
        ("Datum: 3 mei\nWarmte: veel\nDatum: 4 mei\nWarmte: weinig", set()),
        ("Minister Bakker: hoe nu?\n" + "nog een regel\n" * 99 + "Minister Bakker: zo.", set()),
        ("Ik zei: kom maar.\nIk zei: ga maar.", set()),
        ("Vraag 1: wat?\nVraag 1: hoe?\nSamenvatting: niets\nSamenvatting: iets", set()),
    ],
)  # fmt: skip
def test_labels_that_are_names_are_known_from_other_words_before_a_colon(text: str, names: set[str]) -> None:
    assert set(speakers_of(text)) == names


def bold(path: Path, said: list[tuple[str, str]]) -> Path:
    document = docx.Document()
    for label, words in said:
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(words)
    document.save(str(path))
    return path


def test_a_bold_name_without_a_colon_comes_out_nowhere(small: Path, run: Run) -> None:
    bold(small / "Gesprek.docx", [("Anna Zspeaker", " Hoe is het?"), ("Piet de Zother", " Goed, Anna.")] * 2)
    done = run(small, "import", "Gesprek.docx", "--to", "uit")
    assert done.returncode == 0 and leaks_below(small / "uit") == [], done.stderr
    turns = pd.read_csv(small / "uit" / "turns.csv")
    assert list(turns["speaker"]) == ["Spreker 1", "Spreker 2"] * 2
    assert list(turns["text"]) == ["Hoe is het?", "Goed, Spreker 1."] * 2


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Mw. Jansen: ja.\n" + "Nog een regel.\n" * 93 + "Mw. Jansen: nee, Jansen.", ["Spreker 1"]),
        ("Anna: hoi\nPieter: dag\nAnna: ja", ["Spreker 1"]),
        ("I: Ja?\nBen: ja.\nI: Ja?\nBen: nee.", ["I", "R01"]),
        ("I: Ja?\nBo: ja.\nI: Ja?\nBo: nee.", ["I", "R01"]),
        ("I: Ja?\nStem Jan: ja.\nI: Ja?\nStem Jan: nee.", ["I", "R01"]),
        ("I: Ja?\nR1: ja.\nAnna jansen: hm.\nAnna jansen: hm.", ["I", "R1", "Spreker 1"]),
        ("Spreker 1: ja.\nAnna: nee.\nAnna: ja.", ["Spreker 1", "Spreker 2"]),
        ("I: Ja?\nR1: ja.\nIk zei: kom.\nIk zei: ga.\nMevrouw: ja.\nMevrouw: ja.", ["I", "R1", "Ik zei", "Mevrouw"]),
        ("SPEAKER_00: Ja?\nSpeaker 12: ja.\nRA: ja.\nRB: nee.", ["SPEAKER_00", "Speaker 12", "RA", "RB"]),
    ],
)
def test_who_speaks_in_a_transcript_has_a_pseudonym_or_a_word_for_a_speaker(
    tmp_path: Path, text: str, speakers: list[str]
) -> None:
    (tmp_path / "verslag van overleg.txt").write_text(text, encoding="utf-8")
    read = read_project(tmp_path / "verslag van overleg.txt")
    clean, _ = nameless(read)
    assert list(dict.fromkeys(clean.turns["speaker"])) == speakers
    renamed = set(read.turns["speaker"]) - set(speakers)
    assert not any(name in clean.documents["text"][0] for name in renamed)
    for turn in clean.turns.itertuples():
        assert clean.documents["text"][0][turn.start : turn.end] == turn.text


@pytest.mark.parametrize(
    ("name", "nobody"),
    [("gesprek-01", True), ("Interview R12 deel 2", True), ("2022-03-14 huurder 3", True), ("Interview Jan", False),
     ("Dorpsstraat 12", False), ("", False)],
)  # fmt: skip
def test_a_document_keeps_its_name_where_that_tells_nobody(name: str, nobody: bool) -> None:
    assert tells_nobody(name) is nobody


def test_who_is_called_by_the_number_of_a_talk_keeps_it(tmp_path: Path) -> None:
    for name in ("gesprek-01", "Jan Bakker"):
        (tmp_path / f"{name}.txt").write_text(
            "I: Hoe is het?\nR: Goed.\nI: En verder?\nR: Ook goed.\n", encoding="utf-8"
        )
    clean, key = nameless(read_project(tmp_path))
    assert list(clean.documents["respondent"]) == ["R01", "gesprek-01"] and "gesprek-01" not in set(key["name"])


def test_an_attribute_called_origin_does_not_get_lost(small: Path, run: Run) -> None:
    table = "Document;Code;Segment;CaseVar_origin;Respondent\n"
    (small / "s.csv").write_text(f"{table}gesprek 1;geld;te duur;Soest;R1\n", encoding="utf-8")
    done = run(small, "import", "s.csv", "--to", "uit")
    assert done.returncode == 0, done.stderr
    row = pd.read_csv(small / "uit" / "respondents.csv").iloc[0]
    assert row["origin (attribute)"] == "Soest" and row["origin"] == "collected"
