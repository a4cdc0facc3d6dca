"""Joint displays and triangulation: what people said beside how many answered so, theme by theme."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from koppelkans.figures.chart import Chart, needs_rows
from koppelkans.figures.charts import estimates, legend, note, right_column, rows, sheet
from koppelkans.figures.field.estimate_words import interval_text, n_text
from koppelkans.figures.strand_styles import Strands, strand_style
from koppelkans.figures.style import BLUE, GREEN, GREY, NARROW, PALE, PAPER, PURPLE, RED, RULE
from koppelkans.locale import N_, words
from koppelkans.strands.published import rows_of
from koppelkans.study.origin import carries_origin
from koppelkans.study.settings import LEVELS
from koppelkans.study.strands import strand_name

_FITS = {
    "confirm": ("=", N_("confirm"), GREEN),
    "expand": ("+", N_("expand"), BLUE),
    "discord": ("≠", N_("discord"), RED),
    "silent": ("·", N_("silent"), GREY),
}
_STANCES = {
    "supports": ("+", N_("yes"), GREEN),
    "nuances": ("±", N_("partly"), BLUE),
    "contradicts": ("–", N_("no"), RED),
    "mixed": ("≈", N_("mixed"), PURPLE),
    "silent": ("", N_("silent"), RULE),
}
_LEVELS = {
    "policy": N_("Policy"),
    "community": N_("Community"),
    "institutional": N_("Institutional"),
    "interpersonal": N_("Interpersonal"),
    "intrapersonal": N_("Intrapersonal"),
    "": N_("Without a level"),
}


def _convergence(key: str, language: str) -> str:
    """Name how the sides go together."""
    catalog = words(language)
    return {
        "agreement": catalog.pgettext("of sources", "agreement"),
        "partial": catalog.gettext("partial"),
        "dissonance": catalog.gettext("dissonance"),
        "one strand": catalog.gettext("one side"),
        "silence": catalog.gettext("silence"),
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


def _cases(row: dict[str, Any], language: str) -> str:
    """Write in how many interviews a theme was, such as "8 of 12"."""
    _ = words(language).gettext
    if row["hidden_interviews"]:
        return _("hidden")
    if not row["of_cases"]:
        return _("none")
    return _("{k} of {n}").format(k=int(row["cases"]), n=int(row["of_cases"]))


def _share(row: dict[str, Any], language: str) -> str:
    if not row["question"]:
        return ""
    written = interval_text({**row, "hidden": row["hidden_answers"], f"reason_{language}": "n = 0"}, language)
    return written if row["hidden_answers"] or pd.isna(row["value"]) else f"{written}, {row['n']}"


@carries_origin
def joint_table(table: pd.DataFrame, options: pd.DataFrame, language: str, strands: Strands) -> pd.DataFrame:
    """Lay a joint display out to be read: theme, strand, qualitative, quantitative, fit, rule."""
    _ = words(language).gettext
    lines = []
    for row in rows_of(table):
        interviews = " ".join((_cases(row, language), _("interviews")))
        if row["of_cases"] and not row["hidden_interviews"]:
            n = int(row["codings"])
            codings = words(language).ngettext("{n} coding", "{n} codings", n).format(n=n)
            interviews = f"{interviews}, {codings}"
        answers = _question(row, options, language)
        if row["question"]:
            known = row["hidden_answers"] or pd.notna(row["value"])
            share = {**row, "hidden": row["hidden_answers"]}
            written = interval_text(share, language) if known else _("nobody answered")
            answers = f"{answers}: {written}, {n_text(row, language)}"
        strand = strand_name(strands, row["strand"], language)
        _sign, fit, _colour = _FITS[row["fit"]]
        lines.append((row[f"name_{language}"], strand, interviews, answers, _(fit), row[f"rule_{language}"]))
    return pd.DataFrame(lines, columns=["theme", "strand", "qualitative", "quantitative", "fit", "rule"])


def joint_display(table: pd.DataFrame, options: pd.DataFrame, common: float, strands: Strands) -> Chart:
    """Draw each theme with a row for each strand: interviews as a bar, answers as a dot with its interval, and the fit.

    `table` as `integration.field_joint` gives it; `common` is the share from which a theme is common, drawn as a line.
    """
    return _joint_display(table, options, common, strands)


@needs_rows()
def _joint_display(table: pd.DataFrame, options: pd.DataFrame, common: float, strands: Strands) -> Chart:
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
        cases = [_cases(row, language) if row else "" for _name, row in lines]
        shares = [_share(row, language) if row else "" for _name, row in lines]
        marks = [_FITS[row["fit"]] if row else ("", "", "") for _name, row in lines]
        names = [name for name, _row in lines]
        if phone:
            below = ["\n".join(filter(None, cells)) for cells in zip(cases, shares, strict=True)]
            names = [f"{name}\n{text}" if text else name for name, text in zip(names, below, strict=True)]
        columns = [] if phone else [(_("interviews"), cases), (_("share, n"), shares)]
        spanning = [place for place, (_name, row) in enumerate(lines) if row is None]
        middles = rows(axes, names, 1.3, headings=headings, spanning=spanning, columns=columns)
        _draw_shares(axes, [(y, row) for y, (_name, row) in zip(middles, lines, strict=True) if row], common, strands)
        fits = [f"{sign} {_(name)}" if name else "" for sign, name, _colour in marks]
        right_column(axes, middles, "", fits, colours=[colour for *_words, colour in marks])
        bar, dot = _("Bar: share of the interviews."), _("Dot and line: share of the answers, with its interval.")
        note(figure, f"{bar} {dot}")
        return figure

    def describe(language: str) -> list[str]:
        shown = rows_of(joint_table(table, options, language, strands))
        return [f"- {r['theme']}, {r['strand']}: {r['qualitative']}; {r['quantitative']}. {r['fit']}" for r in shown]

    return Chart(table.drop(columns=["codes"], errors="ignore"), draw, describe)


def _draw_shares(axes: Any, lines: list[tuple[float, dict[str, Any]]], common: float, strands: Strands) -> None:
    """Draw interviews as a bar and answers as a point with its interval on one axis from 0 to 100%."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 1], ["0%", "100%"])
    axes.tick_params(axis="x", length=0)
    axes.spines[:].set_visible(False)
    for y, row in lines:
        axes.vlines([0, 1], y - 0.11, y + 0.11, color=RULE, linewidth=0.8)
        axes.vlines(common, y - 0.11, y + 0.11, color=GREY, linewidth=0.8, linestyle="--", zorder=2.5)
        if row["of_cases"] and not row["hidden_interviews"]:
            axes.barh(y, 1, height=0.15, color=PALE, zorder=1)
            axes.barh(y, row["cases"] / row["of_cases"], height=0.15, color="#c3ccd6", zorder=1.5)
        if row["question"] and not row["hidden_answers"]:
            colour, filled = strand_style(strands, row["strand"])
            estimates(axes, pd.DataFrame([row]), [y], "value", "low", "high", colour=colour, filled=filled)


def side_name(side: str, language: str, strands: Strands) -> str:
    """Name one side, "strand/interviews" or "strand/answers", in a language."""
    _ = words(language).gettext
    strand, _slash, kind = side.partition("/")
    name = _("interviews") if kind == "interviews" else _("answers")
    return f"{strand_name(strands, strand, language)}, {name}"


def triangulation(table: pd.DataFrame, strands: Strands) -> Chart:
    """Draw themes against the interviews and answers of each strand, by level of the social-ecological model.

    `table` as `integration.triangulated` gives it. A sign says what each side says of the theme; the last column, on a
    phone a line below the theme, how they go together. A level without a theme says so where other themes have one.
    """
    has_sides = any("/" in str(column) for column in table.columns)
    return _triangulation(table if has_sides else table.head(0), strands)


@needs_rows()
def _triangulation(table: pd.DataFrame, strands: Strands) -> Chart:
    sides = [str(column) for column in table.columns if "/" in str(column)]

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
        together = [_convergence(row["convergence"], language) if row else "" for _name, row in lines]
        phone = width <= NARROW
        names = [f"{name}\n{t}" if phone and t else name for (name, _row), t in zip(lines, together, strict=True)]
        figure, axes = sheet(width)
        middles = rows(axes, names, 1.6 if phone else 2.3, headings=headings)
        axes.set_xlim(-0.5, len(sides) - 0.5)
        axes.set_xticks(range(len(sides)), [side_name(side, language, strands) for side in sides], rotation=90)
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", length=0)
        axes.spines[:].set_visible(False)
        for y, (_name, row) in zip(middles, lines, strict=True):
            for x, side in enumerate(sides if row else ()):
                sign, _word, colour = _STANCES[row[side]]  # type: ignore[index]
                axes.plot(x, y, "o", markersize=11, mfc=colour if sign else PAPER, mec=colour)
                axes.annotate(sign, (x, y), ha="center", va="center_baseline", color=PAPER, weight="semibold")
        if not phone:
            right_column(axes, middles, _("together"), together)
        handles = [
            Line2D([], [], linestyle="", marker="o", mfc=c if s else PAPER, mec=c, label=f"{s} {_(word)}".strip())
            for s, word, c in _STANCES.values()
        ]
        legend(axes, handles=handles, columns=3 if phone else 5, below=True)
        return figure

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            level = f" ({_(_LEVELS[row['level']])})" if row["level"] else ""
            stances = ", ".join(f"{side_name(side, language, strands)} {_(_STANCES[row[side]][1])}" for side in sides)
            together = _convergence(row["convergence"], language)
            lines.append(f"- {row[f'name_{language}']}{level}: {stances}; {together}")
        return lines

    return Chart(table, draw, describe, numbers=lambda language: {"themes": len(table)})
