"""pytask: the Quarto project of each edition, and the report rendered from it."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.language import LANGUAGES
from koppelkans.pipeline import jobs, report
from koppelkans.study import project_root

_HERE = Path(__file__).parent
_ROOT = project_root()
_STAGING = [*(_HERE / name for name in ("manuscript.py", "prose.py", "report.py"))]
_RENDERING = sorted([*_HERE.glob("preview*.py"), _HERE / "notebook_pages.py", *(_HERE / "templates").iterdir()])


def _paper(language: str) -> list[Path]:
    folders = (_ROOT / "paper" / language, _ROOT / "paper" / "shared")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.startswith("."))


def _markdown(notebook: jobs.Notebook) -> str:
    return "\n\n".join(notebook.markdown)


for _study in jobs.selected_studies():
    for _language in LANGUAGES:
        _jobs = [job for job in jobs.notebook_jobs() if (job.study, job.language) == (_study, _language)]
        _plan = (_study.name, _language, _ROOT, _ROOT / "build")
        _project = _study.edition(_language)

        @task(
            id=f"{_study.name}-{_language}",
            kwargs={
                "plan": PythonNode(value=_plan),
                "markdown": PythonNode(value="\n\n".join(_markdown(job.notebook) for job in _jobs), hash=True),
                "paper": _paper(_language),
                "executed": [path for job in _jobs for path in (job.executed, job.results)],
                "modules": _STAGING,
                "produces": report.planned_files(*_plan),
            },
        )
        def task_stage(
            plan: tuple[str, str, Path, Path],
            markdown: str,
            paper: list[Path],
            executed: list[Path],
            modules: list[Path],
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Put sources, numbers and executed notebooks together as a Quarto project."""
            report.stage(*plan)

        @task(
            id=f"{_study.name}-{_language}",
            kwargs={
                "project": PythonNode(value=_project),
                "renderer": PythonNode(value=report.find_renderer(), hash=True),
                "sources": report.planned_files(*_plan),
                "modules": [*_STAGING, *_RENDERING],
                "produces": report.planned_outputs(*_plan),
            },
        )
        def task_report(
            project: Path,
            renderer: report.Renderer,
            sources: list[Path],
            modules: list[Path],
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Render the report as HTML, PDF and DOCX, and the notebooks as pages."""
            report.render(project, renderer)
