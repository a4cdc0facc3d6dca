"""Under each figure and table of the report: where it comes from, and its files to download.

A chapter in paper/ has one source line below each embed. Staging puts an include in its place, of a block of plain
Pandoc constructs that Quarto and the preview show alike, and that opens and closes without JavaScript.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.report.executed import exhibit_outputs, parameters_of
from koppelkans.report.manuscript import Manuscript, embed_target, joined, shortcodes

FOLDER = "_provenance"
SOURCE_LINE = re.compile(
    r"^(?P<link>\[[^\n]*\]\(notebooks/[\w-]+-preview\.html#(?P<label>[\w-]+)\)\{\.source-link\})[ \t]*$", re.MULTILINE
)
ENDINGS = {"image/svg+xml": "svg", "image/png": "png"}


@dataclass(frozen=True)
class ExhibitSource:
    """What is said of a figure or table: its `label`, its notebook's `parameters`, the tidy tables it was given.

    `data` is its data as CSV, `images` the endings of its image files, `claims` holds (id, status) of the statements
    that it carries, `long` describes it row by row (Markdown; empty where its alt text says all).
    """

    label: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    data: str = ""
    images: tuple[str, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    long: str = ""

    def markdown(self, link: str, words: Mapping[str, str]) -> str:
        """Return the block, with the source line of the chapter (`link`) as its first part."""
        lines = [link]
        if self.parameters:
            values = ", ".join(f"`{name} = {value}`" for name, value in self.parameters.items())
            lines.append(f"{words['parameters']}: {values}")
        if self.tables:
            lines.append(f"{words['tables']}: {', '.join(f'`{table}`' for table in self.tables)}")
        if self.data:
            digest = hashlib.sha256(self.data.encode("utf-8")).hexdigest()
            lines.append(f"{words['checksum']} `{self.label}.csv`: `{digest}`")
        if self.claims:
            marks = " ".join(
                f"[{id}](evidence.html#{id}){{.claim-mark .status-{status}}}" for id, status in self.claims
            )
            lines.append(f"{words['claims']}: [{marks}]{{.claim-marks}}")
        files = [*self.images, *(["csv"] if self.data else [])]
        downloads = " ".join(
            f'[{ending.upper()}](figures/{self.label}.{ending}){{download="{self.label}.{ending}"}}' for ending in files
        )
        described = [_raw(f"<details>\n<summary>{words['long']}</summary>"), self.long, _raw("</details>")]
        parts = [
            *(described if self.long else []),
            _raw(f"<details>\n<summary>{words['whence']}</summary>"),
            "\n".join(f"- {line}" for line in lines),
            _raw("</details>"),
            *([f"[{words['downloads']}: {downloads}]{{.downloads}}"] if files else []),
        ]
        return "::: {.provenance}\n\n" + "\n\n".join(parts) + "\n\n:::\n"


def _raw(html: str) -> str:
    return f"```{{=html}}\n{html}\n```"


def with_includes(chapter: str) -> str:
    """Return a chapter with an include in place of each source line; every line keeps its number."""
    return SOURCE_LINE.sub(lambda match: f"{{{{< include {FOLDER}/{match['label']}.qmd >}}}}", chapter)


def planned_files(manuscript: Manuscript) -> list[Path]:
    """Return the files, relative to the project, that a manuscript's source lines become, in order of appearance."""
    return [Path(FOLDER, f"{label}.qmd") for label in _links(manuscript)]


def _links(manuscript: Manuscript) -> dict[str, str]:
    """Return label -> source line of every embed that has one; those in code are no source lines."""
    lines = manuscript.all_lines()
    embedded = {embed_target(code.argument)[1] for code in shortcodes(lines, "embed")}
    matches = (SOURCE_LINE.match(line.text) for line in lines)
    return {match["label"]: match["link"] for match in matches if match and match["label"] in embedded}


def blocks(manuscript: Manuscript, sources: Mapping[str, ExhibitSource], words: Mapping[str, str]) -> dict[Path, str]:
    """Return the text of each of the `planned_files` of a manuscript in paper/.

    `sources` are by label; where one is missing, the block holds the chapter's own line only.
    """
    return {
        Path(FOLDER, f"{label}.qmd"): sources.get(label, ExhibitSource(label)).markdown(link, words)
        for label, link in _links(manuscript).items()
    }


def read_sources(
    notebook: Mapping[str, Any],
    tables: tuple[str, ...],
    claims: Mapping[str, list[tuple[str, str]]],
) -> dict[str, ExhibitSource]:
    """Return label -> what is known of each exhibit of an executed notebook (as JSON), which read these `tables`."""
    sources = {}
    for label, output in exhibit_outputs(notebook).items():
        exhibit = output["metadata"]["koppelkans"]
        sources[label] = ExhibitSource(
            label,
            parameters_of(notebook),
            tables,
            exhibit.get("data", ""),
            tuple(ending for kind, ending in ENDINGS.items() if joined(output["data"].get(kind, ""))),
            tuple(claims.get(label, ())),
            exhibit.get("long", ""),
        )
    return sources


def claims_by_label(claims: Mapping[str, Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Return label -> (id, status) of the claims of the ledger whose `figure` names it."""
    by_label: dict[str, list[tuple[str, str]]] = {}
    for one, claim in sorted(claims.items()):
        for label in filter(None, map(str.strip, str(claim["figure"] or "").split(";"))):
            by_label.setdefault(label, []).append((one, str(claim["status"])))
    return by_label
