"""The page of a study to open first: what there is, what comes next, and the way to its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from koppelkans.locale import words
from koppelkans.report.html_pages import rendered

_TEMPLATES = Path(__file__).with_name("templates")


def page(
    title: str,
    language: str,
    steps: Sequence[Mapping[str, str]],
    following: str,
    reports: Sequence[str],
    marks: Sequence[str],
) -> str:
    """Return the page as HTML.

    `steps`: state (there, missing or odd), sentence and next, in order; `following`: what to do first, or "";
    `reports`: languages of which a report lies beside it; `marks`: what must stand above it, such as that the data are
    synthetic.
    """
    lang = words(language)
    named: dict[str, Any] = {
        state: [step for step in steps if step["state"] == state] for state in ("there", "odd", "missing")
    }
    return rendered(
        _TEMPLATES / "front_page.html",
        _=lang.gettext,
        title=title,
        language=language,
        reports=[(code, _language_name(code, language)) for code in reports],
        marks=marks,
        following=following,
        **named,
    )


def _language_name(code: str, language: str) -> str:
    from babel import Locale

    return str(Locale.parse(code).get_display_name(language))
