"""How far coders agree on each code, and what the units they share could have shown."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_number, as_percent, decimals, long_description, needs_rows
from koppelkans.figures.charts import estimates, heading, legend, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import number_axis
from koppelkans.figures.field.largest import MOST_CODES, codes_used_less, largest, sentence, shortened, with_rest
from koppelkans.figures.style import BLUE, GREY, NARROW, ORANGE
from koppelkans.locale import language as lang
from koppelkans.locale import words

_MARKS = (("kappa", "in", BLUE, -0.1), ("kappa", "out", BLUE, 0.0), ("ac1", "in", ORANGE, 0.1))
"""What is drawn: a measure, over all units (in) or over those that somebody coded (out)."""
_ONE = decimals(1)


def unit_name(unit: str, language: str) -> str:
    """Name what counts as one in the agreement of coders."""
    _ = words(language).gettext
    return {
        "document": _("interviews"),
        "segment": _("pieces of text between two edges"),
        "sentence": _("sentences"),
        "character": _("characters"),
    }[unit]


def _units(agreed: pd.DataFrame, language: str) -> str:
    """Name the units that there were: those asked for, and quotations where codings have no position in a text."""
    _ = words(language).gettext
    row = agreed.iloc[0]
    asked, quotations = unit_name(row["unit"], language), row["quotations"]
    if quotations == row["units"]:
        return _("quotations, since the codings have no position in a text")
    return _("units: {unit}, and {quotations} quotations in documents without positions").format(
        unit=asked, quotations=quotations
    ) if quotations else asked  # fmt: skip


def _readers(agreed: pd.DataFrame, language: str) -> str:
    """Say how it is known who read which interview."""
    _ = words(language).gettext
    if agreed["readers"].iloc[0] == "declared":
        return _("who read which interview was stated")
    return _("an interview that somebody coded counts as read by all coders who have it")


@needs_rows()
def agreement(agreed: pd.DataFrame) -> Chart:
    """Draw for each code Cohen's kappa, over all units and over coded ones, Gwet's AC1, and how often it was used.

    `agreed` as `strands.coded_patterns.agreed` gives it. What is not defined says why.
    """
    drawn = _drawn(agreed)
    used = drawn.drop_duplicates("code").set_index("code")["prevalence"].astype(float)
    codes = largest(used, MOST_CODES)
    shown = agreed[agreed["code"].isin(codes)]
    if len(codes) < len(used):
        shown = shown.sort_values("code", key=lambda keys: keys.map(codes.index), kind="stable")
    drawn = drawn[drawn["code"].isin(codes)].sort_values("code", key=lambda keys: keys.map(codes.index), kind="stable")
    lowest = float(pd.to_numeric(drawn["low"]).min())
    start = -0.5 if lowest < -0.02 else 0.0

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        labels = [_("Cohen’s kappa, all units"), _("Cohen’s kappa, coded units only"), _("Gwet’s AC1, all units")]
        figure, axes = sheet(width)
        of = [drawn[(drawn["measure"] == measure) & (drawn["uncoded"] == units)] for measure, units, *_rest in _MARKS]
        names = list(of[0]["name"].map(shortened(drawn["name"])))
        middles = rows(axes, names, 1.7 if width > NARROW else 1.2, least=0.36)
        ticks = [tick for tick in (-0.5, 0.0, 0.5, 1.0) if tick >= start]
        number_axis(axes, start, 1.0, ticks, lambda tick: _ONE(tick, language).replace("-", "−"))
        for table, label, (measure, units, colour, shift) in zip(of, labels, _MARKS, strict=True):
            missing = [_("{measure}: not defined").format(measure=label)] * len(table) if units == "in" else []
            estimates(
                axes, table.assign(low=table["low"].clip(lower=start)), middles, "value", "low", "high", colour=colour,
                filled=measure == "kappa" and units == "in", shift=shift, label=label, missing=missing,
            )  # fmt: skip
        legend(axes, columns=2 if width > NARROW else 1)
        shares = [lang.number(100 * share, language, 1, "%")["text"] for share in of[0]["prevalence"]]
        right_column(axes, middles, _("used"), shares)
        note(figure, f"{_unit_words(agreed, language)} {rest(language)}".strip())
        return figure

    def rest(language: str) -> str:
        return sentence(codes_used_less(used.drop(codes), language))

    def describe(language: str) -> list[str]:
        return with_rest(_said(shown, language), rest(language))

    def numbers(language: str) -> dict[str, Any]:
        return {"unit": f"{_units(agreed, language)}; {_readers(agreed, language)}", "rest": rest(language) or None}

    return Chart(agreed, draw, describe, numbers)


def _drawn(agreed: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are drawn."""
    return agreed[
        [pair in {mark[:2] for mark in _MARKS} for pair in zip(agreed["measure"], agreed["uncoded"], strict=True)]
    ]


def _said(agreed: pd.DataFrame, language: str) -> list[str]:
    _ = words(language).gettext
    two = decimals(2)

    def value(row: dict[str, Any]) -> str:
        if pd.isna(row["value"]):
            return str(row[f"reason_{language}"])
        if pd.isna(row["low"]):
            return two(row["value"], language)
        low, high = two(row["low"], language), two(row["high"], language)
        return _("{value} ({low} to {high})").format(value=two(row["value"], language), low=low, high=high)

    shares = [lang.number(100 * share, language, 1, "%")["text"] for share in agreed["prevalence"]]
    used = [_("used on {share} of the units").format(share=share) for share in shares]
    only = _("coded units only")
    measure = agreed["measure"].where(agreed["uncoded"] == "in", agreed["measure"] + ", " + only)
    table = agreed.assign(
        measure=measure,
        written=agreed.apply(value, axis=1),
        name=[f"{name} ({u})" for name, u in zip(agreed["name"], used, strict=True)],
    )
    return long_description(table, language, "name", "{measure} {written}", key="code")


def _unit_words(agreed: pd.DataFrame, language: str) -> str:
    """Say what the agreement rests on: coders, interviews, units, and what counts as one."""
    _ = words(language).gettext
    row, drawn = agreed.iloc[0], _drawn(agreed)
    said = (
        words(language)
        .ngettext(
            "n = {units} {unit} in {documents} interview of {coders} coders, {coded} of them coded by somebody. "
            "Line: 95% interval. Used: share of all units with the code.",
            "n = {units} {unit} in {documents} interviews of {coders} coders, {coded} of them coded by somebody. "
            "Line: 95% interval. Used: share of all units with the code.",
            int(row["documents"]),
        )
        .format(
            units=row["units"],
            unit=_units(agreed, language),
            documents=row["documents"],
            coders=row["coders"],
            coded=agreed.loc[agreed["uncoded"] == "out", "units"].max(),
        )
    )
    if drawn["method"].str.contains("within").any():
        said += " " + _("Intervals allow for units of one interview being alike.")
    else:
        said += " " + _("With fewer than five interviews units count as independent, and intervals are too narrow.")
    if row["unit"] == "segment":
        said += " " + _("An uncoded stretch counts as one piece, however long, which lowers kappa.")
    said += " " + f"{_readers(agreed, language)}.".capitalize()
    if row["left_out"]:
        left = words(language).ngettext(
            "Left out is {left_out} coding without a position.",
            "Left out are {left_out} codings without a position.",
            int(row["left_out"]),
        )
        said += " " + left.format(left_out=row["left_out"])
    undefined = drawn[drawn["value"].isna()]
    return said + "".join(f" {reason[:1].upper()}{reason[1:]}." for reason in undefined[f"reason_{language}"].unique())


@needs_rows()
def power(table: pd.DataFrame) -> Chart:
    """Draw what interval a kappa would have had with the units there were, and with more of them.

    `table` as `strands.coded_patterns.power` gives it: axes for each share of the units with the code, one below the
    other.
    """
    kappa, lowest = float(table["kappa"].iloc[0]), float(table["lowest"].iloc[0])
    parts = [part.reset_index(drop=True) for _, part in table.groupby("prevalence", sort=True)]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, panels = sheet(width, [1.4] * len(parts), sharex=True)
        for axes, part in zip(panels, parts, strict=True):
            names = [f"n = {as_number(units, language)}" for units in part["units"]]
            middles = rows(axes, names, 1.2, headings=part.index[part["here"]], least=0.15)
            number_axis(axes, -0.25, 1.0, [0, 0.5, 1], lambda tick: _ONE(tick, language))
            axes.axvline(lowest, color=GREY, linestyle="--", linewidth=0.8, zorder=0)
            shown = part.assign(value=part["kappa"].where(part["low"].notna()), low=part["low"].clip(lower=-0.25))
            missing = [_("too few to say anything")] * len(part)
            estimates(axes, shown, middles, "value", "low", "high", filled=list(part["here"]), missing=missing)
            share, needed = (
                as_percent(part["prevalence"].iloc[0], language),
                as_number(part["needed"].iloc[0], language),
            )
            title = _("code on {share} of the units; {needed} units needed").format(share=share, needed=needed)
            heading(axes, title)
        note(
            figure,
            _(
                "Line: the 95% interval that a kappa of {kappa} would have (dot). Dashed: {lowest}. Bold: the units "
                "there were. Units count as independent: the best case."
            ).format(kappa=_ONE(kappa, language), lowest=_ONE(lowest, language)),
        )
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        two = decimals(2)
        names = [
            _("code on {share}, n = {units}").format(share=as_percent(share, language), units=units)
            for share, units in zip(table["prevalence"], table["units"], strict=True)
        ]
        return long_description(
            table.assign(name=names, reason=table[f"reason_{language}"]),
            language,
            "name",
            _("{low} to {high}"),
            formats={"low": two, "high": two},
            instead={"low": "{reason}"},
        )

    def numbers(language: str) -> dict[str, Any]:
        return {
            "units_here": int(table.loc[table["here"], "units"].iloc[0]),
            "kappa": _ONE(kappa, language),
            "lowest": _ONE(lowest, language),
            "power": as_percent(table["power"].iloc[0], language),
        }

    return Chart(table, draw, describe, numbers)


__all__ = ["agreement", "power", "unit_name"]
