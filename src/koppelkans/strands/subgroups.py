"""Shares of answers by group of respondents."""

from __future__ import annotations

import pandas as pd

from koppelkans.statistics.estimate import ESTIMATE_COLUMNS
from koppelkans.statistics.proportions import Method
from koppelkans.strands.answers import option_shares
from koppelkans.study.columns import require


def group_shares(
    answers: pd.DataFrame,
    respondents: pd.DataFrame,
    question: str,
    attribute: str,
    method: Method = "wilson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each group that chose each option: <attribute>, option, respondents, Estimate columns.

    `answers` as in `koppelkans.strands.answers`; `respondents`: respondent and the attribute. n is who answered in that
    group; a group in which nobody answered is there, with the reason. People without the attribute are group "".
    Before it is shown, it goes through `koppelkans.privacy.disclosure`.
    """
    require(respondents, "respondents", ("respondent", attribute))
    group_of = respondents.set_index("respondent")[attribute].fillna("")
    overall = option_shares(answers, question, method=method, level=level)
    groups = answers["respondent"].map(group_of).fillna("")
    named = overall[["option"]].assign(question=question, order=range(len(overall)))
    parts = []
    for group in sorted(set(group_of) | set(groups)):
        own = option_shares(answers[groups == group], question, named, method=method, level=level)
        parts += [{attribute: group, **row} for row in own.drop(columns="base").to_dict("records")]
    return pd.DataFrame(parts, columns=[attribute, "option", "respondents", *ESTIMATE_COLUMNS])
