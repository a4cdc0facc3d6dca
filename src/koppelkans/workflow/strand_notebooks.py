"""Which notebook shows which strand of a study, and a notebook as it reads for another strand than its own.

A notebook with a parameter `strand` names a strand of Smitsveen there. A study with strands of its own gets the
notebook with the first of its strands of the same kind in that place: in the labels of figures, the name of the
results, the heading and the default of the parameter. Interviews that no notebook would show get a run of the first
notebook on interviews each, under their own name, so that none are lost.

Only the standard library is imported here, as in `notebooks`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.study import Study
from koppelkans.study.strands import INTERVIEWS, PRE_STUDY, SMITSVEEN, of_kind
from koppelkans.workflow.notebooks import Notebook, source_of

STRAND, COMPARED_WITH = "strand", "compared_with"
_INTERVIEWS, _FIELD = "interviews of its strand", "any field data"
_NEEDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "00-transcripts": ("turns",),
    "01-sessions": ("sessions", "themes", _INTERVIEWS),
    "02-effects": ("change_stories", "themes", _INTERVIEWS),
    "03-tenants": ("themes", "quantifiers", _INTERVIEWS),
    "04-homeowners": ("themes", "quantifiers", _INTERVIEWS),
    "05-preferences": ("quantifiers", "answers"),
    "06-integration": ("levels", ("documents", "answers")),
    "07-claims": ("claims",),
    "10-context": ("context",),
    "09-expectations": (("expectations", _FIELD), ("published_claims", _FIELD)),
}
"""What a study must have one of, for the notebook to show anything; tables in brackets it must have all."""


def notebooks_of(study: Study, language: str, notebooks: Iterable[Notebook]) -> list[Notebook]:
    """Return the notebooks that are run for a study, each as it reads for the strand that it shows.

    A notebook that is named after a strand is left out where the study has no strand left for it. Raises
    KoppelkansError where the key of a strand would give two notebooks figures of the same name.
    """
    files = list(notebooks)
    shown = strands_shown(study, files)
    own = {notebook.strand: shown[notebook.name] for notebook in files if shown.get(notebook.name)}
    runs = []
    for notebook in files:
        if not notebook.strand or shown[notebook.name] or notebook.strand not in notebook.name:
            runs.append(_for_strands(notebook, own, study, language))
    for key in strands_left(study, files):
        first = next(notebook for notebook in files if _kind(notebook) == INTERVIEWS)
        runs.append(_for_strands(first, own | {first.strand: key}, study, language))
    runs.sort(key=lambda notebook: notebook.path.name)  # the runs of one file stand together
    _check(study, runs)
    return runs


def has_its_data(study: Study, notebook: Notebook, empty: Collection[str] = ()) -> bool:
    """Tell whether a study has anything that a notebook shows; one that is not known is always run.

    `empty`: tables without rows.
    """

    def has(need: str | tuple[str, ...]) -> bool:
        if need == _INTERVIEWS:
            return any(e["kind"] == "interviews" and e["strand"] == notebook.strand for e in study.field_data)
        needed = (need,) if isinstance(need, str) else need
        return all(
            bool(study.field_data) if table == _FIELD else study.has(table) and table not in empty for table in needed
        )

    return any(map(has, _NEEDS.get(notebook.path.stem, ((),))))


def strands_shown(study: Study, notebooks: Iterable[Notebook]) -> dict[str, str]:
    """Return notebook name -> the strand it shows ("" where the study has none for it), for those that show one."""
    showing = [notebook for notebook in notebooks if notebook.strand]
    shown = {notebook.name: study.parameters.get(notebook.name, {}).get(STRAND, "") for notebook in showing}
    for notebook in showing:
        waiting = [key for key in of_kind(study.strands, _kind(notebook)) if key not in shown.values()]
        shown[notebook.name] = shown[notebook.name] or next(iter(waiting), "")
    return shown


def strands_left(study: Study, notebooks: Iterable[Notebook]) -> list[str]:
    """Return the strands with interviews that have no notebook of their own, in the order of the study."""
    files = list(notebooks)
    if not any(_kind(notebook) == INTERVIEWS for notebook in files):
        return []
    coded = {entry["strand"] for entry in study.field_data if entry["kind"] == "interviews"}
    shown = set(strands_shown(study, files).values())
    return [
        key
        for key, strand in study.strands.items()
        if key not in shown and strand.kind != PRE_STUDY and (strand.kind == INTERVIEWS or key in coded)
    ]


def strand_parameters(study: Study, notebook: Notebook) -> dict[str, Any]:
    """Return what study.yml sets for a run: the parameters of its file, and over them those under its own name.

    The strand of a file is that of its first run; a notebook whose strand the study lacks shows none ("").
    """
    of_file = dict(study.parameters.get(notebook.path.stem, {}))
    if notebook.name != notebook.path.stem and of_file.get(STRAND) != notebook.strand:
        of_file.pop(STRAND, None)
    none = {STRAND: ""} if notebook.strand and notebook.strand not in study.strands else {}
    return none | of_file | (study.parameters.get(notebook.name, {}) if notebook.name != notebook.path.stem else {})


def content_of(notebook: Notebook) -> dict[str, Any]:
    """Return a notebook as JSON, as it reads for its strand.

    Its first cell, which is about what Smitsveen published on the strand, gives way to the name of the strand.
    """
    content: dict[str, Any] = json.loads(notebook.path.read_text(encoding="utf-8"))
    for cell in content["cells"] if notebook.words else ():
        if cell["cell_type"] == "code":
            cell["source"] = _reworded(source_of(cell), dict(notebook.words))
    first = next((cell for cell in content["cells"] if cell["cell_type"] == "markdown"), None)
    if first is not None and notebook.title:
        first["source"] = notebook.title
    return content


def _kind(notebook: Notebook) -> str:
    """Return the kind of strand that a notebook shows; "" for one that shows none."""
    return SMITSVEEN[notebook.strand].kind if notebook.strand in SMITSVEEN else ""


def _for_strands(notebook: Notebook, own: Mapping[str, str], study: Study, language: str) -> Notebook:
    """Put the strands of a study in the place of those that a notebook names as its own."""
    named = (notebook.strand, notebook.default(COMPARED_WITH))
    words = {word: own[word] for word in named if word and own.get(word, word) != word}
    if not words:
        return notebook
    strand = words.get(notebook.strand, notebook.strand)
    name, title = _reworded(notebook.name, words), ""
    if name != notebook.name:
        heading = study.strand_name(strand, language)
        title = f"# {int(name[:2])}. {heading[:1].upper()}{heading[1:]}"
    reworded = replace(
        notebook,
        name=name,
        code=tuple(_reworded(cell, words) for cell in notebook.code),
        labels=tuple(_reworded(label, words) for label in notebook.labels),
        strand=strand,
        words=tuple(sorted(words.items())),
        title=title,
    )
    markdown = [source_of(cell) for cell in content_of(reworded)["cells"] if cell["cell_type"] == "markdown"]
    return replace(reworded, markdown=tuple(markdown))


def _reworded(text: str, words: Mapping[str, str]) -> str:
    """Put other words in the place of some, where they stand alone or in a label; all at once."""
    any_word = re.compile(rf"(?<![A-Za-z0-9_])({'|'.join(map(re.escape, words))})(?![A-Za-z0-9_])")
    return any_word.sub(lambda match: words[match[1]], text)


def _check(study: Study, runs: list[Notebook]) -> None:
    """Refuse keys of strands that make two figures of one name."""
    problems = []
    owner: dict[str, str] = {}
    for notebook in runs:
        other = next((owner[label] for label in notebook.labels if label in owner), "")
        if other:
            problems.append(
                f"data/raw/{study.name}/study.yml, strands, {notebook.strand}: its figures would have the names of "
                f"those of {other}; give the strand another key"
            )
        owner |= dict.fromkeys(notebook.labels, notebook.name)
    if problems:
        raise KoppelkansError("\n".join(problems))
