"""Find what is likely personal data in a text: addresses, numbers and dates by rules, names and places by deduce.

The rules look for the form and, where there is one, the check: the remainder by 97 of an IBAN (ISO 13616), the weighted
sum by 11 of a citizen service number (BSN). They find likely places, not all: someone has to read the text as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from koppelkans.locale import N_
from koppelkans.locale import words as translations

COLUMNS = ("document", "kind", "start", "end", "words")
KINDS = ("e-mail", "iban", "telephone", "bsn", "postcode", "address", "date-of-birth", "name", "place")
_MONTH = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    "|january|february|march|may|june|july|august|october"
)
_DAY = rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})\b|\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
_LONG_AGO = r"(?:19\d\d|200\d|201[0-2])"
_STREET = "straat|laan|weg|plein|hof|dreef|kade|singel|steeg|pad|gracht|dijk|plantsoen|park"
_NUMBER = r"\d{1,5}(?: ?[a-zA-Z]\b)?"


def _is_iban(words: str) -> bool:
    """Hold an IBAN against its check digits: letters as numbers, the first four moved behind, remainder 1 by 97."""
    code = re.sub(r"\s", "", words).upper()
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def _is_bsn(words: str) -> bool:
    """Hold nine digits against the check of a BSN: 9a + 8b + ... + 2h - i is a multiple of 11."""
    digits = [int(sign) for sign in words if sign.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return any(digits) and sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0


def _always(words: str) -> bool:
    return True


_BSN = r"\d{4}[. ]?\d{2}[. ]?\d{3}", r"\d{3}[. ]\d{3}[. ]\d{3}"
_BORN = r"geboren|geboortedatum|geb\.?|jarig|born|date of birth"

# Of two rules that find the same words the first one counts. The group `found`, where there is one, is what is found.
_RULES: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("e-mail", r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _always),
    ("iban", r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", _is_iban),
    ("bsn", rf"(?<![\w.,+-])(?:{'|'.join(_BSN)})(?![\w-])", _is_bsn),
    ("telephone", r"(?<![\w+])(?:(?:\+|00)31[ -]?(?:\(0\) ?)?[1-9]|\(?0[1-9])(?:[ -]?\)?[ -]?\d){8}(?!\d)", _always),
    ("postcode", rf"\b[1-9]\d{{3}} ?[A-Z]{{2}}\b(?:,? (?:nr\.? |huisnummer |nummer )?{_NUMBER})?", _always),
    ("address", rf"\b[A-Z][\w'’-]{{0,40}}(?: [A-Z][\w'’-]{{0,40}})?(?:{_STREET}) {_NUMBER}", _always),
    ("date-of-birth", rf"\b(?i:{_BORN})\b.{{0,20}}?(?P<found>{_DAY})", _always),
    ("date-of-birth", rf"\b\d{{1,2}}(?:[-/.]\d{{1,2}}[-/.]| (?:{_MONTH}) ){_LONG_AGO}\b", _always),
)
_COMPILED = tuple((kind, re.compile(pattern), holds) for kind, pattern, holds in _RULES)


def _by_rules(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern, holds in _COMPILED:
        for match in pattern.finditer(text):
            group = "found" if "found" in pattern.groupindex else 0
            if holds(match.group(group)):
                yield kind, match.start(group), match.end(group)


def holds_personal_data(text: str) -> bool:
    """Tell whether the rules find likely personal data in a text."""
    return next(_by_rules(text), None) is not None


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address, a telephone number, a full postcode or an IBAN and nothing else."""
    whole = ("e-mail", "telephone", "postcode", "iban")
    return any(kind in whole and (start, end) == (0, len(text)) for kind, start, end in _by_rules(text))


def scan(documents: pd.DataFrame, names: Callable[[str], Iterator[tuple[str, int, int]]] | None = None) -> pd.DataFrame:
    """Find likely personal data in the texts of documents.

    `documents`: document, text. `names` finds more by itself, as `names.finder()` does with deduce: (kind, start, end).
    Returns COLUMNS: document, kind (one of KINDS), start and end (code points, end exclusive), words; in the order of
    the text, without overlaps: of two that overlap the one that starts first stays, else the longer one.
    """
    rows: list[dict[str, Any]] = []
    for document, text in documents[["document", "text"]].itertuples(index=False):
        matches = [*_by_rules(text), *(names(text) if names and text else ())]
        order = {kind: place for place, kind in enumerate(KINDS)}
        end_of_last = 0
        for kind, start, end in sorted(matches, key=lambda one: (one[1], -one[2], order[one[0]])):
            if start >= end_of_last:
                rows.append({"document": document, "kind": kind, "start": start, "end": end, "words": text[start:end]})
                end_of_last = end
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "Int64", "end": "Int64"})


def masked(words: str) -> str:
    """Return words so that their place can be recognised but not read: the first sign of each, the others as dots."""
    return " ".join(word[0] + "·" * min(len(word) - 1, 8) for word in words.split())


def replacements(matches: pd.DataFrame, language: str = "nl") -> pd.DataFrame:
    """Give each different piece of personal data its own mark, such as [NAAM 1]; the same words get the same mark.

    Returns `matches` with the column `replacement`. Marks are numbered by kind in the order in which they first occur.
    """
    marks: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    _ = translations(language).gettext
    for kind, words in matches[["kind", "words"]].itertuples(index=False):
        key = (kind, " ".join(words.casefold().split()))
        if key not in marks:
            counts[kind] = counts.get(kind, 0) + 1
            marks[key] = f"[{_(_MARKS[kind])} {counts[kind]}]"
    given = [
        marks[kind, " ".join(words.casefold().split())]
        for kind, words in zip(matches["kind"], matches["words"], strict=True)
    ]
    return matches.assign(replacement=given)


_MARKS = {
    "e-mail": N_("E-MAIL"),
    "iban": N_("ACCOUNT"),
    "telephone": N_("TELEPHONE"),
    "bsn": N_("BSN"),
    "postcode": N_("POSTCODE"),
    "address": N_("ADDRESS"),
    "date-of-birth": N_("DATE OF BIRTH"),
    "name": N_("NAME"),
    "place": N_("PLACE"),
}
