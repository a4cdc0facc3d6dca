"""Find a study, load its study.yml, and read the tables that were made from its raw files."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.language import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

ORIGINS = ("published", "bounds", "collected", "synthetic")
_FIXED_PARAMETERS = ("study", "language")  # they are what is being built


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

    @property
    def has_report(self) -> bool:
        """Tell whether the text in paper/ is about this study (`report: paper` in study.yml)."""
        return self.settings.get("report") == "paper"

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


def read_text(path: Path, shown_as: str = "") -> str:
    """Read a text file, with any line ends. `shown_as` is how errors name the file.

    Raises KoppelkansError, one line, for a file that is missing, cannot be read or is not UTF-8.
    """
    name = shown_as or str(path)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KoppelkansError(f"{name}: {why_unreadable(error)}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise KoppelkansError(f"{name}, line {line}: found bytes that are not UTF-8 text; save it as UTF-8") from None


def parse_yaml(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that a YAML text holds; `name` is how errors name its file.

    Raises KoppelkansError, one line, where the text is broken or holds something else.
    """
    import yaml

    try:
        settings = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist, such as 2021-13-01
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or (str(error).splitlines() or ["unknown"])[0]
        raise KoppelkansError(
            f"{name}{where}: not valid YAML ({what}); put quotation marks around text with a colon and look at the "
            "spaces in front of the line"
        ) from None
    if not isinstance(settings, dict):
        raise KoppelkansError(f"{name}: found {type(settings).__name__}, expected keys with values, such as name: ...")
    return settings


def _near(word: str, options: list[str]) -> str:
    """Name the option that a word was probably meant to be."""
    near = difflib.get_close_matches(word, options, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _stands_outside(file: str, raw: Path) -> bool:
    """Tell whether a file of a study leads out of its folder, by its name or through a link."""
    try:
        return not (raw / file).resolve().is_relative_to(raw.resolve())
    except ValueError:  # a name that no file can have
        return True
    except (OSError, RuntimeError):  # a link that leads to itself; reading the file tells so
        return False


def _table_problems(tables: Any, raw: Path) -> list[str]:
    if not isinstance(tables, dict):
        return [f"tables: found {tables!r}, expected a table name with file and origin on each line"]
    found = []
    for table, entry in tables.items():
        if not isinstance(table, str):
            found.append(f"tables: found {table!r} as the name of a table, expected text such as sessions")
        elif not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"].strip():
            found.append(f"tables, {table}: found {entry!r}, expected {{file: {table}.csv, origin: published}}")
        elif _stands_outside(entry["file"], raw):
            found.append(
                f"tables, {table}: file {entry['file']!r} stands outside the study's folder; "
                f"put it in data/raw/{raw.name} and name it as it is called there"
            )
        elif entry.get("origin") not in ORIGINS:
            found.append(f"tables, {table}: origin {entry.get('origin')!r}, expected one of {', '.join(ORIGINS)}")
    return found


def _parameter_problems(parameters: Any, notebooks: list[str]) -> list[str]:
    """Find what is wrong with the `parameters:` of a study; whether a notebook has them is seen when it runs."""
    example = "such as 05-preferences: {n_max: 40}"
    if parameters is None:
        return []
    if not isinstance(parameters, dict):
        return [f"parameters: found {parameters!r}, expected a notebook name with parameter values, {example}"]
    found = []
    for notebook, values in parameters.items():
        at = f"parameters, {notebook}"
        if notebook not in notebooks:
            near = _near(str(notebook), notebooks)
            found.append(f"{at}: no such notebook; expected one of {', '.join(notebooks) or 'none'}{near}")
        elif values is not None and not isinstance(values, dict):
            found.append(f"{at}: found {values!r}, expected parameter values, {example}")
        for name in values if isinstance(values, dict) else ():
            if not isinstance(name, str):
                found.append(f"{at}: found {name!r} as the name of a parameter, expected text")
            elif name in _FIXED_PARAMETERS:
                found.append(f"{at}: {name!r} cannot be set here, it is what is being built; take it out")
    return found


def _problems(settings: dict[str, Any], root: Path, name: str) -> list[str]:
    """Return what is wrong with the contents of a study.yml, one line each."""
    found = []
    if settings.get("name") != name:
        found.append(f"name: found {settings.get('name')!r}, expected the name of its folder, {name!r}")
    title = settings.get("title")
    texts: dict[Any, Any] = title if isinstance(title, dict) else {}
    for language in LANGUAGES:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip():
            found.append(
                f"title: found {text!r} in {language!r}, expected text, as in `title: {{nl: ..., en: ...}}` "
                "(with quotation marks around a number)"
            )
    notebooks = sorted(path.stem for path in (root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    found += _table_problems(settings.get("tables"), root / "data" / "raw" / name)
    return found + _parameter_problems(settings.get("parameters"), notebooks)


def open_study(name: str, root: Path | None = None) -> Study:
    """Load and check data/raw/<name>/study.yml.

    Raises KoppelkansError for an unknown study (naming the known ones) and for a study.yml that breaks its rules.
    """
    root = root or project_root()
    path = root / "data" / "raw" / name / "study.yml"
    known = known_studies(root)
    if name not in known:
        raise KoppelkansError(f"STUDY={name}: unknown study; known: {', '.join(known) or 'none'}{_near(name, known)}")
    shown = path.relative_to(root).as_posix()
    settings = parse_yaml(read_text(path, shown), shown)
    problems = _problems(settings, root, name)
    if problems:
        raise KoppelkansError("\n".join(f"{shown}, {problem}" for problem in problems))
    return Study(
        name=name,
        title=settings["title"],
        root=root,
        tables=settings["tables"],
        parameters={notebook: values or {} for notebook, values in (settings.get("parameters") or {}).items()},
        settings=settings,
    )
