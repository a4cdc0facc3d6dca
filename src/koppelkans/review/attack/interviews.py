"""Attack what is published of coded interviews: codes, cases, groups, saturation, and themes beside answers."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from koppelkans.integration.joint_display import HIDDEN_FIT, FitRules, fit
from koppelkans.review.attack.reader import Attacked, Reader, tests_told
from koppelkans.statistics.proportions import proportion
from koppelkans.strands import coded as interviews
from koppelkans.strands import coded_groups, coded_patterns
from koppelkans.strands.coded import Coded
from koppelkans.strands.coded_groups import by_attribute
from koppelkans.strands.coded_hidden import ALL_CODES

Sums = Sequence[tuple[Collection[str], float]]
"""Codes, and how many people with any of them are shown somewhere."""


def on_interviews(coded: Coded, attribute: str = "", sums: Sums = ()) -> list[Attacked]:
    """Attack the tables of coded interviews of one strand: codes, cases and groups by an attribute.

    `sums`: what other tables show of several codes together.
    """
    table = interviews.counts(coded)
    if table.empty:
        return []
    truth = interviews.counts(replace(coded, minimum=1))
    reader, found = Reader(), list[Attacked]()
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
    for number, (codes, people) in enumerate(sums):
        several: list[Hashable] = [("cases", code) for code in codes if code in set(table["code"])]
        reader.sees([("any", number)], people)
        reader.knows([("any", number)], several, equal=False)
        for one in several:
            reader.knows([one], [("any", number)], equal=False)
    code_of = dict(zip(coded.themes["name"], coded.themes["code"], strict=True))
    if attribute:
        groups = by_attribute(coded, attribute)
        true_groups = by_attribute(replace(coded, minimum=1), attribute)
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
        found += _groups_told(groups, coded.minimum)
    found += [
        Attacked(what, value, room, False, *reader.bounds(parts), coded.minimum) for what, parts, value, room in asked
    ]
    return [*found, *_on_pairs(coded), *_on_saturation(coded, reader)]


def _groups_told(groups: pd.DataFrame, minimum: int) -> list[Attacked]:
    once = groups.drop_duplicates("theme")  # each row of a theme has its p
    return tests_told("themes by group", once, int(once["p"].notna().sum()), minimum)


def _on_pairs(coded: Coded) -> list[Attacked]:
    """Attack how many people share two themes, from tables that show or name people, and from tests of pairs."""
    cases, negative = interviews.case_matrix(coded), coded_groups.negative_cases(coded)
    pairs = coded_groups.associations(coded)
    found = []
    if isinstance(pairs, pd.DataFrame):
        found += tests_told("pairs of themes", pairs, int(pairs["tested"].iloc[0]), coded.minimum)
    having = {}
    if isinstance(negative, pd.DataFrame):
        people = set(coded.read)
        named = negative[negative["who"] != ""]
        having = {theme: people - set(who.split(", ")) for theme, who in zip(named["theme"], named["who"], strict=True)}
    if "case" in cases:
        met = cases[cases["codings"].fillna(0) > 0]
        having |= {theme: set(own["case"]) for theme, own in met.groupby("theme", sort=False)}
    for (one, with_one), (other, with_other) in combinations(having.items(), 2):
        both, room = len(with_one & with_other), float(min(len(with_one), len(with_other)))
        found.append(Attacked(f"{one} and {other}", both, room, False, both, both, coded.minimum))
    return found


def _on_saturation(coded: Coded, reader: Reader) -> list[Attacked]:
    """Attack hidden codes from when codes came in: what is new in the last but one interview has two people at most."""
    result = coded_patterns.saturated(coded, base=4, run=2, threshold=0.05, draws=0)
    if not isinstance(result, coded_patterns.Saturated):
        return []
    used = coded.codings[coded.codings["code"].isin(coded.hidden)]
    people = used["document"].map(coded.cases).groupby(used["code"]).nunique()
    bounds = {code: reader.bounds([("cases", code)]) for code in people.index}
    found = []
    for most in range(1, coded.minimum):
        late = int(result.table["new"].tail(most).sum())
        may = [code for code, (low, _) in bounds.items() if low <= most]
        for code in may if late >= len(may) else ():
            low, high = bounds[code]
            told = (f"{code} by saturation", int(people[code]), float(coded.n_cases), False, low, min(high, most))
            found.append(Attacked(*told, coded.minimum))
    return found


def on_joint(
    joint: pd.DataFrame, links: pd.DataFrame, interviewed: Mapping[str, Coded], rules: FitRules
) -> list[Attacked]:
    """Attack how many people raise a theme, from the verdict that is shown on it beside the answers."""
    codes_of, found = dict(zip(links["link"], links["codes"], strict=True)), []
    for row in joint.to_dict("records"):
        if not row["hidden_interviews"] or row["proposed"] == HIDDEN_FIT or pd.isna(row["value"]):
            continue
        share, n = proportion(round(row["value"] * row["n"]), int(row["n"])), int(row["of_cases"])
        may = [k for k in range(1, n + 1) if fit(proportion(k, n), share, k, rules).fit == row["proposed"]]
        coded, what = interviewed[row["strand"]], f"{row['name_en']} in {row['strand']}, by its verdict"
        raised = coded.codings.loc[coded.codings["code"].isin(codes_of[row["link"]]), "document"]
        people = int(raised.map(coded.read).nunique())
        found.append(Attacked(what, people, float(n), False, min(may), max(may), coded.minimum))
    return found


def sums_shown(joint: pd.DataFrame, links: pd.DataFrame, strand: str) -> Sums:
    """Return of how many people of a strand a joint display shows that they raise one of several codes."""
    shown = joint[(joint["strand"] == strand) & ~joint["hidden_interviews"].astype(bool) & (joint["of_cases"] > 0)]
    codes_of = dict(zip(links["link"], links["codes"], strict=True))
    return [(codes_of[link], float(cases)) for link, cases in zip(shown["link"], shown["cases"], strict=True)]
