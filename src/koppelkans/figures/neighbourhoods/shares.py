"""Shares of people in several studies: a line each for few of them, else dots around their mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_percent, long_description, needs_rows
from koppelkans.figures.charts import estimates, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import percent_axis
from koppelkans.figures.neighbourhoods.signs import SIGNS, marked_name, signs_text
from koppelkans.figures.style import BLUE, BLUE_TINT, GREY, NARROW, ORANGE
from koppelkans.integration.neighbourhoods import NAMED, Names
from koppelkans.locale import N_, words
from koppelkans.locale import language as lang
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.published import rows_of

_KINDS = {"motive": N_("motives"), "barrier": N_("barriers"), "discouraging": N_("what discourages")}
MOST_NAMED = 4
"""Studies that get a line each; of more, each is a dot."""


MOST_PANELS = 10
"""Questions, or kinds of themes, of a strand that are drawn: those of most studies."""
_ORIGINS = ("collected", "synthetic", "bounds", "published")
"""Order of the lines of an answer or a theme."""


def motives(table: pd.DataFrame, summary: pd.DataFrame, names: Names) -> Chart:
    """Draw which share of people raised each motive and barrier; tables as `compared_themes.motives_and_barriers`."""

    def name(row: Mapping[str, Any], language: str) -> str:
        return str(row["name"])

    def head(row: Mapping[str, Any], language: str) -> str:
        kind = _KINDS[row["kind"]]
        return f"{words(language).gettext(kind)}, {names.strand(row['strand'], language)}"

    order = {kind: place for place, kind in enumerate(_KINDS)}
    ordered = table.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    counted = ordered.assign(value=ordered["share"], item=ordered["theme"], word_nl="", word_en="")
    return _shares(counted, summary.rename(columns={"theme": "item"}), ["kind", "strand"], head, name, names)


def answers(table: pd.DataFrame, summary: pd.DataFrame, bounds: pd.DataFrame, names: Names) -> Chart:
    """Draw the shares of answers; tables as `compared_answers.compared`, `neighbourhoods.published_shares`.

    What published words allow is a bar without a point.
    """

    def name(row: Mapping[str, Any], language: str) -> str:
        return str(row[f"option_{language}"])

    def head(row: Mapping[str, Any], language: str) -> str:
        return f"{row[f'label_{language}']} {names.strand(row['strand'], language)}"

    labels = ["label_nl", "label_en", "option_nl", "option_en", "order"]
    keys = ["strand", "question", "option"]
    words_of = bounds.merge(table.drop_duplicates(keys)[[*keys, *labels]], on=keys)
    both = pd.concat([part for part in (table, words_of) if len(part)], ignore_index=True) if len(table) else table
    place = {key: at for at, key in enumerate(dict.fromkeys(zip(both["question"], both["strand"], strict=True)))}
    both = both.assign(
        item=both["option"], place=[place[key] for key in zip(both["question"], both["strand"], strict=True)]
    )
    both = both.sort_values(["place", "order"], kind="stable", ignore_index=True).drop(columns="place")
    return _shares(both, summary.rename(columns={"option": "item"}), ["question", "strand"], head, name, names)


@needs_rows(Reason(N_("no two studies hold this of the same people")))
def _shares(table: pd.DataFrame, summary: pd.DataFrame, panel: list[str], head: Any, name: Any, names: Names) -> Chart:
    """Draw shares: a line each for few studies, else a dot each around their mean.

    `panel`: columns that make a heading each; `head` and `name` write a row's heading, and its answer or theme.
    """
    few = table["study"].nunique() <= MOST_NAMED
    asked_by = table.groupby(panel, sort=False)["study"].nunique()
    largest = set(asked_by.nlargest(MOST_PANELS, keep="first").index)
    known = {(*(row[key] for key in panel), row["item"], row["origin"]): row for row in rows_of(summary)}

    def lines(language: str) -> list[tuple[str, pd.DataFrame, dict[str, Any] | None, str]]:
        """Return name, rows, summary and the text beside each line; a heading has no rows."""
        result: list[tuple[str, pd.DataFrame, dict[str, Any] | None, str]] = []
        for key, of_panel in table.groupby(panel, sort=False):
            if key not in largest:
                continue
            first, items = rows_of(of_panel)[0], list(dict.fromkeys(of_panel["item"]))
            result.append((head(first, language), of_panel.head(0), None, ""))
            if len(items) == 2 and first.get("kind") == "single":
                del items[1]  # the rest of the first
            for item in items:
                own = of_panel[of_panel["item"] == item]
                own = own.sort_values("origin", key=lambda origins: origins.map(_ORIGINS.index), kind="stable")
                title = name(rows_of(own)[0], language)
                if few:
                    for place, row in enumerate(rows_of(own)):
                        said = f"{title}\n" if not place else ""
                        text = _share_text(row, language)
                        result.append((f"{said}   {marked_name(row['study'], names)}", own.iloc[[place]], None, text))
                    continue
                for place, (origin, rows_own) in enumerate(own.groupby("origin", sort=False)):
                    pooled = known.get((*(first[key] for key in panel), item, origin))
                    sign, what = SIGNS.get(str(origin), SIGNS["published"]), lang.text(str(origin), language).lower()
                    text = _mean_text(pooled, rows_own, language)
                    result.append((f"   {what} {sign}" if place else f"{title} {sign}", rows_own, pooled, text))
        return result

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        laid = lines(language)
        figure, axes = sheet(width)
        percent_axis(axes)
        axes.spines[:].set_visible(False)
        headings = [place for place, (_name, own, *_rest) in enumerate(laid) if own.empty]
        room = 1.9 if width > NARROW else 1.15
        middles = rows(axes, [line[0] for line in laid], room, headings=headings, spanning=headings, least=0.15)
        for y, (_name, own, pooled, _text) in zip(middles, laid, strict=True):
            _draw_line(axes, y, own, pooled, few)
        right_column(axes, middles, "", [text for *_line, text in laid])
        note(figure, legend(language))
        return figure

    def legend(language: str) -> str:
        _ = words(language).gettext
        said = [] if few else [_("Dot: a neighbourhood.")]
        if not few and summary["mean"].notna().any():
            said.append(_("Diamond: mean of such neighbourhoods, with its 95% interval. Band: where 95% of them lie."))
        if few:
            said.append(_("Line: 95% interval of one neighbourhood by itself."))
        if (table["origin"] == "bounds").any():
            said.append(_("Open bar: what the published words allow."))
        if table["is_hidden"].eq(True).any():
            said.append(_("× = too few people to show."))
        if left := len(asked_by) - len(largest):
            more = words(language).ngettext("{n} more stands in the data.", "{n} more stand in the data.", left)
            said.append(more.format(n=left))
        return f"{' '.join(said)} {signs_text(table, names, language)}."

    def describe(language: str) -> list[str]:
        said = table.assign(
            who=[marked_name(key, names) for key in table["study"]],
            what=[_share_text(row, language) for row in rows_of(table)],
            whose=[f"{head(row, language)}, {name(row, language)}" for row in rows_of(table)],
        )
        return long_description(said, language, "whose", "{who} {what}", key="whose")

    def numbers(language: str) -> dict[str, Any]:
        pooled = summary["mean"].notna().sum()
        return {
            "items": table.drop_duplicates([*panel, "item"]).shape[0],
            "studies": table["study"].nunique(),
            "pooled": int(pooled) or None,
            "not_pooled": int(len(summary) - pooled) or None,
        }

    return Chart(table.drop(columns=["item", "is_hidden"], errors="ignore"), draw, describe, numbers)


def _draw_line(axes: Axes, y: float, own: pd.DataFrame, pooled: Mapping[str, Any] | None, few: bool) -> None:
    words_of, counted = own[own["origin"] == "bounds"], own[own["value"].notna()]
    for row in rows_of(words_of):
        width = row["high"] - row["low"]
        axes.barh(y, width, 0.1, left=row["low"], facecolor="none", edgecolor=GREY, linestyle="--")
    if few:
        if len(counted):
            estimates(axes, counted, [y] * len(counted), "value", "low", "high")
        return
    if pooled is not None and pd.notna(pooled["mean"]):
        band = pooled["between_high"] - pooled["between_low"]
        axes.barh(y, band, 0.2, left=pooled["between_low"], color=BLUE_TINT, zorder=0)
    dots: dict[str, Any] = {"s": 14, "color": BLUE, "alpha": 0.55, "linewidths": 0, "clip_on": False, "zorder": 2}
    axes.scatter(counted["value"].astype(float), [y] * len(counted), **dots)
    if pooled is not None and pd.notna(pooled["mean"]):
        axes.plot([pooled["mean_low"], pooled["mean_high"]], [y, y], color=ORANGE, linewidth=2, zorder=3)
        axes.plot([pooled["mean"]], [y], marker="D", markersize=5, color=ORANGE, zorder=4)


def _share_text(row: Mapping[str, Any], language: str) -> str:
    """Write the share of one study, or why there is none."""
    _ = words(language).gettext
    if row["origin"] == "bounds":
        return f"{as_percent(row['low'], language)[:-1]}–{as_percent(row['high'], language)}"
    if pd.notna(row["value"]):
        return interval_of(row, "value", "low", "high", language)
    return _("named") if row.get("state") == NAMED else "×" if row.get("is_hidden") else "–"


def interval_of(row: Mapping[str, Any], value: str, low: str, high: str, language: str) -> str:
    """Write a share with its interval, such as 34% (22–47)."""
    ends = f"{as_percent(row[low], language)[:-1]}–{as_percent(row[high], language)[:-1]}"
    return f"{as_percent(row[value], language)} ({ends})"


def _mean_text(pooled: Mapping[str, Any] | None, own: pd.DataFrame, language: str) -> str:
    """Write the mean of several studies, or how many there are where it was not worked out."""
    _ = words(language).gettext
    if (own["origin"] == "bounds").all():
        return " ".join(_share_text(row, language) for row in rows_of(own))
    if pooled is not None and pd.notna(pooled["mean"]):
        return interval_of(pooled, "mean", "mean_low", "mean_high", language)
    hidden = int(own["is_hidden"].eq(True).sum())
    return f"× {hidden}" if hidden else _("named") if own["value"].isna().all() else "–"
