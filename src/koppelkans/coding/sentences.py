"""Dutch text into sentences: simple, without a model, the same on every machine."""

from __future__ import annotations

import re

from koppelkans.readers.line_ends import lines_of

# Abbreviations that are followed by more of the same sentence. "enz." and "etc." are left out: they often end one.
ABBREVIATIONS = frozenset(
    """
    a.d.h.v a.u.b afb art bijl bijv blz bv ca cf d.d d.m.v d.w.z dhr dr drs e.a e.d evt excl fam fig hr i.c i.p.v i.v.m
    incl ing inz ir jl jr m.a.w m.b.t m.b.v m.i m.i.v max mej mevr min mr mw n.a.v nl no nr o.a o.b.v o.i.d o.l.v o.m
    opm p.p par pag plm prof resp s.v.p st t.a.v t.b.v t.g.v t.m t.o.v tab tel vgl vnl w.o z.g zgn zie
    """.split()  # noqa: SIM905
)
_END = re.compile(r"[.!?…]+[\"'’”»)\]]*(?=\s)")
_BEGIN = re.compile(r"[\"'‘’“”«(\[–—-]*\s*(?:[A-ZÀ-ÖØ-Þ0-9]|['’‘][snt]\s+[A-ZÀ-ÖØ-Þ])|\S*[^\w\s\"'‘’“”«()\[\]–—,;:.-]")
_NEAR = 60  # characters to look at before and behind a full stop: a whole interview can be one line
_LAST_WORD = re.compile(r"[^\s(\[\"'‘“«]*$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Split a Dutch text into sentences: (start, end) in code points, end exclusive, without white space around them.

    A sentence ends at the end of a line, and at . ! ? or … (with closing quotes or brackets) where the next word begins
    with a capital or a figure. It does not end behind an abbreviation ("bijv.", "d.w.z."), an initial ("J.") or a
    number at the start of a line ("1."). Raises nothing; an empty text has no sentences.
    """
    result = []
    for first, line in lines_of(text):
        start, end = first, first + len(line)
        for mark in _END.finditer(text, first, end):
            if _ends_a_sentence(text, first, mark, end):
                result.append((start, mark.end()))
                start = mark.end()
        result.append((start, end))
    return [trimmed for span in result if (trimmed := _trim(text, *span)) is not None]


def _ends_a_sentence(text: str, line_start: int, mark: re.Match[str], line_end: int) -> bool:
    rest = text[mark.end() : min(line_end, mark.end() + _NEAR)].lstrip()
    if not rest or not _BEGIN.match(rest):
        return not rest
    if mark.group() != ".":
        return True
    match = _LAST_WORD.search(text[max(line_start, mark.start() - _NEAR) : mark.start()])
    word = match.group() if match else ""
    if word.lower() in ABBREVIATIONS or re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", word):
        return False
    is_number_of_list = word.isdigit() and not text[line_start : mark.start() - len(word)].strip()
    return not is_number_of_list


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
