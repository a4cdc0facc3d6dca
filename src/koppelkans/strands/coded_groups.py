"""Coded interviews by case: themes in groups of people, themes that go together, and people without a common theme."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pandas as pd
import scipy

from koppelkans.errors import KoppelkansError, nearest
from koppelkans.locale import N_
from koppelkans.privacy.linked import ALWAYS, NEVER, is_small, marked
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.multiple_tests import holm
from koppelkans.strands.coded import NOTHING_CODED, Coded
from koppelkans.strands.coded_hidden import ALL_CODES, published_codes
from koppelkans.strands.comparisons import Test, Tested, exact_test, freeman_halton
from koppelkans.strands.survey_groups import MOST_EXACT
from koppelkans.study.origin import carries_origin

FEWEST_VALUES, MOST_VALUES = 2, 6
"""Values of an attribute that people are compared by, where none is asked for."""
UNKNOWN, OTHERS = "?", "…"
"""Group of those of whom the attribute is not known, and of those in groups that are too small."""
ONE_THEME = Reason(N_("there is only one theme"))
TOO_FEW_TO_SHOW = Reason(N_("the pairs have too few people to show"))
NO_COMMON_THEME = Reason(N_("no theme comes up in most people and is missing in some"))


def attribute_chosen(coded: Coded, asked: str = "") -> str:
    """Return the attribute that people are compared by: the one asked for, else the first with 2 to 6 values.

    "" where there is none: the one asked for is not known of anybody, or none has that many values.
    """
    values = coded.attributes.groupby("attribute", sort=False)["value"].nunique()
    if asked:
        return asked if asked in values.index else ""
    fitting = values[(values >= FEWEST_VALUES) & (values <= MOST_VALUES)]
    return str(fitting.index[0]) if len(fitting) else ""


@carries_origin
def by_attribute(coded: Coded, attribute: str) -> pd.DataFrame:
    """Count the cases with each theme by attribute, and test each theme: one row a theme and group.

    Columns: theme, group, cases, of_cases, hidden, p, p_holm, test.
    Groups of fewer than the minimum are put together as "…"; if they are then still too few they are not shown. People
    whose interviews nobody is known to have read are left out. A count that is too small is empty, and so are those
    that would give it back (the totals of a theme stand elsewhere).
    p: exact and two-sided, for the theme over the groups with one known value, so without "?" and "…" (Boschloo for
    two, above MOST_EXACT people Fisher; Freeman-Halton for more); p_holm: corrected for all themes tested (Holm 1979).
    Both are empty where a count is hidden, or there is nothing to test.
    """
    columns = ["theme", "group", "cases", "of_cases", "hidden", "p", "p_holm", "test"]
    known = coded.attributes[coded.attributes["attribute"] == attribute]
    read = coded.read
    group_of = read.map(dict(zip(known["respondent"], known["value"], strict=True))).fillna(UNKNOWN)
    groups = pd.Series(group_of.to_numpy(), index=read.to_numpy())
    groups = groups[~groups.index.duplicated()]
    if not attribute or coded.codings.empty:
        return pd.DataFrame(columns=columns)
    sizes = groups.value_counts()
    small = set(sizes[sizes < coded.minimum].index)
    groups = groups.map(lambda group: OTHERS if group in small else group)
    sizes = groups.value_counts().sort_index()
    met = (
        coded.on_themes().assign(case=lambda codings: codings["document"].map(read))[["code", "case"]].drop_duplicates()
    )
    met["group"] = met["case"].map(groups)
    themes = coded.themes
    table = met.groupby(["code", "group"]).size().unstack(fill_value=0)
    table = table.reindex(index=list(themes["code"]), columns=list(sizes.index), fill_value=0)
    status = _hidden_groups(coded, table, sizes)
    if sizes.get(OTHERS, coded.minimum) < coded.minimum:
        table, status = table.drop(columns=OTHERS), status.drop(columns=OTHERS)
    tests = {code: _tested(table.loc[code], sizes[table.columns], status.loc[code]) for code in table.index}
    p = pd.Series({code: test.p if test else None for code, test in tests.items()}, dtype="Float64")
    made = pd.DataFrame({"p": p, "p_holm": holm(p), "test": [t.method if t else "" for t in tests.values()]}, p.index)
    rows = [
        (name, group, table.loc[code, group], sizes[group], status.loc[code, group], *made.loc[code])
        for code, name in themes[["code", "name"]].itertuples(index=False)
        for group in table.columns
    ]
    long = pd.DataFrame(rows, columns=columns).astype({"p": "Float64", "p_holm": "Float64"})
    long["cases"] = long["cases"].astype("Int64").mask(long["hidden"] != "")
    return long


def _hidden_groups(coded: Coded, table: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """Say of each count of people, by theme and group, whether it is hidden."""
    if coded.minimum < 2:
        return pd.DataFrame("", table.index, table.columns)
    published, cases = published_codes(coded)
    decided = {(code,) for code in [*coded.codes["code"], ALL_CODES]}
    for theme in table.index:
        of_group = []
        for group in table.columns:
            shown = sizes[group] >= coded.minimum  # a group of too few is not shown, and yet follows from the others
            of_group.append(published.number(table.loc[theme, group], (theme, group) if shown else NEVER))
            published.at_most(of_group[-1:], [published.number(sizes[group], ALWAYS)])
            published.secret(of_group[-1], sizes[group])
        published.adds_up([cases[theme]], of_group)
    hidden = published.hidden(kept=decided, before={(code,) for code in coded.hidden})
    rows = [marked((theme, group) in hidden for group in table.columns) for theme in table.index]
    return pd.DataFrame(rows, table.index, table.columns)


def _tested(cases: pd.Series, sizes: pd.Series, status: pd.Series) -> Tested | None:
    """Test a theme over the groups whose attribute is known, exactly; None where p may not be told."""
    known = [group for group in cases.index if group not in (UNKNOWN, OTHERS)]
    if len(known) < 2 or (status != "").any():
        return None
    yes, n = (pd.Series(counts[known].to_numpy(dtype=int)) for counts in (cases, sizes))
    if len(known) == 2:
        test: Test = "boschloo" if n.sum() <= MOST_EXACT else "fisher"
        return exact_test(yes.iloc[0], n.iloc[0], yes.iloc[1], n.iloc[1], test)
    return freeman_halton(pd.DataFrame({"yes": yes, "no": n - yes}))


@carries_origin
def negative_cases(coded: Coded, most: float = 0.5) -> pd.DataFrame | Reason:
    """List the people without a theme that more than a share `most` of them has: the cases that do not fit.

    Columns: theme, cases, of_cases, without (how many), who (their pseudonyms, ", " between them; empty where small
    groups are not shown). People whose interviews nobody is known to have read are left out. Says why where
    there is nothing to list.
    """
    if coded.codings.empty:
        return NOTHING_CODED
    read = coded.read
    people = list(dict.fromkeys(read))
    met = coded.on_themes()
    met = met.assign(case=met["document"].map(read))
    rows = []
    for code, name in coded.themes[["code", "name"]].itertuples(index=False):
        if code in coded.hidden:
            continue
        having = set(met.loc[met["code"] == code, "case"])
        without = [person for person in people if person not in having]
        if not without or len(having) <= most * len(people):
            continue
        # from the names under two themes would follow how many people share both
        rows.append((name, len(having), len(people), len(without), ", ".join(without) if coded.minimum < 2 else ""))
    columns = ["theme", "cases", "of_cases", "without", "who"]
    return pd.DataFrame(rows, columns=columns) if rows else NO_COMMON_THEME


@carries_origin
def associations(coded: Coded, most: int = 10) -> pd.DataFrame | Reason:
    """Test which themes come up in the same people: the `most` pairs with the smallest p, or why there are none.

    Columns: theme_a, theme_b, both, a_only, b_only, neither (people), phi (-1 to 1; empty where all or none have one of
    the themes), p (Fisher 1935: exact and two-sided, for neither total was fixed beforehand), p_holm (for all pairs of
    themes; Holm 1979), tested (pairs), left_out (pairs that are not shown, since one of the four counts is too small).
    """
    if coded.codings.empty:
        return NOTHING_CODED
    read = coded.read
    met = coded.on_themes()
    met = met.assign(case=met["document"].map(read))
    themes = coded.themes[~coded.themes["code"].isin(coded.hidden)]
    names = themes[["code", "name"]].itertuples(index=False)
    having = {name: set(met.loc[met["code"] == code, "case"]) for code, name in names}
    people, rows = set(read), []
    for (a, with_a), (b, with_b) in combinations(having.items(), 2):
        cells = [len(group) for group in (with_a & with_b, with_a - with_b, with_b - with_a, people - with_a - with_b)]
        table = np.array(cells).reshape(2, 2)
        scale = np.sqrt(float(np.prod([*table.sum(axis=0), *table.sum(axis=1)])))
        phi = (cells[0] * cells[3] - cells[1] * cells[2]) / scale if scale else None
        rows.append((a, b, *cells, phi, float(scipy.stats.fisher_exact(table).pvalue)))
    if not rows:
        return ONE_THEME
    columns = ["theme_a", "theme_b", "both", "a_only", "b_only", "neither", "phi", "p"]
    pairs = pd.DataFrame(rows, columns=columns).assign(tested=len(rows))
    small = pairs[["both", "a_only", "b_only", "neither"]].apply(is_small, minimum=coded.minimum).any(axis=1)
    shown = pairs[~small].assign(left_out=int(small.sum()), p_holm=lambda left: holm(left["p"], len(pairs)))
    shown = shown.sort_values("p", kind="stable").head(most)
    return shown.reset_index(drop=True) if len(shown) else TOO_FEW_TO_SHOW


def order_of_cases(coded: Coded, by: str = "") -> list[str]:
    """Put the cases that were read in order: that of the data, by "name" of their documents, or by an attribute.

    The attribute holds the date of the interview (2024-03-01 or 1-3-2024) or its number. Raises KoppelkansError for an
    attribute that nobody has, and for a value that is neither.
    """
    read = coded.read
    cases = list(dict.fromkeys(read))
    if not by:
        return cases
    if by == "name":
        names = dict(zip(coded.documents["document"], coded.documents["name"], strict=True))
        first = {case: names[document] for document, case in reversed(list(read.items()))}
        return sorted(cases, key=lambda case: [int(part) if part.isdigit() else part for part in _parts(first[case])])
    known = coded.attributes[coded.attributes["attribute"] == by]
    if known.empty:
        there = ["name", *dict.fromkeys(coded.attributes["attribute"])]
        raise KoppelkansError(
            f"parameter order_by: no attribute {by!r} of the interviewees; expected one of {', '.join(there)}"
            f"{nearest(by, there)}"
        )
    value_of = dict(zip(known["respondent"], known["value"].astype(str).str.strip(), strict=True))
    values = pd.Series([value_of.get(case, "") for case in cases], index=cases)
    numbers = pd.to_numeric(values.str.replace(",", "."), errors="coerce")
    dates = pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    dates = dates.fillna(pd.to_datetime(values.str.replace("/", "-"), format="%d-%m-%Y", errors="coerce"))
    keys = numbers if numbers.notna().sum() > dates.notna().sum() else dates
    if keys.isna().any():
        person = keys.index[keys.isna()][0]
        raise KoppelkansError(
            f"parameter order_by: attribute {by!r} of {person}: found {values[person]!r}, expected the date of the "
            "interview, such as 2024-03-01, or its number"
        )
    return list(keys.sort_values(kind="stable").index)


def _parts(name: str) -> list[str]:
    """Cut a name into words and numbers, so that 10 comes after 9."""
    return re.split(r"(\d+)", str(name).casefold())
