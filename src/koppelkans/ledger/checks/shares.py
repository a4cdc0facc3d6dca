"""Checks of what is expected of people in field data: a share of them, and more of one group than of another.

They look at the table `people` (strand, question, option, code, name, path, people, n, hidden), as
`integration.people_shown` gives it: numbers that the report shows, and none that it hides.
"""

from __future__ import annotations

import difflib
from typing import Literal

import pandas as pd

from koppelkans.ledger.checks.field_people import field_result
from koppelkans.ledger.checks.people import RULE_WORDS
from koppelkans.ledger.checks.registry import Result, Tables, Words, WrongArgument, check
from koppelkans.ledger.checks.wording import as_read, sentence
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Estimate
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.comparisons import risk_difference

PEOPLE = "people"
"""The table that is looked at."""
Rule = Literal["none", "at-least-one", "plural", "some-not-all", "minority", "majority", "majority-not-all"]
_MEANING = {
    "supported": N_("that supports it"),
    "contradicted": N_("that contradicts it"),
    "undecided": N_("that decides nothing"),
}


class _NotThere(Exception):
    """What an expectation is about is not in the data, or not yet: it is then undecided, and this says why."""

    def __init__(self, why: Words) -> None:
        self.result = Result(None, "", "", why, against="field", verdict="undecided")
        super().__init__(why["en"])


def _row(tables: Tables, strand: str, question: str, option: str, code: str) -> pd.Series:
    """Return the row of a code, or of an option of a question, of a strand.

    Raises WrongArgument where neither or both are named, and _NotThere where there is no such row or it is hidden.
    """
    if bool(code) == bool(question and option):
        raise WrongArgument("code", code or question or option, "code=..., or question=... with option=...")
    table = tables.get(PEOPLE, pd.DataFrame(columns=["strand", "code"]))
    own = table[(table["strand"] == strand) & ((table["code"] != "") == bool(code))]
    if own.empty:
        missing = N_("Nothing was coded of this group yet.") if code else N_("There are no answers of this group yet.")
        raise _NotThere(sentence(missing))
    if code:
        wanted = code.casefold()
        named = own["name"].str.casefold().eq(wanted) | own["path"].str.casefold().eq(wanted)
        found, known = own[(own["code"] == code) | named], list(own["path"])
    else:
        asked = own[own["question"] == question]
        found, known = asked[asked["option"] == option], list(asked["option"] if len(asked) else own["question"])
    if len(found) != 1:
        what = code or (option if len(asked) else question)
        near = difflib.get_close_matches(what, list(dict.fromkeys(known)), n=3, cutoff=0)
        shown = ", ".join(near)
        raise _NotThere(sentence(N_("“{what}” is not in the data of this group by that name; there is {known}."),
                                 what=what, known=shown))  # fmt: skip
    row = found.iloc[0]
    if not row["hidden"] and not pd.isna(row["n"]) and row["n"] == 0:
        raise _NotThere(sentence(N_("There are no answers of this group yet.")))
    if row["hidden"] or pd.isna(row["people"]) or pd.isna(row["n"]):
        raise _NotThere(sentence(N_("Too few people to show, so this cannot be said.")))
    return row


def verdict_of_limits(estimate: Estimate, low: float, high: float) -> str:
    """Tell how an interval stands to limits: supported within, contradicted outside, else undecided."""
    if not estimate.has_interval:
        return "undecided"
    _, least, most = estimate.numbers()
    if most < low or least > high:
        return "contradicted"
    return "supported" if least >= low and most <= high else "undecided"


@check("people")
def people(
    tables: Tables,
    *,
    strand: str,
    question: str = "",
    option: str = "",
    code: str = "",
    words: Rule | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Result:
    """Hold an expected share of the people of a strand against those with a code, or with an answer to a question.

    Expected is what `words` allow (majority, minority, ...), or a share in percent: `at_least`, `at_most` or both.
    """
    if (words is None) == (at_least is None and at_most is None):
        raise WrongArgument("words", str(words), "words=majority, or at_least=... or at_most=... in percent")
    try:
        row = _row(tables, strand, question, option, code)
    except _NotThere as missing:
        return missing.result
    count, n = int(row["people"]), int(row["n"])
    if words is not None:
        meaning = sentence(RULE_WORDS[words])
        return field_result(pd.Series({f"word_{key}": one for key, one in meaning.items()}), words, count, n)
    estimate = proportion(count, n)
    verdict = verdict_of_limits(estimate, (at_least or 0) / 100, (100 if at_most is None else at_most) / 100)
    share, low, high = (as_read(100 * one, 0, "%") for one in estimate.numbers())
    said = N_("Of {n} people {people}: {share}, interval {low} to {high} (Wilson, 95%); {meaning}.")
    filled = {"n": n, "people": count, "share": share, "low": low, "high": high, "meaning": sentence(_MEANING[verdict])}
    return Result(None, f"{count} of {n}", "", sentence(said, **filled), n=n, against="field", verdict=verdict)


@check("more_people")
def more_people(
    tables: Tables, *, strand: str, than: str, question: str = "", option: str = "", code: str = ""
) -> Result:
    """Hold "more in one strand than in another (`than`)" against the difference of the shares and its interval.

    The interval is Newcombe's (1998, method 10): supported where it lies above nothing, contradicted where below.
    """
    try:
        one, other = (_row(tables, key, question, option, code) for key in (strand, than))
    except _NotThere as missing:
        return missing.result
    counts = [int(row[part]) for row in (one, other) for part in ("people", "n")]
    difference = risk_difference(*counts)
    verdict = verdict_of_limits(difference, 1e-12, 1)
    value, low, high = (as_read(100 * part, 0) for part in difference.numbers())
    said = N_(
        "{a} of {n_a} people against {b} of {n_b}: a difference of {value} percentage points, interval {low} to {high} "
        "(Newcombe, 95%); {meaning}."
    )
    filled = dict(zip(("a", "n_a", "b", "n_b"), counts, strict=True)) | {"value": value, "low": low, "high": high}
    evidence = sentence(said, **filled, meaning=sentence(_MEANING[verdict]))
    found = "{} of {}, {} of {}".format(*counts)
    return Result(None, found, "", evidence, n=counts[1] + counts[3], against="field", verdict=verdict)
