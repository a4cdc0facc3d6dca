from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from koppelkans.readers import read_project

GUIDS = {n: f"00000000-0000-4000-8000-{n:012d}" for n in range(20)}
CONTENT = """<html><head><title>t</title></head><body>
  <h2 id="0"><span id="1">Gesprek één</span></h2>
  <p id="2"><span id="3">Ik woon hier 😀 graag,</span> <b id="4">echt waar</b>.</p>
  <p id="5"><span id="6">De huur gaat&nbsp;omhoog.</span></p>
</body></html>"""
LOCATIONS = ["3 0 3 12", "3 16 4 -1", "6 3 6 7", "1 0 3 7", "9 0 9 4"]


def project(path: Path, aprx: str = "project.aprx", older: bool = False) -> Path:
    """Write a project as ATLAS.ti does, as far as public programs that read it show."""
    tag = "q" if older else "quotation"
    quotations = "".join(
        f'<{tag} id="q1_{n}" name="" owner="usr_2" guid="{GUIDS[n]}"><location><segmentedTextLoc sSegment="{a}" '
        f'sOffset="{b}" eSegment="{c}" eOffset="{d}"/></location></{tag}>'
        for n, (a, b, c, d) in enumerate(location.split() for location in LOCATIONS)
    )
    links = "".join(
        f'<tagQuotLink source="t_{n % 2}" target="q1_{n}" owner="usr_2" guid="{GUIDS[n + 5]}"/>' for n in range(4)
    )
    where = (
        '<dataSources><dataSource id="ds_1" loc="{abc}" name="gesprek.docx" origin="C:/Users/jansen"/></dataSources>'
        if older
        else '<contents><content id="cnt_1" loc="{abc}"/></contents>'
        '<media><medium id="med_1" name="gesprek" content="cnt_1"/></media>'
    )
    at = 'loc="ds_1"' if older else 'medium="med_1"'
    xml = (
        '<?xml version="1.0" encoding="utf-8"?><storedHU name="wijk">'
        '<users><user id="usr_1" name="admin" pwd="c2VjcmV0"/>'
        f'<user id="usr_2" name="M. Jansen" passwordHash="5f4dcc3b"/></users>{where}<documents><document id="doc_1" '
        f'name="Gesprek" {at}><layer>{quotations}</layer></document><document id="doc_2" name="foto"><layer>'
        '<quotation id="q2_1" guid=""><location><graphicLoc x="1" y="2"/></location></quotation></layer></document>'
        '</documents><tags><tag id="t_0" name="wonen" guid=""><comment><p>over het huis</p></comment></tag>'
        f'<tag id="t_1" name="wonen::huur" guid="{GUIDS[11]}"/></tags>'
        '<tagGroups><tagGroup name="thema"><item id="t_0"/></tagGroup></tagGroups>'
        f'<links>{links}<tagQuotLink source="t_0" target="q2_1" owner="usr_2"/></links></storedHU>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(aprx, xml)
        archive.writestr(f"{'documents' if older else 'contents'}/{{abc}}/content", CONTENT)
    return path


@pytest.mark.parametrize(("aprx", "older"), [("project.aprx", False), ("Project.aprx", True)], ids=["later", "earlier"])
def test_quotations_codes_and_coders_of_an_atlproj_are_read(tmp_path: Path, aprx: str, older: bool) -> None:
    read = read_project(project(tmp_path / "wijk.atlproj", aprx, older))
    assert read.documents["text"][0] == "Gesprek één\nIk woon hier 😀 graag, echt waar.\nDe huur gaat\u00a0omhoog."
    assert read.codings["text"].tolist() == ["Ik woon hier", "graag, echt waar", "huur", "Gesprek één\nIk woon", ""]
    paths = dict(zip(read.codes["code"], read.codes["path"], strict=True))
    assert [paths[code] for code in read.codings["code"]] == ["wonen", "wonen > huur"] * 2 + ["wonen"]
    assert read.codes["description"].tolist() == ["over het huis", ""]
    assert read.codings["place"].tolist()[-1] == "graphicLoc: x 1, y 2"
    assert read.coders.to_dict("records") == [{"coder": "coder-1", "name": "M. Jansen"}]
    assert read.kept["code_groups"] == {"thema": ["t_0"]}


def test_what_is_not_sure_about_an_atlproj_is_said(tmp_path: Path) -> None:
    report = read_project(project(tmp_path / "wijk.atlproj")).report
    assert report["offsets"]["certainty"] == "untestable" and "not documented" in report["offsets"]["evidence"]
    assert report["selections_without_code"] == 1
    assert report["counts"]["codings"] == {"in_file": 5, "read": 5}
    assert any("a segment that is not in the text" in line for line in report["warnings"])
    assert report["absent"] == ["doc_2: no text in the file"]


def test_passwords_users_and_paths_are_not_read_out_of_an_atlproj(tmp_path: Path) -> None:
    read = read_project(project(tmp_path / "wijk.atlproj", older=True))
    everything = json.dumps([read.report, read.kept["code_groups"]]) + "".join(
        table.to_csv() for table in (read.documents, read.codes, read.codings, read.respondents, read.coders)
    )
    for secret in ("c2VjcmV0", "5f4dcc3b", "admin", "C:/Users"):
        assert secret not in everything
