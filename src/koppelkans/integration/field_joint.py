"""The joint display of a study: each linked theme in each strand, what interviews and what answers say, and the fit.

The verdicts are those of `joint_display.fit`; what may be shown is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from koppelkans.integration.joint_display import (
    HIDDEN_FIT,
    NO_ANSWERS,
    FitRules,
    Proposal,
    convergence,
    counts,
    fit,
    together,
)
from koppelkans.integration.overview import respondents_in_both
from koppelkans.locale import LANGUAGES, N_, words
from koppelkans.locale.language import number
from koppelkans.privacy.linked import HIDDEN
from koppelkans.statistics.estimate import Estimate
from koppelkans.statistics.proportions import NOBODY, Method, proportion
from koppelkans.strands.answers_shown import answers_shown
from koppelkans.strands.coded import Coded, passage
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import NOT_ASKED, asked
from koppelkans.study.origin import carries_origin

COLUMNS = [
    *("link", "name_nl", "name_en", "level", "strand", "question", "label_nl", "label_en", "answers"),
    *("cases", "of_cases", "codings", "cases_low", "cases_high", "value", "low", "high", "n"),
    *("fit", "proposed", "rule_nl", "rule_en", "hidden_interviews", "hidden_answers", "quotation", "quoted"),
    *("inference_nl", "inference_en", "follow_up_nl", "follow_up_en"),
]
_HIDDEN_RULE = N_("the numbers are hidden, and with them what they propose")
_NO_QUESTION: dict[str, Any] = {"question": "", "label_nl": "", "label_en": "", "answers": []}


@carries_origin
def field_joint(
    links: pd.DataFrame,
    interviewed: Mapping[str, Coded],
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    rules: FitRules | None = None,
    *,
    minimum: int = 1,
    quotes: bool = False,
    method: Method = "wilson",
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Put interviews and answers side by side: one row a theme, strand and question linked to it.

    links: as `links.linked` gives them; `interviewed`: the coded interviews by strand. A strand has a row where it has
    interviews with codes of the theme or answers to its question. A case is a respondent. Columns: those of the link,
    strand; cases (with the theme), of_cases (whose interviews were read), codings, cases_low, cases_high (interval of
    cases / of_cases); value, low, high, n (share that gave one of the answers); fit (the researcher's, else the
    proposed one), proposed, rule_nl, rule_en; hidden_interviews, hidden_answers (True where numbers were emptied:
    counts of 1 to `minimum` - 1 people, or of all but so many, and those that would give hidden ones away); quotation,
    quoted (a passage and whose, "" unless `quotes`); inference_nl, inference_en, follow_up_nl, follow_up_en (the
    researcher's; for discord without one, what to look at).
    """
    rules = rules or FitRules()
    rows: list[dict[str, Any]] = []
    decided = answers_shown(answers, questions, options, minimum, not_asked)
    strands = dict.fromkeys([*interviewed, *answers.get("strand", [])])
    for _, linked in links.groupby("link", sort=False):
        theme = rows_of(linked.head(1))[0]
        for strand in strands:
            own = linked[linked["strand"] == strand]
            coded = interviewed.get(strand)
            of_theme = coded.codings[coded.codings["code"].isin(theme["codes"])] if coded else pd.DataFrame()
            if own.empty and of_theme.empty:
                continue
            for question in rows_of(own) or [_NO_QUESTION]:
                said = said_so(answers, questions, strand, question, not_asked)
                share = proportion(int(said.sum()), len(said), method, level)
                row = {**theme, **question, "strand": strand, **_interviews(coded, of_theme, method, level)}
                few = coded is not None and coded.hides(theme["codes"])
                row["hidden_interviews"] = few or _few(row["cases"], row["of_cases"], minimum)
                few = question["question"] in decided and decided[question["question"]].hides(
                    strand, question["answers"]
                )
                row["hidden_answers"] = few or _few(int(said.sum()), len(said), minimum)
                rows.append(_judged(row, share, rules, quotes))
    return pd.DataFrame(rows, columns=COLUMNS)


def said_so(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    strand: str,
    question: Mapping[str, Any],
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.Series:
    """Say of each person who answered a question whether one of its linked answers was given: True or False.

    Indexed by respondent. Of a ranking, whether one of them was put first.
    """
    key = question["question"]
    if not key or answers.empty:
        return pd.Series(dtype=bool)
    own = asked(answers[(answers["strand"] == strand) & (answers["question"] == key)], not_asked)
    kind = questions.loc[(questions["strand"] == strand) & (questions["question"] == key), "kind"].iloc[0]
    own = own[own["missing"].fillna("") == ""]
    if kind == "ranking":
        own = own[own["rank"] == 1]
    if kind != "multiple":  # of several choices, none is an answer too
        own = own[own["option"].fillna("") != ""]
    return own["option"].isin(list(question["answers"])).groupby(own["respondent"]).any()


def _interviews(coded: Coded | None, of_theme: pd.DataFrame, method: Method, level: float) -> dict[str, Any]:
    """Count the people of a strand who raise a theme, of those whose interviews were read, with the interval."""
    if coded is None:
        nobody = Estimate.not_defined(NOBODY, 0, method)
        return {"cases": 0, "of_cases": 0, "codings": 0, "raised": nobody, "said": None}
    case_of = coded.read
    cases, n = int(of_theme["document"].map(case_of).nunique()), coded.n_cases
    raised, said = proportion(cases, n, method, level), passage(of_theme, case_of)
    return {"cases": cases, "of_cases": n, "codings": len(of_theme), "raised": raised, "said": said}


def _judged(row: dict[str, Any], share: Estimate, rules: FitRules, quotes: bool) -> dict[str, Any]:
    """Add the verdict and what the researcher says of it, then empty what too few people stand behind."""
    raised, cases = row["raised"], row["cases"]
    proposal = fit(raised, share, cases, rules)
    if row["hidden_interviews"] or row["hidden_answers"]:  # of which the verdict would tell
        proposal = Proposal(HIDDEN_FIT, _HIDDEN_RULE) if share.n else Proposal("silence", NO_ANSWERS)
    judged = row["fit"].get(row["strand"], row["fit"].get("", ""))
    row |= {"cases_low": raised.low, "cases_high": raised.high, "proposed": proposal.fit}
    row |= {"value": share.value, "low": share.low, "high": share.high, "n": share.n, "fit": judged or proposal.fit}
    for language in LANGUAGES:
        row[f"rule_{language}"] = proposal.text(language, rules)
        if row["fit"] == "discord" and proposal.follow_up and not row[f"follow_up_{language}"]:
            row[f"follow_up_{language}"] = words(language).gettext(proposal.follow_up)
    may_quote = quotes and row["said"] and not row["hidden_interviews"]
    row["quoted"], row["quotation"] = row["said"] if may_quote else ("", "")
    if row["hidden_interviews"]:
        row |= {"cases": None, "codings": None, "cases_low": None, "cases_high": None}
    if row["hidden_answers"]:
        row |= {"value": None, "low": None, "high": None}
    return row


def _few(count: int, of: int, minimum: int) -> bool:
    return 0 < count < minimum or 0 < of - count < minimum


def hidden_in(joint: pd.DataFrame, minimum: int) -> dict[str, int | None]:
    """Count what was hidden in a joint display, for a caption: minimum, hidden, cells; None where nothing can be."""
    if minimum < 2:
        return {"minimum": None, HIDDEN: None, "cells": None}
    hidden = int(joint["hidden_interviews"].sum()) + int(joint["hidden_answers"].sum())
    return {"minimum": minimum, HIDDEN: hidden, "cells": 2 * len(joint)}


def caption_numbers(
    joint: pd.DataFrame,
    documents: pd.DataFrame,
    answers: pd.DataFrame,
    rules: FitRules,
    language: str,
    *,
    minimum: int = 1,
    method: Method = "wilson",
    level: float = 0.95,
) -> dict[str, Any]:
    """Return what the captions of a joint display name: its verdicts, rule, intervals, and what is hidden."""
    judged = int((joint["fit"] != joint["proposed"]).sum())  # also where what they propose is hidden
    return {
        **counts(list(joint["fit"])),
        **hidden_in(joint, minimum),
        "judged": judged or None,
        "apart": number(100 * rules.apart, language),
        "interval": method.capitalize(),
        "level": number(100 * level, language, unit="%"),
        "both": in_both(documents, answers, minimum),
    }


def in_both(documents: pd.DataFrame, answers: pd.DataFrame, minimum: int) -> int | None:
    """Count the people with an interview and answers; None where there are none, or too few to tell."""
    if documents.empty or answers.empty:
        return None
    both = respondents_in_both(documents, answers)
    return both if both >= max(minimum, 1) else None


@carries_origin
def triangulated(joint: pd.DataFrame) -> pd.DataFrame:
    """Cross themes with strands by the verdicts of the joint display: one row a theme.

    Columns: link, name_nl, name_en, level, then "in <strand>" for each strand (its verdict, "" where it has neither
    interviews nor answers on it), convergence (over the strands; `joint_display.convergence`).
    """
    strands = list(joint["strand"].unique())
    rows = []
    for _, own in joint.groupby("link", sort=False):
        of_strand = {strand: list(own.loc[own["strand"] == strand, "fit"]) for strand in strands}
        cells = {f"in {strand}": together(fits) if fits else "" for strand, fits in of_strand.items()}
        head = rows_of(own.head(1)[["link", "name_nl", "name_en", "level"]])[0]
        rows.append({**head, **cells, "convergence": convergence(list(cells.values()))})
    columns = ["link", "name_nl", "name_en", "level", *(f"in {strand}" for strand in strands), "convergence"]
    return pd.DataFrame(rows, columns=columns)
