"""Cases and variables of a project as respondents with attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from lxml import etree

from koppelkans.errors import by_number
from koppelkans.readers.project import RESPONDENT
from koppelkans.readers.refi_qda.contents import Contents, as_text, guid_key
from koppelkans.readers.refi_qda.xml_stream import local_name


@dataclass
class Respondents:
    """Respondents and attributes (`table`), the respondent of each document, and what a round trip needs."""

    table: pd.DataFrame
    of_document: dict[str, str] = field(default_factory=dict)
    round_trip: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def _unused(name: str, used: set[str]) -> str:
    """Return the name, with a number behind it where it is taken."""
    free, number = name, 1
    while free in used:
        number += 1
        free = f"{name} ({number})"
    used.add(free)
    return free


def _variables(contents: Contents) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the column of each variable (by GUID), and what a round trip needs of it."""
    columns: dict[str, str] = {}
    variables: dict[str, dict[str, str]] = {}
    used = {RESPONDENT}
    for variable in contents.variables if contents.variables is not None else ():
        guid = guid_key(variable.get("guid"))
        column = _unused((variable.get("name") or "").strip() or "variable", used)
        described = "".join(child.text or "" for child in variable if local_name(child) == "Description")
        columns[guid] = column
        variables[column] = {"guid": guid, "type": variable.get("typeOfVariable") or "Text", "description": described}
    return columns, variables


def _values(elements: list[etree._Element], columns: dict[str, str]) -> dict[str, str]:
    """Return the value of each variable that an element holds, by column; a variable unknown so far gets a column."""
    values = {}
    for element in elements:
        guid, value = "", ""
        for child in element:
            if local_name(child) == "VariableRef":
                guid = guid_key(child.get("targetGUID"))
            else:
                value = (child.text or "").strip()
        if guid:
            column = columns.setdefault(guid, _unused("variable", set(columns.values())))
            values[column] = value
    return values


def respondents(contents: Contents, keys: list[str], names: list[str]) -> Respondents:
    """Make respondents of the cases; and of a document with variables that belongs to no case, one of its own.

    `keys` and `names` are those of the documents, in the order of `contents.documents`.
    A document of several cases (a group interview) gets no respondent, and a warning.
    """
    columns, variables = _variables(contents)
    by_guid = {document.guid: key for document, key in zip(contents.documents, keys, strict=True)}
    by_selection: dict[str, str] = {}
    cases = [case for case in contents.cases if local_name(case) == "Case"] if contents.cases is not None else []
    if cases:
        for part in (contents.codings, contents.uncoded):
            by_selection.update(zip(part.selection, (keys[n] for n in part.document.tolist()), strict=True))
    rows: dict[str, dict[str, str]] = {}
    of_document: dict[str, list[str]] = {}
    cases_as_read: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    dangling = 0
    for case in cases:
        respondent = _unused((case.get("name") or "").strip() or guid_key(case.get("guid")), used)
        inside = list(case)
        rows[respondent] = _values([child for child in inside if local_name(child) == "VariableValue"], columns)
        cases_as_read[respondent] = {
            "guid": guid_key(case.get("guid")),
            "name": case.get("name") or "",
            "parts": [as_text(child) for child in inside if local_name(child) != "VariableValue"],
        }
        for child in inside:
            name, target = local_name(child), guid_key(child.get("targetGUID"))
            if name in ("SourceRef", "SelectionRef"):
                document = (by_guid if name == "SourceRef" else by_selection).get(target)
                dangling += document is None
                if document is not None and respondent not in of_document.setdefault(document, []):
                    of_document[document].append(respondent)
    made = []
    for guid, elements in contents.values.items():
        document = by_guid.get(guid, "")
        values = _values(elements, columns)
        belongs = of_document.get(document, [])
        if not belongs:
            respondent = _unused(names[keys.index(document)].strip() or document, used)
            of_document[document] = [respondent]
            rows[respondent] = {}
            made.append(respondent)
        for respondent in of_document[document]:
            rows[respondent] = {**values, **rows[respondent]}
    shared = sorted(document for document, whose in of_document.items() if len(whose) > 1)
    warnings = []
    if shared:
        warnings.append(
            f"{by_number(len(shared), 'document belongs', 'documents belong')} "
            f"to several cases; read without respondent"
        )
    if dangling:
        warnings.append(
            f"{by_number(dangling, 'reference of a case leads', 'references of cases lead')} "
            f"to no source or selection of the file"
        )
    attributes = list(dict.fromkeys(columns.values()))
    table = pd.DataFrame(
        {RESPONDENT: list(rows), **{c: [values.get(c, "") for values in rows.values()] for c in attributes}},
        dtype="str",
    )
    return Respondents(
        table,
        {document: whose[0] for document, whose in of_document.items() if len(whose) == 1},
        {"cases": cases_as_read, "variables": variables, "respondents_of_documents": made},
        warnings,
    )
