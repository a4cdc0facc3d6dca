"""What stands in a file stands in the tables, or the report names it as left out, with how much there was of it."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
import qda_files
from qda_files import MANNERS, TEXT, Coded, Manner, phrases
from test_atlas_project import CONTENT
from test_atlas_project import project as an_atlproj

from koppelkans.readers import read_project
from koppelkans.readers.project import Project

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
