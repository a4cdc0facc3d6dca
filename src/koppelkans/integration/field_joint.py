"""The joint display of a study: each linked theme in each strand, what interviews and what answers say, and the fit.

The verdicts are those of `joint_display`; what may be shown is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from koppelkans.coding.framework import framework
from koppelkans.integration.joint_display import FitRules, fit_counts, joint_display
from koppelkans.integration.overview import respondents_in_both
from koppelkans.integration.triangulation import levels_matrix, triangulation
from koppelkans.locale import N_, words
from koppelkans.locale.language import number
from koppelkans.privacy.shown import HIDDEN
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS
from koppelkans.statistics.proportions import Method
from koppelkans.strands.answers import option_shares
from koppelkans.strands.published import rows_of
from koppelkans.strands.survey import NOT_ASKED, asked
from koppelkans.study.origin import carries_origin
from koppelkans.study.settings import LEVELS

INTERVIEWS, ANSWERS = "interviews", "answers"
COLUMNS = [
    *("link", "name_nl", "name_en", "level", "strand", "question", "label_nl", "label_en", "answers"),
    *("cases", "of_cases", "codings", "value", "low", "high", "n", "fit", "rule_nl", "rule_en"),
    *("hidden_interviews", "hidden_answers", "interviews", "survey"),
]
_HIDDEN_RULE = N_("the numbers are hidden; the rule is the same")


@carries_origin
def field_joint(
    links: pd.DataFrame,
    codings: pd.DataFrame,
    documents: pd.DataFrame,
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    rules: FitRules | None = None,
    *,
    minimum: int = 1,
    method: Method = "wilson",
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Put interviews and answers side by side: one row a theme, strand and question linked to it.

    links: as `links.linked` gives them. A strand has a row where it has interviews with codes of the theme or answers
    to its question. A case is a respondent. Columns: those of the link, strand; cases (with the theme), of_cases
    (interviewed), codings; value, low, high, n (share that gave one of the answers); fit, rule_nl, rule_en;
    hidden_interviews, hidden_answers (True where counts of 1 to `minimum` - 1 people, or of all but so many, were
    emptied); interviews, survey (stance of each side, for `triangulated`).
    """
    rules = rules or FitRules()
    rows: list[dict[str, Any]] = []
    strands = [*dict.fromkeys([*documents.get("strand", []), *answers.get("strand", [])])]
    for link, linked in links.groupby("link", sort=False):
        theme = rows_of(linked.head(1))[0]
        for strand in strands:
            own = linked[linked["strand"] == strand]
            docs = documents[documents["strand"] == strand] if len(documents) else documents
            coded = _coded(codings, docs, theme["codes"], str(link))
            asked_here = rows_of(own) or [{"question": "", "label_nl": "", "label_en": "", "answers": []}]
            if (coded.empty and own.empty) or (own.empty and not coded["codings"].sum()):
                continue
            for question in asked_here:
                share = _share(answers, questions, strand, question, method, level, not_asked)
                shown = _verdict(coded, str(link), question, share, rules)
                rows.append(_protected({**theme, **question, "strand": strand, **shown}, minimum, rules))
    return pd.DataFrame(rows, columns=COLUMNS)


def _coded(codings: pd.DataFrame, documents: pd.DataFrame, codes: Sequence[str], theme: str) -> pd.DataFrame:
    """Return the framework of one theme: a row a case."""
    if documents.empty:
        return pd.DataFrame({"case": [], "theme": [], "codings": [], "segments": []})
    own = codings[codings["code"].isin(list(codes)) & codings["document"].isin(set(documents["document"]))]
    return framework(own.assign(code=theme), documents, [theme])


def _share(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    strand: str,
    question: dict[str, Any],
    method: Method,
    level: float,
    not_asked: Sequence[str],
) -> dict[str, Any]:
    """Estimate which share gave one of the answers; of a ranking, put one of them first."""
    if not question["question"]:
        return dict.fromkeys(ESTIMATE_COLUMNS)
    key = question["question"]
    own = asked(answers[(answers["strand"] == strand) & (answers["question"] == key)], not_asked)
    kind = questions.loc[(questions["strand"] == strand) & (questions["question"] == key), "kind"].iloc[0]
    if kind == "ranking":
        own = own[(own["rank"] == 1) | (own["missing"].fillna("") != "")]
    if kind == "multiple":
        nothing = (own["option"].fillna("") == "") & (own["missing"].fillna("") == "")
        own = own.assign(option=own["option"].mask(nothing, "other"))
    given = own["option"].fillna("") != ""
    option = own["option"].where(~given, own["option"].isin(question["answers"]).map({True: "yes", False: "no"}))
    options = pd.DataFrame({"question": key, "option": ["yes", "no"], "order": [1, 2]})
    return rows_of(option_shares(own.assign(option=option), key, options, method=method, level=level))[0]


def _verdict(
    coded: pd.DataFrame, theme: str, question: dict[str, Any], share: dict[str, Any], rules: FitRules
) -> dict[str, Any]:
    key = str(question["question"]) or "-"
    links = pd.DataFrame({"theme": [theme], "question": [key], "option": ["yes"]})
    shares = pd.DataFrame([{**share, "question": key, "option": "yes"}])
    names = pd.DataFrame({"code": [theme], "name": [theme]})
    row = rows_of(joint_display(coded, names, links, shares, rules))[0]
    return {name: row[name] for name in COLUMNS if name in row and name not in ("question", "answers")}


def _protected(row: dict[str, Any], minimum: int, rules: FitRules) -> dict[str, Any]:
    """Add the stances of both sides, then empty what too few people stand behind."""
    cases, of_cases, n = row["cases"], row["of_cases"], row["n"]
    known = pd.notna(row["low"]) and pd.notna(row["high"])
    row["interviews"] = "silent" if cases < rules.least_cases else "nuances"
    if row["interviews"] != "silent" and cases / of_cases >= rules.common:
        row["interviews"] = "supports"
    row["survey"] = "silent"
    if known:
        below, above = row["high"] < rules.common, row["low"] >= rules.common
        row["survey"] = "contradicts" if below else "supports" if above else "nuances"
    chosen = round(row["value"] * n) if known else 0
    row["hidden_interviews"] = _few(cases, of_cases, minimum)
    row["hidden_answers"] = _few(chosen, n, minimum)
    if row["hidden_interviews"]:
        row |= {"cases": None, "codings": None}
    if row["hidden_answers"]:
        row |= {"value": None, "low": None, "high": None}
    if row["hidden_interviews"] or row["hidden_answers"]:
        row |= {f"rule_{language}": words(language).gettext(_HIDDEN_RULE) for language in ("nl", "en")}
    return row


def _few(count: int, of: int, minimum: int) -> bool:
    return 0 < count < minimum or 0 < of - count < minimum


def hidden_in(joint: pd.DataFrame, minimum: int) -> dict[str, int | None]:
    """Count what was hidden in a joint display, for a caption: minimum, hidden, cells; None where nothing can be."""
    if minimum < 2:
        return {"minimum": None, HIDDEN: None, "cells": None}
    hidden = int(joint["hidden_interviews"].sum()) + int(joint["hidden_answers"].sum())
    return {"minimum": minimum, HIDDEN: hidden, "cells": 2 * len(joint)}


def counts(joint: pd.DataFrame) -> dict[str, int]:
    """Count the rows by verdict, for a caption."""
    return {str(fit): int(rows) for fit, rows in fit_counts(joint).itertuples(index=False)}


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
    return {
        **counts(joint),
        **hidden_in(joint, minimum),
        "common": number(100 * rules.common, language, unit="%"),
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
    """Cross themes with the interviews and answers of each strand, as `triangulation` does.

    interviews: supports where the theme is common, nuances where it is there and not common; answers: supports or
    contradicts where the whole interval lies on one side, nuances where it does not. Columns: link, name_nl, name_en,
    level, then "strand/interviews" and "strand/answers" for those that speak anywhere, speaking, convergence.
    """
    findings = _findings(joint)
    sides = [f"{strand}/{side}" for strand in joint["strand"].unique() for side in (INTERVIEWS, ANSWERS)]
    speaking = [side for side in sides if side in set(findings["strand"])]
    themes = joint.drop_duplicates("link")[["link", "name_nl", "name_en", "level"]]
    table = triangulation(findings, list(themes["link"].astype(str)), speaking)
    return pd.concat([themes.reset_index(drop=True), table.drop(columns="theme")], axis=1)


def levels_by_strand(joint: pd.DataFrame) -> pd.DataFrame:
    """Count the findings by level of the social-ecological model and strand; only links that say their level."""
    findings = _findings(joint).query("level != ''").assign(strand=lambda rows: rows["strand"].str.partition("/")[0])
    return levels_matrix(findings, LEVELS, list(joint["strand"].unique()))


def _findings(joint: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in rows_of(joint):
        for side, stance in ((INTERVIEWS, row["interviews"]), (ANSWERS, row["survey"])):
            if stance != "silent":
                rows.append((str(row["link"]), row["level"], f"{row['strand']}/{side}", stance))
    return pd.DataFrame(rows, columns=["theme", "level", "strand", "stance"]).drop_duplicates()
