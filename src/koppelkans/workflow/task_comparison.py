"""pytask: the report of each edition of a comparison of studies."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.locale.catalogs import LANGUAGES, catalog_files
from koppelkans.report import rendering
from koppelkans.study import project_root
from koppelkans.workflow import comparison_report, jobs
from koppelkans.workflow.notebooks import modules_used
from koppelkans.workflow.own_report import paper_files

_CODE = ("from koppelkans.report import neighbourhood_sources, rendering, side_by_side, staging",)
_jobs = jobs.comparison_jobs()

for _language in LANGUAGES if _jobs else ():
    _own = [job for job in _jobs if job.language == _language]
    _modules = sorted({*modules_used(_CODE, jobs.source_folder()), Path(comparison_report.__file__)})

    @task(
        name=f"task_comparison_report[{jobs.named(_own[0].study)}-{_language}]",
        kwargs={
            "own_jobs": PythonNode(value=_own),
            "renderer": PythonNode(value=rendering.find_renderer(), hash=True),
            "executed": [path for job in _own for path in (job.executed, job.results)],
            "markdown": PythonNode(value="\n\n".join("\n\n".join(j.notebook.markdown) for j in _own), hash=True),
            "paper": jobs.content_of_files(paper_files(project_root(), _language)),
            "modules": jobs.content_of_files([*_modules, *catalog_files(_language)]),
            "produces": [path for job in _own for path in comparison_report.planned_outputs(job)],
        },
    )
    def task_comparison_report(
        own_jobs: list[jobs.ComparisonJob],
        renderer: str,
        executed: list[Path],
        markdown: str,
        paper: str,
        modules: str,
        produces: Annotated[list[Path], Product],
    ) -> None:
        """Write, stage and render the report of an edition of the comparison."""
        comparison_report.write_report(own_jobs, renderer)
