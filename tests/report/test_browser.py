"""The web edition in a real browser, from disk: what a reader with a mouse, a keyboard, a telephone or a printer gets.

Looked at is the report of Smitsveen in build/, whoever rendered it (`make test` builds it first); tests of what
only the preview's pages have are marked `of_the_preview`.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from conftest import CHROMIUM, ROOT
from lxml import html

from koppelkans.locale import LANGUAGES
from koppelkans.report.manuscript import embed_target, load_manuscript, shortcodes

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: the browser tests are skipped")

BUILD = ROOT / "build" / "smitsveen"
REASON = ""
if not CHROMIUM:
    REASON = "no Chromium on this machine: the browser tests are skipped (on Debian: apt-get install chromium)"
elif not all((BUILD / language / "report" / "index.html").is_file() for language in LANGUAGES):
    REASON = "no report in build/smitsveen: the browser tests are skipped (run `make` first)"
BY_QUARTO = not (BUILD / "nl" / "report" / "theme.js").is_file()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON)]

of_the_preview = pytest.mark.skipif(BY_QUARTO, reason="this is made otherwise in Quarto's pages")
MEGABYTE = 1_000_000
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
NOTEBOOK = "notebooks/05-preferences-preview.html"
PAGES = sorted(
    path.relative_to(BUILD).as_posix()
    for language in LANGUAGES
    for path in (BUILD / language / "report").rglob("*.html")
)
KINDS = ("index.html", "evidence.html", NOTEBOOK)
MAIN_PAGES = [f"{language}/report/{name}" for language in LANGUAGES for name in KINDS]
OTHER = {"nl": "en", "en": "nl"}


def address(page: str) -> str:
    return (BUILD / page).as_uri()


def index(language: str) -> str:
    return address(f"{language}/report/index.html")


class Reader:
    """Opens pages in the browser, and keeps what they complained about and asked for."""

    def __init__(self, browser: Any, **settings: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **settings})
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self._complain(f"not found: {request.url}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _listen(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self._complain(f"{said.text} ({said.location.get('url', '')})")

    def _complain(self, text: str) -> None:
        """Note a complaint, but for Quarto's own modules, which no browser loads from disk."""
        if not re.search(r"site_libs/quarto-html/[\w/]+\.js", text):
            self.complaints.append(text)

    def open(self, url: str) -> Any:
        self.page.goto(url)
        return self.page


@pytest.fixture
def reader(browser: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader at a desk, or with the settings that a test is parametrised with."""
    made = Reader(browser, **getattr(request, "param", {}))
    yield made
    made.context.close()


def on_a_phone(test: Any) -> Any:
    return pytest.mark.parametrize("reader", [{"viewport": PHONE, "has_touch": True}], indirect=True)(test)


def without_javascript(test: Any) -> Any:
    return pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True)(test)


def settled(page: Any) -> None:
    """Wait until the page is there and has drawn twice: what follows the scroll position has then been done."""
    page.wait_for_load_state()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def in_view(page: Any, identifier: str) -> bool:
    return page.evaluate(
        """id => { const box = document.getElementById(id).getBoundingClientRect();
                   return box.bottom > 40 && box.top < innerHeight; }""",
        identifier,
    )


@cache
def parsed(path: Path) -> Any:
    return html.fromstring(path.read_bytes())


@cache
def identifiers(path: Path) -> frozenset[str]:
    return frozenset(parsed(path).xpath("//@id"))


def embedded(language: str) -> list[str]:
    """Labels of the figures and tables of the report, from its sources."""
    lines = load_manuscript(ROOT / "paper" / language).lines()
    return [embed_target(code.argument)[1] for code in shortcodes(lines, "embed")]


@dataclass(frozen=True)
class Visit:
    """What opening a page showed: complaints, addresses asked for (at first, before scrolling), images that fail."""

    complaints: list[str]
    requests: list[str]
    broken: list[str]


@pytest.fixture(scope="session")
def visit(browser: Any) -> Callable[[str], Visit]:
    """Open a page at a desk, once for all tests that look at it."""

    @cache
    def opened(name: str) -> Visit:
        reader = Reader(browser)
        page = reader.open(address(name))
        requests = list(reader.requests)
        broken = page.evaluate(
            """async () => {
                const images = [...document.images];
                for (const image of images) image.loading = "eager";
                await Promise.allSettled(images.map(image => image.decode()));
                return images.filter(image => !image.naturalWidth).map(image => image.src);
            }"""
        )
        reader.context.close()
        return Visit(reader.complaints, requests, broken)

    return opened


class TestEveryPage:
    @pytest.mark.parametrize("name", PAGES)
    def test_nothing_is_complained_about_asked_elsewhere_or_missing(
        self, visit: Callable[[str], Visit], name: str
    ) -> None:
        found = visit(name)
        assert found.broken == []
        assert found.complaints == []
        assert [url for url in found.requests if urlsplit(url).scheme not in ("file", "data")] == []

    @pytest.mark.parametrize("name", PAGES)
    def test_every_link_leads_to_a_file_and_a_place(self, name: str) -> None:
        here, wrong = BUILD / name, []
        for target in parsed(here).xpath("//@href | //@src"):
            parts = urlsplit(target)
            if parts.scheme:
                continue
            path = (here.parent / unquote(parts.path)).resolve() if parts.path else here
            place = unquote(parts.fragment)
            searched = "=" in place  # the evidence page takes choices behind #
            if not path.is_file() or (place and not searched and place not in identifiers(path)):
                wrong.append(target)
        assert wrong == []

    @pytest.mark.parametrize("name", [page for page in PAGES if "/notebooks/" not in page])
    def test_weighs_less_than_a_megabyte_with_what_it_loads_at_first(
        self, visit: Callable[[str], Visit], name: str
    ) -> None:
        files = {Path(unquote(urlsplit(url).path)) for url in visit(name).requests if url.startswith("file:")}
        assert BUILD / name in files
        assert sum(file.stat().st_size for file in files) < (2 if BY_QUARTO else 1) * MEGABYTE  # it brings Bootstrap

    @on_a_phone
    @pytest.mark.parametrize("name", PAGES)
    def test_on_a_phone_nothing_scrolls_sideways_and_what_is_tapped_is_large_enough(
        self, reader: Reader, name: str
    ) -> None:
        page = reader.open(address(name))
        wide, small = page.evaluate(
            """() => {
                const name = e => e.tagName + "." + e.className;
                const wide = [...document.querySelectorAll("main *, header *, nav *")]
                    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-scroll, pre"));
                const tapped = "button, summary, input, select, .report-bar a, .evidence-bar a, .links a, .downloads a";
                const small = [...document.querySelectorAll(tapped)]
                    .map(e => e.type === "checkbox" ? e.closest("label") : e)
                    .filter(e => { const box = e.getBoundingClientRect();
                                   return box.width && (box.width < 24 || box.height < 24); });
                return [wide.map(name).slice(0, 5), small.map(name)];
            }"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], wide
        assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MAIN_PAGES)
def test_axe_finds_no_serious_barrier(browser: Any, name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    reader = Reader(browser, color_scheme=scheme)
    page = reader.open(address(name))
    if "evidence" in name:  # rows are alike: opened are the first of each verdict, hidden the many others
        page.evaluate(
            """() => { const seen = {};
                for (const row of document.querySelectorAll("#claims-table tbody tr")) {
                    const status = row.dataset.f.split("|")[4];
                    seen[status] = (seen[status] || 0) + 1;
                    if (seen[status] > 2) row.remove();
                    else row.querySelector("details").open = true;
                } }"""
        )
    else:
        page.evaluate("() => document.querySelectorAll('main details').forEach((one, n) => { one.open = n < 12; })")
    colours = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    options = {"resultTypes": ["violations"], **(colours if scheme == "dark" else {})}  # the rest is alike in the dark
    found = Axe().run(page, options=options).response["violations"]
    serious = [
        (one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    reader.context.close()
    assert serious == []


class TestLanguage:
    def test_sections_figures_and_tables_have_the_same_ids_in_both_editions(self) -> None:
        shared = re.compile(r"(sec|fig|tbl)-")
        ids = [
            [i for i in parsed(BUILD / language / "report/index.html").xpath("//main//@id") if shared.match(i)]
            for language in LANGUAGES
        ]
        assert len(ids[0]) > 20
        assert ids[0] == ids[1]

    @pytest.mark.parametrize(
        ("language", "place"),
        [("nl", "sec-results"), ("en", "fig-preference-bounds"), ("en", "tbl-programme"), ("nl", "sec-closing")],
    )
    def test_the_other_edition_opens_at_the_same_place(self, reader: Reader, language: str, place: str) -> None:
        page = reader.open(f"{index(language)}#{place}")
        settled(page)
        page.click(".bar-language")
        page.wait_for_url(f"{index(OTHER[language])}#{place}")
        settled(page)
        assert in_view(page, place)

    def test_it_follows_the_scrolling_reader(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        assert page.get_attribute(".bar-language", "href") == "../../en/report/index.html"
        page.evaluate("document.getElementById('sec-trust').scrollIntoView()")
        page.mouse.wheel(0, 60)
        page.wait_for_function("document.querySelector('.bar-language').hash === '#sec-trust'")

    def test_what_is_said_to_be_in_the_other_language_is(self) -> None:
        for language in LANGUAGES:
            prose = parsed(BUILD / language / "report" / NOTEBOOK).xpath("//main//p[ancestor::*[@lang][1]]")
            spoken = {paragraph.xpath("string(ancestor::*[@lang][1]/@lang)") for paragraph in prose}
            assert spoken == {language}

    def test_a_notebook_opens_the_same_notebook(self, reader: Reader) -> None:
        page = reader.open(address(f"nl/report/{NOTEBOOK}") + "#fig-preference-region")
        settled(page)
        page.click(".bar-language")
        page.wait_for_url(address(f"en/report/{NOTEBOOK}") + "#fig-preference-region")

    @of_the_preview
    @without_javascript
    def test_without_javascript_it_leads_to_the_top(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        page.click(".bar-language")
        page.wait_for_url(index("en"))


class TestSearch:
    @pytest.mark.parametrize(
        ("language", "asked", "place"),
        [
            ("nl", "rondom BEWONERS energiearmoede", ""),
            ("nl", "houding", "sec-attitude"),
            ("en", "attitude", "sec-attitude"),
        ],
    )
    def test_leads_to_the_section(self, reader: Reader, language: str, asked: str, place: str) -> None:
        page = reader.open(index(language))
        page.keyboard.press("/")
        page.keyboard.type(asked)
        words = asked.lower().split()
        if place:
            page.keyboard.press("Enter")
            assert page.url == f"{index(language)}#{place}"
            assert in_view(page, place)
            assert not page.is_visible(".search-results")
        else:
            assert all(word in page.inner_text(".search-results").lower() for word in words)

    def test_finds_a_figure_by_its_caption(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        caption = page.inner_text("#fig-preference-bounds figcaption")
        page.keyboard.press("Control+k")
        page.keyboard.type(" ".join(caption.split(":", 1)[1].split()[:6]))
        page.click(".search-results a[href='#fig-preference-bounds']")
        assert in_view(page, "fig-preference-bounds")

    def test_accents_and_capitals_make_no_difference(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        word = re.search(r"\b[a-z]{3,}[éëïóöü][a-z]{2,}\b", page.inner_text("main"))
        assert word
        plain = "".join(c for c in unicodedata.normalize("NFD", word[0]) if not unicodedata.combining(c))
        assert plain != word[0]
        counts = []
        for asked in (word[0], plain.upper()):
            page.fill(".report-search input", asked)
            counts.append(page.locator(".search-results a[href^='#']").count())
        assert counts[0] == counts[1] > 0

    def test_keys_walk_through_what_was_found_and_escape_closes(self, reader: Reader) -> None:
        page = reader.open(index("en"))
        page.keyboard.press("/")
        page.keyboard.type("residents")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        second = page.locator(".search-results a").nth(1)
        assert second.evaluate("link => link === document.activeElement")
        page.keyboard.press("Escape")
        assert not page.is_visible(".search-results")
        assert page.evaluate("document.activeElement.type") == "search"

    def test_says_that_nothing_was_found_and_offers_the_statements(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        page.fill(".report-search input", "zeepaardje")
        assert page.inner_text(".search-results [role=status]") == "Niets gevonden voor “zeepaardje”."
        page.fill(".report-search input", "post")
        page.click(".search-results a[href^='evidence.html']")
        page.wait_for_url("**/evidence.html#q=post")
        settled(page)
        shown = page.locator("#claims-table tbody tr:visible")
        assert 0 < shown.count() < page.locator("#claims-table tbody tr").count()


class TestLightAndDark:
    GROUND = "getComputedStyle(document.body).backgroundColor"

    @of_the_preview
    def test_follows_the_system_until_the_reader_chooses_and_remembers_the_choice(self, browser: Any) -> None:
        reader = Reader(browser, color_scheme="dark")
        page = reader.open(index("nl"))
        dark = page.evaluate(self.GROUND)
        page.click(".theme-toggle")
        light = page.evaluate(self.GROUND)
        assert dark != light
        for name in ("nl/report/index.html", f"en/report/{NOTEBOOK}", "nl/report/evidence.html"):
            reader.open(address(name))
            assert page.evaluate(self.GROUND) == light, name
        page.click(".theme-toggle")
        assert page.evaluate(self.GROUND) == dark
        assert page.get_attribute(".theme-toggle", "aria-pressed") == "true"
        reader.context.close()

    @of_the_preview
    @pytest.mark.parametrize("name", MAIN_PAGES)
    def test_is_known_before_anything_is_drawn(self, browser: Any, name: str) -> None:
        reader = Reader(browser, color_scheme="light")
        reader.context.add_init_script(
            """try { localStorage.setItem("quarto-color-scheme", "alternate"); } catch {}
               new MutationObserver((_, watch) => { if (!document.body) return; watch.disconnect();
                 window.themeAtFirst = document.documentElement.dataset.theme; })
               .observe(document, { childList: true, subtree: true });"""
        )
        page = reader.open(address(name))
        assert page.evaluate("window.themeAtFirst") == "dark"
        reader.context.close()

    @of_the_preview
    def test_works_where_nothing_can_be_kept(self, reader: Reader) -> None:
        reader.context.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('off'); } })"
        )
        page = reader.open(index("nl"))
        before = page.evaluate(self.GROUND)
        page.click(".theme-toggle")
        assert page.evaluate(self.GROUND) != before
        assert reader.complaints == []

    @pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True)
    def test_figures_keep_their_white_ground_in_the_dark(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        grounds = page.evaluate(
            """() => { const images = [...document.querySelectorAll("main figure img")];
                       return [...new Set(images.map(image => getComputedStyle(image).backgroundColor))]; }"""
        )
        assert grounds == ["rgb(255, 255, 255)"]


class TestFigures:
    @pytest.mark.parametrize("reader", [{"viewport": WIDE}, {"viewport": PHONE}], indirect=True, ids=["desk", "phone"])
    def test_opens_large_and_escape_returns_to_where_one_was(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        button = page.locator("#fig-research-design .zoom-open")
        small = page.locator("#fig-research-design img").bounding_box()
        button.focus()
        page.keyboard.press("Enter")
        large = page.locator(".zoom-dialog img").bounding_box()
        assert page.is_visible(".zoom-dialog")
        assert large["width"] > 1.05 * small["width"]
        page.keyboard.press("Escape")
        assert not page.is_visible(".zoom-dialog")
        assert button.evaluate("button => button === document.activeElement")

    @on_a_phone
    def test_can_be_moved_about_and_made_larger_on_a_phone(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        page.locator("#fig-research-design img").click()
        area = page.locator(".zoom-area")
        assert area.evaluate("area => area.scrollWidth > area.clientWidth")
        before = area.evaluate("area => area.scrollWidth")
        page.click(".zoom-tools button[aria-label='Groter']")
        assert area.evaluate("area => area.scrollWidth") > before
        area.evaluate("area => { area.scrollLeft = 100; }")
        assert area.evaluate("area => area.scrollLeft") == 100
        page.click(".zoom-tools button[aria-label='Sluiten']")
        assert not page.is_visible(".zoom-dialog")

    @on_a_phone
    def test_a_wide_table_scrolls_in_its_own_region(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        region = page.locator("#tbl-programme .table-scroll")
        assert region.evaluate("region => region.scrollWidth > region.clientWidth")
        region.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('#tbl-programme .table-scroll').scrollLeft > 0")


class TestWhereItComesFrom:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_stands_under_every_figure_and_table(self, language: str) -> None:
        folder = BUILD / language / "report"
        ledger = json.loads((BUILD / "ledger" / "ledger.json").read_text(encoding="utf-8"))
        labels = embedded(language)
        assert labels
        for label in labels:
            page = parsed(folder / "index.html")
            block = page.xpath(f"//*[@id='{label}']/following::div[contains(@class, 'provenance')][1]")[0]
            (cell,) = block.xpath(".//a[contains(@class, 'source-link')]/@href")
            assert re.fullmatch(rf"notebooks/[\w-]+-preview\.html#{label}", cell)
            downloads = block.xpath(".//span[@class='downloads']//a/@href")
            kinds = ["csv"] if label.startswith("tbl-") else ["svg", "png", "csv"]
            assert downloads == [f"figures/{label}.{kind}" for kind in kinds]
            digest = hashlib.sha256((folder / "figures" / f"{label}.csv").read_bytes()).hexdigest()
            assert digest in block.text_content()
            carried = [row["id"] for row in ledger if label in [one.strip() for one in row["figure"].split(";")]]
            assert block.xpath(".//a[contains(@class, 'claim-mark')]/text()") == sorted(carried)

    @without_javascript
    def test_opens_without_javascript(self, reader: Reader) -> None:
        page = reader.open(index("en"))
        block = page.locator(
            "xpath=//*[@id='fig-research-design']/following::div[contains(@class, 'provenance')]"
        ).first
        assert not block.locator(".source-link").is_visible()
        block.get_by_text("Where does this come from?").click()
        block.locator(".source-link").click()
        page.wait_for_url("**/notebooks/06-integration-preview.html#fig-research-design")

    def test_a_statement_opens_on_the_evidence_page(self, reader: Reader) -> None:
        page = reader.open(index("nl"))
        mark = page.locator(".provenance .claim-mark").first
        name = mark.text_content()
        mark.evaluate("mark => { mark.closest('details').open = true; }")
        mark.click()
        page.wait_for_url(f"**/evidence.html#{name}")
        settled(page)
        assert page.locator("tr.at").get_attribute("id") == name


class TestKeyboard:
    @of_the_preview
    @pytest.mark.parametrize("name", MAIN_PAGES)
    def test_the_first_stops_can_be_seen_and_the_first_skips_to_the_text(self, reader: Reader, name: str) -> None:
        page = reader.open(address(name))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        target = page.evaluate("document.activeElement.hash.slice(1)")
        for _ in range(8):
            seen = page.evaluate(
                """() => { const box = document.activeElement.getBoundingClientRect();
                   const style = getComputedStyle(document.activeElement);
                   return [document.activeElement.outerHTML.slice(0, 80), box.right > 0 && box.bottom > 0
                           && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2]; }"""
            )
            assert seen[1], seen[0]
            page.keyboard.press("Tab")
        page.evaluate("document.activeElement.blur()")
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == target

    def test_the_contents_say_where_the_reader_is(self, reader: Reader) -> None:
        page = reader.open(f"{index('en')}#sec-results-behaviour")
        settled(page)
        current = page.locator(":is(.contents, #TOC) [aria-current]")
        assert current.count() == 1
        assert current.get_attribute("href") == "#sec-results-behaviour"
        assert current.is_visible()


class TestPrint:
    @pytest.mark.parametrize("name", [f"nl/report/{name}" for name in KINDS])
    def test_paper_holds_the_text_and_not_the_tools(self, browser: Any, name: str, tmp_path: Path) -> None:
        import pypdfium2

        reader = Reader(browser, color_scheme="dark")
        page = reader.open(address(name))
        page.emulate_media(media="print", color_scheme="dark")
        tools = ".report-bar, .evidence-bar, .contents, .links, .provenance, .zoom-open, .filters, .theme-toggle"
        assert page.locator(tools).evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        file = tmp_path / "print.pdf"
        page.pdf(path=file, format="A4")
        missing = page.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)")
        assert missing == []  # figures that were not scrolled to
        document = pypdfium2.PdfDocument(file)
        text = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
        assert parsed(BUILD / name).xpath("string(//h1)").split(",")[0] in " ".join(text.split())
        reader.context.close()


class TestLedger:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_filters_and_search_leave_the_rows_that_fit(self, reader: Reader, language: str) -> None:
        ledger = json.loads((BUILD / "ledger" / "ledger.json").read_text(encoding="utf-8"))
        page = reader.open(address(f"{language}/report/evidence.html"))
        rows = page.locator("#claims-table tbody tr:visible")
        assert rows.count() == len(ledger)
        page.select_option("#filters [name=status]", "bounded")
        bounded = [row["id"] for row in ledger if row["status"] == "bounded"]
        assert rows.evaluate_all("rows => rows.map(row => row.id)") == bounded
        page.select_option("#filters [name=status]", "")
        page.fill("#filters [name=q]", ledger[7]["id"])
        page.locator(f"#claims-table tr[id='{ledger[50]['id']}']").wait_for(state="hidden")
        assert ledger[7]["id"] in rows.evaluate_all("rows => rows.map(row => row.id)")
        page.click("#filters [type=reset]")
        page.locator(f"#claims-table tr[id='{ledger[50]['id']}']").wait_for(state="visible")
        assert rows.count() == len(ledger)

    def test_a_row_opens_by_key_and_the_other_edition_opens_the_same(self, reader: Reader) -> None:
        page = reader.open(address("nl/report/evidence.html"))
        row = page.locator("#claims-table tbody tr").nth(3)
        row.locator("summary").focus()
        page.keyboard.press("Enter")
        name = row.get_attribute("id")
        assert row.locator(".row-evidence").is_visible()
        page.click("#other-edition")
        page.wait_for_url(address("en/report/evidence.html") + f"#{name}")
        settled(page)
        assert page.locator(f"[id='{name}'] .row-evidence").is_visible()


QUARTO_PAGE = """\
<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>Quarto</title><style>{css}</style></head>
<body class="quarto-dark">
<script>window.quartoToggleColorScheme = () => document.body.classList.replace("quarto-dark", "quarto-light");</script>
<div id="quarto-content">
<div id="quarto-margin-sidebar"><div class="quarto-other-links"><ul>
<li><a href="evidence.html">Uitspraken</a></li>
<li><a href="../../en/report/index.html">English edition</a></li>
</ul></div></div>
<div id="quarto-sidebar-toc-left"><nav id="TOC" role="doc-toc"><h2 id="toc-title">Inhoud</h2><ul>
<li><a href="#sec-one" class="nav-link active">Een</a></li>
<li><a href="#sec-two" class="nav-link">Twee</a><ul class="collapse"><li><a href="#sec-sub">Onder</a></li></ul></li>
</ul></nav></div>
<style>
@media (max-width: 61.98rem) {{ #quarto-sidebar-toc-left {{ display: none; }} }}
.collapse {{ display: none; }}
</style>
<main class="content" id="quarto-document-content">
<section id="sec-one" class="level1"><h1 class="anchored">Een</h1>
<p>Tekst over post.</p>
<div id="fig-a" class="quarto-float quarto-figure anchored"><figure class="quarto-float-fig figure">
<div aria-describedby="fig-a-caption-0ce"><img src="{image}" alt="Een balk"></div>
<figcaption id="fig-a-caption-0ce">Figuur 1: De balk</figcaption></figure></div>
</section>
<section id="sec-two" class="level1"><h1>Twee</h1>
<div id="tbl-b" class="quarto-float"><figure><figcaption>Tabel 1: B</figcaption>
<div><table><tr><td>Een cel</td></tr></table></div></figure></div>
<div style="height: 3000px"></div>
<section id="sec-sub" class="level2"><h2>Onder</h2><div style="height: 3000px"></div></section>
</section>
</main></div>
<script>document.addEventListener("DOMContentLoaded", () => {{
  if (document.querySelector(".quarto-color-scheme-toggle")) return;
  const own = document.createElement("a");
  own.className = "quarto-color-scheme-toggle top-right";
  own.style = "position: absolute; top: 1rem; right: 1rem";
  document.body.append(own);
}});</script>
{script}</body></html>
"""


class TestPageOfQuarto:
    """Quarto is not on every machine; its pages have other elements around the same figures, tables and sections."""

    @pytest.fixture
    def page(self, reader: Reader, tmp_path: Path) -> Any:
        shared = ROOT / "paper" / "shared"
        css, script = ((shared / name).read_text(encoding="utf-8") for name in ("report.css", "report-script.html"))
        image = (BUILD / "nl/report/figures/fig-timeline.svg").as_uri()
        file = tmp_path / "nl" / "report" / "index.html"
        file.parent.mkdir(parents=True)
        file.write_text(QUARTO_PAGE.format(css=css, script=script, image=image), encoding="utf-8")
        yield reader.open(file.as_uri())
        assert reader.complaints == []

    def test_gets_the_bar_with_a_language_switch_that_keeps_the_place(self, page: Any) -> None:
        page.evaluate("location.hash = '#sec-two'")
        settled(page)
        assert page.locator(".report-bar .bar-language").evaluate("link => link.getAttribute('href')") == (
            "../../en/report/index.html#sec-two"
        )

    def test_gets_search_over_sections_figures_and_tables(self, page: Any) -> None:
        found = {}
        for asked in ("post", "balk", "cel"):
            page.fill(".report-search input", asked)
            found[asked] = page.locator(".search-results a").first.get_attribute("href")
        assert found == {"post": "#sec-one", "balk": "#fig-a", "cel": "#tbl-b"}

    def test_gets_figures_that_open_and_tables_that_scroll(self, page: Any) -> None:
        page.click("#fig-a img")
        assert page.inner_text(".zoom-tools p") == "Figuur 1: De balk"
        page.keyboard.press("Escape")
        assert page.get_attribute("#tbl-b .table-scroll", "aria-label") == "Tabel 1: B"
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.report-bar')).backgroundColor")
            == "rgb(20, 24, 31)"
        )

    def test_has_its_button_for_light_and_dark_in_the_bar_where_nothing_covers_it(self, page: Any) -> None:
        [button] = page.locator(".quarto-color-scheme-toggle").all()
        assert button.get_attribute("aria-label")
        button.click()
        assert page.get_attribute("body", "class") == "quarto-light"

    def test_shows_from_disk_where_in_the_contents_the_reader_is(self, page: Any) -> None:
        page.evaluate("document.querySelector('#sec-sub').scrollIntoView()")
        settled(page)
        active = "#TOC a.active"
        page.wait_for_function(f"document.querySelector('{active}')?.getAttribute('href') === '#sec-sub'")
        assert page.locator("#TOC .collapse").is_visible()
        assert page.locator(active).count() == 1

    @on_a_phone
    def test_has_its_contents_on_a_phone_too(self, page: Any) -> None:
        fold = page.locator(".contents-fold")
        assert not page.locator("#TOC").is_visible()
        fold.locator("summary").click()
        assert fold.locator("a").all_inner_texts() == ["Een", "Twee", "Onder"]
        fold.get_by_text("Onder").click()
        settled(page)
        assert in_view(page, "sec-sub")

    def test_has_no_second_contents_at_a_desk(self, page: Any) -> None:
        assert not page.locator(".contents-fold").is_visible()
