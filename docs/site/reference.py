"""The parts of the reference that are made from the code: commands, study.yml, tables, parameters, functions, words."""

from __future__ import annotations

import ast
import csv
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.cli import get_docs_for_click

from koppelkans.commands.main import app
from koppelkans.locale import words
from koppelkans.study.field_schemas import FIELD_SCHEMAS
from koppelkans.study.schemas import SCHEMAS
from koppelkans.study.setting_keys import FIELD_KEYS, STUDY_KEYS
from koppelkans.workflow.notebooks import Notebook, all_notebooks

HEADS = {
    "en": {"key": "key", "means": "means", "example": "example", "column": "column", "holds": "holds", "kind": "kind",
           "parameter": "parameter", "default": "if not set", "nl": "Dutch", "en": "English"},
    "nl": {"key": "sleutel", "means": "betekent", "example": "voorbeeld", "column": "kolom", "holds": "bevat",
           "kind": "soort", "parameter": "parameter", "default": "als je niets zegt", "nl": "Nederlands",
           "en": "Engels"},
}  # fmt: skip


def _table(language: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    names = [HEADS[language][head] for head in heads]
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"


def commands(root: Path, language: str) -> str:
    """Return the help of every command, and what `make` calls."""
    group = typer.main.get_command(app)
    text = get_docs_for_click(obj=group, ctx=typer.Context(group), name="koppelkans")
    text = text[text.index("## `koppelkans import`") :]
    return re.sub(r"^##+ `koppelkans ([^`]+)`", r"## \1", text, flags=re.MULTILINE)


def make(root: Path, language: str) -> str:
    """Return the targets of the Makefile with their help."""
    found = re.findall(r"^([a-z][a-z%-]*(?: [a-z%-]+)*):.*?## (.*)$", (root / "Makefile").read_text("utf-8"), re.M)
    rows = [[f"`make {name.replace('%', 'N')}`", said] for names, said in found for name in names.split()]
    return _table(language, ("key", "means"), rows)


def settings(root: Path, language: str) -> str:
    """Return the keys of study.yml with what they mean and an example."""
    _ = words(language).gettext
    rows = {
        of: [[f"`{name}`", _(key.meaning), f"`{key.example}`"] for name, key in keys.items()]
        for of, keys in (("study.yml", STUDY_KEYS), ("field_data:", FIELD_KEYS))
    }
    return "\n".join(f"## `{of}`\n\n{_table(language, ('key', 'means', 'example'), rows[of])}" for of in rows)


def tables(root: Path, language: str) -> str:
    """Return the columns of every table, with what they hold."""
    parts = []
    for name, schema in {**SCHEMAS, **FIELD_SCHEMAS}.items():
        columns = schema.columns.items()
        rows = [[f"`{column}`", _sentence(of.description, of.expected), of.type] for column, of in columns]
        parts.append(f"## {name}\n\n{schema.description}\n\n{_table(language, ('column', 'holds', 'kind'), rows)}")
    return "\n".join(parts)


def _sentence(description: str, expected: str) -> str:
    return f"{description} ({expected})" if expected else description


def parameters(root: Path, language: str) -> str:
    """Return the parameters of every notebook, with the comment behind each in its cell."""
    parts = []
    for notebook in all_notebooks(root):
        said = _comments(notebook)
        rows = [[f"`{p.name}`", said.get(p.name, ""), f"`{p.kind}`", f"`{p.default!r}`"] for p in notebook.parameters]
        made = _table(language, ("parameter", "means", "kind", "default"), rows)
        parts.append(f"## {notebook.name}\n\n{made}")
    return "\n".join(parts)


def _comments(notebook: Notebook) -> dict[str, str]:
    names = "|".join(parameter.name for parameter in notebook.parameters)
    cell = next(code for code in notebook.code if re.search(r"^study: str", code, re.MULTILINE))
    return dict(re.findall(rf"^({names}): .*?  # (.*)$", cell, re.MULTILINE))


def functions(root: Path, language: str) -> str:
    """Return the functions that notebooks call, by module, for autodoc to fill in from their docstrings."""
    called = {function for notebook in all_notebooks(root) for function in _called(notebook)}
    parts = []
    for module in sorted({module for module, _ in called}):
        listed = "\n".join(f".. autofunction:: {module}.{name}\n" for of, name in sorted(called) if of == module)
        about = (inspect.getdoc(import_module(module)) or "").split("\n\n")[0]
        parts.append(f"## {module}\n\n{about}\n\n```{{eval-rst}}\n{listed}```\n")
    return "\n".join(parts)


def _called(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Yield module and name of each function of the package that a notebook calls by a name it imported."""
    code = re.sub(r"^[%!].*$", "", "\n".join(notebook.code), flags=re.MULTILINE)
    nodes = list(ast.walk(ast.parse(code)))
    names: dict[str, Any] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("koppelkans"):
            names |= {alias.asname or alias.name: _imported(str(node.module), alias.name) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found = names.get(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found = getattr(names.get(getattr(node.func.value, "id", "")), node.func.attr, None)
        else:
            continue
        if inspect.isfunction(found) and found.__module__.startswith("koppelkans"):
            yield found.__module__, found.__name__


def _imported(module: str, name: str) -> Any:
    found = getattr(import_module(module), name, None)
    return import_module(f"{module}.{name}") if found is None else found


def glossary(root: Path, language: str) -> str:
    """Return the words of the study and of the instrument, in the order of the language's own words."""
    other = "en" if language == "nl" else "nl"
    with (root / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as opened:
        rows = sorted(csv.DictReader(opened), key=lambda row: row[language].lower())
    lines = [[row[language], row[other], row[f"means_{language}"]] for row in rows]
    return _table(language, (language, other, "means"), lines)


MADE: dict[str, Callable[[Path, str], str]] = {
    one.__name__: one for one in (commands, make, settings, tables, parameters, functions, glossary)
}
