"""Read the sources of a Quarto manuscript: its settings, chapters, shortcodes and the notebooks it embeds.

Only the listed set of Quarto constructs is understood (docs: quarto.org, "Manuscripts", "Shortcodes", "Embedding
Jupyter Notebook Cells"); the report is rendered from the same files by Quarto itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.study import parse_yaml, read_text

SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(?P<name>[\w-]+)\s+(?P<argument>\S.*?)\s*>\}\}(?!\})")
FENCED_CODE = re.compile(r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
YAML_HEADER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*$", re.MULTILINE | re.DOTALL)
EPOCH = "315532800"  # 1 January 1980, the first day a zip file can name: files carry no time of building
UTF8 = {"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {}
"""In another language of the system Pandoc cannot open a folder with an ë in its name."""
OPTION = re.compile(r"^#\|[ \t]*(?P<key>[\w-]+):")


@dataclass(frozen=True)
class Line:
    """One line of a chapter and where it stands, so that a message can name file and line."""

    text: str
    file: Path
    number: int


@dataclass(frozen=True)
class Shortcode:
    """A shortcode such as `{{< var sessions.count >}}` and where it stands; `start` and `end` count within the line."""

    name: str
    argument: str
    line: Line
    start: int
    end: int

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.line.file}:{self.line.number}"


@dataclass(frozen=True)
class Notebook:
    """A notebook that the manuscript lists: `file` relative to the project, `title` in the edition's language."""

    file: str
    title: str

    @property
    def name(self) -> str:
        """File name without folder and ending, such as "01-sessions"."""
        return Path(self.file).stem

    @property
    def page(self) -> str:
        """Where Quarto puts the notebook's page, relative to the report."""
        return f"notebooks/{self.name}-preview.html"


@dataclass(frozen=True)
class Manuscript:
    """A manuscript project: its folder, the settings of `_quarto.yml` and the notebooks it lists.

    `beside` names the documents beside the report, such as the dossier: one for each profile `_quarto-<name>.yml`, with
    `<name>.qmd` as its article.
    """

    folder: Path
    settings: dict[str, Any]
    notebooks: list[Notebook]
    beside: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """Language of the edition, "nl" or "en"."""
        return str(self.settings.get("lang", "en"))

    @property
    def article(self) -> Path:
        """The file that the report starts from."""
        return self.folder / self.settings["manuscript"].get("article", "index.qmd")

    @property
    def output(self) -> Path:
        """The folder that the report is written to."""
        return self.folder / self.settings["project"].get("output-dir", "_manuscript")

    @property
    def resources(self) -> list[str]:
        """Files that go into the output as they are: those of `project: resources` that are in the project."""
        paths = (path for pattern in self._resource_patterns for path in sorted(self.folder.glob(pattern)))
        return [path.relative_to(self.folder).as_posix() for path in paths if path.is_file()]

    def is_resource(self, file: str) -> bool:
        """Tell whether `project: resources` names a file, also one that has not been made yet."""
        return any(PurePosixPath(file).match(pattern) for pattern in self._resource_patterns)

    @property
    def _resource_patterns(self) -> list[str]:
        listed = self.settings["project"].get("resources") or []
        return [str(pattern) for pattern in ([listed] if isinstance(listed, str) else listed)]

    @property
    def documents(self) -> list[Manuscript]:
        """The documents beside the report, each a manuscript of the same folder with an article of its own."""
        return [
            replace(self, settings={**self.settings, "manuscript": {"article": f"{name}.qmd"}}, beside=())
            for name in self.beside
        ]

    def all_lines(self) -> list[Line]:
        """The lines of the report and of the documents beside it, each once."""
        lines = [line for one in (self, *self.documents) for line in one.lines()]
        return list({(line.file, line.number): line for line in lines}.values())

    def lines(self) -> list[Line]:
        """The article with every `{{< include >}}` filled in. Raises KoppelkansError where a file is missing."""
        return list(included_lines(self.article))

    def variables(self) -> dict[str, Any]:
        """The contents of `_variables.yml`, or nothing where it is not there."""
        path = self.folder / "_variables.yml"
        return load_yaml(path) if path.exists() else {}


def load_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file's mapping. Raises KoppelkansError where it is missing, broken or something else."""
    if not path.exists():
        raise KoppelkansError(f"{path}: not there; expected a YAML file")
    return parse_yaml(read_text(path), str(path))


def read_chapter(path: Path) -> str:
    """Read a .qmd or .md file. Raises KoppelkansError where it cannot be read or its YAML header is broken."""
    text = read_text(path)
    header = YAML_HEADER.match(text)
    if header:
        rows = header.group().split("\n")[1:-1]
        if any(row.strip() for row in rows):
            parse_yaml("\n" + "\n".join(rows), str(path))  # the empty line stands for ---, so that lines are counted
    elif re.match(r"---[ \t]*\n[ \t]*\w+:", text):
        raise KoppelkansError(f"{path}, line 1: the YAML header has no end; expected a line with --- after it")
    return text


def load_manuscript(folder: Path) -> Manuscript:
    """Read `_quarto.yml` of a manuscript project.

    Raises KoppelkansError where it is missing, is no manuscript or lists a notebook without a title.
    """
    path = folder / "_quarto.yml"
    settings = load_yaml(path)
    project, manuscript = settings.get("project"), settings.get("manuscript")
    if not isinstance(project, dict) or project.get("type") != "manuscript" or not isinstance(manuscript, dict):
        raise KoppelkansError(f"{path}: no manuscript; expected `project: type: manuscript` and a `manuscript:` part")
    notebooks = []
    for entry in manuscript.get("notebooks") or []:
        if not isinstance(entry, dict) or not entry.get("notebook") or not entry.get("title"):
            raise KoppelkansError(f"{path}: notebook {entry!r}; expected `notebook:` and `title:` for each notebook")
        notebooks.append(Notebook(str(entry["notebook"]), str(entry["title"])))
    beside = tuple(sorted(path.stem.removeprefix("_quarto-") for path in folder.glob("_quarto-*.yml")))
    return Manuscript(folder, settings, notebooks, beside)


def blanked(text: str, *patterns: re.Pattern[str]) -> str:
    """Overwrite what the patterns match with spaces; line breaks and every position stay as they are."""
    for pattern in patterns:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    return text


def without_code(text: str) -> str:
    """Blank code and comments, in which a shortcode stays as it is written."""
    return blanked(text, COMMENT, FENCED_CODE, INLINE_CODE)


def included_lines(path: Path, seen: tuple[Path, ...] = ()) -> Iterator[Line]:
    """Yield a file's lines, with the file of each `{{< include file >}}` in its place.

    Raises KoppelkansError for a file that is missing or includes itself.
    """
    if path in seen:
        raise KoppelkansError(f"{seen[-1]}: includes {path.name}, which includes it again; take one of the two out")
    if not path.exists():
        raise KoppelkansError(f"{path}: not there; expected the chapter that {seen[-1].name if seen else 'it'} names")
    text = read_chapter(path)
    visible = without_code(text).split("\n")
    for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
        code = SHORTCODE.fullmatch(visible[number - 1].strip())
        if code and code["name"] == "include":
            yield from included_lines(path.parent / code["argument"].strip("\"'"), (*seen, path))
        else:
            yield Line(line, path, number)


def shortcodes(lines: list[Line], name: str | None = None) -> Iterator[Shortcode]:
    """Yield the shortcodes in the text (not those in code), all of them or those of one name."""
    visible = without_code("\n".join(line.text for line in lines)).split("\n")
    for line, text in zip(lines, visible, strict=True):
        for match in SHORTCODE.finditer(text):
            if name in (None, match["name"]):
                yield Shortcode(match["name"], match["argument"], line, match.start(), match.end())


def embed_target(argument: str) -> tuple[str, str]:
    """Split "notebooks/01-sessions.ipynb#fig-timeline" into file and label; the label is "" where there is none."""
    file, _, label = argument.partition("#")
    return file.strip(), label.strip()


def variable(variables: dict[str, Any], key: str) -> str | None:
    """Look up "sessions.count" in the variables; None where there is no such text."""
    value: Any = variables
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None or isinstance(value, dict | list) else str(value)


def load_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as its JSON. Raises KoppelkansError where it is missing or no notebook."""
    if not path.exists():
        raise KoppelkansError(f"{path}: not there; run the notebooks first (`make`)")
    try:
        notebook = json.loads(read_text(path))
    except ValueError as error:
        raise KoppelkansError(f"{path}: no notebook ({error}); run the notebooks again (`make`)") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise KoppelkansError(f"{path}: no notebook: it has no cells; run the notebooks again (`make`)")
    return notebook


def joined(text: str | list[str]) -> str:
    """Return a notebook's text, which is stored as one string or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def cell_options(cell: dict[str, Any]) -> dict[str, Any]:
    """Return the `#| key: value` options at the top of a code cell. Raises KoppelkansError where they are no YAML."""
    import yaml

    if cell.get("cell_type") != "code":
        return {}
    lines = []
    for line in joined(cell.get("source", "")).split("\n"):
        if not line.startswith("#|"):
            break
        lines.append(line[2:])
    try:
        return yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise KoppelkansError(f"cell options {lines[0].strip()!r}: not valid YAML ({error})") from None


def labelled_cells(notebook: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the code cells that carry a `#| label: fig-...` or `tbl-...`, by label."""
    cells = {}
    for cell in notebook["cells"]:
        label = cell_options(cell).get("label")
        if isinstance(label, str) and label.startswith(("fig-", "tbl-")):
            cells[label] = cell
    return cells
