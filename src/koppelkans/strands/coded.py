"""The coded interviews of one strand, and the tables that the report shows of them, without small groups of people.

Where two coders read the same interview, what people said is counted from one of them: the coder who read most
interviews of the study (then: made most codings; then: by name). Both are used for agreement. A case is a respondent;
an interview without a respondent is a case of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from koppelkans.coding.framework import framework, matrix
from koppelkans.coding.tree import descendants, roll_up
from koppelkans.coding.units import who_read
from koppelkans.errors import by_number
from koppelkans.locale import N_
from koppelkans.locale.language import Number
from koppelkans.privacy.linked import emptied, marked
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.coded_hidden import ALL_CODES, COUNTED, counted_codes, published_codes
from koppelkans.strands.published import counted
from koppelkans.study import Study
from koppelkans.study.columns import require
from koppelkans.study.origin import carries_origin

_DOCUMENTS = ("document", "respondent", "text", "n_characters", "origin")
_CODES = ("code", "name", "parent", "path", "description", "origin")
_CODINGS = ("coding", "document", "code", "coder", "start", "end", "text", "origin")
_ATTRIBUTES = ("respondent", "attribute", "value", "origin")
NOTHING_CODED = Reason(N_("nothing was coded"))
NO_PERMISSION = Reason(N_("this study gives no permission to quote"))
NO_WORDS = Reason(N_("no code has words of enough people to show one"))


@dataclass(frozen=True)
class Coded:
    """Coded interviews: `documents`, `codings` (of one coder a document), `every` (of all coders), `codes`, attributes.

    `codes`: those that were used, with what lies above them, in the order of the tree. `minimum`: people in the
    smallest group that is shown. `counted_of`: coders whose codings are counted.
    """

    strand: str
    documents: pd.DataFrame
    codings: pd.DataFrame
    every: pd.DataFrame
    codes: pd.DataFrame
    attributes: pd.DataFrame
    minimum: int

    @property
    def counted_of(self) -> tuple[str, ...]:
        """Coders whose codings are counted."""
        return tuple(sorted(set(self.codings["coder"]) - {""}))

    @property
    def cases(self) -> pd.Series:
        """The case of each document, indexed by document."""
        named = self.documents["respondent"].where(self.documents["respondent"] != "", self.documents["document"])
        return pd.Series(named.to_numpy(), index=self.documents["document"], dtype=object)

    @property
    def read(self) -> pd.Series:
        """The case of each document that somebody is known to have read, indexed by document: what counts are of."""
        cases = self.cases
        return cases[~cases.index.isin(self.unread)]

    @property
    def n_cases(self) -> int:
        """How many cases were read, also those in which nothing was coded."""
        return int(self.read.nunique())

    @property
    def themes(self) -> pd.DataFrame:
        """The codes at the top of the tree that were used, themselves or below."""
        return self.codes[self.codes["parent"] == ""]

    @property
    def readers(self) -> pd.DataFrame:
        """Who has read what: document, coder, known (declared or assumed); see `coding.units.who_read`."""
        return who_read(self.documents, self.every)

    @property
    def unread(self) -> set[str]:
        """Documents of which nobody knows that they were read: nothing was coded in them, or declared of them."""
        return set(self.documents["document"]) - set(self.readers["document"])

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Codes of which nothing may be counted; ALL_CODES among them: nor how many codings there are.

        Codes of 1 to minimum - 1 people, and those that would give them back: codings of a code are those of the codes
        below it and its own, and people with a code are at most as many as its interviews and codings.
        """
        if self.minimum < 2 or self.codings.empty:
            return frozenset()
        return frozenset(code for (code,) in published_codes(self)[0].hidden())

    def hides(self, codes: Collection[str]) -> bool:
        """Tell whether the people with any of some codes must not be counted: too few, or one of the codes is hidden.

        A code below another of them does not count, for the other one counts what is below it.
        """
        own = self.codings.loc[self.codings["code"].isin(codes), "document"]
        tops = self.codes[self.codes["code"].isin(codes) & ~self.codes["parent"].isin(codes)]
        return 0 < own.map(self.cases).nunique() < self.minimum or not self.hidden.isdisjoint(tops["code"])

    def on_themes(self) -> pd.DataFrame:
        """The codings that are counted, each with its theme as code."""
        return roll_up(self.codings, self.codes, 1) if len(self.codings) else self.codings


@carries_origin
def of_strand(
    documents: pd.DataFrame,
    codes: pd.DataFrame,
    codings: pd.DataFrame,
    attributes: pd.DataFrame,
    strand: str,
    minimum: int,
) -> Coded:
    """Take the interviews of a strand out of the tidy tables; tables without rows and columns give one without rows.

    Raises KoppelkansError for a table that lacks a column.
    """
    filled = []
    for table, name, columns in (
        (documents, "documents", (*_DOCUMENTS, "strand")),
        (codes, "codes", _CODES),
        (codings, "codings", _CODINGS),
        (attributes, "attributes", _ATTRIBUTES),
    ):
        if not len(table.columns):
            table = pd.DataFrame(columns=list(columns), dtype=object)
        require(table, name, columns)
        filled.append(table)
    documents, codes, codings, attributes = filled
    own = documents[documents["strand"] == strand].reset_index(drop=True)
    every = codings[codings["document"].isin(set(own["document"]))].reset_index(drop=True)
    if len(every):
        lines = descendants(codes)
        used = set(lines.loc[lines["code"].isin(set(every["code"])), "ancestor"])
        codes = codes[codes["code"].isin(used)].reset_index(drop=True)
    else:
        codes = codes.head(0)
    known = attributes[attributes["respondent"].isin(set(own["respondent"]))].reset_index(drop=True)
    return Coded(strand, own, _of_one_coder(every, codings), every, codes, known, minimum)


def by_strand(study: Study) -> dict[str, Coded]:
    """Take the coded interviews of every strand that has some out of a study."""
    return {strand: of_study(study, strand) for strand in dict.fromkeys(study.table("documents")["strand"])}


def of_study(study: Study, strand: str) -> Coded:
    """Take the coded interviews of a strand out of a study, with the smallest group of people that it shows."""
    documents, codes = study.table("documents"), study.table("codes")
    codings, attributes = study.table("codings"), study.table("attributes")
    return of_strand(documents, codes, codings, attributes, strand, study.minimum_cell)


def _of_one_coder(codings: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Keep of each document the codings of the coder who comes first in all the codings of the study."""
    coders = every.groupby("coder").agg(documents=("document", "nunique"), codings=("coding", "size")).reset_index()
    coders = coders.sort_values(["documents", "codings", "coder"], ascending=[False, False, True], ignore_index=True)
    rank = codings["coder"].map(dict(zip(coders["coder"], coders.index, strict=True)))
    return codings[rank == rank.groupby(codings["document"]).transform("min")].reset_index(drop=True)


@carries_origin
def counts(coded: Coded) -> pd.DataFrame:
    """Count how often each code and each theme was used, in four ways that are never mixed.

    One row a code, in the order of the tree; a code's row counts what lies below it too. People whose interviews nobody
    is known to have read are in no count, for what they did not raise is not known. Columns: code, name, depth (1
    at the top), codings, documents, cases, characters, of_cases, share, low, high (of cases; Wilson), hidden (all
    numbers of that row are then empty).
    """
    columns = ["code", "name", "depth", *COUNTED, "of_cases", "share", "low", "high", "hidden"]
    if coded.codings.empty:
        return pd.DataFrame(columns=columns)
    table, n = counted_codes(coded), coded.n_cases
    shares = [proportion(int(cases), n) for cases in table["cases"]]
    table["of_cases"] = n
    for part in ("share", "low", "high"):
        table[part] = [getattr(share, part if part != "share" else "value") for share in shares]
    table[list(COUNTED)] = table[list(COUNTED)].astype("Int64")
    table = emptied(table, table["code"].isin(coded.hidden), [*COUNTED, "share", "low", "high"])
    return table.astype(dict.fromkeys(COUNTED, "Int64"))[columns]


@carries_origin
def case_matrix(coded: Coded) -> pd.DataFrame:
    """Lay out how often each theme was coded in each case: case, theme, codings, hidden.

    Without the interviews that nobody is known to have read. Where small groups are not shown (minimum of 2 or more), a
    theme that `counts` hides is hidden, and in place of `case` stands `place`: each theme is sorted by itself, most
    codings first, for rows of people would tell how few share two themes.
    """
    if coded.codings.empty:
        return pd.DataFrame(columns=["case", "theme", "codings", "hidden"])
    themes = coded.themes
    read = coded.documents[~coded.documents["document"].isin(coded.unread)]
    cells = framework(coded.on_themes(), read, list(themes["code"]))
    wide = matrix(cells)
    row = "case"
    if coded.minimum >= 2:
        row, places = "place", [str(number) for number in range(1, len(wide) + 1)]
        wide = wide.apply(lambda theme: pd.Series(sorted(theme, reverse=True), index=places))
    name_of = dict(zip(themes["code"], themes["name"], strict=True))
    wide.index.name, wide.columns.name = row, "theme"
    long = wide.reset_index().melt(row, var_name="theme", value_name="codings")
    long["hidden"] = marked(long["theme"].isin(coded.hidden))
    long["codings"] = long["codings"].astype("Int64").mask(long["hidden"] != "")
    return long.assign(theme=long["theme"].map(name_of))


@carries_origin
def segments(coded: Coded, allowed: bool, longest: int = 300) -> pd.DataFrame | Reason:
    """Choose one coded passage for each code: code, case, words; or say why there is none to show.

    The passage of median length of those up to `longest` characters, of a case that has not been quoted yet where there
    is one. Codes of too few cases are left out.
    """
    if not allowed:
        return NO_PERMISSION
    if coded.codings.empty:
        return NO_WORDS
    shown = counts(coded).set_index("code")["hidden"] == ""
    case_of, quoted, rows = coded.cases, set[str](), []
    for code, name in coded.codes[["code", "name"]].itertuples(index=False):
        own = coded.codings[coded.codings["code"] == code]
        if shown[code] and (chosen := passage(own, case_of, quoted, longest)):
            quoted.add(chosen[0])
            rows.append((name, *chosen))
    return pd.DataFrame(rows, columns=["code", "case", "words"]) if rows else NO_WORDS


def passage(
    codings: pd.DataFrame, case_of: pd.Series, quoted: Collection[str] = (), longest: int = 300
) -> tuple[str, str] | None:
    """Choose one passage of some codings: its case and its words; None where none has words that are short enough.

    The one of median length, of a case that is not among those `quoted` where there is one.
    """
    passages = codings.assign(case=codings["document"].map(case_of), size=codings["text"].str.len())
    passages = passages[passages["text"].str.strip().ne("") & (passages["size"] <= longest)]
    if passages.empty:
        return None
    fresh = passages[~passages["case"].isin(list(quoted))]
    passages = (fresh if len(fresh) else passages).sort_values(["size", "document", "coding"])
    row = passages.iloc[(len(passages) - 1) // 2]
    return str(row["case"]), " ".join(str(row["text"]).split())


def in_a_line(coded: Coded) -> str:
    """Say in an English line, for the notebook, what there is of the strand."""
    if coded.documents.empty:
        return "This study has no coded texts for this strand."
    coders = by_number(coded.every["coder"].nunique(), "coder", "coders")
    interviews = by_number(len(coded.documents), "interview", "interviews")
    people = by_number(coded.cases.nunique(), "person", "people")
    codings = "" if ALL_CODES in coded.hidden else f"{by_number(len(coded.codings), 'coding', 'codings')} with "
    codes = by_number(coded.codings["code"].nunique(), "code", "codes")
    counted_from = ", ".join(coded.counted_of) or "a coder without a name"
    unread = f" Nobody is known to have read {len(coded.unread)} of them." if coded.unread else ""
    return f"{interviews} with {people}, coded by {coders}; counted from {counted_from}: {codings}{codes}.{unread}"


def numbers(coded: Coded, language: str) -> dict[str, Number]:
    """Return how much was coded, as captions name it: interviews and people (read), coders, codings; a dash for 0."""

    def count(value: int) -> Number:
        return counted(value or None, language)

    return {
        "field_interviews": count(len(coded.documents) - len(coded.unread)),
        "field_unread": count(len(coded.unread)),
        "field_cases": count(coded.n_cases),
        "field_coders": count(coded.every["coder"].nunique()),
        "field_codings": count(0 if ALL_CODES in coded.hidden else len(coded.codings)),
        "field_codes": count(coded.codings["code"].nunique()),
        "field_themes": count(len(coded.themes)),
        "field_hidden": count(len(coded.hidden - {ALL_CODES})),
        "field_minimum": count(coded.minimum if coded.minimum >= 2 else 0),
    }
