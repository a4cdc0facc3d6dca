"""The unit of analysis: the one place where codings become ratings that coders can agree on.

The same two coders can agree well or badly, depending on what counts as one decision. Four units:

document: did the coder use the code anywhere in the document?
segment: the text is cut wherever any coding of the coders compared begins or ends; a piece is coded or not. However
    long, a stretch that nobody coded is one piece, so that agreement on nothing hardly counts: lower than by sentence.
sentence: `koppelkans.coding.sentences`; coded where the code covers a share `least` of it, half unless asked, so that a
    word too many at an edge is no sentence more. A coding that reaches this in no sentence counts in the one that holds
    most of it.
character: each character is coded or not. Thousands of units that are anything but independent: give intervals from
    this only with several documents.

A coding without a position (in a PDF, a recording, a table of quotations) has no characters to cut. Where all codings
of a document are of this kind, its quotations are the units: each place (or passage) that a coder coded is one, and
coded where a code is on it. (Beside codings in text they are left out, and `Cut.left_out` counts them.) They can only
be compared where coders share quotations, as in one project; where no two coders ever coded the same one, nothing is
known of their agreement (`Cut.problem`), and the document is the unit to take.

`uncoded` is a visible choice. "in": units that no coder gave any code count as agreement that nothing is there. Most
text is uncoded, so this raises percent agreement and can rule kappa. "out": these units are left out; what is left are
places where at least one coder saw something, and agreement on absence is not rewarded.

Only documents that two coders or more have read are taken. Who has read what is in `readers` (document, coder); else in
the column readers of the documents; without that, whoever has a coding in one of the documents has read them all, since
a coder who found nothing has rated too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from koppelkans.coding.sentences import sentences
from koppelkans.coding.spans import covered, in_text, without_position
from koppelkans.errors import KoppelkansError
from koppelkans.locale import N_
from koppelkans.statistics.estimate import Reason
from koppelkans.study.columns import require

Unit = Literal["document", "segment", "sentence", "character"]
Uncoded = Literal["in", "out"]
LEAST = 0.5
UNITS: tuple[Unit, ...] = ("document", "segment", "sentence", "character")
NO_CODE = "-"
NO_UNITS = Reason(N_("two coders read no unit together"))
NO_POSITIONS = Reason(
    N_(
        "the codings have no positions in a text, and no two coders coded the same quotation; "
        "take the document as the unit"
    )
)


def units(documents: pd.DataFrame, codings: pd.DataFrame, by: Unit) -> pd.DataFrame:
    """Cut documents into units: document, unit (from 0), start, end (code points, end exclusive), quotation.

    `documents`: document, text (empty where the file holds none), and n_characters where there is no text; kind, if it
    is there, says what is not text. `codings` as in `koppelkans.coding.spans.in_text`; they set the cuts of segments.
    Segments of white space only are left out. A quotation without position has no start and end (both 0), and its name
    in `quotation`, missing for all others. Raises KoppelkansError for sentences of a document without text.
    """
    _checked(by)
    require(documents, "documents", ("document", "text"))
    spans, loose = in_text(codings), without_position(codings)
    rows: list[tuple[object, int, int, int, object]] = []
    for _, document in documents.iterrows():
        own = spans[spans["document"] == document["document"]]
        quotations = loose.loc[loose["document"] == document["document"], "quotation"].unique()
        pieces: list[tuple[int, int, object]] = [(0, 0, quotation) for quotation in quotations]
        if by == "document" or len(own) or (not pieces and document.get("kind", "text") == "text"):
            pieces = [(start, end, None) for start, end in _cut(document, own, by)]
        rows += [(document["document"], unit, *piece) for unit, piece in enumerate(pieces)]
    return pd.DataFrame(rows, columns=["document", "unit", "start", "end", "quotation"])


def _checked(by: str) -> None:
    if by not in UNITS:
        raise ValueError(f"unit {by!r} is not one of {', '.join(UNITS)}")


def _length(document: pd.Series, codings: pd.DataFrame) -> int:
    """Return the length of a document: of its text, else as stated, and at least up to the last coding."""
    stated = pd.to_numeric(document.get("n_characters", 0), errors="coerce")
    last = int(codings["end"].max()) if len(codings) else 0
    return len(document["text"]) or max(last, 0 if pd.isna(stated) else int(stated))


def _cut(document: pd.Series, codings: pd.DataFrame, by: Unit) -> list[tuple[int, int]]:
    text, length = document["text"], _length(document, codings)
    if by == "document":
        return [(0, length)]
    if by == "character":
        return [(place, place + 1) for place in range(length)]
    if by == "sentence":
        if not text and length:
            raise KoppelkansError(
                f"table documents, document {document['document']!r}: no text; expected text to find sentences in: "
                "take document, segment or character as the unit, or put the source file beside the project"
            )
        return sentences(text)
    edges = sorted({0, length, *codings["start"].clip(upper=length), *codings["end"].clip(upper=length)})
    pieces = list(pairwise(edges))
    return [(start, end) for start, end in pieces if not text or text[start:end].strip()]


def who_read(documents: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return who has read what: document, coder, known (declared or assumed).

    `documents`: document, and readers (names with "; " between) and readers_known, as study.yml and the files say.
    Where it is not declared, who coded anything has read all that their project holds, and a document that nobody coded
    has been read by nobody, for it may not have been coded yet.
    """
    active, coded = set(codings["coder"]), set(codings["document"])
    made = set(codings[["document", "coder"]].itertuples(index=False, name=None))
    columns = [documents.get(name, pd.Series("", documents.index)) for name in ("readers", "readers_known")]
    rows = []
    for document, listed, known in zip(documents["document"], *columns, strict=True):
        named = set(str(listed or "").split("; ")) - {""}
        if known != "declared":
            named = (named & active or active) if document in coded else set()
        rows += [(document, coder, known or "assumed") for coder in named | {c for d, c in made if d == document}]
    return pd.DataFrame(sorted(rows), columns=["document", "coder", "known"])


def read_by(codings: pd.DataFrame, readers: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return who has read what: document, coder; of documents with two readers or more.

    From `readers` (document, coder) where given; else everybody who has a coding has read every document that has one.
    """
    source, name = (codings, "codings") if readers is None else (readers, "readers")
    require(source, name, ("document", "coder"))
    if readers is None:
        coders = pd.DataFrame({"coder": source["coder"].unique()})
        source = source[["document"]].drop_duplicates().merge(coders, how="cross")
    pairs = source[["document", "coder"]].drop_duplicates().sort_values(["document", "coder"], ignore_index=True)
    return pairs[pairs.groupby("document")["coder"].transform("size") >= 2].reset_index(drop=True)


@dataclass(frozen=True)
class Cut:
    """Documents cut into units, ready to be rated for one code after another. Made by `cut`."""

    units: pd.DataFrame
    codings: pd.DataFrame
    readers: pd.DataFrame
    by: Unit
    least: float

    def ratings(self, code: str | Sequence[str], uncoded: Uncoded = "in") -> pd.DataFrame:
        """Rate each unit for a code (or any of several); as the function `ratings`."""
        if uncoded not in ("in", "out"):
            raise ValueError(f"uncoded {uncoded!r} is not one of in, out")
        wanted = {code} if isinstance(code, str) else set(code)
        result = self._coded(self.codings[self.codings["code"].isin(wanted)])
        return result[self.touched] if uncoded == "out" else result

    @cached_property
    def touched(self) -> NDArray[np.bool_]:
        """Whether a coder gave the unit any code at all."""
        return np.asarray((self._coded(self.codings) == 1).any(axis=1))

    @cached_property
    def problem(self) -> Reason | None:
        """Why agreement cannot be worked out over these units; None where it can."""
        if self.units.empty:
            return NO_UNITS if without_position(self.codings).empty or self.by == "document" else NO_POSITIONS
        if self.units["quotation"].isna().any():
            return None
        loose = without_position(self.codings)
        return None if (loose.groupby(["document", "quotation"])["coder"].nunique() > 1).any() else NO_POSITIONS

    @cached_property
    def left_out(self) -> int:
        """How many codings have no position and stand among others in a text, so that no unit holds them."""
        loose = without_position(self.codings)
        quoted = self.units.loc[self.units["quotation"].notna(), "document"]
        return 0 if self.by == "document" else int((~loose["document"].isin(set(quoted))).sum())

    def _coded(self, codings: pd.DataFrame) -> pd.DataFrame:
        """Say for each unit and coder whether one of the codings is there: 1, 0, NaN where the coder has not read."""
        index = pd.MultiIndex.from_frame(self.units[["document", "unit"]])
        columns = pd.Index(sorted(self.readers["coder"].unique()), name="coder")
        result = np.full((len(index), len(columns)), np.nan)
        rows_of = self.units.groupby("document").indices
        places = codings if self.by == "document" else in_text(codings)
        own = dict(list(places.groupby(["document", "coder"])))
        loose = dict(list(without_position(codings).groupby(["document", "coder"])["quotation"]))
        for document, coder in self.readers.itertuples(index=False):
            rows = rows_of.get(document, [])
            of_coder = own.get((document, coder))
            if of_coder is None or self.by == "document":
                coded = np.full(len(rows), of_coder is not None)
            else:
                coded = is_covered(of_coder, self.units.iloc[rows], self.least)
            if (document, coder) in loose:
                coded |= self.units["quotation"].iloc[rows].isin(set(loose[document, coder])).to_numpy()
            result[rows, columns.get_loc(coder)] = coded
        return pd.DataFrame(result, index=index, columns=columns)


def cut(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    by: Unit = "sentence",
    *,
    readers: pd.DataFrame | None = None,
    least: float = LEAST,
) -> Cut:
    """Cut the documents with two readers or more once, to rate many codes; arguments as in `ratings`."""
    if not 0 <= least <= 1:
        raise ValueError(f"least is {least}; expected a share between 0 and 1")
    if readers is None and "readers" in documents:
        readers = who_read(documents, codings)
    pairs = read_by(codings, readers)
    read = documents[documents["document"].isin(set(pairs["document"]))]
    given = codings.merge(pairs, on=["document", "coder"])
    return Cut(units(read, given, by), given, pairs, by, least)


def ratings(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    code: str | Sequence[str],
    by: Unit = "sentence",
    uncoded: Uncoded = "in",
    *,
    readers: pd.DataFrame | None = None,
    least: float = LEAST,
) -> pd.DataFrame:
    """Rate each unit for one code (or any of several): 1 coded, 0 not, NaN where the coder has not read the document.

    Rows: index document, unit. Columns: coders. `documents`, `codings`: as in `units`. `least`: share of a sentence
    that must be covered (0: any character). No rows where no document has two readers. Raises ValueError for unknown
    options.
    """
    return cut(documents, codings, by, readers=readers, least=least).ratings(code, uncoded)


def category_ratings(
    documents: pd.DataFrame,
    codings: pd.DataFrame,
    codes: Sequence[str],
    by: Unit = "sentence",
    uncoded: Uncoded = "in",
    *,
    readers: pd.DataFrame | None = None,
    least: float = LEAST,
) -> pd.DataFrame:
    """Rate each unit with the code it got out of `codes`, for nominal coefficients over all codes at once.

    As `ratings`, with texts: the code; "a + b" where a coder gave several (a category of its own, sorted); NO_CODE
    where none; None where the coder has not read the document.
    """
    if not codes:
        raise ValueError("codes is empty; expected at least one code")
    pieces = cut(documents, codings, by, readers=readers, least=least)
    each = {code: pieces.ratings(code, uncoded) for code in sorted(set(codes))}
    first = next(iter(each.values()))
    joined = pd.DataFrame("", index=first.index, columns=first.columns, dtype=object)
    for code, rated in each.items():
        given = rated == 1
        joined = joined.mask(given & (joined != ""), joined + " + " + code).mask(given & (joined == ""), code)
    return joined.mask(joined == "", NO_CODE).where(first.notna(), None)


def is_covered(spans: pd.DataFrame, pieces: pd.DataFrame, least: float) -> NDArray[np.bool_]:
    """Say which pieces (start, end) are coded by the spans (start, end) of one coder.

    A piece is where `least` of it is covered, or it holds the most of a span that reaches this in no piece.
    """
    start, end = pieces["start"].to_numpy(dtype=int), pieces["end"].to_numpy(dtype=int)
    size = np.maximum(end - start, 1)
    inside = covered(zip(spans["start"], spans["end"], strict=True), int(end.max(initial=0)))
    total = np.concatenate([[0], np.cumsum(inside)])
    share = (total[end] - total[start]) / size
    coded = np.asarray((share > 0) & (share >= least - 1e-12))
    for first, last in zip(spans["start"], spans["end"], strict=True) if len(pieces) else ():
        shared = np.minimum(end, last) - np.maximum(start, first)
        if shared.max() > 0 and not coded[shared > 0].any():
            coded[shared.argmax()] = True
    return coded
