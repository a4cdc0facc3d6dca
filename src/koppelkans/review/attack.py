"""Try to work out every number that a study hides, from all that it publishes.

A reader writes down every number that stands in a table or figure, and how numbers about the same people add up, and
asks of each hidden one: what is the least and the most that it can be? Linear programming answers exactly that. The
equations here are made from the published tables alone, apart from the code that decides what is hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, sparse

from koppelkans.strands import coded as interviews
from koppelkans.strands import coded_groups, survey
from koppelkans.strands.coded import Coded
from koppelkans.strands.coded_groups import by_attribute
from koppelkans.strands.coded_hidden import ALL_CODES
from koppelkans.strands.questionnaire import Questionnaire


@dataclass(eq=False)
class Reader:
    """What a reader knows: unknown numbers of people, and sums of them that are equal to, or at most, something."""

    names: dict[Hashable, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, bool]] = field(default_factory=list)

    def sees(self, parts: Sequence[Hashable], value: float) -> None:
        """Note a sum that is shown."""
        self.rows.append((self._sum(parts), float(value), True))

    def knows(self, left: Sequence[Hashable], right: Sequence[Hashable], equal: bool = True) -> None:
        """Note that a sum is equal to another, or at most another."""
        both = self._sum(left)
        for place, sign in self._sum(right).items():
            both[place] = both.get(place, 0) - sign
        self.rows.append((both, 0.0, equal))

    def _sum(self, parts: Sequence[Hashable]) -> dict[int, float]:
        result: dict[int, float] = {}
        for part in parts:
            place = self.names.setdefault(part, len(self.names))
            result[place] = result.get(place, 0) + 1
        return result

    @cache  # noqa: B019  a reader is attacked once
    def _matrices(self, n: int) -> dict[str, Any]:
        how: dict[str, Any] = {}
        for equal, a, b in ((True, "A_eq", "b_eq"), (False, "A_ub", "b_ub")):
            rows = [(row, value) for row, value, is_equal in self.rows if is_equal == equal]
            matrix = sparse.lil_array((len(rows), n))
            for place, (row, _) in enumerate(rows):
                for column, sign in row.items():
                    matrix[place, column] = sign
            if rows:
                how |= {a: matrix.tocsr(), b: np.array([value for _, value in rows])}
        return how

    def bounds(self, parts: Sequence[Hashable]) -> tuple[float, float]:
        """Return the least and the most that a sum can be."""
        wanted = self._sum(parts)
        n = len(self.names)
        how = self._matrices(n)
        goal = np.zeros(n)
        for place, sign in wanted.items():
            goal[place] = sign
        ends = []
        for sign in (1, -1):
            for presolve in (True, False):  # which now and then takes what is possible for impossible
                options = {"presolve": presolve}
                found = optimize.linprog(sign * goal, bounds=(0, None), method="highs", options=options, **how)
                if found.status in (0, 3):
                    break
            else:
                raise AssertionError(f"what is shown contradicts itself: {found.message}")
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return round(ends[0], 6), round(ends[1], 6)


@dataclass(frozen=True)
class Attacked:
    """A hidden number: what it is, its true value, how many people it is of, and what a reader can tell of it.

    `rest`: whether the others are a secret as well: people with another answer, where it is shown how many answered.
    """

    what: str
    value: int
    room: float
    rest: bool
    low: float
    high: float
    minimum: int

    @property
    def secrets(self) -> list[tuple[float, float, float]]:
        """What of it is a secret: true value, least, most."""
        sides = [(float(self.value), self.low, self.high)]
        if self.rest:
            sides.append((self.room - self.value, self.room - self.high, self.room - self.low))
        return [side for side in sides if 0 < side[0] < self.minimum]

    @property
    def is_safe(self) -> bool:
        """Whether the reader is left with the range that is promised (`koppelkans.privacy.linked`)."""
        return all(low < high and high >= min(self.minimum, self.room) for _, low, high in self.secrets)


def _counted(row: dict[str, Any], value: str = "value", n: str = "n") -> float | None:
    """Return the count behind a row of a table, if only from its share; None where nothing tells."""
    if pd.notna(row.get("respondents")):
        return float(row["respondents"])
    if pd.notna(row.get(value)) and pd.notna(row.get(n)):
        return round(row[value] * row[n])
    return None


def on_answers(held: Questionnaire, attribute: str = "") -> list[Attacked]:
    """Attack the tables of a questionnaire, with those by an attribute."""
    import dataclasses

    everything = dataclasses.replace(held, minimum=1)
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


def on_interviews(coded: Coded, attribute: str = "") -> list[Attacked]:
    """Attack the tables of coded interviews of one strand: codes, cases and groups by an attribute."""
    import dataclasses

    table = interviews.counts(coded)
    if table.empty:
        return []
    truth = interviews.counts(dataclasses.replace(coded, minimum=1))
    reader = Reader()
    asked: list[tuple[str, list[Hashable], int, float]] = []
    numbers = interviews.numbers(coded, "en")
    own, interviews_read = coded.codings["code"].value_counts(), len(coded.documents) - len(coded.unread)
    seen = ("cases", "documents", "codings", "characters")
    rooms = {"cases": coded.n_cases, "documents": interviews_read}
    for row, true in zip(table.to_dict("records"), truth.to_dict("records"), strict=True):
        code = row["code"]
        reader.knows([("cases", code)], [("documents", code)], equal=coded.n_cases == interviews_read)
        reader.knows([("documents", code)], [("codings", code)], equal=False)
        for what in seen:
            if pd.notna(row[what]):
                reader.sees([(what, code)], row[what])
            else:
                asked.append(
                    (
                        f"{what} of {row['name']}",
                        [(what, code)],
                        int(true[what]),
                        rooms.get(what, np.inf),
                    )
                )
        for what, most in rooms.items():
            reader.rows.append((reader._sum([(what, code)]), float(most), False))
    if numbers["field_codings"]["value"] is not None:
        reader.sees([("codings", ALL_CODES)], numbers["field_codings"]["value"])
    for parent, below in coded.codes.groupby("parent", sort=False):
        children = list(below["code"])
        mine: list[Hashable] = [("codings", "own", parent)] if parent in own else []
        reader.knows([("codings", parent)], [*(("codings", code) for code in children), *mine])
        for what in ("cases", "documents", "characters") if parent != ALL_CODES else ():
            mine = [("characters" if what == "characters" else "codings", "own", parent)] if parent in own else []
            reader.knows([(what, parent)], [*((what, code) for code in children), *mine], equal=False)
            for code in children:
                reader.knows([(what, code)], [(what, parent)], equal=False)
    code_of = dict(zip(coded.themes["name"], coded.themes["code"], strict=True))
    if attribute:
        groups = by_attribute(coded, attribute)
        true_groups = by_attribute(dataclasses.replace(coded, minimum=1), attribute)
        sizes = true_groups.drop_duplicates("group").set_index("group")["of_cases"]
        shown = set(groups["group"])
        merged = [group for group in sizes.index if group not in shown]
        for theme, own_groups in groups.groupby("theme", sort=False):
            code = code_of[str(theme)]
            names = [
                *own_groups["group"],
                *([coded_groups.OTHERS] if merged and coded_groups.OTHERS not in shown else []),
            ]
            reader.knows([("cases", code)], [("group", code, group) for group in names])
            everybody = (table.loc[table["code"] == code, "cases"] == coded.n_cases).fillna(False).any()
            counts = true_groups[true_groups["theme"] == theme].set_index("group")["cases"]
            for group in names:
                of = [group] if group in shown - {coded_groups.OTHERS} else merged
                size, value = float(sizes[of].sum()), int(counts[of].sum())
                reader.rows.append((reader._sum([("group", code, group)]), size, False))
                told = own_groups.loc[own_groups["group"] == group, "cases"]
                if len(told) and pd.notna(told.iloc[0]):
                    reader.sees([("group", code, group)], told.iloc[0])
                elif not everybody and (len(told) or value):  # all of all, so all of each group
                    asked.append((f"{theme} in {group}", [("group", code, group)], value, size))
    return [
        Attacked(what, value, room, False, *reader.bounds(parts), coded.minimum) for what, parts, value, room in asked
    ]
