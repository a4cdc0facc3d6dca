"""Quantifiers: which counts of people a word such as "the majority" allows.

"The majority" of 15 people is 8 to 15 of them; which one it was, the word does not say. What follows is therefore a
range of counts, and never a point inside it.
"""

from __future__ import annotations

from collections.abc import Callable


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
    "people": "unbounded",
    "the respondents": "unbounded",
}
"""Quantifiers as they are written, and the rule each forces. "In general" forces none, so it is not here."""

_ARTICLES = ("de ", "het ", "een ", "the ", "a ", "an ")


def rule_of(word: str) -> str:
    """Return the rule for a rule name or for a Dutch or English quantifier; case and a leading article do not matter.

    Raises ValueError for another word, with the list of those known.
    """
    plain = " ".join(word.lower().split())
    candidates = [plain, *(plain.removeprefix(article) for article in _ARTICLES if plain.startswith(article))]
    for candidate in candidates:
        if candidate in RULES:
            return candidate
        if candidate in WORDS:
            return WORDS[candidate]
    if plain == "no-count":
        raise ValueError("'no-count' is about an amount, not about people: no count follows from it")
    raise ValueError(
        f"{word!r} is not a quantifier known here; rules: {', '.join(RULES)}; words: {', '.join(sorted(WORDS))}"
    )


def feasible_counts(word: str, n: int) -> range:
    """Return the counts k out of n people that a quantifier allows, smallest first.

    `word` is a rule name (RULES) or a Dutch or English quantifier (WORDS), such as "majority", "klein deel" or "a
    participant". The range is empty where n is too small for the words: there is no minority of 2 people.
    Raises ValueError for an unknown word and for n below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}; expected a number of people, 1 or more")
    return RULES[rule_of(word)](n)
