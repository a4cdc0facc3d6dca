"""Files that are wrong, cut off, locked, swollen or out to do harm: one clear line, and nothing written."""

from __future__ import annotations

import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import qda_files
from qda_files import NVIVO, NVIVO_MAC, PHRASES, phrases
from test_atlas_project import project as an_atlproj

from koppelkans.errors import KoppelkansError
from koppelkans.readers import limits, read_project

ENTITY = '<!DOCTYPE Project [<!ENTITY a "ha">{}]>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))


def good(folder: Path) -> Path:
    return qda_files.write(folder / "goed.qdpx", NVIVO, [phrases()])


def with_xml(folder: Path, change: Callable[[str], str]) -> Path:
    with zipfile.ZipFile(good(folder)) as archive:
        xml = archive.read("project.qde").decode()
    path = folder / "fout.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", change(xml))
    return path


def with_doctype(xml: str, doctype: str, name: str = "wijk") -> str:
    return xml.replace("<Project", f"{doctype}<Project", 1).replace('name="wijk"', f'name="{name}"', 1)


def locked(folder: Path) -> Path:
    """Set the flag of an encrypted file in the heads and in the list of a zip."""
    content = bytearray(good(folder).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            flags = struct.unpack_from("<H", content, place + at)[0]
            struct.pack_into("<H", content, place + at, flags | 1)
            place = content.find(mark, place + 4)
    return written(folder, bytes(content))


def written(folder: Path, content: bytes, name: str = "fout.qdpx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def swollen(folder: Path) -> Path:
    path = folder / "fout.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("project.qde", b"<Project>" + b" " * 40_000_000 + b"</Project>")
    return path


def damaged(folder: Path) -> Path:
    content = bytearray(good(folder).read_bytes())
    content[100:140] = bytes(40)
    return written(folder, bytes(content))


def zip_of(folder: Path, name: str, content: str) -> Path:
    path = folder / "fout.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "weg.qdpx", "no such file"),
    "a folder without transcripts": (lambda folder: folder, "found no transcript"),
    "empty": (lambda folder: written(folder, b""), "is empty"),
    "a picture": (lambda folder: written(folder, b"\x89PNG\r\n\x1a\n" + bytes(99)), "found something else"),
    "a project of NVivo itself": (lambda folder: written(folder, b"\xd0\xcf\x11\xe0", "wijk.nvp"), "REFI-QDA Project"),
    "cut off": (lambda folder: written(folder, good(folder).read_bytes()[:700]), "cut off or damaged"),
    "damaged": (damaged, "damaged"),
    "locked": (locked, "locked with a password"),
    "another zip": (lambda folder: zip_of(folder, "word/document.xml", "<a/>"), "without a coded project"),
    "another XML": (lambda folder: written(folder, b"<html><p>hoi</p></html>", "a.qde"), "found XML with <html>"),
    "another root": (lambda folder: zip_of(folder, "project.qde", "<Boek/>"), "expected <Project> or <CodeBook>"),
    "no XML": (lambda folder: zip_of(folder, "project.qde", "hallo"), "broken or cut off"),
    "XML cut off": (lambda folder: with_xml(folder, lambda xml: xml[: len(xml) // 2]), "broken or cut off"),
    "a bomb": (swollen, "unpacks to 40 MB"),
    "entities": (lambda folder: with_xml(folder, lambda x: with_doctype(x, ENTITY.format(""), "&a;")), "XML entities"),
    "billion laughs": (
        lambda folder: with_xml(folder, lambda x: with_doctype(x, ENTITY.format(LAUGHS), "&a9;")),
        "XML entities",
    ),
    "a file of the machine": (
        lambda folder: with_xml(
            folder, lambda x: with_doctype(x, ENTITY.format('<!ENTITY f SYSTEM "file:///etc/passwd">'), "&f;")
        ),
        "XML entities",
    ),
    "an .atlproj cut off": (lambda folder: zip_of(folder, "project.aprx", "<hu><documents>"), "broken or cut off"),
    "an .atlproj with entities": (lambda f: zip_of(f, "project.aprx", ENTITY.format(LAUGHS) + "<hu/>"), "XML entities"),
}


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_gives_one_clear_line_and_nothing_is_written(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(KoppelkansError, match=says) as refused:
        read_project(path)
    assert "\n" not in str(refused.value) and path.name in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_every_cut_of_a_project_is_refused_or_read_in_one_line(tmp_path: Path) -> None:
    content = good(tmp_path).read_bytes()
    for length in range(1, len(content), max(1, len(content) // 40)):
        with pytest.raises(KoppelkansError) as refused:
            read_project(written(tmp_path, content[:length]))
        assert "\n" not in str(refused.value)


def test_a_bomb_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = swollen(tmp_path)
    tracemalloc.start()
    with pytest.raises(KoppelkansError):
        read_project(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_many_small_bombs_are_refused_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "megabytes", (0.005, "MB"))
    path = qda_files.write(tmp_path / "a.qdpx", NVIVO, [phrases()] * 40)
    with pytest.raises(KoppelkansError, match=r"expected at most 0\.005 MB"):
        read_project(path)


def test_member_names_that_climb_out_write_nothing(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../boven.txt", "weg")
        archive.writestr("/tmp/boven.txt", "weg")
    before = sorted(tmp_path.parent.rglob("*"))
    assert len(read_project(path).codings) == len(PHRASES)
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_link_beside_an_unpacked_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    folder = tmp_path / "project"
    (folder / "sources").mkdir(parents=True)
    with zipfile.ZipFile(qda_files.write(tmp_path / "a.qdpx", NVIVO_MAC, [phrases()])) as archive:
        (folder / "project.qde").write_bytes(archive.read("project.qde"))
    name = f"{NVIVO_MAC.guid('document 0')}.txt"
    (folder / "sources" / name).symlink_to(tmp_path / "geheim.txt")
    project = read_project(folder / "project.qde")
    assert not project.documents["has_text"].any()


def test_codes_two_hundred_deep_are_read(tmp_path: Path) -> None:
    depth = 200
    project = read_project(
        qda_files.write(tmp_path / "a.qdpx", NVIVO, [phrases()], codes=qda_files.deep_codes(NVIVO, depth))
    )
    assert project.codes["path"].iloc[-1].count(" > ") == depth - 1


def qde(path: Path, codes: str, source: str) -> Path:
    path.write_text(
        f'<Project xmlns="urn:QDA-XML:project:1.0" origin="NVivo"><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>'
        f'<TextSource guid="s" name="g1"><PlainTextContent>Het is koud.</PlainTextContent>{source}</TextSource>'
        "</Sources></Project>",
        encoding="utf-8",
    )
    return path


def coded(start: str, end: str, code: str = '<CodeRef targetGUID="a"/>') -> str:
    return (
        f'<PlainTextSelection startPosition="{start}" endPosition="{end}"><Coding>{code}</Coding></PlainTextSelection>'
    )


@pytest.mark.parametrize("code", ["<CodeRef/>", '<CodeRef targetGUID=""/>', '<CodeRef targetGUID="{}"/>'])
def test_a_coding_without_a_code_is_left_out_and_counted_and_ends(tmp_path: Path, code: str) -> None:
    project = read_project(
        qde(tmp_path / "a.qde", '<Code guid="a" name="kou"/>', coded("0", "3") + coded("0", "3", code))
    )
    assert list(project.codes["code"]) == ["a"] and list(project.codings["text"]) == ["Het"]
    assert "codings that name no code, or no source that is there, left out: 1" in project.report["warnings"]


def test_codes_that_are_above_one_another_are_read_and_the_circle_is_named(tmp_path: Path) -> None:
    circle = "".join(
        f'<Code guid="{one}" name="{one}" parentGUID="{above}"/>' for one, above in ("ab", "bc", "ca", "dd")
    )
    path = qde(tmp_path / "a.qde", "", coded("0", "3"))
    path.write_text(
        path.read_text(encoding="utf-8").replace("<CodeBook><Codes></Codes></CodeBook>", f"<X>{circle}</X>")
    )
    project = read_project(path)
    assert sorted(project.codes["path"]) == ["a", "a > c", "a > c > b", "d"]
    assert any(line.startswith("2 codes name a code above it") for line in project.report["codes"])


@pytest.mark.parametrize("written", ["1e9", "NaN", "1" + "0" * 30, "9" * 5_000, "inf", "1_0", "-", "1000000000"])
def test_a_position_that_is_none_is_no_position_and_said(tmp_path: Path, written: str) -> None:
    said = {"1000000000": "selections that lie wholly outside their text, read without a position: 1"}
    usual = "selections whose position is no number: 1"
    source = coded("0", "3") + coded(written, written if written.isdecimal() else "3")
    project = read_project(qde(tmp_path / "a.qde", '<Code guid="a" name="kou"/>', source))
    assert list(project.codings["text"]) == ["Het", ""] and project.codings["start"].isna().tolist() == [False, True]
    assert project.codings["place"][1].startswith(f"characters {written[:20]}")
    assert said.get(written, usual) in project.report["warnings"]


def test_a_member_of_a_zip_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        name = next(name for name in archive.namelist() if name.endswith(".txt"))
        archive.writestr(name, "iets anders")
    with pytest.raises(KoppelkansError, match="2 times in it, expected once") as refused:
        read_project(path)
    assert "\n" not in str(refused.value)
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("word/document.xml", "word/Document.xml"):
            archive.writestr(name, "<a/>")
    with pytest.raises(KoppelkansError, match="2 times in it, expected once"):
        read_project(path.rename(tmp_path / "a.docx"))


@pytest.mark.parametrize("offset", ["inf", "NaN", "1e999", "9" * 5_000, "1000000000", "-7"])
def test_a_quotation_of_atlas_ti_outside_its_segment_is_read_without_text_and_counted(
    tmp_path: Path, offset: str
) -> None:
    whole = an_atlproj(tmp_path / "a.atlproj")
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    aprx = next(name for name in members if name.endswith(".aprx"))
    before = read_project(whole)
    members[aprx] = re.sub('sOffset="[^"]*"', f'sOffset="{offset}"', members[aprx], count=1)
    with zipfile.ZipFile(tmp_path / "b.atlproj", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    project = read_project(tmp_path / "b.atlproj")
    assert len(project.codings) == len(before.codings)
    assert project.codings["start"].notna().sum() < before.codings["start"].notna().sum()
    assert any("a place that is not in it; read without text" in line for line in project.report["warnings"])


def test_an_element_whose_id_is_no_number_that_fits_starts_no_segment(tmp_path: Path) -> None:
    whole = an_atlproj(tmp_path / "a.atlproj")
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "b.atlproj", "w") as archive:
        for name, content in members.items():
            archive.writestr(
                name, re.sub(r' id="\d+"', f' id="{"1" * 5_000}"', content) if "content" in name else content
            )
    assert read_project(tmp_path / "b.atlproj").documents["has_text"].any()


@pytest.mark.parametrize("uri", ["urn:QDA-XML:project:[.0", "x y", "%%%"])
def test_a_namespace_that_is_no_address_is_refused_in_one_line(tmp_path: Path, uri: str) -> None:
    path = qde(tmp_path / "a.qde", '<Code guid="a" name="kou"/>', coded("0", "3"))
    path.write_text(path.read_text(encoding="utf-8").replace("urn:QDA-XML:project:1.0", uri), encoding="utf-8")
    with pytest.raises(KoppelkansError, match="which is no address") as refused:
        read_project(path)
    assert "\n" not in str(refused.value)
