"""Nothing of a file of answers is lost in silence: what is typed stands in the tables, or is named as left out."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import Answers, read_answers
from koppelkans.readers.answers.cells import is_plain_mark, number

pytestmark = pytest.mark.slow

WORDS = [
    "kou",
    "te duur",
    "Isolatie",
    "zonnepanelen, dubbel glas",
    "een\nregel",
    "R_1",
    "Ja, graag",
    "4 jaar",
    "é",
    "=1+1",
]
CELLS = st.one_of(
    st.sampled_from(["", "", "1", "0", "2", "3", "Y", "N", "ja", "nee", "x", "-", "7,5", "12", "-1", "99", "A1"]),
    st.sampled_from(WORDS),
    st.text("abcdé 0123,;'\"/[]", max_size=9).map(str.strip),
)
NAMES = st.sampled_from(
    ["q", "q_1", "q_2", "q_-1", "q_1_TEXT",
     "q_TEXT", "q_other", "q_anders", "a_b_1", "a_b_2", "a_c_1", "v/een", "v/twee",
     "v", "w[een]", "w[twee]", "w[other]", "w[Anders, namelijk]", "m1", "m2", "reden_text", "reden_text_TEXT", "k___1",
     "k___2", "Welke? - glas", "Welke? - dak", "leeftijd", "StartDate", "RecipientEmail", "IPAddress", "naam", "Status",
     "token", "lastpage", "submitdate", "", "nr.1", "nr.2"]
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(st.lists(NAMES, min_size=1, max_size=9, unique=True))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), min_size=1, max_size=6))
    return names, [[f"p{number}", *row] for number, row in enumerate(rows, start=1)]


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def plain_table(folder: Path, names: list[str], rows: list[list[str]]) -> Path:
    return as_csv(folder / "a.csv", [["respondent", *names], *rows])


def workbook(folder: Path, names: list[str], rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for line in [["respondent", *names], *rows]:
        book.active.append([None if cell == "" else cell for cell in line])
    book.active.column_dimensions["A"].width = 9
    for line in book.active.iter_rows():
        for cell in line:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def qualtrics(folder: Path, names: list[str], rows: list[list[str]]) -> Path:
    imports = [f"{{'ImportId': 'QID{number}'}}" for number, _ in enumerate(names)]
    head = [
        ["ResponseId", *names],
        ["Response ID", *(f"Vraag {n}" for n in names)],
        ["{'ImportId': '_recordId'}", *imports],
    ]
    return as_csv(folder / "a.csv", [*head, *rows])


def limesurvey(folder: Path, names: list[str], rows: list[list[str]]) -> Path:
    own = ["id", "submitdate", "lastpage"]
    names = [name for name in names if name not in own]
    return as_csv(
        folder / "a.csv", [[*own, *names], *([row[0], "2024", "3", *row[1 : len(names) + 1]] for row in rows)]
    )


def spss(folder: Path, names: list[str], rows: list[list[str]]) -> Path:
    plain = {re.sub(r"\W", "_", name) or "leeg": place for place, name in enumerate(names, start=1)}
    frame = pd.DataFrame({"respondent": [row[0] for row in rows]})
    for name, place in plain.items():
        if name.casefold() not in {column.casefold() for column in frame} and name[0] != "_":
            frame[name] = [row[place] for row in rows]
    pyreadstat.write_sav(frame, folder / "a.sav")
    return folder / "a.sav"


WRITERS = {"table": plain_table, "workbook": workbook, "qualtrics": qualtrics, "limesurvey": limesurvey, "spss": spss}


def grid_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the names and the rows of answers as they stand in the file, read without any of our readers."""
    if path.suffix == ".sav":
        frame, _ = pyreadstat.read_sav(path)
        return list(frame.columns), frame.astype(str).to_numpy().tolist()
    if path.suffix == ".xlsx":
        lines = [["" if v is None else str(v) for v in row] for row in openpyxl.load_workbook(path).active.values]
    else:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    header, *body = lines
    width = max(map(len, lines))
    body = [row + [""] * (width - len(row)) for row in body if any(cell.strip() for cell in row)]
    return header, [row for row in body if row[0] not in ("Response ID", "{'ImportId': '_recordId'}")]


def bare(text: str) -> str:
    """Return a text without blanks and the marks that part options, to compare it."""
    return re.sub(r"[\s,;|]+", "", text).casefold()


def stands(cell: str, column: str, person: str, read: Answers) -> bool:
    """Tell whether a cell can be found back in the tables of answers."""
    questions = [q for q in read.report["questions"] if column in [*q["columns"], *q.get("words", [])]]
    names = {q["question"] for q in questions}
    rows = read.answers[(read.answers["respondent"] == person) & read.answers["question"].isin(names)]
    labels = read.options[read.options["question"].isin(names)].set_index("option")["label_nl"].to_dict()
    texts = [*rows["text"], *rows["option"], *rows["missing"], *(labels.get(option, "") for option in rows["option"])]
    if cell in texts or (bare(cell) and any(bare(cell) in bare(text) for text in texts)):
        return True
    values = {number(cell, comma) for comma in (True, False)} - {None}
    if values & set(rows["value"].dropna()) or values & set(rows["rank"].dropna()):
        return True
    if {q["kind"] for q in questions} == {"multiple"} and is_plain_mark(cell):
        return True
    parts = [part.strip().casefold() for part in re.split("[,;|\n]", cell) if part.strip()]
    return bool(parts) and all(bare(part) in [bare(text) for text in texts] for part in parts)


def is_named(column: str, read: Answers) -> bool:
    """Tell whether a line of the report says that a column is left out, with the reason."""
    lines = [re.fullmatch(r"columns? (.*): (?:[^:]|: )+", line, re.DOTALL) for line in read.report["left_out"]]
    return any(f", {column}, " in f", {match[1]}, " for match in lines if match)


@pytest.mark.parametrize("program", WRITERS)
@settings(deadline=None, max_examples=30, derandomize=True)
@given(table=tables())
def test_every_cell_stands_in_the_tables_or_its_column_is_named_as_left_out(
    tmp_path_factory: pytest.TempPathFactory, program: str, table: tuple[list[str], list[list[str]]]
) -> None:
    path = WRITERS[program](tmp_path_factory.mktemp("loss"), *table)
    try:
        read = read_answers(path)
    except KoppelkansError as error:
        assert "\n" not in str(error)
        return
    names, rows = grid_of(path)
    cells = found = named = 0
    for row in rows:
        for place, cell in enumerate(row):
            if not cell.strip():
                continue
            cells += 1
            if row[0].strip() not in set(read.respondents["respondent"]):
                assert any("previews of the survey" in line for line in read.report["left_out"])
                named += 1
                continue
            name = names[place] if place < len(names) else ""
            if name == read.report["respondent_column"]:
                found += cell.strip() in set(read.respondents["respondent"])
            elif is_named(name.strip() or str(place + 1), read):
                named += 1
            else:
                assert stands(cell.strip(), name, row[0].strip(), read), (name, cell, read.report["questions"])
                found += 1
    assert cells == found + named
    assert read.report["cells"] == {"in_file": cells, "read": found, "left_out": named}
