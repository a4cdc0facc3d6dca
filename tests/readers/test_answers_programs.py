"""Answers as SPSS, LimeSurvey and Qualtrics write them."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import Answers, read_answers


def rows_of(read: Answers, question: str, *columns: str) -> list[tuple]:
    frame = read.answers[read.answers["question"] == question]
    return list(frame[list(columns or ("respondent", "option", "missing"))].itertuples(index=False, name=None))


# SPSS


def sav(path: Path, frame: pd.DataFrame, **described: object) -> Path:
    pyreadstat.write_sav(frame, path, **described)
    return path


def survey_sav(path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "RESPNR": [101.0, 102.0, 103.0],
            "woning": [1.0, 2.0, 1.0],
            "v1": [1.0, 9.0, np.nan],
            "v2": [4.0, 97.0, 2.0],
            "info1": [1.0, 0.0, np.nan],
            "info2": [1.0, 0.0, np.nan],
            "datum": [13.8e9, 1e15, np.nan],
            "m2": [72.5, 110.0, np.nan],
            "opm": ["Eén ding: de kosten van het gasvrij maken van mijn huis zijn mij te hoog", "", "Geen"],
        }
    )
    return sav(
        path,
        frame,
        column_labels=["", "Huur of koop", "Wilt u meedoen?", "Ik vertrouw de gemeente", "Informatie: post",
                       "Informatie: e-mail", "Datum", "Oppervlakte", "Opmerking"],
        variable_value_labels={
            "woning": {1.0: "Huur", 2.0: "Koop"},
            "v1": {1.0: "Ja", 2.0: "Nee", 9.0: "Weet niet"},
            "v2": {1.0: "Helemaal oneens", 2.0: "Oneens", 3.0: "Neutraal", 4.0: "Eens", 97.0: "Wil niet zeggen"},
            "info1": {0.0: "Niet gekozen", 1.0: "Per post"},
            "info2": {0.0: "Niet gekozen", 1.0: "Per e-mail"},
        },
        missing_ranges={"v1": [9], "v2": [{"lo": 90, "hi": 99}]},
        variable_format={"datum": "DATE11"},
        variable_measure={"m2": "scale"},
    )  # fmt: skip


def test_spss_labels_missing_values_and_dates_outside_the_calendar(tmp_path: Path) -> None:
    read = read_answers(survey_sav(tmp_path / "a.sav"), attributes=["woning", "datum"])
    assert list(read.respondents.itertuples(index=False, name=None)) == [
        ("101", "Huur", "2020-02-02 05:20:00"), ("102", "Koop", ""), ("103", "Huur", "")
    ]  # fmt: skip
    assert rows_of(read, "v1") == [("101", "1", ""), ("102", "", "Weet niet"), ("103", "", "no-answer")]
    assert rows_of(read, "v2", "value", "missing")[1] == (pd.NA, "Wil niet zeggen")
    assert rows_of(read, "info") == [("101", "1", ""), ("101", "2", ""), ("102", "", ""), ("103", "", "not-asked")]
    assert any("datum" in line and "calendar" in line for line in read.report["warnings"])
    kinds = dict(zip(read.questions["question"], read.questions["kind"], strict=True))
    assert kinds == {"v1": "single", "v2": "likert", "info": "multiple", "m2": "number", "opm": "open"}


def test_days_and_times_of_spss_are_no_answers_and_named(tmp_path: Path) -> None:
    read = read_answers(survey_sav(tmp_path / "a.sav"))
    assert "datum" not in set(read.questions["question"]) and "2020-02-02" not in read.answers.to_csv()
    (line,) = [line for line in read.report["left_out"] if "datum" in line]
    assert line == "column datum: when the form was filled in, not an answer"
    frame = pd.DataFrame({"RESPNR": [1.0, 2.0], "verhuisd": [13.8e9, 13.9e9], "begonnen": ["9:30", "10:15"]})
    read = read_answers(sav(tmp_path / "b.sav", frame.assign(q=["ja", "nee"]), variable_format={"verhuisd": "DATE11"}))
    assert list(read.questions["question"]) == ["q"]
    assert any(line.startswith("column verhuisd: a day or time") for line in read.report["left_out"])
    assert any(line.startswith("column begonnen: when the form") for line in read.report["left_out"])
    asked = read_answers(tmp_path / "b.sav", {"sinds": {"columns": "verhuisd", "kind": "open"}})
    assert asked.answers["text"].str[:4].tolist() == ["2020", "2023"], "a day that is asked for is an answer"


def test_a_value_that_spss_calls_missing_is_no_option(tmp_path: Path) -> None:
    read = read_answers(survey_sav(tmp_path / "a.sav"))
    options = read.options[read.options["question"] == "v1"]
    assert list(options["label_nl"]) == ["Ja", "Nee"]
    labels = read.options[read.options["question"] == "info"]
    assert list(labels["label_en"]) == ["Per post", "Per e-mail"]


def with_response_set(path: Path, definition: str) -> Path:
    """Put a multiple response set into a .sav, as SPSS does: record 7, subtype 7, before the end of the dictionary."""
    content = path.read_bytes()
    text = definition.encode("utf-8")
    record = struct.pack("<iiii", 7, 7, 1, len(text)) + text
    end = content.index(struct.pack("<ii", 999, 0))
    path.write_bytes(content[:end] + record + content[end:])
    return path


def test_multiple_response_sets_of_spss(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0], "a": [1.0, 0.0], "b": [1.0, 0.0], "k1": [2.0, 1.0], "k2": [1.0, np.nan]})
    labels = {"k1": {1.0: "Post", 2.0: "Folder"}, "k2": {1.0: "Post", 2.0: "Folder"}}
    path = sav(tmp_path / "a.sav", frame, variable_value_labels=labels, column_labels=["", "Bel", "App", "", ""])
    with_response_set(path, "$tel=D1 1 5 Bellen a b\n$kanaal=C 6 Kanaal k1 k2\n".replace("5 Bellen", "6 Bellen"))
    read = read_answers(path)
    assert rows_of(read, "tel") == [("1", "a", ""), ("1", "b", ""), ("2", "", "")]
    assert rows_of(read, "kanaal") == [("1", "2", ""), ("1", "1", ""), ("2", "1", "")]
    assert list(read.questions["label_nl"]) == ["Bellen", "Kanaal"]


def test_an_spss_file_in_latin_1_keeps_its_accents(tmp_path: Path) -> None:
    path = sav(tmp_path / "a.sav", pd.DataFrame({"id": [1.0, 2.0], "q": ["geïnd", "elf"]}))
    content = path.read_bytes().replace("geïnd".encode(), "geïnd".encode("latin-1") + b" ").replace(b"UTF-8", b"\0" * 5)
    path.write_bytes(content.replace(struct.pack("<iiii", 7, 20, 1, 5), struct.pack("<iiii", 7, 99, 1, 5)))
    read = read_answers(path, {"q": {"columns": "q", "kind": "open"}})
    assert rows_of(read, "q", "text")[0][0].startswith("geïnd")


@pytest.mark.parametrize(
    ("encoding", "shown"), [("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "DOS 850")]
)
def test_an_spss_file_that_says_utf_8_and_is_not_is_read_by_all_its_accents(
    tmp_path: Path, encoding: str, shown: str
) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0], "k": [1.0, 2.0], "q": ["geïnd één", "elf"]})
    labels = {"k": {1.0: "coöperatie", 2.0: "privé"}}
    path = sav(tmp_path / "a.sav", frame, variable_value_labels=labels, column_labels=["", "Reünie", ""])
    content = path.read_bytes()
    for word in ("geïnd één", "coöperatie", "privé", "Reünie"):
        content = content.replace(word.encode(), word.encode(encoding).ljust(len(word.encode())))
    path.write_bytes(content)
    read = read_answers(path)
    assert rows_of(read, "q", "text")[0][0] == "geïnd één" and read.report["encoding"] == shown
    assert (
        read.options["label_nl"].tolist() == ["coöperatie", "privé"] and "Reünie" in read.questions["label_nl"].tolist()
    )
    assert [line for line in read.report["warnings"] if "not UTF-8" in line and shown in line]


def test_a_stray_byte_in_a_label_of_spss_is_mended_and_named(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2.0], "k": [1.0, 2.0], "q": ["één", "naïef"]})
    path = sav(tmp_path / "a.sav", frame, variable_value_labels={"k": {1.0: "coXXperatie", 2.0: "privé"}})
    path.write_bytes(path.read_bytes().replace(b"coXXperatie", b"co\xf6peratie "))
    read = read_answers(path)
    assert read.options["label_nl"].tolist() == ["coöperatie", "privé"]
    assert any("'ö' in a value label of k" in line for line in read.report["warnings"])


def test_an_spss_file_that_is_cut_off_is_one_clear_line(tmp_path: Path) -> None:
    whole = survey_sav(tmp_path / "a.sav").read_bytes()
    for length in (180, len(whole) // 3, len(whole) * 2 // 3, len(whole) - 40):
        (tmp_path / "b.sav").write_bytes(whole[:length])
        with pytest.raises(KoppelkansError, match="damaged or cut off") as caught:
            read_answers(tmp_path / "b.sav")
        assert "\n" not in str(caught.value)


# LimeSurvey


def test_a_sign_that_parts_records_and_a_variable_called_case_id_upset_no_mending(tmp_path: Path) -> None:
    frame = pd.DataFrame({"case_id": [1.0, 2.0], "q": ["geXXnd\x1een twee", "elf"]})
    path = sav(tmp_path / "a.sav", frame, variable_value_labels={"case_id": {1.0: "coXXperatie", 2.0: "privé"}})
    path.write_bytes(path.read_bytes().replace(b"geXXnd", b"ge\xefnd ").replace(b"coXXp", b"co\xf6p "))
    read = read_answers(path, {"q": {"columns": "q", "kind": "open"}})
    assert rows_of(read, "q", "text")[0][0] == "geïnd  en twee"
    [note] = [line for line in read.report["warnings"] if "not UTF-8" in line]
    assert "'ï' in case 1 of q" in note and "'ö' in a value label of case_id" in note


LSS = """<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>{version}</DBVersion>
<languages><language>nl</language><language>en</language></languages>
<answers><rows>
{answers}</rows></answers>{answer_l10ns}
<groups><rows><row><gid>1</gid><group_order>0</group_order></row></rows></groups>
<questions><rows>
{questions}</rows></questions>{question_l10ns}
<subquestions><rows>
{parts}</rows></subquestions>
</document>"""

ASKED = [  # qid, parent, type, code, nl, en, other
    (1, 0, "L", "woning", "<p>Woont u in huur of koop?</p>", "Do you rent or own?", "N"),
    (2, 0, "M", "info", "Hoe wilt u informatie?", "How do you want information?", "Y"),
    (3, 0, "R", "rang", "Zet op volgorde", "Put in order", "N"),
    (4, 0, "F", "eens", "Bent u het eens?", "Do you agree?", "N"),
    (5, 0, "T", "opm", "Opmerkingen &amp; wensen", "Remarks", "N"),
    (6, 0, "N", "jaren", "Hoe lang woont u hier?", "How long have you lived here?", "N"),
    (21, 2, "T", "SQ001", "Per post", "By post", "N"),
    (22, 2, "T", "SQ002", "Per e-mail", "By e-mail", "N"),
    (41, 4, "T", "SQ001", "De gemeente luistert", "The municipality listens", "N"),
]
ANSWERS = [
    (1, 1, "A1", "Huur", "Rent"), (2, 1, "A2", "Koop", "Own"), (3, 3, "P", "Prijs", "Price"),
    (4, 3, "C", "Comfort", "Comfort"), (5, 4, "1", "Oneens", "Disagree"), (6, 4, "2", "Eens", "Agree"),
]  # fmt: skip


def _row(**cells: object) -> str:
    return "<row>" + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in cells.items()) + "</row>\n"


def lss_of_version_3(path: Path) -> Path:
    """Each language has a row of its own."""
    questions = parts = answers = ""
    for qid, parent, kind, code, nl, en, other in ASKED:
        for language, text in (("nl", nl), ("en", en)):
            row = _row(qid=qid, parent_qid=parent, gid=1, type=kind, title=code, question=text, other=other,
                       question_order=qid, language=language, scale_id=0)  # fmt: skip
            questions, parts = (questions + row, parts) if not parent else (questions, parts + row)
    for order, (_, qid, code, nl, en) in enumerate(ANSWERS):
        for language, text in (("nl", nl), ("en", en)):
            answers += _row(qid=qid, code=code, answer=text, sortorder=order, language=language, scale_id=0)
    text = LSS.format(
        version=366, answers=answers, questions=questions, parts=parts, answer_l10ns="", question_l10ns=""
    )
    path.write_text(text, encoding="utf-8")
    return path


def lss_of_version_6(path: Path) -> Path:
    """Words stand in sections of their own, by language."""
    questions = parts = answers = worded = answers_worded = ""
    for qid, parent, kind, code, nl, en, other in ASKED:
        row = _row(
            qid=qid, parent_qid=parent, gid=1, type=kind, title=code, other=other, question_order=qid, scale_id=0
        )
        questions, parts = (questions + row, parts) if not parent else (questions, parts + row)
        for language, text in (("nl", nl), ("en", en)):
            worded += _row(qid=qid, question=text, language=language)
    for order, (aid, qid, code, nl, en) in enumerate(ANSWERS):
        answers += _row(aid=aid, qid=qid, code=code, sortorder=order, scale_id=0)
        for language, text in (("nl", nl), ("en", en)):
            answers_worded += _row(aid=aid, answer=text, language=language)
    text = LSS.format(
        version=641, answers=answers, questions=questions, parts=parts,
        question_l10ns=f"<question_l10ns><rows>{worded}</rows></question_l10ns>",
        answer_l10ns=f"<answer_l10ns><rows>{answers_worded}</rows></answer_l10ns>",
    )  # fmt: skip
    path.write_text(text, encoding="utf-8")
    return path


def structure_table(path: Path) -> Path:
    header = ["id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "other"]
    rows = [
        header,
        ["", "", "S", "", "sid", "", "123456", "", "", ""],
        ["1", "", "G", "", "Groep", "1", "", "", "nl", ""],
    ]
    for language, place in (("nl", 4), ("en", 5)):
        for asked in ASKED:
            qid, parent, kind, code, *_, other = asked
            if parent:
                continue
            rows.append([str(qid), "", "Q", kind, code, "1", asked[place], "", language, other])
            rows += [[str(p[0]), "", "SQ", "0", p[3], "1", p[place], "", language, ""] for p in ASKED if p[1] == qid]
            rows += [["", "", "A", "0", a[2], "0", a[place - 1], "", language, ""] for a in ANSWERS if a[1] == qid]
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    return path


OWN = ["id", "submitdate", "lastpage", "startlanguage", "token", "ipaddr"]
CODES = ["woning", "info[SQ001]", "info[SQ002]", "info[other]", "rang[1]", "rang[2]", "eens[SQ001]", "opm", "jaren"]
LIME_ROWS = [
    ["1", "2022-05-03 10:00:00", "3", "nl", "abc", "10.0.0.1", "A1", "Y", "N", "", "C", "P", "2", "Goed", "12,5"],
    ["2", "2022-05-03 11:00:00", "3", "nl", "def", "10.0.0.2", "A2", "N", "N", "", "P", "", "1", "", "3"],
    ["3", "2022-05-03 12:00:00", "3", "nl", "ghi", "10.0.0.3", "A2", "N", "Y", "WhatsApp", "", "", "", "", ""],
]


def lime_csv(path: Path, header: list[str], rows: list[list[str]] = LIME_ROWS) -> Path:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("structure", [lss_of_version_3, lss_of_version_6, structure_table])
def test_limesurvey_with_its_structure(tmp_path: Path, structure) -> None:
    path = lime_csv(tmp_path / "antwoorden.csv", OWN + CODES)
    read = read_answers(path, structure=structure(tmp_path / "survey.lss"))
    assert rows_of(read, "info") == [("1", "SQ001", ""), ("2", "", ""), ("3", "SQ002", ""), ("3", "other", "")]
    assert ("3", "other", "WhatsApp") in rows_of(read, "info", "respondent", "option", "text")
    ranks = rows_of(read, "rang", "respondent", "option", "rank")
    assert ranks[:3] == [("1", "C", 1), ("1", "P", 2), ("2", "P", 1)]
    assert rows_of(read, "eens[SQ001]", "value")[:2] == [(2.0,), (1.0,)]
    assert rows_of(read, "jaren", "value")[0] == (12.5,)
    questions = read.questions.set_index("question")
    assert questions.loc["woning", "label_nl"] == "Woont u in huur of koop?"
    assert questions.loc["woning", "label_en"] == "Do you rent or own?"
    assert questions.loc["opm", "label_nl"] == "Opmerkingen & wensen"
    options = read.options.set_index(["question", "option"])
    assert options.loc[("woning", "A2"), "label_en"] == "Own"
    assert options.loc[("info", "SQ001"), "label_nl"] == "Per post"
    everything = json.dumps(read.report) + read.answers.to_csv() + read.respondents.to_csv()
    assert "10.0.0.1" not in everything
    assert "ghi" not in everything


def test_limesurvey_with_full_headings_and_answers_reads_as_with_codes(tmp_path: Path) -> None:
    header = ["Response ID", "Date submitted", "Last page", "Start language", "Access code", "IP address",
              "Woont u in huur of koop?", "Hoe wilt u informatie? [Per post]", "Hoe wilt u informatie? [Per e-mail]",
              "Hoe wilt u informatie? [Anders]", "Zet op volgorde [1]", "Zet op volgorde [2]",
              "eens[SQ001]. Bent u het eens? [De gemeente luistert]", "Opmerkingen & wensen",
              "Hoe lang woont u hier?"]  # fmt: skip
    words = {"A1": "Huur", "A2": "Koop", "Y": "Ja", "N": "Nee", "C": "Comfort", "P": "Prijs"}
    rows = [[*row[:6], *(words.get(cell, cell) for cell in row[6:12]), *row[12:]] for row in LIME_ROWS]
    lss = lss_of_version_6(tmp_path / "full.lss")
    full = read_answers(lime_csv(tmp_path / "full.csv", header, rows))
    codes = read_answers(lime_csv(tmp_path / "codes.csv", OWN + CODES), structure=lss)
    pd.testing.assert_frame_equal(full.answers, codes.answers)
    pd.testing.assert_frame_equal(full.options, codes.options)


def test_limesurvey_without_structure_still_groups_its_columns(tmp_path: Path) -> None:
    read = read_answers(lime_csv(tmp_path / "a.csv", OWN + CODES))
    assert read.report["program"] == "LimeSurvey"
    assert rows_of(read, "info")[:3] == [("1", "SQ001", ""), ("2", "", ""), ("3", "SQ002", "")]
    assert "token" not in " ".join(read.questions["question"])


def test_a_mapping_names_a_limesurvey_question_by_its_code(tmp_path: Path) -> None:
    path = lime_csv(tmp_path / "a.csv", OWN + CODES)
    mapping = {"information": {"columns": ["info"], "construct": "information-preference"}}
    read = read_answers(path, mapping, structure=lss_of_version_3(tmp_path / "s.lss"))
    assert list(read.questions["kind"]) == ["multiple"]
    assert rows_of(read, "information")[0] == ("1", "SQ001", "")


def test_a_key_that_ties_answers_to_interviews_is_read_where_it_is_named(tmp_path: Path) -> None:
    lime = read_answers(lime_csv(tmp_path / "a.csv", OWN + CODES), respondent="token", attributes=["startlanguage"])
    assert list(lime.respondents["respondent"]) == ["abc", "def", "ghi"]
    assert list(lime.respondents["startlanguage"]) == ["nl"] * 3
    assert not {"id", "token", "startlanguage"} & set(lime.questions["question"])


def test_a_question_that_limesurvey_did_not_show_was_not_asked(tmp_path: Path) -> None:
    rows = [[*row] for row in LIME_ROWS]
    rows[0][6], rows[0][7], rows[0][8] = "N/A", "N/A", "N/A"
    read = read_answers(lime_csv(tmp_path / "a.csv", OWN + CODES, rows))
    assert rows_of(read, "woning")[0] == ("1", "", "not-asked")
    assert rows_of(read, "info")[0] == ("1", "", "not-asked")


def test_a_structure_that_is_hostile_cut_off_or_of_another_survey(tmp_path: Path) -> None:
    path = lime_csv(tmp_path / "a.csv", OWN + CODES)
    bomb = tmp_path / "bomb.lss"
    bomb.write_text('<!DOCTYPE a [<!ENTITY b "c">]><document>&b;</document>', encoding="utf-8")
    with pytest.raises(KoppelkansError, match="entities"):
        read_answers(path, structure=bomb)
    whole = lss_of_version_3(tmp_path / "s.lss")
    whole.write_bytes(whole.read_bytes()[:900])
    with pytest.raises(KoppelkansError, match=r"line \d+: not whole XML"):
        read_answers(path, structure=whole)
    other = lime_csv(tmp_path / "b.csv", [*OWN, *(f"x{code}" for code in "abcdefghi")])
    read = read_answers(other, structure=lss_of_version_3(tmp_path / "t.lss"))
    assert any("another survey" in line for line in read.report["warnings"])


# Qualtrics


def qualtrics(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    own = ["StartDate", "Status", "IPAddress", "Finished", "ResponseId", "RecipientEmail"]
    asked = [
        ("Q1", "Woont u in huur of koop?", {"ImportId": "QID1"}),
        ("Q5_1", "Hoe wilt u informatie? - Selected Choice - Per post", {"ImportId": "QID5", "choiceId": "1"}),
        ("Q5_4", "Hoe wilt u informatie? - Selected Choice - Anders", {"ImportId": "QID5", "choiceId": "4"}),
        ("Q5_4_TEXT", "Hoe wilt u informatie? - Anders - Text", {"ImportId": "QID5_4_TEXT"}),
        ("Q7_1", "Volgorde - Prijs", {"ImportId": "QID7_1"}),
        ("Q7_2", "Volgorde - Comfort", {"ImportId": "QID7_2"}),
        ("Q7_3", "Volgorde - Milieu", {"ImportId": "QID7_3"}),
        ("Q9", "Wat wilt u\nnog kwijt?", {"ImportId": "QID9_TEXT"}),
    ]
    rows = [
        [*own, *(a[0] for a in asked)],
        [*own, *(a[1] for a in asked)],
        [*(json.dumps({"ImportId": name}) for name in own), *(json.dumps(a[2]) for a in asked)],
        ["2022-05-01", "Survey Preview", "1.1.1.1", "1", "R_0", "", "1", "1", "", "", "1", "2", "3", "test"],
        [
            "2022-05-03",
            "IP Address",
            "1.2.3.4",
            "1",
            "R_1",
            "a@b.nl",
            "1",
            "1",
            "4",
            "Appje",
            "2",
            "1",
            "3",
            "Regel 1\nen 2",
        ],
        ["2022-05-03", "IP Address", "1.2.3.5", "1", "R_2", "", "2", "1", "", "", "1", "2", "3", "-99"],
        ["2022-05-04", "IP Address", "1.2.3.6", "0", "R_3", "", "1", "", "", "", "", "", "", ""],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize(("name", "encoding", "mark"), [("a.csv", "utf-8", ","), ("a.tsv", "utf-16", "\t")])
def test_qualtrics_with_three_header_rows(tmp_path: Path, name: str, encoding: str, mark: str) -> None:
    read = read_answers(qualtrics(tmp_path / name, encoding, mark))
    assert read.report["program"] == "Qualtrics"
    assert list(read.respondents["respondent"]) == ["R_1", "R_2", "R_3"]
    assert rows_of(read, "Q5", "respondent", "option", "text")[:2] == [("R_1", "1", ""), ("R_1", "4", "Appje")]
    assert rows_of(read, "Q7", "option", "rank")[:3] == [("2", 1), ("1", 2), ("3", 3)]
    assert rows_of(read, "Q9", "text", "missing") == [("Regel 1\nen 2", ""), ("", "no-answer"), ("", "not-asked")]
    options = read.options.set_index(["question", "option"])
    assert options.loc[("Q5", "1"), "label_nl"] == "Per post"
    assert options.loc[("Q7", "3"), "label_nl"] == "Milieu"
    assert read.questions.set_index("question").loc["Q7", "label_nl"] == "Volgorde"
    assert any(line == "1 preview of the survey" for line in read.report["left_out"])
    everything = json.dumps(read.report) + read.answers.to_csv() + read.respondents.to_csv()
    assert "a@b.nl" not in everything
    assert "1.2.3.4" not in everything


def test_qualtrics_with_all_choices_in_one_column(tmp_path: Path) -> None:
    rows = [["ResponseId", "Q5", "Q5_4_TEXT", "Q6"], ["Response ID", "Hoe?", "Hoe? - Anders - Text", "Cijfer"]]
    rows.append([json.dumps({"ImportId": name}) for name in ("_recordId", "QID5", "QID5_4_TEXT", "QID6")])
    rows += [["R_1", "1,4", "Appje", "7.5"], ["R_2", "2", "", "6"], ["R_3", "", "", ""]]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (tmp_path / "a.csv").write_text(out.getvalue(), encoding="utf-8")
    read = read_answers(tmp_path / "a.csv")
    found = rows_of(read, "Q5", "respondent", "option", "text", "missing")
    assert found == [
        ("R_1", "1", "", ""),
        ("R_1", "4", "Appje", ""),
        ("R_2", "2", "", ""),
        ("R_3", "", "", "no-answer"),
    ]
    assert rows_of(read, "Q6", "value")[0] == (7.5,)


def test_an_spss_file_from_qualtrics_loses_its_administration(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"StartDate": ["2022", "2022"], "IPAddress": ["1.2.3.4", "5"], "Finished": [1.0, 1.0], "Status": [0.0, 0.0],
         "ResponseId": ["R_1", "R_2"], "Q1": [1.0, 2.0]}
    )  # fmt: skip
    read = read_answers(sav(tmp_path / "a.sav", frame, variable_value_labels={"Q1": {1.0: "Huur", 2.0: "Koop"}}))
    assert read.report["program"] == "Qualtrics (SPSS)"
    assert list(read.questions["question"]) == ["Q1"]
    assert list(read.respondents["respondent"]) == ["R_1", "R_2"]


def test_the_same_file_gives_the_same_tables_twice(tmp_path: Path) -> None:
    path = qualtrics(tmp_path / "a.csv")
    first, second = read_answers(path), read_answers(path)
    pd.testing.assert_frame_equal(first.answers, second.answers)
    assert json.dumps(first.report) == json.dumps(second.report)


@pytest.mark.parametrize("number", ["x", "", "²", "--5", "9" * 5_000])
def test_a_question_of_limesurvey_whose_number_is_none_keeps_its_words(tmp_path: Path, number: str) -> None:
    lss_of_version_6(tmp_path / "a.lss")
    whole = (tmp_path / "a.lss").read_text(encoding="utf-8")
    qid = re.search(r"<qid><!\[CDATA\[(\d+)\]\]></qid>|<qid>(\d+)</qid>", whole)
    assert qid
    changed = re.sub(rf"(qid>(?:<!\[CDATA\[)?){qid[1] or qid[2]}(?=\D)", rf"\g<1>{number}", whole)
    (tmp_path / "a.lss").write_text(changed, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "id,submitdate,lastpage,startlanguage,woning\n1,2022-05-03,3,nl,A1\n", encoding="utf-8"
    )
    assert changed != whole and len(read_answers(tmp_path / "a.csv").answers) == 1
