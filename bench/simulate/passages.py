"""Krippendorff's unitising alphas: coders who mark the same passages; edges slip, and one misses some."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from bench.simulate.experiments import SEED, Experiment, Rate, grid, holds
from koppelkans.coding.unitising import unitising_alphas

Generator = np.random.Generator
MEASURES = ("u", "u_binary", "cu")
_LENGTH, _ROOM = 2000, 100
_TRUTH_FROM = 2000
"""Documents from which the true value is worked out."""


def _drawn(generator: Generator, documents: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw documents and codings: in each room of a document there may be a passage with one of two codes."""
    rows = []
    missing = generator.beta(2, 6, size=documents)
    for document in range(documents):
        for start in range(0, _LENGTH, _ROOM):
            if generator.random() > 0.3:
                continue
            code = "ab"[generator.integers(2)]
            for coder in "xy":
                if generator.random() < missing[document]:
                    continue
                other = "ba"["ab".index(code)] if generator.random() < 0.15 else code
                edges = generator.integers(0, 30, size=2)
                rows.append((f"d{document}", other, coder, start + edges[0], start + _ROOM - 5 - edges[1]))
    codings = pd.DataFrame(rows, columns=["document", "code", "coder", "start", "end"])
    codings["coding"] = codings.index.astype(str)
    texts = pd.DataFrame({"document": [f"d{n}" for n in range(documents)], "text": "x" * _LENGTH})
    return texts, codings.assign(place="", text="")


def _alphas(texts: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    readers = texts[["document"]].merge(pd.DataFrame({"coder": list("xy")}), how="cross")
    return unitising_alphas(texts, codings, readers=readers).drop_duplicates("measure").set_index("measure")


@cache
def _truths() -> list[float]:
    table = _alphas(*_drawn(np.random.default_rng(SEED), _TRUTH_FROM))
    return [float(table.loc[measure, "value"]) for measure in MEASURES]


def alphas(generator: Generator, runs: int, documents: int) -> list[Rate]:
    """Measure the jackknife intervals over documents that differ in how often a coder misses a passage."""
    tables = [_alphas(*_drawn(generator, documents)) for _ in range(runs)]
    ends = ([(table.loc[one, "low"], table.loc[one, "high"]) for table in tables] for one in MEASURES)
    return [holds(own, truth) for own, truth in zip(ends, _truths(), strict=True)]


EXPERIMENTS = [
    Experiment(
        "Agreement over passages", tuple(f"unitising alpha {one} (jackknife)" for one in MEASURES), "interval", alphas,
        grid(documents=(5, 10, 20)), 400, (), 0,
    ),
]  # fmt: skip
