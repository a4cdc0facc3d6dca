"""The checks on what the text says of the study: every statement known, the core carried, none said too strongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from koppelkans.locale import LANGUAGES
from koppelkans.report.manuscript import Manuscript, load_manuscript, read_chapter
from koppelkans.report.passages import Claims, Passage, passages
from koppelkans.report.prose import Problem

NOT_OURS = frozenset({"needs-data", "bounded", "transcribed", "companion", "discrepant", "not-empirical"})
"""The statuses of what only the study says: the text says whose statement it is."""

ARGUMENT = frozenset({"finding", "conclusion", "advice"})
"""The kinds of statements that the report alone must carry."""

_SAYING = {
    "nl": "meldt|noemt|schrijft|ziet|vindt|vond|stelt|zegt|concludeert|adviseert|raadt|rekent|wil|telt|geeft|vraagt",
    "en": "reports?|names?|writes?|sees?|finds?|found|states?|says?|concludes?|advises?|counts?|gives?|adds?|asks?",
}
_SOURCE = {
    "nl": re.compile(
        r"\b(?:studie|onderzoek(?:ers?)?|auteurs?|rapport|volgens|tabel)\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:study|study's|research(?:ers?)?|authors?|report(?:s|ed)?|according|table)\b",
        re.I,
    ),
}
_PRONOUN = {
    "nl": re.compile(
        rf"\b(?:volgens haar|(?:zij|ze) (?:{_SAYING['nl']})|(?:{_SAYING['nl']}) (?:zij|ze)\b(?! (?:zelf|samen))"
        r"|haar (?:advies|conclusie|tekst))\b",
        re.I,
    ),
    "en": re.compile(rf"\bit (?:also )?(?:{_SAYING['en']})\b|\bits (?:advice|conclusion|text)\b", re.I),
}
"""A pronoun for the study, which reads as a person."""
_TOO_STRONG = {
    "nl": re.compile(r"\b(?:bewijst|bewijzen|bewezen|toont aan|tonen aan|aangetoond|het is zeker|staat vast)\b", re.I),
    "en": re.compile(r"\b(?:proves?|proven|demonstrates?|it is certain|there is no doubt|establishe[sd] that)\b", re.I),
}
_PERCENTAGE = re.compile(r"\d[\d.,]*\s?%|\bprocent\b|\bper ?cent\b", re.I)


def chapters_of(manuscript: Manuscript) -> list[Path]:
    """Return the files of the text in the order in which the report, and the documents beside it, include them."""
    return list(dict.fromkeys(line.file for line in manuscript.all_lines()))


def check_passages(paper: Path, claims: Claims, discrepancies: Set[str] = frozenset()) -> list[Problem]:
    """Hold the sources of both editions against the ledger.

    Found is: text that no div says it of, an id that is no claim, a section that does not say once whose statements it
    tells, the study called by a pronoun, more remarks than one in a section or a remark that rests on no known
    discrepancy, a core claim that an edition does not carry, and a section that carries other claims in one edition
    than in the other. Raises KoppelkansError where a source cannot be read.
    """
    problems: list[Problem] = []
    by_edition: dict[str, dict[str, Counter[str]]] = {}
    for language in LANGUAGES:
        manuscript = load_manuscript(paper / language)
        sections = by_edition.setdefault(language, {})
        for file in chapters_of(manuscript):
            chapter = passages(read_chapter(file))
            problems += [*_attribution(chapter, file, claims, language), *_remarks(chapter, file, discrepancies)]
            for passage in chapter:
                problems += passage_problems(passage, file, claims, language)
                sections.setdefault(passage.section, Counter()).update(passage.carried)
        carried = {one for ids in sections.values() for one in ids}
        in_report = set(_carried_by(manuscript))
        core = [one for one, claim in claims.items() if claim["core"]]
        for one in core:
            if one in carried and one not in in_report and claims[one].get("kind") in ARGUMENT:
                problems.append(
                    Problem(
                        manuscript.article,
                        1,
                        f"{one} only in a document beside the report",
                        "every core finding, conclusion and advice in the report itself",
                        "carry it in a chapter of the report",
                    )
                )
            if one not in carried:
                problems.append(
                    Problem(
                        manuscript.article,
                        1,
                        f"no paragraph that carries {one}",
                        "each core claim carried at least once",
                        f'write it, with ids="{one}": {claims[one][f"statement_{language}"]}',
                    )
                )
    return [*problems, *_differences(paper, by_edition)]


def _carried_by(manuscript: Manuscript) -> Iterator[str]:
    """Yield the statements that the report itself carries, without the documents beside it."""
    for file in dict.fromkeys(line.file for line in manuscript.lines()):
        for passage in passages(read_chapter(file)):
            yield from passage.carried


def _theirs(passage: Passage, claims: Claims) -> list[str]:
    """Return the statements of a passage that only the study says."""
    return [one for one in passage.carried if one in claims and claims[one]["status"] in NOT_OURS]


def _attribution(chapter: list[Passage], file: Path, claims: Claims, language: str) -> Iterator[Problem]:
    """Find the sections whose first passage with statements of the study does not say whose they are."""
    seen: set[str] = set()
    for passage in chapter:
        theirs = _theirs(passage, claims)
        if not theirs or passage.part in seen:
            continue
        seen.add(passage.part)
        if not _SOURCE[language].search(passage.text):
            yield Problem(
                file,
                passage.line,
                f"a section of the study told as ours ({' '.join(passage.text.split()[:6])} ...)",
                f"once in the section, at its first statement ({theirs[0]}), whose it is",
                "say 'de onderzoekers ...' or 'the researchers ...' once; the rest of the section needs it no more",
            )


def _remarks(chapter: list[Passage], file: Path, discrepancies: Set[str]) -> Iterator[Problem]:
    """Find remarks of ours that rest on nothing known, and sections with more than one."""
    seen: set[str] = set()
    for passage in (passage for passage in chapter if passage.kind == "remark"):
        unknown = [one for one in passage.ids if one not in discrepancies]
        if unknown or not passage.ids:
            yield Problem(
                file,
                passage.line,
                f"a remark on {' '.join(unknown) or 'nothing'}",
                'ids="D-12 D-54", numbers of discrepancies.csv',
                "name those that the remark rests on",
            )
        if passage.part in seen:
            yield Problem(file, passage.line, "a second remark in a section", "at most one", "put them together")
        seen.add(passage.part)


def passage_problems(passage: Passage, file: Path, claims: Claims, language: str) -> Iterator[Problem]:
    """Find what is wrong with one passage by itself."""
    start = " ".join(passage.text.split()[:6])
    if not passage.kind:
        yield Problem(
            file,
            passage.line,
            f"text that says not whose it is ({start} ...)",
            "each paragraph in a div",
            'put it in ::: {.claims ids="..."} with the statements it carries, or in ::: {.own}',
        )
        return
    if passage.kind == "claims" and not passage.carried:
        yield Problem(file, passage.line, "a claims div without ids", 'ids="F-2.1-01 ..."', "name them, or use .own")
    for one in passage.carried:
        if one not in claims:
            yield Problem(file, passage.line, f"the claim {one}", "an id of claims.csv", "mend the id")
    known = [claims[one] for one in passage.carried if one in claims]
    pronoun = _PRONOUN[language].search(passage.text)
    if pronoun:
        yield Problem(
            file,
            passage.line,
            f"{pronoun.group()!r} for the study",
            "no pronoun for it",
            "tell it plainly, or name the researchers",
        )
    theirs = [claims[one] for one in _theirs(passage, claims)]
    if not theirs:
        return
    strong = _TOO_STRONG[language].search(passage.text)
    if strong:
        yield Problem(
            file,
            passage.line,
            f"{strong.group()!r} of {theirs[0]['id']}, which is {theirs[0]['status']}",
            "no stronger word than its status allows",
            "say what the study reports",
        )
    bounded = next((claim["id"] for claim in known if claim["status"] == "bounded"), None)
    share = _PERCENTAGE.search(passage.text)
    if bounded and share:
        yield Problem(
            file, passage.line, f"{share.group()!r} of {bounded}, which is bounded", "a range", "write the range"
        )


def _differences(paper: Path, by_edition: Mapping[str, Mapping[str, Counter[str]]]) -> Iterator[Problem]:
    """Find the sections that carry other claims in one edition than in the other."""
    first, second = LANGUAGES
    for section in dict.fromkeys([*by_edition[first], *by_edition[second]]):
        one, other = (set(by_edition[language].get(section, Counter())) for language in LANGUAGES)
        if one != other:
            only = {first: sorted(one - other), second: sorted(other - one)}
            missing = ", ".join(f"{' '.join(ids)} only in {language}" for language, ids in only.items() if ids)
            yield Problem(
                paper, 1, f"section {section or '(front)'}: {missing}", "the same claims in both editions", "mend one"
            )
