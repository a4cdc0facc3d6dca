"""What the columns of a file of answers are taken for: small tables in, questions out, to be read as documentation."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import Answers, read_answers
from koppelkans.readers.answers.codebook import pairs


def table(folder: Path, text: str, name: str = "a.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def made_of(read: Answers) -> dict[str, str]:
    """Say of each question its kind and columns, as `koppelkans import` shows them."""
    return {
        q["question"]: " ".join([q["kind"], *q["columns"], *(f"+{name}" for name in q.get("words", []))])
        for q in read.report["questions"]
    }


def given(read: Answers, question: str, *columns: str) -> list[tuple]:
    rows = read.answers[read.answers["question"] == question]
    return list(rows[list(columns or ("respondent", "option", "text"))].itertuples(index=False, name=None))


# Which columns are one question

GROUPS = {
    "the longest name makes the question": (
        "id,a_b_1,a_b_2,a_c_1,a_c_2\np1,1,0,1,0\np2,0,1,0,0\n",
        {"a_b": "multiple a_b_1 a_b_2", "a_c": "multiple a_c_1 a_c_2"},
    ),
    "a name of several words stays with its neighbours": (
        "id,info_post,info_mail,info_via_de_krant\np1,1,0,0\np2,0,1,1\n",
        {"info": "multiple info_post info_mail info_via_de_krant"},
    ),
    "an option may have a negative code": (
        "id,Q7_1,Q7_2,Q7_-3\np1,1,0,0\np2,0,0,1\n",
        {"Q7": "multiple Q7_1 Q7_2 Q7_-3"},
    ),
    "Kobo writes question/option, and all options once more in one cell": (
        "id,hulp,hulp/buur,hulp/gemeente\np1,buur gemeente,1,1\np2,gemeente,0,1\n",
        {"hulp": "multiple hulp/buur hulp/gemeente"},
    ),
    "REDCap writes three strokes": (
        "id,hulp___1,hulp___2\np1,1,0\np2,0,1\n",
        {"hulp": "multiple hulp___1 hulp___2"},
    ),
    "a matrix coded 1 and 2 is not yes and no": (
        "id,m_1,m_2,m_3\np1,1,2,2\np2,2,2,1\np3,1,1,2\n",
        {"m_1": "number m_1", "m_2": "number m_2", "m_3": "number m_3"},
    ),
    "a column in which everybody says 2 is not chosen by everybody": (
        "id,m_3,m_4\np1,1,2\np2,1,2\n",
        {"m_3": "number m_3", "m_4": "number m_4"},
    ),
    "a name that ends in text is no words of another": (
        "id,reden_text,reden_text_TEXT\np1,2,kou\np2,1,\np3,2,\n",
        {"reden_text": "single reden_text +reden_text_TEXT"},
    ),
    "words go with an option of their own": (
        "id,Q5_1,Q5_4,Q5_4_TEXT\np1,1,0,\np2,0,1,Appje\n",
        {"Q5": "multiple Q5_1 Q5_4 +Q5_4_TEXT"},
    ),
    "an option other with marks is an option": (
        "id,k_a,k_other,k_other_text\np1,1,0,\np2,0,1,glas\n",
        {"k": "multiple k_a k_other +k_other_text"},
    ),
    "two columns with words for one number are not lost": (
        "id,jaren,jaren_TEXT\np1,12.5,ongeveer\np2,3.25,\n",
        {"jaren": "number jaren", "jaren_TEXT": "open jaren_TEXT"},
    ),
    "two columns of open answers are no options": (
        "id,Wat is er? - goed,Wat is er? - slecht\np1,het park,de weg\np2,het park,\n",
        {"Wat is er? - goed": "single Wat is er? - goed", "Wat is er? - slecht": "open Wat is er? - slecht"},
    ),
}


@pytest.mark.parametrize("case", GROUPS)
def test_columns_become_questions(tmp_path: Path, case: str) -> None:
    text, expected = GROUPS[case]
    assert made_of(read_answers(table(tmp_path, text))) == expected


# Words that people typed

OTHER = "Respondent ID,Wat mist u?,,,Waarom?\n,Groen,Winkels,{other},Open-Ended Response\n{rows}"


@pytest.mark.parametrize("other", ["Anders, namelijk", "Other (please specify)", "Overig", "anders"])
@pytest.mark.parametrize("writers", [{"3": "een bank"}, {"1": "een bank", "3": "een plein"}])
def test_words_with_other_below_one_header_are_kept(tmp_path: Path, other: str, writers: dict[str, str]) -> None:
    chosen = {"1": "Groen,", "2": "Groen,Winkels", "3": ","}
    rows = "\n".join(f"{who},{marks},{writers.get(who, '')},omdat" for who, marks in chosen.items())
    text = OTHER.format(other=f'"{other}"', rows=rows)
    read = read_answers(table(tmp_path, text))
    assert [(who, words) for who, _, words in given(read, "Wat mist u?") if words] == list(writers.items())
    assert [option for who, option, _ in given(read, "Wat mist u?") if who == "2"] == ["Groen", "Winkels"]


def test_words_with_one_choice_stand_with_that_choice(tmp_path: Path) -> None:
    read = read_answers(table(tmp_path, "id,reden,reden_TEXT\np1,3,kou\np2,1,\np3,,tocht\np4,1,\n"))
    assert given(read, "reden") == [("p1", "3", "kou"), ("p2", "1", ""), ("p3", "other", "tocht"), ("p4", "1", "")]


# Programs' own columns, and columns of one name

OWN = "StartDate,EndDate,Status,IPAddress,Progress,Finished,ResponseId,RecipientLastName,LocationLatitude,Q1,Q2"
TITLES = (
    "Start Date,End Date,Response Type,IP Address,Progress,Finished,Response ID,Recipient Last Name,Location Latitude"
)
ANSWERS = (
    "2024-05-01,2024-05-01,0,9.9.9.9,100,1,R_a,Jansen,52.1,1,fijn\n"
    "2024-05-02,2024-05-02,0,9.9.9.8,100,1,R_b,Bos,52.1,2,nee"
)
LEGACY = "V1,V2,V3,V4,V5,V6,V7,V8,V9,V10,Q1,Q2"
LEGACY_TITLES = "ResponseID,ResponseSet,Name,ExternalDataReference,Email,IPAddress,Status,StartDate,EndDate,Finished"
LEGACY_ANSWERS = "R_a,Set,Jansen,,j@x.nl,9.9.9.9,0,2014,2014,1,1,fijn\nR_b,Set,Bos,,b@x.nl,9.9.9.8,0,2014,2014,1,2,nee"


def ids(left: str, right: str, names: str = OWN) -> str:
    return ",".join(f'"{left}{name}{right}"'.replace('""', '"') for name in names.split(","))


QUALTRICS = {
    "single quotes": [OWN, f"{TITLES},Huurt u?,Waarom?", ids("{'ImportId': '", "'}"), ANSWERS],
    "double quotes": [
        OWN,
        f"{TITLES},Huurt u?,Waarom?",
        ids('{""ImportId"": ""', '""}').replace('"{"I', '"{""I'),
        ANSWERS,
    ],
    "no quotes": [OWN, f"{TITLES},Huurt u?,Waarom?", ids("{ImportId: ", "}"), ANSWERS],
    "two header rows": [OWN, f"{TITLES},Huurt u?,Waarom?", ANSWERS],
    "the names alone": [OWN, ANSWERS],
    "legacy, two header rows": [LEGACY, f"{LEGACY_TITLES},Huurt u?,Waarom?", LEGACY_ANSWERS],
    "legacy, the names alone": [LEGACY, LEGACY_ANSWERS],
}


@pytest.mark.parametrize("form", QUALTRICS)
def test_qualtrics_is_known_by_each_of_its_header_rows(tmp_path: Path, form: str) -> None:
    read = read_answers(table(tmp_path, "\n".join(QUALTRICS[form]) + "\n"))
    assert read.report["program"] == "Qualtrics"
    assert list(read.respondents["respondent"]) == ["R_a", "R_b"]
    assert made_of(read) == {"Q1": "single Q1", "Q2": "open Q2"}
    everything = read.answers.to_csv() + read.respondents.to_csv()
    assert not any(private in everything for private in ("Jansen", "9.9.9", "52.1", "2024-05"))
    if "rows" in form or "quotes" in form:
        assert list(read.questions["label_nl"]) == ["Huurt u?", "Waarom?"]


def test_own_columns_of_programs_are_left_out_of_any_table(tmp_path: Path) -> None:
    header = "respondent,RecipientEmail,LocationLongitude,RecordedDate,refurl,ipaddr,_submission_time,Uw e-mailadres,q"
    read = read_answers(table(tmp_path, f"{header}\np1,a@b.nl,5.1,2024,x,1.1.1.1,2024,a@b.nl,ja\np2,,,,,,,,nee\n"))
    assert list(read.questions["question"]) == ["q"]
    assert read.report["cells"] == {"in_file": 11, "read": 4, "left_out": 7}


@pytest.mark.parametrize("name", ["Begonnen", "Afgerond op", "tijd", "Ingediend", "Interviewdatum", "completed_at"])
def test_days_of_filling_in_are_left_out_of_a_table_and_answers_of_that_name_stay(tmp_path: Path, name: str) -> None:
    read = read_answers(table(tmp_path, f"respondent,{name},q\np1,2024-05-01 10:30,ja\np2,01-05-2024,nee\n"))
    assert list(read.questions["question"]) == ["q"]
    assert f"column {name}: when the form was filled in, not an answer" in read.report["left_out"]
    read = read_answers(table(tmp_path, f"respondent,{name},q\np1,nog niet,ja\np2,vorig jaar,nee\np3,nog niet,ja\n"))
    assert list(read.questions["question"]) == [name, "q"]


def test_what_people_wrote_of_themselves_is_counted_by_question_and_not_shown(tmp_path: Path) -> None:
    rows = ["p1;Bel mij op 06-12345678 of mail a@b.nl;niets", "p2;ik woon op 3762 AB 12;wel iets", "p3;te duur;ja hoor"]
    read = read_answers(table(tmp_path, "\n".join(["respondent;opmerking;tip", *rows]) + "\n"))
    (line,) = [line for line in read.report["warnings"] if "personal data" in line]
    assert "question opmerking: 2 answers hold" in line and "(e-mail 1, postcode 1, telephone 1)" in line
    assert "a@b.nl" not in line and "3762" not in line


def test_a_status_of_the_researcher_is_no_status_of_qualtrics(tmp_path: Path) -> None:
    read = read_answers(table(tmp_path, "respondent,Status,E-mail\np1,huurder,1\np2,eigenaar,0\np3,huurder,1\n"))
    assert list(read.questions["question"]) == ["Status", "E-mail"]


def test_two_columns_of_one_name_are_kept_apart_or_refused(tmp_path: Path) -> None:
    lime = "id;submitdate;lastpage;Q1;Q1\n"
    lime += "1;2024;3;A1;A2\n2;2024;3;A2;A2\n3;2024;3;A1;A2\n4;2024;3;A1;A2\n"
    read = read_answers(table(tmp_path, lime))
    assert made_of(read) == {"Q1": "single Q1", "Q1 (2)": "single Q1 (2)"}
    assert read.report["counts"]["columns"]["in_file"] == 5
    assert any("'Q1' stands in columns 4 and 5" in line for line in read.report["warnings"])
    own, titles, imports, answers = QUALTRICS["single quotes"]
    rows = answers.replace("fijn", "fijn,zon").replace(",nee", ",nee,regen")
    twice = "\n".join([f"{own},Q2", f"{titles},Waarom niet?", imports + ",\"{'ImportId': 'QID9_TEXT'}\"", rows])
    read = read_answers(table(tmp_path, twice + "\n"))
    assert [row[2] for row in given(read, "Q2 (2)")] == ["zon", "regen"]
    with pytest.raises(KoppelkansError, match="'q' stands there 2 times"):
        read_answers(table(tmp_path, "respondent,q,q\np1,a,b\n"))


# Sheets and files of questions

SHEETS = {
    "a column of options": [
        ["Variabele", "Vraagtekst", "Antwoorden"], ["woning", "Huurt of koopt u?", "1 = Huur; 2 = Koop"],
        ["info", "Hoe wilt u informatie?", "1 = Per post\n2 = Per e-mail"], ["cijfer", "Welk cijfer geeft u?", ""],
    ],
    "a row for each option": [
        ["name", "label", "value", "value label"], ["woning", "Huurt of koopt u?", "1", "Huur"], ["", "", "2", "Koop"],
        ["info", "Hoe wilt u informatie?", "1", "Per post"], ["info", "", "2", "Per e-mail"],
        ["cijfer", "Welk cijfer geeft u?", "", ""],
    ],
    "without known headers": [
        ["woning", "Huurt of koopt u?", "1: Huur, 2: Koop"],
        ["info", "Hoe wilt u informatie?", "1: Per post, 2: Per e-mail"],
        ["cijfer", "Welk cijfer geeft u?", ""],
    ],
}  # fmt: skip
CODED = [
    ["respondent", "woning", "info_1", "info_2", "cijfer"],
    ["p1", "1", "1", "0", "7.5"],
    ["p2", "2", "0", "1", "6"],
]


@pytest.mark.parametrize("form", SHEETS)
@pytest.mark.parametrize("where", ["sheet", "file"])
def test_a_sheet_or_file_of_questions_gives_texts_and_options(tmp_path: Path, form: str, where: str) -> None:
    book = openpyxl.Workbook()
    sheets = {"Data": CODED, "Vragen": SHEETS[form]} if where == "sheet" else {"Data": CODED}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    if where == "file":
        pd.DataFrame(SHEETS[form]).to_csv(tmp_path / "a-vragen.csv", index=False, header=False)
    read = read_answers(tmp_path / "a.xlsx")
    assert made_of(read) == {"woning": "single woning", "info": "multiple info_1 info_2", "cijfer": "number cijfer"}
    assert list(read.questions["label_nl"]) == ["Huurt of koopt u?", "Hoe wilt u informatie?", "Welk cijfer geeft u?"]
    assert list(read.options["label_nl"]) == ["Huur", "Koop", "Per post", "Per e-mail"]
    assert read.report["structure"] == ("sheet Vragen" if where == "sheet" else "a-vragen.csv")


@pytest.mark.parametrize(
    "cell", ["1 = Huur; 2 = Koop", "1: Huur, 2: Koop", "1) Huur\n2) Koop", "1, Huur | 2, Koop", "1=Huur 2=Koop"]
)
def test_options_in_a_cell(cell: str) -> None:
    assert pairs(cell) == [("1", "Huur"), ("2", "Koop")]


def test_a_question_that_no_column_has_is_named(tmp_path: Path) -> None:
    table(tmp_path, "naam;label\nwoning;Huurt u?\nnooit;Bestaat niet\n", "a-codeboek.csv")
    read = read_answers(table(tmp_path, "respondent;woning\np1;ja\np2;nee\np3;ja\n"))
    assert any("no column of the answers is called nooit" in line for line in read.report["warnings"])


# Codes that are no answer, and codes that have no mean

KLAS = "naam;label;waarden\nscore;Welk cijfer?;0 = n.v.t.\nklas;Welke klas?;7 = brugklas; 13 = havo; 21 = vwo\n"
SCORES = "respondent,score,klas\np1,0,13\np2,8,7\np3,99,21\np4,6,7\n"


def test_codes_that_are_no_answer_can_be_told(tmp_path: Path) -> None:
    path = table(tmp_path, SCORES)
    for told in (
        {"missing": {0: "n.v.t.", 99: "weet niet"}},
        {"questions": {"score": {"columns": "score", "missing": {0: "n.v.t.", 99: "weet niet"}}}},
    ):
        read = read_answers(path, **told)
        assert given(read, "score", "value", "missing")[1:4:2] == [(8.0, ""), (6.0, "")]
        assert [row[0] for row in given(read, "score", "missing")] == ["n.v.t.", "", "weet niet", ""]
    with pytest.raises(KoppelkansError, match="missing: found"):
        read_answers(path, missing=[[1]])


def test_a_number_with_labels_is_a_choice_and_has_no_mean(tmp_path: Path) -> None:
    table(
        tmp_path,
        KLAS,
        "a-vragen.csv",
    )
    read = read_answers(table(tmp_path, SCORES))
    assert made_of(read) == {"score": "number score", "klas": "single klas"}
    assert given(read, "score", "missing")[0] == ("n.v.t.",)
    assert any("0 (n.v.t.) is read as no answer" in line for line in read.report["warnings"])


def test_what_spss_calls_nominal_has_no_mean(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0, 3.0], "klas": [13.0, 7.0, 21.0], "m2": [70.0, 80.0, 90.0]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_measure={"klas": "nominal", "m2": "scale"})
    assert made_of(read_answers(tmp_path / "a.sav")) == {"klas": "single klas", "m2": "number m2"}


# Rows of another length


@pytest.mark.parametrize(
    ("rows", "answers", "says"),
    [
        ("p1,ja,kou, en tocht,7\np2,nee,geen,8\n", ["kou, en tocht", "geen"], "row 2 has 5 cells, the header 4"),
        ("p1,ja,kou\nen tocht,7\np2,nee,geen,8\n", ["kou\nen tocht", "geen"], "rows 2 to 3 together"),
        ("p1,ja,kou,7\np2,nee\n", ["kou", ""], "1 row has fewer cells"),
    ],
)  # fmt: skip
def test_a_row_of_another_length_is_mended_where_its_cause_is_plain(
    tmp_path: Path, rows: str, answers: list[str], says: str
) -> None:
    mapping = {"waarom": {"columns": "waarom", "kind": "open"}}
    read = read_answers(table(tmp_path, f"respondent,q,waarom,cijfer\n{rows}"), mapping)
    assert [row[2] for row in given(read, "waarom")] == answers
    assert any(says in line for line in read.report["warnings"])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("p1,ja,kou,tocht,7\np2,nee,geen,8\n", "row 2: has 5 cells, the header 4: a comma in a text"),
        ("1,p1,ja,kou,7\n2,p2,nee,geen,8\n", "all rows have as many"),
        ("p1,ja,kou,7\nen ook,tocht\np2,nee,geen,8\n", "row 3: has 2 cells, the header 4: a line break"),
    ],
)
def test_a_row_of_another_length_is_named_where_it_is_not(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(KoppelkansError) as refused:
        read_answers(table(tmp_path, f"respondent,q,waarom,cijfer\n{rows}"))
    assert says in str(refused.value) and "\n" not in str(refused.value)


# Files without answers

LSS = "<?xml?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.lss", LSS, "structure of a LimeSurvey"),
        ("a.xml", LSS, "structure of a LimeSurvey"),
        ("a.txt", "id\trelated_id\tclass\ttype/scale\tname\n", "structure of a LimeSurvey"),
        ("a.lsa", "PK", "a LimeSurvey archive"),
        ("a.qsf", '{"SurveyEntry":{}}', "a survey of Qualtrics, without answers"),
        ("a.sav", "\x1c" + "\0" * 7 + "ENCRYPTEDSAV" + "\0" * 16, "locked with a password"),
        ("a.dta", "stata", "a Stata file"),
    ],
)  # fmt: skip
def test_a_file_without_answers_says_what_it_is_and_what_to_do(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    with pytest.raises(KoppelkansError, match=says) as refused:
        read_answers(table(tmp_path, content, name))
    assert "\n" not in str(refused.value)


def test_one_stray_byte_in_a_file_of_spss_changes_no_other_accent(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0, 3.0], "q": ["één", "naïef", "cafeXX"]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav")
    content = (tmp_path / "a.sav").read_bytes()
    (tmp_path / "a.sav").write_bytes(content.replace(b"cafeXX", b"caf\xe9XX"[:6].ljust(6)))
    read = read_answers(tmp_path / "a.sav", {"q": {"columns": "q", "kind": "open"}})
    assert [row[2][:5].strip() for row in given(read, "q")] == ["één", "naïef", "caféX"]
    assert any("1 byte is not UTF-8" in line and "'é' in case 3 of q" in line for line in read.report["warnings"])


def test_a_column_that_became_words_for_one_cell_is_named_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"r{n};{'ca. 200' if n == 4 else n * 12}" for n in range(1, 9)]
    path.write_text("\n".join(["nr;bedrag", *rows]) + "\n", encoding="utf-8")
    said = [line for line in read_answers(path).report["warnings"] if "hold numbers" in line]
    assert said and "'ca. 200' in row 5" in said[0] and "7 of 8" in said[0]
    path.write_text(path.read_text(encoding="utf-8").replace("ca. 200", "200"), encoding="utf-8")
    assert not any("hold numbers" in line for line in read_answers(path).report["warnings"])
