"""The same people in both strands: what somebody raised in the interview against what the same person answered.

For each link of study.yml between codes and answers a table of two by two. Agreement is the share of people of whom
interview and answer say the same; McNemar's exact test asks another question: whether one side has the theme more often
than the other among those who differ (McNemar 1947; statsmodels).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from koppelkans.integration.field_joint import said_so
from koppelkans.locale import N_
from koppelkans.privacy.linked import HIDDEN, YES, emptied
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.multiple_tests import holm
from koppelkans.statistics.proportions import Method, proportion
from koppelkans.strands.coded import Coded
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import NOT_ASKED
from koppelkans.study.origin import carries_origin

CELLS = ("both", "interview_only", "answer_only", "neither")
_HEAD = ["link", "name_nl", "name_en", "strand", "question", "label_nl", "label_en", "answers"]
_MADE = [*CELLS, "agreement", "low", "high", "p", "p_holm"]
NOBODY_IN_BOTH = Reason(N_("nobody has both an interview with codes and an answer to a linked question"))
NOT_BY_NAME = Reason(N_("small groups are hidden, and with them who is in which; VIEW=working shows it"))
NOBODY_DIFFERS = Reason(N_("nobody differs, or too few people to show"))


@carries_origin
def people_in_both(
    links: pd.DataFrame,
    interviewed: Mapping[str, Coded],
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Say of each person with an interview and an answer what both say: one row a link, question and person.

    Columns: those of the link, respondent, interview and answer (True where the theme was raised, or one of the linked
    answers given). People whose interviews nobody is known to have read are left out.
    """
    rows = []
    for question in rows_of(links[links["question"] != ""]):
        coded = interviewed.get(question["strand"])
        if coded is None:
            continue
        read = coded.read
        raised = set(coded.codings.loc[coded.codings["code"].isin(question["codes"]), "document"].map(read))
        said = said_so(answers, questions, question["strand"], question, not_asked)
        head = {name: question[name] for name in _HEAD}
        rows += [
            {**head, "respondent": person, "interview": person in raised, "answer": bool(said[person])}
            for person in dict.fromkeys(read)
            if person in said.index
        ]
    return pd.DataFrame(rows, columns=[*_HEAD, "respondent", "interview", "answer"])


@carries_origin
def cross_tables(
    people: pd.DataFrame,
    joint: pd.DataFrame | None = None,
    *,
    minimum: int = 1,
    method: Method = "wilson",
    level: float = 0.95,
) -> pd.DataFrame | Reason:
    """Count `people` (as `people_in_both` gives them) by what both sides say: one row a link and question.

    Columns: those of the link, n, both, interview_only, answer_only, neither, agreement with low and high (share of
    both + neither), p (McNemar, exact and two-sided), p_holm (for all rows; Holm 1979), hidden (where one of
    the four counts is 1 to `minimum` - 1, or where the `joint` display hides the counts of the interviews or of the
    answers; all of the row is then emptied, for with n known they give each other away).
    """
    from statsmodels.stats.contingency_tables import mcnemar

    rows = []
    keys = ["link", "strand", "question"]
    hidden = joint[joint["hidden_interviews"] | joint["hidden_answers"]] if joint is not None else people.head(0)
    apart = set(hidden[keys].itertuples(index=False, name=None))
    for key, own in people.groupby(keys, sort=False):
        interview, answer = own["interview"], own["answer"]
        cells = [int(cell.sum()) for cell in (interview & answer, interview & ~answer, ~interview & answer)]
        cells.append(len(own) - sum(cells))
        agreement = proportion(cells[0] + cells[3], len(own), method, level)
        p = float(mcnemar([cells[:2], cells[2:]], exact=True).pvalue)
        row = {name: own.iloc[0][name] for name in _HEAD} | {"n": len(own), **dict(zip(CELLS, cells, strict=True))}
        row |= {"agreement": agreement.value, "low": agreement.low, "high": agreement.high, "p": min(p, 1.0)}
        rows.append(row | {"hidden": YES if key in apart or any(0 < cell < minimum for cell in cells) else ""})
    if not rows:
        return NOBODY_IN_BOTH
    table = emptied(pd.DataFrame(rows), [row[HIDDEN] for row in rows], [name for name in _MADE if name != "p_holm"])
    table["p_holm"] = holm(table["p"], len(rows))
    table["n"] = table["n"].astype("Int64").mask(table["n"] < minimum)
    return table[[*_HEAD, "n", *_MADE, "hidden"]]


@carries_origin
def who_differs(people: pd.DataFrame, tables: pd.DataFrame | Reason, minimum: int = 1) -> pd.DataFrame | Reason:
    """Return the rows of `people` whose interview and answer do not say the same, where the table may be shown.

    Nobody where groups of fewer than a `minimum` of 2 or more are hidden: names under two links tell who has both.
    """
    if isinstance(tables, Reason):
        return tables
    if minimum >= 2:
        return NOT_BY_NAME
    shown = tables.loc[tables["hidden"] == "", ["link", "strand", "question"]]
    listed = people[people["interview"] != people["answer"]].merge(shown, on=["link", "strand", "question"])
    return NOBODY_DIFFERS if listed.empty else listed
