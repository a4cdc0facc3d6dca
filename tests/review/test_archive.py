"""An archive holds what it takes to build it again, nothing that is not public, and is the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from small_build import small_build

from koppelkans.errors import KoppelkansError
from koppelkans.review.archive import METADATA, archive, rerun
from koppelkans.review.clean_copy import Copy
from koppelkans.study import open_study

pytestmark = pytest.mark.slow


@pytest.fixture
def committed(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the study `klein` in a checkout with nothing left to commit."""
    folder = shutil.copytree(small_build(tmp_path_factory), tmp_path / "klein")
    with (folder / "data" / "raw" / "klein" / "study.yml").open("a", encoding="utf-8") as file:
        file.write("tier: public\n")
    (folder / "paper" / "shared" / ".keep").touch()  # git keeps no empty folder
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    (folder / ".gitignore").write_text(f"{ignored}!data/raw/klein/\n", encoding="utf-8")
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def test_an_archive_is_the_same_each_time_says_what_came_from_what_and_builds_again(committed: Path) -> None:
    study = open_study("klein", committed)
    path = archive(study)
    content = path.read_bytes()
    assert archive(study).read_bytes() == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        graph = {entity["@id"]: entity for entity in json.loads(file.read(METADATA))["@graph"]}
    assert {part["@id"] for part in graph["./"]["hasPart"]} == set(names) - {METADATA}
    figure = graph["build/klein/en/figures/fig-timeline.svg"]
    run = graph[figure["prov:wasGeneratedBy"]["@id"]]
    assert run["instrument"] == {"@id": "notebooks/01-sessions.ipynb"} and 'language="en"' in run["description"]
    assert {"@id": "data/raw/klein/sessions.csv"} in figure["prov:wasDerivedFrom"]
    assert str(committed).encode() not in content
    files, different = rerun(path)
    assert files > 20 and different == []


def test_what_is_not_public_or_not_committed_is_in_no_archive(committed: Path) -> None:
    settings = committed / "data" / "raw" / "klein" / "study.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "subtitle: {nl: b, en: b}\n", encoding="utf-8")
    with pytest.raises(KoppelkansError, match=r"study.yml: is not committed"):
        archive(open_study("klein", committed))
    entry = "field_data:\n- {file: a.qdpx, kind: interviews, strand: tenants, origin: collected}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + entry, encoding="utf-8")
    with pytest.raises(KoppelkansError, match=r"klein: a.qdpx is not public"):
        archive(open_study("klein", committed))


def test_another_file_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    with pytest.raises(KoppelkansError, match="expected an archive that make archive wrote"):
        rerun(tmp_path / "a.zip")


def test_a_rerun_names_each_file_that_differs_or_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"same.csv": b"a", "other.csv": b"b", "gone.csv": b"c"}
    parts = [{"@id": f"build/{name}", "sha256": hashlib.sha256(held).hexdigest()} for name, held in made.items()]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(METADATA, json.dumps({"@graph": [{"@id": "./", "identifier": "klein"}, *parts]}))
        file.writestr("paper/index.qmd", "text")

    def build_in(copy: Copy, study: str) -> list[str]:
        (copy.root / "build").mkdir()
        (copy.root / "build" / "same.csv").write_bytes(b"a")
        (copy.root / "build" / "other.csv").write_bytes(b"B")
        return []

    monkeypatch.setattr("koppelkans.review.archive.build_in", build_in)
    assert rerun(tmp_path / "a.zip") == (3, ["build/gone.csv: is not made", "build/other.csv: differs"])
