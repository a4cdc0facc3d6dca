"""The codebook as a table for an appendix. What changed between two versions: `codebook_history`."""

from __future__ import annotations

import pandas as pd

from koppelkans.coding.frequencies import COUNTS, frequencies
from koppelkans.coding.tree import levels
from koppelkans.study.columns import require


def codebook(codes: pd.DataFrame, codings: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook in the order of the tree: one row a code.

    `codes`: code, name, parent, path and, where the study has it, description. `codings`, `documents` as in
    `frequencies`. Columns: code, name, path, depth, level (selective, axial, open), description, codings, documents,
    cases, coders, characters, not_text, example (key of the first coding, in the order of documents and text; "" for
    none).
    """
    require(codes, "codes", ("code", "name", "parent", "path"))
    described = codes if "description" in codes else codes.assign(description="")
    counts = frequencies(codings, documents, codes=codes).set_index("code")
    table = levels(described).set_index("code", drop=False)
    place = {document: number for number, document in enumerate(documents["document"])}
    ordered = codings.assign(place=codings["document"].map(place)).sort_values(["place", "start", "end", "coding"])
    examples = ordered.groupby("code")["coding"].first().astype(str)
    table = table[["code", "name", "path", "depth", "level", "description"]].join(counts[list(COUNTS)])
    return table.assign(example=table["code"].map(examples).fillna("")).reset_index(drop=True)
