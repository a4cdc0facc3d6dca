"""The documentation as a site: both editions, complete, without a broken link, and nothing from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.site.pages import pages_of
from koppelkans.locale import LANGUAGES
from koppelkans.study.plain_yaml import parse_yaml
from koppelkans.study.setting_keys import FIELD_KEYS, STUDY_KEYS
from koppelkans.study.settings import settings_problems

pytestmark = pytest.mark.slow

LOADED = re.compile(r"""<(?:script|img|iframe|source)[^>]*\ssrc="([^"]*)"|<link[^>]*\shref="([^"]*)"|url\(([^)]*)\)""")


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo", reason="no Sphinx with Furo: the documentation is not built")
    from docs.site.__main__ import build

    folder = tmp_path_factory.mktemp("site")
    assert [build(root, language, folder) for language in LANGUAGES] == [0, 0]  # a broken link is an error
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_the_language_it_says_and_loads_nothing_from_elsewhere(
    language: str, root: Path, site: Path
) -> None:
    for place, source in pages_of(root, language).items():
        page = (site / language / place).with_suffix(".html").read_text(encoding="utf-8")
        own = language if source.is_relative_to(root / "docs" / language) else "en"
        assert f'<html class="no-js" lang="{own}"' in page, place
        other = "en" if language == "nl" else "nl"
        (switch,) = re.findall(rf'href="([^"]*)" lang="{other}" hreflang', page)
        assert (site / language / place).parent.joinpath(switch).resolve().exists(), place
    made = [path for path in (site / language).rglob("*") if path.suffix in (".html", ".css")]
    loaded = [next(filter(None, found)) for path in made for found in LOADED.findall(path.read_text(encoding="utf-8"))]
    assert loaded and not [one for one in loaded if re.match(r"""["']?(?:https?:)?//""", one)]


def test_the_reference_holds_what_the_code_has(site: Path) -> None:
    def text(page: str, language: str = "en") -> str:
        return (site / language / "reference" / f"{page}.html").read_text(encoding="utf-8")

    assert "pseudonymise" in text("commands") and "figure-N" in text("commands")
    assert "Groepen van minder mensen dan dit zijn verborgen." in text("study-yml", "nl")
    assert "koppelkans.strands.talks" in text("functions") and "by_talk" in text("functions")
    assert "of the order of reading" in text("parameters") and "minimum_cell" not in text("parameters")
    assert "Pseudonym." in text("tables")
    assert "veranderverhaal" in (site / "en" / "glossary.html").read_text(encoding="utf-8")


def test_the_examples_in_the_reference_are_taken(tmp_path: Path) -> None:
    examples = "".join(f"{name}: {key.example}\n" for name, key in STUDY_KEYS.items() if name != "strands")
    found = settings_problems(parse_yaml(examples, "study.yml"), tmp_path, "heuvelwijk")
    assert not found, found
    strands = {name: key.example for name, key in STUDY_KEYS.items() if name in ("name", "title", "strands")}
    given = "".join(f"{name}: {example}\n" for name, example in strands.items()) + "field_data:\n"
    for kind, others in (("answers", ("coder", "columns", "preset")), ("interviews", OF_ANSWERS)):
        entry = {name: key.example for name, key in FIELD_KEYS.items() if name not in others} | {"kind": kind}
        entry["file"] = f"{kind}/{kind}.xlsx"
        given += "  - {" + ", ".join(f"{name}: {example}" for name, example in entry.items()) + "}\n"
    found = settings_problems(parse_yaml(given, "study.yml"), tmp_path, "heuvelwijk")
    assert not found, found


OF_ANSWERS = ("questions", "respondent", "attributes", "structure", "missing")
