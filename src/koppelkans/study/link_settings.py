"""The list `links:` of study.yml: which codes and which answers say the same, and what the researcher reads in them."""

from __future__ import annotations

from typing import Any

from koppelkans.errors import nearest, not_known
from koppelkans.locale import LANGUAGES

LEVELS = ("policy", "community", "institutional", "interpersonal", "intrapersonal")
"""Levels of the social-ecological model, outermost first (McLeroy et al. 1988)."""
FITS = ("confirm", "expand", "discord", "undecided", "silence")
"""How two sides of a theme go together (Fetters, Curry & Creswell 2013), and "undecided" where too few people tell."""
_EXAMPLE = "{codes: [vertrouwen > twijfel], question: trust, answer: ['no']}"
_LISTS = ("codes", "answer", "reversed")
_WORDS = ("name", "inference", "follow_up")
LINK_KEYS = (*_LISTS, "question", "construct", "level", "fit", *_WORDS)


def link_problems(links: Any, strands: tuple[str, ...]) -> list[str]:
    """Find what is wrong with the list `links:`; whether its codes and questions exist is seen with the tables."""
    if links is None:
        return []
    if not isinstance(links, list):
        return [f"links: found {links!r}, expected a list with one theme an entry, such as - {_EXAMPLE}"]
    return [
        f"links, entry {number}{problem}"
        for number, link in enumerate(links, start=1)
        for problem in _entry_problems(link, strands)
    ]


def _entry_problems(link: Any, strands: tuple[str, ...]) -> list[str]:
    if not isinstance(link, dict):
        return [f": found {link!r}, expected {_EXAMPLE}"]
    problems = [f": {not_known(key, LINK_KEYS)}" for key in link if key not in LINK_KEYS]
    for key in _LISTS:
        listed = link.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
            problems.append(f", {key}: found {listed!r}, expected a list of texts, with quotation marks: ['no']")
    if not link.get("codes"):
        problems.append(f": no codes; expected the name or path of at least one code, such as {_EXAMPLE}")
    if "question" in link and "construct" in link:
        problems.append(f": found a question and a construct, expected one of them, such as {_EXAMPLE}")
    if link.get("level", LEVELS[0]) not in LEVELS:
        near = nearest(str(link["level"]), list(LEVELS))
        problems.append(f": level {link['level']!r}, expected one of {', '.join(LEVELS)}{near}")
    for key in _WORDS:
        said = link.get(key, {})
        if not isinstance(said, dict) or not all(isinstance(said.get(one, ""), str) for one in LANGUAGES):
            problems.append(f", {key}: found {said!r}, expected {{nl: ..., en: ...}}")
    judged = link.get("fit", {})
    for strand, fit in judged.items() if isinstance(judged, dict) else [("", judged)]:
        if fit not in FITS:
            problems.append(f", fit: found {fit!r}, expected one of {', '.join(FITS)}{nearest(str(fit), list(FITS))}")
        if strand and strand not in strands:
            near = nearest(str(strand), strands)
            problems.append(f", fit: strand {strand!r}, expected one of {', '.join(strands)}{near}")
    return problems
