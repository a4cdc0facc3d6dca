"""Find a study, load its study.yml, and read the tables that were made from its raw files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError, nearest
from koppelkans.locale import LANGUAGES
from koppelkans.study.field_settings import FIELD_TABLES
from koppelkans.study.files import read_text, write_atomically
from koppelkans.study.injected import check_injected
from koppelkans.study.plain_yaml import parse_yaml
from koppelkans.study.settings import MINIMUM_CELL, settings_problems
from koppelkans.study.strands import Strand, strands_of
from koppelkans.study.survey_settings import margins_of, people_of
from koppelkans.study.views import PUBLICATION, WORKING, asked_view

if TYPE_CHECKING:
    import pandas as pd

CONTEXT = "cbs.json"
"""File of a study with the figures of its neighbourhood, as `readers.statline` keeps it."""
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
    (table name -> {file, origin, what}; those that are read from field data have no file), `parameters` (notebook name
    -> parameter values), `settings` (study.yml), `language` (of the edition that is made), `view` (publication, or
    working, in which nothing is hidden), `numbers` (what a notebook found: results, which captions name too),
    `origins_read` (of the tables that were read so far).
    """

    name: str
    title: dict[str, str]
    root: Path
    tables: dict[str, dict[str, str]]
    parameters: dict[str, dict[str, Any]]
    settings: dict[str, Any] = field(repr=False)
    language: str = "en"
    view: str = PUBLICATION
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)
    origins_read: set[str] = field(default_factory=set, repr=False, compare=False)

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

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its editions, in the order of LANGUAGES (`languages:` in study.yml; all if left out)."""
        asked = self.settings.get("languages") or LANGUAGES
        return tuple(language for language in LANGUAGES if language in asked)

    @property
    def own_language(self) -> str:
        """The language of who makes the study: the first that study.yml names."""
        return str((self.settings.get("languages") or LANGUAGES)[0])

    @property
    def categories(self) -> dict[str, dict[str, str]]:
        """What the study's own categories of session items are called, by language (`categories:` in study.yml)."""
        return {str(key): names for key, names in (self.settings.get("categories") or {}).items()}

    @property
    def strands(self) -> dict[str, Strand]:
        """The strands that the study names, by key and in its order (`strands:` in study.yml; else Smitsveen's)."""
        return strands_of(self.settings)

    def strand_name(self, key: str, language: str) -> str:
        """Name a strand in a language; "" for "", no strand. Raises KoppelkansError for one the study does not name."""
        strands = self.strands
        if key and key not in strands:
            raise KoppelkansError(
                f"strand {key!r}: study {self.name!r} has none of this key; expected one of {', '.join(strands)}"
                f"{nearest(key, strands)}"
            )
        return strands[key].name(language) if key else ""

    @property
    def field_data(self) -> list[dict[str, Any]]:
        """The files of field data, as study.yml lists them: interviews and answers."""
        return list(self.settings.get("field_data") or [])

    @property
    def typed_tables(self) -> dict[str, dict[str, str]]:
        """The tables that people typed: those with a file of their own."""
        return {name: entry for name, entry in self.tables.items() if "file" in entry}

    @property
    def quotes_allowed(self) -> bool:
        """Tell whether words of respondents may be shown (`quotes: yes` in study.yml)."""
        return self.settings.get("quotes") is True or self.view == WORKING

    @property
    def minimum_cell(self) -> int:
        """The smallest number of people that is shown; 1 where field data are synthetic, and in the working view."""
        if self.view == WORKING:
            return 1
        collected = any(entry["origin"] == "collected" for entry in self.field_data)
        return int(self.settings.get("minimum_cell", MINIMUM_CELL if collected else 1))

    @property
    def population(self) -> dict[str, int]:
        """How many people there are in each strand, where study.yml says so (`population:`)."""
        return people_of(self.settings)

    @property
    def margins(self) -> dict[str, dict[str, dict[str, float]]]:
        """How the people of each strand are made up: attribute -> value -> size (`margins:` of `population:`)."""
        return margins_of(self.settings)

    @property
    def scales(self) -> dict[str, dict[str, Any]]:
        """Which statements measure one thing together (`scales:` in study.yml), as typed."""
        return dict(self.settings.get("scales") or {})

    @property
    def links(self) -> list[dict[str, Any]]:
        """Which codes and which answers say the same (`links:` in study.yml), as typed."""
        return list(self.settings.get("links") or [])

    @property
    def cbs(self) -> str:
        """The code of the neighbourhood at Statistics Netherlands (`cbs:` in study.yml); "" for none."""
        return str(self.settings.get("cbs") or "")

    @property
    def smitsveen(self) -> dict[str, str]:
        """Where this study's data show what that of Smitsveen says: claim id -> arguments (`smitsveen:`)."""
        return {str(claim): str(arguments) for claim, arguments in (self.settings.get("smitsveen") or {}).items()}

    @property
    def words(self) -> list[str]:
        """The words that are looked up in the talks (`words:` in study.yml)."""
        return list(self.settings.get("words") or [])

    @property
    def readers(self) -> dict[str, list[str] | str]:
        """Which documents each coder has read (`readers:` in study.yml), by name; "all" for all that are held."""
        return {str(coder): read for coder, read in (self.settings.get("readers") or {}).items()}

    def edition(self, language: str) -> Path:
        """Folder of the Quarto project of one edition."""
        return self.build / language

    @property
    def build(self) -> Path:
        """Folder of all editions of a view."""
        folder = self.root / "build" / self.name
        return folder / WORKING if self.view == WORKING else folder

    def has(self, table: str) -> bool:
        """Tell whether the study has this table."""
        return table in self.tables

    def read(self, *tables: str) -> dict[str, pd.DataFrame]:
        """Read several processed tables by name; those that have no rows, or that the study lacks, are left out."""
        return {name: rows for name, rows in ((name, self.table(name)) for name in tables) if len(rows)}

    def table(self, table: str) -> pd.DataFrame:
        """Read a processed table.

        Columns as data/processed/<study>/datapackage.json describes them, among them `origin`, which is in
        `attrs["origin"]` too. Text columns hold str, with "" for empty; integer columns are Int64, yes/no columns
        boolean. A table that the study lacks reads as one without rows, with the columns of its schema.
        Raises KoppelkansError for a table that no study has, and where it has not been built yet.
        """
        import pandas as pd

        from koppelkans.study.plain_text import texts_from_csv

        path = self.processed / f"{table}.csv"
        if not self.has(table):
            from koppelkans.study.tables import empty_table

            return empty_table(table)
        if not path.exists():
            raise KoppelkansError(f"{path}: not there yet; run `make tables STUDY={self.name}` first")
        described = json.loads((self.processed / "datapackage.json").read_text(encoding="utf-8"))
        fields = next(r["schema"]["fields"] for r in described["resources"] if r["name"] == table)
        types = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
        dtypes = {f["name"]: types.get(f["type"], "str") for f in fields}
        frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values={c: [""] for c in dtypes})
        text_columns = [column for column, dtype in dtypes.items() if dtype == "str"]
        frame[text_columns] = frame[text_columns].fillna("").apply(texts_from_csv)
        origins = set(frame["origin"].unique()) if len(frame) else set()
        self.origins_read.update(origins)
        if len(origins) == 1:
            frame.attrs["origin"] = next(iter(origins))
        return frame

    def write_results(
        self, notebook: str, language: str = "", numbers: dict[str, dict[str, Any]] | None = None
    ) -> Path:
        """Write a notebook's numbers to build/<study>/<language>/results/<notebook>.json and return that path.

        The numbers are those of the study (`numbers`) and the language its own, unless others are given. A number is
        a key (small letters, digits, underscores) with {value, text, word?} as `language.number` gives it; those of
        field data (field_...) are left out where the study has none.
        """
        language = language or self.language
        if numbers is None:
            numbers = {k: v for k, v in self.numbers.items() if self.field_data or not k.startswith("field_")}
        for key, entry in numbers.items():
            if not key.isidentifier() or not {"value", "text"} <= set(entry):
                raise ValueError(f"result {key!r} must be an identifier with a value and a text, not {entry!r}")
        path = self.edition(language) / "results" / f"{notebook}.json"
        text = json.dumps(numbers, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_atomically(path, text)
        return path


def _in_each_language(title: str | dict[str, str]) -> dict[str, str]:
    """Return a title in every language; one that it lacks has the words of another."""
    texts = title if isinstance(title, dict) else {}
    other = next(iter(texts.values())) if texts else str(title)
    return {language: texts.get(language, other) for language in LANGUAGES}


def _field_tables(entries: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the tables that the files of field data give, with their origin."""
    return {table: {"origin": entry["origin"]} for entry in entries for table in FIELD_TABLES[entry["kind"]]}


def _beside(settings: dict[str, Any], raw: Path) -> dict[str, dict[str, str]]:
    """Return the tables of what a study is laid beside: statements of Smitsveen, figures of CBS that were fetched."""
    asked = {"published_claims": "smitsveen" in settings, "context": "cbs" in settings and (raw / CONTEXT).exists()}
    return {table: {"origin": "published"} for table, wanted in asked.items() if wanted}


def open_study(name: str, root: Path | None = None, *, language: str = "en", view: str = "") -> Study:
    """Load and check data/raw/<name>/study.yml; `language` is that of the edition to be made.

    `view`: the one that VIEW asks for, where it is left out.

    Raises KoppelkansError for an unknown study, for a study.yml that breaks its rules, and as `check_injected`.
    """
    check_injected()
    root = root or project_root()
    path = root / "data" / "raw" / name / "study.yml"
    known = known_studies(root)
    if name not in known:
        if name and path.parent.is_dir() and path.parent.parent == root / "data" / "raw":
            raise KoppelkansError(
                f"data/raw/{name}: has no study.yml, so it is no study yet; expected one with name, title and "
                "field_data or tables (docs/field-data.md shows one)"
            )
        raise KoppelkansError(f"STUDY={name}: unknown study; known: {', '.join(known) or 'none'}{nearest(name, known)}")
    shown = path.relative_to(root).as_posix()
    settings = parse_yaml(read_text(path, shown), shown)
    problems = settings_problems(settings, root, name)
    if problems:
        raise KoppelkansError("\n".join(f"{shown}, {problem}" for problem in problems))
    return Study(
        name=name,
        title=_in_each_language(settings["title"]),
        root=root,
        tables=(settings.get("tables") or {})
        | _field_tables(settings.get("field_data") or [])
        | _beside(settings, path.parent),
        parameters={notebook: values or {} for notebook, values in (settings.get("parameters") or {}).items()},
        settings=settings,
        language=language,
        view=view or _view_of(settings, name),
    )


def _view_of(settings: dict[str, Any], name: str) -> str:
    """Return the view that is asked for. Raises KoppelkansError where the study has nothing that is hidden."""
    view = asked_view()
    if view == WORKING and settings.get("report") == "paper":
        raise KoppelkansError(f"VIEW={view}: {name} has a text in paper/, which is for publication; leave VIEW out")
    return view
