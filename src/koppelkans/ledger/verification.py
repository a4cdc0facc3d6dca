"""Whether what was recorded of a published report stands in it: anchors, and quotations by their hash.

Pure: the text of the report comes in, a table of findings goes out; no text of the report is written or kept.

A copy of a report is never letter for letter what another program makes of it: lines end elsewhere, words are broken,
"fi" is one letter or two, a bullet or a footnote digit sticks to a word, columns and pages come in another order. So
letters, digits and punctuation are compared one by one, and of what lies between two of them only this: could the print
hold them as one word, could it hold them as two. What is at odds with the text on either ground counts as missing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import islice, product

import pandas as pd

COLUMNS = ["table", "id", "section", "anchor", "status", "places", "note"]
STATUSES = ("found", "ambiguous", "differs", "missing")

JOINED, SPACED = 1, 2  # what may lie between two letters: nothing, or white space; BOTH where the copy does not tell
BOTH = JOINED | SPACED

_SOFT_HYPHEN, _NO_MARK = "\u00ad", "\u2060"  # _NO_MARK stands where a footnote digit stood
_SAME = {
    **dict.fromkeys("‘‚‛′`´ʼʹ'‹›", "’"),
    **dict.fromkeys("“„‟″\"«»", "”"),
    **dict.fromkeys("\u2010\u2011\u2043\u2212", "-"),
    **dict.fromkeys("\u2012\u2014\u2015", "–"),
    **dict.fromkeys("‣▪▫●○◦■□▸►∙·⁃", "•"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"),
    **{"ĳ": "ij", "Ĳ": "IJ", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"},
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
}
_FOLDS = str.maketrans(_SAME) | dict.fromkeys(range(0xE000, 0xF900), "•")  # bullets of symbol fonts
_FOOTNOTE = re.compile(r"([^\W\d_][.,;:!?)’”…]{0,3})(\d{1,2})(?!\w|[.,]\d)")
_COMPARED = re.compile(rf"[^\s\-–•{_SOFT_HYPHEN}{_NO_MARK}]+")
_PUNCTUATION = re.compile(r"(?!(?<=[^\W\d_])’(?=[^\W\d_])|(?<=\d)[.,:](?=\d))[\W_]")  # not that of thema’s and 0,3
_BROKEN = re.compile(rf"(?<=[^\W_])(-[^\S\n]*\n\s*|-\s+|{_SOFT_HYPHEN}\s*)(?=[^\W_])")
_SUSPENDED = re.compile(r"(en|of|en/of|tot|noch|and|or|to)\b")  # systeem- en leefwereld
_EDGE_BEFORE = re.compile(r"[^\w\s”’]+$")
_EDGE_AFTER = re.compile(r"[^\w\s”’]+")
_AT_THE_EDGE = 6  # marks of punctuation beside a quotation that may belong to it
_LONGEST_WORD = 60  # letters of a word, with the line end and the indent after it
_MOST_READINGS = 4096


def _folded(text: str) -> str:
    """Return the text with one sign for each thing that has several: accents, quotes, hyphens, dashes, ligatures."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLDS).replace("...", "…")
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", folded)


def _preferred(broken: re.Match[str]) -> tuple[str, ...]:
    """Return the readings of a hyphen that ends a line or is soft, the likeliest first."""
    hyphen, text = broken[0], broken.string
    if hyphen == _SOFT_HYPHEN:
        return "", "-"
    if (hyphen[0] == "-" and "\n" not in hyphen) or _SUSPENDED.match(text, broken.end()):
        return "- ", "", "-"
    before = text[max(0, broken.start() - 40) : broken.start()].split()[-1]
    after = text[broken.end()]
    belongs = before[-1].isdigit() or after.isdigit() or before.isupper() != after.isupper()  # ABCD-methode
    return ("-", "", "- ") if belongs else ("", "-", "- ")


def _readings(folded: str) -> Iterator[str]:
    """Yield the ways in which a folded text can be read, the likeliest first: a hyphen at a line end may stay or go."""
    parts: list[tuple[str, ...]] = []
    end = 0
    for broken in _BROKEN.finditer(folded):
        parts += [(folded[end : broken.start()],), _preferred(broken)]
        end = broken.end()
    parts.append((folded[end:],))
    for chosen in islice(product(*parts), _MOST_READINGS):
        text = "".join(chosen).replace(_SOFT_HYPHEN, "").replace("•", " ")
        yield " ".join(re.sub(r"(?<=\s)-(?=\s)", "–", text).split())


def normalised(text: str) -> str:
    """Return a text as one would read it aloud from the page, whatever program took it from there.

    One line; runs of white space one space; words that were broken at a line end whole; accents in NFC; ĳ as ij and
    ligatures as letters; single quotes and apostrophes ’, double quotes ”, dashes –, hyphens -, three full stops …; no
    soft hyphens, zero-width signs or bullets.
    """
    return next(_readings(_folded(text)))


def quotation_hash(words: str) -> str:
    """Return the SHA-256 (hex) of a quotation: of its normalised words in UTF-8, without the quote marks around it."""
    return hashlib.sha256(normalised(words).strip("” ").encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Places:
    """Where words stand in a text: (start, end) in the folded text, in order; `note` says what had to be allowed."""

    spans: tuple[tuple[int, int], ...]
    note: str = ""


def _gap(between: str) -> int:
    """Tell what the signs between two runs of letters, none of them compared, may stand for in the print."""
    between = between.replace(_NO_MARK, "")
    if not between.strip("-" + _SOFT_HYPHEN):
        return JOINED
    if between[0] in "-–" + _SOFT_HYPHEN:
        return BOTH
    return SPACED


@dataclass
class _Letters:
    """The compared signs of a text without what lies between them; `gaps` tells that, before each and at the end."""

    signs: str
    lowered: str
    offsets: list[int]
    gaps: bytearray

    @classmethod
    def of(cls, folded: str) -> _Letters:
        runs: list[str] = []
        offsets: list[int] = []
        gaps = bytearray()
        loose: list[int] = []
        end = 0
        for run in _COMPARED.finditer(folded):
            loose += [len(gaps) + mark.start() - run.start() for mark in _PUNCTUATION.finditer(folded, *run.span())]
            gaps.append(_gap(folded[end : run.start()]))
            gaps.extend(bytes([JOINED]) * (run.end() - run.start() - 1))
            runs.append(run[0])
            offsets.extend(range(*run.span()))
            end = run.end()
        gaps.append(BOTH)
        if runs:
            gaps[0] = BOTH
        for place in loose:  # a program may set a space beside a bracket or a comma, or leave one out
            gaps[place] = gaps[place + 1] = BOTH
        signs = "".join(runs)
        lowered = "".join(low if len(low := sign.lower()) == 1 else sign for sign in signs)
        return cls(signs, lowered, offsets, gaps)

    def hold(self, words: _Letters, place: int) -> bool:
        """Tell whether the gaps at a place, where the letters of `words` stand, allow those of `words`."""
        size = len(words.signs)
        if not (self.gaps[place] & SPACED and self.gaps[place + size] & SPACED):
            return False
        return all(self.gaps[place + n] & words.gaps[n] for n in range(1, size))


_KEY = 5


@dataclass
class SourceText:
    """The text of a report, prepared once so that many short strings are found in it fast.

    An index keeps, for the first letters of every word, where they stand; a search looks only there.
    """

    text: str
    folded: str = field(init=False, repr=False)
    unmarked: str = field(init=False, repr=False)
    _versions: list[tuple[_Letters, dict[str, list[int]]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.folded = _folded(self.text)
        self.unmarked = _FOOTNOTE.sub(lambda found: found[1] + _NO_MARK * len(found[2]), self.folded)
        self._versions = []
        for version in (self.folded, self.unmarked):
            letters = _Letters.of(version)
            index: dict[str, list[int]] = {}
            for place in range(len(letters.signs)):
                if letters.gaps[place] & SPACED:
                    for size in range(1, _KEY + 1):
                        index.setdefault(letters.lowered[place : place + size], []).append(place)
            self._versions.append((letters, index))

    def places(self, words: str) -> Places:
        """Return every place where these words stand; empty where they do not.

        Words stand there with their letters, digits and punctuation, whole and in that order; not compared are line ends,
        hyphens, dashes, bullets and the kind of quote mark. Other capitals, and a digit stuck to a word (a footnote
        mark), count only where nothing stands that agrees without; the note then says so.
        """
        wanted = _Letters.of(_folded(words))
        found: list[dict[tuple[int, int], bool]] = []
        for letters, index in self._versions:
            hits = {}
            for place in index.get(wanted.lowered[:_KEY], []) if wanted.signs else []:
                if letters.lowered.startswith(wanted.lowered, place) and letters.hold(wanted, place):
                    span = (letters.offsets[place], letters.offsets[place + len(wanted.signs) - 1] + 1)
                    hits[span] = letters.signs.startswith(wanted.signs, place)
            found.append(hits)
        as_printed, unmarked = found
        for hits, note in ((as_printed, ""), (unmarked, "without a footnote digit")):
            if exact := {span for span, same in hits.items() if same}:
                more = {span for span, same in unmarked.items() if same}
                return Places(tuple(sorted(exact | more)), note)
        return Places(tuple(sorted({*as_printed, *unmarked})), "in other capitals" if as_printed or unmarked else "")

    def leading_words(self, words: str) -> int:
        """Return how many of the first words stand together somewhere: a hint at where to look for missing ones."""
        parts = words.split()
        return next((n for n in range(len(parts) - 1, 0, -1) if self.places(" ".join(parts[:n])).spans), 0)


def anchors_of(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Collect the anchors of the tables of a study (table name -> table): columns table, id, section, anchor.

    Tables with a column anchor, or anchors (several with " | " between them), are looked at; empty anchors are left out.
    `id` is the key of the row: its key columns with / between them, or "row n" (as a spreadsheet counts) without a key.
    """
    rows = []
    for name, table in tables.items():
        column = next((column for column in ("anchor", "anchors") if column in table), None)
        if column is None:
            continue
        keys = _keys(name, table)
        sections = table["section"] if "section" in table else [""] * len(table)
        for key, section, cell in zip(keys, sections, table[column].fillna(""), strict=True):
            anchors = cell.split(" | ") if column == "anchors" else [cell]
            rows += [(name, key, section, anchor.strip()) for anchor in anchors if anchor.strip()]
    return pd.DataFrame(rows, columns=COLUMNS[:4], dtype="str")


def _keys(name: str, table: pd.DataFrame) -> list[str]:
    from koppelkans.schemas import SCHEMAS

    columns = ["id"]
    if name in SCHEMAS:
        schema = SCHEMAS[name]
        unique = [column for column, described in schema.columns.items() if described.unique]
        columns = (schema.metadata or {}).get("key", unique[:1])
    if not columns or not set(columns) <= set(table):
        return [f"row {number}" for number in range(2, len(table) + 2)]
    return ["/".join(map(str, row)) for row in table[columns].itertuples(index=False)]


def verify(text: str, anchors: pd.DataFrame, quotations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold anchors and quotations against the text of a report.

    `anchors` has the columns table, id, section, anchor (as `anchors_of` gives them); `quotations` has id, section,
    opening, closing, n_words and sha256 (see `quotation_hash`). Returns one row each, anchors first, with the columns

    - table, id, section, anchor: as they came; for a quotation table is quotations, anchor "opening … closing"
    - status: found; ambiguous (an anchor that stands at more than one place; nothing is wrong with it); missing; differs
      (a quotation of which opening and closing stand in the text, but not with these words between them)
    - places: at how many places it stands (Int64)
    - note: what had to be allowed, or how far the words go; never words that are not in the anchor itself
    """
    source = SourceText(text)
    findings: dict[str, tuple[str, int, str]] = {}
    for anchor in anchors["anchor"]:
        if anchor not in findings:
            findings[anchor] = _finding(source, anchor)
    rows = [(*row, *findings[row[3]]) for row in anchors[COLUMNS[:4]].itertuples(index=False, name=None)]
    for quotation in _rows(quotations):
        shown = f"{quotation.opening} … {quotation.closing}"
        finding = _quotation_finding(source, quotation)
        rows.append(("quotations", quotation.id, quotation.section, shown, *finding))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"places": "Int64"})


def totals(findings: pd.DataFrame) -> pd.DataFrame:
    """Count the findings of `verify` per table: table, n, and a column for each status."""
    counts = pd.crosstab(findings["table"], findings["status"]).reindex(columns=list(STATUSES), fill_value=0)
    counts.insert(0, "n", counts.sum(axis="columns"))
    return counts.rename_axis(columns=None).reset_index()


def quotation_texts(text: str, quotations: pd.DataFrame) -> dict[str, str]:
    """Return the words of every quotation that stands in the text as recorded (id -> normalised words).

    For a build that shows quotations to a reader who has the report; nothing is written. Quotations that `verify` does
    not call found are left out.
    """
    source = SourceText(text)
    found = {quotation.id: _quoted(source, quotation) for quotation in _rows(quotations)}
    return {key: words[0] for key, words in found.items() if words}


@dataclass(frozen=True)
class _Quotation:
    id: str
    section: str
    opening: str
    closing: str
    n_words: int
    sha256: str


def _rows(quotations: pd.DataFrame | None) -> list[_Quotation]:
    if quotations is None:
        return []
    names = [column.name for column in fields(_Quotation)]
    return [
        _Quotation(**{**row, "n_words": int(row["n_words"]), "sha256": row["sha256"].strip().lower()})
        for row in quotations[names].to_dict("records")
    ]


def _finding(source: SourceText, anchor: str) -> tuple[str, int, str]:
    places = source.places(anchor)
    if len(places.spans) == 1:
        return "found", 1, places.note
    if places.spans:
        return "ambiguous", len(places.spans), places.note
    leading, size = source.leading_words(anchor), len(anchor.split())
    return "missing", 0, f"only the first {leading} of {size} words stand together" if leading else ""


def _quotation_finding(source: SourceText, quotation: _Quotation) -> tuple[str, int, str]:
    absent = [edge for edge in ("opening", "closing") if not source.places(getattr(quotation, edge)).spans]
    if absent:
        return "missing", 0, f"{' and '.join(absent)} not found"
    places = len(_quoted(source, quotation))
    if places:
        return "found", places, ""
    return "differs", 0, f"opening and closing stand there, not these {quotation.n_words} words between them"


def _quoted(source: SourceText, quotation: _Quotation) -> list[str]:
    """Return the words of a quotation at each place where they have the recorded number and hash."""
    starts = [start for start, _ in source.places(quotation.opening).spans]
    ends = [end for _, end in source.places(quotation.closing).spans]
    longest = _LONGEST_WORD * (quotation.n_words + 1)
    stretches = [(start, end) for start in starts for end in ends if 0 < end - start <= longest]
    found = (_agreeing(source, start, end, quotation) for start, end in stretches)
    return [words for words in found if words is not None]


def _agreeing(source: SourceText, start: int, end: int, quotation: _Quotation) -> str | None:
    """Return the reading of a stretch that has the recorded hash, or None; punctuation at its edges may belong to it."""
    before = _EDGE_BEFORE.search(source.folded, max(0, start - _AT_THE_EDGE), start)
    after = _EDGE_AFTER.match(source.folded, end, end + _AT_THE_EDGE)
    for first in range(before.start() if before else start, start + 1):
        for last in range(end, (after.end() if after else end) + 1):
            for version in (source.folded, source.unmarked):
                for reading in _readings(version[first:last].replace(_NO_MARK, "")):
                    words = reading.strip("” ")
                    if len(words.split()) != quotation.n_words:
                        continue
                    if hashlib.sha256(words.encode("utf-8")).hexdigest() == quotation.sha256:
                        return words
    return None
