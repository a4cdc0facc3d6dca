"""Bounds: which counts of people the published words allow, statement by statement."""

from __future__ import annotations

import pandas as pd

from koppelkans.quantifiers import feasible_counts, rule_of

__all__ = ["bounds", "columns_shown", "counts_of", "feasible_counts", "of_group", "rule_of"]


def bounds(quantifiers: pd.DataFrame, n: int | None = None, convention: bool = False) -> pd.DataFrame:
    """Return what each published quantifier allows: its columns with n, low, high, share_low and share_high.

    `quantifiers` is the table quantifiers (id, n, reading, rule among its columns). `n` takes the place of a number
    that was not published; a published one stays. A rule that rests on a convention (reading "convention") counts only
    when `convention` is True and is "unbounded" otherwise. low and high are NA where n stays unknown, where the words
    count no people, or where no count is possible.
    """
    result = quantifiers.copy()
    if quantifiers.empty:
        return result
    result["n"] = quantifiers["n"].fillna(n) if n is not None else quantifiers["n"]
    conventional = quantifiers["reading"] == "convention"
    result["rule"] = quantifiers["rule"] if convention else quantifiers["rule"].mask(conventional, "unbounded")
    ranges = [
        range(0) if pd.isna(size) or rule == "no-count" else feasible_counts(rule, int(size))
        for rule, size in zip(result["rule"], result["n"], strict=True)
    ]
    result["low"] = pd.array([min(counts, default=pd.NA) for counts in ranges], dtype="Int64")
    result["high"] = pd.array([max(counts, default=pd.NA) for counts in ranges], dtype="Int64")
    result["n"] = result["n"].astype("Int64")
    result["share_low"] = result["low"] / result["n"]
    result["share_high"] = result["high"] / result["n"]
    return result


def of_group(quantifiers: pd.DataFrame, group: str, n: int | None = None) -> pd.DataFrame:
    """Return the bounds of the quantifiers about one group of people (`group`), as `bounds` gives them."""
    return bounds(quantifiers if quantifiers.empty else quantifiers[quantifiers["group"] == group], n)


def counts_of(bounded: pd.DataFrame, quantifier: str) -> range:
    """Return the counts from low to high of one quantifier (`quantifier` is its id) of `bounds`; empty if unknown."""
    row = bounded[bounded["id"] == quantifier] if not bounded.empty else bounded
    if row.empty or row["low"].isna().any():
        return range(0)
    return range(int(row["low"].iloc[0]), int(row["high"].iloc[0]) + 1)


def columns_shown(bounded: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick what a reader wants to see of `bounds`: id, words, about, rule, n, low, high."""
    if bounded.empty:
        return pd.DataFrame(columns=["id", "words", "about", "rule", "n", "low", "high"])
    texts = {f"word_{language}": "words", f"about_{language}": "about"}
    return bounded.rename(columns=texts)[["id", "words", "about", "rule", "n", "low", "high"]].reset_index(drop=True)
