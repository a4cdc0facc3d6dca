"""The study in short: its question, and what each work package asked, found and leaves open."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin

COLUMNS = ["part", "work_package", "number", "name", "asks", "done", "finds", "unknown", "ids"]
_DONE = {
    "evaluation-interviews": N_("interviews with participants of the sessions"),
    "change-stories": N_("change stories of participants of a session"),
    "tenant-interviews": N_("interviews about tenants"),
    "homeowner-interviews": N_("interviews with homeowners"),
}
_NOT_PUBLISHED = N_("{what} (number not published)")


@carries_origin
def overview(
    questions: pd.DataFrame, packages: pd.DataFrame, themes: pd.DataFrame, data_sets: pd.DataFrame, language: str
) -> pd.DataFrame:
    """List the central question (part "question") and the work packages ("package"), one row each; COLUMNS.

    Takes the tables research_questions, work_packages, themes and data_sets. asks is the question of a package, done
    whom it asked, finds the main findings of its themes (a line each), unknown what stays open, ids the question, or
    the statements behind the findings.
    """
    text = f"text_{language}"
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
                "done": "\n".join(_done(data_sets, key, language)),
                "finds": "\n".join(main[f"finding_{language}"]) if len(main) else "",
                "unknown": package[f"unknown_{language}"],
                "ids": "; ".join(main["claims"].str.replace(";", "; ")) if len(main) else "",
            }
        )
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
