"""The works that the study names: all there, in APA style, and honest about what could not be established."""

import shutil
from pathlib import Path

import pytest

from koppelkans.report import preview
from koppelkans.report.manuscript import load_manuscript
from koppelkans.report.staging import bibliography_in

PAPER = Path(__file__).parents[2] / "paper"


def references(edition: str, folder: Path) -> str:
    """Return an edition's whole list of references as text, made as the preview makes it."""
    for source in (PAPER / edition / "_quarto.yml", *PAPER.glob("shared/*.*")):
        shutil.copy(source, folder)
    shared = folder / "references.bib"
    shared.write_text(bibliography_in(edition, shared.read_text(encoding="utf-8")), encoding="utf-8")
    text = "---\nnocite: '@*'\n---\n\nZie [@quaas2022]; @cbs.\n"
    metadata = preview._metadata(load_manuscript(folder)) | {"link-citations": False}
    return preview.pandoc(text, "plain", metadata, "--citeproc").decode("utf-8")


@pytest.mark.parametrize(
    ("edition", "undated", "editor"), [("nl", "(z.d.)", "P. Cole & J. L. Morgan (Red.)"), ("en", "(n.d.)", "(Eds.)")]
)
def test_references_are_in_apa_style_and_in_the_language_of_the_edition(
    edition: str, undated: str, editor: str, tmp_path: Path
) -> None:
    text = references(edition, tmp_path)
    assert "Zie (Quaas et al., 2022)" in text
    assert "Quaas, J., Jia, H., Smith, C." in text and "& Schulz, M. (2022)." in text
    assert f"Centraal Bureau voor de Statistiek. {undated}" in text
    assert editor in text


@pytest.mark.parametrize(("edition", "said"), [("nl", "[Titel niet bekend]"), ("en", "[Title not known]")])
def test_a_work_whose_title_is_unknown_says_so_and_has_no_address(edition: str, said: str, tmp_path: Path) -> None:
    entries = [line for line in references(edition, tmp_path).split("\n\n") if said in line]
    assert any(entry.startswith("Niedeveld. (2018).") for entry in entries)
    assert not [entry for entry in entries if "http" in entry]
