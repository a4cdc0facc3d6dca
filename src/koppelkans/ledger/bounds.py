"""Bounds: which counts of people the published words allow, statement by statement.

Strict readings always; a named convention (`koppelkans.strands.quantifiers.CONVENTIONS`) only where a caller switches
it on.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.locale.language import Number, number
from koppelkans.strands.published import counted, rows_of
from koppelkans.strands.quantifiers import (
    CONVENTIONS,
    FORMS,
    SHARES,
    feasible_counts,
    read_under,
    rule_of,
)
from koppelkans.study.origin import bounds_of_words, carries_origin

__all__ = [
    "bounds",
    "by_rule",
    "columns_shown",
    "counts_of",
    "feasible_counts",
    "narrowed",
    "numbers",
    "of_group",
    "rule_of",
]

UNCOUNTED = "no-count"
READINGS = ("generic-majority", "single-voice")
"""The conventions that read ordinary words; cqr is about the fixed words of a method that the study did not use."""


def _strict_rule(quantifier: dict[str, str]) -> str:
    return "unbounded" if quantifier["reading"] == "convention" else quantifier["rule"]


def _rule(quantifier: dict[str, str], convention: str | None) -> str:
    """Return the rule of a row; a generic word is open to a convention only where its reading says "convention"."""
    strict = _strict_rule(quantifier)
    closed = strict == UNCOUNTED or (strict == "unbounded" and quantifier["reading"] != "convention")
    read = read_under(convention, quantifier.get("word_nl", ""), strict)
    return strict if closed else read


def _counts(rule: str, n: int | None) -> range:
    return range(0) if n is None or rule == UNCOUNTED else feasible_counts(rule, n)


def _ends(rule: str, n: int | None) -> tuple[str, str, str, str]:
    """Return smallest count, largest count, smallest share and largest share as text, also for an unknown n."""
    if rule == UNCOUNTED:
        return "", "", "", ""
    if n is None:
        return *FORMS[rule], *SHARES[rule]
    counts = _counts(rule, n)
    if not counts:
        return "", "", "", ""
    return str(counts[0]), str(counts[-1]), f"{counts[0]}/{n}", f"{counts[-1]}/{n}"


def _size(quantifier: dict[str, str], n: int | None) -> int | None:
    return n if pd.isna(quantifier["n"]) else int(quantifier["n"])


def bounds(quantifiers: pd.DataFrame, n: int | None = None, convention: str | None = None) -> pd.DataFrame:
    """Return what each published quantifier allows.

    `quantifiers` is the table quantifiers (id, n, reading, rule, word_nl among its columns). `n` takes the place of a
    number that was not published; a published one stays. `convention` is "strict" (or None) or a name of CONVENTIONS.
    Columns: those of `quantifiers`, with rule as it was read, and low, high (people; NA where n stays unknown, where
    the words count no people, or where no count is possible), low_text, high_text (the same, or functions of n),
    share_low, share_high (fractions such as 8/15, or what holds for every n), narrower (what each convention would
    make of it, such as "cqr: 2 to 7"). Raises ValueError for an unknown convention.
    """
    read_under(convention, "", "")
    result = quantifiers.copy()
    if quantifiers.empty:
        return result
    rows = rows_of(quantifiers)
    sizes = [_size(quantifier, n) for quantifier in rows]
    rules = [_rule(quantifier, convention) for quantifier in rows]
    ranges = [_counts(rule, size) for rule, size in zip(rules, sizes, strict=True)]
    result["n"] = pd.array([pd.NA if size is None else size for size in sizes], dtype="Int64")
    result["rule"] = rules
    result["low"] = pd.array([min(counts, default=pd.NA) for counts in ranges], dtype="Int64")
    result["high"] = pd.array([max(counts, default=pd.NA) for counts in ranges], dtype="Int64")
    ends = [_ends(rule, size) for rule, size in zip(rules, sizes, strict=True)]
    result[["low_text", "high_text", "share_low", "share_high"]] = ends
    narrower = narrowed(quantifiers, n)
    texts = (narrower["convention"] + ": " + narrower["low_text"] + " to " + narrower["high_text"]).groupby(
        narrower["id"], sort=False
    )
    result["narrower"] = result["id"].map(texts.agg("; ".join)).fillna("").astype(str)
    return result


def narrowed(quantifiers: pd.DataFrame, n: int | None = None) -> pd.DataFrame:
    """Return what conventions would narrow, one row for each quantifier and convention that makes a difference.

    Columns: id, convention, rule, n, low, high, low_text, high_text. A convention that leaves no count (n too small
    for its words) does not narrow.
    """
    rows = []
    for quantifier in rows_of(quantifiers):
        size, strict = _size(quantifier, n), _rule(quantifier, None)
        for name in CONVENTIONS:
            rule = _rule(quantifier, name)
            counts = _counts(rule, size)
            if rule == strict or (size is not None and not counts):
                continue
            low, high = min(counts, default=pd.NA), max(counts, default=pd.NA)
            rows.append(
                (quantifier["id"], name, rule, pd.NA if size is None else size, low, high, *_ends(rule, size)[:2])
            )
    columns = ["id", "convention", "rule", "n", "low", "high", "low_text", "high_text"]
    return pd.DataFrame(rows, columns=columns).astype({"n": "Int64", "low": "Int64", "high": "Int64"})


@bounds_of_words
def by_rule(quantifiers: pd.DataFrame, convention: str | None = None) -> pd.DataFrame:
    """Gather the quantifiers of a published number of people that are read alike, one row for group, n and rule.

    Columns: group, n, n_basis, rule, statements (ids with ; between), times (how many), words_nl, words_en (the
    commonest, at most two, "…" if there are more), low, high, and convention, convention_low, convention_high (the
    first of READINGS that would narrow it; "" and NA if none does, or where `convention` has narrowed it already).
    """
    columns = [
        *("group", "n", "n_basis", "rule", "statements", "times", "words_nl", "words_en", "low", "high"),
        *("convention", "convention_low", "convention_high"),
    ]
    if quantifiers.empty:
        return pd.DataFrame(columns=columns)
    counted_rows = bounds(quantifiers[quantifiers["n"].notna()], convention=convention).dropna(subset=["low"])
    strict = bounds(quantifiers).set_index("id")["rule"]
    narrower = narrowed(quantifiers).query("convention in @READINGS").drop_duplicates("id").set_index("id")
    rows = []
    for keys, statements in counted_rows.groupby(["group", "n", "n_basis", "rule"], sort=False):
        first = statements.iloc[0]
        name, low, high = "", pd.NA, pd.NA
        if first["id"] in narrower.index and first["rule"] == strict[first["id"]]:
            name, low, high = narrower.loc[first["id"], ["convention", "low", "high"]]
        words = (_commonest(statements[f"word_{language}"]) for language in ("nl", "en"))
        rows.append(
            (*keys, ";".join(statements["id"]), len(statements), *words, first["low"], first["high"], name, low, high)
        )
    counts = ["n", "low", "high", "convention_low", "convention_high"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(counts, "Int64"))


def _commonest(words: pd.Series) -> str:
    """Join the two commonest words, quoted; words in brackets, which are ours, do not count."""
    own = words[~words.str.startswith("(")]
    ranked = list(own.value_counts(sort=True).index)
    return ", ".join(f"“{word}”" for word in ranked[:2]) + (", …" if len(ranked) > 2 else "")


@bounds_of_words
def of_group(
    quantifiers: pd.DataFrame, group: str, n: int | None = None, convention: str | None = None
) -> pd.DataFrame:
    """Return the bounds of the quantifiers about one group of people (`group`), as `bounds` gives them."""
    return bounds(quantifiers if quantifiers.empty else quantifiers[quantifiers["group"] == group], n, convention)


def counts_of(bounded: pd.DataFrame, quantifier: str) -> range:
    """Return the counts from low to high of one quantifier (`quantifier` is its id) of `bounds`; empty if unknown."""
    row = bounded[bounded["id"] == quantifier] if not bounded.empty else bounded
    if row.empty or row["low"].isna().any():
        return range(0)
    return range(int(row["low"].iloc[0]), int(row["high"].iloc[0]) + 1)


@carries_origin
def columns_shown(bounded: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick what a reader wants to see of `bounds`: id, words, about, rule, n, low, high."""
    if bounded.empty:
        return pd.DataFrame(columns=["id", "words", "about", "rule", "n", "low", "high"])
    texts = {f"word_{language}": "words", f"about_{language}": "about"}
    return bounded.rename(columns=texts)[["id", "words", "about", "rule", "n", "low", "high"]].reset_index(drop=True)


def numbers(quantifiers: pd.DataFrame, language: str) -> dict[str, Number]:
    """Count the quantifiers under the keys that the report uses; a dash for a study without them.

    quantifiers: all; _bounded: the words force a bound; _convention: only a convention gives one; _no_count: an amount
    and no people; _open: people, but nothing bounds them; _published_n: about people whose number was published.
    """
    keys = ("", "_bounded", "_convention", "_no_count", "_open", "_published_n")
    if quantifiers.empty:
        return {f"quantifiers{key}": counted(None, language) for key in keys}
    rules = pd.Series([_strict_rule(quantifier) for quantifier in rows_of(quantifiers)], index=quantifiers.index)
    bounded = ~rules.isin(["unbounded", UNCOUNTED])
    by_convention = quantifiers["reading"] == "convention"
    counts = (
        len(quantifiers),
        int(bounded.sum()),
        int(by_convention.sum()),
        int((rules == UNCOUNTED).sum()),
        int(((rules == "unbounded") & ~by_convention).sum()),
        int(((rules != UNCOUNTED) & quantifiers["n"].notna()).sum()),
    )
    return {f"quantifiers{key}": number(count, language) for key, count in zip(keys, counts, strict=True)}
