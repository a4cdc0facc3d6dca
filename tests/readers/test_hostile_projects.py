"""Files that are wrong, cut off, locked, swollen or out to do harm: one clear line, and nothing written."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import qda_files
from qda_files import NVIVO, NVIVO_MAC, PHRASES, phrases

from koppelkans.errors import KoppelkansError
from koppelkans.readers import archive, read_project

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
    monkeypatch.setattr(archive, "MOST_BYTES", 5_000)
    path = qda_files.write(tmp_path / "a.qdpx", NVIVO, [phrases()] * 40)
    with pytest.raises(KoppelkansError, match="too much"):
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
