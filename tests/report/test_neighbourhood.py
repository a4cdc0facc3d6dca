"""What the report and the dossier of a study of one's own say in lines of text."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT

from koppelkans.report.findings import of_shares
from koppelkans.report.manuscript import load_manuscript
from koppelkans.report.neighbourhood import About
from koppelkans.report.neighbourhood_sources import own_texts, report_of_reading, write_sources

_HEAD = "question,strand,label_nl,option,option_nl,value,low,high,hidden"


def test_an_answer_of_fewer_than_half_is_the_most_common_one_and_equal_ones_are_both_named() -> None:
    rows = [
        "way,t,Hoe,letter,brief,0.4,0.3,0.5,",
        "way,t,Hoe,app,,0.4,0.3,0.5,",
        "way,t,Hoe,phone,telefoon,0.2,0.1,0.3,",
    ]
    (line,) = of_shares("\n".join([_HEAD, *rows]) + "\n", {"t": "huurders"}, "nl")
    assert line == "Hoe: Vaakst gegeven antwoord (huurders): brief / app, 40% (30% tot 50%)."


def test_what_was_read_is_said_in_the_language_of_the_dossier() -> None:
    reports = {
        "a.docx": {"program": "transcripts", "version": "", "counts": {"turns": {"read": 3}}},
        "a and b": {"program": "two files", "warnings": ["other texts"]},
    }
    assert report_of_reading(reports, "nl") == ["a.docx: transcripten; beurten 3"]


def test_a_text_whose_name_has_a_space_is_one_name_for_quarto_too(tmp_path: Path) -> None:
    own = tmp_path / "text" / "Mijn verhaal.qmd"
    own.parent.mkdir()
    own.write_text("# Verhaal\n\nOp de hoek.\n", encoding="utf-8")
    about = About("wijk", "Wijk", (), (), "collected", 5, (), own=(own,))
    folder = tmp_path / "sources"
    write_sources(folder, ROOT / "paper" / "nl", about, [], "nl")
    article = (folder / "index.qmd").read_text(encoding="utf-8")
    assert '{{< include "text/Mijn verhaal.qmd" >}}' in article  # Quarto takes what stands before a space, or in quotes
    assert "Op de hoek." in [line.text for line in load_manuscript(folder).lines()]


def test_a_dot_in_the_name_of_a_text_is_a_language_only_where_it_is_one(tmp_path: Path) -> None:
    for name in ("inleiding", "inleiding.nl", "les 1.2", "thema.en", "v1.0.nl"):
        (tmp_path / f"{name}.qmd").touch()
    assert [path.name for path in own_texts(tmp_path, "nl")] == ["inleiding.nl.qmd", "les 1.2.qmd", "v1.0.nl.qmd"]
    assert [path.name for path in own_texts(tmp_path, "en")] == ["inleiding.qmd", "les 1.2.qmd", "thema.en.qmd"]
