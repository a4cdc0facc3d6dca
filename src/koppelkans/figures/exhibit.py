"""Exhibits: a figure or table with its caption, alt text, origin and data, as a notebook shows it.

Captions and alt texts stand in captions/, one file a language. Numbers in them are filled in from what the notebook
computed, and every caption ends with the origin of what is shown.
"""

from __future__ import annotations

import base64
import io
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from koppelkans.locale import language as lang
from koppelkans.study import plain_text
from koppelkans.study.origin import ORIGINS, SEVERAL, origins_of
from koppelkans.study.strands import own_or_of_strands

SYNTHETIC_MARK = "origin-synthetic"
"""The id of the synthetic mark inside an SVG."""
DPI = 144
_SAVED: dict[Any, Any] = {"svg.hashsalt": "koppelkans", "svg.fonttype": "path", "hatch.linewidth": 0.5}


@dataclass(frozen=True)
class Exhibit:
    """What a labelled cell shows.

    `data` is CSV; `svg` and `png` are empty for a table, `markdown` for a figure. `svg_narrow` is the figure
    drawn for a phone, `long` a description row by row (Markdown).
    """

    label: str
    kind: str
    origin: str
    caption: str
    alt: str
    data: str
    svg: str = ""
    svg_narrow: str = ""
    long: str = ""
    png: bytes = b""
    markdown: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        keys = ("label", "kind", "origin", "caption", "alt", "data")
        about = {"koppelkans": {key: getattr(self, key) for key in keys}}
        if self.kind == "table":
            return {"text/markdown": self.markdown, "text/plain": self.alt}, about
        about["koppelkans"] |= {"svg_narrow": self.svg_narrow, "long": self.long}
        image = base64.b64encode(self.png).decode("ascii")
        return {"image/svg+xml": self.svg, "image/png": image, "text/plain": self.alt}, about


@cache
def captions(language: str) -> dict[str, Any]:
    """Read the captions of a language: label -> caption, alt, source and, for a table, columns and values."""
    path = Path(__file__).parent / "captions" / f"{language}.yml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return loaded


class _Filled(string.Formatter):
    """Fills placeholders; a Number ({value, text}) is written as its text."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value["text"]) if isinstance(value, dict) else str(super().format_field(value, format_spec))


def _is_known(value: Any) -> bool:
    return value is not None and not (isinstance(value, dict) and value["value"] is None)


def filled(sentences: str | list[str], numbers: dict[str, Any]) -> str:
    """Fill in the numbers and join the sentences; a sentence about a number that the study lacks is left out.

    Raises KeyError for a placeholder that `numbers` does not name at all.
    """
    complete = []
    for sentence in [sentences] if isinstance(sentences, str) else sentences:
        fields = [name for _, name, _, _ in string.Formatter().parse(sentence) if name]
        if all(_is_known(numbers[name.partition("[")[0]]) for name in fields):
            complete.append(_Filled().vformat(sentence, (), numbers))
    return " ".join(complete)


def texts_of(
    label: str, language: str, origin: str, numbers: dict[str, Any], caption: str = "", alt: str = ""
) -> tuple[str, str]:
    """Return caption and alt text of an exhibit: those of captions/, or the given ones, with origin and numbers.

    Raises ValueError for a label that has no caption and is given none, and for an unknown origin.
    """
    origins = origin.split(SEVERAL)
    if not set(origins) <= set(ORIGINS):
        raise ValueError(f"{label}: origin {origin!r} is not one of {', '.join(ORIGINS)}")
    numbers = {"Strand": None, "strand": None, "compared": None, **numbers}
    entry = own_or_of_strands(label, captions(language))
    if entry is None and not (caption and (alt or label.startswith("tbl-"))):
        raise ValueError(
            f"{label!r} has no caption; give caption='...' and alt='...' (what it shows, in words), or add it "
            f"to figures/captions/{language}.yml"
        )
    name = ", ".join(lang.text(one, language).lower() for one in origins)
    source = f" ({entry['source']})" if entry and origin in ("published", "bounds") else ""
    said = caption or filled(entry["caption"], numbers)
    whole = f"{said} {lang.text('origin', language)}: {name}{source}."
    alt = alt or (filled(entry["alt"], numbers) if entry else caption)
    mark = synthetic_mark(origin, language)
    return whole, f"{mark.capitalize()}. {alt}" if mark else alt


def synthetic_mark(origin: str, language: str) -> str:
    """Return what says that what is shown is synthetic, or is in part; "" where it is not."""
    origins = origin.split(SEVERAL)
    if "synthetic" not in origins:
        return ""
    return lang.text("synthetic" if len(origins) == 1 else "partly_synthetic", language)


def csv_of(data: pd.DataFrame, origin: str) -> str:
    """Write the data of an exhibit as CSV, with its origin on every row; rows of several studies keep their own."""
    return plain_text.csv_of(data if origins_of(data) else data.assign(origin=origin))


def svg_of(figure: Figure) -> str:
    """Return a figure whose layout stands as SVG, without date, the same every time.

    Not by `savefig`, which draws twice, the first time for a layout that stands already.
    """
    buffer = io.BytesIO()
    with mpl.rc_context(_SAVED):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode("utf-8")


def png_of(figure: Figure, dpi: float) -> bytes:
    """Return a figure whose layout stands as PNG, the same bytes every time."""
    buffer, before = io.BytesIO(), figure.dpi
    figure.set_dpi(dpi)
    with mpl.rc_context(_SAVED):
        FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    figure.set_dpi(before)
    return buffer.getvalue()


def pipe_table(data: pd.DataFrame) -> str:
    """Write a table as a Markdown pipe table; numbers are set to the right, what is in cells is shown as it is."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(plain_text.in_markdown(cell) for cell in cells) + " |"

    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in data.itertuples(index=False)]
    header = [str(column) for column in data.columns]
    rules = []
    for position, column in enumerate(data.columns):
        written = [header[position], *(row[position] for row in cells)]
        longest_word = max((len(word) for cell in written for word in cell.split()), default=0)
        # print gives a column room by its dashes: enough for its longest word, and at most a third of the page
        dashes = "-" * max(longest_word + 3, min(max(map(len, written)), 40), 4)
        rules.append(f"{dashes}:" if pd.api.types.is_numeric_dtype(data[column]) else f":{dashes}")
    rule = "|" + "|".join(rules) + "|"
    return "\n".join([line(header), rule, *map(line, cells)]) + "\n"


def table_exhibit(
    label: str,
    data: pd.DataFrame,
    language: str,
    origin: str,
    why: str,
    numbers: dict[str, Any],
    caption: str = "",
    alt: str = "",
) -> Exhibit:
    """Return a table as an exhibit: Markdown with headings and codes in the language, caption, alt text and data.

    Headings and the words for codes stand in captions/. `numbers` fills placeholders of caption and alt text. An empty
    table gives one line that says so, or says `why`.
    """
    if data.empty:
        message = why or lang.text("no_data", language)
        return Exhibit(label, "table", origin, message, message, csv_of(data, origin), markdown=message + "\n")
    caption, alt = texts_of(label, language, origin, numbers, caption, alt)
    entry = own_or_of_strands(label, captions(language)) or {}
    shown = data.drop(columns="origin") if origins_of(data) else data.copy()
    for column, words in entry.get("values", {}).items():
        shown[column] = shown[column].map(lambda code, words=words: words.get(code, code))
    shown = shown.rename(columns=entry.get("columns", {}))
    return Exhibit(label, "table", origin, caption, alt, csv_of(data, origin), markdown=pipe_table(shown))
