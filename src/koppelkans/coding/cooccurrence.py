"""Which codes stand together in the text, and whether more often than by chance.

Two codings of different codes count as a pair when they stand in one document, are of one coder (unless
`across_coders`) and fulfil the rule:

overlap: they share at least one character.
containment: one lies wholly within the other.
near: at most `within` characters lie between them (0: they touch or overlap).

Codings without a position in a text stand together, by any rule, where they are on one quotation (the same place, or
the same words where no place is told); each quotation with both codes counts as one pair.

With `across_coders` the codings of all coders are put together, as programs such as ATLAS.ti do in the table of
co-occurring codes of a whole project: a code that several coders gave to the same stretch or quotation is one coding of
it, and so a pair of stretches counts once, however many coded it.

Expected numbers come from shuffling the codings (a permutation test, seeded; p = (1 + as many pairs or more) /
(1 + draws), one-sided: more than by chance). Two nulls:

shift (default): all codings of one code by one coder in one document move along together by a random distance, round
    and round (what leaves at the end comes in at the start). Lengths, numbers and the clumping of a code stay; only
    where codes stand towards each other is left to chance. This is the question "do these themes meet in what people
    say?".
labels: the codes are dealt out anew over the coded places of a coder in a document. Places stay. It answers a narrower
    question, "given where anything was coded, do these codes go together?", and suits codings of whole answers or
    turns, which a shift would tear from the places where a coding can begin.

Codes of quotations without a position can only be dealt out anew (labels), whatever the null.
For `near`, start and end of a document count as neighbours in the test (not in `pairs`), so that observed and shuffled
are counted in one way.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.coding.spans import in_text, without_position
from koppelkans.statistics.multiple_tests import holm
from koppelkans.study.columns import require

Rule = Literal["overlap", "containment", "near"]
Null = Literal["shift", "labels"]
RULES: tuple[Rule, ...] = ("overlap", "containment", "near")
NULLS: tuple[Null, ...] = ("shift", "labels")
Ints = NDArray[np.int64]
_COLUMNS = ["code_a", "code_b", "pairs", "documents", "codings_a", "codings_b", "jaccard"]


def cooccurrence(
    codings: pd.DataFrame, rule: Rule = "overlap", within: int = 0, across_coders: bool = False
) -> pd.DataFrame:
    """Count the pairs of codings of every two codes that meet at least once.

    `codings`: coding, document, code, coder, start, end, and place and text if they are there. Columns: code_a, code_b
    (in alphabetical order), pairs (of codings), documents (with a pair), codings_a, codings_b (all codings of the
    code; with `across_coders` each stretch once), jaccard (codings of either code that have a partner / codings of
    either code: 0 to 1). Most pairs first. Raises ValueError for an unknown rule.
    """
    _checked(rule, within)
    together = ["document"] if across_coders else ["document", "coder"]
    codings = _each_stretch_once(codings) if across_coders else codings
    totals = codings.groupby("code")["coding"].nunique().to_dict()
    left = in_text(codings)[["coding", "code", "start", "end", *together]]
    met = left.merge(left, on=together, suffixes=("_a", "_b"))
    met = met[met["code_a"] < met["code_b"]]
    met = met[_meets(met, rule, within)].assign(
        pair=lambda pairs: pairs["coding_a"].astype(str) + "\n" + pairs["coding_b"].astype(str)
    )
    met = pd.concat([met, _on_one_quotation(codings, together)], ignore_index=True)
    rows = []
    for (code_a, code_b), pairs in met.groupby(["code_a", "code_b"]):
        partnered = pairs["coding_a"].nunique() + pairs["coding_b"].nunique()
        n_a, n_b = int(totals[code_a]), int(totals[code_b])
        n = int(pairs.groupby("document")["pair"].nunique().sum())
        rows.append((code_a, code_b, n, pairs["document"].nunique(), n_a, n_b, partnered / (n_a + n_b)))
    result = pd.DataFrame(rows, columns=_COLUMNS)
    return result.sort_values(["pairs", "code_a", "code_b"], ascending=[False, True, True], ignore_index=True)


def _each_stretch_once(codings: pd.DataFrame) -> pd.DataFrame:
    """Leave out the codings that give a code to what another coding gives it to already, by whichever coder."""
    selected, loose = in_text(codings), _quotations(codings)
    again = selected.duplicated(["document", "code", "start", "end"])
    more = loose.duplicated(["document", "code", "quotation"])
    return codings[~codings["coding"].isin({*selected.loc[again, "coding"], *loose.loc[more, "coding"]})]


def _quotations(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings without a position whose quotation is known."""
    loose = without_position(codings)
    return loose[loose["quotation"] != ""]


def _on_one_quotation(codings: pd.DataFrame, together: list[str]) -> pd.DataFrame:
    """Return the pairs of codings on one quotation; `pair` is the same for all those of one quotation."""
    left = _quotations(codings)[["coding", "code", "quotation", *together]]
    met = left.merge(left, on=[*together, "quotation"], suffixes=("_a", "_b"))
    met = met[met["code_a"] < met["code_b"]]
    coder = met["coder"] if "coder" in together else ""
    return met.assign(pair="quotation\n" + met["quotation"] + "\n" + coder)


def _checked(rule: str, within: int) -> None:
    if rule not in RULES:
        raise ValueError(f"rule {rule!r} is not one of {', '.join(RULES)}")
    if within < 0 or (within and rule != "near"):
        raise ValueError(f"within is {within}; expected 0 or more characters, with rule near")


def _meets(met: pd.DataFrame, rule: Rule, within: int) -> NDArray[np.bool_]:
    if rule == "containment":
        a_in_b = (met["start_b"] <= met["start_a"]) & (met["end_a"] <= met["end_b"])
        b_in_a = (met["start_a"] <= met["start_b"]) & (met["end_b"] <= met["end_a"])
        return np.asarray(a_in_b | b_in_a)
    gap = np.maximum(met["start_a"], met["start_b"]) - np.minimum(met["end_a"], met["end_b"])
    return np.asarray(gap < 0 if rule == "overlap" else gap <= within)


def cooccurrence_test(
    codings: pd.DataFrame,
    documents: pd.DataFrame,
    rule: Rule = "overlap",
    within: int = 0,
    null: Null = "shift",
    *,
    draws: int = 999,
    seed: int = 1,
) -> pd.DataFrame:
    """Test for every two codes that share a document whether they meet more often than by chance.

    `documents`: document and text or n_characters (for the length). Only pairs within one coder count. Columns: code_a,
    code_b, pairs, expected (mean over the draws), low, high (2.5th and 97.5th percentile of the draws), ratio (pairs /
    expected; empty where expected is 0), p, p_holm (for the number of pairs of codes tested), null (quotations where no
    coding has a position), draws, seed.
    Smallest p first. No rows where no two codes share a document of a coder. Raises ValueError for an unknown option.
    """
    _checked(rule, within)
    if null not in NULLS:
        raise ValueError(f"null {null!r} is not one of {', '.join(NULLS)}")
    if draws < 1:
        raise ValueError(f"draws is {draws}; expected 1 or more, such as 999")
    require(documents, "documents", ("document",))
    generator = np.random.default_rng(seed)
    counts: dict[tuple[str, str], Ints] = {}
    length_of = _lengths(documents)
    spans = in_text(codings).sort_values(["document", "coder", "code", "start", "end", "coding"])
    for _, own in (
        _quotations(codings).sort_values(["document", "coder", "code", "coding"]).groupby(["document", "coder"])
    ):
        for codes, drawn_counts in _dealt(own, draws, generator).items():
            counts[codes] = counts.get(codes, np.zeros(draws + 1, dtype=np.int64)) + drawn_counts
    for (document, _), own in spans.groupby(["document", "coder"]):
        length = max(length_of.get(str(document), 0), int(own["end"].max()))
        shuffled = _shifted if null == "shift" else _relabelled
        for codes, drawn_counts in shuffled(own, length, rule, within, draws, generator).items():
            counts[codes] = counts.get(codes, np.zeros(draws + 1, dtype=np.int64)) + drawn_counts
    rows = []
    for (code_a, code_b), drawn_counts in sorted(counts.items()):
        observed, drawn = int(drawn_counts[0]), drawn_counts[1:]
        expected, ends = float(drawn.mean()), np.percentile(drawn, [2.5, 97.5])
        p = float((1 + (drawn >= observed).sum()) / (1 + draws))
        ratio = observed / expected if expected else None
        rows.append((code_a, code_b, observed, expected, float(ends[0]), float(ends[1]), ratio, p))
    columns = ["code_a", "code_b", "pairs", "expected", "low", "high", "ratio", "p"]
    result = pd.DataFrame(rows, columns=columns)
    result["p_holm"] = holm(result["p"])
    result = result.assign(null=null if len(spans) else "quotations", draws=draws, seed=seed)
    return result.sort_values(["p", "code_a", "code_b"], ignore_index=True)


def _lengths(documents: pd.DataFrame) -> dict[str, int]:
    stated = documents.get("n_characters", pd.Series(0, index=documents.index))
    texts = documents.get("text", pd.Series("", index=documents.index)).fillna("")
    lengths = np.maximum(pd.to_numeric(stated, errors="coerce").fillna(0).astype(int), texts.str.len())
    return dict(zip(documents["document"].astype(str), lengths, strict=True))


def _shifted(
    own: pd.DataFrame, length: int, rule: Rule, within: int, draws: int, generator: np.random.Generator
) -> dict[tuple[str, str], Ints]:
    """Count pairs as they are (first) and after each draw of shifts, one shift for each code."""
    groups = {str(code): of_code for code, of_code in own.groupby("code")}
    shifts = {code: np.append(0, generator.integers(length, size=draws)) for code in groups}
    result = {}
    for code_a, code_b in combinations(sorted(groups), 2):
        a, b = groups[code_a], groups[code_b]
        start_a, start_b = a["start"].to_numpy()[:, None], b["start"].to_numpy()[None, :]
        long_a, long_b = (a["end"] - a["start"]).to_numpy()[:, None], (b["end"] - b["start"]).to_numpy()[None, :]
        drawn_counts = np.zeros(draws + 1, dtype=np.int64)
        between = shifts[code_b] - shifts[code_a]
        apart = (start_b - start_a)[..., None] + between
        drawn_counts += _circular(apart % length, long_a[..., None], long_b[..., None], length, rule, within).sum(
            axis=(0, 1)
        )
        result[code_a, code_b] = drawn_counts
    return result


def _circular(
    apart: NDArray[np.int64], long_a: Ints, long_b: Ints, length: int, rule: Rule, within: int
) -> NDArray[np.bool_]:
    """Say which pairs meet on a circle; `apart` is how far b begins behind a."""
    back = (length - apart) % length
    if rule == "containment":
        return np.asarray((apart + long_b <= long_a) | (back + long_a <= long_b))
    if rule == "overlap":
        return np.asarray((apart < long_a) | (back < long_b))
    return np.asarray((apart <= long_a + within) | (back <= long_b + within))


def _relabelled(
    own: pd.DataFrame, length: int, rule: Rule, within: int, draws: int, generator: np.random.Generator
) -> dict[tuple[str, str], Ints]:
    """Count pairs as they are (first) and after each draw of codes over the same places."""
    start, long = own["start"].to_numpy(), (own["end"] - own["start"]).to_numpy()
    first, second = np.triu_indices(len(own), 1)
    apart = (start[second] - start[first]) % length
    meets = _circular(apart, long[first], long[second], length, rule, within)
    first, second = first[meets], second[meets]
    numbers, names = pd.factorize(own["code"], sort=True)
    dealt = np.stack([numbers, *(generator.permutation(numbers) for _ in range(draws))])
    low = np.minimum(dealt[:, first], dealt[:, second])
    high = np.maximum(dealt[:, first], dealt[:, second])
    return {
        (str(names[a]), str(names[b])): ((low == a) & (high == b)).sum(axis=1).astype(np.int64)
        for a, b in combinations(range(len(names)), 2)
    }


def _dealt(own: pd.DataFrame, draws: int, generator: np.random.Generator) -> dict[tuple[str, str], Ints]:
    """Count the quotations with both codes as they are (first) and after each draw of codes over the same ones."""
    own = own.drop_duplicates(["quotation", "code"])
    places = pd.factorize(own["quotation"])[0]
    numbers, names = pd.factorize(own["code"], sort=True)
    first, second = np.nonzero(np.triu(places[:, None] == places[None, :], 1))
    dealt = np.stack([numbers, *(generator.permutation(numbers) for _ in range(draws))])
    low = np.minimum(dealt[:, first], dealt[:, second])
    high = np.maximum(dealt[:, first], dealt[:, second])
    result = {}
    for a, b in combinations(range(len(names)), 2):
        both = (low == a) & (high == b)
        on = [both[:, places[first] == place].any(axis=1) for place in np.unique(places[first])]
        result[str(names[a]), str(names[b])] = np.sum(on, axis=0, dtype=np.int64) + np.zeros(draws + 1, dtype=np.int64)
    return result
