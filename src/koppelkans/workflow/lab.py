"""Notebooks to work in: those of a study, with its parameters and in its language, in a folder of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from koppelkans.locale.prose import in_language
from koppelkans.study import Study, write_atomically
from koppelkans.workflow.execution import as_text
from koppelkans.workflow.jobs import jobs_of, notebooks
from koppelkans.workflow.strand_notebooks import content_of


def lab_folder(study: Study) -> Path:
    """Return the folder to open in JupyterLab, after putting there what is not there yet.

    A study with a text in paper/ is the one that the notebooks are written for: it has them as they are. A notebook
    that is there stays as somebody left it; delete it to get it anew.
    """
    if study.has_report:
        return study.root / "notebooks"
    folder = study.build / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    for job in jobs_of(study, notebooks()):
        path = folder / f"{job.notebook.name}.ipynb"
        if job.language == study.own_language and not path.exists():
            made = _with_values(in_language(content_of(job.notebook), job.language), job.parameters)
            write_atomically(path, as_text(made))
    return folder


def _with_values(content: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Put a cell with the study's values behind the cell that declares the parameters, as Papermill does."""
    cells = content["cells"]
    place = next(n for n, cell in enumerate(cells, start=1) if "parameters" in cell["metadata"].get("tags", []))
    added: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "injected-parameters",
        "metadata": {"tags": ["injected-parameters"]},
        "outputs": [],
        "source": "\n".join(f"{name} = {value!r}" for name, value in values.items()),
    }
    return {**content, "cells": [*cells[:place], added, *cells[place:]]}
