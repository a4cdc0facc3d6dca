"""Gettext catalogs, read straight from their .po files, so that a correction shows without a step in between."""

from __future__ import annotations

import gettext
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import KoppelkansError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent
SOURCE_LANGUAGE = "en"
LANGUAGES = (*sorted(path.parent.name for path in FOLDER.glob("*/LC_MESSAGES")), SOURCE_LANGUAGE)
"""The languages that there are words for: English, which stands in the code, and each language with a catalog."""
PROSE = "notebooks.po"
"""The text of the notebooks, which their code does not need: it is kept apart, so that a kernel need not read it."""


_LINE = re.compile(r'#.*|((msg(id|id_plural|ctxt|str(\[\d\])?)\s+)?"([^"\\]|\\.)*")?')


def N_(message: str) -> str:
    """Mark a text of a constant as one to be translated; what shows it translates it."""
    return message


def checked(language: str) -> str:
    """Return the language. Raises ValueError where there are no words for it."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    return language


def catalog_files(language: str) -> list[Path]:
    """Return the .po files of a language, by name; English has none."""
    return sorted((FOLDER / language / "LC_MESSAGES").glob("[!.]*.po"))


def read_catalog(path: Path) -> Catalog:
    """Read one .po file. Raises KoppelkansError where it is none (file, line and what is wrong)."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):  # Babel would cut off what is not between quotes
            if not _LINE.fullmatch(line.strip()):
                raise KoppelkansError(f'{path}, line {number}: found {line!r}, expected text such as msgstr "..."')
        return read_po(io.StringIO(text), locale=path.parts[-3], abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise KoppelkansError(f"{path}: not a .po file in UTF-8 ({error}); restore it with git") from None


def _translations(files: list[Path]) -> gettext.NullTranslations:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    merged = Catalog(locale=files[0].parts[-3])
    for path in files:
        for message in read_catalog(path):
            if message.id and not message.fuzzy:
                merged.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def words(language: str) -> gettext.NullTranslations:
    """Return the translations into a language: `_ = words(language).gettext`, and `ngettext`, `pgettext`, `npgettext`.

    A text that has no translation stays English; `koppelkans lint` names it. Raises ValueError for a language without
    a catalog, and KoppelkansError for a catalog that cannot be read.
    """
    files = [path for path in catalog_files(checked(language)) if path.name != PROSE]
    return _translations(files) if files else gettext.NullTranslations()


@cache
def prose(language: str) -> gettext.NullTranslations:
    """Return the translations of the notebooks' text into a language; raises as `words` does."""
    files = [path for path in catalog_files(checked(language)) if path.name == PROSE]
    return _translations(files) if files else gettext.NullTranslations()
