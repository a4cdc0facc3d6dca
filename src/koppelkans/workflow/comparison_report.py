"""The report of a comparison of studies: what goes into it, and what is made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.locale import words
from koppelkans.study.comparison import Comparison
from koppelkans.study.views import WORKING
from koppelkans.workflow.jobs import ComparisonJob

if TYPE_CHECKING:
    from koppelkans.report.neighbourhood import About


def planned_outputs(job: ComparisonJob) -> list[Path]:
    """List what `write_report` makes for readers."""
    report = job.study.edition(job.language) / "report"
    names = ("index.html", "index.pdf", "index.docx", f"notebooks/{job.notebook.name}-preview.html")
    return [report / name for name in names]


def write_report(jobs: Sequence[ComparisonJob], renderer: str) -> None:
    """Write the text of an edition from its notebooks, stage it and render it."""
    from koppelkans.report import neighbourhood, neighbourhood_sources, rendering, side_by_side, staging
    from koppelkans.report.manuscript import load_notebook, load_yaml

    across, language = jobs[0].study, jobs[0].language
    about = _about(across)
    title = words(language).gettext("Neighbourhoods side by side")
    shown = [one for job in jobs for one in neighbourhood.shown_by(job.notebook.name, title, "", job.executed)]
    folder = across.build / "sources" / language
    paper = load_yaml(across.root / "paper" / language / "_quarto.yml")
    neighbourhood_sources.write_folder(
        folder,
        {
            "_quarto.yml": neighbourhood_sources.settings(paper, about.languages, shown, ()),
            "index.qmd": side_by_side.report(about, shown, language),
        },
    )
    staging.stage(
        *(across.build.name, language, across.root, across.build.parent),
        {job.notebook.name: tuple(dict.fromkeys(path.stem for path in job.tables)) for job in jobs},
        text=folder,
        notebooks={job.notebook.name: (json.loads(job.notebook.path.read_text("utf-8")), load_notebook(job.executed))
                   for job in jobs},
    )  # fmt: skip
    rendering.render(across.edition(language), "quarto" if renderer == "quarto" else "preview")


def _about(across: Comparison) -> About:
    from koppelkans.locale.language import number
    from koppelkans.report.neighbourhood import About

    language, n = across.language, len(across.studies)
    lang = words(language)
    said = lang.ngettext("{n} study", "{n} studies", n).format(n=number(n, language)["text"])
    return About(
        name=across.name,
        title=lang.gettext("Comparison of {studies}").format(studies=said),
        there=(),
        missing=(),
        origin=across.origins,
        minimum=1,
        read=(),
        working=across.view == WORKING,
        languages=tuple(other for other in across.languages if other != language),
    )
