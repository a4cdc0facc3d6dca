from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import qda_files
from qda_files import ATLAS_8, MANNERS, MAXQDA, NVIVO, NVIVO_MAC, PHRASES, QC, QUALCODER, TEXT, Coded, Manner, phrases

from koppelkans.readers import read_project
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, Project

REAL = Path(os.environ.get("KOPPELKANS_REAL_DATA", ""))
real_data = pytest.mark.skipif("KOPPELKANS_REAL_DATA" not in os.environ, reason="KOPPELKANS_REAL_DATA is not set")


def holds_together(project: Project) -> None:
    """What is true of every project that was read."""
    assert list(project.documents) == list(DOCUMENTS)
    assert list(project.codes) == list(CODES)
    assert list(project.codings) == list(CODINGS)
    assert project.codings["coding"].is_unique and project.documents["document"].is_unique
    assert project.codings["code"].isin(project.codes["code"]).all()
    assert project.codings["document"].isin(project.documents["document"]).all()
    texts = dict(zip(project.documents["document"], project.documents["text"], strict=True))
    for coding in project.codings.itertuples():
        if texts[coding.document] and not pd.isna(coding.start):
            assert texts[coding.document][coding.start : coding.end] == coding.text
    assert not project.documents["text"].str.contains("\r|^\ufeff", regex=True).any()
    seen = set()
    for code in project.codes.itertuples():
        assert code.parent == "" or code.parent in seen
        seen.add(code.code)
    json.dumps(project.report)


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_every_coded_word_is_read_right_whatever_the_program(tmp_path: Path, manner: Manner) -> None:
    project = read_project(qda_files.write(tmp_path / "wijk.qdpx", manner, [phrases(), phrases(TEXT + " En nog wat.")]))
    holds_together(project)
    assert project.codings["text"].tolist() == PHRASES * 2
    assert project.documents["text"].tolist() == [TEXT, TEXT + " En nog wat."]
    said = project.report["offsets"]
    assert said["end"] == "exclusive" and (said["unit"] == manner.unit or "unit" in said["makes_no_difference"])
    assert said["certainty"] == "clear" and said["tested"] and said["candidates"]
    assert project.report["counts"]["codings"] == {"in_file": 14, "read": 14}


def test_codes_seven_deep_keep_their_path_and_names_that_repeat_stay_apart(tmp_path: Path) -> None:
    codes = read_project(qda_files.write(tmp_path / "a.qdpx", NVIVO, [phrases()])).codes
    assert codes["path"].iloc[-1] == " > ".join(["wijk & buurt"] + ["thema"] * 6)
    assert len(codes) == 7 and codes["code"].is_unique
    assert codes["description"].tolist() == [f"diepte {level}" for level in range(7)]


@pytest.mark.parametrize("end", ["exclusive", "inclusive"])
@pytest.mark.parametrize("unit", ["code points", "UTF-16 units", "UTF-8 bytes"])
@pytest.mark.parametrize("line_ends", ["CRLF as one", "CRLF as two"])
@pytest.mark.parametrize("counts_mark", [False, True])
def test_the_way_offsets_are_counted_is_found_without_names(
    tmp_path: Path, end: str, unit: str, line_ends: str, counts_mark: bool
) -> None:
    manner = Manner("Onbekend 1", unit, end, line_ends, counts_mark, newline="\r\n", mark="\ufeff")
    project = read_project(qda_files.write(tmp_path / "a.qdpx", manner, [phrases(), phrases()]))
    assert project.codings["text"].tolist() == PHRASES * 2
    said = project.report["offsets"]
    assert (said["unit"], said["end"], said["line_ends"]) == (unit, end, line_ends)
    assert said["byte_order_mark"] == ("counted" if counts_mark else "not counted")


def test_a_text_that_stands_in_the_xml_may_be_counted_with_carriage_returns(tmp_path: Path) -> None:
    manner = replace(QC, line_ends="every line end as two", names="full")
    project = read_project(qda_files.write(tmp_path / "a.qdpx", manner, [phrases()]))
    assert project.codings["text"].tolist() == PHRASES
    assert project.report["offsets"]["line_ends"] == "every line end as two"


def test_too_little_evidence_is_said_and_the_default_of_the_program_taken(tmp_path: Path) -> None:
    one = Coded(TEXT, [(TEXT.index("koud") + 1, TEXT.index("koud") + 3, 0)])
    for manner, unit in ((NVIVO, "UTF-16 units"), (QUALCODER, "code points")):
        said = read_project(qda_files.write(tmp_path / "a.qdpx", manner, [one])).report["offsets"]
        assert (said["certainty"], said["unit"], said["end"]) == ("ambiguous", unit, "exclusive")
        assert "default" in said["evidence"]


def test_codings_arrive_without_their_texts_and_it_is_said(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "a.qdpx", ATLAS_8, [phrases()], drop_texts=True))
    holds_together(project)
    assert project.codings["text"].tolist() == PHRASES  # what the selections themselves say
    assert not project.documents["has_text"].any()
    assert project.report["offsets"]["certainty"] == "untestable"
    assert len(project.report["absent"]) == 1


def test_names_of_people_and_places_stay_out_of_tables_and_report(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "a.qdpx", NVIVO, [phrases()]))
    assert project.coders.to_dict("records") == [{"coder": "coder-1", "name": "M. Jansen"}]
    assert set(project.codings["coder"]) == {"coder-1"}
    everything = json.dumps(project.report) + project.codings.to_csv() + project.documents.to_csv()
    assert "ansen" not in everything and "Users" not in everything


def test_the_hierarchy_in_names_of_atlas_8_is_rebuilt_and_said(tmp_path: Path) -> None:
    names = ["Wonen::warmte", "Wonen", "Buurt::contact::trap"]
    codes = "".join(
        f'<Code guid="{ATLAS_8.guid(f"code {n}")}" name="{name}" isCodable="true"/>' for n, name in enumerate(names)
    )
    project = read_project(qda_files.write(tmp_path / "a.qdpx", ATLAS_8, [phrases()], codes=codes))
    assert project.codes["path"].tolist() == [
        "Wonen",
        "Wonen > warmte",
        "Buurt",
        "Buurt > contact",
        "Buurt > contact > trap",
    ]
    assert project.codes["is_codable"].tolist() == [True, True, False, False, True]
    assert any("rebuilt from names" in line for line in project.report["codes"])
    other = read_project(qda_files.write(tmp_path / "b.qdpx", MAXQDA, [phrases()], codes=codes))
    assert other.codes["name"].tolist() == names


def case_xml(manner: Manner) -> str:
    g = manner.guid
    return f"""<Variables><Variable guid="{g("v1")}" name="leeftijd" typeOfVariable="Integer"/>
    <Variable guid="{g("v2")}" name="wijk" typeOfVariable="Text"/></Variables>
    <Cases><Case guid="{g("case 1")}" name="R01"><VariableValue><VariableRef targetGUID="{g("v1")}"/>
    <IntegerValue>54</IntegerValue></VariableValue><VariableValue><VariableRef targetGUID="{g("v2")}"/>
    <TextValue>Smitsveen</TextValue></VariableValue><SourceRef targetGUID="{g("document 0").upper()}"/></Case>
    <Case guid="{g("case 2")}" name="R02"><SelectionRef targetGUID="{g("selection 1 2")}"/></Case></Cases>"""


@pytest.mark.parametrize("manner", [NVIVO, MAXQDA, QUALCODER], ids=lambda m: m.origin)
def test_cases_become_respondents_with_their_attributes(tmp_path: Path, manner: Manner) -> None:
    path = qda_files.write(tmp_path / "a.qdpx", manner, [phrases(), phrases()], before=case_xml(manner))
    project = read_project(path)
    assert project.respondents.to_dict("records") == [
        {"respondent": "R01", "leeftijd": "54", "wijk": "Smitsveen"},
        {"respondent": "R02", "leeftijd": "", "wijk": ""},
    ]
    assert project.documents["respondent"].tolist() == ["R01", "R02"]


def media_xml(g: Manner) -> str:
    coding = f'<Coding guid="GUID" creatingUser="{g.guid("user")}"><CodeRef targetGUID="{g.guid("code 1")}"/></Coding>'
    c = [coding.replace("GUID", g.guid(f"media coding {n}"), 1) for n in range(7)]
    return f"""<PDFSource guid="{g.guid("pdf")}" name="brief.pdf" path="internal://brief.pdf">
    <PDFSelection guid="{g.guid("s0")}" name="Quotation 1" page="2" firstX="1" firstY="2" secondX="30" secondY="40">
    <Representation guid="{g.guid("r0")}"><PlainTextContent>de huur</PlainTextContent>
    </Representation>{c[0]}</PDFSelection>
    <Representation guid="{g.guid("r1")}" name="tekst"><PlainTextContent>Over de huur en meer</PlainTextContent>
    <PlainTextSelection guid="{g.guid("s1")}" name="de huur" startPosition="5" endPosition="12">{c[1]}
    </PlainTextSelection>
    </Representation></PDFSource>
    <PictureSource guid="{g.guid("picture")}" name="trap.jpg" path="relative:///trap.jpg">
    <PictureSelection guid="{g.guid("s2")}" firstX="0" firstY="0" secondX="9" secondY="8">{c[2]}</PictureSelection>
    </PictureSource>
    <AudioSource guid="{g.guid("audio")}" name="gesprek.mp3" path="absolute://C:/geheim/gesprek.mp3">
    <Transcript guid="{g.guid("t0")}" name="uitgetypt"><PlainTextContent>Goed zo. En dan weer door.</PlainTextContent>
    <SyncPoint guid="{g.guid("p0")}" timeStamp="0" position="9"/>
    <SyncPoint guid="{g.guid("p1")}" timeStamp="900" position="15"/>
    <TranscriptSelection guid="{g.guid("s3")}" name="En dan"
    fromSyncPoint="{g.guid("p0")}" toSyncPoint="{g.guid("p1")}">
    {c[3]}</TranscriptSelection></Transcript>
    <Transcript guid="{g.guid("t1")}" name="tweede versie"><PlainTextContent>Tweede tekst hier</PlainTextContent>
    </Transcript>
    <AudioSelection guid="{g.guid("s4")}" begin="100" end="2500">{c[4]}</AudioSelection>{c[5]}</AudioSource>
    <VideoSource guid="{g.guid("video")}" name="wandeling.mp4">
    <VideoSelection guid="{g.guid("s5")}" begin="0" end="5">{c[6]}
    </VideoSelection></VideoSource>"""


def test_regions_times_and_transcripts_are_kept_with_their_place(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "a.qdpx", MAXQDA, [phrases()], sources=media_xml(MAXQDA)))
    holds_together(project)
    media = project.codings[len(PHRASES) :]
    assert set(zip(media["place"], media["text"], strict=True)) == {
        ("page 2, region 1,2 to 30,40", "de huur"),
        ("", "de huur"),
        ("region 0,0 to 9,8", ""),
        ("0 to 900 ms", "En dan"),
        ("100 to 2500 ms", ""),
        ("", "Goed zo. En dan weer door."),
        ("0 to 5 ms", ""),
    }
    kinds = project.documents["kind"].tolist()
    assert kinds == ["text", "pdf", "picture", "audio", "audio", "video"]
    assert project.report["counts"]["sources"] == {"in_file": 5, "read": 5}
    assert project.report["counts"]["codings"]["in_file"] == len(project.codings)


def test_files_outside_the_project_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text(TEXT, encoding="utf-8")
    for path in (f"absolute://{secret}", f"relative://{secret.name}", str(secret), "internal://../geheim.txt", "../{}"):
        manner = replace(NVIVO_MAC, path=path)
        project = read_project(qda_files.write(tmp_path / "a.qdpx", manner, [phrases()], drop_texts=True))
        assert not project.documents["has_text"].any() and project.report["absent"]
        assert len(project.codings) == len(PHRASES)


def test_strange_selections_are_mended_and_said(tmp_path: Path) -> None:
    g = NVIVO_MAC.guid
    odd = "".join(
        f'<PlainTextSelection guid="{g(f"odd {n}")}" {at}><Coding guid="{g(f"odd coding {n}")}">'
        f'<CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>'
        for n, (at, code) in enumerate(
            [
                ('startPosition="12" endPosition="4"', g("code 0")),
                ('startPosition="10" endPosition="999999"', g("code 0")),
                ('startPosition="-5" endPosition="3"', g("code 0")),
                ('startPosition="x"', g("nergens")),
            ]
        )
    )
    more = (
        f'<TextSource guid="{g("odd")}" name="vreemd"><PlainTextContent>{TEXT[:40]}</PlainTextContent>{odd}'
        "<Sprookje><Kabouter/></Sprookje></TextSource>"
    )
    project = read_project(qda_files.write(tmp_path / "a.qdpx", NVIVO_MAC, [phrases()], sources=more))
    holds_together(project)
    assert len(project.codings) == len(PHRASES) + 4
    said = "\n".join(project.report["warnings"] + project.report["codes"])
    assert "selections with start and end swapped, turned round: 1" in said
    assert "selections that reach outside their text, clipped: 2" in said
    assert "1 code is used and not in the codebook" in said
    assert project.report["left_out"]["unknown_elements"] == {"Kabouter": 1, "Sprookje": 1}


def test_guids_that_repeat_make_no_coding_disappear(tmp_path: Path) -> None:
    path = qda_files.write(tmp_path / "a.qdpx", ATLAS_8, [phrases()])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(ATLAS_8.xml).decode().replace(ATLAS_8.guid("coding 0 1"), ATLAS_8.guid("coding 0 0"))
    bare = tmp_path / "los.qde"
    bare.write_text(xml, encoding="utf-8")
    project = read_project(bare)
    holds_together(project)
    assert len(project.codings) == len(PHRASES)
    assert any("the GUID of another" in line for line in project.report["warnings"])


def test_an_unpacked_project_and_other_namespaces_are_read(tmp_path: Path) -> None:
    manner = replace(NVIVO, namespace="urn:QDA-XML:project:1.5")
    with zipfile.ZipFile(qda_files.write(tmp_path / "a.qdpx", manner, [phrases()])) as archive:
        archive.extractall(tmp_path / "map")
    assert read_project(tmp_path / "map" / "project.qde").codings["text"].tolist() == PHRASES
    without = replace(NVIVO, namespace="")
    assert read_project(qda_files.write(tmp_path / "b.qdpx", without, [phrases()])).codings["text"].tolist() == PHRASES


def test_a_codebook_of_taguette_is_read(tmp_path: Path) -> None:
    path = tmp_path / "codes.qdc"
    g = Manner("Taguette 1.4", guids="upper").guid
    path.write_text(
        '<?xml version="1.0"?><CodeBook origin="Taguette 1.4"><Codes>'
        f'<Code guid="{g("a")}" name="wijk" isCodable="true"><Description>over de wijk</Description></Code>'
        f'<Code guid="{g("b")}" name="wijk.trap" isCodable="true"/></Codes></CodeBook>',
        encoding="utf-8",
    )
    project = read_project(path)
    assert project.codes["name"].tolist() == ["wijk", "wijk.trap"]
    assert (project.report["program"], project.report["version"]) == ("Taguette", "1.4")
    assert project.report["format"] == "REFI-QDA codebook" and project.codings.empty


@real_data
def test_the_real_nvivo_project_is_read_right() -> None:
    project = read_project(REAL / "nvivo-oltas0517.qdpx")
    holds_together(project)
    said = project.report["offsets"]
    assert (len(project.documents), len(project.codes), len(project.codings)) == (2, 152, 303)
    assert (said["unit"], said["end"], said["line_ends"]) == ("UTF-16 units", "exclusive", "CRLF as two")
    assert (said["byte_order_mark"], said["certainty"]) == ("not counted", "clear")


@real_data
def test_the_real_atlas_project_is_read_without_its_files() -> None:
    project = read_project(REAL / "atlasti-TestProject.qdpx")
    holds_together(project)
    assert (len(project.documents), len(project.codes), len(project.codings)) == (12, 14, 16)
    assert project.report["absent"] and project.report["offsets"]["certainty"] == "untestable"
    assert project.report["kept"] == {"notes": 2, "links": 1, "sets": 16, "graphs": 1}
