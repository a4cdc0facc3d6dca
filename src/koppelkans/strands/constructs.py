"""Scales of a study: how well their items measure one thing, what people score, and which items they leave open.

`scales`: as study.yml has them (`scales:`), name -> items (statements on one scale of answers), reversed (items that
are worded the other way round; turned before anything is reckoned) and name in each language. Strands stand apart.
Numbers of fewer people than `minimum` are empty, and so is what is made from items of which something is hidden
(`decided`: as `answers_shown.answers_shown` gives it); `hidden` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.locale import LANGUAGES
from koppelkans.privacy.linked import ALWAYS, HIDDEN, YES, Published, emptied, is_small
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS
from koppelkans.statistics.means import bounded_mean
from koppelkans.statistics.reliability import reliability
from koppelkans.strands.answers_shown import Shown
from koppelkans.strands.survey import NOT_ASKED, asked
from koppelkans.study.origin import carries_origin
from koppelkans.study.survey_settings import scales_in_data

_HEAD = ["scale", "name_nl", "name_en", "strand"]
_NUMBERS = ["value", "low", "high", "se"]
ANSWERED, OPEN = "•", "–"
"""Marks of a pattern: the item was answered, or left open."""


@dataclass(frozen=True)
class Scored:
    """The answers of a strand to the items of a scale: `scores` (people x items, from 1, NaN for none; turned).

    `steps`: how many steps the scale of answers has. `labels`: of each item its words by language.
    """

    head: dict[str, str]
    scores: pd.DataFrame
    steps: int
    labels: dict[str, dict[str, str]]

    @property
    def complete(self) -> pd.DataFrame:
        """Those who answered all items."""
        return self.scores.dropna()


@carries_origin
def scored(
    scales: Mapping[str, Any],
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    not_asked: Sequence[str] = NOT_ASKED,
) -> list[Scored]:
    """Score the answers to each scale, strand by strand; people who were asked none of its items are left out.

    Raises KoppelkansError, a line each, for items that the answers do not have or that have scales of other lengths.
    """
    if not scales or questions.empty:
        return []
    if problems := scales_in_data(scales, questions, options):
        raise KoppelkansError("\n".join(problems))
    order = options.sort_values("order", kind="stable")
    order = order.assign(score=order.groupby(["strand", "question"]).cumcount() + 1.0)
    counted = asked(answers, not_asked).merge(
        order[["strand", "question", "option", "score"]], on=["strand", "question", "option"], how="left"
    )
    return list(_by_scale(scales, counted, questions, order))


def _by_scale(
    scales: Mapping[str, Any], counted: pd.DataFrame, questions: pd.DataFrame, order: pd.DataFrame
) -> Iterator[Scored]:
    for key, scale in scales.items():
        items, named = list(scale["items"]), scale.get("name") or {}
        one = next(iter(named.values()), str(key))
        own = questions[questions["question"].isin(items)]
        for strand, of_strand in own.groupby("strand", sort=False):
            given = counted[(counted["strand"] == strand) & counted["question"].isin(items)]
            table = given.pivot_table(index="respondent", columns="question", values="score", dropna=False)
            table = table.reindex(index=given["respondent"].unique(), columns=items)
            points = order.loc[(order["strand"] == strand) & (order["question"] == items[0]), "score"]
            if points.empty:
                continue  # nobody answered, and study.yml names no options
            steps = int(points.max())
            turned = list(scale.get("reversed") or [])
            table[turned] = steps + 1 - table[turned]
            words = of_strand.set_index("question")
            labels = {
                item: {lang: str(words.at[item, f"label_{lang}"]) or item for lang in LANGUAGES} for item in items
            }
            head = {"scale": str(key), **{f"name_{lang}": named.get(lang) or one for lang in LANGUAGES}}
            yield Scored({**head, "strand": str(strand)}, table, steps, labels)


@carries_origin
def reliabilities(
    found: Sequence[Scored], minimum: int = 1, level: float = 0.95, decided: Mapping[str, Shown] | None = None
) -> pd.DataFrame:
    """Estimate how reliable each scale is in each strand: one row a coefficient (`statistics.reliability`).

    Columns: scale, name_nl, name_en, strand, items (how many), coefficient, those of an Estimate (n: who answered all
    items), against_nl, against_en (items that run against the sum of the others: worded the other way round?), hidden.
    """
    rows = []
    for one in found:
        whole = one.complete
        against = [item for item in one.labels if _with_the_rest(whole, item) < 0]
        runs_against = {f"against_{lang}": "; ".join(one.labels[item][lang] for item in against) for lang in LANGUAGES}
        for name, estimate in reliability(whole.to_numpy(dtype=float), level).items():
            rows.append({**one.head, "items": whole.shape[1], "coefficient": name, **estimate.cells(), **runs_against})
    columns = [*_HEAD, "items", "coefficient", *ESTIMATE_COLUMNS, *(f"against_{lang}" for lang in LANGUAGES)]
    return _without_few(pd.DataFrame(rows, columns=columns), minimum, _hidden(found, decided, minimum))


def _with_the_rest(whole: pd.DataFrame, item: str) -> float:
    """Return the correlation of an item with the sum of the others; 0 where there is none."""
    rest = whole.drop(columns=item).sum(axis=1)
    if len(whole) < 2 or whole[item].nunique() < 2 or rest.nunique() < 2:
        return 0.0
    return float(np.corrcoef(whole[item], rest)[0, 1])


@carries_origin
def scores(
    found: Sequence[Scored], minimum: int = 1, level: float = 0.95, decided: Mapping[str, Shown] | None = None
) -> pd.DataFrame:
    """Estimate the mean score of each scale in each strand, from 1 to the steps of its scale: one row each.

    A person's score is the mean of the items answered, where that is at least half of them. Columns: scale, name_nl,
    name_en, strand, items, steps, people (who were asked), complete (who answered all items), those of an Estimate
    (mean, adjusted Wald), sd (between people), within (95% of the scores of one person lie so far from her true one:
    1.96 sd root of 1 - omega; empty without omega), hidden.
    """
    rows = []
    for one in found:
        answered = one.scores.notna().sum(axis=1)
        each = one.scores.mean(axis=1)[2 * answered >= one.scores.shape[1]]
        estimate = bounded_mean(each.tolist(), 1, one.steps, level)
        sd = float(each.std(ddof=1)) if len(each) > 1 else None
        omega = reliability(one.complete.to_numpy(dtype=float), level)["omega"].value
        within = None if omega is None or sd is None else 1.96 * sd * np.sqrt(max(1 - omega, 0))
        sizes = {"items": one.scores.shape[1], "steps": one.steps, "people": len(one.scores)}
        row = {**one.head, **sizes, "complete": len(one.complete), **estimate.cells(), "sd": sd, "within": within}
        rows.append(row)
    columns = [*_HEAD, "items", "steps", "people", "complete", *ESTIMATE_COLUMNS, "sd", "within"]
    made = ("complete", "sd", "within")
    return _without_few(pd.DataFrame(rows, columns=columns), minimum, _hidden(found, decided, minimum), made)


def _hidden(found: Sequence[Scored], decided: Mapping[str, Shown] | None, minimum: int) -> set[tuple[str, str]]:
    """Return the scales and strands of which an item has hidden numbers: what is made from it helps to find them.

    Where points of items are shown taken together, their mean may tell how few chose one of them.
    """
    hidden = set()
    for one in found:
        strand = one.head["strand"]
        for item in one.labels:
            shown = (decided or {}).get(item, Shown())
            if strand in shown.withheld or any(shown.parts.get(strand, {}).values()):
                hidden.add((one.head["scale"], strand))
        together = [part for item in one.labels for part in (decided or {}).get(item, Shown()).parts.get(strand, {})]
        if minimum > 1 and any(len(part) > 1 for part in together) and _mean_tells(one, minimum):
            hidden.add((one.head["scale"], strand))
    return hidden


def _mean_tells(one: Scored, minimum: int) -> bool:
    """Tell whether from the sides of each item and the sum of all scores follows that few people have one of them."""
    published, half = Published(minimum), one.steps // 2
    sides = (range(1, half + 1), range(half + 1, one.steps - half + 1), range(one.steps - half + 1, one.steps + 1))
    every: list[int] = []
    for item in one.labels:
        counts = one.scores[item].value_counts()
        for side in sides:
            numbers = [published.number(counts.get(point, 0)) for point in side]
            of_side = sum(published.value(number) for number in numbers)
            published.adds_up([published.number(of_side, ALWAYS)], numbers)
            for number, point in zip(numbers, side, strict=True):
                published.secret(number, of_side)
                every += [number] * point
    mean = ("mean",)
    published.adds_up([published.number(one.scores.sum().sum(), mean)], every)
    return mean in published.hidden()


def _without_few(
    table: pd.DataFrame, minimum: int, hidden: set[tuple[str, str]], more: Sequence[str] = ()
) -> pd.DataFrame:
    """Empty the rows of too few people, and those of `hidden` scales and strands; `more`: further columns to empty."""
    of_hidden = [key in hidden for key in zip(table["scale"], table["strand"], strict=True)]
    apart = is_small(table["n"], minimum) | pd.Series(of_hidden, table.index, dtype=bool)
    table = emptied(table, apart, [*_NUMBERS, "n", *more])
    return table.astype({"n": "Int64"})


@carries_origin
def missing_patterns(
    found: Sequence[Scored], minimum: int = 1, decided: Mapping[str, Shown] | None = None
) -> pd.DataFrame:
    """Count which items of a scale people answered and which they left open: one row a pattern and item.

    Columns: scale, name_nl, name_en, strand, pattern (ANSWERED or OPEN for each item, in order), item, label_nl,
    label_en, is_open, respondents (with this pattern), people (who were asked), hidden. The most common pattern first.
    That somebody left an item open is no trait, so small numbers are shown; but where few people were asked or answered
    an item, nothing is.
    """
    rows = []
    for one in found:
        marks = one.scores.notna().replace({True: ANSWERED, False: OPEN}).agg("".join, axis=1)
        counts = marks.value_counts(sort=True)
        few = 0 < len(one.scores) < minimum
        few |= any(one.head["strand"] in (decided or {}).get(item, Shown()).withheld for item in one.labels)
        for pattern, respondents in counts.items():
            number, people = (pd.NA, pd.NA) if few else (respondents, len(one.scores))
            row = {"pattern": pattern, "respondents": number, "people": people, HIDDEN: YES if few else ""}
            rows.append(one.head | row)
    shown = pd.DataFrame(rows, columns=[*_HEAD, "pattern", "respondents", "people", HIDDEN])
    shown = shown.astype({"respondents": "Float64", "people": "Int64"})
    items = pd.DataFrame(
        [
            {"scale": one.head["scale"], "strand": one.head["strand"], "place": place, "item": item}
            | {f"label_{lang}": labels[lang] for lang in LANGUAGES}
            for one in found
            for place, (item, labels) in enumerate(one.labels.items())
        ],
        columns=["scale", "strand", "place", "item", *(f"label_{lang}" for lang in LANGUAGES)],
    )
    long = shown.merge(items, on=["scale", "strand"])
    is_open = [pattern[place] == OPEN for pattern, place in zip(long["pattern"], long["place"], strict=True)]
    return long.assign(is_open=pd.Series(is_open, dtype=bool)).drop(columns="place")


@carries_origin
def open_items(patterns: pd.DataFrame) -> pd.DataFrame:
    """Count for each item how many people left it open, and how many left open nothing else: one row an item.

    `patterns` as `missing_patterns` gives it. Columns: scale, name_nl, name_en, strand, item, label_nl, label_en,
    people, open, alone. Empty where a pattern that counts is hidden.
    """
    head = [*_HEAD, "item", "label_nl", "label_en", "people"]
    if patterns.empty:
        return pd.DataFrame(columns=[*head, "open", "alone"])
    only = patterns["pattern"].str.count(OPEN) == 1
    own = patterns.assign(
        open=patterns["respondents"].where(patterns["is_open"], 0),
        alone=patterns["respondents"].where(patterns["is_open"] & only, 0),
    )

    def whole(counts: pd.Series) -> Any:
        return pd.NA if counts.isna().any() else int(counts.sum())

    table = own.groupby(head, sort=False, dropna=False)[["open", "alone"]].agg(whole).reset_index()
    return table.astype({"open": "Int64", "alone": "Int64", "people": "Int64"})
