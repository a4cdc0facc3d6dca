"""The study on one page: question, work packages, conclusions and recommendations, and how far they are borne out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.short_names import MAIN_FINDINGS, heading_of
from koppelkans.ledger.statuses import STATUSES
from koppelkans.ledger.traces import headings
from koppelkans.locale import N_, words
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, rows_of
from koppelkans.study.origin import carries_origin

COLUMNS = ["part", "work_package", "number", "name", "done", "says", "ids", "statements", *STATUSES]
PARTS = ("question", "package", "conclusions", "conclusion", "advice", "recommendation", "whole")
_DONE = {
    "sessions": N_("linkage sessions"),
    "evaluation-interviews": N_("evaluation interviews"),
    "change-stories": N_("change stories"),
    "tenant-interviews": N_("in-depth interviews"),
    "homeowner-interviews": N_("in-depth interviews"),
}
_NOT_PUBLISHED = N_("{what} (number not published)")
_STAGES = {"conclusion": "conclusion", "advice": "recommendation"}


@carries_origin
def overview(
    ledger: pd.DataFrame, questions: pd.DataFrame, packages: pd.DataFrame, data_sets: pd.DataFrame, language: str
) -> pd.DataFrame:
    """List what the study asks, does, finds, concludes and advises, one row a line of the overview; COLUMNS.

    `ledger` as `statuses.ledger` gives it; the others are the tables research_questions, work_packages and data_sets.
    part is one of PARTS, work_package is set for a package: the row "package" counts its findings. "conclusions" and
    "advice" count the statements of that kind, "whole" all of them; the rows "conclusion" and "recommendation" name the
    numbered ones, without counts. done is what was carried out, says the main finding, ids what stands behind the line
    ("; " between them).
    """
    if ledger.empty:
        return pd.DataFrame(columns=COLUMNS)
    text = f"text_{language}"
    central = questions.loc[questions["work_package"] == "", ["id", text]] if len(questions) else pd.DataFrame()
    rows: list[dict[str, Any]] = [{"part": "question", "name": row[text], "ids": row["id"]} for row in rows_of(central)]
    known = set(ledger["id"])
    for package in rows_of(packages.sort_values("order")) if len(packages) else []:
        own = ledger[(ledger["work_package"] == package["work_package"]) & (ledger["kind"] == "finding")]
        claims, main_finding = MAIN_FINDINGS.get(package["work_package"], ((), ""))
        has_claims = set(claims) <= known
        rows.append(
            {
                "part": "package",
                "work_package": package["work_package"],
                "number": package["order"],
                "name": package[f"name_{language}"],
                "done": "; ".join(_done(data_sets, package["work_package"], language)),
                "says": words(language).gettext(main_finding) if has_claims else "",
                "ids": "; ".join(claims) if has_claims else "",
                **_counts(own),
            }
        )
    marked = headings(ledger)
    statements = ledger.set_index("id")[f"statement_{language}"]
    for kind, total in (("conclusion", "conclusions"), ("advice", "advice")):
        rows.append({"part": total, **_counts(ledger[ledger["kind"] == kind])})
        for row in rows_of(marked[marked["stage"] == kind].sort_values("number")):
            name = heading_of(row["id"], language) or statements[row["id"]]
            rows.append({"part": _STAGES[kind], "number": row["number"], "name": name, "ids": row["id"]})
    rows.append({"part": "whole", **_counts(ledger)})
    made = pd.DataFrame(rows, columns=COLUMNS)
    whole = ["number", "statements", *STATUSES]
    return made.astype(dict.fromkeys(whole, "Int64")).fillna(
        dict.fromkeys(("work_package", "name", "done", "says", "ids"), "")
    )


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


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {"statements": len(rows), **{status: int((rows["status"] == status).sum()) for status in STATUSES}}


def numbers(rows: pd.DataFrame, language: str) -> dict[str, Number]:
    """Return what caption and alt text of the overview name: statements and how many have which status.

    `rows` as `overview` gives them; a dash where a study has no statements.
    """
    whole = rows[rows["part"] == "whole"]
    return {
        key.replace("-", "_"): counted(int(whole[key].iloc[0]) if len(whole) else None, language)
        for key in ("statements", *STATUSES)
    }
