"""Themes of several studies side by side: who raised them, where they were looked for, and where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.integration.neighbourhoods import (
    ABSENT,
    HIDDEN,
    NAMED,
    NO_DATA,
    NOT_LOOKED_FOR,
    PRESENT,
    THEMES,
    Neighbourhood,
    theme_key,
    together,
)
from koppelkans.integration.partial_pooling import pooled
from koppelkans.strands.published import rows_of

SEEN = (PRESENT, HIDDEN, NAMED)
"""States of a theme that was there."""


def side_by_side(studies: Sequence[Neighbourhood], same: Iterable[Sequence[str]] = ()) -> pd.DataFrame:
    """Lay out each theme of each strand in each study: the columns of THEMES, and seen_in (studies where it was there).

    Themes are the same where their names are (small and capital letters aside), or where a list of `same` says so,
    whose first name is then shown. A study without the theme has it not looked for; without interviews or published
    themes of that strand it has no data. Most seen first, strand by strand.
    Raises KoppelkansError where two themes of a study in one strand would be the same.
    """
    table = together([one.themes for one in studies])
    if table.empty:
        return table.assign(seen_in=pd.Series(dtype=int))
    first = {theme_key(name): names[0] for names in same for name in names}
    table = table.assign(name=[first.get(key, name) for key, name in zip(table["theme"], table["name"], strict=True)])
    table["theme"] = [theme_key(first.get(key, key)) for key in table["theme"]]
    doubled = table[table.duplicated(["study", "strand", "theme"]) & (table["state"] != NAMED)]
    if len(doubled):
        one = doubled.iloc[0]
        raise KoppelkansError(
            f"same_themes: {one['study']} has more than one theme in {one['strand']} that would be {one['name']!r}; "
            "expected names of different studies"
        )
    table = table.drop_duplicates(["study", "strand", "theme"])
    kinds = table[table["kind"] != ""].drop_duplicates("theme").set_index("theme")["kind"]
    names = table.drop_duplicates("theme").set_index("theme")["name"]
    known = {(row["strand"], row["theme"], row["study"]): row for row in rows_of(table)}
    with_strand = set(zip(table["study"], table["strand"], strict=True))
    strands = list(dict.fromkeys(key for one in studies for key in one.strand_names if key in set(table["strand"])))
    rows = []
    for strand in strands:
        own = list(dict.fromkeys(table.loc[table["strand"] == strand, "theme"]))
        for theme, study in product(own, studies):
            state = NOT_LOOKED_FOR if (study.key, strand) in with_strand else NO_DATA
            without = {"study": study.key, "origin": study.origin, "strand": strand, "theme": theme, "state": state}
            rows.append(
                known.get((strand, theme, study.key), without) | {"name": names[theme], "kind": kinds.get(theme, "")}
            )
    result = pd.DataFrame(rows, columns=THEMES)
    seen = result["state"].isin(SEEN).groupby([result["strand"], result["theme"]]).transform("sum")
    result = result.assign(seen_in=seen, place=result["strand"].map(strands.index))
    result["people"] = result.groupby(["strand", "theme"])["cases"].transform("sum")
    order = ["place", "seen_in", "people", "theme"]
    result = result.sort_values(order, ascending=[True, False, False, True], kind="stable", ignore_index=True)
    return result.drop(columns=["place", "people"])


def motives_and_barriers(themes: pd.DataFrame, level: float = 0.95) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the themes that are a motive or a barrier, and pool their shares of people partially.

    `themes` as `side_by_side` gives it. Returns the rows of the studies that looked for them, of
    strands in which somebody counted, and one row a theme and origin, as `partial_pooling.pooled`.
    """
    own = themes[(themes["kind"] != "") & themes["state"].isin([*SEEN, ABSENT])]
    own = own[own["strand"].isin(own.loc[own["state"] != NAMED, "strand"])]
    own = own.assign(is_hidden=own["state"] == HIDDEN)
    return pooled(own, ["kind", "strand", "theme", "name"], "cases", "of_cases", "is_hidden", level)
