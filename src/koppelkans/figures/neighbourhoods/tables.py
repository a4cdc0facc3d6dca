"""Tables of several studies side by side, with the words that readers see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from koppelkans.figures.neighbourhoods.shares import MOST_NAMED
from koppelkans.figures.neighbourhoods.signs import marked_name
from koppelkans.integration.neighbourhoods import Names, Neighbourhood
from koppelkans.integration.not_comparable import WHY
from koppelkans.locale import N_, words
from koppelkans.locale import language as lang
from koppelkans.locale.language import text
from koppelkans.strands.published import rows_of

_WHAT = {
    "study": N_("the study as a whole"),
    "answers": N_("answers"),
    "agreement": N_("agreement between coders"),
    "pooling": N_("pooling"),
    "questions": N_("questions ({n})"),
    "strand": N_("people: {name}"),
    "themes": N_("themes of {name} ({n})"),
    "question": N_("question {name}"),
}


def studies_table(studies: Sequence[Neighbourhood], names: Names, language: str) -> pd.DataFrame:
    """Say what each study holds: study, kind (of origin), interviews, answers, smallest (group shown)."""
    _ = words(language).gettext
    rows = []
    for one in studies:
        people = one.answered.drop_duplicates("strand") if len(one.answered) else one.answered
        answered = [
            f"{names.strand(row['strand'], language)} {'×' if pd.isna(row['people']) else row['people']}"
            for row in rows_of(people)
        ]
        interviewed = [f"{names.strand(strand, language)} {n}" for strand, n in one.interviewed.items()]
        row = {
            "study": marked_name(one.key, names),
            "kind": text(one.origin, language).lower(),
            "interviews": ", ".join(interviewed) or "–",
            "answers": ", ".join(answered) or "–",
            "smallest": str(one.minimum) if one.minimum > 1 else _("all groups"),
        }
        rows.append(row | {"origin": one.origin})
    return pd.DataFrame(rows)


def programme_table(programmes: pd.DataFrame, names: Names, language: str) -> pd.DataFrame:
    """Lay out sessions and change stories: study, sessions, period, stories, boxes, origin."""
    _ = words(language).gettext
    rows = []
    for study, own in programmes.groupby("study", sort=False):
        parts = {row["part"]: row for row in rows_of(own)}
        row: dict[str, Any] = {"study": marked_name(str(study), names)}
        held, told = parts.get("sessions"), parts.get("stories")
        months = [lang.month(held[end], language, short=True) for end in ("first", "last")] if held else []
        period = [month.replace(" ", "\N{NO-BREAK SPACE}") for month in months]
        row |= {
            "sessions": int(held["n"]) if held else "–",
            "period": "–" if not held else period[0] if period[0] == period[1] else f"{period[0]} – {period[1]}",
            "stories": int(told["n"]) if told else "–",
            "boxes": _("{n} of {of}").format(n=int(told["boxes"]), of=int(told["boxes_of"])) if told else "–",
            "origin": own["origin"].iloc[0],
        }
        rows.append(row)
    columns = ["study", "sessions", "period", "stories", "boxes", "origin"]
    return pd.DataFrame(rows, columns=columns)


def not_comparable_table(rows: pd.DataFrame, names: Names, language: str) -> pd.DataFrame:
    """Say what cannot be compared: what, studies, why; `rows` as `not_comparable.not_comparable` gives it."""
    _ = words(language).gettext
    table = []
    for row in rows_of(rows):
        kind, _colon, key = row["what"].partition(":")
        name = names.strand(key, language) if kind in ("strand", "themes") else key
        what = _(_WHAT[kind]).format(name=name, n=row["n"])
        others = [study for study in names.studies if study not in row["studies"]]
        most = len(others) < len(row["studies"]) and len(names.studies) > MOST_NAMED
        listed = ", ".join(marked_name(study, names) for study in (others if most else row["studies"]))
        who = _("all") if not others else _("all but {names}").format(names=listed) if most else listed
        reason = WHY[row["why"]]
        table.append((what, who, _(reason)))
    return pd.DataFrame(table, columns=["what", "studies", "why"])
