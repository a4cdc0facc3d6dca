"""pytask: the report of each study without a text in paper/, and the page of it to open first."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.locale.catalogs import catalog_files
from koppelkans.report import rendering
from koppelkans.study import Study, project_root
from koppelkans.workflow import jobs, own_report
from koppelkans.workflow.notebooks import modules_used

_ROOT = project_root()
_CODE = (
    "from koppelkans.guidance import offers, standing\n"
    "from koppelkans.report import front_page, neighbourhood_sources, own_notebooks, rendering, staging",
)

for _study in (study for study in jobs.selected_studies() if not study.has_report):
    _raw = jobs.raw_files(_study.raw)
    _names = "\n".join(path.relative_to(_study.raw).as_posix() for path in _raw)
    _tables = [_study.processed / f"{name}.csv" for name in sorted(_study.tables)]
    _modules = sorted({*modules_used(_CODE, jobs.source_folder()), Path(own_report.__file__)})
    _jobs = jobs.jobs_of(_study, jobs.notebooks())
    _editions = tuple(dict.fromkeys(job.language for job in _jobs))
    for _language in _editions:
        _own = [job for job in _jobs if job.language == _language]

        @task(
            name=f"task_own_report[{jobs.named(_study)}-{_language}]",
            kwargs={
                "study": PythonNode(value=_study),
                "language": PythonNode(value=_language),
                "own_jobs": PythonNode(value=_own),
                "renderer": PythonNode(value=rendering.find_renderer(), hash=True),
                "typed": jobs.content_of_files([_study.raw / "study.yml", *(p for p in _raw if p.suffix == ".qmd")]),
                "names": PythonNode(value=_names, hash=True),
                "tables": jobs.files_needed(_tables),
                "executed": jobs.files_needed(path for job in _own for path in (job.executed, job.results)),
                "markdown": PythonNode(value="\n\n".join("\n\n".join(j.notebook.markdown) for j in _own), hash=True),
                "paper": jobs.content_of_files(own_report.paper_files(_ROOT, _language)),
                "modules": jobs.content_of_files([*_modules, *catalog_files(_language)]),
                "produces": own_report.planned_outputs(_study, _language, _own),
            },
        )
        def task_own_report(
            study: Study,
            language: str,
            own_jobs: list[jobs.NotebookJob],
            renderer: str,
            typed: str,
            names: str,
            tables: list[Path],
            executed: list[Path],
            markdown: str,
            paper: str,
            modules: str,
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Write, stage and render the report of an edition."""
            own_report.write_report(study, language, own_jobs, renderer)

    @task(
        name=f"task_front_page[{jobs.named(_study)}]",  # not as id: see task_tables
        kwargs={
            "study": PythonNode(value=_study),
            "editions": PythonNode(value=_editions, hash=True),
            "typed": jobs.content_of_files([_study.raw / "study.yml"]),
            "names": PythonNode(value=_names, hash=True),
            "tables": jobs.files_needed(_tables),
            "modules": jobs.content_of_files([*_modules, *catalog_files(_study.own_language)]),
            "produces": own_report.front_page(_study),
        },
    )
    def task_front_page(
        study: Study,
        editions: tuple[str, ...],
        typed: str,
        names: str,
        tables: list[Path],
        modules: str,
        produces: Annotated[Path, Product],
    ) -> None:
        """Write the page of the study to open first."""
        own_report.write_front_page(study, editions)
