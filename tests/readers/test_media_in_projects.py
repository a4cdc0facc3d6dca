"""PDFs, pictures and recordings in coded projects: bytes are no text, and codings in them have a place."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
import qda_files
from qda_files import NVIVO_MAC, phrases

from koppelkans.privacy import personal_data
from koppelkans.readers import read_project
from koppelkans.readers.media import kind_of_content
from koppelkans.readers.refi_qda import write_project

GUIDS = [f"00000000-0000-4000-8000-{n:012d}" for n in range(20)]


def a_pdf(words: str = "De huur gaat omhoog 123456782") -> bytes:
    """Write a PDF of one page by hand, with a text layer."""
    content = f"BT /F1 12 Tf 50 700 Td ({words}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n"
    return made + b"%d\n%%%%EOF" % start


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
SOUND = b"ID3\x03" + b"123456782 111222333 " * 50


def an_atlproj(path: Path) -> Path:
    """Write a project with a PDF, a picture and a recording, and two codes on the first quotation of the PDF."""
    contents = {"p": a_pdf(), "f": PICTURE, "g": SOUND}
    places = {
        "p": [
            '<pdfLoc page="1" x1="10" y1="20" x2="90" y2="40"/>',
            '<pdfLoc page="1" x1="10" y1="60" x2="90" y2="70"/>',
        ],
        "f": ['<graphicLoc x="1" y="2"/>'],
        "g": ["<audioLoc begin='0' end='900'/>"],
    }
    documents, links, number = "", "", 0
    for key, found in places.items():
        quotations = ""
        for place in found:
            quotations += f'<quotation id="q{number}" guid="{GUIDS[number]}"><location>{place}</location></quotation>'
            links += f'<tagQuotLink source="t0" target="q{number}" owner="u1"/>'
            number += 1
        documents += f'<document id="d{key}" name="{key}" medium="m{key}"><layer>{quotations}</layer></document>'
    links += '<tagQuotLink source="t1" target="q0" owner="u1"/>'
    media = "".join(f'<medium id="m{key}" content="c{key}"/>' for key in contents)
    stored = "".join(f'<content id="c{key}" loc="{key}"/>' for key in contents)
    xml = (
        f'<storedHU name="x"><users><user id="u1" name="M. Jansen"/></users><contents>{stored}</contents>'
        f"<media>{media}</media><documents>{documents}</documents>"
        f'<tags><tag id="t0" name="wonen"/><tag id="t1" name="huur"/></tags><links>{links}</links></storedHU>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.aprx", xml)
        for key, content in contents.items():
            archive.writestr(f"contents/{key}/content", content)
    return path


def test_what_a_pdf_picture_or_recording_holds_in_an_atlproj_is_no_text(tmp_path: Path) -> None:
    project = read_project(an_atlproj(tmp_path / "wijk.atlproj"))
    assert project.documents["kind"].tolist() == ["pdf", "picture", "audio"]
    assert project.documents["text"].str.strip().tolist() == ["De huur gaat omhoog 123456782", "", ""]
    assert project.codings["start"].isna().all() and project.codings["end"].isna().all()
    assert project.codings["place"].nunique() == 4 and (project.codings["place"] != "").all()
    assert project.codings["code"].tolist().count("t0") == 4
    assert len(project.report["absent"]) == 2 and "a picture" in project.report["absent"][0]
    said = " ".join(project.report["warnings"])
    assert "3 codings in PDFs" in said and "no position in a text" in said
    found = personal_data.scan(project.documents[["document", "text"]], None)
    assert set(found["document"]) == {"dp"}  # the number in the PDF, and none in bytes of a recording


def test_two_codes_on_one_quotation_share_its_place(tmp_path: Path) -> None:
    codings = read_project(an_atlproj(tmp_path / "wijk.atlproj")).codings
    both = codings.groupby("place")["code"].agg(set)
    assert sum(codes == {"t0", "t1"} for codes in both) == 1


def pdf_source(g: qda_files.Manner) -> str:
    """Return a PDF source: a region with a code, and a selection in a text that is not in the project."""
    coding = f'<Coding guid="{g.guid("c{}")}"><CodeRef targetGUID="{g.guid("code 0")}"/></Coding>'
    return (
        f'<PDFSource guid="{g.guid("pdf")}" name="brief.pdf" path="internal://brief.pdf">'
        f'<PDFSelection guid="{g.guid("s0")}" page="0" firstX="1" firstY="2" secondX="30" secondY="40">{coding}'
        f'</PDFSelection><Representation guid="{g.guid("r")}" plainTextPath="internal://weg.txt">'
        f'<PlainTextSelection guid="{g.guid("s1")}" startPosition="3" endPosition="7">{coding}</PlainTextSelection>'
        "</Representation></PDFSource>"
    )


def with_file(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"Sources/{name}", content)
    return path


def test_the_text_of_a_pdf_in_a_qdpx_is_for_reading_and_no_offset_counts_in_it(tmp_path: Path) -> None:
    path = qda_files.write(tmp_path / "a.qdpx", NVIVO_MAC, [phrases()], sources=pdf_source(NVIVO_MAC))
    project = read_project(with_file(path, "brief.pdf", a_pdf()))
    pdf = project.documents[project.documents["kind"] == "pdf"].iloc[0]
    assert pdf["text"].strip() == "De huur gaat omhoog 123456782"
    mine = project.codings[project.codings["document"] == pdf["document"]]
    assert mine["start"].isna().all() and set(mine["place"]) == {"page 0, region 1,2 to 30,40", "characters 3-7"}
    again = read_project(write_project(project, tmp_path / "b.qdpx") or tmp_path / "b.qdpx")
    with zipfile.ZipFile(tmp_path / "b.qdpx") as archive:
        assert any(name.endswith("brief.pdf") for name in archive.namelist())
    assert again.documents["kind"].tolist() == project.documents["kind"].tolist()
    pd.testing.assert_series_equal(again.documents["text"], project.documents["text"])


def test_a_text_source_whose_file_is_a_pdf_is_not_read_as_letters(tmp_path: Path) -> None:
    g = NVIVO_MAC.guid
    source = (
        f'<TextSource guid="{g("vreemd")}" name="brief" plainTextPath="internal://brief.txt"><PlainTextSelection '
        f'guid="{g("v1")}" startPosition="0" endPosition="4"><Coding guid="{g("v2")}">'
        f'<CodeRef targetGUID="{g("code 0")}"/></Coding></PlainTextSelection></TextSource>'
    )
    path = qda_files.write(tmp_path / "a.qdpx", NVIVO_MAC, [phrases()], sources=source)
    project = read_project(with_file(path, "brief.txt", a_pdf()))
    last = project.documents.iloc[-1]
    assert last["kind"] == "pdf" and not last["text"].startswith("%PDF")
    assert project.codings["start"].isna().tolist()[-1] and "PDF" not in project.codings["text"].iloc[-1]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), "pdf"),
        (PICTURE, "picture"),
        (b"\xff\xd8\xff\xe0 JFIF", "picture"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
        (SOUND, "audio"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"\0\0\0\x18ftypM4A ", "audio"),
        (b"PK\x03\x04word", "other"),
        ("één gewone tekst".encode(), "text"),
        ("één".encode("utf-16"), "text"),
        ("één".encode("cp1252"), "text"),
        (b"", "text"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content: bytes, kind: str) -> None:
    assert kind_of_content(content) == kind
