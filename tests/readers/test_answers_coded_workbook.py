"""What a survey of a Dutch researcher got wrong in silence: a workbook of codes with a sheet "Vragen"."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from koppelkans.readers.answers import Answers, read_answers

QUESTIONS = [
    ("info", "Hoe wilt u informatie?", "1 = per post; 2 = app; 3 = anders", ""),
    ("reden", "Waarom?", "1 = kosten; 2 = comfort; 3 = anders", ""),
    ("cijfer", "Welk cijfer?", "", "0: n.v.t.; 99: weet niet"),
    ("mening", "Welke mening?", "", "geen antwoord; weet niet"),
]
COLUMNS = {
    "RESPNR": range(1, 9),
    "Datum": pd.to_datetime("2024-03-01 09:00") + pd.to_timedelta(range(8), unit="D"),
    "thuis": [f"731{n} AB" for n in range(8)],
    "bereikbaar": [f"bewoner{n}@voorbeeld.nl" for n in range(8)],
    "info_1": [1, 0, 0, 1, 0, 1, 0, 1],
    "info_2": [0, 1, 0, 1, 0, 0, 0, 1],
    "info_3": [0, 0, 1, 0, 0, 0, 0, 1],
    "info_anders": [None, None, "radio", None, None, None, None, "via mijn zoon"],
    "reden": [1, 2, 3, 1, 2, 3, 0, 1],
    "Anders, namelijk": [None, None, "het moet", None, None, "de buren", None, None],
    "cijfer": [0, 7, 8, 99, 6, 7, 9, 10],
    "mening": ["niet", "wel", "weet niet", "niet", "wel", "geen antwoord", "niet", "wel"],
    "opmerking": ["bel 06-12345678", "bel 06-12345678", "dank", "dank", "dank", None, None, None],
}


def survey(folder: Path) -> Answers:
    path = folder / "enquete.xlsx"
    with pd.ExcelWriter(path) as workbook:
        pd.DataFrame(COLUMNS).to_excel(workbook, sheet_name="Antwoorden", index=False)
        sheet = pd.DataFrame(QUESTIONS, columns=["Variabele", "Vraagtekst", "Antwoorden", "Missing"])
        sheet.to_excel(workbook, sheet_name="Vragen", index=False)
    return read_answers(path, respondent="RESPNR", missing={0: "n.v.t."})


def of(read: Answers, question: str) -> pd.DataFrame:
    return read.answers[read.answers["question"] == question]


def test_words_with_anders_do_not_make_that_option_stand_twice(tmp_path: Path) -> None:
    read = survey(tmp_path)
    info = of(read, "info")
    assert info["option"].value_counts().to_dict() == {"1": 4, "2": 3, "3": 2, "": 2}
    assert info.loc[info["option"] == "3", "text"].tolist() == ["radio", "via mijn zoon"]
    reden = of(read, "reden")
    assert reden["option"].value_counts().to_dict() == {"1": 3, "2": 2, "3": 2, "": 1}
    assert reden.loc[reden["option"] == "3", "text"].tolist() == ["het moet", "de buren"]
    assert "Anders, namelijk" not in set(read.questions["question"])


def test_who_chose_nothing_stays_among_those_who_answered_where_0_is_missing_in_the_file(tmp_path: Path) -> None:
    read = survey(tmp_path)
    nothing = of(read, "info")
    nothing = nothing[nothing["option"] == ""]
    assert nothing["respondent"].tolist() == ["5", "7"] and set(nothing["missing"].fillna("")) == {""}
    assert of(read, "reden").set_index("respondent").loc["7", "missing"] == "n.v.t."
    assert any("0 stays an answer" in line and "info_1 to info_3" in line for line in read.report["warnings"])


def test_missing_codes_of_the_sheet_keep_their_reason_and_their_words_whole(tmp_path: Path) -> None:
    read = survey(tmp_path)
    marks = of(read, "cijfer").set_index("respondent")
    assert marks.loc[["1", "4"], "missing"].tolist() == ["n.v.t.", "weet niet"]
    assert marks["value"].dropna().astype(float).tolist() == [7, 8, 6, 7, 9, 10]
    views = of(read, "mening").set_index("respondent")
    assert views.loc[["3", "6"], "missing"].tolist() == ["weet niet", "geen antwoord"]
    assert views["option"].value_counts().to_dict() == {"niet": 3, "wel": 3, "": 2}


def test_days_postcodes_and_addresses_are_left_out_whatever_the_column_is_called(tmp_path: Path) -> None:
    read = survey(tmp_path)
    assert not {"Datum", "thuis", "bereikbaar"} & set(read.questions["question"])
    assert not read.answers.astype(str).stack().str.contains("@|2024-03|731").any()


def test_a_remark_with_a_telephone_number_is_no_option(tmp_path: Path) -> None:
    read = survey(tmp_path)
    assert read.questions.set_index("question").loc["opmerking", "kind"] == "open"
    assert not read.options["label_nl"].fillna("").str.contains("06-").any()
