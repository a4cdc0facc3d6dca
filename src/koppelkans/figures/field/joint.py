"""Joint displays and triangulation: what people said beside how many answered so, theme by theme."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import estimates, legend, note, right_column, rows, sheet
from koppelkans.figures.field.estimate_words import interval_text, n_text
from koppelkans.figures.fonts import width_of
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import BLUE, GREEN, GREY, NARROW, PALE, PAPER, PURPLE, RED, SMALL
from koppelkans.integration.joint_display import HIDDEN_FIT
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.link_settings import LEVELS
from koppelkans.study.origin import carries_origin
from koppelkans.study.strands import strand_name

_FITS = {
    "confirm": ("=", N_("confirm"), GREEN),
    "expand": ("+", N_("expand"), BLUE),
    "discord": ("≠", N_("discord"), RED),
    "undecided": ("?", N_("undecided"), PURPLE),
    "silence": ("·", N_("silence"), GREY),
    HIDDEN_FIT: ("×", N_("hidden"), GREY),
}
_EMPTY = ("silence", HIDDEN_FIT)
_LEVELS = {
    "policy": N_("Policy"),
    "community": N_("Community"),
    "institutional": N_("Institutional"),
    "interpersonal": N_("Interpersonal"),
    "intrapersonal": N_("Intrapersonal"),
    "": N_("Without a level"),
}


def _convergence(key: str, language: str) -> str:
    """Name how the strands go together."""
    catalog = words(language)
    return {
        "agreement": catalog.pgettext("of sources", "agreement"),
        "partial": catalog.gettext("partial"),
        "dissonance": catalog.gettext("dissonance"),
        "one": catalog.gettext("one group speaks"),
        "silence": catalog.gettext("silence"),
        HIDDEN_FIT: catalog.gettext("hidden"),
    }[key]


def _question(row: dict[str, Any], options: pd.DataFrame, language: str) -> str:
    """Write a question and the answers that count, such as "Do you trust the plan? – no"."""
    _ = words(language).gettext
    if not row["question"]:
        return _("no question about it")
    own = options[(options["strand"] == row["strand"]) & (options["question"] == row["question"])]
    names = own.set_index("option")[f"label_{language}"].to_dict()
    between = _("or")
    answers = f" {between} ".join(str(names.get(answer) or answer) for answer in row["answers"])
    return f"{row[f'label_{language}'] or row['question']} – {answers}"


def _interviews(row: dict[str, Any], language: str) -> str:
    """Write of how many interviewees a theme is, such as "8 of 12"."""
    _ = words(language).gettext
    if row["hidden_interviews"]:
        return _("hidden")
    if not row["of_cases"]:
        return _("none")
    return _("{k} of {n}").format(k=int(row["cases"]), n=int(row["of_cases"]))


def _raised(row: dict[str, Any]) -> dict[str, Any]:
    """Return the share of interviewees as an estimate."""
    value = None if row["hidden_interviews"] or not row["of_cases"] else row["cases"] / row["of_cases"]
    return {"value": value, "low": row["cases_low"], "high": row["cases_high"]}


def _share(row: dict[str, Any], language: str) -> str:
    if not row["question"]:
        return ""
    written = interval_text({**row, "hidden": row["hidden_answers"], f"reason_{language}": "n = 0"}, language)
    return written if row["hidden_answers"] or pd.isna(row["value"]) else f"{written}, {row['n']}"


def _qualitative(row: dict[str, Any], language: str) -> str:
    """Write what the interviews say: of how many people, with the interval of their share, and a passage."""
    _ = words(language).gettext
    interviews = " ".join((_interviews(row, language), _("interviews")))
    if row["of_cases"] and not row["hidden_interviews"]:
        n = int(row["codings"])
        codings = words(language).ngettext("{n} coding", "{n} codings", n).format(n=n)
        interviews = f"{interviews}, {interval_text(_raised(row), language)}, {codings}"
    return f"{interviews}: “{row['quotation']}” ({row['quoted']})" if row["quotation"] else interviews


def _quantitative(row: dict[str, Any], options: pd.DataFrame, language: str) -> str:
    """Write what the answers say: the question, the answers that count, and their share with its interval."""
    answers = _question(row, options, language)
    if not row["question"]:
        return answers
    known = row["hidden_answers"] or pd.notna(row["value"])
    nobody = words(language).gettext("nobody answered")
    written = interval_text({**row, "hidden": row["hidden_answers"]}, language) if known else nobody
    return f"{answers}: {written}, {n_text(row, language)}"


def _why(row: dict[str, Any], language: str) -> str:
    """Say which rule gave the verdict, or that the researcher reads it otherwise."""
    _ = words(language).gettext
    if row["fit"] == row["proposed"]:
        return str(row[f"rule_{language}"])
    _sign, proposed, _colour = _FITS[row["proposed"]]
    said = _("the researcher's reading; by the numbers {proposed}: {rule}")
    return said.format(proposed=_(proposed), rule=row[f"rule_{language}"])


def _inference(row: dict[str, Any], language: str) -> str:
    """Write the researcher's meta-inference, and what is to be done next."""
    follow_up = row[f"follow_up_{language}"]
    next_step = words(language).gettext("Follow-up: {what}").format(what=follow_up) if follow_up else ""
    return " ".join(filter(None, (row[f"inference_{language}"], next_step)))


@carries_origin
def joint_table(table: pd.DataFrame, options: pd.DataFrame, language: str, strands: Strands) -> pd.DataFrame:
    """Lay a joint display out to be read: theme, strand, qualitative, quantitative, fit, rule, inference."""
    _ = words(language).gettext
    lines = []
    for row in rows_of(table):
        strand = strand_name(strands, row["strand"], language)
        _sign, fit, _colour = _FITS[row["fit"]]
        sides = (_qualitative(row, language), _quantitative(row, options, language))
        lines.append((row[f"name_{language}"], strand, *sides, _(fit), _why(row, language), _inference(row, language)))
    columns = ["theme", "strand", "qualitative", "quantitative", "fit", "rule", "inference"]
    return pd.DataFrame(lines, columns=columns)


@needs_rows()
def joint_display(table: pd.DataFrame, options: pd.DataFrame, strands: Strands) -> Chart:
    """Draw each theme with a row for each strand: the share of interviewees above that of answers, and the fit.

    `table` as `integration.field_joint` gives it. Both shares have their interval, for the verdict rests on these.
    """

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        lines: list[tuple[str, dict[str, Any] | None]] = []
        headings: list[int] = []
        for _link, own in table.groupby("link", sort=False):
            headings.append(len(lines))
            lines.append((str(own.iloc[0][f"name_{language}"]), None))
            asked = [_question(row, options, language) for row in rows_of(own)]
            for question, of_question in own.groupby(asked, sort=False):
                lines.append((str(question), None))
                lines += [(strand_name(strands, row["strand"], language), row) for row in rows_of(of_question)]
        figure, axes = sheet(width)
        phone = width <= NARROW
        cases = [_interviews(row, language) if row else "" for _name, row in lines]
        shares = [_share(row, language) if row else "" for _name, row in lines]
        marks = [_FITS[row["fit"]] if row else ("", "", "") for _name, row in lines]
        names = [name for name, _row in lines]
        if phone:
            below = ["\n".join(filter(None, cells)) for cells in zip(cases, shares, strict=True)]
            names = [f"{name}\n{text}" if text else name for name, text in zip(names, below, strict=True)]
        columns = [] if phone else [(_("interviews"), cases), (_("share, n"), shares)]
        spanning = [place for place, (_name, row) in enumerate(lines) if row is None]
        middles = rows(axes, names, 1.3, headings=headings, spanning=spanning, columns=columns, least=0.26)
        _draw_shares(axes, [(y, row) for y, (_name, row) in zip(middles, lines, strict=True) if row], strands)
        fits = [f"{sign} {_(name)}" if name else "" for sign, name, _colour in marks]
        right_column(axes, middles, "", fits, colours=[colour for *_words, colour in marks])
        above, under = _("Above, in grey: share of the interviewees."), _("Below it, in colour: share of the answers.")
        note(figure, f"{above} {under}")
        return figure

    def describe(language: str) -> list[str]:
        shown = rows_of(joint_table(table, options, language, strands))
        return [
            f"- {r['theme']}, {r['strand']}: {r['qualitative']}; {r['quantitative']}. {r['fit']}, {r['rule']}"
            for r in shown
        ]

    return Chart(table.drop(columns=["codes"], errors="ignore"), draw, describe)


def _draw_shares(axes: Any, lines: list[tuple[float, dict[str, Any]]], strands: Strands) -> None:
    """Draw the share of interviewees and that of answers, each with its interval, on one axis from 0 to 100%."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x", color=PALE)
    axes.spines[:].set_visible(False)
    for y, row in lines:
        interviews = pd.DataFrame([_raised(row)], dtype=object)
        estimates(axes, interviews, [y], "value", "low", "high", colour=GREY, shift=-0.06)
        if row["question"] and not row["hidden_answers"]:
            colour, filled = strand_style(strands, row["strand"])
            estimates(axes, pd.DataFrame([row]), [y], "value", "low", "high", colour=colour, filled=filled, shift=0.06)


@needs_rows()
def triangulation(table: pd.DataFrame, strands: Strands) -> Chart:
    """Draw the verdict on each theme in each strand, by level of the social-ecological model.

    `table` as `integration.triangulated` gives it. The last column, on a phone a line below the theme, says how the
    strands go together. A level without a theme says so where other themes have one.
    """
    columns = [str(column) for column in table.columns if str(column).startswith("in ")]
    keys = [column.removeprefix("in ") for column in columns]

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        lines: list[tuple[str, dict[str, Any] | None]] = []
        headings: list[int] = []
        levelled = bool((table["level"] != "").any())
        unlevelled = [""] if not levelled or (table["level"] == "").any() else []
        for level in [*(LEVELS if levelled else ()), *unlevelled]:
            own = rows_of(table[table["level"] == level])
            if levelled:
                headings.append(len(lines))
                lines.append((_(_LEVELS[level]), None))
            lines += [(row[f"name_{language}"], row) for row in own]
            if levelled and not own:
                lines.append((_("no theme"), None))
        united = [_convergence(row["convergence"], language) if row else "" for _name, row in lines]
        phone = width <= NARROW
        names = [f"{name}\n{t}" if phone and t else name for (name, _row), t in zip(lines, united, strict=True)]
        figure, axes = sheet(width)
        middles = rows(axes, names, 1.6 if phone else 2.3, headings=headings)
        axes.set_xlim(-0.5, len(keys) - 0.5)
        heads = [strand_name(strands, key, language) for key in keys]
        room = (width - (1.8 if phone else 3.4)) / len(keys)
        upright = any(width_of(head, SMALL) > room for head in heads)
        axes.set_xticks(range(len(keys)), heads, rotation=90 if upright else 0)
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        for y, (_name, row) in zip(middles, lines, strict=True):
            for x, column in enumerate(columns if row else ()):
                if fit := row[column]:  # type: ignore[index]
                    sign, _word, colour = _FITS[fit]
                    face = PAPER if fit in _EMPTY else colour
                    axes.plot(x, y, "o", markersize=11, mfc=face, mec=colour)
                    ink = colour if fit in _EMPTY else PAPER
                    axes.annotate(sign, (x, y), ha="center", va="center_baseline", color=ink, weight="semibold")
        if not phone:
            right_column(axes, middles, _("together"), united)
        handles = [
            Line2D([], [], linestyle="", marker="o", mfc=PAPER if f in _EMPTY else c, mec=c, label=f"{s} {_(word)}")
            for f, (s, word, c) in _FITS.items()
            if f != HIDDEN_FIT or table[columns].isin([f]).any(axis=None)
        ]
        legend(axes, handles=handles, columns=3 if phone else 5, below=True)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            level = f" ({_(_LEVELS[row['level']])})" if row["level"] else ""
            said = [
                f"{strand_name(strands, key, language)} {_(_FITS[row[column]][1])}"
                for key, column in zip(keys, columns, strict=True)
                if row[column]
            ]
            united = _convergence(row["convergence"], language)
            lines.append(f"- {row[f'name_{language}']}{level}: {', '.join(said)}; {united}")
        return lines

    return Chart(table, draw, describe, numbers=lambda language: {"themes": len(table)})
