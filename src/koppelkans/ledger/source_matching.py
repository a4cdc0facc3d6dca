"""Where words stand in the text of a published report, whatever program took the text from the print.

A copy of a report is never letter for letter what another program makes of it: lines end elsewhere, words are broken,
"fi" is one letter or two, a bullet or a footnote digit sticks to a word, columns and pages come in another order. So
letters, digits and punctuation are compared one by one, and of what lies between two of them only this: can the print
hold them as one word, can it hold them as two. Words that the copy has torn apart count as missing; nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

# What the print may have between two letters: nothing, white space, or a hyphen and white space (systeem- en).
_JOINED, _SPACED, _HANGING = 1, 2, 4
_APART = _SPACED | _HANGING
_ANY = _JOINED | _APART

_SOFT_HYPHEN, NO_MARK = "\u00ad", "\u2060"  # NO_MARK stands where a footnote digit stood
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
_COMPARED = re.compile(rf"[^\s\-–•{_SOFT_HYPHEN}{NO_MARK}]+")
_PUNCTUATION = re.compile(r"(?!(?<=[^\W\d_])’(?=[^\W\d_])|(?<=\d)[.,:](?=\d))[\W_]")  # not that of thema’s and 0,3
_BROKEN = re.compile(rf"(?<=[^\W_])(-[^\S\n]*\n\s*|-\s+|{_SOFT_HYPHEN}\s*)(?=[^\W_])")
_SUSPENDED = re.compile(r"(en|of|tot|noch)\b")  # systeem- en leefwereld
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


def readings(folded: str) -> Iterator[str]:
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
    return next(readings(_folded(text)))


def quotation_hash(words: str) -> str:
    """Return the SHA-256 (hex) of a quotation: of its normalised words in UTF-8, without the quote marks around it."""
    return sha256_of(normalised(words).strip("” "))


def sha256_of(words: str) -> str:
    """Return the SHA-256 (hex) of words in UTF-8, as they are."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Places:
    """Where words stand in a text: (start, end) in the folded text, in order; `note` says what had to be allowed."""

    spans: tuple[tuple[int, int], ...]
    note: str = ""


def _gap(between: str) -> int:
    """Tell what the signs between two runs of letters, none of them compared, may stand for in the print."""
    between = between.replace(NO_MARK, "")
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
        self.unmarked = _FOOTNOTE.sub(lambda match: match[1] + NO_MARK * len(match[2]), self.folded)
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
        versions: list[dict[tuple[int, int], bool]] = []
        for letters, index in self._versions:
            hits = {}
            for place in index.get(key, []):
                if letters.lowered.startswith(wanted.lowered, place) and letters.hold(wanted, place):
                    span = (letters.offsets[place], letters.offsets[place + len(wanted.signs) - 1] + 1)
                    hits[span] = letters.signs.startswith(wanted.signs, place)
            versions.append(hits)
        as_printed, unmarked = versions
        for hits, note in ((as_printed, ""), (unmarked, "without a footnote digit")):
            if exact := {span for span, same in hits.items() if same}:
                more = {span for span, same in unmarked.items() if same}
                return Places(tuple(sorted(exact | more)), note)
        return Places(tuple(sorted({*as_printed, *unmarked})), "in other capitals" if as_printed or unmarked else "")

    def leading_words(self, words: str) -> int:
        """Return how many of the first words stand together somewhere: a hint at where to look for missing ones."""
        parts = words.split()
        return next((n for n in range(len(parts) - 1, 0, -1) if self.places(" ".join(parts[:n])).spans), 0)
