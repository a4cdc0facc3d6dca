"""What a file is read as, case by case: the reference, from which the tables in docs/recognised.md are made.

A case is a file (its name, and what is in it) and what it is read as. The page says besides what the report says that
it is known by, or the line with which it is refused. Add a case here, run this test, and take over the table that it
prints.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl
import pandas as pd
import pyreadstat
import pytest
import qda_files
from test_answers_programs import lss_of_version_6, structure_table
from test_atlas_project import project as an_atlproj

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.answers import read_answers

Write = Callable[[Path], object]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Case(NamedTuple):
    """file: its name. holds: what is in it, in words. write: writes it. read_as: program, questions."""

    file: str
    holds: str
    write: Write
    read_as: str


def text(*lines: str, encoding: str = "utf-8") -> Write:
    return lambda path: path.write_bytes("\n".join(lines).encode(encoding))


def raw(content: bytes) -> Write:
    return lambda path: path.write_bytes(content)


def word(*paragraphs: str, bold: bool = False) -> Write:
    def write(path: Path) -> None:
        document = docx.Document()
        for number, paragraph in enumerate(paragraphs):
            document.add_paragraph().add_run(paragraph).bold = bold and number % 2 == 0
        document.save(str(path))

    return write


def book(**sheets: list[list[object]]) -> Write:
    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        made.save(path)

    return write


def zipped(**files: str) -> Write:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as made:
            for name, content in files.items():
                made.writestr(name.replace("__", "."), content)

    return write


def project_of(manner: str) -> Write:
    return lambda path: qda_files.write(path, qda_files.MANNERS[manner], [qda_files.phrases()])


def xml_of(manner: str, member: str = ".qde") -> Write:
    def write(path: Path) -> None:
        whole = io.BytesIO()
        made = path.with_name("whole.qdpx")
        project_of(manner)(made)
        whole.write(made.read_bytes())
        made.unlink()
        with zipfile.ZipFile(whole) as opened:
            path.write_bytes(opened.read(next(name for name in opened.namelist() if name.endswith(member))))

    return write


def beside(name: str, other: Write, own: Write) -> Write:
    """Write a file, and another one beside it."""

    def write(path: Path) -> None:
        other(path.with_name(name))
        own(path)

    return write


def sav(path: Path) -> None:
    labels = {"woning": {1.0: "huur", 2.0: "koop"}}
    frame = pd.DataFrame({"respnr": [1.0, 2.0], "woning": [1.0, 2.0]})
    pyreadstat.write_sav(frame, path, variable_value_labels=labels)


CODES = (
    '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette"><Codes>'
    '<Code guid="11111111-1111-1111-1111-111111111111" name="kou" isCodable="true"/></Codes></CodeBook>'
)
PROJECTS = [
    Case("wijk.qdpx", "a REFI-QDA project of NVivo", project_of("NVivo Windows"), "NVivo"),
    Case("wijk.qdpx", "a REFI-QDA project of ATLAS.ti", project_of("ATLAS.ti 23"), "ATLAS.ti"),
    Case("wijk.qdpx", "a REFI-QDA project of MAXQDA", project_of("MAXQDA"), "MAXQDA"),
    Case("wijk.qdpx", "a REFI-QDA project of QualCoder", project_of("QualCoder"), "QualCoder"),
    Case("wijk.zip", "the same, with another ending", project_of("QualCoder"), "QualCoder"),
    Case("wijk.qde", "the XML of a project that was unpacked", xml_of("qc"), "qc"),
    Case("codes.qdc", "the codes alone", text(CODES), "Taguette"),
    Case("wijk.atlproj", "ATLAS.ti's own project", an_atlproj, "ATLAS.ti"),
]
ATLAS = ["ID", "Document", "Quotation Content", "Codes", "Comment", "Reference", "Density"]
MAXQDA = ["Document group", "Document name", "Code", "Begin", "End", "Weight score", "Segment"]
SEGMENTS = [
    Case(
        "citaten.xlsx",
        "headers Document, Quotation Content, Codes, Density, ...",
        book(Blad=[ATLAS, ["1:1", "g1", "het is koud", "kou", "", "1", "1"]]),
        "ATLAS.ti",
    ),
    Case(
        "citaten.xlsx",
        "the same in Dutch: Documentnaam, Citaatinhoud, Coderingen",
        book(Blad=[["Documentnaam", "Citaatinhoud", "Coderingen"], ["g1", "het is koud", "kou"]]),
        "ATLAS.ti",
    ),
    Case(
        "segmenten.xlsx",
        "headers Document group, Document name, Code, Segment, ...",
        book(Blad=[MAXQDA, ["huur", "g1", "kou", "1", "2", "0", "het is koud"]]),
        "MAXQDA",
    ),
    Case(
        "coding.csv",
        "headers File, Coder, Coded, Id, Codename",
        text("File,Coder,Coded,Id,Codename", "g1,mv,het is koud,1,kou"),
        "QualCoder",
    ),
    Case(
        "highlights.csv",
        "headers id, document, tag, content",
        text("id,document,tag,content", "1,g1,kou,koud"),
        "Taguette",
    ),
    Case(
        "kou.txt",
        "sources with the share coded, and `Reference 1 - 1.00% Coverage`",
        text(
            "Name: Kou",
            "<Files\\\\g1> - § 1 reference coded [1.00% Coverage]",
            "",
            "Reference 1 - 1.00% Coverage",
            "",
            "het is koud",
        ),
        "NVivo",
    ),
    Case(
        "summary.xlsx",
        "headers Reference Number and Coded By Initials",
        book(
            Summary=[
                ["Coverage", "Reference Number", "Coded By Initials"],
                ["Codes\\\\Kou"],
                ["Files\\\\g1"],
                [None, "1", "AB"],
                ["het is koud"],
            ]
        ),
        "NVivo",
    ),
    Case("eigen.csv", "headers document, code, tekst", text("document;code;tekst", "g1;kou;het is koud"), "table"),
    Case(
        "eigen.csv",
        "headers document, tekst, Code 1, Code 2",
        text("document;tekst;Code 1;Code 2", "g1;het is koud;kou;huur"),
        "table",
    ),
    Case(
        "oordelen.csv",
        "a column analist, and columns of 0 and 1",
        text("eenheid,analist,kou,huur", "u1,A,1,0", "u1,B,1,1", "u2,A,0,0", "u2,B,0,1"),
        "table of presences",
    ),
    Case(
        "oordelen.csv",
        "columns kou_A, kou_B, huur_A, huur_B of 0 and 1",
        text("id,kou_A,kou_B,huur_A,huur_B", "u1,1,1,0,1", "u2,0,0,0,1"),
        "table of presences",
    ),
    Case("eigen.csv", "other headers", text("naam,leeftijd", "x,1"), "refused"),
]
TRANSCRIPTS = [
    Case("g1.txt", "`I:` and `R1:` at the start of lines", text("I: Hoe woont u?", "R1: Koud."), "turns"),
    Case(
        "g1.txt",
        "`[00:01:23] Interviewer:` at the start of lines",
        text("[00:01:23] Interviewer: Hoe woont u?", "[00:01:25] Bewoner: Koud."),
        "turns",
    ),
    Case(
        "g1.docx",
        "a name and a time alone on a line",
        word("Spreker 1   0:03", "Hoi", "Spreker 2   0:05", "Dag"),
        "turns",
    ),
    Case("g1.docx", "bold questions, no names", word("Hoe woont u?", "Koud.", "En warm?", "Nee.", bold=True), "turns"),
    Case("g1.txt", "neither names nor bold", text("Het is koud in huis.", "Dat is al jaren zo."), "turns"),
    Case(
        "g1.vtt",
        "`WEBVTT`, and names in `<v Name>`",
        text("WEBVTT", "", "00:00:01.000 --> 00:00:02.000", "<v Anna>Hoi</v>"),
        "turns",
    ),
    Case(
        "g1.srt",
        "two times with an arrow, and `Name:`",
        text(
            "1",
            "00:00:01,000 --> 00:00:02,000",
            "Interviewer: Hoi",
            "",
            "2",
            "00:00:02,000 --> 00:00:03,000",
            "Bewoner: Dag",
        ),
        "turns",
    ),
    Case("g1.txt", "subtitles saved as text", text("WEBVTT", "", "00:01.000 --> 00:02.000", "Hoi"), "turns"),
    Case("g1.vtt", "no times", text("Hoi", "Dag"), "refused"),
]
QUALTRICS = ["StartDate", "Status", "Finished", "ResponseId", "Q1"]
ROW = "2022-05-03,IP Address,1,R_1,ja"
LIME = ["id,submitdate,lastpage,startlanguage,woning", "1,2022-05-03 10:00:00,3,nl,A1"]
ANSWERS = [
    Case(
        "enquete.csv",
        'Qualtrics, three header rows with `{"ImportId": ...}`',
        text(
            ",".join(QUALTRICS),
            "Start Date,Response Type,Finished,Response ID,Huurt u?",
            ",".join("{'ImportId': 'x'}" for _ in QUALTRICS),
            ROW,
        ),
        "Qualtrics; Q1: open",
    ),
    Case(
        "enquete.csv",
        "Qualtrics, two header rows (`Response ID` below `ResponseId`)",
        text(",".join(QUALTRICS), "Start Date,Response Type,Finished,Response ID,Huurt u?", ROW),
        "Qualtrics; Q1: open",
    ),
    Case(
        "enquete.csv",
        "Qualtrics, the row of names alone",
        text("StartDate,EndDate,Status,IPAddress,Progress,ResponseId,Q1", "a,b,0,1.1.1.1,100,R_1,ja"),
        "Qualtrics; Q1: open",
    ),
    Case(
        "enquete.csv",
        "Qualtrics of before 2016: columns `V1` to `V10`, answers `R_...`",
        text(",".join(f"V{n}" for n in range(1, 11)) + ",Q1", "R_1,Default,Anonymous,,,1.1.1.1,0,a,b,1,ja"),
        "Qualtrics; Q1: open",
    ),
    Case("enquete.csv", "LimeSurvey, question codes", text(*LIME), "LimeSurvey; woning: open"),
    Case(
        "enquete.csv",
        "LimeSurvey, with `enquete.lss` beside it",
        beside("enquete.lss", lss_of_version_6, text(*LIME)),
        "LimeSurvey; woning: single",
    ),
    Case(
        "enquete.csv",
        "LimeSurvey, with `enquete-structure.txt` beside it",
        beside("enquete-structure.txt", structure_table, text(*LIME)),
        "LimeSurvey; woning: single",
    ),
    Case("enquete.sav", "SPSS", sav, "SPSS; woning: single"),
    Case(
        "enquete.csv",
        "KoboToolbox: `wensen/isolatie`, `_uuid`",
        text(
            "start,end,wensen/isolatie,wensen/glas,_id,_uuid,_submission_time,_index",
            "a,b,1,0,7,u1,c,1",
            "a,b,0,1,8,u2,c,2",
        ),
        "table; wensen: multiple",
    ),
    Case(
        "enquete.csv",
        "SurveyMonkey: two header rows, the first with gaps",
        text(
            "respondent_id,collector_id,Hoe wilt u informatie?,,Huurt u?",
            ",,Per post,Per e-mail,Response",
            "1,2,Per post,,ja",
            "2,2,,Per e-mail,nee",
        ),
        "table; Hoe wilt u informatie?: multiple, Huurt u?: open",
    ),
    Case(
        "enquete.csv",
        "REDCap: `hulp___1`",
        text("record_id,hulp___1,hulp___2", "1,1,0", "2,0,1"),
        "table; hulp: multiple",
    ),
    Case(
        "enquete.xlsx",
        "Microsoft Forms: ID, Starttijd, E-mail, and the questions",
        book(Blad=[["ID", "Starttijd", "E-mail", "Huurt u?"], [1, "2022-05-03", "anoniem", "ja"]]),
        "table; Huurt u?: open",
    ),
    Case("enquete.xlsx", "a table of your own", book(Blad=[["respondent", "huur"], ["r1", "ja"]]), "table; huur: open"),
    Case(
        "enquete.csv",
        "a row of texts below the names",
        text("respondent,q1,q2", "Respondent,Huurt u?,Hoe warm is het?", "r1,ja,warm", "r2,nee,koud"),
        "table; q1: open, q2: open",
    ),
    Case(
        "enquete.xlsx",
        "a sheet Vragen with Variabele, Vraagtekst, Antwoorden",
        book(
            Data=[["respondent", "woning"], ["r1", 1], ["r2", 2]],
            Vragen=[["Variabele", "Vraagtekst", "Antwoorden"], ["woning", "Huurt u?", "1 = ja; 2 = nee"]],
        ),
        "table; woning: single",
    ),
    Case(
        "enquete.csv",
        "with `enquete-vragen.csv` beside it",
        beside(
            "enquete-vragen.csv",
            text("Variabele;Vraagtekst;Antwoorden", "woning;Huurt u?;1 = ja, 2 = nee"),
            text("respondent,woning", "r1,1", "r2,2"),
        ),
        "table; woning: single",
    ),
]
NO_PROJECT = [
    Case("wijk.nvp", "NVivo's own project (Windows)", raw(OLE), "refused"),
    Case("wijk.nvpx", "NVivo's own project (Mac)", raw(b"SQLite format 3\0"), "refused"),
    Case("wijk.mx24", "MAXQDA's own project", raw(b"SQLite format 3\0"), "refused"),
    Case("wijk.mex", "an exchange file of MAXQDA", raw(b"MEX"), "refused"),
    Case("wijk.mx4", "a project of an old MAXQDA", raw(b"MX4"), "refused"),
    Case("wijk.hpr7", "a project of ATLAS.ti 7", raw(b"HPR"), "refused"),
    Case("wijk.qda", "QualCoder's own project", raw(b"SQLite format 3\0"), "refused"),
    Case(
        "wijk.qdpx",
        "cut off",
        lambda path: (project_of("qc")(path), path.write_bytes(path.read_bytes()[:300])),
        "refused",
    ),
    Case("wijk.qdpx", "a zip of other files", zipped(brief__txt="Beste buur"), "refused"),
    Case("wijk.qdpx", "nothing", raw(b""), "refused"),
    Case("g1.pdf", "a PDF, scanned or not", raw(b"%PDF-1.7\n%%EOF"), "refused"),
    Case("g1.doc", "a Word document of before 2007", raw(OLE), "refused"),
    Case("g1.docx", "a Word document with a password", raw(OLE + "EncryptedPackage".encode("utf-16-le")), "refused"),
    Case("g1.docx", "a PDF with another name", raw(b"%PDF-1.7"), "refused"),
    Case("g1.rtf", "a text of another kind", raw(rb"{\rtf1 Hoi}"), "refused"),
]
NO_ANSWERS = [
    Case("enquete.lss", "the structure of a LimeSurvey survey", lss_of_version_6, "refused"),
    Case("enquete-structure.txt", "the same as a table with tabs", structure_table, "refused"),
    Case("enquete.lsa", "a LimeSurvey archive", zipped(enquete__lss="<document/>"), "refused"),
    Case("enquete.qsf", "a survey of Qualtrics", text('{"SurveyEntry": {}}'), "refused"),
    Case("enquete.sav", "SPSS with a password", raw(b"ENCRYPTEDSAV" + b"\0" * 90), "refused"),
    Case("enquete.por", "portable SPSS", raw(b"ASCII SPSS PORT FILE"), "refused"),
    Case("enquete.dta", "Stata", raw(b"<stata_dta>"), "refused"),
    Case("enquete.rds", "R", raw(b"\x1f\x8b"), "refused"),
    Case("enquete.xls", "Excel of before 2007", raw(OLE), "refused"),
    Case("enquete.xlsx", "Excel with a password", raw(OLE + "EncryptedPackage".encode("utf-16-le")), "refused"),
    Case("enquete.ods", "OpenDocument", zipped(content__xml="<a/>"), "refused"),
    Case("enquete.csv", "headers and no answers", text("respondent,q1"), "refused"),
    Case("enquete.csv", "a respondent twice", text("respondent,q1", "r1,ja", "r1,nee"), "refused"),
    Case("enquete.csv", "a column twice", text("respondent,q1,q1", "r1,ja,nee"), "refused"),
]
SECTIONS = {
    "Coded projects": PROJECTS,
    "Coded segments and presences": SEGMENTS,
    "Transcripts and subtitles": TRANSCRIPTS,
    "Answers": ANSWERS,
    "Files of programs for coding and texts that are not read": NO_PROJECT,
    "Files of programs for surveys that are not read": NO_ANSWERS,
}


def outcome(case: Case, section: str, folder: Path) -> tuple[str, str]:
    """Write the file of a case and read it; return what it is read as, and what it is known by."""
    path = folder / case.file
    case.write(path)
    try:
        is_survey = section == "Answers" or "surveys" in section
        report = read_answers(path).report if is_survey else read_project(path).report
    except KoppelkansError as error:
        line = str(error).replace(f"{path}: ", "").replace(str(path), path.name)
        return "refused", line.replace("|", "\\|")
    program, known_by = report["program"], report.get("recognised_by", "")
    if program == "transcripts":
        program, known_by = "turns", report["files"][0]["turns_by"]
    if is_survey:
        program += "; " + ", ".join(f"{asked['question']}: {asked['kind']}" for asked in report["questions"])
        known_by += f"; questions from {report['structure']}" if report["structure"] not in known_by else ""
    return program, known_by


def table(section: str, folder: Path) -> str:
    """The cases of a section as they stand in docs/recognised.md."""
    is_refused = "not read" in section
    rows = [
        "| file | what is in it | what it says |" if is_refused else "| file | what is in it | read as | known by |"
    ]
    rows.append("|---|---|---|" if is_refused else "|---|---|---|---|")
    for number, case in enumerate(SECTIONS[section]):
        (own := folder / str(number)).mkdir()
        found = outcome(case, section, own)
        rows.append(f"| `{case.file}` | {case.holds} | {' | '.join(found[is_refused:])} |")
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("section", "case"),
    [
        pytest.param(section, case, id=f"{case.file}-{case.holds}")
        for section, cases in SECTIONS.items()
        for case in cases
    ],
)
def test_a_file_is_read_as_what_it_is(tmp_path: Path, section: str, case: Case) -> None:
    read_as, line = outcome(case, section, tmp_path)
    assert (read_as, bool(line), "\n" in line) == (case.read_as, True, False)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_shows_these_cases(tmp_path: Path, root: Path, section: str) -> None:
    page = (root / "docs/recognised.md").read_text(encoding="utf-8")
    expected = f"## {section}\n"
    assert expected in page
    below = page.split(expected)[1].split("\n## ")[0]
    made = table(section, tmp_path)
    assert made in below, f"docs/recognised.md: expected this table under '{section}':\n{made}"


def test_what_nvivo_writes_of_a_code_is_no_transcript_in_a_folder_of_them_either(tmp_path: Path) -> None:
    case = next(case for case in SEGMENTS if case.file == "kou.txt")
    case.write(tmp_path / case.file)
    with pytest.raises(KoppelkansError, match=r"kou\.txt: this is what NVivo writes"):
        read_project(tmp_path)
