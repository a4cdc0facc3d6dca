"""Tables of presences: a row a unit, 0 or 1 for each code, by two analysts."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from koppelkans.coding.agreement_by_code import by_code
from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.project import Project

TRUTH = {("u1", "kou"): "AB", ("u1", "huur"): "B", ("u2", "kou"): "", ("u2", "huur"): "", ("u3", "kou"): "A",
         ("u3", "huur"): "AB"}  # fmt: skip
UNITS, CODES = ("u1", "u2", "u3"), ("kou", "huur")


def cell(unit: str, code: str, who: str) -> str:
    return str(int(who in TRUTH[unit, code]))


def a_row_an_analyst() -> str:
    rows = [f"{unit},{who},{','.join(cell(unit, code, who) for code in CODES)}" for unit in UNITS for who in "AB"]
    return "\n".join(["eenheid,analist,kou,huur", *rows])


def a_column_an_analyst(head: str) -> str:
    heads = [head.format(code=code, who=who) for code in CODES for who in "AB"]
    rows = [f"{unit};" + ";".join(cell(unit, code, who) for code in CODES for who in "AB") for unit in UNITS]
    return "\n".join([f"id;{';'.join(heads)}", *rows])


def a_row_a_code() -> str:
    rows = [f"{unit},{code},{cell(unit, code, 'A')},{cell(unit, code, 'B')}" for unit in UNITS for code in CODES]
    return "\n".join(["unit,code,A,B", *rows])


def found(project: Project) -> dict[tuple[str, str], str]:
    names = dict(zip(project.documents["document"], project.documents["name"], strict=True))
    codes = dict(zip(project.codes["code"], project.codes["name"], strict=True))
    made = dict.fromkeys(TRUTH, "")
    for document, code, coder in project.codings[["document", "code", "coder"]].itertuples(index=False):
        made[names[document], codes[code]] += coder
    return {key: "".join(sorted(value)) for key, value in made.items()}


@pytest.mark.parametrize(
    "text",
    [
        a_row_an_analyst(),
        *map(a_column_an_analyst, ("{code}_{who}", "{code} ({who})", "{who}: {code}")),
        a_row_a_code(),
    ],
)
def test_each_layout_gives_the_same_codings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(text, encoding="utf-8")
    project = read_project(path)
    assert found(project) == TRUTH
    assert project.report["counts"]["presences"] == {"in_file": 12, "read": 12}
    assert "--kind answers" in " ".join(project.report["warnings"])


def test_a_sheet_for_each_analyst(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for who in "AB":
        sheet = book.create_sheet(who)
        for row in [["id", *CODES], *([unit, *(int(cell(unit, code, who)) for code in CODES)] for unit in UNITS)]:
            sheet.append(row)
    book.save(tmp_path / "codes.xlsx")
    assert found(read_project(tmp_path / "codes.xlsx")) == TRUTH


def test_a_unit_that_both_left_at_0_counts_as_read(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(a_row_an_analyst(), encoding="utf-8")
    project = read_project(tmp_path / "codes.csv")
    table = by_code(project.documents, project.codings, project.codes, "document", readers=project.held)
    values = table[table["measure"] == "percent"].set_index("name")
    assert values.loc["kou", ["units", "value"]].tolist() == [3, pytest.approx(2 / 3)]


def test_an_empty_cell_and_a_column_that_says_something_else_are_named(tmp_path: Path) -> None:
    text = "eenheid,analist,opmerking,kou,huur\nu1,A,mooi,1,\nu1,B,,0,1\nu2,A,,0,0\nu2,B,,0,0\n"
    (tmp_path / "codes.csv").write_text(text, encoding="utf-8")
    left = read_project(tmp_path / "codes.csv").report["left_out"]
    assert any("column opmerking" in line for line in left) and any("1 empty cell says" in line for line in left)


def test_0_and_1_by_nobody_in_particular_may_be_a_survey_and_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("id,kou,huur\nu1,1,0\nu2,0,1\nu3,1,1\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match="no known headers"):
        read_project(path)
    project = read_project(path, columns={"unit": "id", "presence": ["kou", "huur"]})
    assert len(project.codings) == 4 and len(project.documents) == 3
    with pytest.raises(KoppelkansError, match=r"no header 'hur'; did you mean 'huur'"):
        read_project(path, columns={"unit": "id", "presence": ["kou", "hur"]})
    path.write_text("id,kou\nu1,1\nu2,2\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match="row 3, column kou: found '2', expected 0 or 1"):
        read_project(path, columns={"unit": "id", "presence": ["kou"]})


def test_levels_of_one_code_and_several_codes_have_their_own_spelling(tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    path.write_text("bron,tekst,Code 1,Code 2\ng1,duur,geld,huur\ng1,koud,huis,kou\n", encoding="utf-8")
    named = {"document": "bron", "text": "tekst"}
    levels = read_project(path, columns={**named, "code": ["Code 1", "Code 2"]})
    assert levels.codes["path"].tolist() == ["geld", "geld > huur", "huis", "huis > kou"] and len(levels.codings) == 2
    several = read_project(path, columns={**named, "codes": ["Code 1", "Code 2"]})
    assert sorted(several.codes["path"]) == ["geld", "huis", "huur", "kou"] and len(several.codings) == 4
    assert len(read_project(path).codings) == 4 and "taken as several" in read_project(path).report["warnings"][0]
    path.write_text("bron,tekst,Code 1,Code 2\ng1,duur,geld,huur\ng1,koud,huur,geld\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match="say codes: in place of code:"):
        read_project(path, columns={**named, "code": ["Code 1", "Code 2"]})
    with pytest.raises(KoppelkansError, match="found code and codes"):
        read_project(path, columns={**named, "code": "Code 1", "codes": ["Code 2"]})


def test_one_sheet_of_a_workbook_can_be_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Oud"
    for title, words in (("Oud", "vroeger"), ("Nieuw", "nu")):
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for row in (["document", "code", "tekst"], ["g1", "kou", words]):
            sheet.append(row)
    book.save(tmp_path / "codes.xlsx")
    assert read_project(tmp_path / "codes.xlsx", sheet="nieuw").codings["text"].tolist() == ["nu"]
    with pytest.raises(KoppelkansError, match=r"no sheet 'Niew'; did you mean 'Nieuw'"):
        read_project(tmp_path / "codes.xlsx", sheet="Niew")
    pd.DataFrame({"document": ["g1"], "code": ["kou"], "tekst": ["nu"]}).to_csv(tmp_path / "c.csv", index=False)
    with pytest.raises(KoppelkansError, match="has no sheets"):
        read_project(tmp_path / "c.csv", sheet="Nieuw")


def test_what_stands_beside_the_cells_of_a_workbook_is_said_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for coder in ("Aya", "Bo"):
        sheet = book.create_sheet(coder)
        for row in (["id", "kou", "huur"], ["u1", 1, 0], ["u2", 0, 1 if coder == "Aya" else "#N/A"]):
            sheet.append(row)
        sheet["B2"].comment = Comment("kijk", "x")
    path = tmp_path / "oordelen.xlsx"
    book.save(path)
    project = read_project(path)
    said = project.report["warnings"]
    assert said.count("comments on cells of the workbook, not read: 2 (2 words)") == 1
    assert any(line.startswith("sheet 'Bo': 1 cell holds an error") for line in said)
