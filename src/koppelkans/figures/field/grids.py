"""Grids of counts: cases by themes, themes by groups of people, halves of a programme, groups by effects."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, decimals, long_description, needs_rows
from koppelkans.figures.charts import grid
from koppelkans.figures.charts.counts import counted
from koppelkans.figures.field.estimate_words import tested_text
from koppelkans.figures.field.largest import (
    LONGEST_HEAD,
    MOST_CASES,
    MOST_CODES,
    MOST_THEMES,
    cases_left_out,
    codes_left_out,
    largest,
    sentence,
    shortened,
    themes_left_out,
    with_rest,
)
from koppelkans.figures.item_names import item_name
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded import NOTHING_CODED
from koppelkans.strands.coded_patterns import hidden
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin


def _crosses(table: pd.DataFrame, language: str) -> str:
    """Explain the cross of what is hidden, where something is."""
    return " " + words(language).gettext("× = too few people to show.") if (table["hidden"] != "").any() else ""


@needs_rows(NOTHING_CODED)
def case_matrix(cases: pd.DataFrame) -> Chart:
    """Draw how often each theme was coded in each case; `cases` as `strands.coded.case_matrix` gives it."""

    by = "case" if "case" in cases else "place"
    met = cases["codings"].gt(0).groupby(cases["theme"], sort=False).sum()
    people = met.astype("Int64").mask(cases.groupby("theme", sort=False)["hidden"].first() != "")
    themes = largest(people, MOST_THEMES)
    chosen = largest(cases.groupby(by, sort=False)["codings"].sum(), MOST_CASES)
    place = {name: at for at, name in enumerate([*chosen, *themes])}
    shown = cases[cases["theme"].isin(themes) & cases[by].isin(chosen)]
    if len(shown) < len(cases):
        shown = shown.sort_values([by, "theme"], key=lambda names: names.map(place), ignore_index=True)

    def rest(language: str) -> str:
        left = cases[by].nunique() - len(chosen)
        themes_left = codes_left_out(people.drop(themes), language, themes=True)
        return sentence(themes_left, cases_left_out(left, language))

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        n = cases[by].nunique()
        below = words(language).ngettext(
            "Number: codings in the interview; · = none. n = {n} interview.",
            "Number: codings in the interview; · = none. n = {n} interviews.",
            n,
        )
        below = below.format(n=n)
        below = f"{below}{_crosses(shown, language)} {rest(language)}".strip()
        named = shown.assign(theme=shown["theme"].map(shortened(shown["theme"], LONGEST_HEAD)))
        return grid(width, named, by, "theme", "codings", below=below)

    def describe(language: str) -> list[str]:
        hidden = {"codings": "{theme} " + words(language).gettext("too few people to show")}
        return with_rest(long_description(shown, language, by, "{theme} {codings}", instead=hidden), rest(language))

    return Chart(cases, draw, describe, lambda language: {"rest": rest(language) or None})


@needs_rows(Reason(N_("no attribute of the interviewees is known that makes groups")))
def groups(counts: pd.DataFrame, attribute: str) -> Chart:
    """Draw in how many cases of each group a theme comes up; `counts` as `strands.coded.by_attribute` gives it."""

    met = counts.groupby("theme", sort=False)["cases"].sum()
    themes = largest(met, MOST_CODES)
    shown = counts[counts["theme"].isin(themes)]
    if len(themes) < len(met):
        shown = shown.sort_values("theme", key=lambda names: names.map(themes.index), kind="stable")

    def rest(language: str) -> str:
        left = len(met) - len(themes)
        return sentence(themes_left_out(left, language))

    def share(cell: pd.Series) -> str:
        return counted(cell["cases"]) if pd.isna(cell["cases"]) else f"{cell['cases']}/{cell['of_cases']}"

    def tested(table: pd.DataFrame, language: str) -> pd.DataFrame:
        """Put p below the name of a theme."""
        p = [tested_text(row, language) for row in rows_of(table)]
        return table.assign(theme=[f"{name}\n{text}".rstrip() for name, text in zip(table["theme"], p, strict=True)])

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        sizes = dict(zip(counts["group"], counts["of_cases"], strict=True))
        people = ", ".join(f"{group} n = {size}" for group, size in sizes.items())
        below = _("Attribute: {attribute}. Number: people with the theme / people in the group ({people}).")
        below = below.format(attribute=attribute, people=people) + _crosses(shown, language)
        below = f"{below} {rest(language)}".strip()
        named = tested(shown.assign(theme=shown["theme"].map(shortened(shown["theme"]))), language)
        return grid(width, named, "theme", "group", "cases", of="of_cases", text=share, below=below)

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        few = {"cases": "{group} " + _("too few people to show")}
        named = tested(shown, language).assign(theme=lambda table: table["theme"].str.replace("\n", ", "))
        lines = long_description(named, language, "theme", _("{group} {cases} of {of_cases}"), instead=few)
        return with_rest(lines, rest(language))

    def numbers(language: str) -> dict[str, Any]:
        with_p = counts[counts["p"].notna()]
        names = dict.fromkeys(re.split("[:,]", test)[0] for test in with_p["test"])
        return {
            "attribute": attribute,
            "cells_hidden": hidden(counts),
            "rest": rest(language) or None,
            "test": ", ".join(f"{name[:1].upper()}{name[1:]}" for name in names) or None,
            "themes_tested": with_p["theme"].nunique() or None,
        }

    return Chart(counts, draw, describe, numbers)


@carries_origin
def associations_table(pairs: pd.DataFrame | Reason, language: str) -> pd.DataFrame | Reason:
    """Lay out which themes come up in the same people; `pairs` as `strands.coded_groups.associations` gives it."""
    if isinstance(pairs, Reason):
        return pairs
    phi = ["–" if pd.isna(value) else decimals(2)(value, language) for value in pairs["phi"]]
    tests = [tested_text(row, language) for row in rows_of(pairs)]
    columns = ["themes", "both", "a_only", "b_only", "neither", "phi", "p"]
    return pairs.assign(themes=pairs["theme_a"] + " + " + pairs["theme_b"], phi=phi, p=tests)[columns]


@needs_rows(Reason(N_("no story names a target group and an effect")))
def group_effects(effects: pd.DataFrame) -> Chart:
    """Draw which main effects the stories name for which target group.

    `effects` as `strands.stories.group_effects` gives it: target_group, effect, stories.
    """

    def draw(width: float, language: str) -> Figure:
        below = words(language).gettext("Number: change stories; · = none. n = {n} stories.")
        return grid(width, effects, "target_group", "effect", "stories", below=below.format(n=effects["stories"].sum()))

    def describe(language: str) -> list[str]:
        return long_description(effects, language, "target_group", "{effect} {stories}")

    return Chart(effects, draw, describe)


@needs_rows(Reason(N_("there are no two sessions to compare")))
def programme_halves(halves: pd.DataFrame, sessions: int) -> Chart:
    """Draw how often each kind of theme, work form and outcome was there in both halves of the programme.

    `halves` as `strands.sessions.halves` gives it; `sessions`: how many there were.
    """

    def named(language: str) -> pd.DataFrame:
        return halves.assign(
            block=[item_name(kind, language) for kind in halves["kind"]],
            name=[item_name(category, language) for category in halves["category"]],
        )

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        heads = {"first": _("first half"), "second": _("second half")}
        cells = named(language).melt(["block", "name"], list(heads), var_name="half", value_name="n")
        cells["half"] = cells["half"].map(heads)
        first, second = sessions // 2, sessions - sessions // 2
        below = _("Number: items in the sessions; · = none. n = {first} and {second} sessions. A count, no test.")
        return grid(width, cells, "name", "half", "n", block="block", below=below.format(first=first, second=second))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        table = named(language)
        table["name"] = table["block"] + ", " + table["name"]
        return long_description(table, language, "name", _("first half {first}, second half {second}"))

    return Chart(halves, draw, describe)
