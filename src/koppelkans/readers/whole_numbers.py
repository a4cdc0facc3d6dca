"""Whole numbers as files write them: a few plain digits, and nothing that only looks like a number."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def whole(text: str | None) -> int | None:
    """Return the whole number that a text is, None for any other: 10^30, 1e9, 1_000, ², inf and NaN are none here."""
    text = (text or "").strip()
    return int(text) if _WHOLE.fullmatch(text) else None
