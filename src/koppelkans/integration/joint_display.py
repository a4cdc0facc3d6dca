"""Joint displays: what people said beside how many answered so, theme by theme, and whether the two fit.

After Guetterman, Fetters & Creswell (2015): confirm, expand, discord; and "silent" where one side has nothing on a
theme (Farmer et al. 2006). The verdict is worked out by a rule that stands in `FitRules` and beside every row, so that
it can be argued with; it is a proposal to the researcher, who reads the segments, and not a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.columns import require

Fit = Literal["confirm", "expand", "discord", "silent"]
FITS: tuple[Fit, ...] = ("confirm", "expand", "discord", "silent")
COLUMNS = [
    *("theme", "name", "cases", "of_cases", "codings", "segments"),
    *("question", "option", "value", "low", "high", "n", "fit", "rule_nl", "rule_en"),
]


@dataclass(frozen=True)
class FitRules:
    """When two sides fit.

    common: from which share of people on a theme counts as common, on both sides (a half unless asked).
    least_cases: fewer cases with the theme than this count as nothing said.

    Interviews: common where cases / of_cases reaches `common`, else not common. Interviewees are few and chosen, so
    this is no estimate and gets no interval.
    Answers: common where the whole interval lies at or above `common`, not common where it lies below, else undecided.

    confirm: both common, or neither. discord: one common and the other not. expand: the answers are undecided; the
    interviews say what there is, not how many. silent: fewer than `least_cases` cases, or no answers.
    """

    common: float = 0.5
    least_cases: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 < self.common < 1 or self.least_cases < 1:
            values = f"common is {self.common}, least_cases is {self.least_cases}"
            raise ValueError(f"{values}; expected a share between 0 and 1, and 1 case or more")


def joint_display(
    framework: pd.DataFrame,
    names: pd.DataFrame,
    links: pd.DataFrame,
    shares: pd.DataFrame,
    rules: FitRules | None = None,
) -> pd.DataFrame:
    """Put both sides of each theme side by side: one row for each theme and answer linked to it.

    framework: as `koppelkans.coding.framework.framework` gives it (case, theme, codings, segments).
    names: code, name of the themes.
    links: theme, question, option: the answer that says the same as the theme. A theme without one is there, silent.
    shares: question, option, value, low, high, n (empty where not defined), as `answers.option_shares` gives them with
        the question beside it.

    Columns: theme, name; cases (with a coding), of_cases, codings, segments (keys, "; " between them); question,
    option, value, low, high, n; fit; rule_nl, rule_en (which rule gave the verdict). In the order of the framework's
    themes, then themes that only the links have. Raises KoppelkansError for a missing column.
    """
    rules = rules or FitRules()
    require(framework, "framework", ("case", "theme", "codings", "segments"))
    require(names, "codes", ("code", "name"))
    require(links, "links", ("theme", "question", "option"))
    require(shares, "shares", ("question", "option", "value", "low", "high", "n"))
    cases = _cases_by_theme(framework)
    order = list(dict.fromkeys([*framework["theme"], *links["theme"]]))
    called = names.set_index("code")["name"].to_dict()
    table = (
        pd.DataFrame({"theme": order}, dtype=object)
        .merge(cases, on="theme", how="left")
        .merge(links, on="theme", how="left")
    )
    table = table.merge(
        shares[["question", "option", "value", "low", "high", "n"]], on=["question", "option"], how="left"
    )
    table = table.fillna(
        {"cases": 0, "of_cases": 0, "codings": 0, "segments": "", "question": "", "option": "", "n": 0}
    )
    table = table.astype({"cases": int, "of_cases": int, "codings": int, "n": int})
    table["name"] = table["theme"].map(called).fillna(table["theme"])
    verdicts = [_verdict(row, rules) for row in rows_of(table)]
    table["fit"] = [fit for fit, _ in verdicts]
    for language in ("nl", "en"):
        table[f"rule_{language}"] = [
            words(language).gettext(rule).format(**_sizes(row, rules))
            for (_, rule), row in zip(verdicts, rows_of(table), strict=True)
        ]
    return table[COLUMNS]


def _cases_by_theme(framework: pd.DataFrame) -> pd.DataFrame:
    return (
        framework.assign(has=framework["codings"] > 0)
        .groupby("theme", sort=False)
        .agg(
            cases=("has", "sum"),
            of_cases=("case", "nunique"),
            codings=("codings", "sum"),
            segments=("segments", lambda keys: "; ".join(key for key in keys if key)),
        )
        .reset_index()
    )


_RULES: dict[tuple[bool, bool | None], str] = {  # common in the interviews; in the answers (None: undecided)
    (True, True): N_(
        "in {cases} of {of_cases} interviews (at least {half}); "
        "the answers lie with their whole interval at or above {half}"
    ),
    (True, False): N_(
        "in {cases} of {of_cases} interviews (at least {half}); the answers lie with their whole interval below {half}"
    ),
    (True, None): N_("in {cases} of {of_cases} interviews (at least {half}); the interval of answers holds {half}"),
    (False, True): N_(
        "in {cases} of {of_cases} interviews (fewer than {half}); "
        "the answers lie with their whole interval at or above {half}"
    ),
    (False, False): N_(
        "in {cases} of {of_cases} interviews (fewer than {half}); "
        "the answers lie with their whole interval below {half}"
    ),
    (False, None): N_("in {cases} of {of_cases} interviews (fewer than {half}); the interval of answers holds {half}"),
}


def _verdict(row: Mapping[str, Any], rules: FitRules) -> tuple[Fit, str]:
    """Return the verdict and the rule that gave it, still to be translated and filled in."""
    if row["cases"] < rules.least_cases:
        return "silent", N_("the interviews say nothing about it")
    if pd.isna(row["value"]) or pd.isna(row["low"]) or pd.isna(row["high"]):
        return "silent", N_("the answers say nothing about it")
    common = bool(row["cases"] / row["of_cases"] >= rules.common)
    if row["low"] < rules.common <= row["high"]:
        return "expand", _RULES[common, None]
    answers_common = bool(row["low"] >= rules.common)
    return ("confirm" if common == answers_common else "discord"), _RULES[common, answers_common]


def _sizes(row: Mapping[str, Any], rules: FitRules) -> dict[str, Any]:
    return {"cases": row["cases"], "of_cases": row["of_cases"], "half": f"{100 * rules.common:.0f}%"}


def fit_counts(display: pd.DataFrame) -> pd.DataFrame:
    """Count the rows of a joint display by verdict: fit, rows (0 included; in the order of FITS)."""
    counts = display["fit"].value_counts()
    return pd.DataFrame({"fit": FITS, "rows": [int(counts.get(fit, 0)) for fit in FITS]})
