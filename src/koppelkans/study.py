"""Find a study, load its study.yml, and read the tables that were made from its raw files."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError
from koppelkans.language import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

ORIGINS = ("published", "bounds", "collected", "synthetic")


def project_root(start: Path | None = None) -> Path:
    """Return the folder of the compendium: the nearest folder at or above `start` that holds data/raw.

    Raises KoppelkansError where there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir():
            return folder
    raise KoppelkansError(
        f"{start}: no compendium here; expected a folder with data/raw and notebooks; go to its folder first"
    )


def known_studies(root: Path) -> list[str]:
    """Return the names of the studies under data/raw: every folder there with a study.yml."""
    return sorted(path.parent.name for path in (root / "data" / "raw").glob("*/study.yml"))


@dataclass(frozen=True)
class Study:
    """A study and where its files are.

    Attributes: `name` (folder name), `title` and `subtitle` ({nl, en}), `root` (folder of the compendium), `tables`
    (table name -> {file, origin, what}), `parameters` (notebook name -> parameter values), `settings` (study.yml).
    """

    name: str
    title: dict[str, str]
    root: Path
    tables: dict[str, dict[str, str]]
    parameters: dict[str, dict[str, Any]]
    settings: dict[str, Any] = field(repr=False)

    @property
    def raw(self) -> Path:
        """Folder of what came in; never written by code."""
        return self.root / "data" / "raw" / self.name

    @property
    def processed(self) -> Path:
        """Folder of the tidy tables."""
        return self.root / "data" / "processed" / self.name

    def edition(self, language: str) -> Path:
        """Folder of the Quarto project of one edition."""
        return self.root / "build" / self.name / language

    def has(self, table: str) -> bool:
        """Tell whether the study has this table."""
        return table in self.tables

    def table(self, table: str) -> pd.DataFrame:
        """Read a processed table.

        Columns as data/processed/<study>/datapackage.json describes them, among them `origin`. Text columns hold str,
        with "" for empty; integer columns are Int64, yes/no columns boolean.
        Raises KoppelkansError where the study lacks the table or it has not been built yet.
        """
        import pandas as pd

        path = self.processed / f"{table}.csv"
        if not self.has(table):
            raise KoppelkansError(
                f"study {self.name!r} has no table {table!r}; it has {', '.join(sorted(self.tables))}; "
                f"add it to {self.raw / 'study.yml'} or ask study.has() first"
            )
        if not path.exists():
            raise KoppelkansError(f"{path}: not there yet; run `make tables STUDY={self.name}` first")
        described = json.loads((self.processed / "datapackage.json").read_text(encoding="utf-8"))
        fields = next(r["schema"]["fields"] for r in described["resources"] if r["name"] == table)
        types = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
        dtypes = {f["name"]: types.get(f["type"], "str") for f in fields}
        frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values={c: [""] for c in dtypes})
        text_columns = [column for column, dtype in dtypes.items() if dtype == "str"]
        frame[text_columns] = frame[text_columns].fillna("")
        return frame

    def write_results(self, notebook: str, language: str, numbers: dict[str, dict[str, Any]]) -> Path:
        """Write a notebook's numbers to build/<study>/<language>/results/<notebook>.json and return that path.

        `numbers` maps a key (small letters, digits, underscores) to {value, text, word?} as `language.number` gives it.
        """
        for key, entry in numbers.items():
            if not key.isidentifier() or not {"value", "text"} <= set(entry):
                raise ValueError(f"result {key!r} must be an identifier with a value and a text, not {entry!r}")
        path = self.edition(language) / "results" / f"{notebook}.json"
        text = json.dumps(numbers, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_atomically(path, text)
        return path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either there whole or not at all; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _loaded(path: Path) -> dict[str, Any]:
    import yaml

    try:
        settings = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise KoppelkansError(f"{path}{where}: not valid YAML ({getattr(error, 'problem', error)})") from None
    if not isinstance(settings, dict):
        raise KoppelkansError(f"{path}: found {type(settings).__name__}, expected keys such as name, title and tables")
    return settings


def _problems(settings: dict[str, Any], name: str) -> list[str]:
    """Return what is wrong with the contents of a study.yml, one line each."""
    found = []
    if settings.get("name") != name:
        found.append(f"name: found {settings.get('name')!r}, expected the name of its folder, {name!r}")
    for key in ("title",):
        missing = [lang for lang in LANGUAGES if not isinstance(settings.get(key), dict) or not settings[key].get(lang)]
        found += [f"{key}: no text in {lang!r}; expected `{key}: {{nl: ..., en: ...}}`" for lang in missing]
    tables = settings.get("tables")
    if not isinstance(tables, dict):
        return [*found, f"tables: found {tables!r}, expected a table name with file and origin on each line"]
    for table, entry in tables.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
            found.append(f"tables, {table}: found {entry!r}, expected {{file: {table}.csv, origin: published}}")
        elif entry.get("origin") not in ORIGINS:
            found.append(f"tables, {table}: origin {entry.get('origin')!r}, expected one of {', '.join(ORIGINS)}")
    if not isinstance(settings.get("parameters") or {}, dict):
        found.append("parameters: expected a notebook name with parameter values, such as 05-preferences: {n_max: 40}")
    return found


def open_study(name: str, root: Path | None = None) -> Study:
    """Load and check data/raw/<name>/study.yml.

    Raises KoppelkansError for an unknown study (naming the known ones) and for a study.yml that breaks its rules.
    """
    root = root or project_root()
    path = root / "data" / "raw" / name / "study.yml"
    known = known_studies(root)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise KoppelkansError(f"STUDY={name}: unknown study; known: {', '.join(known) or 'none'}{hint}")
    settings = _loaded(path)
    problems = _problems(settings, name)
    if problems:
        raise KoppelkansError("\n".join(f"{path.relative_to(root)}, {problem}" for problem in problems))
    return Study(
        name=name,
        title=settings["title"],
        root=root,
        tables=settings["tables"],
        parameters=settings.get("parameters") or {},
        settings=settings,
    )
