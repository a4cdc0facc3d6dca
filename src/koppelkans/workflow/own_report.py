"""The report of a study that has no text in paper/: what goes into it, and the page of the study to open first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import KoppelkansError
from koppelkans.locale.language import text
from koppelkans.study import Study, write_atomically
from koppelkans.study.views import WORKING
from koppelkans.workflow.jobs import NotebookJob
from koppelkans.workflow.tidy import REPORT

if TYPE_CHECKING:
    from koppelkans.guidance.standing import Step

_TABLES = ("context", "expectations", "sessions", "change_stories", "documents", "turns", "codings", "answers")


def sources_folder(study: Study, language: str) -> Path:
    """Folder in which the text of an edition is put together."""
    return study.build / "sources" / language


def paper_files(root: Path, language: str) -> list[Path]:
    """Return the files in paper/ that a report without a text there follows."""
    shared = (path for path in (root / "paper" / "shared").rglob("*") if path.is_file() and path.name[0] != ".")
    return sorted([*(root / "paper" / language).glob("_quarto*.yml"), *shared])


def steps_of(study: Study, language: str) -> list[Step]:
    """Return how far a study is, from its tidy tables."""
    from koppelkans.guidance.offers import offers
    from koppelkans.guidance.standing import standing

    tables = {name: study.table(name) for name in _TABLES}
    return standing(study, tables, offers(study), language)


def origin_of(study: Study) -> str:
    """Return the origin of a study's data, synthetic before others."""
    origins = {entry["origin"] for entry in study.tables.values()}
    return "synthetic" if "synthetic" in origins else "collected"


def strand_name_of(job: NotebookJob) -> str:
    """Return the name of the strand that a notebook shows; "" where the study has none for it."""
    strand = job.notebook.strand
    return job.study.strand_name(strand, job.language) if strand in job.study.strands else ""


def title_of(job: NotebookJob) -> str:
    """Return what a notebook is called in the report: after its strand, else after what it is about."""
    from koppelkans.locale import words
    from koppelkans.report.neighbourhood import heading_of

    name = strand_name_of(job) if job.notebook.path.stem[:2] in ("03", "04") else ""
    return f"{name[:1].upper()}{name[1:]}" or words(job.language).gettext(heading_of(job.notebook.name))


def write_report(study: Study, language: str, jobs: Sequence[NotebookJob], renderer: str) -> None:
    """Write the text of an edition, stage it and render it.

    Raises KoppelkansError where a text of the study's maker refers to what is not there, naming its file and line.
    """
    from koppelkans.report import neighbourhood, neighbourhood_sources, rendering, staging
    from koppelkans.report.manuscript import load_notebook
    from koppelkans.report.own_notebooks import without_empty
    from koppelkans.workflow.strand_notebooks import content_of

    steps = [step for step in steps_of(study, language) if step.key != "text"]
    about = neighbourhood.About(
        name=study.name,
        title=study.title[language],
        there=tuple(step.sentence for step in steps if step.state == "there"),
        missing=tuple(step.sentence for step in steps if step.state != "there"),
        origin=origin_of(study),
        minimum=study.minimum_cell,
        working=study.view == WORKING,
        read=tuple(
            neighbourhood_sources.report_of_reading(
                neighbourhood_sources.read_reports(study.processed / REPORT), language
            )
        ),
        own=neighbourhood_sources.own_texts(study.raw / "text", language),
        languages=tuple(other for other in study.languages if other != language),
        strands=tuple((key, strand.name(language)) for key, strand in study.strands.items()),
    )
    shown = [
        one
        for job in jobs
        for one in neighbourhood.shown_by(job.notebook.name, title_of(job), strand_name_of(job), job.executed)
    ]
    folder = sources_folder(study, language)
    neighbourhood_sources.write_sources(folder, study.root / "paper" / language, about, shown, language)
    notebooks = {
        job.notebook.name: without_empty(content_of(job.notebook), load_notebook(job.executed), title_of(job))
        for job in jobs
    }
    given = {job.notebook.name: tuple(path.stem for path in job.tables) for job in jobs}
    try:
        staging.stage(
            *(study.build.name, language, study.root, study.build.parent, given),
            text=folder,
            notebooks=notebooks,
            numbers={"study": neighbourhood.results_of(about, language)},
        )
    except KoppelkansError as error:
        own = folder.relative_to(study.root).as_posix() + "/text/"
        raise KoppelkansError(
            str(error).replace(f"{study.root}/{own}", own).replace(own, f"data/raw/{study.name}/text/")
        ) from None
    rendering.render(study.edition(language), "quarto" if renderer == "quarto" else "preview")


def planned_outputs(study: Study, language: str, jobs: Sequence[NotebookJob]) -> list[Path]:
    """List what `write_report` makes for readers: the documents, and a page for each notebook."""
    report = study.edition(language) / "report"
    names = ["index.html", "index.pdf", "index.docx", "dossier.pdf", "brief.pdf"]
    return [report / name for name in [*names, *(f"notebooks/{job.notebook.name}-preview.html" for job in jobs)]]


def front_page(study: Study) -> Path:
    """The page of a study to open first."""
    return study.build / "index.html"


def write_front_page(study: Study, editions: Sequence[str]) -> None:
    """Write the page of a study to open first; `editions` are the languages of its reports."""
    from koppelkans.guidance.standing import next_step
    from koppelkans.report.front_page import page

    language = study.own_language
    steps = steps_of(study, language)
    marks = [text(key, language) for key in study_marks(study)]
    made = page(study.title[language], language, list(map(asdict, steps)), next_step(steps), editions, marks)
    write_atomically(front_page(study), made)


def study_marks(study: Study) -> list[str]:
    """Return what must stand on everything of a study (keys of `language.text`): synthetic, not shared."""
    marks = ["synthetic"] if origin_of(study) == "synthetic" else []
    return [*marks, "not_shared"] if study.view == WORKING else marks
