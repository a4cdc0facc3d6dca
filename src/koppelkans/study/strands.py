"""The strands of a study: what its kinds of evidence are called, and of what kind each is.

study.yml names them under `strands:`; a study that does not has those of Smitsveen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from koppelkans.errors import nearest, not_known
from koppelkans.locale import LANGUAGES

PRE_STUDY, EVALUATION, STORIES, INTERVIEWS, ANSWERS = "pre-study", "evaluation", "stories", "interviews", "answers"
KINDS = (PRE_STUDY, EVALUATION, STORIES, INTERVIEWS, ANSWERS)
"""What a strand can be: themes known beforehand, an evaluation of sessions, change stories, interviews, answers."""
_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_EXAMPLE = "leerlingen: {kind: interviews, name: {nl: leerlingen, en: pupils}}"
_PARTS = ("kind", "name")


@dataclass(frozen=True)
class Strand:
    """A strand: its `key` in files and tables, its `kind`, and its `names` (language -> name within a sentence)."""

    key: str
    kind: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Name the strand in a language; in its only language where it has no name in this one."""
        return self.names.get(language) or next(iter(self.names.values()))


SMITSVEEN = {
    strand.key: strand
    for strand in (
        Strand("pre-study", PRE_STUDY, {"nl": "vooronderzoek", "en": "pre-study"}),
        Strand("evaluation", EVALUATION, {"nl": "evaluatie", "en": "evaluation"}),
        Strand("change-stories", STORIES, {"nl": "veranderverhalen", "en": "change stories"}),
        Strand("tenants", INTERVIEWS, {"nl": "huurders", "en": "tenants"}),
        Strand("homeowners", INTERVIEWS, {"nl": "woningeigenaren", "en": "homeowners"}),
    )
}
"""The strands of Smitsveen by key, in order: those of every study that names none."""


def strands_of(settings: Mapping[str, Any]) -> dict[str, Strand]:
    """Return the strands that a study.yml without problems names, by key and in its order."""
    declared = settings.get("strands")
    if declared is None:
        return dict(SMITSVEEN)
    return {
        key: Strand(key, strand["kind"], {code: strand["name"][code] for code in LANGUAGES if code in strand["name"]})
        for key, strand in declared.items()
    }


def keys_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of the strands that field data can be of, also where something else is wrong with `strands:`."""
    declared = settings.get("strands")
    if not isinstance(declared, Mapping):
        return tuple(key for key, strand in SMITSVEEN.items() if strand.kind != PRE_STUDY)
    kinds = {str(key): strand.get("kind") if isinstance(strand, Mapping) else "" for key, strand in declared.items()}
    return tuple(key for key, kind in kinds.items() if kind != PRE_STUDY)


def strand_name(strands: Mapping[str, Strand], key: str, language: str) -> str:
    """Name a strand in a language; one that the study does not name keeps its key."""
    return strands[key].name(language) if key in strands else key


def of_kind(strands: Mapping[str, Strand], kind: str) -> list[str]:
    """Return the keys of the strands of a kind, in the order of the study."""
    return [key for key, strand in strands.items() if strand.kind == kind]


def strands_problems(declared: Any) -> list[str]:
    """Return what is wrong with `strands:` of a study.yml, one line each."""
    if declared is None:
        return []
    if not isinstance(declared, dict) or not declared:
        return [f"strands: found {declared!r}, expected a key with kind and name on each line, such as {_EXAMPLE}"]
    problems: list[str] = []
    owners: dict[tuple[str, str], str] = {}
    for key, strand in declared.items():
        at = f"strands, {key}"
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            problems.append(
                f"strands: found {key!r} as a key, expected small letters, digits and hyphens, starting with a letter, "
                "such as leerlingen or ouders-2; what readers see is its name"
            )
            continue
        if not isinstance(strand, dict):
            problems.append(f"{at}: found {strand!r}, expected kind and name, as in {_EXAMPLE}")
            continue
        problems += [f"{at}: {not_known(part, _PARTS)}" for part in strand if part not in _PARTS]
        kind = strand.get("kind")
        if kind not in KINDS:
            problems.append(f"{at}: kind {kind!r}, expected one of {', '.join(KINDS)}{nearest(str(kind), KINDS)}")
        names: Any = strand.get("name")
        if not are_names(names):
            problems.append(
                f"{at}, name: found {names!r}, expected what readers see in {' and '.join(sorted(LANGUAGES))} (one is "
                f"enough), as in {_EXAMPLE}"
            )
            continue
        for language, name in names.items():
            other = owners.setdefault((language, name.strip().casefold()), key)
            if other != key:
                problems.append(f"{at}, name: {name!r} is the name of {other} too; expected a name of its own")
    return problems


def are_names(names: Any) -> bool:
    """Tell whether something is a name in at least one language, and in known ones: {nl: ..., en: ...}."""
    if not isinstance(names, dict) or not names or not set(names) <= set(LANGUAGES):
        return False
    return all(isinstance(name, str) and name.strip() for name in names.values())


def own_or_of_strands(label: str, texts: Mapping[str, Any]) -> Any:
    """Return what stands under a label of a figure; else what stands under it with {strand} for a key; else None."""
    if label in texts:
        return texts[label]
    before_after = ((key, *key.split("{strand}")) for key in texts if "{strand}" in key)
    return next((texts[key] for key, before, after in before_after if _lies_between(label, before, after)), None)


def _lies_between(label: str, before: str, after: str) -> bool:
    """Tell whether a label is a key of a strand with these words before and after it."""
    key = label.removeprefix(before).removesuffix(after)
    return before + key + after == label and bool(_KEY.fullmatch(key))
