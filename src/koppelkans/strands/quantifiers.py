"""Quantifiers: which counts of people a word such as "the majority" allows.

"The majority" of 15 people is 8 to 15 of them; which one it was, the word does not say. What follows is therefore a
range of counts, and never a point inside it. Some words ("men", "in general") force no count at all; a convention may
read them more narrowly, and then its name and its source are said (CONVENTIONS).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from koppelkans.locale import N_


def _more_than_half(n: int) -> int:
    return n // 2 + 1


RULES: dict[str, Callable[[int], range]] = {
    "one": lambda n: range(1, n + 1),  # "a participant" tells of one and is silent on the others
    "none": lambda n: range(0, 1),
    "at-least-one": lambda n: range(1, n + 1),
    "plural": lambda n: range(2, n + 1),
    "some-not-all": lambda n: range(1, n),
    "plural-not-all": lambda n: range(2, n),
    "majority": lambda n: range(_more_than_half(n), n + 1),
    "majority-not-all": lambda n: range(_more_than_half(n), n),
    "minority": lambda n: range(1, (n + 1) // 2),
    "not-all": lambda n: range(0, n),
    "unbounded": lambda n: range(0, n + 1),
}
"""What each rule allows of n people; the largest count is the last of the range. An empty range: n is too small."""

CONVENTIONAL_RULES: dict[str, Callable[[int], range]] = {
    "exactly-one": lambda n: range(1, 2),
    "general": lambda n: range(max(n - 1, 1), n + 1),
    "typical": lambda n: range(_more_than_half(n), n - 1),
    "variant": lambda n: range(2, n // 2 + 1),
}
"""Rules that no word forces; only a convention leads to them."""

FORMS: dict[str, tuple[str, str]] = {
    "one": ("1", "n"),
    "none": ("0", "0"),
    "at-least-one": ("1", "n"),
    "plural": ("2", "n"),
    "some-not-all": ("1", "n − 1"),
    "plural-not-all": ("2", "n − 1"),
    "majority": ("⌊n/2⌋ + 1", "n"),
    "majority-not-all": ("⌊n/2⌋ + 1", "n − 1"),
    "minority": ("1", "⌈n/2⌉ − 1"),
    "not-all": ("0", "n − 1"),
    "unbounded": ("0", "n"),
    "exactly-one": ("1", "1"),
    "general": ("n − 1", "n"),
    "typical": ("⌊n/2⌋ + 1", "n − 2"),
    "variant": ("2", "⌊n/2⌋"),
}
"""The smallest and the largest count of each rule as functions of n, for an n that nobody published."""

SHARES: dict[str, tuple[str, str]] = {
    "one": ("> 0", "≤ 1"),
    "none": ("0", "0"),
    "at-least-one": ("> 0", "≤ 1"),
    "plural": ("> 0", "≤ 1"),
    "some-not-all": ("> 0", "< 1"),
    "plural-not-all": ("> 0", "< 1"),
    "majority": ("> 1/2", "≤ 1"),
    "majority-not-all": ("> 1/2", "< 1"),
    "minority": ("> 0", "< 1/2"),
    "not-all": ("≥ 0", "< 1"),
    "unbounded": ("≥ 0", "≤ 1"),
    "exactly-one": ("> 0", "≤ 1/2"),
    "general": ("≥ 1/2", "≤ 1"),
    "typical": ("> 1/2", "< 1"),
    "variant": ("> 0", "≤ 1/2"),
}
"""Where the share k/n of each rule lies whatever n is (two or more people)."""

WORDS: dict[str, str] = {
    "een deelnemer": "one",
    "een van de deelnemers": "one",
    "a participant": "one",
    "one participant": "one",
    "one of the participants": "one",
    "geen": "none",
    "niemand": "none",
    "no": "none",
    "nobody": "none",
    "ten minste één": "at-least-one",
    "de enige": "at-least-one",
    "er werd genoemd": "at-least-one",
    "er werd opgemerkt": "at-least-one",
    "werd opgemerkt": "at-least-one",
    "worden genoemd": "at-least-one",
    "at least one": "at-least-one",
    "the only": "at-least-one",
    "was named": "at-least-one",
    "was remarked": "at-least-one",
    "respondenten": "plural",
    "deelnemers": "plural",
    "bewoners": "plural",
    "verschillende": "plural",
    "meerdere": "plural",
    "een aantal": "plural",
    "respondents": "plural",
    "participants": "plural",
    "residents": "plural",
    "several": "plural",
    "a number of": "plural",
    "een deel": "some-not-all",
    "a part": "some-not-all",
    "sommige": "plural-not-all",
    "some": "plural-not-all",
    "meerderheid": "majority",
    "de meeste": "majority",
    "majority": "majority",
    "most": "majority",
    "klein deel": "minority",
    "minderheid": "minority",
    "small part": "minority",
    "minority": "minority",
    "niet allemaal": "not-all",
    "niet per definitie": "not-all",
    "not all": "not-all",
    "not by definition": "not-all",
    "men": "unbounded",
    "de respondenten": "unbounded",
    "in het algemeen": "unbounded",
    "people": "unbounded",
    "the respondents": "unbounded",
    "in general": "unbounded",
}
"""Quantifiers as they are written, and the rule each forces; "unbounded" is forced nothing."""

STRICT = "strict"
"""The name of no convention: only what the words force."""


@dataclass(frozen=True)
class Convention:
    """A way to read words more narrowly than they force.

    `readings`: a word (as in WORDS) or a strict rule -> the rule it is read as; `sources`: who argues for that reading,
    `against`: who argues that it cannot be had from the words (both keys of the report's bibliography).
    """

    name: str
    readings: dict[str, str]
    says: str
    sources: tuple[str, ...]
    against: tuple[str, ...] = field(default=())

    def rule(self, word: str, strict: str) -> str:
        """Return the rule that a word with a strict rule is read as; the strict rule where this has no reading."""
        return self.readings.get(_plain(word), self.readings.get(strict, strict))


CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention(
            "generic-majority",
            {"unbounded": "majority"},
            N_("a generic statement (one, the respondents, in general) holds for more than half"),
            sources=("cohen1999",),
            against=("leslie2016", "sandelowski2001"),
        ),
        Convention(
            "single-voice",
            {"one": "exactly-one"},
            N_("one participant is exactly one: who could say more would have"),
            sources=("grice1975", "geurts2010"),
            against=("sandelowski2001",),
        ),
        Convention(
            "cqr",
            {
                "in het algemeen": "general",
                "in general": "general",
                "majority": "typical",
                "majority-not-all": "typical",
                "some-not-all": "variant",
            },
            N_("the words of CQR: general is all or all but one, typical more than half, variant at most half"),
            sources=("hill1997", "hill2005"),
        ),
    )
}
"""The conventions that can be switched on, one at a time. None of them is the study's own."""

_ARTICLES = ("de ", "het ", "een ", "the ", "a ", "an ")


def _plain(word: str) -> str:
    return " ".join(word.lower().split())


def rule_of(word: str) -> str:
    """Return the rule for a rule name or for a Dutch or English quantifier; case and a leading article do not matter.

    Raises ValueError for another word, with the list of those known.
    """
    plain = _plain(word)
    candidates = [plain, *(plain.removeprefix(article) for article in _ARTICLES if plain.startswith(article))]
    for candidate in candidates:
        if candidate in RULES or candidate in CONVENTIONAL_RULES:
            return candidate
        if candidate in WORDS:
            return WORDS[candidate]
    if plain == "no-count":
        raise ValueError("'no-count' is about an amount, not about people: no count follows from it")
    raise ValueError(
        f"{word!r} is not a quantifier known here; rules: {', '.join(RULES)}; words: {', '.join(sorted(WORDS))}"
    )


def read_under(convention: str | None, word: str, strict: str) -> str:
    """Return the rule that a word is read as under a convention; `strict`, the rule it forces, under none.

    `convention` is a name of CONVENTIONS; "strict" or None is none. Raises ValueError for another name.
    """
    if convention is None or convention == STRICT:
        return strict
    if convention not in CONVENTIONS:
        raise ValueError(f"convention {convention!r} is not one of {', '.join((STRICT, *CONVENTIONS))}")
    return CONVENTIONS[convention].rule(word, strict)


def feasible_counts(word: str, n: int, convention: str | None = None) -> range:
    """Return the counts k out of n people that a quantifier allows, smallest first.

    `word` is a rule name (RULES) or a Dutch or English quantifier (WORDS), such as "majority", "klein deel" or "a
    participant". `convention` reads it more narrowly than it forces (CONVENTIONS). The range is empty where n is too
    small for the words: there is no minority of 2 people.
    Raises ValueError for an unknown word or convention and for n below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}; expected a number of people, 1 or more")
    rule = read_under(convention, word, rule_of(word))
    return (RULES.get(rule) or CONVENTIONAL_RULES[rule])(n)


def form_of(rule: str) -> str:
    """Write what a rule allows of n people, such as "⌊n/2⌋ + 1 to n of n"."""
    low, high = FORMS[rule]
    return f"{low} of n" if low == high else f"{low} to {high} of n"
