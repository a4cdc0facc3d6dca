"""What study.yml says of a survey: how many people there are and how they are made up, and which items make a scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from koppelkans.errors import nearest, not_known
from koppelkans.locale import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

SCALE_KEYS = ("name", "items", "reversed")
_EXAMPLE = "attachment: {items: [home, neighbours, leave], reversed: [leave]}"
_MARGINS = "margins: {age_group: {18-34: 90, 35+: 220}}"


def population_problems(population: Any, strands: tuple[str, ...]) -> list[str]:
    """Find what is wrong with `population:`, the people that answers are a part of, by strand.

    A number of people; or people (optional) and margins: of an attribute how many people, or which share, have each
    value. Whether respondents have these attributes and values is seen with the answers.
    """
    if population is None:
        return []
    example = f"population: {{{', '.join(f'{strand}: 310' for strand in strands[-2:])}}}"
    if not isinstance(population, dict):
        return [f"population: found {population!r}, expected a number of people for each strand, such as {example}"]
    problems = []
    for strand, people in population.items():
        at = f"population, {strand}"
        if strand not in strands:
            near = nearest(str(strand), strands)
            problems.append(f"population: strand {strand!r}, expected one of {', '.join(strands)}{near}")
        elif not isinstance(people, dict):
            problems += [] if _is_count(people) else [_no_count(at, people)]
        else:
            problems += [
                f"{at}: {not_known(key, ('people', 'margins'))}" for key in people if key not in ("people", "margins")
            ]
            if "people" in people and not _is_count(people["people"]):
                problems.append(_no_count(f"{at}, people", people["people"]))
            problems += _margin_problems(people.get("margins"), at)
    return problems


def _is_count(people: Any) -> bool:
    return isinstance(people, int) and not isinstance(people, bool) and people >= 1


def _no_count(at: str, found: Any) -> str:
    return f"{at}: found {found!r}, expected a whole number of people, such as 310"


def _margin_problems(margins: Any, at: str) -> list[str]:
    if margins is None:
        return []
    if not isinstance(margins, dict) or not margins:
        return [f"{at}, margins: found {margins!r}, expected attributes with numbers of people, such as {_MARGINS}"]
    problems = []
    for attribute, sizes in margins.items():
        if not isinstance(sizes, dict) or len(sizes) < 2:
            problems.append(
                f"{at}, margins, {attribute}: found {sizes!r}, expected two values or more, as in {_MARGINS}"
            )
            continue
        problems += [
            f"{at}, margins, {attribute}, {value}: found {size!r}, expected a number of people or a share above 0"
            for value, size in sizes.items()
            if not isinstance(size, int | float) or isinstance(size, bool) or size <= 0
        ]
    return problems


def people_of(settings: Mapping[str, Any]) -> dict[str, int]:
    """Return how many people there are in each strand, where `population:` says so."""
    given = (settings.get("population") or {}).items()
    counts = {strand: people.get("people") if isinstance(people, dict) else people for strand, people in given}
    return {strand: people for strand, people in counts.items() if people}


def margins_of(settings: Mapping[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """Return strand -> attribute -> value -> how many people (or which share) have it, where `population:` says so."""
    given = (settings.get("population") or {}).items()
    return {
        strand: {str(name): {str(value): float(size) for value, size in sizes.items()} for name, sizes in own.items()}
        for strand, people in given
        if isinstance(people, dict) and (own := people.get("margins"))
    }


def scale_problems(scales: Any) -> list[str]:
    """Find what is wrong with the form of `scales:`, name -> items, reversed and name in each language."""
    if scales is None:
        return []
    if not isinstance(scales, dict):
        return [f"scales: found {scales!r}, expected a name with the items that make it, such as {_EXAMPLE}"]
    return [f"scales, {name}{problem}" for name, scale in scales.items() for problem in _one_scale(scale)]


def _one_scale(scale: Any) -> list[str]:
    if not isinstance(scale, dict):
        return [f": found {scale!r}, expected items, such as {_EXAMPLE}"]
    problems = [f": {not_known(key, SCALE_KEYS)}" for key in scale if key not in SCALE_KEYS]
    items: Any = scale.get("items")
    backwards: Any = scale.get("reversed", [])
    for key, found, least in (("items", items, 2), ("reversed", backwards, 0)):
        if not isinstance(found, list) or len(found) < least or not all(isinstance(one, str) for one in found):
            problems.append(f", {key}: found {found!r}, expected a list of questions, such as {_EXAMPLE}")
    name = scale.get("name", {})
    if not isinstance(name, dict) or not set(name) <= set(LANGUAGES) or not all(map(str, name.values())):
        problems.append(f", name: found {name!r}, expected {{nl: ..., en: ...}}")
    if problems:
        return problems
    twice = next((one for place, one in enumerate(items) if one in items[:place]), None)
    problems += [f", items: found {twice!r} twice, expected each question once"] if twice else []
    problems += [
        f", reversed: {one!r} is not one of its items {', '.join(items)}{nearest(one, items)}"
        for one in backwards
        if one not in items
    ]
    return problems


def scales_in_data(scales: Mapping[str, Any], questions: pd.DataFrame, options: pd.DataFrame) -> list[str]:
    """Find the items of scales that the answers do not have, or that are no statements on one and the same scale.

    `questions`: strand, question, kind; `options`: strand, question, option.
    """
    problems = []
    kinds = questions.groupby("question")["kind"].first()
    steps = options.groupby(["strand", "question"])["option"].nunique()
    for name, scale in scales.items():
        at = f"study.yml, scales, {name}, items"
        for item in scale["items"]:
            if item not in kinds.index:
                near = nearest(item, list(kinds.index))
                listed = ", ".join(kinds.index[kinds == "likert"]) or "none, for the answers have no statements"
                problems.append(f"{at}: no question {item!r} in the answers; expected statements: {listed}{near}")
            elif kinds[item] != "likert":
                problems.append(f"{at}: {item} is a question of kind {kinds[item]}, expected statements (kind: likert)")
        own = questions[questions["question"].isin(scale["items"]) & (questions["kind"] == "likert")]
        for strand, asked in own.groupby("strand")["question"]:
            lacking = [item for item in scale["items"] if item in kinds.index and item not in set(asked)]
            if lacking:
                problems.append(f"{at}: {strand} were asked {', '.join(asked)} and not {', '.join(lacking)}; "
                                "expected all items or none")  # fmt: skip
        lengths = {(key, item): int(steps.get((key, item), 0)) for key, item in own[["strand", "question"]].to_numpy()}
        if len(set(lengths.values())) > 1:
            sizes = ", ".join(f"{item} has {n}" for (_, item), n in lengths.items())
            problems.append(f"{at}: found steps of different numbers ({sizes}), expected one scale of answers for all")
    return problems


def margins_in_data(
    margins: Mapping[str, Mapping[str, Mapping[str, float]]], answers: pd.DataFrame, attributes: pd.DataFrame
) -> list[str]:
    """Find the attributes and values of margins that respondents do not have, and the values that margins lack.

    `answers`: respondent, strand; `attributes`: respondent, attribute, value.
    """
    problems = []
    for strand, of_strand in margins.items():
        people = set(answers.loc[answers["strand"] == strand, "respondent"])
        own = attributes[attributes["respondent"].isin(people) & (attributes["value"] != "")]
        for attribute, sizes in of_strand.items():
            at = f"study.yml, population, {strand}, margins, {attribute}"
            known = list(own["attribute"].unique())
            if attribute not in known:
                listed = ", ".join(known) or "none"
                problems.append(f"{at}: no such attribute of those who answered; expected one of {listed}"
                                f"{nearest(attribute, known)}")  # fmt: skip
                continue
            values = set(own.loc[own["attribute"] == attribute, "value"])
            problems += [
                f"{at}: found {value!r}, which nobody who answered has; put it together with another value"
                for value in sizes
                if value not in values
            ]
            problems += [
                f"{at}: {value!r} is lacking, which people who answered have; expected its number of people"
                for value in sorted(values - set(sizes))
            ]
    return problems
