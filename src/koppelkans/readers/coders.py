"""Projects of two or more coders over the same documents, merged into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.matching import matched_codes, matched_documents, records
from koppelkans.readers.project import CODINGS, RESPONDENT, Project, counted


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
    documents, document_keys, document_report = matched_documents(projects)
    if not document_report["in_all"] and not document_report["in_some"]:
        other = document_report["other_text"]
        why = f"; {by_number(len(other), 'has', 'have')} the same name and another text" if other else ""
        raise KoppelkansError(
            f"coders: the projects of {', '.join(projects)} share no document{why}; expected the same documents in each"
        )
    codes, code_keys, code_report = matched_codes(projects)
    has_text = {str(row["document"]): bool(row["has_text"]) for row in records(documents)}
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
        for row in records(project.respondents):
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
