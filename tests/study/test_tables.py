from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.study.consistency import cross_check
from koppelkans.study.schemas import SCHEMAS
from koppelkans.study.tables import validate


@pytest.fixture
def sessions(root: Path) -> pd.DataFrame:
    return read_csv_table(root / "data" / "raw" / "smitsveen" / "sessions.csv")


def problems_of(table: pd.DataFrame, name: str) -> list[str]:
    with pytest.raises(InvalidTable) as caught:
        validate(table, name, file=f"{name}.csv")
    return caught.value.problems


def test_a_month_that_does_not_exist_is_named_with_its_row(sessions: pd.DataFrame) -> None:
    sessions.at[7, "month"] = "2021-13"
    assert problems_of(sessions, "sessions") == [
        "sessions.csv, row 7, column month: found '2021-13', expected a month as YYYY-MM, such as 2021-09"
    ]


def test_a_missing_column_is_named_with_the_expected_ones(sessions: pd.DataFrame) -> None:
    [problem] = problems_of(sessions.drop(columns="month"), "sessions")
    assert problem.startswith("sessions.csv, row 1: column 'month' is missing; expected the columns session, month")


def test_a_mistyped_column_is_recognised(sessions: pd.DataFrame) -> None:
    assert any(
        "'moth' is not known (did you mean 'month'?)" in p
        for p in problems_of(sessions.rename(columns={"month": "moth"}), "sessions")
    )


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("session", "twaalf", "expected a whole number"),
        ("session", "-1", "expected a whole number"),
        ("text_nl", "", "found an empty cell, expected a value"),
        ("kind", "thema", "expected one of theme, work_form, outcome"),
        ("anchor", "one two three four five six seven", "at most 6 words"),
    ],
)
def test_wrong_cells_are_found(sessions: pd.DataFrame, column: str, value: str, expected: str) -> None:
    sessions.at[5, column] = value
    assert any(f"row 5, column {column}" in p and expected in p for p in problems_of(sessions, "sessions"))


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("session", "١٢", "found '١٢', expected a whole number"),
        ("session", "７", "found '７', expected a whole number"),
        ("month", "２０２１-09", "expected a month as YYYY-MM"),
        ("month", "٢٠٢١-09", "expected a month as YYYY-MM"),
    ],
)
def test_digits_of_another_script_are_refused(sessions: pd.DataFrame, column: str, value: str, expected: str) -> None:
    sessions.at[5, column] = value
    assert any(f"row 5, column {column}" in p and expected in p for p in problems_of(sessions, "sessions"))


def test_a_repeated_row_is_found(sessions: pd.DataFrame) -> None:
    doubled = pd.concat([sessions, sessions.loc[[3]].rename(index={3: 99})])
    assert any(p.startswith("sessions.csv, row 99: found session") for p in problems_of(doubled, "sessions"))


def test_every_schema_describes_every_column() -> None:
    for name, schema in SCHEMAS.items():
        assert schema.description, name
        for column_name, column in schema.columns.items():
            assert column.description, f"{name}.{column_name}"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_table_is_read_as_excel_saves_it(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"a{separator}b\r\n1{separator}één\r\n{separator}\r\n2{separator}\r\n".encode(encoding))
    table = read_csv_table(path)
    assert table.to_dict("index") == {2: {"a": "1", "b": "één"}, 4: {"a": "2", "b": ""}}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_blank_lines_above_and_empty_columns_beside_a_table_are_no_part_of_it(tmp_path: Path, ending: str) -> None:
    def read(*rows: list[str]) -> pd.DataFrame:
        path = tmp_path / f"t.{ending}"
        if ending == "csv":
            path.write_text("\n".join(map(";".join, rows)) + "\n", encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append([cell or None for cell in row])
            book.save(path)
        return read_csv_table(path, "t")

    blank = ["", "", "", ""]
    assert read(blank, ["a", "b", "", ""], ["1", "2", "", ""]).to_dict("index") == {3: {"a": "1", "b": "2"}}
    with pytest.raises(KoppelkansError, match=r"t, row 3, column 4: found '9' below an empty header; .* in row 2"):
        read(blank, ["a", "b", "", ""], ["1", "2", "", "9"])


def test_another_encoding_is_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("a;b\r\n1;één\r\n".encode("cp1252"))
    table = read_csv_table(tmp_path / "t.csv")
    assert table.loc[2, "b"] == "één" and "not UTF-8" in table.attrs["notes"][0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2,3\n", "row 2: found 3 cells, expected 2"),
        (b"a,b\n1,\0\n", "bytes that are no text"),
        (b"a,a\n1,2\n", "column 'a' stands there twice"),
        (b'a,b\n1,"open\n', "not a CSV table"),
    ],
)
def test_an_ill_formed_file_is_refused_in_one_line(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(KoppelkansError) as caught:
        read_csv_table(path, shown_as="t.csv")
    assert str(caught.value).startswith("t.csv") and expected in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match=r"absent\.csv: no such file"):
        read_csv_table(tmp_path / "absent.csv")


def checked(root: Path, *names: str) -> dict[str, pd.DataFrame]:
    raw = root / "data" / "raw" / "smitsveen"
    return {name: validate(read_csv_table(raw / f"{name}.csv"), name) for name in names}


def test_the_rules_between_tables_hold_for_smitsveen(root: Path) -> None:
    assert cross_check(checked(root, *SCHEMAS)) == []


def test_a_session_out_of_order_is_found(root: Path) -> None:
    tables = checked(root, "sessions")
    items = tables["sessions"]
    items.loc[items["session"] == 12, "month"] = "2022-12"
    [(table, problem)] = cross_check(tables)
    assert table == "sessions" and "session 12 in 2022-12 comes before session 11 in 2023-03" in problem


def test_two_months_for_one_session_are_found(root: Path) -> None:
    tables = checked(root, "sessions")
    tables["sessions"].iloc[1, tables["sessions"].columns.get_loc("month")] = "2021-10"
    assert any("expected 2021-09 as in row 2" in problem for _, problem in cross_check(tables))


def test_a_category_without_its_theme_is_found(root: Path) -> None:
    tables = checked(root, "themes")
    themes = tables["themes"]
    orphan = themes.index[themes["level"] == "category"][0]
    themes.at[orphan, "parent"] = "T-nowhere"
    assert any(f"row {orphan}, column parent" in problem for _, problem in cross_check(tables))


def test_a_trace_to_an_unknown_claim_and_a_circle_are_found(root: Path) -> None:
    tables = checked(root, "claims", "traces")
    first = tables["traces"].iloc[0]
    circle = pd.DataFrame([{**first, "from_claim": first["to_claim"], "to_claim": first["from_claim"]}], index=[998])
    unknown = pd.DataFrame([{**first, "from_claim": "F-9.9-99"}], index=[999])
    tables["traces"] = pd.concat([tables["traces"], circle, unknown])
    found = [problem for _, problem in cross_check(tables)]
    assert any("row 999, column from_claim: 'F-9.9-99' is not the id of a claim" in problem for problem in found)
    assert any("run in a circle" in problem for problem in found)


def test_quotes_that_do_not_add_up_are_found(root: Path) -> None:
    tables = checked(root, "themes")
    row = tables["themes"].index[0]
    tables["themes"].at[row, "n_quotes"] = 9
    assert any(f"row {row}, column n_quotes: found 9" in problem for _, problem in cross_check(tables))


def test_a_story_box_that_contradicts_its_status_is_found(root: Path) -> None:
    tables = checked(root, "change_stories")
    stories = tables["change_stories"]
    row = stories.index[stories["in_source"] == "no"][0]
    stories.at[row, "text_nl"] = "verzonnen"
    assert any(f"row {row}: in_source is 'no' but the box has text" in problem for _, problem in cross_check(tables))


def test_a_link_without_a_reading_is_named(root: Path) -> None:
    tables = checked(root, *SCHEMAS)
    first = tables["traces"].iloc[0]
    read = tables["trace_readings"]
    tables["trace_readings"] = read[
        (read["from_claim"] != first["from_claim"]) | (read["to_claim"] != first["to_claim"])
    ]
    [(table, problem)] = cross_check(tables)
    assert table == "traces" and problem.startswith(f"{first['from_claim']} -> {first['to_claim']} has no reading")


def test_a_finding_without_its_claims_or_with_other_words_is_found(root: Path) -> None:
    def found(column: str, value: str) -> list[str]:
        tables = checked(root, "claims", "themes")
        themes = tables["themes"]
        row = themes.index[themes["claims"] == "F-2.3-04"][0]
        themes.at[row, column] = value
        return [problem for _, problem in cross_check(tables) if problem.startswith(f"row {row}, column ")]

    assert "expected findings of section 2.3" in found("claims", "")[0]
    assert "found 'F-2.4.1-02' behind a finding" in found("claims", "F-2.4.1-02")[0]
    assert "not in the statements of F-2.3-04" in found("finding_nl", "Eigenaren kiezen meestal zonnepanelen")[0]
