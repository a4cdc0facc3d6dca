"""The sources of a report without a text in paper/, as files: a Quarto manuscript in a folder of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from koppelkans.locale import LANGUAGES, N_, words
from koppelkans.report import neighbourhood
from koppelkans.report.manuscript import load_yaml
from koppelkans.report.neighbourhood import About, Shown
from koppelkans.study import read_text, write_atomically
from koppelkans.study.plain_text import in_markdown

DOCUMENTS = ("dossier", "brief")
_OF_READERS = (
    *(N_("rows"), N_("columns"), N_("cells"), N_("files"), N_("segments"), N_("presences"), N_("characters")),
    *(N_("documents"), N_("sources"), N_("cases"), N_("codes"), N_("codings"), N_("coders"), N_("respondents")),
    *(N_("turns"), N_("turns with a time"), N_("cues of subtitles"), N_("questions"), N_("answers")),
    *(N_("in interviews"), N_("in answers"), N_("in both")),
    *(N_("table"), N_("table of presences"), N_("transcripts"), N_("two coders"), N_("all files together")),
)
"""What the readers count and what they say that a file is of, where that is no name of a program."""


def own_texts(folder: Path, language: str) -> tuple[Path, ...]:
    """Return the texts of a study's maker for an edition: name.qmd, or name.<language>.qmd where there is one."""
    paths = sorted(folder.glob("*.qmd"))
    for_all = {path.stem: path for path in paths if Path(path.stem).suffix[1:] not in LANGUAGES}
    of_language = {Path(path.stem).stem: path for path in paths if path.stem.endswith(f".{language}")}
    texts = for_all | of_language
    return tuple(texts[name] for name in sorted(texts))


def write_sources(folder: Path, paper: Path, about: About, shown: Sequence[Shown], language: str) -> list[Path]:
    """Write the sources of an edition to a folder and return them; `paper` holds those of the same language to follow.

    Raises KoppelkansError where paper/ has no settings for the language.
    """
    _ = words(language).gettext
    beside = [
        {"text": _("In brief (PDF)"), "href": "brief.pdf"},
        {"text": _("Dossier (PDF)"), "href": "dossier.pdf"},
    ]
    contents = {"_quarto.yml": settings(load_yaml(paper / "_quarto.yml"), about.languages, shown, beside)}
    for document in DOCUMENTS:
        contents[f"_quarto-{document}.yml"] = read_text(paper / f"_quarto-{document}.yml")
    contents["index.qmd"] = neighbourhood.report(about, shown, language)
    contents["dossier.qmd"] = neighbourhood.dossier(about, shown, language)
    contents["brief.qmd"] = neighbourhood.brief(about, shown, language)
    for path in about.own:
        contents[f"text/{path.name}"] = _without_header(read_text(path))
    return write_folder(folder, contents)


def write_folder(folder: Path, contents: Mapping[str, str]) -> list[Path]:
    """Write texts to a folder by their name there, and take away what else it holds; return their paths."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in contents:
            path.unlink()
    for name, text in contents.items():
        write_atomically(folder / name, text)
    return [folder / name for name in contents]


def _without_header(text: str) -> str:
    """Take a YAML header out, leaving its lines empty so that a message names the right line."""
    header = re.match(r"\A---[ \t]*\n.*?^---[ \t]*$", text, re.MULTILINE | re.DOTALL)
    return text if header is None else "\n" * header[0].count("\n") + text[header.end() :]


def settings(
    paper: dict[str, Any], languages: Sequence[str], shown: Sequence[Shown], beside: Sequence[Mapping[str, str]]
) -> str:
    """Return `_quarto.yml`: that of the paper with the notebooks of what is shown, and links to what there is.

    `languages`: of the other editions; `beside`: links to documents beside the report.
    """
    result: dict[str, Any] = {key: value for key, value in paper.items() if key not in ("bibliography", "csl")}
    result["project"] = {**paper["project"], "resources": ["figures/*.svg", "figures/*.png", "figures/*.csv"]}
    titles = {one.notebook: one.title for one in shown}
    result["manuscript"] = {
        "article": "index.qmd",
        "notebooks": [
            {"notebook": f"notebooks/{name}.ipynb", "title": in_markdown(title), "order": place}
            for place, (name, title) in enumerate(titles.items(), start=1)
        ],
    }
    html = {**paper["format"]["html"]}
    editions = (link for link in paper["format"]["html"].get("other-links") or [] if _is_edition(link, languages))
    html["other-links"] = [*map(dict, beside), *editions]
    result["format"] = {**paper["format"], "html": html}
    return yaml.safe_dump(result, allow_unicode=True, sort_keys=False)


def _is_edition(link: Mapping[str, str], languages: Sequence[str]) -> bool:
    edition = re.match(r"\.\./\.\./(\w+)/", link["href"])
    return edition is not None and edition[1] in languages


def report_of_reading(reports: Mapping[str, Any], language: str) -> list[str]:
    """Say what was read of each file, a line each, from import-report.json; reports that count nothing are left out."""
    _ = words(language).gettext
    lines = []
    for file, report in reports.items():
        if not report.get("counts"):
            continue
        counts = ", ".join(f"{_(what)} {count.get('read', 0)}" for what, count in report["counts"].items())
        program = " ".join(_(str(report[key])) for key in ("program", "version") if report.get(key))
        lines.append(f"{_(file)}: {program}; {counts}")
    return lines


def read_reports(path: Path) -> dict[str, Any]:
    """Read import-report.json; {} where there is none."""
    return json.loads(read_text(path)) if path.exists() else {}
