"""An archive for a repository: sources, public data, what was built from them, and how, as an RO-Crate in one file.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) describes every file; what was built carries its SHA-256 and, in terms of
PROV-O, the notebook, parameters and inputs that it came from. Equal sources and builds give equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.review.clean_copy import Copy, build_in
from koppelkans.review.codecheck import cff_name, citation_of
from koppelkans.review.manifest import describe
from koppelkans.review.release import problems_of, zipped
from koppelkans.study import Study, write_atomically
from koppelkans.study.tiers import tier_of, tracked_problems
from koppelkans.study.views import PUBLICATION

METADATA = "ro-crate-metadata.json"
CODEMETA = "codemeta.json"
_SHA256 = {"sha256": "https://schema.org/sha256"}  # which the context of RO-Crate 1.1 does not have
_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"prov": "http://www.w3.org/ns/prov#", **_SHA256}]
_FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
    ".qmd": "text/markdown",
    ".py": "text/x-python",
    ".yml": "application/yaml",
}
_LICENCES = {"MIT": "https://spdx.org/licenses/MIT", "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


def archive(study: Study) -> Path:
    """Write build/archive/<study>.zip; return its path.

    Raises KoppelkansError where something is not for everybody, not committed, or not built.
    """
    if study.view != PUBLICATION:
        raise KoppelkansError(f"VIEW={study.view} is for those who work on {study.name}; make and archive without it")
    closed = [entry["file"] for entry in study.field_data if tier_of(study, entry["file"]) != "public"]
    if closed:
        raise KoppelkansError(
            f"{study.name}: {closed[0]} is not public, so that its build is not for an archive; "
            f"koppelkans release {study.name} gives what may be shown"
        )
    if problems := [*tracked_problems(study.root), *problems_of(study)]:
        raise KoppelkansError("\n".join([*problems, f"{study.name} is not archived; mend these first"]))
    manifest = describe(study)
    contents = _sources(study.root)
    base = study.root / "build" / study.name
    built = [*study.processed.rglob("*"), *base.rglob("*")]
    made = {
        path.relative_to(study.root).as_posix(): path.read_bytes()
        for path in built
        if path.is_file() and not path.name.startswith(".") and ".failed." not in path.name
    }
    contents |= made
    contents[CODEMETA] = _text(_codemeta(study))
    contents[METADATA] = _text(_crate(study, contents, set(made), manifest))
    path = study.root / "build" / "archive" / f"{study.name}.zip"
    write_atomically(path, zipped(contents))
    return path


def _sources(root: Path) -> dict[str, bytes]:
    """Return the files of the last commit by name. Raises KoppelkansError without git, or with changes in them."""
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True)
        changed = subprocess.run(["git", "-C", str(root), "status", "--porcelain"], capture_output=True, check=True)
    except (subprocess.CalledProcessError, FileNotFoundError):
        raise KoppelkansError(f"{root}: no git here; an archive holds the files of a commit") from None
    if changed.stdout.strip():
        first = changed.stdout.decode().splitlines()[0][3:]
        raise KoppelkansError(f"{first}: is not committed; an archive holds the files of a commit, so commit it first")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return {name: (root / name).read_bytes() for name in names}


def _text(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _authors(root: Path) -> list[dict[str, str]]:
    return [{"@type": "Organization", "name": cff_name(author)} for author in citation_of(root).get("authors", [])]


def _codemeta(study: Study) -> dict[str, Any]:
    """Describe the program for catalogues of software: https://codemeta.github.io."""
    citation = citation_of(study.root)
    return {
        "@context": "https://doi.org/10.5063/schema/codemeta-2.0",
        "@type": "SoftwareSourceCode",
        "name": citation.get("title", study.title["en"]),
        "description": " ".join(str(citation.get("abstract", "")).split()),
        "version": str(citation.get("version", "")),
        "dateModified": str(citation.get("date-released", "")),
        "license": _LICENCES["MIT"],
        "programmingLanguage": "Python",
        "runtimePlatform": "Python 3.11 to 3.13",
        "keywords": citation.get("keywords", []),
        "author": _authors(study.root),
    }


def _crate(study: Study, contents: dict[str, bytes], made: set[str], manifest: dict[str, Any]) -> dict[str, Any]:
    """Describe the files and how they came about."""
    citation = citation_of(study.root)
    actions, action_of, inputs_of = _actions(manifest)
    files = []
    for name in sorted(set(contents) | {CODEMETA}):
        content = contents.get(name, b"")
        entity: dict[str, Any] = {
            "@id": name,
            "@type": "File",
            "name": Path(name).name,
            "contentSize": str(len(content)),
        }
        if ending := _FORMATS.get(Path(name).suffix):
            entity["encodingFormat"] = ending
        if name in made:
            entity["sha256"] = hashlib.sha256(content).hexdigest()
        if name in action_of:
            entity["prov:wasGeneratedBy"] = {"@id": action_of[name]}
            entity["prov:wasDerivedFrom"] = [{"@id": one} for one in inputs_of[name]]
        files.append(entity)
    authors = [{"@id": f"#author-{n}", **author} for n, author in enumerate(_authors(study.root), start=1)]
    licences = [{"@id": url, "@type": "CreativeWork", "name": name} for name, url in _LICENCES.items()]
    about = {"@id": METADATA, "@type": "CreativeWork", "about": {"@id": "./"}}
    dataset = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": study.name,
        "name": f"{study.title['en']}: sources, data and report",
        "description": " ".join(str(citation.get("abstract") or study.title["en"]).split()),
        "datePublished": str(citation.get("date-released", "2026-01-01")),
        "license": {"@id": _LICENCES["CC-BY-4.0"]},
        "author": [{"@id": author["@id"]} for author in authors],
        "hasPart": [{"@id": file["@id"]} for file in files],
        "mentions": [{"@id": action["@id"]} for action in actions],
    }
    conforms = {"conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}}
    graph: list[dict[str, Any]] = [about | conforms, dataset, *authors, *licences, *files, *actions]
    return {"@context": _CONTEXT, "@graph": [_without_lists_of_one(entity) for entity in graph]}


def _without_lists_of_one(entity: dict[str, Any]) -> dict[str, Any]:
    """Return an entity with the values themselves in place of lists of one, as RO-Crate 1.1 recommends."""
    return {name: held[0] if isinstance(held, list) and len(held) == 1 else held for name, held in entity.items()}


def _actions(manifest: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, list[str]]]:
    """Return the runs of notebooks, and for each output the run it came from and the files that it was made from."""
    actions: dict[str, dict[str, Any]] = {}
    action_of: dict[str, str] = {}
    inputs_of: dict[str, list[str]] = {}
    for figure in manifest["figures"]:
        notebook = figure["notebook"].partition("#")[0]
        for edition in figure["editions"]:
            language = edition["parameters"]["language"]
            key = f"#run-{Path(notebook).stem}-{language}"
            said = ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(edition["parameters"].items()))
            run = actions.setdefault(
                key,
                {
                    "@id": key,
                    "@type": ["CreateAction", "prov:Activity"],
                    "name": f"{Path(notebook).stem}, edition {language}",
                    "description": f"Papermill runs the notebook with {said}",
                    "instrument": {"@id": notebook},
                    "object": [],
                    "result": [],
                },
            )
            run["object"] += [{"@id": name} for name in figure["inputs"] if {"@id": name} not in run["object"]]
            run["result"] += [{"@id": name} for name in edition["outputs"]]
            action_of |= dict.fromkeys(edition["outputs"], key)
            inputs_of |= {output: [notebook, *figure["inputs"]] for output in edition["outputs"]}
    for table in manifest["tables"]:
        if table["inputs"]:
            key = f"#table-{table['id']}"
            inputs = [{"@id": name} for name in table["inputs"]]
            about = {"@id": key, "@type": ["CreateAction", "prov:Activity"], "name": f"tidy table {table['id']}"}
            made_by = {"@id": "src/koppelkans/workflow/tidy.py"}
            actions[key] = about | {"instrument": made_by, "object": inputs, "result": [{"@id": table["path"]}]}
            action_of[table["path"]], inputs_of[table["path"]] = key, list(table["inputs"])
    return list(actions.values()), action_of, inputs_of


def rerun(path: Path) -> tuple[int, list[str]]:
    """Unpack an archive, build its study anew with its own code, and compare; return how many files, and what differs.

    Raises KoppelkansError for a file that is no archive of ours, and where the build stops.
    """
    try:
        with zipfile.ZipFile(path) as file:
            graph = json.loads(file.read(METADATA))["@graph"]
            made = {entity["@id"]: entity["sha256"] for entity in graph if "sha256" in entity}
            study = next(entity["identifier"] for entity in graph if entity["@id"] == "./")
            sources = [name for name in file.namelist() if name not in made]
            with tempfile.TemporaryDirectory(prefix="koppelkans-rerun-") as temporary:
                root = Path(temporary) / "koppelkans"
                file.extractall(root, sources)
                if stopped := build_in(Copy(root, "", ()), study):
                    raise KoppelkansError("\n".join([*stopped, f"{path.name}: the build of {study} stopped"]))
                return len(made), _differences(root, made)
    except (zipfile.BadZipFile, KeyError, ValueError, StopIteration, OSError) as error:
        raise KoppelkansError(
            f"{path}: found {type(error).__name__}, expected an archive that make archive wrote"
        ) from None


def _differences(root: Path, made: dict[str, str]) -> list[str]:
    lines = []
    for name, digest in sorted(made.items()):
        path = root / name
        if not path.is_file():
            lines.append(f"{name}: is not made")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            lines.append(f"{name}: differs")
    return lines
