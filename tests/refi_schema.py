"""What the schema of REFI-QDA 1.0 asks of a project and of a codebook, written down anew: order, number, types."""

from __future__ import annotations

import re

from lxml import etree

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}"
TYPES = {
    "guid": GUID,
    "text": r"(?s).*",
    "integer": r"[+-]?[0-9]+",
    "boolean": "true|false|0|1",
    "colour": "#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
    "time": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "date": r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
    "direction": "Associative|OneWay|Bidirectional",
    "variable": "Text|Boolean|Integer|Float|Date|DateTime",
    "shape": "Person|Oval|Rectangle|RoundedRectangle|Star|LeftTriangle|RightTriangle|UpTriangle|DownTriangle|Note",
    "line": "dotted|dashed|solid",
}
_BY = "creatingUser:guid creationDateTime:time"
_CHANGED = f"{_BY} modifyingUser:guid modifiedDateTime:time"
_NAMED = f"guid!:guid name:text {_CHANGED}"
_FILE = f"{_NAMED} path:text currentPath:text"
_TEXT = f"{_NAMED} richTextPath:text plainTextPath:text"
_REGION = "firstX!:integer firstY!:integer secondX!:integer secondY!:integer"
_TEXT_PARTS = "Description? PlainTextContent? PlainTextSelection* Coding* NoteRef* VariableValue*"
_REF = "targetGUID!:guid"

# element: (children in order, attributes); "!" is required, "?" at most one, "*" any number, "+" at least one
PROJECT = {
    "Project": (
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
        "name!:text origin:text creatingUserGUID:guid creationDateTime:time modifyingUserGUID:guid "
        "modifiedDateTime:time basePath:text",
    ),
    "Users": ("User+", ""),
    "User": ("", "guid!:guid name:text id:text"),
    "CodeBook": ("Codes!", ""),
    "Codes": ("Code+", ""),
    "Code": ("Description? NoteRef* Code*", "guid!:guid name!:text isCodable!:boolean color:colour"),
    "Cases": ("Case+", ""),
    "Case": ("Description? CodeRef* VariableValue* SourceRef* SelectionRef*", "guid!:guid name:text"),
    "Variables": ("Variable+", ""),
    "Variable": ("Description?", "guid!:guid name!:text typeOfVariable!:variable"),
    "VariableValue": ("VariableRef! (TextValue|BooleanValue|IntegerValue|FloatValue|DateValue|DateTimeValue)?", ""),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode* MemberSource* MemberNote*", "guid!:guid name!:text"),
    "Sources": ("(TextSource|PictureSource|PDFSource|AudioSource|VideoSource)+", ""),
    "TextSource": (_TEXT_PARTS, _TEXT),
    "Representation": (_TEXT_PARTS, _TEXT),
    "TextDescription": (_TEXT_PARTS, _TEXT),
    "Note": (_TEXT_PARTS, _TEXT),
    "PlainTextSelection": (
        "Description? Coding* NoteRef*",
        f"{_NAMED} startPosition!:integer endPosition!:integer",
    ),
    "PictureSource": ("Description? TextDescription? PictureSelection* Coding* NoteRef* VariableValue*", _FILE),
    "PictureSelection": ("Description? Coding* NoteRef*", f"{_NAMED} {_REGION}"),
    "PDFSource": ("Description? PDFSelection* Representation? Coding* NoteRef* VariableValue*", _FILE),
    "PDFSelection": ("Description? Representation? Coding* NoteRef*", f"{_NAMED} page!:integer {_REGION}"),
    "AudioSource": ("Description? Transcript* AudioSelection* Coding* NoteRef* VariableValue*", _FILE),
    "VideoSource": ("Description? Transcript* VideoSelection* Coding* NoteRef* VariableValue*", _FILE),
    "AudioSelection": ("Description? Coding* NoteRef*", f"{_NAMED} begin!:integer end!:integer"),
    "VideoSelection": ("Description? Coding* NoteRef*", f"{_NAMED} begin!:integer end!:integer"),
    "Transcript": ("Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*", _TEXT),
    "TranscriptSelection": ("Description? Coding* NoteRef*", f"{_NAMED} fromSyncPoint:guid toSyncPoint:guid"),
    "SyncPoint": ("", "guid!:guid timeStamp:integer position:integer"),
    "Coding": ("CodeRef! NoteRef*", f"guid!:guid {_BY}"),
    "Graphs": ("Graph+", ""),
    "Graph": ("Vertex* Edge*", "guid!:guid name:text"),
    "Vertex": (
        "",
        "guid!:guid representedGUID:guid name:text firstX!:integer firstY!:integer secondX:integer secondY:integer "
        "shape:shape color:colour",
    ),
    "Edge": (
        "",
        "guid!:guid representedGUID:guid name:text sourceVertex!:guid targetVertex!:guid color:colour "
        "direction:direction lineStyle:line",
    ),
    "Notes": ("Note+", ""),
    "Links": ("Link+", ""),
    "Link": ("NoteRef*", "guid!:guid name:text direction:direction color:colour originGUID:guid targetGUID:guid"),
    **dict.fromkeys(("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef"), ("", _REF)),
    **dict.fromkeys(("MemberCode", "MemberSource", "MemberNote"), ("", _REF)),
    **dict.fromkeys(("Description", "PlainTextContent", "TextValue"), ("=text", "")),
    "BooleanValue": ("=boolean", ""),
    "IntegerValue": ("=integer", ""),
    "FloatValue": ("=decimal", ""),
    "DateValue": ("=date", ""),
    "DateTimeValue": ("=time", ""),
}
CODEBOOK = {
    "CodeBook": ("Codes! Sets?", "origin:text"),
    "Codes": ("Code+", ""),
    "Code": ("Description? Code*", "guid!:guid name!:text isCodable!:boolean color:colour"),
    "Description": ("=text", ""),
}


def _children_as_pattern(children: str) -> str:
    parts = []
    for part in children.split():
        number = {"!": "", "?": "?", "*": "*", "+": "+"}[part[-1]]
        parts.append(f"(?:(?:{part[:-1].strip('()')}) ){number}")
    return "".join(parts)


def problems(content: bytes) -> list[str]:
    """Return what the schema would refuse in a .qde or .qdc, one line each."""
    root = etree.fromstring(content)
    namespace, _, name = root.tag.rpartition("}")
    rules = {"Project": PROJECT, "CodeBook": CODEBOOK}[name]
    found = []
    if namespace != f"{{urn:QDA-XML:{name.lower()}:1.0":
        found.append(f"namespace {namespace}")
    for element in root.iter():
        namespace_of, _, tag = element.tag.rpartition("}")
        if tag not in rules or namespace_of != namespace:
            found.append(f"unknown element {element.tag}")
            continue
        children, attributes = rules[tag]
        inside = "".join(f"{child.tag.rpartition('}')[2]} " for child in element)
        if children.startswith("="):
            if inside or not re.fullmatch(TYPES[children[1:]], element.text or ""):
                found.append(f"{tag}: holds {element.text!r} {inside}")
            continue
        if not re.fullmatch(_children_as_pattern(children), inside):
            found.append(f"{tag}: {inside}is not {children}")
        if (element.text or "").strip():
            found.append(f"{tag}: text {element.text!r}")
        known = dict(attribute.split(":") for attribute in attributes.split())
        for attribute in known:
            if attribute.endswith("!") and attribute[:-1] not in element.attrib:
                found.append(f"{tag}: no {attribute[:-1]}")
        for attribute, value in element.attrib.items():
            kind = known.get(attribute) or known.get(f"{attribute}!")
            if kind is None or not re.fullmatch(TYPES[kind], value):
                found.append(f"{tag}: {attribute}={value!r}")
    return found
