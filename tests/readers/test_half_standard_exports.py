"""Exports that say they are REFI-QDA and put things elsewhere: what stands in the file is counted and read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import qda_files
from qda_files import NVIVO_MAC, PHRASES, phrases

from koppelkans.readers import read_project
from koppelkans.readers.project import Project

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'


def project_of(folder: Path, inside: str, name: str = "p.qdpx", root: str = "Project") -> Project:
    path = folder / name
    xml = f'<?xml version="1.0" encoding="utf-8"?><{root} origin="Eigen" {SPACE}>{inside}</{root}>'
    if path.suffix == ".qdc":
        path.write_text(xml, encoding="utf-8")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("project.qde", xml)
    return read_project(path)


def test_codes_directly_in_a_codebook_are_read_and_counted(tmp_path: Path) -> None:
    inside = '<Code guid="a" name="wonen"><Code guid="b" name="kou"/></Code><Group><Code guid="c" name="geld"/></Group>'
    project = project_of(tmp_path, inside, "codes.qdc", "CodeBook")
    assert project.codes["path"].tolist() == ["wonen", "wonen > kou", "geld"]
    assert project.report["counts"]["codes"] == {"in_file": 3, "read": 3}
    assert any("codes outside <Codes>, read all the same: 3" in line for line in project.report["warnings"])


@pytest.mark.parametrize(
    "coding",
    [
        '<Coding guid="k" codeGUID="a"><TextSelection sourceGUID="s" startPosition="3" endPosition="7"/></Coding>',
        '<Coding guid="k"><CodeRef targetGUID="a"/><PlainTextSelection sourceGUID="s" start="3" end="7"/></Coding>',
        '<PlainTextSelection sourceGUID="s" startPosition="3" endPosition="7">'
        '<Coding><CodeRef targetGUID="a"/></Coding>'
        "</PlainTextSelection>",
        '<Coding codeGUID="a" sourceGUID="s" startPosition="3" endPosition="7"/>',
    ],
)
def test_codings_beside_the_sources_are_read_in_the_text_of_an_attribute(tmp_path: Path, coding: str) -> None:
    project = project_of(
        tmp_path,
        '<CodeBook><Code guid="a" name="huur"/></CodeBook><Sources><TextSource guid="s" name="g" '
        f'plainTextContent="De huur stijgt."/></Sources><Codings>{coding}</Codings>',
    )
    assert project.documents["text"].tolist() == ["De huur stijgt."]
    assert project.codings[["code", "text"]].to_numpy().tolist() == [["a", "huur"]]
    assert project.report["counts"]["codings"] == {"in_file": 1, "read": 1}
    assert any("codings outside the source" in line for line in project.report["warnings"])


def test_a_coding_that_names_no_code_or_source_is_counted_and_named(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        '<CodeBook><Codes><Code guid="a" name="huur"/></Codes></CodeBook><Sources><TextSource guid="s" name="g">'
        "<PlainTextContent>De huur.</PlainTextContent></TextSource></Sources>"
        '<Codings><Coding codeGUID="a" sourceGUID="weg"/><Coding/></Codings>',
    )
    assert project.report["counts"]["codings"] == {"in_file": 2, "read": 0}
    assert any(
        "codings that name no code, or no source that is there, left out: 2" in line
        for line in project.report["warnings"]
    )


@pytest.mark.parametrize("inside", ['<Coding guid="k" codeGUID="a"/>', '<CodeRef targetGUID="a"/>'])
def test_a_code_that_a_selection_names_in_its_own_way_is_on_that_selection(tmp_path: Path, inside: str) -> None:
    project = project_of(
        tmp_path,
        '<CodeBook><Codes><Code guid="a" name="huur"/></Codes></CodeBook><Sources><TextSource guid="s" name="g">'
        "<PlainTextContent>De huur.</PlainTextContent>"
        f'<PlainTextSelection guid="q" startPosition="3" endPosition="7">{inside}</PlainTextSelection>'
        "</TextSource></Sources>",
    )
    assert project.codings["text"].tolist() == ["huur"]
    assert project.report["counts"]["codings"] == {"in_file": 1, "read": 1}
    assert project.report["selections_without_code"] == 0


def test_words_that_a_selection_carries_stand_in_for_a_text_that_is_absent_and_labels_do_not(tmp_path: Path) -> None:
    named = qda_files.Manner("Onbekend 1", names="full")
    read = read_project(qda_files.write(tmp_path / "a.qdpx", named, [phrases()], drop_texts=True))
    assert read.codings["text"].tolist() == PHRASES
    assert any("words from the selection" in line for line in read.report["warnings"])
    labelled = qda_files.Manner("QualCoder 3.8", names="file")
    read = read_project(qda_files.write(tmp_path / "b.qdpx", labelled, [phrases()], drop_texts=True))
    assert set(read.codings["text"]) == {""}


def test_the_words_in_a_description_count_where_the_name_is_a_label(tmp_path: Path) -> None:
    g = NVIVO_MAC.guid
    source = (
        f'<TextSource guid="{g("x")}" name="weg" plainTextPath="internal://weg.txt">'
        f'<PlainTextSelection guid="{g("y")}" '
        f'name="Citaat 1" startPosition="3" endPosition="15"><Description>huur stijgt.</Description>'
        f'<Coding guid="{g("z")}"><CodeRef targetGUID="{g("code 0")}"/></Coding></PlainTextSelection></TextSource>'
    )
    read = read_project(qda_files.write(tmp_path / "a.qdpx", NVIVO_MAC, [phrases()], sources=source))
    assert read.codings["text"].iloc[-1] == "huur stijgt."
