"""A small paper with one notebook, written into a folder as a compendium has it: for the tests of the report."""

import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

SETTINGS = """\
project:
  type: manuscript
  output-dir: report
manuscript:
  article: index.qmd
  notebooks:
    - notebook: notebooks/01-sessions.ipynb
      title: Sessies
lang: nl
bibliography: references.bib
number-sections: true
execute:
  enabled: false
format:
  html:
    css: report.css
    lightbox: false
    filters:
      - at: pre-render
        path: filters/quarto.lua
    other-links:
      - text: English edition
        href: ../../en/report/index.html
  typst:
    pdf-standard: ua-1
    section-numbering: "1.1.1"
    font-paths: fonts
    template-partials: [typst-template.typ, typst-show.typ]
    citeproc: true
    filters:
      - at: pre-render
        path: filters/quarto.lua
  docx:
    reference-doc: reference.docx
    toc: true
    toc-depth: 2
    filters:
      - at: pre-render
        path: filters/quarto.lua
"""
ARTICLE = """\
---
title: "Een klein rapport"
subtitle: "Voor de tests"
---

{{< include _01-inleiding.qmd >}}

# Bronnen {.unnumbered}

::: {#refs}
:::
"""
CHAPTER = """\
# Inleiding {#sec-introduction}

Er waren {{< var sessions.count_word >}} sessies, dat is {{< var sessions.share >}}.
De tekst `{{< var sessions.count >}}` is code en blijft staan.
Zie @fig-timeline, @tbl-programme en @sec-details; dat zegt ook @syed2015.

{{< embed notebooks/01-sessions.ipynb#fig-timeline >}}

::: {.content-visible when-format="html"}
[Bron: notebook `01-sessions`, cel `fig-timeline`](notebooks/01-sessions-preview.html#fig-timeline){.source-link}
:::

## Bijzonderheden {#sec-details}

::: {.callout-note title="Let op"}
Een **kader** met tekst.
:::

{{< embed notebooks/01-sessions.ipynb#tbl-programme >}}

::: {.content-visible when-format="html"}
[Bron: notebook `01-sessions`, cel `tbl-programme`](notebooks/01-sessions-preview.html#tbl-programme){.source-link}
:::

::: {.content-hidden when-format="html"}
Dit staat alleen op papier.
:::
"""
REFERENCES = """\
@article{syed2015,
  author = {Syed, Moin and Nelson, Sarah C.},
  title = {Guidelines for Establishing Reliability},
  journaltitle = {Emerging Adulthood},
  date = {2015},
}
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" viewBox="0 0 80 40">'
    '<rect width="60" height="20" fill="#0b5c7a"/></svg>'
)
CAPTION = 'De sessies in de tijd, "van begin tot eind".'
ALT = "Een balk: 't is de duur van de sessies."


def png() -> bytes:
    """Return a picture of one blue pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\x0b\x5c\x7a")) + chunk(b"IEND", b"")


def notebook(executed: bool) -> dict[str, Any]:
    """Return the notebook as it is written, or as it ran."""

    def shown(label: str, kind: str, caption: str, alt: str, data: dict[str, str]) -> list[dict[str, Any]]:
        about = {"label": label, "kind": kind, "origin": "published", "caption": caption, "alt": alt, "data": "a\n1\n"}
        about |= {"svg_narrow": data.get("image/svg+xml", ""), "long": "- Sessie 1: begin" if kind == "figure" else ""}
        output = {"output_type": "display_data", "data": data, "metadata": {"koppelkans": about}}
        return [output] if executed else []

    def code(name: str, source: str, outputs: list[dict[str, Any]], *tags: str) -> dict[str, Any]:
        timed = {"papermill": {"start_time": "2024-05-01T12:00:00"}} if executed else {}
        metadata = {"tags": list(tags), **timed}
        return {"cell_type": "code", "id": name, "source": source, "outputs": outputs, "metadata": metadata}

    picture = {"image/svg+xml": SVG, "image/png": base64.b64encode(png()).decode("ascii")}
    table = {"text/markdown": "| Sessie | Maand |\n|---:|:---|\n| 1 | september 2021 |\n"}
    injected = [code("x8f2", 'language = "nl"', [], "injected-parameters")] if executed else []
    words = "Oude tekst." if executed else "Nieuwe tekst van het notebook."
    cells = [
        {"cell_type": "markdown", "id": "about", "source": f"# Sessies\n\n{words}", "metadata": {}},
        code("parameters", 'study: str = "smitsveen"', [], "parameters"),
        *injected,
        code(
            "timeline", "#| label: fig-timeline\nshow(sessions)", shown("fig-timeline", "figure", CAPTION, ALT, picture)
        ),
        code(
            "programme",
            "#| label: tbl-programme\ntable(x)",
            shown("tbl-programme", "table", "Het programma.", "", table),
        ),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    timed = {"papermill": {"end_time": "2024-05-01T12:00:09"}} if executed else {}
    return {"cells": cells, "metadata": {**kernel, **timed}, "nbformat": 4, "nbformat_minor": 5}


def write_compendium(root: Path) -> Path:
    """Write the paper, its notebook and what the run of the notebook left; return the project's (unstaged) folder."""
    project = root / "build" / "klein" / "nl"
    numbers = {"count": {"value": 12, "text": "12", "word": "twaalf"}, "share": {"value": 7.5, "text": "7,5%"}}
    files = {
        root / "paper/nl/_quarto.yml": SETTINGS,
        root / "paper/nl/index.qmd": ARTICLE,
        root / "paper/nl/_01-inleiding.qmd": CHAPTER,
        root / "paper/shared/references.bib": REFERENCES,
        root / "paper/shared/report.css": ".source-link { font-size: 0.9em; }\n",
        root / "notebooks/01-sessions.ipynb": json.dumps(notebook(executed=False)),
        project / "_executed/01-sessions.ipynb": json.dumps(notebook(executed=True)),
        project / "results/01-sessions.json": json.dumps(numbers),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project
