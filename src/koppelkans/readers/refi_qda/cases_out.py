"""Respondents as REFI-QDA writes them: a Case for each person, a Variable for each thing known of people."""

from __future__ import annotations

from typing import Any

from lxml import etree

from koppelkans.readers.project import RESPONDENT, Project
from koppelkans.readers.refi_qda.sources_out import element, guid, put_back
from koppelkans.readers.refi_qda.xml_stream import local_name

_VALUES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")


def _variable_guid(round_trip: dict[str, Any], column: str) -> str:
    return str(round_trip.get("variables", {}).get(column, {}).get("guid") or guid(column, "variable"))


def variables(project: Project) -> list[etree._Element]:
    """Return a Variable for each column of the respondents but their key."""
    made = []
    for column in project.respondents.columns:
        if column == RESPONDENT:
            continue
        old = project.kept.get("variables", {}).get(column, {})
        kind = old.get("type", "Text")
        variable = element(
            "Variable",
            guid=_variable_guid(project.kept, column),
            name=column,
            typeOfVariable=kind if kind in _VALUES else "Text",
        )
        if old.get("description"):
            variable.append(element("Description", old["description"]))
        made.append(variable)
    return made


def _value(kind: str, value: str) -> etree._Element:
    """Return the value of a variable in its own type where it fits that, else as text."""
    fits = {
        "Integer": value.lstrip("+-").isdecimal() and value.isascii(),
        "Boolean": value in ("true", "false", "0", "1"),
        "Float": value.lstrip("+-").replace(".", "", 1).isdecimal() and value.isascii(),
        "Date": len(value) == 10 and value.replace("-", "").isdecimal(),
        "DateTime": len(value) >= 19 and value[10:11] == "T" and value[:10].replace("-", "").isdecimal(),
    }
    return element(f"{kind if fits.get(kind) else 'Text'}Value", value)


def cases(project: Project) -> list[etree._Element]:
    """Return a Case for each respondent, with the values of the variables and what belongs to it."""
    round_trip = project.kept
    from_documents = set(round_trip.get("respondents_of_documents", ()))
    attributes = [column for column in project.respondents.columns if column != RESPONDENT]
    rows = {row[RESPONDENT]: row for row in project.respondents.to_dict("records")}
    for respondent in project.documents["respondent"]:
        rows.setdefault(respondent, {RESPONDENT: respondent})
    made = []
    for respondent, row in rows.items():
        if not respondent or respondent in from_documents:
            continue
        old = round_trip.get("cases", {}).get(respondent, {})
        case = element("Case", guid=old.get("guid") or guid(respondent, "case"), name=old.get("name", respondent))
        parts = [put_back(xml) for xml in old.get("parts", ())]
        mine = project.documents.loc[project.documents["respondent"] == respondent, "document"]
        sources = [part for part in parts if local_name(part) == "SourceRef"]
        selections = [part for part in parts if local_name(part) == "SelectionRef"]
        if not selections:
            linked = {(part.get("targetGUID") or "").strip("{}").lower() for part in sources}
            new = [target for key in mine if (target := guid(key, "document")) not in linked]
            sources += [element("SourceRef", targetGUID=target) for target in new]
        case.extend([part for part in parts if local_name(part) == "Description"])
        case.extend([part for part in parts if local_name(part) == "CodeRef"])
        for column in attributes:
            if value := row.get(column, ""):
                variable_value = element("VariableValue")
                variable_value.append(element("VariableRef", targetGUID=_variable_guid(round_trip, column)))
                variable_value.append(
                    _value(round_trip.get("variables", {}).get(column, {}).get("type", "Text"), value)
                )
                case.append(variable_value)
        case.extend([*sources, *selections])
        made.append(case)
    return made
