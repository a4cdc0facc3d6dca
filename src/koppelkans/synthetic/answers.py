"""Answers to a survey, drawn from the truth; with questions that were not asked, skipped, or reached by few."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from koppelkans.synthetic.streams import Array, choices, one_of, rows, stream
from koppelkans.synthetic.talk import themes_of
from koppelkans.synthetic.truth import RESIDENTS, Survey, Truth, bank

SKIPPED = ""
NOT_ASKED = "not-asked"
DO_NOT_KNOW = "do-not-know"
_SECOND_HALF = ("help", "help_kind", "attachment", "bill", "remark")
"""What those who stop half-way never reach."""


def columns_of(truth: Truth) -> dict[str, list[str]]:
    """Return which columns each question has, in the order of the questionnaire."""
    survey = truth.survey
    return {
        "information": ["information"],
        "sources": [f"sources_{option}" for option in survey.sources["tenants"]],
        "priorities": [f"priorities_{option}" for option in survey.priorities["tenants"]],
        "trust": ["trust"],
        "help": ["help"],
        "help_kind": ["help_kind"],
        "attachment": [f"attachment_{item}" for item in range(1, len(survey.attachment.loadings) + 1)],
        "bill": ["bill"],
        "remark": ["remark"],
    }


def answers(truth: Truth, people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Draw the answers of `people` (as `people.residents` gives them): one row a respondent.

    Columns: respondent, group, version (A or B), then those of `columns_of`. A cell is the code of an option ("1" and
    "0" for chosen or not, "yes" and "no", a rank, 1 to 5, a number or words), or SKIPPED, NOT_ASKED or DO_NOT_KNOW.
    More people leave the answers of the first ones as they are.
    """
    parts = [_of_group(truth, people[people["group"] == group], group, seed) for group in RESIDENTS]
    return pd.concat(parts, ignore_index=True)


def _of_group(truth: Truth, people: pd.DataFrame, group: str, seed: int) -> pd.DataFrame:
    survey, n = truth.survey, len(people)
    made = pd.DataFrame(
        {
            "respondent": people["respondent"].to_numpy(),
            "group": group,
            "version": np.where(people["number"] % 2 == 1, "A", "B"),
        }
    )

    def drawn(question: str, width: int = 1) -> Array:
        return rows(seed, n, width, "answers", group, question)

    made["information"] = choices(drawn("information")[:, 0], survey.information[group])
    sources = survey.sources[group]
    for at, (option, chance) in enumerate(sources.items()):
        made[f"sources_{option}"] = np.where(drawn("sources", len(sources))[:, at] < chance, "1", "0")
    ranks = _ranks(drawn("priorities", len(survey.priorities[group])), survey.priorities[group])
    for at, option in enumerate(survey.priorities[group]):
        made[f"priorities_{option}"] = ranks[:, at].astype(str)
    made["trust"] = np.where(drawn("trust")[:, 0] < trust_chance(survey, people), "yes", "no")
    made["help"] = np.where(drawn("help")[:, 0] < help_chance(truth, people, group, seed), "yes", "no")
    made["help_kind"] = choices(drawn("help_kind")[:, 0], survey.help_kind[group])
    items = _items(drawn("attachment", 1 + len(survey.attachment.loadings)), survey, group)
    for at in range(items.shape[1]):
        made[f"attachment_{at + 1}"] = items[:, at].astype(str)
    bill = survey.bill[group]
    euros = bill.mean + bill.sd * ndtri(drawn("bill")[:, 0])
    made["bill"] = np.maximum(np.round(euros), 30).astype(int).astype(str)
    generator = stream(seed, "answers", group, "remarks")
    made["remark"] = [one_of(generator, bank()["remarks"]) for _ in range(n)]
    made.loc[drawn("remark")[:, 0] >= survey.remark, "remark"] = SKIPPED
    return _silenced(truth, made.astype("str"), group, drawn("silence", 12))


def help_chance(truth: Truth, people: pd.DataFrame, group: str, seed: int) -> Array:
    """Return the chance that each of these people wants help: it depends on what they say in their interview."""
    chance = truth.survey.help[group]
    raises = [truth.survey.help_theme in themes_of(truth, group, int(number), seed) for number in people["number"]]
    return np.where(raises, chance.raised, chance.others)


def trust_chance(survey: Survey, people: pd.DataFrame) -> Array:
    """Return the chance that each of these people trusts the plan: a logistic model of group, age 65+ and years."""
    trust = survey.trust
    reference = trust.share_of_reference / (1 - trust.share_of_reference)
    odds: Array = reference * np.where(people["group"] == "homeowners", trust.odds_homeowner, 1.0)
    odds = odds * np.where(people["age_group"] == "65+", trust.odds_aged_65, 1.0)
    odds = odds * trust.odds_ten_years ** (people["years"].to_numpy(dtype=float) / 10)
    return odds / (1 + odds)


def _ranks(uniform: Array, weights: dict[str, float]) -> np.ndarray:
    """Rank options as Plackett and Luce have it: each next place goes to an option by its weight among what is left."""
    scores = np.log(list(weights.values())) - np.log(-np.log(uniform))
    return (-scores).argsort(axis=1).argsort(axis=1) + 1


def _items(uniform: Array, survey: Survey, group: str) -> np.ndarray:
    """Return answers from 1 to 5 to statements behind which there is one trait (graded by thresholds)."""
    model = survey.attachment
    loadings = np.array(model.loadings)
    normal = ndtri(uniform)
    trait = normal[:, :1] + (model.homeowners_more if group == "homeowners" else 0.0)
    latent = loadings * trait + np.sqrt(1 - loadings**2) * normal[:, 1:]
    steps = 1 + np.searchsorted(model.thresholds, latent)
    for item in model.reversed:
        steps[:, item - 1] = 6 - steps[:, item - 1]
    return steps


def _silenced(truth: Truth, made: pd.DataFrame, group: str, uniform: Array) -> pd.DataFrame:
    """Take away answers: what was skipped, not known, never reached, and not asked; the last wins over the others."""
    survey = truth.survey
    for at, (question, columns) in enumerate(columns_of(truth).items()):
        made.loc[uniform[:, at] < survey.skipped[group], columns] = SKIPPED
        if question in ("information", "trust"):
            made.loc[uniform[:, at] > 1 - survey.do_not_know, columns] = DO_NOT_KNOW
    stopped = uniform[:, -1] < survey.stopped[group]
    late = [column for question in _SECOND_HALF for column in columns_of(truth)[question]]
    made.loc[stopped, late] = SKIPPED
    made.loc[made["help"] != "yes", "help_kind"] = NOT_ASKED
    if group == "homeowners":
        for version, question in (("B", "sources"), ("A", "priorities")):
            made.loc[made["version"] == version, columns_of(truth)[question]] = NOT_ASKED
    return made
