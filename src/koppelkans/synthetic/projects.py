"""The interviews as coded projects: the tables that every reader of coded interviews gives."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pandas as pd

from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, Project
from koppelkans.synthetic.coders import coded
from koppelkans.synthetic.people import ATTRIBUTES
from koppelkans.synthetic.talk import Interview
from koppelkans.synthetic.truth import Truth, bank

_SPACE = uuid.UUID("b6b3c1f0-6a8e-5d43-9d0c-6f2f4f0e7a11")


def guid(*parts: str | int) -> str:
    """Return a GUID that follows from these parts."""
    return str(uuid.uuid5(_SPACE, "/".join(map(str, parts))))


def project(
    truth: Truth, talks: Sequence[Interview], people: pd.DataFrame, coder: str, name: str, seed: int
) -> Project:
    """Return the interviews as one coder has coded them.

    `people`: respondent and ATTRIBUTES of those interviewed, as far as they are known. Documents and codes have the
    same keys in the projects of both coders.
    """
    documents = pd.DataFrame(
        [
            (guid(seed, one.respondent), one.respondent, one.respondent, "text", one.text, True, len(one.text))
            for one in talks
        ],
        columns=list(DOCUMENTS),
    )
    codings = []
    for one in talks:
        for number, (code, start, end) in enumerate(coded(truth, one, coder, seed).itertuples(index=False)):
            key = guid(seed, coder, one.respondent, number)
            words = one.text[start:end]
            codings.append((key, guid(seed, one.respondent), guid("code", code), coder, start, end, "", words))
    table = pd.DataFrame(codings, columns=list(CODINGS)).astype({"start": "Int64", "end": "Int64"})
    known = people.set_index("respondent")[[name for name in ATTRIBUTES if name in people]].astype("str")
    respondents = known.reindex([one.respondent for one in talks]).fillna("").rename_axis("respondent").reset_index()
    return Project(
        documents,
        _code_tree(truth, talks[0].group if talks else ""),
        table,
        respondents,
        pd.DataFrame({"coder": [coder], "name": [coder]}),
        kept={"project": {"name": name, "creationDateTime": "2024-01-01T00:00:00Z"}},
    )


def _code_tree(truth: Truth, group: str) -> pd.DataFrame:
    """Return the codes that a group talks about, each below its parent, which is for order only."""
    words = bank()
    rows: list[tuple[str, str, str, str, str, bool]] = []
    for code in truth.codes(group):
        entry = words["codes"][code]
        parent = words["parents"][entry["parent"]]
        above = guid("code", entry["parent"], "parent")
        if above not in {row[0] for row in rows}:
            rows.append((above, parent["nl"], "", parent["nl"], parent["en"], False))
        rows.append((guid("code", code), entry["nl"], above, f"{parent['nl']} > {entry['nl']}", entry["en"], True))
    return pd.DataFrame(rows, columns=list(CODES))
