"""What stands in a file stands in the tables, or the report names it as left out, with how much there was of it."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import openpyxl
import pytest
import qda_files
from qda_files import MANNERS, TEXT, Coded, Manner, phrases
from test_atlas_project import CONTENT
from test_atlas_project import project as an_atlproj

from koppelkans.errors import by_number
from koppelkans.readers import read_project
from koppelkans.readers.project import Project
from koppelkans.readers.segments import read_segments

HEADERS = {
    "own": ["document", "code", "tekst", "opmerking", "gewicht", "kleur", "datum"],
    "maxqda": ["Document group", "Document name", "Code", "Begin", "End", "Weight score", "Segment", "Comment"],
    "atlas": ["ID", "Document", "Quotation Content", "Codes", "Comment", "Density"],
    "qualcoder": ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category"],
    "taguette": ["id", "document", "tag", "content"],
    "numbered": ["document", "tekst", "Code 1", "Code 2", "Code 3", "notitie"],
}
WORDS = ["kou", "huur", "trap", "buren", "schimmel", "één", "ideeën", "geld", "isoleren", "wachten"]


def a_table(path: Path, headers: list[str], source: random.Random) -> list[list[str]]:
    """Write rows in which every cell is a word of its own, and some cells and codes are empty."""
    rows = []
    for number in range(source.randint(3, 12)):
        cells = [f"{source.choice(WORDS)}{number}x{place}" for place in range(len(headers))]
        rows.append([cell if source.random() < 0.8 else "" for cell in cells])
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows([headers, *rows])
    return rows


def in_tables(project: Project) -> str:
    tables = (project.documents, project.codes, project.codings, project.respondents)
    return "\n".join([*(table.to_csv() for table in tables), *project.kept.get("comments", {}).values()])


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_every_cell_of_a_table_of_segments_is_in_the_tables_or_counted_as_left_out(
    tmp_path: Path, headers: list[str]
) -> None:
    for seed in range(8):
        rows = a_table(tmp_path / "t.csv", headers, random.Random(seed))
        project = read_project(tmp_path / "t.csv")
        shown, report = in_tables(project), project.report
        told = report["characters"]
        assert told["in_file"] == sum(len(cell) for row in rows for cell in row)
        coders = [cell for row in rows for head, cell in zip(headers, row, strict=True) if head == "Coder"]
        missing = [cell for row in rows for cell in row if cell and cell not in shown and cell not in coders]
        assert sum(map(len, missing)) <= told["left_out"]
        named = " ".join(report["left_out"])
        for cell in missing:
            place = next(row.index(cell) for row in rows if cell in row)
            assert f"column {headers[place]}:" in named or "without a code" in named or "neither a code" in named, cell
        if told["left_out"]:
            assert report["left_out"]


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_every_letter_of_the_texts_of_a_project_is_in_the_tables(tmp_path: Path, manner: Manner) -> None:
    texts = [TEXT, TEXT + " En nog wat.", "Kort."]
    coded = [phrases(text) if TEXT in text else Coded(text, [(0, 4, 0)]) for text in texts]
    project = read_project(qda_files.write(tmp_path / "a.qdpx", manner, coded))
    assert project.documents["n_characters"].sum() == sum(map(len, texts))
    counts = project.report["counts"]
    assert counts["codings"]["in_file"] == counts["codings"]["read"] == len(project.codings)
    assert counts["sources"]["in_file"] == len(project.documents)


def test_texts_that_are_not_in_the_project_are_named_one_by_one(tmp_path: Path) -> None:
    path = qda_files.write(tmp_path / "a.qdpx", MANNERS["NVivo Mac"], [phrases(), phrases()], drop_texts=True)
    assert len(read_project(path).report["absent"]) == 2


def test_every_letter_of_an_atlproj_is_in_the_tables(tmp_path: Path) -> None:
    body = re.sub(r"<[^>]+>", "", CONTENT.split("<body>")[1]).replace("&nbsp;", "\u00a0")
    text = read_project(an_atlproj(tmp_path / "a.atlproj")).documents["text"].iloc[0]
    assert "".join(text.split()) == "".join(body.split())


def an_export_of_a_code(path: Path, source: random.Random) -> tuple[list[str], int]:
    """Write NVivo's export of a code; return the words of its references, and characters that belong to none."""
    said, beside, lines = [], 0, ["Name: Kou"]
    for number in range(source.randint(1, 3)):
        lines += [f"<Files\\\\Gesprek {number}> - § 2 references coded [ 3.00% Coverage]", ""]
        if source.random() < 0.5:
            lines.append(f"Gecodeerd door {number}")
            beside += len(lines[-1])
        for reference in range(source.randint(1, 3)):
            words = [f"woord{number}x{reference}x{n}" for n in range(source.randint(0, 3))]
            lines += [f"Reference {reference + 1} - 1.00% Coverage", "", *words, ""]
            said += words
    path.write_text("\n".join(lines), encoding="utf-8")
    return said, beside


def test_every_line_of_an_export_of_a_code_is_in_the_tables_or_counted(tmp_path: Path) -> None:
    for seed in range(12):
        said, beside = an_export_of_a_code(tmp_path / "kou.txt", random.Random(seed))
        if not said:
            continue
        project = read_segments(tmp_path / "kou.txt", preset="nvivo")
        lines = (tmp_path / "kou.txt").read_text(encoding="utf-8").split("\n")
        left = " ".join(project.report["left_out"])
        assert "\n".join(project.codings["text"]).split() == said
        assert (f"({by_number(beside, 'character', 'characters')})" in left) == bool(beside)
        empty = sum(line.startswith("Reference") for line in lines) - len(project.codings)
        assert (by_number(empty, "reference without a text", "references without a text") in left) == bool(empty)


def test_every_cell_of_a_coding_summary_is_in_the_tables_or_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Summary"
    for row in (
        ["Coding Summary by Code", None, None, None],
        ["Aggregate", "Coverage", "Reference Number", "Coded By Initials"],
        ["Codes\\\\Kou", None, None, None],
        ["Files\\\\Gesprek 1", None, None, None],
        [None, "0.03", "1", "AB"],
        ["Het is koud.", None, None, None],
        [None, None, "2", "AB"],
        ["twee", "cellen", None, None],
    ):
        book.active.append(row)
    book.create_sheet("Notities").append(["nog", "iets"])
    book.save(tmp_path / "a.xlsx")
    project = read_project(tmp_path / "a.xlsx")
    assert project.codings["text"].tolist() == ["Het is koud."]
    assert project.report["left_out"] == [
        f"cells of sheet Summary that are no part of a reference: 4 ({len('Coding Summary by Code0.03tweecellen')} "
        "characters)",
        "1 reference without a text",
        "sheet Notities: no coding summary (2 cells)",
        "names of coders",
    ]


PRESENCES = ["eenheid", "analist", "tekst", "bewoner", "kou", "huur", "", "notitie"]


@pytest.mark.parametrize("is_named", [False, True])
def test_every_cell_of_a_table_of_presences_is_in_the_tables_or_counted(tmp_path: Path, is_named: bool) -> None:
    for seed in range(8):
        source = random.Random(seed)
        rows = []
        for unit in range(source.randint(2, 6)):
            for who in "AB":
                marks = [source.choice(["0", "1", ""]) for _ in "kh"]
                own = [f"{name}{unit}{who}" if source.random() < 0.7 else "" for name in ("tekst", "r", "los", "n")]
                rows.append([f"u{unit}", who, *own[:2], *marks, *own[2:]])
        rows[0][4:6] = ["1", "0"]
        with (tmp_path / "p.csv").open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([PRESENCES, *rows])
        columns = {"unit": "eenheid", "coder": "analist", "presence": ["kou", "huur"], "text": "tekst"}
        project = read_project(tmp_path / "p.csv", columns=columns if is_named else None)
        shown, left = in_tables(project), project.report["left_out"]
        marks = [cell for row in rows for cell in row[4:6]]
        assert project.report["counts"]["presences"] == {"in_file": len(marks), "read": len(marks) - marks.count("")}
        assert len(project.codings) == marks.count("1")
        assert any(line.startswith(f"{marks.count('')} empty cell") for line in left) == bool(marks.count(""))
        for place in (6, 7):
            n = sum(bool(row[place]) for row in rows)
            line = f"column {PRESENCES[place] or place + 1}: not part of a presence ({by_number(n, 'cell', 'cells')})"
            assert (line in left) == bool(n or PRESENCES[place])
        texts: dict[str, str] = {}
        for row in rows:
            if row[2] and texts.setdefault(row[0], row[2]) != row[2]:
                assert any(line.startswith("another text further on of unit") and row[0] in line for line in left)
            elif row[2]:
                assert row[2] in shown


def test_a_unit_that_an_analyst_rated_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,analist,kou,huur\nu1,A,1,0\nu1,A,0,0\n", encoding="utf-8")
    columns = {"unit": "id", "coder": "analist", "presence": ["kou", "huur"]}
    assert "2 cells are about a unit" in " ".join(read_project(tmp_path / "p.csv", columns=columns).report["warnings"])


def test_sheets_and_rows_beside_named_columns_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Coderingen van mei"], ["bron", "thema", "stuk"], ["g1", "kou", "koud"]):
        book.active.append(row)
    book.create_sheet("Oud").append(["een", "twee"])
    book.save(tmp_path / "a.xlsx")
    project = read_project(tmp_path / "a.xlsx", columns={"document": "bron", "code": "thema", "text": "stuk"})
    assert project.report["left_out"] == [
        "sheet Oud: no sheet with the columns that were named (2 cells)", "1 row above the header (18 characters)"
    ]  # fmt: skip
