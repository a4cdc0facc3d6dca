"""Codes in texts: co-occurrence where two codes belong to one part of the guide, and the band of random orders."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from bench.simulate.experiments import Array, Experiment, Rate, grid, holds, rejects
from koppelkans.coding.cooccurrence import Tally, cooccurrence_test, turned
from koppelkans.coding.saturation import new_information, order_effects
from koppelkans.coding.sentences import sentences

Generator = np.random.Generator
_SENTENCES, _PARTS, _SHARE = 60, 8, 0.2
PARTS_OF_GUIDE = {"whole": 1.0, "first half": 0.5, "first quarter": 0.25}
_CODING = ["coding", "document", "code", "coder", "start", "end", "place", "text"]


def _talks(generator: Generator, documents: int, codes: int, part: float, run: int) -> Array:
    """Plant codes in the first part of interviews, independent of each other, over `run` sentences at a time.

    Returns documents x codes x sentences: 1 where a code is.
    """
    marks = np.zeros((documents, codes, _SENTENCES))
    last = round(_SENTENCES * part)
    begins = generator.random((documents, codes, last)) < _SHARE / run
    for document, code, place in np.argwhere(begins):
        marks[document, code, place : min(last, place + run)] = 1
    return marks


def in_guide(generator: Generator, runs: int, documents: int, guide: str, run: int) -> Rate:
    """Measure the test on marks of sentences, as `cooccurrence_test` does once it has cut the text."""
    section = np.arange(_SENTENCES) * _PARTS // _SENTENCES
    p_values = []
    for _ in range(runs):
        tally = Tally()
        for document, own in enumerate(_talks(generator, documents, 2, PARTS_OF_GUIDE[guide], run)):
            for number in range(_PARTS):
                marks = own[:, section == number]
                tally.add(turned(marks, np.eye(marks.shape[1]))[:, 0, 1], document)
        p_values.append(tally.row()[-1])
    return rejects(p_values)


def _codings(marks: Array, on_quotations: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return documents and codings: of whole sentences, or of quotations without a position (only what has a code)."""
    texts = [f"Gesprek {n}. " + "Dit is een hele zin. " * (_SENTENCES - 1) for n in range(len(marks))]
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(len(marks))], "text": texts})
    rows = []
    for (n, code, place), mark in np.ndenumerate(marks):
        if mark:
            start, end = (pd.NA, pd.NA) if on_quotations else sentences(texts[n])[place]
            where = f"{place}" if on_quotations else ""
            rows.append((str(len(rows)), f"d{n}", "abcdef"[code], "x", start, end, where, ""))
    return documents, pd.DataFrame(rows, columns=_CODING)


def whole_sentences(generator: Generator, runs: int, documents: int, codes: int, guide: str) -> Rate:
    """Measure the smallest corrected p (Holm) of all pairs of codes of whole sentences, from texts and codings on."""
    p_values = []
    for _ in range(runs):
        texts, codings = _codings(_talks(generator, documents, codes, PARTS_OF_GUIDE[guide], 1), False)
        p_values.append(float(cooccurrence_test(codings, texts)["p_holm"].min()))
    return rejects(p_values)


def quotations(generator: Generator, runs: int, documents: int, codes: int) -> Rate:
    """Measure the same where codes stand on quotations without a position: those without a code are not known."""
    p_values = []
    for _ in range(runs):
        texts, codings = _codings(_talks(generator, documents, codes, 0.5, 1), True)
        p_values.append(float(cooccurrence_test(codings, texts)["p_holm"].min()))
    return rejects(p_values)


def in_the_same_people(generator: Generator, runs: int, documents: int, guide: str) -> Rate:
    """Measure Fisher's test of two codes over interviews, each having a code or not."""
    p_values = []
    for _ in range(runs):
        a, b = np.moveaxis(_talks(generator, documents, 2, PARTS_OF_GUIDE[guide], 12).any(axis=2), 1, 0)
        table = [[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]]
        p_values.append(float(stats.fisher_exact(table).pvalue))
    return rejects(p_values)


def band(generator: Generator, runs: int, interviews: int, codes: int) -> Rate:
    """Measure the band of random orders: how often it holds the number of codes after half of the interviews."""
    ends, seen = [], []
    for _ in range(runs):
        often = generator.beta(0.5, 2, size=codes)
        there = np.argwhere(generator.random((interviews, codes)) < often)
        codings = pd.DataFrame(there, columns=["document", "code"])
        order, half = list(range(interviews)), interviews // 2 - 1
        row = order_effects(codings, order, draws=199).band.iloc[half]
        ends.append((float(row["low"]), float(row["high"])))
        seen.append(float(new_information(codings, order)["total"].iloc[half]))
    return holds(ends, seen)


_SECTION = "Codes that stand together"
EXPERIMENTS = [
    Experiment(
        _SECTION, "turns within sections", "test", in_guide,
        grid(documents=(4, 12), guide=tuple(PARTS_OF_GUIDE), run=(1, 3)), 1500, (2, 5), 200,
    ),
    Experiment(
        _SECTION, "turns within sections, whole sentences, all pairs (Holm)", "test", whole_sentences,
        grid(documents=(3,), codes=(2, 3), guide=("first half",)), 400, (1,), 30,
    ),
    Experiment(
        _SECTION, "quotations without a position, all pairs (Holm)", "test", quotations,
        grid(documents=(3,), codes=(2, 3)), 400, (1,), 30,
    ),
    Experiment(
        _SECTION, "in the same people (Fisher)", "test", in_the_same_people,
        grid(documents=(12, 30), guide=("whole", "first half")), 2000, (1,), 200,
    ),
    Experiment(
        "Saturation", "band of random orders", "interval", band, grid(interviews=(8, 20), codes=(15, 60)), 400, (0,),
        60,
    ),
]  # fmt: skip
