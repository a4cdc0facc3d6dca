"""What is to be built: for each study its tables, for each edition its notebooks, figures and report.

The tasks (task_*.py) turn these plans into pytask tasks. Nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.locale.catalogs import LANGUAGES, catalog_files
from koppelkans.study import Study, known_studies, open_study, parse_yaml, project_root, read_text
from koppelkans.study.comparison import COMPARISON, Comparison, open_comparison
from koppelkans.study.strands import own_or_of_strands
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.notebooks import Notebook, all_notebooks, every_notebook, modules_used
from koppelkans.workflow.strand_notebooks import has_its_data, notebooks_of, strand_parameters

if TYPE_CHECKING:
    from pytask import PythonNode

STUDIES_VARIABLE = "KOPPELKANS_STUDIES"
SEED = 1

# Libraries whose version can change a result or the look of a figure.
_LIBRARIES = ("babel", "ipykernel", "matplotlib", "numpy", "pandas", "papermill", "scipy", "seaborn", "statsmodels")


@dataclass(frozen=True)
class NotebookJob:
    """One notebook of one edition of a study."""

    study: Study
    language: str
    notebook: Notebook

    @property
    def id(self) -> str:
        """Name of the job, as progress and status show it."""
        return f"{named(self.study)}-{self.language}-{self.notebook.name}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameter values: study, language, seed, and what study.yml sets for this notebook."""
        general = {"study": self.study.name, "language": self.language, "seed": SEED}
        return general | strand_parameters(self.study, self.notebook)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the figures and tables that the notebook gives for this study."""
        return self.notebook.labels_shown(bool(self.study.field_data))

    @property
    def executed(self) -> Path:
        """The executed notebook."""
        return self.study.edition(self.language) / "_executed" / f"{self.notebook.name}.ipynb"

    @property
    def results(self) -> Path:
        """The numbers of the notebook."""
        return self.study.edition(self.language) / "results" / f"{self.notebook.name}.json"

    @property
    def tables(self) -> list[Path]:
        """The tidy tables that the notebook reads and the study has."""
        return [self.study.processed / f"{name}.csv" for name in self.notebook.tables if self.study.has(name)]

    @property
    def modules(self) -> list[Path]:
        """The files of the package that the notebook uses: of words, those of its language; of captions, see there."""
        used = modules_used(self.notebook.code, source_folder())
        own, captions = set(catalog_files(self.language)), _captions_folder()
        return [path for path in used if path.parent != captions and (path.suffix != ".po" or path in own)]

    @property
    def captions(self) -> str:
        """The captions and alt texts of this notebook's own figures and tables, so that others leave it fresh."""
        all_captions = _all_captions(self.language)
        own = {label: own_or_of_strands(label, all_captions) for label in self.labels}
        return json.dumps(own, ensure_ascii=False)


@dataclass(frozen=True)
class ComparisonJob(NotebookJob):
    """A notebook of one edition of a comparison of studies."""

    study: Comparison

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameter values: what data/raw/comparison.yml sets, and the studies, language and seed."""
        names = [one.name for one in self.study.studies]
        return comparison_settings(self.study.root) | {"studies": names, "language": self.language, "seed": SEED}

    @property
    def tables(self) -> list[Path]:
        """The tidy tables of all its studies."""
        return [one.processed / f"{name}.csv" for one in self.study.studies for name in sorted(one.tables)]


def comparison_settings(root: Path) -> dict[str, Any]:
    """Return what data/raw/comparison.yml sets for the notebook that compares studies; nothing where there is none."""
    path = root / "data" / "raw" / f"{COMPARISON}.yml"
    return parse_yaml(read_text(path), path.relative_to(root).as_posix()) if path.exists() else {}


def named(study: Study) -> str:
    """Name a study in its view, as tasks are called after it."""
    return study.name if study.view == PUBLICATION else f"{study.name}-{study.view}"


@cache
def source_folder() -> Path:
    """Folder that holds the package koppelkans."""
    return Path(__file__).resolve().parents[2]


def _captions_folder() -> Path:
    return source_folder() / "koppelkans" / "figures" / "captions"


@cache
def _all_captions(language: str) -> dict[str, Any]:
    path = _captions_folder() / f"{language}.yml"
    return parse_yaml(read_text(path), str(path))


def raw_files(raw: Path) -> list[Path]:
    """Return the files below a raw folder; hidden ones and an editor's lock files do not count."""
    return sorted(path for path in raw.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))


def files_needed(paths: Iterable[Path]) -> list[Path] | PythonNode:
    """Return the files that a task needs, as pytask takes them.

    Of no files it would make one node for all tasks, named after the one that it meets first: another in each process.
    """
    from pytask import PythonNode

    return list(paths) or PythonNode(value=(), hash=True)


def content_of_files(files: Iterable[Path]) -> PythonNode:
    """Return the files that a task reads as one dependency of pytask: a line a file, with its name and a digest.

    pytask's own node for a path costs it a millisecond, and a notebook stands on a hundred modules; and it does not
    see that a file is gone. What `changed_files` reads out of two such states is what `make status` says.
    """
    from pytask import PythonNode

    root = project_root()
    lines = (f"{_below(path, root)}\t{_digest(path, path.stat().st_mtime_ns)}" for path in files)
    return PythonNode(value="\n".join(lines), hash=str)


@cache
def _below(path: Path, root: Path) -> str:
    """Name a file as seen from the compendium; one on another drive of Windows by its whole path."""
    try:
        return os.path.relpath(path, root)
    except ValueError:
        return str(path)


@cache
def _digest(path: Path, changed: int) -> str:
    """Digest of a file as it was at a time of change, so that a module of many notebooks is read once."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def changed_files(before: str, now: str) -> Iterator[tuple[str, str]]:
    """Compare two states of `content_of_files`: yield each name that differs, and what happened to it."""
    old, new = (dict(line.rsplit("\t", 1) for line in state.split("\n") if line) for state in (before, now))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Path(name).as_posix(), "is new" if name not in old else "is gone" if name not in new else "changed"


@cache
def selected_studies() -> tuple[Study, ...]:
    """Studies to build: those named in KOPPELKANS_STUDIES, else all. Raises KoppelkansError for an unknown one."""
    root = project_root()
    names = os.environ.get(STUDIES_VARIABLE, "").split() or known_studies(root)
    if COMPARISON in names:
        return open_comparison([name for name in names if name != COMPARISON], root).studies
    return tuple(open_study(name, root) for name in names)


def comparison_jobs() -> list[ComparisonJob]:
    """The notebooks that compare the selected studies, of each edition; none where KOPPELKANS_STUDIES asks for none."""
    root = project_root()
    names = os.environ.get(STUDIES_VARIABLE, "").split()
    if COMPARISON not in names:
        return []
    names.remove(COMPARISON)
    across = [notebook for notebook in every_notebook(root) if notebook.compares]
    editions = [open_comparison(names, root, language=language) for language in LANGUAGES]
    return [ComparisonJob(edition, edition.language, notebook) for edition in editions for notebook in across]


@cache
def notebooks() -> tuple[Notebook, ...]:
    """Notebooks of the compendium."""
    return tuple(all_notebooks(project_root()))


def jobs_of(study: Study, files: Iterable[Notebook]) -> list[NotebookJob]:
    """Every notebook of every edition of a study that shows something of it, as it reads for its strands."""
    empty = tables_without_rows(study)
    return [
        NotebookJob(study, language, notebook)
        for language in study.languages
        for notebook in notebooks_of(study, language, files)
        if has_its_data(study, notebook, empty)
    ]


def tables_without_rows(study: Study) -> set[str]:
    """Return the tables of a study's own that nobody filled in yet; one that cannot be read is for its task to name."""
    own = {name: entry for name, entry in study.typed_tables.items() if entry["origin"] == "collected"}
    if not own:
        return set()
    from koppelkans.readers.typed_tables import is_empty

    return {name for name, entry in own.items() if is_empty(study.raw / entry["file"])}


def notebook_jobs() -> list[NotebookJob]:
    """Every notebook of every edition of the selected studies, and of a comparison of them where one is asked for."""
    return [*(job for study in selected_studies() for job in jobs_of(study, notebooks())), *comparison_jobs()]


def shape_of(study: Study) -> str:
    """What a notebook can see of study.yml: its title, its strands, its tables with their origin, what may be shown."""
    if isinstance(study, Comparison):
        return "\n".join(f"{shape_of(one)} {one.parameters!r}" for one in study.studies)
    tables = {name: entry["origin"] for name, entry in study.tables.items()}
    seen: dict[str, Any] = {"title": study.title, "tables": tables}
    if study.field_data:
        seen |= {"minimum_cell": study.minimum_cell, "population": study.population, "links": study.links}
        seen |= {"words": study.words, "quotes": study.quotes_allowed}
        if "may_be_named" in study.settings:
            seen["may_be_named"] = study.settings["may_be_named"]
    if study.view != PUBLICATION:
        seen["view"] = study.view
    if study.categories:
        seen["categories"] = study.categories
    if "strands" in study.settings:
        seen["strands"] = list(study.settings["strands"].items())
    return json.dumps(seen, sort_keys=True, ensure_ascii=False)


@cache
def libraries() -> str:
    """Python and library versions that results depend on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return json.dumps({"python": python, **{name: metadata.version(name) for name in _LIBRARIES}})
