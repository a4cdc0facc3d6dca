"""What every reader of coded interviews gives: one set of tables, whatever the program that the file came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

DOCUMENTS = ("document", "name", "respondent", "kind", "text", "has_text", "n_characters")
CODES = ("code", "name", "parent", "path", "description", "is_codable")
CODINGS = ("coding", "document", "code", "coder", "start", "end", "place", "text")
TURNS = ("document", "turn", "speaker", "role", "start", "end", "time", "begins", "ends", "text")
RESPONDENT = "respondent"
KINDS = ("text", "pdf", "picture", "audio", "video")


def turns_table(rows: Iterable[tuple[Any, ...]] = ()) -> pd.DataFrame:
    """Return turns as a table, TURNS; see `Project`."""
    types = {"turn": "Int64", "start": "Int64", "end": "Int64", "begins": "Float64", "ends": "Float64"}
    return pd.DataFrame(list(rows), columns=list(TURNS)).astype(dict.fromkeys(TURNS, "str") | types)


@dataclass(frozen=True)
class Project:
    """A coded project as tables.

    documents: document (key), name, respondent (key, or ""), kind (one of KINDS), text (line ends as \\n, no byte order
        mark; "" where the file holds none; of a PDF for reading only), has_text, n_characters (Unicode code points of
        text).
    codes: code (key), name, parent (key, or "" at the top), path (names from the top, joined by " > "), description,
        is_codable. Parents stand before children.
    codings: coding (key), document, code, coder (key, or ""), start and end (Int64; code points of the document's text,
        end exclusive; missing for what is not text), place (page, region or time of a selection that is not text, else
        ""; two codes on one such selection have the same), text (the words selected; where the document has no text,
        those that the selection itself carries, else "").
    respondents: respondent (key) and one column for each attribute (text, "" where not given).
    coders: coder (key), name.
    report: what was read and how, ready for JSON: program, version, counts in the file and counts read, how offsets
        were counted and on what evidence, what was left out, warnings.
    kept: what analysis does not use and a round trip needs (notes, sets, links, graphs, ...), by kind.
    held: document and coder: whose project held what, of projects that were merged; with a column told, who rated what.
        None: all coders had all documents.
    turns: of transcripts: document, turn (from 1), speaker (as written), role (interviewer, respondent, unknown), start
        and end (code points of the document's text; the words without the label), time (hh:mm:ss, "" where none),
        begins and ends (the same in seconds, missing where none), text.
    """

    documents: pd.DataFrame
    codes: pd.DataFrame
    codings: pd.DataFrame
    respondents: pd.DataFrame
    coders: pd.DataFrame
    report: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    held: pd.DataFrame | None = field(default=None, repr=False)
    turns: pd.DataFrame = field(default_factory=turns_table, repr=False)


def counted(read: Mapping[str, int], in_file: Mapping[str, int] | None = None) -> dict[str, dict[str, int]]:
    """Return the counts of a report: what -> {in_file, read}, each where it is known."""
    in_file = in_file or {}
    return {
        what: {
            **({"in_file": int(in_file[what])} if what in in_file else {}),
            **({"read": int(read[what])} if what in read else {}),
        }
        for what in dict.fromkeys([*in_file, *read])
    }
