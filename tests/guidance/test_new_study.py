"""A new study: what is in the folder, which names it takes, and tables as students type them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import docx
import openpyxl
import pytest
from conftest import Run

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.guidance.new_study import start, strand_keys
from koppelkans.guidance.offers import add, offers
from koppelkans.locale import LANGUAGES
from koppelkans.readers.typed_tables import as_month
from koppelkans.study import open_study, parse_yaml
from koppelkans.workflow.jobs import tables_without_rows
from koppelkans.workflow.tidy import typed_tables


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A compendium without any study."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def write(path: Path, *rows: list[object]) -> None:
    """Write rows below the header and the example of a table that a student fills in."""
    book = openpyxl.load_workbook(path)
    for row in rows:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_study_is_one_at_once_and_holds_what_the_field_asks_for(empty: Path, language: str) -> None:
    files = start("heuvel", empty, title="Heuvel: 'oost'", language=language, groups=["huurders", "jongeren van 16+"])
    study = open_study("heuvel", empty)
    assert study.title == dict.fromkeys(LANGUAGES, "Heuvel: 'oost'") and study.languages == (language,)
    assert [strand.name(language) for strand in study.strands.values()] == ["huurders", "jongeren van 16+"]
    tables = typed_tables(study)
    assert tables_without_rows(study) == set(tables) == {"sessions", "change_stories", "expectations"}
    assert all(table.empty for table in tables.values())  # the example row is no data
    documents = [path for path in files if path.suffix == ".docx"]
    assert len(documents) == 3 and all(len(docx.Document(str(path)).paragraphs) > 15 for path in documents)
    heads = [sheet[1][0].value for p in files if p.suffix == ".xlsx" for sheet in openpyxl.load_workbook(p)]
    assert len(heads) == 6 and all(heads)


def test_the_key_of_a_group_keeps_the_letters_that_have_an_accent() -> None:
    assert list(strand_keys(["Één-oudergezinnen", "jongeren van 16+"])) == ["een-oudergezinnen", "jongeren-van-16"]


def test_what_is_asked_in_both_languages_is_the_same() -> None:
    folder = Path(__file__).parents[2] / "src" / "koppelkans" / "guidance" / "templates"
    shapes = []
    for language in LANGUAGES:
        content = parse_yaml((folder / f"start.{language}.yml").read_text(encoding="utf-8"), language)
        parts = [[len(part.get("items", [])) for part in text["parts"]] for text in content["texts"].values()]
        sheets = [[len(row) for row in s["rows"]] for book in content["workbooks"].values() for s in book.values()]
        shapes.append((parts, sheets, len(content["tables"])))
    assert all(shape == shapes[0] for shape in shapes)


def test_nothing_is_overwritten_and_equal_questions_give_equal_files(empty: Path) -> None:
    start("heuvel", empty)
    before = digests(empty)
    with pytest.raises(KoppelkansError, match="is there already and stays as it is"):
        start("heuvel", empty, title="Anders")
    assert digests(empty) == before
    start("heuvel-2", empty, title="Heuvel")
    made = digests(empty / "data" / "raw" / "heuvel-2")
    assert {name for name, digest in made.items() if before[name] != digest} <= {"study.yml"}


@pytest.mark.parametrize("name", ["", "Heuvel", "mijn wijk", "../weg", "2de", "con", "a" * 41, "wijk_1", "-x"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_made(empty: Path, name: str) -> None:
    with pytest.raises(KoppelkansError, match="STUDY="):
        start(name, empty)
    assert not list((empty / "data" / "raw").iterdir())


def test_a_dutch_workbook_as_a_student_types_it_is_read(empty: Path) -> None:
    start("heuvel", empty)
    raw = empty / "data" / "raw" / "heuvel"
    write(
        raw / "programma.xlsx",
        [1, "maart 2023", "Thema", "kennismaken", "samen"],
        [1, "3-2023", "werkvorm", "wandeling", None],
        [2, "2023-05-01", "uitkomst", "een lijst", "plan"],
    )
    write(raw / "veranderverhalen.xlsx", [1, "meer contact", "Doelgroep", "buren"], [1, "meer contact", "aanpak", ""])
    tables = typed_tables(open_study("heuvel", empty))
    sessions = tables["sessions"]
    assert list(sessions["month"]) == ["2023-03", "2023-03", "2023-05"]
    assert list(sessions["kind"]) == ["theme", "work_form", "outcome"] and list(sessions["item"]) == [1, 1, 1]
    assert list(sessions["text_en"]) == list(sessions["text_nl"]) and set(sessions["mode"]) == {"unknown"}
    assert list(tables["change_stories"]["in_source"]) == ["yes", "no"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_cannot_be_read_is_named_by_row_and_column(empty: Path, ending: str) -> None:
    start("heuvel", empty)
    raw = empty / "data" / "raw" / "heuvel"
    rows = [[1, "maart 2023", "thema", "één", ""], ["ca. 2", "ergens in mei", "praatje", "twee", ""]]
    write(raw / "programma.xlsx", *rows)
    if ending == "csv":
        lines = [
            "sessie;maand;soort;tekst;categorie",
            *(";".join(map(str, row)) for row in [["voorbeeld: 1"] * 5, *rows]),
        ]
        (raw / "programma.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
        settings = (raw / "study.yml").read_text(encoding="utf-8").replace("programma.xlsx", "programma.csv")
        (raw / "study.yml").write_text(settings, encoding="utf-8")
    with pytest.raises(InvalidTable) as refused:
        typed_tables(open_study("heuvel", empty))
    for column, found in (("session", "'ca. 2'"), ("month", "'ergens in mei'"), ("kind", "'praatje'")):
        assert any(f"row 4, column {column}: found {found}" in line for line in refused.value.problems)


def test_two_columns_that_mean_the_same_are_named(empty: Path) -> None:
    start("heuvel", empty)
    raw = empty / "data" / "raw" / "heuvel"
    (raw / "programma.csv").write_text("sessie;bijeenkomst;maand;datum;soort\n1;1;mei 2023;1-5-2023;thema\n")
    settings = (raw / "study.yml").read_text(encoding="utf-8").replace("programma.xlsx", "programma.csv")
    (raw / "study.yml").write_text(settings, encoding="utf-8")
    with pytest.raises(InvalidTable) as refused:
        typed_tables(open_study("heuvel", empty))
    assert [line.partition(", ")[2] for line in refused.value.problems] == [
        "row 1: found the columns 'sessie' and 'bijeenkomst', which both mean session; expected one of them",
        "row 1: found the columns 'maand' and 'datum', which both mean month; expected one of them",
    ]


def test_the_odd_row_of_a_session_is_named_not_the_others(empty: Path) -> None:
    start("heuvel", empty)
    rows = [[1, "maart 2023" if n != 2 else "mei 2023", "thema", f"punt {n}", ""] for n in range(6)]
    write(empty / "data" / "raw" / "heuvel" / "programma.xlsx", *rows)
    with pytest.raises(InvalidTable) as refused:
        typed_tables(open_study("heuvel", empty))
    assert [line.partition(", ")[2] for line in refused.value.problems] == [
        "row 5: session 1 in month 2023-05, expected 2023-03 as in row 3"
    ]


@pytest.mark.parametrize(
    ("cell", "month"),
    [("maart 2023", "2023-03"), ("mrt 2023", "2023-03"), ("March 2023", "2023-03"), ("3 maart 2023", "2023-03"),
     ("03-2023", "2023-03"), ("01-03-2023", "2023-03"), ("2023-03-01", "2023-03"), ("2023-3", "2023-03"),
     ("voorjaar 2023", "voorjaar 2023"), ("13-2023", "13-2023"), ("2023", "2023")],
)  # fmt: skip
def test_a_month_is_known_as_it_is_written(cell: str, month: str) -> None:
    assert as_month(cell) == month


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("origin: eigen", "origin: found 'eigen', expected one of"),
        ("title: {nl: }", "title: found None in 'nl', expected text, as in `title: Heuvelwijk`"),
        ("title: 2023", "title: found 2023, expected text"),
        ("languages: [de]", "languages: found 'de', expected one of"),
        ("categories: {bijpraten: 3}", "categories, bijpraten: found 3"),
        ("words: kou", "words: found 'kou', expected a list"),
        ("left_aside: interviews", "left_aside: found 'interviews', expected a list"),
    ],
)
def test_a_setting_that_says_nothing_is_refused(empty: Path, line: str, said: str) -> None:
    start("heuvel", empty)
    path = empty / "data" / "raw" / "heuvel" / "study.yml"
    key = line.partition(":")[0]
    kept = [one for one in path.read_text(encoding="utf-8").splitlines() if not one.startswith(f"{key}:")]
    path.write_text("\n".join([*kept, line]) + "\n", encoding="utf-8")
    with pytest.raises(KoppelkansError) as refused:
        open_study("heuvel", empty)
    assert said in str(refused.value)


def test_a_title_in_one_language_or_none_is_a_title(empty: Path) -> None:
    start("heuvel", empty)
    path = empty / "data" / "raw" / "heuvel" / "study.yml"
    text = path.read_text(encoding="utf-8").replace('title: {nl: "Heuvel"}', "title: Kerschoten")
    path.write_text(text, encoding="utf-8")
    assert open_study("heuvel", empty).title == dict.fromkeys(LANGUAGES, "Kerschoten")


def test_the_command_says_what_it_made_in_the_language_of_the_student(empty: Path, run: Run) -> None:
    (empty / "src").symlink_to(Path(__file__).parents[2] / "src")
    done = run(empty, "new", "heuvel", LANG="C")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "data/raw/heuvel is er. Nu: make STUDY=heuvel"
    again = run(empty, "new", "heuvel")
    assert again.returncode == 1 and len(again.stderr.splitlines()) == 1 and "Traceback" not in again.stderr


def test_files_that_are_not_named_are_offered_and_those_left_aside_are_not(empty: Path) -> None:
    start("heuvel", empty, groups=["huurders", "kopers"])
    raw = empty / "data" / "raw" / "heuvel"
    for file in ("interviews/huurders/gesprek-01.docx", "interviews/a.qdpx", "answers/kopers.sav", "los.xlsx"):
        (raw / file).parent.mkdir(exist_ok=True)
        (raw / file).write_bytes(b"x")
    offered = offers(open_study("heuvel", empty))
    assert [(offer.file, offer.kind, offer.strand) for offer in offered] == [
        ("answers/kopers.sav", "answers", "kopers"),
        ("interviews/a.qdpx", "interviews", ""),  # of two groups, its maker knows which
        ("interviews/huurders", "interviews", "huurders"),
        ("los.xlsx", "", ""),
    ]
    added = add(open_study("heuvel", empty), offered)
    study = open_study("heuvel", empty)
    assert [entry["file"] for entry in study.field_data] == [offer.file for offer in added]
    assert len(added) == 2 and "# Met wie praat je?" in (raw / "study.yml").read_text(encoding="utf-8")
    with (raw / "study.yml").open("a", encoding="utf-8") as settings:
        settings.write("left_aside: [los.xlsx, interviews]\n")
    assert offers(open_study("heuvel", empty)) == []


@pytest.mark.parametrize("folder", ["2024", "no", "- huis 3"])
def test_a_folder_that_yaml_would_read_as_something_else_is_added_as_it_is_called(empty: Path, folder: str) -> None:
    start("heuvel", empty)
    talk = empty / "data" / "raw" / "heuvel" / folder / "gesprek-01.docx"
    talk.parent.mkdir()
    talk.write_bytes(b"x")
    add(open_study("heuvel", empty), offers(open_study("heuvel", empty)))
    assert [entry["file"] for entry in open_study("heuvel", empty).field_data] == [folder]
