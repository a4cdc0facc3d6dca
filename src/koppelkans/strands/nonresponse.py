"""Those who answered beside the people they are part of: known margins, weights that meet them, and what that changes.

`margins`: strand -> attribute -> value -> how many people (or which share) have it, as study.yml says (`population:`).
Raking repairs what hangs together with these attributes, and nothing else: who did not answer for another reason stays
away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.privacy.linked import ALWAYS, HIDDEN, Published, emptied, is_small
from koppelkans.statistics.proportions import Method, effective_n
from koppelkans.statistics.raking import raked
from koppelkans.strands.answers import Base
from koppelkans.strands.answers_shown import Shown
from koppelkans.strands.survey import NOT_ASKED, asked, choices
from koppelkans.study.origin import carries_origin
from koppelkans.study.survey_settings import margins_in_data

Margins = Mapping[str, Mapping[str, Mapping[str, float]]]
_BEFORE = {name: f"{name}_before" for name in ("value", "low", "high", "se")}


def weights(answers: pd.DataFrame, people: pd.DataFrame, margins: Margins) -> pd.Series:
    """Return the raked weight of each respondent (indexed by respondent) whose attributes in the margins are all known.

    `answers`: respondent, strand, missing; `people`: respondent, a column an attribute ("" where not known). Only who
    answered something counts. Raises KoppelkansError where margins and respondents do not fit.
    """
    long = people.melt("respondent", var_name="attribute", value_name="value")
    given = answers[answers["missing"].fillna("") == ""]
    if problems := margins_in_data(margins, given, long):
        raise KoppelkansError("\n".join(problems))
    parts = []
    for strand, of_strand in margins.items():
        own = people[people["respondent"].isin(set(given.loc[given["strand"] == strand, "respondent"]))]
        own = own[(own[list(of_strand)] != "").all(axis=1)].set_index("respondent")
        try:
            parts.append(raked(own, of_strand))
        except ValueError as error:
            raise KoppelkansError(f"study.yml, population, {strand}, margins: {error}") from None
    return pd.concat(parts) if parts else pd.Series(dtype=float)


@carries_origin
def against_margins(answers: pd.DataFrame, people: pd.DataFrame, margins: Margins, minimum: int = 1) -> pd.DataFrame:
    """Hold those who answered against the margins: one row a strand, attribute and value.

    Columns: strand, attribute, value, respondents, people (who answered and of whom all attributes in the margins are
    known), left_out (who answered and of whom one is not), share (before raking), population (its share there, and of
    respondents after raking), effective (n that the weights leave; Kish), hidden.
    """
    weight = weights(answers, people, margins)
    given = answers[answers["missing"].fillna("") == ""]
    rows = []
    for strand, of_strand in margins.items():
        answered = set(given.loc[given["strand"] == strand, "respondent"])
        own = people[people["respondent"].isin(answered & set(weight.index))]
        effective = effective_n(weight[weight.index.isin(answered)].tolist())
        for attribute, sizes in of_strand.items():
            for value, size in sizes.items():
                count = int((own[attribute] == value).sum())
                row = (strand, attribute, value, count, len(own), len(answered) - len(own), count / len(own))
                rows.append((*row, size / sum(sizes.values()), effective))
    columns = ["strand", "attribute", "value", "respondents", "people", "left_out", "share", "population", "effective"]
    table = pd.DataFrame(rows, columns=columns)
    hidden = _values_hidden(table, people, minimum)
    cells = zip(table["strand"], table["attribute"], table["value"], strict=True)
    table = emptied(table, [cell in hidden for cell in cells], ["respondents", "share"])
    some = table.groupby("strand")[HIDDEN].transform(lambda own: (own != "").any()).astype(bool)
    return table.assign(effective=table["effective"].astype("Float64").mask(some))


def _values_hidden(table: pd.DataFrame, people: pd.DataFrame, minimum: int) -> set[tuple[str, ...]]:
    """Return the (strand, attribute, value) to hide, for who knows how many people have each value in all strands."""
    published = Published(minimum)
    for attribute, of_attribute in table.groupby("attribute", sort=False):
        of_value: dict[str, list[int]] = {}
        for strand, own in of_attribute.groupby("strand", sort=False):
            numbers = []
            for value, count in zip(own["value"], own["respondents"], strict=True):
                numbers.append(published.number(count, (str(strand), str(attribute), str(value))))
                published.secret(numbers[-1])
                of_value.setdefault(str(value), []).append(numbers[-1])
            published.adds_up([published.number(own["people"].iloc[0], ALWAYS)], numbers)
        for value, numbers in of_value.items():
            everybody = int((people[str(attribute)] == value).sum())
            elsewhere = everybody - sum(map(published.value, numbers))
            if elsewhere > 0:
                whole = published.number(everybody, ALWAYS)
                published.adds_up([whole], [*numbers, published.number(elsewhere)])
    return {tuple(map(str, cell)) for cell in published.hidden()} if minimum > 1 else set()


@carries_origin
def before_and_after(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    people: pd.DataFrame,
    margins: Margins,
    *,
    minimum: int = 1,
    decided: Mapping[str, Shown] | None = None,
    base: Base = "answered",
    method: Method = "wilson",
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Estimate the shares of questions with one answer before and after raking, in the strands that have margins.

    The columns of `survey.choices` (after raking; n with a weight), value_before, low_before, high_before, and hidden.
    Both shares together tell how many of each value of a margin gave an answer. So where too few did (or did not), or
    where something of the question is hidden (`decided`: as `answers_shown.answers_shown` gives it), a question is
    hidden whole.
    """
    own = questions[questions["strand"].isin(list(margins))]
    how = {"base": base, "method": method, "level": level, "not_asked": not_asked}
    before = choices(answers, own, options, "single", **how)  # type: ignore[arg-type]
    weight = weights(answers, people, margins).to_dict()
    after = choices(answers, own, options, "single", weights=weight, **how)  # type: ignore[arg-type]
    keys = ["question", "strand", "option"]
    both = after.merge(before[[*keys, *_BEFORE]].rename(columns=_BEFORE), on=keys)
    hidden = _told_by_both(answers, people, margins, minimum, not_asked)
    for question, shown in (decided or {}).items():
        hidden |= {(question, of) for of, parts in shown.parts.items() if any(parts.values())}
        hidden |= {(question, of) for of in shown.withheld}
    keys_of = zip(both["question"], both["strand"], strict=True)
    result = emptied(both, [key in hidden for key in keys_of], ["respondents", *_BEFORE, *_BEFORE.values()])
    return result.assign(n=result["n"].astype("Int64").mask(result[HIDDEN] != ""))


def _told_by_both(
    answers: pd.DataFrame, people: pd.DataFrame, margins: Margins, minimum: int, not_asked: Sequence[str]
) -> set[tuple[str, str]]:
    """Return the questions and strands in which few people of a value of a margin gave an answer, or did not."""
    given = asked(answers, not_asked)
    given = given[given["missing"].fillna("") == ""].merge(people, on="respondent")
    of_few = set()
    for strand, of_strand in margins.items():
        for question, own in given[given["strand"] == strand].groupby("question"):
            for attribute in of_strand:
                counts = pd.crosstab(own[attribute], own["option"])
                rest = -counts.sub(counts.sum(axis=1), axis=0)
                if any(is_small(pd.Series(table.to_numpy().ravel()), minimum).any() for table in (counts, rest)):
                    of_few.add((str(question), strand))
    return of_few
