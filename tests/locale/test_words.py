from __future__ import annotations

import json
from pathlib import Path

import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.locale import LANGUAGES, catalogs, prose, upkeep, words
from koppelkans.locale.language import month, months, number, text

HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def po(**entries: str) -> str:
    return HEADER + "".join(f'msgid "{msgid}"\nmsgstr "{msgstr}"\n\n' for msgid, msgstr in entries.items())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogs with one language, nl, and a notebook beside it."""
    made = tmp_path / "locale" / "nl" / "LC_MESSAGES"
    made.mkdir(parents=True)
    package = tmp_path / "package"
    package.mkdir()
    (package / "shown.py").write_text('from koppelkans.locale import N_\nTITLE = N_("{n} people")\n', encoding="utf-8")
    cell = {"cell_type": "markdown", "source": ["# Sessions\n", "\n", "What was\n", "published.\n"]}
    (tmp_path / "01-a.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    for module in (catalogs, upkeep):
        monkeypatch.setattr(module, "FOLDER", tmp_path / "locale")
    monkeypatch.setattr(upkeep, "_PACKAGE", package)
    for cached in (catalogs.words, catalogs.prose):
        cached.cache_clear()
    yield made
    for cached in (catalogs.words, catalogs.prose):
        cached.cache_clear()


def test_english_stands_in_the_code_and_dutch_in_the_catalog() -> None:
    assert words("en").gettext("not in the text") == "not in the text"
    assert words("nl").gettext("not in the text") == "niet in de tekst"
    assert text("no_data", "nl") == "Deze studie heeft hiervoor geen gegevens."
    assert LANGUAGES == ("nl", "en")


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="language 'fr' is not one of nl, en"):
        words("fr")
    with pytest.raises(ValueError, match="language 'fr' is not one of nl, en"):
        number(1, "fr")


def test_a_word_without_a_translation_stays_english() -> None:
    assert words("nl").gettext("never translated") == "never translated"


def test_a_corrected_catalog_shows_at_once(folder: Path) -> None:
    (folder / "koppelkans.po").write_text(po(one="een", two="twee"), encoding="utf-8")
    (folder / "charts.po").write_text(po(three="drie"), encoding="utf-8")
    assert [words("nl").gettext(word) for word in ("one", "three")] == ["een", "drie"]
    catalogs.words.cache_clear()
    (folder / "koppelkans.po").write_text(po(one="één"), encoding="utf-8")
    assert words("nl").gettext("one") == "één"


@pytest.mark.parametrize("broken", ['msgid "a"\nmsgstr nothing quoted\n', 'msgid "a"\nmsgstr "open\n'])
def test_a_broken_catalog_is_named_with_its_line(folder: Path, broken: str) -> None:
    (folder / "koppelkans.po").write_text(HEADER + broken, encoding="utf-8")
    with pytest.raises(KoppelkansError, match=r"koppelkans\.po, line 6: found .*expected text such as"):
        words("nl")


def test_lint_names_what_has_no_translation(folder: Path) -> None:
    found = upkeep.problems(folder.parents[2])
    assert "shown.py, line 2: no nl for '{n} people'" in found
    assert "notebooks/01-a.ipynb, cell 1: no nl for 'Sessions'" in found
    assert "notebooks/01-a.ipynb, cell 1: no nl for 'What was published.'" in found
    assert len(found) == 3


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('msgid "{n} people"\nmsgstr "{m} mensen"\n', "has ['m'], expected ['n']"),
        ('msgid "{n} people"\nmsgstr "mensen"\n', "has [], expected ['n']"),
        ('#, fuzzy\nmsgid "{n} people"\nmsgstr "{n} mensen"\n', "is fuzzy"),
        ('msgid "gone"\nmsgstr "weg"\n', "nothing says 'gone'"),
        ('#~ msgid "gone"\n#~ msgstr "weg"\n', "'gone' is obsolete"),
    ],
)
def test_lint_names_an_entry_that_a_reader_would_see_go_wrong(folder: Path, entry: str, expected: str) -> None:
    (folder / "koppelkans.po").write_text(HEADER + entry, encoding="utf-8")
    assert any(expected in problem for problem in upkeep.problems(folder.parents[2]))


def test_lint_names_two_translations_of_one_text(folder: Path) -> None:
    (folder / "koppelkans.po").write_text(po(**{"{n} people": "{n} mensen"}), encoding="utf-8")
    (folder / "charts.po").write_text(po(**{"{n} people": "{n} personen"}), encoding="utf-8")
    assert any("two translations" in problem for problem in upkeep.problems(folder.parents[2]))


@pytest.mark.parametrize("argument", ['f"{n} x"', '"{n} x".format(n=1)'])
def test_lint_names_a_text_that_no_catalog_can_have(folder: Path, argument: str) -> None:
    (upkeep._PACKAGE / "made.py").write_text(f"_({argument})\n", encoding="utf-8")
    assert any("made.py, line 1: _(...) needs the bare text" in one for one in upkeep.problems(folder.parents[2]))


def test_catalogs_are_brought_up_to_date_and_stay_the_same_after(folder: Path) -> None:
    (folder / "charts.po").write_text(po(**{"{n} people": "{n} mensen", "gone": "weg"}), encoding="utf-8")
    upkeep.update(folder.parents[2])
    assert sorted(path.name for path in folder.iterdir()) == ["koppelkans.po", "notebooks.po"]
    first = (folder / "koppelkans.po").read_bytes()
    assert "{n} mensen" in first.decode() and "weg" not in first.decode()
    assert 'msgid "What was published."' in (folder / "notebooks.po").read_text(encoding="utf-8")
    upkeep.update(folder.parents[2])
    assert (folder / "koppelkans.po").read_bytes() == first


MARKDOWN = """# Sessions

What was
published.

```python
never = "What was published."

```
- one
- two

12.5
## Next {#sec-next}
"""


def test_markdown_is_translated_by_paragraph_and_code_is_left() -> None:
    assert prose.messages(MARKDOWN) == ["Sessions", "What was published.", "- one\n- two", "Next {#sec-next}"]
    dutch = {"Sessions": "Sessies", "What was published.": "Wat er\nstaat.", "- one\n- two": "- een\n- twee"}
    translated = prose.translated(MARKDOWN, lambda message: dutch.get(message, message))
    expected = MARKDOWN.replace("# Sessions", "# Sessies").replace("What was\npublished.", "Wat er\nstaat.")
    assert translated == expected.replace("- one\n- two", "- een\n- twee")
    assert prose.translated(MARKDOWN, lambda message: message) == MARKDOWN


def test_a_notebook_in_dutch_has_dutch_text_and_the_same_code(folder: Path) -> None:
    (folder / "notebooks.po").write_text(po(Sessions="Sessies"), encoding="utf-8")
    notebook = json.loads((folder.parents[2] / "01-a.ipynb").read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "code", "source": "# Sessions"})
    dutch = prose.in_language(notebook, "nl")
    assert dutch["cells"][0]["source"] == "# Sessies\n\nWhat was\npublished.\n"
    assert dutch["cells"][1] == notebook["cells"][1]
    assert prose.in_language(notebook, "en")["cells"][0]["source"] == "# Sessions\n\nWhat was\npublished.\n"


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "dutch", "english"),
    [
        (1234567, 0, "", "1.234.567", "1,234,567"),
        (2.675, 2, "", "2,67", "2.67"),
        (7.5, 1, "%", "7,5%", "7.5%"),
        (1234, 0, "€", "€\u00a01.234", "€1,234"),
        (-0.5, 1, "m²", "-0,5 m²", "-0.5 m²"),
    ],
)
def test_numbers_are_written_as_a_language_does(
    value: float, decimals: int, unit: str, dutch: str, english: str
) -> None:
    assert number(value, "nl", decimals, unit)["text"] == dutch
    assert number(value, "en", decimals, unit)["text"] == english


def test_small_numbers_have_a_word() -> None:
    assert [number(n, "nl").get("word") for n in (0, 12, 20, 21)] == ["nul", "twaalf", "twintig", None]
    assert number(3, "en")["word"] == "three"


def test_months_are_written_as_a_language_does() -> None:
    assert (month("2021-03", "nl"), month("2021-03", "en")) == ("maart 2021", "March 2021")
    assert (month("2021-03", "nl", short=True), month("2021-09", "en", short=True)) == ("mrt 2021", "Sep 2021")
    assert months("nl")[4] == "mei" and months("en")[11] == "December"
