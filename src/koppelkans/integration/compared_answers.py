"""Answers of several studies side by side: only those to the same question with the same answers to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from koppelkans.integration.neighbourhoods import Neighbourhood, together
from koppelkans.integration.partial_pooling import pooled
from koppelkans.strands.survey import NONE_CHOSEN

QUESTION = ["strand", "question"]


def asked(studies: Sequence[Neighbourhood], bounds: pd.DataFrame) -> pd.DataFrame:
    """List the questions with a choice, of each study and strand, and whether they are the same as in others.

    Columns: study, origin, strand, question, kind, label_nl, label_en, same ("" for the question as most studies ask
    it, and what differs otherwise: kind, wording, options), studies (that ask it in that way). A question of one study,
    or that no two ask alike, is compared with none: studies is 1. The key of a question alone makes no two the same.
    """
    table = together([one.choices for one in studies])
    rows = []
    table = table[table["option"] != NONE_CHOSEN]  # which is no answer that could be chosen
    for (strand, question), own in table.groupby(QUESTION, sort=False):
        said = bounds[(bounds["strand"] == strand) & (bounds["question"] == question)]
        forms = {
            study: (
                rows_of_study["kind"].iloc[0],
                _words(rows_of_study, "label"),
                tuple(sorted(zip(rows_of_study["option"], _all_words(rows_of_study, "option"), strict=True))),
            )
            for study, rows_of_study in own.groupby("study", sort=False)
        }
        most = max(forms.values(), key=lambda form: list(forms.values()).count(form))
        n = list(forms.values()).count(most) + said["study"].nunique()
        for study, form in forms.items():
            first = own[own["study"] == study].iloc[0]
            differs = [what for what, a, b in zip(("kind", "wording", "options"), form, most, strict=True) if a != b]
            row = first[["study", "origin", *QUESTION, "kind", "label_nl", "label_en"]].to_dict()
            rows.append(row | {"same": differs[0] if differs else "", "studies": n if not differs else 1})
    columns = ["study", "origin", *QUESTION, "kind", "label_nl", "label_en", "same", "studies"]
    return pd.DataFrame(rows, columns=columns)


def _words(table: pd.DataFrame, column: str) -> str:
    return _all_words(table, column)[0]


def _all_words(table: pd.DataFrame, column: str) -> list[str]:
    """Return what a reader saw, in Dutch where that is known, without what makes no difference."""
    texts = table[f"{column}_nl"].where(table[f"{column}_nl"].fillna("") != "", table[f"{column}_en"]).fillna("")
    return [" ".join(str(text).casefold().split()).rstrip(".?: ") for text in texts]


def compared(
    studies: Sequence[Neighbourhood], questions: pd.DataFrame, level: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the shares of the answers to questions that two or more studies ask alike, and pool them partially.

    `questions` as `asked` gives it. Returns the rows of `survey.choices` with what `partial_pooling.pooled` adds, and
    one row an answer and origin.
    """
    table = together([one.choices for one in studies])
    alike = questions.loc[questions["studies"] > 1, ["study", *QUESTION]]
    own = table.merge(alike, on=["study", *QUESTION])
    own = own.assign(is_hidden=own["hidden"] != "")
    return pooled(own, [*QUESTION, "option"], "respondents", "n", "is_hidden", level)


def leading(shares: pd.DataFrame, question: str = "") -> pd.DataFrame:
    """Take of one question the answer that most people gave, over all studies; of the question that most studies ask.

    `shares` as `compared` gives it; `question`: another one. The answer is the same for all strands. No rows where no
    two studies have counts of the question.
    """
    asked_by = shares.groupby("question", sort=False)["study"].nunique()
    chosen = question or (str(asked_by.idxmax()) if len(asked_by) else "")
    own = shares[shares["question"] == chosen]
    if own["study"].nunique() < 2:
        return own.head(0)
    people = own.groupby("option", sort=False)["respondents"].sum()
    return own[own["option"] == people.idxmax()]
