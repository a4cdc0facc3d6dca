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

The test asks whether two codes stand together more often than if they were independent within each section of the
interview guide. That both belong to the same part of the guide is then no finding. The text is cut into sentences,
which have a code or not, and sentences into sections (`guide.sections`). Within a section all marks of one code move on
together by the same number of sentences, round and round; every such move is equally likely if the codes are
independent. So a code keeps how often it comes in a section and how it clumps there, and only where the two stand
towards each other is left to chance. All moves are counted, section by section, and their distributions convolved: the
tail is exact, without a draw. (Permuting single sentences takes a code over three sentences for three decisions, and
rejects too often.)

Quotations without a position have no text between them: the quotations of a document are then the units, in one
section. What nobody quoted is not known, so that two codes alone can never stand together more often than expected.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.coding.guide import sections
from koppelkans.coding.spans import in_text, without_position
from koppelkans.coding.units import LEAST, Cut, units
from koppelkans.statistics.multiple_tests import holm
from koppelkans.study.columns import require

Rule = Literal["overlap", "containment", "near"]
RULES: tuple[Rule, ...] = ("overlap", "containment", "near")
Array = NDArray[np.float64]
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


def cooccurrence_test(codings: pd.DataFrame, documents: pd.DataFrame, within: int = 0, parts: int = 8) -> pd.DataFrame:
    """Test for every two codes whether they stand together more often than if independent within sections of the guide.

    `codings` as in `cooccurrence`; `documents`: document, text. `within`: characters between two sentences of one
    section that still stand together (0: the same sentence; never across the edge of a section); `parts` as in
    `guide.sections`. Only codings of one coder in one document meet. Columns: code_a, code_b, together (pairs of
    sentences, one with each code; with `within` 0 sentences with both), documents (with such a pair), expected, low,
    high (mean, 2.5th and 97.5th percentile if independent), ratio (together / expected; empty where expected is 0), p
    (exact, one-sided: more often), p_holm (for all pairs of codes that share a section), sections (guide, position,
    none; with " + " between where documents differ), parts, loose (codings without a position that stand in a text
    beside others, and so in no sentence). Smallest p first; no rows where no two codes share a section. Raises
    ValueError for an unknown option, KoppelkansError for a coded document without text.
    """
    if within < 0:
        raise ValueError(f"within is {within}; expected 0 or more characters")
    require(documents, "documents", ("document", "text"))
    coded = documents[documents["document"].isin(set(codings["document"]))]
    pairs = codings[["document", "coder"]].drop_duplicates()
    pieces = Cut(units(coded, codings, "sentence"), codings, pairs, "sentence", LEAST)
    where = sections(coded, pieces.units, parts)
    codes = sorted(codings["code"].unique())
    marks = np.array([pieces.ratings(code).to_numpy() for code in codes])
    row_of = pd.Series(range(len(pieces.units)), pd.MultiIndex.from_frame(pieces.units[["document", "unit"]]))
    tests: dict[tuple[int, int], Tally] = defaultdict(Tally)
    for (document, _), own in where.groupby(["document", "section"], sort=False):
        rows = row_of.reindex(pd.MultiIndex.from_frame(own[["document", "unit"]])).to_numpy()
        near = _near(pieces.units.iloc[rows], within)
        for of_coder in np.moveaxis(marks[:, rows, :], -1, 0) if len(codes) else ():
            used = np.flatnonzero((of_coder == 1).any(axis=1))
            counts = turned(of_coder[used], near)
            for a in range(len(used)):
                for b in range(a + 1, len(used)):
                    tests[used[a], used[b]].add(counts[:, a, b], document)
    result = pd.DataFrame(
        [(codes[a], codes[b], *tally.row()) for (a, b), tally in sorted(tests.items())],
        columns=["code_a", "code_b", "together", "documents", "expected", "low", "high", "ratio", "p"],
    )
    result["p_holm"] = holm(result["p"])
    result = result.assign(sections=" + ".join(sorted(set(where["known_from"]))), parts=parts, loose=pieces.left_out)
    return result.sort_values(["p", "code_a", "code_b"], ignore_index=True)


def _near(pieces: pd.DataFrame, within: int) -> Array:
    """Say which units of a section stand together: those at most `within` characters apart, always with themselves."""
    start, end = pieces["start"].to_numpy()[:, None], pieces["end"].to_numpy()[:, None]
    gap = np.maximum(start, start.T) - np.minimum(end, end.T)
    close = (gap <= within) & (within > 0) & pieces["quotation"].isna().to_numpy()
    return np.asarray(close | np.eye(len(pieces), dtype=bool), dtype=float)


def turned(marks: Array, near: Array) -> NDArray[np.int64]:
    """Count how often codes stand together after each move of the second code through a section.

    `marks`: codes x units, 1 where a code is there; `near`: units x units, 1 for units that stand together. Returns
    moves (the first: none) x codes x codes.
    """
    beside = marks @ near
    return np.stack([beside @ np.roll(marks, move, axis=1).T for move in range(marks.shape[1])]).astype(np.int64)


class Tally:
    """Two codes over all sections: how often together, in which documents, the exact distribution if independent."""

    def __init__(self) -> None:
        self.together, self.documents, self.chances = 0, set[object](), np.ones(1)

    def add(self, counts: NDArray[np.int64], document: object) -> None:
        """Add a section: `counts` after each move, the first as it is."""
        self.together += int(counts[0])
        self.documents |= {document} if counts[0] else set()
        self.chances = np.convolve(self.chances, np.bincount(counts) / len(counts))

    def row(self) -> tuple[int, int, float, int, int, float | None, float]:
        """Return together, documents, expected, low, high, ratio, p."""
        expected = float(self.chances @ np.arange(len(self.chances)))
        low, high = (int(np.searchsorted(self.chances.cumsum(), share)) for share in (0.025, 0.975))
        p = min(1.0, float(self.chances[self.together :].sum()))
        ratio = self.together / expected if expected else None
        return self.together, len(self.documents), expected, low, high, ratio, p
