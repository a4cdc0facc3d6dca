"""Write the place of a selection that is not text, and read it back: page, region, time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_REGION = re.compile(r"(?:page (?P<page>-?\d+), )?region (?P<x1>-?\d+),(?P<y1>-?\d+) to (?P<x2>-?\d+),(?P<y2>-?\d+)")
_TIME = re.compile(r"(?P<begin>-?\d+) to (?P<end>-?\d+) ms")


def place(get: Callable[[str], str | None]) -> str:
    """Write the place that attributes of a selection give: "page 2, region 10,20 to 300,40" or "0 to 900 ms".

    Pages are numbered as in the file (ATLAS.ti starts at 0), regions in its units, times in milliseconds.
    """
    if get("begin") is not None or get("end") is not None:
        return f"{get('begin') or 0} to {get('end') or 0} ms"
    if get("firstX") is not None:
        page = f"page {get('page')}, " if get("page") is not None else ""
        return f"{page}region {get('firstX')},{get('firstY')} to {get('secondX')},{get('secondY')}"
    return f"page {get('page')}" if get("page") is not None else ""


def attributes(written: str) -> dict[str, str]:
    """Return the attributes of a selection from its place; none where it says nothing of the kind."""
    if match := _REGION.fullmatch(written):
        names = {"page": "page", "x1": "firstX", "y1": "firstY", "x2": "secondX", "y2": "secondY"}
        return {names[key]: value for key, value in match.groupdict().items() if value is not None}
    if match := _TIME.fullmatch(written):
        found: dict[str, Any] = match.groupdict()
        return found
    return {}
