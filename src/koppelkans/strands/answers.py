"""Field answers: who was asked, who answered, why not, and which share chose what.

`answers`: one row an answer: respondent, question, option ("" for an open or numeric answer), and where the study has
them rank (1 = first), value (number), text, missing (why there is no answer; "" where there is one). A question with
several choices has a row for each option chosen. Somebody who saw it and chose nothing has one empty row whose
`missing` is "": that is an answer, so it counts in the base, and it is no option. `options`: question, option, order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from koppelkans.statistics.estimate import ESTIMATE_COLUMNS
from koppelkans.statistics.proportions import Method, proportion, weighted_proportion
from koppelkans.study.columns import require

Base = Literal["answered", "asked"]
NO_REASON = "not stated"
NO_ANSWER = "no-answer"


def _of_question(answers: pd.DataFrame, question: str) -> pd.DataFrame:
    """Return the answers to a question with a column `is_missing`; without a column `missing`, empty rows are."""
    require(answers, "answers", ("respondent", "question", "option"))
    own = answers[answers["question"] == question]
    if "missing" in own:
        reason = own["missing"].fillna(NO_REASON).astype(str)
        return own.assign(missing=reason, is_missing=reason != "")
    empty = pd.Series(True, index=own.index)
    for column in ("option", "rank", "value", "text"):
        if column in own:
            empty &= own[column].isna() | (own[column].astype(str) == "")
    return own.assign(missing=empty.map({True: NO_REASON, False: ""}), is_missing=empty)


def response(answers: pd.DataFrame, questions: list[str] | None = None) -> pd.DataFrame:
    """Count who was asked: question, asked (respondents with a row), answered, missing; in order of `questions`.

    Without `questions`, those that occur, sorted. Somebody with one answer to a question counts as having answered.
    """
    rows = []
    for question in sorted(answers["question"].unique()) if questions is None else questions:
        own = _of_question(answers, question)
        asked, answered = own["respondent"].nunique(), own.loc[~own["is_missing"], "respondent"].nunique()
        rows.append((question, asked, answered, asked - answered))
    return pd.DataFrame(rows, columns=["question", "asked", "answered", "missing"])


def missing_reasons(answers: pd.DataFrame, questions: list[str] | None = None) -> pd.DataFrame:
    """Count why people did not answer: question, reason, respondents; most frequent first.

    A row whose reason is not known (no column `missing`, or no value in it) counts under "not stated"; of somebody with
    several reasons the first counts.
    """
    rows = []
    for question in sorted(answers["question"].unique()) if questions is None else questions:
        own = _of_question(answers, question)
        answered = set(own.loc[~own["is_missing"], "respondent"])
        silent = own[~own["respondent"].isin(answered)].drop_duplicates("respondent")
        counts = silent.groupby("missing").size().sort_index().sort_values(ascending=False, kind="stable")
        rows += [(question, reason, int(count)) for reason, count in counts.items()]
    return pd.DataFrame(rows, columns=["question", "reason", "respondents"])


def option_shares(
    answers: pd.DataFrame,
    question: str,
    options: pd.DataFrame | None = None,
    *,
    base: Base = "answered",
    method: Method = "wilson",
    level: float = 0.95,
    population: int | None = None,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Estimate which share of people chose each option; for one choice and for several (shares may then pass 100%).

    `base` is of whom: those who answered, or all who were asked (silence then counts as not chosen). `population` and
    `method` as in `koppelkans.statistics.proportions`; `weights`: a weight for each respondent; somebody without one,
    or with 0, is left out.
    With `options` also what nobody chose, in its order; else most chosen first. Columns: option, respondents, base,
    then those of an Estimate, value being the share. Raises ValueError for an unknown base, or population with weights.
    """
    if base not in ("answered", "asked"):
        raise ValueError(f"base {base!r} is not one of answered, asked")
    if population is not None and weights is not None:
        raise ValueError("population and weights are given; expected one of them")
    own = _of_question(answers, question)
    given = own[~own["is_missing"]]
    if weights is not None:
        own, given = (table[table["respondent"].map(weights).fillna(0) > 0] for table in (own, given))
    people = sorted((given if base == "answered" else own)["respondent"].unique())
    chosen = given[given["option"].fillna("").astype(str) != ""].groupby("option")["respondent"].agg(set)
    if options is None:
        names = sorted(chosen.index, key=lambda name: (-len(chosen[name]), str(name)))
    else:
        names = list(options[options["question"] == question].sort_values("order")["option"])
        names += sorted(set(chosen.index) - set(names))
    rows = []
    for name in names:
        who = chosen.get(name, set())
        if weights is None:
            estimate = proportion(len(who), len(people), method, level, population)
        else:
            weight = [float(weights[person]) for person in people]
            estimate = weighted_proportion([person in who for person in people], weight, method, level)
        rows.append({"option": name, "respondents": len(who), "base": base, **estimate.cells()})
    return pd.DataFrame(rows, columns=["option", "respondents", "base", *ESTIMATE_COLUMNS])
