"""Voorbeeldwijk: is what the generator puts in found again by the analyses, seed after seed?

Each study is a neighbourhood of the truth that ships with the package, with a seed of its own (0, 1, 2, ...).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from bench.simulate.experiments import SEED, Array, Experiment, Rate, grid, holds
from koppelkans.coding import agreement
from koppelkans.coding.units import ratings
from koppelkans.statistics.reliability import COEFFICIENTS, alpha, omega, reliability
from koppelkans.strands.answers import option_shares
from koppelkans.strands.models import logistic
from koppelkans.strands.rankings import plackett_luce, rankings
from koppelkans.synthetic.answers import DO_NOT_KNOW, NOT_ASKED, SKIPPED, answers
from koppelkans.synthetic.people import residents
from koppelkans.synthetic.projects import guid, project
from koppelkans.synthetic.talk import Interview, interviews
from koppelkans.synthetic.truth import Truth, read_truth

Generator = np.random.Generator
_CODES = {"tenants": "twijfel", "homeowners": "subsidie"}
"""The code whose agreement is looked at: one that coders doubt about, and one that they do not."""
_MANY = 400_000


@cache
def _truth() -> Truth:
    return without_slips(read_truth())


def without_slips(truth: Truth) -> Truth:
    """Return the truth with coders who put their edges right: planted kappa is about what they find."""
    coders = {name: dataclasses.replace(coder, jitter=0.0) for name, coder in truth.coders.items()}
    return dataclasses.replace(truth, coders=coders)


def interviews_with(truth: Truth, group: str, number: int, seed: int) -> list[Interview]:
    """Hold interviews with the first people of a group."""
    rows = [(f"{group}-{one:04d}", group, one) for one in range(1, number + 1)]
    return interviews(truth, pd.DataFrame(rows, columns=["respondent", "group", "number"]), seed)


def two_coders(
    truth: Truth, talks: list[Interview], codes: Sequence[str], seed: int, least: float = 0.5
) -> list[pd.DataFrame]:
    """Return ratings of sentences by the two coders, a table for each code."""
    nothing = pd.DataFrame(columns=["respondent"])
    first, second = (project(truth, talks, nothing, coder, "test", seed) for coder in truth.coders)
    readers = pd.DataFrame({"document": first.documents["document"]}).merge(
        pd.DataFrame({"coder": list(truth.coders)}), how="cross"
    )
    codings = pd.concat([first.codings, second.codings])
    return [
        ratings(first.documents, codings, guid("code", code), "sentence", readers=readers, least=least)
        for code in codes
    ]


def planted_kappa(truth: Truth, talks: list[Interview], code: str, units: int) -> float:
    """Return the kappa that the errors of the two coders give when chance is left out."""
    said = [about for talk in talks for _, _, about in talk.sentences]
    right, other = said.count(code), len(said) - said.count(code)
    (s1, f1), (s2, f2) = ((coder.finds(code), coder.adds(code)) for coder in truth.coders.values())
    both = (right * s1 * s2 + other * f1 * f2) / units
    a, b = (right * s1 + other * f1) / units, (right * s2 + other * f2) / units
    observed, by_chance = 1 - a - b + 2 * both, a * b + (1 - a) * (1 - b)
    return (observed - by_chance) / (1 - by_chance)


def coders(_: Generator, runs: int, group: str, interviews: int) -> Rate:
    """Measure the interval of Cohen's kappa over sentences of interviews."""
    truth, ends, truths = _truth(), [], []
    for seed in range(runs):
        talks = interviews_with(truth, group, interviews, seed)
        [rated] = two_coders(truth, talks, [_CODES[group]], seed)
        found = agreement.cohen_kappa(rated)
        ends.append((found.low, found.high))
        truths.append(planted_kappa(truth, talks, _CODES[group], len(rated)))
    return holds(ends, truths)


@cache
def _given(people: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = residents(_truth(), people, seed)
    return known, answers(_truth(), known, seed)


def shares(_: Generator, runs: int, group: str, people: int) -> Rate:
    """Measure the intervals of the shares of all ways to be informed."""
    weights, ends, truths = _truth().survey.information[group], [], []
    for seed in range(runs):
        given = _given(people, seed)[1].query("group == @group")
        cells = given["information"].where(~given["information"].isin([SKIPPED, NOT_ASKED, DO_NOT_KNOW]))
        table = pd.DataFrame({"respondent": given["respondent"], "question": "information", "option": cells.fillna("")})
        table["missing"] = cells.isna().map({True: "no-answer", False: ""})
        options = pd.DataFrame({"question": "information", "option": list(weights), "order": range(len(weights))})
        found = option_shares(table, "information", options).set_index("option")
        for option, weight in weights.items():
            ends.append((found.at[option, "low"], found.at[option, "high"]))
            truths.append(weight / sum(weights.values()))
    return holds(ends, truths)


def trust(_: Generator, runs: int, people: int) -> Rate:
    """Measure the intervals of the odds ratios of trust: owner, 65 and over, ten years in the neighbourhood."""
    model = _truth().survey.trust
    planted = {"owner": model.odds_homeowner, "aged": model.odds_aged_65, "decades": model.odds_ten_years}
    ends, truths = [], []
    for seed in range(runs):
        known, given = _given(people, seed)
        table = known.merge(given[["respondent", "trust"]], on="respondent")
        table = table[table["trust"].isin(["yes", "no"])].assign(
            yes=lambda rows: (rows["trust"] == "yes").astype(int),
            owner=lambda rows: (rows["group"] == "homeowners").astype(int),
            aged=lambda rows: (rows["age_group"] == "65+").astype(int),
            decades=lambda rows: rows["years"] / 10,
        )
        fit = logistic(table, "yes", list(planted)).set_index("term")
        ends += [(fit.at[term, "odds_low"], fit.at[term, "odds_high"]) for term in planted]
        truths += list(planted.values())
    return holds(ends, truths)


def strengths(_: Generator, runs: int, group: str, people: int) -> Rate:
    """Measure the intervals of Plackett and Luce around the weights of all four priorities."""
    weights, ends, truths = _truth().survey.priorities[group], [], []
    names = {f"priorities_{option}": option for option in weights}
    for seed in range(runs):
        given = _given(people, seed)[1].query("group == @group")
        ranked = given.melt("respondent", list(names), "option", "rank")
        ranked = ranked[ranked["rank"].str.isdigit()].assign(question="priorities", option=ranked["option"].map(names))
        found = plackett_luce(rankings(ranked, "priorities")).set_index("option")
        for option, weight in weights.items():
            ends.append((found.at[option, "low"], found.at[option, "high"]))
            truths.append(weight / sum(weights.values()))
    return holds(ends, truths)


def _items(given: pd.DataFrame) -> Array:
    """Return the answers to the statements on attachment, those worded the other way round turned."""
    table = given.filter(like="attachment_").replace(SKIPPED, np.nan).dropna().astype(float)
    for item in _truth().survey.attachment.reversed:
        table[f"attachment_{item}"] = 6 - table[f"attachment_{item}"]
    return table.to_numpy()


@cache
def _reliable() -> dict[str, float]:
    """Return the reliability of attachment: of the traits by the loadings, of the answers by those of very many."""
    model, generator = _truth().survey.attachment, np.random.default_rng(SEED)
    weights = np.array(model.loadings)
    normal = generator.normal(size=(_MANY, 1 + len(weights)))
    latent = weights * normal[:, :1] + np.sqrt(1 - weights**2) * normal[:, 1:]
    covariance = np.cov(np.searchsorted(model.thresholds, latent).T)
    traits = np.outer(weights, weights) + np.diag(1 - weights**2)
    return {"omega": omega(covariance), "ordinal alpha": alpha(traits), "alpha": alpha(covariance)}


def scale(_: Generator, runs: int, people: int) -> list[Rate]:
    """Measure the intervals of the reliability of attachment among tenants."""
    found = [reliability(_items(_given(people, seed)[1].query("group == 'tenants'"))) for seed in range(runs)]
    return [holds([(one[name].low, one[name].high) for one in found], _reliable()[name]) for name in COEFFICIENTS]


_SECTION = "Voorbeeldwijk"
_GROUPS = ("tenants", "homeowners")
EXPERIMENTS = [
    Experiment(
        _SECTION, "kappa of the two coders", "interval", coders, grid(interviews=(10,), group=_GROUPS), 200, (0,), 10,
    ),
    Experiment(
        _SECTION, "shares of ways to be informed (Wilson)", "interval", shares, grid(people=(120,), group=_GROUPS),
        200, (0, 1), 10,
    ),
    Experiment(_SECTION, "odds ratios of trust", "interval", trust, grid(people=(120,)), 200, (0,), 10),
    Experiment(
        _SECTION, "strengths of priorities (Plackett-Luce)", "interval", strengths,
        grid(people=(120,), group=_GROUPS), 200, (0,), 10,
    ),
    Experiment(
        _SECTION, tuple(f"{name} of attachment" for name in COEFFICIENTS), "interval", scale, grid(people=(120,)),
        200, (0,), 10,
    ),
]  # fmt: skip
