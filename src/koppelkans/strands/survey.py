"""A whole questionnaire, whatever questions it has: tables by kind of question, strand by strand, ready to be shown.

`answers`, `questions` and `options` are the tables of a study (koppelkans.study.field_schemas). A question asked in two
strands under one key is the same question there; its strands stand side by side and are never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Estimate
from koppelkans.statistics.means import mean
from koppelkans.statistics.proportions import NOBODY, Method
from koppelkans.strands import answers as single
from koppelkans.strands.published import rows_of

NONE_CHOSEN = "none-chosen"
"""Option of somebody who was asked a multiple choice and chose nothing."""
NOT_ASKED = ("not-asked", "not asked", "niet gevraagd")
ANSWERED = "answered"
TAKEN_TOGETHER = " / "
"""Between the points of a scale that are counted as one."""
_LABELS = ["label_nl", "label_en"]
_NONE_OF_THESE = N_("none of these")
_HEAD = ["question", "strand", "kind", *_LABELS]


def asked(answers: pd.DataFrame, not_asked: Sequence[str] = NOT_ASKED) -> pd.DataFrame:
    """Return the answers of those who were asked: rows whose reason in `missing` is one of `not_asked` are left out."""
    words = {word.casefold() for word in not_asked}
    return answers[~answers["missing"].fillna("").str.casefold().isin(words)]


def in_order(questions: pd.DataFrame, kinds: Sequence[str]) -> pd.DataFrame:
    """Return the questions of some kinds, those of one key together, in the order of the first."""
    chosen = questions[questions["kind"].isin(list(kinds))]
    place = {key: number for number, key in enumerate(dict.fromkeys(chosen["question"]))}
    return chosen.assign(place=chosen["question"].map(place)).sort_values("place", kind="stable").drop(columns="place")


def with_none_chosen(answers: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Give those who were asked a multiple choice and chose nothing an option of their own, NONE_CHOSEN."""
    several = set(map(tuple, questions.loc[questions["kind"] == "multiple", ["strand", "question"]].to_numpy()))
    keys = pd.Series(list(zip(answers["strand"], answers["question"], strict=True)), index=answers.index)
    nothing = keys.isin(several) & (answers["option"].fillna("") == "") & (answers["missing"].fillna("") == "")
    return answers.assign(option=answers["option"].mask(nothing, NONE_CHOSEN))


def response(answers: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """Count who answered each question, and why others did not: one row a question, strand and state.

    Columns: question, strand, kind, label_nl, label_en, state ("answered", else the reason), respondents, people (with
    a row for the question). Questions of every kind, in the order of the questionnaire.
    """
    counted = with_none_chosen(answers, questions)
    rows = []
    for question in rows_of(in_order(questions, list(questions["kind"].unique()))[_HEAD]):
        own_answers = counted[(counted["strand"] == question["strand"]) & (counted["question"] == question["question"])]
        total = single.response(own_answers, [question["question"]]).iloc[0]
        states = [(ANSWERED, int(total["answered"]))]
        reasons = single.missing_reasons(own_answers, [question["question"]])
        states += list(zip(reasons["reason"], reasons["respondents"], strict=True))
        rows += [{**question, "state": state, "respondents": n, "people": int(total["asked"])} for state, n in states]
    return pd.DataFrame(rows, columns=[*_HEAD, "state", "respondents", "people"])


def choices(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    kind: str = "single",
    *,
    base: single.Base = "answered",
    method: Method = "wilson",
    level: float = 0.95,
    population: Mapping[str, int] | None = None,
    weights: Mapping[str, float] | None = None,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Estimate the share of each option of all questions of a kind (single or multiple), strand by strand.

    `population`: strand -> number of people in it; `weights`: respondent -> weight; the rest as in
    `answers.option_shares`. Columns: question, strand, kind, label_nl, label_en, option, option_nl, option_en, order,
    respondents, base, then those of an Estimate. Raises KoppelkansError for a population smaller than its answers.
    """
    counted = asked(with_none_chosen(answers, questions), not_asked)
    rows = []
    for question in rows_of(in_order(questions, [kind])[_HEAD]):
        key, strand = question["question"], question["strand"]
        own_answers = counted[(counted["strand"] == strand) & (counted["question"] == key)]
        own = _options_of(options, strand, key)
        people = (population or {}).get(strand)
        if people is not None and people < own_answers["respondent"].nunique():
            problem = (
                f"population, {strand}: found {people}, but {own_answers['respondent'].nunique()} people answered {key}"
            )
            raise KoppelkansError(f"study.yml, {problem}; expected the number of people who could have been asked")
        how = {"base": base, "method": method, "level": level, "population": people, "weights": weights}
        shares = single.option_shares(own_answers, key, own, **how)  # type: ignore[arg-type]
        rows += [question | share for share in rows_of(_named(shares, own))]
    columns = [*_HEAD, "option", "option_nl", "option_en", "order", "respondents", "base", *ESTIMATE_COLUMNS]
    return pd.DataFrame(rows, columns=columns)


def _options_of(options: pd.DataFrame, strand: str, question: str) -> pd.DataFrame:
    own = options[(options["strand"] == strand) & (options["question"] == question)].sort_values("order")
    return own.rename(columns={"label_nl": "option_nl", "label_en": "option_en"})


def _named(table: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Add the words and the place of each option; one that the questionnaire does not have keeps its code, last."""
    named = table.merge(options[["option", "order", "option_nl", "option_en"]], on="option", how="left")
    for language in ("nl", "en"):
        column, none = f"option_{language}", words(language).gettext(_NONE_OF_THESE)
        named[column] = named[column].where(named[column].fillna("") != "", named["option"])
        named[column] = named[column].mask(named["option"] == NONE_CHOSEN, none)
    last = int(options["order"].max()) if len(options) else 0
    return named.assign(order=named["order"].fillna(last + 1).astype(int))


def rankings(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    method: Method = "wilson",
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Sum up the rankings in three ways: one row a question, strand, option and measure.

    measure: mean (mean rank), first (share that puts it first; `respondents` counts them) and worth (Plackett-Luce; of
    two options Bradley-Terry). Other columns as `choices`; n is who ranked the option, for first all with a ranking.
    """
    from koppelkans.strands import rankings as ranked_answers

    measures: dict[str, Callable[[pd.DataFrame, int], pd.DataFrame]] = {
        "mean": lambda ranked, options: ranked_answers.mean_ranks(ranked, level, options),
        "first": lambda ranked, _options: ranked_answers.first_choices(ranked, method, level),
        "worth": lambda ranked, _options: ranked_answers.plackett_luce(ranked, level),
    }
    rows = []
    counted = asked(answers, not_asked)
    for question in rows_of(in_order(questions, ["ranking"])[_HEAD]):
        own = _options_of(options, question["strand"], question["question"])
        ranked = ranked_answers.rankings(counted[counted["strand"] == question["strand"]], question["question"])
        for measure, summed_up in measures.items():
            summary = (
                summed_up(ranked, len(own)) if len(ranked) else pd.DataFrame(columns=["option", *ESTIMATE_COLUMNS])
            )
            table = own[["option"]].merge(summary, on="option", how="outer", sort=False)
            nobody = Estimate.not_defined(NOBODY if ranked.empty else ranked_answers.NO_RANKING, 0, measure).cells()
            unknown = table["n"].isna()
            table = table.astype(dict.fromkeys(nobody, "object"))
            for name, cell in nobody.items():
                table.loc[unknown, name] = cell
            named = _named(table, own).sort_values("order").assign(measure=measure)
            rows += [question | row for row in rows_of(named)]
    columns = [*_HEAD, "option", "option_nl", "option_en", "order", "measure", "respondents", *ESTIMATE_COLUMNS]
    result = pd.DataFrame(rows, columns=columns)
    numeric = ["respondents", "value", "low", "high", "se", "n"]
    return result.astype(dict.fromkeys(numeric, "Float64")).astype({"n": "Int64"})


def likert(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Spread the answers to statements over their scale: one row a question, strand and point of the scale.

    The scale is the options in their order. Its lower half counts as against, its upper half as in favour. Columns:
    question, strand, kind, label_nl, label_en, construct, option, option_nl, option_en, order, steps (of the scale),
    respondents, share, then those of an Estimate: net = share in favour - share against. Answers outside the scale are
    left out.
    """
    from koppelkans.strands import scales

    rows = []
    counted = asked(answers, not_asked)
    for question in rows_of(in_order(questions, ["likert"])[[*_HEAD, "construct"]]):
        key = question["question"]
        own = _options_of(options, question["strand"], key)
        scale = list(own["option"])
        if not scale:
            continue
        own_answers = counted[(counted["strand"] == question["strand"]) & (counted["question"] == key)]
        half = len(scale) // 2
        net = scales.battery(own_answers, [key], scale, scale[:half], scale[len(scale) - half :], level).iloc[0]
        spread = scales.distribution(own_answers, [key], scale).drop(columns=["question", "order", "n"])
        for row in rows_of(_named(spread, own)):
            rows.append({**question, **row, "steps": len(scale), **{name: net[name] for name in ESTIMATE_COLUMNS}})
    names = ["construct", "option", "option_nl", "option_en", "order", "steps", "respondents", "share"]
    return pd.DataFrame(rows, columns=[*_HEAD, *names, *ESTIMATE_COLUMNS])


def sides_together(table: pd.DataFrame) -> pd.DataFrame:
    """Take the points of each scale together on either side of its middle: the columns of `likert`, fewer rows.

    Net and its interval stay as they are, for they rest on the sides.
    """
    half = table["steps"] // 2
    last = table["steps"] - half
    side = (table["order"] > half).astype(int) + (table["order"] > last).astype(int)
    even = table["steps"] % 2 == 0
    sided = table.assign(order=side.mask(even, (table["order"] > half).astype(int)) + 1, steps=(3 - even.astype(int)))
    joined = {name: lambda words: TAKEN_TOGETHER.join(map(str, words)) for name in ("option", "option_nl", "option_en")}
    added = {name: lambda counts: counts.sum(min_count=1) for name in ("respondents", "share")}
    first = dict.fromkeys([name for name in table.columns if name not in {*joined, *added, "order"}], "first")
    keys = ["question", "strand", "order"]
    groups = sided.groupby(keys, sort=False, as_index=False)
    how = {name: rule for name, rule in (joined | added | first).items() if name not in keys}
    return groups.agg(how)[list(table.columns)] if len(table) else table


def means(answers: pd.DataFrame, questions: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Estimate the mean of each question that asks a number (Student's t): question, strand, median, then Estimate."""
    rows = []
    for question in rows_of(in_order(questions, ["number"])[_HEAD]):
        own_answers = answers[(answers["strand"] == question["strand"]) & (answers["question"] == question["question"])]
        given = own_answers.loc[own_answers["missing"].fillna("") == "", "value"].dropna().astype(float)
        median = float(given.median()) if len(given) else None
        rows.append({**question, "median": median, **mean(given.tolist(), level).cells()})
    return pd.DataFrame(rows, columns=[*_HEAD, "median", *ESTIMATE_COLUMNS])
