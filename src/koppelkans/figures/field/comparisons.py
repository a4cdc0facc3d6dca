"""Groups of respondents compared, and what a model says of an answer: differences around 0 with their intervals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, Line, as_percent, needs_rows, no_chart
from koppelkans.figures.charts import estimates, note, right_column, rows, sheet
from koppelkans.figures.charts.shares import number_axis
from koppelkans.figures.field.estimate_words import p_text, points_text, question_text, tested_text
from koppelkans.figures.field.largest import of_questions
from koppelkans.figures.style import BLUE, INK, NARROW
from koppelkans.locale import LANGUAGES, words
from koppelkans.locale import language as lang
from koppelkans.strands.models import NOT_USUAL
from koppelkans.strands.published import rows_of

_EFFECT = ("effect", "effect_low", "effect_high")
_DIFFERENCE = ("value", "low", "high")


def differences(table: pd.DataFrame, shown: Collection[str] = ()) -> Chart:
    """Draw for each answer how much more often a group gives it than the reference, with interval, shares and exact p.

    `table` as `strands.survey_groups.compared` gives it, as `privacy.shown.protect` leaves it; `shown` as in
    `answers.shares`.
    """
    return of_questions(_differences, table, shown)


@needs_rows()
def _differences(table: pd.DataFrame) -> Chart:

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names: list[str] = []
        shown: list[dict[str, Any] | None] = []
        for _question, own in table.groupby("question", sort=False):
            names.append(question_text(rows_of(own)[0], language))
            shown.append(None)
            for row in rows_of(own):
                name = str(row[f"option_{language}"])
                name = f"{name}, {row['group']}" if own["group"].nunique() > 1 else name
                names.append("\n".join((name, *_sides(row, language))))
                shown.append(row)
        head = _("{groups} against {reference}: difference in percentage points").format(
            groups=", ".join(table["group"].unique()), reference=table.iloc[0]["reference"]
        )
        lines = _("thick line: the interval of one difference; thin line: those of all {tests} hold together")
        below = "; ".join((head, lines.format(tests=table["tests"].iloc[0]))) + "."
        return _around_zero(width, names, shown, _DIFFERENCE, below, language, ("low_all", "high_all"))

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            sides = _("{group} against {reference}").format(group=row["group"], reference=row["reference"])
            head = f"{question_text(row, language)} {row[f'option_{language}']}, {sides}"
            if row.get("hidden") or pd.isna(row["value"]):
                lines.append(f"- {head}: {row[f'reason_{language}'] or _('hidden')}")
            else:
                p = f"; {p_text(float(row['p']), language)}" if pd.notna(row["p"]) else ""
                together = points_text(row, language, ("value", "low_all", "high_all")).partition(" ")[2]
                all_hold = _("all together {interval}").format(interval=together)
                lines.append(f"- {head}: {points_text(row, language)}; {all_hold}{p}")
        return lines

    return Chart(table, draw, describe)


def _sides(row: dict[str, Any], language: str) -> list[str]:
    """Write the shares of both groups with what they are of, and p."""
    _ = words(language).gettext
    if row.get("hidden"):
        return [_("hidden")]
    if pd.isna(row["value"]):
        return [str(row[f"reason_{language}"])]
    counts = []
    for share, k, n in (("share", "respondents", "n"), ("share_reference", "respondents_reference", "n_reference")):
        of = _("{k} of {n}").format(k=int(row[k]), n=int(row[n]))
        counts.append(f"{as_percent(row[share], language)} ({of})")
    return [" – ".join(counts), *filter(None, [tested_text(row, language)])]


@needs_rows()
def effects(table: pd.DataFrame) -> Chart:
    """Draw the average marginal effect of each predictor with its interval; below its name odds ratio and p.

    `table` as `strands.survey_groups.modelled` gives it. A category names the one it is compared with; what was left
    out of the model says why. Where the model cannot be fitted the figure says why.
    """
    first = rows_of(table)[0]
    title = {language: str(first[f"label_{language}"] or first["outcome"]) for language in LANGUAGES}
    if table["effect"].isna().all():
        reasons = {language: str(first[f"reason_{language}"]) for language in title}
        texts = {code: f"{title[code]}: {why}" if title[code] else why for code, why in reasons.items()}
        return no_chart(table, Line(texts))
    ordinal = str(first["method"]).startswith("ordinal")

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        names = [f"{title[language]}, n = {first['n']}"]
        for row in rows_of(table):
            if pd.isna(row["effect"]):
                names.append(f"{_term(row, language)}\n{row[f'reason_{language}']}")
                continue
            odds, low, high = (
                lang.number(float(row[name]), language, 2)["text"] for name in ("odds_ratio", "odds_low", "odds_high")
            )
            ratio = _("odds ratio {odds} ({low}–{high})").format(odds=odds, low=low, high=high)
            names.append(f"{_term(row, language)}\n{ratio}; {p_text(float(row['p']), language)}")
        head = _("change of the chance of “{answer}”, in percentage points").format(answer=first[f"answer_{language}"])
        if ordinal:
            head = "; ".join((head, _("odds ratio of a higher answer")))
        return _around_zero(width, names, [None, *rows_of(table)], _EFFECT, head, language)

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = []
        for row in rows_of(table):
            if pd.isna(row["effect"]):
                lines.append(f"- {_term(row, language)}: {row[f'reason_{language}']}")
                continue
            effect = points_text(row, language, _EFFECT)
            ratio = _("odds ratio {odds}").format(odds=lang.number(float(row["odds_ratio"]), language, 2)["text"])
            lines.append(f"- {_term(row, language)}: {effect}; {ratio}; {p_text(float(row['p']), language)}")
        return lines

    def numbers(language: str) -> dict[str, Any]:
        _ = words(language).gettext
        compared = {row["term"].split(": ")[0]: row["reference"] for row in rows_of(table) if row["reference"]}
        model = _("ordinal (proportional odds)") if ordinal else _("logistic")
        fit = _("by maximum likelihood, with Wald intervals")
        if "Firth" in first["method"]:
            fit = _(
                "by penalised likelihood (Firth), with profile intervals, for the predictors tell the answers apart"
            )
            if first["method"].endswith(NOT_USUAL):
                fit = _(
                    "by penalised likelihood (Firth), with profile intervals, for the usual fit did not reach an end"
                )
        parallel = first["parallel_p"]
        return {
            "n": table["n"].max(),
            "answer": first[f"answer_{language}"],
            "references": ", ".join(f"{_named(name)}: {of}" for name, of in compared.items()) or None,
            "model": f"{model}, {fit}",
            "left_out": first["left_out"] or None,
            "parallel": p_text(float(parallel), language) if pd.notna(parallel) else None,
        }

    return Chart(table, draw, describe, numbers)


def _named(predictor: str) -> str:
    return predictor.replace("_", " ")


def _term(row: dict[str, Any], language: str) -> str:
    """Name a term with the category that it is compared with."""
    _ = words(language).gettext
    name = _named(str(row["term"]))
    return _("{group} against {reference}").format(group=name, reference=row["reference"]) if row["reference"] else name


def _around_zero(
    width: float,
    names: Sequence[str],
    shown: Sequence[dict[str, Any] | None],
    columns: tuple[str, str, str],
    below: str,
    language: str,
    thin: tuple[str, ...] = (),
) -> Figure:
    """Draw rows around 0; a row without an estimate is a heading, or its name says why there is none.

    `thin`: the columns with the ends of a second, wider interval.
    """
    known = {
        place: row
        for place, row in enumerate(shown)
        if row is not None and not row.get("hidden") and pd.notna(row[columns[0]])
    }
    ends = [abs(float(row[column])) for row in known.values() for column in (*columns, *thin) if pd.notna(row[column])]
    reach = next((limit for limit in (0.25, 0.5, 0.75, 1.0) if max(ends or [0.5]) <= limit), 1.0)
    figure, axes = sheet(width)
    headings = [place for place, row in enumerate(shown) if row is None]
    middles = rows(axes, names, 2.3 if width > NARROW else 1.5, headings=headings, spanning=headings)
    number_axis(axes, -reach, reach, (-reach, 0, reach), lambda x: f"{100 * x:+.0f}".replace("-", "−") if x else "0")
    for place, row in known.items():
        axes.vlines(0, middles[place] - 0.15, middles[place] + 0.15, color=INK, linewidth=0.8)
        if thin:
            axes.hlines(middles[place], *(float(row[column]) for column in thin), color=BLUE, linewidth=0.6)
        estimates(axes, pd.DataFrame([row]), [middles[place]], *columns, colour=BLUE, filled=False)
    texts = {place: points_text(row, language, columns) for place, row in known.items()}
    right_column(axes, middles, "", [texts.get(place, "") for place in range(len(shown))])
    note(figure, below)
    return figure
