"""Interviews in plain Dutch, put together from sentences of our own, with the place of every theme known."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from koppelkans.synthetic.streams import one_of, stream
from koppelkans.synthetic.truth import PARTNERS, Truth, bank

MARK = "SYNTHETISCH: door software gemaakt"
_INTERVIEWER, _RESPONDENT = "Interviewer: ", "Respondent: "
Span = tuple[int, int, str]


@dataclass(frozen=True)
class Interview:
    """An interview: its text (paragraphs with a line end between them), and what is in it.

    passages: start, end (code points, end exclusive), code; one for each stretch about one theme.
    sentences: the same for every sentence of the respondent; the code is "" where it is about none.
    """

    respondent: str
    group: str
    number: int
    text: str
    passages: list[Span]
    sentences: list[Span]


def themes_of(truth: Truth, group: str, number: int, seed: int) -> list[str]:
    """Draw which themes interview `number` of a group has, in random order."""
    generator = stream(seed, "themes", group, number)
    codes = []
    for code in truth.codes(group):
        theme, chance = truth.themes[code][group], generator.random()
        if number == theme.first or (number > theme.first and chance < theme.share):
            codes.append(code)
    return [codes[at] for at in generator.permutation(len(codes))]


def interviews(truth: Truth, planned: pd.DataFrame, seed: int) -> list[Interview]:
    """Draw the interviews that `planned` lists (respondent, group, number)."""
    return [
        _interview(truth, str(respondent), str(group), int(number), seed)
        for respondent, group, number in planned[["respondent", "group", "number"]].itertuples(index=False)
    ]


def _interview(truth: Truth, respondent: str, group: str, number: int, seed: int) -> Interview:
    generator = stream(seed, "talk", group, number)
    asked = list(bank()["questions"]["partners" if group == PARTNERS else "residents"])
    text = [f"{MARK}\nGesprek met {respondent}"]
    length = len(text[0])
    passages: list[Span] = []
    sentences: list[Span] = []
    turns = _turns(themes_of(truth, group, number, seed), generator)
    for turn, stretches in enumerate(turns):
        question = _filled(asked[turn % len(asked)], group, generator)
        opening = f"\n{_INTERVIEWER}{question}\n{_RESPONDENT}"
        text.append(opening)
        length += len(opening)
        for place, (code, spoken) in enumerate(stretches):
            begin = None
            for sentence in spoken:
                words = _filled(sentence, group, generator)
                gap = " " if place or begin is not None else ""
                text.append(gap + words)
                start, length = length + len(gap), length + len(gap) + len(words)
                begin = start if begin is None else begin
                sentences.append((start, length, code))
            if code and begin is not None:
                passages.append((begin, length, code))
    return Interview(respondent, group, number, "".join(text), passages, sentences)


def _turns(codes: list[str], generator: np.random.Generator) -> Iterator[list[tuple[str, list[str]]]]:
    """Give the respondent's turns: a list of stretches, each a code ("" for none) and its sentences.

    Every theme comes up once or twice, one or two sentences at a time, with talk about nothing in between.
    """
    known, neutral = bank()["codes"], bank()["neutral"]
    again = [code for code in codes if generator.random() < 0.4]
    for code in [*codes, *again]:
        sentences = known[code]["say"]
        picked = generator.permutation(len(sentences))[: 1 + int(generator.random() < 0.5)]
        before = [("", [one_of(generator, neutral)])] if generator.random() < 0.7 else []
        after = [("", [one_of(generator, neutral)])] if generator.random() < 0.5 else []
        yield [*before, (code, [sentences[at] for at in picked]), *after]
    yield [("", [one_of(generator, neutral)])]


def _filled(sentence: str, group: str, generator: np.random.Generator) -> str:
    """Fill the words between braces; a name with a capital gives a word with a capital."""
    of_group, words = bank()["groups"][group], bank()["words"]
    parts = []
    for text, name, _, _ in string.Formatter().parse(sentence):
        parts.append(text)
        if name:
            lower = name.lower()
            word = of_group[lower] if lower in of_group else one_of(generator, words[lower])
            parts.append(word if name == lower else word[:1].upper() + word[1:])
    return "".join(parts)
