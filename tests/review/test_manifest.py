"""docs/figures.yml and codecheck.yml: what they list, that they are stable, and that the committed ones are fresh."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_build import small_build

from koppelkans.errors import KoppelkansError
from koppelkans.review.codecheck import codecheck_text, write_manifest
from koppelkans.review.manifest import claims_by_figure, describe, inputs, outputs, read_manifest
from koppelkans.study import open_study
from koppelkans.workflow.versions import other_versions

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small compendium with a fresh manifest."""
    return small_build(tmp_path_factory)


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    return read_manifest(folder / "docs/figures.yml", "klein")


def test_every_file_of_the_build_is_listed_with_its_checksum(folder: Path, manifest: dict[str, Any]) -> None:
    listed = outputs(manifest)
    build = folder / "build" / "klein"
    made = [*build.glob("*/figures/*"), *build.glob("*/results/*"), *(folder / "data/processed/klein").iterdir()]
    assert {output.path for output in listed} == {path.relative_to(folder).as_posix() for path in made}
    for output in listed:
        assert output.sha256 == hashlib.sha256((folder / output.path).read_bytes()).hexdigest()


def test_a_figure_says_where_it_comes_from(manifest: dict[str, Any]) -> None:
    (figure,) = manifest["figures"]
    assert figure["id"] == "fig-timeline"
    assert figure["notebook"] == "notebooks/01-sessions.ipynb#fig-timeline"
    assert figure["origin"] == "published"
    assert list(figure["inputs"]) == ["data/processed/klein/sessions.csv", "data/raw/klein/sessions.csv"]
    assert [edition["parameters"] for edition in figure["editions"]] == [
        {"language": language, "seed": 1, "study": "klein"} for language in ("en", "nl")
    ]
    assert set(inputs(manifest)) == {"data/raw/klein/sessions.csv", "data/raw/klein/levels.csv"}


def test_numbers_are_listed_with_their_values(manifest: dict[str, Any]) -> None:
    assert {(e["id"], e["edition"]): e["values"]["count"] for e in manifest["numbers"]} == {
        ("01-sessions", "en"): 12,
        ("01-sessions", "nl"): 12,
        ("02-levels", "en"): 5,
        ("02-levels", "nl"): 5,
    }


def test_writing_again_gives_the_same_bytes(folder: Path) -> None:
    names = ("docs/figures.yml", "codecheck.yml")
    before = [(folder / name).read_bytes() for name in names]
    assert write_manifest(open_study("klein", folder)) == [folder / name for name in names]
    assert [(folder / name).read_bytes() for name in names] == before


def test_claims_come_from_the_ledger_where_it_was_built(folder: Path) -> None:
    study = open_study("klein", folder)
    assert claims_by_figure(study) == {}
    ledger = folder / "build" / "klein" / "ledger" / "ledger.csv"
    ledger.parent.mkdir(parents=True)
    ledger.write_text("id,figure\nF-2,fig-timeline\nF-1,fig-timeline; tbl-other\nF-3,\n", encoding="utf-8")
    try:
        assert claims_by_figure(study) == {"fig-timeline": ["F-1", "F-2"], "tbl-other": ["F-1"]}
        assert [entry["path"] for entry in describe(study)["ledger"]] == ["build/klein/ledger/ledger.csv"]
    finally:
        ledger.unlink()
        ledger.parent.rmdir()


def test_codecheck_lists_every_file_and_invents_no_check(folder: Path, manifest: dict[str, Any]) -> None:
    text = (folder / "codecheck.yml").read_text(encoding="utf-8")
    assert text.startswith("%YAML 1.1\n---\n")
    content = yaml.safe_load(text)
    assert content["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert [entry["file"] for entry in content["manifest"]] == [output.path for output in outputs(manifest)]
    assert all(entry["comment"] for entry in content["manifest"])
    assert content["paper"] == {"title": "Small"} and content["repository"] == ""
    assert not {"codechecker", "report", "certificate"} & set(content)


def test_codecheck_names_the_study_that_is_reproduced(root: Path) -> None:
    empty = {"figures": [], "numbers": [], "ledger": [], "tables": []}
    paper = yaml.safe_load(codecheck_text(open_study("smitsveen", root), empty))["paper"]
    assert paper["title"] == "De sociale kant van de energietransitie"
    assert paper["authors"] == [{"name": "Maarten ter Huurne"}, {"name": "Justin van Riel"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "docs/figures.yml: not there"),
        ("study: [", "docs/figures.yml: not a manifest"),
        ("a list\n", "docs/figures.yml: not a manifest"),
        ("study: elders\nfigures: []\nnumbers: []\nledger: []\ntables: []\n", "manifest of 'elders', not of 'klein'"),
    ],
)
def test_what_is_no_manifest_of_the_study_is_refused_in_one_line(
    tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "figures.yml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(KoppelkansError) as refused:
        read_manifest(path, "klein")
    assert said in str(refused.value) and "make manifest STUDY=klein" in str(refused.value)
    assert "\n" not in str(refused.value)


def _without_drawings(manifest: dict[str, Any]) -> dict[str, Any]:
    for figure in manifest["figures"]:
        for edition in figure["editions"]:
            edition["outputs"] = {
                path: sha for path, sha in edition["outputs"].items() if path.endswith((".csv", ".md"))
            }
    return manifest


def test_the_committed_manifest_is_that_of_the_build(root: Path) -> None:
    study = open_study("smitsveen", root)
    committed = read_manifest(root / "docs/figures.yml", "smitsveen")
    if not (root / "build" / "smitsveen").is_dir():
        pytest.skip("smitsveen is not built here; `make` builds it")
    try:
        built = describe(study)
    except KoppelkansError as error:
        pytest.skip(f"smitsveen is not built whole here: {error}")
    if other_versions(root / "requirements.lock"):  # other versions draw differently, but count the same
        committed, built = _without_drawings(committed), _without_drawings(built)
    for part in ("tables", "numbers", "ledger", "figures"):
        stale = [entry.get("id", entry.get("path")) for entry in built[part] if entry not in committed[part]]
        assert built[part] == committed[part], f"docs/figures.yml is not fresh ({part}: {stale}); run `make manifest`"


def test_the_committed_codecheck_follows_from_the_manifest(root: Path) -> None:
    expected = codecheck_text(open_study("smitsveen", root), read_manifest(root / "docs/figures.yml", "smitsveen"))
    assert (root / "codecheck.yml").read_text(encoding="utf-8") == expected, "run `make manifest`"
