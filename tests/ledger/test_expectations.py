"""What was expected before the data: decided by numbers that are shown, and sealed so that a change is seen."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import ROOT, Run

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.guidance.new_study import start
from koppelkans.integration.people_shown import COLUMNS, people_shown
from koppelkans.ledger import expectations
from koppelkans.ledger.checks import run_check
from koppelkans.ledger.checks.shares import PEOPLE
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.strands.coded import of_strand
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.study import open_study, sealing
from koppelkans.workflow.tidy import typed_tables

WHEN = datetime.datetime(2026, 2, 1, 9, 30, tzinfo=datetime.UTC)


def people(*rows: tuple[str, str, str, str, int | None, int]) -> dict[str, pd.DataFrame]:
    """Make the table that checks look at: strand, question, option, code, people (None: hidden), n."""
    cells = [(*row[:4], row[3], row[3], row[4], row[5], "" if row[4] is not None else "small") for row in rows]
    return {PEOPLE: pd.DataFrame(cells, columns=COLUMNS)}


@pytest.mark.parametrize(
    ("k", "n", "arguments", "verdict"),
    [
        (30, 40, "words=majority", "supported"),  # Wilson 0.60-0.86
        (22, 40, "words=majority", "undecided"),  # 0.40-0.69
        (8, 40, "words=majority", "contradicted"),  # 0.10-0.35
        (30, 40, "at_least=60", "undecided"),  # the lower end, 59.8, lies just below
        (30, 40, "at_least=59", "supported"),
        (8, 40, "at_most=36", "supported"),
        (30, 40, "at_least=10; at_most=50", "contradicted"),
        (None, 40, "words=majority", "undecided"),
    ],
)
def test_an_expectation_is_decided_only_where_the_whole_interval_lies_on_one_side(
    k: int | None, n: int, arguments: str, verdict: str
) -> None:
    table = people(("huurders", "informatie", "brief", "", k, n))
    where = "strand=huurders; question=informatie; option=brief"
    assert run_check(table, "people", f"{where}; {arguments}").verdict == verdict


@pytest.mark.parametrize(
    ("a", "b", "verdict"), [(30, 10, "supported"), (10, 30, "contradicted"), (20, 18, "undecided")]
)
def test_more_of_one_group_than_of_another(a: int, b: int, verdict: str) -> None:
    table = people(("kopers", "", "", "kou", a, 40), ("huurders", "", "", "kou", b, 40))
    result = run_check(table, "more_people", "strand=kopers; than=huurders; code=Kou")
    assert result.verdict == verdict
    assert f"{a} van 40 mensen tegen {b} van 40" in result.evidence["nl"]


def test_what_the_report_hides_is_not_given_away() -> None:
    """Of 12 talks 3 raised a code: hidden, as is what would give it back, so nothing is decided and no number said."""
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(12)], "name": "", "strand": "huurders"})
    documents = documents.assign(respondent=documents["document"], text="x", n_characters=1, origin="collected")
    codes = pd.DataFrame({"code": ["a", "b"], "parent": "", "name": ["kou", "huur"], "path": ["kou", "huur"]})
    codes = codes.assign(description="", is_codable=True, origin="collected")
    said = [("a", range(3)), ("b", range(3, 12))]
    codings = pd.DataFrame([(f"d{n}", code, "ik", 0, 1) for code, those in said for n in those],
                           columns=["document", "code", "coder", "start", "end"])  # fmt: skip
    codings = codings.assign(coding=codings.index.astype(str), text="x", memo="", origin="collected")
    coded = {"huurders": of_strand(documents, codes, codings, pd.DataFrame(), "huurders", 5)}
    nothing = Questionnaire(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), 5)
    table = {PEOPLE: people_shown(coded, nothing)}
    few = run_check(table, "people", "strand=huurders; code=kou; words=minority")
    assert (few.verdict, few.found) == ("undecided", "")
    assert not any(sign.isdigit() for sign in few.evidence["nl"])
    assert run_check(table, "people", "strand=huurders; code=huur; words=majority").found.startswith("9 of 12")


ROW = {"id": "4", "date": "2026-01-01", "text_nl": "x", "text_en": "x", "sealed": "no", "sealed_on": ""}


@pytest.mark.parametrize(
    ("check", "arguments", "said"),
    [
        ("people", "strand=huurder; code=kou; words=majority", "strand: found huurder, .*did you mean 'huurders'"),
        ("mensen", "", "check: found mensen, expected one of"),
        ("people", "strand=huurders; words=majority", "code: found , expected code=..., or question"),
        ("people", "strand=huurders; code=kou", "words: found None, expected words=majority, or at_least"),
    ],
)
def test_a_check_that_cannot_be_names_the_expectation(check: str, arguments: str, said: str) -> None:
    rows = pd.DataFrame([{**ROW, "check": check, "check_args": arguments}])
    with pytest.raises(InvalidTable, match=f"expectation 4: {said}"):
        expectations.judged(rows, people()[PEOPLE], {}, ["huurders"])


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("code=kou", "Van deze groep is nog niets gecodeerd."),
        ("question=vertrouwen; option=ja", "“vertrouwen” staat niet onder die naam in de gegevens van deze groep"),
        ("question=informatie; option=breif", "er is brief"),
    ],
)
def test_what_is_not_in_the_data_yet_is_undecided_and_stops_nothing(where: str, said: str) -> None:
    table = people(("huurders", "informatie", "brief", "", 10, 12))
    result = run_check(table, "people", f"strand=huurders; {where}; words=majority")
    assert result.verdict == "undecided" and said in result.evidence["nl"]


def test_a_question_that_nobody_answered_decides_nothing() -> None:
    table = people(("huurders", "brief", "ja", "", 0, 0), ("kopers", "brief", "ja", "", 3, 9))
    where = "strand=huurders; question=brief; option=ja"
    for check, more in (("people", "words=majority"), ("people", "at_least=50"), ("more_people", "than=kopers")):
        result = run_check(table, check, f"{where}; {more}")
        assert result.verdict == "undecided" and "nog geen antwoorden" in result.evidence["nl"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A compendium with a new study, whose expectations are typed in as a student would."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    start("heuvel", tmp_path)
    typed(
        tmp_path, ["1", "1 maart 2026", "de meeste bewoners willen een brief"], ["2", "1-3-2026", "kou komt vaak voor"]
    )
    return tmp_path


def typed(root: Path, *rows: list[str]) -> None:
    path = root / "data" / "raw" / "heuvel" / "verwachtingen.xlsx"
    book = openpyxl.load_workbook(path)
    book.active.delete_rows(3, 99)
    for row in rows:
        book.active.append(row)
    book.save(path)


def standing(root: Path) -> dict[str, str]:
    opened = open_study("heuvel", root)
    table = sealing.with_seals(typed_tables(opened)["expectations"], sealing.seals(opened.raw))
    return dict(zip(table["id"], table["sealed"], strict=True))


def seal(root: Path) -> dict[str, object]:
    opened = open_study("heuvel", root)
    return sealing.seal(opened, typed_tables(opened)["expectations"], WHEN)


def test_a_seal_shows_what_was_changed_added_or_taken_out_after_the_data_came_in(study: Path) -> None:
    assert standing(study) == {"1": "no", "2": "no"}
    seal(study)
    assert standing(study) == {"1": "before", "2": "before"}
    (study / "data" / "raw" / "heuvel" / "interviews" / "gesprek-01.docx").write_bytes(b"x")
    assert standing(study) == {"1": "before", "2": "before"}
    typed(study, ["1", "1-3-2026", "de meeste bewoners willen bezoek"], ["3", "1-3-2026", "nieuw"])
    assert standing(study) == {"1": "changed", "3": "no", "2": "removed"}
    assert seal(study)["data_files"] == 1  # a seal of later takes nothing back
    assert standing(study) == {"1": "changed", "3": "with-data", "2": "removed"}
    typed(study, ["1", "1-3-2026", "de meeste bewoners willen een brief"], ["2", "1-3-2026", "kou komt vaak voor"])
    assert standing(study) == {"1": "before", "2": "before", "3": "removed"}


def test_a_check_that_is_mistyped_is_named_by_row_and_column(study: Path) -> None:
    mistyped = (
        ["people", "strand=bewoner; code=kou; words=majority"],
        ["poeple", ""],
        ["people", "code=kou; words=most"],
    )
    typed(study, *([str(n), "1-3-2026", "x", *cells] for n, cells in enumerate(mistyped)))
    with pytest.raises(InvalidTable) as refused:
        typed_tables(open_study("heuvel", study))
    lines = [line.removeprefix("data/raw/heuvel/verwachtingen.xlsx, ") for line in refused.value.problems]
    assert lines[0] == (
        "row 3, column check_args: found strand=bewoner, expected one of bewoners; did you mean 'bewoners'?"
    )
    assert lines[1].startswith("row 4, column check: found 'poeple'") and "did you mean 'people'" in lines[1]
    assert [line.partition(": ")[0] for line in lines[2:]] == ["row 5, column check_args"] * 2


def test_a_seal_that_somebody_changed_is_refused_and_equal_expectations_are_sealed_once(study: Path) -> None:
    seal(study)
    with pytest.raises(KoppelkansError, match="were sealed on 2026-02-01"):
        seal(study)
    path = study / "data" / "raw" / "heuvel" / sealing.FILE
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept[0]["expectations"]["1"] = "0" * 64
    for content in (json.dumps(kept), "{}"):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(KoppelkansError, match="is not as it was sealed"):
            standing(study)


def test_the_command_seals_and_says_what_to_do_with_the_checksum(study: Path, run: Run) -> None:
    (study / "src").symlink_to(ROOT / "src")
    done = run(study, "preregister", "heuvel")
    sealed = json.loads((study / "data" / "raw" / "heuvel" / sealing.FILE).read_text(encoding="utf-8"))[0]
    assert done.returncode == 0 and sealed["sha256"] in done.stdout
    assert "2 verwachtingen zijn verzegeld" in done.stdout and "brief" not in json.dumps(sealed)


def test_statements_of_smitsveen_are_laid_beside_these_data_or_it_is_said_why_not() -> None:
    claims, words = (
        read_csv_table(ROOT / "data" / "raw" / "smitsveen" / f"{n}.csv") for n in ("claims", "quantifiers")
    )
    where = "strand=kopers; question=informatie; option=brief"
    table = expectations.elsewhere(claims, words, {"F-2.4.5-02": where})
    held = expectations.held_here(table, people(("kopers", "informatie", "brief", "", 2, 40))[PEOPLE], ["kopers"])
    assert list(held["id"]) == ["F-2.4.5-02"] and list(held["verdict"]) == ["contradicted"]
    counts = expectations.not_held_here(table)
    assert counts["n"].sum() + len(held) == len(claims) and set(counts["reason"]) == {
        *("not-named", "no-count", "own", "norm", "no-check")
    }
    with pytest.raises(InvalidTable, match=r"smitsveen, F-9.9-99: is not the id of a statement"):
        expectations.elsewhere(claims, words, {"F-9.9-99": where})
    with pytest.raises(InvalidTable, match=r"smitsveen, F-2.4.1-05: no data from elsewhere can test this"):
        expectations.elsewhere(claims, words, {"F-2.4.1-05": where})
