from __future__ import annotations

import os
import uuid
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import qda_files
import refi_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from qda_files import MANNERS, MAXQDA, NVIVO, Coded, Manner, phrases
from test_refi_qda_reading import REAL, case_xml, media_xml, real_data

from koppelkans.errors import KoppelkansError
from koppelkans.readers import read_project
from koppelkans.readers.project import KINDS, Project
from koppelkans.readers.project_tables import project_from_tables
from koppelkans.readers.refi_qda import write_project

TABLES = ("documents", "codes", "codings", "respondents", "coders")
quietly = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def assert_same(one: Project, other: Project) -> None:
    for table in TABLES:
        assert_frame_equal(getattr(one, table), getattr(other, table), obj=table)


def xml_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


def written(project: Project, path: Path) -> Project:
    """Write it, hold it against the schema, and read it back."""
    write_project(project, path)
    assert refi_schema.problems(xml_of(path)) == []
    return read_project(path)


def after_xml(g: Manner) -> str:
    return f"""<Notes><Note guid="{g.guid("note")}" name="memo">
    <PlainTextContent>Let op: dit komt terug.</PlainTextContent>
    </Note></Notes><Links><Link guid="{g.guid("link")}" name="hoort bij" direction="OneWay"
    originGUID="{g.guid("note")}" targetGUID="{g.guid("selection 0 3")}"/></Links><Sets><Set guid="{g.guid("set")}"
    name="huurders"><MemberSource targetGUID="{g.guid("document 0")}"/></Set></Sets><Graphs>
    <Graph guid="{g.guid("graph")}"
    name="netwerk"><Vertex guid="{g.guid("vertex")}" representedGUID="{g.guid("code 1")}" firstX="1" firstY="2"/>
    </Graph>
    </Graphs><Description>Over de wijk</Description>"""


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_a_project_of_each_program_comes_back_equal_and_valid(tmp_path: Path, manner: Manner) -> None:
    path = qda_files.write(
        tmp_path / "in.qdpx",
        manner,
        [phrases(repeat=2), replace(phrases(), comment="hier op letten")],
        before=case_xml(manner),
        sources=media_xml(manner),
        after=after_xml(manner),
    )
    project = read_project(path)
    back = written(project, tmp_path / "uit.qdpx")
    assert_same(project, back)
    assert back.report["kept"] == {"notes": 1, "links": 1, "sets": 1, "graphs": 1}
    for what in ("selections", "selection_of", "uncoded", "whole", "cases", "variables", "codes", "coders"):
        assert back.kept[what] == project.kept[what], what
    linked = read_project(tmp_path / "uit.qdpx").kept["selection_of"].values()
    assert qda_files.replace(manner, guids="lower").guid("selection 0 3") in linked


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "in.qdpx", NVIVO, [phrases()], sources=media_xml(NVIVO)))
    write_project(project, tmp_path / "wijk.qdpx")
    first = (tmp_path / "wijk.qdpx").read_bytes()
    os.utime(tmp_path / "in.qdpx", (1, 1))
    write_project(project, tmp_path / "wijk.qdpx")
    assert (tmp_path / "wijk.qdpx").read_bytes() == first
    write_project(read_project(tmp_path / "wijk.qdpx"), tmp_path / "wijk.qdpx")
    assert (tmp_path / "wijk.qdpx").read_bytes() == first


def test_other_programs_can_see_how_offsets_are_counted(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "in.qdpx", NVIVO, [phrases()]))
    write_project(project, tmp_path / "uit.qdpx")
    xml = xml_of(tmp_path / "uit.qdpx").decode().replace("Koppelkans", "Iemand anders")
    with zipfile.ZipFile(tmp_path / "uit.qdpx") as archive:
        texts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".txt")}
    with zipfile.ZipFile(tmp_path / "vreemd.qdpx", "w") as archive:
        archive.writestr("project.qde", xml)
        for name, content in texts.items():
            archive.writestr(name, content)
    said = read_project(tmp_path / "vreemd.qdpx").report["offsets"]
    assert (said["certainty"], said["unit"], said["end"]) == ("clear", "code points", "exclusive")


def test_files_go_along_only_with_the_text_they_belong_to(tmp_path: Path) -> None:
    path = qda_files.write(tmp_path / "in.qdpx", NVIVO, [phrases(), phrases()])
    xml = xml_of(path).decode().replace("plainTextPath=", 'richTextPath="internal://rijk.docx" plainTextPath=', 1)
    with zipfile.ZipFile(path) as old:
        texts = {name: old.read(name) for name in old.namelist() if name.endswith(".txt")}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("Sources/rijk.docx", b"Word")
        for name, content in texts.items():
            archive.writestr(name, content)
    project = read_project(path)
    write_project(project, tmp_path / "uit.qdpx")
    with zipfile.ZipFile(tmp_path / "uit.qdpx") as archive:
        assert archive.read("sources/rijk.docx") == b"Word"
    changed = project.documents.assign(text=project.documents["text"].str.replace("buurman", "[naam]"))
    write_project(replace(project, documents=changed), tmp_path / "anders.qdpx")
    with zipfile.ZipFile(tmp_path / "anders.qdpx") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".docx")]


def test_the_codes_alone_make_a_codebook(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "in.qdpx", MAXQDA, [phrases()]))
    write_project(project, tmp_path / "codes.qdc")
    assert refi_schema.problems((tmp_path / "codes.qdc").read_bytes()) == []
    assert_frame_equal(read_project(tmp_path / "codes.qdc").codes, project.codes)


def test_another_ending_is_refused_and_nothing_written(tmp_path: Path) -> None:
    project = read_project(qda_files.write(tmp_path / "in.qdpx", NVIVO, [phrases()]))
    with pytest.raises(KoppelkansError, match=r"expected \.qdpx"):
        write_project(project, tmp_path / "wijk.nvpx")
    with pytest.raises(KoppelkansError, match="no codes"):
        write_project(replace(project, codes=project.codes.iloc[:0]), tmp_path / "wijk.qdc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.qdpx"]


def test_tables_written_as_csv_come_back_equal(tmp_path: Path) -> None:
    path = qda_files.write(
        tmp_path / "in.qdpx", NVIVO, [phrases(), phrases()], before=case_xml(NVIVO), sources=media_xml(NVIVO)
    )
    project = read_project(path)
    for table in TABLES:
        getattr(project, table).to_csv(tmp_path / f"{table}.csv", index=False, lineterminator="\n")
    assert_same(project_from_tables(tmp_path), project)
    (tmp_path / "coders.csv").unlink()
    assert project_from_tables(tmp_path).coders["coder"].tolist() == project.coders["coder"].tolist(), "of the codings"
    bad = (tmp_path / "codings.csv").read_text(encoding="utf-8").replace(",26,", ",zes,", 1)
    (tmp_path / "codings.csv").write_text(bad, encoding="utf-8")
    with pytest.raises(KoppelkansError, match="found 'zes', expected a whole number"):
        project_from_tables(tmp_path)


# Any project. Words of letters in several scripts, with what offsets stumble over between them.
words = st.sampled_from(
    [
        "wijk",
        "huur",
        "warm",
        "é",
        "e\u0301\u0301n",
        "שלום",
        "مرحبا",
        "家",
        "😀",
        "👩‍👩‍👧",
        "🏳️‍🌈",
        "a\u0308",
        "x",
        "“nee”",
        "12,5",
    ]
)
texts = st.lists(st.tuples(words, st.sampled_from([" ", "\n", ", ", ". ", "\n\n", "\t", " 😀 "])), max_size=30).map(
    lambda parts: "".join(word + between for word, between in parts)
)
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    def key(kind: str, number: int) -> str:
        return str(uuid.uuid5(qda_files.SPACE, f"{kind} {number}"))

    n_codes = draw(st.integers(1, 9))
    codes, paths = [], {"": ""}
    stack = [""]
    for number in range(n_codes):
        del stack[draw(st.integers(1, len(stack))) :]
        parent, name = stack[-1], draw(names)
        path = f"{paths[parent]} > {name}" if paths[parent] else name
        codes.append((key("code", number), name, parent, path, draw(names).strip(), draw(st.booleans())))
        paths[key("code", number)] = path
        stack.append(key("code", number))
    documents, codings = [], []
    respondents = draw(st.lists(names.map(str.strip).filter(bool), unique=True, max_size=3))
    for number in range(draw(st.integers(0, 4))):
        kind, has_text = draw(st.sampled_from(KINDS)), draw(st.booleans())
        text = draw(texts) if has_text else ""
        whose = draw(st.sampled_from(["", *respondents]))
        documents.append((key("document", number), draw(names), whose, kind, text, has_text, len(text)))
        for n in range(draw(st.integers(0, 5))):
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            place, span, piece = "", (start, end), text[start:end]
            if kind != "text" and draw(st.booleans()):
                place, span, piece = "region 1,2 to 3,4", (None, None), ""
                place = {"pdf": f"page 3, {place}", "audio": "0 to 90 ms", "video": "7 to 9 ms"}.get(kind, place)
            coder = draw(st.sampled_from(["", "coder-1", "coder-2"]))
            of = draw(st.sampled_from(codes))[0]
            codings.append((key(f"coding {number}", n), key("document", number), of, coder, *span, place, piece))
    used = [coder for coder in ("coder-1", "coder-2") if any(coding[3] == coder for coding in codings)]
    if used == ["coder-2"]:  # the first coder of a file is coder-1
        codings, used = [(*c[:3], c[3].replace("2", "1"), *c[4:]) for c in codings], ["coder-1"]
    text_columns = {"dtype": "str"}
    coding_table = pd.DataFrame(
        codings, columns=["coding", "document", "code", "coder", "start", "end", "place", "text"]
    )
    coding_table = coding_table.astype({"start": "Int64", "end": "Int64"}).astype(
        dict.fromkeys(("coding", "document", "code", "coder", "place", "text"), "str")
    )
    document_table = pd.DataFrame(
        documents, columns=["document", "name", "respondent", "kind", "text", "has_text", "n_characters"]
    ).astype(dict.fromkeys(("document", "name", "respondent", "kind", "text"), "str"))
    document_table = document_table.astype({"has_text": "bool", "n_characters": "int64"})
    code_table = pd.DataFrame(codes, columns=["code", "name", "parent", "path", "description", "is_codable"])
    code_table = code_table.astype(dict.fromkeys(("code", "name", "parent", "path", "description"), "str"))
    ages = [str(draw(st.integers(18, 99))) for _ in respondents]
    return Project(
        document_table,
        code_table,
        coding_table,
        pd.DataFrame({"respondent": respondents, "leeftijd": ages}, **text_columns),
        pd.DataFrame({"coder": used, "name": [draw(names) for _ in used]}, **text_columns),
    )


def in_order(project: Project) -> Project:
    """Order the codings by key: of one page, the file has regions and text each by themselves."""
    return replace(project, codings=project.codings.sort_values("coding", ignore_index=True))


@quietly
@given(project=projects())
def test_any_project_written_and_read_back_is_equal(tmp_path: Path, project: Project) -> None:
    back = written(project, tmp_path / "wijk.qdpx")
    assert_same(in_order(project), in_order(back))
    assert back.report["counts"]["codings"] == {"in_file": len(project.codings), "read": len(project.codings)}


@st.composite
def coded_words(draw: st.DrawFn) -> Coded:
    """A text with at least ten whole words coded, as people do."""
    text = "".join(
        draw(words) + draw(st.sampled_from([" ", "\n", ", ", " 😀 ", "\n\n"])) for _ in range(draw(st.integers(25, 40)))
    )
    starts = [0] + [i for i in range(1, len(text)) if text[i - 1] in " \n" and text[i] not in " \n"]
    spans = []
    for first in draw(st.lists(st.integers(0, len(starts) - 3), min_size=12, max_size=20, unique=True)):
        start = starts[first]
        end = len(text[: starts[first + 2]].rstrip(" \n,"))
        spans.append((start, end, draw(st.integers(0, 2))))
    return Coded(text, [span for span in spans if span[1] > span[0]])


@quietly
@given(
    documents=st.lists(coded_words(), min_size=1, max_size=2),
    unit=st.sampled_from(["code points", "UTF-16 units"]),
    end=st.sampled_from(["exclusive", "inclusive"]),
    line_ends=st.sampled_from(["CRLF as one", "CRLF as two"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
    counts_mark=st.booleans(),
)
def test_any_coded_text_is_read_to_the_same_code_points_in_every_convention(
    tmp_path: Path,
    documents: list[Coded],
    unit: str,
    end: str,
    line_ends: str,
    newline: str,
    mark: str,
    counts_mark: bool,
) -> None:
    manner = Manner("Onbekend 1", unit, end, line_ends, counts_mark, newline, mark, names="full")
    project = read_project(qda_files.write(tmp_path / "wijk.qdpx", manner, documents))
    spans = list(zip(project.codings["start"], project.codings["end"], strict=True))
    assert spans == [span[:2] for document in documents for span in document.spans]
    assert project.documents["text"].tolist() == [document.text for document in documents]


@real_data
@pytest.mark.parametrize("name", ["nvivo-oltas0517.qdpx", "atlasti-TestProject.qdpx"])
def test_the_real_projects_come_back_equal(tmp_path: Path, name: str) -> None:
    project = read_project(REAL / name)
    assert_same(project, written(project, tmp_path / name))
