"""docs/reliability.md: numbers that commands measure, a section each."""

from __future__ import annotations

import re
from pathlib import Path

from koppelkans.study import write_atomically

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"
_HEAD = (
    "# Reliability\n\nWhat was tried to break Koppelkans, and what came of it. Commands write this page; no number is\n"
    "typed.\n"
)


def put(section: str, text: str, page: Path = PAGE, head: str = _HEAD) -> None:
    """Write a section of a page, in place of the one that has its name, else at the end; `head` begins a new page."""
    whole = page.read_text(encoding="utf-8") if page.exists() else head
    made = f"## {section}\n\n{text.strip()}\n"
    found = re.search(rf"^## {re.escape(section)}\n.*?(?=^## |\Z)", whole, re.MULTILINE | re.DOTALL)
    if found:
        after = "\n" if whole[found.end() :] else ""
        whole = whole[: found.start()] + made + after + whole[found.end() :]
    else:
        whole = whole.rstrip("\n") + "\n\n" + made
    write_atomically(page, whole)
