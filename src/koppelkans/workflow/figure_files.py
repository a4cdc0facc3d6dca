"""Take the figures and tables of an executed notebook out into files of their own, each with its data."""

from __future__ import annotations

import base64
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.report.executed import exhibit_outputs
from koppelkans.report.manuscript import joined, load_notebook
from koppelkans.study import Study, write_atomically
from koppelkans.workflow.notebooks import all_notebooks
from koppelkans.workflow.strand_notebooks import notebooks_of

_PICTURE = (".svg", ".narrow.svg", ".png", ".csv")
_SUFFIXES = {"fig": _PICTURE, "tbl": (".md", ".csv")}


def planned_files(labels: tuple[str, ...], folder: Path) -> list[Path]:
    """Return the files of `write_figures`: SVG (also for a phone), PNG, CSV of a figure; Markdown, CSV of a table."""
    return [folder / f"{label}{suffix}" for label in labels for suffix in _SUFFIXES[label.partition("-")[0]]]


def write_figures(executed: Path, labels: tuple[str, ...], folder: Path) -> list[Path]:
    """Write the figures and tables of an executed notebook to a folder, one file per format, and return the paths.

    Raises KoppelkansError where a labelled cell shows no figure or table.
    """
    outputs = exhibit_outputs(load_notebook(executed))
    for label in labels:
        if label not in outputs:
            raise KoppelkansError(
                f"notebook {executed.stem}: cell {label} shows no figure or table; "
                "expected its last line to be show(...)"
            )
        data, metadata = outputs[label]["data"], outputs[label]["metadata"]["koppelkans"]
        write_atomically(folder / f"{label}.csv", metadata["data"])
        if "image/svg+xml" in data:
            write_atomically(folder / f"{label}.svg", joined(data["image/svg+xml"]))
            write_atomically(folder / f"{label}.narrow.svg", metadata["svg_narrow"])
            write_atomically(folder / f"{label}.png", base64.b64decode(joined(data["image/png"])))
        else:
            write_atomically(folder / f"{label}.md", joined(data["text/markdown"]))
    return planned_files(labels, folder)


def find_exhibit(study: Study, exhibit: str) -> tuple[str, str]:
    """Return (label, notebook name) of a figure or table of the published study, such as "figure-7".

    Raises KoppelkansError where the study has no such exhibit, or it cannot be made (naming the reason).
    """
    from koppelkans.readers.csv_tables import read_csv_table

    if not study.has("exhibits"):
        raise KoppelkansError(f"study {study.name!r} lists no figures of a published study (no table exhibits)")
    listed = read_csv_table(study.raw / study.tables["exhibits"]["file"]).set_index("exhibit").to_dict("index")
    if exhibit not in listed:
        raise KoppelkansError(f"{exhibit}: not an exhibit of {study.name}; it has {', '.join(map(str, listed))}")
    label: str = listed[exhibit]["label"]
    if not label:
        raise KoppelkansError(f"{exhibit}: cannot be made; {listed[exhibit]['reason_en']}")
    for notebook in all_notebooks(study.root):
        if label in notebook.labels:
            return label, notebook.name
    raise KoppelkansError(f"{exhibit}: no notebook has a cell with the label {label!r} that exhibits.csv names")


def figure_files(study: Study, only_label: str = "") -> list[Path]:
    """Return the files of the figures and tables of a study that are there, of all or of one label."""
    files = all_notebooks(study.root)
    paths = []
    for language in study.languages:
        shown = [notebook.labels_shown(bool(study.field_data)) for notebook in notebooks_of(study, language, files)]
        wanted = tuple(label for labels in shown for label in labels if only_label in ("", label))
        paths += planned_files(wanted, study.edition(language) / "figures")
    return [path for path in paths if path.exists()]
