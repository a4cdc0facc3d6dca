"""Somebody makes a study, from the empty folder to the answers: what each stage builds, and says is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT, run_koppelkans

from koppelkans.synthetic.truth import DEFAULT
from koppelkans.synthetic.write import Sizes, write_study

pytestmark = pytest.mark.slow

TALKS = 3


def compendium(folder: Path) -> Path:
    """Make a compendium without studies; code, notebooks and paper are those of this one."""
    for name in ("notebooks", "paper"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    for name in ("src", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "data" / "raw").mkdir(parents=True)
    return folder


class Student:
    """A study in the making: what is typed, and what its page says."""

    def __init__(self, folder: Path) -> None:
        self.folder = compendium(folder)
        self.example = folder / "voorbeeld"  # a smaller Voorbeeldwijk, under other names
        write_study(DEFAULT, Sizes(respondents=14, interviews=6, seed=1), self.example)
        self.raw = folder / "data" / "raw" / "heuvel"
        self.build = folder / "build" / "heuvel"
        assert self.types("new", "heuvel", "--group", "huurders").returncode == 0

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run_koppelkans(self.folder, *words, LANG="nl_NL.UTF-8", QUARTO="no")

    def makes(self) -> str:
        """Build, and return the page of the study."""
        done = self.types("build", "heuvel")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return (self.build / "index.html").read_text(encoding="utf-8")

    def report(self) -> str:
        return (self.build / "nl" / "report" / "index.html").read_text(encoding="utf-8")

    def doctor(self) -> str:
        return self.types("doctor", "heuvel", "--add").stdout


def missing(page: str) -> str:
    """Return what a page says is missing."""
    return page.partition("Wat er nog mist")[2]


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    return Student(tmp_path_factory.mktemp("student"))


class TestAStudyGrows:
    def test_1_the_untouched_folder_gives_a_page_that_says_what_comes_next(self, student: Student) -> None:
        page = student.makes()
        assert "gespreksleidraad" in page and "programma.xlsx" in page
        assert "Er zijn nog geen gesprekken." in missing(
            page
        ) and "Het programma van bijeenkomsten is leeg." in missing(page)
        assert not (student.build / "nl" / "report").exists() and "nl/report" not in page

    def test_2_a_programme_alone_gives_a_report(self, student: Student) -> None:
        book = openpyxl.load_workbook(student.raw / "programma.xlsx")
        book.active.append([1, "januari 2024", "thema", "wie doet wat in de wijk", "samenwerking"])
        book.active.append([2, "maart 2024", "werkvorm", "kaart van de wijk", "kaarten"])
        book.save(student.raw / "programma.xlsx")
        book = openpyxl.load_workbook(student.raw / "verwachtingen.xlsx")
        letter = "strand=huurders; question=informatie; option=brief; at_least=99"
        book.active.append([1, "1 februari 2024", "bijna iedereen wil een brief", "people", letter])
        book.save(student.raw / "verwachtingen.xlsx")
        assert "1 verwachting is verzegeld" in student.types("preregister", "heuvel").stdout
        page = student.makes()
        assert "2 bijeenkomsten in het programma." in page and "programma van bijeenkomsten" not in missing(page)
        report = student.report()
        assert "fig-timeline" in report and "wie doet wat in de wijk" in report
        assert "geen gegevens" not in report and "Smitsveen" not in report
        text = student.raw / "text" / "inleiding.qmd"
        text.write_text("# Waarom deze wijk\n\nZie {{< var sessions.niets >}}.\n", encoding="utf-8")
        refused = student.types("build", "heuvel")
        assert refused.returncode == 1
        assert "data/raw/heuvel/text/inleiding.qmd:3: found the variable sessions.niets" in refused.stderr
        assert student.report() == report  # the report that was there stays

    def test_3_transcripts_are_noticed_offered_and_read_before_anybody_coded(self, student: Student) -> None:
        for number, path in enumerate(
            sorted((student.example / "transcripts").glob("huurder-*.docx"))[:TALKS], start=1
        ):
            shutil.copy(path, student.raw / "interviews" / "huurders" / f"gesprek-0{number}.docx")
        line = "{file: interviews/huurders, kind: interviews, strand: huurders, origin: collected}"
        said = student.types("doctor", "heuvel").stdout
        assert f"interviews/huurders ({TALKS} bestanden) staat niet in study.yml" in said and line in said
        assert line in student.doctor() and line in (student.raw / "study.yml").read_text(encoding="utf-8")
        text = student.raw / "text" / "inleiding.qmd"
        told = "Wij spraken {{< var transcripts.field_talks >}} mensen in 2024."
        text.write_text(f"# Waarom deze wijk\n\n{told}\n", encoding="utf-8")
        page = student.makes()
        assert f"{TALKS} gesprekken (huurders)." in page and "Er is nog niets gecodeerd." in missing(page)
        report = student.report()
        assert "tbl-field-expectations" in report and "voordat er gegevens waren; niet veranderd" in report
        assert "gesprek-02" in report and "fig-field-talks" in report and "tbl-field-reading-order" in report
        assert "fig-field-huurders-codes" not in report and "Waarom deze wijk" in report
        assert re.search(rf"Wij spraken {TALKS} mensen\s+in 2024", report)

    def test_4_a_coded_project_of_two_coders_gives_themes(self, student: Student) -> None:
        shutil.rmtree(student.raw / "interviews" / "huurders")
        for coder in "ab":
            project = student.example / "interviews" / f"huurders-coder-{coder}.qdpx"
            shutil.copy(project, student.raw / "interviews" / f"bewoners-{coder}.qdpx")
        settings = (student.raw / "study.yml").read_text(encoding="utf-8").replace("minimum_cell: 5", "minimum_cell: 1")
        kept = [line for line in settings.splitlines() if not line.startswith("  - {file: interviews/huurders")]
        (student.raw / "study.yml").write_text("\n".join(kept) + "\n", encoding="utf-8")
        student.doctor()
        page = student.makes()
        assert "door een tweede codeur gelezen" in page and "niets gecodeerd" not in missing(page)
        assert "Er zijn geen antwoorden op een enquête." in missing(page)
        report = student.report()
        assert "fig-field-huurders-codes" in report and "Het vaakst genoemd (huurders)" in report

    def test_5_answers_come_beside_the_talks(self, student: Student) -> None:
        shutil.copy(student.example / "answers" / "huurders.xlsx", student.raw / "answers" / "enquete.xlsx")
        student.doctor()
        page = student.makes()
        assert "geïnterviewd én beantwoordde" in page
        assert "enquête" not in missing(page) and "veranderverhalen" in missing(page)
        assert "fig-field-shares" in student.report() and "geen gegevens" not in student.report()
        assert "tegengesproken" in student.report()  # what was expected of the letter
        documents = ("index.html", "index.pdf", "index.docx", "dossier.pdf", "brief.pdf")
        assert all((student.build / "nl" / "report" / name).stat().st_size > 5000 for name in documents)
        assert "Everything is fresh" in student.types("build", "heuvel").stdout


def test_of_several_studies_one_that_fails_is_named_and_the_others_are_ready(tmp_path: Path) -> None:
    folder = compendium(tmp_path)
    for name in ("een", "twee", "drie"):
        assert run_koppelkans(folder, "new", name).returncode == 0
    broken = folder / "data" / "raw" / "twee" / "study.yml"
    whole = broken.read_text(encoding="utf-8")
    broken.write_text(whole + "links: 3\n", encoding="utf-8")
    done = run_koppelkans(folder, "studies", "een twee", "drie", QUARTO="no")
    assert done.returncode == 1 and "2 studies are ready; failed: twee." in done.stdout
    assert "koppelkans: twee: data/raw/twee/study.yml, links: found 3" in done.stderr and "Traceback" not in done.stderr
    pages = [folder / "build" / name / "index.html" for name in ("een", "drie")]
    made = [page.stat().st_mtime_ns for page in pages]
    broken.write_text(whole, encoding="utf-8")
    again = run_koppelkans(folder, "studies", QUARTO="no")
    assert again.returncode == 0 and "3 studies are ready." in again.stdout
    assert [page.stat().st_mtime_ns for page in pages] == made and (folder / "build" / "twee" / "index.html").exists()


def test_the_notebooks_to_work_in_are_of_the_study_and_stay_as_somebody_left_them(tmp_path: Path) -> None:
    folder = compendium(tmp_path)
    assert run_koppelkans(folder, "new", "heuvel").returncode == 0
    raw = folder / "data" / "raw" / "heuvel"
    book = openpyxl.load_workbook(raw / "programma.xlsx")
    book.active.append([1, "januari 2024", "thema", "kennismaken", "samen"])
    book.save(raw / "programma.xlsx")
    said = run_koppelkans(folder, "lab", "heuvel").stdout.strip()
    notebook = folder / said / "01-sessions.ipynb"
    text = notebook.read_text(encoding="utf-8")
    assert "study = 'heuvel'" in text and "language = 'nl'" in text and "injected-parameters" in text
    notebook.write_text("{}", encoding="utf-8")
    assert (
        run_koppelkans(folder, "lab", "heuvel").stdout.strip() == said and notebook.read_text(encoding="utf-8") == "{}"
    )
