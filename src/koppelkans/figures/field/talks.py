"""Who spoke how much in each talk."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from koppelkans.figures.chart import Chart, as_number, long_description, needs_rows
from koppelkans.figures.charts import grid
from koppelkans.figures.field.largest import MOST_CASES, largest, sentence, with_rest
from koppelkans.locale import N_, words
from koppelkans.statistics.estimate import Reason
from koppelkans.strands.talks import ROLES


@needs_rows(Reason(N_("there are no talks with a text")))
def talks(table: pd.DataFrame) -> Chart:
    """Draw how many words each speaker says in each talk; `table` as `strands.talks.by_talk` gives it."""
    roles = [role for role in ROLES if table[role].sum() > 0] or list(ROLES)
    chosen = table.loc[largest(table["words"], MOST_CASES)]
    left = len(table) - len(chosen)

    def rest(language: str) -> str:
        said = words(language).ngettext("and {n} shorter talk", "and {n} shorter talks", left)
        return sentence(said.format(n=as_number(left, language))) if left else ""

    def draw(width: float, language: str) -> Figure:
        _ = words(language).gettext
        heads = _role_names(language)
        cells = chosen.melt(["talk", "words"], roles, var_name="role", value_name="said")
        cells["role"] = cells["role"].map(heads)
        below = _("Number: words in the talk; the darker, the larger the part of its words.")

        def written(cell: pd.Series) -> str:
            return as_number(int(cell["said"]), language) if cell["said"] else "·"

        text = " ".join(filter(None, (below, rest(language))))
        return grid(width, cells, "talk", "role", "said", of="words", text=written, below=text)

    def describe(language: str) -> list[str]:
        _ = words(language).gettext
        lines = long_description(
            chosen,
            language,
            "talk",
            _("{words} words: interviewer {interviewer}, resident {respondent}, others {unknown}"),
        )
        return with_rest(lines, rest(language))

    def numbers(language: str) -> dict[str, Any]:
        return {"rest": rest(language) or None}

    return Chart(table, draw, describe, numbers)


def _role_names(language: str) -> dict[str, str]:
    _ = words(language).gettext
    return {"interviewer": _("interviewer"), "respondent": _("resident"), "unknown": _("others or unknown")}
