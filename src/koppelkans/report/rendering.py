"""Render a staged project: with Quarto where it is found, else with the preview."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from koppelkans.errors import KoppelkansError
from koppelkans.report.manuscript import EPOCH, Manuscript, load_manuscript

Renderer = Literal["quarto", "preview"]

LOG_LINES = 15


@dataclass(frozen=True)
class Rendered:
    """What a rendering made: the `paths`, by which `renderer`, in how many `seconds`."""

    paths: list[Path]
    renderer: Renderer
    seconds: float


def find_renderer() -> Renderer:
    """Tell what will render the report: Quarto where `quarto` is on the path, else the preview."""
    return "quarto" if shutil.which("quarto") else "preview"


def planned_outputs(
    study_name: str, language: str, root: Path, build_dir: Path, renderer: Renderer, labels: tuple[str, ...] = ()
) -> list[Path]:
    """List what a renderer makes: the report and the notebook pages, and for the preview all that stands beside them.

    `labels` are those of the figures and tables in the listed notebooks.
    """
    sources = load_manuscript(root / "paper" / language)
    manuscript = Manuscript(build_dir / study_name / language, sources.settings, sources.notebooks)
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
        _run_quarto(project_dir)
        paths = sorted(path for path in manuscript.output.rglob("*") if path.is_file())
    else:
        from koppelkans.report.preview import build_preview

        paths = build_preview(manuscript)
    wanted = [*_outputs(manuscript), *(manuscript.output / file for file in manuscript.resources)]
    missing = [path for path in wanted if not path.exists()]
    if missing:
        raise KoppelkansError(f"{missing[0]}: {renderer} did not make it; see what it said, or mend paper/ and retry")
    return Rendered(paths, renderer, time.perf_counter() - started)


def _outputs(manuscript: Manuscript) -> list[Path]:
    report = [manuscript.output / f"{manuscript.article.stem}.{ending}" for ending in ("html", "pdf", "docx")]
    return [*report, *(manuscript.output / notebook.page for notebook in manuscript.notebooks)]


def _run_quarto(project_dir: Path) -> None:
    environment = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ}
    command = ["quarto", "render", str(project_dir)]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        log = "\n".join(done.stdout.rstrip().splitlines()[-LOG_LINES:])
        raise KoppelkansError(f"{project_dir}: Quarto could not render the report; the end of what it said:\n{log}")
