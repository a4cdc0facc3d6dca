"""How many people raised each code and gave each answer, as the report shows it: what an expectation is held against.

Nothing is counted here that is not shown elsewhere, so that an expectation gives away no number that is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from koppelkans.strands.coded import Coded, counts
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.study.origin import carries_origin

COLUMNS = ["strand", "question", "option", "code", "name", "path", "people", "n", "hidden"]


def of_codes(coded: Mapping[str, Coded]) -> pd.DataFrame:
    """Return COLUMNS of the codes of each strand: people with it or one below it, of n; question and option are ""."""
    parts = []
    for strand, own in coded.items():
        table = counts(own)
        if len(table):
            paths = own.codes.set_index("code")["path"]
            table = table.assign(strand=strand, question="", option="", path=table["code"].map(paths))
            parts.append(table.rename(columns={"cases": "people", "of_cases": "n"})[COLUMNS])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def of_answers(survey: Questionnaire) -> pd.DataFrame:
    """Return COLUMNS of the options of each question: people who chose it, of a ranking put it first, of those n who
    answered; code, name and path are "". Points of a scale that are shown as one are one option ("4 / 5").
    """
    ranked = survey.rankings()
    first = ranked[ranked["measure"] == "first"]
    parts = [survey.choices("single"), survey.choices("multiple"), first, survey.likert()]
    tables = [part[["strand", "question", "option", "respondents", "n", "hidden"]] for part in parts if len(part)]
    if not tables:
        return pd.DataFrame(columns=COLUMNS)
    made = pd.concat(tables, ignore_index=True).rename(columns={"respondents": "people"})
    return made.assign(code="", name="", path="")[COLUMNS]


@carries_origin
def people_shown(coded: Mapping[str, Coded], survey: Questionnaire) -> pd.DataFrame:
    """Return COLUMNS of all codes and answers of a study; people is empty where it is hidden (`hidden` says so)."""
    parts = [part for part in (of_codes(coded), of_answers(survey)) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
