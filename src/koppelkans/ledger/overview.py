"""The study on one page: its question, what each work package asked, found and leaves open, conclusions and advice."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.short_names import heading_of
from koppelkans.ledger.traces import headings
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin

COLUMNS = ["part", "work_package", "number", "name", "asks", "done", "finds", "unknown", "ids"]
PARTS = ("question", "package", "conclusion", "recommendation")
_DONE = {
    "sessions": N_("linkage sessions"),
    "evaluation-interviews": N_("interviews with participants"),
    "change-stories": N_("change stories of participants of a session"),
    "tenant-interviews": N_("interviews about tenants"),
    "homeowner-interviews": N_("interviews with homeowners"),
}
_NOT_PUBLISHED = N_("{what} (number not published)")
_STAGES = {"conclusion": "conclusion", "advice": "recommendation"}


@carries_origin
def overview(tables: dict[str, pd.DataFrame], language: str) -> pd.DataFrame:
    """List what the study asks, does, finds, leaves open, concludes and advises, one row a line; COLUMNS.

    `tables` maps claims, research_questions, work_packages, data_sets and themes to those tables. part is one of PARTS;
    the conclusions and recommendations are the numbered ones. For a package: asks is its question, done whom or what it
    asked, finds the main findings of its themes ("; " between them), unknown what stays open. ids are the statements
    behind the line.
    """
    claims, packages, themes = tables["claims"], tables["work_packages"], tables["themes"]
    if claims.empty:
        return pd.DataFrame(columns=COLUMNS)
    text = f"text_{language}"
    questions = tables["research_questions"]
    central = questions[questions["work_package"] == ""] if len(questions) else questions
    rows: list[dict[str, Any]] = [{"part": "question", "name": row[text], "ids": row["id"]} for row in rows_of(central)]
    for package in rows_of(packages.sort_values("order")) if len(packages) else []:
        key = package["work_package"]
        main = themes[(themes["work_package"] == key) & (themes["main"] == "yes")] if len(themes) else themes
        asked = questions.loc[questions["work_package"] == key, text] if len(questions) else []
        rows.append(
            {
                "part": "package",
                "work_package": key,
                "number": package["order"],
                "name": package[f"name_{language}"],
                "asks": " ".join(asked),
                "done": "; ".join(_done(tables["data_sets"], key, language)),
                "finds": "; ".join(main[f"finding_{language}"]) if len(main) else "",
                "unknown": package[f"unknown_{language}"],
                "ids": "; ".join(main["claims"].str.replace(";", "; ")) if len(main) else "",
            }
        )
    marked = headings(claims)
    statements = claims.set_index("id")[f"statement_{language}"]
    for kind, part in _STAGES.items():
        for row in rows_of(marked[marked["stage"] == kind].sort_values("number")):
            name = heading_of(row["id"], language) or statements[row["id"]]
            rows.append({"part": part, "number": row["number"], "name": name, "ids": row["id"]})
    made = pd.DataFrame(rows, columns=COLUMNS)
    return made.astype({"number": "Int64"}).fillna({name: "" for name in COLUMNS if name != "number"})


def _done(data_sets: pd.DataFrame, package: str, language: str) -> list[str]:
    _ = words(language).gettext
    own = data_sets[data_sets["work_package"] == package] if len(data_sets) else data_sets
    activities = []
    for row in rows_of(own):
        data_set, n = row["data_set"], str(row["n"])
        if data_set in _DONE:
            what = _(_DONE[data_set])
            activities.append(f"{n} {what}" if n.isdigit() else _(_NOT_PUBLISHED).format(what=what))
    return activities
