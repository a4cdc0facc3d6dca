"""The framework matrix: cases by themes, with counts and pointers to what was coded (Ritchie & Spencer 1994)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import pandas as pd

from koppelkans.coding.spans import CODING_COLUMNS, characters, in_text
from koppelkans.errors import KoppelkansError
from koppelkans.study.columns import require

COLUMNS = ["case", "theme", "codings", "documents", "characters", "segments"]
_LISTED = "; "


def framework(codings: pd.DataFrame, documents: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Cross every case with every theme: one row a pair, also where nothing was coded.

    `codings` (already rolled up to the themes with `tree.roll_up`): coding, document, code, coder, start, end.
    `documents`: document, respondent. A case is a respondent; a document without one is a case of its own, by its key.
    `themes`: code keys in the order wanted; codings of other codes are left out. Columns: case, theme, codings,
    documents, characters (each counted once; missing where no coding has a position in a text), segments (keys of the
    codings in the order of the text, "; " between them). Cases in the order of `documents`. Raises KoppelkansError for
    a coding in a document that is not there.
    """
    require(codings, "codings", CODING_COLUMNS)
    require(documents, "documents", ("document", "respondent"))
    names = documents["respondent"].where(documents["respondent"].fillna("") != "", documents["document"])
    case_of = dict(zip(documents["document"], names, strict=True))
    lost = codings.loc[~codings["document"].isin(set(case_of)), "document"]
    if len(lost):
        raise KoppelkansError(f"table codings: document {lost.iloc[0]!r} is not in the table documents")
    of_themes = codings[codings["code"].isin(set(themes))]
    of_themes = of_themes.assign(case=of_themes["document"].map(case_of)).sort_values(
        ["document", "start", "end", "coding"]
    )
    counts = of_themes.groupby(["case", "code"]).agg(
        codings=("coding", "size"),
        documents=("document", "nunique"),
        segments=("coding", lambda keys: _LISTED.join(map(str, keys))),
    )
    spans = in_text(of_themes)
    lengths: Counter[tuple[Hashable, ...]] = Counter()
    for (case, code, _), own in spans.groupby(["case", "code", "document"]):
        lengths[case, code] += characters(zip(own["start"], own["end"], strict=True))
    pairs = pd.MultiIndex.from_product([list(dict.fromkeys(names)), list(themes)], names=["case", "theme"])
    result = counts.rename_axis(["case", "theme"]).reindex(pairs).reset_index()
    keys = zip(result["case"], result["theme"], strict=True)
    result["characters"] = pd.array([lengths[key] for key in keys], dtype="Int64")
    result["characters"] = result["characters"].mask(result["codings"].gt(0) & result["characters"].eq(0))
    result = result.fillna({"codings": 0, "documents": 0, "segments": ""})
    return result.astype({"codings": int, "documents": int})[COLUMNS]


def matrix(table: pd.DataFrame, count: str = "codings") -> pd.DataFrame:
    """Lay a framework out: a row a case, a column a theme, in the cells `count` (codings, documents or characters)."""
    if count not in ("codings", "documents", "characters"):
        raise ValueError(f"count {count!r} is not one of codings, documents, characters")
    wide = table.pivot(index="case", columns="theme", values=count)
    order = [list(dict.fromkeys(table[name])) for name in ("case", "theme")]
    return wide.reindex(index=order[0], columns=order[1])


def segments(table: pd.DataFrame, codings: pd.DataFrame, case: str, theme: str) -> pd.DataFrame:
    """Return the codings behind one cell of a framework, in the order of the text: the columns of `codings`.

    Raises ValueError for a case or theme that the framework does not have.
    """
    cell = table[(table["case"] == case) & (table["theme"] == theme)]
    if cell.empty:
        raise ValueError(f"no cell for case {case!r} and theme {theme!r} in the framework")
    keys = [key for key in cell["segments"].iloc[0].split(_LISTED) if key]
    order = {key: place for place, key in enumerate(keys)}
    chosen = codings[codings["coding"].astype(str).isin(order)]
    return chosen.sort_values("coding", key=lambda coding: coding.astype(str).map(order)).reset_index(drop=True)
