"""The verdicts of `make reproduce` as one HTML page that needs no other file and no network."""

from __future__ import annotations

from pathlib import Path

from koppelkans.report.html_pages import rendered
from koppelkans.review.manifest import MANIFEST
from koppelkans.review.reproduction import SHORT, Reproduction

_TEMPLATE = Path(__file__).parent / "templates" / "reproduce.html"
_SIGNS = {"same": "✓", "differs": "≠", "missing": "✗", "new": "+"}


def page(reproduction: Reproduction) -> str:
    """Return the page: the verdict, what differs and why, how it was built, and the table of all files."""
    return rendered(_TEMPLATE, reproduction=reproduction, manifest=MANIFEST, short=SHORT, signs=_SIGNS)
