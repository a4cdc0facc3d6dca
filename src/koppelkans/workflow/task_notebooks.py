"""pytask: the executed notebooks of each edition, and the figures taken from them."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.report import executed, manuscript
from koppelkans.workflow import figure_files, jobs
from koppelkans.workflow.jobs import NotebookJob

_HERE = Path(__file__).parent
_TAKING_OUT = [_HERE / "figure_files.py", Path(executed.__file__), Path(manuscript.__file__)]

for _job in jobs.notebook_jobs():
    _figures = _job.study.edition(_job.language) / "figures"

    @task(
        name=f"task_notebook[{_job.id}]",  # not as id: see task_tables
        kwargs={
            "job": PythonNode(value=_job),
            "code_cells": PythonNode(value="\n\n".join(_job.notebook.code), hash=True),
            "parameters": PythonNode(value=repr(sorted(_job.parameters.items())), hash=True),
            "study_tables": PythonNode(value=jobs.shape_of(_job.study), hash=True),
            "captions": PythonNode(value=_job.captions, hash=True),
            "libraries": PythonNode(value=jobs.libraries(), hash=True),
            "tables": jobs.files_needed(_job.tables),
            "modules": jobs.content_of_files([*_job.modules, _HERE / "execution.py"]),
            "produces": {"executed": _job.executed, "results": _job.results},
        },
    )
    def task_notebook(
        job: NotebookJob,
        code_cells: str,
        parameters: str,
        study_tables: str,
        captions: str,
        libraries: str,
        tables: list[Path],
        modules: str,
        produces: Annotated[dict[str, Path], Product],
    ) -> None:
        """Run the notebook; it writes its numbers itself."""
        from koppelkans.workflow.execution import run_notebook
        from koppelkans.workflow.publication import look_through

        executed = produces["executed"]
        run_notebook(job.notebook, executed, job.parameters, produces["results"], look_through(job.study, executed))

    @task(
        name=f"task_figures[{_job.id}]",
        kwargs={
            "labels": PythonNode(value=_job.labels, hash=True),
            "executed": _job.executed,
            "modules": jobs.content_of_files(_TAKING_OUT),
            "folder": PythonNode(value=_figures),
            "produces": figure_files.planned_files(_job.labels, _figures),
        },
    )
    def task_figures(
        labels: tuple[str, ...],
        executed: Path,
        modules: str,
        folder: Path,
        produces: Annotated[list[Path], Product],
    ) -> None:
        """Take the figures and tables out into files."""
        figure_files.write_figures(executed, labels, folder)
