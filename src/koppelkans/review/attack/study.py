"""Attack all that a study publishes of the people in its field data."""

from __future__ import annotations

import pandas as pd

from koppelkans.integration import links
from koppelkans.integration.field_joint import field_joint
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.linked_cases import cross_tables, people_in_both
from koppelkans.review.attack.answers import on_answers, on_scores
from koppelkans.review.attack.interviews import on_interviews, on_joint, sums_shown
from koppelkans.review.attack.reader import Attacked, tests_told
from koppelkans.strands import coded_groups, constructs
from koppelkans.strands.coded import Coded, by_strand
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.strands.survey_groups import chosen_grouping
from koppelkans.study import Study


def on_study(study: Study) -> list[Attacked]:
    """Attack the tables of a study, made with its parameters."""
    asked = {name: value for values in study.parameters.values() for name, value in (values or {}).items()}
    rules = FitRules(**{name: asked[name] for name in ("apart", "least_cases") if name in asked})
    answers, questions, options = study.table("answers"), study.table("questions"), study.table("options")
    held = Questionnaire(answers, questions, options, study.table("attributes"), study.minimum_cell)
    found = []
    if study.has("answers"):
        found += on_answers(held, chosen_grouping(held.people, str(asked.get("group_by", ""))))
        found += on_scores(constructs.scored(study.scales, held.answers, held.questions, held.options), held)
    if study.has("codings"):
        coded = by_strand(study)
        linked = links.linked(study.links, study.table("codes"), held.questions, held.options)
        found += on_both(held, coded, linked, rules, str(asked.get("attribute", "")))
    return found


def on_both(
    held: Questionnaire, coded: dict[str, Coded], linked: pd.DataFrame, rules: FitRules, attribute: str = ""
) -> list[Attacked]:
    """Attack coded interviews by strand, with what stands beside answers: joint display and people in both."""
    of = (linked, coded, held.answers, held.questions, held.options, rules)
    joint, found = field_joint(*of, minimum=held.minimum), []
    crossed = cross_tables(people_in_both(linked, coded, held.answers, held.questions), joint, minimum=held.minimum)
    if isinstance(crossed, pd.DataFrame):
        found += tests_told("people in both", crossed, len(crossed), held.minimum)
    for strand, own in coded.items():
        chosen = coded_groups.attribute_chosen(own, attribute)
        found += on_interviews(own, chosen, sums_shown(joint, linked, strand))
    return found + on_joint(joint, linked, coded, rules)
