"""Attack what is published of answers: by strand, by group, rankings and scales."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from koppelkans.review.attack.reader import Attacked, Reader, tests_told
from koppelkans.strands import survey
from koppelkans.strands.constructs import Scored, scores
from koppelkans.strands.questionnaire import Questionnaire


def _counted(row: dict[str, Any], value: str = "value", n: str = "n") -> float | None:
    """Return the count behind a row of a table, if only from its share; None where nothing tells."""
    if pd.notna(row.get("respondents")):
        return float(row["respondents"])
    if pd.notna(row.get(value)) and pd.notna(row.get(n)):
        return round(row[value] * row[n])
    return None


def on_answers(held: Questionnaire, attribute: str = "") -> list[Attacked]:
    """Attack the tables of a questionnaire, with those by an attribute."""
    everything = replace(held, minimum=1)
    response = held.response()
    answered = {
        (row["question"], row["strand"]): row
        for row in response[response["state"] == survey.ANSWERED].to_dict("records")
    }
    tables = [held.choices("single"), held.choices("multiple"), held.rankings(), held.likert()]
    truths = [everything.choices("single"), everything.choices("multiple"), everything.rankings(), everything.likert()]
    truths[3] = survey.sides_together(truths[3]) if len(tables[3]) < len(truths[3]) else truths[3]
    compared, truth_compared = held.compared(attribute), everything.compared(attribute)
    wide = held.people
    group_of = dict(zip(wide["respondent"], wide[attribute], strict=True)) if attribute else {}
    found = []
    for table, truth in zip(tables, truths, strict=True):
        if "measure" in table:
            table, truth = (one[one["measure"] == "first"] for one in (table, truth))
        for question, own in table.groupby("question", sort=False):
            groups = compared[compared["question"] == question]
            true_groups = truth_compared[truth_compared["question"] == question]
            found += _on_question(
                held, str(question), own, truth[truth["question"] == question], groups, true_groups, answered, group_of
            )
    found += tests_told("answers by group", compared, int(truth_compared["p"].notna().sum()), held.minimum)
    return found + _on_places(held)


def _on_places(held: Questionnaire) -> list[Attacked]:
    """Attack how many people gave an option a place, from first places and from mean places with their interval."""
    table = held.rankings()
    ranked = survey.asked(held.answers, held.not_asked).dropna(subset=["rank"])
    found = []
    for question, strand in dict.fromkeys(zip(table["question"], table["strand"], strict=True)):
        own = table[(table["question"] == question) & (table["strand"] == strand)]
        reader, given = Reader(), ranked[(ranked["question"] == question) & (ranked["strand"] == strand)]
        counts = dict(given.groupby(["option", "rank"])["respondent"].nunique().items())
        places = sorted(int(rank) for rank in given["rank"].unique())
        sizes = given.groupby("option")["respondent"].nunique()
        if held.minimum > sizes.min():
            continue  # so few that not even their number is told
        for option, of in sizes.items():
            reader.sees([(option, place) for place in places], of)
        for place in places if sizes.nunique() == 1 else ():
            reader.sees([(option, place) for option in sizes.index], sizes.max())
        shown = own[own["value"].notna()]
        for option, of in shown.loc[shown["measure"] == "first", ["option", "respondents"]].itertuples(index=False):
            reader.sees([(option, 1)], of)
        for option in shown.loc[(shown["measure"] == "mean") & shown["option"].isin(sizes.index), "option"]:
            for power in (1, 2):  # the mean gives the sum, and its interval that of the squares
                parts: list[Hashable] = [(option, place) for place in places for _ in range(place**power)]
                reader.sees(parts, sum(counts.get((option, place), 0) * place**power for place in places))
        for (option, place), count in counts.items():
            if 0 < count < held.minimum:
                low, high = reader.bounds([(option, place)])
                what = f"{question} {strand}: {option} in place {place}"
                found.append(Attacked(what, int(count), float(sizes[option]), False, low, high, held.minimum))
    return found


def on_scores(scored: Sequence[Scored], held: Questionnaire, decimals: int = 2) -> list[Attacked]:
    """Attack the points of statements that are shown taken together, from the mean score that is shown rounded.

    Only where everybody answered all statements: else the mean is of people's own means, and no sum of counts.
    """
    decided, likert, found = held.shown(), held.likert(), []
    table = scores(scored, held.minimum, decided=decided)
    for one, value in zip(scored, table["value"], strict=True):
        if pd.isna(value) or one.scores.isna().any(axis=None):
            continue
        reader, strand = Reader(), one.head["strand"]
        points: list[tuple[str, int]] = []
        for item in one.labels:
            own = held.answers[(held.answers["strand"] == strand) & (held.answers["question"] == item)]
            score_of = dict(zip(own["option"], own["respondent"].map(one.scores[item]), strict=True))
            of_item = [(item, int(point)) for point in range(1, one.steps + 1)]
            points += of_item
            reader.sees(of_item, len(one.scores))
            rows = likert[(likert["strand"] == strand) & (likert["question"] == item) & likert["respondents"].notna()]
            for option, count in rows[["option", "respondents"]].itertuples(index=False):
                chosen = [score_of[part] for part in str(option).split(survey.TAKEN_TOGETHER) if part in score_of]
                reader.sees([(item, int(point)) for point in chosen], count)
        weighed = [point for point in points for _ in range(point[1])]
        total, reach = one.scores.to_numpy().sum(), 0.5 * 10**-decimals * one.scores.size
        reader.rows.append((reader._sum(weighed), float(total + reach), False))
        reader.rows.append(({at: -n for at, n in reader._sum(weighed).items()}, float(reach - total), False))
        for item, point in points:
            count = int((one.scores[item] == point).sum())
            if 0 < count < held.minimum:
                low, high = reader.bounds([(item, point)])
                what = f"{item} {strand}: score {point}"
                found.append(Attacked(what, count, float(len(one.scores)), False, low, high, held.minimum))
    return found


def _on_question(
    held: Questionnaire,
    question: str,
    table: pd.DataFrame,
    truth: pd.DataFrame,
    groups: pd.DataFrame,
    true_groups: pd.DataFrame,
    answered: dict[tuple[Any, Any], Any],
    group_of: dict[str, str],
) -> list[Attacked]:
    reader, several = Reader(), table["kind"].iloc[0] == "multiple"
    given = held.answers[(held.answers["question"] == question) & (held.answers["missing"].fillna("") == "")]
    kinds = list({(s, group_of.get(r, "")) for r, s in given[["respondent", "strand"]].itertuples(index=False)})
    options = list(dict.fromkeys(truth.loc[truth["respondents"].fillna(0) > 0, "option"]))
    for kind in kinds:
        parts: list[Hashable] = [(kind, option) for option in options]
        if several:
            none: list[Hashable] = [(kind, survey.NONE_CHOSEN)] if survey.NONE_CHOSEN in options else []
            reader.knows([(kind, "people")], parts, equal=False)
            for part in set(parts) - set(none):
                reader.knows([part, *none], [(kind, "people")], equal=False)
        else:
            reader.knows([(kind, "people")], parts)
    asked: list[tuple[str, list[Hashable], int, float, bool]] = []

    def look(rows: pd.DataFrame, true_rows: pd.DataFrame, side: int, name: str, count: str, n: str, share: str) -> None:
        for row, true in zip(rows.to_dict("records"), true_rows.to_dict("records"), strict=True):
            own = [kind for kind in kinds if kind[side] == row[name]]
            if not own:
                continue
            people: list[Hashable] = [(kind, "people") for kind in own]
            reader.sees(people, row[n]) if pd.notna(row[n]) else asked.append(
                (f"{question} n {row[name]}", people, int(true[n]), np.inf, False)
            )
            if row["option"] not in options:
                continue
            parts: list[Hashable] = [(kind, row["option"]) for kind in own]
            told = _counted({"respondents": row[count], "value": row[share], "n": row[n]})
            if told is None:
                asked.append(
                    (
                        f"{question} {row['option']} {row[name]}",
                        parts,
                        int(true[count]),
                        float(true[n]),
                        pd.notna(row[n]),
                    )
                )
            else:
                reader.sees(parts, told)

    look(table, truth, 0, "strand", "respondents", "n", "value" if "share" not in table else "share")
    for strand in truth["strand"].unique():
        row = answered.get((question, strand))
        if row and pd.notna(row["respondents"]) and table["kind"].iloc[0] in ("single", "multiple"):
            reader.sees([(kind, "people") for kind in kinds if kind[0] == strand], row["respondents"])
    look(groups, true_groups, 1, "group", "respondents", "n", "share")
    look(groups, true_groups, 1, "reference", "respondents_reference", "n_reference", "share_reference")
    result = []
    for what, parts, value, room, rest in {one[0]: one for one in asked}.values():
        low, high = reader.bounds(parts)
        result.append(Attacked(what, int(value), room, rest, low, high, held.minimum))
    return result
