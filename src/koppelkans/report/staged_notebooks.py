"""The notebooks of a staged project: as they ran, with the captions and in the form that Quarto reads."""

from __future__ import annotations

import copy
import json
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.report.manuscript import OPTION, joined, labelled_cells
from koppelkans.study.plain_text import in_markdown

OPTIONS = {"fig": {"fig-cap": "caption", "fig-alt": "alt"}, "tbl": {"tbl-cap": "caption"}}
TIMED_METADATA = ("papermill", "execution")  # differ between two equal runs


def staged_notebook(source: dict[str, Any], executed: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an executed notebook with the Markdown of its source and the captions and alt texts of its outputs.

    `source` and `executed` are notebooks as JSON; what differs between two equal runs (times, the id of the cell that
    Papermill adds) is left out. Raises KoppelkansError where the two no longer have the same code cells.
    """
    ran = [copy.deepcopy(cell) for cell in executed["cells"] if cell["cell_type"] == "code"]
    if len([c for c in ran if not _injected(c)]) != len([c for c in source["cells"] if c["cell_type"] == "code"]):
        raise KoppelkansError(f"notebooks/{name}.ipynb: has other code cells than when it ran; run it again (`make`)")
    cells: list[dict[str, Any]] = []

    def take_injected() -> None:
        while ran and _injected(ran[0]):
            cells.append(ran.pop(0))

    take_injected()
    for cell in source["cells"]:
        cells.append(ran.pop(0) if cell["cell_type"] == "code" else copy.deepcopy(cell))
        take_injected()
    for number, cell in enumerate(cells, start=1):
        cell["metadata"] = {k: v for k, v in cell.get("metadata", {}).items() if k not in TIMED_METADATA}
        cell["id"] = "injected-parameters" if _injected(cell) else cell.get("id", f"cell-{number}")
        if "outputs" in cell:
            cell["outputs"] = [_without_html(output) for output in cell["outputs"]]
    metadata = {k: v for k, v in executed.get("metadata", {}).items() if k not in TIMED_METADATA}
    notebook = {**executed, "metadata": metadata, "cells": cells, "nbformat_minor": 5}  # cells have ids since 4.5
    for label, cell in labelled_cells(notebook).items():
        cell["source"] = _with_options(cell, label)
    return notebook


def in_lines(notebook: dict[str, Any]) -> str:
    """Return a notebook as Jupyter stores it, each text as a list of lines: Quarto loses those of one string."""
    from nbformat import from_dict, v4

    return v4.writes(from_dict(notebook)) + "\n"


def table_as_markdown(page: str) -> str:
    """Return the first table of a piece of HTML, such as pandas gives, as a pipe table; "" where it has none."""
    from lxml import html

    table: Any = html.fromstring(f"<div>{page}</div>").find(".//table")
    rows = (
        []
        if table is None
        else [[cell.text_content() for cell in row.xpath("./th | ./td")] for row in table.iter("tr")]
    )
    cells = [[in_markdown(" ".join(text.split())) for text in row] for row in rows]
    if not cells:
        return ""
    cells.insert(1, ["---"] * len(cells[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def _without_html(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output with a table in HTML as Markdown: for HTML, Quarto has a page ask other hosts for scripts."""
    forms = {kind: text for kind, text in output.get("data", {}).items() if kind != "text/html"}
    if len(forms) == len(output.get("data", {})):
        return output
    table = "" if "text/markdown" in forms else table_as_markdown(joined(output["data"]["text/html"]))
    return {**output, "data": {**forms, "text/markdown": table} if table else forms}


def _injected(cell: dict[str, Any]) -> bool:
    """Tell whether Papermill added the cell, with the values that this run was given."""
    return "injected-parameters" in cell.get("metadata", {}).get("tags", [])


def _with_options(cell: dict[str, Any], label: str) -> str:
    """Return a labelled cell's source with its exhibit's caption and alt text as options after the label.

    A cell that showed nothing, such as one for field data that are not there, loses its label: Quarto would count its
    code as a figure without a caption.
    """
    exhibits = [output.get("metadata", {}).get("koppelkans") for output in cell.get("outputs", [])]
    exhibit = next((e for e in exhibits if e and e.get("label") == label), None)
    source = joined(cell["source"])
    if not cell.get("outputs"):
        return "\n".join(line for line in source.split("\n") if not OPTION.match(line))
    if exhibit is None:
        return source
    options = OPTIONS[label.partition("-")[0]]
    lines = []
    for line in source.split("\n"):
        option = OPTION.match(line)
        if option and option["key"] in options:
            continue
        lines.append(line)
        if option and option["key"] == "label":
            lines += [f"#| {key}: {_quoted(exhibit.get(part, ''), part)}" for key, part in options.items()]
    return "\n".join(lines)


def _quoted(text: str, part: str) -> str:
    """Quote for YAML on one line: a caption as Markdown that shows it as it is, an alt text without straight quotes.

    Quarto puts alt text between such quotes, so those become curly ones.
    """
    line = " ".join(text.split()).replace("'", "’")
    return json.dumps(in_markdown(line) if part == "caption" else line.replace('"', "”"), ensure_ascii=False)
