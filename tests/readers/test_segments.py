"""Coded segments as the programs for coding write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, Project
from koppelkans.readers.segments import read_segments


def table(path: Path, rows: list[list[object]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def book(path: Path, rows: list[list[object]], title: str = "Sheet1") -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def codings(project: Project) -> list[tuple[str, str, str]]:
    """Return document name, path of the code and text of each coding."""
    names = dict(zip(project.documents["document"], project.documents["name"], strict=True))
    paths = dict(zip(project.codes["code"], project.codes["path"], strict=True))
    return [
        (names[d], paths[c], t)
        for d, c, t in project.codings[["document", "code", "text"]].itertuples(index=False, name=None)
    ]


def is_sound(project: Project) -> None:
    """Hold a project against its contract."""
    assert tuple(project.documents.columns) == DOCUMENTS
    assert tuple(project.codes.columns) == CODES
    assert tuple(project.codings.columns) == CODINGS
    assert str(project.codings["start"].dtype) == str(project.codings["end"].dtype) == "Int64"
    assert set(project.codings["document"]) <= set(project.documents["document"])
    assert set(project.codings["code"]) <= set(project.codes["code"])
    assert set(project.codings["coder"]) - {""} <= set(project.coders["coder"])
    seen = {""}
    for code, parent in project.codes[["code", "parent"]].itertuples(index=False, name=None):
        assert parent in seen
        seen.add(code)
    json.dumps(project.report)


ATLAS = {
    "en": ["ID", "Quotation Name", "Document", "Document Groups", "Quotation Content", "Comment", "Codes", "Reference",
           "Density", "Created by", "Modified by", "Created", "Modified"],
    "nl": ["ID", "Citaatnaam", "Document", "Documentgroepen", "Citaatinhoud", "Opmerking", "Codes", "Referentie",
           "Dichtheid", "Gemaakt door", "Gewijzigd door", "Gemaakt", "Gewijzigd"],
    "de": ["ID", "Zitatname", "Dokument", "Dokumentgruppen", "Zitatinhalt", "Kommentar", "Kodes", "Referenz", "Dichte",
           "Erstellt von", "Geändert von", "Erstellt", "Geändert"],
    "pt": ["ID", "Nome da citação", "Documento", "Grupos de documentos", "Conteúdo da citação", "Comentário", "Códigos",
           "Referência", "Densidade", "Criado por", "Modificado por", "Criado", "Modificado"],
    "es": ["ID", "Nombre de la cita", "Documento", "Grupos de documentos", "Contenido de la cita", "Comentario",
           "Códigos", "Referencia", "Densidad", "Creado por", "Modificado por", "Creado", "Modificado"],
}  # fmt: skip
ATLAS_ROWS = [
    ["1:1", "Het is te duur…", "Interview 1", "Huurders", "Het is te duur\nvoor mij", "let op",
     "● Kosten::Hoog\n● Zorg", "4 - 5", 0, "M. de Vries", "M. de Vries", "2022-05-03", "2022-05-03"],
    ["1:2", "", "Interview 1", "Huurders", "Ik weet van niets", "", "Kennis::Weinig", "9", 0, "A. Bakker", "", "", ""],
    ["2:1", "", "Interview 2", "", "Zonder code", "", "", "1", 0, "A. Bakker", "", "", ""],
]  # fmt: skip


@pytest.mark.parametrize("language", ATLAS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_quotation_reports_of_atlas_ti_in_five_languages(tmp_path: Path, language: str, kind: str) -> None:
    rows: list[list[object]] = [ATLAS[language], *ATLAS_ROWS]
    path = tmp_path / f"report.{kind}"
    table(path, rows, ";", "utf-8-sig") if kind == "csv" else book(path, [["Project: Wijk"], [], *rows])
    project = read_segments(path)
    is_sound(project)
    assert project.report["program"] == "ATLAS.ti"
    assert codings(project) == [
        ("Interview 1", "Kosten > Hoog", "Het is te duur\nvoor mij"),
        ("Interview 1", "Zorg", "Het is te duur\nvoor mij"),
        ("Interview 1", "Kennis > Weinig", "Ik weet van niets"),
    ]
    assert list(project.codings["place"]) == ["4 - 5", "4 - 5", "paragraph 9"]
    assert project.codings["start"].isna().all()
    assert "1 row without a code" in project.report["left_out"]
    assert project.kept["comments"] == {"coding-1": "let op", "coding-2": "let op"}


def test_names_of_coders_do_not_come_along_but_coders_stay_apart(tmp_path: Path) -> None:
    project = read_segments(table(tmp_path / "a.csv", [ATLAS["nl"], *ATLAS_ROWS], ";"))
    assert list(project.codings["coder"]) == ["coder-2", "coder-2", "coder-1"]
    written = json.dumps(project.report) + json.dumps(project.kept)
    for frame in (project.documents, project.codes, project.codings, project.respondents, project.coders):
        written += frame.to_csv()
    assert "Vries" not in written
    assert "Bakker" not in written
    assert str(tmp_path) not in written


def test_codes_with_commas_are_parted_only_where_each_part_is_a_code(tmp_path: Path) -> None:
    rows = [["Document", "Quotation Content", "Codes", "Density"]]
    rows += [["d", "a", "Kosten, Zorg", "0"], ["d", "b", "Zorg", "0"], ["d", "c", "Kosten", "0"]]
    rows += [["d", "e", "Vocht, schimmel en kou", "0"]]
    project = read_segments(table(tmp_path / "a.csv", rows))
    assert [path for _, path, _ in codings(project)] == ["Kosten", "Zorg", "Zorg", "Kosten", "Vocht, schimmel en kou"]
    assert any("kept as one code" in line for line in project.report["warnings"])


@pytest.mark.parametrize(
    ("cell", "paths"),
    [
        ("Kosten::Hoog", ["Kosten > Hoog"]),
        ("Kosten > Hoog", ["Kosten > Hoog"]),
        ("Kosten>Hoog>Huur", ["Kosten > Hoog > Huur"]),
        ("Kosten / Hoog", ["Kosten > Hoog"]),
        ("Kosten\\Hoog", ["Kosten > Hoog"]),
        ("Kosten • Hoog", ["Kosten > Hoog"]),
        ("• Kosten\n•• Hoog", ["Kosten", "Kosten > Hoog"]),
        ("● Kosten", ["Kosten"]),
        ("huur en/of koop", ["huur en/of koop"]),
        ("Kosten; Zorg", ["Kosten", "Zorg"]),
        ("Kosten\n\nKosten", ["Kosten"]),
    ],
)
def test_codes_and_what_stands_above_them(tmp_path: Path, cell: str, paths: list[str]) -> None:
    project = read_segments(table(tmp_path / "a.csv", [["document", "code", "text"], ["d", cell, "woorden"]]))
    is_sound(project)
    assert [path for _, path, _ in codings(project)] == paths


def test_a_bare_slash_parts_codes_whose_beginning_recurs(tmp_path: Path) -> None:
    rows = [["document", "code", "text"], ["d", "Kosten/Huur", "a"], ["d", "Kosten/Koop", "b"], ["d", "en/of", "c"]]
    project = read_segments(table(tmp_path / "a.csv", rows))
    assert [path for _, path, _ in codings(project)] == ["Kosten > Huur", "Kosten > Koop", "en/of"]
    assert list(project.codes["name"]) == ["Kosten", "Huur", "Koop", "en/of"]


MAXQDA = {
    "en": ["Color", "Comment", "Document group", "Document name", "Code", "Begin", "End", "Weight score", "Segment",
           "Modified by", "Modified", "Area", "Coverage %"],
    "de": ["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht", "Segment",
           "Bearbeitet von", "Bearbeitet am", "Fläche", "Abdeckungsgrad %"],
    "nl": ["Kleur", "Commentaar", "Documentgroep", "Documentnaam", "Code", "Begin", "Einde", "Gewicht", "Segment",
           "Gewijzigd door", "Gewijzigd", "Oppervlakte", "Dekking %"],
}  # fmt: skip


@pytest.mark.parametrize("language", MAXQDA)
def test_coded_segments_of_maxqda(tmp_path: Path, language: str) -> None:
    rows: list[list[object]] = [MAXQDA[language]]
    rows.append(["●", "", "Huurders", "R1", "Kosten > Hoog, te hoog", 3, 4, 0, "Te duur; echt", "MV", "", 12, 0.5])
    rows.append(["●", "nb", "Huurders", "R1", "Kosten", 7, 7, 0, "Duur", "MV", "", 4, 0.1])
    project = read_segments(book(tmp_path / "a.xlsx", rows))
    is_sound(project)
    assert project.report["program"] == "MAXQDA"
    assert codings(project) == [("R1", "Kosten > Hoog, te hoog", "Te duur; echt"), ("R1", "Kosten", "Duur")]
    assert list(project.codings["place"]) == ["paragraphs 3-4", "paragraph 7"]
    assert project.codings["start"].isna().all()


def test_qualcoder_with_categories_and_variables(tmp_path: Path) -> None:
    header = ["Case", "Filename", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category", "Category",
              "FileVar_datum", "CaseVar_woning"]  # fmt: skip
    rows = [header, ["R1", "gesprek.txt", "mv", "Te duur", "ctid:1", "Hoog", "memo", "Kosten", "Wonen", "2022", "huur"]]
    rows.append(["R2", "ander.txt", "ab", "Fijn", "ctid:2", "Comfort", "", "", "", "2022", "koop"])
    project = read_segments(table(tmp_path / "a.csv", rows, encoding="utf-8-sig"))
    is_sound(project)
    assert project.report["program"] == "QualCoder"
    assert codings(project)[0] == ("gesprek.txt", "Wonen > Kosten > Hoog", "Te duur")
    assert list(project.documents["respondent"]) == ["R1", "R2"]
    assert dict(zip(project.respondents["respondent"], project.respondents["woning"], strict=True)) == {
        "R1": "huur", "R2": "koop"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_taguette(tmp_path: Path, kind: str) -> None:
    rows: list[list[object]] = [["id", "document", "tag", "content"]]
    rows += [[1, "R1", "kosten.hoog", "Te duur"], [1, "R1", "zorg", "Te duur"], [2, "R2", "", "Niets"]]
    path = tmp_path / f"a.{kind}"
    project = read_segments(table(path, rows) if kind == "csv" else book(path, rows, "highlights"))
    is_sound(project)
    assert project.report["program"] == "Taguette"
    assert codings(project) == [("R1", "kosten > hoog", "Te duur"), ("R1", "zorg", "Te duur")]


NVIVO = """Name: Kosten\\Hoog

<Files\\\\Wijk\\\\Interview 1> - § 2 references coded  [2.96% Coverage]

Reference 1 - 0.96% Coverage

Het is te duur

Reference 2 - 2.00% Coverage

En dan nog
een keer

<Files\\\\Interview 2> - § 1 reference coded  [0.51% Coverage]

Reference 1 - 0.51% Coverage

Ja hoor
"""
NVIVO_NL = NVIVO.replace("references coded", "verwijzingen gecodeerd").replace("Coverage", "Dekking")
NVIVO_NL = NVIVO_NL.replace("Reference ", "Verwijzing ").replace("0.96%", "0,96%").replace("Name:", "Naam:")


@pytest.mark.parametrize("text", [NVIVO, NVIVO_NL, NVIVO.replace("<", "").replace(">", "")])
@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_coded_text_of_nvivo(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / f"Hoog.{kind}"
    if kind == "txt":
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    else:
        document = docx.Document()
        document.core_properties.author = "M. de Vries"
        for line in text.split("\n"):
            document.add_paragraph(line)
        document.save(str(path))
    project = read_segments(path)
    is_sound(project)
    assert project.report["program"] == "NVivo"
    assert codings(project) == [
        ("Interview 1", "Kosten > Hoog", "Het is te duur"),
        ("Interview 1", "Kosten > Hoog", "En dan nog\neen keer"),
        ("Interview 2", "Kosten > Hoog", "Ja hoor"),
    ]


def test_the_coding_summary_of_nvivo(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Coding Summary By Code"], ["Wijk"], ["3-5-2022 10:00"],
        ["Aggregate", "Classification", "Coverage", "Number Of Coding References", "Reference Number",
         "Coded By Initials", "Modified On"],
        ["Code"], ["Codes\\\\Kosten\\\\Hoog"], ["Document"], ["Files\\\\Interview 1"],
        ["No", None, 0.0296, 2, None, None, None],
        [None, None, None, None, 1, "MV", "3-5-2022"], ["Het is te duur"],
        [None, None, None, None, 2, "AB", "3-5-2022"], ["En nog eens"],
        ["Files\\\\Interview 2"], ["No", None, 0.01, 1, None, None, None],
        [None, None, None, None, 1, "MV", "3-5-2022"], ["Ja hoor"],
    ]  # fmt: skip
    project = read_segments(book(tmp_path / "a.xlsx", rows))
    is_sound(project)
    assert codings(project) == [
        ("Interview 1", "Kosten > Hoog", "Het is te duur"),
        ("Interview 1", "Kosten > Hoog", "En nog eens"),
        ("Interview 2", "Kosten > Hoog", "Ja hoor"),
    ]
    assert list(project.codings["coder"]) == ["coder-2", "coder-1", "coder-2"]


OWN = [["bron", "wie", "groep", "thema", "sub", "passage", "van", "tot", "codeur", "woning"]]
OWN += [["d1", "R1", "a", "Kosten", "Hoog", "Te duur.", "0", "8", "A", "huur"]]
OWN += [["d1", "R1", "a", "Zorg", "", " Bang 😀", "8", "15", "B", "huur"]]
COLUMNS = {"document": "bron", "code": ["thema", "sub"], "text": "passage", "start": "van", "end": "tot",
           "coder": "codeur", "respondent": "wie", "attributes": ["woning"]}  # fmt: skip


def test_columns_of_your_own_with_positions(tmp_path: Path) -> None:
    project = read_segments(table(tmp_path / "a.csv", OWN, "\t", "utf-16"), COLUMNS)
    is_sound(project)
    assert [path for _, path, _ in codings(project)] == ["Kosten > Hoog", "Zorg"]
    assert list(project.codings["start"]) == [0, 8]
    assert list(project.codings["coder"]) == ["A", "B"]
    assert project.respondents.to_dict("records") == [{"respondent": "R1", "woning": "huur"}]
    assert "exclusive" in project.report["offsets"]


def test_text_that_is_covered_wholly_becomes_the_document(tmp_path: Path) -> None:
    text = "Te duur. Bang 😀"
    rows = [
        ["document", "code", "text", "start", "end"],
        ["d", "a", text[:8], 0, 8],
        ["d", "b", text[3:], 3, len(text)],
    ]
    project = read_segments(table(tmp_path / "a.csv", rows))
    document = project.documents.iloc[0]
    assert (document["text"], document["has_text"], document["n_characters"]) == (text, True, len(text))
    for start, end, words in project.codings[["start", "end", "text"]].itertuples(index=False, name=None):
        assert document["text"][start:end] == words


def test_inclusive_ends_are_found_by_the_length_of_the_segments(tmp_path: Path) -> None:
    rows = [["document", "code", "text", "start", "end"], ["d", "a", "abcd", 10, 13], ["d", "b", "efg", 20, 22]]
    project = read_segments(table(tmp_path / "a.csv", rows))
    assert list(project.codings["end"]) == [14, 23]
    assert "inclusive" in project.report["offsets"]
    assert not project.documents["has_text"].any()


def test_paragraph_numbers_are_a_place_and_no_position(tmp_path: Path) -> None:
    rows = [
        ["document", "code", "text", "start", "end"],
        ["d", "a", "een lange passage", 3, 4],
        ["d", "b", "nog een", 9, 9],
    ]
    project = read_segments(table(tmp_path / "a.csv", rows))
    assert project.codings["start"].isna().all()
    assert list(project.codings["place"]) == ["paragraphs 3-4", "paragraph 9"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"document": "bron", "code": "tema", "text": "passage"}, "no header 'tema'; did you mean 'thema'"),
        ({"code": "thema"}, "names no text"),
        ({"code": "thema", "text": "passage", "codeur": "x"}, "did you mean 'coder'"),
        ({"code": "thema", "text": "passage", "start": "groep", "end": "tot"}, "row 2: found 'a' as a position"),
    ],
)
def test_a_mapping_that_does_not_fit_is_one_clear_line(tmp_path: Path, columns: dict, said: str) -> None:
    with pytest.raises(KoppelkansError) as caught:
        read_segments(table(tmp_path / "a.csv", OWN), columns)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"naam,leeftijd\nx,1\n", "no known headers"),
        ("a.csv", b"document,code,text\n", "no coded segment"),
        ("a.csv", b'document,code,text\nd,c,"cut off', "never closes"),
        ("a.docx", b"PK\x03\x04rubbish", "damaged or cut off"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.qdpx", b"x", "ending in '.qdpx'"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KoppelkansError) as caught:
        read_segments(tmp_path / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(list(tmp_path.iterdir())) == 1


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(_WORDS, _WORDS, _WORDS), min_size=1, max_size=5), st.sampled_from([";", ",", "\t"]))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], delimiter: str
) -> None:
    path = table(tmp_path_factory.mktemp("any") / "a.csv", [["document", "tekst", "code"], *map(list, rows)], delimiter)
    try:
        project = read_segments(path)
    except KoppelkansError as error:
        assert "no coded segment" in str(error)
        assert not any(code.strip(" \u00a0;|●•○◦▪■◯>\\/\ufeff") for *_, code in rows)
        return
    is_sound(project)
    assert project.report["counts"]["rows"]["in_file"] <= len(rows)
    texts = {" ".join(text.replace("\u00a0", " ").split()) for _, text, _ in rows}
    assert {" ".join(text.split()) for text in project.codings["text"]} <= texts


def test_the_same_file_gives_the_same_tables_twice(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [ATLAS["en"], *ATLAS_ROWS], ";")
    first, second = read_segments(path), read_segments(path)
    pd.testing.assert_frame_equal(first.codings, second.codings)
    pd.testing.assert_frame_equal(first.codes, second.codes)
    assert json.dumps(first.report) == json.dumps(second.report)


@pytest.mark.parametrize("reads", [read_project, read_segments])
def test_an_export_of_nvivo_without_its_texts_says_what_to_export(
    tmp_path: Path, reads: Callable[[Path], object]
) -> None:
    lines = [
        "Name: Kou",
        "<Files\\\\g1> - § 1 reference coded [1.00% Coverage]",
        "",
        "Reference 1 - 1.00% Coverage",
        "",
    ]
    (tmp_path / "kou.txt").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KoppelkansError, match="holds none of that text; export it again with the coded text"):
        reads(tmp_path / "kou.txt")
