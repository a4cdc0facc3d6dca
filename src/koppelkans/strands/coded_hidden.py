"""Which numbers of the codes of a strand are hidden, so that no small group of people can be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from koppelkans.coding.frequencies import frequencies
from koppelkans.coding.tree import depths, roll_up
from koppelkans.privacy.linked import ALWAYS, Published

if TYPE_CHECKING:
    from koppelkans.strands.coded import Coded

COUNTED = ("codings", "documents", "cases", "characters")
ALL_CODES = ""
"""In place of a code: all codings of a strand."""


def counted_codes(coded: Coded) -> pd.DataFrame:
    """Count codings, documents, cases and characters of each code, what lies below it included."""
    depth = depths(coded.codes)
    case_of = coded.documents.assign(respondent=coded.cases.to_numpy())
    rows = []
    for layer in sorted(set(depth)):
        at = roll_up(coded.codings, coded.codes, int(layer))
        layer_counts = frequencies(at, case_of, codes=coded.codes[coded.codes["code"].map(depth) == layer])
        rows.append(layer_counts[["code", *COUNTED]])
    table = coded.codes[["code", "name"]].merge(pd.concat(rows), on="code")
    table.insert(2, "depth", table["code"].map(depth))
    return table


def published_codes(coded: Coded) -> tuple[Published, dict[str, int]]:
    """Return the numbers that are shown of each code, and which of them counts the people with a code."""
    table = counted_codes(coded)
    published = Published(coded.minimum)
    interviews = len(coded.documents) - len(coded.unread)
    once = coded.n_cases == interviews  # then people and interviews are one
    cases: dict[str, int] = {}
    documents: dict[str, int] = {}
    codings: dict[str, int] = {}
    for code, people, read, made in table[["code", "cases", "documents", "codings"]].itertuples(index=False):
        cases[code], documents[code] = published.number(people, (code,)), published.number(read, (code,))
        codings[code] = published.number(made, (code,))
        published.at_most([cases[code]], [documents[code]])
        published.at_most([documents[code]], [codings[code]])
        published.at_most([documents[code]], [published.number(interviews, ALWAYS)])
        published.at_most([cases[code]], [published.number(coded.n_cases, ALWAYS)])
        if once:
            published.adds_up([cases[code]], [documents[code]])
        published.secret(cases[code], coded.n_cases)
        published.vague(codings[code])
    own = coded.codings["code"].value_counts()
    every = published.number(len(coded.codings), (ALL_CODES,), cost=0.5)
    published.vague(every)
    for parent, below in [(ALL_CODES, coded.themes), *coded.codes.groupby("parent", sort=False)]:
        if parent not in codings and parent != ALL_CODES:
            continue
        children = [code for code in below["code"] if code in codings]
        at_parent = [published.number(own[parent])] if parent in own else []  # that nothing is coded there may be known
        published.adds_up([codings.get(parent, every)], [*(codings[code] for code in children), *at_parent])
        if parent != ALL_CODES:
            for counted in (cases, documents):
                published.at_most([counted[parent]], [*(counted[code] for code in children), *at_parent])
                for code in children:
                    published.at_most([counted[code]], [counted[parent]])
    return published, cases
