"""Charts of the koppelkansen sessions."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, long_description, needs_rows
from koppelkans.figures.charts import bars, events, heading, marks, panels, right_column, rows, sheet
from koppelkans.figures.item_names import item_name
from koppelkans.figures.style import BLUE, BLUE_TINT, GREY, INK, NARROW, RED, RULE, SMALL
from koppelkans.locale import language as lang
from koppelkans.locale import words
from koppelkans.strands.published import rows_of


def _month(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"{text}-01")


@needs_rows()
def timeline(
    programme: pd.DataFrame, stated: tuple[str, str] | None = None, other_month: tuple[int, str] | None = None
) -> Chart:
    """Draw the sessions by month, one row each, with their themes beside the mark.

    `programme` as `strands.sessions.with_themes` gives it. `stated` is the period (first and last YYYY-MM) that the
    running text names, which is shaded; a session outside it gets an open mark. `other_month` is a session and the
    month that another place in the study gives for it.
    """
    outside = ~programme["in_stated_period"].astype("boolean").fillna(True).astype(bool)
    when = programme["month"].map(_month)

    def elsewhere(language: str) -> str:
        _ = words(language).gettext
        return _("figure 4 of the study: {month}").format(month=lang.month(other_month[1], language, short=True))  # type: ignore[index]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width)
        notes: list[list[str]] = [[_("outside that period")] if out else [] for out in outside]
        if other_month:
            place = list(programme["session"]).index(other_month[0])
            notes[place] = [*notes[place], elsewhere(language)]
        lines = [[part[:1].upper() + part[1:] for part in text.split("; ")] for text in programme["themes"]]
        drawn = programme.assign(when=when, outside=outside, lines=pd.Series(lines, index=programme.index))
        drawn["notes"] = pd.Series(notes, index=programme.index)
        until = max(when.max(), _month(stated[1])) if stated else None
        y = events(axes, drawn, "when", "session", "lines", notes="notes", open_marks="outside", until=until)
        if stated:
            end = _month(stated[1]) + pd.offsets.MonthEnd(0)
            axes.axvspan(
                _month(stated[0]) - pd.Timedelta(days=15), end - pd.Timedelta(days=14), color=BLUE_TINT, zorder=0
            )
            axes.set_title(_("period in the running text"), color=BLUE, fontsize=SMALL, fontweight="regular")
        if other_month:
            days = [when.iloc[place], _month(other_month[1])]
            axes.plot(days, [y[place]] * 2, color=RED, linestyle="--", zorder=1)
            axes.plot(days[1:], y[place], "o", color=RED, mfc="white", markersize=8, zorder=3)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        months = [lang.month(month, language) for month in programme["month"]]
        names = [
            _("Session {n}, {month}").format(n=n, month=m) for n, m in zip(programme["session"], months, strict=True)
        ]
        return long_description(programme.assign(name=names), language, "name", "{themes}")

    return Chart(programme, draw, describe)


def work_forms(matrix: pd.DataFrame, programme: pd.DataFrame) -> Chart:
    """Draw which session had a work form of which category, a number in the mark for more than one.

    `matrix` and `programme` as `strands.sessions` gives them. Online sessions are shaded. On a phone a session is a
    row.
    """
    return _work_forms(matrix.reset_index(), programme)


@needs_rows()
def _work_forms(table: pd.DataFrame, programme: pd.DataFrame) -> Chart:
    long = table.melt("session", var_name="category", value_name="n").query("n > 0")
    categories = [column for column in table.columns if column != "session"]
    totals = [str(int(table[category].sum())) for category in categories]
    places = {session: place for place, session in enumerate(table["session"])}
    online = [places[session] for session in programme.loc[programme["mode"] == "online", "session"]]

    def wide(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width)
        middles = rows(axes, [item_name(category, language) for category in categories], 1.4)
        at = long.assign(x=long["session"].map(places), y=[middles[categories.index(c)] for c in long["category"]])
        marks(axes, at, "x", "y", "n")
        axes.hlines(middles, -0.5, len(places) - 0.5, color=RULE, linewidth=0.5, zorder=1)
        for place in online:
            axes.axvspan(place - 0.5, place + 0.5, color=BLUE_TINT, linewidth=0, zorder=0)
        if online:
            axes.annotate(
                _("online"), (sum(online) / len(online), 0), xycoords=("data", "axes fraction"), xytext=(0, -3),
                textcoords="offset points", ha="center", va="top", color=BLUE,
            )  # fmt: skip
        axes.set_xlim(-0.6, len(places) - 0.4)
        first = programme["year"] != programme["year"].shift()
        heads = [
            f"{row['session']}\n{int(row['month'][5:7])}\n{row['year'] if new else ' '}"
            for row, new in zip(rows_of(programme), first, strict=True)
        ]
        axes.set_xticks(range(len(places)), heads)
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        axes.annotate(
            "\n".join((_("session"), _("month"), _("year"))), (0, 1), xycoords="axes fraction", xytext=(-8, 3),
            textcoords="offset points", ha="right", va="bottom", color=GREY,
        )  # fmt: skip
        right_column(axes, middles, _("total"), totals)
        return figure

    def upright(width: float, language: str) -> Figure:
        _ = words(language).gettext
        figure, axes = sheet(width)
        names = [lang.month(month, language, short=True) for month in programme["month"]]
        names = [f"{session} · {name}" for session, name in zip(programme["session"], names, strict=True)]
        names = [f"{name} ({_('online')})" if place in online else name for place, name in enumerate(names)]
        middles = rows(axes, names, 1.6)
        at = long.assign(
            x=[categories.index(c) for c in long["category"]], y=[middles[places[s]] for s in long["session"]]
        )
        marks(axes, at, "x", "y", "n")
        step = middles[1] - middles[0] if len(middles) > 1 else 0.2
        for place in online:
            axes.axhspan(middles[place] - step / 2, middles[place] + step / 2, color=BLUE_TINT, linewidth=0, zorder=0)
        axes.set_xlim(-0.5, len(categories) - 0.5)
        axes.set_xticks(range(len(categories)), [item_name(category, language) for category in categories], rotation=90)
        axes.xaxis.tick_top()
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        for place, total in enumerate(totals):
            axes.annotate(
                total, (place, 0), xycoords=("data", "axes fraction"), xytext=(0, -4), textcoords="offset points",
                ha="center", va="top", color=INK,
            )  # fmt: skip
        axes.annotate(
            _("total"), (0, 0), xycoords="axes fraction", xytext=(-8, -4), textcoords="offset points", ha="right",
            va="top", color=GREY,
        )  # fmt: skip
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for category, total in zip(categories, totals, strict=True):
            used = table.loc[table[category] > 0, ["session", category]].itertuples(index=False)
            cells = ", ".join(f"{session} ({n}×)" if n > 1 else str(session) for session, n in used)
            said = _("sessions {names}; {n} work forms together").format(names=cells, n=total)
            lines.append(f"- {item_name(category, language)}: {said}")
        return lines

    return Chart(table, lambda width, language: (upright if width <= NARROW else wide)(width, language), describe)


@needs_rows()
def programme_totals(
    totals: pd.DataFrame,
    per_year: pd.DataFrame,
    programme: pd.DataFrame,
    stated_to: str | None = None,
    stated: float | None = None,
) -> Chart:
    """Draw three small charts: sessions per year, months between sessions, and sessions and hours in three readings.

    `totals`, `per_year` and `programme` as strands.sessions gives them; `stated_to` is the last month (YYYY-MM) and
    `stated` the number of sessions that the running text names.
    """
    later = programme.dropna(subset="months_since_previous")

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        ends = {
            "before": _("before {month}"),
            "through": _("up to and including {month}"),
            "all": _("all rows of the table"),
        }
        month = lang.month(stated_to, language) if stated_to else ""
        shapes = [[1], [1], [1]] if width <= NARROW else [[1, 2], [1]]
        figure, (years, gaps, readings) = panels(width, [0.85] * len(shapes), shapes)
        bars(years, per_year, "year", "n")
        years.set_title(_("Sessions per year"))
        bars(gaps, later, "session", "months_since_previous")
        gaps.set_title(_("Months since the previous session, by session"))
        texts = [
            _("{sessions} sessions").format(sessions=row["sessions"])
            if pd.isna(row["hours"])
            else _("{sessions} sessions, {hours} hours").format(sessions=row["sessions"], hours=f"{row['hours']:g}")
            for row in rows_of(totals)
        ]
        middles = rows(
            readings,
            [ends[reading].format(month=month) for reading in totals["reading"]],
            1.8 if width > NARROW else 1.2,
        )
        drawn = readings.barh(middles, totals["sessions"], height=0.2, color=BLUE)
        readings.bar_label(drawn, labels=texts, label_type="center", color="white", fontweight="semibold")
        readings.set_xticks([])
        readings.spines[:].set_visible(False)
        heading(readings, _("Sessions and hours, by end of the count"))
        if stated:
            readings.axvline(stated, color=RED, linestyle="--", linewidth=1.2)
            readings.annotate(
                _("the text states {stated} sessions").format(stated=f"{stated:g}"), (stated, 0),
                xycoords=("data", "axes fraction"), xytext=(0, -2), textcoords="offset points", ha="right", va="top",
                color=RED, annotation_clip=False,
            )  # fmt: skip
        return figure

    return Chart(totals, draw)
