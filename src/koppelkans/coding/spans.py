"""Stretches of text: start (first character) and end (the one after the last), in Unicode code points."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.errors import KoppelkansError
from koppelkans.study.columns import require

CODING_COLUMNS = ("coding", "document", "code", "coder", "start", "end")


def in_text(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that select text, with start and end as whole numbers.

    `codings`: coding, document, code, coder, start, end (empty for what is not text); other columns are kept. Raises
    KoppelkansError for a missing column and for a coding that ends before it starts.
    """
    require(codings, "codings", CODING_COLUMNS)
    ends = {name: pd.to_numeric(codings[name].replace("", pd.NA)).astype("Int64") for name in ("start", "end")}
    numbered = codings.assign(**ends)
    numbered = numbered[numbered["start"].notna() & numbered["end"].notna()]
    wrong = numbered[(numbered["end"] <= numbered["start"]) | (numbered["start"] < 0)]
    if len(wrong):
        row = wrong.iloc[0]
        place = f"start {row['start']}, end {row['end']}"
        raise KoppelkansError(f"table codings, coding {row['coding']!r}: {place}; expected an end behind the start")
    return numbered.astype({"start": "int64", "end": "int64"})


def without_position(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings without start or end, with `quotation`: what they select, as far as the file says.

    That is the place (page, region, time); where there is none, the words; "" for neither: the document as a whole, or
    a place in it that the file does not tell. `codings` as in `in_text`; place and text may be absent.
    """
    require(codings, "codings", CODING_COLUMNS)
    ends = [pd.to_numeric(codings[name].replace("", pd.NA)).isna() for name in ("start", "end")]
    loose = codings[ends[0] | ends[1]]
    named = [loose[name].fillna("").astype(str) for name in ("place", "text") if name in loose]
    quotation = pd.Series("", index=loose.index, dtype=object)
    for names in named:
        quotation = quotation.where(quotation != "", names)
    return loose.assign(quotation=quotation)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that overlap or touch, in order."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def characters(spans: Iterable[tuple[int, int]]) -> int:
    """Count the characters that lie in at least one stretch."""
    return sum(end - start for start, end in merged(spans))


def covered(spans: Iterable[tuple[int, int]], length: int) -> NDArray[np.bool_]:
    """Say for each character of a text whether it lies in one of the stretches; what lies behind it is left out."""
    result = np.zeros(length, dtype=np.bool_)
    for start, end in spans:
        result[start:end] = True
    return result
