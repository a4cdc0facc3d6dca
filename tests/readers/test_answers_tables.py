from __future__ import annotations

import datetime
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import Answers, read_answers
from koppelkans.readers.answers.cells import has_decimal_commas, number, split_joined

SURVEY = (
    "respondent;leeftijd;woning;Q5_1;Q5_2;Q6;score;opmerking\n"
    "r1;34;huur;1;0;Eens;3,5;Prima geïnformeerd\n"
    "r2;55;koop;0;0;Oneens;12,25;=1+1\n"
    "r3;71;huur;;;Eens;;\n"
)
QUESTIONS = {
    "information": {
        "columns": ["Q5_1", "Q5_2"],
        "kind": "multiple",
        "construct": "information-preference",
        "label": {"nl": "Hoe wilt u informatie?", "en": "How do you want information?"},
        "options": {"post": {"nl": "Per post", "en": "By post"}, "mail": {"nl": "Per e-mail", "en": "By e-mail"}},
    },
    "score": {"columns": "score", "kind": "number"},
    "remark": {"columns": "opmerking", "kind": "open"},
}


def rows_of(answers: Answers, question: str) -> list[tuple[str, str, str]]:
    frame = answers.answers[answers.answers["question"] == question]
    return list(frame[["respondent", "option", "missing"]].itertuples(index=False, name=None))


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def book(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16 (little endian)"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize(("separator", "word"), [(";", "semicolon"), ("\t", "tab"), (",", "comma")])
def test_a_table_reads_the_same_in_any_encoding_and_with_any_separator(
    tmp_path: Path, encoding: str, shown: str, separator: str, word: str
) -> None:
    text = SURVEY.replace("3,5", '"3,5"').replace("12,25", '"12,25"').replace(";", separator)
    read = read_answers(write(tmp_path / "a.csv", text, encoding), QUESTIONS)
    assert read.report["encoding"] == shown
    assert read.report["separator"] == word
    answers = read.answers.set_index(["respondent", "question"])
    assert answers.loc[("r2", "score"), "value"] == 12.25
    assert answers.loc[("r1", "remark"), "text"] == "Prima geïnformeerd"


def test_who_chose_nothing_is_told_apart_from_who_was_not_asked(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", SURVEY), QUESTIONS)
    assert rows_of(read, "information") == [("r1", "post", ""), ("r2", "", ""), ("r3", "", "not-asked")]


def test_a_file_that_marks_only_choices_says_that_it_cannot_tell_the_two_apart(tmp_path: Path) -> None:
    text = "respondent,info_post,info_mail\nr1,x,\nr2,,\nr3,x,x\n"
    read = read_answers(write(tmp_path / "a.csv", text))
    assert rows_of(read, "info") == [
        ("r1", "post", ""),
        ("r2", "", "no-answer"),
        ("r3", "post", ""),
        ("r3", "mail", ""),
    ]
    assert any("cannot tell" in line for line in read.report["warnings"])


def test_the_words_of_an_option_can_be_its_mark(tmp_path: Path) -> None:
    text = "id,Q5_1,Q5_2,Q5_TEXT\n1,Per post,,\n2,,Per e-mail,Appje\n3,Per post,Per e-mail,\n"
    derived = read_answers(write(tmp_path / "a.csv", text))
    named = read_answers(write(tmp_path / "a.csv", text), {"Q5": {"columns": ["Q5_1", "Q5_2"], "kind": "multiple"}})
    chosen = [("1", "1", ""), ("2", "2", ""), ("3", "1", ""), ("3", "2", "")]
    assert [row for row in rows_of(derived, "Q5") if row[1] != "other"] == rows_of(named, "Q5") == chosen
    assert ("2", "other", "") in rows_of(derived, "Q5")
    assert list(named.options["label_nl"]) == ["Per post", "Per e-mail"]


def test_steps_that_nothing_names_stand_by_size(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", "id,e\n1,5\n2,1\n3,10\n"), {"e": {"columns": "e", "kind": "likert"}})
    assert list(read.options["option"]) == ["1", "5", "10"]


def test_formula_like_text_stays_text(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", SURVEY), QUESTIONS)
    assert "=1+1" in set(read.answers["text"])


def test_labels_constructs_and_options_come_from_the_mapping(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", SURVEY), QUESTIONS)
    question = read.questions.set_index("question").loc["information"]
    assert (question["construct"], question["label_en"]) == ("information-preference", "How do you want information?")
    options = read.options[read.options["question"] == "information"]
    assert list(options["option"]) == ["post", "mail"]
    assert list(options["order"]) == [1, 2]
    assert list(options["label_nl"]) == ["Per post", "Per e-mail"]


def test_attributes_become_columns_of_respondents_and_no_questions(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", SURVEY), attributes={"leeftijd": "leeftijd", "wonen": "woning"})
    assert list(read.respondents.columns) == ["respondent", "leeftijd", "wonen"]
    assert list(read.respondents["wonen"]) == ["huur", "koop", "huur"]
    assert not {"leeftijd", "woning"} & set(read.questions["question"])


def test_sentences_are_somebodys_own_words_also_where_two_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "antwoorden.csv"
    said = ["Ik heb hier nu geen ruimte voor. Later misschien.", "nee", "nee", "nee"]
    rows = [f"{number};{words}" for number, words in enumerate([*said, *said], start=1)]
    path.write_text("\n".join(["respondent;opmerking", *rows]), encoding="utf-8")
    assert list(read_answers(path).questions["kind"]) == ["open"]


def test_without_a_mapping_kinds_are_derived_and_reported(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", SURVEY), attributes=["leeftijd", "woning"])
    kinds = dict(zip(read.questions["question"], read.questions["kind"], strict=True))
    assert kinds == {"Q5": "multiple", "Q6": "single", "score": "number", "opmerking": "open"}
    assert read.report["questions_from"] == "the file's own labels and codes"


def test_rankings_by_option_and_by_place_read_alike(tmp_path: Path) -> None:
    by_option = read_answers(
        write(tmp_path / "a.csv", "id,k_post,k_mail,k_bel\n1,2,1,\n2,1,2,3\n"),
        {"k": {"columns": ["k_post", "k_mail", "k_bel"], "kind": "ranking"}},
    )
    by_place = read_answers(
        write(tmp_path / "b.csv", "id,k1,k2,k3\n1,mail,post,\n2,post,mail,bel\n"),
        {"k": {"columns": ["k1", "k2", "k3"], "kind": "ranking", "options": ["post", "mail", "bel"]}},
    )
    ranks = [list(r.answers[["respondent", "option", "rank"]].itertuples(index=False)) for r in (by_option, by_place)]
    assert ranks[0] == ranks[1]
    assert list(ranks[0][0]) == ["1", "mail", 1]
    assert list(by_option.options["option"]) == list(by_place.options["option"])


def test_several_options_in_one_cell_become_a_row_each(tmp_path: Path) -> None:
    text = "id,info\n1,Per post;Per e-mail\n2,Per post\n3,\n"
    options = {"post": "Per post", "mail": "Per e-mail"}
    read = read_answers(
        write(tmp_path / "a.csv", text), {"info": {"columns": "info", "kind": "multiple", "options": options}}
    )
    assert rows_of(read, "info") == [("1", "post", ""), ("1", "mail", ""), ("2", "post", ""), ("3", "", "no-answer")]


def test_a_label_with_commas_is_not_cut(tmp_path: Path) -> None:
    known = {"ja, graag": "1", "nee": "2"}
    assert split_joined("Ja, graag, Nee", {"ja graag": "1", **known}) == ["Ja, graag", "Nee"]


def test_items_of_a_scale_become_a_question_each(tmp_path: Path) -> None:
    text = "id,t_buurt,t_gemeente\n1,Eens,Oneens\n2,Oneens,\n"
    scale = {1: {"nl": "Oneens", "en": "Disagree"}, 2: {"nl": "Eens", "en": "Agree"}}
    mapping = {
        "trust": {"columns": ["t_buurt", "t_gemeente"], "kind": "likert", "construct": "trust", "options": scale}
    }
    read = read_answers(write(tmp_path / "a.csv", text), mapping)
    assert list(read.questions["question"]) == ["trust[buurt]", "trust[gemeente]"]
    assert list(read.answers["value"].dropna()) == [2, 1, 1]


@pytest.mark.parametrize(
    ("mapping", "parts"),
    [
        ({"x": {"columns": ["Q5_l"]}}, ["a.csv", "questions, x", "'Q5_l'", "did you mean 'Q5_1'"]),
        ({"x": {"columns": ["Q6"], "kind": "multipel"}}, ["multipel", "did you mean 'multiple'"]),
        ({"x": {"colums": ["Q6"]}}, ["'colums'", "did you mean 'columns'"]),
        ({"x": {"kind": "open"}}, ["names no columns"]),
        ({"x": {"columns": ["Q6"]}, "y": {"columns": ["Q6"]}}, ["'Q6'", "already belongs to question 'x'"]),
        ({"x": {"columns": ["Q5_1", "score"], "kind": "multiple", "options": {"Q5_1": "a", "score": "b"}}},
         ["'score'", "'12,25'", "expected marks"]),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_one_clear_line(tmp_path: Path, mapping: dict, parts: list[str]) -> None:
    with pytest.raises(KoppelkansError) as caught:
        read_answers(write(tmp_path / "a.csv", SURVEY), mapping)
    assert "\n" not in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


def test_a_respondent_twice_is_refused_with_the_rows(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="respondent 'r1' stands in rows 2, 4"):
        read_answers(write(tmp_path / "a.csv", "respondent,q\nr1,a\nr2,b\nr1,c\n"))
    with pytest.raises(KoppelkansError, match="no respondent in row 3"):
        read_answers(write(tmp_path / "b.csv", "respondent,q\nr1,a\n,b\n"))


def test_without_a_key_respondents_are_numbered_with_a_warning(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", "kleur,maat\nrood,3\nblauw,4\nrood,5\n"))
    assert list(read.respondents["respondent"]) == ["1", "2", "3"]
    assert any("respondent: ..." in line for line in read.report["warnings"])


def test_names_and_addresses_are_not_read(tmp_path: Path) -> None:
    read = read_answers(write(tmp_path / "a.csv", "respondent,Naam,E-mail,q\n1,Jan Jansen,j@x.nl,a\n2,An,a@x.nl,a\n"))
    everything = json.dumps(read.report) + read.answers.to_csv() + read.respondents.to_csv()
    assert "Jansen" not in everything
    assert "@x.nl" not in everything
    assert str(tmp_path) not in everything


def excel_with_merged_headers(path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Antwoorden"
    sheet.append(["Vragenlijst woningeigenaren 2022"])
    sheet.append(["respondent", "datum interview", "Informatie", None, "Woonjaren"])
    sheet.append([None, None, "Post", "E-mail", None])
    sheet.append(["r1", 44683, "ja", "nee", 12.0])
    sheet.append(["r2", 44684, "nee", "nee", 3.5])
    sheet.append([None] * 5)
    sheet["E9"] = None
    sheet["E9"].number_format = "0.00"
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("C2:D2")
    workbook.create_sheet("Toelichting").append(["Ingevuld door de onderzoekers"])
    workbook.save(path)
    return path


def test_excel_with_a_title_merged_headers_and_empty_rows(tmp_path: Path) -> None:
    read = read_answers(excel_with_merged_headers(tmp_path / "a.xlsx"), attributes=["datum interview"])
    assert list(read.respondents["datum interview"]) == ["2022-05-02", "2022-05-03"]
    assert rows_of(read, "Informatie") == [("r1", "Post", ""), ("r2", "", "")]
    years = read.answers[read.answers["question"] == "Woonjaren"]
    assert list(years["value"]) == [12.0, 3.5]
    assert any("Toelichting" in line for line in read.report["warnings"])


def test_excel_dates_formulas_and_errors(tmp_path: Path) -> None:
    rows = [
        ["id", "dag", "som"],
        [1, datetime.datetime(2022, 5, 3), "=1+1"],
        [2, datetime.datetime(2022, 5, 4), "#N/A"],
    ]
    read = read_answers(book(tmp_path / "a.xlsx", rows), {"d": {"columns": "dag", "kind": "open"}, "s": "som"})
    assert list(read.answers.loc[read.answers["question"] == "d", "text"]) == ["2022-05-03", "2022-05-04"]
    assert "=1+1" in set(read.answers["text"])
    assert any("no stored value" in line for line in read.report["warnings"])
    assert any("#N/A" in line for line in read.report["warnings"])


def _zip(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def _whole_book() -> bytes:
    stream = io.BytesIO()
    workbook = Workbook()
    workbook.active.append(["id", "q"])
    workbook.active.append([1, "a"])
    workbook.save(stream)
    return stream.getvalue()


def _with_entities() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(_whole_book()))
    parts = {name: source.read(name) for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + parts[sheet]
    return _zip(**parts)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n \n", "empty"),
        ("a.csv", b"respondent,q\n", "no rows below"),
        ("a.csv", b'respondent,q\n1,"open\n2,b\n', "row 2: a quotation mark opens"),
        ("a.csv", b"respondent,q,q\n1,a,b\n", "'q' stands there 2 times"),
        ("a.csv", _whole_book(), "a zip or Office file"),
        ("a.csv", b"\x00\x01\x02\x03" * 9, "text"),
        ("a.pdf", b"%PDF-1.4", "ending in '.pdf'"),
        ("a.xls", b"x", "save it as .xlsx"),
        ("a.xlsx", _whole_book()[:700], "damaged or cut off"),
        ("a.xlsx", b"respondent,q\n1,a\n", "found no Excel workbook"),
        ("a.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", OLE + b"\0" * 600, "before 2007"),
        ("a.xlsx", _zip(**{"word/document.xml": b"<a/>"}), "a zip without xl/workbook.xml"),
        ("a.xlsx", _zip(**{"xl/workbook.xml": b"<a/>", "xl/big.xml": b" " * 40_000_000}), "unpacks to 40 MB"),
        ("a.xlsx", _with_entities(), "entities"),
        ("a.sav", b"$FL2@(#) SPSS DATA FILE" + b"\0" * 20, "damaged or cut off"),
        ("a.sav", b"respondent,q\n1,a\n", "no SPSS file inside"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(KoppelkansError) as caught:
        read_answers(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(KoppelkansError, match="no such file"):
        read_answers(tmp_path / "none.csv")
    (tmp_path / "map.csv").mkdir()
    with pytest.raises(KoppelkansError, match="found a folder"):
        read_answers(tmp_path / "map.csv")


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xlsx", "x.sav", "x.txt"]))
def test_any_bytes_give_tables_or_one_line(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    try:
        read = read_answers(path)
    except KoppelkansError as error:
        assert "\n" not in str(error)
    else:
        assert set(read.answers["respondent"]) == set(read.respondents["respondent"])


@settings(deadline=None, max_examples=60)
@given(st.decimals(min_value=-100000, max_value=100000, places=2))
def test_a_number_reads_the_same_the_dutch_and_the_english_way(value: object) -> None:
    english = f"{value:,.2f}"
    dutch = english.translate(str.maketrans(",.", ".,"))
    assert has_decimal_commas([dutch])
    assert not has_decimal_commas([english])
    assert number(dutch, True) == number(english, False) == float(str(value))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=6),
    st.sampled_from(["10", "YN", "janee"]),
)
def test_marks_come_back_as_they_were_given(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[bool, ...]], words: str
) -> None:
    yes, no = {"10": ("1", "0"), "YN": ("Y", "N"), "janee": ("ja", "nee")}[words]
    lines = [",".join([str(n), *(yes if c else no for c in row)]) for n, row in enumerate(chosen)]
    path = tmp_path_factory.mktemp("marks") / "a.csv"
    path.write_text("\n".join(["id,q_a,q_b,q_c", *lines]), encoding="utf-8")
    read = read_answers(path, {"q": {"columns": ["q_a", "q_b", "q_c"], "kind": "multiple"}})
    found = read.answers[read.answers["option"] != ""]
    back = {(r, o) for r, o in zip(found["respondent"], found["option"], strict=True)}
    assert back == {(str(n), "abc"[i]) for n, row in enumerate(chosen) for i, c in enumerate(row) if c}
    assert set(read.answers["missing"]) == {""}
