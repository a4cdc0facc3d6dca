"""The notebooks of a study as its own report links to them: without what they hold of no data of this study."""

from __future__ import annotations

from typing import Any

from koppelkans.report.executed import exhibit_outputs
from koppelkans.report.manuscript import cell_options, joined
from koppelkans.study.plain_text import in_markdown

_NO_ROWS = "Empty DataFrame"


def without_empty(
    source: dict[str, Any], executed: dict[str, Any], title: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a notebook and its run without the cells that show nothing, and the text that leads to them.

    Its first cell, which tells what another study published, gives way to a title.
    """
    outputs = exhibit_outputs(executed)
    empty = {label for label, one in outputs.items() if one["metadata"]["koppelkans"]["data"].count("\n") < 2}
    bare = {cell.get("id") for cell in executed["cells"] if _shows_no_rows(cell)}

    def goes(cell: dict[str, Any]) -> bool:
        if cell["cell_type"] != "code":
            return False
        label = cell_options(cell).get("label")
        return label in empty or (label is not None and label not in outputs) or cell.get("id") in bare

    cells = source["cells"]
    shown = [
        cell
        for place, cell in enumerate(cells)
        if not goes(cell)
        and not (cell["cell_type"] == "markdown" and place + 1 < len(cells) and goes(cells[place + 1]) and place)
    ]
    shown = [{**shown[0], "source": f"# {in_markdown(title)}"}, *shown[1:]]
    return {**source, "cells": shown}, {**executed, "cells": [cell for cell in executed["cells"] if not goes(cell)]}


def _shows_no_rows(cell: dict[str, Any]) -> bool:
    """Tell whether the output of a cell is a table without rows."""
    outputs = cell.get("outputs") or []
    return any(joined(one.get("data", {}).get("text/plain", "")).startswith(_NO_ROWS) for one in outputs)
