"""codecheck.yml: what a CODECHECK should recreate, in the form of https://codecheck.org.uk/spec/config/1.0/.

It is made from the manifest. Who checked, the report and the certificate are left to the codechecker.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from koppelkans.review.manifest import MANIFEST, describe, manifest_text
from koppelkans.review.plain_yaml import as_yaml
from koppelkans.study import Study, write_atomically

SPECIFICATION = "https://codecheck.org.uk/spec/config/1.0/"

_HEADER = """\
%YAML 1.1
---
# Made from docs/figures.yml by `make manifest`; not to be edited by hand before a check.
# `make reproduce` builds every file of the manifest in a clean copy and compares it with its SHA-256 there.
# The codechecker adds: codechecker, report, and certificate where one is given.
"""
_LANGUAGE = {"en": "English edition", "nl": "Dutch edition"}
_FORMAT = {".svg": "SVG", ".png": "PNG", ".csv": "its data as CSV", ".md": "Markdown"}


def citation_of(root: Path) -> dict[str, Any]:
    """Read CITATION.cff; empty where there is none."""
    import yaml

    path = root / "CITATION.cff"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def cff_name(author: dict[str, str]) -> str:
    """Return the whole name of an author in CITATION.cff."""
    parts = (author.get("given-names", ""), author.get("name-particle", ""), author.get("family-names", ""))
    return author.get("name") or " ".join(filter(None, parts))


def _paper(study: Study, citation: dict[str, Any]) -> dict[str, Any]:
    """Title, authors and reference of the study that is reproduced; of the compendium where study.yml names none."""
    reference = study.settings.get("reference")
    if not reference:
        authors = [{"name": cff_name(author)} for author in citation.get("authors", [])]
        return {"title": study.title["en"], **({"authors": authors} if authors else {})}
    parts = (reference.get("publisher"), reference.get("department"), reference.get("year"))
    where = reference.get("doi") or reference.get("url") or ", ".join(str(part) for part in parts if part)
    authors = [{"name": f"{author['given']} {author['family']}"} for author in reference["authors"]]
    return {"title": reference["title"], "authors": authors, **({"reference": where} if where else {})}


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def _entries(manifest: dict[str, Any]) -> list[dict[str, str]]:
    entries = []
    for figure in manifest["figures"]:
        remade = f" ({figure['redraws'].replace('-', ' ')} of the study)" if "redraws" in figure else ""
        for edition in figure["editions"]:
            for path in edition["outputs"]:
                form = "SVG for a phone" if path.endswith(".narrow.svg") else _FORMAT[Path(path).suffix]
                which = f"{_LANGUAGE[edition['parameters']['language']]}, {form}"
                about = f"{figure['id']}{remade}, {which}: {_first_sentence(figure['caption'])}"
                entries.append({"file": path, "comment": about})
    for numbers in manifest["numbers"]:
        about = (
            f"Numbers that the text of the report takes from notebook {numbers['id']}, {_LANGUAGE[numbers['edition']]}"
        )
        entries.append({"file": numbers["path"], "comment": about})
    for entry in manifest["ledger"]:
        about = "The ledger: the published statements and how far each is borne out"
        entries.append({"file": entry["path"], "comment": about})
    for table in manifest["tables"]:
        is_table = bool(table["inputs"])
        about = f"Tidy table {table['id']}, checked" if is_table else "Description of every column of the tidy tables"
        entries.append({"file": table["path"], "comment": about})
    return entries


def codecheck_text(study: Study, manifest: dict[str, Any]) -> str:
    """Return codecheck.yml for a study, from its manifest, its study.yml and CITATION.cff."""
    citation = citation_of(study.root)
    origin = study.settings.get("origin", "")
    source = f"Code and data stand in this repository; data/raw/{study.name} holds what came in"
    return _HEADER + as_yaml(
        {
            "version": SPECIFICATION,
            "manifest": _entries(manifest),
            "paper": _paper(study, citation),
            "source": f"{source} (origin: {origin})." if origin else f"{source}.",
            "repository": citation.get("repository-code") or citation.get("repository") or "",
        }
    )


def write_manifest(study: Study) -> list[Path]:
    """Write docs/figures.yml, and codecheck.yml made from it, from the build of a study; return both paths."""
    manifest = describe(study)
    texts = {
        study.root / MANIFEST: manifest_text(manifest),
        study.root / "codecheck.yml": codecheck_text(study, manifest),
    }
    for path, text in texts.items():
        write_atomically(path, text)
    return list(texts)
