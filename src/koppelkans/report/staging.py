"""Stage one edition's Quarto project, from which it is rendered.

It puts everything a reviewer needs to render the report again into build/<study>/<language>/: the paper's
sources, the numbers (`_variables.yml`) and the executed notebooks, whose captions and alt texts are written into their
cells as the options that Quarto reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.locale.prose import in_language
from koppelkans.report import exhibit_sources
from koppelkans.report.design import DESIGN
from koppelkans.report.manuscript import (
    Manuscript,
    Notebook,
    load_manuscript,
    load_notebook,
    load_yaml,
)
from koppelkans.report.passages import Claims, appendix, marked, verdict_key, with_lists
from koppelkans.report.staged_notebooks import in_lines, staged_notebook
from koppelkans.study import read_text, write_atomically
from koppelkans.study.plain_text import in_markdown

IN_BOTH_LANGUAGES = re.compile(r"\[nl: (?P<nl>[^\]]*?); en: (?P<en>[^\]]*)\]")
WORDS = Path(__file__).with_name("templates")


def planned_files(study_name: str, language: str, root: Path, build_dir: Path) -> list[Path]:
    """List the files that `stage` will write of the paper, in its order; reads the sources, writes nothing.

    Raises KoppelkansError where the edition has no sources or a file would be written twice.
    """
    project, sources = build_dir / study_name / language, _sources(_paper(root, language))
    manuscript = load_manuscript(root / "paper" / language)
    return [
        *(project / name for name in sources),
        project / "_variables.yml",
        *(project / notebook.file for notebook in manuscript.notebooks),
        *(project / name for name in exhibit_sources.planned_files(manuscript)),
    ]


def stage(
    study_name: str,
    language: str,
    root: Path,
    build_dir: Path,
    tables: Mapping[str, tuple[str, ...]],
    *,
    text: Path | None = None,
    notebooks: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] | None = None,
    numbers: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Path]:
    """Write the Quarto project of one edition to build_dir/<study>/<language>/ and return its files.

    Read are also, from the project folder itself, the notebooks as they ran (`_executed/`) and their numbers
    (`results/`), and the ledger beside it. Equal input gives equal bytes.

    Parameters
    ----------
    study_name, language
        Which edition.
    root
        The compendium's folder (paper/, notebooks/).
    build_dir
        Where the editions of all studies stand.
    tables
        Name of a notebook (such as "01-sessions") -> names of the tidy tables that it is given.
    text
        Folder of the sources; that of the edition in paper/ if left out. In other texts numbers may be typed.
    notebooks
        Name of a notebook -> its source and its run, where these are others than the files of its name.
    numbers
        Results that no notebook wrote, by the name under which the text takes them.

    Raises
    ------
    KoppelkansError
        Where a file is missing, a notebook changed after it ran, a number is typed into the prose or a reference leads
        nowhere (one line for each).
    """
    project = build_dir / study_name / language
    folders = _paper(root, language) if text is None else (text, root / "paper" / "shared")
    sources = _sources(folders)
    manuscript = load_manuscript(folders[0])
    contents: dict[Path, bytes] = {project / name: source.read_bytes() for name, source in sources.items()}
    for path in [path for path in contents if path.suffix == ".bib"]:
        contents[path] = bibliography_in(language, contents[path].decode("utf-8")).encode("utf-8")
    contents |= _chapters(manuscript, project, claims_of(build_dir / study_name))
    contents[project / "_variables.yml"] = _variables(project, manuscript.notebooks, numbers or {}).encode("utf-8")
    staged: dict[str, dict[str, Any]] = {}
    for notebook in manuscript.notebooks:
        written, executed = (notebooks or {}).get(notebook.name) or (
            load_notebook(root / "notebooks" / f"{notebook.name}.ipynb"),
            load_notebook(project / "_executed" / f"{notebook.name}.ipynb"),
        )
        staged[notebook.name] = staged_notebook(in_language(written, language), executed, notebook.name)
        contents[project / notebook.file] = in_lines(staged[notebook.name]).encode("utf-8")
    for name, block in _exhibit_blocks(manuscript, staged, build_dir / study_name, tables).items():
        contents[project / name] = block.encode("utf-8")
    _remove_leftovers(project, set(contents), manuscript)
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    changed = {path: content for path, content in contents.items() if before[path] != content}
    for path, content in changed.items():
        write_atomically(path, content)
    try:
        _refuse_problems(project, sources, typed_numbers=text is not None)
    except KoppelkansError:
        for path in changed:  # as it was, so that what is left does not pass for files changed by hand
            old = before[path]
            path.unlink() if old is None else write_atomically(path, old)
        raise
    return list(contents)


def claims_of(build: Path) -> Claims:
    """Return the claims of the ledger in a study's build folder by id; none where the study has no ledger."""
    path = build / "ledger" / "ledger.json"
    return {claim["id"]: claim for claim in json.loads(read_text(path))} if path.exists() else {}


def bibliography_in(language: str, text: str) -> str:
    """Return a bibliography with what it says in both languages, `[nl: ...; en: ...]`, in one."""
    return IN_BOTH_LANGUAGES.sub(lambda match: f"[{match[language]}]", text)


def _chapters(manuscript: Manuscript, project: Path, claims: Claims) -> dict[Path, bytes]:
    """Return the chapters as they are staged: with links to the claims of each passage and to what exhibits rest on."""
    files = list(dict.fromkeys(line.file for line in manuscript.all_lines()))
    texts = {file: exhibit_sources.with_includes(read_text(file)) for file in files}
    report = dict.fromkeys(line.file for line in manuscript.lines())
    language = manuscript.language
    meanings = load_yaml(WORDS / f"evidence.{language}.yml")["status_meanings"]
    lists = {
        "claims-appendix": appendix([texts[file] for file in report], claims, language),
        "verdict-key": verdict_key(claims, meanings, language),
    }
    return {
        project / file.relative_to(manuscript.folder): with_lists(marked(text, claims, language), lists).encode("utf-8")
        for file, text in texts.items()
    }


def _exhibit_blocks(
    manuscript: Manuscript, staged: dict[str, dict[str, Any]], build: Path, tables: Mapping[str, tuple[str, ...]]
) -> dict[Path, str]:
    """Return what stands under each figure and table of the report, by file name in the project."""
    linked = manuscript.is_resource("evidence.html")
    claims = exhibit_sources.claims_by_label(claims_of(build)) if linked else {}
    sources: dict[str, exhibit_sources.ExhibitSource] = {}
    for name, notebook in staged.items():
        sources |= exhibit_sources.read_sources(notebook, tables.get(name, ()), claims)
    words = load_yaml(WORDS / f"words.{manuscript.language}.yml")
    return exhibit_sources.blocks(manuscript, sources, words)


def _remove_leftovers(project: Path, staged: set[Path], manuscript: Manuscript) -> None:
    """Remove sources of an earlier staging, such as a chapter that is gone, so that nothing builds on them."""
    listed = manuscript.settings["project"].get("resources") or []
    in_place = {project / name for name in ("_executed", "figures", "results", manuscript.output.name)}
    in_place |= {project / str(name) for name in ([listed] if isinstance(listed, str) else listed)}
    for path in project.rglob("*"):
        in_use = (
            path.name.startswith(".") or path in staged or any(above in in_place for above in (path, *path.parents))
        )
        if path.is_file() and not in_use:  # hidden: a file that another task is writing right now
            path.unlink()


def _paper(root: Path, language: str) -> tuple[Path, Path]:
    """Return the folders of the paper: of the edition, and of what both use."""
    return root / "paper" / language, root / "paper" / "shared"


def _sources(folders: tuple[Path, Path]) -> dict[str, Path]:
    """Return the sources by their name in the project: of the edition, of both, and the design of print."""
    sources: dict[str, Path] = dict(DESIGN)
    for folder in folders:
        if not folder.is_dir():
            raise KoppelkansError(f"{folder}: not there; expected the sources of the report")
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_dir() or any(part.startswith(".") for part in Path(name).parts):
                continue
            if name in sources:
                raise KoppelkansError(f"{path}: there is also {sources[name]}; rename one, they go to the same place")
            sources[name] = path
    return sources


def _refuse_problems(project: Path, sources: dict[str, Path], typed_numbers: bool) -> None:
    """Raise KoppelkansError for what the checks find, at its place in the sources, where it is to be mended."""
    from koppelkans.report.prose import check_prose, check_references

    chapters = [source for name, source in sources.items() if name.endswith(".qmd")]
    staged = {project / name: source for name, source in sources.items()}
    references = [
        replace(problem, file=staged.get(problem.file, problem.file)) for problem in check_references(project)
    ]
    problems = [*([] if typed_numbers else check_prose(chapters)), *references]
    if problems:
        raise KoppelkansError("\n".join(map(str, problems)))


def _variables(project: Path, notebooks: list[Notebook], more: Mapping[str, Mapping[str, Any]]) -> str:
    """Return `_variables.yml`: under each notebook's name without its number, every result's text and word.

    `more`: results that no notebook wrote, by name.
    """
    import yaml

    variables: dict[str, dict[str, str]] = {}
    results: dict[str, Mapping[str, Any]] = dict(more)
    for notebook in notebooks:
        path = project / "results" / f"{notebook.name}.json"
        if not path.exists():
            raise KoppelkansError(f"{path}: not there; run the notebooks first (`make`)")
        results[re.sub(r"^\d+-", "", notebook.name)] = json.loads(path.read_text(encoding="utf-8"))
    for name, own_results in results.items():
        numbers = variables.setdefault(name, {})
        for key, number in own_results.items():
            numbers[key] = in_markdown(str(number["text"]))
            if number.get("word"):
                numbers[f"{key}_word"] = in_markdown(str(number["word"]))
    return yaml.safe_dump(variables, allow_unicode=True, sort_keys=True, width=1000)
