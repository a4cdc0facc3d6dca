"""Render a staged project: with Quarto where it is found, else with the preview."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from koppelkans.errors import KoppelkansError
from koppelkans.report.fitting_quarto import fitting_quarto
from koppelkans.report.manuscript import EPOCH, UTF8, Manuscript, load_manuscript

Renderer = Literal["quarto", "preview"]

LOG_LINES = 15
WARNINGS = ".quarto-warnings"  # in the project's folder; a hidden file, which staging leaves alone
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_OTHER_EDITION = re.compile(r'href="(?P<folder>\.\./\.\./\w+/[\w-]+/)index\.html"')
_BESIDE = re.compile(r'href="(?P<file>[\w.-]+)"')
_WARNING = re.compile(r"^\W*WARN(ING)?\b")
# Quarto would have another program check what Typst, which refuses a PDF that does not conform, has just checked
_KNOWN = re.compile("verapdf|^Standards requested")


@dataclass(frozen=True)
class Rendered:
    """What a rendering made: the `paths`, by which `renderer`, in how many `seconds`."""

    paths: list[Path]
    renderer: Renderer
    seconds: float


def find_renderer() -> Renderer:
    """Tell what will render the report: Quarto where a `quarto` that fits is on the path, else the preview.

    With QUARTO=no in the environment it is the preview.
    """
    return "quarto" if os.environ.get("QUARTO") != "no" and fitting_quarto() else "preview"


def planned_outputs(
    study_name: str, language: str, root: Path, build_dir: Path, renderer: Renderer, labels: tuple[str, ...] = ()
) -> list[Path]:
    """List what a renderer makes: the report and the notebook pages, and for the preview all that stands beside them.

    `labels` are those of the figures and tables in the listed notebooks.
    """
    sources = load_manuscript(root / "paper" / language)
    manuscript = replace(sources, folder=build_dir / study_name / language)
    figures = [
        f"figures/{label}.{ending}"
        for label in labels
        for ending in (("csv",) if label.startswith("tbl-") else ("svg", "narrow.svg", "png", "csv"))
    ]
    if renderer == "quarto":
        beside = [name for name in figures if manuscript.is_resource(name)]
    else:
        styles = sources.settings.get("format", {}).get("html", {}).get("css") or []
        beside = ["preview.css", "theme.js", *([styles] if isinstance(styles, str) else styles)]
        beside += [*(notebook.file for notebook in sources.notebooks), *figures]
    return [*_outputs(manuscript), *(manuscript.output / name for name in beside)]


def render(project_dir: Path, renderer: Renderer | None = None) -> Rendered:
    """Render a staged project to report/index.html, index.pdf, index.docx and a page for each notebook.

    `renderer` is what `find_renderer` says unless it is given. Raises KoppelkansError where rendering fails; a report
    that was there before stays.
    """
    renderer, started = renderer or find_renderer(), time.perf_counter()
    manuscript = load_manuscript(project_dir)
    if renderer == "quarto":
        _run_quarto(project_dir, manuscript.beside)
        paths = sorted(path for path in manuscript.output.rglob("*") if path.is_file())
    else:
        from koppelkans.report.preview import build_preview

        paths = build_preview(manuscript)
    wanted = [*_outputs(manuscript), *(manuscript.output / file for file in manuscript.resources)]
    missing = [path for path in wanted if not path.exists()]
    if missing:
        raise KoppelkansError(f"{missing[0]}: {renderer} did not make it; see what it said, or mend paper/ and retry")
    if renderer == "quarto":
        _finish_word(manuscript)
        _mend_notebook_pages(manuscript)
    return Rendered(paths, renderer, time.perf_counter() - started)


def _outputs(manuscript: Manuscript) -> list[Path]:
    report = [manuscript.output / f"{manuscript.article.stem}.{ending}" for ending in ("html", "pdf", "docx")]
    report += [manuscript.output / f"{name}.pdf" for name in manuscript.beside]
    return [*report, *(manuscript.output / notebook.page for notebook in manuscript.notebooks)]


def _finish_word(manuscript: Manuscript) -> None:
    """Give Quarto's Word file what the preview's has: contents, numbered headings, tables that keep their head."""
    from koppelkans.report.word_edition import REGION, finished

    path = manuscript.output / f"{manuscript.article.stem}.docx"
    path.write_bytes(finished(path.read_bytes(), REGION[manuscript.language]))


def _mend_notebook_pages(manuscript: Manuscript) -> None:
    """Let a notebook page lead to its other edition and to what lies beside the report.

    Quarto copies the links of the report: to the other edition a folder too high, to a file that is made later a folder
    too deep.
    """
    for notebook in manuscript.notebooks:
        page = manuscript.output / notebook.page
        up = "../" * notebook.page.count("/")

        def beside(link: re.Match[str], page: Path = page, up: str = up) -> str:
            file = link["file"]
            astray = not page.with_name(file).exists() and (manuscript.output / file).is_file()
            return f'href="{up}{file}"' if astray else link[0]

        text = _OTHER_EDITION.sub(rf'href="{up}\g<folder>{notebook.page}"', page.read_text(encoding="utf-8"))
        page.write_text(_BESIDE.sub(beside, text), encoding="utf-8")


def warnings_of(project_dir: Path) -> list[str]:
    """Return what Quarto warned of when it last rendered a project, one line for each warning."""
    path = project_dir / WARNINGS
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _run_quarto(project_dir: Path, documents: tuple[str, ...]) -> None:
    """Render the report, and each document with the profile of its name as PDF; what Quarto warns of is kept.

    In a manuscript Quarto makes a PDF of the article only; a document's profile makes of the project a plain one.
    """
    environment = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ, **UTF8}
    lines: list[str] = []
    beside = [[str(project_dir / f"{name}.qmd"), "--profile", name, "--to", "typst"] for name in documents]
    for arguments in ([str(project_dir)], *beside):
        done = subprocess.run(
            ["quarto", "render", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        own = [_COLOUR.sub("", line).strip() for line in done.stdout.splitlines()]
        if done.returncode:
            log = "\n".join([line for line in own if line][-LOG_LINES:])
            raise KoppelkansError(f"{project_dir}: Quarto could not render the report; the end of what it said:\n{log}")
        lines += own
    warnings = [
        f"{line} {lines[n + 1] if n + 1 < len(lines) else ''}".strip()
        for n, line in enumerate(lines)
        if _WARNING.match(line)
    ]
    unexplained = [line.replace(str(project_dir), ".") for line in warnings if not _KNOWN.search(line)]
    (project_dir / WARNINGS).write_text("".join(f"{line}\n" for line in unexplained), encoding="utf-8")
