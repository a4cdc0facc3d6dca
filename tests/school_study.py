"""A small study with strands of its own: pupils, parents and mentors interviewed, teachers asked, talks afterwards."""

from __future__ import annotations

from pathlib import Path

import yaml

STRANDS = {
    "nagesprek": {"kind": "evaluation", "name": {"nl": "nagesprekken", "en": "debriefings"}},
    "leerlingen": {"kind": "interviews", "name": {"nl": "leerlingen", "en": "pupils"}},
    "ouders": {"kind": "interviews", "name": {"nl": "ouders"}},
    "docenten": {"kind": "answers", "name": {"nl": "docenten", "en": "teachers"}},
    "mentoren-1": {"kind": "interviews", "name": {"nl": "mentoren", "en": "mentors"}},
}
_CODED = {"nagesprek": 4, "leerlingen": 6, "ouders": 5, "mentoren-1": 3}
_THEMES = ("vertrouwen", "tijd", "geld", "sfeer")
_SEGMENTS = "Bron;Thema;Fragment;Codeur;Respondent"


def segments(strand: str, people: int) -> str:
    """Write a table of coded segments: some themes for each person, each of some words of their own."""
    letter = strand[0]
    rows = [
        f"{strand} {person};{theme};Over {theme} zegt {letter}{person} dat het anders kan;{coder};{letter}{person}"
        for person in range(1, people + 1)
        for place, theme in enumerate(_THEMES)
        if (person + place) % 3
        for coder in ("een", "twee")
        if coder == "een" or (person + place) % 4
    ]
    return "\n".join([_SEGMENTS, *rows]) + "\n"


def answers(letter: str, people: int) -> str:
    """Write answers: a choice, a choice of several, and a scale."""
    rows = [
        f"{letter}{person};{'ja' if person % 3 else 'nee'};{person % 2};{(person + 1) % 2};{person % 5 + 1};"
        f"{'oud' if person % 2 else 'jong'}"
        for person in range(1, people + 1)
    ]
    return "\n".join(["nr;vertrouwt;mail;post;stelling;leeftijd", *rows]) + "\n"


def write_school(root: Path) -> None:
    """Write the study `school` to data/raw of a folder."""
    raw = root / "data" / "raw" / "school"
    for folder in ("interviews", "answers"):
        (raw / folder).mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, object]] = []
    for strand, people in _CODED.items():
        (raw / "interviews" / f"{strand}.csv").write_text(segments(strand, people), encoding="utf-8")
        file = f"interviews/{strand}.csv"
        entries.append({"file": file, "kind": "interviews", "strand": strand, "origin": "collected"})
    questions = {
        "vertrouwt": {"columns": ["vertrouwt"], "kind": "single", "label": {"nl": "Vertrouwt u het?", "en": "Trust?"}},
        "weg": {"columns": ["mail", "post"], "kind": "multiple", "label": {"nl": "Langs welke weg?", "en": "Which?"}},
        "stelling": {"columns": ["stelling"], "kind": "likert", "label": {"nl": "Het kan beter", "en": "Could be"}},
    }
    for strand, people in (("docenten", 12), ("leerlingen", 6)):
        (raw / "answers" / f"{strand}.csv").write_text(answers(strand[0], people), encoding="utf-8")
        how = {"respondent": "nr", "attributes": ["leeftijd"], "questions": questions}
        entries.append(
            {"file": f"answers/{strand}.csv", "kind": "answers", "strand": strand, "origin": "collected", **how}
        )
    settings = {
        "name": "school",
        "title": {"nl": "Een school", "en": "A school"},
        "minimum_cell": 1,
        "quotes": True,
        "strands": STRANDS,
        "field_data": entries,
        "links": [{"codes": ["vertrouwen"], "question": "vertrouwt", "answer": ["nee"]}],
    }
    (raw / "study.yml").write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), encoding="utf-8")
