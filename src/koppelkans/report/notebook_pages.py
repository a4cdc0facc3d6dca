"""A page for each notebook in the preview: its text, code and outputs as Markdown, with an anchor at every label."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from koppelkans.report.manuscript import OPTION, Manuscript, Notebook, cell_options, joined, load_notebook
from koppelkans.report.preview_exhibits import Exhibit
from koppelkans.study.plain_text import in_markdown

ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def notebook_markdown(
    manuscript: Manuscript,
    notebook: Notebook,
    exhibits: dict[tuple[str, str], Exhibit],
    embedded: set[tuple[str, str]],
    words: dict[str, str],
    folder: Path,
) -> str:
    """Return an executed notebook as Markdown.

    `embedded` holds the (notebook file, label) pairs that the report embeds, which get a link to their place there;
    `words` are the edition's words; images that are no exhibit are written to `folder`/figures.
    """
    parts: list[str] = []
    for position, cell in enumerate(load_notebook(manuscript.folder / notebook.file)["cells"], start=1):
        source = joined(cell.get("source", "")).rstrip()
        if cell["cell_type"] == "markdown":
            parts.append(source)
        elif cell["cell_type"] == "code" and (source or cell.get("outputs")):
            address = notebook.file, str(cell_options(cell).get("label", ""))
            exhibit = exhibits.get(address)
            if exhibit:
                shown = exhibit.markdown("svg", "../figures") + _links(exhibit, address in embedded, words, manuscript)
            else:
                name = f"{notebook.name}-{position}"
                shown = "\n".join(_output(output, f"{name}-{i}", folder) for i, output in enumerate(cell["outputs"]))
            code = "\n".join(line for line in source.split("\n") if not OPTION.match(line)).strip("\n")
            parts.append(f":::: cell\n{_folded(code, words)}\n\n::::: output\n{shown}\n:::::\n::::")
    return "\n\n".join(parts) + "\n"


def _fenced(text: str, language: str = "") -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence} {{{language}}}\n{text}\n{fence}" if language else f"{fence}\n{text}\n{fence}"


def _folded(code: str, words: dict[str, str]) -> str:
    """Return code that opens on a click: what a cell shows comes first."""
    lines = code.count("\n") + 1
    word = words["code" if lines > 1 else "code-one"].format(n=lines)
    opening = f'<details class="code"><summary>{word}</summary>'
    return f"{_fenced(opening, '=html')}\n\n{_fenced(code, '.python')}\n\n{_fenced('</details>', '=html')}"


def _links(exhibit: Exhibit, embedded: bool, words: dict[str, str], manuscript: Manuscript) -> str:
    files = {"SVG": exhibit.svg, "PNG": exhibit.png, "CSV": exhibit.data}
    links = [f"[{words['in-report']}](../{manuscript.article.stem}.html#{exhibit.label})"] if embedded else []
    links += [
        f'[{name}](../figures/{exhibit.label}.{name.lower()}){{download="{exhibit.label}.{name.lower()}"}}'
        for name, content in files.items()
        if content
    ]
    return f"\n::: cell-links\n{' '.join(links)}\n:::\n" if links else ""


def _output(output: dict[str, Any], name: str, folder: Path) -> str:
    """Return one output of a cell: a picture, Markdown or text, in that order of preference."""
    if output["output_type"] == "stream":
        return _fenced(ANSI_COLOUR.sub("", joined(output["text"])).rstrip())
    forms = {kind: joined(text) for kind, text in output.get("data", {}).items() if isinstance(text, str | list)}
    for kind, ending in (("image/svg+xml", "svg"), ("image/png", "png")):
        if kind in forms:
            file = folder / "figures" / f"{name}.{ending}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(forms[kind].encode("utf-8") if ending == "svg" else base64.b64decode(forms[kind]))
            return f"![{in_markdown(forms.get('text/plain', ''))}](../figures/{file.name})\n"
    if "text/markdown" in forms:
        return forms["text/markdown"]
    return _fenced(forms.get("text/plain", "\n".join(output.get("traceback", []))))
