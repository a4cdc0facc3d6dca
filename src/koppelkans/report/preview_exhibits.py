"""The figures and tables that notebooks give to the report: their caption, alt text, image files and data."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koppelkans.report.manuscript import Manuscript, cell_options, joined, labelled_cells, load_notebook

SVG_SIZE = re.compile(r'<svg[^>]*\bviewBox="[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')


@dataclass(frozen=True)
class Exhibit:
    """A labelled figure or table as a notebook's cell shows it.

    `svg`, `png` and `table` (Markdown) are empty where the output does not have that form; `svg_narrow` is the figure
    drawn for a phone; `data` is CSV.
    """

    label: str
    caption: str
    alt: str
    svg: str
    png: bytes
    table: str
    data: str
    svg_narrow: str = ""

    def write(self, folder: Path) -> None:
        """Write the image files and the data to `folder`, named by the label."""
        folder.mkdir(parents=True, exist_ok=True)
        forms = {
            "svg": self.svg.encode("utf-8"),
            "narrow.svg": self.svg_narrow.encode("utf-8"),
            "png": self.png,
            "csv": self.data.encode("utf-8"),
        }
        for ending, content in forms.items():
            if content:
                (folder / f"{self.label}.{ending}").write_bytes(content)

    def markdown(self, images: str, folder: str = "figures") -> str:
        """Return Quarto's fenced figure or table: the image or pipe table, then the caption as last paragraph.

        `images` names the ending that the output can show; for "pdf" that is SVG, or PNG where the SVG holds text in
        a font that Typst may not have.
        """
        if self.table:
            content = self.table.strip()
        else:
            if images == "pdf":
                images = "png" if "<text" in self.svg and self.png else "svg"
            wanted = images if (images == "svg" and self.svg) or not self.png else "png"
            alt = (self.alt or self.caption).replace("\\", "\\\\").replace('"', '\\"')
            size = _size(self.svg) if images == "svg" else ""
            if images == "svg" and self.svg_narrow:
                size += f' narrow="{folder}/{self.label}.narrow.svg"{_size(self.svg_narrow, "narrow-")}'
            content = f'![]({folder}/{self.label}.{wanted}){{fig-alt="{alt}"{size}}}'
        return f"\n::: {{#{self.label}}}\n{content}\n\n{self.caption or self.label}\n:::\n"


def read_exhibits(manuscript: Manuscript) -> dict[tuple[str, str], Exhibit]:
    """Return every labelled figure and table of the listed notebooks that has an output, by notebook file and label."""
    exhibits = {}
    for notebook in manuscript.notebooks:
        cells = labelled_cells(load_notebook(manuscript.folder / notebook.file))
        for label, cell in cells.items():
            exhibit = _read(label, cell)
            if exhibit:
                exhibits[notebook.file, label] = exhibit
    return exhibits


def _size(svg: str, of: str = "") -> str:
    """Return width and height as attributes, so that a page keeps the place of a picture that is still to come."""
    size = SVG_SIZE.search(svg)
    if not size:
        return ""
    return f" {of}width={round(float(size['width']))} {of}height={round(float(size['height']))}"


def _read(label: str, cell: dict[str, Any]) -> Exhibit | None:
    options = cell_options(cell)
    for output in cell.get("outputs", []):
        forms = output.get("data", {})
        svg, png = joined(forms.get("image/svg+xml", "")), joined(forms.get("image/png", ""))
        table = joined(forms.get("text/markdown", ""))
        about = output.get("metadata", {}).get("koppelkans", {})
        if svg or png or table:
            return Exhibit(
                label=label,
                caption=str(options.get("fig-cap") or options.get("tbl-cap") or ""),
                alt=str(options.get("fig-alt") or ""),
                svg=svg,
                png=base64.b64decode(png),
                table="" if svg or png else table,
                data=about.get("data", ""),
                svg_narrow=about.get("svg_narrow", ""),
            )
    return None
