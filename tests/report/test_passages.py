"""The statements that the text carries: how a reader sees them, and what the checks on the text refuse."""

from pathlib import Path

import pytest

from koppelkans.ledger import statuses
from koppelkans.report.passage_checks import check_passages, passage_problems
from koppelkans.report.passages import Claims, appendix, marked, passages, verdict_key, with_lists
from koppelkans.study import open_study
from koppelkans.workflow.tidy import read_tables

CLAIMS: Claims = {
    one: {"id": one, "core": core, "status": status, "statement_nl": f'Zin "{one}".', "statement_en": f"Text {one}."}
    for one, status, core in (
        ("F-1-01", "needs-data", True),
        ("F-1-02", "bounded", False),
        ("M-1-01", "recomputed", True),
        ("A-4-01", "not-empirical", False),
    )
}
TEXT = """\
---
title: Een rapport
---

# Kop {#sec-one}

::: {.claims ids="F-1-01 M-1-01"}
De studie meldt dit.
En ook dat.
:::

::: {.callout-note title="Let op"}
::: {.own}
De studie adviseert:

- een [punt *met* nadruk]{.claims ids="A-4-01"}
- een ander punt
:::
:::

::: {.content-visible when-format="html"}
[Bron](x.html){.source-link}
:::

| a | b |
|---|---|
| 1 | 2 |

## Tweede kop {.unnumbered #sec-two}

::: {.claims ids="F-1-02"}
Volgens de studie waren er enkele.
:::
"""


class TestMarks:
    def test_a_passage_links_to_each_of_its_statements_and_no_line_moves(self) -> None:
        shown = marked(TEXT, CLAIMS, "nl")
        assert [bool(line) for line in shown.split("\n")][4] and len(shown.split("\n")) == len(TEXT.split("\n"))
        line = shown.split("\n")[8]
        link = (
            '<a class="claim-mark" href="evidence.html#ids=F-1-01+M-1-01" title="1 gegevens nodig, 1 volgt uit andere '
        )
        assert line.startswith(f"En ook dat. `{link}") and line.endswith(">2 uitspraken</a>`{=html}")
        assert shown.count(".claims") == shown.count(".own}") == 0

    def test_a_part_of_a_sentence_carries_its_own(self) -> None:
        line = next(line for line in marked(TEXT, CLAIMS, "nl").split("\n") if "punt" in line)
        assert line.startswith("- een punt *met* nadruk `<a") and 'href="evidence.html#A-4-01"' in line

    def test_a_remark_becomes_a_box_that_names_what_it_rests_on(self) -> None:
        shown = marked('::: {.remark ids="D-12 D-54"}\nDat schuurt.\n:::\n', CLAIMS, "nl")
        assert shown.startswith('::: {.callout-note icon="false" title="Kanttekening (D-12, D-54)"}\nDat schuurt.\n:::')

    def test_print_lists_the_statements_under_their_headings(self) -> None:
        listed = appendix([TEXT], CLAIMS, "en")
        first, second = listed.split("Tweede kop")
        assert first.startswith("## Kop {.unnumbered .unlisted}") and "#sec-" not in listed
        assert [one for one in CLAIMS if f"| {one} |" in first] == ["F-1-01", "M-1-01", "A-4-01"]
        assert "| F-1-02 | Text F-1-02. | bounds |" in second

    def test_the_key_has_a_row_for_each_verdict_that_occurs(self) -> None:
        meanings = {"bounded": "A range.", "discrepant": "Two places.", "needs-data": "Field data."}
        rows = verdict_key(CLAIMS, meanings, "en").split("\n")[2:]
        assert [row.split(" | ")[1:2] for row in rows] == [["A range."], ["Field data."]]
        assert sum(int(row.rstrip("| ").rsplit(" ", 1)[1]) for row in rows) == sum(
            claim["status"] in meanings for claim in CLAIMS.values()
        )

    def test_another_page_says_its_direction(self) -> None:
        other = {"F-1-01": {**CLAIMS["F-1-01"], "status": "companion", "outcome": "in-part"}}
        assert "| other source: agrees in part |" in appendix([TEXT], other, "en")

    def test_the_appendix_comes_in_the_place_that_is_kept_for_it(self) -> None:
        kept = "Voor\n\n::: {#claims-appendix}\n:::\n\nNa"
        assert with_lists(kept, {"claims-appendix": "TABEL"}) == "Voor\n\nTABEL\n\nNa"
        assert with_lists("Niets", {}) == "Niets"


def problems(text: str, language: str = "nl") -> list[str]:
    return [str(p) for passage in passages(text) for p in passage_problems(passage, Path("a.qmd"), CLAIMS, language)]


def claims_div(ids: str, text: str) -> str:
    return f'# Kop {{#sec-a}}\n\n::: {{.claims ids="{ids}"}}\n{text}\n:::\n'


def write_edition(folder: Path, language: str, text: str) -> None:
    paper = folder / language
    paper.mkdir()
    (paper / "_quarto.yml").write_text(
        f"project: {{type: manuscript}}\nmanuscript: {{article: index.qmd}}\nlang: {language}\n"
    )
    (paper / "index.qmd").write_text(text)


def edition(folder: Path, text: str) -> list[str]:
    """The problems of the Dutch edition of a paper whose editions have the same text."""
    for language in ("nl", "en"):
        write_edition(folder, language, text)
    return [str(problem) for problem in check_passages(folder, CLAIMS, {"D-01"}) if "/nl/" in str(problem)]


class TestChecks:
    def test_text_as_it_should_be_has_no_problem(self) -> None:
        assert problems(TEXT) == []

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("# Kop\n\nLosse tekst.\n", "a.qmd:3: found text that says not whose it is (Losse tekst."),
            (claims_div("", "De studie meldt iets."), "found a claims div without ids"),
            (claims_div("F-9-99", "De studie meldt iets."), "found the claim F-9-99"),
            (claims_div("F-1-01", "De studie was kort.\nZij meldt twijfel."), "'Zij meldt' for the study"),
            (claims_div("F-1-01", "Volgens haar twijfelen bewoners."), "'Volgens haar' for the study"),
            (claims_div("F-1-01", "De studie toont aan dat het werkt."), "'toont aan' of F-1-01"),
            (claims_div("F-1-02", "Volgens de studie was het 60 %."), "'60 %' of F-1-02"),
        ],
    )
    def test_what_is_said_too_strongly_or_of_nobody_is_found(self, text: str, found: str) -> None:
        assert any(found in problem for problem in problems(text)), problems(text)

    def test_what_we_computed_may_be_said_as_a_fact(self) -> None:
        assert problems(claims_div("M-1-01", "Er waren sessies in elk jaar.")) == []
        mixed = "Er waren sessies in elk jaar.\nVolgens de studie twijfelen bewoners."
        assert problems(claims_div("M-1-01 F-1-01", mixed)) == []

    @pytest.mark.parametrize(
        ("first", "second", "at_fault"),
        [
            ("De onderzoekers zagen twijfel.", "Bewoners vertrouwen niemand.", 0),
            ("Bewoners twijfelen.", "De onderzoekers zagen wantrouwen.", 1),
        ],
    )
    def test_a_section_says_once_and_first_whose_statements_it_tells(
        self, tmp_path: Path, first: str, second: str, at_fault: int
    ) -> None:
        text = f'{claims_div("F-1-01", first)}\n### Deel {{#sec-b}}\n\n::: {{.claims ids="A-4-01"}}\n{second}\n:::\n'
        found = edition(tmp_path, text)
        assert sum("a section of the study told as ours" in problem for problem in found) == at_fault

    def test_a_remark_rests_on_known_discrepancies_and_stands_alone_in_its_section(self, tmp_path: Path) -> None:
        remark = '::: {{.remark ids="{}"}}\nTekst.\n:::\n\n'
        found = edition(tmp_path, "# Kop {#sec-a}\n\n" + remark.format("D-01") + remark.format("D-99"))
        assert any("a remark on D-99" in problem for problem in found)
        assert sum("a second remark" in problem for problem in found) == 1

    def test_a_core_claim_left_out_and_a_difference_between_editions_are_found(self, tmp_path: Path) -> None:
        for language, ids in (("nl", "F-1-01 M-1-01"), ("en", "F-1-01")):
            write_edition(tmp_path, language, claims_div(ids, "Volgens de studie. According to the study."))
        found = [str(problem) for problem in check_passages(tmp_path, CLAIMS)]
        assert [problem for problem in found if "no paragraph that carries M-1-01" in problem and "/en/" in problem]
        assert [problem for problem in found if "section sec-a: M-1-01 only in nl" in problem]
        assert len(found) == 2


def test_the_report_carries_every_core_claim_and_says_none_too_strongly(root: Path) -> None:
    tables = read_tables(open_study("smitsveen", root))
    ledger = statuses.ledger(tables)
    claims = {claim["id"]: claim for claim in ledger.to_dict("records")}
    discrepancies = set(tables["discrepancies"]["id"])
    assert [str(problem) for problem in check_passages(root / "paper", claims, discrepancies)] == []
