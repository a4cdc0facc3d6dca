"""One schema per table that only a study of one's own has: what was expected, and what it is laid beside."""

from __future__ import annotations

from koppelkans.study.cells import Column, Schema, integer, pattern, text
from koppelkans.study.schemas import CLAIM_ID

OWN_SCHEMAS: dict[str, Schema] = {
    "context": Schema(
        {
            "code": text("Code of the neighbourhood at Statistics Netherlands (CBS)."),
            "region": text("Its name there."),
            "figure": text("What the figure is of."),
            "value": Column("The figure; empty where CBS does not publish it.", type="number", required=False),
            "unit": text("Unit of the figure, as CBS has it."),
            "year": integer("Year of the table that it stands in."),
            "source": text("Table of StatLine."),
            "fetched": text("Day on which it was asked for."),
        },
        key=("figure",),
        description="Figures of the neighbourhood from StatLine of Statistics Netherlands.",
    ),
    "expectations": Schema(
        {
            "id": pattern(r"\w[\w.-]*", "a number or a short name", "Key of the expectation.", unique=True),
            "date": pattern(
                r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day, such as 12-3-2026", "Day on which it was written down."
            ),
            "text_nl": text("What is expected, in Dutch."),
            "text_en": text("What is expected, in English."),
            "check": text("Name of the check in the ledger that decides.", required=False, optional=True),
            "check_args": text("Arguments of the check.", required=False, optional=True),
            "sealed": text(
                "How it stands to the seals: before, with-data, changed, removed, no.", required=False, optional=True
            ),
            "sealed_on": text("Day of that seal.", required=False, optional=True),
        },
        description="What the makers of a study expect, written down before the data, one row each.",
    ),
    "published_claims": Schema(
        {
            "id": pattern(CLAIM_ID, "a claim id", "Key of the statement in the study of Smitsveen.", unique=True),
            "statement_nl": text("The statement, in Dutch."),
            "statement_en": text("The statement, in English."),
            "reason": text("Why it cannot be held against data from elsewhere; empty where it can.", required=False),
            "check_args": text("Where the study says that its data show it.", required=False),
        },
        description="What the study of Smitsveen says, and where this study's data show the same.",
    ),
}
