"""What asks too much of the computer is refused in one line, by the same limits for every reader."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from conftest import Run
from qda_files import NVIVO, phrases, write

from koppelkans.errors import KoppelkansError
from koppelkans.readers import limits, read_project
from koppelkans.readers.answers import read_answers
from koppelkans.readers.csv_tables import read_csv_table

ROOT = Path(__file__).resolve().parents[2]
CODES = '<Project xmlns="urn:QDA-XML:project:1.0" origin="ATLAS.ti"><CodeBook><Codes>{}</Codes></CodeBook></Project>'


def sparse_source(folder: Path) -> Path:
    with zipfile.ZipFile(write(folder / "a.qdpx", NVIVO, [phrases()])) as archive:
        (folder / "a.qde").write_bytes(archive.read("project.qde"))
        name = next(Path(name).name for name in archive.namelist() if name.endswith(".txt"))
    (folder / "Sources").mkdir()
    with (folder / "Sources" / name).open("wb") as source:
        source.truncate(3_000_000_000)
    return folder / "a.qde"


def levels_in_a_name(folder: Path) -> Path:
    code = f'<Code guid="a" name="{"::".join(["x"] * 50_000)}"/>'
    (folder / "a.qde").write_text(CODES.format(code), encoding="utf-8")
    return folder / "a.qde"


def text(name: str, content: str) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (folder / name).write_text(content, encoding="utf-8")
        return folder / name

    return made


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("a")
    sheet.append(["id", *(f"q{number}" for number in range(5_000))])
    sheet.append(["1", *range(5_000)])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


MANY = "\n".join(f"g{n};kou;koud" for n in range(250_000))
DEEP = "document;code;tekst\n" + "\n".join(f"g;{n} > {' > '.join(['niveau'] * 300)};koud" for n in range(1_000))
TOO_MUCH: list[tuple[str, Callable[[Path], Path]]] = [
    ("megabytes", sparse_source),
    ("levels", levels_in_a_name),
    ("levels", text("a.csv", DEEP)),
    ("rows", text("a.csv", f"document;code;tekst\n{MANY}\n")),
    ("rows", text("a.txt", "I: Ja?\nR1: Nee.\n" * 125_001)),
    ("columns", text("a.csv", ",".join(f"q{n}" for n in range(30_000)) + "\n" + ",".join("1" * 30_000))),
    ("columns", workbook),
]


@pytest.mark.parametrize(("limit", "made"), TOO_MUCH)
def test_what_asks_too_much_is_refused_soon_in_one_line(
    tmp_path: Path, limit: str, made: Callable[[Path], Path]
) -> None:
    path, began = made(tmp_path), time.process_time()
    for read in (read_project, read_answers) if path.suffix in (".csv", ".xlsx") else (read_project,):
        if limit == "levels" and read is read_answers:
            continue  # no codes are looked for in answers
        with pytest.raises(KoppelkansError, match=f"KOPPELKANS_LIMITS='{limit}=") as refused:
            read(path)
        assert str(refused.value).startswith(str(tmp_path)) and "\n" not in str(refused.value)
    assert time.process_time() - began < 10


def test_a_limit_can_be_raised_and_a_wrong_one_is_named(tmp_path: Path, run: Run, small: Path) -> None:
    (small / "a.csv").write_text("document;code;tekst\n" + "g;kou;koud\n" * 9, encoding="utf-8")
    arguments = ("import", "a.csv", "--to", "uit")
    done = run(small, *arguments, KOPPELKANS_LIMITS="rows=9")
    assert done.returncode == 1 and "expected at most 9 rows" in done.stderr and not (small / "uit").exists()
    assert run(small, *arguments, KOPPELKANS_LIMITS="seconds=90 rows=10").returncode == 0
    done = run(small, *arguments, KOPPELKANS_LIMITS="row=10")
    assert done.returncode == 1 and "did you mean 'rows'?" in done.stderr and "Traceback" not in done.stderr


def test_time_and_memory_are_watched_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(limits.VARIABLE, "seconds=1 memory=50")
    began = time.monotonic()
    with (
        pytest.raises(KoppelkansError, match=r"a\.csv: found more, expected at most 1 seconds"),
        limits.limited(Path("a.csv")),
    ):
        while time.monotonic() - began < 5:
            pass
    with pytest.raises(KoppelkansError, match="expected at most 50 MB of memory"), limits.limited(Path("a.csv")):
        bytearray(200_000_000)
    with pytest.raises(KoppelkansError, match="parts within parts"), limits.limited(Path("a.csv")):
        raise RecursionError
    assert len(bytearray(200_000_000)) == 200_000_000, "the limit ends with the file"


def test_the_page_states_every_limit_as_it_is() -> None:
    page = (ROOT / "docs" / "field-data.md").read_text(encoding="utf-8")
    for name, (most, what) in limits.LIMITS.items():
        assert f"| `{name}` | {most:,} {what} |" in page


def test_typed_tables_keep_to_the_limits_too(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n" + "1\n" * 250_001, encoding="utf-8")
    with pytest.raises(KoppelkansError, match="expected at most 250,000 rows"):
        read_csv_table(tmp_path / "t.csv")
