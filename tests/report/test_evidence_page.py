"""The evidence page: what a reader finds on it, with and without JavaScript, and that it needs no other file."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from small_paper import write_compendium

from koppelkans.errors import KoppelkansError
from koppelkans.figures import exhibit
from koppelkans.ledger.names import name_of
from koppelkans.ledger.source_matching import quotation_hash
from koppelkans.locale import LANGUAGES
from koppelkans.report import evidence_page, rendering, staging
from koppelkans.report.evidence_rows import Ledger, Places, Quotation, Quotations
from koppelkans.report.manuscript import load_manuscript, load_yaml
from koppelkans.study import Study
from koppelkans.workflow import ledger_files, own_copy

pytestmark = pytest.mark.slow

STATUSES = (
    *("recomputed", "repeated", "transcription-checked", "discrepant", "bounded", "transcribed", "companion"),
    *("needs-data", "not-empirical"),
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = "Drie is < vier & \"vijf\" > twee, zegt 'men'."
TITLE = {"nl": "Een studie <van> ons & jullie", "en": "A study"}
WHERE = Places({"fig-preference-bounds": ("fig", 16)}, frozenset({"05-preferences"}))


def claims(root: Path) -> pd.DataFrame:
    """A ledger over the claims of Smitsveen, with statuses dealt out in turn and one row in every form of trouble."""
    table = pd.read_csv(root / "data/raw/smitsveen/claims.csv", keep_default_na=False, dtype=str)
    columns = ["id", "kind", "section", "work_package", "level", "statement_nl", "statement_en", "quantity", "anchor"]
    ledger = table[[*columns, "evidence_kind", "testable_with", "check", "check_args"]].copy()
    ledger["core"] = table["core"] == "1"
    ledger["status"] = [STATUSES[place % len(STATUSES)] for place in range(len(ledger))]
    bounded = ledger["status"] == "bounded"
    for column, value in (("low", 8), ("high", 14), ("n", 15)):
        ledger[column] = pd.array([value if bound else None for bound in bounded], dtype="Int64")
    for column in ("found", "expected", "evidence_nl", "evidence_en", "needs_nl", "needs_en", "notebook", "figure"):
        ledger[column] = ""
    for column in ("from_claims", "to_claims", "discrepancies", "companions"):
        ledger[column] = ""
    ledger["checkable"] = ledger["status"].map({"bounded": "in-part", "needs-data": "with-data"}).fillna("yes")
    ledger["against"] = ledger["status"].map({"bounded": "own-words", "needs-data": "field-data"}).fillna("")
    ledger["outcome"] = ledger["status"].map({"bounded": "range", "discrepant": "differs"}).fillna("agrees")
    ledger["evidence_en"] = "What came out."
    ledger["evidence_nl"] = "Wat er uitkwam."
    ledger.loc[bounded, ["notebook", "figure", "check"]] = ["05-preferences", "fig-preference-bounds", "count_within"]
    ledger.loc[ledger["status"] == "needs-data", "needs_nl"] = "De interviews met bewoners, bij de auteurs."
    trouble = ledger["id"] == "F-2.4.5-02"
    ledger.loc[trouble, ["statement_nl", "found", "anchor"]] = [HOSTILE, HOSTILE, HOSTILE]
    ledger.loc[trouble, ["from_claims", "to_claims"]] = ["M-2.4.5-01;Z-9-99", "C-3-32"]
    ledger.loc[trouble, ["discrepancies", "companions"]] = ["D-01;D-02", "X-01"]
    ledger.loc[ledger["id"] == "F-2.4.5-03", "statement_nl"] = ""
    return ledger


def discrepancies() -> pd.DataFrame:
    texts = {"what_nl": "Wat er schuurt.", "what_en": "What is at odds.", "means_nl": "Niets.", "means_en": ""}
    rows = [
        {"id": f"D-{number:02}", "verdict": verdict, "group": "A", **texts, "claims": "F-2.4.5-02", "check": "count"}
        for number, verdict in enumerate(("T", "W", "S", "P", "?"), start=1)
    ]
    frame = pd.DataFrame(rows).assign(anchors="de eerste plaats | de <tweede> plaats", note_en="One month.", found="12")
    return frame.assign(computable=True, detected=pd.array([True, False, None, True, None], dtype="boolean"))


COMPANIONS = [
    {"id": "X-01", "page": "voorbeeld.nl/pagina", "says_nl": "", "says_en": "It says so.", "claims": "F-2.4.5-02"}
    | {"relation": "agrees", "held_against_en": "As in 2.4."}
]


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Ledger:
    """What is shown, read back from the files that the ledger is written to."""
    folder = tmp_path_factory.mktemp("ledger")
    paths = ledger_files.export(claims(root), discrepancies(), folder)
    return Ledger(TITLE, *map(evidence_page.read_rows, paths[1:]), companions=COMPANIONS)


@pytest.fixture(scope="session", params=LANGUAGES)
def page(request: pytest.FixtureRequest, ledger: Ledger) -> str:
    return evidence_page.page(ledger, request.param, WHERE)


@pytest.fixture(scope="session")
def dutch(ledger: Ledger) -> str:
    return evidence_page.page(ledger, "nl", WHERE)


def row(page: str, key: str) -> str:
    found = re.search(rf'<tr id="{re.escape(key)}".*?</tr>', page, re.DOTALL)
    assert found, key
    return found[0]


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


class Strict(HTMLParser):
    """Follows which elements are open; collects ids, links and what would be fetched."""

    EMPTY = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), f"an attribute of <{tag}> stands there twice"
        if tag not in self.EMPTY:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values["href"]))
        elif values.get("src") or values.get("href"):
            self.fetched.append(str(values.get("src") or values.get("href")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> does not close what is open"


def parsed(page: str) -> Strict:
    parser = Strict()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


class TestPage:
    def test_every_claim_discrepancy_and_source_has_its_row(self, page: str, ledger: Ledger) -> None:
        found = parsed(page)
        wanted = [item["id"] for item in (*ledger.claims, *ledger.discrepancies, *ledger.companions)]
        assert len(wanted) == 580 + 5 + 1
        assert len(found.ids) == len(set(found.ids))
        assert set(wanted) <= set(found.ids)

    def test_links_lead_to_rows_of_the_page_or_pages_of_the_report(self, page: str) -> None:
        found = parsed(page)
        within = {link[1:] for link in found.links if link.startswith("#")}
        assert within <= set(found.ids)
        assert {link for link in found.links if not link.startswith("#")} <= {
            "index.html",
            "../../en/report/evidence.html",
            "../../nl/report/evidence.html",
            "index.html#fig-preference-bounds",
            "notebooks/05-preferences-preview.html#fig-preference-bounds",
        }

    def test_nothing_is_fetched_and_the_page_itself_forbids_it(self, page: str) -> None:
        assert parsed(page).fetched == ["data:,"]
        assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|https?://", page)
        assert "default-src 'none'" in page

    def test_is_small_enough_for_a_slow_line(self, page: str) -> None:
        assert len(page.encode("utf-8")) < 1_000_000

    def test_every_status_is_a_word_with_a_sign(self, dutch: str) -> None:
        style = (evidence_page.TEMPLATES / "evidence.css").read_text(encoding="utf-8")
        for status in STATUSES:
            assert f'<td class="status {status}">{name_of(status, "nl")}</td>' in dutch
            assert re.search(rf'\.{status}::before[^{{]*{{ content: "\S', style)

    def test_signs_in_texts_stay_signs(self, dutch: str) -> None:
        shown = row(dutch, "F-2.4.5-02")
        assert "Drie is &lt; vier &amp; " in shown
        assert "< vier" not in shown
        assert text_of(shown).count(HOSTILE) == 3
        assert "Een studie &lt;van&gt; ons &amp; jullie" in dutch

    def test_a_row_opens_to_its_evidence(self, dutch: str) -> None:
        shown = text_of(row(dutch, "F-2.4.5-02"))
        assert "§ 2.4.5" in shown
        assert "zoek in § 2.4.5 naar" in shown
        bounded = next(r for r in re.findall(r"<tr id=.*?</tr>", dutch) if '"status bounded"' in r)
        assert "8 tot en met 14 van 15" in text_of(bounded)
        assert '<a href="index.html#fig-preference-bounds">Figuur 16</a>' in bounded
        assert "<code>count_within</code>" in bounded
        waiting = next(r for r in re.findall(r"<tr id=.*?</tr>", dutch) if '"status needs-data"' in r)
        assert "De interviews met bewoners, bij de auteurs." in text_of(waiting)

    def test_traces_lead_to_rows_and_an_unknown_id_is_no_link(self, dutch: str) -> None:
        shown = row(dutch, "F-2.4.5-02")
        for key in ("M-2.4.5-01", "C-3-32", "D-01", "D-02", "X-01"):
            assert f'<a href="#{key}">{key}</a>' in shown
        assert "Z-9-99" in shown
        assert 'href="#Z-9-99"' not in shown

    def test_a_statement_without_translation_is_marked_as_the_other_language(self, dutch: str) -> None:
        assert '<summary><span lang="en">' in row(dutch, "F-2.4.5-03")
        assert '<span lang="en">It says so.</span>' in row(dutch, "X-01")

    def test_discrepancies_have_their_verdict_in_words_and_both_places(self, dutch: str) -> None:
        shown = [text_of(row(dutch, f"D-{number:02}")) for number in range(1, 6)]
        verdicts = load_yaml(evidence_page.TEMPLATES / "evidence.nl.yml")["verdicts"]
        assert [verdict in text for verdict, text in zip(verdicts.values(), shown, strict=True)] == [True] * 5
        assert all("de eerste plaats" in text and "de <tweede> plaats" in text for text in shown)
        assert "Door een controle gevonden" in shown[0]
        assert "vindt dit in de gegevens niet terug" in shown[1]

    def test_without_javascript_it_is_a_whole_table(self, dutch: str) -> None:
        assert "<noscript>" in dutch
        assert re.search(r'<form class="filters"[^>]* hidden>', dutch)
        assert not re.search(r"<tr[^>]* hidden", dutch)

    def test_both_editions_have_the_same_words_to_say(self) -> None:
        dutch, english = (load_yaml(evidence_page.TEMPLATES / f"evidence.{language}.yml") for language in LANGUAGES)
        assert list(dutch) == list(english)
        for key, words in dutch.items():
            if isinstance(words, dict):
                assert list(words) == list(english[key])
            else:
                assert re.findall(r"{\w+}", words) == re.findall(r"{\w+}", english[key]), key

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_verdicts_are_named_as_in_the_report(self, language: str) -> None:
        words = load_yaml(evidence_page.TEMPLATES / f"evidence.{language}.yml")
        captions = load_yaml(Path(exhibit.__file__).parent / "captions" / f"{language}.yml")
        verdicts = captions["tbl-discrepancies"]["values"]["verdict"]
        assert words["verdicts"] == {value: verdicts[value] for value in words["verdicts"]}

    def test_equal_input_gives_equal_bytes(self, ledger: Ledger, dutch: str, root: Path, tmp_path: Path) -> None:
        assert evidence_page.page(ledger, "nl", WHERE) == dutch
        folders = (tmp_path / "one", tmp_path / "two")
        for folder in folders:
            ledger_files.export(claims(root), discrepancies(), folder)
        for name in ledger_files.FILES:
            assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()

    def test_a_study_without_claims_says_so(self) -> None:
        empty = evidence_page.page(Ledger(TITLE, [], [], []), "nl", Places())
        parsed(empty)
        assert "nog geen uitspraken" in empty


class TestPlaces:
    def test_numbers_are_those_of_the_report(self, tmp_path: Path) -> None:
        write_compendium(tmp_path)
        where = evidence_page.places(load_manuscript(tmp_path / "paper/nl"))
        assert where.exhibits == {"fig-timeline": ("fig", 1), "tbl-programme": ("tbl", 1)}
        assert where.notebooks == {"01-sessions"}


class TestInReport:
    def settings(self, root: Path) -> None:
        path = root / "paper/nl/_quarto.yml"
        text = path.read_text(encoding="utf-8")
        text = text.replace("  output-dir: report\n", "  output-dir: report\n  resources:\n    - evidence.html\n")
        link = "    other-links:\n      - text: Bewijs\n        href: evidence.html\n"
        path.write_text(text.replace("    other-links:\n", link), encoding="utf-8")

    def test_the_page_goes_into_the_report_unchanged_and_the_report_links_to_it(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        self.settings(tmp_path)
        staging.stage("klein", "nl", tmp_path, tmp_path / "build", {})
        (project / "evidence.html").write_bytes(b"<p>bewijs</p>\n")
        rendered = rendering.render(project, "preview")
        assert project / "report/evidence.html" in rendered.paths
        assert (project / "report/evidence.html").read_bytes() == b"<p>bewijs</p>\n"
        assert '<a href="evidence.html">Bewijs</a>' in (project / "report/index.html").read_text(encoding="utf-8")

    def test_a_report_without_the_page_has_no_link_to_it(self, tmp_path: Path) -> None:
        project = write_compendium(tmp_path)
        self.settings(tmp_path)
        staging.stage("klein", "nl", tmp_path, tmp_path / "build", {})
        rendering.render(project, "preview")
        assert "evidence.html" not in (project / "report/index.html").read_text(encoding="utf-8")

    def test_the_sources_of_the_paper_ask_for_it(self, root: Path) -> None:
        for language in LANGUAGES:
            settings = load_manuscript(root / "paper" / language).settings
            assert "evidence.html" in settings["project"]["resources"]
            assert "evidence.html" in [link["href"] for link in settings["format"]["html"]["other-links"]]


class TestQuotations:
    WORDS = "Wij doen het samen met heel de straat"

    @pytest.fixture
    def study(self, tmp_path: Path, root: Path) -> Study:
        """A study with two quotations: one that is in the reader's copy, and one that is not."""
        tables = {"claims": {}, "quotations": {}}
        study = Study("klein", TITLE, tmp_path, {name: {} for name in tables}, {}, {})
        columns = (
            "id",
            "section",
            "speaker",
            "form",
            "opening",
            "closing",
            "n_words",
            "sha256",
            "claims",
            "theme",
            "origin",
        )
        there, absent = quotation_hash(self.WORDS), quotation_hash("iets")
        rows = [
            ("QU-01", "2.1", "p", "block", "Wij doen het", "heel de straat", 8, there, "F-2.4.5-02", "", "published"),
            ("QU-02", "2.1", "p", "block", "Dit staat er", "er niet in", 6, absent, "F-2.4.5-02", "", "published"),
        ]
        study.processed.mkdir(parents=True)
        pd.DataFrame(rows, columns=columns).to_csv(study.processed / "quotations.csv", index=False)
        fields = ",".join(
            f'{{"name": "{column}", "type": "{"integer" if column == "n_words" else "string"}"}}' for column in columns
        )
        package = f'{{"resources": [{{"name": "quotations", "schema": {{"fields": [{fields}]}}}}]}}'
        (study.processed / "datapackage.json").write_text(package, encoding="utf-8")
        write_compendium(tmp_path)
        ledger_files.export(claims(root), discrepancies(), ledger_files.folder_of(study))
        return study

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        path = tmp_path / "copy.txt"
        path.write_text(
            "Iemand zei het zo:\n“Wij doen het samen\nmet heel de straat”, en dat was dat.\n", encoding="utf-8"
        )
        return path

    def test_only_with_the_readers_copy_are_their_words_on_the_page(self, study: Study, copy: Path) -> None:
        path = ledger_files.write_page(study, "nl", copy)
        page = path.read_text(encoding="utf-8")
        parsed(page)
        assert self.WORDS in text_of(row(page, "F-2.4.5-02"))
        assert page.count(self.WORDS) == 1
        assert "niet publiceren. 1 van de 2 vastgelegde citaten" in text_of(page)
        assert '<meta name="robots" content="noindex, noarchive">' in page
        others = [file for file in study.root.rglob("*") if file.is_file() and file not in (path, copy)]
        assert [file for file in others if self.WORDS in file.read_bytes().decode("utf-8", "replace")] == []
        ledger_files.write_page(study, "nl", None)
        again = path.read_text(encoding="utf-8")
        assert self.WORDS not in again
        assert "niet publiceren" not in again
        assert "noindex" not in again

    def test_words_are_escaped_and_marked_as_dutch(self, ledger: Ledger) -> None:
        quotations = Quotations((Quotation("QU-01", ("F-2.4.5-02",), "Zo <b>is</b> het & niet anders"),), 1)
        with_words = Ledger(TITLE, ledger.claims, ledger.discrepancies, ledger.companions, quotations)
        page = evidence_page.page(with_words, "en", WHERE)
        expected = '<blockquote lang="nl">Zo &lt;b&gt;is&lt;/b&gt; het &amp; niet anders</blockquote>'
        assert expected in row(page, "F-2.4.5-02")

    def test_the_setting_follows_the_copy(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("QUOTES", raising=False)
        monkeypatch.setenv("SOURCE", str(copy))
        assert own_copy.own_copy() is None
        assert own_copy.quotes_setting() == ""
        monkeypatch.setenv("QUOTES", "yes")
        assert own_copy.own_copy() == copy.resolve()
        before = own_copy.quotes_setting()
        copy.write_text("iets anders", encoding="utf-8")
        assert own_copy.quotes_setting() not in ("", before)

    @pytest.mark.parametrize(
        ("quotes", "source", "said"),
        [
            ("yes", "", r"QUOTES=yes needs your own copy"),
            ("yes", "nowhere.pdf", r"nowhere\.pdf: no such file"),
            ("maybe", "", r"QUOTES=maybe: expected QUOTES=yes"),
        ],
    )
    def test_what_is_wrong_with_the_setting_is_said(
        self, monkeypatch: pytest.MonkeyPatch, quotes: str, source: str, said: str
    ) -> None:
        monkeypatch.setenv("QUOTES", quotes)
        monkeypatch.setenv("SOURCE", source)
        with pytest.raises(KoppelkansError, match=said):
            own_copy.own_copy()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the page was not opened in a browser")
class TestInBrowser:
    @pytest.fixture(scope="class")
    def file(self, tmp_path_factory: pytest.TempPathFactory, dutch: str) -> Path:
        path = tmp_path_factory.mktemp("page") / "evidence.html"
        path.write_text(dutch, encoding="utf-8")
        return path

    def opened(self, file: Path, place: str) -> str:
        """The page as the browser has it, once its script ran."""
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom"]
        profile = f"--user-data-dir={file.parent / 'profile'}"
        command = [str(CHROMIUM), *options, profile, f"{file.as_uri()}{place}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert "</html>" in done.stdout, done.stderr[-500:]
        return done.stdout

    def shown(self, page: str) -> list[str]:
        rows = re.findall(r'<tr id="([^"]+)" data-f="[^"]*"([^>]*)>', page)
        return [key for key, rest in rows if "hidden" not in rest]

    def said(self, page: str) -> str:
        found = re.search(r'id="count"[^>]*>([^<]*)<', page)
        assert found
        return html.unescape(found[1])

    def test_a_deep_link_opens_its_row(self, file: Path) -> None:
        page = self.opened(file, "#F-2.4.5-02")
        assert re.search(r'<tr id="F-2\.4\.5-02"[^>]*class="at"', page)
        assert '<details open="">' in row(page, "F-2.4.5-02")
        assert '<details open="">' not in row(page, "F-2.4.5-03")
        assert '/en/report/evidence.html#F-2.4.5-02"' in page

    def test_the_number_finds_the_row_whatever_the_letter_before_it(self, file: Path) -> None:
        page = self.opened(file, "#F-2.4.5-01")
        assert '<details open="">' in row(page, "M-2.4.5-01")

    def test_a_number_that_is_not_there_is_said(self, file: Path) -> None:
        assert self.said(self.opened(file, "#F-9.9-99")) == "Nummer F-9.9-99 staat hier niet. 580 uitspraken"

    def test_choices_in_the_address_filter_and_sort(self, file: Path, ledger: Ledger) -> None:
        page = self.opened(file, "#section=2.4&status=bounded&sort=-status")
        wanted = [
            claim["id"]
            for claim in ledger.claims
            if claim["status"] == "bounded" and claim["section"].startswith("2.4")
        ]
        assert wanted
        assert self.shown(page) == wanted
        assert self.said(page) == f"{len(wanted)} van 580 uitspraken"
        assert '<form class="filters" id="filters" role="search" aria-label="Zoek en filter">' in page

    def test_search_needs_all_words_and_no_accents(self, file: Path) -> None:
        assert self.shown(self.opened(file, "#q=DRIE%20vijf%20twee")) == ["F-2.4.5-02"]
        nothing = self.opened(file, "#q=xyzzy")
        assert self.shown(nothing) == []
        assert self.said(nothing).startswith("Geen uitspraak")

    def test_search_finds_what_the_field_calls_otherwise(self, file: Path) -> None:
        own = set(self.shown(self.opened(file, "#q=motieven")))
        assert own and own == set(self.shown(self.opened(file, "#q=beweegredenen")))
        assert self.shown(self.opened(file, "#q=huiseigenaar"))

    def test_a_link_to_a_row_wins_from_a_filter_that_hides_it(self, file: Path) -> None:
        page = self.opened(file, "#F-2.4.5-02&section=1.1")
        assert len(self.shown(page)) == 580
        assert '<details open="">' in row(page, "F-2.4.5-02")
