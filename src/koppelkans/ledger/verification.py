"""Whether what was recorded of a published report stands in it: anchors, and quotations by their hash.

Pure: the text of the report comes in, a table of findings goes out; no text of the report is written or kept.

A copy of a report is never letter for letter what another program makes of it: lines end elsewhere, words are broken,
"fi" is one letter or two, a bullet or a footnote digit sticks to a word, columns and pages come in another order. So
letters, digits and punctuation are compared one by one, and of what lies between two of them only this: can the print
hold them as one word, can it hold them as two. Words that the copy has torn apart count as missing; nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product

import pandas as pd

COLUMNS = ["table", "id", "section", "anchor", "status", "places", "note"]
STATUSES = ("found", "ambiguous", "differs", "missing")

# What the print may have between two letters: nothing, white space, or a hyphen and white space (systeem- en).
_JOINED, _SPACED, _HANGING = 1, 2, 4
_APART = _SPACED | _HANGING
_ANY = _JOINED | _APART

_SOFT_HYPHEN, _NO_MARK = "\u00ad", "\u2060"  # _NO_MARK stands where a footnote digit stood
_SAME = {
    **dict.fromkeys("‘‚‛′`´ʼʹ'‹›", "’"),
    **dict.fromkeys('“„‟″"«»', "”"),
    **dict.fromkeys("\u2010\u2011", "-"),
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
_SUSPENDED = re.compile(r"(en|of|tot|noch)\b")  # systeem- en leefwereld
_EDGE_BEFORE = re.compile(r"[^\w\s”’]+$")
_EDGE_AFTER = re.compile(r"[^\w\s”’]+")
_AT_THE_EDGE = 6  # marks of punctuation beside a quotation that may belong to it
_LONGEST_WORD = 60  # letters of a word, with the line end and the indent after it
_MOST_UNLIKELY = 2  # hyphens at line ends, in one quotation, that are read otherwise than they look
_KEY = 5  # letters under which a word is indexed


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
    """Yield the ways in which a folded text can be read, the likeliest first: a line-end hyphen may stay or go."""
    broken = list(_BROKEN.finditer(folded))
    bounds = [0, *(place for hyphen in broken for place in hyphen.span()), len(folded)]
    words = [folded[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    options = [_preferred(hyphen) for hyphen in broken]
    for unlikely in range(_MOST_UNLIKELY + 1):
        for chosen in combinations(range(len(options)), unlikely):
            for hyphens in product(*(o[1:] if n in chosen else o[:1] for n, o in enumerate(options))):
                text = "".join(word + hyphen for word, hyphen in zip(words, (*hyphens, ""), strict=True))
                text = text.replace(_SOFT_HYPHEN, "").replace("•", " ")
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
    return _sha256(normalised(words).strip("” "))


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Places:
    """Where words stand in a text: (start, end) in the folded text, in order; `note` says what had to be allowed."""

    spans: tuple[tuple[int, int], ...]
    note: str = ""


def _gap(between: str) -> int:
    """Tell what the signs between two runs of letters, none of them compared, may stand for in the print."""
    between = between.replace(_NO_MARK, "")
    if not between.strip("-" + _SOFT_HYPHEN):
        return _JOINED
    if between[0] == "–":
        return _JOINED | _SPACED
    return _JOINED | _HANGING if between[0] in "-" + _SOFT_HYPHEN else _SPACED


class _Letters:
    """The compared signs of a folded text, without what lies between them.

    `signs` and `lowered` are as long as each other, `offsets` says where each sign stands in the folded text, `gaps`
    what may lie before each of them and, at the end, after the last.
    """

    def __init__(self, folded: str) -> None:
        runs: list[str] = []
        self.offsets: list[int] = []
        self.gaps = bytearray()
        loose: list[int] = []
        end = 0
        for run in _COMPARED.finditer(folded):
            loose += [
                len(self.gaps) + mark.start() - run.start() for mark in _PUNCTUATION.finditer(folded, *run.span())
            ]
            self.gaps.append(_gap(folded[end : run.start()]) if runs else _ANY)
            self.gaps.extend(bytes([_JOINED]) * (run.end() - run.start() - 1))
            self.offsets.extend(range(*run.span()))
            runs.append(run[0])
            end = run.end()
        self.gaps.append(_ANY)
        for place in loose:  # a program may set a space beside a bracket or a comma, or leave one out
            self.gaps[place] = self.gaps[place + 1] = _ANY
        self.signs = "".join(runs)
        self.lowered = self.signs.lower()
        if len(self.lowered) != len(self.signs):  # some capitals, such as İ, have a small letter of two signs
            self.lowered = "".join(low if len(low := sign.lower()) == 1 else sign for sign in self.signs)

    def word_starts(self) -> list[int]:
        return [place for place in range(len(self.signs)) if self.gaps[place] & _APART]

    def hold(self, words: _Letters, place: int) -> bool:
        """Tell whether `words`, of which the signs stand at this place, are whole words there with the same gaps."""
        size = len(words.signs)
        if not (self.gaps[place] & _APART and self.gaps[place + size] & _APART):
            return False
        return all(self.gaps[place + n] & words.gaps[n] for n in range(1, size))


class SourceText:
    """The text of a report, prepared once so that many short strings are found in it fast.

    `folded` is the text with one sign for each thing that has several, `unmarked` the same, sign for sign, without the
    digits that may be footnote marks. An index keeps where each word starts; a search looks only there.
    """

    def __init__(self, text: str) -> None:
        self.folded = _folded(text)
        self.unmarked = _FOOTNOTE.sub(lambda found: found[1] + _NO_MARK * len(found[2]), self.folded)
        self._versions: list[tuple[_Letters, dict[str, list[int]]]] = []
        for version in (self.folded, self.unmarked):
            letters = _Letters(version)
            index = {"": letters.word_starts()}
            for place in index[""]:
                index.setdefault(letters.lowered[place : place + _KEY], []).append(place)
            self._versions.append((letters, index))

    def places(self, words: str) -> Places:
        """Return every place where these words stand; empty where they do not.

        Words stand there with their letters, digits and punctuation, whole and in that order. Line ends, hyphens,
        dashes, bullets and the kind of quote mark are not compared. Other capitals, or a digit stuck to a word (a
        footnote mark), are allowed only where nothing agrees without; the note then says so.
        """
        wanted = _Letters(_folded(words))
        if not wanted.signs:
            return Places(())
        key = wanted.lowered[:_KEY] if len(wanted.signs) >= _KEY else ""
        found: list[dict[tuple[int, int], bool]] = []
        for letters, index in self._versions:
            hits = {}
            for place in index.get(key, []):
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

    Tables with a column anchor, or anchors (several with " | " between them), are looked at; empty anchors are left
    out. `id` is the key of the row: its key columns with / between them, or "row n" as a spreadsheet counts.
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
    from koppelkans.study.schemas import SCHEMAS

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
    - status: found; missing; ambiguous (an anchor that stands at more than one place; nothing is wrong with it);
      differs (a quotation of which opening and closing stand in the text, but not with these words between them)
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
    columns = list(_Quotation.__annotations__)
    return [
        _Quotation(key, section, opening, closing, int(n_words), sha256.strip().lower())
        for key, section, opening, closing, n_words, sha256 in quotations[columns].itertuples(index=False, name=None)
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
    ends = sorted(end for _, end in source.places(quotation.closing).spans)
    longest = _LONGEST_WORD * (quotation.n_words + 1)
    found = []
    for start, _ in source.places(quotation.opening).spans:
        for end in ends[bisect_right(ends, start) : bisect_right(ends, start + longest)]:
            found.append(_agreeing(source, start, end, quotation))
    return [words for words in found if words is not None]


def _agreeing(source: SourceText, start: int, end: int, quotation: _Quotation) -> str | None:
    """Return the reading of a stretch that has the recorded hash, or None; punctuation beside it may belong to it."""
    before = _EDGE_BEFORE.search(source.folded, max(0, start - _AT_THE_EDGE), start)
    after = _EDGE_AFTER.match(source.folded, end, end + _AT_THE_EDGE)
    for first in range(before.start() if before else start, start + 1):
        for last in range(end, (after.end() if after else end) + 1):
            stretches = {text[first:last].replace(_NO_MARK, "") for text in (source.folded, source.unmarked)}
            for reading in chain.from_iterable(map(_readings, stretches)):
                words = reading.strip("” ")
                if len(words.split()) == quotation.n_words and _sha256(words) == quotation.sha256:
                    return words
    return None
