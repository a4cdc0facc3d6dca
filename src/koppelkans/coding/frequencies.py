"""How often codes were used: codings, documents, cases and characters, each in its own column, never mixed.

Twenty codings can come from one talkative person; so counts of people stand beside counts of codings.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from koppelkans.coding.spans import CODING_COLUMNS, characters, in_text
from koppelkans.study.columns import require

GROUPS = ("code", "document", "case", "coder")
COUNTS = ("codings", "documents", "cases", "coders", "characters", "not_text")


def frequencies(
    codings: pd.DataFrame,
    documents: pd.DataFrame,
    by: Sequence[str] = ("code",),
    codes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count codings in groups: one row for each combination of `by` that occurs.

    `codings`: coding, document, code, coder, start, end. `documents`: document, respondent ("" where unknown). `by`:
    one or more of code, document, case (the respondent), coder. With `codes` (code) and by code alone, codes that were
    not used come too, with zeros, in the order of the tree; else the rows are sorted.

    Columns: those of `by`, then
    codings: selections coded; documents: documents with one; cases: respondents with one (documents without a
    respondent have none); coders: coders who made one; characters: characters of text under at least one of these
    codings of the same code: a passage that overlapping codings cover is counted once for each code, and once more for
    another coder only where `by` has coder; missing where no coding has a position in a text, for then they are unknown
    and not 0; not_text: codings without a position, such as those of a picture, sound, video or PDF.
    Raises KoppelkansError for a missing column, ValueError for an unknown group.
    """
    wrong = [group for group in by if group not in GROUPS]
    if wrong or not by:
        raise ValueError(f"by is {list(by)!r}; expected one or more of {', '.join(GROUPS)}")
    require(codings, "codings", CODING_COLUMNS)
    require(documents, "documents", ("document", "respondent"))
    case_of = documents.set_index("document")["respondent"]
    table = codings.assign(case=codings["document"].map(case_of).fillna("").astype(object))
    groups = table.groupby(list(by), sort=True, dropna=False)
    result = groups.agg(
        codings=("coding", "size"),
        documents=("document", "nunique"),
        cases=("case", lambda cases: cases[cases != ""].nunique()),
        coders=("coder", lambda coders: coders[coders != ""].nunique()),
    ).reset_index()
    spans = in_text(table)
    lengths = _characters(spans, list(by))
    result = result.merge(lengths, on=list(by), how="left")
    result["characters"] = result["characters"].astype("Int64")
    textual = spans.groupby(list(by)).size().rename("textual").reset_index()
    result = result.merge(textual, on=list(by), how="left")
    result["not_text"] = result["codings"] - result["textual"].fillna(0).astype(int)
    if codes is not None and list(by) == ["code"]:
        result = codes[["code"]].merge(result, on="code", how="left")
        result["characters"] = result["characters"].mask(result["codings"].isna(), 0)
        whole = [count for count in COUNTS if count != "characters"]
        result = result.fillna(dict.fromkeys(whole, 0)).astype(dict.fromkeys(whole, int))
    return result[[*by, *COUNTS]]


def _characters(spans: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add up the characters covered, code by code and document by document, over the groups of `by`."""
    apart = [*dict.fromkeys([*by, "code", "document"])]
    rows = [
        (*key, characters(zip(group["start"], group["end"], strict=True)))
        for key, group in spans.groupby(apart, sort=False, dropna=False)
    ]
    table = pd.DataFrame(rows, columns=[*apart, "characters"])
    return table.groupby(by, dropna=False)["characters"].sum().reset_index()


def attribute_frequencies(
    codings: pd.DataFrame, documents: pd.DataFrame, respondents: pd.DataFrame, attribute: str
) -> pd.DataFrame:
    """Count in how many cases of each group of people a code occurs: code, <attribute>, cases, of_cases.

    `respondents`: respondent and the attribute; of_cases counts the group's respondents with a document. Every code
    that occurs and every group has a row, 0 included. Before it is shown, it goes through
    `koppelkans.privacy.disclosure`: small cells can point at a person.
    """
    require(respondents, "respondents", ("respondent", attribute))
    group_of = respondents.set_index("respondent")[attribute]
    interviewed = documents[documents["respondent"] != ""][["document", "respondent"]]
    interviewed = interviewed.assign(group=interviewed["respondent"].map(group_of).fillna(""))
    sizes = interviewed.groupby("group")["respondent"].nunique()
    coded = codings[["document", "code"]].merge(interviewed, on="document")
    cases = coded.groupby(["code", "group"])["respondent"].nunique()
    index = pd.MultiIndex.from_product([sorted(coded["code"].unique()), sizes.index], names=["code", attribute])
    result = cases.rename_axis(["code", attribute]).reindex(index, fill_value=0).rename("cases").reset_index()
    return result.assign(of_cases=result[attribute].map(sizes).astype(int))
