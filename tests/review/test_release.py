"""What is given to others holds nothing of people, in no kind of file; each place is named, and nothing is written."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest

from koppelkans.commands import check
from koppelkans.errors import KoppelkansError
from koppelkans.report.preview import pandoc
from koppelkans.report.word_edition import finished
from koppelkans.review.release import problems_of, release
from koppelkans.study import Study, open_study
from koppelkans.study.keys import write_key
from koppelkans.workflow.identifiers import identifiers, lines_of, name_finder
from koppelkans.workflow.publication import look_through

WORDS = "Ik heb de bovenbuurman nooit meer op de trap gezien sinds die brief kwam."


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study of collected interviews whose build is one page."""
    raw = tmp_path / "data" / "raw" / "wijk"
    raw.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    data = "- {file: gesprekken.qdpx, kind: interviews, strand: tenants, origin: collected}"
    text = (
        f"name: wijk\ntitle: {{nl: W, en: W}}\norigin: collected\nfield_data:\n{data}\nmay_be_named: [info@wijk.nl]\n"
    )
    (raw / "study.yml").write_text(text, encoding="utf-8")
    opened = open_study("wijk", tmp_path)
    write_key(opened, "kind,name,pseudonym\nrespondent,Mevrouw Jansen,R01\n")
    opened.processed.mkdir(parents=True)
    (opened.processed / "documents.csv").write_text(f'document,text\nd1,"Vraag\n{WORDS}"\n', encoding="utf-8")
    page(opened, "index.html", "<p>Niets van mensen; schrijf naar info@wijk.nl.</p>")
    return opened


def page(study: Study, name: str, content: str | bytes) -> None:
    path = study.edition("en") / "report" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def word_file(text: str, custom: str = "") -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.core_properties.comments = custom
    document.save(made)
    return made.getvalue()


@pytest.fixture(autouse=True)
def no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("koppelkans.review.release.hidden_numbers_found", lambda study: [])


def test_a_clean_build_is_released_with_the_same_bytes(study: Study) -> None:
    path = release(study)
    first = path.read_bytes()
    assert zipfile.ZipFile(io.BytesIO(first)).namelist() == ["en/report/index.html"]
    assert release(study).read_bytes() == first


def test_each_place_that_holds_a_person_or_a_path_is_named_and_nothing_is_written(study: Study) -> None:
    page(study, "name.svg", "<svg><title>Volgens mevrouw Jansen</title></svg>")
    page(study, "mail.html", "<p>anna&#64;voorbeeld.nl</p>")
    page(study, "words.html", f"<p>{WORDS}</p>")
    page(study, "phone.csv", "theme,cases\nbel 06-12345678,7\n")
    page(study, "home.html", "<p>3765 AB nummer 12</p>")
    page(
        study,
        "shares.csv",
        "0.0612345678,061.2345678,3765 AB,01823739-90c2-5cc1-9dd7-ef6dba1bdf67,061234567890abcdef061234567890abcdef\n",
    )
    page(study, "path.docx", word_file("Niets", f"{study.root}/apa.csl"))
    page(study, "said.docx", word_file("Mevrouw Jansen zei het"))
    found = "\n".join(problems_of(study))
    for place, what in (
        ("name.svg", "a likely name, m"),
        ("mail.html", "a likely e-mail, a"),
        ("words.html", "holds words of a person"),
        ("phone.csv", "a likely telephone, 0"),
        ("home.html", "a likely postcode, 3"),
        ("path.docx, docProps/core.xml", "holds a path of this computer"),
        ("said.docx, word/document.xml", "a likely name, M"),
    ):
        assert any(place in line and what in line for line in found.splitlines()), (place, found)
    assert "shares.csv" not in found, "decimal numbers, keys of codes and a postcode without a number are of nobody"
    with pytest.raises(KoppelkansError, match="wijk is not released"):
        release(study)
    assert not (study.root / "build" / "release").exists()


def test_a_build_for_publication_refuses_what_points_at_people_where_it_would_be_shown(study: Study) -> None:
    def notebook(words: str) -> dict[str, Any]:
        shown = {"data": {"text/plain": "A figure."}, "metadata": {"koppelkans": {"data": f"theme,cases\n{words},7\n"}}}
        return {"cells": [{"source": "#| label: fig-codes\nshow()", "outputs": [shown]}]}

    output = study.build / "nl" / "_executed" / "03-tenants.ipynb"
    refuse = look_through(study, output)
    assert refuse
    refuse(notebook("schrijf naar info@wijk.nl"))  # which study.yml allows
    with pytest.raises(KoppelkansError) as caught:
        refuse(notebook("bel 06-12345678 of mevrouw Jansen"))
    lines = str(caught.value).splitlines()
    where = "build/wijk/nl/_executed/03-tenants.ipynb, fig-codes: shows a likely"
    assert [line.startswith(f"{where} {kind}, ") for line, kind in zip(lines, ("telephone", "name"), strict=True)]
    assert all("may_be_named" in line and "VIEW=working" in line for line in lines) and "Jansen" not in lines[1]
    assert look_through(dataclasses.replace(study, view="working"), output) is None


def test_a_first_name_that_may_stand_there_does_not_hide_the_whole_name() -> None:
    text = "Jan de Vries en Jan"
    found = [text[start:end] for _, start, end in name_finder(["Jan", "Jan de Vries"])(text)]
    assert found == ["Jan de Vries", "Jan"]


def test_the_working_view_is_given_to_nobody(study: Study) -> None:
    with pytest.raises(KoppelkansError, match="VIEW=working is for those who work on wijk"):
        release(dataclasses.replace(study, view="working"))


def test_word_files_carry_no_settings_of_the_computer_that_made_them() -> None:
    made = pandoc("# A {#a}\n\nText.\n", "docx", {"somewhere": "/somebody/own/folder/a.csl"})
    both = [zipfile.ZipFile(io.BytesIO(content)) for content in (made, finished(made, "nl-NL"))]
    held = [any(b"/somebody/own" in one.read(name) for name in one.namelist()) for one in both]
    assert held == [True, False]


def test_check_counts_what_points_at_people(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = pd.DataFrame({"name": ["bel 06-12345678"], "description": [""]})
    monkeypatch.setattr("koppelkans.commands.check.check_field_data", lambda study: {"codes": codes})
    check._problems(study, None)
    assert "wijk: likely personal data in 1 place of the field data (telephone 1)" in capsys.readouterr().err


def test_what_points_at_people_in_field_data_is_counted_and_not_printed(study: Study) -> None:
    tables = {
        "codes": pd.DataFrame({"name": ["ruzie met mevrouw Jansen"], "description": ["bel 06-12345678"]}),
        "answers": pd.DataFrame({"question": ["q1"], "text": ["jan@voorbeeld.nl of info@wijk.nl"]}),
    }
    lines = lines_of(identifiers(study, tables))
    assert lines[0] == "likely personal data in 3 places of the field data (e-mail 1, name 1, telephone 1)"
    assert (
        "codes, name of" in lines[1]
        and "Jansen" not in lines[1].partition(": name")[2]
        and "06-12345678" not in "".join(lines)
    )
