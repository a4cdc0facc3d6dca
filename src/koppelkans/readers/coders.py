"""Projects of two or more coders over the same documents, merged into one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, RESPONDENT, Project, counted

_GUID = re.compile(r"^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$", re.IGNORECASE)
_OTHER_TEXT = "same name, other text"


def merge_coders(projects: Mapping[str, Project] | Sequence[Project]) -> tuple[Project, dict[str, Any]]:
    """Merge projects that code the same documents, and report what matched and what did not.

    projects: coder -> project, or a list (then the coders are A, B, C, ...). A project with one coder or none gives its
    codings to the coder of that name; one with several keeps them apart, as `name/coder`.
    Documents are the same by GUID with the same text, else by name and text; without texts by GUID or name. Codes are
    the same by GUID, else by path. Codings keep positions only where the texts are equal: a document of the same name
    and another text stays apart, with its coder behind its name. The first project's names and attributes win.
    Keys of the result: document-1, code-1, coding-1, ... in order; the coders as given.
    Raises KoppelkansError where fewer than two projects come, or they share no document.
    """
    if not isinstance(projects, Mapping):
        if len(projects) > 26:
            raise KoppelkansError("coders: found more than 26 projects without names; give each its coder's name")
        projects = {chr(ord("A") + place): project for place, project in enumerate(projects)}
    if len(projects) < 2:
        raise KoppelkansError(
            f"coders: found {by_number(len(projects), 'project', 'projects')}, expected two or more; give each "
            "coder's project"
        )
    documents, document_keys, document_report = _merge_documents(projects)
    if not document_report["in_all"] and not document_report["in_some"]:
        other = document_report["other_text"]
        why = f"; {by_number(len(other), 'has', 'have')} the same name and another text" if other else ""
        raise KoppelkansError(
            f"coders: the projects of {', '.join(projects)} share no document{why}; expected the same documents in each"
        )
    codes, code_keys, code_report = _merge_codes(projects)
    has_text = {str(row["document"]): bool(row["has_text"]) for row in _records(documents)}
    codings, coders, doubled, moved = _merge_codings(projects, document_keys, code_keys, has_text)
    merged = Project(
        *(documents, codes, codings, _merge_respondents(projects), coders),
        held=_held(projects, document_keys, list(coders["coder"])),
        turns=pd.concat(
            project.turns.assign(document=[document_keys[name, str(key)] for key in project.turns["document"]])
            for name, project in projects.items()
        ).drop_duplicates(["document", "turn"], ignore_index=True),
    )
    by_coder = codings["coder"].value_counts()
    report: dict[str, Any] = {
        "program": "two coders",
        "coders": {
            name: {
                "program": str(project.report.get("program", "")),
                "documents": len(project.documents),
                "codes": len(project.codes),
                "codings": len(project.codings),
            }
            for name, project in projects.items()
        },
        "documents": document_report,
        "codes": code_report,
        "codings": {str(coder): int(by_coder.get(coder, 0)) for coder in coders["coder"]},
        "counts": counted({"documents": len(documents), "codes": len(codes), "codings": len(codings)}),
        "left_out": [f"{by_number(doubled, 'coding', 'codings')} that a coder has twice"] if doubled else [],
        "warnings": _warnings(document_report, code_report, documents),
    }
    if moved:
        report["warnings"].append(
            f"{by_number(moved, 'coding has', 'codings have')} "
            f"positions and no text to hold them against; kept as the place"
        )
    merged.report.update(report)
    return merged, report


def _fold(key: str) -> str:
    """Return a GUID in small letters without braces, "" for a key that is no GUID (and so means nothing elsewhere)."""
    return key.strip("{}").casefold() if _GUID.match(key) else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _merge_documents(
    projects: Mapping[str, Project],
) -> tuple[pd.DataFrame, dict[tuple[str, str], str], dict[str, Any]]:
    """Return the documents, the new key of each (coder, key), and what matched."""
    rows: list[dict[str, Any]] = []
    keys: dict[tuple[str, str], str] = {}
    held: list[list[str]] = []  # the coders that have each document
    by_guid: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    matched_by = {"guid": 0, "name and text": 0, "name": 0}
    other_text: list[dict[str, Any]] = []
    for coder, project in projects.items():
        for row in _records(project.documents):
            guid, name = _fold(row["document"]), _plain(row["name"])
            candidates = (by_guid.get(guid, []) if guid else [], by_name.get(name, []))
            place, how = _same_document(row, rows, held, coder, candidates)
            if place is not None and how != _OTHER_TEXT:
                matched_by[how] += 1
                held[place].append(coder)
                rows[place]["respondent"] = rows[place]["respondent"] or row["respondent"]
                if row["has_text"] and not rows[place]["has_text"]:
                    rows[place].update({name: row[name] for name in ("text", "has_text", "n_characters")})
            else:
                if place is not None:
                    other_text.append({"name": str(row["name"]), "coders": [held[place][0], coder]})
                rows.append({**row, "_apart": coder if place is not None else ""})
                held.append([coder])
                place = len(rows) - 1
                by_name.setdefault(name, []).append(place)
            if guid:
                by_guid.setdefault(guid, []).append(place)
            keys[coder, row["document"]] = f"document-{place + 1}"
    for number, row in enumerate(rows, start=1):
        row["document"] = f"document-{number}"
        row["name"] = f"{row['name']} ({row['_apart']})" if row["_apart"] else row["name"]
    frame = pd.DataFrame(rows, columns=list(DOCUMENTS)).astype(
        {name: "str" for name in DOCUMENTS if name not in ("has_text", "n_characters")}
    )
    named = list(zip([str(row["name"]) for row in rows], held, strict=True))
    report = {
        "in_all": [name for name, coders in named if len(coders) == len(projects)],
        "in_some": [{"name": name, "coders": coders} for name, coders in named if 1 < len(coders) < len(projects)],
        "only": {coder: [name for name, coders in named if coders == [coder]] for coder in projects},
        "other_text": other_text,
        "matched_by": {how: count for how, count in matched_by.items() if count},
    }
    return frame, keys, report


def _same_document(
    row: dict[str, Any],
    rows: list[dict[str, Any]],
    held: list[list[str]],
    coder: str,
    candidates: tuple[list[int], list[int]],
) -> tuple[int | None, str]:
    """Return which document read before is the same, and by what; one coder's documents are never the same."""
    by_guid, by_name = ([place for place in places if coder not in held[place]] for places in candidates)
    for how, places in (("guid", by_guid), ("name and text", by_name)):
        for place in places:
            if _texts_agree(row, rows[place]):
                with_text = row["has_text"] and rows[place]["has_text"]
                return place, how if how == "guid" or with_text else "name"
    apart = by_guid + by_name
    return (apart[0], _OTHER_TEXT) if apart else (None, "")


def _texts_agree(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Tell whether two texts are equal; a document without text agrees with any, since it has no positions in it."""
    if not (left["has_text"] and right["has_text"]):
        return True
    return _hash(str(left["text"])) == _hash(str(right["text"]))


def _merge_codes(projects: Mapping[str, Project]) -> tuple[pd.DataFrame, dict[tuple[str, str], str], dict[str, Any]]:
    """Return the codes, the new key of each (coder, key), and what matched."""
    rows: list[dict[str, Any]] = []
    keys: dict[tuple[str, str], str] = {}
    held: list[list[str]] = []
    by_guid: dict[str, int] = {}
    by_path: dict[str, int] = {}
    matched_by = {"guid": 0, "path": 0}
    renamed: list[dict[str, str]] = []
    for coder, project in projects.items():
        reserved = {by_guid[guid] for guid in map(_fold, project.codes["code"]) if guid in by_guid}
        for row in _records(project.codes):
            guid, path = _fold(row["code"]), _plain(row["path"])
            place, how = by_guid.get(guid) if guid else None, "guid"
            if place is None and by_path.get(path) not in {None, *reserved}:
                place, how = by_path[path], "path"
            if place is not None and coder in held[place]:
                place = None  # names of codes repeat within a project
            if place is None:
                rows.append({**row, "parent": keys.get((coder, row["parent"]), "")})
                held.append([coder])
                place = len(rows) - 1
            else:
                held[place].append(coder)
                matched_by[how] += 1
                rows[place]["description"] = rows[place]["description"] or row["description"]
                rows[place]["is_codable"] = bool(rows[place]["is_codable"] or row["is_codable"])
                if _plain(rows[place]["path"]) != path:
                    renamed.append({"path": rows[place]["path"], "elsewhere": row["path"], "coder": coder})
            if guid:
                by_guid.setdefault(guid, place)
            by_path.setdefault(path, place)
            keys[coder, row["code"]] = f"code-{place + 1}"
    for number, row in enumerate(rows, start=1):
        row["code"] = f"code-{number}"
    table = pd.DataFrame(rows, columns=list(CODES))
    table = table.astype({name: "str" for name in CODES if name != "is_codable"} | {"is_codable": "bool"})
    pathed = list(zip([str(row["path"]) for row in rows], held, strict=True))
    report = {
        "in_all": [path for path, coders in pathed if len(coders) == len(projects)],
        "in_some": [{"path": path, "coders": coders} for path, coders in pathed if 1 < len(coders) < len(projects)],
        "only": {coder: [path for path, coders in pathed if coders == [coder]] for coder in projects},
        "other_path": renamed,
        "matched_by": {how: count for how, count in matched_by.items() if count},
    }
    return table, keys, report


def _merge_codings(
    projects: Mapping[str, Project],
    documents: dict[tuple[str, str], str],
    codes: dict[tuple[str, str], str],
    texts: dict[str, bool],
) -> tuple[pd.DataFrame, pd.DataFrame, int, int]:
    """Return the codings, the coders, how many codings a coder had twice, and how many positions could not be held.

    Positions of a project without the text cannot be held against the text of another; they become the place.
    """
    frames, names = [], []
    moved = 0
    for name, project in projects.items():
        own = [coder for coder in dict.fromkeys(project.codings["coder"]) if coder]
        several = len(own) > 1
        renamed = {coder: f"{name}/{coder}" if several else name for coder in [*own, ""]}
        renamed[""] = name
        frame = project.codings.copy()
        without = set(project.documents.loc[~project.documents["has_text"].astype(bool), "document"])
        unproven = (
            frame["document"].isin([key for key in without if texts[documents[name, key]]]) & frame["start"].notna()
        )
        told = frame["start"].astype("str") + "-" + frame["end"].astype("str")
        frame.loc[unproven & (frame["place"] == ""), "place"] = told[unproven]
        frame.loc[unproven, ["start", "end"]] = pd.NA
        moved += int(unproven.sum())
        frame["document"] = [documents[name, key] for key in frame["document"]]
        frame["code"] = [codes[name, key] for key in frame["code"]]
        frame["coder"] = [renamed[coder] for coder in frame["coder"]]
        frames.append(frame)
        names += [renamed[coder] for coder in own] if several else [name]
        names += [name] if several and (project.codings["coder"] == "").any() else []
    merged = pd.concat(frames, ignore_index=True)
    whole = merged.drop_duplicates([column for column in CODINGS if column != "coding"], ignore_index=True)
    whole["coding"] = [f"coding-{number}" for number in range(1, len(whole) + 1)]
    whole = whole[list(CODINGS)].astype(
        {name: "str" for name in CODINGS if name not in ("start", "end")} | {"start": "Int64", "end": "Int64"}
    )
    coders = pd.DataFrame({"coder": names, "name": [""] * len(names)}, dtype="str")
    return whole, coders, len(merged) - len(whole), moved


def _held(projects: Mapping[str, Project], documents: dict[tuple[str, str], str], coders: list[str]) -> pd.DataFrame:
    """Return document and coder: whose project held each document, so that they can have read it."""
    of = {name: [coder for coder in coders if coder == name or coder.startswith(f"{name}/")] for name in projects}
    rows = [(key, coder) for (name, _), key in documents.items() for coder in of[name]]
    return pd.DataFrame(rows, columns=["document", "coder"], dtype="str")


def _merge_respondents(projects: Mapping[str, Project]) -> pd.DataFrame:
    """Return the respondents of all projects; what the first says of one wins, others fill what it leaves empty."""
    people: dict[str, dict[str, str]] = {}
    for project in projects.values():
        for row in _records(project.respondents):
            known = people.setdefault(str(row[RESPONDENT]), {})
            for name, value in row.items():
                if name != RESPONDENT:
                    known[str(name)] = known.get(str(name)) or str(value)
    names = list(dict.fromkeys(name for known in people.values() for name in known))
    rows = [(who, *(known.get(name, "") for name in names)) for who, known in people.items()]
    return pd.DataFrame(rows, columns=[RESPONDENT, *names]).astype("str")


def _warnings(documents: dict[str, Any], codes: dict[str, Any], table: pd.DataFrame) -> list[str]:
    lines = []
    if documents["other_text"]:
        names = ", ".join(entry["name"] for entry in documents["other_text"])
        lines.append(f"the same name and another text, so kept apart: {names}")
    alone = {coder: len(names) for coder, names in documents["only"].items() if names}
    if alone:
        told = ", ".join(f"{count} by {coder}" for coder, count in alone.items())
        lines.append(f"documents of one coder only ({told}) say nothing of agreement")
    if not codes["in_all"]:
        lines.append("no code is in every project; are these projects about the same code book?")
    without = int((~table["has_text"].astype(bool)).sum())
    if without:
        lines.append(
            f"{by_number(without, 'document has', 'documents have')} "
            f"no text; codings there can be compared by document or "
            "segment only"
        )
    return lines
