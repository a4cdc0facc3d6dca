"""How the published statements are spread: counts in a grid, larger counts in a darker cell, each number printed."""

from __future__ import annotations

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from koppelkans.figures.fonts import width_of
from koppelkans.figures.style import (
    BODY,
    EDGE,
    GREY,
    INK,
    NARROW,
    RULE,
    SMALL,
    Canvas,
    Sheet,
    blank,
    in_both_widths,
    text_height,
)
from koppelkans.ledger.names import NAMES, name_of
from koppelkans.locale import language as lang

_TOTAL = {"nl": "totaal", "en": "total"}
_SHADES = LinearSegmentedColormap.from_list("counts", ["#e9f0f6", "#a3c3de", "#3f7cb3", "#164a7a"])
_SECTIONS = ("Voorwoord", "Tabel 1")


@in_both_widths
def coverage_grid(width: float, counts: pd.DataFrame, language: str) -> Sheet:
    """Draw counts as a grid with totals.

    `counts` as `ledger.claims.coverage` gives it for two columns: one for the rows, one for the columns, and n. Known
    values stand in the order of their vocabulary, others (sections) as they first occur.
    """
    if counts.empty:
        return blank(width, lang.text("no_data", language))
    row_key, column_key = counts.columns[:2]
    table = counts.pivot_table(index=row_key, columns=column_key, values="n", aggfunc="sum", fill_value=0)
    rows, columns = _ordered(counts[row_key]), _ordered(counts[column_key])
    table = table.reindex(index=rows, columns=columns, fill_value=0)
    names, heads = ([name_of(value, language) for value in values] for values in (rows, columns))
    left = EDGE + max(width_of(name, BODY) for name in names) + 0.14
    step = (width - EDGE - 0.45 - left) / len(columns)
    upright = width <= NARROW and any(width_of(word, SMALL) > step for head in heads for word in head.split())
    top = 0.06 + max(width_of(head, SMALL) + 0.04 if upright else text_height(head, step, SMALL) for head in heads)
    row_height, bottom = 0.29, top + 0.29 * len(rows)
    canvas = Canvas(bottom + 0.36, width)
    most = int(table.to_numpy().max())
    for place, head in enumerate(heads):
        x = left + (place + 0.5) * step
        if upright:
            canvas.write_upward(x, top - 0.04, head)
        else:
            lift = text_height(head, step, SMALL)
            canvas.write(x, top - 0.04 - lift, head, size=SMALL, colour=GREY, align="center", width=step)
        canvas.write(x, bottom + 0.06, str(int(table.iloc[:, place].sum())), align="center", weight="semibold")
    canvas.write(
        width - EDGE, top - 0.04 - text_height("x", 1, SMALL), _TOTAL[language], size=SMALL, colour=GREY, align="right"
    )
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        middle = top + (number + 0.5) * row_height
        canvas.write_middle(left - 0.12, middle, name, align="right")
        for place, count in enumerate(table.loc[row]):
            x = left + place * step
            if count:
                share = count / most
                canvas.bar(x + 0.02, middle - 0.125, step - 0.04, 0.25, to_hex(_SHADES(share)))
                ink = "white" if share > 0.55 else INK
                canvas.write_middle(x + step / 2, middle, str(int(count)), colour=ink, align="center")
            else:
                canvas.write_middle(x + step / 2, middle, "–", colour=RULE, align="center")
        canvas.write_middle(width - EDGE, middle, str(sum(table.loc[row])), align="right", weight="semibold")
    canvas.line((left, bottom + 0.03), (width - EDGE, bottom + 0.03), colour=INK)
    canvas.write(left - 0.12, bottom + 0.06, _TOTAL[language], align="right", colour=GREY)
    canvas.write(width - EDGE, bottom + 0.06, str(int(table.to_numpy().sum())), align="right", weight="semibold")
    return canvas.figure


def _ordered(values: pd.Series) -> list[str]:
    """Return the different values, in the order of their vocabulary where all of them are in one."""
    found = list(dict.fromkeys(values))
    sections = [value for value in found if value not in NAMES or value in _SECTIONS]
    return found if sections else [name for name in NAMES if name in found]
