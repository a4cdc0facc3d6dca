"""What may stand under `field_data:` in study.yml, the files of interviews and answers, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from koppelkans.errors import nearest, not_known
from koppelkans.study.setting_keys import FIELD_KEYS

FIELD_TABLES: dict[str, tuple[str, ...]] = {
    "interviews": ("documents", "turns", "respondents", "attributes", "codes", "codings"),
    "answers": ("respondents", "attributes", "answers", "questions", "options"),
}
"""Which tidy tables a kind of field data gives."""
_OF_KIND: dict[str, tuple[str, ...]] = {
    "interviews": ("coder", "columns", "preset", "sheet"),
    "answers": ("questions", "respondent", "attributes", "structure", "sheet", "missing"),
}


def stands_outside(file: str, raw: Path) -> bool:
    """Tell whether a file of a study leads out of its folder, by its name or through a link."""
    try:
        return not (raw / file).resolve().is_relative_to(raw.resolve())
    except ValueError:  # a name that no file can have
        return True
    except (OSError, RuntimeError):  # a link that leads to itself; reading the file tells so
        return False


def is_name(value: Any) -> bool:
    """Tell whether something can name a column, a sheet or a person; a number may, as YAML reads a bare 2021 as one."""
    return isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip() != ""


def _option_problems(entry: dict[Any, Any], raw: Path) -> list[str]:
    """Find what is wrong with the options of a file: those of the other kind, and values that cannot be one."""
    problems = []
    for key, value in entry.items():
        fits, expected = True, ""
        if key in ("coder", "preset", "respondent", "sheet"):
            fits, expected = is_name(value), "a name"
        elif key == "structure":
            fits, expected = isinstance(value, str) and value.strip() != "", "the name of a file beside the answers"
            if fits and stands_outside(str(Path(entry["file"]).parent / value), raw):
                fits, expected = False, "a file within the study's folder"
        elif key == "attributes":
            names = list(value.values()) if isinstance(value, dict) else value
            fits = isinstance(names, list) and all(map(is_name, names)) and len(set(map(str, names))) == len(names)
            fits = fits and not (isinstance(value, dict) and "respondent" in value)
            expected = "a list of different columns, such as [leeftijd, woning]"
        elif key == "missing":
            codes = list(value) if isinstance(value, dict | list) else [value]
            fits = bool(codes) and all(is_name(code) for code in codes)
            expected = "codes that are no answer, such as [0, 99] or {0: n.v.t.}"
        elif key == "questions":
            fits = isinstance(value, dict) and bool(value)
            expected = "questions with their columns, such as {q1: {columns: [Q1]}}"
        elif key == "columns":
            fits = isinstance(value, dict) and bool(value)
            expected = "what each column holds, such as {document: Bron, code: Thema, text: Fragment}"
            for name in ("separator", "hierarchy") if fits else ():
                if name in value and (not isinstance(value[name], str) or not value[name]):
                    problems.append(f"columns, {name}: found {value[name]!r}, expected a text, such as ';'")
        if not fits:
            problems.append(f"{key}: found {value!r}, expected {expected}")
    kind = entry.get("kind")
    own = _OF_KIND.get(str(kind), ())
    of_others = {key: other for other, keys in _OF_KIND.items() for key in keys if key not in own}
    if isinstance(kind, str) and kind in FIELD_TABLES:
        problems += [
            f"{key} belongs to {of_others[key]}, this is {kind}; take it out" for key in entry if key in of_others
        ]
    return problems


def field_problems(entries: Any, raw: Path, strands: tuple[str, ...], own: str) -> list[str]:
    """Find what is wrong with the list `field_data:`; `own` says how a study names strands of its own."""
    example = "{file: interviews/evaluatie.qdpx, kind: interviews, strand: evaluation, origin: collected}"
    if entries is None:
        return []
    if not isinstance(entries, list):
        return [f"field_data: found {entries!r}, expected a list with one entry a file, such as - {example}"]
    problems: list[str] = []
    seen: dict[Path, int] = {}
    for number, entry in enumerate(entries, start=1):
        at = f"field_data, entry {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or not entry["file"].strip():
            problems.append(f"{at}: found {entry!r}, expected {example}")
            continue
        at = f"field_data, {entry['file']}"
        for key in entry:
            if key not in FIELD_KEYS:
                problems.append(f"{at}: {not_known(key, FIELD_KEYS)}")
        for key, known in (
            ("kind", tuple(FIELD_TABLES)),
            ("strand", strands),
            ("origin", ("collected", "synthetic")),
        ):
            if not isinstance(entry.get(key), str) or entry[key] not in known:
                more = nearest(str(entry.get(key)), known) or (own if key == "strand" else "")
                problems.append(f"{at}: {key} {entry.get(key)!r}, expected one of {', '.join(known)}{more}")
        if stands_outside(entry["file"], raw):
            problems.append(f"{at}: the file stands outside the study's folder; put it in data/raw/{raw.name}")
        else:
            problems += [f"{at}, {problem}" for problem in _option_problems(entry, raw)]
        if (raw / entry["file"]) in seen:
            problems.append(f"{at}: found the file in entry {seen[raw / entry['file']]} too, expected it once")
        seen.setdefault(raw / entry["file"], number)
    origins = {str(entry.get("origin")) for entry in entries if isinstance(entry, dict)}
    if len(origins) > 1 and not problems:
        problems.append(
            "field_data: found collected and synthetic files together, expected one of them; make two studies"
        )
    return problems
