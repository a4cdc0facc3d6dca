"""The questions that study.yml names: check them against the columns of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.readers.answers import cells as reading
from koppelkans.readers.answers.derive import layout_of, layout_of_ranking, suggested_kind
from koppelkans.readers.answers.labels import item_codes
from koppelkans.readers.answers.missing import missing_codes, without_codes
from koppelkans.readers.answers.model import KINDS, OTHER, Column, Labels, Question, Source
from koppelkans.readers.grids import nearest, normal

_KEYS = ("columns", "column", "kind", "construct", "label", "options", "other", "missing")


def mapped_questions(source: Source, questions: Mapping[str, Any]) -> list[Question]:
    """Return the questions of a mapping {name: {columns, kind, construct, label, options, other}}.

    `columns` is a name, a list of names, or {code: name}; the name of a question that the file itself tells of stands
    for all its columns. An item with several columns and the kind single, likert, open or number becomes a question for
    each column, named name[code].
    Raises KoppelkansError for a column that the file lacks (with the nearest name), an unknown kind or key, and a
    column that two questions claim.
    """
    found: list[Question] = []
    claimed: dict[str, str] = {}
    for name, entry in questions.items():
        where = f"{source.file}, questions, {name}"
        asked = _question(source, str(name), _entry(entry, where), where)
        for question in asked:
            for column in (*question.columns.values(), *question.others.values()):
                if claimed.setdefault(column, str(name)) != str(name):
                    raise KoppelkansError(
                        f"{where}: column {column!r} already belongs to question {claimed[column]!r}; "
                        "name it under one question"
                    )
        found += asked
    return found


def columns_wanted(questions: Mapping[str, Any]) -> set[str]:
    """Return the names of columns that a mapping names, so that a day or a program's own column can be asked for."""
    wanted: set[str] = set()
    for entry in questions.values():
        for named in entry.values() if isinstance(entry, Mapping) else [entry]:
            names = named.values() if isinstance(named, Mapping) else named if isinstance(named, list) else [named]
            wanted.update(map(str, names))
    return wanted


def _entry(entry: Any, where: str) -> dict[str, Any]:
    if isinstance(entry, str | list):
        entry = {"columns": entry}
    if not isinstance(entry, Mapping):
        raise KoppelkansError(f"{where}: found {entry!r}, expected columns, kind, construct, label and options")
    for key in entry:
        if key not in _KEYS:
            raise KoppelkansError(f"{where}: found the key {key!r}; {nearest(str(key), _KEYS)}")
    if not entry.get("columns", entry.get("column")):
        raise KoppelkansError(f"{where}: names no columns; add columns: [name, ...]")
    kind = entry.get("kind")
    if kind is not None and kind not in KINDS:
        raise KoppelkansError(f"{where}: found the kind {kind!r}; {nearest(str(kind), KINDS)}")
    return dict(entry)


def column_named(source: Source, name: Any, where: str) -> str:
    """Return the column that a name means, with other capitals or blanks if need be.

    Raises KoppelkansError with the nearest name where there is none.
    """
    if str(name) in source.columns:
        return str(name)
    alike = [column for column in source.columns if normal(column) == normal(str(name)) != ""]
    if len(alike) == 1:
        return alike[0]
    if str(name) in source.left_out:
        raise KoppelkansError(f"{where}: column {name!r} is not read ({source.left_out[str(name)]}); take it out")
    raise KoppelkansError(f"{where}: the file has no column {str(name)!r}; {nearest(str(name), source.columns)}")


def _question(source: Source, name: str, entry: dict[str, Any], where: str) -> list[Question]:
    options = _labels_by_code(entry.get("options"), where)
    columns, proposal = _columns(source, entry.get("columns", entry.get("column")), options, where)
    reasons = missing_codes(entry.get("missing"), where)
    for column in columns.values():
        source.columns[column] = without_codes(source.columns[column], _reasons(reasons, options))
    options = {code: labels for code, labels in options.items() if code not in reasons}
    members = [source.columns[column] for column in columns.values()]
    kind = entry.get("kind") or (proposal.kind if proposal else suggested_kind(members))
    label = _labels(entry.get("label"), where) or (proposal.label if proposal else {})
    if not label and len(members) == 1:
        label = members[0].label
    others = _others(source, entry.get("other"), where) or (proposal.others if proposal else {})
    construct = str(entry.get("construct") or "")
    options = options or (proposal.options if proposal else {})
    if kind in ("multiple", "ranking"):
        layout = proposal.layout if proposal and proposal.kind == kind else _layout(kind, members, columns, options)
        _check_marks(source, layout, columns, where)
        return [Question(name, kind, layout, columns, construct, label, options, others)]
    if len(columns) == 1:
        return [Question(name, kind, "one", {"": members[0].name}, construct, label, options, others)]
    return [
        Question(
            f"{name}[{code}]", kind, "one", {"": column}, construct, source.columns[column].label or label, options
        )
        for code, column in columns.items()
    ]


def _reasons(reasons: dict[str, str], options: dict[str, Labels]) -> dict[str, str]:
    """Return the codes that are no answer with their reason: the one given, else the label that the mapping has."""
    return {code: reason or next(iter(options.get(code, {}).values()), "") for code, reason in reasons.items()}


def _layout(kind: str, members: list[Column], columns: dict[str, str], options: dict[str, Labels]) -> str:
    by_column = bool(options) and len(members) > 1 and set(columns) <= set(options)
    if kind == "ranking":
        return "ranks" if by_column and _are_numbers(members) else layout_of_ranking(members, options)
    return "marks" if by_column else layout_of(members, options)


def _are_numbers(members: list[Column]) -> bool:
    return all(reading.number(cell, False) is not None for column in members for cell in column.cells if cell)


def _check_marks(source: Source, layout: str, columns: dict[str, str], where: str) -> None:
    if layout != "marks":
        return
    for column_name in columns.values():
        column = source.columns[column_name]
        if reading.marks(column.cells, column.options, column.label, sure=True) is None:
            values = sorted({cell for cell in column.cells if cell})
            shown = ", ".join(map(repr, values[:4])) + (", ..." if len(values) > 4 else "")
            raise KoppelkansError(
                f"{where}: column {column_name!r} holds {shown}, expected marks such as 1 and 0, Y and N or "
                "ja and nee, since each column is an option; name its kind or its columns otherwise"
            )


def _columns(
    source: Source, named: Any, options: dict[str, Labels], where: str
) -> tuple[dict[str, str], Question | None]:
    """Return code -> column, and the file's own question where the mapping names that."""
    if isinstance(named, Mapping):
        return {_code(code): column_named(source, column, where) for code, column in named.items()}, None
    names = [named] if isinstance(named, str | int) else list(named)
    own = {proposal.name.split("[")[0]: proposal for proposal in source.proposals}
    if len(names) == 1 and str(names[0]) not in source.columns and str(names[0]) in own:
        matching = [p for p in source.proposals if p.name.split("[")[0] == str(names[0])]
        if len(matching) == 1:
            return matching[0].columns, matching[0]
        return {code or p.name: c for p in matching for code, c in _items(p).items()}, None
    found = [column_named(source, name, where) for name in names]
    doubled = sorted({column for column in found if found.count(column) > 1})
    if doubled:
        raise KoppelkansError(f"{where}: column {doubled[0]!r} stands there twice; name it once")
    for proposal in source.proposals:
        if set(proposal.columns.values()) == set(found):
            return proposal.columns, proposal
    if len(found) > 1 and options and set(found) <= set(options):
        return {column: column for column in found}, None
    codes = item_codes(found)
    if len(options) == len(found) > 1 and not set(codes) <= set(options):
        marks = [reading.marks(c.cells, c.options, c.label, sure=True) for c in (source.columns[f] for f in found)]
        if all(mark is not None for mark in marks) or _ranks_alone(source, found, options):
            codes = list(options)  # in the order that the mapping lists both
    return dict(zip(codes, found, strict=True)), None


def _ranks_alone(source: Source, found: list[str], options: dict[str, Labels]) -> bool:
    known = reading.known_options(options)
    cells = [cell for column in found for cell in source.columns[column].cells if cell]
    return not any(reading.option_of(cell, known) for cell in cells)


def _items(proposal: Question) -> dict[str, str]:
    if "" in proposal.columns and "[" in proposal.name:
        return {proposal.name.partition("[")[2].rstrip("]"): proposal.columns[""]}
    return proposal.columns


def _others(source: Source, named: Any, where: str) -> dict[str, str]:
    if not named:
        return {}
    if isinstance(named, Mapping):
        return {_code(code): column_named(source, column, where) for code, column in named.items()}
    return {OTHER: column_named(source, named, where)}


def _code(code: Any) -> str:
    return {True: "yes", False: "no"}[code] if isinstance(code, bool) else str(code)  # YAML reads a bare ja-like word


def _labels_by_code(options: Any, where: str) -> dict[str, Labels]:
    if not options:
        return {}
    if isinstance(options, list):
        return {str(option): {} for option in options}
    if not isinstance(options, Mapping):
        raise KoppelkansError(f"{where}: options: found {options!r}, expected {{code: {{nl: ..., en: ...}}}}")
    return {_code(code): _labels(label, where) for code, label in options.items()}


def _labels(label: Any, where: str) -> Labels:
    if label is None:
        return {}
    if isinstance(label, Mapping):
        strange = [key for key in label if key not in ("nl", "en")]
        if strange:
            raise KoppelkansError(f"{where}: a label has the key {strange[0]!r}, expected nl and en")
        return {str(key): str(text) for key, text in label.items() if text}
    if isinstance(label, list):
        raise KoppelkansError(f"{where}: a label is {label!r}, expected text or {{nl: ..., en: ...}}")
    return {"": str(label)}
