"""What a user meets at the command line with files that are odd, wrong or out to do harm."""

from __future__ import annotations

import errno
import os
import time
import zipfile
from pathlib import Path

import pytest
from conftest import Run
from qda_files import NVIVO, phrases, write

from koppelkans.errors import KoppelkansError
from koppelkans.privacy.personal_data import scan
from koppelkans.readers import folder, read_project
from koppelkans.readers.answers import read_answers
from koppelkans.readers.folder import write_folder


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gesprek.doc", b"\xd0\xcf\x11\xe0tekst", "save it as .docx"),
        ("gesprek.odt", b"PK\x03\x04", "save it as .docx"),
        ("gesprek.rtf", b"{\\rtf1 hallo}", "save it as .docx"),
        ("enquete.xls", b"\xd0\xcf\x11\xe0tekst", "save it as .xlsx"),
        ("enquete.ods", b"PK\x03\x04", "save it as .xlsx"),
    ],
)
def test_a_file_of_an_office_program_is_told_how_to_be_saved(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KoppelkansError, match=says) as refused:
        read_project(tmp_path / name)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        ("mex", "exchange file of MAXQDA"),
        ("mex22", "exchange file of MAXQDA"),
        ("mx3", "old MAXQDA or winMAX"),
        ("mx12", "old MAXQDA or winMAX"),
        ("m2k", "old MAXQDA or winMAX"),
        ("mx24", "a MAXQDA project"),
        ("mtr", "code system saved by MAXQDA"),
        ("loa", "without texts or codings"),
        ("hpr6", "ATLAS.ti 7 or older"),
        ("atlcb", "ATLAS.ti 7 or older"),
        ("nvp", "Share, Export Project"),
        ("nvpx", "File, Export Project"),
    ],
)
@pytest.mark.parametrize("content", [b"\0\1\2 anything", b"<?xml version='1.0'?><Other/>", b"plain text", b"PK\3\4"])
def test_a_file_of_an_old_program_says_what_it_is_and_what_to_do(
    tmp_path: Path, ending: str, says: str, content: bytes
) -> None:
    path = tmp_path / f"Wijk.{ending.upper()}"
    path.write_bytes(content)
    with pytest.raises(KoppelkansError) as refused:
        read_project(path)
    assert says in str(refused.value) and "export" in str(refused.value).lower() and "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["pijp", "pijp.qdpx", "pijp.docx", "pijp.csv"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(KoppelkansError, match="no file"):
        read_project(tmp_path / name)


def test_a_name_that_is_no_utf_8_gives_one_line_and_leaves_nothing(small: Path, run: Run) -> None:
    try:
        made = os.fsencode(small) + b"/caf\xe9.qdpx"
        write(Path(os.fsdecode(made)), NVIVO, [phrases()])
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    done = run(small, "import", os.fsdecode(made), "--to", "uit")
    assert done.returncode == 1 and "rename the file" in done.stderr and "Traceback" not in done.stderr
    assert not (small / "uit").exists()


def test_a_full_disk_leaves_no_table_and_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_project(write(tmp_path / "in.qdpx", NVIVO, [phrases()]))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder.shutil, "move", full)
    with pytest.raises(KoppelkansError, match="No space left"):
        write_folder(read, tmp_path / "uit")
    assert [path.name for path in tmp_path.iterdir()] == ["in.qdpx"]


def test_a_project_without_anything_says_so_and_names_what_it_could_not_read(small: Path, run: Run) -> None:
    with zipfile.ZipFile(small / "leeg.qdpx", "w") as archive:
        inside = '<Sources><Boek guid="11111111-1111-1111-1111-111111111111" name="x"><Coding/></Boek></Sources>'
        archive.writestr("project.qde", f'<Project xmlns="urn:QDA-XML:project:1.0" name="leeg">{inside}</Project>')
    done = run(small, "import", "leeg.qdpx", "--to", "uit")
    assert done.returncode == 0 and "sources: 1 in the file, 0 read" in done.stdout
    assert "codings: 1 in the file, 0 read" in done.stdout
    assert "found no sources in it" in done.stderr and "<Boek>" in done.stderr


def test_rows_that_are_left_out_are_said_on_screen(small: Path, run: Run) -> None:
    (small / "s.csv").write_text("Document;Code;Segment\nA;geld;te duur\nA;;zonder code\n", encoding="utf-8")
    done = run(small, "import", "s.csv", "--to", "uit")
    assert done.returncode == 0 and "left out: 1 row without a code" in done.stderr
    done = run(small, "import", "weg.csv", "--to", "uit")
    assert done.returncode == 1 and "no such file" in done.stderr and "--kind" not in done.stderr


@pytest.mark.parametrize("text", ["A-" * 60_000, " " * 200_000 + "x", "\t" * 200_000 + ":", "[ " * 100_000])
def test_a_text_made_to_keep_a_pattern_busy_does_not(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    start = time.process_time()
    scan(read_project(tmp_path / "a.txt").documents)
    assert time.process_time() - start < 5


def test_what_a_cell_orders_a_spreadsheet_to_do_is_read_as_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;wat\n1;=cmd|' /C calc'!A0\n2;@SUM(1)\n", encoding="utf-8")
    read = read_answers(tmp_path / "a.csv")
    assert read.answers["text"].tolist() == ["=cmd|' /C calc'!A0", "@SUM(1)"]
