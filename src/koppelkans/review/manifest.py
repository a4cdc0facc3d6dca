"""docs/figures.yml: every figure, table and number of a report, where it comes from, and the SHA-256 of its files.

The manifest is written from a build and committed; `make reproduce` builds anew and compares. It holds no time stamp
and is in a fixed order, so equal builds give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError
from koppelkans.report.executed import exhibit_outputs, parameters_of
from koppelkans.report.manuscript import load_notebook
from koppelkans.review.plain_yaml import as_yaml
from koppelkans.study import Study
from koppelkans.study.field_settings import FIELD_TABLES
from koppelkans.workflow.figure_files import planned_files
from koppelkans.workflow.jobs import NotebookJob, jobs_of
from koppelkans.workflow.notebooks import all_notebooks

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "docs/figures.yml"

_HEADER = """\
# The manifest of the report: every figure, table and number, where it comes from, and the SHA-256 of its files.
# Written by `make manifest`, compared by `make reproduce`; not to be edited by hand. Paths are
# below the root of the repository.
# figures: inputs are the tidy tables that the notebook reads and the raw files behind them; claims are the published
#   statements that the figure carries. numbers: the values that the text of the report takes. ledger: the verdict of
#   every statement. tables: the tidy tables.
"""


@dataclass(frozen=True)
class Output:
    """A file that a build makes: its `kind`, `id`, `edition` ("" for both), `path` below the root, `sha256`."""

    kind: str
    id: str
    edition: str
    path: str
    sha256: str


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return path below the root -> SHA-256 of the files that are there, in order of path."""
    return {path.relative_to(root).as_posix(): sha256(path) for path in sorted(paths) if path.is_file()}


def _raw_files(study: Study, table: str) -> list[Path]:
    """Return the raw files that a tidy table comes from: its own, or those of field data that give it."""
    if table in study.typed_tables:
        return [study.raw / study.typed_tables[table]["file"]]
    return [study.raw / entry["file"] for entry in study.field_data if table in FIELD_TABLES[entry["kind"]]]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]


def _ledger(study: Study) -> list[dict[str, Any]]:
    """Rows of the ledger (id, figure, ...): as the build exported it, else computed from the tidy tables."""
    exported = study.root / "build" / study.name / "ledger" / "ledger.csv"
    if exported.is_file():
        from koppelkans.readers.csv_tables import read_csv_table
        from koppelkans.study.plain_text import texts_from_csv

        return _records(read_csv_table(exported).apply(texts_from_csv))
    if not study.has("claims"):
        return []
    from koppelkans.ledger.statuses import ledger

    return _records(ledger({name: study.table(name) for name in study.tables}))


def verdicts_of(study: Study) -> dict[str, str]:
    """Return id -> status of every statement, as the build exported the ledger or as the tidy tables give it."""
    return {str(row["id"]): str(row["status"]) for row in _ledger(study)}


def claims_by_figure(study: Study) -> dict[str, list[str]]:
    """Return label -> ids of the claims that the figure or table carries: those whose row in the ledger names it."""
    claims: dict[str, list[str]] = {}
    for row in sorted(_ledger(study), key=lambda row: str(row["id"])):
        for label in filter(None, map(str.strip, row["figure"].split(";"))):
            claims.setdefault(label, []).append(row["id"])
    return claims


def _figures(study: Study, jobs: list[NotebookJob]) -> list[dict[str, Any]]:
    """One entry for each figure or table, over all editions."""
    claims = claims_by_figure(study)
    rows = _records(study.table("exhibits")) if study.has("exhibits") else []
    exhibits = {row["label"]: row["exhibit"] for row in rows if row["label"]}
    entries: dict[str, dict[str, Any]] = {}
    for job in jobs:
        executed = load_notebook(job.executed)
        shown, parameters = exhibit_outputs(executed), parameters_of(executed)
        raw = [file for path in job.tables for file in _raw_files(study, path.stem)]
        for label in job.labels:
            if label not in shown:
                raise _not_built(study, job, f"shows no {label}")
            exhibit = shown[label]["metadata"]["koppelkans"]
            entry = entries.setdefault(
                label,
                {
                    "id": label,
                    "kind": exhibit["kind"],
                    "notebook": f"notebooks/{job.notebook.path.name}#{label}",
                    **({"redraws": exhibits[label]} if label in exhibits else {}),
                    "origin": exhibit["origin"],
                    "caption": exhibit["caption"],
                    "claims": claims.get(label, []),
                    "inputs": _hashes(study.root, [*job.tables, *raw]),
                    "editions": [],
                },
            )
            files = planned_files((label,), study.edition(job.language) / "figures")
            entry["editions"].append({"parameters": parameters, "outputs": _hashes(study.root, files)})
    return [entries[label] for label in sorted(entries)]


def _numbers(study: Study, jobs: list[NotebookJob]) -> list[dict[str, Any]]:
    """One entry for each notebook and edition: the values of its numbers."""
    return [
        {
            "id": job.notebook.name,
            "edition": job.language,
            "path": job.results.relative_to(study.root).as_posix(),
            "sha256": sha256(job.results),
            "values": number_values(job.results.read_text(encoding="utf-8")),
        }
        for job in sorted(jobs, key=lambda job: (job.notebook.name, job.language))
        if job.results.is_file()
    ]


def number_values(results: str) -> dict[str, Any]:
    """Return key -> value of the numbers that a notebook wrote as JSON."""
    return {key: entry["value"] for key, entry in sorted(json.loads(results).items())}


def _tables(study: Study) -> list[dict[str, Any]]:
    """One entry for each tidy table, and for the descriptor of all of them."""
    entries = []
    for path in sorted(study.processed.glob("*")):
        raw = _raw_files(study, path.stem)
        files = _hashes(study.root, [path])
        entries += [
            {"id": path.stem, "path": p, "sha256": s, "inputs": _hashes(study.root, raw)} for p, s in files.items()
        ]
    return entries


def _not_built(study: Study, job: NotebookJob, what: str) -> KoppelkansError:
    shown = job.executed.relative_to(study.root)
    return KoppelkansError(f"{shown}: {what}; run `make STUDY={study.name}` first")


def describe(study: Study) -> dict[str, Any]:
    """Describe the build of a study as it stands: study, figures, numbers, ledger, tables.

    Raises KoppelkansError where a notebook has not been run since it got its labels.
    """
    jobs = sorted(jobs_of(study, all_notebooks(study.root)), key=lambda job: (job.notebook.name, job.language))
    for job in jobs:
        if not job.executed.is_file():
            raise _not_built(study, job, "not there")
    ledger = _hashes(study.root, (study.root / "build" / study.name / "ledger").glob("*"))
    return {
        "study": study.name,
        "figures": _figures(study, jobs),
        "numbers": _numbers(study, jobs),
        "ledger": [
            {"path": path, "sha256": digest, **({"verdicts": verdicts_of(study)} if path.endswith(".json") else {})}
            for path, digest in ledger.items()
        ],
        "tables": _tables(study),
    }


def manifest_text(manifest: dict[str, Any]) -> str:
    """Return docs/figures.yml for what `describe` returned."""
    return _HEADER + as_yaml(manifest)


def read_manifest(path: Path, study: str) -> dict[str, Any]:
    """Read a manifest.

    Raises KoppelkansError where it is not there, is no manifest, or is that of another study.
    """
    import yaml

    hint = f"`make manifest STUDY={study}` writes it"
    if not path.is_file():
        raise KoppelkansError(f"{MANIFEST}: not there, so there is nothing to compare with; {hint}")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        outputs(content)
    except (yaml.YAMLError, KeyError, TypeError) as error:
        what = str(error).splitlines()[0]
        raise KoppelkansError(f"{MANIFEST}: not a manifest ({type(error).__name__}: {what}); {hint}") from None
    if content["study"] != study:
        raise KoppelkansError(f"{MANIFEST}: is the manifest of {content['study']!r}, not of {study!r}; {hint}")
    manifest: dict[str, Any] = content
    return manifest


def outputs(manifest: dict[str, Any]) -> list[Output]:
    """Return every file that a manifest names as made by the build, in its order."""
    files = [
        Output(entry["kind"], Path(path).name, edition["parameters"]["language"], path, digest)
        for entry in manifest["figures"]
        for edition in entry["editions"]
        for path, digest in edition["outputs"].items()
    ]
    files += [
        Output("numbers", Path(e["path"]).name, e["edition"], e["path"], e["sha256"]) for e in manifest["numbers"]
    ]
    files += [Output("ledger", Path(e["path"]).name, "", e["path"], e["sha256"]) for e in manifest["ledger"]]
    files += [Output("tidy table", Path(e["path"]).name, "", e["path"], e["sha256"]) for e in manifest["tables"]]
    return files


def inputs(manifest: dict[str, Any]) -> dict[str, str]:
    """Return path -> SHA-256 of every file that was not made by the build but read by it."""
    listed = [entry["inputs"] for entry in [*manifest["figures"], *manifest["tables"]]]
    made = {output.path for output in outputs(manifest)}
    return {path: digest for entry in listed for path, digest in sorted(entry.items()) if path not in made}
