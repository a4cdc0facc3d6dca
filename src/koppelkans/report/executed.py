"""What an executed notebook shows and with which parameters it ran, read from the notebook itself."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from koppelkans.report.manuscript import joined, labelled_cells

_PARAMETER_TAGS = {"parameters", "injected-parameters"}


def exhibit_outputs(notebook: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return label -> the output that shows it, for the labelled cells of an executed notebook (as JSON).

    An output is as nbformat stores it; its `metadata["koppelkans"]` says kind, origin and caption, and holds the CSV.
    """
    outputs = {}
    for label, cell in labelled_cells(notebook).items():
        for output in cell.get("outputs", []):
            if "koppelkans" in output.get("metadata", {}):
                outputs[label] = output
    return outputs


def parameters_of(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameter values that an executed notebook ran with: its own, and over them what it was given."""
    values: dict[str, Any] = {}
    for cell in notebook["cells"]:
        is_parameters = _PARAMETER_TAGS & set(cell.get("metadata", {}).get("tags", []))
        for node in ast.parse(joined(cell.get("source", ""))).body if is_parameters else []:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                values[node.target.id] = ast.literal_eval(node.value)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                values[node.targets[0].id] = ast.literal_eval(node.value)
    return dict(sorted(values.items()))
