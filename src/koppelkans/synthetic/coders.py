"""Two coders who read the interviews and err as the truth says: they miss passages, see things, and slip at edges."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from koppelkans.synthetic.streams import stream
from koppelkans.synthetic.talk import Interview
from koppelkans.synthetic.truth import Coder, Truth

_LARGEST_SLIP = 2  # words


def coded(truth: Truth, interview: Interview, coder: str, seed: int) -> pd.DataFrame:
    """Draw what a coder codes in an interview: code, start, end (code points, end exclusive), in order of the text."""
    errs = truth.coders[coder]
    generator = stream(seed, "coder", coder, interview.group, interview.number)
    codings = [
        (code, *_slipped(interview.text, start, end, errs, generator))
        for start, end, code in interview.passages
        if generator.random() < errs.finds(code)
    ]
    for code in truth.codes(interview.group):
        others = [(start, end) for start, end, topic in interview.sentences if topic != code]
        seen = generator.random(len(others)) < errs.adds(code)
        codings += [(code, *span) for span, is_seen in zip(others, seen, strict=True) if is_seen]
    table = pd.DataFrame(codings, columns=["code", "start", "end"])
    return table.sort_values(["start", "end", "code"], ignore_index=True)


def _slipped(text: str, start: int, end: int, errs: Coder, generator: np.random.Generator) -> tuple[int, int]:
    """Move the edges of a passage by a word or two, within its paragraph, now and then."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    words = [
        (line_start + one.start(), line_start + one.end()) for one in re.finditer(r"\S+", text[line_start:line_end])
    ]
    first = max(at for at, (begin, _) in enumerate(words) if begin <= start)
    last = min(at for at, (_, stop) in enumerate(words) if stop >= end)
    slips = generator.integers(1, _LARGEST_SLIP + 1, size=2) * generator.choice([-1, 1], size=2)
    slips = slips * (generator.random(2) < errs.jitter)
    first = min(max(first + int(slips[0]), 1), last)  # the first word of a line is who speaks
    last = min(max(last + int(slips[1]), first), len(words) - 1)
    return words[first][0], words[last][1]
