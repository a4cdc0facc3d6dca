"""Answers compared between groups of respondents, with tests and effects that are right for small groups."""

from __future__ import annotations

import pandas as pd

from koppelkans.statistics.estimate import ESTIMATE_COLUMNS
from koppelkans.statistics.multiple_tests import holm, simultaneous_level
from koppelkans.statistics.proportions import Method
from koppelkans.strands.answers import option_shares
from koppelkans.strands.comparisons import Tested, exact_test, freeman_halton, risk_difference
from koppelkans.study.columns import require

_EFFECT = ("difference", "low", "high")
_REASONS = ("reason_nl", "reason_en")


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


def group_tests(shares: pd.DataFrame, attribute: str, level: float = 0.95) -> pd.DataFrame:
    """Test for each option whether the groups differ: one row an option.

    `shares` as `group_shares` gives it. Two groups: Boschloo's exact test and the risk difference (first group -
    second, Newcombe, so wide that the intervals of all options hold together; Bonferroni); more: Freeman-Halton over
    the groups. Columns: option, groups, n, p, p_holm (for the number of
    options tested; Holm 1979), method, difference, low, high (of two groups, else empty), reason_nl, reason_en.
    """
    rows = []
    together = simultaneous_level(level, shares["option"].nunique())
    for option, groups in shares.groupby("option", sort=False):
        groups = groups[groups["n"] > 0].sort_values(attribute)
        yes, n = groups["respondents"].astype(int).tolist(), groups["n"].astype(int).tolist()
        effect: dict[str, float | None] = dict.fromkeys(_EFFECT)
        if len(n) == 2:
            tested: Tested = exact_test(yes[0], n[0], yes[1], n[1])
            difference = risk_difference(yes[0], n[0], yes[1], n[1], together)
            effect = {"difference": difference.value, "low": difference.low, "high": difference.high}
        else:
            tested = freeman_halton(pd.DataFrame({"yes": yes, "no": [a - b for a, b in zip(n, yes, strict=True)]}))
        reason = tested.reason
        rows.append(
            {
                **{"option": option, "groups": len(n), "n": sum(n), "p": tested.p, "method": tested.method, **effect},
                "reason_nl": reason.text("nl") if reason else "",
                "reason_en": reason.text("en") if reason else "",
            }
        )
    result = pd.DataFrame(rows, columns=["option", "groups", "n", "p", "method", *_EFFECT, *_REASONS])
    result.insert(4, "p_holm", holm(result["p"]))
    return result
