"""What can be known of a notebook without running it: its code, parameters, labels, and what it depends on.

Only the standard library is imported here: this is on the path of a `make` that has nothing to do.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.locale.catalogs import PROSE

PACKAGE = "koppelkans"
LABEL = re.compile(r"^#\|[ \t]*label:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_LABEL_LINE = re.compile(r"^#\|[ \t]*label[ \t]*:(.*)$", re.MULTILINE)
_LABEL_FORM = re.compile(r"(?:fig|tbl)-[a-z0-9-]+")
_FIELD_LABEL = re.compile(r"(?:fig|tbl)-field-")
_OF_STRAND = ("documents", "codes", "codings", "attributes")
"""The tables behind the coded interviews of a strand."""
_CODED = ("of_study", "by_strand")
"""Functions of `strands.coded` that read them."""
_TYPES = ("str", "int", "float", "bool", "list")


@dataclass(frozen=True)
class Parameter:
    """A declared parameter: `name`, `kind` (annotation as written, such as int), if it is `required`, its `default`."""

    name: str
    kind: str
    required: bool
    default: Any = None


@dataclass(frozen=True)
class Notebook:
    """A parameterised notebook as it stands in notebooks/.

    Attributes: `name` (file name without .ipynb), `path`, `code` (sources of its code cells; outputs are left out),
    `markdown` (sources of its Markdown cells), `labels` (of the cells that give a figure or table), `tables`
    (processed tables it reads), `parameters`, `strand` (that it shows; "" for none). For another strand than the one it
    was written for (strand_notebooks): `words` (word -> what stands in its place) and `title` (of its first cell).
    """

    name: str
    path: Path
    code: tuple[str, ...]
    markdown: tuple[str, ...]
    labels: tuple[str, ...]
    tables: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    strand: str = ""
    words: tuple[tuple[str, str], ...] = ()
    title: str = ""

    @property
    def compares(self) -> bool:
        """Whether it sets several studies side by side (it has a parameter `studies`)."""
        return any(own.name == "studies" for own in self.parameters)

    def default(self, parameter: str) -> Any:
        """Return the default of a parameter; "" for one that the notebook does not have."""
        return next((own.default for own in self.parameters if own.name == parameter), "")

    def labels_shown(self, field_data: bool) -> tuple[str, ...]:
        """Labels of what the notebook shows of a study: those that start with fig-field- or tbl-field- need field data.

        Without field data, a cell with such a label shows nothing.
        """
        return tuple(label for label in self.labels if field_data or not _FIELD_LABEL.match(label))


def source_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which a notebook file holds as a string or as a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _parsed(code: str, where: str) -> ast.Module:
    try:
        return ast.parse("\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in code.split("\n")))
    except SyntaxError as error:
        raise KoppelkansError(f"{where}, line {error.lineno}: {error.msg}; expected Python code") from None


def _tables_read(code: str, where: str) -> list[str]:
    """Names of the tables that a cell asks for (`table`, `read`, those of `coded`), in order of appearance."""
    tables: list[str] = []
    for node in ast.walk(_parsed(code, where)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CODED:
            tables += _OF_STRAND
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("table", "read"):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "figures":
                continue  # figures.table(...) shows a table, it reads none
            parts = [part for argument in node.args for part in ast.walk(argument) if not isinstance(part, ast.Load)]
            names = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if not names or len(names) < sum(not isinstance(part, ast.Starred | ast.Tuple) for part in parts):
                raise KoppelkansError(
                    f"{where}: {node.func.attr}() needs the name of a table in quotation marks, so that it is known "
                    "what the notebook depends on"
                )
            tables += names
    return tables


def _labels(code: str, where: str) -> list[str]:
    """Labels of a cell. They become names of files and ids of pages, so only plain ones are taken."""
    labels = [line.strip() for line in _LABEL_LINE.findall(code)]
    for label in labels:
        if not _LABEL_FORM.fullmatch(label):
            raise KoppelkansError(
                f"{where}: found the label {label!r}, expected fig- or tbl- with small letters, digits and "
                "hyphens after it, such as fig-timeline"
            )
    return labels


def _is_known_type(node: ast.expr) -> bool:
    """Tell whether the annotation of a parameter is one that values can be held against before a kernel starts."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if node.value.id == "Literal":
            return bool(inside) and all(isinstance(option, ast.Constant) for option in inside)
        return node.value.id == "list" and len(inside) == 1 and _is_known_type(inside[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _is_known_type(node.left) and (_is_none(node.right) or _is_known_type(node.right))
    return isinstance(node, ast.Name) and node.id in _TYPES


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _literal(node: ast.expr | None) -> Any:
    try:
        return node and ast.literal_eval(node)
    except ValueError:  # the value of an expression is known when the notebook runs
        return None


def _declared(code: str, where: str) -> tuple[Parameter, ...]:
    parameters = []
    for node in _parsed(code, where).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            kind = ast.unparse(node.annotation)
            if not _is_known_type(node.annotation):
                raise KoppelkansError(
                    f"{where}: parameter {node.target.id!r} has type {kind!r}, expected one of {', '.join(_TYPES)}, "
                    'list[str] and its like, or Literal["nl", "en"] for a choice'
                )
            parameters.append(Parameter(node.target.id, kind, node.value is None, _literal(node.value)))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise KoppelkansError(
                f"{where}: found {ast.unparse(node)!r} among the parameters, expected only typed ones such as "
                '`study: str = "smitsveen"`'
            )
    return tuple(parameters)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook file.

    Raises KoppelkansError where it cannot be read, is no notebook or has no one cell tagged `parameters`, and for a
    label or a parameter's type of another form than is taken.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        markdown = tuple(source_of(cell) for cell in content["cells"] if cell["cell_type"] == "markdown")
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise KoppelkansError(f"{path}: not a Jupyter notebook ({error}); restore it with git") from None
    code = tuple(source_of(cell) for cell in cells)
    tagged = [source_of(cell) for cell in cells if "parameters" in (cell.get("metadata") or {}).get("tags", [])]
    if len(tagged) != 1:
        raise KoppelkansError(f"{path}: found {len(tagged)} cells tagged 'parameters', expected one")
    tables: list[str] = []
    labels: list[str] = []
    for number, source in enumerate(code, start=1):
        tables += _tables_read(source, f"{path}, code cell {number}")
        labels += _labels(source, f"{path}, code cell {number}")
    doubled = sorted({label for label in labels if labels.count(label) > 1})
    if doubled:
        raise KoppelkansError(f"{path}: label {', '.join(doubled)} stands in more than one cell; expected once")
    parameters = _declared(tagged[0], f"{path}, cell tagged 'parameters'")
    return Notebook(
        name=path.stem,
        path=path,
        code=code,
        markdown=markdown,
        labels=tuple(labels),
        tables=tuple(dict.fromkeys(tables)),
        parameters=parameters,
        strand=next((str(own.default or "") for own in parameters if own.name == "strand"), ""),
    )


def all_notebooks(root: Path) -> list[Notebook]:
    """Read every notebook on one study, in order of name, without those that compare studies."""
    return [notebook for notebook in every_notebook(root) if not notebook.compares]


def every_notebook(root: Path) -> list[Notebook]:
    """Read every notebook of the compendium, in order of name; each label stands in one notebook only."""
    notebooks = [read_notebook(path) for path in sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))]
    owner: dict[str, str] = {}
    for notebook in notebooks:
        for label in notebook.labels:
            if label in owner:
                raise KoppelkansError(f"{notebook.path}: label {label} stands in {owner[label]} too; expected once")
            owner[label] = notebook.name
    return notebooks


@cache
def _module_file(module: str, source_folder: Path) -> Path | None:
    base = source_folder.joinpath(*module.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imported(code: str, where: str, package: str = "") -> list[str]:
    """Names of modules of this package that code imports, anywhere in it; `package` resolves relative imports."""
    imported = []
    for node in ast.walk(_parsed(code, where)):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            imported += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [name for name in imported if name == PACKAGE or name.startswith(f"{PACKAGE}.")]


@cache
def _imports_of_file(path: Path, module: str) -> tuple[str, ...]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(_imported(path.read_text(encoding="utf-8"), str(path), package))


def _data_files(folder: Path) -> Iterator[Path]:
    """Files in a folder of modules that are none, with those in its folders that hold no modules themselves."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__")) or path.name.endswith("~") or path.name == PROSE:
            continue
        if path.is_dir() and not any(path.glob("*.py")):
            yield from _data_files(path)
        elif path.is_file() and path.suffix != ".py":
            yield path


@cache
def modules_used(code: tuple[str, ...], source_folder: Path) -> tuple[Path, ...]:
    """Files of this package that code imports, directly or through others, with the data files beside and below them.

    A changed module, catalog, style sheet or font makes a notebook stale; a module it does not import does not.
    The text of notebooks is no part of it, since their code does not use it.
    """
    waiting = [name for number, cell in enumerate(code, start=1) for name in _imported(cell, f"code cell {number}")]
    files: set[Path] = set()
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        parts = module.split(".")
        waiting += [".".join(parts[:length]) for length in range(1, len(parts))]
        path = _module_file(module, source_folder)
        if path is not None:
            files.add(path)
            waiting += _imports_of_file(path, module)
    folders = {path.parent for path in files} - {source_folder / PACKAGE}
    return tuple(sorted(files | {file for folder in folders for file in _data_files(folder)}))
