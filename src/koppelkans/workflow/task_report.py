"""pytask: the Quarto project of each edition, and the report rendered from it."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.locale.catalogs import catalog_files
from koppelkans.report import evidence_page, rendering, staging
from koppelkans.report.design import DESIGN
from koppelkans.study import project_root
from koppelkans.workflow import figure_files, jobs, ledger_files

_REPORT = Path(staging.__file__).parent
_ROOT = project_root()
_STAGING = [
    *(
        _REPORT / f"{name}.py"
        for name in ("design", "executed", "exhibit_sources", "manuscript", "passages", "prose", "staged_notebooks")
    ),
    Path(staging.__file__),
    jobs.source_folder() / "koppelkans" / "ledger" / "names.py",
    *DESIGN.values(),
    *sorted((_REPORT / "templates").glob("words.*.yml")),
]
_RENDERING = sorted(
    {
        *_REPORT.glob("preview*.py"),
        _REPORT / "fitting_quarto.py",
        _REPORT / "notebook_pages.py",
        _REPORT / "rendering.py",
        _REPORT / "word_edition.py",
        *(_REPORT / "templates").iterdir(),
    }
    - {*_STAGING}
)


def _paper(language: str) -> list[Path]:
    folders = (_ROOT / "paper" / language, _ROOT / "paper" / "shared")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.startswith("."))


def _markdown(notebook: jobs.Notebook) -> str:
    return "\n\n".join(notebook.markdown)


for _study in (study for study in jobs.selected_studies() if study.has_report):
    for _language in _study.languages:
        _jobs = [job for job in jobs.notebook_jobs() if (job.study, job.language) == (_study, _language)]
        _plan = (_study.name, _language, _ROOT, _ROOT / "build")
        _project = _study.edition(_language)
        _renderer = rendering.find_renderer()
        _given = tuple((job.notebook.name, tuple(path.stem for path in job.tables)) for job in _jobs)
        _labels = tuple(label for job in _jobs for label in job.labels)
        _pages = [evidence_page.FILE] if _study.has("claims") else []
        _figures = figure_files.planned_files(_labels, _project / "figures")

        @task(
            name=f"task_stage[{_study.name}-{_language}]",  # not as id: see task_tables
            kwargs={
                "plan": PythonNode(value=_plan),
                "given": PythonNode(value=_given, hash=True),
                "markdown": PythonNode(value="\n\n".join(_markdown(job.notebook) for job in _jobs), hash=True),
                "paper": jobs.content_of_files(_paper(_language)),
                "executed": jobs.files_needed(path for job in _jobs for path in (job.executed, job.results)),
                "ledger": jobs.files_needed(ledger_files.planned_files(_study)),
                "modules": jobs.content_of_files([*_STAGING, *catalog_files(_language)]),
                "produces": staging.planned_files(*_plan),
            },
        )
        def task_stage(
            plan: tuple[str, str, Path, Path],
            given: tuple[tuple[str, tuple[str, ...]], ...],
            markdown: str,
            paper: str,
            executed: list[Path],
            ledger: list[Path],
            modules: str,
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Put sources, numbers and executed notebooks together as a Quarto project."""
            staging.stage(*plan, dict(given))

        @task(
            name=f"task_report[{_study.name}-{_language}]",  # not as id: see task_tables
            kwargs={
                "project": PythonNode(value=_project),
                "renderer": PythonNode(value=_renderer, hash=True),
                "sources": [*staging.planned_files(*_plan), *_figures, *(_project / page for page in _pages)],
                "modules": jobs.content_of_files([*_STAGING, *_RENDERING, *catalog_files(_language)]),
                "produces": [
                    *rendering.planned_outputs(*_plan, _renderer, _labels),
                    *(_project / "report" / page for page in _pages),
                ],
            },
        )
        def task_report(
            project: Path,
            renderer: rendering.Renderer,
            sources: list[Path],
            modules: str,
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Render the report as HTML, PDF and DOCX, and the notebooks as pages."""
            rendering.render(project, renderer)
