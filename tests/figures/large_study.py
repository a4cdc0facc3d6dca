"""A study with much of everything: codes, people, questions and long labels; small enough to be drawn in a test."""

from __future__ import annotations

import pandas as pd

from koppelkans.strands import coded
from koppelkans.strands.coded import Coded

_WORDS = (
    "bewoners vertellen dat de uitleg over de kosten van het plan te laat kwam en dat niemand aan de deur is geweest"
)


_DOCUMENTS = ["document", "strand", "name", "respondent", "kind", "has_text", "n_characters", "text"]


_SENTENCE = "Een zin".ljust(38, "x") + ". "  # 40 characters, one for each code


def label(number: int, characters: int) -> str:
    """Return a label of about so many characters that no other number has."""
    return f"{number} {_WORDS} {_WORDS}"[:characters].strip()


def large_interviews(codes: int = 125, people: int = 40, characters: int = 20) -> Coded:
    """Code the interviews of two strands: the first codes come up with most people, the last with one to three."""
    documents, codings, attributes = [], [], []
    for person in range(people):
        key, text = f"d{person}", _SENTENCE * codes
        documents.append((key, "tenants", key, f"R{person}", "text", True, len(text), text))
        attributes.append((f"R{person}", "woning", ("huur", "koop", "anders")[person % 3]))
        for code in range(codes):
            for coder in ("a", "b"):
                reach = max(people // (code + 1), 1 + code % 3)
                if (person + code) % people < reach and not (coder == "b" and (person + code) % 5 == 0):
                    at = 40 * code
                    codings.append((f"{key}/{code}/{coder}", key, f"c{code}", coder, at, at + 30, "woorden"))
    named = [(f"c{code}", label(code, characters), "", label(code, characters), "") for code in range(codes)]
    tables = (
        pd.DataFrame(
            documents, columns=["document", "strand", "name", "respondent", "kind", "has_text", "n_characters", "text"]
        ),
        pd.DataFrame(named, columns=["code", "name", "parent", "path", "description"]),
        pd.DataFrame(codings, columns=["coding", "document", "code", "coder", "start", "end", "text"]),
        pd.DataFrame(attributes, columns=["respondent", "attribute", "value"]),
    )
    return coded.of_strand(*(table.assign(origin="synthetic") for table in tables), "tenants", 1)


def large_survey(questions: int = 25, people: int = 40, characters: int = 20) -> dict[str, pd.DataFrame]:
    """Ask people of two strands a number of questions of each kind, each with four options."""
    kinds = ("single", "multiple", "ranking", "likert")
    asked, options, answers = [], [], []
    for strand in ("tenants", "homeowners"):
        for number in range(questions):
            for kind in kinds:
                key, words = f"{kind}{number}", label(number, characters)
                asked.append((strand, key, kind, "", words, words))
                options += [
                    (strand, key, str(place), place, f"{place} {words}", f"{place} {words}") for place in range(1, 5)
                ]
                for person in range(people):
                    who, first = f"{strand[0]}{person}", (person + number) % 4 + 1
                    chosen: list[tuple[int, object]] = [(first, pd.NA)]
                    if kind == "ranking":
                        chosen = [((first + rank - 2) % 4 + 1, rank) for rank in range(1, 5)]
                    answers += [(who, strand, key, str(option), rank, pd.NA, "", "") for option, rank in chosen]
    attributes = [
        (f"{strand}{person}", "woning", ("huur", "koop")[person % 2]) for strand in "th" for person in range(people)
    ]
    answered = ["respondent", "strand", "question", "option", "rank", "value", "text", "missing"]
    return {
        "answers": pd.DataFrame(answers, columns=answered).astype({"rank": "Int64", "value": "Float64"}),
        "questions": pd.DataFrame(asked, columns=["strand", "question", "kind", "construct", "label_nl", "label_en"]),
        "options": pd.DataFrame(options, columns=["strand", "question", "option", "order", "label_nl", "label_en"]),
        "attributes": pd.DataFrame(attributes, columns=["respondent", "attribute", "value"]),
    }
