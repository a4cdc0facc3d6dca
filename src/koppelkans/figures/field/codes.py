"""How often codes were used, and which of them stand together."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_number, as_percent, decimals, long_description, needs_rows
from koppelkans.figures.charts import estimates, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import count_axis, percent_axis
from koppelkans.figures.field.largest import (
    MOST_CODES,
    codes_left_out,
    largest,
    sentence,
    shortened,
    with_rest,
    with_those_above,
)
from koppelkans.figures.style import BAND, GREY, NARROW, ORANGE
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.coded import NOTHING_CODED
from koppelkans.strands.coded_patterns import hidden

_COUNTS = ("codings", "documents", "cases", "characters")


@needs_rows(NOTHING_CODED)
def frequencies(codes: pd.DataFrame) -> Chart:
    """Draw the share of people with each code, with its interval, beside codings, interviews, people and characters.

    `codes` as `strands.coded.counts` gives it. On a phone the numbers stand below the name.
    """
    n = int(codes["of_cases"].iloc[0])
    every = codes.reset_index(drop=True)
    chosen = largest(every["cases"].astype("Int64"), MOST_CODES)
    if len(chosen) < len(every) and every["depth"].max() > 1:
        chosen = with_those_above(list(every["depth"]), chosen)
    codes = every.loc[chosen]

    def rest(language: str) -> str:
        return sentence(codes_left_out(every["cases"].drop(chosen), language))

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        phone = width <= NARROW
        heads = (_("codings"), _("interviews"), _("people"), _("characters"))
        empty = ["" if hidden else _("unknown") for hidden in codes["hidden"] != ""]
        counts = [
            [other if pd.isna(n) else as_number(n, language) for n, other in zip(codes[column], empty, strict=True)]
            for column in _COUNTS
        ]
        figure, axes = sheet(width)
        names = list(codes["name"].map(shortened(every["name"])))
        if phone:
            names = [
                f"{name}\n{' · '.join(numbers)}".removesuffix("\n ·  ·  · ")
                for name, *numbers in zip(names, *counts, strict=True)
            ]
        columns = [] if phone else list(zip(heads, counts, strict=True))
        middles = rows(axes, names, 1.7, depths=list(codes["depth"]), columns=columns)
        percent_axis(axes)
        missing = [_("too few people")] * len(codes)
        estimates(axes, codes, middles, "share", "low", "high", filled=list(codes["depth"] == 1), missing=missing)
        said = _("Line: 95% interval (Wilson) of the share of people; n = {n} interviewees.").format(n=n)
        below = _("Below a name: {columns}.").format(columns=" · ".join(heads))
        note(figure, " ".join(filter(None, (below if phone else "", said, rest(language)))))
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = long_description(
            codes,
            language,
            "name",
            _(
                "{codings} codings, {documents} interviews, {characters} characters; {cases} of {of_cases} people "
                "({low} to {high})"
            ),
            key="code",
            formats={"low": as_percent, "high": as_percent, "characters": _known},
            depth="depth",
            instead={"cases": _("too few people to show")},
        )
        return with_rest(lines, rest(language))

    return Chart(every, draw, describe, lambda language: {"rest": rest(language) or None})


def _known(count: Any, language: str) -> str:
    """Write how many characters there are; of codings without a position in a text that is not known."""
    return words(language).gettext("an unknown number of") if pd.isna(count) else str(count)


def _rule(pairs: pd.DataFrame, rule: str, within: int, language: str) -> str:
    """Say when two codes count as standing together."""
    _ = words(language).gettext
    said = _("they are in one sentence")
    if rule == "near":
        apart = as_number(within, language)
        said = _("they are in sentences of one section at most {within} characters apart").format(within=apart)
    only = pairs["sections"].iloc[0] == "none"
    if only or "none" in pairs["sections"].iloc[0]:
        loose = _("they are on one quotation")
        said = loose if only else said + "; " + _("without a position in a text: {loose}").format(loose=loose)
    left_out = int(pairs["loose"].iloc[0])
    if left_out:
        said += "; " + words(language).ngettext(
            "left out is {left_out} coding without a position",
            "left out are {left_out} codings without a position",
            left_out,
        ).format(left_out=left_out)
    return said


def _sections(pairs: pd.DataFrame, language: str) -> str:
    """Say within what the codes are independent by the null hypothesis."""
    _ = words(language).gettext
    parts = int(pairs["parts"].iloc[0])
    names = {
        "guide": _("sections of the guide (its questions and headings, which the interviews have in common)"),
        "none": _("an interview"),
        "position": _("{parts} equal parts of an interview (no questions or headings were found in common)").format(
            parts=parts
        ),
    }
    return _(" or ").join(names[how] for how in pairs["sections"].iloc[0].split(" + "))


def _p(value: float, language: str) -> str:
    if value < 0.001:
        return "< " + decimals(3)(0.001, language)
    return decimals(2 if value >= 0.01 else 3)(value, language)


@needs_rows(Reason(N_("the pairs have too few people to show")))
def together(pairs: pd.DataFrame, rule: str, within: int) -> Chart:
    """Draw for pairs of codes how often they stand together, and how often if independent within sections of the guide.

    `pairs` as `strands.coded_patterns.together` gives it for a `rule` and `within`: a band from low to high with a
    stroke at expected, a dot at together, and p after Holm.
    """
    names = pairs["name_a"] + " + " + pairs["name_b"]
    short = shortened([*pairs["name_a"], *pairs["name_b"]])
    beside = pairs["name_a"].map(short) + " + " + pairs["name_b"].map(short)

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width)
        middles = rows(axes, list(beside), 2.5 if width > NARROW else 1.5)
        most = float(pairs[["together", "high", "expected"]].to_numpy(dtype=float).max())
        count_axis(axes, most)
        axes.barh(middles, pairs["high"] - pairs["low"], left=pairs["low"], height=0.12, color=BAND, linewidth=0)
        axes.plot(pairs["expected"], middles, "|", color=GREY, markersize=11, markeredgewidth=1.6)
        axes.plot(pairs["together"], middles, "o", color=ORANGE, markersize=7, clip_on=False)
        right_column(axes, middles, "p (Holm)", [_p(value, language) for value in pairs["p_holm"]])
        said = _(
            "Dot: how often both codes stand together; band: 95% of what independent codes would give; stroke: "
            "expected. p: exact, one-sided, after Holm for {tested} pairs of codes."
        )
        note(figure, said.format(tested=pairs["tested"].iloc[0]))
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        one = decimals(1)
        return long_description(
            pairs.assign(name=names),
            language,
            "name",
            _("{together} times; if independent {expected} ({low} to {high}); p after Holm {p_holm}"),
            formats={"expected": one, "p_holm": decimals(3)},
        )

    def numbers(language: str) -> dict[str, Any]:
        return {
            "rule": _rule(pairs, rule, within, language),
            "sections": _sections(pairs, language),
            "pairs_hidden": hidden(pairs),
        }

    return Chart(pairs, draw, describe, numbers)
