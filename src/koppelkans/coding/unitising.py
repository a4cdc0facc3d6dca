"""Krippendorff's alphas for unitising: do coders find the same passages, and give them the same code?

Each coder cuts a text into passages with a code (units, of any length) and gaps between them. Lengths are counted, in
characters, so that no unit of analysis has to be chosen. Four measures (Krippendorff, Mathet, Bouvry & Widlöcher 2016):

u: passages, their edges and their codes, gaps included.
u_binary: coded or not, whatever the code.
cu: the codes alone, where passages of two coders overlap.
ku: one code of these, where passages overlap.

Chance pairs any passage with any other but itself; a gap has no parts and counts by the character. Several texts are
one long one. Where coders did not read the same texts, each text counts for those who did. The interval leaves out one
document at a time (jackknife, t with documents - 1 degrees of freedom). Not for codes that overlap: passages of a coder
exclude each other, so codes that stand on the same words are compared one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from koppelkans.coding.agreement_intervals import LEAST_DOCUMENTS
from koppelkans.coding.chance_correction import Array
from koppelkans.coding.spans import in_text
from koppelkans.coding.units import read_by, units, who_read
from koppelkans.errors import KoppelkansError
from koppelkans.locale import N_
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Estimate, Reason

FEW_DOCUMENTS = Reason(N_("fewer than 5 documents were read by two coders"))
NOTHING_READ = Reason(N_("no document was read by two coders"))
NOTHING_SHARED = Reason(N_("by chance there would be no disagreement: one code, or nothing that two coders both coded"))
_COLUMNS = ["measure", "code", "coverage", "documents", "coders", "characters", *ESTIMATE_COLUMNS]


@dataclass(frozen=True)
class _Sums:
    """What texts add up to (first axis: texts or sums of texts), for the gap (0) and each code.

    `observed`: characters that two coders give two values; `own`: what a passage would share with itself; `own_coded`:
    the same of what other coders coded too.
    """

    observed: Array
    own: Array
    own_coded: Array

    def weighted(self, weights: Array) -> _Sums:
        """Add texts up, once for each row of weights."""
        return _Sums(*(np.tensordot(weights, part, axes=1) for part in (self.observed, self.own, self.own_coded)))


def unitising_alphas(
    documents: pd.DataFrame, codings: pd.DataFrame, *, readers: pd.DataFrame | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Work out the four alphas: u, u_binary and cu, and ku for each code.

    `documents`, `codings`, `readers` as in `coding.units.ratings`; codings without a position are left out. Columns:
    measure, code ("" but for ku), coverage (share of the coded and uncoded characters that the measure is about; of ku
    of what got the code), documents, coders, characters (read by two or more), and those of an Estimate (n: documents).
    Raises KoppelkansError where passages of one coder with different codes overlap.
    """
    if readers is None and "readers" in documents:
        readers = who_read(documents, codings)
    pairs = read_by(codings, readers)
    spans = in_text(codings).merge(pairs, on=["document", "coder"])
    codes = sorted(spans["code"].unique())
    read = documents[documents["document"].isin(set(pairs["document"]))]
    length = units(read, spans, "document").set_index("document")["end"]
    own = dict(list(spans.groupby("document")))
    parts = [
        _of_text(own.get(document, spans.head(0)), list(of_document["coder"]), int(length[document]), codes)
        for document, of_document in pairs.groupby("document")
    ]
    head = {"documents": len(parts), "coders": pairs["coder"].nunique(), "characters": int(length.sum())}
    names = [("u", ""), ("u_binary", ""), ("cu", ""), *(("ku", code) for code in codes)]
    if not parts:
        nothing = Estimate.not_defined(NOTHING_READ, 0, "Krippendorff's unitising alpha", level).cells()
        return pd.DataFrame([{"measure": m, "code": c, **head, **nothing} for m, c in names], columns=_COLUMNS)
    sums = _Sums(*(np.stack(part) for part in zip(*parts, strict=True)))
    g = len(parts)
    values, coverage = _alphas(sums.weighted(np.ones((1, g))))
    without, _ = _alphas(sums.weighted(1 - np.eye(g)))
    rows = []
    for place, (measure, code) in enumerate(names):
        estimate = _estimate(values[0, place], without[:, place], level)
        rows.append({"measure": measure, "code": code, "coverage": coverage[0, place], **head, **estimate.cells()})
    return pd.DataFrame(rows, columns=_COLUMNS)


def _estimate(value: float, without: Array, level: float) -> Estimate:
    name, g = "Krippendorff's unitising alpha", len(without)
    if np.isnan(value):
        return Estimate.not_defined(NOTHING_SHARED, g, name, level)
    if g < LEAST_DOCUMENTS or np.isnan(without).any():
        return Estimate(float(value), None, None, None, g, name, level, FEW_DOCUMENTS)
    se = float(np.sqrt((g - 1) / g * ((without - without.mean()) ** 2).sum()))
    reach = float(scipy.stats.t.ppf((1 + level) / 2, g - 1)) * se
    method = f"{name}; jackknife over {g} documents"
    return Estimate(float(value), float(value) - reach, min(1.0, float(value) + reach), se, g, method, level)


def _alphas(sums: _Sums) -> tuple[Array, Array]:
    """Return the alphas u, u_binary, cu and ku of each code (columns), and their coverage."""
    observed, total = sums.observed, sums.observed.sum(axis=(1, 2))
    of_value = observed.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = _expected(observed, sums.own)
        u = 1 - _apart(observed) / _apart(expected)
        binary = 1 - observed[:, 0, 1:].sum(axis=1) / expected[:, 0, 1:].sum(axis=1)
        coded = observed[:, 1:, 1:]
        chance = _expected(coded, sums.own_coded[:, 1:])
        cu = 1 - _apart(coded) / _apart(chance)
        met, by_chance = coded.sum(axis=2), chance.sum(axis=2)
        same, same_by_chance = (np.diagonal(table, axis1=1, axis2=2) for table in (coded, chance))
        ku = 1 - (by_chance / met) * (met - same) / (by_chance - same_by_chance)
        shares = [np.ones(len(total)), np.ones(len(total)), met.sum(axis=1) / total]
        coverage = np.column_stack([*shares, met / of_value[:, 1:]])
    values = np.column_stack([u, binary, cu, ku])
    return np.where(np.isfinite(values), values, np.nan), coverage


def _expected(observed: Array, own: Array) -> Array:
    """Return the coincidences that chance gives, where no passage is paired with itself."""
    of_value, total = observed.sum(axis=2), observed.sum(axis=(1, 2))
    pairs = of_value[:, :, None] * of_value[:, None, :] - own[:, :, None] * np.eye(own.shape[1])
    return np.asarray(pairs * (total / (total**2 - own.sum(axis=1)))[:, None, None])


def _apart(table: Array) -> Array:
    apart = table.sum(axis=(1, 2)) - np.trace(table, axis1=1, axis2=2)
    return np.asarray(np.where(apart > 1e-9 * table.sum(axis=(1, 2)), apart, 0.0))


def _of_text(spans: pd.DataFrame, coders: list[str], length: int, codes: list[str]) -> tuple[Array, Array, Array]:
    """Count a text: the parts of `_Sums`."""
    passages = [_passages(spans[spans["coder"] == coder], codes) for coder in coders]
    edges = np.unique([0, length, *(edge for own in passages for start, end, _ in own for edge in (start, end))])
    size = np.diff(edges).astype(float)
    value = np.zeros((len(coders), len(size)), dtype=int)
    unit = np.full((len(coders), len(size)), -1)
    for row, own in enumerate(passages):
        for number, (start, end, code) in enumerate(own):
            inside = slice(np.searchsorted(edges, start), np.searchsorted(edges, end))
            value[row, inside], unit[row, inside] = code, number
    k, others = len(codes) + 1, len(coders) - 1
    observed, own_length, own_coded = np.zeros((k, k)), np.zeros(k), np.zeros(k)
    for i, own in enumerate(passages):
        own_length[0] += size[value[i] == 0].sum()
        own_length += np.bincount([c for *_, c in own], [(end - start) ** 2 for start, end, _ in own], minlength=k)
        for j in range(len(coders)):
            if i != j:
                np.add.at(observed, (value[i], value[j]), size / others)
                both = (value[i] > 0) & (value[j] > 0)
                shared = np.bincount(unit[i][both], size[both], minlength=len(own))
                own_coded += np.bincount([c for *_, c in own], shared**2 / others, minlength=k)
    return observed, own_length, own_coded


def _passages(spans: pd.DataFrame, codes: list[str]) -> list[tuple[int, int, int]]:
    """Return the passages of a coder in a text: start, end, number of the code from 1; those of one code joined."""
    result: list[tuple[int, int, int]] = []
    for start, end, code in spans.sort_values(["start", "end"])[["start", "end", "code"]].itertuples(index=False):
        number = codes.index(code) + 1
        if result and start < result[-1][1]:
            if result[-1][2] != number:
                row = spans.iloc[0]
                raise KoppelkansError(
                    f"table codings, document {row['document']!r}, coder {row['coder']!r}: a passage with {code!r} at "
                    f"{start} overlaps one with {codes[result[-1][2] - 1]!r}; expected codes that exclude each other: "
                    "compare them one at a time, or choose some that do"
                )
            start, end = result[-1][0], max(result.pop()[1], end)
        result.append((int(start), int(end), number))
    return result
