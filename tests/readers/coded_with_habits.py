"""Coded texts as people code them: selections of lines, words, letters and so on, counted in any convention."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import numpy as np
from qda_files import Manner

from koppelkans.readers.refi_qda.conventions import detect
from koppelkans.readers.refi_qda.offsets import Integers, Text

SENTENCE = (
    "de het een en ik woon hier al jaren graag maar warmtepomp is te duur mijn buren helpen wel we moeten samen iets "
    "doen geld dat niet op zaterdag belt iemand aan naar gemeente flat trap huur koud vocht A B nee ja o ideeën café 12"
)
WORDS = SENTENCE.split()
CONVENTIONS = [
    (unit, end, line_ends)
    for unit in ("code points", "UTF-16 units")
    for end in ("exclusive", "inclusive")
    for line_ends in ("LF", "CRLF as two", "CRLF as one")
]


@dataclass
class Selected:
    """Selections as the detector takes them."""

    document: Integers
    start: Integers
    end: Integers
    words: list[str]


def made_text(source: random.Random, paragraphs: int) -> str:
    """Return a text of paragraphs, with signs, accents and emoji here and there."""
    gap, mark = source.choice(["\n", "\n\n"]), source.choice([".", "", "?"])
    made = []
    for _ in range(paragraphs):
        sentences = []
        for _ in range(source.randint(1, 4)):
            words = [source.choice(WORDS) + (source.choice(",;:") if source.random() < 0.08 else "")
                     for _ in range(source.randint(2, 14))]  # fmt: skip
            words += ["😀"] * (source.random() < 0.2)
            sentences.append(" ".join(words).capitalize() + mark)
        made.append(" ".join(sentences))
    return gap.join(made) + source.choice(["", "\n"])


def spans_of(text: str, kind: str, source: random.Random) -> list[tuple[int, int]]:
    """Return what a person who selects this kind of thing may select."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    with_end = [(start, min(end + 1, len(text))) for start, end in lines]
    return {
        "lines": lines,
        "lines with their line end": with_end,
        "lines, a third with their line end": [
            whole if source.random() < 0.3 else bare for bare, whole in zip(lines, with_end, strict=True)
        ],
        "words": [match.span() for match in re.finditer(r"\w+", text)],
        "words with the blank behind them": [match.span() for match in re.finditer(r"\w+ ?", text)],
        "words with their signs": [match.span() for match in re.finditer(r"\S+", text)],
        "sentences without their mark": [match.span() for match in re.finditer(r"[^\s.?][^.?\n]*", text)],
        "characters": [(place, place + 1) for place in range(len(text))],
        "letters": [(place, place + 1) for place, letter in enumerate(text) if letter.isalnum()],
    }[kind]


KINDS = (
    *("lines", "lines with their line end", "lines, a third with their line end", "words"),
    *("words with the blank behind them", "words with their signs", "sentences without their mark"),
    *("characters", "letters"),
)


def outcome(seed: int, kind: str, n: int, unit: str, end: str, line_ends: str) -> tuple[str, bool]:
    """Say how sure the reader is of how such a file was counted, and whether it reads every selection right."""
    source = random.Random(f"{seed} {kind} {n} {unit} {end} {line_ends}")
    newline = "\n" if line_ends == "LF" else "\r\n"
    manner = Manner("x", unit, end, line_ends.replace("LF", "CRLF as two"), newline=newline)
    texts = [made_text(source, {5: 8, 20: 14, 200: 70}[n]) for _ in range(source.choice([1, 2]))]
    pool = [(d, *span) for d, text in enumerate(texts) for span in spans_of(text, kind, source)]
    chosen = pool[:n] if source.random() < 0.5 else sorted(source.sample(pool, min(n, len(pool))))
    counted = [manner.span(texts[d], start, stop) for d, start, stop in chosen]
    part = Selected(np.array([d for d, *_ in chosen]), *np.array(counted).T.reshape(2, -1), [""] * len(chosen))
    stored = {d: Text(manner.stored(text)) for d, text in enumerate(texts)}
    way, report = detect([part], stored, "unknown")
    right = True
    for d, text in stored.items():
        rows = part.document == d
        found = text.to_code_points(part.start[rows], part.end[rows], text.starts(way), way.end == "inclusive")
        right &= [list(span) for span in zip(found[0], found[1], strict=True)] == [
            [start, stop] for number, start, stop in chosen if number == d
        ]
    return report["certainty"], right
