"""The koppelkansen sessions: their programme (table 1 of the study), rhythm and work forms.

`items` is the table sessions: one row an item, with session (int), month (YYYY-MM), kind (theme, work_form, outcome),
item (int), text_nl, text_en, category, mode and mode_basis. `facts` holds single published numbers (fact, value).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from koppelkans.locale import language as lang
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, dated, fact, fact_text, rows_of
from koppelkans.study.origin import carries_origin

KINDS = {"theme": "n_themes", "work_form": "n_work_forms", "outcome": "n_outcomes"}
WORK_FORMS = ("brainstorm", "exchange", "presentation", "evaluation", "design", "joint-session")
PROGRAMME = [
    *("session", "month", "year", "months_since_previous", *KINDS.values()),
    *("mode", "mode_basis", "hours", "in_stated_period"),
]


def _months_since_year_0(months: pd.Series) -> pd.Series:
    """Count months, so that differences between YYYY-MM values are whole months."""
    return months.str[:4].astype(int) * 12 + months.str[5:7].astype(int)


@carries_origin
def programme(items: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a session, in order of session.

    Columns: session, month (YYYY-MM), year, months_since_previous (whole months; NA for the first), n_themes,
    n_work_forms, n_outcomes, mode (online, onsite, unknown), mode_basis, hours (the published length of a session; NA
    where none is published), in_stated_period (whether the month lies in the period of the running text, last month
    included; NA where none is published).
    Raises ValueError where the items of one session give different months or modes.
    """
    if items.empty:
        return pd.DataFrame(columns=PROGRAMME)
    by_session = items.groupby("session")
    for column in ("month", "mode", "mode_basis"):
        mixed = by_session[column].nunique() > 1
        if mixed.any():
            raise ValueError(f"session {mixed.idxmax()}: more than one {column}; expected the same in each of its rows")
    result = by_session[["month", "mode", "mode_basis"]].first().reset_index()
    result["year"] = result["month"].str[:4].astype(int)
    result["months_since_previous"] = _months_since_year_0(result["month"]).diff().astype("Int64")
    for kind, column in KINDS.items():
        counts = items[items["kind"] == kind].groupby("session").size()
        result[column] = result["session"].map(counts).fillna(0).astype(int)
    result["hours"] = pd.array([fact(facts, "session_hours")] * len(result), dtype="Float64")
    stated = stated_period(facts)
    inside = result["month"].between(*stated) if stated else pd.Series(pd.NA, index=result.index)
    result["in_stated_period"] = inside.astype("boolean")
    return result[PROGRAMME]


@carries_origin
def named(items: pd.DataFrame, categories: Mapping[str, Mapping[str, str]], language: str) -> pd.DataFrame:
    """Give the items the names of a study's own categories in a language; `categories`: key -> names by language."""
    names = {key: own.get(language) or next(iter(own.values())) for key, own in categories.items()}
    return items.assign(category=items["category"].map(lambda key: names.get(key, key)))


@carries_origin
def halves(items: pd.DataFrame) -> pd.DataFrame:
    """Count items by kind and category in the first and the second half of the sessions: kind, category, first, second.

    With an odd number the session in the middle belongs to the second half. No rows for fewer than two sessions.
    """
    columns = ["kind", "category", "first", "second"]
    sessions = sorted(items["session"].unique()) if len(items) else []
    if len(sessions) < 2:
        return pd.DataFrame(columns=columns)
    first = items["session"].isin(sessions[: len(sessions) // 2])
    half = first.map({True: "first", False: "second"})
    if not (items["category"] != "").any():
        return pd.DataFrame(columns=columns)
    counts = items[items["category"] != ""].groupby(["kind", "category", half]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["first", "second"], fill_value=0).rename_axis(columns=None).reset_index()
    order = {kind: place for place, kind in enumerate(KINDS)}
    return counts.sort_values(
        ["kind", "category"], key=lambda column: column.map(order) if column.name == "kind" else column
    )[columns].reset_index(drop=True)


@carries_origin
def sessions_per_year(programme: pd.DataFrame) -> pd.DataFrame:
    """Count sessions: year, n (one row for every year with a session, in order)."""
    return programme.groupby("year").size().rename("n").reset_index()


@carries_origin
def programme_totals(programme: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Count the sessions in three ways, since the running text and the table do not end in the same month.

    Columns: reading (before: before the last month that the text names; through: that month included; all: every row of
    the table), sessions, hours (NA where no length is published). Without a published period only `all` is there.
    """
    last = fact_text(facts, "sessions_to")
    readings = {"all": pd.Series(True, index=programme.index)}
    if last and not programme.empty:
        readings = {"before": programme["month"] < last, "through": programme["month"] <= last, **readings}
    rows = [
        {
            "reading": reading,
            "sessions": int(counts_in.sum()),
            "hours": programme.loc[counts_in, "hours"].sum(min_count=1),
        }
        for reading, counts_in in readings.items()
        if not programme.empty
    ]
    return pd.DataFrame(rows, columns=["reading", "sessions", "hours"])


@carries_origin
def work_form_matrix(items: pd.DataFrame) -> pd.DataFrame:
    """Count work forms: one row a session, one column a category (only those used, in the vocabulary's order).

    Categories of a study's own follow. The index is the session; cells are counts, 0 for none.
    """
    if items.empty:
        return pd.DataFrame()
    forms = items[items["kind"] == "work_form"]
    counts = pd.crosstab(forms["session"], forms["category"])
    own = [category for category in counts.columns if category not in ("", *WORK_FORMS)]
    used = [*(category for category in WORK_FORMS if category in counts.columns), *own]
    if not used:
        return pd.DataFrame()
    return counts.reindex(index=sorted(items["session"].unique()), columns=used, fill_value=0)


@carries_origin
def programme_table(items: pd.DataFrame, language: str) -> pd.DataFrame:
    """Put the items side by side as the study's table does: session, month, theme, work_form, outcome.

    The month is in words. The items of a cell have "; " between them; a session without an item of a kind has "".
    """
    if items.empty:
        return pd.DataFrame(columns=["session", "month", *KINDS])
    ordered = items.sort_values(["session", "kind", "item"])
    ordered["month"] = ordered["month"].map(lambda month: lang.month(month, language))
    texts = (
        ordered.groupby(["session", "month", "kind"], sort=False)[f"text_{language}"]
        .agg("; ".join)
        .unstack(fill_value="")
    )
    return texts.reindex(columns=list(KINDS), fill_value="").reset_index().rename_axis(columns=None)


@carries_origin
def with_themes(programme: pd.DataFrame, items: pd.DataFrame, language: str) -> pd.DataFrame:
    """Add to the programme the themes of each session as text (`themes`, "; " between them)."""
    themes = programme_table(items, language).set_index("session")["theme"]
    return programme.assign(themes=programme["session"].map(themes))


def stated_period(facts: pd.DataFrame) -> tuple[str, str] | None:
    """Return the first and last month (YYYY-MM) that the running text gives for the sessions, or None."""
    first, last = fact_text(facts, "sessions_from"), fact_text(facts, "sessions_to")
    return (first, last) if first and last else None


def dated_otherwise(programme: pd.DataFrame, facts: pd.DataFrame) -> tuple[int, str] | None:
    """Return the session on change stories and the month (YYYY-MM) that a caption gives for it, where that differs."""
    here, elsewhere = fact_text(facts, "story_session_table"), fact_text(facts, "story_session_caption")
    sessions = programme[programme["month"] == here] if here else programme.head(0)
    return (int(sessions["session"].iloc[0]), elsewhere) if len(sessions) and elsewhere and elsewhere != here else None


def numbers(
    items: pd.DataFrame, facts: pd.DataFrame, themes: pd.DataFrame, language: str, strand: str = "evaluation"
) -> dict[str, Number]:
    """Return the numbers of the strand under the keys that the report uses; a dash for what was not published.

    `themes` is the table themes; of it the rows of the strand are counted, the evaluation of the sessions.
    """
    sessions = programme(items, facts)
    totals = programme_totals(sessions, facts).set_index("reading")
    stated_end = "through" if "through" in totals.index else "all"
    kinds = items["kind"].value_counts() if not items.empty else pd.Series(dtype=int)
    evaluation = themes[themes["strand"] == strand] if not themes.empty else pd.DataFrame()
    levels = evaluation["level"].value_counts() if not evaluation.empty else pd.Series(dtype=int)
    quotes = evaluation.loc[evaluation["level"] == "theme", "n_quotes"].sum() if not evaluation.empty else None
    interviews, minutes = fact(facts, "evaluation_interviews"), fact(facts, "evaluation_minutes")
    double = fact(facts, "double_coded_interviews")
    otherwise = dated_otherwise(sessions, facts)
    gaps = sessions["months_since_previous"].dropna()
    inside = sessions["in_stated_period"].dropna().astype(bool)

    def total(reading: str, column: str) -> float | None:
        value = None if sessions.empty else totals[column][reading]
        return None if pd.isna(value) else value

    def count(value: float | None, decimals: int = 0, unit: str = "") -> Number:
        return counted(value, language, decimals, unit)

    def of(counts: pd.Series, key: str) -> float | None:
        return None if counts.empty else float(counts.get(key, 0))

    return {
        "count": count(total("all", "sessions")),
        "count_by_stated_end": count(total(stated_end, "sessions")),
        "stated": count(fact(facts, "sessions_stated")),
        "outside_stated_period": count(None if inside.empty else int((~inside).sum())),
        "hours": count(total("all", "hours")),
        "hours_per_session": count(fact(facts, "session_hours")),
        "themes": count(of(kinds, "theme")),
        "work_forms": count(of(kinds, "work_form")),
        "outcomes": count(of(kinds, "outcome")),
        "first_month": dated(None if sessions.empty else sessions["month"].min(), language),
        "last_month": dated(None if sessions.empty else sessions["month"].max(), language),
        **{f"month_{row['session']}": dated(row["month"], language) for row in rows_of(sessions)},
        "stated_from": dated(fact_text(facts, "sessions_from"), language),
        "stated_to": dated(fact_text(facts, "sessions_to"), language),
        "longest_gap": count(None if gaps.empty else int(gaps.max())),
        **{f"per_year_{row['year']}": count(row["n"]) for row in rows_of(sessions_per_year(sessions))},
        "story_month": dated(fact_text(facts, "story_session_table") if otherwise else None, language),
        "story_month_elsewhere": dated(otherwise[1] if otherwise else None, language),
        "online_evidenced": count(None if sessions.empty else int((sessions["mode"] == "online").sum())),
        "evaluation_interviews": count(interviews),
        "evaluation_minutes": count(minutes),
        "evaluation_total_hours": count(None if not interviews or not minutes else interviews * minutes / 60, 2),
        "double_coded": count(double),
        "double_coded_share": count(None if not interviews or double is None else 100 * double / interviews, 0, "%"),
        "evaluation_themes": count(of(levels, "theme")),
        "evaluation_categories": count(of(levels, "category")),
        "quotes": count(None if quotes is None else int(quotes)),
    }
