"""The checks of the paper's sources: each kind of wrong text is found, right text is left alone."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from small_paper import CHAPTER, write_compendium

from koppelkans.errors import KoppelkansError
from koppelkans.locale import LANGUAGES
from koppelkans.report import staging
from koppelkans.report.manuscript import embed_target, included_lines, load_manuscript, shortcodes
from koppelkans.report.prose import Problem, check_prose, check_references
from koppelkans.study import open_study
from koppelkans.workflow.jobs import jobs_of
from koppelkans.workflow.notebooks import all_notebooks

PAPER = Path(__file__).parents[2] / "paper"
Edit = Callable[[str, str], list[Problem]]


def numbers_in(folder: Path, text: str, language: str = "nl") -> list[str]:
    """What the check finds in a chapter of an edition."""
    path = folder / language / "_01-chapter.qmd"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [problem.found for problem in check_prose([path])]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Replace a text in the chapter of a staged paper and return what the check of references finds."""
    project = write_compendium(tmp_path)
    staging.stage("klein", "nl", tmp_path, tmp_path / "build", {})

    def edited(old: str, new: str) -> list[Problem]:
        assert old in CHAPTER
        (project / "_01-inleiding.qmd").write_text(CHAPTER.replace(old, new), encoding="utf-8")
        return check_references(project)

    return edited


class TestNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "Er waren 12 sessies.",
            "Er waren twaalf sessies.",
            "Twaalf sessies waren er.",
            "Het gemiddelde is 25.100 euro.",
            "In 2021 begon het.",
            "- een lijst met 3 punten",
            "## De 5 niveaus",
            "| tien | kolom |",
        ],
    )
    def test_a_typed_number_is_found(self, tmp_path: Path, text: str) -> None:
        assert len(numbers_in(tmp_path, f"# Kop\n\n{text}\n")) == 1

    def test_every_number_word_of_the_language_is_found_and_no_other(self, tmp_path: Path) -> None:
        assert len(numbers_in(tmp_path, "twee drie vier vijf zes zeven acht negen tien elf twaalf\n")) == 11
        assert len(numbers_in(tmp_path, "dertien veertien vijftien zestien zeventien achttien negentien twintig")) == 8
        assert numbers_in(tmp_path, "ten slotte, een, één, tweede, vierkant, tientallen\n") == []
        assert len(numbers_in(tmp_path, "two three four five six seven eight nine ten eleven twelve\n", "en")) == 11
        assert numbers_in(tmp_path, "one, once, second, tenth, often, acht\n", "en") == []

    @pytest.mark.parametrize(
        ("words", "language"),
        [
            ("dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen miljard", "nl"),
            ("eenentwintig éénentwintig tweeëntwintig tweeentwintig drieëndertig achtentachtig Zesenzestig", "nl"),
            ("tweehonderd honderdvijftig honderdeen tweehonderdeenentwintig twaalfhonderd honderdentwee", "nl"),
            ("tweeduizend vijfentwintigduizend honderdduizend duizendtweehonderd duizendeneen", "nl"),
            ("thirty forty fifty sixty seventy eighty ninety hundred thousand million billion", "en"),
            ("twenty twenty-one thirty-five Ninety-nine twenty\u2011two", "en"),
        ],
    )
    def test_a_number_word_above_twenty_is_found_as_a_whole(self, tmp_path: Path, words: str, language: str) -> None:
        expected = [f"the number {unicodedata.normalize('NFC', word)!r} in the text" for word in words.split()]
        assert numbers_in(tmp_path, words, language) == expected

    def test_an_accent_written_apart_makes_no_difference(self, tmp_path: Path) -> None:
        assert len(numbers_in(tmp_path, unicodedata.normalize("NFD", "tweeëntwintig, éénentwintig"))) == 2

    @pytest.mark.parametrize(
        ("words", "language"),
        [
            ("een één eén tweede derde twintigste honderdste eenentwintigste verzesvoudigd verdubbeld", "nl"),
            ("honderden duizenden miljoenen tientallen tachtiger eenduidig eenheid meneer drieën achten", "nl"),
            ("one once someone second twenty-first thirtieth hundredth hundreds thousands tenth height", "en"),
        ],
    )
    def test_words_that_hold_or_order_by_a_number_are_left_alone(
        self, tmp_path: Path, words: str, language: str
    ) -> None:
        assert numbers_in(tmp_path, words, language) == []

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("# Een\n\nÉén".encode("cp1252"), ", line 3: found bytes that are not UTF-8 text; save it as UTF-8"),
            (b"---\ntitle: [a\n---\n\nTekst.\n", "not valid YAML"),
            (b"---\ntitle: a\nauthor: b: c\n---\n", ", line 3: not valid YAML"),
            (b"---\n- a\n---\n", "found list, expected keys with values"),
            (b"---\ntitle: a\n\nTekst.\n", ", line 1: the YAML header has no end"),
        ],
    )
    def test_a_chapter_that_cannot_be_read_is_named_in_one_line(
        self, tmp_path: Path, content: bytes, expected: str
    ) -> None:
        path = tmp_path / "nl" / "_01-chapter.qmd"
        path.parent.mkdir()
        path.write_bytes(content)
        for read in (lambda: check_prose([path]), lambda: list(included_lines(path))):
            with pytest.raises(KoppelkansError) as caught:
                read()
            assert str(caught.value).startswith(str(path)) and expected in str(caught.value)
            assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "text",
        [
            "---\n---\n\nTekst.",
            "---\n\nTekst.",
            "---\ntitle: Over 12 sessies\n---\n\nTekst.",
            "Er waren {{< var sessions.count_2021 >}} sessies.",
            "{{< embed notebooks/01-sessions.ipynb#fig-story-5 >}}",
            "De cel `fig-story-5` en ``twee `tikken` ``.",
            "```python\nx = 12\n```",
            "~~~\n12\n~~~",
            "Zie @fig-story-5 en [@syed2015; @mcleroy1988, p. x].",
            "De opzet [-@syed2015] is bekend.",
            "# Kop {#sec-2-1}",
            "## 2.4.5 Voorkeur",
            "1. eerste punt",
            "Een [koppeling](notebooks/01-sessions-preview.html#fig-story-5){.source-link width=30}.",
            "Zie <https://example.org/2023> en https://example.org/12.",
            "Een noot.[^1]\n\n[^1]: De tekst van de noot.",
            "<!-- 12 -->",
            '<span data-n="12">tekst</span>',
        ],
    )
    def test_what_is_no_prose_is_left_alone(self, tmp_path: Path, text: str) -> None:
        assert numbers_in(tmp_path, text + "\n") == []

    def test_the_message_is_one_line_that_says_where_and_what_to_do(self, tmp_path: Path) -> None:
        numbers_in(tmp_path, "# Kop\n\nTekst.\nEr waren 12 sessies.\n")
        (problem,) = check_prose([tmp_path / "nl" / "_01-chapter.qmd"])
        assert str(problem).startswith(f"{tmp_path / 'nl' / '_01-chapter.qmd'}:4: found the number '12'")
        assert "{{< var" in str(problem)
        assert "\n" not in str(problem)


class TestReferences:
    def test_a_right_paper_has_no_problem(self, edit: Edit) -> None:
        assert edit("Er waren", "Er waren") == []

    @pytest.mark.parametrize(
        ("old", "new", "found"),
        [
            ("#fig-timeline >}}", "#fig-tijdlijn >}}", "an embed of 'fig-tijdlijn'"),
            ("embed notebooks/01-sessions.ipynb#fig", "embed notebooks/09-none.ipynb#fig", "an embed of notebooks/09"),
            ("ipynb#tbl-programme", "ipynb#fig-timeline", "'fig-timeline' embedded 2 times"),
            ("{{< var sessions.share >}}", "{{< var sessions.shares >}}", "the variable sessions.shares"),
            ("{{< var sessions.share >}}", "{{< meta title >}}", "the shortcode meta"),
            ("@fig-timeline,", "@fig-tijdlijn,", "@fig-tijdlijn with 0 targets"),
            ("@sec-details;", "@sec-detail;", "@sec-detail with 0 targets"),
            ("# Inleiding {#sec-introduction}", "# Inleiding {#sec-details}", "@sec-details with 2 targets"),
            ("@syed2015", "@syed2016", "the citation @syed2016"),
            ("[Bron: notebook `01-sessions`, cel `fig-timeline`]", "[x](weg.html) [Bron]", "a link to weg.html"),
            ("Een **kader**", "Een [kader](#weg)", "a link to #weg"),
            (
                "notebooks/01-sessions-preview.html#fig-timeline",
                "notebooks/01-sessions-preview.html#fig",
                "without its",
            ),
        ],
    )
    def test_what_leads_nowhere_is_found(self, edit: Edit, old: str, new: str, found: str) -> None:
        problems = [str(problem) for problem in edit(old, new)]
        assert any(found in problem for problem in problems), problems
        assert all("_01-inleiding.qmd:" in problem for problem in problems)

    def test_an_embed_whose_source_line_is_for_all_formats_is_found(self, edit: Edit) -> None:
        source = '::: {.content-visible when-format="html"}\n[Bron: notebook `01-sessions`, cel `fig-timeline`]'
        (problem,) = edit(source, source.replace(' when-format="html"', ""))
        assert problem.found == "an embed of 'fig-timeline' without its source"

    def test_what_stands_in_code_is_no_reference(self, edit: Edit) -> None:
        assert edit("De tekst `", "De tekst `@fig-none {{< embed x.ipynb#y >}}` en `") == []


class TestPaper:
    """The paper of this compendium."""

    def test_no_number_is_typed(self) -> None:
        assert [str(problem) for problem in check_prose(PAPER.rglob("*.qmd"))] == []

    def test_both_editions_show_the_same_and_use_the_same_numbers(self) -> None:
        dutch, english = (load_manuscript(PAPER / language).all_lines() for language in LANGUAGES)
        for name in ("embed", "var"):
            shown = [[code.argument for code in shortcodes(lines, name)] for lines in (dutch, english)]
            assert shown[0] == shown[1]
        headings = [
            [re.sub(r"^(#+).*(\{.*\})$", r"\1 \2", line.text) for line in lines if line.text.startswith("#")]
            for lines in (dutch, english)
        ]
        assert headings[0] == headings[1]

    def test_every_figure_and_table_is_shown_once_and_referred_to(self) -> None:
        """In the report and the dossier together; the stories one by one stand in their notebook only."""
        report = load_manuscript(PAPER / "nl")
        dossier = next(document for document in report.documents if document.article.stem == "dossier")
        labels: list[str] = []
        for document in (report, dossier):
            lines = document.lines()
            text = "\n".join(line.text for line in lines)
            shown = [embed_target(code.argument)[1] for code in shortcodes(lines, "embed")]
            assert [label for label in shown if f"@{label}" not in text] == []
            labels += shown
        every = jobs_of(open_study("smitsveen", PAPER.parent), all_notebooks(PAPER.parent))
        given = [label for job in every if job.language == "nl" for label in job.labels]
        assert sorted(labels) == sorted(label for label in given if not label.startswith("fig-story-"))
